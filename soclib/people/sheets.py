"""The board of a role play: where the verdicts of those who answer split, and what settles it."""

from __future__ import annotations

from html import escape

from soclib.catalog import Catalog, load_catalog
from soclib.paper.sheets import Sheet, table
from soclib.people.roles import role_names
from soclib.people.splits import (
    AnswersByStakeholder,
    Difference,
    Disagreement,
    Split,
    disagreement,
)
from soclib.tables.rows import NO, VOICES, YES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of


def board(answers: AnswersByStakeholder, catalog: Catalog | None = None) -> Sheet:
    """Return where the verdicts of some people split, and which fact would settle it.

    ``answers`` maps a role's id, or any name, to answers as ``decide`` takes them. Raises what
    ``disagreement`` raises.
    """
    catalog = catalog or load_catalog()
    names = role_names(catalog)
    answers_by_name = {names.get(who, who): given for who, given in answers.items()}
    disagreed = disagreement(answers_by_name, catalog=catalog)
    parts = [
        _verdicts(disagreed, catalog),
        _settling_sheet(disagreed, catalog),
        _facts(disagreed, catalog),
    ]
    return Sheet("".join(part.html for part in parts), "\n".join(part.text for part in parts))


def splits_text(disagreed: Disagreement, catalog: Catalog) -> str:
    """Return the reports that split, or that none does."""
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    named = ", ".join(titles[split.report_id] for split in disagreed.splits)
    return named or words_of(catalog, VOICES[0])["role_none_split"]


def _verdicts(disagreed: Disagreement, catalog: Catalog) -> Sheet:
    words = words_of(catalog, VOICES[0])
    split_reports = {split.report_id for split in disagreed.splits}
    rows = [
        [
            report.title,
            *(
                _status(catalog, decision.reports[report.report_id])
                for decision in disagreed.decisions.values()
            ),
            words[f"role_alike_{NO if report.report_id in split_reports else YES}"],
        ]
        for report in catalog.part(VERDICT).reports
    ]
    heads = [words["role_report"], *disagreed.decisions, words["role_alike"]]
    return table(words["role_verdicts"], heads, rows)


def _status(catalog: Catalog, status_id: str) -> str:
    status = catalog.part(VERDICT).statuses[status_id]
    return f"{status.mark} {status.label}"


def settling(disagreed: Disagreement, catalog: Catalog) -> tuple[str, ...]:
    """Return a sentence for each report that splits, or one that none does."""
    words = words_of(catalog, VOICES[0])
    lines = tuple(
        _settling_sentence(split, disagreed, catalog, words) for split in disagreed.splits
    )
    return lines or (words["role_agreed"],)


def _settling_sheet(disagreed: Disagreement, catalog: Catalog) -> Sheet:
    lines = settling(disagreed, catalog)
    html = "".join(f'<p class="soc-lead">{escape(line)}</p>' for line in lines)
    return Sheet(html, "\n".join(lines))


def _settling_sentence(
    split: Split, disagreed: Disagreement, catalog: Catalog, words: Words
) -> str:
    title = next(r.title for r in catalog.part(VERDICT).reports if r.report_id == split.report_id)
    counts = {answer: str(count) for answer, count in split.verdicts_left.items()}
    first_step = fill(words["role_begin"], {"fact": _clause(catalog, split.first_fact), **counts})
    if not split.settled_by:
        return f"{fill(words['role_settles_none'], {'report': title})} {first_step}"
    clause_sets = [[_clause(catalog, key) for key in fact_ids] for fact_ids in split.settled_by]
    facts = words["role_or"].join(
        f" {words['and']} ".join(clauses_of_set) for clauses_of_set in clause_sets
    )
    who_knows = {
        difference.criterion_id: difference.who_knows for difference in disagreed.differences
    }
    needed = dict.fromkeys(key for fact_ids in split.settled_by for key in fact_ids)
    who = "; ".join(dict.fromkeys(who_knows[key] for key in needed))
    sentence = fill(words["role_settles"], {"report": title, "facts": facts, "who": who})
    return (
        sentence
        if any(len(fact_ids) == 1 for fact_ids in split.settled_by)
        else f"{sentence} {first_step}"
    )


def _clause(catalog: Catalog, criterion_id: str) -> str:
    """Return a fact as a clause: whether it holds."""
    words, criterion = words_of(catalog, VOICES[0]), catalog.part(VERDICT).criterion(criterion_id)
    return f"{words['whether']} {criterion.questions[VOICES[0]].clause(YES)}"


def _facts(disagreed: Disagreement, catalog: Catalog) -> Sheet:
    words = words_of(catalog, VOICES[0])
    if not disagreed.differences:
        return Sheet(f"<p>{escape(words['role_no_facts'])}</p>", words["role_no_facts"])
    rows = [
        [
            catalog.part(VERDICT).criterion(difference.criterion_id).questions[VOICES[0]].question,
            *(_answer_text(difference, who, words) for who in disagreed.decisions),
            difference.who_knows,
        ]
        for difference in disagreed.differences
    ]
    heads = [words["role_fact"], *disagreed.decisions, words["role_who_knows"]]
    return table(words["role_facts"], heads, rows)


def _answer_text(difference: Difference, who: str, words: Words) -> str:
    answer = words[f"role_state_{difference.answers[who]}"]
    return (
        fill(words["role_state_assumed"], {"answer": answer})
        if who in difference.assumed
        else answer
    )

"""Role play: everybody answers for themselves, and the board shows where the verdict splits."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.sheets import Sheet, table
from soclib.people.splits import Difference, Disagreement, Split, disagreement
from soclib.people.tables import PEOPLE, RoleCase
from soclib.tables.rows import NO, VOICES, YES
from soclib.verdict.decision import Answer
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of

Answers = Mapping[str, Mapping[str, Answer]]  # by role, then by criterion


def role_case(case_id: str, catalog: Catalog | None = None) -> RoleCase:
    """Return an invented case with what each role says at the start; an id is named if wrong."""
    cases = (catalog or load_catalog()).part(PEOPLE).cases
    if case_id not in cases:
        raise AnswerError(did_you_mean("case", case_id, cases))
    return cases[case_id]


def role_names(catalog: Catalog) -> dict[str, str]:
    """Return the names of the roles by id."""
    return {role_id: role.role for role_id, role in catalog.part(PEOPLE).roles.items()}


def board(answers: Answers, catalog: Catalog | None = None) -> Sheet:
    """Return where the verdicts of some people split, and which fact would settle it.

    ``answers`` maps a role's id, or any name, to answers as ``decide`` takes them. Raises what
    ``disagreement`` raises.
    """
    catalog = catalog or load_catalog()
    names = role_names(catalog)
    shown = {names.get(who, who): given for who, given in answers.items()}
    found = disagreement(shown, catalog=catalog)
    parts = [_verdicts(found, catalog), _settling(found, catalog), _facts(found, catalog)]
    return Sheet("".join(part.html for part in parts), "\n".join(part.text for part in parts))


def answered_alike(answers: Answers, **facts: Answer) -> dict[str, dict[str, Answer]]:
    """Return the answers of all, with some facts answered alike by everybody."""
    return {who: {**given, **facts} for who, given in answers.items()}


def splits_text(found: Disagreement, catalog: Catalog) -> str:
    """Return the reports that split, or that none does."""
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    named = ", ".join(titles[split.report_id] for split in found.splits)
    return named or words_of(catalog, VOICES[0])["role_none_split"]


def _verdicts(found: Disagreement, catalog: Catalog) -> Sheet:
    words = words_of(catalog, VOICES[0])
    apart = {split.report_id for split in found.splits}
    rows = [
        [
            report.title,
            *(_status(catalog, one.reports[report.report_id]) for one in found.decisions.values()),
            words[f"role_alike_{NO if report.report_id in apart else YES}"],
        ]
        for report in catalog.part(VERDICT).reports
    ]
    heads = [words["role_report"], *found.decisions, words["role_alike"]]
    return table(words["role_verdicts"], heads, rows)


def _status(catalog: Catalog, status_id: str) -> str:
    status = catalog.part(VERDICT).statuses[status_id]
    return f"{status.mark} {status.label}"


def settling(found: Disagreement, catalog: Catalog) -> tuple[str, ...]:
    """Return a sentence for each report that splits, or one that none does."""
    words = words_of(catalog, VOICES[0])
    lines = tuple(_sentence(split, found, catalog, words) for split in found.splits)
    return lines or (words["role_agreed"],)


def _settling(found: Disagreement, catalog: Catalog) -> Sheet:
    lines = settling(found, catalog)
    html = "".join(f'<p class="soc-lead">{escape(line)}</p>' for line in lines)
    return Sheet(html, "\n".join(lines))


def _sentence(split: Split, found: Disagreement, catalog: Catalog, words: Words) -> str:
    title = next(r.title for r in catalog.part(VERDICT).reports if r.report_id == split.report_id)
    left = {answer: str(count) for answer, count in split.left.items()}
    begin = fill(words["role_begin"], {"fact": _clause(catalog, split.first), **left})
    if not split.settled_by:
        return f"{fill(words['role_settles_none'], {'report': title})} {begin}"
    clauses = [[_clause(catalog, key) for key in chosen] for chosen in split.settled_by]
    facts = words["role_or"].join(f" {words['and']} ".join(parts) for parts in clauses)
    knows = {one.criterion_id: one.who_knows for one in found.differences}
    needed = dict.fromkeys(key for chosen in split.settled_by for key in chosen)
    who = "; ".join(dict.fromkeys(knows[key] for key in needed))
    said = fill(words["role_settles"], {"report": title, "facts": facts, "who": who})
    return said if any(len(chosen) == 1 for chosen in split.settled_by) else f"{said} {begin}"


def _clause(catalog: Catalog, criterion_id: str) -> str:
    """Return a fact as a clause: whether it holds."""
    words, criterion = words_of(catalog, VOICES[0]), catalog.part(VERDICT).criterion(criterion_id)
    return f"{words['whether']} {criterion.questions[VOICES[0]].clause(YES)}"


def _facts(found: Disagreement, catalog: Catalog) -> Sheet:
    words = words_of(catalog, VOICES[0])
    if not found.differences:
        return Sheet(f"<p>{escape(words['role_no_facts'])}</p>", words["role_no_facts"])
    rows = [
        [
            catalog.part(VERDICT).criterion(one.criterion_id).questions[VOICES[0]].question,
            *(_said(one, who, words) for who in found.decisions),
            one.who_knows,
        ]
        for one in found.differences
    ]
    heads = [words["role_fact"], *found.decisions, words["role_who_knows"]]
    return table(words["role_facts"], heads, rows)


def _said(one: Difference, who: str, words: Words) -> str:
    answer = words[f"role_state_{one.answers[who]}"]
    return fill(words["role_state_assumed"], {"answer": answer}) if who in one.assumed else answer

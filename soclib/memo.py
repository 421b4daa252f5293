"""A decision as a memo of one page: what somebody else needs to read and to check it.

The memo is made of blocks; ``soclib/blocks.py`` writes them as Markdown, ``soclib/word.py`` as a
.docx. Space is scarce: rows are named by the ids under which they are found, and what is left out
is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from soclib.blocks import Block, Span, block
from soclib.explain import clause, fill, met_reasons, sentence
from soclib.logic import standing
from soclib.matter import Detail, Matter, Plain, labelled, titled, told
from soclib.model import NO, UNKNOWN, YES, Outcome, Report
from soclib.page import fill_of
from soclib.render import words_of
from soclib.weighed import by_weight, contradictions, rejected, routes, telling_rows

if TYPE_CHECKING:
    from soclib.decision import Decision

# The first with which the memo fits its page is taken, or else the last.
DETAILS = (
    *(Detail(changes, rows, full=True) for rows in (2, 1) for changes in (4, 3, 2)),
    *(Detail(changes, 1, full=False) for changes in (4, 3, 2, 1)),
)
FULL = 0.985  # of a page: one line is spare, in case another program breaks a paragraph later


def memo(decision: Decision) -> tuple[Block, ...]:
    """Return a decision as the blocks of a memo, the verdict first, in the voice of its reader.

    The memo is told with the most detail that a page holds, or else with the least there is.
    """
    words = words_of(decision.case.catalog, decision.voice)
    matter = Matter(decision, decision.to_dict(), words, DETAILS[0])
    for detail in DETAILS:
        blocks = _memo(matter._replace(detail=detail))
        if fill_of(blocks) <= FULL:
            break
    return blocks


def _memo(matter: Matter) -> tuple[Block, ...]:
    words = matter.words
    return (
        block("title", matter.plain["headline"]),
        _audience(matter),
        *_answers(matter),
        *(one for report, card in matter.named for one in _report(matter, report, card)),
        *_section(words["topic_contradiction"], contradictions(matter)),
        *_section(words["rejected"], rejected(matter)),
        *_section(words["comparison_rows"], telling_rows(matter)),
        *_section(words["routes"], routes(matter)),
        *_next(matter),
        *_sources(matter),
        block("fine", f"{words['not_advice']} {matter.decision.version}."),
    )


def _section(title: str, blocks: list[Block]) -> list[Block]:
    return [block("heading", title), *blocks] if blocks else []


# --- for whom, and from what -------------------------------------------------------------------


def _audience(matter: Matter) -> Block:
    """Return for whom the memo is, and what each report on the way lets its reader conclude."""
    parts: list[str | Span] = [matter.words["memo_for"]]
    for _, card in matter.on_the_way:
        parts += [Span(f"{card['title']}:", strong=True), card["lets"]]
    return block("text", *parts)


def _answers(matter: Matter) -> list[Block]:
    """Return the answers as clauses: the known ones, the unsure ones, those that are not used."""
    case, words = matter.decision.case, matter.words
    known, unsure = [], []
    for switch in matter.plain["switches"]:
        criterion = case.catalog.criterion(switch["criterion_id"])
        if switch["answer"] == UNKNOWN:
            unsure.append(f"{words['whether']} {clause(case, criterion, YES)}")
        elif switch["answer"]:
            known.append(clause(case, criterion, switch["answer"]))
    aside = [item["question"] for item in matter.plain["set_aside"]]
    said = sentence("; ".join(known)) if known else ""
    return [
        *labelled(words["answers_title"], said, kind="text"),
        *labelled(words["answer_unknown"], "; ".join(unsure), kind="text"),
        *labelled(words["set_aside"], " ".join(aside), kind="text"),
    ]


# --- one report --------------------------------------------------------------------------------


def _report(matter: Matter, report: Report, card: Plain) -> list[Block]:
    """Return a report that the verdict names: reasons, assumptions, what would change it, path."""
    words = matter.words
    return [
        block("heading", f"{card['title']}: {card['label']}"),
        block("text", card["words"], *_reasons(matter, report, card)),
        *labelled(words["rests_on"], _assumptions(matter, card)),
        *labelled(words["would_change"], *_changes(matter, report)),
        *labelled(words["path"], *_path(matter, report)),
        *labelled(words["categories"], *_categories(matter, report)),
    ]


def _reasons(matter: Matter, report: Report, card: Plain) -> Iterator[str | Span]:
    """Yield whether there is a subject and a demand, each with its reasons."""
    for topic in ("subject", "demand"):
        state = "open" if card[topic] == UNKNOWN else card[topic]
        name = f"{matter.words[f'topic_{topic}']}: {matter.words[f'state_{state}']}."
        yield Span(name, strong=True)
        reasons = matter.decision.reasons(report.report_id)
        yield told(matter, [reason for reason in reasons if reason.topic == topic])


def _assumptions(matter: Matter, card: Plain) -> str:
    """Return the assumptions of a report by number; those of a report before it are told there."""
    named = [other for _, other in matter.named]
    before = named[: named.index(card)]
    told = {a["criterion_id"] for other in before for a in other["assumptions"]}
    every = dict.fromkeys(a["criterion_id"] for other in named for a in other["assumptions"])
    numbers = {criterion_id: f"({number})" for number, criterion_id in enumerate(every, start=1)}
    return "; ".join(
        numbers[a["criterion_id"]] + ("" if a["criterion_id"] in told else f" {a['text']}")
        for a in card["assumptions"]
    )


def _changes(matter: Matter, report: Report) -> list[str | Span]:
    """Return the best changes by the status that they lead to, and how many are left."""
    changes, most = matter.decision.what_would_change(report.report_id), matter.detail.changes
    statuses, word = matter.decision.case.catalog.statuses, matter.words["if"]
    best = sorted(changes[:most], key=lambda change: statuses[change.status_id].rank)
    parts: list[str | Span] = []
    for key, group in groupby(best, key=lambda change: change.status_id):
        parts.append(Span(statuses[key].label, strong=True))
        parts.append(f"{word} {f'; {word} '.join(change.text for change in group)}.")
    left = {"count": str(len(changes) - most)}
    return [*parts, fill(matter.words["more_changes"], left)] if len(changes) > most else parts


def _path(matter: Matter, report: Report) -> list[str]:
    """Return the steps that are taken or open, numbered, each with its reasons."""
    states = dict(matter.decision.path.get(report.report_id, ()))
    shown = [step for step in report.steps if states.get(step.step_id, NO) != NO]
    return [
        f"{number}. {titled(matter, step, states[step.step_id])}"
        for number, step in enumerate(shown, start=1)
    ]


def _categories(matter: Matter, report: Report) -> list[str]:
    decision = matter.decision
    return [
        titled(matter, outcome, YES if outcome.outcome_id in decision.categories else UNKNOWN)
        for outcome in decision.case.catalog.of_kind("category")
        if outcome.outcome_id in (*decision.categories, *decision.open_categories)
        and outcome.report_id == report.report_id
    ]


# --- beside the reports ------------------------------------------------------------------------


def _next(matter: Matter) -> list[Block]:
    """Return the best next question and who would know, then who knows what nobody was sure of."""
    words, found = matter.words, matter.plain["next"]
    best = [block("text", words["nothing_left"])]
    if found:
        who = f"{words['who_knows']}: {found['who_knows']}."
        best = labelled(words["next_question"], found["question"], found["why"], who, kind="text")
    unsure = " ".join(f"{i['question']} ({i['who_knows']})" for i in matter.plain["not_sure"])
    return [*best, *labelled(words["not_sure_title"], unsure, kind="text")]


# --- sources -----------------------------------------------------------------------------------


def _sources(matter: Matter) -> list[Block]:
    """Return the sources of all that the memo says, by the date on which they were checked."""
    known = matter.decision.case.catalog.sources
    found = [known[source_id] for source_id in dict.fromkeys(_source_ids(matter))]
    by_date = groupby(sorted(found, key=lambda source: source.as_of), key=lambda s: s.as_of)
    texts = [
        f"{date}: {'; '.join(f'{source.title} ({source.publisher})' for source in group)}."
        for date, group in by_date
    ]
    return labelled(matter.words["sources"], *texts, kind="fine")


def _source_ids(matter: Matter) -> Iterator[str]:
    """Yield the sources of the verdicts, of the rules that hold, and of the rows told in full.

    An answer of the reader's, and a condition that is still open, have none.
    """
    case = matter.decision.case
    for report in case.catalog.reports:
        yield from standing(report, case.yes, case.no).cell.provenance.source_ids
    for report, _ in matter.on_the_way:
        yield from report.provenance.source_ids
    for outcome in _told_outcomes(matter):
        for reason in met_reasons(case, outcome):
            yield from reason.source_ids
    for row in by_weight(matter)[: matter.detail.rows * matter.detail.full]:
        yield from row.provenance.source_ids


def _told_outcomes(matter: Matter) -> Iterator[Outcome]:
    """Yield the outcomes whose reasons the memo tells."""
    decision = matter.decision
    for report in decision.case.catalog.reports:
        yield from (report.subject, report.demand)
    for report, _ in matter.on_the_way:
        yield from (step for step in report.steps if decision.voice in step.voices)
    shown = {
        *decision.categories,
        *decision.open_categories,
        *decision.routes,
        *decision.open_routes,
        *(contradiction.outcome_id for contradiction in decision.contradictions),
    }
    yield from (o for o in decision.case.catalog.outcomes if o.outcome_id in shown)

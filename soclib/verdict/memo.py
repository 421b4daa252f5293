"""A decision as a memo of one page: what somebody else needs to read and to check it.

The memo is made of blocks; ``soclib/paper/blocks.py`` writes them as Markdown and
``soclib/paper/docx.py`` as a .docx. Space is scarce: rows are named by the ids under which they
are found, and what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.claims.tables import CLAIMS
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.paper.blocks import Block, Span, block
from soclib.paper.docx import fill_of
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict.explain import Reason, clause, joined, met_reasons, outcome_reasons
from soclib.verdict.logic import standing
from soclib.verdict.page import reason_note
from soclib.verdict.tables import VERDICT, Outcome, Report
from soclib.words import fill, sentence, words_of

if TYPE_CHECKING:
    from soclib.verdict.decision import Decision

Plain = dict[str, Any]


class Detail(NamedTuple):
    """How much is told of what is long.

    ``changes`` per report; ``rows`` of the comparison, ``full`` with what each report says, or else
    with why it matters. What is not told is counted or named.
    """

    changes: int
    rows: int
    full: bool


class Matter(NamedTuple):
    """A decision, what the panel shows of it, the words of its voice, and how much is told."""

    decision: Decision
    plain: Plain
    words: dict[str, str]
    detail: Detail

    @property
    def named(self) -> list[tuple[Report, Plain]]:
        """Return the reports that the verdict names, each with its card."""
        return self._cards(folded=False)

    @property
    def rejected(self) -> list[tuple[Report, Plain]]:
        """Return the reports that are not needed, each with its card."""
        return self._cards(folded=True)

    @property
    def on_the_way(self) -> list[tuple[Report, Plain]]:
        """Return the reports that are needed or likely, each with its card."""
        return [(report, card) for report, card in self.named if card["lets"]]

    def _cards(self, *, folded: bool) -> list[tuple[Report, Plain]]:
        pairs = zip(
            self.decision.case.catalog.part(VERDICT).reports, self.plain["cards"], strict=True
        )
        return [(report, card) for report, card in pairs if card["folded"] == folded]


def labelled(label: str, *texts: str | Span, kind: str = "item") -> list[Block]:
    """Return one block that starts with its label, or nothing where nothing is to be said."""
    return [block(kind, Span(f"{label}:", strong=True), *texts)] if any(texts) else []


def told(matter: Matter, reasons: Iterable[Reason]) -> str:
    """Return reasons as sentences, each with the id of its rule and what to know of it."""
    sentences = []
    for reason in reasons:
        notes = (reason.rule_id, reason_note(reason._asdict(), matter.words))
        note = "; ".join(note for note in notes if note)
        sentences.append(f"{reason.text} ({note})" if note else reason.text)
    return " ".join(sentences)


def why(matter: Matter, outcome: Outcome) -> str:
    """Return the reasons for an outcome as sentences."""
    return told(matter, outcome_reasons(matter.decision.case, outcome))


def titled(matter: Matter, outcome: Outcome, state: str) -> str:
    """Return an outcome as its title, its state where that is open, and its reasons.

    Reasons for a step that contradicting answers leave open would mislead, and are not told.
    """
    name = outcome.title if state == YES else f"{outcome.title} ({matter.words['step_open']})"
    touched = {key for found in matter.decision.contradictions for key in found.touches}
    return f"{name}." if outcome.outcome_id in touched else f"{name}: {why(matter, outcome)}"


# --- what it weighs besides its reports -----------------------------------------------------------


DIFFERS = ("yes", "partly", "no")  # a row tells the more, the more it sets the reports apart


def contradictions(matter: Matter) -> list[Block]:
    """Return the answers that cannot all hold, one item per contradiction."""
    decision = matter.decision
    found = {contradiction.outcome_id for contradiction in decision.contradictions}
    return [
        block("item", told(matter, met_reasons(decision.case, outcome)))
        for outcome in decision.case.catalog.part(VERDICT).of_kind("contradiction")
        if outcome.outcome_id in found
    ]


def rejected(matter: Matter) -> list[Block]:
    """Return what was weighed and left: reports, steps, categories, one report for all purposes."""
    words = matter.words
    blocks = []
    for report, card in matter.rejected:
        against = told(matter, _against(matter, report))
        blocks += labelled(card["title"], card["words"], against)
    for title, against in _steps_not_taken(matter).items():
        blocks += labelled(title, against)
    for report, card in matter.on_the_way:
        blocks += _categories_out(matter, report, card)
    if len({_purpose(report) for report, _ in matter.on_the_way}) > 1:
        blocks += labelled(words["one_report"], words["one_report_why"])
    return blocks


def _against(matter: Matter, report: Report) -> list[Reason]:
    return [reason for reason in matter.decision.reasons(report.report_id) if reason.value == NO]


def _purpose(report: Report) -> frozenset[tuple[int, int]]:
    """Return what a report covers, as its rules say; an add-on covers the same as its base."""
    return frozenset((rule.yes, rule.no) for rule in report.subject.rules)


def _steps_not_taken(matter: Matter) -> dict[str, str]:
    """Return why a step is not taken, by its title; a step that two reports share stands once.

    Left out are the steps for which a rejected report has said so already.
    """
    said = {reason.text for report, _ in matter.rejected for reason in _against(matter, report)}
    shared: dict[tuple[str, str], list[str]] = {}
    for report, card in matter.on_the_way:
        states = dict(matter.decision.path.get(report.report_id, ()))
        for step in report.steps:
            reasons = outcome_reasons(matter.decision.case, step)
            if states.get(step.step_id) == NO and not {reason.text for reason in reasons} <= said:
                shared.setdefault((step.title, told(matter, reasons)), []).append(card["title"])
    template, case = matter.words["step_for"], matter.decision.case
    return {
        fill(template, {"step": step, "reports": joined(case, titles)}): against
        for (step, against), titles in shared.items()
    }


def _categories_out(matter: Matter, report: Report, card: Plain) -> list[Block]:
    """Return the categories that an answer leaves out, and those that only an assumption does."""
    decision = matter.decision
    shown = {*decision.categories, *decision.open_categories}
    assumed = card["categories_out"]
    blocks = []
    for outcome in decision.case.catalog.part(VERDICT).of_kind("category"):
        mine = outcome.report_id == report.report_id and outcome.outcome_id not in shown
        if mine and outcome.title not in assumed:
            blocks += labelled(outcome.title, why(matter, outcome))
    if assumed:
        text = fill(matter.words["categories_out"], {"titles": ", ".join(assumed)})
        blocks.append(block("item", text))
    return blocks


def telling_rows(matter: Matter) -> list[Block]:
    """Return the most telling rows of the comparison in full, and the names of the others."""
    rows, most = by_weight(matter), matter.detail.rows
    blocks = []
    for row in rows[:most]:
        texts = [f"{card['title']}: {row.by_report[key.report_id]}" for key, card in matter.named]
        full = texts if texts and matter.detail.full else [row.why_it_matters]
        blocks += labelled(f"{row.dimension} ({row.dimension_id})", *full)
    names = "; ".join(f"{row.dimension} ({row.dimension_id})" for row in rows[most:])
    return [*blocks, *labelled(matter.words["more_rows"], names)]


def by_weight(matter: Matter) -> list[Dimension]:
    """Return the rows that bear on the verdict, those on the most of the deciding answers first."""
    decision, catalog = matter.decision, matter.decision.case.catalog
    shown = {row["dimension_id"] for card in matter.plain["cards"] for row in card["rows"]}
    reasons = [
        reason for r in catalog.part(VERDICT).reports for reason in decision.reasons(r.report_id)
    ]
    deciding = decision.answers.keys() & {key for reason in reasons for key in reason.criteria}
    rows = [row for row in catalog.part(COMPARISON).dimensions if row.dimension_id in shown]
    return sorted(rows, key=lambda r: (-len(deciding & {*r.criteria}), DIFFERS.index(r.differs)))


def routes(matter: Matter) -> list[Block]:
    """Return the routes that are called for, each with its reasons, and the names of open ones."""
    decision, case = matter.decision, matter.decision.case
    routes = case.catalog.part(VERDICT).of_kind("route")
    still = [
        f"{route.title} ({', '.join(r.rule_id for r in outcome_reasons(case, route))})"
        for route in routes
        if route.outcome_id in decision.open_routes
    ]
    taken = [route for route in routes if route.outcome_id in decision.routes]
    return [
        *(one for route in taken for one in labelled(route.title, why(matter, route))),
        *labelled(matter.words["still_open"], "; ".join(still)),
    ]


# --- the memo -------------------------------------------------------------------------------------


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
        criterion = case.catalog.part(VERDICT).criterion(switch["criterion_id"])
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
    statuses, word = matter.decision.case.catalog.part(VERDICT).statuses, matter.words["if"]
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
        for outcome in decision.case.catalog.part(VERDICT).of_kind("category")
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
    known = matter.decision.case.catalog.part(CLAIMS).sources
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
    for report in case.catalog.part(VERDICT).reports:
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
    for report in decision.case.catalog.part(VERDICT).reports:
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
    yield from (o for o in decision.case.catalog.part(VERDICT).outcomes if o.outcome_id in shown)

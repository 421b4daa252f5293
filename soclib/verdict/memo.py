"""A decision as a memo of one page, for somebody else to read and to check.

The memo is made of blocks; ``soclib/paper/blocks.py`` writes them as Markdown and
``soclib/paper/docx.py`` as a .docx. To save space, rows are named by their ids, and what is left
out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from soclib.claims.tables import CLAIMS
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.paper.blocks import Block, Span, block
from soclib.paper.docx import page_filled
from soclib.paper.sheets import Plain
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict.explain import Reason, clause, joined, met_reasons, outcome_reasons
from soclib.verdict.logic import standing
from soclib.verdict.page import reason_note
from soclib.verdict.tables import VERDICT, Outcome, Report
from soclib.words import Words, fill, sentence, words_of

if TYPE_CHECKING:
    from soclib.verdict.decision import Decision


class Detail(NamedTuple):
    """How much of a long list goes into the memo; the rest is counted or named.

    ``changes`` is their number per report, ``rows`` that of the comparison's rows. With ``full``
    a row says what each report says, otherwise only why it matters.
    """

    changes: int
    rows: int
    full: bool


class MemoContext(NamedTuple):
    """What every part of a memo needs.

    The decision, the same as plain values, the words of its voice, and how much detail to give.
    """

    decision: Decision
    plain: Plain
    words: Words
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
    """Return one block that starts with its label, or no block where all texts are blank."""
    return [block(kind, Span(f"{label}:", strong=True), *texts)] if any(texts) else []


def reason_sentences(context: MemoContext, reasons: Iterable[Reason]) -> str:
    """Return reasons as sentences, each with the id of its rule and a note on how sure it is."""
    sentences = []
    for reason in reasons:
        notes = (reason.rule_id, reason_note(reason._asdict(), context.words))
        note = "; ".join(note for note in notes if note)
        sentences.append(f"{reason.text} ({note})" if note else reason.text)
    return " ".join(sentences)


def outcome_sentences(context: MemoContext, outcome: Outcome) -> str:
    """Return the reasons for an outcome as sentences."""
    return reason_sentences(context, outcome_reasons(context.decision.case, outcome))


def outcome_text(context: MemoContext, outcome: Outcome, state: str) -> str:
    """Return an outcome as its title, its state where that is open, and its reasons.

    Reasons for a step that contradicting answers leave open would mislead, so they are left out.
    """
    name = outcome.title if state == YES else f"{outcome.title} ({context.words['step_open']})"
    contradictions = context.decision.contradictions
    touched = {key for contradiction in contradictions for key in contradiction.touches}
    return (
        f"{name}."
        if outcome.outcome_id in touched
        else f"{name}: {outcome_sentences(context, outcome)}"
    )


# --- what follows the reports: contradictions, what was rejected, rows, routes --------------------


DIFFERS = ("yes", "partly", "no")  # rows that set the reports apart most come first


def contradictions(context: MemoContext) -> list[Block]:
    """Return the answers that cannot all hold, one item per contradiction."""
    decision = context.decision
    ids = {contradiction.outcome_id for contradiction in decision.contradictions}
    return [
        block("item", reason_sentences(context, met_reasons(decision.case, outcome)))
        for outcome in decision.case.catalog.part(VERDICT).of_kind("contradiction")
        if outcome.outcome_id in ids
    ]


def rejected(context: MemoContext) -> list[Block]:
    """Return what was considered and rejected, with reasons.

    Reports, steps and categories, and one report for all purposes where several are needed.
    """
    words = context.words
    blocks = []
    for report, card in context.rejected:
        against = reason_sentences(context, _against(context, report))
        blocks += labelled(card["title"], card["words"], against)
    for title, against in _steps_not_taken(context).items():
        blocks += labelled(title, against)
    for report, card in context.on_the_way:
        blocks += _categories_out(context, report, card)
    if len({_purpose(report) for report, _ in context.on_the_way}) > 1:
        blocks += labelled(words["one_report"], words["one_report_why"])
    return blocks


def _against(context: MemoContext, report: Report) -> list[Reason]:
    return [reason for reason in context.decision.reasons(report.report_id) if reason.value == NO]


def _purpose(report: Report) -> frozenset[tuple[int, int]]:
    """Return what a report covers, as its rules say; an add-on covers the same as its base."""
    return frozenset((rule.yes, rule.no) for rule in report.subject.rules)


def _steps_not_taken(context: MemoContext) -> dict[str, str]:
    """Return why a step is not taken, by its title; a step that two reports share is named once.

    Steps whose reasons a rejected report has already given are left out.
    """
    given = {reason.text for report, _ in context.rejected for reason in _against(context, report)}
    shared: dict[tuple[str, str], list[str]] = {}
    for report, card in context.on_the_way:
        states = dict(context.decision.path.get(report.report_id, ()))
        for step in report.steps:
            reasons = outcome_reasons(context.decision.case, step)
            if states.get(step.step_id) == NO and not {reason.text for reason in reasons} <= given:
                shared.setdefault((step.title, reason_sentences(context, reasons)), []).append(
                    card["title"]
                )
    template, case = context.words["step_for"], context.decision.case
    return {
        fill(template, {"step": step, "reports": joined(case, titles)}): against
        for (step, against), titles in shared.items()
    }


def _categories_out(context: MemoContext, report: Report, card: Plain) -> list[Block]:
    """Return the categories that an answer leaves out, and those that only an assumption does."""
    decision = context.decision
    shown = {*decision.categories, *decision.open_categories}
    assumed = card["categories_out"]
    blocks = []
    for outcome in decision.case.catalog.part(VERDICT).of_kind("category"):
        is_out = outcome.report_id == report.report_id and outcome.outcome_id not in shown
        if is_out and outcome.title not in assumed:
            blocks += labelled(outcome.title, outcome_sentences(context, outcome))
    if assumed:
        text = fill(context.words["categories_out"], {"titles": ", ".join(assumed)})
        blocks.append(block("item", text))
    return blocks


def comparison_rows(context: MemoContext) -> list[Block]:
    """Return the most relevant rows of the comparison in full, and the names of the others."""
    rows, most = rows_by_relevance(context), context.detail.rows
    blocks = []
    for row in rows[:most]:
        texts = [f"{card['title']}: {row.by_report[key.report_id]}" for key, card in context.named]
        full = texts if texts and context.detail.full else [row.why_it_matters]
        blocks += labelled(f"{row.dimension} ({row.dimension_id})", *full)
    names = "; ".join(f"{row.dimension} ({row.dimension_id})" for row in rows[most:])
    return [*blocks, *labelled(context.words["more_rows"], names)]


def rows_by_relevance(context: MemoContext) -> list[Dimension]:
    """Return the rows that bear on the verdict, those that bear on most deciding answers first."""
    decision, catalog = context.decision, context.decision.case.catalog
    shown = {row["dimension_id"] for card in context.plain["cards"] for row in card["rows"]}
    reasons = [
        reason for r in catalog.part(VERDICT).reports for reason in decision.reasons(r.report_id)
    ]
    deciding = decision.answers.keys() & {key for reason in reasons for key in reason.criteria}
    rows = [row for row in catalog.part(COMPARISON).dimensions if row.dimension_id in shown]
    return sorted(rows, key=lambda r: (-len(deciding & {*r.criteria}), DIFFERS.index(r.differs)))


def routes(context: MemoContext) -> list[Block]:
    """Return the routes that are called for, each with its reasons, and the names of open ones."""
    decision, case = context.decision, context.decision.case
    routes = case.catalog.part(VERDICT).of_kind("route")
    still = [
        f"{route.title} ({', '.join(r.rule_id for r in outcome_reasons(case, route))})"
        for route in routes
        if route.outcome_id in decision.open_routes
    ]
    taken = [route for route in routes if route.outcome_id in decision.routes]
    return [
        *(
            line
            for route in taken
            for line in labelled(route.title, outcome_sentences(context, route))
        ),
        *labelled(context.words["still_open"], "; ".join(still)),
    ]


# --- the memo -------------------------------------------------------------------------------------


# The first level of detail with which the memo fits its page is taken; the last if none does.
DETAILS = (
    *(Detail(changes, rows, full=True) for rows in (2, 1) for changes in (4, 3, 2)),
    *(Detail(changes, 1, full=False) for changes in (4, 3, 2, 1)),
)
FULL_PAGE = 0.985  # one line is spare, in case another program breaks a paragraph later


def memo(decision: Decision) -> tuple[Block, ...]:
    """Return a decision as the blocks of a memo, the verdict first, in the voice of its reader.

    The memo has as much detail as fits one page, and the least possible if nothing fits.
    """
    words = words_of(decision.case.catalog, decision.voice)
    context = MemoContext(decision, decision.to_dict(), words, DETAILS[0])
    for detail in DETAILS:
        blocks = _memo(context._replace(detail=detail))
        if page_filled(blocks) <= FULL_PAGE:
            break
    return blocks


def _memo(context: MemoContext) -> tuple[Block, ...]:
    words = context.words
    return (
        block("title", context.plain["headline"]),
        _audience(context),
        *_answers(context),
        *(part for report, card in context.named for part in _report(context, report, card)),
        *_section(words["topic_contradiction"], contradictions(context)),
        *_section(words["rejected"], rejected(context)),
        *_section(words["comparison_rows"], comparison_rows(context)),
        *_section(words["routes"], routes(context)),
        *_next(context),
        *_sources(context),
        block("fine", f"{words['not_advice']} {context.decision.version}."),
    )


def _section(title: str, blocks: list[Block]) -> list[Block]:
    return [block("heading", title), *blocks] if blocks else []


# --- for whom, and from what -------------------------------------------------------------------


def _audience(context: MemoContext) -> Block:
    """Return for whom the memo is, and what each report on the way lets its reader conclude."""
    parts: list[str | Span] = [context.words["memo_for"]]
    for _, card in context.on_the_way:
        parts += [Span(f"{card['title']}:", strong=True), card["lets"]]
    return block("text", *parts)


def _answers(context: MemoContext) -> list[Block]:
    """Return the answers as clauses: the known ones, the unsure ones, those that are not used."""
    case, words = context.decision.case, context.words
    known, unsure = [], []
    for switch in context.plain["switches"]:
        criterion = case.catalog.part(VERDICT).criterion(switch["criterion_id"])
        if switch["answer"] == UNKNOWN:
            unsure.append(f"{words['whether']} {clause(case, criterion, YES)}")
        elif switch["answer"]:
            known.append(clause(case, criterion, switch["answer"]))
    aside = [item["question"] for item in context.plain["set_aside"]]
    clauses = sentence("; ".join(known)) if known else ""
    return [
        *labelled(words["answers_title"], clauses, kind="text"),
        *labelled(words["answer_unknown"], "; ".join(unsure), kind="text"),
        *labelled(words["set_aside"], " ".join(aside), kind="text"),
    ]


# --- one report --------------------------------------------------------------------------------


def _report(context: MemoContext, report: Report, card: Plain) -> list[Block]:
    """Return a report that the verdict names: reasons, assumptions, what would change it, path."""
    words = context.words
    return [
        block("heading", f"{card['title']}: {card['label']}"),
        block("text", card["words"], *_reasons(context, report, card)),
        *labelled(words["rests_on"], _assumptions(context, card)),
        *labelled(words["would_change"], *_changes(context, report)),
        *labelled(words["path"], *_path(context, report)),
        *labelled(words["categories"], *_categories(context, report)),
    ]


def _reasons(context: MemoContext, report: Report, card: Plain) -> Iterator[str | Span]:
    """Yield whether there is a subject and a demand, each with its reasons."""
    for topic in ("subject", "demand"):
        state = "open" if card[topic] == UNKNOWN else card[topic]
        name = f"{context.words[f'topic_{topic}']}: {context.words[f'state_{state}']}."
        yield Span(name, strong=True)
        reasons = context.decision.reasons(report.report_id)
        yield reason_sentences(context, [reason for reason in reasons if reason.topic == topic])


def _assumptions(context: MemoContext, card: Plain) -> str:
    """Return the assumptions of a report, numbered; only a number where one was said before."""
    named = [other for _, other in context.named]
    before = named[: named.index(card)]
    given = {a["criterion_id"] for other in before for a in other["assumptions"]}
    every = dict.fromkeys(a["criterion_id"] for other in named for a in other["assumptions"])
    numbers = {criterion_id: f"({number})" for number, criterion_id in enumerate(every, start=1)}
    return "; ".join(
        numbers[a["criterion_id"]] + ("" if a["criterion_id"] in given else f" {a['text']}")
        for a in card["assumptions"]
    )


def _changes(context: MemoContext, report: Report) -> list[str | Span]:
    """Return the best changes by the status that they lead to, and how many are left."""
    changes, most = context.decision.what_would_change(report.report_id), context.detail.changes
    statuses, word = context.decision.case.catalog.part(VERDICT).statuses, context.words["if"]
    best = sorted(changes[:most], key=lambda change: statuses[change.status_id].rank)
    parts: list[str | Span] = []
    for key, group in groupby(best, key=lambda change: change.status_id):
        parts.append(Span(statuses[key].label, strong=True))
        parts.append(f"{word} {f'; {word} '.join(change.text for change in group)}.")
    left = {"count": str(len(changes) - most)}
    return [*parts, fill(context.words["more_changes"], left)] if len(changes) > most else parts


def _path(context: MemoContext, report: Report) -> list[str]:
    """Return the steps that are taken or open, numbered, each with its reasons."""
    states = dict(context.decision.path.get(report.report_id, ()))
    taken_or_open = [step for step in report.steps if states.get(step.step_id, NO) != NO]
    return [
        f"{number}. {outcome_text(context, step, states[step.step_id])}"
        for number, step in enumerate(taken_or_open, start=1)
    ]


def _categories(context: MemoContext, report: Report) -> list[str]:
    decision = context.decision
    return [
        outcome_text(
            context, outcome, YES if outcome.outcome_id in decision.categories else UNKNOWN
        )
        for outcome in decision.case.catalog.part(VERDICT).of_kind("category")
        if outcome.outcome_id in (*decision.categories, *decision.open_categories)
        and outcome.report_id == report.report_id
    ]


# --- next question -----------------------------------------------------------------------------


def _next(context: MemoContext) -> list[Block]:
    """Return the best next question and who would know, then who knows what nobody was sure of."""
    words, question = context.words, context.plain["next"]
    blocks = [block("text", words["nothing_left"])]
    if question:
        who = f"{words['who_knows']}: {question['who_knows']}."
        texts = (question["question"], question["why"], who)
        blocks = labelled(words["next_question"], *texts, kind="text")
    unsure = " ".join(f"{i['question']} ({i['who_knows']})" for i in context.plain["not_sure"])
    return [*blocks, *labelled(words["not_sure_title"], unsure, kind="text")]


# --- sources -----------------------------------------------------------------------------------


def _sources(context: MemoContext) -> list[Block]:
    """Return the sources of all that the memo says, by the date on which they were checked."""
    known = context.decision.case.catalog.part(CLAIMS).sources
    sources = [known[source_id] for source_id in dict.fromkeys(_source_ids(context))]
    by_date = groupby(sorted(sources, key=lambda source: source.as_of), key=lambda s: s.as_of)
    texts = [
        f"{date}: {'; '.join(f'{source.title} ({source.publisher})' for source in group)}."
        for date, group in by_date
    ]
    return labelled(context.words["sources"], *texts, kind="fine")


def _source_ids(context: MemoContext) -> Iterator[str]:
    """Yield the sources of the verdicts, of the rules that hold, and of the rows shown in full.

    The user's answers, and conditions that are still open, have no sources.
    """
    case = context.decision.case
    for report in case.catalog.part(VERDICT).reports:
        yield from standing(report, case.yes, case.no).cell.provenance.source_ids
    for report, _ in context.on_the_way:
        yield from report.provenance.source_ids
    for outcome in _explained_outcomes(context):
        for reason in met_reasons(case, outcome):
            yield from reason.source_ids
    for row in rows_by_relevance(context)[: context.detail.rows * context.detail.full]:
        yield from row.provenance.source_ids


def _explained_outcomes(context: MemoContext) -> Iterator[Outcome]:
    """Yield the outcomes whose reasons the memo gives."""
    decision = context.decision
    for report in decision.case.catalog.part(VERDICT).reports:
        yield from (report.subject, report.demand)
    for report, _ in context.on_the_way:
        yield from (step for step in report.steps if decision.voice in step.voices)
    shown = {
        *decision.categories,
        *decision.open_categories,
        *decision.routes,
        *decision.open_routes,
        *(contradiction.outcome_id for contradiction in decision.contradictions),
    }
    yield from (o for o in decision.case.catalog.part(VERDICT).outcomes if o.outcome_id in shown)

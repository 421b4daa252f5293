"""What a step of a lesson shows of a row, and how the answer to its question is worked out.

Nothing is written here twice: verdicts come from ``decide``, readings of periods from ``fit``, and
all else from the row that is asked about. A further table to teach from is one line in
``ROWS_IN_CLASS`` and one in ``soclib.teaching.tables.ANSWER_FROM``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from soclib.catalog import Catalog
from soclib.companies.agreements import CompanyCase, company
from soclib.companies.tables import COMPANIES
from soclib.comparison.tables import COMPARISON, Dimension, Story
from soclib.paper.blocks import Block, Span, block
from soclib.people.roles import role_case, role_names
from soclib.people.sheets import settling
from soclib.people.splits import disagreement
from soclib.people.tables import PEOPLE
from soclib.periods.fitting import fit
from soclib.periods.tables import PERIODS
from soclib.received.tables import RECEIVED
from soclib.tables.rows import VOICES
from soclib.verdict.decision import Decision, decide
from soclib.verdict.tables import VERDICT, Example
from soclib.words import fill, sentence, words_of

if TYPE_CHECKING:
    from soclib.periods.tables import WorkedPeriod

VENDOR = VOICES[0]
Blocks = Iterator[Block]


class RowInClass(NamedTuple):
    """What a class is shown of a row, and the answer to what is asked about the row."""

    shown: Callable[[Catalog, str], Blocks]
    answer: Callable[[Catalog, str], Blocks] | None = None


def shown_of_row(catalog: Catalog, reference: str, answer_from: str) -> tuple[Block, ...]:
    """Return what is on the screen of a row; ``reference`` is such as ``examples/payroll``."""
    table, _, key = reference.partition("/")
    return tuple(ROWS_IN_CLASS[table, answer_from].shown(catalog, key))


def answer_of_row(catalog: Catalog, reference: str, answer_from: str) -> tuple[Block, ...]:
    """Return the answer to what is asked about a row; nothing if nothing is asked."""
    table, _, key = reference.partition("/")
    answer = ROWS_IN_CLASS[table, answer_from].answer
    return tuple(answer(catalog, key)) if answer else ()


def _named(label: str, text: str) -> Block:
    return block("item", Span(f"{label}:", strong=True), text)


# --- stories and the comparison -------------------------------------------------------------------


def _story(catalog: Catalog, key: str) -> Story:
    return next(story for story in catalog.part(COMPARISON).stories if story.story_id == key)


def _story_text(catalog: Catalog, key: str) -> Blocks:
    yield block("text", _story(catalog, key).text)


def _number(catalog: Catalog, key: str) -> dict[str, str]:
    """Return a story's number among those of its kind, by which question and answer refer to it."""
    same_kind = [
        story.story_id
        for story in catalog.part(COMPARISON).stories
        if story.kind == _story(catalog, key).kind
    ]
    return {"number": str(same_kind.index(key) + 1)}


def _story_case(catalog: Catalog, key: str) -> Blocks:
    label = fill(words_of(catalog, VENDOR)["teach_case"], _number(catalog, key))
    yield _named(label, _story(catalog, key).text)


def _story_pair(catalog: Catalog, key: str) -> Blocks:
    parts = {**_number(catalog, key), "title": _story(catalog, key).title}
    yield block("item", fill(words_of(catalog, VENDOR)["teach_pair"], parts))


def _dimension(catalog: Catalog, key: str) -> Dimension:
    return next(
        dimension
        for dimension in catalog.part(COMPARISON).dimensions
        if dimension.dimension_id == key
    )


def _nothing(_catalog: Catalog, _key: str) -> Blocks:
    """Yield nothing: the question says it all."""
    yield from ()


def _dimension_cells(catalog: Catalog, key: str) -> Blocks:
    cells = _dimension(catalog, key).by_report
    for report in catalog.part(VERDICT).reports:
        yield _named(report.title, cells[report.report_id])


def _dimension_whole(catalog: Catalog, key: str) -> Blocks:
    yield block("text", _dimension(catalog, key).question)
    yield from _dimension_cells(catalog, key)


# --- worked examples ------------------------------------------------------------------------------


def _example(catalog: Catalog, key: str) -> Example:
    return next(example for example in catalog.part(VERDICT).examples if example.example_id == key)


def _decision(catalog: Catalog, key: str) -> Decision:
    example = _example(catalog, key)
    return decide(example.answers, example.voice, catalog=catalog)


def _example_facts(catalog: Catalog, key: str) -> Blocks:
    """Yield a case with what is known of it, and nothing that follows from it."""
    example = _example(catalog, key)
    words = words_of(catalog, example.voice)
    yield block("text", example.story)
    yield block("text", Span(f"{words['teach_facts']}:", strong=True))
    for criterion_id, answer in example.answers.items():
        question = catalog.part(VERDICT).criterion(criterion_id).questions.get(example.voice)
        if question:
            yield block("item", question.question, Span(words[f"answer_{answer}"], strong=True))


def _verdict(catalog: Catalog, key: str) -> Blocks:
    facts = _decision(catalog, key).to_dict()
    yield block("text", facts["headline"])
    for card in facts["cards"]:
        line = f"{card['mark']} {card['label']}. {card['words']}"
        yield _named(card["title"], line.strip())


def _verdict_reasons(catalog: Catalog, key: str) -> Blocks:
    decision = _decision(catalog, key)
    yield from _verdict(catalog, key)
    for report in catalog.part(VERDICT).reports:
        yield _named(report.title, " ".join(dict.fromkeys(decision.texts(report.report_id))))


def _verdict_changes(catalog: Catalog, key: str) -> Blocks:
    facts = _decision(catalog, key).to_dict()
    words = words_of(catalog, facts["voice"])
    for card in facts["cards"]:
        for change in card["changes"]:
            for text in change["texts"]:
                line = f"{words['would_change']} {change['label']} {words['if']} {text}"
                yield _named(card["title"], line)


def _next_question(catalog: Catalog, key: str) -> Blocks:
    facts = _decision(catalog, key).to_dict()
    question = facts["next"]
    if question is None:
        yield block("text", words_of(catalog, facts["voice"])["nothing_left"])
        return
    yield block("text", Span(question["question"], strong=True), question["why"])
    yield block("text", sentence(question["who_knows"]), sentence(question["find_out"]))


# --- periods --------------------------------------------------------------------------------------


def _worked(catalog: Catalog, key: str) -> WorkedPeriod:
    return next(worked for worked in catalog.part(PERIODS).worked if worked.case_id == key)


def _period_days(catalog: Catalog, key: str) -> Blocks:
    case, words = _worked(catalog, key), words_of(catalog, VENDOR)
    parts = {
        "year_start": str(case.fiscal_year_start),
        "year_end": str(case.fiscal_year_end),
        "start": str(case.period_start),
        "end": str(case.period_end),
    }
    yield block("item", Span(f"{case.title}.", strong=True), fill(words["teach_period"], parts))


def _period_reading(catalog: Catalog, key: str) -> Blocks:
    """Yield how a period is read, to the day, and what the case teaches."""
    case, words = _worked(catalog, key), words_of(catalog, VENDOR)
    year = (case.fiscal_year_end, case.fiscal_year_start)
    fitted = fit(case.period_start, case.period_end, *year, catalog=catalog)
    counted = {
        "overlap": str(fitted.overlap_days),
        "percent": f"{fitted.overlap_share * 100:.1f}",
        "gap": str(fitted.gap_days),
    }
    reading = {"title": case.title, "reading": fitted.reading, "because": fitted.because}
    yield block(
        "item", fill(words["teach_reading"], reading), fill(words["teach_counted"], counted)
    )
    yield block("item", fitted.bridge_reason)
    yield block("item", case.lesson)


# --- misconceptions, who may read, where to look ------------------------------------------------


def _heard(catalog: Catalog, key: str) -> Blocks:
    rows = catalog.part(PERIODS).misconceptions
    misconception = next(row for row in rows if row.misconception_id == key)
    yield block("text", f"“{misconception.heard}”")


def _correction(catalog: Catalog, key: str) -> Blocks:
    rows = catalog.part(PERIODS).misconceptions
    misconception = next(row for row in rows if row.misconception_id == key)
    yield block("text", Span(misconception.correct, strong=True), misconception.why)


def _permission_question(catalog: Catalog, key: str) -> Blocks:
    yield block(
        "item", fill(words_of(catalog, VENDOR)["teach_may"], _report_and_reader(catalog, key))
    )


def _permission(catalog: Catalog, key: str) -> Blocks:
    parts, words = _report_and_reader(catalog, key), words_of(catalog, VENDOR)
    reader = next(
        row for row in catalog.part(COMPARISON).readers if f"{row.report_id}/{row.reader_id}" == key
    )
    allowed = {**parts, "allowed": words[f"allowed_{reader.allowed}"]}
    answer = fill(words["teach_may_answer"], allowed)
    condition = sentence(reader.condition.rstrip(".")) if reader.condition else ""
    yield block("item", Span(answer, strong=True), condition, reader.why)


def _report_and_reader(catalog: Catalog, key: str) -> dict[str, str]:
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    reader = next(
        row for row in catalog.part(COMPARISON).readers if f"{row.report_id}/{row.reader_id}" == key
    )
    return {"report": titles[reader.report_id], "reader": reader.reader}


def _check_question(catalog: Catalog, key: str) -> Blocks:
    check = catalog.part(RECEIVED).checks[key]
    yield _named(check.check, check.question)


def _check_place(catalog: Catalog, key: str) -> Blocks:
    check, words = catalog.part(RECEIVED).checks[key], words_of(catalog, VENDOR)
    yield _named(words["teach_where"], f"{check.look_for}.")
    yield _named(words["teach_why"], check.why)


# --- companies ------------------------------------------------------------------------------------


def _company_service(catalog: Catalog, key: str) -> Blocks:
    company_row = catalog.part(COMPANIES).companies[key]
    yield _named(company_row.name, company_row.service)


def _company_statement(catalog: Catalog, key: str) -> Blocks:
    """Yield what a company states, what the rules say, how far the two agree, and why."""
    case, words = company(key, catalog), words_of(catalog, VENDOR)
    yield _named(f"{case.company.name}, {words['company_says']}", case.company.statement)
    yield from _agreements(case, words)
    for agreement in {
        explained.lesson_id: explained for explained in case.agreements if explained.lesson_id
    }.values():
        yield _named(agreement.lesson, agreement.explanation)
        yield _named(words["teach_ask_back"], agreement.ask)


def _agreements(case: CompanyCase, words: Mapping[str, str]) -> Blocks:
    for agreement in case.agreements:
        verdict = fill(words["company_rules"], {"mark": agreement.mark, "status": agreement.status})
        statement = fill(words["company_states"], {"holding": agreement.states})
        together = words[f"company_agreement_{agreement.agreement}"]
        yield _named(agreement.report, f"{verdict}; {statement}. {together}. {agreement.because}")


# --- a role play ----------------------------------------------------------------------------------


def _role_cards(catalog: Catalog, key: str) -> Blocks:
    """Yield a case with what each role cares about and says at the start, as cards to play from."""
    case, words = role_case(key, catalog), words_of(catalog, VENDOR)
    yield block("text", case.story)
    for role_id, answers in case.answers.items():
        role = catalog.part(PEOPLE).roles[role_id]
        facts = " ".join(
            _fact(catalog, criterion_id, answer) for criterion_id, answer in answers.items()
        )
        card = fill(words["teach_role"], {"cares": role.cares_about, "facts": facts})
        yield _named(role.role, card)


def _fact(catalog: Catalog, criterion_id: str, answer: str) -> str:
    words, criterion = words_of(catalog, VENDOR), catalog.part(VERDICT).criterion(criterion_id)
    return f"{criterion.questions[VENDOR].question} {words[f'answer_{answer}']}."


def _role_split(catalog: Catalog, key: str) -> Blocks:
    """Yield how each role sees each report, and which facts would end the difference."""
    names = role_names(catalog)
    answers = role_case(key, catalog).answers
    disagreed = disagreement({names[who]: given for who, given in answers.items()}, catalog=catalog)
    for report in catalog.part(VERDICT).reports:
        seen = {
            who: decision.reports[report.report_id] for who, decision in disagreed.decisions.items()
        }
        marks = {
            status_id: catalog.part(VERDICT).statuses[status_id] for status_id in seen.values()
        }
        line = "; ".join(
            f"{who} {marks[status_id].mark} {marks[status_id].label}"
            for who, status_id in seen.items()
        )
        yield _named(report.title, f"{line}.")
    for line in settling(disagreed, catalog):
        yield block("item", line)


ROWS_IN_CLASS: Mapping[tuple[str, str], RowInClass] = {
    ("stories", ""): RowInClass(_story_text),
    ("stories", "combination"): RowInClass(_story_case, _story_pair),
    ("comparison", ""): RowInClass(_dimension_whole),
    ("comparison", "cells"): RowInClass(_nothing, _dimension_cells),
    ("examples", ""): RowInClass(_example_facts),
    ("examples", "verdict"): RowInClass(_example_facts, _verdict),
    ("examples", "why"): RowInClass(_example_facts, _verdict_reasons),
    ("examples", "change"): RowInClass(_example_facts, _verdict_changes),
    ("examples", "next"): RowInClass(_example_facts, _next_question),
    ("worked_periods", ""): RowInClass(_period_days),
    ("worked_periods", "reading"): RowInClass(_period_days, _period_reading),
    ("type_misconceptions", "correction"): RowInClass(_heard, _correction),
    ("readers", "permission"): RowInClass(_permission_question, _permission),
    ("report_checks", "where"): RowInClass(_check_question, _check_place),
    ("companies", "statement"): RowInClass(_company_service, _company_statement),
    ("role_cases", "split"): RowInClass(_role_cards, _role_split),
}

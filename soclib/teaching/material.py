"""What a step of a lesson shows of a row, and how the answer to its question is worked out.

Nothing is written here twice: verdicts come from ``decide``, readings of periods from ``fit``, and
everything else from the row that is asked about. A further table to teach from is one line in
``VIEWS`` and one in ``lesson_records.FORMS``.
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


class View(NamedTuple):
    """How a row is put before a class, and how what is asked of it is answered."""

    shown: Callable[[Catalog, str], Blocks]
    answer: Callable[[Catalog, str], Blocks] | None = None


def shown(catalog: Catalog, reference: str, form: str) -> tuple[Block, ...]:
    """Return what stands on the screen of a row, ``reference`` such as ``examples/payroll``."""
    table, _, key = reference.partition("/")
    return tuple(VIEWS[table, form].shown(catalog, key))


def answered(catalog: Catalog, reference: str, form: str) -> tuple[Block, ...]:
    """Return the answer to what is asked of a row; nothing where nothing is asked."""
    table, _, key = reference.partition("/")
    answer = VIEWS[table, form].answer
    return tuple(answer(catalog, key)) if answer else ()


def _named(label: str, text: str) -> Block:
    return block("item", Span(f"{label}:", strong=True), text)


# --- stories and the comparison -------------------------------------------------------------------


def _story(catalog: Catalog, key: str) -> Story:
    return next(one for one in catalog.part(COMPARISON).stories if one.story_id == key)


def _story_text(catalog: Catalog, key: str) -> Blocks:
    yield block("text", _story(catalog, key).text)


def _number(catalog: Catalog, key: str) -> dict[str, str]:
    """Return a story's number among those of its kind, by which question and answer name it."""
    same = [
        one.story_id
        for one in catalog.part(COMPARISON).stories
        if one.kind == _story(catalog, key).kind
    ]
    return {"number": str(same.index(key) + 1)}


def _story_case(catalog: Catalog, key: str) -> Blocks:
    label = fill(words_of(catalog, VENDOR)["teach_case"], _number(catalog, key))
    yield _named(label, _story(catalog, key).text)


def _story_pair(catalog: Catalog, key: str) -> Blocks:
    said = {**_number(catalog, key), "title": _story(catalog, key).title}
    yield block("item", fill(words_of(catalog, VENDOR)["teach_pair"], said))


def _dimension(catalog: Catalog, key: str) -> Dimension:
    return next(one for one in catalog.part(COMPARISON).dimensions if one.dimension_id == key)


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
    return next(one for one in catalog.part(VERDICT).examples if one.example_id == key)


def _decision(catalog: Catalog, key: str) -> Decision:
    found = _example(catalog, key)
    return decide(found.answers, found.voice, catalog=catalog)


def _example_facts(catalog: Catalog, key: str) -> Blocks:
    """Yield a case with what is known of it, and nothing that follows from it."""
    found = _example(catalog, key)
    words = words_of(catalog, found.voice)
    yield block("text", found.story)
    yield block("text", Span(f"{words['teach_facts']}:", strong=True))
    for criterion_id, answer in found.answers.items():
        asked = catalog.part(VERDICT).criterion(criterion_id).questions.get(found.voice)
        if asked:
            yield block("item", asked.question, Span(words[f"answer_{answer}"], strong=True))


def _verdict(catalog: Catalog, key: str) -> Blocks:
    plain = _decision(catalog, key).to_dict()
    yield block("text", plain["headline"])
    for card in plain["cards"]:
        said = f"{card['mark']} {card['label']}. {card['words']}"
        yield _named(card["title"], said.strip())


def _verdict_reasons(catalog: Catalog, key: str) -> Blocks:
    decision = _decision(catalog, key)
    yield from _verdict(catalog, key)
    for report in catalog.part(VERDICT).reports:
        yield _named(report.title, " ".join(dict.fromkeys(decision.texts(report.report_id))))


def _verdict_changes(catalog: Catalog, key: str) -> Blocks:
    plain = _decision(catalog, key).to_dict()
    words = words_of(catalog, plain["voice"])
    for card in plain["cards"]:
        for change in card["changes"]:
            for text in change["texts"]:
                said = f"{words['would_change']} {change['label']} {words['if']} {text}"
                yield _named(card["title"], said)


def _next_question(catalog: Catalog, key: str) -> Blocks:
    plain = _decision(catalog, key).to_dict()
    asked = plain["next"]
    if asked is None:
        yield block("text", words_of(catalog, plain["voice"])["nothing_left"])
        return
    yield block("text", Span(asked["question"], strong=True), asked["why"])
    yield block("text", sentence(asked["who_knows"]), sentence(asked["find_out"]))


# --- periods --------------------------------------------------------------------------------------


def _worked(catalog: Catalog, key: str) -> WorkedPeriod:
    return next(one for one in catalog.part(PERIODS).worked if one.case_id == key)


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
    """Yield how a period is read today, to the day, and what the case teaches."""
    case, words = _worked(catalog, key), words_of(catalog, VENDOR)
    year = (case.fiscal_year_end, case.fiscal_year_start)
    found = fit(case.period_start, case.period_end, *year, catalog=catalog)
    counted = {
        "overlap": str(found.overlap_days),
        "percent": f"{found.overlap_share * 100:.1f}",
        "gap": str(found.gap_days),
    }
    said = {"title": case.title, "reading": found.reading, "because": found.because}
    yield block("item", fill(words["teach_reading"], said), fill(words["teach_counted"], counted))
    yield block("item", found.bridge_reason)
    yield block("item", case.lesson)


# --- what is misheard, who may read, where to look ------------------------------------------------


def _heard(catalog: Catalog, key: str) -> Blocks:
    rows = catalog.part(PERIODS).misconceptions
    found = next(one for one in rows if one.misconception_id == key)
    yield block("text", f"“{found.heard}”")


def _correction(catalog: Catalog, key: str) -> Blocks:
    rows = catalog.part(PERIODS).misconceptions
    found = next(one for one in rows if one.misconception_id == key)
    yield block("text", Span(found.correct, strong=True), found.why)


def _pair(catalog: Catalog, key: str) -> Blocks:
    yield block("item", fill(words_of(catalog, VENDOR)["teach_may"], _pair_of(catalog, key)))


def _permission(catalog: Catalog, key: str) -> Blocks:
    parts, words = _pair_of(catalog, key), words_of(catalog, VENDOR)
    found = next(
        one for one in catalog.part(COMPARISON).readers if f"{one.report_id}/{one.reader_id}" == key
    )
    allowed = {**parts, "allowed": words[f"allowed_{found.allowed}"]}
    said = fill(words["teach_may_answer"], allowed)
    condition = sentence(found.condition.rstrip(".")) if found.condition else ""
    yield block("item", Span(said, strong=True), condition, found.why)


def _pair_of(catalog: Catalog, key: str) -> dict[str, str]:
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    found = next(
        one for one in catalog.part(COMPARISON).readers if f"{one.report_id}/{one.reader_id}" == key
    )
    return {"report": titles[found.report_id], "reader": found.reader}


def _check_question(catalog: Catalog, key: str) -> Blocks:
    found = catalog.part(RECEIVED).checks[key]
    yield _named(found.check, found.question)


def _check_place(catalog: Catalog, key: str) -> Blocks:
    found, words = catalog.part(RECEIVED).checks[key], words_of(catalog, VENDOR)
    yield _named(words["teach_where"], f"{found.look_for}.")
    yield _named(words["teach_why"], found.why)


# --- companies ------------------------------------------------------------------------------------


def _company_service(catalog: Catalog, key: str) -> Blocks:
    found = catalog.part(COMPANIES).companies[key]
    yield _named(found.name, found.service)


def _company_statement(catalog: Catalog, key: str) -> Blocks:
    """Yield what a company states, what the rules say, how the two go together, and why."""
    case, words = company(key, catalog), words_of(catalog, VENDOR)
    yield _named(f"{case.company.name}, {words['company_says']}", case.company.statement)
    yield from _agreements(case, words)
    for found in {one.lesson_id: one for one in case.agreements if one.lesson_id}.values():
        yield _named(found.lesson, found.explanation)
        yield _named(words["teach_ask_back"], found.ask)


def _agreements(case: CompanyCase, words: Mapping[str, str]) -> Blocks:
    for found in case.agreements:
        rules = fill(words["company_rules"], {"mark": found.mark, "status": found.status})
        states = fill(words["company_states"], {"holding": found.states})
        together = words[f"company_agreement_{found.agreement}"]
        yield _named(found.report, f"{rules}; {states}. {together}. {found.because}")


# --- a role play ----------------------------------------------------------------------------------


def _role_cards(catalog: Catalog, key: str) -> Blocks:
    """Yield a case with what each role cares about and says at the start, as cards to play from."""
    case, words = role_case(key, catalog), words_of(catalog, VENDOR)
    yield block("text", case.story)
    for role_id, answers in case.answers.items():
        role = catalog.part(PEOPLE).roles[role_id]
        facts = " ".join(_fact(catalog, one, said) for one, said in answers.items())
        card = fill(words["teach_role"], {"cares": role.cares_about, "facts": facts})
        yield _named(role.role, card)


def _fact(catalog: Catalog, criterion_id: str, answer: str) -> str:
    words, criterion = words_of(catalog, VENDOR), catalog.part(VERDICT).criterion(criterion_id)
    return f"{criterion.questions[VENDOR].question} {words[f'answer_{answer}']}."


def _role_split(catalog: Catalog, key: str) -> Blocks:
    """Yield how each role sees each report, and which facts would end the difference."""
    names = role_names(catalog)
    answers = role_case(key, catalog).answers
    found = disagreement({names[who]: said for who, said in answers.items()}, catalog=catalog)
    for report in catalog.part(VERDICT).reports:
        seen = {who: one.reports[report.report_id] for who, one in found.decisions.items()}
        marks = {
            status_id: catalog.part(VERDICT).statuses[status_id] for status_id in seen.values()
        }
        said = "; ".join(f"{who} {marks[one].mark} {marks[one].label}" for who, one in seen.items())
        yield _named(report.title, f"{said}.")
    for line in settling(found, catalog):
        yield block("item", line)


VIEWS: Mapping[tuple[str, str], View] = {
    ("stories", ""): View(_story_text),
    ("stories", "combination"): View(_story_case, _story_pair),
    ("comparison", ""): View(_dimension_whole),
    ("comparison", "cells"): View(_nothing, _dimension_cells),
    ("examples", ""): View(_example_facts),
    ("examples", "verdict"): View(_example_facts, _verdict),
    ("examples", "why"): View(_example_facts, _verdict_reasons),
    ("examples", "change"): View(_example_facts, _verdict_changes),
    ("examples", "next"): View(_example_facts, _next_question),
    ("worked_periods", ""): View(_period_days),
    ("worked_periods", "reading"): View(_period_days, _period_reading),
    ("type_misconceptions", "correction"): View(_heard, _correction),
    ("readers", "permission"): View(_pair, _permission),
    ("report_checks", "where"): View(_check_question, _check_place),
    ("companies", "statement"): View(_company_service, _company_statement),
    ("role_cases", "split"): View(_role_cards, _role_split),
}

"""Questions of practice, and what a learner is asked about a case.

Every question is a number of fields, each with options; what is right was computed by the engine
or stands in a table, and never shows in a question's text. Right is what the decision says, and
the reasons are the decision's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog
from soclib.practice.cases import Scenario
from soclib.practice.tables import PRACTICE
from soclib.tables.rows import VOICES, YES
from soclib.verdict.decision import Decision
from soclib.verdict.explain import Reason, joined, outcome_reasons
from soclib.verdict.tables import VERDICT, Outcome, Report
from soclib.words import fill, words_of

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VOICE: Final = VOICES[0]


class Option(NamedTuple):
    """A choice: its id, which is what an answer names, and its words."""

    option_id: str
    label: str


class Ground(NamedTuple):
    """What decides a field: the rule or row, its reason, and a hint for a second chance."""

    rule_id: str
    reason: str
    hint: str
    change: str = ""


class Field(NamedTuple):
    """One thing to answer.

    ``many``: an answer is a set of options, and must be exactly ``right``; else it is one option,
    and any of ``right`` will do.
    """

    field_id: str
    label: str
    options: tuple[Option, ...]
    right: tuple[str, ...]
    ground: Ground
    many: bool = False

    def __repr__(self) -> str:
        return f"{self.field_id}: {self.label} {', '.join(o.option_id for o in self.options)}"


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A question; ``passage`` is what it is about, paragraph by paragraph or line by line.

    ``item_id`` makes the same question again. ``numbered``: the passage is a list of lines.
    """

    item_id: str
    kind: str
    prompt: str
    passage: tuple[str, ...]
    fields: tuple[Field, ...]
    catalog: Catalog
    numbered: bool = False
    scenario: Scenario | None = None

    def __str__(self) -> str:
        lines = [f"{LETTERS[n]}. {line}" if self.numbered else line for n, line in self._lines()]
        asked = [_field_text(one) for one in self.fields]
        return "\n".join([self.prompt, *lines, *asked])

    __repr__ = __str__

    def _lines(self) -> list[tuple[int, str]]:
        return list(enumerate(self.passage))


def _field_text(field: Field) -> str:
    options = [f"  {option.option_id}: {option.label}" for option in field.options]
    return "\n".join([field.label, *options])


def word(catalog: Catalog, text_id: str, **parts: str) -> str:
    """Return a text of practice with its words in braces filled in."""
    return fill(words_of(catalog, VOICE)[f"practice_{text_id}"], parts)


def shuffled(rng: Random, options: list[Option]) -> tuple[Option, ...]:
    """Return options in an order of chance."""
    mixed = list(options)
    rng.shuffle(mixed)
    return tuple(mixed)


# --- what is asked about a case -------------------------------------------------------------------


NONE: Final = "none"
OPEN: Final = "open"
OTHERS: Final = 3  # wrong options beside a right one


def fields_of(case: Scenario, rng: Random, asks: Iterable[str]) -> tuple[Field, ...]:
    """Return one field for each thing asked about a case; what it does not hold is not asked."""
    found = (ASKED[ask](case, rng, ask) for ask in asks)
    return tuple(field for field in found if field)


# --- reports -----------------------------------------------------------------------------------


def _status(case: Scenario, _rng: Random, report_id: str) -> Field:
    catalog, decision = case.decision.case.catalog, case.decision
    report = _report(decision, report_id)
    status = catalog.part(VERDICT).statuses[decision.reports[report_id]]
    options = [
        Option(s.status_id, f"{s.label}: {s.meaning}")
        for s in catalog.part(VERDICT).statuses.values()
    ]
    reasons = decision.reasons(report_id)
    changes = decision.what_would_change(report_id)[:1]
    ground = Ground(
        rule_id=";".join(dict.fromkeys(_rules_of(report, reasons))),
        reason=" ".join([f"{status.label}.", *dict.fromkeys(r.text for r in reasons)]),
        hint=_hint(case, [key for reason in reasons for key in reason.criteria]),
        change=" ".join(
            word(
                catalog,
                "change",
                status=catalog.part(VERDICT).statuses[c.status_id].label,
                clauses=c.text,
            )
            for c in changes
        ),
    )
    label = word(catalog, "ask_status", report=report.title)
    return Field(report_id, label, tuple(options), (status.status_id,), ground)


def _add_on(case: Scenario, rng: Random, report_id: str) -> Field | None:
    """Ask about a report that is an add-on, where the case says anything about who wants it."""
    demand = _report(case.decision, report_id).demand.mask
    told = (case.decision.case.catalog.part(VERDICT).criterion(key) for key in case.answers)
    wanted = any(criterion.bit & demand for criterion in told)
    return _status(case, rng, report_id) if wanted else None


def _report(decision: Decision, report_id: str) -> Report:
    reports = decision.case.catalog.part(VERDICT).reports
    return next(report for report in reports if report.report_id == report_id)


def _rules_of(report: Report, reasons: Iterable[Reason]) -> list[str]:
    """Return the rules that decide: those that are met, or those that an answer breaks."""
    outcomes = {o.kind: o for o in (report.subject, report.demand)}
    found = []
    for reason in reasons:
        if reason.rule_id:
            found.append(reason.rule_id)
        elif reason.topic in outcomes:
            found += _broken_rules(outcomes[reason.topic])
    return found


def _broken_rules(outcome: Outcome) -> list[str]:
    return [rule.rule_id for rule in outcome.rules]


def _hint(case: Scenario, criteria: Iterable[str]) -> str:
    """Return where to look again: the sentence that decides, or what nothing is said about."""
    catalog = case.decision.case.catalog
    said = {part.criterion_id: part.text for one in case.paragraphs for part in one}
    named = list(dict.fromkeys(criteria))
    for key in named:
        if key in said:
            return word(catalog, "hint_sentence", sentence=said[key])
    for key in named:
        question = catalog.part(VERDICT).criterion(key).questions[case.decision.voice].question
        return word(catalog, "hint_question", question=question)
    return word(catalog, "hint_again")


# --- the path ----------------------------------------------------------------------------------


def _step(case: Scenario, _rng: Random, ask: str) -> Field:
    """Ask for the first step on the way to a report: the first that is not a plain no."""
    decision, catalog = case.decision, case.decision.case.catalog
    report = _report(decision, ask.removeprefix("step_"))
    steps = decision.path.get(report.report_id, ())
    first = next((step for step in steps if step.state != "no"), None)
    right = NONE if first is None else first.step_id if first.state == YES else OPEN
    options = [Option(o.step_id, o.title) for o in report.steps]
    options += [Option(key, word(catalog, f"step_{key}")) for key in (OPEN, NONE)]
    outcome = next((o for o in report.steps if first and o.step_id == first.step_id), None)
    ground = _step_ground(case, report, outcome, right)
    label = word(catalog, "ask_step", report=report.title)
    return Field(ask, label, tuple(options), (right,), ground)


def _step_ground(case: Scenario, report: Report, outcome: Outcome | None, right: str) -> Ground:
    catalog = case.decision.case.catalog
    if outcome is None:
        reasons = case.decision.reasons(report.report_id)
        text = word(catalog, "no_path", report=report.title)
        criteria = [key for reason in reasons for key in reason.criteria]
        return Ground("", " ".join([text, *(r.text for r in reasons)]), _hint(case, criteria))
    touching = [c for c in case.decision.contradictions if outcome.outcome_id in c.touches]
    reasons = tuple(outcome_reasons(case.decision.case, outcome))
    texts = [*(c.text for c in touching), *(r.text for r in reasons)]
    criteria = [key for one in touching for key in one.criteria]
    criteria += [key for reason in reasons for key in reason.criteria]
    named = word(catalog, "step_open") if right == OPEN else outcome.title
    rules = [reason.rule_id for reason in reasons if reason.rule_id]
    return Ground(";".join(rules), " ".join([f"{named}.", *texts]), _hint(case, criteria))


# --- categories and routes ---------------------------------------------------------------------


def _categories(case: Scenario, _rng: Random, ask: str) -> Field | None:
    return _several(case, ask, "category", case.decision.categories) if case.decision.path else None


def _routes(case: Scenario, _rng: Random, ask: str) -> Field:
    return _several(case, ask, "route", case.decision.routes)


def _several(case: Scenario, ask: str, kind: str, right: tuple[str, ...]) -> Field:
    catalog = case.decision.case.catalog
    outcomes = [o for o in catalog.part(VERDICT).of_kind(kind) if case.decision.voice in o.voices]
    reasons = [
        reason
        for outcome in outcomes
        if outcome.outcome_id in right
        for reason in outcome_reasons(case.decision.case, outcome)
    ]
    titles = [outcome.title for outcome in outcomes if outcome.outcome_id in right]
    named = joined(case.decision.case, titles) if titles else word(catalog, "none_of_them")
    ground = Ground(
        rule_id=";".join(dict.fromkeys(reason.rule_id for reason in reasons)),
        reason=" ".join([f"{named}.", *dict.fromkeys(reason.text for reason in reasons)]),
        hint=_hint(case, [key for reason in reasons for key in reason.criteria]),
    )
    options = tuple(Option(outcome.outcome_id, outcome.title) for outcome in outcomes)
    return Field(ask, word(catalog, f"ask_{ask}"), options, right, ground, many=True)


# --- contradictions ----------------------------------------------------------------------------


def _contradiction(case: Scenario, _rng: Random, ask: str) -> Field:
    catalog = case.decision.case.catalog
    outcomes = catalog.part(VERDICT).of_kind("contradiction")
    found = case.decision.contradictions
    options = [Option(o.outcome_id, o.title) for o in outcomes]
    options.append(Option(NONE, word(catalog, "no_contradiction")))
    ground = Ground(
        rule_id=";".join(
            reason.rule_id
            for outcome in outcomes
            for reason in outcome_reasons(case.decision.case, outcome)
            if outcome.outcome_id in {one.outcome_id for one in found} and reason.rule_id
        ),
        reason=" ".join(one.text for one in found) or word(catalog, "no_contradiction"),
        hint=_hint(case, [key for one in found for key in one.criteria]),
    )
    right = tuple(dict.fromkeys(one.outcome_id for one in found)) or (NONE,)
    return Field(ask, word(catalog, "ask_contradiction"), tuple(options), right, ground)


# --- the next question -------------------------------------------------------------------------


def _next(case: Scenario, rng: Random, ask: str) -> Field:
    """Ask what to ask next; every question that ranks equal counts, and any that was not sure."""
    decision, catalog = case.decision, case.decision.case.catalog
    best = decision.equally_good_questions()
    right = tuple(dict.fromkeys([*best, *decision.not_sure])) or (NONE,)
    asked = [c for c in catalog.part(VERDICT).criteria if decision.voice in c.questions]
    told = [c.criterion_id for c in asked if c.criterion_id in case.answers]
    rest = [c.criterion_id for c in asked if c.criterion_id not in (*told, *right)]
    wrong = [key for key in told if key not in right]
    others = rng.sample(wrong, min(2, len(wrong))) + rng.sample(rest, 1)
    shown = [key for key in right if key != NONE][:OTHERS]
    options = [
        Option(key, catalog.part(VERDICT).criterion(key).questions[decision.voice].question)
        for key in (*shown, *others)
    ]
    nothing = Option(NONE, word(catalog, "nothing_to_ask"))
    label = word(catalog, "ask_next")
    return Field(ask, label, (*shuffled(rng, options), nothing), right, _next_ground(case, best))


def _next_ground(case: Scenario, best: tuple[str, ...]) -> Ground:
    decision, catalog = case.decision, case.decision.case.catalog
    found = decision.next_question()
    questions = [catalog.part(VERDICT).criterion(key).questions[decision.voice] for key in best]
    parts = []
    if found:
        parts.append(word(catalog, f"why_next_{found.kind}"))
        parts += [
            word(catalog, "next_asks", question=one.question, who=one.who_knows)
            for one in questions[:OTHERS]
        ]
        parts += [word(catalog, "ranked_equal")] if len(questions) > 1 else []
    for key in decision.not_sure:
        words = catalog.part(VERDICT).criterion(key).questions[decision.voice]
        parts.append(word(catalog, "not_sure", question=words.question, who=words.who_knows))
    reason = " ".join(parts) or word(catalog, "nothing_to_ask")
    hint = word(catalog, f"hint_next_{found.kind if found else NONE}")
    return Ground("", reason, hint)


# --- misconceptions ----------------------------------------------------------------------------


def _misconception(case: Scenario, rng: Random, ask: str) -> Field | None:
    """Ask what holds against the voice in the case that errs; nothing where nobody does."""
    if not case.misconceptions:
        return None
    catalog = case.decision.case.catalog
    planted = catalog.part(PRACTICE).planted
    mine = planted[rng.choice(case.misconceptions)]
    others = [one for key, one in planted.items() if key not in case.misconceptions]
    shown = [mine, *rng.sample(others, OTHERS)]
    options = shuffled(rng, [Option(one.planted_id, one.correct) for one in shown])
    ground = Ground(
        rule_id=mine.planted_id,
        reason=mine.correct,
        hint=word(catalog, "hint_heard", heard=mine.heard),
    )
    label = word(catalog, "ask_misconception")
    return Field(ask, label, options, (mine.planted_id,), ground)


ASKED: Final[dict[str, Callable[[Scenario, Random, str], Field | None]]] = {
    "soc1": _status,
    "soc2": _status,
    "soc3": _add_on,
    "step_soc1": _step,
    "step_soc2": _step,
    "categories": _categories,
    "routes": _routes,
    "contradiction": _contradiction,
    "next": _next,
    "misconception": _misconception,
}

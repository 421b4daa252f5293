"""Whether a Type 1 or a Type 2 is called for, by the rules that also draw a report's path."""

from __future__ import annotations

from typing import NamedTuple

from soclib.dates import PeriodError
from soclib.errors import did_you_mean
from soclib.periods.tables import TYPES
from soclib.verdict.decision import Decision
from soclib.verdict.explain import STATE, Reason, met_reasons, outcome_reasons
from soclib.verdict.logic import value
from soclib.verdict.next_question import NextQuestion, next_of_steps
from soclib.verdict.tables import VERDICT, Outcome, Report


class TypeAnswer(NamedTuple):
    """Whether one type is called for (``state``: yes, no or open), and why."""

    type_id: str
    title: str
    state: str
    reasons: tuple[Reason, ...]


class TypeDecision(NamedTuple):
    """Which types of a report are called for.

    ``applies`` is False while the answers lead to no such report: the types then say which would be
    called for if the report were. ``next`` is the question to ask next about the type, or None.
    """

    report_id: str
    applies: bool
    type_1: TypeAnswer
    type_2: TypeAnswer
    next: NextQuestion | None


def type_decision(decision: Decision, report_id: str) -> TypeDecision:
    """Return which types of a report are called for, with reasons and the next question.

    Raises ``PeriodError`` for a report that is unknown or has no types of its own.
    """
    report, steps = _steps(decision, report_id)
    status = decision.case.catalog.part(VERDICT).statuses[decision.reports[report.report_id]]
    first, second = (_answer(decision, report, steps[type_id]) for type_id in TYPES)
    return TypeDecision(
        report_id=report.report_id,
        applies=status.leads_on,
        type_1=first,
        type_2=second,
        next=next_of_steps(decision.case, {report.report_id: tuple(steps.values())}),
    )


def _steps(decision: Decision, report_id: str) -> tuple[Report, dict[str, Outcome]]:
    """Return a report and its two types as outcomes of the rule table."""
    typed = {}
    for report in decision.case.catalog.part(VERDICT).reports:
        steps = {step.step_id: step for step in report.steps if step.step_id in TYPES}
        if set(steps) == set(TYPES):
            typed[report.report_id] = report, {type_id: steps[type_id] for type_id in TYPES}
    if report_id not in typed:
        raise PeriodError(did_you_mean("report with types of its own", report_id, typed))
    return typed[report_id]


def _answer(decision: Decision, report: Report, step: Outcome) -> TypeAnswer:
    """Return one type; it is open while answers that touch it contradict each other."""
    case = decision.case
    touching = [
        reason
        for outcome in case.catalog.part(VERDICT).of_kind("contradiction")
        if {report.report_id, step.outcome_id} & set(outcome.touches)
        and case.voice in outcome.voices
        for reason in met_reasons(case, outcome)
    ]
    reasons = outcome_reasons(case, step)
    doubtful = any(
        step.outcome_id in contradiction.touches for contradiction in decision.contradictions
    )
    state = STATE[0] if doubtful else STATE[value(step, case.yes, case.no)]
    return TypeAnswer(step.step_id, step.title, state, (*touching, *reasons))

"""Which trust services criteria a SOC 2 covers: it follows from a decision, with reasons.

SOC 1 has no public criteria: its control objectives are written for the service, so the user
chooses which kinds of service apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.trust.tables import TRUST, ControlObjective, TrustTables
from soclib.verdict.decision import Decision
from soclib.verdict.explain import STATE, Reason, met_reasons, outcome_reasons
from soclib.verdict.logic import value
from soclib.verdict.tables import VERDICT, Outcome

OPEN = STATE[0]
STATES = (YES, OPEN, NO)  # in scope, open, not in scope
WEIGHT = {state: number for number, state in STATE.items()}


class CategoryScope(NamedTuple):
    """Whether a category is in scope (yes), open or not in scope (no), and why."""

    category_id: str
    title: str
    state: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What a SOC 2 covers: every category with its reasons, every criterion with its state."""

    decision: Decision
    categories: tuple[CategoryScope, ...]
    states: Mapping[str, str]

    def criteria(self, state: str) -> tuple[str, ...]:
        """Return the criteria that are in scope (``yes``), ``open`` or not in scope (``no``)."""
        if state not in STATES:
            raise AnswerError(did_you_mean("state", state, STATES))
        return tuple(tsc_id for tsc_id, own in self.states.items() if own == state)

    @property
    def in_scope(self) -> tuple[str, ...]:
        """Return the criteria in scope."""
        return self.criteria(YES)

    @property
    def open(self) -> tuple[str, ...]:
        """Return the criteria that the answers do not settle yet."""
        return self.criteria(OPEN)


def scope(decision: Decision) -> Scope:
    """Return which categories and criteria are in scope of a SOC 2, and why."""
    catalog = decision.case.catalog
    categories = tuple(
        _category(decision, outcome) for outcome in catalog.part(VERDICT).of_kind("category")
    )
    states = {category.category_id: category.state for category in categories}
    return Scope(decision, categories, criteria_states(catalog.part(TRUST), states))


def criteria_states(trust: TrustTables, categories: Mapping[str, str]) -> dict[str, str]:
    """Return the state of every criterion, given the states of the categories.

    The common criteria belong to every category: they are in scope if any category is, and open if
    none is in scope and one is open. Every other criterion has the state of its own category.
    """
    of_common = STATE[max((WEIGHT[state] for state in categories.values()), default=-1)]
    return {
        tsc_id: of_common if row.category_id == trust.common else categories[row.category_id]
        for tsc_id, row in trust.criteria.items()
    }


def objectives_of(catalog: Catalog, services: Iterable[str]) -> tuple[ControlObjective, ...]:
    """Return the control objectives of the kinds of service that were chosen, in table order.

    Raises ``AnswerError`` that names the nearest kind of service.
    """
    wanted = (services,) if isinstance(services, str) else tuple(services)
    for service_id in wanted:
        if service_id not in catalog.part(TRUST).services:
            raise AnswerError(did_you_mean("service", service_id, catalog.part(TRUST).services))
    return tuple(row for row in catalog.part(TRUST).objectives.values() if row.service_id in wanted)


def _category(decision: Decision, outcome: Outcome) -> CategoryScope:
    """Return the state of a category, which is never more certain than that of its report."""
    case = decision.case
    own, most = value(outcome, case.yes, case.no), _report(decision, outcome.report_id)
    if own <= most:
        reasons = tuple(outcome_reasons(case, outcome))
    else:
        reasons = _report_reasons(decision, outcome.report_id)
    return CategoryScope(outcome.outcome_id, outcome.title, STATE[min(own, most)], reasons)


def _report(decision: Decision, report_id: str) -> int:
    """Return 1 if a report leads on to its categories, 0 if that is open, -1 if it does not."""
    if decision.case.catalog.part(VERDICT).statuses[decision.reports[report_id]].leads_on:
        return 1
    doubted = any(report_id in doubt.touches for doubt in decision.contradictions)
    return 0 if doubted or decision.subject[report_id] == UNKNOWN else -1


def _report_reasons(decision: Decision, report_id: str) -> tuple[Reason, ...]:
    """Return why a report does not lead on: its contradictions, or without any its subject."""
    reports = decision.case.catalog.part(VERDICT).reports
    report = next(row for row in reports if row.report_id == report_id)
    doubts = [
        reason
        for contradiction in report.contradictions
        for reason in met_reasons(decision.case, contradiction)
    ]
    return tuple(doubts or outcome_reasons(decision.case, report.subject))

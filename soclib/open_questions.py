"""The questions whose answers could still change the status of a report."""

from __future__ import annotations

from soclib.explain import Case, criteria_of
from soclib.logic import bits, rule_value, unknown, value
from soclib.model import Criterion, Outcome, Report


def open_questions(case: Case) -> tuple[Criterion, ...]:
    """Return the criteria without a known answer that could still change a report's status.

    Contradictions are left aside: what they need is another look at answers that were given.
    """
    mask = 0
    for report in case.catalog.reports:
        mask |= _of_report(case, report)
    return criteria_of(case, mask)


def _of_report(case: Case, report: Report) -> int:
    subject, demand = report.subject, report.demand
    found = 0
    if _matters_beside(report, case, demand, of_subject=True):
        found |= _of_outcome(case, subject)
    if _matters_beside(report, case, subject, of_subject=False):
        found |= _of_outcome(case, demand)
    return found


def _matters_beside(report: Report, case: Case, other: Outcome, *, of_subject: bool) -> bool:
    """Return whether a value that ``other`` has, or may still get, lets the status differ."""
    now = value(other, case.yes, case.no)
    return any(
        now in (0, at) and status_differs(report, at, of_subject=of_subject) for at in (1, -1)
    )


def status_differs(report: Report, at: int, *, of_subject: bool) -> bool:
    """Return whether subject (or demand) decides the status while the other one is ``at``."""
    places = [(1, at), (-1, at)] if of_subject else [(at, 1), (at, -1)]
    return len({report.square[place].status_id for place in places}) > 1


def _of_outcome(case: Case, outcome: Outcome) -> int:
    """Return the criteria of the smallest sets of answers that would settle an open outcome."""
    if value(outcome, case.yes, case.no) != 0:
        return 0
    missing = {
        unknown(rule, case.yes, case.no)
        for rule in outcome.rules
        if rule_value(rule, case.yes, case.no) == 0
    }
    smallest = [mask for mask in missing if not any(_within(other, mask) for other in missing)]
    return sum({bit for mask in smallest for bit in bits(mask)})


def _within(inner: int, outer: int) -> bool:
    return inner != outer and inner & ~outer == 0

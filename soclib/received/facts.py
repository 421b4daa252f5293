"""The facts on a report that follow from what a user filled in; nothing is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from soclib.catalog import Catalog
from soclib.dates import year_start
from soclib.periods.fitting import Fit, fit
from soclib.periods.tables import PERIODS, TYPE_1
from soclib.readiness.items import COMPLEMENTARY, SUBSERVICE
from soclib.received.inputs import COUNTED, OPEN, FilledReport, ReportError
from soclib.received.tables import BUYER, NEEDED_FACT, RECEIVED
from soclib.tables.rows import NO, UNKNOWN, YES

if TYPE_CHECKING:
    from soclib.readiness.programme import Programme


def from_programme(programme: Programme) -> dict[str, int]:
    """Return how many controls and carve-outs a programme holds, and how many are open.

    They are keywords of ``conclude``: ``cuecs``, ``cuecs_open``, ``carve_outs`` and
    ``carve_outs_open``. An item is open as long as the programme finds that it lacks something.
    Raises ``ReportError`` for the programme of a vendor, whose complementary controls are its
    customers'.
    """
    if programme.scope.side != BUYER:
        message = f"side {programme.scope.side!r}: use the programme of a buyer"
        raise ReportError((message,))
    lacking = {(finding.kind, finding.item_id) for finding in programme.findings()}
    counted = {
        "cuecs": (COMPLEMENTARY, "kind", "cuec"),
        "carve_outs": (SUBSERVICE, "method", "carve_out"),
    }
    counts: dict[str, int] = {}
    for name, (kind, column, wanted) in counted.items():
        items = programme.items(kind).items()
        keys = [(kind, key) for key, item in items if item.values[column] == wanted]
        counts |= {name: len(keys), f"{name}_open": len(lacking.intersection(keys))}
    return counts


class ReportFacts(NamedTuple):
    """The facts on a report, and how its period fits where that is known.

    ``answers`` says of every fact whether it is yes, no or unknown. ``given`` is what was filled
    in, with the inputs that are derived from it; ``not_shown`` names the checks for which a report
    of this kind has nothing to show.
    """

    answers: dict[str, str]
    given: dict[str, str]
    fit: Fit | None
    not_shown: tuple[str, ...]


def facts_of(filled: FilledReport, catalog: Catalog) -> ReportFacts:
    """Return the facts that follow from what was filled in."""
    tables = catalog.part(RECEIVED)
    fitted = _fit(filled, catalog)
    given = {**filled.given, **dict(_counted(filled.given)), **_period(filled, fitted)}
    answers = dict.fromkeys(tables.facts, UNKNOWN)
    answers[NEEDED_FACT] = _answers(filled.given, catalog)
    for input_id, answer in given.items():
        choice = tables.inputs[input_id].choices.get(answer)
        if choice:
            answers |= dict.fromkeys(choice.sets_yes, YES) | dict.fromkeys(choice.sets_no, NO)
    not_shown = tuple(_not_shown(filled.given, catalog))
    for fact in tables.facts.values():
        if fact.check_id in not_shown:
            answers[fact.fact_id] = fact.fine
    return ReportFacts(answers, {**given, **filled.given}, fitted, not_shown)


def _answers(given: Mapping[str, str], catalog: Catalog) -> str:
    """Return whether a report of this kind answers the question of its user."""
    report_id, needed = given.get("report_id"), given.get("needed")
    if not report_id or not needed:
        return UNKNOWN
    return YES if report_id in _met_by(needed, catalog) else NO


def _met_by(needed: str, catalog: Catalog) -> tuple[str, ...]:
    return catalog.part(RECEIVED).inputs["needed"].choices[needed].met_by


def _counted(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield whether none or some of each counted thing are open; where there are none, none are."""
    for name in COUNTED:
        count = given.get(name + OPEN, "0" if given.get(name) == "0" else "")
        if count:
            yield name + OPEN, "some" if int(count) else "0"


def _not_shown(given: Mapping[str, str], catalog: Catalog) -> Iterator[str]:
    """Yield the checks for which a report of this kind and type has nothing to show."""
    report_id, type_id = given.get("report_id"), given.get("type_id")
    for check in catalog.part(RECEIVED).checks.values():
        pairs = ((report_id, check.report_ids), (type_id, check.type_ids))
        if any(given_id and given_id not in shows_it for given_id, shows_it in pairs):
            yield check.check_id


# --- the period -----------------------------------------------------------------------------------


def _fit(filled: FilledReport, catalog: Catalog) -> Fit | None:
    """Return how the period fits the fiscal year, or None while a day for that is missing."""
    days, report_id = filled.days, filled.given.get("report_id")
    start, end, year_end = days["start"], days["end"], days["fiscal_year_end"]
    dated = filled.given.get("type_id") == TYPE_1
    if not (report_id and end and year_end and (start or dated)):
        return None
    rules_of = _report_with_rules(report_id, catalog)
    first = days["fiscal_year_start"]
    return fit(start, end, year_end, first, report=rules_of, voice=BUYER, catalog=catalog)


def _report_with_rules(report_id: str, catalog: Catalog) -> str:
    """Return the report whose rules apply to the period.

    That is the report itself, or the first one with rules that answers the same question.
    """
    known = [rule.report_id for rule in catalog.part(PERIODS).rules]
    alike = [
        other
        for choice in catalog.part(RECEIVED).inputs["needed"].choices.values()
        if report_id in choice.met_by
        for other in choice.met_by
    ]
    return next(candidate for candidate in (report_id, *alike) if candidate in known)


def _period(filled: FilledReport, fitted: Fit | None) -> dict[str, str]:
    """Return how the period fits and which gap it leaves, as choices of the derived inputs."""
    if fitted is None:
        return {}
    if fitted.start is None:
        inside = _inside(fitted.end, filled.days["fiscal_year_start"], fitted.fiscal_year_end)
        return {"period_reading": "date_inside" if inside else "date_outside", "gap": "date"}
    gap = "none" if fitted.gap_months <= 0 else "bridgeable" if fitted.bridgeable else "too_long"
    return {"period_reading": fitted.reading_id, "gap": gap}


def _inside(day: date, first: date | None, last: date) -> bool:
    return (first or year_start(last)) <= day <= last

"""What follows for the facts on a report from what a reader filled in; nothing is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from soclib.catalog import Catalog
from soclib.dates import year_start
from soclib.periods.fitting import Fit, fit
from soclib.periods.tables import PERIODS, TYPE_1
from soclib.readiness.items import COMPLEMENTARY, SUBSERVICE
from soclib.received.inputs import COUNTED, OPEN, Filled, ReportError
from soclib.received.tables import NEEDED_FACT, RECEIVED
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES

if TYPE_CHECKING:
    from soclib.readiness.programme import Programme

BUYER = VOICES[1]


def from_programme(programme: Programme) -> dict[str, int]:
    """Return how many controls and carve-outs a programme holds, and how many are open.

    Keywords for ``conclude``: ``cuecs``, ``cuecs_open``, ``carve_outs``, ``carve_outs_open``. One
    is open while the programme finds anything missing of it. Raises ``ReportError`` for the
    programme of a vendor, whose complementary controls are its customers'.
    """
    if programme.scope.side != BUYER:
        message = f"side {programme.scope.side!r}: use the programme of a buyer"
        raise ReportError((message,))
    lacking = {(one.kind, one.item_id) for one in programme.findings()}
    held = {
        "cuecs": (COMPLEMENTARY, "kind", "cuec"),
        "carve_outs": (SUBSERVICE, "method", "carve_out"),
    }
    counts: dict[str, int] = {}
    for name, (kind, column, wanted) in held.items():
        items = programme.items(kind).items()
        mine = [(kind, key) for key, item in items if item.values[column] == wanted]
        counts |= {name: len(mine), f"{name}_open": len(lacking.intersection(mine))}
    return counts


class Findings(NamedTuple):
    """The facts on a report as yes, no or unknown, and the fit of its period where it is known.

    ``given`` are the answers with the derived ones; ``not_shown`` names the checks that such a
    report has nothing to show for.
    """

    facts: dict[str, str]
    given: dict[str, str]
    fit: Fit | None
    not_shown: tuple[str, ...]


def findings(filled: Filled, catalog: Catalog) -> Findings:
    """Return what follows from what was filled in."""
    tables = catalog.part(RECEIVED)
    fitted = _fit(filled, catalog)
    given = {**filled.given, **dict(_counted(filled.given)), **_period(filled, fitted)}
    facts = dict.fromkeys(tables.facts, UNKNOWN)
    facts[NEEDED_FACT] = _answers(filled.given, catalog)
    for input_id, answer in given.items():
        choice = tables.inputs[input_id].choices.get(answer)
        if choice:
            facts |= dict.fromkeys(choice.sets_yes, YES) | dict.fromkeys(choice.sets_no, NO)
    not_shown = tuple(_not_shown(filled.given, catalog))
    for fact in tables.facts.values():
        if fact.check_id in not_shown:
            facts[fact.fact_id] = fact.fine
    return Findings(facts, {**given, **filled.given}, fitted, not_shown)


def _answers(given: Mapping[str, str], catalog: Catalog) -> str:
    """Return whether the report answers the question of its reader."""
    report_id, needed = given.get("report_id"), given.get("needed")
    if not report_id or not needed:
        return UNKNOWN
    return YES if report_id in _met_by(needed, catalog) else NO


def _met_by(needed: str, catalog: Catalog) -> tuple[str, ...]:
    return catalog.part(RECEIVED).inputs["needed"].choices[needed].met_by


def _counted(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is open of things that are counted as none or some; of nothing, nothing is."""
    for name in COUNTED:
        left = given.get(name + OPEN, "0" if given.get(name) == "0" else "")
        if left:
            yield name + OPEN, "some" if int(left) else "0"


def _not_shown(given: Mapping[str, str], catalog: Catalog) -> Iterator[str]:
    """Yield the checks for which a report of this kind and type has nothing to show."""
    report_id, type_id = given.get("report_id"), given.get("type_id")
    for check in catalog.part(RECEIVED).checks.values():
        said = ((report_id, check.report_ids), (type_id, check.type_ids))
        if any(one and one not in shown for one, shown in said):
            yield check.check_id


# --- the period -----------------------------------------------------------------------------------


def _fit(filled: Filled, catalog: Catalog) -> Fit | None:
    """Return how the period meets the year, or None while something is missing for it."""
    days, report_id = filled.days, filled.given.get("report_id")
    start, end, year_end = days["start"], days["end"], days["fiscal_year_end"]
    dated = filled.given.get("type_id") == TYPE_1
    if not (report_id and end and year_end and (start or dated)):
        return None
    basis_id = _read_as(report_id, catalog)
    first = days["fiscal_year_start"]
    return fit(start, end, year_end, first, report=basis_id, voice=BUYER, catalog=catalog)


def _read_as(report_id: str, catalog: Catalog) -> str:
    """Return the report by whose rules a period is read: its own, or those of its next of kin."""
    known = [rule.report_id for rule in catalog.part(PERIODS).rules]
    kin = [
        one
        for choice in catalog.part(RECEIVED).inputs["needed"].choices.values()
        if report_id in choice.met_by
        for one in choice.met_by
    ]
    return next(one for one in (report_id, *kin) if one in known)


def _period(filled: Filled, fitted: Fit | None) -> dict[str, str]:
    """Return how the period fits and what is left after it, as choices of derived inputs."""
    if fitted is None:
        return {}
    if fitted.start is None:
        inside = _inside(fitted.end, filled.days["fiscal_year_start"], fitted.fiscal_year_end)
        return {"period_reading": "date_inside" if inside else "date_outside", "gap": "date"}
    gap = "none" if fitted.gap_months <= 0 else "bridgeable" if fitted.bridgeable else "too_long"
    return {"period_reading": fitted.reading_id, "gap": gap}


def _inside(day: date, first: date | None, last: date) -> bool:
    return (first or year_start(last)) <= day <= last

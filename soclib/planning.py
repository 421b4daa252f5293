"""Which report period to choose: proposals from customers' year-ends, readiness and deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from soclib.basis import Basis, basis
from soclib.covering import Candidate, Pair, Period, best_pair, board, ranked
from soclib.dates import ONE_DAY, Day, PeriodError, add_months, month_ends, read_day
from soclib.fitting import delivered_on
from soclib.model import VOICES, Catalog
from soclib.year_ends import AnyYearEnd, YearEnd, given, read_days, read_many

LENGTH = "plan_length_"  # the ids of the thresholds that offer a length begin so


class Deadline(NamedTuple):
    """Whether a report can be there by a day: that of the best period, or else a Type 1."""

    day: date
    met: bool
    type_1_meets: bool
    text: str


class Plan(NamedTuple):
    """Report periods, best first.

    The order: most weight covered, then most weight at each reading or better, best reading first,
    then earliest delivery (so fewest deadlines missed), longest period, earliest start. ``pair`` is
    the best of all pairs by the same order, or None when no second report serves anybody better.
    ``deadlines`` are judged by the best single period; ``type_1_on`` is the day that a Type 1 could
    be as of.
    """

    report_id: str
    customers: int
    weight: int
    candidates: tuple[Candidate, ...]
    pair: Pair | None
    deadlines: tuple[Deadline, ...]
    type_1_on: date
    type_1_ready_on: date


def plan(  # noqa: PLR0913 - one keyword for each thing that a reader may know
    year_ends: Iterable[AnyYearEnd],
    earliest_start: Day,
    ready_on: Day | None = None,
    deadlines: Iterable[Day] = (),
    *,
    lengths: Sequence[int] | None = None,
    until: Day | None = None,
    report: str = "soc1",
    voice: str = VOICES[0],
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> Plan:
    """Return the report periods that cover most customers' year-ends, ranked; see ``Plan``.

    Candidates are all periods of ``lengths`` (months; by default the thresholds ``plan_length_``)
    that end on a month's end up to ``until`` and begin neither before ``earliest_start`` nor before
    the controls are ready (``ready_on``). For ``soc2`` give the days of customers' reviews as
    year-ends. Raises ``PeriodError`` that lists every fault.
    """
    by = basis(report, voice, thresholds, catalog)
    customers = read_many(year_ends, by.limits["longest_period"])
    first, ready, last = _frame(by, customers, earliest_start, ready_on, until)
    wanted = _days(deadlines)
    periods = _periods(by, first, last, lengths)
    found = board(by, periods, customers)
    candidates = ranked(found, wanted)
    as_of = ready or first
    return Plan(
        report_id=by.report_id,
        customers=len(customers),
        weight=sum(found.weights),
        candidates=candidates,
        pair=best_pair(found, wanted),
        deadlines=tuple(_deadline(by, day, candidates[0], as_of) for day in wanted),
        type_1_on=as_of,
        type_1_ready_on=delivered_on(by, None, as_of),
    )


def _frame(
    by: Basis,
    customers: list[YearEnd],
    earliest_start: Day,
    ready_on: Day | None,
    until: Day | None,
) -> tuple[date, date | None, date]:
    """Return the first day a period may begin on, the readiness day, and the last day of all."""
    named = {"earliest_start": earliest_start, "ready_on": ready_on, "until": until}
    longest = by.limits["longest_period"]
    days = read_days(named, needed=("earliest_start",), longest=longest)
    earliest, ready = given(days, "earliest_start"), days["ready_on"]
    first = max(earliest, ready or earliest)
    limit = add_months(first, by.limits["plan_longest"])
    ends = [customer.end for customer in customers if isinstance(customer.end, date)]
    last = max([add_months(first, by.limits["plan_horizon"]), *ends])
    faults = [] if customers else ["there is no year-end; give at least one"]
    if days["until"] and not first <= days["until"] <= limit:
        faults.append(f"until {days['until']}: give a day from {first} to {limit}")
    if faults:
        raise PeriodError(faults)
    return first, ready, days["until"] or min(last, limit)


def _days(deadlines: Iterable[Day]) -> tuple[date, ...]:
    """Return deadlines in order, each once; raises ``PeriodError`` that lists every fault."""
    found: set[date] = set()
    faults = []
    for place, value in enumerate(deadlines, start=1):
        try:
            found.add(read_day(value))
        except PeriodError as error:
            faults.append(f"deadline {place} {value!s:.40}: {error}")
    if faults:
        raise PeriodError(faults)
    return tuple(sorted(found))


def _periods(
    by: Basis, first: date, last: date, lengths: Sequence[int] | None
) -> tuple[Period, ...]:
    """Return every period on offer: a length that ends on a month's end."""
    offered = [value for name, value in by.limits.items() if name.startswith(LENGTH)]
    chosen = sorted(set(offered if lengths is None else lengths))
    longest = by.limits["longest_period"]
    if bad := [length for length in chosen if not 1 <= length <= longest]:
        message = f"lengths {bad}: give whole months from 1 to {longest}"
        raise PeriodError(message)
    found = [
        Period(start, end, length, delivered_on(by, start, end))
        for end in month_ends(first, last)
        for length in chosen
        if (start := add_months(end + ONE_DAY, -length)) >= first
    ]
    if not found:
        message = (
            f"no period of {chosen} months lies between {first} and {last}; give a later until"
        )
        raise PeriodError(message)
    return tuple(found)


def _deadline(by: Basis, day: date, best: Candidate, as_of: date) -> Deadline:
    """Return whether the best period, or else a Type 1, can be there by a day."""
    type_1 = delivered_on(by, None, as_of)
    met, type_1_meets = best.ready_on <= day, type_1 <= day
    note_id = "deadline_met" if met else "deadline_type_1" if type_1_meets else "deadline_missed"
    said = {"deadline": day, "end": best.end, "ready": best.ready_on}
    said |= {"as_of": as_of, "type_1": type_1}
    note = by.note(note_id, **{name: by.day(value) for name, value in said.items()})
    return Deadline(day, met, type_1_meets, note.text)

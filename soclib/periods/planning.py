"""Which report period to choose: proposals from customers' year-ends, readiness and deadlines.

Customers who get the same reading from every period are one group, so that a hundred thousand of
them take no longer than a few; every period and every pair of periods is tried.

A SOC 1 and a SOC 2 are aligned here as well: a control that runs in the days that both periods
share is tested once for both reports (``evidence_window`` counts its operations), and
``shared_evidence.csv`` says which evidence that can be and what each report needs of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import compress, product
from operator import or_
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import (
    ONE_DAY,
    Day,
    MonthDay,
    PeriodError,
    add_months,
    full_months,
    month_ends,
    read_day,
)
from soclib.periods.fitting import delivered_on, year_of
from soclib.periods.given import AnyYearEnd, YearEnd, needed_day, read_days, read_many
from soclib.periods.measuring import measure, slack_end
from soclib.periods.rules import Note, PeriodRules, period_rules
from soclib.periods.tables import PERIODS, Reading, SharedEvidence
from soclib.tables.rows import VOICES


class ReadingCount(NamedTuple):
    """How many customers get one reading, and their weight."""

    reading: str
    customers: int
    weight: int


class Candidate(NamedTuple):
    """A report period and whom it serves.

    ``counts`` has one entry for each reading, best first. Customers who need the report before it
    is ready count as ``late`` (with ``late_weight``) and get no reading. ``covered`` are the
    customers whose reading suffices, ``covered_share`` their share by weight, ``longest_gap_days``
    the longest gap among them. ``missed`` are the plan's deadlines before ``ready_on``.
    """

    start: date
    end: date
    months: int
    ready_on: date
    counts: tuple[ReadingCount, ...]
    late: int
    late_weight: int
    covered: int
    covered_share: float
    longest_gap_days: int | None
    missed: tuple[date, ...]


class PeriodPair(NamedTuple):
    """Two periods; every customer counts once, with the report that serves it better."""

    first: Candidate
    second: Candidate
    counts: tuple[ReadingCount, ...]
    late: int
    late_weight: int
    covered: int
    covered_share: float
    missed: tuple[date, ...]


class OfferedPeriod(NamedTuple):
    """A period that may be proposed, and when its report is usually ready."""

    start: date
    end: date
    months: int
    ready_on: date


class CoverageGrid(NamedTuple):
    """Which reading every period gives to every group of customers.

    A group has the same reading under every period. ``outcomes`` has one row for each period and in
    it the place of each group's reading among ``readings``, best first; ``late`` is the place after
    them. ``weights`` and ``customers`` are those of the groups.
    """

    periods: tuple[OfferedPeriod, ...]
    readings: tuple[Reading, ...]
    outcomes: tuple[tuple[int, ...], ...]
    customers: tuple[int, ...]
    weights: tuple[int, ...]
    longest_gaps: tuple[int | None, ...]

    @property
    def late(self) -> int:
        """Return the place of customers for whom the report comes too late."""
        return len(self.readings)


# --- the grid ------------------------------------------------------------------------------------


def coverage_grid(
    rules: PeriodRules, periods: tuple[OfferedPeriod, ...], year_ends: Iterable[YearEnd]
) -> CoverageGrid:
    """Return which reading every period gives to every group of customers."""
    customers: Counter[tuple[date | MonthDay, date | None, date | None]] = Counter()
    weights: Counter[tuple[date | MonthDay, date | None, date | None]] = Counter()
    for year_end in year_ends:
        key = (year_end.end, year_end.start, year_end.deadline)
        customers[key] += 1
        weights[key] += year_end.weight
    readings = tuple(sorted(rules.catalog.part(PERIODS).readings.values(), key=lambda r: r.rank))
    by_year = {key[:2]: _readings_and_gaps(rules, readings, periods, *key[:2]) for key in customers}
    merged: dict[tuple[int, ...], list[int]] = {}
    longest: list[int | None] = [None] * len(periods)
    for key, count in customers.items():
        column = _column(by_year[key[:2]], periods, key[2], len(readings))
        group = merged.setdefault(column, [0, 0])
        group[0] += count
        group[1] += weights[key]
        longest = _longest(longest, column, by_year[key[:2]], readings)
    return CoverageGrid(
        periods,
        readings,
        tuple(zip(*merged, strict=True)),
        tuple(group[0] for group in merged.values()),
        tuple(group[1] for group in merged.values()),
        tuple(longest),
    )


# For each period, the place of the reading and the gap in days.
ReadingsAndGaps = list[tuple[int, int]]


def _readings_and_gaps(
    rules: PeriodRules,
    readings: tuple[Reading, ...],
    periods: tuple[OfferedPeriod, ...],
    end: date | MonthDay,
    start: date | None,
) -> ReadingsAndGaps:
    places = {reading.reading_id: place for place, reading in enumerate(readings)}
    slack = rules.limits["calendar_slack"]
    results = []
    for period in periods:
        span = (period.start, period.end)
        measured = measure(*span, *year_of(rules, span, end, start), slack)
        results.append((places[rules.table.rule_for(measured).reading_id], measured.gap_days))
    return results


def _column(
    read: ReadingsAndGaps, periods: tuple[OfferedPeriod, ...], deadline: date | None, late: int
) -> tuple[int, ...]:
    """Return the outcome of every period for customers with one year-end and one deadline."""
    if deadline is None:
        return tuple(place for place, _gap in read)
    return tuple(
        late if period.ready_on > deadline else place
        for period, (place, _gap) in zip(periods, read, strict=True)
    )


def _longest(
    longest: list[int | None],
    column: tuple[int, ...],
    read: ReadingsAndGaps,
    readings: tuple[Reading, ...],
) -> list[int | None]:
    """Return the longest gap that every period covers, one more group taken into account."""
    covers = {place for place, reading in enumerate(readings) if reading.covers}
    return [
        gap if place in covers and (before is None or gap > before) else before
        for before, place, (_place, gap) in zip(longest, column, read, strict=True)
    ]


# --- one period ----------------------------------------------------------------------------------


def ranked(grid: CoverageGrid, deadlines: tuple[date, ...]) -> tuple[Candidate, ...]:
    """Return every period as a candidate, best first, in the order of ``PeriodPlan``."""
    places = sorted(range(len(grid.periods)), key=lambda place: _rank(grid, place))
    return tuple(_candidate(grid, deadlines, place) for place in places)


def _candidate(grid: CoverageGrid, deadlines: tuple[date, ...], place: int) -> Candidate:
    period = grid.periods[place]
    missed = tuple(day for day in deadlines if day < period.ready_on)
    tally = _tally(grid, place, place)
    return Candidate(
        start=period.start,
        end=period.end,
        months=period.months,
        ready_on=period.ready_on,
        counts=tally.counts,
        late=tally.late,
        late_weight=tally.late_weight,
        covered=tally.covered,
        covered_share=tally.covered_share,
        longest_gap_days=grid.longest_gaps[place],
        missed=missed,
    )


class _Tally(NamedTuple):
    """Who gets which reading, who is late, and who is covered, under one period or two."""

    counts: tuple[ReadingCount, ...]
    late: int
    late_weight: int
    covered: int
    covered_share: float


def _tally(grid: CoverageGrid, first_place: int, second_place: int) -> _Tally:
    """Return the counts under the better of two periods, which may be the same."""
    customers, weights = Counter[int](), Counter[int]()
    best = map(min, grid.outcomes[first_place], grid.outcomes[second_place])
    for place, count, weight in zip(best, grid.customers, grid.weights, strict=True):
        customers[place] += count
        weights[place] += weight
    counts = tuple(
        ReadingCount(reading.label, customers[place], weights[place])
        for place, reading in enumerate(grid.readings)
    )
    covers = [place for place, reading in enumerate(grid.readings) if reading.covers]
    covered = sum(counts[place].customers for place in covers)
    share = sum(counts[place].weight for place in covers) / sum(grid.weights)
    return _Tally(counts, customers[grid.late], weights[grid.late], covered, share)


def _rank(grid: CoverageGrid, place: int) -> tuple[object, ...]:
    period = grid.periods[place]
    score = _score(grid, _flags(grid, place), _flags(grid, place))
    return (*score, period.ready_on, -period.months, period.start)


Flags = tuple[tuple[bool, ...], ...]


def _flags(grid: CoverageGrid, place: int) -> Flags:
    """Return which groups reach each level: covered first, then each reading or better."""
    covers = {place for place, reading in enumerate(grid.readings) if reading.covers}
    levels = [covers, *(set(range(n + 1)) for n in range(len(grid.readings)))]
    return tuple(tuple(o in level for o in grid.outcomes[place]) for level in levels)


def _score(grid: CoverageGrid, first: Flags, second: Flags) -> tuple[int, ...]:
    """Return, negated, the weight that reaches each level under the better of two periods."""
    return tuple(
        -sum(compress(grid.weights, map(or_, a, b))) for a, b in zip(first, second, strict=True)
    )


# --- two periods ---------------------------------------------------------------------------------


def search_pair(grid: CoverageGrid, deadlines: tuple[date, ...]) -> PeriodPair | None:
    """Return the best pair of periods, or None when no second one serves anybody better.

    Every pair is tried, except those that cannot cover as much as the best one so far.
    """
    flags = [_flags(grid, place) for place in range(len(grid.periods))]
    scores = [_score(grid, own, own) for own in flags]
    order = sorted(range(len(flags)), key=scores.__getitem__)
    best: tuple[tuple[object, ...], int, int] | None = None
    covered = scores[order[0]][0]
    for number, first_place in enumerate(order):
        for second_place in order[number + 1 :]:
            if scores[first_place][0] + scores[second_place][0] > covered:
                break
            score = _score(grid, flags[first_place], flags[second_place])
            covered = min(covered, score[0])
            rank = (*score, *_pair_rank(grid, first_place, second_place))
            if score < scores[order[0]] and (best is None or rank < best[0]):
                best = (rank, first_place, second_place)
    return _pair(grid, deadlines, best[1], best[2]) if best else None


def _pair_rank(grid: CoverageGrid, first_place: int, second_place: int) -> tuple[object, ...]:
    first, second = sorted(
        (grid.periods[first_place], grid.periods[second_place]), key=lambda p: p.end
    )
    months = first.months + second.months
    return first.ready_on, second.ready_on, -months, first.start, second.start


def _pair(
    grid: CoverageGrid, deadlines: tuple[date, ...], first_place: int, second_place: int
) -> PeriodPair:
    parts = (_candidate(grid, deadlines, place) for place in (first_place, second_place))
    first, second = sorted(parts, key=lambda candidate: (candidate.end, candidate.start))
    missed = tuple(day for day in deadlines if day < min(first.ready_on, second.ready_on))
    return PeriodPair(first, second, *_tally(grid, first_place, second_place), missed)


# --- the proposals --------------------------------------------------------------------------------


LENGTH = "plan_length_"  # how the ids of thresholds that offer a length begin


class Deadline(NamedTuple):
    """Whether a report can be ready by a day: that of the best period, otherwise a Type 1."""

    day: date
    met: bool
    type_1_meets: bool
    text: str


class PeriodPlan(NamedTuple):
    """Report periods, best first.

    The order: most weight covered, then most weight at each reading or better, best reading first,
    then earliest delivery (so fewest deadlines missed), longest period, earliest start. ``pair`` is
    the best of all pairs in the same order, or None when no second report serves anybody better.
    ``deadlines`` are judged by the best single period; ``type_1_on`` is the day that a Type 1 could
    be as of.
    """

    report_id: str
    customers: int
    weight: int
    candidates: tuple[Candidate, ...]
    pair: PeriodPair | None
    deadlines: tuple[Deadline, ...]
    type_1_on: date
    type_1_ready_on: date


def plan(  # noqa: PLR0913 - one keyword for each thing that may be known
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
) -> PeriodPlan:
    """Return the report periods that cover most customers' year-ends, ranked; see ``PeriodPlan``.

    Candidates are all periods of ``lengths`` (months; by default the thresholds ``plan_length_``)
    that end on a month's end up to ``until`` and begin neither before ``earliest_start`` nor before
    the controls are ready (``ready_on``). For ``soc2`` give the days of customers' reviews as
    year-ends. Raises ``PeriodError`` that lists every fault.
    """
    rules = period_rules(report, voice, thresholds, catalog)
    customers = read_many(year_ends, rules.limits["longest_period"])
    first, ready, last = _first_and_last(rules, customers, earliest_start, ready_on, until)
    wanted = _days(deadlines)
    periods = _periods(rules, first, last, lengths)
    grid = coverage_grid(rules, periods, customers)
    candidates = ranked(grid, wanted)
    as_of = ready or first
    return PeriodPlan(
        report_id=rules.report_id,
        customers=len(customers),
        weight=sum(grid.weights),
        candidates=candidates,
        pair=search_pair(grid, wanted),
        deadlines=tuple(_deadline(rules, day, candidates[0], as_of) for day in wanted),
        type_1_on=as_of,
        type_1_ready_on=delivered_on(rules, None, as_of),
    )


def _first_and_last(
    rules: PeriodRules,
    customers: list[YearEnd],
    earliest_start: Day,
    ready_on: Day | None,
    until: Day | None,
) -> tuple[date, date | None, date]:
    """Return the first day that a period may begin on, the readiness day, and the last day."""
    named = {"earliest_start": earliest_start, "ready_on": ready_on, "until": until}
    longest = rules.limits["longest_period"]
    days = read_days(named, needed=("earliest_start",), longest=longest)
    earliest, ready = needed_day(days, "earliest_start"), days["ready_on"]
    first = max(earliest, ready or earliest)
    limit = add_months(first, rules.limits["plan_longest"])
    ends = [customer.end for customer in customers if isinstance(customer.end, date)]
    last = max([add_months(first, rules.limits["plan_horizon"]), *ends])
    faults = [] if customers else ["there is no year-end; give at least one"]
    if days["until"] and not first <= days["until"] <= limit:
        faults.append(f"until {days['until']}: give a day from {first} to {limit}")
    if faults:
        raise PeriodError(faults)
    return first, ready, days["until"] or min(last, limit)


def _days(deadlines: Iterable[Day]) -> tuple[date, ...]:
    """Return deadlines in order, each once; raises ``PeriodError`` that lists every fault."""
    days: set[date] = set()
    faults = []
    for place, value in enumerate(deadlines, start=1):
        try:
            days.add(read_day(value))
        except PeriodError as error:
            faults.append(f"deadline {place} {value!s:.40}: {error}")
    if faults:
        raise PeriodError(faults)
    return tuple(sorted(days))


def _periods(
    rules: PeriodRules, first: date, last: date, lengths: Sequence[int] | None
) -> tuple[OfferedPeriod, ...]:
    """Return every period that has one of the lengths and ends on a month's end."""
    offered = [value for name, value in rules.limits.items() if name.startswith(LENGTH)]
    chosen = sorted(set(offered if lengths is None else lengths))
    longest = rules.limits["longest_period"]
    if bad := [length for length in chosen if not 1 <= length <= longest]:
        message = f"lengths {bad}: give whole months from 1 to {longest}"
        raise PeriodError(message)
    periods = [
        OfferedPeriod(start, end, length, delivered_on(rules, start, end))
        for end in month_ends(first, last)
        for length in chosen
        if (start := add_months(end + ONE_DAY, -length)) >= first
    ]
    if not periods:
        message = (
            f"no period of {chosen} months lies between {first} and {last}; give a later until"
        )
        raise PeriodError(message)
    return tuple(periods)


def _deadline(rules: PeriodRules, day: date, best: Candidate, as_of: date) -> Deadline:
    """Return whether the best period, otherwise a Type 1, can be ready by a day."""
    type_1 = delivered_on(rules, None, as_of)
    met, type_1_meets = best.ready_on <= day, type_1 <= day
    note_id = "deadline_met" if met else "deadline_type_1" if type_1_meets else "deadline_missed"
    days = {"deadline": day, "end": best.end, "ready": best.ready_on}
    days |= {"as_of": as_of, "type_1": type_1}
    note = rules.note(note_id, **{name: rules.day(value) for name, value in days.items()})
    return Deadline(day, met, type_1_meets, note.text)


# --- two reports, one programme -------------------------------------------------------------------


DaySpan = tuple[date, date]


class Alignment(NamedTuple):
    """What a SOC 1 and a SOC 2 period share; ``shared`` is None where no day is in both.

    Days are counted with both ends, months are whole. ``once`` is the evidence from the shared days
    that serves both reports, ``own`` what only one of them needs, and ``each`` what both need
    separately. ``note`` is the sentence on that.
    """

    soc1: DaySpan
    soc2: DaySpan
    shared: DaySpan | None
    shared_days: int
    shared_months: int
    soc1_only_days: int
    soc2_only_days: int
    once: tuple[SharedEvidence, ...]
    own: Mapping[str, tuple[SharedEvidence, ...]]
    each: tuple[SharedEvidence, ...]
    note: Note


def align(
    soc1: tuple[Day, Day],
    soc2: tuple[Day, Day],
    *,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Alignment:
    """Return what a SOC 1 and a SOC 2 period share, each given by its first and last day.

    Raises ``PeriodError`` that lists every fault.
    """
    rules = period_rules(voice=voice, catalog=catalog)
    spans = []
    faults: list[str] = []
    for name, (start, end) in (("soc1", soc1), ("soc2", soc2)):
        try:
            days = read_days(
                {"start": start, "end": end},
                needed=("start", "end"),
                longest=rules.limits["longest_period"],
            )
            spans.append((needed_day(days, "start"), needed_day(days, "end")))
        except PeriodError as error:
            faults += [f"{name} {fault}" for fault in error.faults]
    if faults:
        raise PeriodError(faults)
    return _aligned(rules, spans[0], spans[1])


def align_plans(
    soc1: PeriodPlan, soc2: PeriodPlan, *, voice: str = VOICES[0], catalog: Catalog | None = None
) -> Alignment:
    """Return the two periods that share most days among those that serve as well as the best.

    Candidates whose counts and missed deadlines equal those of the best one of their plan are tried
    in every pair; of equally good pairs, the one that is delivered first is taken.
    """
    rules = period_rules(voice=voice, catalog=catalog)
    pairs = product(_as_good(soc1), _as_good(soc2))
    first, second = min(pairs, key=lambda pair: _alignment_rank(*pair))
    return _aligned(rules, (first.start, first.end), (second.start, second.end))


def _as_good(plan: PeriodPlan) -> list[Candidate]:
    def worth(candidate: Candidate) -> tuple[object, ...]:
        return candidate.counts, candidate.late, candidate.late_weight, candidate.missed

    best = worth(plan.candidates[0])
    return [candidate for candidate in plan.candidates if worth(candidate) == best]


def _alignment_rank(soc1: Candidate, soc2: Candidate) -> tuple[int, date, date, int, date, date]:
    shared = _shared_days(max(soc1.start, soc2.start), min(soc1.end, soc2.end))
    last = max(soc1.ready_on, soc2.ready_on)
    union = soc1.months + soc2.months
    return -shared, last, min(soc1.ready_on, soc2.ready_on), -union, soc1.start, soc2.start


def _shared_days(first: date, last: date) -> int:
    return max((last - first).days + 1, 0)


def _aligned(rules: PeriodRules, soc1: DaySpan, soc2: DaySpan) -> Alignment:
    first, last = max(soc1[0], soc2[0]), min(soc1[1], soc2[1])
    shared = _shared_days(first, last)
    months = full_months(first, slack_end(last, rules.limits["calendar_slack"])) if shared else 0
    only = [_shared_days(*soc1) - shared, _shared_days(*soc2) - shared]
    rows = rules.catalog.part(PERIODS).shared_evidence
    note_id = "align_same" if shared and not any(only) else "align_part" if shared else "align_none"
    words = {"days": rules.days(shared), "soc1": rules.days(only[0]), "soc2": rules.days(only[1])}
    return Alignment(
        soc1=soc1,
        soc2=soc2,
        shared=(first, last) if shared else None,
        shared_days=shared,
        shared_months=months,
        soc1_only_days=only[0],
        soc2_only_days=only[1],
        once=tuple(row for row in rows if row.counted == "once") if shared else (),
        own={name: tuple(r for r in rows if r.counted == name) for name in ("soc1", "soc2")},
        each=tuple(row for row in rows if row.counted == "each"),
        note=rules.note(note_id, **words),
    )

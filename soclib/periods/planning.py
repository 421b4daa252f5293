"""Which report period to choose: proposals from customers' year-ends, readiness and deadlines.

Customers whose years read alike under every period are counted once, so that a hundred thousand of
them are as quick as a few; every period and every pair is tried, none is guessed.

What runs in the days that both periods share is tested once and serves both reports (see
``evidence_window`` for how many operations that are); ``shared_evidence.csv`` says which
evidence that can be, and what each report needs of its own.
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
from soclib.periods.given import AnyYearEnd, YearEnd, given, read_days, read_many
from soclib.periods.reading import Basis, Note, basis, measure, slack_end
from soclib.periods.tables import PERIODS, Reading, SharedEvidence
from soclib.tables.rows import VOICES


class Count(NamedTuple):
    """How many customers get one reading, and their weight."""

    reading: str
    customers: int
    weight: int


class Candidate(NamedTuple):
    """A report period and whom it serves.

    ``counts`` has one entry for each reading, best first. Who needs the report before it is there
    counts as ``late`` (customers and weight) and gets no reading. ``covered`` are the customers
    whose reading suffices, ``covered_share`` their share by weight, ``longest_gap_days`` the
    longest gap among them. ``missed`` are the deadlines of the plan that lie before ``ready_on``.
    """

    start: date
    end: date
    months: int
    ready_on: date
    counts: tuple[Count, ...]
    late: int
    late_weight: int
    covered: int
    covered_share: float
    longest_gap_days: int | None
    missed: tuple[date, ...]


class Pair(NamedTuple):
    """Two periods; every customer counts once, with the report that serves it better."""

    first: Candidate
    second: Candidate
    counts: tuple[Count, ...]
    late: int
    late_weight: int
    covered: int
    covered_share: float
    missed: tuple[date, ...]


class Period(NamedTuple):
    """A period on offer and when its report is usually there."""

    start: date
    end: date
    months: int
    ready_on: date


class Board(NamedTuple):
    """Every period against every group of customers that read alike under all of them.

    ``outcomes`` has one row for each period and in it the place of each group's reading, best
    first; ``late`` is the place after them. ``weights`` and ``customers`` are those of the groups.
    """

    periods: tuple[Period, ...]
    readings: tuple[Reading, ...]
    outcomes: tuple[tuple[int, ...], ...]
    customers: tuple[int, ...]
    weights: tuple[int, ...]
    longest_gaps: tuple[int | None, ...]

    @property
    def late(self) -> int:
        """Return the place of those for whom a report comes too late."""
        return len(self.readings)


# --- the board -----------------------------------------------------------------------------------


def board(by: Basis, periods: tuple[Period, ...], year_ends: Iterable[YearEnd]) -> Board:
    """Return how every period reads for every customer, alike customers together."""
    customers: Counter[tuple[date | MonthDay, date | None, date | None]] = Counter()
    weights: Counter[tuple[date | MonthDay, date | None, date | None]] = Counter()
    for year_end in year_ends:
        key = (year_end.end, year_end.start, year_end.deadline)
        customers[key] += 1
        weights[key] += year_end.weight
    readings = tuple(sorted(by.catalog.part(PERIODS).readings.values(), key=lambda r: r.rank))
    read = {key[:2]: _read(by, readings, periods, *key[:2]) for key in customers}
    merged: dict[tuple[int, ...], list[int]] = {}
    longest: list[int | None] = [None] * len(periods)
    for key, count in customers.items():
        column = _column(read[key[:2]], periods, key[2], len(readings))
        group = merged.setdefault(column, [0, 0])
        group[0] += count
        group[1] += weights[key]
        longest = _longest(longest, column, read[key[:2]], readings)
    return Board(
        periods,
        readings,
        tuple(zip(*merged, strict=True)),
        tuple(group[0] for group in merged.values()),
        tuple(group[1] for group in merged.values()),
        tuple(longest),
    )


Read = list[tuple[int, int]]  # for each period, the place of the reading and the gap in days


def _read(
    by: Basis,
    readings: tuple[Reading, ...],
    periods: tuple[Period, ...],
    end: date | MonthDay,
    start: date | None,
) -> Read:
    places = {reading.reading_id: place for place, reading in enumerate(readings)}
    slack = by.limits["calendar_slack"]
    found = []
    for period in periods:
        span = (period.start, period.end)
        measured = measure(*span, *year_of(by, span, end, start), slack)
        found.append((places[by.table.read(measured).reading_id], measured.gap_days))
    return found


def _column(
    read: Read, periods: tuple[Period, ...], deadline: date | None, late: int
) -> tuple[int, ...]:
    """Return the outcome of every period for customers with one year-end and one deadline."""
    if deadline is None:
        return tuple(place for place, _gap in read)
    return tuple(
        late if period.ready_on > deadline else place
        for period, (place, _gap) in zip(periods, read, strict=True)
    )


def _longest(
    longest: list[int | None], column: tuple[int, ...], read: Read, readings: tuple[Reading, ...]
) -> list[int | None]:
    """Return the longest gap of every period among those that it covers, one more group seen."""
    covers = {place for place, reading in enumerate(readings) if reading.covers}
    return [
        gap if place in covers and (before is None or gap > before) else before
        for before, place, (_place, gap) in zip(longest, column, read, strict=True)
    ]


# --- one period ----------------------------------------------------------------------------------


def ranked(found: Board, deadlines: tuple[date, ...]) -> tuple[Candidate, ...]:
    """Return every period as a candidate, best first; the order is that of ``Plan``."""
    places = sorted(range(len(found.periods)), key=lambda place: _rank(found, place))
    return tuple(_candidate(found, deadlines, place) for place in places)


def _candidate(found: Board, deadlines: tuple[date, ...], place: int) -> Candidate:
    period = found.periods[place]
    missed = tuple(day for day in deadlines if day < period.ready_on)
    tally = _tally(found, place, place)
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
        longest_gap_days=found.longest_gaps[place],
        missed=missed,
    )


class _Tally(NamedTuple):
    """Who gets which reading, who is late, and who is covered, under one period or two."""

    counts: tuple[Count, ...]
    late: int
    late_weight: int
    covered: int
    covered_share: float


def _tally(found: Board, one: int, two: int) -> _Tally:
    """Return the counts under the better of two periods, which may be the same."""
    customers, weights = Counter[int](), Counter[int]()
    best = map(min, found.outcomes[one], found.outcomes[two])
    for place, count, weight in zip(best, found.customers, found.weights, strict=True):
        customers[place] += count
        weights[place] += weight
    counts = tuple(
        Count(reading.label, customers[place], weights[place])
        for place, reading in enumerate(found.readings)
    )
    covers = [place for place, reading in enumerate(found.readings) if reading.covers]
    covered = sum(counts[place].customers for place in covers)
    share = sum(counts[place].weight for place in covers) / sum(found.weights)
    return _Tally(counts, customers[found.late], weights[found.late], covered, share)


def _rank(found: Board, place: int) -> tuple[object, ...]:
    period = found.periods[place]
    score = _score(found, _flags(found, place), _flags(found, place))
    return (*score, period.ready_on, -period.months, period.start)


Flags = tuple[tuple[bool, ...], ...]


def _flags(found: Board, place: int) -> Flags:
    """Return per level which groups reach it: covered first, then each reading or better."""
    covers = {place for place, reading in enumerate(found.readings) if reading.covers}
    levels = [covers, *(set(range(n + 1)) for n in range(len(found.readings)))]
    return tuple(tuple(o in level for o in found.outcomes[place]) for level in levels)


def _score(found: Board, one: Flags, two: Flags) -> tuple[int, ...]:
    """Return minus the weight that reaches each level under the better of two: less is better."""
    return tuple(
        -sum(compress(found.weights, map(or_, a, b))) for a, b in zip(one, two, strict=True)
    )


# --- two periods ---------------------------------------------------------------------------------


def best_pair(found: Board, deadlines: tuple[date, ...]) -> Pair | None:
    """Return the best pair of periods, or None when no second one serves anybody better.

    Every pair is tried, but for those whose parts together cover less than the best one found.
    """
    flags = [_flags(found, place) for place in range(len(found.periods))]
    scores = [_score(found, mine, mine) for mine in flags]
    order = sorted(range(len(flags)), key=scores.__getitem__)
    best: tuple[tuple[object, ...], int, int] | None = None
    covered = scores[order[0]][0]
    for number, one in enumerate(order):
        for two in order[number + 1 :]:
            if scores[one][0] + scores[two][0] > covered:
                break
            score = _score(found, flags[one], flags[two])
            covered = min(covered, score[0])
            rank = (*score, *_pair_rank(found, one, two))
            if score < scores[order[0]] and (best is None or rank < best[0]):
                best = (rank, one, two)
    return _pair(found, deadlines, best[1], best[2]) if best else None


def _pair_rank(found: Board, one: int, two: int) -> tuple[object, ...]:
    first, second = sorted((found.periods[one], found.periods[two]), key=lambda p: p.end)
    months = first.months + second.months
    return first.ready_on, second.ready_on, -months, first.start, second.start


def _pair(found: Board, deadlines: tuple[date, ...], one: int, two: int) -> Pair:
    parts = (_candidate(found, deadlines, place) for place in (one, two))
    first, second = sorted(parts, key=lambda candidate: (candidate.end, candidate.start))
    missed = tuple(day for day in deadlines if day < min(first.ready_on, second.ready_on))
    return Pair(first, second, *_tally(found, one, two), missed)


# --- the proposals --------------------------------------------------------------------------------


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


# --- two reports, one programme -------------------------------------------------------------------


Span = tuple[date, date]


class Alignment(NamedTuple):
    """A SOC 1 and a SOC 2 period side by side; ``shared`` is None where they have no common day.

    Days are counted with both ends, months whole. ``once`` is the evidence that the shared days
    give to both reports, ``own`` what each report needs of its own, and ``each`` what both need,
    each for itself. ``note`` says it in one sentence.
    """

    soc1: Span
    soc2: Span
    shared: Span | None
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
    by = basis(voice=voice, catalog=catalog)
    spans = []
    faults: list[str] = []
    for name, (start, end) in (("soc1", soc1), ("soc2", soc2)):
        try:
            days = read_days(
                {"start": start, "end": end},
                needed=("start", "end"),
                longest=by.limits["longest_period"],
            )
            spans.append((given(days, "start"), given(days, "end")))
        except PeriodError as error:
            faults += [f"{name} {fault}" for fault in error.faults]
    if faults:
        raise PeriodError(faults)
    return _aligned(by, spans[0], spans[1])


def align_plans(
    soc1: Plan, soc2: Plan, *, voice: str = VOICES[0], catalog: Catalog | None = None
) -> Alignment:
    """Return the two periods that share most days among those that serve as well as the best.

    Every pair of candidates is tried whose counts and missed deadlines equal those of the best one
    of their plan; of equally good pairs the one that is delivered first is taken.
    """
    by = basis(voice=voice, catalog=catalog)
    pairs = product(_as_good(soc1), _as_good(soc2))
    one, two = min(pairs, key=lambda pair: _alignment_rank(*pair))
    return _aligned(by, (one.start, one.end), (two.start, two.end))


def _as_good(plan: Plan) -> list[Candidate]:
    def worth(candidate: Candidate) -> tuple[object, ...]:
        return candidate.counts, candidate.late, candidate.late_weight, candidate.missed

    best = worth(plan.candidates[0])
    return [candidate for candidate in plan.candidates if worth(candidate) == best]


def _alignment_rank(one: Candidate, two: Candidate) -> tuple[int, date, date, int, date, date]:
    shared = _shared_days(max(one.start, two.start), min(one.end, two.end))
    last = max(one.ready_on, two.ready_on)
    union = one.months + two.months
    return -shared, last, min(one.ready_on, two.ready_on), -union, one.start, two.start


def _shared_days(first: date, last: date) -> int:
    return max((last - first).days + 1, 0)


def _aligned(by: Basis, soc1: Span, soc2: Span) -> Alignment:
    first, last = max(soc1[0], soc2[0]), min(soc1[1], soc2[1])
    shared = _shared_days(first, last)
    months = full_months(first, slack_end(last, by.limits["calendar_slack"])) if shared else 0
    only = [_shared_days(*soc1) - shared, _shared_days(*soc2) - shared]
    rows = by.catalog.part(PERIODS).shared_evidence
    note_id = "align_same" if shared and not any(only) else "align_part" if shared else "align_none"
    words = {"days": by.days(shared), "soc1": by.days(only[0]), "soc2": by.days(only[1])}
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
        note=by.note(note_id, **words),
    )

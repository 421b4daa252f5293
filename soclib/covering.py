"""How many customers a report period serves, or two of them: the exact search behind ``plan``.

Customers whose years read alike under every period are counted once, so that a hundred thousand of
them are as quick as a few; every period and every pair is tried, none is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import compress
from operator import or_
from typing import NamedTuple

from soclib.basis import Basis
from soclib.dates import MonthDay
from soclib.fitting import year_of
from soclib.period_records import Reading
from soclib.readings import measure
from soclib.year_ends import YearEnd


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
    readings = tuple(sorted(by.catalog.periods.readings.values(), key=lambda r: r.rank))
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

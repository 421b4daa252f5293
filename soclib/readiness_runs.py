"""Which days and which runs of a control have evidence: spans of days against a rhythm."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from soclib.dates import ONE_DAY, add_months
from soclib.period_records import Cadence
from soclib.readiness_kinds import Values

WEEK = timedelta(days=7)


class Span(NamedTuple):
    """Some days, the first and the last of them included."""

    first: date
    last: date


class Runs(NamedTuple):
    """How many runs are over by a day, how many of them lack evidence, and the first of those."""

    over: int
    missing: int
    first_missing: Span | None


def evidence_span(values: Values) -> Span | None:
    """Return the days that evidence speaks of: the period that it covers, or else its date."""
    return _span(values["covers_from"], values["covers_to"], values["dated"])


@lru_cache(maxsize=65536)
def _span(covers_from: str, covers_to: str, dated: str) -> Span | None:
    first, last = covers_from or covers_to or dated, covers_to or covers_from or dated
    return Span(day_of(first), day_of(last)) if first else None


@lru_cache(maxsize=4096)
def day_of(text: str) -> date:
    """Return a day that was checked when it was written."""
    return date.fromisoformat(text)


def since(spans: Iterable[Span], day: date) -> list[Span]:
    """Return what spans say of the time from a day on."""
    return [
        span if span.first >= day else Span(day, span.last) for span in spans if span.last >= day
    ]


def meets(one: Span, other: Span) -> bool:
    """Return whether two spans share a day."""
    return one.first <= other.last and other.first <= one.last


@lru_cache(maxsize=256)
def slots(unit: str, every: int, first: date, last: date) -> tuple[Span, ...]:
    """Return the stretches of a period in which one run each is expected; a rest is no stretch."""
    found: list[Span] = []
    while (after := _after(unit, every * (len(found) + 1), first)) - ONE_DAY <= last:
        found.append(Span(_after(unit, every * len(found), first), after - ONE_DAY))
    return tuple(found)


def _after(unit: str, count: int, first: date) -> date:
    return add_months(first, count) if unit == "month" else first + WEEK * count


def runs(cadence: Cadence, period: Span, spans: Sequence[Span], today: date) -> Runs:
    """Return which of the stretches that ended before today lack evidence of their run."""
    found = slots(cadence.unit, cadence.every, period.first, period.last)
    firsts = [slot.first for slot in found]
    over = sum(slot.last < today for slot in found)
    met: set[int] = set()
    for span in spans:
        if found and span.first <= found[-1].last and span.last >= firsts[0]:
            start = max(bisect_right(firsts, span.first) - 1, 0)
            met.update(range(start, bisect_right(firsts, span.last)))
    missing = [number for number in range(over) if number not in met]
    return Runs(over, len(missing), found[missing[0]] if missing else None)


def uncovered(period: Span, spans: Iterable[Span], months: int) -> Span | None:
    """Return the first stretch of a period, longer than so many months, without any evidence."""
    start, after = period.first, period.last + ONE_DAY
    for span in (*sorted(spans), Span(after, after)):
        edge = min(span.first, after)
        if start < edge and add_months(start, months) < edge:
            return Span(start, edge - ONE_DAY)
        start = max(start, span.last + ONE_DAY)
    return None

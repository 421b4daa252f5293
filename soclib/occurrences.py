"""How many times something that comes back falls inside a span of days, both ends included.

With an anchor (a day on which it happens) the number is exact; without one it lies between the
fewest and the most that any anchor would give. What happens on the 31st happens on the last day of
a shorter month.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import NamedTuple

WEEK = 7
WORKING = 5  # Monday to Friday; public holidays are not known here
LONGEST_MONTH = 31
YEAR = 12  # months


class Times(NamedTuple):
    """The fewest and the most times that are possible."""

    least: int
    most: int


def every_days(step: int, first: date, last: date, anchor: date | None) -> Times:
    """Return how often something comes that comes every ``step`` days."""
    days = (last - first).days + 1
    if days <= 0:
        return Times(0, 0)
    if anchor is None:
        return Times(days // step, -(-days // step))
    count = (last - anchor).days // step - ((first - anchor).days - 1) // step
    return Times(count, count)


def on_workdays(first: date, last: date) -> Times:
    """Return the number of days from Monday to Friday; public holidays count as workdays."""
    weeks, rest = divmod(max((last - first).days + 1, 0), WEEK)
    left = sum((first + timedelta(days=n)).weekday() < WORKING for n in range(rest))
    return Times(*[weeks * WORKING + left] * 2)


def every_months(step: int, first: date, last: date, anchor: date | None) -> Times:
    """Return how often something comes that comes every ``step`` months."""
    if last < first:
        return Times(0, 0)
    if anchor is None:
        return _any_months(step, first, last)
    count = _month_count(step, first, last, anchor.year * YEAR + anchor.month, anchor.day)
    return Times(count, count)


@lru_cache(maxsize=1024)
def _any_months(step: int, first: date, last: date) -> Times:
    """Return the fewest and the most over every month to begin with and every day of it."""
    schedules = product(range(step), range(1, LONGEST_MONTH + 1))
    counts = [_month_count(step, first, last, month, day) for month, day in schedules]
    return Times(min(counts), max(counts))


def _month_count(step: int, first: date, last: date, month: int, day: int) -> int:
    """Return how often a day of every ``step``-th month, ``month`` among them, comes."""
    before = first - timedelta(days=1)
    return _turns(step, last, month, day) - _turns(step, before, month, day)


def _turns(step: int, until: date, month: int, day: int) -> int:
    """Return the number of the last turn up to a day; turn 0 is in the month given."""
    turn = (until.year * YEAR + until.month - month) // step
    year, index = divmod(month + turn * step - 1, YEAR)
    reached = (year, index + 1) < (until.year, until.month) or until.day >= min(
        day, monthrange(year, index + 1)[1]
    )
    return turn if reached else turn - 1

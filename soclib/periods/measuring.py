"""How a report period meets a fiscal year: in days and in calendar months.

Days are counted with both ends. Months are calendar months: 1 Jan to 30 Sep are nine, however many
days they have. Overlap counts whole months only, a gap counts every month that has begun; both
forgive a few days more or less (the threshold ``calendar_slack``), because 52/53-week years end up
to six days away from the end of a month. A fiscal year that is not twelve months long is read in
proportion, as if it were.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from soclib.dates import ONE_DAY, begun_months, full_months
from soclib.periods.tables import TWELVE


class Measure(NamedTuple):
    """A period against a fiscal year; ``gap_months`` is negative when the period runs past it.

    ``overlap_of_twelve`` is the overlap in months of a year that is read as twelve months long;
    ``before_days`` are the days of the year before the period begins.
    """

    overlap_days: int
    year_days: int
    overlap_months: int
    overlap_of_twelve: int
    gap_days: int
    gap_months: int
    before_days: int


def measure(start: date | None, end: date, year_start: date, year_end: date, slack: int) -> Measure:
    """Return how a period meets a fiscal year; without ``start``, ``end`` is an as-of date."""
    first = max(start or year_end + ONE_DAY, year_start)
    last = min(end, year_end)
    overlap_days = max((last - first).days + 1, 0)
    year_days = (year_end - year_start).days + 1
    months = _whole(first, last, slack) if overlap_days else 0
    return Measure(
        overlap_days=overlap_days,
        year_days=year_days,
        overlap_months=months,
        overlap_of_twelve=_of_twelve(months, overlap_days, year_start, year_end, slack),
        gap_days=(year_end - end).days,
        gap_months=_gap_months(end, year_end, slack),
        before_days=max(min((first - year_start).days, year_days), 0) if start else year_days,
    )


def _whole(first: date, last: date, slack: int) -> int:
    """Return the whole months from the first to the last day, both included."""
    return full_months(first, slack_end(last, slack))


def slack_end(last: date, slack: int) -> date:
    """Return the day before which a span that ends on ``last`` counts as whole."""
    return last + timedelta(days=1 + slack)


def _of_twelve(months: int, days: int, year_start: date, year_end: date, slack: int) -> int:
    """Return an overlap as months of a year that is read as twelve months long."""
    if days == (year_end - year_start).days + 1:
        return TWELVE
    if not months:
        return 0
    year = max(_whole(year_start, year_end, slack), 1)
    return min(TWELVE * months // year, TWELVE)


def _gap_months(end: date, year_end: date, slack: int) -> int:
    """Return the months begun from the period's end to the year-end, negative past it."""
    if end > year_end:
        return -_whole(year_end + ONE_DAY, end, slack)
    return begun_months(end + ONE_DAY, year_end + ONE_DAY - timedelta(days=slack))

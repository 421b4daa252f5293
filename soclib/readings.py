"""How a report period meets a fiscal year, in days and calendar months, and how that reads.

Days are counted with both ends. Months are calendar months: 1 Jan to 30 Sep are nine, whatever
their days. Overlap counts whole months only, a gap counts every month that is begun; in both a few
days (the threshold ``calendar_slack``) more or less are forgiven, because 52/53-week years end up
to six days away from a month's end. A fiscal year that is not twelve months long is read in
proportion, as if it were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from soclib.dates import ONE_DAY, begun_months, full_months
from soclib.period_records import ReadingRule

TWELVE = 12
Limits = Mapping[str, int]


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


# --- the table over overlap and gap -------------------------------------------------------------


def matching(
    rules: Iterable[ReadingRule], limits: Limits, overlap: int, gap: int
) -> Iterator[ReadingRule]:
    """Yield the rules that hold for an overlap and a gap in months; a sound table has one."""
    for rule in rules:
        if (
            (not rule.overlap_at_least or overlap >= limits[rule.overlap_at_least])
            and (not rule.overlap_below or overlap < limits[rule.overlap_below])
            and (not rule.gap_above or gap > limits[rule.gap_above])
            and (not rule.gap_at_most or gap <= limits[rule.gap_at_most])
        ):
            yield rule


class ReadingTable(NamedTuple):
    """One report's rule for every overlap and gap; a gap beyond ``low`` or ``high`` reads alike."""

    cells: Mapping[tuple[int, int], ReadingRule]
    low: int
    high: int

    def read(self, found: Measure) -> ReadingRule:
        """Return the one rule that holds for a measured period."""
        gap = min(max(found.gap_months, self.low), self.high)
        return self.cells[found.overlap_of_twelve, gap]


def reading_table(rules: tuple[ReadingRule, ...], limits: Limits) -> ReadingTable:
    """Return the whole table of one report; it must be sound, see ``unsound_cells``."""
    edges = [limits[name] for rule in rules for name in (rule.gap_above, rule.gap_at_most) if name]
    low, high = min(edges, default=0), max(edges, default=0) + 1
    cells = {
        (overlap, gap): next(matching(rules, limits, overlap, gap))
        for overlap in range(TWELVE + 1)
        for gap in range(low, high + 1)
    }
    return ReadingTable(cells, low, high)


class Cell(NamedTuple):
    """An overlap and a gap in months for which the table gives no reading, or several."""

    overlap: int
    gap: int
    rule_ids: tuple[str, ...]


def unsound_cells(rules: tuple[ReadingRule, ...], limits: Limits) -> Iterator[Cell]:
    """Yield where one report's table is silent or says two things; nothing when it is sound.

    A reading changes only at a limit, so one value on each side of every limit proves them all.
    """
    overlaps = {0, TWELVE}
    gaps = {0}
    for rule in rules:
        overlaps |= {limits[name] for name in (rule.overlap_at_least, rule.overlap_below) if name}
        gaps |= {limits[name] for name in (rule.gap_above, rule.gap_at_most) if name}
    overlaps |= {value - 1 for value in overlaps}
    gaps |= {value + 1 for value in gaps}
    overlaps &= set(range(TWELVE + 1))
    for overlap, gap in product(sorted(overlaps), sorted(gaps)):
        found = tuple(rule.reading_rule_id for rule in matching(rules, limits, overlap, gap))
        if len(found) != 1:
            yield Cell(overlap, gap, found)

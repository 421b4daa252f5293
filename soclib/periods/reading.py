"""How a report period meets a fiscal year, in days and calendar months, and how that reads.

Days are counted with both ends. Months are calendar months: 1 Jan to 30 Sep are nine, whatever
their days. Overlap counts whole months only, a gap counts every month that is begun; in both a few
days (the threshold ``calendar_slack``) more or less are forgiven, because 52/53-week years end up
to six days away from a month's end. A fiscal year that is not twelve months long is read in
proportion, as if it were.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.dates import ONE_DAY, PeriodError, begun_months, full_months
from soclib.errors import did_you_mean
from soclib.periods.tables import PERIODS, TWELVE, Limits, ReadingRule, matching, unsound_cells
from soclib.tables.rows import VOICES
from soclib.words import fill, words_of


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


# --- what periods are read by ---------------------------------------------------------------------


LARGEST = 999  # months or days; a threshold beyond it is a slip


class Note(NamedTuple):
    """A sentence about a period, with where it comes from."""

    note_id: str
    text: str
    source_ids: tuple[str, ...]
    evidence: str


class Basis(NamedTuple):
    """What periods are read by: one report's rules, the limits in force, and a voice."""

    catalog: Catalog
    report_id: str
    voice: str
    limits: Limits
    table: ReadingTable

    def note(self, note_id: str, **parts: str) -> Note:
        """Return a sentence of ``period_notes.csv`` with its words filled in."""
        found = self.catalog.part(PERIODS).note(note_id, self.report_id)
        text = fill(found.text[self.voice], parts)
        return Note(note_id, text, found.provenance.source_ids, found.provenance.evidence)

    def word(self, text_id: str, **parts: str) -> str:
        """Return a text of ``wording.csv`` with its words in braces filled in."""
        return fill(words_of(self.catalog, self.voice)[text_id], parts)

    def days(self, count: int) -> str:
        """Return a number of days in words."""
        return self.word("one_day" if count == 1 else "many_days", count=str(count))

    def day(self, day: date) -> str:
        """Return a day in words, such as 30 Sep 2026."""
        return f"{day.day} {self.month(day)}"

    def month(self, day: date) -> str:
        """Return the month of a day in words, such as Sep 2026."""
        return f"{self.month_names[day.month - 1]} {day.year}"

    @property
    def month_names(self) -> tuple[str, ...]:
        """Return the names of the months, or their numbers where a wording has not twelve."""
        names = tuple(words_of(self.catalog, self.voice)["month_names"].split(";"))
        return names if len(names) == TWELVE else tuple(f"/{n:02d}/" for n in range(1, 1 + TWELVE))


def basis(
    report: str = "soc1",
    voice: str = VOICES[0],
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> Basis:
    """Return what periods of one report are read by.

    ``thresholds`` overrides values of ``thresholds.csv`` by id. Raises ``PeriodError`` for an
    unknown report, voice or threshold, and for limits under which the table has no one reading.
    """
    catalog = catalog or load_catalog()
    own = dict(thresholds or {})
    reports = tuple(dict.fromkeys(rule.report_id for rule in catalog.part(PERIODS).rules))
    faults = [did_you_mean("report", report, reports)] if report not in reports else []
    faults += [did_you_mean("voice", voice, VOICES)] if voice not in VOICES else []
    for name, value in own.items():
        if name not in catalog.part(PERIODS).thresholds:
            faults.append(did_you_mean("threshold", name, catalog.part(PERIODS).thresholds))
        elif isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
            faults.append(f"threshold {name}: {value!r:.80}: use a whole number up to {LARGEST}")
    if faults:
        raise PeriodError(faults)
    return _basis(catalog, report, voice, tuple(sorted(own.items())))


@lru_cache(maxsize=64)
def _basis(catalog: Catalog, report: str, voice: str, own: tuple[tuple[str, int], ...]) -> Basis:
    tables = catalog.part(PERIODS)
    limits = {name: row.value for name, row in tables.thresholds.items()} | dict(own)
    rules = tuple(rule for rule in tables.rules if rule.report_id == report)
    for cell in unsound_cells(rules, limits):
        message = (
            f"with these thresholds an overlap of {cell.overlap} and a gap of {cell.gap} months "
            f"meet {' and '.join(cell.rule_ids) or 'no row'}; keep the limits of {report} in order"
        )
        raise PeriodError(message)
    return Basis(catalog, report, voice, limits, reading_table(rules, limits))

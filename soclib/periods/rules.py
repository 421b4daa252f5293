"""The rules in force for one report: its limits, its table of readings, and the words of a voice.

``period_rules`` puts them together once; everything else on periods takes them as one argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.dates import PeriodError
from soclib.errors import did_you_mean
from soclib.periods.measuring import Measure
from soclib.periods.tables import PERIODS, TWELVE, Limits, ReadingRule, matching, unsound_cells
from soclib.tables.rows import VOICES
from soclib.words import fill, words_of

LARGEST = 999  # months or days; a threshold beyond it is a slip


class ReadingTable(NamedTuple):
    """One report's rule for every overlap and gap; gaps beyond ``low`` or ``high`` read alike."""

    cells: Mapping[tuple[int, int], ReadingRule]
    low: int
    high: int

    def rule_for(self, measured: Measure) -> ReadingRule:
        """Return the one rule that holds for a measured period."""
        gap = min(max(measured.gap_months, self.low), self.high)
        return self.cells[measured.overlap_of_twelve, gap]


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


# --- the rules in force ---------------------------------------------------------------------------


class Note(NamedTuple):
    """A sentence about a period, with where it comes from."""

    note_id: str
    text: str
    source_ids: tuple[str, ...]
    evidence: str


class PeriodRules(NamedTuple):
    """One report's table of readings, the limits in force, and the voice to say it in."""

    catalog: Catalog
    report_id: str
    voice: str
    limits: Limits
    table: ReadingTable

    def note(self, note_id: str, **parts: str) -> Note:
        """Return a sentence of ``period_notes.csv`` with its words filled in."""
        row = self.catalog.part(PERIODS).note(note_id, self.report_id)
        text = fill(row.text[self.voice], parts)
        return Note(note_id, text, row.provenance.source_ids, row.provenance.evidence)

    def text(self, text_id: str, **parts: str) -> str:
        """Return a text of ``words.csv`` with its words in braces filled in."""
        return fill(words_of(self.catalog, self.voice)[text_id], parts)

    def days(self, count: int) -> str:
        """Return a number of days in words."""
        return self.text("one_day" if count == 1 else "many_days", count=str(count))

    def day(self, day: date) -> str:
        """Return a day in words, such as 30 Sep 2026."""
        return f"{day.day} {self.month(day)}"

    def month(self, day: date) -> str:
        """Return the month of a day in words, such as Sep 2026."""
        return f"{self.month_names[day.month - 1]} {day.year}"

    @property
    def month_names(self) -> tuple[str, ...]:
        """Return the names of the months, or their numbers where not all twelve have one."""
        names = tuple(words_of(self.catalog, self.voice)["month_names"].split(";"))
        return names if len(names) == TWELVE else tuple(f"/{n:02d}/" for n in range(1, 1 + TWELVE))


def period_rules(
    report: str = "soc1",
    voice: str = VOICES[0],
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> PeriodRules:
    """Return the rules in force for periods of one report.

    ``thresholds`` overrides values of ``thresholds.csv`` by id. Raises ``PeriodError`` for an
    unknown report, voice or threshold, and for limits under which an overlap and a gap have no
    reading, or several.
    """
    catalog = catalog or load_catalog()
    overrides = dict(thresholds or {})
    reports = tuple(dict.fromkeys(rule.report_id for rule in catalog.part(PERIODS).rules))
    faults = [did_you_mean("report", report, reports)] if report not in reports else []
    faults += [did_you_mean("voice", voice, VOICES)] if voice not in VOICES else []
    for name, value in overrides.items():
        if name not in catalog.part(PERIODS).thresholds:
            faults.append(did_you_mean("threshold", name, catalog.part(PERIODS).thresholds))
        elif isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
            faults.append(f"threshold {name}: {value!r:.80}: use a whole number up to {LARGEST}")
    if faults:
        raise PeriodError(faults)
    return _period_rules(catalog, report, voice, tuple(sorted(overrides.items())))


@lru_cache(maxsize=64)
def _period_rules(
    catalog: Catalog, report: str, voice: str, overrides: tuple[tuple[str, int], ...]
) -> PeriodRules:
    tables = catalog.part(PERIODS)
    limits = {name: row.value for name, row in tables.thresholds.items()} | dict(overrides)
    rows = tuple(row for row in tables.rules if row.report_id == report)
    for cell in unsound_cells(rows, limits):
        message = (
            f"with these thresholds an overlap of {cell.overlap} and a gap of {cell.gap} months "
            f"meet {' and '.join(cell.rule_ids) or 'no row'}; keep the limits of {report} in order"
        )
        raise PeriodError(message)
    return PeriodRules(catalog, report, voice, limits, reading_table(rows, limits))

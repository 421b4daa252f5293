"""What periods are read by: one report's rules, the limits in force, and a voice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from soclib.dates import PeriodError
from soclib.decision import unknown
from soclib.explain import fill
from soclib.model import VOICES, Catalog
from soclib.readings import TWELVE, Limits, ReadingTable, reading_table, unsound_cells
from soclib.tables import load_catalog

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
        found = self.catalog.periods.note(note_id, self.report_id)
        text = fill(found.text[self.voice], parts)
        return Note(note_id, text, found.provenance.source_ids, found.provenance.evidence)

    def word(self, text_id: str, **parts: str) -> str:
        """Return a text of ``wording.csv`` with its words in braces filled in."""
        return fill(self.catalog.wording[text_id][self.voice], parts)

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
        names = tuple(self.catalog.wording["month_names"][self.voice].split(";"))
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
    reports = tuple(dict.fromkeys(rule.report_id for rule in catalog.periods.rules))
    faults = [unknown("report", report, reports)] if report not in reports else []
    faults += [unknown("voice", voice, VOICES)] if voice not in VOICES else []
    for name, value in own.items():
        if name not in catalog.periods.thresholds:
            faults.append(unknown("threshold", name, catalog.periods.thresholds))
        elif isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
            faults.append(f"threshold {name}: {value!r:.80}: use a whole number up to {LARGEST}")
    if faults:
        raise PeriodError(faults)
    return _basis(catalog, report, voice, tuple(sorted(own.items())))


@lru_cache(maxsize=64)
def _basis(catalog: Catalog, report: str, voice: str, own: tuple[tuple[str, int], ...]) -> Basis:
    tables = catalog.periods
    limits = {name: row.value for name, row in tables.thresholds.items()} | dict(own)
    rules = tuple(rule for rule in tables.rules if rule.report_id == report)
    for cell in unsound_cells(rules, limits):
        message = (
            f"with these thresholds an overlap of {cell.overlap} and a gap of {cell.gap} months "
            f"meet {' and '.join(cell.rule_ids) or 'no row'}; keep the limits of {report} in order"
        )
        raise PeriodError(message)
    return Basis(catalog, report, voice, limits, reading_table(rules, limits))

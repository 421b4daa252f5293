"""Frozen records for the tables on periods, and how they are built from checked rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from soclib.model import YES, Provenance
from soclib.rows import PROVENANCE, Row, Tables


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """A number that somebody chose: ``value`` in ``unit`` (months or days), and on which basis.

    ``basis`` is convention, standard, or own (a choice of this project); ``report_id`` is blank
    where it holds for every report.
    """

    threshold_id: str
    report_id: str
    value: int
    unit: str
    basis: str
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How far a report supports reliance on how controls ran; ``covers`` when it suffices."""

    reading_id: str
    label: str
    mark: str
    rank: int
    covers: bool
    meaning: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReadingRule:
    """One row of the table over overlap and gap, both in months; its limits are thresholds.

    It holds where overlap >= ``overlap_at_least``, overlap < ``overlap_below``, gap > ``gap_above``
    and gap <= ``gap_at_most``; a blank limit always holds.
    """

    reading_rule_id: str
    report_id: str
    reading_id: str
    overlap_at_least: str
    overlap_below: str
    gap_above: str
    gap_at_most: str
    because: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class NoteText:
    """A sentence about a period by voice, with words in braces to fill in."""

    text: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class WorkedPeriod:
    """A worked case: a fiscal year, a report period, and what follows to the day."""

    case_id: str
    title: str
    fiscal_year_start: date
    fiscal_year_end: date
    period_start: date
    period_end: date
    overlap_days: int
    overlap_percent: float
    gap_days: int
    reading_id: str
    lesson: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class SharedEvidence:
    """Evidence of two reports in one programme.

    ``counted`` is once (it serves both), each (both need their own), soc1 or soc2 (only that one).
    """

    element_id: str
    element: str
    counted: str
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Cadence:
    """How often a control runs: every ``every`` of ``unit``.

    ``unit`` is continuous, day, workday, week, month or event; ``least`` operations show that a
    control operated.
    """

    cadence_id: str
    label: str
    unit: str
    every: int
    least: int
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class SampleSize:
    """An example from practice of how many operations are looked at; never a rule."""

    sample_id: str
    cadence_id: str
    least: int
    most: int
    remark: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class OpinionElement:
    """One element of an opinion: what a Type 1 and what a Type 2 says to it, and what not."""

    element_id: str
    element: str
    type_1: str
    type_2: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class TypeMisconception:
    """Something that is often heard about types, what is correct, and why."""

    misconception_id: str
    heard: str
    correct: str
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class LetterRow:
    """One part of a letter: ``kind`` is that of a block, see ``soclib/blocks.py``.

    ``applies`` is the condition under which it stands there, blank for always.
    """

    letter_id: str
    place: int
    kind: str
    applies: str
    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class PeriodTables:
    """All tables on periods; notes by note and report, the report blank where it holds for all."""

    thresholds: Mapping[str, Threshold]
    readings: Mapping[str, Reading]
    rules: tuple[ReadingRule, ...]
    notes: Mapping[tuple[str, str], NoteText]
    worked: tuple[WorkedPeriod, ...]
    shared_evidence: tuple[SharedEvidence, ...]
    cadences: Mapping[str, Cadence]
    sample_sizes: tuple[SampleSize, ...]
    opinions: tuple[OpinionElement, ...]
    misconceptions: tuple[TypeMisconception, ...]
    letters: tuple[LetterRow, ...]

    def note(self, note_id: str, report_id: str) -> NoteText:
        """Return the sentence for one report, or else the one for every report."""
        return self.notes.get((note_id, report_id)) or self.notes[note_id, ""]


def build_periods(tables: Tables) -> PeriodTables:
    """Return the tables on periods as records."""
    thresholds = [_threshold(row) for row in tables["thresholds"]]
    readings = [_reading(row) for row in tables["readings"]]
    return PeriodTables(
        thresholds={threshold.threshold_id: threshold for threshold in thresholds},
        readings={reading.reading_id: reading for reading in readings},
        rules=tuple(reading_rule(row) for row in tables["period_readings"]),
        notes={_note_key(row): _note(row) for row in tables["period_notes"]},
        worked=tuple(_worked(row) for row in tables["worked_periods"]),
        shared_evidence=tuple(
            SharedEvidence(**_texts(row), provenance=row.provenance())
            for row in tables["shared_evidence"]
        ),
        cadences={row.cells["cadence_id"]: _cadence(row) for row in tables["cadences"]},
        sample_sizes=tuple(_sample_size(row) for row in tables["sample_sizes"]),
        opinions=tuple(
            OpinionElement(**_texts(row), provenance=row.provenance()) for row in tables["opinions"]
        ),
        misconceptions=tuple(
            TypeMisconception(**_texts(row), provenance=row.provenance())
            for row in tables["type_misconceptions"]
        ),
        letters=tuple(sorted(map(_letter_row, tables["letters"]), key=lambda row: row.place)),
    )


def _texts(row: Row) -> dict[str, str]:
    """Return the cells of a row that are the same in both voices, without its provenance."""
    voices = ("_vendor", "_buyer")
    return {
        column: text
        for column, text in row.cells.items()
        if column not in PROVENANCE and not column.endswith(voices)
    }


def _threshold(row: Row) -> Threshold:
    texts = _texts(row)
    value = int(texts.pop("value"))
    return Threshold(**texts, value=value, provenance=row.provenance())


def _reading(row: Row) -> Reading:
    texts = _texts(row)
    rank, covers = int(texts.pop("rank")), texts.pop("covers") == YES
    meaning = row.by_voice("meaning")
    return Reading(**texts, rank=rank, covers=covers, meaning=meaning, provenance=row.provenance())


def reading_rule(row: Row) -> ReadingRule:
    """Return one row of ``period_readings.csv`` as a record."""
    return ReadingRule(**_texts(row), because=row.by_voice("because"), provenance=row.provenance())


def _cadence(row: Row) -> Cadence:
    texts = _texts(row)
    every, least = int(texts.pop("every")), int(texts.pop("least"))
    return Cadence(**texts, every=every, least=least, provenance=row.provenance())


def _sample_size(row: Row) -> SampleSize:
    texts = _texts(row)
    least, most = int(texts.pop("least")), int(texts.pop("most"))
    return SampleSize(**texts, least=least, most=most, provenance=row.provenance())


def _letter_row(row: Row) -> LetterRow:
    texts = _texts(row)
    place = int(texts.pop("place"))
    return LetterRow(**texts, place=place, provenance=row.provenance())


def _note_key(row: Row) -> tuple[str, str]:
    return row.cells["note_id"], row.cells["report_id"]


def _note(row: Row) -> NoteText:
    return NoteText({"vendor": row.cells["vendor"], "buyer": row.cells["buyer"]}, row.provenance())


def _worked(row: Row) -> WorkedPeriod:
    cells = row.cells

    def day(column: str) -> date:
        return date.fromisoformat(cells[column])

    return WorkedPeriod(
        case_id=cells["case_id"],
        title=cells["title"],
        fiscal_year_start=day("fiscal_year_start"),
        fiscal_year_end=day("fiscal_year_end"),
        period_start=day("period_start"),
        period_end=day("period_end"),
        overlap_days=int(cells["overlap_days"]),
        overlap_percent=float(cells["overlap_percent"]),
        gap_days=int(cells["gap_days"]),
        reading_id=cells["reading_id"],
        lesson=cells["lesson"],
        provenance=row.provenance(),
    )

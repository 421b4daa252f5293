"""Frozen records for the tables on periods, how they are built, and their checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import NamedTuple

from soclib.dates import PeriodError, read_day
from soclib.errors import Fault
from soclib.tables.rows import DATE, NO, PROVENANCE, YES, Provenance, Row, Tables


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
    """One part of a letter: ``kind`` is that of a block, see ``soclib/paper/blocks.py``.

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


TWELVE = 12
Limits = Mapping[str, int]

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


# --- checks ---------------------------------------------------------------------------------------


LIMITS = ("overlap_at_least", "overlap_below", "gap_above", "gap_at_most")
WHOLE = re.compile(r"-?[0-9]{1,3}")
COUNT = re.compile(r"[1-9][0-9]{0,2}")
DAYS = re.compile(r"[0-9]{1,3}")
PERCENT = re.compile(r"[0-9]{1,3}\.[0-9]")
MISSING = "this row is missing; copy it from the shipped table"
BASES = ("convention", "standard", "own")
# What code asks for by its id, so that a table without it is refused when it is loaded.
NEEDED_THRESHOLDS = (
    *("longest_period", "calendar_slack", "bridge_longest", "reporting_lag", "type_1_lag"),
    *("plan_horizon", "plan_longest", "soc1_shortest_period", "soc2_shortest_period"),
    "evidence_stretch_longest",
)
NEEDED_NOTES = (
    *("bridge_yes", "bridge_too_long", "bridge_none", "bridge_no_overlap", "bridge_as_of"),
    *("instead_bridge_too_long", "instead_bridge_none", "instead_bridge_no_overlap"),
    *("instead_bridge_as_of", "as_of", "ends_after", "starts_inside", "whole_year"),
    *("short_period", "contiguous", "break", "overlapping", "future", "running", "ended"),
    *("future_date", "deadline_met", "deadline_type_1", "deadline_missed"),
    *("align_same", "align_part", "align_none", "window_yes", "window_no", "window_depends"),
    *("window_unknown", "window_continuous", "window_started", "window_missed"),
    *("window_missed_all", "sample_sizes"),
)

# Under what a part of a letter stands there, and what can be filled in.
CONDITIONS = (
    *("soc1", "soc2", "changes_some", "changes_none", "changes_open", "issues_some"),
    *("issues_none", "issues_open", "deadline", "no_deadline", "current_type_1"),
    *("current_type_2", "current_bridgeable", "current_not_bridgeable", "needs_report"),
    *("needs_soc1", "needs_soc2", "no_type_2"),
)
LETTER_FIELDS = (
    *("service_organization", "system", "service_auditor", "customer", "signed_by", "signed_on"),
    *("through", "changes", "issues", "period_start", "period_end", "gap_start", "report"),
    *("fiscal_year_start", "fiscal_year_end", "needed_by", "limit", "earliest_end"),
    *("reading", "gap"),
)
FIELD = re.compile(r"\{([^{}]*)\}")


def period_choices(tables: Tables) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield table, column and the values allowed in it."""
    reports = [row.cells["report_id"] for row in tables["reports"]]
    months = [row for row in tables["thresholds"] if row.cells["unit"] == "months"]
    limits = ["", *(row.cells["threshold_id"] for row in months)]
    readings = [row.cells["reading_id"] for row in tables["readings"]]
    yield "thresholds", "report_id", ("", *reports)
    yield "thresholds", "unit", ("months", "days")
    yield "thresholds", "basis", BASES
    yield "readings", "covers", (YES, NO)
    yield "period_readings", "report_id", reports
    yield "period_readings", "reading_id", readings
    for column in LIMITS:
        yield "period_readings", column, limits
    yield "period_notes", "report_id", ("", *reports)
    yield "worked_periods", "reading_id", readings
    yield "shared_evidence", "counted", ("once", "each", "soc1", "soc2")
    yield "cadences", "unit", ("continuous", "day", "workday", "week", "month", "event")
    yield "letters", "letter_id", ("bridge", "request")
    yield "letters", "kind", ("title", "heading", "text", "item", "fine")
    yield "letters", "applies", ("", *CONDITIONS)
    yield "sample_sizes", "cadence_id", [row.cells["cadence_id"] for row in tables["cadences"]]


def check_periods(tables: Tables) -> Iterator[Fault]:
    """Yield what is wrong with the tables on periods beyond single choices."""
    faults = [*_forms(tables), *_words(tables), *_needed(tables)]
    yield from faults or _unsound(tables)


def _forms(tables: Tables) -> Iterator[Fault]:
    """Yield cells that are no number and no date."""
    for row in tables["thresholds"]:
        yield from _form(row, "value", WHOLE, "use a whole number")
    for name, column in (
        *(("readings", "rank"), ("cadences", "every"), ("cadences", "least")),
        *(("sample_sizes", "least"), ("sample_sizes", "most"), ("letters", "place")),
    ):
        for row in tables[name]:
            yield from _form(row, column, COUNT, "use a whole number from 1")
    for row in tables["worked_periods"]:
        for column in ("fiscal_year_start", "fiscal_year_end", "period_start", "period_end"):
            yield from _day(row, column)
        yield from _form(row, "overlap_days", DAYS, "use a whole number of days")
        yield from _form(row, "gap_days", WHOLE, "use a whole number of days")
        yield from _form(row, "overlap_percent", PERCENT, "use one decimal, such as 74.8")


def _words(tables: Tables) -> Iterator[Fault]:
    """Yield letters with a word in braces that nobody fills in."""
    for row in tables["letters"]:
        for field in FIELD.findall(row.cells["text"]):
            if field not in LETTER_FIELDS:
                known = ", ".join(LETTER_FIELDS)
                yield row.fault("text", f"{{{field}}} is unknown; use some of {known}")


def _form(row: Row, column: str, form: re.Pattern[str], remedy: str) -> Iterator[Fault]:
    if not form.fullmatch(row.cells[column]):
        yield row.fault(column, remedy)


def _day(row: Row, column: str) -> Iterator[Fault]:
    try:
        read_day(row.cells[column])
    except PeriodError as error:
        yield row.fault(column, str(error))
    else:
        yield from _form(row, column, DATE, "use a date such as 2026-11-23")


def _needed(tables: Tables) -> Iterator[Fault]:
    """Yield what the calendar asks for and does not find."""
    thresholds = {row.cells["threshold_id"] for row in tables["thresholds"]}
    for name in NEEDED_THRESHOLDS:
        if name not in thresholds:
            yield Fault("thresholds.csv", 0, "threshold_id", name, MISSING)
    notes = {(row.cells["note_id"], row.cells["report_id"]) for row in tables["period_notes"]}
    reports = dict.fromkeys(row.cells["report_id"] for row in tables["period_readings"])
    for name, report_id in product(NEEDED_NOTES, reports):
        if not notes & {(name, report_id), (name, "")}:
            yield Fault("period_notes.csv", 0, "note_id", name, f"for {report_id} {MISSING}")


def _unsound(tables: Tables) -> Iterator[Fault]:
    """Yield, per report, where its table over overlap and gap is silent or says two things."""
    limits = {row.cells["threshold_id"]: int(row.cells["value"]) for row in tables["thresholds"]}
    rows = tables["period_readings"]
    if any(row.cells[column] not in {"", *limits} for row in rows for column in LIMITS):
        return  # an unknown threshold is a fault of its own
    for report_id in dict.fromkeys(row.cells["report_id"] for row in rows):
        mine = [row for row in rows if row.cells["report_id"] == report_id]
        rules = tuple(reading_rule(row) for row in mine)
        for cell in unsound_cells(rules, limits):
            said = " and ".join(cell.rule_ids) or "no row"
            remedy = f"an overlap of {cell.overlap} and a gap of {cell.gap} months meet {said}"
            row = next((r for r in mine if r.cells["reading_rule_id"] in cell.rule_ids), mine[0])
            yield row.fault("reading_rule_id", f"{remedy}; let exactly one row hold")
            break

"""The tables on periods: thresholds, readings, notes, worked cases, cadences, types and letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import NamedTuple

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import ID, WHOLE
from soclib.tables.rows import Provenance, Row, Tables
from soclib.tables.schema import Part, Records, table

TYPE_1, TYPE_2 = "type_1", "type_2"
TYPES = (TYPE_1, TYPE_2)
TWELVE = 12  # months of a year
Limits = Mapping[str, int]
LIMITS = ("overlap_at_least", "overlap_below", "gap_above", "gap_at_most")
MONTHS = ("unit", "months")  # the thresholds that a limit can be
CADENCE_UNITS = ("continuous", "day", "workday", "week", "month", "event")
MISSING = "this row is missing; copy it from the shipped table"
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
# When a part of a letter is in it, and which words in braces can be filled in.
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
FIELD = re.compile(r"\{([^{}]*)\}")  # anything in braces, so that a misspelt word is found


@table("thresholds")
class Threshold:
    """A number that somebody chose.

    A caller may override values by id. Thresholds whose id begins with `plan_length_` are the
    lengths that a plan offers.
    """

    threshold_id: str = column.ident("name of the threshold")
    report_id: str = column.ref(
        "the report that it holds for; blank for every report", "reports", blank=True
    )
    value: int = column.whole("the number", -999, 999)
    unit: str = column.one_of("what it counts", "months", "days")
    basis: str = column.one_of(
        "where it comes from: `convention`; `standard`, a standard mentions it; `own`, a choice of"
        " this project",
        *("convention", "standard", "own"),
    )
    meaning: str = column.text("what it is used for")
    provenance: Provenance = column.origin()


@table("readings")
class Reading:
    """How far a report supports reliance on how controls ran."""

    reading_id: str = column.ident("name of the reading")
    label: str = column.text("what it is called on screen")
    mark: str = column.text("sign next to the label")
    rank: int = column.whole("1 is best", 1, 999)
    covers: bool = column.yes_no("whether a customer counts as covered")
    meaning: dict[str, str] = column.voices("what it means")
    provenance: Provenance = column.origin()


@table("period_readings")
class ReadingRule:
    """One row of the table over overlap and gap, which says what a period is worth.

    It holds where overlap >= `overlap_at_least`, overlap < `overlap_below`, gap > `gap_above` and
    gap <= `gap_at_most`; a blank limit always holds. For every overlap and gap exactly one row per
    report must hold, or nothing is loaded.

    Months are counted by the calendar: whole months of overlap, begun months of gap, in both up to
    `calendar_slack` days forgiven; a gap is negative by the whole months that a period runs past
    the year-end. In a fiscal year that is not twelve months long the overlap is read in proportion
    to twelve.
    """

    reading_rule_id: str = column.ident("name of the row")
    report_id: str = column.ref("the report", "reports")
    reading_id: str = column.ref("what a period is then worth", "readings")
    overlap_at_least: str = column.ref(
        "least overlap, in months", "thresholds", where=MONTHS, blank=True
    )
    overlap_below: str = column.ref(
        "the overlap is smaller than this", "thresholds", where=MONTHS, blank=True
    )
    gap_above: str = column.ref(
        "the gap is longer than this", "thresholds", where=MONTHS, blank=True
    )
    gap_at_most: str = column.ref("longest gap, in months", "thresholds", where=MONTHS, blank=True)
    because: dict[str, str] = column.voices("why, in one sentence")
    provenance: Provenance = column.origin()


@table("period_notes", key=("note_id", "report_id"))
class NoteText:
    """A sentence about a period, with words in braces to fill in."""

    note_id: str = column.matching(
        "what is said, once for every report or once for each",
        ID.pattern,
        "use letters, digits, hyphens and underscores only",
    )
    report_id: str = column.ref(
        "the report that it is about; blank for every report", "reports", blank=True
    )
    text: dict[str, str] = column.voices("the sentence")
    provenance: Provenance = column.origin()


@table("worked_periods")
class WorkedPeriod:
    """A worked case, to the day: a fiscal year, a report period, and what follows.

    Tests compute them again.
    """

    case_id: str = column.ident("name of the case")
    title: str = column.text("what it is called on screen")
    fiscal_year_start: date = column.day("first day of the fiscal year")
    fiscal_year_end: date = column.day("last day of the fiscal year")
    period_start: date = column.day("first day of the report's period")
    period_end: date = column.day("last day of the report's period")
    overlap_days: int = column.whole("days of the fiscal year in the period", 0, 999, of="days")
    overlap_percent: float = column.decimal("the same in per cent of the fiscal year")
    gap_days: int = column.whole(
        "days from the end of the period to the year-end; negative past it", -999, 999, of="days"
    )
    reading_id: str = column.ref("what the period is worth", "readings")
    lesson: str = column.text("what the case shows")
    provenance: Provenance = column.origin()


@table("shared_evidence")
class SharedEvidence:
    """Evidence of two reports in one programme."""

    element_id: str = column.ident("name of the evidence")
    element: str = column.text("what it shows")
    counted: str = column.one_of(
        "`once`: it serves both; `each`: both need their own; or only the one that needs it",
        *("once", "each", "soc1", "soc2"),
    )
    why: str = column.text("why")
    provenance: Provenance = column.origin()


@table("cadences")
class Cadence:
    """How often a control runs."""

    cadence_id: str = column.ident("name of the cadence")
    label: str = column.text("what it is called on screen")
    unit: str = column.one_of("the unit of time, or what makes it run", *CADENCE_UNITS)
    every: int = column.whole("it runs once in so many of them", 1, 999)
    least: int = column.whole("so many operations show that it operated", 1, 999)
    meaning: str = column.text("what it means")
    provenance: Provenance = column.origin()


@table("sample_sizes")
class SampleSize:
    """An example from practice of how many operations are looked at; never a rule."""

    sample_id: str = column.ident("name of the example")
    cadence_id: str = column.ref("how often the control runs", "cadences")
    least: int = column.whole("from so many operations", 1, 999)
    most: int = column.whole("to so many", 1, 999)
    remark: str = column.text("whose example it is")
    provenance: Provenance = column.origin()


@table("opinions")
class OpinionElement:
    """One element of an opinion: what each type of report says to it, and what not."""

    element_id: str = column.ident("name of the element")
    element: str = column.text("what it is called on screen")
    type_1: str = column.text("what a Type 1 says to it")
    type_2: str = column.text("what a Type 2 says to it")
    provenance: Provenance = column.origin()


@table("type_misconceptions")
class TypeMisconception:
    """Something that is often heard about types and is wrong."""

    misconception_id: str = column.ident("name of the misconception")
    heard: str = column.text("what is heard")
    correct: str = column.text("what is correct")
    why: str = column.text("why")
    provenance: Provenance = column.origin()


@table("letters", key=("letter_id", "place"))
class LetterRow:
    """One part of a letter.

    Words in braces are filled in; what nobody filled in stays a bracketed prompt of `words.csv`.
    """

    letter_id: str = column.one_of("the letter", "bridge", "request")
    place: int = column.whole("its place in the letter", 1, 999)
    kind: str = column.one_of("what part it is", "title", "heading", "text", "item", "fine")
    applies: str = column.one_of(
        "the condition under which it is in the letter; blank for always", "", *CONDITIONS
    )
    text: str = column.text("the text, with words in braces")
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class PeriodTables:
    """All tables on periods; notes by note and report, the report blank where a note is for all."""

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
        """Return the sentence for one report, or the one for every report."""
        return self.notes.get((note_id, report_id)) or self.notes[note_id, ""]


def _periods(records: Records) -> PeriodTables:
    return PeriodTables(
        thresholds=records.by_id(Threshold),
        readings=records.by_id(Reading),
        rules=records.all(ReadingRule),
        notes={(note.note_id, note.report_id): note for note in records.all(NoteText)},
        worked=records.all(WorkedPeriod),
        shared_evidence=records.all(SharedEvidence),
        cadences=records.by_id(Cadence),
        sample_sizes=records.all(SampleSize),
        opinions=records.all(OpinionElement),
        misconceptions=records.all(TypeMisconception),
        letters=tuple(sorted(records.all(LetterRow), key=lambda part: part.place)),
    )


# --- the table over overlap and gap ---------------------------------------------------------------


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


class UnsoundCell(NamedTuple):
    """An overlap and a gap in months for which the table gives no reading, or several."""

    overlap: int
    gap: int
    rule_ids: tuple[str, ...]


def unsound_cells(rules: tuple[ReadingRule, ...], limits: Limits) -> Iterator[UnsoundCell]:
    """Yield where one report's table gives no reading, or several; nothing if it is sound.

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
        rule_ids = tuple(rule.reading_rule_id for rule in matching(rules, limits, overlap, gap))
        if len(rule_ids) != 1:
            yield UnsoundCell(overlap, gap, rule_ids)


# --- what spans rows or cells ---------------------------------------------------------------------


def check_periods(tables: Tables) -> Iterator[Fault]:
    """Yield unknown words in letters, missing rows, and where not exactly one reading holds."""
    yield from _check_letters(tables)
    yield from _check_needed(tables)
    yield from _check_readings(tables)


def _check_letters(tables: Tables) -> Iterator[Fault]:
    """Yield words in braces in letters that no letter fills in."""
    known = ", ".join(LETTER_FIELDS)
    for row in tables["letters"]:
        for field in FIELD.findall(row.cells["text"]):
            if field not in LETTER_FIELDS:
                yield row.fault("text", f"{{{field}}} is unknown; use some of {known}")


def _check_needed(tables: Tables) -> Iterator[Fault]:
    """Yield the thresholds and notes that code asks for by id and that are missing."""
    thresholds = tables.ids("thresholds")
    for name in NEEDED_THRESHOLDS:
        if name not in thresholds:
            yield Fault("thresholds.csv", 0, "threshold_id", name, MISSING)
    notes = {(row.cells["note_id"], row.cells["report_id"]) for row in tables["period_notes"]}
    for name, report_id in product(NEEDED_NOTES, tables.ids("period_readings.report_id")):
        if not notes & {(name, report_id), (name, "")}:
            yield Fault("period_notes.csv", 0, "note_id", name, f"for {report_id} {MISSING}")


def _check_readings(tables: Tables) -> Iterator[Fault]:
    """Yield, for each report, the first overlap and gap for which no row holds, or several do."""
    values = {row.cells["threshold_id"]: row.cells["value"] for row in tables["thresholds"]}
    limits = {name: int(value) for name, value in values.items() if WHOLE.fullmatch(value)}
    rows = tables["period_readings"]
    if any(row.cells[name] not in {"", *limits} for row in rows for name in LIMITS):
        return  # an unknown threshold, or one without a number, is reported elsewhere
    for report_id in tables.ids("period_readings.report_id"):
        own = [row for row in rows if row.cells["report_id"] == report_id]
        for cell in unsound_cells(tuple(map(_rule, own)), limits):
            row = next((r for r in own if r.cells["reading_rule_id"] in cell.rule_ids), own[0])
            holding = " and ".join(cell.rule_ids) or "no row"
            remedy = f"an overlap of {cell.overlap} and a gap of {cell.gap} months meet {holding}"
            yield row.fault("reading_rule_id", f"{remedy}; let exactly one row hold")
            break


def _rule(row: Row) -> ReadingRule:
    cells = row.cells
    return ReadingRule(
        reading_rule_id=cells["reading_rule_id"],
        report_id=cells["report_id"],
        reading_id=cells["reading_id"],
        overlap_at_least=cells["overlap_at_least"],
        overlap_below=cells["overlap_below"],
        gap_above=cells["gap_above"],
        gap_at_most=cells["gap_at_most"],
        because={},
        provenance=row.provenance(),
    )


PERIODS = Part(
    (
        *(Threshold, Reading, ReadingRule, NoteText, WorkedPeriod, SharedEvidence, Cadence),
        *(SampleSize, OpinionElement, TypeMisconception, LetterRow),
    ),
    _periods,
    (check_periods,),
)

"""Check the tables on periods; part of ``checks``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from soclib.dates import PeriodError, read_day
from soclib.model import NO, YES
from soclib.period_records import reading_rule
from soclib.readings import unsound_cells
from soclib.rows import DATE, Fault, Row, Tables

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

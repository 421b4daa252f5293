"""What a user filled in on a report, as keywords or as the rows of a CSV, read and checked.

Every fault is listed with its place, value and remedy, and nothing is concluded until all of them
are fixed. What is left out, or answered as unknown, stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import PeriodError, read_day
from soclib.errors import DataError, Fault, did_you_mean
from soclib.periods.given import checked_days, longest_months
from soclib.periods.tables import TYPE_1
from soclib.received.tables import CHOICE, COUNT, DAY, DERIVED, RECEIVED, ReceivedInput
from soclib.tables.files import own_rows
from soclib.tables.rows import NO, UNKNOWN, YES

InputValue = str | int | bool | date | None
REPORT, VENDOR = "report", "vendor"
NAMES = (REPORT, VENDOR)
COUNTED = ("carve_outs", "cuecs", "exceptions")
OPEN = "_open"
PERIOD = ("period_start", "period_end", "fiscal_year_start", "fiscal_year_end")
INPUT_OF = {"start": "period_start", "end": "period_end"}  # where the days of a period differ
NOT_KNOWN = ("", UNKNOWN, "notsure", "notknown", "na", "-")
WHOLE = re.compile(r"[0-9]{1,6}")


class ReportError(ValueError):
    """What was filled in cannot be used; ``faults`` lists every reason."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class FilledReport(NamedTuple):
    """One report as filled in.

    ``given`` holds choices as ids, counts and days as text, and leaves out what is unknown;
    ``days`` holds the period and the fiscal year.
    """

    name: str
    vendor: str
    given: dict[str, str]
    days: dict[str, date | None]


def fill_in(findings: Mapping[str, InputValue], catalog: Catalog) -> FilledReport:
    """Return a report from keywords; raises ``ReportError`` that lists every fault."""
    known = (*NAMES, *_asked(catalog))
    faults = [did_you_mean("finding", key, known) for key in findings if key not in known]
    cells = {key: _text(value) for key, value in findings.items() if key in known}
    filled, wrong = _read(cells, catalog)
    faults += [f"{name} {cells.get(name, '')!r}: {remedy}" for name, remedy in wrong]
    if faults:
        raise ReportError(tuple(faults))
    return filled


def fill_in_rows(source: str | Path, catalog: Catalog, name: str = "") -> list[FilledReport]:
    """Return the reports of a CSV, one row each; raises ``DataError`` that lists every fault.

    The column ``report`` is needed, all others are optional; see ``received_inputs.csv``.
    """
    rows = own_rows(source, (REPORT,), (VENDOR, *_asked(catalog)), name)
    faults: list[Fault] = []
    reports, lines = [], dict[str, int]()
    for row in rows:
        report, wrong = _read(row.cells, catalog)
        faults += [row.fault(column, remedy) for column, remedy in wrong]
        if not report.name:
            faults.append(row.fault(REPORT, "must not be blank; give the report a name"))
        elif report.name in lines:
            remedy = f"is already on line {lines[report.name]}; use another name"
            faults.append(row.fault(REPORT, remedy))
        lines.setdefault(report.name, row.line)
        reports.append(report)
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))
    return reports


def _asked(catalog: Catalog) -> list[str]:
    """Return the ids of the inputs that a user fills in."""
    inputs = catalog.part(RECEIVED).inputs.values()
    return [asked.input_id for asked in inputs if asked.kind != DERIVED]


def _text(value: InputValue) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


# --- one report -----------------------------------------------------------------------------------


def _read(cells: Mapping[str, str], catalog: Catalog) -> tuple[FilledReport, list[tuple[str, str]]]:
    """Return a report, and for every fault the name of the input and the remedy."""
    given: dict[str, str] = {}
    faults: list[tuple[str, str]] = []
    for input_id in _asked(catalog):
        text = cells.get(input_id, "")
        if _plain(text) in NOT_KNOWN:
            continue
        try:
            given[input_id] = _value(catalog.part(RECEIVED).inputs[input_id], text)
        except (PeriodError, ReportError) as error:
            faults.append((input_id, str(error)))
    days, wrong = _days({key: given[key] for key in PERIOD if key in given})
    faults += [*wrong, *_count_faults(given), *_type_faults(given, catalog)]
    return FilledReport(cells.get(REPORT, ""), cells.get(VENDOR, ""), given, days), faults


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower()) or text.strip()


def _value(asked: ReceivedInput, text: str) -> str:
    """Return one answer as its id, its number or its day.

    Raises ``ReportError`` or ``PeriodError`` with the remedy.
    """
    if asked.kind == CHOICE:
        spelt = {_plain(key): key for key in asked.choices}
        spelt |= {_plain(choice.label): key for key, choice in asked.choices.items()}
        if _plain(text) not in spelt:
            message = f"use one of {', '.join(asked.choices)}, or leave it blank"
            raise ReportError((message,))
        return spelt[_plain(text)]
    if asked.kind == COUNT:
        if not WHOLE.fullmatch(text):
            raise ReportError(("use a whole number, or leave it blank",))
        return str(int(text))
    return read_day(text).isoformat() if asked.kind == DAY else text


def _days(given: Mapping[str, str]) -> tuple[dict[str, date | None], list[tuple[str, str]]]:
    """Return the period and the fiscal year as days, and what is wrong with their order."""
    short = {name: key for key, name in INPUT_OF.items()}
    named: dict[str, str | date | None] = {short.get(key, key): given.get(key) for key in PERIOD}
    days, faults = checked_days(named, needed=(), longest=longest_months(), called=INPUT_OF)
    return days, [(INPUT_OF.get(name, name), text.partition(": ")[2]) for name, text in faults]


def _count_faults(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the counts by which more things are open than there are."""
    for name in COUNTED:
        total, count = given.get(name), given.get(name + OPEN)
        if total is not None and count is not None and int(count) > int(total):
            yield name + OPEN, f"more than {name} {total}; fix one of them"


def _type_faults(given: Mapping[str, str], catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield answers that the type or the kind of report cannot have."""
    tables = catalog.part(RECEIVED)
    if given.get("type_id") == TYPE_1 and "period_start" in given:
        yield "period_start", "a Type 1 speaks of one date; leave it blank, or fix type_id"
    for key in (*COUNTED, *(name + OPEN for name in COUNTED)):
        check = tables.checks[tables.inputs[key].check_id]
        for column, shown in (("report_id", check.report_ids), ("type_id", check.type_ids)):
            value = given.get(column)
            if value and value not in shown and int(given.get(key, "0")):
                remedy = f"a report with {column} {value} shows none; leave it blank, or fix one"
                yield key, remedy

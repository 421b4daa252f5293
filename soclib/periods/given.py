"""Days, year-ends and report periods as users give them: as arguments, in a CSV, or pasted.

Every fault is listed with line, column, value and remedy, and nothing comes back until all of them
are fixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from soclib.catalog import load_catalog
from soclib.dates import Day, MonthDay, PeriodError, add_months, read_day, read_year_end
from soclib.errors import DataError, Fault
from soclib.periods.tables import PERIODS
from soclib.tables.files import own_rows
from soclib.tables.rows import Row

COUNT = re.compile(r"[1-9][0-9]{0,8}")


class YearEnd(NamedTuple):
    """A customer's year-end: one day, or a day of every year.

    ``start`` is the first day of that fiscal year where it is not an ordinary year; ``weight`` says
    how much the customer counts, ``deadline`` by when the customer needs the report.
    """

    customer: str
    end: date | MonthDay
    start: date | None = None
    weight: int = 1
    deadline: date | None = None


AnyYearEnd = YearEnd | Day | tuple[Day, Day]


class ReportPeriod(NamedTuple):
    """A report with its period (no ``start``: as of ``end``) and the year it is read against."""

    label: str
    start: date | None
    end: date
    fiscal_year_end: date | None = None
    fiscal_year_start: date | None = None


def order_faults(
    first: date | None, last: date | None, longest: int, names: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the name of the day that is wrong, and the remedy, for a span of days.

    ``longest`` is in months; ``names`` are what the first and the last day are called.
    """
    if first is None or last is None:
        return
    if first > last:
        yield names[1], f"it lies before {names[0]} {first}; swap the two, or mend one"
    elif last >= add_months(first, longest):
        yield names[1], f"it makes more than {longest} months from {names[0]} {first}; mend one"


# --- arguments -----------------------------------------------------------------------------------


def read_days(
    named: Mapping[str, Day | None], *, needed: tuple[str, ...], longest: int
) -> dict[str, date | None]:
    """Return days by the name of their argument; raises ``PeriodError`` that lists every fault."""
    days, faults = checked_days(named, needed=needed, longest=longest)
    if faults:
        raise PeriodError(sentence for _name, sentence in faults)
    return days


def checked_days(
    named: Mapping[str, Day | None],
    *,
    needed: tuple[str, ...],
    longest: int,
    read: Callable[[Day], date] = read_day,
    called: Mapping[str, str] | None = None,
) -> tuple[dict[str, date | None], list[tuple[str, str]]]:
    """Return days by the name of their argument, and of every fault the name and the sentence.

    ``read`` reads one day; ``called`` says what an argument is called in a fault.
    """
    words = {name: name for name in named} | dict(called or {})
    days: dict[str, date | None] = dict.fromkeys(named)
    faults: list[tuple[str, str]] = []
    for name, value in named.items():
        if value is not None or name in needed:
            try:
                days[name] = read("" if value is None else value)
            except PeriodError as error:
                faults.append((name, f"{words[name]} {_quoted(value)}: {error}"))
    return days, faults + [
        (name, f"{words[name]} {remedy}")
        for name, remedy in _wrong_order(named, days, longest, words)
    ]


def _wrong_order(
    named: Mapping[str, Day | None],
    days: Mapping[str, date | None],
    longest: int,
    words: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Yield the name of each day that is before or after another one by mistake, and the remedy."""
    for first, last in (("start", "end"), ("fiscal_year_start", "fiscal_year_end")):
        names = words.get(first, first), words.get(last, last)
        for _name, remedy in order_faults(days.get(first), days.get(last), longest, names):
            yield last, f"{_quoted(named[last])}: {remedy}"
    before, end = days.get("previous_end"), days.get("end")
    if before and end and before >= end:
        remedy = f"it lies on or after {words['end']} {end}; swap the reports"
        yield "previous_end", f"{before}: {remedy}"


def _quoted(value: object) -> str:
    return f"{value!r:.40}" if isinstance(value, str) else f"{value!s:.40}"


def needed_day(days: Mapping[str, date | None], name: str) -> date:
    """Return the day of one name; raises ``PeriodError`` when it is missing."""
    day = days[name]
    if day is None:
        message = f"{name}: a date is missing"
        raise PeriodError(message)
    return day


def read_many(year_ends: Iterable[AnyYearEnd], longest: int) -> list[YearEnd]:
    """Return year-ends given in any form as records; raises ``PeriodError`` with every fault."""
    customers: list[YearEnd] = []
    faults: list[str] = []
    for place, value in enumerate(year_ends, start=1):
        try:
            customers.append(value if isinstance(value, YearEnd) else _year_end_of(value, longest))
        except PeriodError as error:
            faults += [f"year-end {place}: {fault}" for fault in error.faults]
    if faults:
        raise PeriodError(faults)
    return customers


def _year_end_of(value: Day | tuple[Day, Day], longest: int) -> YearEnd:
    if isinstance(value, tuple):
        named = {"fiscal_year_start": value[0], "fiscal_year_end": value[1]}
        days = read_days(named, needed=tuple(named), longest=longest)
        return YearEnd("", needed_day(days, "fiscal_year_end"), days["fiscal_year_start"])
    try:
        return YearEnd("", read_year_end(value))
    except PeriodError as error:
        message = f"{_quoted(value)}: {error}"
        raise PeriodError(message) from error


# --- tables --------------------------------------------------------------------------------------


def read_year_ends(
    source: str | Path, *, name: str = "", longest: int | None = None
) -> tuple[YearEnd, ...]:
    """Return the customers of a CSV, one row each.

    Columns: ``customer``, ``fiscal_year_end`` and optionally ``fiscal_year_start``, ``weight`` and
    ``deadline``. ``source`` is a file, or the text itself when it holds a line break; ``name`` is
    what faults call it; ``longest`` is the longest fiscal year in months, by default
    the threshold ``longest_period``. Raises ``DataError`` that lists every fault.
    """
    required = ("customer", "fiscal_year_end")
    rows = own_rows(source, required, ("fiscal_year_start", "weight", "deadline"), name)
    faults = [*_repeated_customers(rows)]
    months = longest or longest_months()
    customers = [_year_end_of_row(row, months, faults) for row in rows]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))
    return tuple(customers)


def read_periods(
    source: str | Path, *, name: str = "", longest: int | None = None
) -> tuple[ReportPeriod, ...]:
    """Return the reports of a CSV, one row each.

    Columns: ``report``, ``period_start`` (blank: as of ``period_end``), ``period_end``, and
    optionally ``fiscal_year_end`` and ``fiscal_year_start``. Arguments and errors are those of
    ``read_year_ends``.
    """
    required = ("report", "period_start", "period_end")
    rows = own_rows(source, required, ("fiscal_year_end", "fiscal_year_start"), name)
    faults: list[Fault] = []
    months = longest or longest_months()
    periods = [_period_of_row(row, months, faults) for row in rows]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))
    return tuple(period for period in periods if period)


def longest_months() -> int:
    """Return the longest period or fiscal year that the shipped threshold allows, in months."""
    return load_catalog().part(PERIODS).thresholds["longest_period"].value


def _repeated_customers(rows: list[Row]) -> Iterator[Fault]:
    """Yield rows that name the same customer with the same year-end again."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.cells["customer"], row.cells["fiscal_year_end"])
        if not row.cells["customer"]:
            yield row.fault("customer", "must not be blank; fill it in")
        elif key in seen:
            yield row.fault("customer", f"is already on line {seen[key]} with the same year-end")
        seen.setdefault(key, row.line)


def _year_end_of_row(row: Row, longest: int, faults: list[Fault]) -> YearEnd:
    end = _read_cell(row, "fiscal_year_end", faults, yearly=True)
    start = _optional_day(row, "fiscal_year_start", faults)
    deadline = _optional_day(row, "deadline", faults)
    weight = row.cells["weight"] or "1"
    if not COUNT.fullmatch(weight):
        faults.append(row.fault("weight", "use a whole number from 1, or leave it blank"))
        weight = "1"
    if start and isinstance(end, MonthDay):
        remedy = "a first day needs a year-end with its year; write that as 2026-12-31"
        faults.append(row.fault("fiscal_year_start", remedy))
    elif start and isinstance(end, date):
        faults += _order(row, start, end, longest, ("fiscal_year_start", "fiscal_year_end"))
    return YearEnd(row.cells["customer"], end or date.min, start, int(weight), deadline)


def _period_of_row(row: Row, longest: int, faults: list[Fault]) -> ReportPeriod | None:
    start = _optional_day(row, "period_start", faults)
    end = _read_cell(row, "period_end", faults)
    year_start = _optional_day(row, "fiscal_year_start", faults)
    year_end = _optional_day(row, "fiscal_year_end", faults)
    if not isinstance(end, date):
        return None
    faults += _order(row, start, end, longest, ("period_start", "period_end"))
    faults += _order(row, year_start, year_end, longest, ("fiscal_year_start", "fiscal_year_end"))
    return ReportPeriod(row.cells["report"], start, end, year_end, year_start)


def _order(
    row: Row, first: date | None, last: date | None, longest: int, names: tuple[str, str]
) -> list[Fault]:
    return [
        row.fault(column, remedy) for column, remedy in order_faults(first, last, longest, names)
    ]


def _optional_day(row: Row, column: str, faults: list[Fault]) -> date | None:
    day = _read_cell(row, column, faults) if row.cells[column] else None
    return day if isinstance(day, date) else None


def _read_cell(
    row: Row, column: str, faults: list[Fault], *, yearly: bool = False
) -> date | MonthDay | None:
    """Return the day of a cell, or None with its fault added to the list."""
    try:
        return _read_year_end(row.cells[column]) if yearly else _read_day(row.cells[column])
    except PeriodError as error:
        faults.append(row.fault(column, str(error)))
        return None


# Thousands of customers share a few hundred dates.
_read_day = lru_cache(maxsize=4096)(read_day)
_read_year_end = lru_cache(maxsize=4096)(read_year_end)

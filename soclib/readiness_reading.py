"""A filled-in sheet as lines of text: which file, which row, which columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from soclib.readiness_file import ReadinessError
from soclib.readiness_kinds import COLUMNS
from soclib.readiness_sheets import INFO, SHEETS, let_go
from soclib.saving import missing_library
from soclib.tables import read_table

UNPACKED = 600_000_000  # bytes of what is in an .xlsx
ENCODED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # an .xlsx spells _x0041_ like this
REFUSED = {
    "f": "is a formula; paste its value instead",
    "e": "is an error of the spreadsheet; mend it",
    "b": "is true or false; use words",
}


class Problem(NamedTuple):
    """One cell that keeps a file from being taken in: where it is and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        return (
            f"{self.sheet} row {self.row}, column {self.column}: {self.value!r:.80}: {self.remedy}"
        )


class Line(NamedTuple):
    """One row of a sheet: its kind, where it stands, and its cells as text by column."""

    kind: str
    sheet: str
    row: int
    cells: dict[str, str]


def read_csv(place: Path, kind: str, problems: list[Problem]) -> Iterator[Line]:
    """Yield the rows of a .csv, and note what is wrong with its columns."""
    rows, faults = read_table(place)
    if faults:
        raise ReadinessError("\n".join(map(str, faults)))
    names = list(rows[0].cells)
    kind = kind or max(COLUMNS, key=lambda one: len(set(map(_plain, names)) & set(COLUMNS[one])))
    columns = _columns(kind, place.name, names, problems)
    for row in rows:
        cells = {columns[name]: let_go(text) for name, text in row.cells.items() if name in columns}
        if any(cells.values()):
            yield Line(kind, place.name, row.line, _tidied(cells))


def read_workbook(place: Path, _kind: str, problems: list[Problem]) -> Iterator[Line]:
    """Yield the rows of every known sheet of an .xlsx, and note what is wrong with its cells."""
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415 - only Office files need it

    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        package = "openpyxl"
        raise missing_library(package, place) from error
    try:
        with ZipFile(place) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                message = f"{place.name}: unpacks to more than {UNPACKED // 10**6} MB; split it"
                raise ReadinessError(message)
        book = load_workbook(place, read_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        if isinstance(error, ReadinessError):
            raise
        message = f"{place.name}: this is no .xlsx that can be read; save it anew as .xlsx"
        raise ReadinessError(message) from error
    try:
        yield from _sheets(book, place, problems)
    finally:
        book.close()


def _sheets(book: Any, place: Path, problems: list[Problem]) -> Iterator[Line]:  # noqa: ANN401
    kinds = {title.casefold(): kind for kind, title in SHEETS.items()}
    known = [title for title in book.sheetnames if title.strip().casefold() in kinds]
    if not known:
        message = f"{place.name}: has none of the sheets {', '.join(SHEETS.values())}"
        raise ReadinessError(message)
    # Items are taken in before what hangs on them.
    for title in sorted(known, key=lambda one: list(kinds).index(one.strip().casefold())):
        kind = kinds[title.strip().casefold()]
        yield from _sheet(kind, title, book[title], problems)


def _sheet(kind: str, title: str, rows: Any, problems: list[Problem]) -> Iterator[Line]:  # noqa: ANN401
    rows.reset_dimensions()  # which some programs write wrongly
    columns: dict[int, str] = {}
    for number, row in enumerate(rows.iter_rows(), start=1):
        if not columns:
            names = ["" if cell.value is None else str(cell.value) for cell in row]
            found = _columns(kind, title, names, problems)
            columns = {at: found[name] for at, name in enumerate(names) if name in found}
            if not columns:
                return
            continue
        cells = {}
        for at, cell in enumerate(row):
            if at in columns and cell.value is not None:
                text, remedy = _text(cell)
                cells[columns[at]] = text
                if remedy:
                    problems.append(Problem(title, number, columns[at], text, remedy))
        if any(cells.values()):
            blank = dict.fromkeys(columns.values(), "")
            yield Line(kind, title, number, _tidied(blank | cells))


def _text(cell: Any) -> tuple[str, str]:  # noqa: ANN401 - openpyxl carries no types
    """Return a cell as text, and what is wrong with it, if anything."""
    value = cell.value
    if cell.data_type in REFUSED:
        return str(value), REFUSED[cell.data_type]
    if isinstance(value, datetime):
        whole = value.time() == time.min
        return value.date().isoformat() if whole else str(value), "" if whole else "has a time"
    if isinstance(value, date):
        return value.isoformat(), ""
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return ENCODED.sub("_", text), ""


def _tidied(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text.replace("\r\n", "\n").replace("\r", "\n").strip() for name, text in cells.items()
    }


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _columns(
    kind: str, sheet: str, names: Sequence[str], problems: list[Problem]
) -> dict[str, str]:
    """Return the columns that are known, by the name that they have in the file."""
    expected = ("item_id", "revision", *COLUMNS[kind])
    plain = {name: _plain(name) for name in names}
    for name, found in plain.items():
        if found and found not in expected and not found.startswith(INFO):
            remedy = f"no such column; remove it, or begin its name with {INFO}"
            problems.append(Problem(sheet, 1, name, name, remedy))
    wanted = [found for found in plain.values() if found in expected]
    twice = "the column stands twice; keep one"
    problems += [Problem(sheet, 1, n, n, twice) for n in set(wanted) if wanted.count(n) > 1]
    return {name: found for name, found in plain.items() if found in expected}

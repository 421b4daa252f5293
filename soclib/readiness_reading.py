"""A filled-in sheet as lines of text: which file, which row, which columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from soclib.readiness_file import ReadinessError
from soclib.readiness_kinds import COLUMNS
from soclib.readiness_sheets import INFO, SHEETS, let_go
from soclib.saving import missing_library
from soclib.tables import read_table

LEFT_ALONE = ("read me",)  # sheets that nobody fills in
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
    if len(names) == 1 and (found := re.search(r"[;\t|]", names[0])):
        message = f"{place.name}: its columns are parted by {found[0]!r}; save it with commas"
        raise ReadinessError(message)
    kind = kind or max(COLUMNS, key=lambda one: len(set(map(_plain, names)) & set(COLUMNS[one])))
    columns = _columns(kind, place.name, names, problems)
    for row in rows:
        texts = [let_go(text) for text in row.cells.values()]
        cells = {columns[at]: text for at, text in enumerate(texts) if at in columns}
        problems += _nameless(place.name, row.line, enumerate(texts), names)
        if any(cells.values()):
            yield Line(kind, place.name, row.line, _tidied(cells))


def read_workbook(place: Path, _kind: str, problems: list[Problem]) -> Iterator[Line]:
    """Yield the rows of every known sheet of an .xlsx, and note what is wrong with its cells.

    A workbook may be damaged in more ways than its reader names: whatever it raises means the same.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        package = "openpyxl"
        raise missing_library(package, place) from error
    try:
        _check_size(place)
        book = load_workbook(place, read_only=True)
        try:
            yield from list(_sheets(book, place, problems))
        finally:
            book.close()
    except ReadinessError:
        raise
    except Exception as error:
        message = f"{place.name}: this is no .xlsx that can be read; save it anew as .xlsx"
        raise ReadinessError(message) from error


def _check_size(place: Path) -> None:
    from zipfile import ZipFile  # noqa: PLC0415 - only Office files need it

    with ZipFile(place) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED:
            message = f"{place.name}: unpacks to more than {UNPACKED // 10**6} MB; split it"
            raise ReadinessError(message)


def _sheets(book: Any, place: Path, problems: list[Problem]) -> Iterator[Line]:  # noqa: ANN401
    kinds = {title.casefold(): kind for kind, title in SHEETS.items()}
    titles = {sheet.title.strip().casefold(): sheet for sheet in book.worksheets}
    if not kinds.keys() & titles.keys():
        message = f"{place.name}: has none of the sheets {', '.join(SHEETS.values())}"
        raise ReadinessError(message)
    for title, sheet in titles.items():
        if title not in kinds and title not in LEFT_ALONE:
            remedy = f"no such sheet; name it one of {', '.join(SHEETS.values())}, or remove it"
            problems.append(Problem(sheet.title, 1, "-", sheet.title, remedy))
    for title, kind in kinds.items():  # items are taken in before what hangs on them
        if title in titles:
            yield from _sheet(kind, titles[title].title, titles[title], problems)


def _sheet(kind: str, title: str, sheet: Any, problems: list[Problem]) -> Iterator[Line]:  # noqa: ANN401
    sheet.reset_dimensions()  # which some programs write wrongly
    names: list[str] = []
    columns: dict[int, str] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        filled = [(at, cell) for at, cell in enumerate(row) if cell.value is not None]
        if not names and filled:
            names = ["" if cell.value is None else str(cell.value) for cell in row]
            columns = _columns(kind, title, names, problems)
            continue
        problems += _nameless(title, number, ((at, str(cell.value)) for at, cell in filled), names)
        cells = {}
        for at, cell in filled:
            if at in columns:
                text, remedy = _text(cell)
                cells[columns[at]] = text
                if remedy:
                    problems.append(Problem(title, number, columns[at], text, remedy))
        if any(cells.values()):
            blank = dict.fromkeys(columns.values(), "")
            yield Line(kind, title, number, _tidied(blank | cells))


def _nameless(
    sheet: str, row: int, cells: Iterable[tuple[int, str]], names: Sequence[str]
) -> Iterator[Problem]:
    """Yield what stands under no name: it would be lost."""
    remedy = "its column has no name; give it one"
    for at, text in cells:
        if text.strip() and (at >= len(names) or not names[at].strip()):
            yield Problem(sheet, row, f"number {at + 1}", text, remedy)


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
) -> dict[int, str]:
    """Return the columns that are known, by the place that they have in the file."""
    expected = ("item_id", "revision", *COLUMNS[kind])
    plain = [_plain(name) for name in names]
    for name, found in zip(names, plain, strict=True):
        if found and found not in expected and not found.startswith(INFO):
            remedy = f"no such column; remove it, or begin its name with {INFO}"
            problems.append(Problem(sheet, 1, name, name, remedy))
    wanted = [found for found in plain if found in expected]
    twice = "the column stands twice; keep one"
    problems += [Problem(sheet, 1, n, n, twice) for n in set(wanted) if wanted.count(n) > 1]
    return {at: found for at, found in enumerate(plain) if found in expected}

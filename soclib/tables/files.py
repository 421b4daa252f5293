"""CSV files as rows: the project's own, and a reader's, whose columns are found by name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from soclib.errors import DataError, Fault
from soclib.tables.rows import Row


def read_table(path: Path) -> tuple[list[Row], list[Fault]]:
    """Return the rows of a CSV file, or what keeps it from being read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return [], [
            Fault(path.name, 0, "-", str(error.strerror), "a file that can be read is needed")
        ]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return [], [Fault(path.name, line, "-", str(error), "save the file as UTF-8 CSV")]
    return parse_table(path.name, text)


def parse_table(file: str, text: str) -> tuple[list[Row], list[Fault]]:
    """Return the rows of a CSV text, or what keeps it from being read; ``file`` names it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns, rows, start = next(reader, []), [], reader.line_num + 1
        faults: list[Fault] = []
        for cells in reader:
            if len(cells) == len(columns):
                rows.append(Row(file, start, dict(zip(columns, cells, strict=True))))
            elif cells:
                rows.append(_row(file, start, columns, cells))
                faults += _check_width(rows[-1])
            start = reader.line_num + 1
    except csv.Error as error:
        return [], [Fault(file, reader.line_num, "-", str(error), "fix the quotes of this cell")]
    if twice := {column for column in columns if columns.count(column) > 1}:
        return [], [Fault(file, 1, c, c, "the column is there twice; keep one") for c in twice]
    if not rows:
        return [], [Fault(file, 1, "-", "", "the table is empty; add a row")]
    return rows, faults


def _row(file: str, line: int, columns: list[str], cells: list[str]) -> Row:
    """Return a record by column; surplus cells stand under None, missing ones are None."""
    paired: dict[Any, Any] = dict(zip_longest(columns, cells[: len(columns)]))
    if surplus := cells[len(columns) :]:
        paired[None] = surplus
    return Row(file, line, paired)


def _check_width(row: Row) -> Iterator[Fault]:
    if None in row.cells:  # csv puts surplus cells under the key None
        surplus = row.cells.pop(None)  # type: ignore[call-overload]
        yield Fault(row.file, row.line, "-", str(surplus), "more cells than columns; quote commas")
    for column, value in row.cells.items():
        if value is None:
            row.cells[column] = ""
            yield row.fault(column, "the line ends early; add the missing cells")


# --- a reader's own table -------------------------------------------------------------------------


PASTED = "pasted text"


def own_rows(
    source: str | Path, required: Sequence[str], optional: Sequence[str], name: str = ""
) -> list[Row]:
    """Return the rows of a reader's table with the columns asked for, blank where one is missing.

    ``source`` is a file, or the text itself when it holds a line break; ``name`` stands in faults.
    Capitals, blanks and hyphens in column names do not matter, further columns are left alone.
    Raises ``DataError`` that lists every fault.
    """
    if isinstance(source, str) and "\n" in source.replace("\r", "\n"):
        rows, faults = parse_table(name or PASTED, source.replace("\r\n", "\n").lstrip("\ufeff"))
    else:
        rows, faults = read_table(Path(source))
        rows = [row._replace(file=name or row.file) for row in rows]
    if not faults:
        faults = list(_header_faults(rows[0], required, optional))
    if faults:
        raise DataError(faults)
    places = {_plain(column): column for column in rows[0].cells}
    wanted = [(column, places.get(column, "")) for column in (*required, *optional)]
    return [_named(row, wanted) for row in rows]


def _plain(column: str) -> str:
    return re.sub(r"[\s_-]+", "_", column.strip().lower())


def _named(row: Row, wanted: Iterable[tuple[str, str]]) -> Row:
    """Return a row with only the columns asked for, under the names they were asked by."""
    cells = row.cells
    return row._replace(
        cells={name: cells[column].strip() if column else "" for name, column in wanted}
    )


def _header_faults(row: Row, required: Sequence[str], optional: Sequence[str]) -> Iterator[Fault]:
    found = [_plain(column) for column in row.cells]
    for column in (*required, *optional):
        if found.count(column) > 1:
            yield Fault(row.file, 1, column, column, "the column stands twice; keep one")
    missing = [column for column in required if column not in found]
    there = ", ".join(column for column in row.cells if column) or "none"
    for column in missing:
        remedy = f"the column is missing; add it (columns found: {there})"
        if len(row.cells) == 1:
            remedy += "; separate the columns with commas"
        yield Fault(row.file, 1, column, "", remedy)

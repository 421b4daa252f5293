"""A reader's own table: a CSV file or pasted text, its columns found by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from soclib.rows import DataError, Fault, Row
from soclib.tables import parse_table, read_table

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

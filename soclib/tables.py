"""Read every table in ``data/``; the only module that opens the project's data.

Nothing is half-loaded: ``load_catalog`` returns a whole catalog or raises one ``DataError`` that
lists every fault with file, line, column, value and remedy.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from functools import lru_cache
from itertools import product, zip_longest
from pathlib import Path
from typing import Any

from soclib.build import build
from soclib.checks import check
from soclib.model import Catalog
from soclib.rows import COLUMNS, OPEN_ENDED, OPTIONAL, WIDE, DataError, Fault, Row, Tables


def data_folder() -> Path:
    """Return the folder of the shipped tables, in a checkout or in an installed wheel."""
    here = Path(__file__).resolve().parent
    return next(folder for folder in (here / "data", here.parent / "data") if folder.is_dir())


def load_catalog(folder: str | Path | None = None) -> Catalog:
    """Return all tables of ``folder`` as one checked catalog.

    Without ``folder``: the shipped tables, read once per process. Raises ``DataError`` that lists
    every fault.
    """
    return _shipped() if folder is None else _load(Path(folder))


@lru_cache(maxsize=1)
def _shipped() -> Catalog:
    return _load(data_folder())


def _load(folder: Path) -> Catalog:
    tables, faults = _read(folder)
    if not faults:
        faults = [*check(tables), *_missing_texts(tables)]
    if faults:
        raise DataError(faults)
    return build(tables, _version(folder))


def _missing_texts(tables: Tables) -> Iterator[Fault]:
    """Yield the texts that screens need and a reader's own wording lacks."""
    shipped, _faults = read_table(data_folder() / "wording.csv")
    own = {row.cells["text_id"] for row in tables["wording"]}
    for row in shipped:
        if row.cells["text_id"] not in own:
            remedy = "this text is missing; copy its row from the shipped table"
            yield Fault("wording.csv", 0, "text_id", row.cells["text_id"], remedy)


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in sorted(COLUMNS):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8-sig")
        digest.update(name.encode() + b"\0" + text.replace("\r\n", "\n").encode() + b"\0")
    return digest.hexdigest()[:12]


def _read(folder: Path) -> tuple[Tables, list[Fault]]:
    tables: Tables = {}
    faults: list[Fault] = []
    for name in COLUMNS:
        rows, problems = read_table(folder / f"{name}.csv")
        tables[name] = rows
        faults += problems
        for row, column in product(rows, OPTIONAL.get(name, ())):
            row.cells.setdefault(column, "")
    if not faults:
        criteria = [row.cells.get("criterion_id", "") for row in tables["criteria"]]
        for name, columns in COLUMNS.items():
            expected = [*columns, *(criteria if name in WIDE else [])]
            faults += _check_header(name, tables[name], expected)
    return tables, faults


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
        for cells in reader:
            if cells:
                rows.append(_row(file, start, columns, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        return [], [Fault(file, reader.line_num, "-", str(error), "mend the quotes of this cell")]
    if twice := {column for column in columns if columns.count(column) > 1}:
        return [], [Fault(file, 1, c, c, "the column stands twice; keep one") for c in twice]
    if not rows:
        return [], [Fault(file, 1, "-", "", "the table is empty; add a row")]
    return rows, [fault for row in rows for fault in _check_width(row)]


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


def _check_header(name: str, rows: list[Row], expected: list[str]) -> Iterator[Fault]:
    file, found = f"{name}.csv", list(rows[0].cells)
    for column in expected:
        if column not in found:
            yield Fault(file, 1, column, "", "the column is missing; add it")
    spelt = {column.casefold(): column for column in expected}
    for column in found:
        near = spelt.get(column.strip().casefold())
        if column in expected:
            continue
        if name not in OPEN_ENDED:
            yield Fault(file, 1, column, column, "no such column; remove or rename it")
        elif near:
            yield Fault(file, 1, column, column, f"write it {near}, or give it another name")
        elif not column.strip():
            yield Fault(file, 1, "-", column, "a column has no name; name or remove it")

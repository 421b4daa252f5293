"""Vendor lists as files: CSV, XLSX and Parquet, read and written in parts that fit in memory.

A CSV file or a sheet may be untidy: lines above the header, blank lines, short lines, semicolons
instead of commas. What cannot be read is named with its line; only blank lines are dropped.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from soclib.catalog import Catalog
from soclib.errors import DataError, Fault, SaveError, missing_library
from soclib.paper.export import MOST_ROWS, export
from soclib.paper.saving import FORMULA, suffix_of, whole_file
from soclib.vendors.answers import RowPlace
from soclib.vendors.tables import VENDORS, plain_header

WRITABLE = (".parquet", ".csv", ".xlsx")
NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"  # begins like a formula, but is none


class PartWriter:
    """Writes classified parts one after the other into a file."""

    def __init__(self, path: Path, suffix: str, name: str) -> None:
        self.path, self.suffix, self.name = path, suffix, name
        self.rows = 0
        self._open: Any = None
        self._rows_of_sheet: list[Any] = []

    def write(self, table: Any) -> None:  # noqa: ANN401 - a PyArrow table
        """Add the rows of a PyArrow table."""
        self.rows += table.num_rows
        if self.suffix == ".xlsx":
            self._keep_for_sheet(table)
            return
        plain = table if self.suffix == ".parquet" else _safe_for_csv(table)
        if self._open is None:
            self._open = _opened(self.path, self.suffix, plain.schema)
        self._open.write_table(plain)

    def close(self) -> None:
        """Finish the file; a sheet is written as a whole, and only now."""
        if self._open is not None:
            self._open.close()
        if self._rows_of_sheet:
            import pyarrow as pa  # noqa: PLC0415 - loaded already

            frame = pa.concat_tables(self._rows_of_sheet).to_pandas()
            export(frame, self.path)

    def _keep_for_sheet(self, table: Any) -> None:  # noqa: ANN401 - a PyArrow table
        if self.rows >= MOST_ROWS:
            message = f"{self.name}: a sheet holds {MOST_ROWS - 1:,} rows; write .csv or .parquet"
            raise SaveError(message)
        self._rows_of_sheet.append(_without_dictionaries(table))


@contextmanager
def writing(path: str | Path) -> Iterator[PartWriter]:
    """Give a writer for a path; unless every part is written, no file is left there.

    Raises ``SaveError`` for another suffix and for more rows than a sheet holds.
    """
    suffix, name = suffix_of(path, WRITABLE), Path(path).name
    with whole_file(path) as unfinished:
        target = unfinished.with_suffix(f".tmp{suffix}") if suffix == ".xlsx" else unfinished
        writer = PartWriter(target, suffix, name)
        try:
            yield writer
        finally:
            writer.close()
        if target != unfinished:
            target.replace(unfinished)


def _opened(path: Path, suffix: str, schema: Any) -> Any:  # noqa: ANN401 - PyArrow's
    if suffix == ".parquet":
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - loaded where it is needed

        return ParquetWriter(path, schema)
    from pyarrow.csv import CSVWriter  # noqa: PLC0415 - as above

    return CSVWriter(path, schema)


def _without_dictionaries(table: Any) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a table whose dictionaries are plain texts."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    kinds = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(kinds))


def _safe_for_csv(table: Any) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a table for a CSV file: a spreadsheet takes no text in it for a formula."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute  # noqa: PLC0415 - as above

    table = _without_dictionaries(table)
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            cells = table.column(place)
            risky = compute.and_(
                compute.match_substring_regex(cells, f"^{FORMULA.pattern}"),
                compute.invert(compute.match_substring_regex(cells, NUMBER)),
            )
            defused = compute.binary_join_element_wise("'", cells, "")
            cells = compute.if_else(compute.fill_null(risky, fill_value=False), defused, cells)
            table = table.set_column(place, field, cells)
    return table


# --- read -----------------------------------------------------------------------------------------


READABLE = (".csv", ".xlsx", ".parquet")
SEPARATORS = ",;\t|"
OFTEN = 20_000  # lines between two reports of progress
HEAD = 20  # lines in which the header is looked for
FileLine = tuple[int, list[Any]]  # its number and its cells
Progress = Callable[[int, int], None]  # how much is done, of how much


class FilePart(NamedTuple):
    """Some rows of a file as a PyArrow table, and where in the file they are."""

    table: Any
    place: RowPlace


class Header(NamedTuple):
    """The names of the columns, all different, and the line of the file that they are on."""

    names: list[str]
    line: int


def read_parts(  # noqa: PLR0913 - one keyword for each choice
    path: str | Path,
    catalog: Catalog,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    rows: int = 50_000,
    progress: Progress | None = None,
) -> Iterator[FilePart]:
    """Yield the rows of a file in parts of at most ``rows``; cells of a CSV are texts.

    Raises ``SaveError`` for any other suffix and for a missing library, ``DataError`` for lines
    that cannot be read.
    """
    suffix = suffix_of(path, READABLE)
    report = progress or (lambda _done, _total: None)
    if suffix == ".parquet":
        yield from _parquet(Path(path), rows, report)
        return
    lines = _csv(Path(path), report) if suffix == ".csv" else _sheet(Path(path), sheet, report)
    yield from _parts(Path(path).name, lines, catalog, columns or {}, rows, texts=suffix == ".csv")


# --- lines -------------------------------------------------------------------------------------


def _csv(path: Path, progress: Progress) -> Iterator[FileLine]:
    size = path.stat().st_size
    with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as handle:
        try:
            reader = csv.reader(handle, delimiter=_separator(handle.read(65_536)), strict=True)
            handle.seek(0)
            start = 1
            for count, cells in enumerate(reader):
                yield start, cells
                start = reader.line_num + 1
                if count % OFTEN == 0:
                    progress(raw.tell(), size)
        except csv.Error as error:
            fault = Fault(path.name, reader.line_num, "-", str(error), "fix the quotes here")
            raise DataError([fault]) from None
        except UnicodeDecodeError as error:
            fault = Fault(path.name, 0, "-", str(error.reason), "save the file as CSV UTF-8")
            raise DataError([fault]) from None
    progress(size, size)


def _separator(text: str) -> str:
    """Return the separator that is in most of the first lines; a comma where none is."""
    lines = [line for line in text.splitlines()[:HEAD] if line.strip()]
    counts = {sign: sum(sign in line for line in lines) for sign in SEPARATORS}
    best = max(counts.values(), default=0)
    return next((sign for sign in SEPARATORS if counts[sign] == best and best), ",")


def _sheet(path: Path, sheet: str | None, progress: Progress) -> Iterator[FileLine]:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - only for an .xlsx
    except ImportError:
        lacking = missing_library("openpyxl", path)
        raise lacking from None
    from zipfile import BadZipFile  # noqa: PLC0415 - as above

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        fault = Fault(path.name, 0, "-", str(error), "this is no .xlsx; save it again as one")
        raise DataError([fault]) from None
    if sheet is not None and sheet not in book.sheetnames:
        remedy = f"no such sheet; use one of {', '.join(book.sheetnames)}"
        raise DataError([Fault(path.name, 0, "sheet", sheet, remedy)])
    chosen = book[sheet] if sheet is not None else book.worksheets[0]
    total = chosen.max_row or 0
    for number, cells in enumerate(chosen.iter_rows(values_only=True), 1):
        yield number, list(cells)
        if number % OFTEN == 0:
            progress(number, max(total, number))
    book.close()
    progress(total, total)


# --- parts -------------------------------------------------------------------------------------


def _parts(  # noqa: PLR0913 - one call, all parts differ
    name: str,
    lines: Iterator[FileLine],
    catalog: Catalog,
    columns: Mapping[str, str],
    rows: int,
    *,
    texts: bool,
) -> Iterator[FilePart]:
    head = list(islice(lines, HEAD))
    header = _header(name, head, catalog, columns)
    below = iter([line for line in head if line[0] > header.line])
    rest = _full_lines(name, header, below, lines)
    for chunk in iter(lambda: list(islice(rest, rows)), []):
        yield FilePart(
            _table(header.names, chunk, texts=texts), RowPlace(name, 1, [n for n, _ in chunk])
        )


def _header(
    name: str, head: Sequence[FileLine], catalog: Catalog, columns: Mapping[str, str]
) -> Header:
    """Return the line that names most of the wanted columns; the first line where none does.

    Wanted are ``columns``, or else all columns that name a criterion.
    """
    wanted = {plain_header(column) for column in columns.values()} or set(
        catalog.part(VENDORS).headers
    )
    filled = [line for line in head if any(_text(cell).strip() for cell in line[1])]
    if not filled:
        raise DataError([Fault(name, 1, "-", "", "the file is empty; add a header and rows")])
    number, cells = max(
        filled, key=lambda line: sum(plain_header(_text(cell)) in wanted for cell in line[1])
    )
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        column = _text(cell).strip() or f"column {place}"
        twice = names.count(column) + sum(n.startswith(f"{column} (") for n in names)
        names.append(f"{column} ({twice + 1})" if twice else column)
    return Header(names, number)


def _full_lines(
    name: str, header: Header, head: Iterator[FileLine], lines: Iterator[FileLine]
) -> Iterator[FileLine]:
    """Yield the lines that are not blank, each as long as the header; refuse any that is longer."""
    width = len(header.names)
    for number, cells in chain(head, lines):
        if len(cells) == width and cells[0]:  # as most lines are, so this comes first
            yield number, cells
            continue
        if surplus := [cell for cell in cells[width:] if _text(cell).strip()]:
            remedy = "more cells than columns; quote texts that hold a separator"
            raise DataError([Fault(name, number, "-", str(surplus[0]), remedy)])
        if any(_text(cell).strip() for cell in cells):
            yield number, [*cells[:width], *[None] * (width - len(cells))]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _table(names: Sequence[str], chunk: Sequence[FileLine], *, texts: bool) -> Any:  # noqa: ANN401
    pa = _pyarrow("a table")
    columns = zip(*(cells for _number, cells in chunk), strict=True)
    return pa.table(
        {
            name: pa.array(cells, pa.string()) if texts else _typed(pa, cells)
            for name, cells in zip(names, columns, strict=True)
        }
    )


def _typed(pa: Any, cells: Sequence[object]) -> Any:  # noqa: ANN401 - the library, an array
    """Return the cells of a sheet with their type, or as texts where they have several types."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {bool} or kinds <= {int, float}:
        return pa.array(cells, pa.bool_() if kinds == {bool} else None)
    return pa.array([None if cell is None else _cell_text(cell) for cell in cells], pa.string())


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _parquet(path: Path, rows: int, progress: Progress) -> Iterator[FilePart]:
    pa = _pyarrow(path)
    from pyarrow import parquet  # noqa: PLC0415 - only for a .parquet

    try:
        file = parquet.ParquetFile(path)
    except pa.ArrowInvalid as error:
        fault = Fault(path.name, 0, "-", str(error), "this is no Parquet file; write it again")
        raise DataError([fault]) from None
    known, done = file.metadata, 0
    for group in range(known.num_row_groups):
        # A reader keeps all that it has read; a new one for each group frees the group before it.
        reader = parquet.ParquetFile(path, metadata=known)
        for batch in reader.iter_batches(batch_size=rows, row_groups=[group]):
            yield FilePart(pa.Table.from_batches([batch]), RowPlace(path.name, done + 1))
            done += batch.num_rows
            progress(done, known.num_rows)


def _pyarrow(path: str | Path) -> Any:  # noqa: ANN401 - the library
    try:
        import pyarrow as pa  # noqa: PLC0415 - few read files of vendors
    except ImportError:
        lacking = missing_library("pyarrow", path, "batch")
        raise lacking from None
    return pa

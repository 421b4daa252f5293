"""Tables as files for other programs: .csv, .xlsx or .md, from any DataFrame.

A text stays a text. Spreadsheets take cells that start with ``= + - @``, a tab or a carriage return
for formulas: in an .xlsx they are marked as text and otherwise unchanged; a .csv cannot mark
anything, so there they get a leading apostrophe. pandas loads on first use, openpyxl for an .xlsx.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.errors import SaveError, missing_library
from soclib.paper.blocks import plain_md
from soclib.paper.saving import FORMULA, LANGUAGE, STAMP, defused, steady, suffix_of, write_whole

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | Decimal | None
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel shows _x0041_ as A
LONGEST, MOST_ROWS, MOST_COLUMNS = 32_767, 1_048_576, 16_384  # of an .xlsx
EXACT = 2**53  # a spreadsheet rounds larger whole numbers
SHOWN = 10  # faults in one error
NARROW, BROAD = 8, 60  # of a column, in letters
SPARE = 1000  # rows below a table in which values are still offered
Options = Mapping[str, Mapping[str, Sequence[str]]]  # by sheet and column, what may be chosen


class Table(NamedTuple):
    """A DataFrame as plain cells; ``labels`` are its index, by which errors name a row."""

    header: list[str]
    rows: list[list[Cell]]
    labels: list[object]

    @property
    def lines(self) -> list[list[Cell]]:
        """Return the header and the rows below it."""
        return [[*self.header], *self.rows]


def export(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a DataFrame as .csv, .xlsx or .md, by the suffix of ``path``, and return the path.

    The index is the first column unless it only counts the rows. Numbers and truth values stay what
    they are, lists are joined with semicolons, dates and all else become text, missing values blank
    cells. In a .csv a text that a spreadsheet would run as a formula gets a leading apostrophe.
    Missing folders are made, and nothing is half-written. Raises ``SaveError`` that lists every
    fault: an unknown suffix, something other than a DataFrame, a missing library, a text that such
    a file cannot hold.
    """
    suffix = suffix_of(path, WRITERS)
    name = Path(path).name
    table = _table(frame, name)
    if faults := list(_faults(table, suffix)):
        _refuse(name, faults)
    return write_whole(path, WRITERS[suffix](table, Path(path)))


def export_sheets(
    tables: Mapping[str, Table], path: str | Path, options: Options | None = None
) -> Path:
    """Write several tables as the sheets of one .xlsx, each under its title, and return the path.

    ``options`` names, by sheet and column, values to choose from. Raises ``SaveError`` as above.
    """
    suffix_of(path, (".xlsx",))
    name = Path(path).name
    faults = [
        f"{title}, {fault}" for title, table in tables.items() for fault in _faults(table, ".xlsx")
    ]
    if faults:
        _refuse(name, faults)
    return write_whole(path, _book(tables, Path(path), options or {}))


def export_csv(table: Table, path: str | Path) -> Path:
    """Write one table as a .csv and return the path; raises ``SaveError`` as above."""
    suffix_of(path, (".csv",))
    if faults := list(_faults(table, ".csv")):
        _refuse(Path(path).name, faults)
    return write_whole(path, _csv(table, Path(path)))


def _refuse(name: str, faults: Sequence[str]) -> None:
    """Raise one error that lists what cannot be written, the first of them in full."""
    more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    count = f"{len(faults)} fault{'s' * (len(faults) != 1)}"
    message = [f"{name}: {count} in the table; nothing was written", *faults[:SHOWN], *more]
    raise SaveError("\n".join(message))


# --- the table ---------------------------------------------------------------------------------


def _table(frame: pd.DataFrame, name: str) -> Table:
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    if not isinstance(frame, pd.DataFrame):
        message = f"{name}: a pandas DataFrame is needed, not {type(frame).__name__}"
        raise SaveError(message)
    if frame.columns.nlevels > 1:
        message = f"{name}: the columns have {frame.columns.nlevels} levels; name each by one text"
        raise SaveError(message)
    counted = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    levels = range(0 if counted else frame.index.nlevels)
    index = [frame.index.get_level_values(level) for level in levels]
    columns = [*index, *(frame.iloc[:, place] for place in range(frame.shape[1]))]
    if not frame.shape[1]:
        message = f"{name}: the DataFrame has no columns; add one"
        raise SaveError(message)
    names = [frame.index.names[level] for level in levels]
    header = ["" if label is None else str(label) for label in [*names, *frame.columns]]
    rows = [[_plain(value) for value in row] for row in zip(*columns, strict=True)]
    return Table(header, rows, list(frame.index))


def _plain(value: Any) -> Cell:  # noqa: ANN401 - whatever a DataFrame holds
    """Return a value as what a cell can hold."""
    from pandas.api import types  # noqa: PLC0415 - as above

    if isinstance(value, list | tuple):
        return ";".join("" if (part := _plain(item)) is None else str(part) for item in value)
    if _is_missing(value):
        return None
    for is_kind, kind in ((types.is_bool, bool), (types.is_integer, int), (types.is_float, float)):
        if is_kind(value):
            return kind(value)
    return value if isinstance(value, Decimal) else str(value)


def _is_missing(value: Any) -> bool:  # noqa: ANN401 - as above
    import pandas as pd  # noqa: PLC0415 - as above

    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _faults(table: Table, suffix: str) -> Iterator[str]:
    """Yield every cell that the file cannot hold, with its row, column and value."""
    if suffix == ".xlsx":
        yield from _too_large(table)
    for place, name in enumerate(table.header, start=1):
        if remedy := _remedy(name, suffix):
            yield f"header, column {place}: {_short(name)}: {remedy}"
    for number, (label, row) in enumerate(zip(table.labels, table.rows, strict=True), start=1):
        for name, cell in zip(table.header, row, strict=True):
            if isinstance(cell, str) and (remedy := _remedy(cell, suffix)):
                where = f"row {number} (index {_short(label)}), column {_short(name)}"
                yield f"{where}: {_short(cell)}: {remedy}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= BROAD else f"{text[:BROAD]}…"


def _too_large(table: Table) -> Iterator[str]:
    if len(table.rows) >= MOST_ROWS:
        yield f"{len(table.rows)} rows; an .xlsx holds {MOST_ROWS - 1} and a header: use .csv"
    if len(table.header) > MOST_COLUMNS:
        yield f"{len(table.header)} columns; an .xlsx holds {MOST_COLUMNS}: use .csv"


def _remedy(text: str, suffix: str) -> str:
    """Return what to do about a text that the file cannot hold, blank for any other."""
    if match := NO_TEXT.search(text):
        return f"holds {match[0]!a}, which is no text; remove it"
    length = len(_encoded(text).encode("utf-16-le")) // 2  # as Excel counts
    if suffix == ".xlsx" and length > LONGEST:
        return f"has {length} characters, an .xlsx cell holds {LONGEST}; shorten it, or use .csv"
    return ""


def _encoded(text: str) -> str:
    """Return a text as an .xlsx writes it, so that ``_x0041_`` is not read back as A."""
    return ENCODED.sub("_x005F_", text)


# --- the files ---------------------------------------------------------------------------------


def _csv(table: Table, _path: Path) -> bytes:
    text = io.StringIO(newline="")
    # Quotes keep a text in one cell wherever a program splits, a lone carriage return included.
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_harmless(cell) for cell in line] for line in table.lines)
    return text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    endless = isinstance(cell, float | Decimal) and not math.isfinite(cell)
    return defused(str(cell)) if isinstance(cell, str) or endless else cell


def _markdown(table: Table, _path: Path) -> bytes:
    header, *rows = [[_cell_md(cell) for cell in line] for line in table.lines]
    rule = ["---"] * len(header)
    lines = [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]
    return "\n".join([*lines, ""]).encode()


def _cell_md(cell: Cell) -> str:
    return "" if cell is None else LINE.sub("<br>", plain_md(str(cell)))


def _xlsx(table: Table, path: Path) -> bytes:
    return _book({_sheet_title(path.stem): table}, path, {})


def _book(tables: Mapping[str, Table], path: Path, options: Options) -> bytes:
    """Return a workbook with one sheet per table."""
    from zipfile import ZIP_DEFLATED, ZipFile  # noqa: PLC0415 - only Office files need it

    try:
        from openpyxl import Workbook  # noqa: PLC0415 - optional, and slow to import
        from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415 - as above
    except ImportError as error:
        package = "openpyxl"
        raise missing_library(package, path) from error
    book = Workbook()
    book.remove(book.active)
    for title, table in tables.items():
        sheet = book.create_sheet(title)
        _fill(sheet, table)
        _offer(sheet, table, options.get(title, {}))
    about = book.properties
    about.title, about.creator, about.language = path.stem, "soclib", LANGUAGE
    about.created = about.modified = STAMP
    packed = io.BytesIO()
    # Workbook.save would write the time of day.
    ExcelWriter(book, ZipFile(packed, "w", ZIP_DEFLATED)).save()
    return steady(packed.getvalue())


def _offer(sheet: Any, table: Table, options: Mapping[str, Sequence[str]]) -> None:  # noqa: ANN401
    """Offer the values of a column as a list to choose from, in further rows as well."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - as above

    for column, values in options.items():
        validation = DataValidation(type="list", formula1=f'"{",".join(values)}"', allow_blank=True)
        letter = get_column_letter(table.header.index(column) + 1)
        validation.add(f"{letter}2:{letter}{len(table.rows) + SPARE}")
        sheet.add_data_validation(validation)


def _sheet_title(stem: str) -> str:
    """Return a title that Excel allows, made of a file's name."""
    title = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", stem)[:31].strip()
    return "Sheet" if title.lower() in {"", "history"} else title


def _fill(sheet: Any, table: Table) -> None:  # noqa: ANN401 - openpyxl carries no types
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for at, line in enumerate(table.lines, start=1):
        for place, cell in enumerate(line, start=1):
            target = sheet.cell(at, place)
            target.alignment = wrapped
            _put(target, cell)
    for place, column in enumerate(zip(*table.lines, strict=True), start=1):
        sheet.cell(1, place).font = bold
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _width(column: tuple[Cell, ...]) -> int:
    """Return the width of a column in letters, with room for the button of the filter."""
    longest = (len(line) for cell in column for line in LINE.split(str(cell)))
    return min(max(NARROW, *longest), BROAD) + 3


def _put(target: Any, cell: Cell) -> None:  # noqa: ANN401 - as above
    """Put a cell into a sheet; texts, and numbers that a spreadsheet would round, as text."""
    large = isinstance(cell, int) and abs(cell) > EXACT
    endless = isinstance(cell, float | Decimal) and not math.isfinite(cell)
    text = str(cell) if isinstance(cell, str) or large or endless else None
    if text is None:
        target.value = cell
        return
    target.value = _encoded(text)
    target.data_type = "s"  # or else openpyxl makes a formula of =, an error of #N/A
    target.quotePrefix = bool(FORMULA.match(text))


WRITERS = {".csv": _csv, ".xlsx": _xlsx, ".md": _markdown}

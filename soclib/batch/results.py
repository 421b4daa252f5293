"""Classified vendors as files: written part by part, and moved to their place when whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from soclib.export import MOST_ROWS, export
from soclib.saving import FORMULA, SaveError, suffix_of, whole_file

WRITABLE = (".parquet", ".csv", ".xlsx")
NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"  # begins like a formula, and is none


class Writer:
    """Takes classified parts one after the other; the file appears when all of them are there."""

    def __init__(self, path: Path, suffix: str, name: str) -> None:
        self.path, self.suffix, self.name = path, suffix, name
        self.rows = 0
        self._open: Any = None
        self._held: list[Any] = []

    def write(self, table: Any) -> None:  # noqa: ANN401 - a PyArrow table
        """Add the rows of a PyArrow table."""
        self.rows += table.num_rows
        if self.suffix == ".xlsx":
            self._hold(table)
            return
        plain = table if self.suffix == ".parquet" else _plain(table)
        if self._open is None:
            self._open = _opened(self.path, self.suffix, plain.schema)
        self._open.write_table(plain)

    def close(self) -> None:
        """Finish the file; a sheet is written only now."""
        if self._open is not None:
            self._open.close()
        if self._held:
            import pyarrow as pa  # noqa: PLC0415 - loaded already

            frame = pa.concat_tables(self._held).to_pandas()
            export(frame, self.path)

    def _hold(self, table: Any) -> None:  # noqa: ANN401 - a PyArrow table
        if self.rows >= MOST_ROWS:
            message = f"{self.name}: a sheet holds {MOST_ROWS - 1:,} rows; write .csv or .parquet"
            raise SaveError(message)
        self._held.append(_texts(table))


@contextmanager
def writing(path: str | Path) -> Iterator[Writer]:
    """Give a writer for a path; nothing of it is left unless every part was written.

    Raises ``SaveError`` for another suffix and for more rows than a sheet holds.
    """
    suffix, name = suffix_of(path, WRITABLE), Path(path).name
    with whole_file(path) as beside:
        target = beside.with_suffix(f".tmp{suffix}") if suffix == ".xlsx" else beside
        writer = Writer(target, suffix, name)
        try:
            yield writer
        finally:
            writer.close()
        if target != beside:
            target.replace(beside)


def _opened(path: Path, suffix: str, schema: Any) -> Any:  # noqa: ANN401 - PyArrow's
    if suffix == ".parquet":
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - loaded where it is needed

        return ParquetWriter(path, schema)
    from pyarrow.csv import CSVWriter  # noqa: PLC0415 - as above

    return CSVWriter(path, schema)


def _texts(table: Any) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a table whose dictionaries are plain texts."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    kinds = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(kinds))


def _plain(table: Any) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a table for a CSV: no text in it is a formula to a spreadsheet."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import compute  # noqa: PLC0415 - as above

    table = _texts(table)
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

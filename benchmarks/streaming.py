"""What a long vendor list costs from file to file: memory that must not grow, and time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apart import apart, peak_memory
from rows import Row, at_most
from vendors import criteria

import soclib

SHORT, LONG = 1_000_000, 10_000_000
GROUP = 100_000  # rows of the Parquet file that stand together
ANSWERS = ("yes", "no", "unknown", None)
FLAT = 1.3
SEED = 6
MEGABYTE = 1e6


def streaming_rows() -> list[Row]:
    """Return memory and time of ``classify_file`` on lists of different lengths."""
    rows, peaks = [], {}
    for suffix, count in ((".parquet", SHORT), (".parquet", LONG), (".csv", SHORT)):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"vendors{suffix}"
            apart(write, source, count)
            seconds, peak = apart(run, source, source.with_name("classified.parquet"), count)
            size = source.stat().st_size / MEGABYTE
        peaks[suffix, count] = peak
        what = f"{count:,} rows of {suffix} ({size:,.0f} MB)"
        rows += [
            Row("streaming", f"{what} to .parquet", seconds, "s"),
            Row("streaming", f"{what}: speed", count / seconds, "rows/s"),
            Row("streaming", f"{what}: peak memory", peak / MEGABYTE, "MB"),
        ]
    ratio = peaks[".parquet", LONG] / peaks[".parquet", SHORT]
    what = f"peak memory, {LONG:,} / {SHORT:,} rows"
    return [Row("streaming", what, ratio, "x", at_most(FLAT)), *rows]


def write(path: Path, count: int) -> None:
    """Write a list of made-up vendors: a name, and twelve answers as texts."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow.csv import CSVWriter  # noqa: PLC0415 - as above
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - as above

    names = criteria(soclib.load_catalog())
    kinds = [("vendor", pa.string()), *((name, pa.string()) for name in names)]
    schema = pa.schema(kinds)
    opened: Any = CSVWriter if path.suffix == ".csv" else ParquetWriter
    with opened(path, schema) as writer:
        for table in tables(names, count, schema):
            writer.write_table(table)


def tables(names: list[str], count: int, schema: Any) -> Iterator[Any]:  # noqa: ANN401 - PyArrow's
    """Yield the list in parts."""
    import numpy as np  # noqa: PLC0415 - comes with pandas
    import pyarrow as pa  # noqa: PLC0415 - an extra

    chance, answers = np.random.default_rng(SEED), pa.array(ANSWERS, pa.string())
    for first in range(0, count, GROUP):
        rows = min(GROUP, count - first)
        drawn = {name: chance.integers(0, len(ANSWERS), rows) for name in names}
        made = {name: answers.take(pa.array(places)) for name, places in drawn.items()}
        vendors = [f"vendor {first + row}" for row in range(rows)]
        yield pa.table({"vendor": vendors, **made}, schema=schema)


def run(source: Path, out: Path, count: int) -> tuple[float, int]:
    """Return the seconds of one classification from file to file, and the peak of this process."""
    from soclib.vendors.runs import classify_file  # noqa: PLC0415 - its memory is what is measured

    start = time.perf_counter()
    done = classify_file(source, out)
    seconds = time.perf_counter() - start
    if done.rows != count:
        message = f"{done.rows} rows came back, of {count}"
        raise ValueError(message)
    return seconds, peak_memory()

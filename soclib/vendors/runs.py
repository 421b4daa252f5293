"""A whole vendor list from file to file, whatever its length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import DataError, Fault, SaveError, missing_library
from soclib.paper.saving import suffix_of, whole_file
from soclib.tables.rows import VOICES
from soclib.vendors.classifying import classify
from soclib.vendors.files import Part, Progress, read_parts, writing
from soclib.vendors.headers import Match, chosen_columns, match_columns
from soclib.verdict.tables import VERDICT


class Run(NamedTuple):
    """What was done: rows, the columns that were read, and how many rows have which status."""

    path: Path
    rows: int
    match: Match
    statuses: dict[str, dict[str, int]]

    def __str__(self) -> str:
        """Return columns and counts as text, one fact a line."""
        counts = [
            f"{report_id}: " + ", ".join(f"{status} {count:,}" for status, count in found.items())
            for report_id, found in self.statuses.items()
        ]
        return "\n".join([str(self.match), f"{self.rows:,} rows: {self.path.name}", *counts])


def classify_file(  # noqa: PLR0913 - one keyword for each choice
    path: str | Path,
    out: str | Path,
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    sheet: str | None = None,
    rows: int = 50_000,
    progress: Progress | None = None,
    catalog: Catalog | None = None,
) -> Run:
    """Classify a .csv, .xlsx or .parquet into a .parquet, .csv or .xlsx, part by part.

    At most ``rows`` rows are held at a time (a sheet is written at once). Every cell that cannot be
    read is listed with its line in one ``DataError``, and then nothing is written; whatever fails,
    no half-written file is left. ``progress`` is told how much is done, of how much. Raises
    ``SaveError`` for other suffixes and missing libraries, ``AnswerError`` as ``classify`` does.
    """
    catalog = catalog or load_catalog()
    parts = read_parts(path, catalog, columns=columns, sheet=sheet, rows=rows, progress=progress)
    faults: list[Fault] = []
    counts = {report.report_id: Counter[str]() for report in catalog.part(VERDICT).reports}
    names: list[str] = []
    with writing(out) as writer:
        for part in parts:
            names = names or part.table.column_names
            found = _classified(part, columns, voice, catalog, faults)
            if found is not None and not faults:
                writer.write(found)
                _count(found, counts)
        if not names:
            raise DataError([Fault(Path(path).name, 1, "-", "", "no rows; add some")])
        if faults:
            raise DataError(faults)
    match = matched(names, columns, Path(path).name, catalog)
    ordered = {key: in_order(catalog, found) for key, found in counts.items()}
    return Run(Path(out), writer.rows, match, ordered)


def _classified(
    part: Part,
    columns: Mapping[str, str] | None,
    voice: str,
    catalog: Catalog,
    faults: list[Fault],
) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a part with its verdicts, or None where cells cannot be read, which are listed."""
    try:
        return classify(part.table, columns, voice=voice, place=part.place, catalog=catalog)
    except DataError as error:
        faults += error.faults
        return None


def _count(table: Any, counts: dict[str, Counter[str]]) -> None:  # noqa: ANN401 - PyArrow's
    for report_id, found in counts.items():
        for pair in table.column(report_id).value_counts().to_pylist():
            found[pair["values"]] += pair["counts"]


def in_order(catalog: Catalog, found: Mapping[str, int]) -> dict[str, int]:
    """Return counts by status in the order of the tables."""
    return {status: found[status] for status in catalog.part(VERDICT).statuses if found.get(status)}


def matched(
    names: list[str], columns: Mapping[str, str] | None, file: str, catalog: Catalog
) -> Match:
    """Return which columns were read, whether they were named or found."""
    if columns is None:
        return match_columns(names, catalog)
    chosen = chosen_columns(columns, names, file, catalog)
    left = tuple(name for name in names if name not in chosen.values())
    return Match(chosen, left, {})


# --- on a Spark session ---------------------------------------------------------------------------


KINDS = (".csv", ".parquet")


def classify_on_spark(  # noqa: PLR0913 - one keyword for each choice
    path: str,
    out: str,
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    master: str = "local[*]",
    catalog: Catalog | None = None,
) -> Run:
    """Classify a .csv or .parquet, a file or a folder of parts, into a folder of parts.

    ``master`` is the URL of a cluster, or local. ``path`` and ``out`` may be any address that the
    session can open. Every cell is checked before anything is classified; the values that cannot be
    read are listed in one ``DataError``. Raises ``SaveError`` where ``out`` is there already, and
    for other suffixes.
    """
    catalog = catalog or load_catalog()
    source, target = suffix_of(path, KINDS), suffix_of(out, KINDS)
    with _session(path, master) as session, _free(out) as place:
        frame = _read(session, path, source)
        names = list(frame.columns)
        _write(classify(frame, columns, voice=voice, catalog=catalog), place, target)
        saved = _read(session, place, target)
        counts = {
            report.report_id: in_order(catalog, _spark_counts(saved, report.report_id))
            for report in catalog.part(VERDICT).reports
        }
    rows = sum(next(iter(counts.values())).values())
    return Run(Path(out), rows, matched(names, columns, Path(path).name, catalog), counts)


@contextmanager
def _session(path: str, master: str) -> Iterator[Any]:
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - 450 MB that few need
        from pyspark.sql import SparkSession  # noqa: PLC0415 - as above
    except ImportError:
        lacking = missing_library("pyspark", path, "spark")
        raise lacking from None
    builder = SparkSession.builder.master(master).appName("soclib classify")
    session = builder.config("spark.ui.showConsoleProgress", "true").getOrCreate()
    try:
        yield session
    except PySparkException as error:
        first = str(error).splitlines()[0]
        message = f"{Path(path).name}: Spark refused: {first}"
        raise SaveError(message) from None
    finally:
        session.stop()


@contextmanager
def _free(out: str) -> Iterator[str]:
    """Give a place to write to; on this machine it becomes ``out`` only when all is written.

    Elsewhere Spark's own marker of success tells whether a folder is whole.
    """
    if "://" in out:
        yield out
        return
    if Path(out).expanduser().exists():
        message = f"{Path(out).name}: is there already; move it, or name another folder"
        raise SaveError(message)
    with whole_file(out) as beside:
        yield str(beside)


def _read(session: Any, path: str, suffix: str) -> Any:  # noqa: ANN401 - Spark's
    if suffix == ".parquet":
        return session.read.parquet(path)
    return session.read.option("header", "true").option("multiLine", "true").csv(path)


def _write(frame: Any, place: str, suffix: str) -> None:  # noqa: ANN401 - Spark's
    if suffix == ".parquet":
        frame.write.parquet(place)
    else:
        frame.write.option("header", "true").csv(place)


def _spark_counts(frame: Any, column: str) -> dict[str, int]:  # noqa: ANN401 - Spark's
    return {row[column]: row["count"] for row in frame.groupBy(column).count().collect()}

"""A vendor list of any length, classified from file to file: part by part, or by Spark."""

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
from soclib.vendors.column_matching import ColumnMatch, chosen_columns, match_columns
from soclib.vendors.files import FilePart, Progress, read_parts, writing
from soclib.verdict.tables import VERDICT


class ClassificationRun(NamedTuple):
    """What was classified: rows, the columns read, and how many rows have which status."""

    path: Path
    rows: int
    match: ColumnMatch
    statuses: dict[str, dict[str, int]]

    def __str__(self) -> str:
        """Return columns and counts as text, one fact a line."""
        lines = [
            f"{report_id}: " + ", ".join(f"{status} {count:,}" for status, count in counts.items())
            for report_id, counts in self.statuses.items()
        ]
        return "\n".join([str(self.match), f"{self.rows:,} rows: {self.path.name}", *lines])


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
) -> ClassificationRun:
    """Classify a .csv, .xlsx or .parquet into a .parquet, .csv or .xlsx, part by part.

    At most ``rows`` rows are in memory at a time (but a sheet is written as a whole). If cells
    cannot be read, one ``DataError`` lists each with its line, and nothing is written; whatever
    fails, no half-written file is left. ``progress`` is called with how much is done, of how much.
    Raises ``SaveError`` for any other suffix and for a missing library, ``AnswerError`` as
    ``classify`` does.
    """
    catalog = catalog or load_catalog()
    parts = read_parts(path, catalog, columns=columns, sheet=sheet, rows=rows, progress=progress)
    faults: list[Fault] = []
    counts = {report.report_id: Counter[str]() for report in catalog.part(VERDICT).reports}
    names: list[str] = []
    with writing(out) as writer:
        for part in parts:
            names = names or part.table.column_names
            classified = _classified(part, columns, voice, catalog, faults)
            if classified is not None and not faults:
                writer.write(classified)
                _count(classified, counts)
        if not names:
            raise DataError([Fault(Path(path).name, 1, "-", "", "no rows; add some")])
        if faults:
            raise DataError(faults)
    match = match_of(names, columns, Path(path).name, catalog)
    ordered = {key: in_status_order(catalog, unordered) for key, unordered in counts.items()}
    return ClassificationRun(Path(out), writer.rows, match, ordered)


def _classified(
    part: FilePart,
    columns: Mapping[str, str] | None,
    voice: str,
    catalog: Catalog,
    faults: list[Fault],
) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a part with its verdicts, or None where ``faults`` now lists unreadable cells."""
    try:
        return classify(part.table, columns, voice=voice, place=part.place, catalog=catalog)
    except DataError as error:
        faults += error.faults
        return None


def _count(table: Any, counts: dict[str, Counter[str]]) -> None:  # noqa: ANN401 - PyArrow's
    for report_id, by_status in counts.items():
        for pair in table.column(report_id).value_counts().to_pylist():
            by_status[pair["values"]] += pair["counts"]


def in_status_order(catalog: Catalog, counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by status in the order of the tables."""
    statuses = catalog.part(VERDICT).statuses
    return {status: counts[status] for status in statuses if counts.get(status)}


def match_of(
    names: list[str], columns: Mapping[str, str] | None, file: str, catalog: Catalog
) -> ColumnMatch:
    """Return which columns were read, whether named by the user or found by name."""
    if columns is None:
        return match_columns(names, catalog)
    chosen = chosen_columns(columns, names, file, catalog)
    left = tuple(name for name in names if name not in chosen.values())
    return ColumnMatch(chosen, left, {})


# --- on a Spark session ---------------------------------------------------------------------------


SPARK_SUFFIXES = (".csv", ".parquet")


def classify_on_spark(  # noqa: PLR0913 - one keyword for each choice
    path: str,
    out: str,
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    master: str = "local[*]",
    catalog: Catalog | None = None,
) -> ClassificationRun:
    """Classify a .csv or .parquet, a file or a folder of parts, into a folder of parts.

    ``master`` is the URL of a cluster, or local. ``path`` and ``out`` may be any address that the
    session can open. Every cell is checked before anything is classified: one ``DataError`` lists
    the values that cannot be read. Raises ``SaveError`` where ``out`` exists already, and for any
    other suffix.
    """
    catalog = catalog or load_catalog()
    source, target = suffix_of(path, SPARK_SUFFIXES), suffix_of(out, SPARK_SUFFIXES)
    with _session(path, master) as session, _free_folder(out) as place:
        frame = _read(session, path, source)
        names = list(frame.columns)
        _write(classify(frame, columns, voice=voice, catalog=catalog), place, target)
        saved = _read(session, place, target)
        counts = {
            report.report_id: in_status_order(catalog, _spark_counts(saved, report.report_id))
            for report in catalog.part(VERDICT).reports
        }
    rows = sum(next(iter(counts.values())).values())
    return ClassificationRun(
        Path(out), rows, match_of(names, columns, Path(path).name, catalog), counts
    )


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
def _free_folder(out: str) -> Iterator[str]:
    """Give a folder to write to; on this machine it is renamed to ``out`` once all is written.

    Elsewhere Spark's own marker of success tells whether a folder is complete.
    """
    if "://" in out:
        yield out
        return
    if Path(out).expanduser().exists():
        message = f"{Path(out).name}: is there already; move it, or name another folder"
        raise SaveError(message)
    with whole_file(out) as unfinished:
        yield str(unfinished)


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

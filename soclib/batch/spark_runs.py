"""A vendor list that no one machine holds: the same expressions on a Spark session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from soclib.batch.classifying import classify
from soclib.batch.runs import Run, in_order, matched
from soclib.model import VOICES, Catalog
from soclib.saving import SaveError, missing_library, suffix_of, whole_file
from soclib.tables import load_catalog

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
            report.report_id: in_order(catalog, _count(saved, report.report_id))
            for report in catalog.reports
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


def _count(frame: Any, column: str) -> dict[str, int]:  # noqa: ANN401 - Spark's
    return {row[column]: row["count"] for row in frame.groupBy(column).count().collect()}

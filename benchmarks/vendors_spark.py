"""Whether classify on Spark is as fast as Spark by hand, and leaves Python out of the work."""

from __future__ import annotations

import importlib.util
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from apart import apart
from rows import Row, at_least, at_most
from vendors import Act, alternating, made_up
from vendors_native import native

import soclib
from soclib.tables.rows import VOICES
from soclib.vendors.verdicts import added_columns as added

ROWS, CHECKED = 10_000_000, 20_000
ROUNDS = 2
CLOSE_TO_NATIVE = 1.2
# Steps of a plan that hand rows to Python, or to other workers.
FOREIGN = ("ArrowEvalPython", "BatchEvalPython", "MapInArrow", "MapInPandas", "PythonUDF")
MOVING = ("Exchange",)


def spark_rows() -> list[Row]:
    """Return how classify compares with native Spark, or a row that says why it was not run."""
    java = os.environ.get("JAVA_HOME") or shutil.which("java")
    if not java or not importlib.util.find_spec("pyspark"):
        return [Row("spark", "not measured: needs Java and the extra `spark`", "")]
    return apart(measured)


def measured() -> list[Row]:
    """Return times of both, in turn, in one session; and what the executed plan holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "vendors.parquet")
        made_up(ROWS).write_parquet(path, row_group_size=ROWS // 10)
        session = _session(folder)
        try:
            return _rows(session, session.read.parquet(path))
        finally:
            session.stop()


def _session(folder: str) -> Any:  # noqa: ANN401 - Spark's
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    builder = SparkSession.builder.master("local[2]").appName("bench")
    builder = builder.config("spark.ui.enabled", "false").config("spark.local.dir", folder)
    session = builder.config("spark.driver.memory", "4g").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _rows(session: Any, frame: Any) -> list[Row]:  # noqa: ANN401 - Spark's
    catalog = soclib.load_catalog()
    ours = soclib.classify(frame)
    theirs = native("pyspark", frame, catalog, VOICES[0])
    acts: dict[str, Act] = {
        "read only": lambda: _run(frame),
        "native": lambda: _run(theirs),
        "classify": lambda: _run(ours),
    }
    times = alternating(acts, ROUNDS)
    few = session.createDataFrame(made_up(CHECKED).to_arrow())
    keys = added(catalog)
    both = (native("pyspark", few, catalog, VOICES[0]), soclib.classify(few))
    texts = [found.select(*keys).toArrow().to_pydict() for found in both]
    plan = executed(ours)
    best = {name: min(found) for name, found in times.items()}
    middle = {name: statistics.median(found) for name, found in times.items()}
    medians = middle["classify"] / middle["native"]
    what = f"classify / native, {ROWS:,} rows, parquet to noop (medians {medians:.2f})"
    return [
        Row("spark", what, best["classify"] / best["native"], "x", at_most(CLOSE_TO_NATIVE)),
        Row("spark", "steps of the executed plan in Python", _count(plan, FOREIGN), "", at_most(0)),
        Row("spark", "exchanges in the executed plan", _count(plan, MOVING), "", at_most(0)),
        *(
            Row("spark", f"{name}, best (median {middle[name]:.2f}) of {ROUNDS}", best[name], "s")
            for name in acts
        ),
        Row(
            "spark",
            f"both give the same, {CHECKED:,} rows",
            float(texts[0] == texts[1]),
            "share",
            at_least(1),
        ),
    ]


def _run(frame: Any) -> None:  # noqa: ANN401 - Spark's
    frame.write.format("noop").mode("overwrite").save()


def executed(frame: Any) -> str:  # noqa: ANN401 - Spark's
    """Return the physical plan by which a frame is worked out, as text."""
    text: str = frame._jdf.queryExecution().executedPlan().toString()  # noqa: SLF001 - no other way
    return text


def _count(plan: str, steps: tuple[str, ...]) -> int:
    return sum(plan.count(step) for step in steps)

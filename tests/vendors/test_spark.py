"""The same rules on Spark: one plan without Python, the same answers, files too.

Spark is loaded by the first test that runs, so that a run without these tests needs none.
"""

from __future__ import annotations

import os
import shutil
from itertools import product

import pyarrow as pa
import pytest

import soclib
from soclib.__main__ import main
from soclib.tables.rows import ANSWERS
from soclib.vendors.verdicts import added_columns
from soclib.verdict.tables import VERDICT

NO_JAVA = not (shutil.which("java") or "JAVA_HOME" in os.environ)
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        NO_JAVA and os.environ.get("CI") != "true", reason="there is no Java to run Spark on"
    ),
]

CATALOG = soclib.load_catalog()
ADDED = added_columns(CATALOG)
MASK = next(report.mask for report in CATALOG.part(VERDICT).reports)
KEYS = [
    criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria if criterion.bit & MASK
]
ROWS = list(product(ANSWERS, repeat=len(KEYS)))
TRUTH = {"yes": True, "no": False, "unknown": None}


STARTS = 3  # Java may fail to start on a busy machine; nothing has run by then
# Generous: a busy machine is slow, not wrong.
PATIENT = {
    "spark.network.timeout": "600s",
    "spark.executor.heartbeatInterval": "60s",
    "spark.python.authenticate.socketTimeout": "300s",
}
SMALL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.bindAddress": "127.0.0.1",
}


@pytest.fixture(scope="module")
def spark():
    """Return a session on this machine."""
    sql = pytest.importorskip(
        "pyspark.sql", reason="Spark is not installed; `make test-all` installs it"
    )
    builder = sql.SparkSession.builder.master("local[2]").appName("tests")
    session = started(builder.config(map={**SMALL, **PATIENT}))
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def started(builder):
    """Return the session; try again when it does not start."""
    for left in reversed(range(STARTS)):
        try:
            return builder.getOrCreate()
        except Exception:  # whatever keeps Java from starting, the last time it is shown
            if not left:
                raise
    return None


def frame(spark, rows, kind):
    """Return rows as a frame that Spark scans, so that the plan of a classification is seen."""
    types = pytest.importorskip("pyspark.sql.types")
    kinds = {"case": types.StringType(), **dict.fromkeys(KEYS, getattr(types, kind)())}
    schema = types.StructType([types.StructField(name, type_) for name, type_ in kinds.items()])
    return spark.createDataFrame([(str(n), *row) for n, row in enumerate(rows)], schema)


def collected(found):
    rows = sorted(found.collect(), key=lambda row: int(row["case"]))
    return {key: [row[key] for row in rows] for key in ADDED}


def wanted(rows, kind):
    columns_of = zip(*rows, strict=True)
    table = pa.table({k: pa.array(c, kind) for k, c in zip(KEYS, columns_of, strict=True)})
    found = soclib.classify(table)
    return {key: found[key].to_pylist() for key in ADDED}


def test_spark_gives_every_answer_of_soc_1_as_every_other_frame_does(spark):
    found = soclib.classify(frame(spark, ROWS, "StringType"))
    assert collected(found) == wanted(ROWS, pa.string())


def test_truth_values_stay_one_projection_without_python_or_a_shuffle(spark):
    rows = [tuple(TRUTH[answer] for answer in row) for row in ROWS[::5]]
    found = soclib.classify(frame(spark, rows, "BooleanType"))
    plan = found._jdf.queryExecution().executedPlan().toString()  # noqa: SLF001 - the only way
    assert "Project" in plan
    assert not any(word in plan for word in ("Python", "MapInArrow", "Exchange"))
    assert collected(found) == wanted(rows, pa.bool_())


def test_values_that_cannot_be_read_are_named(spark):
    rows = [("yes",) * len(KEYS), ("perhaps",) * len(KEYS)]
    with pytest.raises(soclib.DataError) as caught:
        soclib.classify(frame(spark, rows, "StringType"))
    assert {(f.column, f.value) for f in caught.value.faults} == {(k, "perhaps") for k in KEYS}


@pytest.mark.usefixtures("spark")
def test_the_command_classifies_a_file_on_spark(tmp_path, capsys):
    """Last, because the command ends the session that it works with."""
    path, out = tmp_path / "v.csv", tmp_path / "result.parquet"
    path.write_text("Vendor,SLA,Customer data\nA,yes,\nB,no,no\nC,,?\n", encoding="utf-8")
    command = ["classify", str(path), "--out", str(out), "--engine", "spark"]
    assert main([*command, "--master", "local[1]"]) == 0
    said = capsys.readouterr().out
    assert "SLA: read as promises_uptime" in said
    assert "soc2: likely 1, open 1, not_needed 1" in said
    assert main(command) == 2
    assert "is there already" in capsys.readouterr().err

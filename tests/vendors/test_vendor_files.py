"""A vendor list from file to file: ragged, long, spoilt or interrupted."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import time

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import soclib
from soclib.__main__ import main
from soclib.vendors.files import read_parts
from soclib.vendors.runs import classify_file
from soclib.vendors.verdicts import added_columns, verdict_row

CATALOG = soclib.load_catalog()
ADDED = added_columns(CATALOG)
RAGGED = """\
Our vendors;;;;

Vendor;Customer data?;SLA;Financial impact;Notes
Acme;ja;x;0;=1+1
Beta;nein;;1
;;;;
Gamma;n.a.;y;?;-5
Delta;;;;"two
lines"
"""


@pytest.fixture
def ragged(tmp_path):
    path = tmp_path / "vendors.csv"
    path.write_text(RAGGED, encoding="utf-8-sig")
    return path


def sheet(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def read(path):
    """Return the cells of a result as texts, blank where there is nothing."""
    reader = {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}
    return reader[path.suffix](path).astype(object).fillna("").map(str)


def faults(path, out, **options):
    with pytest.raises(soclib.DataError) as caught:
        classify_file(path, out, **options)
    return caught.value.faults


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_ragged_list_is_read_and_written_as_any_kind(ragged, tmp_path, suffix):
    out = tmp_path / f"result{suffix}"
    run = classify_file(ragged, out)
    found = read(out)
    assert run.rows == 4
    assert list(found["Vendor"]) == ["Acme", "Beta", "Gamma", "Delta"]
    answers = [
        {"holds_customer_data": "yes", "promises_uptime": "yes", "affects_client_financials": "no"},
        {"holds_customer_data": "no", "affects_client_financials": "yes"},
        {
            "holds_customer_data": "unknown",
            "promises_uptime": "yes",
            "affects_client_financials": "unknown",
        },
        {},
    ]
    wanted = [verdict_row(soclib.decide(one)) for one in answers]
    assert found[[*ADDED]].to_dict("records") == wanted
    assert sum(run.statuses["soc1"].values()) == run.rows


@pytest.mark.parametrize("rows", [1, 2, 3, 1000])
def test_parts_of_any_size_give_the_same_file(ragged, tmp_path, rows):
    classify_file(ragged, tmp_path / "whole.parquet")
    classify_file(ragged, tmp_path / "parts.parquet", rows=rows)
    pd.testing.assert_frame_equal(
        read(tmp_path / "whole.parquet"), read(tmp_path / "parts.parquet")
    )


def test_a_sheet_keeps_its_types_and_reads_the_named_page(tmp_path):
    path = tmp_path / "vendors.xlsx"
    rows = [("Vendor", "Uptime", "Revenue"), ("A", True, 1200.5), ("B", None, 3), ("C", "n.a.", 0)]
    sheet(path, rows)
    classify_file(path, tmp_path / "r.parquet", sheet="Sheet")
    found = pd.read_parquet(tmp_path / "r.parquet")
    assert list(found["Revenue"]) == [1200.5, 3.0, 0.0]
    assert list(found["soc2"]) == ["likely", "open", "open"]
    [fault] = faults(path, tmp_path / "r.csv", sheet="Vendors")
    assert "use one of Sheet" in fault.remedy


def test_a_text_that_a_spreadsheet_would_run_is_written_as_text(ragged, tmp_path):
    classify_file(ragged, tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as handle:
        notes = [row["Notes"] for row in csv.DictReader(handle)]
    assert notes == ["'=1+1", "", "-5", "two\nlines"]
    classify_file(ragged, tmp_path / "r.xlsx")
    [cell] = openpyxl.load_workbook(tmp_path / "r.xlsx").active["E"][1:2]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_every_cell_that_cannot_be_read_is_named_by_its_line_and_nothing_is_written(tmp_path):
    path, out = tmp_path / "vendors.csv", tmp_path / "new" / "result.csv"
    lines = ["Vendor,SLA,cards", "A,maybe so,yes", "", "B,1,2", 'C,"a\nb",x', "D,yes,no", "E,?,§"]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = {(f.file, f.line, f.column, f.value) for f in faults(path, out, rows=2)}
    name = "vendors.csv"
    assert found == {
        (name, 2, "SLA", "maybe so"),
        (name, 4, "cards", "2"),
        (name, 5, "SLA", "a\nb"),
        (name, 8, "cards", "§"),
    }
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("wide.csv", b"Vendor,SLA\nA,yes,zzz\n", "more cells than columns"),
        ("quotes.csv", b'Vendor,SLA\nA,"yes\n', "fix the quotes"),
        ("latin.csv", "Vendor,SLA\nMüller,yes\n".encode("latin-1"), "CSV UTF-8"),
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n;;\n", "empty"),
        ("header.csv", b"Vendor,SLA\n", "no rows"),
        ("no.xlsx", b"Vendor,SLA\nA,yes\n", "no .xlsx"),
        ("no.parquet", b"Vendor,SLA\nA,yes\n", "no Parquet"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_remedy(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    found = faults(tmp_path / name, tmp_path / "r.parquet")
    assert says in str(found[0])
    assert not (tmp_path / "r.parquet").exists()


def test_unknown_suffixes_and_taken_names_are_said(ragged, tmp_path):
    with pytest.raises(soclib.SaveError, match=r"\.parquet, \.csv, \.xlsx"):
        classify_file(ragged, tmp_path / "r.pdf")
    with pytest.raises(soclib.SaveError, match=r"\.csv, \.xlsx, \.parquet"):
        classify_file(tmp_path / "v.txt", tmp_path / "r.csv")
    classify_file(ragged, tmp_path / "r.csv")
    with pytest.raises(soclib.AnswerError, match="rename or drop it"):
        classify_file(tmp_path / "r.csv", tmp_path / "r2.csv")


def test_progress_grows_to_the_whole(ragged, tmp_path):
    seen = []
    for path, size in ((ragged, ragged.stat().st_size), (tmp_path / "r.parquet", 4)):
        seen.clear()
        list(read_parts(path, CATALOG, rows=2, progress=lambda *told: seen.append(told)))
        done = [told[0] for told in seen]
        assert done == sorted(done)
        assert seen[-1] == (size, size)
        classify_file(ragged, tmp_path / "r.parquet")


def test_a_file_that_was_there_stays_when_a_run_fails(ragged, tmp_path):
    out = tmp_path / "r.csv"
    out.write_text("kept", encoding="utf-8")

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classify_file(ragged, out, progress=stop)
    assert out.read_text(encoding="utf-8") == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"vendors.csv", "r.csv"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_run_that_is_told_to_end_leaves_nothing_half_written(tmp_path):
    path, out = tmp_path / "long.csv", tmp_path / "out" / "r.parquet"
    path.write_text("Vendor,SLA\n" + "A,yes\n" * 1_500_000, encoding="utf-8")
    command = [sys.executable, "-m", "soclib", "classify", str(path), "--out", str(out)]
    with subprocess.Popen([*command, "--rows", "20000"], stderr=subprocess.PIPE) as run:
        until = time.monotonic() + 60
        while not list(out.parent.glob(".*.tmp")) and time.monotonic() < until:
            time.sleep(0.05)
        run.send_signal(signal.SIGTERM)
        said = run.stderr.read().decode()
    assert "interrupted; nothing was written" in said
    assert run.returncode == 130
    assert list(out.parent.iterdir()) == []


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=6), header=st.booleans())
def test_any_table_is_read_or_refused_but_never_breaks(tmp_path, rows, header):
    text = io.StringIO()
    top = [["Vendor", "SLA", "customer data"]] if header else []
    csv.writer(text).writerows([*top, *rows])
    (tmp_path / "any.parquet").unlink(missing_ok=True)
    (tmp_path / "any.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    try:
        run = classify_file(tmp_path / "any.csv", tmp_path / "any.parquet")
    except (soclib.DataError, soclib.AnswerError):
        assert not (tmp_path / "any.parquet").exists()
    else:
        assert parquet.read_metadata(tmp_path / "any.parquet").num_rows == run.rows


# --- the command line --------------------------------------------------------------------------


def test_the_command_says_what_it_reads_before_it_is_given_a_result(ragged, capsys):
    assert main(["classify", str(ragged)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "Customer data?: read as holds_customer_data" in said
    assert "Notes: not read" in said


def test_the_command_writes_the_result_and_counts(ragged, tmp_path, capsys):
    out = tmp_path / "r.parquet"
    assert main(["classify", str(ragged), "--out", str(out), "--voice", "buyer"]) == 0
    said = capsys.readouterr().out
    assert "4 rows: r.parquet" in said
    assert "soc2: likely 2, open 1, not_needed 1" in said
    assert pa.types.is_dictionary(parquet.read_schema(out).field("soc1").type)


def test_columns_can_be_named_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "v.csv"
    path.write_text("who,q1\nA,yes\n", encoding="utf-8")
    out = tmp_path / "r.csv"
    assert main(["classify", str(path), "--out", str(out)]) == 2
    assert "no column answers a criterion" in capsys.readouterr().err
    named = ["--column", "promises_uptime=q1"]
    assert main(["classify", str(path), "--out", str(out), *named]) == 0
    assert read(out)["soc2"][0] == "likely"
    assert main(["classify", str(path), "--out", str(out), "--column", "q1"]) == 2
    assert "criterion=column" in capsys.readouterr().err


def test_bad_cells_end_the_command_with_two_and_a_list(tmp_path, capsys):
    path = tmp_path / "v.csv"
    path.write_text("who,sla\nA,perhaps so\n", encoding="utf-8")
    assert main(["classify", str(path), "--out", str(tmp_path / "r.csv")]) == 2
    assert "v.csv line 2, column sla: 'perhaps so'" in capsys.readouterr().err

"""Tables as files: what was in the frame is in the file, and no text ever becomes a formula."""

from __future__ import annotations

import csv
import html
import io
import re
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import mistune
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

import soclib
from soclib.paper.export import BROAD, EXACT, LONGEST, MOST_ROWS, NO_TEXT, SHOWN, Table, _faults
from soclib.paper.saving import FORMULA, STAMP

SUFFIXES = (".csv", ".xlsx", ".md")
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK()", "=", "-", "@", "+")
KEPT = ("#N/A", "007", "1e5", "TRUE", " x ", "\n", "a\r\nb", "a\rb", "_x0041_", "ü €", "😀", "'=1")

as_file = pytest.mark.parametrize("suffix", SUFFIXES)


def cells(path):
    """Return the cells of an .xlsx, header first."""
    sheet = openpyxl.load_workbook(path).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def exported(frame, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = soclib.export(frame, Path(folder) / f"table{suffix}")
        return path.read_bytes()


def sheet_of(frame):
    return openpyxl.load_workbook(io.BytesIO(exported(frame, ".xlsx"))).active


def xlsx_rows(frame):
    """Return what Excel shows: openpyxl hands out the spelling of _x0041_, Excel its text."""
    rows = sheet_of(frame).iter_rows(values_only=True)
    return [[unescape(c) if isinstance(c, str) else c for c in row] for row in rows]


def csv_rows(frame):
    text = exported(frame, ".csv").decode()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def md_rows(frame):
    """Return the cells of the one table in a Markdown file; fails on any markup in a cell."""
    parse = mistune.create_markdown(
        renderer="ast", plugins=["table", "strikethrough", "url", "math"]
    )
    (table,) = [t for t in parse(exported(frame, ".md").decode()) if t["type"] != "blank_line"]
    head, body = table["children"] if len(table["children"]) > 1 else (*table["children"], None)
    rows = [head, *(body["children"] if body else [])]
    return [[md_text(cell) for cell in row["children"]] for row in rows]


def md_text(cell):
    parts = []
    for token in cell["children"]:
        assert token["type"] == "text" or token["raw"] == "<br>", token
        parts.append("\n" if token["raw"] == "<br>" else html.unescape(token["raw"]))
    return "".join(parts)


# --- the same in every file --------------------------------------------------------------------


@as_file
def test_the_comparison_goes_into_every_kind_of_file_and_comes_back(tmp_path, suffix):
    frame = soclib.comparison()
    path = soclib.export(frame, tmp_path / "new" / f"comparison{suffix}")
    assert path == tmp_path / "new" / f"comparison{suffix}"
    expected = [["dimension_id", *frame.columns], *frame.reset_index().to_numpy().tolist()]
    rows = {".csv": csv_rows, ".xlsx": xlsx_rows, ".md": md_rows}[suffix](frame)
    assert [["" if cell is None else cell for cell in row] for row in rows] == expected


@pytest.mark.parametrize("read", [csv_rows, xlsx_rows, md_rows])
def test_the_index_comes_along_when_it_has_a_name(read):
    plain = pd.DataFrame({"a": ["x"]})
    assert read(plain) == [["a"], ["x"]]
    assert read(plain.set_index(pd.Index(["k"], name="key"))) == [["key", "a"], ["k", "x"]]
    two = pd.MultiIndex.from_tuples([("k", "l")], names=["key", None])
    header, row = read(plain.set_index(two))
    assert [name or "" for name in header] == ["key", "", "a"]
    assert row == ["k", "l", "x"]


def test_columns_of_one_name_keep_their_own_cells():
    frame = pd.DataFrame([["x", "y"]], columns=["a", "a"], index=pd.Index(["k"], name="a"))
    assert csv_rows(frame) == [["a", "a", "a"], ["k", "x", "y"]]


def test_a_table_without_rows_keeps_its_header():
    frame = pd.DataFrame({"a": [], "b": []})
    assert csv_rows(frame) == [["a", "b"]]
    assert xlsx_rows(frame) == [["a", "b"]]
    assert md_rows(frame) == [["a", "b"]]


def test_the_reasons_of_a_decision_are_a_table_too():
    reasons = soclib.example("payroll").reasons("soc1")
    rows = csv_rows(soclib.frame(reasons, ["rule_id", "criteria", "assumed"]))
    assert rows[1:] == [[r.rule_id, ";".join(r.criteria), str(r.assumed)] for r in reasons]


def test_numbers_and_truth_values_stay_what_they_are_and_missing_is_blank():
    values = [1, -2.5, True, None, float("nan"), pd.NA, pd.NaT, Decimal("1.10")]
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    assert [row[0] for row in xlsx_rows(frame)[1:]] == [1, -2.5, True, *[None] * 4, 1.1]
    assert [row[0] for row in csv_rows(frame)[1:]] == ["1", "-2.5", "True", *[""] * 4, "1.10"]


def test_the_kinds_of_numbers_of_pandas_are_numbers():
    frame = pd.DataFrame({"i": [1], "f": [0.5], "b": [True], "n": pd.array([7], dtype="Int64")})
    assert xlsx_rows(frame)[1] == [1, 0.5, True, 7]
    assert [type(cell) for cell in xlsx_rows(frame)[1]] == [int, float, bool, int]


def test_a_number_that_excel_would_round_or_lose_is_text_there():
    values = [EXACT, EXACT + 1, -(10**20), float("inf"), Decimal("-Infinity")]
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    shown = [row[0] for row in xlsx_rows(frame)[1:]]
    assert shown == [EXACT, str(EXACT + 1), str(-(10**20)), "inf", "-Infinity"]
    texts = [*map(str, values[:-1]), "'-Infinity"]  # which a spreadsheet would take for a formula
    assert [row[0] for row in csv_rows(frame)[1:]] == texts


def test_dates_are_text_that_sorts():
    frame = pd.DataFrame({"a": [date(2026, 11, 25)], "b": [pd.Timestamp("2026-11-25 10:00Z")]})
    assert csv_rows(frame)[1] == ["2026-11-25", "2026-11-25 10:00:00+00:00"]


# --- no text becomes a formula -----------------------------------------------------------------


def guarded(text):
    """Return a text as a .csv has it."""
    runs = text[:1] in ("\t", "\r") or text.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20")
    return f"'{text}" if runs else text


@pytest.mark.parametrize("text", EVIL)
def test_what_a_spreadsheet_would_run_is_text_as_cell_as_header_and_as_index(text):
    frame = pd.DataFrame({text: [text]}, index=pd.Index([text], name=text))
    for row in sheet_of(frame).iter_rows():
        for cell in row:
            assert cell.value == text
            assert cell.data_type in {"s", "inlineStr"}
            assert cell.quotePrefix
    assert csv_rows(frame) == [[guarded(text)] * 2] * 2


@pytest.mark.parametrize("text", EVIL)
def test_the_sheet_itself_holds_no_formula(text):
    frame = pd.DataFrame({text: [text]}, index=pd.Index([text], name=text))
    sheet = ZipFile(io.BytesIO(exported(frame, ".xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert not re.search(r'<c [^>]*t="(str|e|n|b)"', sheet)


@pytest.mark.parametrize("text", KEPT)
def test_a_harmless_text_stays_as_it_is_and_is_not_marked(text):
    frame = pd.DataFrame({"a": [text]})
    assert xlsx_rows(frame)[1] == [text]
    assert not sheet_of(frame)["A2"].quotePrefix
    assert csv_rows(frame)[1] == [text]


def test_a_negative_number_gets_no_apostrophe():
    assert csv_rows(pd.DataFrame({"a": [-1]}))[1] == ["-1"]


class Sly:
    """A value of no known kind that turns into a formula."""

    def __str__(self):
        return "=1+1"


def test_a_value_that_turns_into_a_formula_is_a_text_too():
    frame = pd.DataFrame({Sly(): [Sly(), ("=1", "=2")]})
    assert [cell.quotePrefix for cell in sheet_of(frame)["A"]] == [True] * 3
    assert csv_rows(frame) == [["'=1+1"], ["'=1+1"], ["'=1;=2"]]


texts = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda t: not NO_TEXT.search(t))
evil_texts = st.builds(lambda start, text: start + text, st.sampled_from("=+-@\t\r"), texts)
any_text = st.one_of(texts, evil_texts, st.sampled_from(EVIL + KEPT))
frames = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        lambda header, rows: pd.DataFrame(rows, columns=header, dtype=object),
        st.lists(any_text, min_size=width, max_size=width),
        st.lists(st.lists(any_text, min_size=width, max_size=width), max_size=4),
    )
)


def lines_of(frame):
    return [list(frame.columns), *frame.to_numpy().tolist()]


@settings(max_examples=settings().max_examples // 4)
@given(frames)
def test_any_text_comes_back_from_an_xlsx_unchanged(frame):
    expected = [[text or None for text in row] for row in lines_of(frame)]
    assert xlsx_rows(frame) == expected


@given(frames)
def test_any_text_comes_back_from_a_csv_but_for_the_apostrophe(frame):
    expected = [[guarded(text) for text in row] for row in lines_of(frame)]
    assert csv_rows(frame) == expected


@given(frames)
def test_pandas_reads_a_csv_back_as_it_was(frame):
    read = pd.read_csv(
        io.BytesIO(exported(frame, ".csv")), header=None, dtype=str, keep_default_na=False
    )
    assert read.to_numpy().tolist() == [[guarded(t) for t in row] for row in lines_of(frame)]


marks = st.text(alphabet="\\`*_{}[]()<>#+-.!|~$&;:/\"' \nab1", max_size=30)


@given(st.lists(marks, min_size=1, max_size=3), st.lists(marks, min_size=3, max_size=3))
def test_any_text_is_text_in_a_cell_of_a_github_table(header, row):
    frame = pd.DataFrame([row[: len(header)]], columns=header)
    # Browsers show blanks at the ends of a cell, and runs of them, as one or none.
    assert [[squeezed(c) for c in r] for r in md_rows(frame)] == [
        [squeezed(c) for c in r] for r in lines_of(frame)
    ]


def squeezed(text):
    return [" ".join(line.split()) for line in text.strip(" ").split("\n")]


def test_a_line_break_is_a_break_in_a_github_table():
    frame = pd.DataFrame({"a": ["x\ny\r\nz|<b>"]})
    assert exported(frame, ".md").decode() == "| a |\n| --- |\n| x<br>y<br>z\\|\\<b\\> |\n"


# --- the workbook ------------------------------------------------------------------------------


@pytest.fixture
def sheet():
    return sheet_of(soclib.comparison())


def test_the_header_is_bold_and_stays_in_view(sheet):
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for cell in sheet[2])
    assert sheet.freeze_panes == "A2"


def test_rows_can_be_filtered(sheet):
    assert sheet.auto_filter.ref == sheet.dimensions


def test_long_texts_are_wrapped_in_columns_of_bearable_width(sheet):
    assert {cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row} == {True}
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert len(widths) == sheet.max_column
    assert min(widths) >= 8
    assert max(widths) <= BROAD + 3


def test_the_workbook_has_a_title_and_a_language_and_no_time(tmp_path):
    path = soclib.export(soclib.comparison(), tmp_path / "comparison of reports.xlsx")
    book = openpyxl.load_workbook(path)
    about = book.properties
    assert (about.title, about.language) == ("comparison of reports", "en-GB")
    assert (about.created, about.modified) == (STAMP, STAMP)
    assert book.sheetnames == ["comparison of reports"]


@pytest.mark.parametrize(
    ("stem", "title"),
    [("a[b]c", "a b c"), ("x" * 40, "x" * 31), ("History", "Sheet"), ("'", "Sheet")],
)
def test_a_sheet_has_a_title_that_excel_allows(tmp_path, stem, title):
    path = soclib.export(pd.DataFrame({"a": [1]}), tmp_path / f"{stem}.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == [title]


@as_file
def test_the_same_table_is_the_same_bytes_at_another_time(monkeypatch, suffix):
    before = exported(soclib.comparison(), suffix)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2**30))
    assert exported(soclib.comparison(), suffix) == before


# --- what cannot be written --------------------------------------------------------------------


def error_of(frame, path):
    with pytest.raises(soclib.SaveError) as caught:
        soclib.export(frame, path)
    assert not path.exists()
    return str(caught.value)


@pytest.mark.parametrize("name", ["table.ods", "table", "table.xlsx.txt"])
def test_an_unknown_suffix_is_one_sentence_that_names_the_valid_ones(tmp_path, name):
    error = error_of(pd.DataFrame({"a": [1]}), tmp_path / name)
    assert error == f"{name}: unknown suffix {Path(name).suffix!r}; use one of .csv, .xlsx, .md"


@as_file
@pytest.mark.parametrize("thing", [None, [1], {"a": [1]}, pd.Series([1]), "text"])
def test_what_is_no_dataframe_is_refused_by_its_kind(tmp_path, suffix, thing):
    error = error_of(thing, tmp_path / f"t{suffix}")
    assert error == f"t{suffix}: a pandas DataFrame is needed, not {type(thing).__name__}"


def test_without_openpyxl_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    error = error_of(pd.DataFrame({"a": [1]}), tmp_path / "t.xlsx")
    assert error == 't.xlsx: needs openpyxl; install it with: pip install "soclib[office]"'


def test_without_openpyxl_the_other_files_are_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert soclib.export(pd.DataFrame({"a": [1]}), tmp_path / "t.csv").is_file()
    assert soclib.export(pd.DataFrame({"a": [1]}), tmp_path / "t.md").is_file()


def test_a_table_without_columns_is_refused(tmp_path):
    assert "no columns; add one" in error_of(pd.DataFrame(index=[1]), tmp_path / "t.csv")


def test_columns_in_levels_are_refused(tmp_path):
    frame = pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")]))
    assert "2 levels; name each by one text" in error_of(frame, tmp_path / "t.csv")


@as_file
@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ud800", "\uffff"])
def test_a_control_character_is_refused_with_its_row_and_column(tmp_path, suffix, sign):
    index = pd.Index(["k", "l"], name="key")  # objects: PyArrow cannot hold half a character
    frame = pd.DataFrame({"a": ["fine", f"x{sign}"]}, dtype=object, index=index)
    error = error_of(frame, tmp_path / f"t{suffix}")
    head, fault = error.splitlines()
    assert head == f"t{suffix}: 1 fault in the table; nothing was written"
    assert fault.startswith(f"row 2 (index 'l'), column 'a': {f'x{sign}'!r}: holds ")
    assert fault.endswith("which is no text; remove it")


def test_a_fault_in_the_header_and_in_the_index_is_found_too(tmp_path):
    frame = pd.DataFrame({"a\x00": [1]}, index=pd.Index(["k\x01"], name="key"))
    faults = error_of(frame, tmp_path / "t.csv").splitlines()[1:]
    assert [fault.split(":")[0] for fault in faults] == [
        "header, column 2",
        "row 1 (index 'k\\x01'), column 'key'",
    ]


def test_a_cell_may_be_as_long_as_excel_allows_and_no_longer(tmp_path):
    path = tmp_path / "t.xlsx"
    soclib.export(pd.DataFrame({"a": ["x" * LONGEST]}), path)
    assert cells(path)[1] == ["x" * LONGEST]
    path.unlink()
    error = error_of(pd.DataFrame({"a": ["x" * (LONGEST + 1)]}), path)
    assert "row 1 (index 0), column 'a'" in error
    assert "has 32768 characters, an .xlsx cell holds 32767; shorten it, or use .csv" in error
    assert len(error) < 300


def test_excel_counts_a_smiley_as_two_characters(tmp_path):
    assert "has 32768" in error_of(pd.DataFrame({"a": ["😀" * 16384]}), tmp_path / "t.xlsx")


@pytest.mark.parametrize("suffix", [".csv", ".md"])
def test_other_files_take_a_cell_of_any_length(tmp_path, suffix):
    path = soclib.export(pd.DataFrame({"a": ["x" * (LONGEST + 1)]}), tmp_path / f"t{suffix}")
    assert "x" * (LONGEST + 1) in path.read_text(encoding="utf-8")


def test_every_fault_is_counted_and_the_first_are_listed(tmp_path):
    lines = error_of(pd.DataFrame({"a": ["\x00"] * 25}), tmp_path / "t.csv").splitlines()
    assert lines[0] == "t.csv: 25 faults in the table; nothing was written"
    assert len(lines) == 1 + SHOWN + 1
    assert lines[-1] == f"and {25 - SHOWN} more"


def test_a_table_larger_than_a_sheet_is_refused():
    faults = _faults(Table(["a"] * 16_385, [[]] * MOST_ROWS, [0] * MOST_ROWS), ".xlsx")
    assert next(faults) == "1048576 rows; an .xlsx holds 1048575 and a header: use .csv"
    assert next(faults) == "16385 columns; an .xlsx holds 16384: use .csv"


def fail(*_args, **_kwargs):
    message = "disk full"
    raise OSError(message)


@as_file
@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, suffix, step):
    path = tmp_path / f"table{suffix}"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(OSError, match="disk full"):
        soclib.export(soclib.comparison(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_frame_is_not_changed_by_exporting_it(tmp_path):
    frame = pd.DataFrame({"=a": ["=1", None]}, index=pd.Index(["@k", "l"], name="-key"))
    before = frame.copy()
    for suffix in SUFFIXES:
        soclib.export(frame, tmp_path / f"t{suffix}")
    pd.testing.assert_frame_equal(frame, before)


SIGNS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"  # the wide ones count in Japan


def test_the_signs_of_a_formula_are_those_that_spreadsheets_run():
    assert {chr(code) for code in range(0x110000) if FORMULA.match(chr(code))} == set(SIGNS)

"""Broken tables: one error that lists every fault with its place and remedy, nothing half-loaded.

Each folder-less case is a line of `bad_data/cases.csv`: which cell of which table is spoilt, and
what the error must say. Add a row to add a case.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from copied_tables import copy_tables, shipped

import soclib
from soclib.tables.rows import COLUMNS, EVIDENCE

HERE = Path(__file__).parent


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


CASES = read(HERE / "bad_data" / "cases.csv")


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "data"
    copy_tables(copy)
    return copy


def spoil(folder, table, line, column, value):
    """Write one cell of a table; line 2 is the first row, as an editor counts."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    rows[line - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def faults_of(folder):
    with pytest.raises(soclib.DataError) as caught:
        soclib.load_catalog(folder)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_spoilt_cell_is_named_with_file_line_column_value_and_remedy(folder, case):
    spoil(folder, case["table"], int(case["line"]), case["column"], case["value"])
    error = faults_of(folder)
    place = f"{case['table']}.csv line {case['line']}, column {case['column']}: {case['value']!r}"
    named = [str(fault) for fault in error.faults if str(fault).startswith(place)]
    assert named, str(error)
    assert case["says"] in named[0]


def test_there_are_cases_of_bad_data_for_every_table():
    assert {case["table"] for case in CASES} == set(COLUMNS)


def test_every_fault_is_listed_at_once(folder):
    spoil(folder, "criteria", 2, "assumed", "maybe")
    spoil(folder, "rules", 3, "holds_customer_data", "X")
    spoil(folder, "statuses", 2, "evidence", "sure")
    places = {(fault.file, fault.line) for fault in faults_of(folder).faults}
    assert {("criteria.csv", 2), ("rules.csv", 3), ("statuses.csv", 2)} <= places


def test_a_missing_table_is_named(folder):
    (folder / "sources.csv").unlink()
    assert "sources.csv" in str(faults_of(folder))


def test_tables_are_found_wherever_below_the_folder_they_are(folder):
    below = folder / "mine" / "of this year"
    below.mkdir(parents=True)
    (folder / "rules.csv").rename(below / "rules.csv")
    hidden = folder / ".ipynb_checkpoints"
    hidden.mkdir()
    (hidden / "rules.csv").write_text("of another day", "utf-8")
    assert soclib.load_catalog(folder).version == soclib.load_catalog().version


def test_two_tables_of_one_name_are_both_named(folder):
    (folder / "old").mkdir()
    (folder / "old" / "rules.csv").write_bytes((folder / "rules.csv").read_bytes())
    [fault] = faults_of(folder).faults
    assert (fault.file, fault.value) == ("rules.csv", "old/rules.csv and rules.csv")
    assert "keep one" in fault.remedy


def test_a_missing_column_is_named(folder):
    path = folder / "groups.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("title", "titel", 1), "utf-8")
    message = str(faults_of(folder))
    assert "column title" in message
    assert "column titel" in message


def test_a_line_with_too_many_cells_is_named(folder):
    path = folder / "groups.csv"
    path.write_text(path.read_text(encoding="utf-8") + "x,y,z,2026-01-01,practice,more\n", "utf-8")
    assert "more cells than columns" in str(faults_of(folder))


def test_a_line_that_ends_early_is_named(folder):
    path = folder / "groups.csv"
    path.write_text(path.read_text(encoding="utf-8") + "x,y\n", "utf-8")
    assert "the line ends early" in str(faults_of(folder))


def test_an_empty_table_is_named(folder):
    path = folder / "groups.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", "utf-8")
    assert "the table is empty" in str(faults_of(folder))


def test_text_that_is_not_utf_8_is_named(folder):
    path = folder / "groups.csv"
    path.write_bytes(path.read_bytes() + "é".encode("latin-1"))
    assert "save the file as UTF-8" in str(faults_of(folder))


def test_a_cell_missing_from_a_square_is_named(folder):
    path = folder / "verdicts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
    assert "add its cell for subject" in str(faults_of(folder))


def test_a_text_that_a_screen_needs_is_missed_before_it_is_shown(folder):
    path = folder / "wording.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("verdict,")), "utf-8")
    assert "'verdict': this text is missing" in str(faults_of(folder))


def test_a_table_of_readings_that_says_two_things_is_named(folder):
    spoil(folder, "period_readings", 2, "overlap_at_least", "soc1_overlap_least")
    message = str(faults_of(folder))
    assert "period_readings.csv line 2" in message
    assert "meet S1-CLASSIC and S1-SHORT; let exactly one row hold" in message


def test_a_table_of_readings_that_is_silent_is_named(folder):
    path = folder / "period_readings.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("S2-STALE")), "utf-8")
    assert "months meet no row" in str(faults_of(folder))


@pytest.mark.parametrize(
    ("table", "row"), [("thresholds", "bridge_longest"), ("period_notes", "bridge_none")]
)
def test_a_row_that_the_calendar_needs_is_missed_before_it_is_used(folder, table, row):
    path = folder / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{row},")), "utf-8")
    found = [str(fault) for fault in faults_of(folder).faults if fault.value == row]
    assert any("this row is missing" in fault for fault in found)


def test_a_spreadsheets_byte_order_mark_does_no_harm(folder):
    path = folder / "groups.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert soclib.load_catalog(folder).groups


def test_line_ends_do_not_change_the_version(folder):
    before = soclib.load_catalog(folder).version
    path = folder / "groups.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert soclib.load_catalog(folder).version == before


def test_any_other_change_changes_the_version(folder):
    before = soclib.load_catalog(folder).version
    spoil(folder, "groups", 2, "title", "Quick look")
    assert soclib.load_catalog(folder).version != before


# --- the shipped tables ------------------------------------------------------------------------

SHIPPED = [(name, row) for name in COLUMNS for row in read(shipped(name))]


def test_every_shipped_row_has_a_source_a_date_and_a_status():
    for name, row in SHIPPED:
        assert row["source_id"], (name, row)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["as_of"]), (name, row)
        assert row["evidence"] in EVIDENCE, (name, row)


def test_every_source_is_used():
    used = {
        part for name, row in SHIPPED if name != "sources" for part in row["source_id"].split(";")
    }
    catalog = soclib.load_catalog()
    assert used == {*catalog.sources, *catalog.drafts.sources}


def test_what_is_called_confirmed_rests_on_two_publishers():
    sources = soclib.load_catalog().sources
    for name, row in SHIPPED:
        if name == "sources" or row["evidence"] != "confirmed":
            continue
        cited = [sources[source_id] for source_id in row["source_id"].split(";")]
        assert {"project-practice"} != {source.source_id for source in cited}
        publishers = {p.strip() for source in cited for p in source.publisher.split(";")}
        publishers.discard("SOC explainer")
        assert len(publishers) > 1, (name, list(row.values())[:3])


QUOTED = {"faq": ("question", "also_asked"), "misconceptions": ("heard",)}  # what others say


def test_no_text_calls_a_soc_report_a_certificate():
    for name, row in SHIPPED:
        if name == "sources" or row.get("dimension_id") == "misreading":
            continue  # the row on misreadings quotes what is wrong
        theirs = ("source_id", *QUOTED.get(name, ()))
        text = " ".join(value for column, value in row.items() if column not in theirs)
        assert not re.search(r"SOC [123][^.;]{0,20} certif", text), (name, row)


def test_criteria_keep_their_frozen_ids_assumptions_and_voices():
    """Ids are never renamed; saved records depend on them."""
    frozen = read(HERE / "frozen_criteria.csv")
    ours = [
        {
            "criterion_id": criterion.criterion_id,
            "assumed": criterion.assumed or "-",
            "voices": " ".join(voice[0] for voice in criterion.voices),
        }
        for criterion in soclib.load_catalog().criteria
    ]
    assert ours == frozen


def test_every_clause_reads_as_the_middle_of_a_sentence():
    for criterion in soclib.load_catalog().criteria:
        for words in criterion.questions.values():
            assert words.question.endswith("?")
            for clause in (words.if_yes, words.if_no):
                assert clause[0].islower() or clause.split()[0].isupper(), clause
                assert not clause.endswith("."), clause

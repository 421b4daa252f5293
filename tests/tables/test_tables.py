"""Broken tables: one error that lists every fault with its place and remedy, nothing half-loaded.

Each case is a line of `bad_data/cases.csv`: which cell of which table is spoilt, and
what the error must say. Add a row to add a case.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from spoiling import (
    NAMES,
    SHIPPED,
    copied,
    faults_in,
    file_of,
    own_cells,
    own_table,
    spoilt,
)

import soclib
from soclib.claims.tables import CLAIMS
from soclib.tables.rows import EVIDENCE, VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

HERE = Path(__file__).parent


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


CASES = read(HERE / "bad_data" / "cases.csv")


def refused(folder):
    with pytest.raises(soclib.DataError) as caught:
        soclib.load_catalog(folder)
    return caught.value


def rewritten(folder, table, change):
    """Write one table into a folder, as ``change`` makes its bytes."""
    (folder / f"{table}.csv").write_bytes(change(file_of(table).read_bytes()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_spoilt_cell_is_named_with_file_line_column_value_and_remedy(case):
    table, line, column = case["table"], int(case["line"]), case["column"]
    found = [
        fault
        for fault in faults_in(table, spoilt(table, line, **{column: case["value"]}))
        if fault[:4] == (f"{table}.csv", line, column, case["value"])
    ]
    assert found
    assert case["says"] in found[0].remedy


def test_there_are_cases_of_bad_data_for_every_table():
    assert {case["table"] for case in CASES} == {*NAMES}


def test_every_fault_of_every_room_is_listed_at_once_and_nothing_is_loaded(tmp_path):
    own_cells(tmp_path, "criteria", 2, assumed="maybe")
    own_cells(tmp_path, "rules", 3, holds_customer_data="X")
    own_cells(tmp_path, "statuses", 2, evidence="sure")
    own_cells(tmp_path, "roles", 2, hint="")
    places = {(fault.file, fault.line) for fault in refused(tmp_path).faults}
    assert places == {("criteria.csv", 2), ("rules.csv", 3), ("statuses.csv", 2), ("roles.csv", 2)}


def test_one_s_own_comparison_alone_is_enough(tmp_path):
    own_cells(tmp_path, "comparison", 2, soc1="Our own words.")
    catalog = soclib.load_catalog(tmp_path)
    assert soclib.comparison(catalog)["soc1"].iloc[0] == "Our own words."
    assert catalog.part(VERDICT).criteria[0].criterion_id == "affects_client_financials"
    assert catalog.version != soclib.load_catalog().version


def test_a_folder_without_tables_is_the_shipped_one(tmp_path):
    assert soclib.load_catalog(tmp_path).version == soclib.load_catalog().version


def test_a_table_of_one_s_own_may_be_anywhere_below_the_folder_but_only_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(file_of("groups"), tmp_path / name)
        if name == "a":
            assert soclib.load_catalog(tmp_path).part(VERDICT).groups
    assert "groups.csv" in str(refused(tmp_path))
    assert "two files have this name" in str(refused(tmp_path))


def test_a_missing_column_is_named(tmp_path):
    rewritten(tmp_path, "groups", lambda text: text.replace(b"title", b"titel", 1))
    message = str(refused(tmp_path))
    assert "column title" in message
    assert "column titel" in message


def test_a_line_with_too_many_cells_is_named(tmp_path):
    rewritten(tmp_path, "groups", lambda text: text + b"x,y,z,2026-01-01,practice,more\n")
    assert "more cells than columns" in str(refused(tmp_path))


def test_a_line_that_ends_early_is_named(tmp_path):
    rewritten(tmp_path, "groups", lambda text: text + b"x,y\n")
    assert "the line ends early" in str(refused(tmp_path))


def test_an_empty_table_is_named(tmp_path):
    rewritten(tmp_path, "groups", lambda text: text.splitlines(keepends=True)[0])
    assert "the table is empty" in str(refused(tmp_path))


def test_text_that_is_not_utf_8_is_named(tmp_path):
    rewritten(tmp_path, "groups", lambda text: text + "é".encode("latin-1"))
    assert "save the file as UTF-8" in str(refused(tmp_path))


def test_a_file_that_cannot_be_read_hides_no_other_that_cannot(tmp_path):
    rewritten(tmp_path, "groups", lambda _text: b"")
    rewritten(tmp_path, "roles", lambda _text: b"")
    assert {fault.file for fault in refused(tmp_path).faults} == {"groups.csv", "roles.csv"}


def test_a_cell_missing_from_a_square_is_named():
    tables = copied()
    tables["verdicts"].pop()
    assert "add its cell for subject" in str(faults_in("verdicts", tables))


def test_one_s_own_texts_replace_the_shipped_ones_and_leave_the_others(tmp_path):
    own_table(tmp_path, "words", lambda rows: [{**rows[0], "text": "Said otherwise", "buyer": ""}])
    shipped, own = soclib.load_catalog(), soclib.load_catalog(tmp_path)
    differ = {
        (voice, text_id)
        for voice in VOICES
        for text_id, text in words_of(own, voice).items()
        if text != words_of(shipped, voice)[text_id]
    }
    assert {voice for voice, _text_id in differ} == {*VOICES}
    assert len({text_id for _voice, text_id in differ}) == 1
    assert words_of(own, VOICES[0]).keys() == words_of(shipped, VOICES[0]).keys()


def test_a_text_is_in_one_room_only():
    tables = copied()
    tables["words"].append(tables["words"][0]._replace(line=99))
    (fault,) = faults_in("words", tables)
    assert (fault.line, fault.column) == (99, "text_id")


def test_a_buyer_s_text_is_kept_only_where_it_differs():
    assert not [row.cells["text_id"] for row in SHIPPED["words"] if same_in_both_voices(row.cells)]


def same_in_both_voices(cells):
    return cells["buyer"] == cells["text"]


def test_a_table_of_readings_that_says_two_things_is_named():
    tables = spoilt("period_readings", 2, overlap_at_least="soc1_overlap_least")
    (fault,) = faults_in("period_readings", tables)
    assert (fault.file, fault.line) == ("period_readings.csv", 2)
    assert "meet S1-CLASSIC and S1-SHORT; let exactly one row hold" in fault.remedy


def test_a_table_of_readings_that_is_silent_is_named():
    tables = copied()
    rows = tables["period_readings"]
    rows[:] = [row for row in rows if row.cells["reading_rule_id"] != "S2-STALE"]
    assert "months meet no row" in str(faults_in("period_readings", tables))


@pytest.mark.parametrize(
    ("table", "needed"), [("thresholds", "bridge_longest"), ("period_notes", "bridge_none")]
)
def test_a_row_that_the_calendar_needs_is_missed_before_it_is_used(table, needed):
    tables = copied()
    column = next(iter(tables[table][0].cells))
    tables[table][:] = [row for row in tables[table] if row.cells[column] != needed]
    found = [fault for fault in faults_in(table, tables) if fault.value == needed]
    assert any("this row is missing" in fault.remedy for fault in found)


def test_a_spreadsheets_byte_order_mark_does_no_harm(tmp_path):
    rewritten(tmp_path, "groups", lambda text: b"\xef\xbb\xbf" + text)
    assert soclib.load_catalog(tmp_path).part(VERDICT).groups


def test_line_ends_do_not_change_the_version(tmp_path):
    rewritten(tmp_path, "groups", lambda text: text.replace(b"\n", b"\r\n"))
    assert soclib.load_catalog(tmp_path).version == soclib.load_catalog().version


def test_any_other_change_changes_the_version(tmp_path):
    own_cells(tmp_path, "groups", 2, title="Quick look")
    assert soclib.load_catalog(tmp_path).version != soclib.load_catalog().version


# --- the shipped tables ------------------------------------------------------------------------

ROWS = [(name, row.cells) for name in NAMES for row in SHIPPED[name]]


def test_every_shipped_row_has_a_source_a_date_and_a_status():
    for name, row in ROWS:
        assert row["source_id"], (name, row)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["as_of"]), (name, row)
        assert row["evidence"] in EVIDENCE, (name, row)


def test_every_source_is_used():
    used = {part for name, row in ROWS if name != "sources" for part in row["source_id"].split(";")}
    catalog = soclib.load_catalog()
    assert used == {*catalog.part(CLAIMS).sources, *catalog.part(CLAIMS).draft_sources}


def test_what_is_called_confirmed_rests_on_two_publishers():
    sources = soclib.load_catalog().part(CLAIMS).sources
    for name, row in ROWS:
        if name == "sources" or row["evidence"] != "confirmed":
            continue
        cited = [sources[source_id] for source_id in row["source_id"].split(";")]
        assert {"project-practice"} != {source.source_id for source in cited}
        publishers = {p.strip() for source in cited for p in source.publisher.split(";")}
        publishers.discard("SOC explainer")
        assert len(publishers) > 1, (name, list(row.values())[:3])


QUOTED = {"faq": ("question", "also_asked"), "misconceptions": ("heard",)}  # what others say


def test_no_text_calls_a_soc_report_a_certificate():
    for name, row in ROWS:
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
        for criterion in soclib.load_catalog().part(VERDICT).criteria
    ]
    assert ours == frozen


def test_every_clause_reads_as_the_middle_of_a_sentence():
    for criterion in soclib.load_catalog().part(VERDICT).criteria:
        for words in criterion.questions.values():
            assert words.question.endswith("?")
            for clause in (words.if_yes, words.if_no):
                assert clause[0].islower() or clause.split()[0].isupper(), clause
                assert not clause.endswith("."), clause

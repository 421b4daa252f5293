"""The comparison table as an analyst gets it."""

from __future__ import annotations

import csv

import pytest
from copied_tables import copy_tables

import soclib
from soclib.comparison.tables import COMPARISON
from soclib.verdict.page import verdict_html
from soclib.verdict.tables import VERDICT

FIRST = (
    "What it reports on",
    "Standard it is performed under",
    "Primary audience",
    "Who typically needs it",
    "Who asks for it",
    "What the report contains",
    "Distribution",
    "Type 1 and Type 2",
)
ANSWERS = {"affects_client_financials": "yes", "asked_by_financial_auditor": "yes"}


@pytest.fixture
def own(tmp_path):
    """Return tables of a reader's own: another wording, and a column that the project lacks."""
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "comparison.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    rows = [{**row, "dimension": "<b>Worüber?</b>", "our note": "ask Legal"} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return soclib.load_catalog(folder)


def test_the_first_rows_are_those_that_people_look_for():
    assert tuple(soclib.comparison()["dimension"][:8]) == FIRST


def test_there_are_enough_dimensions_and_each_cell_says_something():
    table = soclib.comparison()
    assert len(table) >= 20
    assert table[["soc1", "soc2", "soc3"]].map(len).min().min() >= 40


def test_the_rows_that_do_not_differ_can_be_left_out():
    table = soclib.comparison(only_where_they_differ=True)
    assert 0 < len(table) < len(soclib.comparison())
    assert set(table["differs"]) == {"yes", "partly"}


def test_every_criterion_is_linked_to_a_row():
    linked = set(";".join(soclib.comparison()["criteria"]).split(";")) - {""}
    assert linked == {
        criterion.criterion_id for criterion in soclib.load_catalog().part(VERDICT).criteria
    }


def test_a_verdict_shows_the_rows_of_the_answers_that_decided():
    rows = soclib.decide(ANSWERS).to_dict()["cards"][0]["rows"]
    table = soclib.comparison()
    for row in rows:
        criteria = set(table.loc[row["dimension_id"], "criteria"].split(";"))
        assert criteria & set(ANSWERS)
        assert row["text"] == table.loc[row["dimension_id"], "soc1"]
    assert rows


def test_a_users_own_columns_are_kept(own):
    assert set(soclib.comparison(own)["our note"]) == {"ask Legal"}


def test_a_users_own_wording_is_escaped(own):
    html = verdict_html(soclib.decide(ANSWERS, catalog=own).to_dict(), own)
    assert "<b>Worüber" not in html
    assert "Worüber" in html


def test_a_prospect_may_not_have_a_soc_1_even_under_an_nda():
    allowed = {
        (row.report_id, row.reader_id): row.allowed
        for row in soclib.load_catalog().part(COMPARISON).readers
    }
    assert allowed["soc1", "prospect_under_nda"] == "no"
    assert allowed["soc3", "public"] == "yes"
    assert len(allowed) == 3 * 7


def change_header(folder, old, new):
    path = folder / "comparison.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("new", "says"),
    [("Topic,", "write it topic"), ("topic ,", "write it topic")],
)
def test_a_column_that_is_nearly_one_of_ours_is_named(tmp_path, new, says):
    folder = tmp_path / "data"
    copy_tables(folder)
    change_header(folder, "topic,", new)
    with pytest.raises(soclib.DataError, match=says):
        soclib.load_catalog(folder)


def test_a_criterion_that_is_named_twice_is_a_fault(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    change_header(folder, "deal_blocked,", "deal_blocked;deal_blocked,")
    with pytest.raises(soclib.DataError, match="is listed twice"):
        soclib.load_catalog(folder)


def test_a_draft_is_cited_as_proposed():
    assert "proposed, not in force" in soclib.cite("drafts_2026")


def test_braces_in_a_readers_text_stay_what_they_are(tmp_path):
    folder = tmp_path / "braces"
    copy_tables(folder)
    change_header(folder, "issuer,Issuer,", "issuer,{version} {sources} $&,")
    text = soclib.cite("issuer", soclib.load_catalog(folder))
    assert text.startswith("{version} {sources} $& (row issuer")


def test_a_misspelt_column_or_a_lone_name_is_no_empty_column():
    reasons = soclib.decide(ANSWERS).reasons("soc1")
    assert list(soclib.frame(reasons, "text")) == ["text"]
    with pytest.raises(soclib.AnswerError, match="did you mean 'text'"):
        soclib.frame(reasons, ["texts"])
    assert "soc2" not in soclib.comparison(reports="soc1")

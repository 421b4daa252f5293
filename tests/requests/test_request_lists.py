"""Many requests: one row each, every unreadable one named, and what all of them are asking."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import soclib
from soclib import requests
from soclib.verdict.tables import VERDICT

EXAMPLES = Path(__file__).parents[2] / "notebooks" / "examples" / "buyer_requests.csv"
CATALOG = soclib.load_catalog()
MAIL = """From: Jo Doe <jo@example.org>
Subject: Your SOC 1
Content-Type: text/plain; charset=utf-8

Our auditors need your SOC 1 for the payroll you run.
"""


@pytest.fixture(scope="module")
def forty():
    return requests.read_many(EXAMPLES)


def test_the_examples_are_forty_and_each_has_its_row(forty):
    assert len(forty) == 40
    assert {report.report_id for report in CATALOG.part(VERDICT).reports} <= set(forty.columns)
    assert forty.loc["B01", "asked_for"] == "SOC 1"
    assert forty.loc["B01", "soc1"] == "needed"
    assert forty.loc["B04", "differs"]
    assert forty.loc["B12", "deadline"] == "28 February 2027"


def test_a_row_says_the_same_as_the_request_alone(forty):
    with EXAMPLES.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            alone = requests.read(row["text"])
            there = forty.loc[row["request_id"]]
            assert {one: there[one] for one in alone.decision.reports} == alone.decision.reports
            assert there["differs"] == " ".join(alone.differs)


def test_a_list_of_texts_is_numbered():
    frame = requests.read_many(["Please send your SOC 2.", "We need no SOC 1."])
    assert list(frame.index) == ["01", "02"]


def test_pasted_csv_is_read():
    frame = requests.read_many("text,from\nPlease send your SOC 2.,Jo\n")
    assert frame.loc["01", "from"] == "Jo"


def test_a_folder_of_texts_and_mails_is_read(tmp_path):
    (tmp_path / "a.txt").write_text("Please send your SOC 2.", "utf-8")
    (tmp_path / "b.eml").write_bytes(MAIL.encode())
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    frame = requests.read_many(tmp_path)
    assert list(frame.index) == ["a", "b"]
    assert frame.loc["b", "soc1"] == "needed"
    assert "Jo Doe" in frame.loc["b", "from"]


def test_a_mail_in_an_unknown_character_set_is_still_read(tmp_path):
    odd = MAIL.replace("utf-8", "x-nobody-knows")
    (tmp_path / "odd.eml").write_bytes(odd.encode())
    assert requests.read_many(tmp_path).loc["odd", "asked_for"] == "SOC 1"


def test_every_request_that_cannot_be_read_is_named_at_once():
    with pytest.raises(soclib.DataError) as caught:
        requests.read_many(["", "Please send your SOC 2.", "x" * 70_000])
    assert [fault.line for fault in caught.value.faults] == [1, 3]


def test_an_id_that_is_given_twice_is_named():
    with pytest.raises(soclib.DataError, match="is already on line 2"):
        requests.read_many("request_id,text\nA,Send your SOC 2.\nA,Send your SOC 1.\n")


def test_an_empty_folder_and_a_table_without_texts_are_refused(tmp_path):
    with pytest.raises(soclib.DataError, match="nothing to read"):
        requests.read_many(tmp_path)
    with pytest.raises(soclib.DataError, match="the column is missing"):
        requests.read_many("from,value\nJo,5\n")


def test_the_summary_counts_what_the_rows_say(forty):
    summary = requests.summary(forty)["requests"]
    assert summary.iloc[0] == 40
    named = (forty["by_name"].str.contains("soc1")).sum()
    assert summary.loc["Ask for a SOC 1 by name"] == named
    question, count = summary.index[-1], summary.iloc[-1]
    asked = forty["next_question"].value_counts()
    assert question.endswith(asked.index[0])
    assert count == asked.iloc[0]


def test_the_buyers_side_is_summed_up_in_its_own_words():
    frame = requests.read_many(["Our auditor wants a SOC 1 from the payroll bureau."], "buyer")
    assert requests.summary(frame)["requests"].iloc[0] == 1

"""A request is read by a table of phrases: what it names, takes back and leaves open."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import soclib

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "cases"
IDS = [criterion.criterion_id for criterion in soclib.load_catalog().criteria]
GOOD = ("needed", "likely")


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"The shared cases are not beside this checkout ({name}).")
    return read(path)


def wanted(row):
    found = {part.strip().lower().replace(" ", "") for part in row["expected_reports"].split("+")}
    return found & {"soc1", "soc2", "soc3"}


def judged(row, text):
    """Return right, open or wrong: what was read from a text against what an expert expects."""
    reports = soclib.read_request(text).decision.reports
    expected = wanted(row)
    if any(reports[one] == "not_needed" for one in expected):
        return "wrong"
    if "soc1" not in expected and row["expected_reports"] != "ask" and reports["soc1"] in GOOD:
        return "wrong"
    return "right" if all(reports[one] in GOOD for one in expected) else "open"


# --- what the developers' cases say -----------------------------------------------------------


def test_most_scenarios_are_read_right_and_none_wrong():
    rows = shared("scenarios_dev.csv")
    found = [judged(row, row["scenario"]) for row in rows]
    assert found.count("wrong") == 0
    assert found.count("right") >= len(rows) / 2
    assert len(found) - found.count("wrong") >= 0.8 * len(rows)


def test_no_answer_contradicts_what_an_expert_coded():
    against = [
        (row["case_id"], criterion_id, answer)
        for row in shared("coded_cases.csv")
        for criterion_id, answer in soclib.read_request(row["text"]).answers.items()
        if {answer, row[criterion_id]} == {"yes", "no"}
    ]
    assert len(against) <= 2, against


# --- negation and doubt -----------------------------------------------------------------------

ASKED = [
    ("We do not need a SOC 1 but a SOC 2 Type II.", {"soc2"}),
    ("We need neither a SOC 1 nor a SOC 2.", set()),
    ("Please send your SOC2 report.", {"soc2"}),
    ("pls send socii asap", {"soc2"}),
    ("Do we need a SOC 1?", set()),
    ("If you processed our payroll, we would need a SOC 1.", set()),
    ("We used to ask for SAS 70 reports.", set()),
    ("We want a SOC 2 rather than a SOC 1.", {"soc2"}),
    ("Supplier shall provide SOC 1/SOC 2 Type II reports.", {"soc1", "soc2"}),
    ("A SOC 1 is not required.", set()),
]


@pytest.mark.parametrize(("text", "reports"), ASKED)
def test_only_what_is_demanded_counts_as_asked_for(text, reports):
    asked = set(soclib.read_request(text).asked_for.reports)
    assert asked & {"soc1", "soc2", "soc3"} == reports


@pytest.mark.parametrize("text", ["", "  \n", 5, None, "x" * 65_537])
def test_what_cannot_be_read_is_refused_in_one_sentence(text):
    with pytest.raises(soclib.RequestError) as caught:
        soclib.read_request(text)
    assert "\n" not in str(caught.value)

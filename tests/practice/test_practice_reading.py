"""Cases and what is said about them read at about grade 9; names and terms of art may be longer."""

from __future__ import annotations

import re
import statistics

import pytest
import textstat

from soclib import practice
from soclib.catalog import load_catalog
from soclib.practice.tables import PRACTICE
from soclib.words import words_of

CATALOG = load_catalog()
TABLES = CATALOG.part(PRACTICE)
HARDEST = 9  # school grade, of a table on average
SINGLE = 14  # of a sentence alone, where one long word weighs much
TERMS = re.compile(
    r"\b(SOC [123]|SOC|Type [12]|ISO/IEC 27001|ISO 27001|HITRUST|AICPA|CPA|SOX|auditors?|security|"
    r"report(s|ed)?|controls?|customers?|financial|examin\w+|opinion|unqualified|disclaimed|"
    r"subservice organi[sz]ation|compliance|confidential(ity)?|categor(y|ies)|certificate|criteria|"
    r"complementary user entity|user entit(y|ies)|processing integrity|readiness assessment)\b"
)
SLOT = re.compile(r"\{(vendor|buyer|person)\}")


def grade(text):
    """Return the school grade of a text; terms of art and names count as short words."""
    plain = TERMS.sub("term", SLOT.sub("Ann", text).replace("{staff}", "60"))
    return textstat.flesch_kincaid_grade(plain)


TEXTS = {
    "fragments": {one.fragment_id: one.text for one in TABLES.fragments},
    "voices": {one.planted_id: one.text for one in TABLES.planted.values()},
    "corrections": {one.planted_id: one.correct for one in TABLES.planted.values()},
    "extract lines": {one.line_id: one.text for one in TABLES.lines},
    "reasons of lines": {one.line_id: one.why for one in TABLES.lines if one.why},
    "screen": {
        key: text
        for key, text in words_of(CATALOG, "vendor").items()
        if key.startswith("practice_") and key != "practice_people"
    },
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_table_reads_at_grade_nine_on_average(name):
    assert statistics.mean(map(grade, TEXTS[name].values())) <= HARDEST


@pytest.mark.parametrize("name", TEXTS)
def test_no_sentence_is_far_harder(name):
    hard = {key: text for key, text in TEXTS[name].items() if grade(text) > SINGLE}
    assert not hard


def test_cases_read_at_grade_nine():
    grades = [grade(practice.scenario(seed, 1 + seed % 3).text) for seed in range(200)]
    assert statistics.mean(grades) <= HARDEST
    assert max(grades) <= HARDEST + 2

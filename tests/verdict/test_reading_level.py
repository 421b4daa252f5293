"""Answers read at about grade 9: terms of art may stand in them, long sentences may not.

Before the measure every term of the glossary becomes one short word, because a reader gets its
meaning beside it. What is left must not be harder than a school text.
"""

from __future__ import annotations

import re
import statistics

import pytest
import textstat

import soclib
from soclib.questions.tables import QUESTIONS

TEACHING = soclib.load_catalog().part(QUESTIONS)
MEAN, SINGLE = 8, 11  # Flesch-Kincaid grades: of a whole table, and of each row
NAMES = sorted({name for term in TEACHING.glossary.values() for name in term.names}, key=len)
ANY_NAME = "|".join(map(re.escape, reversed(NAMES)))
TERM = re.compile(rf"(?<![\w-])({ANY_NAME})('s|s)?(?![\w-])", re.IGNORECASE)
TEXTS = {
    "faq": {key: one.answer for key, one in TEACHING.faq.items()},
    "misconceptions": {
        key: f"{one.correct} {one.why_believed} {one.say_instead}"
        for key, one in TEACHING.misconceptions.items()
    },
    "glossary": {key: f"{one.meaning} {one.example}" for key, one in TEACHING.glossary.items()},
}

each_table = pytest.mark.parametrize("table", TEXTS)


def grade(text):
    """Return the school year whose pupils can read a text, terms of art taken as known."""
    return textstat.flesch_kincaid_grade(TERM.sub("term", re.sub(r"SOC [123]\b", "SOC", text)))


@each_table
def test_a_table_as_a_whole_reads_easily(table):
    assert statistics.mean(map(grade, TEXTS[table].values())) <= MEAN


@each_table
def test_no_row_is_harder_than_a_school_text(table):
    hard = {key: grade(text) for key, text in TEXTS[table].items() if grade(text) > SINGLE}
    assert not hard


def test_the_measure_tells_easy_from_hard():
    easy = "The vendor writes the letter. No auditor signs it. It spans three months."
    hard = (
        "Notwithstanding the aforementioned considerations, organizations contemplating "
        "comprehensive outsourcing arrangements necessarily evaluate multidimensional implications."
    )
    assert grade(easy) < MEAN < SINGLE < grade(hard)


def test_a_term_of_art_does_not_make_a_text_hard():
    assert grade("The complementary user entity control is yours.") == grade("The term is yours.")

"""What a class asks: every question finds its answer, and every answer says where it comes from."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import nbformat
import pytest

import soclib
from soclib.question_search import find_questions
from soclib.teaching_checks import plain

ROOT = Path(__file__).resolve().parent.parent
CATALOG = soclib.load_catalog()
TEACHING = CATALOG.teaching
FAQ = list(TEACHING.faq.values())
HEARD = list(TEACHING.misconceptions.values())
TERMS = list(TEACHING.glossary.values())
HERE = Path(__file__).parent


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


ASKED = [(row["asked"], row["right"].split()) for row in read(HERE / "asked_questions.csv")]


def found(text, most=3):
    return [one.question.faq_id for one in find_questions(text, CATALOG, most)]


# --- whole tables ------------------------------------------------------------------------------


def test_there_are_as_many_rows_as_were_asked_for():
    assert len(FAQ) >= 60
    assert len(HEARD) >= 22
    assert len(TERMS) >= 40


def test_every_topic_has_several_questions():
    topics = {one.topic for one in FAQ}
    assert {one.topic for one in HEARD} <= topics
    for topic in topics:
        assert sum(one.topic == topic for one in FAQ) >= 5, topic


@pytest.mark.parametrize("one", [*FAQ, *HEARD], ids=lambda one: one.cell)
def test_the_cell_that_shows_it_exists(one):
    notebook, _sign, cell_id = one.cell.partition("#")
    cells = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    assert cell_id in {cell["id"] for cell in cells}


@pytest.mark.parametrize(
    "one", [one for one in FAQ if one.case_facts], ids=lambda one: str(one.faq_id)
)
def test_the_rules_give_a_case_the_verdict_that_its_answer_rests_on(one):
    decided = soclib.decide(one.case_facts).reports
    assert {key: decided[key] for key in one.case_verdict} == one.case_verdict


def test_what_is_not_confirmed_or_disputed_says_so_in_the_answer():
    for one in FAQ:
        if one.provenance.evidence in ("disputed", "unconfirmed"):
            assert re.search(r"differ|disput|disagree|not confirmed|One source|in part", one.answer)


def test_every_term_of_the_glossary_is_told_from_every_other():
    names = [plain(name) for term in TERMS for name in term.names]
    assert len(names) == len(set(names))


# --- the search --------------------------------------------------------------------------------


@pytest.mark.parametrize("one", FAQ, ids=lambda one: one.faq_id)
def test_every_wording_of_a_question_finds_it_first(one):
    for wording in one.wordings:
        assert found(wording)[0] == one.faq_id, wording


def hits(asked, most):
    return sum(bool(set(found(text, most)) & set(right)) for text, right in asked)


def test_most_questions_in_somebody_elses_words_find_their_answer():
    assert hits(ASKED, 1) / len(ASKED) >= 0.7
    assert hits(ASKED, 3) / len(ASKED) >= 0.85

"""What a class asks: every question finds its answer, and every answer says where it comes from."""

from __future__ import annotations

import csv
import re
from functools import cache
from html import escape
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render import hostile_catalog, tags_of

import soclib
from soclib.paper.sheets import Sheet
from soclib.questions import first_places, terms_in
from soclib.questions.search import find_questions, index_of, stems
from soclib.questions.tables import QUESTIONS, plain
from soclib.tables.kinds import paired

ROOT = Path(__file__).resolve().parents[2]
CATALOG = soclib.load_catalog()
TEACHING = CATALOG.part(QUESTIONS)
FAQ = list(TEACHING.faq.values())
HEARD = list(TEACHING.misconceptions.values())
TERMS = list(TEACHING.glossary.values())
# One search takes as long as ten of the usual examples.
FEWER = settings(max_examples=settings().max_examples // 10)
HERE = Path(__file__).parent
DEVELOPMENT = HERE.parents[2] / "shared" / "cases" / "questions_dev.csv"


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


ASKED = [(row["asked"], row["right"].split()) for row in read(HERE / "asked_questions.csv")]


@cache  # several tests ask the same
def found(text):
    """Return the ids of the three questions that fit a text best, the best first."""
    return [one.question.faq_id for one in find_questions(text, CATALOG, 3)]


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


# --- terms in the notebooks --------------------------------------------------------------------

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HARD = tuple(term for term in TERMS if term.first_use == "yes")
GLOSSARY_LINK = re.compile(r"\]\(12_questions_and_terms\.ipynb#cell-id=(\w+) \"([^\"]*)\"\)")


def prose(path):
    """Return what a notebook says in paragraphs: headings and code are left out."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    text = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    return re.sub(r"^#.*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_hard_term_is_explained_where_a_notebook_first_uses_it(path):
    """By emphasis, which means that it is explained on the spot, or by a link to its meaning."""
    text = GLOSSARY_LINK.sub("]", prose(path))
    bare = [key for key, place in first_places(text, HARD) if text[place - 1 : place] not in "*["]
    assert not bare, "explain it there in *emphasis*, or link it to the glossary"


def test_a_link_to_the_glossary_shows_the_meaning_that_the_glossary_gives():
    meanings = {term.meaning for term in TERMS}
    found = [link for path in NOTEBOOKS for link in GLOSSARY_LINK.findall(prose(path))]
    assert found
    assert {cell_id for cell_id, _meaning in found} == {"terms"}
    assert {meaning for _cell_id, meaning in found} <= meanings


# --- the search --------------------------------------------------------------------------------


@pytest.mark.parametrize("one", FAQ, ids=lambda one: one.faq_id)
def test_every_wording_of_a_question_finds_it_first(one):
    for wording in one.wordings:
        assert found(wording)[0] == one.faq_id, wording


def hits(asked, most):
    return sum(bool(set(found(text)[:most]) & set(right)) for text, right in asked)


def test_most_questions_in_somebody_elses_words_find_their_answer():
    assert hits(ASKED, 1) / len(ASKED) >= 0.8
    assert hits(ASKED, 3) / len(ASKED) >= 0.95


def test_the_topic_of_a_question_is_among_the_first_three():
    topics = {one.faq_id: one.topic for one in FAQ}
    for asked, right in ASKED:
        assert {topics[key] for key in found(asked)} & {topics[key] for key in right}, asked


def misspelt(word):
    """Yield a word with two letters swapped, with one left out, and with one doubled."""
    for i in range(1, len(word)):
        if word[i - 1] != word[i]:
            yield word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :]
        yield word[:i] + word[i + 1 :]
        yield word[:i] + word[i - 1] + word[i:]


def test_nearly_every_error_in_a_word_is_read_as_that_word():
    """The rest are words that have lost their ending to the stem, or stand near another word."""
    speech = index_of(CATALOG).reader
    words = sorted({word for one in FAQ for word in re.findall("[A-Za-z]{5,}", one.question)})
    errors = [(wrong, word) for word in words for wrong in sorted(set(misspelt(word)))]
    assert len(errors) > 3000
    read = 0
    for wrong, word in errors:
        typed, meant = stems(wrong), stems(word)
        read += typed == meant or meant[0] in speech.guesses(typed[0])
    assert read / len(errors) >= 0.96


def with_errors(text, pick):
    """Return a text once for each of its longer words, with an error in that word."""
    for place in re.finditer("[A-Za-z]{4,}", text):
        errors = sorted(set(misspelt(place[0])))
        yield text[: place.start()] + errors[pick % len(errors)] + text[place.end() :]


@FEWER
@given(one=st.sampled_from(FAQ), pick=st.integers(0, 100))
def test_an_error_in_any_one_word_does_not_lose_the_question(one, pick):
    for wrong in with_errors(one.question, pick):
        assert one.faq_id in found(wrong), wrong


SPELT = ("SOC 2", "SOC2", "soc-2", "SOC II", "Soc ii", "SOC two", "SOC 2s")


@pytest.mark.parametrize("name", SPELT)
def test_every_way_to_write_a_report_is_read_alike(name):
    assert found(f"how long does a first {name} take?")[0] == "time_soc2"
    assert found(f"is {name} a certificate?")[0] == "oth_certificate"


@FEWER
@given(one=st.sampled_from(FAQ), order=st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter_to_the_first_three(one, order):
    words = re.findall(r"SOC [123]|Type [12]|[\w/-]+", one.question)
    order.shuffle(words)
    assert one.faq_id in found(" ".join(words))


@pytest.mark.parametrize("text", ["", "???", "xyzzy qwrtp", "who is it?", "\x00<b>"])
def test_what_says_nothing_finds_nothing_and_does_no_harm(text):
    assert found(text) == []
    assert "No question comes close" in str(soclib.questions.ask(text))


def test_an_answer_that_may_miss_the_point_says_so():
    assert "may miss the point" in str(
        soclib.questions.ask("price of a house in Berlin with a garden")
    )
    assert "may miss the point" not in str(soclib.questions.ask("price of a SOC 2"))


@FEWER
@given(text=st.text(max_size=60))
def test_any_text_may_be_asked(text):
    assert len(found(text)) <= 3
    assert "<b>x" not in soclib.questions.ask(text + "<b>x").html


@pytest.fixture
def development():
    """Return the questions of the development set, each with its hand-coded answer."""
    if not DEVELOPMENT.exists():
        pytest.skip(f"{DEVELOPMENT.name} is not beside this repository")
    right = {row["id"]: row["right"] for row in read(HERE / "asked_dev.csv")}
    return [(row["question"], [right[row["id"]]]) for row in read(DEVELOPMENT)]


def test_the_questions_of_the_development_set_find_their_hand_coded_answers_first(development):
    assert hits(development, 1) == len(development)


@pytest.mark.thorough
def test_no_error_loses_a_question_of_the_development_set(development):
    for text, answers in development:
        for wrong in with_errors(text, len(text)):
            assert set(found(wrong)) & set(answers), wrong


# --- what is shown -----------------------------------------------------------------------------


def test_an_answer_says_where_it_comes_from_what_its_terms_mean_and_where_it_is_shown():
    shown = soclib.questions.ask("do I need soc1 if i am a payroll bureau?", 1)
    one = TEACHING.faq["need_payroll"]
    for part in (one.question, one.answer, "SOC 1: Needed", "checked 2026-11-25"):
        assert part in str(shown)
        assert escape(part) in shown.html
    assert 'href="02_which_report.ipynb#cell-id=payroll"' in shown.html
    assert all(TEACHING.glossary[key].meaning in str(shown) for key in one.terms)


def test_what_was_asked_is_escaped():
    assert "<script>" not in soclib.questions.ask("payroll <script>alert(1)</script>").html


def test_all_text_of_a_users_own_tables_is_escaped(tmp_path):
    catalog = hostile_catalog(tmp_path)
    shown = [
        soclib.questions.ask("payroll bureau", catalog=catalog),
        soclib.questions.heard(catalog=catalog),
        soclib.questions.terms(catalog=catalog),
        soclib.questions.explain_terms("A CUEC.", catalog=catalog),
    ]
    for sheet in shown:
        assert "img" not in tags_of(sheet.html)


def test_tables_have_a_row_for_every_record_and_say_where_it_comes_from():
    for table, rows in (
        (soclib.questions.faq(), FAQ),
        (soclib.questions.misconceptions(), HEARD),
        (soclib.questions.glossary(), TERMS),
    ):
        assert len(table) == len(rows)
        assert {"source_id", "as_of", "evidence"} <= set(table.columns)
        assert (table[["source_id", "as_of", "evidence"]] != "").all().all()


def test_a_topic_narrows_and_an_unknown_one_names_the_nearest():
    assert set(soclib.questions.faq("cuec")["topic"]) == {"User controls (CUECs)"}
    with pytest.raises(soclib.AnswerError, match="did you mean 'cuec'"):
        soclib.questions.misconceptions("cuecs")


def test_the_glossary_can_be_searched_and_may_find_nothing():
    assert list(soclib.questions.glossary("gap letter").index) == ["bridge_letter"]
    assert soclib.questions.glossary("no such words").empty
    assert "No term fits" in str(soclib.questions.terms("no such words"))


def test_misconceptions_are_shown_with_what_to_say_instead():
    shown = soclib.questions.heard("exceptions")
    mine = [one for one in HEARD if one.topic == "exceptions"]
    assert mine
    for one in mine:
        assert one.say_instead in str(shown)
        assert f"{one.cell.split('#')[1]}" in shown.html


def test_terms_are_explained_in_the_order_of_their_first_use():
    text = "The user auditor's team reads about CUECs and a subservice organization."
    assert [one.term_id for one in terms_in(text, CATALOG)] == [
        *("user_auditor", "cuec", "subservice_organization")
    ]
    assert "A control that the vendor assumes" in str(soclib.questions.explain_terms(text))
    assert "None of the terms" in str(soclib.questions.explain_terms("Nothing here."))


def test_terms_of_a_sheet_are_found_in_its_words_and_not_in_its_tags():
    sheet = soclib.questions.ask("what is a CUEC?", 1)
    assert "CUEC" in str(soclib.questions.explain_terms(sheet))
    tagged = Sheet('<p class="carve-out">Nothing here.</p>', "")
    assert "None of the terms" in str(soclib.questions.explain_terms(tagged))


def test_lengths_are_stated_for_every_text_that_is_read_aloud():
    faq = next(schema for schema in QUESTIONS.schemas if schema.name == "faq")
    assert dict(faq.fields)["answer"].most == 90
    assert max(len(one.answer.split()) for one in FAQ) <= 90


def test_a_cell_of_pairs_is_read_as_a_mapping():
    assert dict(paired(" soc1 = needed;soc2=open;")) == {"soc1": "needed", "soc2": "open"}


def test_words_are_cut_down_to_their_stems():
    assert stems("Mapped mapping maps SOC2's") == ["map", "map", "map", "soc", "2"]

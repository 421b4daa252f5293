"""Lessons: plans that add up, answers that cannot drift, and students' editions without answers."""

from __future__ import annotations

from html import escape
from itertools import product

import pytest

import soclib
from soclib import teaching
from soclib.paper.blocks import markdown
from soclib.teaching.editions import EDITIONS, INSTRUCTOR, STUDENT, answer_of, edition_of
from soclib.teaching.material import ROWS_IN_CLASS, answer_of_row, shown_of_row
from soclib.teaching.tables import ANSWER_FROM, DO, SHOW, TEACHING

CATALOG = soclib.load_catalog()
LESSONS = CATALOG.part(TEACHING).lessons
STEPS = CATALOG.part(TEACHING).steps
DRAFTS = {(one.table, one.key) for one in CATALOG.entries if one.provenance.evidence == "draft"}
LEAST_WORDS = 4  # of a sentence that would give an answer away

each_lesson = pytest.mark.parametrize("lesson_id", LESSONS)


def texts(blocks):
    """Return the parts of blocks that say something on their own, sentence by sentence."""
    for one in blocks:
        yield one.text
        for span in one.spans:
            yield from (part.strip() for part in span.text.split(". "))


def answers(lesson_id):
    """Return every sentence of every answer and of every hint of a lesson."""
    for step in CATALOG.part(TEACHING).steps_of(LESSONS[lesson_id]):
        for text in (*texts(answer_of(CATALOG, step)), step.say, *step.say.split(". ")):
            if len(text.split()) >= LEAST_WORDS:
                yield text


# --- tables ---------------------------------------------------------------------------------------


def test_there_is_a_lesson_of_20_of_45_and_of_90_minutes():
    assert {20, 45, 90} <= {lesson.minutes for lesson in LESSONS.values()}


@each_lesson
def test_the_steps_take_exactly_the_minutes_of_the_lesson(lesson_id):
    sections = edition_of(CATALOG, lesson_id, INSTRUCTOR).sections
    assert sections[0].start == 0
    assert [one.end for one in sections[:-1]] == [one.start for one in sections[1:]]
    assert sections[-1].end == LESSONS[lesson_id].minutes


def test_every_step_stands_in_a_lesson():
    used = {
        step.step_id for one in LESSONS.values() for step in CATALOG.part(TEACHING).steps_of(one)
    }
    assert used == {step.step_id for step in STEPS}


def test_whatever_can_be_asked_of_a_row_has_its_answer_and_the_other_way_round():
    assert set(ROWS_IN_CLASS) == {
        (table, form) for table, forms in ANSWER_FROM.items() for form in forms
    }
    assert {key for key, view in ROWS_IN_CLASS.items() if view.answer} == {
        key for key in ROWS_IN_CLASS if key[1]
    }


def test_every_row_that_can_be_taught_from_shows_and_answers_in_every_form():
    rows = [(one.table, one.key) for one in CATALOG.entries if one.provenance.evidence != "draft"]
    tried = [(table, key, form) for table, key in rows for form in ANSWER_FROM.get(table, ())]
    assert {table for table, _key, _form in tried} == set(ANSWER_FROM)
    for table, key, form in tried:
        found = [*shown_of_row(CATALOG, f"{table}/{key}", form)]
        found += answer_of_row(CATALOG, f"{table}/{key}", form)
        assert all(one.text and ".." not in one.text for one in found), (table, key, form)
        assert bool(answer_of_row(CATALOG, f"{table}/{key}", form)) == bool(form)


def test_every_question_has_an_answer_and_only_questions_have_one():
    for step in STEPS:
        found = answer_of(CATALOG, step)
        assert bool(found) == bool(step.ask) == (step.kind != SHOW), step.step_id
        assert all(one.text for one in found)


def test_an_answer_by_hand_names_its_source():
    by_hand = [step for step in STEPS if step.answer]
    assert by_hand
    for step in by_hand:
        assert set(step.provenance.source_ids) - {"project-practice"}, step.step_id


def test_what_is_tried_in_the_panel_is_a_worked_example():
    for step in STEPS:
        if step.kind == DO:
            assert all(one.startswith("examples/") for one in step.material), step.step_id


def test_no_row_shows_what_it_answers_whoever_asks_it_in_whatever_form():
    for table, forms in ANSWER_FROM.items():
        keys = [one.key for one in CATALOG.entries if one.table == table]
        for key, form in product(keys, forms):
            reference = f"{table}/{key}"
            if (table, key) in DRAFTS or not form:
                continue
            seen = " ".join(one.text for one in shown_of_row(CATALOG, reference, form))
            given_away = [
                text
                for text in texts(answer_of_row(CATALOG, reference, form))
                if len(text.split()) >= LEAST_WORDS and text in seen
            ]
            assert not given_away, reference


# --- answers follow from the rules ----------------------------------------------------------------


def test_the_answer_to_a_case_is_what_decide_says():
    for step in STEPS:
        for reference in step.material:
            if reference.startswith("examples/") and step.answer_from in {"verdict", "why"}:
                plain = soclib.example(reference.partition("/")[2]).to_dict()
                said = [one.text for one in answer_of(CATALOG, step)]
                assert said[0] == plain["headline"]
                for card in plain["cards"]:
                    assert any(f"{card['mark']} {card['label']}." in one for one in said)


def test_the_answer_to_a_period_is_what_fit_says():
    table = soclib.periods.worked_cases()
    for case_id in table.index:
        said = answer_of_row(CATALOG, f"worked_periods/{case_id}", "reading")[0].text
        row = table.loc[case_id]
        assert f"{row['reading']}." in said
        assert f"{row['overlap_days']} days" in said
        assert f"{row['gap_days']} days" in said


# --- editions -------------------------------------------------------------------------------------


@each_lesson
def test_a_students_edition_holds_no_sentence_of_an_answer_or_of_a_hint(lesson_id):
    said = " ".join(one.text for one in teaching.edition(lesson_id, STUDENT))
    assert list(answers(lesson_id))
    assert not [text for text in answers(lesson_id) if text in said]


@each_lesson
def test_an_instructors_edition_holds_them_all(lesson_id):
    blocks = teaching.edition(lesson_id, INSTRUCTOR)
    said = " ".join(one.text for one in blocks)
    assert not [text for text in answers(lesson_id) if text not in said]


@each_lesson
def test_both_editions_ask_the_same_questions_and_show_the_same(lesson_id):
    student, instructor = (edition_of(CATALOG, lesson_id, name) for name in EDITIONS)
    bare = [one._replace(answer=(), say="") for one in instructor.sections]
    assert list(student.sections) == bare


@each_lesson
def test_the_same_source_gives_the_same_edition(lesson_id):
    for name in EDITIONS:
        pair = [markdown(teaching.edition(lesson_id, name)) for _ in range(2)]
        assert pair[0] == pair[1]


@each_lesson
def test_a_plan_folds_the_answers_and_says_them_as_text(lesson_id):
    plan = teaching.lesson(lesson_id)
    open_part = "".join(part.split("</details>")[-1] for part in plan.html.split("<details>"))
    for step in CATALOG.part(TEACHING).steps_of(LESSONS[lesson_id]):
        for one in answer_of(CATALOG, step):
            assert one.text in plan.text
        assert escape(step.say) in plan.html
        assert escape(step.say) not in open_part


def test_the_nearest_lesson_and_edition_are_named():
    with pytest.raises(soclib.AnswerError, match="first_talk"):
        teaching.lesson("frist_talk")
    with pytest.raises(soclib.AnswerError, match="student"):
        teaching.edition("first_talk", "studnet")


def test_tables_of_lessons_and_of_tagged_steps_are_data_frames():
    assert list(teaching.lessons().index) == list(LESSONS)
    assert set(teaching.steps("periods")["tags"]) == {"periods"}
    assert len(teaching.steps()) == len(STEPS)

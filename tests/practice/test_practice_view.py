"""A round of practice as a view: one question at a time, a second chance, nothing given away."""

from __future__ import annotations

import html
import re
from datetime import date

import ipywidgets as widgets
import pytest

import soclib
from soclib import practice
from soclib.practice.grading import CHANCES, RESULTS, Round, check, go_on
from soclib.practice.items import PracticeItem
from soclib.practice.sheets import example, feedback, question, summary
from soclib.practice.view import PracticeRound
from soclib.words import words_of

CATALOG = soclib.load_catalog()
TODAY = date(2026, 11, 25)


def words(text_id):
    return words_of(CATALOG, "vendor")[f"practice_{text_id}"]


def plain(text):
    return html.unescape(re.sub("<style>.*?</style>|<[^>]+>", " ", text))


def page_of(form):
    """Return the HTML that stands between the controls of a form."""
    return "".join(one.value for one in form.children if isinstance(one, widgets.HTML))


@pytest.fixture
def view():
    return practice.begin(1, 6, today=TODAY)


def answer(view, *, right):
    """Choose in every control, rightly or wrongly, and press Check."""
    for field in view.round.item.fields:
        controls = view.inputs[field.field_id]
        if field.many:
            for option, box in zip(field.options, controls, strict=True):
                box.value = (option.option_id in field.right) == right
        else:
            options = [option.option_id for option in field.options]
            controls[0].value = next(key for key in options if (key in field.right) == right)
    view.check.click()


def test_what_is_shown_says_nothing_of_what_is_right(view):
    while view.round.item:
        for field in view.round.item.fields:
            shown = plain(view.question.value + page_of(view.form))
            labels = [option.label for option in field.options]
            assert field.explanation.reason not in shown or field.explanation.reason in labels
            assert all(box.value is False for box in view.inputs[field.field_id] if field.many)
            assert all(one.value is None for one in view.inputs[field.field_id] if not field.many)
        view.next.click()


def test_a_right_answer_is_said_as_a_status_with_its_reason(view):
    answer(view, right=True)
    assert re.search(rf'<p role="status"><b>{words("all_right")}', view.status.value)
    for field in view.round.item.fields:
        assert field.explanation.reason in plain(view.status.value)


def test_a_wrong_answer_gets_a_hint_first_and_the_reason_after_the_second(view):
    fields = view.round.item.fields
    answer(view, right=False)
    assert fields[0].explanation.hint in plain(view.status.value)
    assert fields[0].explanation.reason not in plain(view.status.value)
    answer(view, right=False)
    assert fields[0].explanation.reason in plain(view.status.value)


def test_nobody_is_graded_who_has_chosen_nothing(view):
    assert not any(field.many for field in view.round.item.fields)
    view.check.click()
    assert words("answer_first") in view.status.value
    assert view.round.tries == 0


def test_a_question_with_boxes_may_rightly_be_left_empty():
    item = next(
        made
        for number in range(500)
        if (made := practice.item(f"choose.1.neither.{number}")).fields[0].many
        and not made.fields[0].right
    )
    view = PracticeRound((item,), item, today=TODAY)
    view.check.click()
    assert view.round.right


def test_a_whole_round_ends_with_what_came_of_each_question(view):
    for number in range(6):
        if number == 0:
            answer(view, right=True)
        if number == 1:
            answer(view, right=False)
            answer(view, right=True)
        if number == 2:
            answer(view, right=False)
            answer(view, right=False)
        view.next.click()
    assert [one.result for one in view.round.outcomes] == [
        *("first", "second", "wrong"),
        *("skipped", "skipped", "skipped"),
    ]
    assert view.form.children == ()
    for result in RESULTS:
        assert words(f"result_{result}") in plain(view.question.value)
    view.next.click()
    assert view.round.item is None


def test_what_was_not_right_at_once_can_be_practised_again(view):
    answer(view, right=True)
    for _ in range(6):
        view.next.click()
    assert view.again.layout.display == ""
    view.again.click()
    assert len(view.round.items) == 5
    assert view.again.layout.display == "none"
    for _ in range(5):
        answer(view, right=True)
        view.next.click()
    assert view.again.layout.display == "none"
    assert words("nothing_again") in view.status.value


def test_every_control_has_a_name_and_no_two_of_a_question_the_same():
    for seed in range(4):
        view = practice.begin(seed, 6, difficulty=3, today=TODAY)
        while view.round.item:
            names = [one.description for group in view.inputs.values() for one in group]
            assert all(names)
            assert len(set(names)) == len(names), names
            view.next.click()


def test_the_first_try_is_kept_and_the_next_round_begins_with_what_was_wrong(tmp_path):
    path = tmp_path / "progress.json"
    view = practice.begin(1, 3, progress=path, today=TODAY)
    wrong = view.round.item.item_id
    answer(view, right=False)
    assert "Kept in progress.json." in plain(view.status.value)
    answer(view, right=True)
    view.next.click()
    answer(view, right=True)
    kept = practice.Progress.load(path)
    assert (kept.cards[wrong].right, kept.cards[wrong].wrong) == (0, 1)
    again = practice.begin(2, 3, progress=path, today=TODAY)
    assert again.round.item.item_id == wrong
    assert len(again.round.items) == 3


def test_a_kept_question_that_the_tables_make_no_more_is_passed_over(tmp_path):
    kept = practice.Progress()
    for item_id in ("case.2.gone.1", "guess.2.any.1", "mark.2.any.3"):
        kept = kept.answered(item_id, right=False, today=TODAY)
    path = kept.save(tmp_path / "progress.json")
    made = practice.prepare_round(1, 4, progress=path, today=TODAY)
    assert made.items[0].item_id == "mark.2.any.3"
    assert len(made.items) == 4


def test_a_file_that_cannot_be_written_is_told_and_the_round_goes_on(tmp_path):
    (tmp_path / "file").write_text("x")
    view = practice.begin(1, 2, progress=tmp_path / "new.json", today=TODAY)
    view.path = tmp_path / "file" / "progress.json"
    answer(view, right=True)
    assert words("all_right") in view.status.value
    assert "progress.json" in plain(view.status.value)


def test_a_bad_file_of_progress_is_one_clear_error(tmp_path):
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(practice.ProgressError, match=r"bad.json: no JSON"):
        practice.begin(1, progress=tmp_path / "bad.json", today=TODAY)


def test_the_saved_page_is_an_example_that_is_in_no_round_of_the_first_seeds(view):
    assert isinstance(view.example_item, PracticeItem)
    shown = {str(item) for seed in range(20) for item in practice.quiz(seed, 12, difficulty=1)}
    assert str(view.example_item) not in shown
    assert words("standby")


def test_the_view_as_text_is_the_question_without_its_answer(view):
    assert str(view).endswith(str(view.round.item))


# --- sheets ------------------------------------------------------------------------------------

EVIL = "<script>alert(1)</script>&\"'"


def evil_item():
    item = practice.item("mark.2.any.1")
    field = item.fields[0]
    options = tuple(option._replace(label=EVIL + option.label) for option in field.options)
    explanation = field.explanation._replace(reason=EVIL, hint=EVIL, change=EVIL, rule_id=EVIL)
    evil = field._replace(label=EVIL, options=options, explanation=explanation)
    return PracticeItem(
        item.item_id, item.kind, EVIL, (EVIL,), (evil,), item.catalog, numbered=True
    )


def test_whatever_a_table_says_is_escaped():
    item = evil_item()
    wrong = practice.grade(item, "A" if "A" not in item.fields[0].right else "B")
    view = PracticeRound((item,), item, today=TODAY)
    turn = go_on(Round((item,)))
    pages = [
        question(item).html,
        feedback(item, wrong).html,
        feedback(item, wrong, last=False).html,
        example(item).html,
        summary(turn).html,
        view.question.value,
        page_of(view.form),
    ]
    assert not [page for page in pages if "<script" in page]


def test_a_hint_before_the_second_chance_and_the_answer_after_it():
    item = practice.item("mark.2.any.1")
    (field,) = item.fields
    wrong = practice.grade(
        item, next(o.option_id for o in field.options if o.option_id not in field.right)
    )
    first, last = feedback(item, wrong, last=False).text, feedback(item, wrong).text
    assert field.explanation.hint in first
    assert field.explanation.reason not in first
    assert field.explanation.reason in last
    assert f"It is: Line {field.right[0]}" in last


# --- rounds ------------------------------------------------------------------------------------


def test_a_settled_question_is_not_tried_again():
    item = practice.item("mark.2.any.1")
    turn = Round((item,))
    for _ in range(CHANCES + 2):
        turn, _given = check(turn, {})
    assert turn.tries == CHANCES
    turn, _given = check(Round((item,)), {"line": item.fields[0].right})
    assert turn.settled
    assert check(turn, {})[0] is turn


def test_a_round_that_is_over_takes_no_answer_and_goes_nowhere():
    turn = go_on(Round((practice.item("mark.2.any.1"),)))
    assert go_on(turn) is turn
    with pytest.raises(LookupError):
        check(turn, {})

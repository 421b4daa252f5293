"""Progress: boxes of questions by day, kept whole in one local file, a bad file told in words."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soclib.errors import SaveError
from soclib.practice import Card, Progress, ProgressError
from soclib.practice.progress import FORMAT, WAITS

TODAY = date(2026, 11, 25)
ANSWERS = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans(), st.integers(0, 3)))


def after(answers, start=TODAY):
    """Return the progress after (item, right, days waited before), and the last day."""
    progress, today = Progress(), start
    for item_id, right, waited in answers:
        today += timedelta(days=waited)
        progress = progress.answered(item_id, right=right, today=today)
    return progress, today


def test_a_wrong_answer_is_due_at_once_and_a_right_one_later_each_time():
    progress = Progress().answered("a", right=False, today=TODAY)
    assert progress.due(TODAY) == ("a",)
    for box, wait in enumerate(WAITS[1:], start=2):
        progress = progress.answered("a", right=True, today=TODAY)
        assert progress.cards["a"].box == box
        assert progress.due(TODAY + timedelta(days=wait - 1)) == ()
        assert progress.due(TODAY + timedelta(days=wait)) == ("a",)


def test_a_wrong_answer_goes_back_to_the_first_box():
    progress, _ = after([("a", False, 0), ("a", True, 0), ("a", True, 0), ("a", False, 0)])
    assert progress.cards["a"] == Card(1, TODAY, 2, 2)


def test_what_was_never_wrong_does_not_come_back():
    progress, _ = after([("a", True, 0)])
    assert progress.due(TODAY + timedelta(days=999)) == ()


def test_the_lowest_box_comes_first():
    progress, _ = after([("b", False, 0), ("b", True, 0), ("a", False, 9)])
    assert progress.due(TODAY + timedelta(days=9)) == ("a", "b")


@given(ANSWERS)
def test_every_answer_is_counted_once_and_every_question_lies_in_one_box(answers):
    progress, _ = after(answers)
    assert progress.answers == (sum(right for _, right, _ in answers), len(answers))
    assert sum(progress.boxes) == len({item for item, _, _ in answers}) == len(progress.cards)


@given(ANSWERS)
def test_only_what_was_wrong_and_is_due_comes_back_and_all_of_it_in_the_end(answers):
    progress, today = after(answers)
    wrong = {item for item, right, _ in answers if not right}
    assert set(progress.due(today)) <= wrong
    assert set(progress.due(today + timedelta(days=max(WAITS)))) == wrong


@given(ANSWERS)
def test_an_answer_leaves_the_progress_before_it_as_it_was(answers):
    progress, today = after(answers)
    before = dict(progress.cards)
    progress.answered("a", right=True, today=today)
    assert progress.cards == before


@given(ANSWERS)
def test_what_is_saved_is_loaded_again(tmp_path_factory, answers):
    path = tmp_path_factory.getbasetemp() / "progress.json"
    progress, _ = after(answers)
    progress.save(path)
    assert Progress.load(path) == progress


def test_no_file_yet_is_no_progress_yet(tmp_path):
    assert Progress.load(tmp_path / "none.json") == Progress()


def test_a_failed_save_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = after([("a", True, 0)])[0].save(tmp_path / "progress.json")
    before = path.read_bytes()

    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(SaveError, match=r"progress.json: No space left"):
        after([("b", True, 0)])[0].save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["progress.json"]  # noqa: PTH208 - names are all it takes


GOOD = {"box": 1, "due": "2026-11-25", "right": 0, "wrong": 1}


def file_with(cards):
    return json.dumps({"format": FORMAT, "cards": cards})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON that can be read"),
        ("{", "no JSON that can be read"),
        ("\xff", "no JSON that can be read"),
        ("[" * 100_000, "no JSON that can be read"),
        ("[]", "no file of practice (soc-practice/1)"),
        ("null", "no file of practice"),
        ('{"format": "soc-decision/1"}', "no file of practice"),
        (file_with([]), "cards: use an object"),
        (file_with({"a": {}}), "a: {}: use box, due, right, wrong"),
        (file_with({"a": {**GOOD, "box": 9}}), "a, box: 9: use 1 to 5"),
        (file_with({"a": {**GOOD, "box": True}}), "a, box: True"),
        (file_with({"a": {**GOOD, "due": "25.11.2026"}}), "a, due: '25.11.2026': use a date"),
        (file_with({"a": {**GOOD, "due": 5}}), "a, due: 5: use a date"),
        (file_with({"a": {**GOOD, "wrong": -1}}), "a, wrong: -1: use a whole number"),
    ],
)
def test_a_bad_file_is_one_clear_error(tmp_path, text, says):
    path = tmp_path / "progress.json"
    path.write_text(text, "latin-1")
    with pytest.raises(ProgressError) as caught:
        Progress.load(path)
    assert str(caught.value).startswith("progress.json: ")
    assert says in str(caught.value)


def test_every_fault_of_a_file_is_listed_at_once(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text(file_with({"a": {**GOOD, "box": 0, "right": 1.5}, "b": {**GOOD, "due": ""}}))
    with pytest.raises(ProgressError) as caught:
        Progress.load(path)
    assert str(caught.value).splitlines()[0] == "progress.json: 3 faults; nothing was loaded"
    assert len(str(caught.value).splitlines()) == 4

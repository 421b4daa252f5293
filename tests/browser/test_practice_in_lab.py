"""A round of practice as learners meet it: an example first, then a whole round by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import every_view
import pytest
from every_view import DESKS
from lab_page import LiveOnPage, passes_axe
from playwright.sync_api import expect
from view_page import CATALOG, words

from soclib import practice
from soclib.practice.sheets import letter
from soclib.words import words_of

NAME = "practice"


@dataclass
class PracticeOnPage(LiveOnPage):
    """The round of practice of a notebook, worked by keyboard alone."""

    def tab_to(self, locator):
        """Press Tab until something has the focus, as somebody without a mouse does."""
        for _press in range(60):
            if locator.evaluate("(one) => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        message = f"Tab never reaches {locator}"
        raise AssertionError(message)

    def enter(self):
        """Put the focus on the first control of the question."""
        self.root.locator("select, input").first.focus()

    def choose(self, field, option_id):
        """Choose from the list of a field by arrow keys, and see each press before the next."""
        place = 1 + [option.option_id for option in field.options].index(option_id)
        chooser = self.root.get_by_label(field.label, exact=True)
        self.tab_to(chooser)
        lines = chooser.locator("option").evaluate_all("(all) => all.map((one) => one.value)")
        assert lines[place] == letter(field, place - 1)  # the first line asks to choose
        for _press in range(2 * len(lines)):
            now = chooser.evaluate("(one) => one.selectedIndex")
            if now == place:
                break
            self.page.keyboard.press("ArrowDown" if now < place else "ArrowUp")
            expect(chooser).not_to_have_value(lines[now])
        expect(chooser).to_have_value(lines[place])

    def tick(self, field, right):
        """Tick the boxes of a field by the space bar."""
        for option in field.options:
            if option.option_id in right:
                box = self.root.get_by_label(option.label, exact=True)
                self.tab_to(box)
                self.page.keyboard.press("Space")
                expect(box).to_be_checked()

    def press(self, name):
        """Press a button by keyboard."""
        button = self.root.get_by_role("button", name=words(f"practice_{name}"), exact=True)
        self.tab_to(button)
        self.page.keyboard.press("Enter")

    def answer(self, item, *, right):
        """Answer every field of a question, and press Check."""
        self.enter()
        for field in item.fields:
            if field.many:
                self.tick(field, field.right if right else ())
            else:
                options = [option.option_id for option in field.options]
                wanted = next(key for key in options if (key in field.right) == right)
                self.choose(field, wanted)
        self.press("check")

    @property
    def status(self):
        return self.root.get_by_role("status")


PAGE = PracticeOnPage


@pytest.fixture
def items(live):
    """Return the questions of the round: six as it is shipped, fewer among all views."""
    count = 6 if live.name != f"{every_view.NAME}.ipynb" else every_view.QUESTIONS
    return practice.round_of(1, count).items


def says(text_id, **parts):
    text = words_of(CATALOG, "vendor")[f"practice_{text_id}"]
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def test_a_saved_notebook_shows_an_example_and_no_dead_control(live):
    assert live.before["seen"]
    assert words("practice_standby") in live.before["text"]
    assert live.before["widgets"] == 0


@pytest.mark.thorough
def test_no_answer_is_unfolded_before_the_reader_acts(desk):
    notebook = desk.open(desk.lab.copy(DESKS[NAME].notebook, "practice_folds"), "late")
    folds = notebook.root.locator(".soc-sheet details")
    expect(folds).to_have_count(3)
    assert not folds.evaluate_all("(all) => all.filter((one) => one.open).length")
    desk.close(notebook.name)


def test_every_control_of_a_question_has_a_name_and_its_state_in_the_accessibility_tree(
    live, items
):
    expect(live.saved).to_be_hidden()
    tree = live.tree()
    for field in items[0].fields:
        assert field.label in tree["combobox"], sorted(tree)
    for name in ("check", "next"):
        assert words(f"practice_{name}") in tree["button"]


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_a_question_passes_axe_and_fits_the_window(live, look, tmp_path):
    passes_axe(live, look, tmp_path)
    assert live.sticking_out() == []


def test_a_whole_round_by_keyboard_alone(live, items):
    first, *others = items
    live.answer(first, right=False)
    expect(live.status).to_contain_text(
        says("wrong_again", right="0", count=str(len(first.fields)))
    )
    expect(live.root).to_contain_text(first.fields[0].explanation.hint)
    live.answer(first, right=True)
    expect(live.status).to_contain_text(words("practice_all_right"))
    expect(live.root).to_contain_text(first.fields[0].explanation.reason)
    live.press("next")
    for number, item in enumerate(others, start=2):
        place = says("place_in_round", place=str(number), count=str(len(items)))
        expect(live.status).to_contain_text(place)
        expect(live.root.get_by_role("heading", name=item.prompt)).to_be_visible()
        live.answer(item, right=True)
        expect(live.status).to_contain_text(words("practice_all_right"))
        live.press("next")
    expect(live.status).to_contain_text(says("round_over", count=str(len(items))))
    table = live.root.get_by_role("table")
    expect(table.get_by_text(words("practice_result_second"), exact=True)).to_have_count(1)
    expect(table.get_by_text(words("practice_result_first"), exact=True)).to_have_count(len(others))
    live.press("again")
    expect(live.root.get_by_role("heading", name=first.prompt)).to_be_visible()

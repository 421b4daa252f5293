"""A round of practice as learners meet it: an example first, then a whole round by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab_page import (
    CATALOG,
    CONTRAST,
    WCAG_A_AND_AA,
    Desk,
    LiveOnPage,
    set_theme,
    stretch,
    take_picture,
    words,
)
from playwright.sync_api import expect

from soclib import practice
from soclib.practice.sheets import letter
from soclib.words import words_of

NOTEBOOK = "07_practice.ipynb"
MARK = "practice.begin("
ITEMS = practice.prepare_round(1, 6).items  # as in the notebook


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


@pytest.fixture(scope="module")
def page_of_round(browser, lab):
    """Return the notebook as it opens, before any cell was run."""
    shown = Desk(browser, lab).open(lab.folder / NOTEBOOK, kind=PracticeOnPage)
    return PracticeOnPage.first(shown, MARK)


@pytest.fixture(scope="module")
def running(page_of_round):
    """Return the round after Run All."""
    return page_of_round.run()


def says(text_id, **parts):
    text = words_of(CATALOG, "vendor")[f"practice_{text_id}"]
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def test_a_saved_notebook_shows_an_example_and_no_dead_control(page_of_round):
    expect(page_of_round.saved).to_be_visible()
    expect(page_of_round.saved).to_contain_text(words("practice_standby"))
    expect(page_of_round.scope.locator(".jupyter-widgets")).to_have_count(0)


def test_no_answer_is_unfolded_before_the_reader_acts(page_of_round):
    folds = page_of_round.notebook.locator(".soc-sheet details")
    expect(folds).to_have_count(3)
    assert not folds.evaluate_all("(all) => all.filter((one) => one.open).length")


def test_every_control_of_a_question_has_a_name_and_its_state_in_the_accessibility_tree(running):
    expect(running.saved).to_be_hidden()
    tree = running.tree()
    for field in ITEMS[0].fields:
        assert field.label in tree["combobox"], sorted(tree)
    for name in ("check", "next"):
        assert words(f"practice_{name}") in tree["button"]


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_a_question_passes_axe_and_fits_the_window(running, look, tmp_path):
    if look == "dark":
        set_theme(running.page, "JupyterLab Dark")
    stretch(running.page, 700 if look == "narrow" else 1400)
    try:
        rules = WCAG_A_AND_AA if look == "light" else CONTRAST
        assert running.violations(".soc-live", rules, least=10) == []
        assert running.sticking_out() == []
        take_picture(running, tmp_path / f"{look}.png")
    finally:
        running.page.set_viewport_size({"width": 1400, "height": 1000})
        if look == "dark":
            set_theme(running.page, "JupyterLab Light")


def test_a_whole_round_by_keyboard_alone(running):
    first, *others = ITEMS
    running.answer(first, right=False)
    expect(running.status).to_contain_text(says("wrong_again", right="0", count="5"))
    expect(running.root).to_contain_text(first.fields[0].explanation.hint)
    running.answer(first, right=True)
    expect(running.status).to_contain_text(words("practice_all_right"))
    expect(running.root).to_contain_text(first.fields[0].explanation.reason)
    running.press("next")
    for number, item in enumerate(others, start=2):
        place = says("place_in_round", place=str(number), count=str(len(ITEMS)))
        expect(running.status).to_contain_text(place)
        expect(running.root.get_by_role("heading", name=item.prompt)).to_be_visible()
        running.answer(item, right=True)
        expect(running.status).to_contain_text(words("practice_all_right"))
        running.press("next")
    expect(running.status).to_contain_text(says("round_over", count=str(len(ITEMS))))
    table = running.root.get_by_role("table")
    expect(table.get_by_text(words("practice_result_second"), exact=True)).to_have_count(1)
    expect(table.get_by_text(words("practice_result_first"), exact=True)).to_have_count(5)
    running.press("again")
    expect(running.root.get_by_role("heading", name=first.prompt)).to_be_visible()

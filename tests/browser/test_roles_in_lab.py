"""The role play as a class meets it: the saved board first, then the table by keyboard."""

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

from soclib.people.tables import PEOPLE
from soclib.verdict.tables import VERDICT

NOTEBOOK = "13_role_play.ipynb"
MARK = "people.play("
SELLER = CATALOG.part(PEOPLE).roles["seller"].role
FACT = CATALOG.part(VERDICT).criterion("asked_by_financial_auditor").questions["vendor"].question


@dataclass
class RolesOnPage(LiveOnPage):
    """The role play of a notebook."""

    def control(self, name):
        return self.root.get_by_label(name, exact=True)


@pytest.fixture(scope="module")
def page_of_roles(browser, lab):
    """Return the notebook as it opens, before any cell was run."""
    shown = Desk(browser, lab).open(lab.folder / NOTEBOOK, kind=RolesOnPage)
    return RolesOnPage.first(shown, MARK)


@pytest.fixture(scope="module")
def running(page_of_roles):
    """Return the table after Run All."""
    return page_of_roles.run()


def test_a_saved_notebook_shows_the_board_and_no_dead_control(page_of_roles):
    expect(page_of_roles.saved).to_be_visible()
    expect(page_of_roles.saved).to_contain_text(words("role_verdicts"))
    expect(page_of_roles.scope.locator(".jupyter-widgets")).to_have_count(0)


def test_a_role_is_chosen_and_answered_by_keyboard_and_the_board_follows(running):
    expect(running.saved).to_be_hidden()
    role = running.control(words("role_who"))
    role.focus()
    running.page.keyboard.press("ArrowDown")
    expect(role).to_have_value(SELLER)
    expect(running.root).to_contain_text(CATALOG.part(PEOPLE).roles["seller"].cares_about)
    answer = running.control(FACT)
    expect(answer).to_have_value(words("role_no"))
    answer.focus()
    running.page.keyboard.press("ArrowUp")
    said = running.root.get_by_role("status")
    expect(said).to_contain_text(SELLER)
    expect(said).to_contain_text(FACT)
    expect(answer).to_have_value(words("role_yes"))


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_table_passes_axe_and_fits_the_window(running, look, tmp_path):
    if look == "dark":
        set_theme(running.page, "JupyterLab Dark")
    stretch(running.page, 700 if look == "narrow" else 1400)
    try:
        rules = WCAG_A_AND_AA if look == "light" else CONTRAST
        assert running.violations(".soc-live", rules, least=10) == []
        take_picture(running, tmp_path / f"{look}.png")
    finally:
        running.page.set_viewport_size({"width": 1400, "height": 1000})
        if look == "dark":
            set_theme(running.page, "JupyterLab Light")

"""The role play as a class meets it: the saved board first, then the table by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab_page import (
    CATALOG,
    CONTRAST,
    NUMBERED,
    WCAG_A_AND_AA,
    Desk,
    ViewOnPage,
    last_prompt,
    set_theme,
    stretch,
    take_picture,
    words,
)
from playwright.sync_api import expect

NOTEBOOK = "13_role_play.ipynb"
MARK = "soclib.role_play("
SELLER = CATALOG.roles.roles["seller"].role
FACT = CATALOG.criterion("asked_by_financial_auditor").questions["vendor"].question


@dataclass
class RolesOnPage(ViewOnPage):
    """The role play of a notebook."""

    @property
    def root(self):
        return self.scope.locator(".soc-live")

    @property
    def saved(self):
        return self.scope.locator(".soc-saved")

    def control(self, name):
        return self.root.get_by_label(name, exact=True)


@pytest.fixture(scope="module")
def page_of_roles(browser, lab):
    """Return the notebook as it opens, before any cell was run."""
    shown = Desk(browser, lab).open(lab.folder / NOTEBOOK, kind=RolesOnPage)
    cell = shown.notebook.locator(".jp-CodeCell", has_text=MARK).first
    return RolesOnPage(shown.page, cell, shown.notebook, shown.name)


@pytest.fixture(scope="module")
def running(page_of_roles):
    """Return the table after Run All."""
    page = page_of_roles.page
    for _try in range(4):  # nothing tells that the kernel listens but its answer
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator('[data-command="runmenu:run-all"]').click()
        try:
            expect(page_of_roles.root).to_be_visible(timeout=6_000)
            break
        except AssertionError:
            continue
    expect(last_prompt(page_of_roles)).to_have_text(NUMBERED)
    expect(page_of_roles.root).to_be_visible()
    return page_of_roles


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
    expect(running.root).to_contain_text(CATALOG.roles.roles["seller"].cares_about)
    answer = running.control(FACT)
    before = answer.input_value()
    answer.focus()
    running.page.keyboard.press("ArrowUp")
    said = running.root.get_by_role("status")
    expect(said).to_contain_text(SELLER)
    expect(said).to_contain_text(FACT)
    assert answer.input_value() != before


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

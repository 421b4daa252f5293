"""The role play as a class meets it: the saved board first, then the table by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab_page import LiveOnPage, passes_axe
from playwright.sync_api import expect
from view_page import CATALOG, words

from soclib.people.tables import PEOPLE
from soclib.verdict.tables import VERDICT

NAME = "roles"
SELLER = CATALOG.part(PEOPLE).roles["seller"].role
FACT = CATALOG.part(VERDICT).criterion("asked_by_financial_auditor").questions["vendor"].question


@dataclass
class RolesOnPage(LiveOnPage):
    """The role play of a notebook."""

    def control(self, name):
        return self.root.get_by_label(name, exact=True)


PAGE = RolesOnPage


def test_a_saved_notebook_shows_the_board_and_no_dead_control(live):
    assert live.before["seen"]
    assert words("role_verdicts") in live.before["text"]
    assert live.before["widgets"] == 0


def test_a_role_is_chosen_and_answered_by_keyboard_and_the_board_follows(live):
    expect(live.saved).to_be_hidden()
    role = live.control(words("role_who"))
    role.focus()
    live.page.keyboard.press("ArrowDown")
    expect(role).to_have_value(SELLER)
    expect(live.root).to_contain_text(CATALOG.part(PEOPLE).roles["seller"].cares_about)
    answer = live.control(FACT)
    expect(answer).to_have_value(words("role_no"))
    answer.focus()
    live.page.keyboard.press("ArrowUp")
    said = live.root.get_by_role("status")
    expect(said).to_contain_text(SELLER)
    expect(said).to_contain_text(FACT)
    expect(answer).to_have_value(words("role_yes"))


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_the_table_passes_axe_and_fits_the_window(live, look, tmp_path):
    passes_axe(live, look, tmp_path)

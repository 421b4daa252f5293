"""The request desk as readers meet it: the saved page first, then paste, read, edit and reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from lab_page import LiveOnPage, passes_axe
from playwright.sync_api import expect
from view_page import CATALOG, words

from soclib.verdict.tables import VERDICT

NAME = "requests"
TEXT = "We require a SOC 1 for the CRM that you provide.\nRegards, Jo, CISO"
BOOKS = CATALOG.part(VERDICT).criterion("affects_client_financials").questions["vendor"].question
TRANSACTIONS = (
    CATALOG.part(VERDICT).criterion("processes_transactions").questions["vendor"].question
)


@dataclass
class DeskOnPage(LiveOnPage):
    """The request desk of a notebook."""

    def field(self, name):
        return self.root.get_by_label(words(f"request_{name}"), exact=True)

    def read(self, text):
        """Paste a request and read it by keyboard."""
        self.field("paste").fill(text)
        self.page.keyboard.press("Tab")
        button = self.root.get_by_role("button", name=words("request_read"), exact=True)
        button.focus()
        self.page.keyboard.press("Enter")

    def answer(self, question, answer):
        group = self.root.get_by_role("radiogroup", name=question)
        group.get_by_role("radio", name=words(f"answer_{answer}"), exact=True).click()


PAGE = DeskOnPage


def test_a_saved_notebook_shows_the_request_as_it_was_read(live):
    assert live.before["seen"]
    assert live.before["marks"]
    assert words("request_standby") in live.before["text"]
    assert live.before["widgets"] == 0


def test_a_pasted_request_is_marked_edited_and_answered(live):
    live.read(TEXT)
    marks = live.root.locator("mark")
    expect(marks.filter(has_text="require a SOC 1")).to_be_visible()
    expect(marks.filter(has_text="CRM")).to_be_visible()
    expect(live.field("reply")).to_have_value(re.compile("You ask for a SOC 1"))
    live.answer(BOOKS, "no")
    live.answer(TRANSACTIONS, "no")
    expect(live.field("reply")).to_have_value(re.compile("have to conclude"))
    expect(live.root.get_by_role("status").first).to_be_attached()


def test_a_blank_request_is_told_and_nothing_is_lost(live):
    live.read(" ")
    status = live.root.get_by_role("status").filter(has_text="blank")
    expect(status).to_be_visible()
    expect(live.root.locator("mark").first).to_be_visible()


def test_every_control_of_the_desk_has_a_name(live):
    for name in ("paste", "voice", "reply"):
        expect(live.field(name)).to_be_visible()
    for name in ("read", "renew"):
        button = live.root.get_by_role("button", name=words(f"request_{name}"), exact=True)
        expect(button).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_the_desk_passes_axe_and_fits_the_window(live, look, tmp_path):
    live.read(TEXT)
    passes_axe(live, look, tmp_path)

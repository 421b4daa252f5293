"""The request desk as readers meet it: the saved page first, then paste, read, edit and reply."""

from __future__ import annotations

import re
import shutil
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

from soclib.verdict.tables import VERDICT

NOTEBOOK = "06_buyer_requests.ipynb"
COPY = "requests_in_lab_buyer_requests.ipynb"  # so that no other module shares its kernel
MARK = "soclib.requests.desk("
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


@pytest.fixture(scope="module")
def page_of_desk(browser, lab):
    """Return the notebook as it opens, before any cell was run."""
    copy = lab.folder / COPY
    shutil.copyfile(lab.folder / NOTEBOOK, copy)
    lab.trust(copy)
    shown = Desk(browser, lab).open(copy, kind=DeskOnPage)
    return DeskOnPage.first(shown, MARK)


@pytest.fixture(scope="module")
def running(page_of_desk):
    """Return the desk after Run All."""
    return page_of_desk.run()


def test_a_saved_notebook_shows_the_request_as_it_was_read(page_of_desk):
    expect(page_of_desk.saved).to_be_visible()
    expect(page_of_desk.saved.locator("mark").first).to_be_visible()
    expect(page_of_desk.saved).to_contain_text(words("request_standby"))
    expect(page_of_desk.scope.locator(".jupyter-widgets")).to_have_count(0)


def test_a_pasted_request_is_marked_edited_and_answered(running):
    running.read(TEXT)
    marks = running.root.locator("mark")
    expect(marks.filter(has_text="require a SOC 1")).to_be_visible()
    expect(marks.filter(has_text="CRM")).to_be_visible()
    expect(running.field("reply")).to_have_value(re.compile("You ask for a SOC 1"))
    running.answer(BOOKS, "no")
    running.answer(TRANSACTIONS, "no")
    expect(running.field("reply")).to_have_value(re.compile("have to conclude"))
    expect(running.root.get_by_role("status").first).to_be_attached()


def test_a_blank_request_is_told_and_nothing_is_lost(running):
    running.read(" ")
    status = running.root.get_by_role("status").filter(has_text="blank")
    expect(status).to_be_visible()
    expect(running.root.locator("mark").first).to_be_visible()


def test_every_control_of_the_desk_has_a_name(running):
    for name in ("paste", "voice", "reply"):
        expect(running.field(name)).to_be_visible()
    for name in ("read", "renew"):
        button = running.root.get_by_role("button", name=words(f"request_{name}"), exact=True)
        expect(button).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_desk_passes_axe_and_fits_the_window(running, look, tmp_path):
    running.read(TEXT)
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

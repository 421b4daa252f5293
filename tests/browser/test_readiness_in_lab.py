"""The readiness desk as readers meet it: the saved page first, then the desk by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab_page import LiveOnPage, passes_axe
from playwright.sync_api import expect
from view_page import CATALOG, PATIENCE, words

from soclib.words import words_of

NAME = "readiness"
A_WHILE = 5_000  # milliseconds
SHOW, FIND, OWNER, EDIT = (
    words(f"readiness_{name}") for name in ("view", "search", "owner", "item")
)


@dataclass
class DeskOnPage(LiveOnPage):
    """The readiness desk of a notebook."""

    def choose(self, name, label):
        """Choose from a list by its name."""
        self.root.get_by_label(name, exact=True).select_option(label=label)

    def find(self, text):
        """Search by keyboard."""
        self.root.get_by_label(FIND, exact=True).fill(text)
        self.page.keyboard.press("Enter")

    def edit(self, item):
        """Open an item, and wait for its form.

        A search that the kernel still answers renews the list and takes the choice back, so the
        choice is made again until its form is there.
        """
        heading = self.root.get_by_role("heading", name=item)
        for _try in range(PATIENCE // A_WHILE):
            self.choose(EDIT, item)
            try:
                expect(heading).to_be_visible(timeout=A_WHILE)
            except AssertionError:
                continue
            return
        expect(heading).to_be_visible()

    def field(self, column):
        return self.root.get_by_label(words(f"readiness_column_{column}"), exact=True)

    def press(self, name):
        """Press a button by keyboard."""
        button = self.root.get_by_role("button", name=words(f"readiness_{name}"), exact=True)
        button.focus()
        self.page.keyboard.press("Enter")


PAGE = DeskOnPage


def test_a_saved_notebook_shows_the_page_and_no_dead_control(live):
    assert live.before["seen"]
    assert words("readiness_standby") in live.before["text"]
    assert words("readiness_caption_missing_type_2") in live.before["text"]
    assert live.before["widgets"] == 0


def test_the_desk_takes_the_place_of_the_saved_page(live):
    expect(live.saved).to_be_hidden()
    expect(live.root).to_contain_text(words("readiness_caption_missing_type_2"))


def test_an_item_is_found_changed_and_saved_by_keyboard_alone(live):
    live.choose(SHOW, words("readiness_view_controls"))
    live.find("CC9.1")
    live.edit("control CC9_1-1")
    live.field("control").fill("Insurance covers the loss of a data hall <b>")
    live.field("owner").fill("Head of finance")
    live.field("status_id").select_option(label="◔ Designed")
    live.press("save")
    status = live.root.get_by_role("status")
    expect(status).to_have_text("Saved CC9_1-1.")
    expect(live.root.get_by_role("table")).to_contain_text("data hall <b>")
    values = 'dict(programme.items("control")["CC9_1-1"].values)'
    held = live.python(f"print(json.dumps({values}))")
    assert (held["owner"], held["status_id"]) == ("Head of finance", "designed")


def test_a_day_that_is_none_is_told_and_nothing_is_lost(live):
    live.choose(SHOW, words("readiness_view_controls"))
    live.find("CC9.2")
    live.edit("control CC9_2-1")
    live.field("control").fill("Vendors are rated")
    live.field("started").fill("31/12/2026")
    live.press("save")
    expect(live.root.get_by_role("status")).to_contain_text("column started: '31/12/2026'")
    expect(live.field("control")).to_have_value("Vendors are rated")
    live.field("started").fill("")


def test_evidence_with_a_safe_address_is_a_link_and_any_other_is_text(live):
    live.find("")
    live.choose(SHOW, words("readiness_view_evidence"))
    table = live.root.get_by_role("table")
    links = table.get_by_role("link")
    held = words_of(CATALOG, "vendor")["readiness_caption_evidence"]
    expect(table).to_contain_text(held)
    addresses = [link.get_attribute("href") for link in links.all()]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)
    assert table.get_by_text("board-paper-q1.pdf").locator("a").count() == 0


def test_every_control_has_a_name_for_a_screen_reader(live):
    controls = live.root.locator("input:visible, select:visible, textarea:visible").all()
    assert len(controls) > len((SHOW, FIND, OWNER, EDIT))
    labels = "(control) => [...(control.labels ?? [])].map((label) => label.textContent).join()"
    names = [control.evaluate(labels) for control in controls]
    assert all(name.strip() for name in names), names
    assert len(set(names)) == len(names), names


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_the_desk_passes_axe_and_fits_the_window(live, look, tmp_path):
    live.choose(SHOW, words("readiness_view_controls"))
    live.find("CC6")  # a page of few rows: axe takes what lies beneath a window for hidden
    passes_axe(live, look, tmp_path)

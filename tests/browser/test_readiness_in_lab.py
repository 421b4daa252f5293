"""The readiness desk as readers meet it: the saved page first, then the desk by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab_page import (
    CATALOG,
    CONTRAST,
    WCAG_A_AND_AA,
    Desk,
    LiveOnPage,
    python,
    set_theme,
    stretch,
    take_picture,
    words,
)
from playwright.sync_api import expect

from soclib.words import words_of

NOTEBOOK = "05_readiness.ipynb"
MARK = "soclib.readiness.desk("
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
        for _try in range(4):
            self.choose(EDIT, item)
            try:
                expect(heading).to_be_visible(timeout=5_000)
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


@pytest.fixture(scope="module")
def lab_desk(browser, lab):
    return Desk(browser, lab)


@pytest.fixture(scope="module")
def page_of_desk(lab_desk, lab):
    """Return the notebook as it opens, before any cell was run."""
    shown = lab_desk.open(lab.folder / NOTEBOOK, kind=DeskOnPage)
    return DeskOnPage.first(shown, MARK)


@pytest.fixture(scope="module")
def running(page_of_desk):
    """Return the desk after Run All."""
    return page_of_desk.run()


def test_a_saved_notebook_shows_the_page_and_no_dead_control(page_of_desk):
    expect(page_of_desk.saved).to_be_visible()
    expect(page_of_desk.saved).to_contain_text(words("readiness_standby"))
    expect(page_of_desk.saved).to_contain_text(words("readiness_caption_missing_type_2"))
    expect(page_of_desk.scope.locator(".jupyter-widgets")).to_have_count(0)


def test_the_desk_takes_the_place_of_the_saved_page(running):
    expect(running.saved).to_be_hidden()
    expect(running.root).to_contain_text(words("readiness_caption_missing_type_2"))


def test_an_item_is_found_changed_and_saved_by_keyboard_alone(running):
    running.choose(SHOW, words("readiness_view_controls"))
    running.find("CC9.1")
    running.edit("control CC9_1-1")
    running.field("control").fill("Insurance covers the loss of a data hall <b>")
    running.field("owner").fill("Head of finance")
    running.field("status_id").select_option(label="◔ Designed")
    running.press("save")
    status = running.root.get_by_role("status")
    expect(status).to_have_text("Saved CC9_1-1.")
    expect(running.root.get_by_role("table")).to_contain_text("data hall <b>")
    held = python(
        running,
        'import json\nprint(json.dumps(dict(programme.items("control")["CC9_1-1"].values)))',
    )
    assert (held["owner"], held["status_id"]) == ("Head of finance", "designed")


def test_a_day_that_is_none_is_told_and_nothing_is_lost(running):
    running.choose(SHOW, words("readiness_view_controls"))
    running.find("CC9.2")
    running.edit("control CC9_2-1")
    running.field("control").fill("Vendors are rated")
    running.field("started").fill("31/12/2026")
    running.press("save")
    expect(running.root.get_by_role("status")).to_contain_text("column started: '31/12/2026'")
    expect(running.field("control")).to_have_value("Vendors are rated")
    running.field("started").fill("")


def test_evidence_with_a_safe_address_is_a_link_and_any_other_is_text(running):
    running.find("")
    running.choose(SHOW, words("readiness_view_evidence"))
    table = running.root.get_by_role("table")
    links = table.get_by_role("link")
    held = words_of(CATALOG, "vendor")["readiness_caption_evidence"]
    expect(table).to_contain_text(held)
    addresses = [link.get_attribute("href") for link in links.all()]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)
    assert table.get_by_text("board-paper-q1.pdf").locator("a").count() == 0


def test_every_control_has_a_name_for_a_screen_reader(running):
    controls = running.root.locator("input:visible, select:visible, textarea:visible").all()
    assert len(controls) > len((SHOW, FIND, OWNER, EDIT))
    labels = "(control) => [...(control.labels ?? [])].map((label) => label.textContent).join()"
    names = [control.evaluate(labels) for control in controls]
    assert all(name.strip() for name in names), names
    assert len(set(names)) == len(names), names


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_desk_passes_axe_and_fits_the_window(running, look, tmp_path):
    running.choose(SHOW, words("readiness_view_controls"))
    running.find("CC6")  # a page of few rows: axe takes what lies beneath a window for hidden
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

"""A report received as readers meet it: the saved worksheet first, then the form by keyboard.

The gallery of companies, which is a page without a kernel, is looked at beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab_page import (
    CATALOG,
    CONTRAST,
    WCAG_A_AND_AA,
    Desk,
    LiveOnPage,
    ViewOnPage,
    python,
    set_theme,
    stretch,
    take_picture,
    words,
)
from playwright.sync_api import expect

from soclib.companies.tables import COMPANIES
from soclib.received.tables import RECEIVED

NOTEBOOK, GALLERY = "11_report_received.ipynb", "10_real_companies.ipynb"
MARK, FOLDED = "soclib.received.form(", "predict"
INPUTS = CATALOG.part(RECEIVED).inputs


@dataclass
class FormOnPage(LiveOnPage):
    """The form for one report of a notebook."""

    @property
    def said(self):
        return self.root.get_by_role("status")

    def control(self, input_id):
        return self.root.get_by_label(INPUTS[input_id].label, exact=True)


@dataclass
class GalleryOnPage(ViewOnPage):
    """A gallery of companies in a notebook."""

    @property
    def root(self):
        return self.scope.locator(".soc-sheet")


@pytest.fixture(scope="module")
def lab_desk(browser, lab):
    return Desk(browser, lab)


@pytest.fixture(scope="module")
def page_of_form(lab_desk, lab):
    """Return the notebook as it opens, before any cell was run."""
    shown = lab_desk.open(lab.folder / NOTEBOOK, kind=FormOnPage)
    return FormOnPage.first(shown, MARK)


@pytest.fixture(scope="module")
def running(page_of_form):
    """Return the form after Run All."""
    return page_of_form.run()


def test_a_saved_notebook_shows_the_worksheet_and_no_dead_control(page_of_form):
    expect(page_of_form.saved).to_be_visible()
    expect(page_of_form.saved).to_contain_text(words("received_standby"))
    expect(page_of_form.saved).to_contain_text("Claims 2026: ◐ Rely with own controls")
    expect(page_of_form.scope.locator(".jupyter-widgets")).to_have_count(0)


def test_the_form_takes_the_place_of_the_saved_worksheet(running):
    expect(running.saved).to_be_hidden()
    expect(running.said).to_have_text("Claims 2026: ◐ Rely with own controls")


def test_answers_are_given_by_keyboard_and_python_holds_the_conclusion(running):
    for input_id in ("cuecs_open", "carve_outs_open"):
        running.control(input_id).fill("0")
        running.page.keyboard.press("Tab")
    expect(running.said).to_have_text("Claims 2026: ✓ Rely")
    running.control("opinion").focus()
    running.page.keyboard.press("ArrowDown")
    expect(running.said).to_have_text("Claims 2026: ○ Cannot conclude yet")
    held = python(running, "import json\nprint(json.dumps(form.report.conclusion_id))")
    assert held == "cannot_conclude"
    running.control("opinion").focus()
    running.page.keyboard.press("ArrowUp")
    expect(running.said).to_have_text("Claims 2026: ✓ Rely")


def test_a_slip_is_said_and_stays_where_it_was_typed(running):
    running.control("next_report").fill("31/12/26")
    running.page.keyboard.press("Tab")
    expect(running.said).to_contain_text(words("received_mend"))
    expect(running.said).to_contain_text("next_report '31/12/26'")
    expect(running.control("next_report")).to_have_value("31/12/26")
    running.control("next_report").fill("")
    running.page.keyboard.press("Tab")
    expect(running.said).to_contain_text("Claims 2026")


def test_every_control_has_a_name_for_a_screen_reader(running):
    controls = running.root.locator("input:visible, select:visible, textarea:visible").all()
    assert len(controls) == 2 + sum(one.kind != "derived" for one in INPUTS.values())
    labels = "(control) => [...(control.labels ?? [])].map((label) => label.textContent).join()"
    names = [control.evaluate(labels) for control in controls]
    assert all(name.strip() for name in names), names
    assert len(set(names)) == len(names), names


def passes(view, look, picture):
    """Check a view with axe in one look, and that nothing of it is cut off."""
    if look == "dark":
        set_theme(view.page, "JupyterLab Dark")
    stretch(view.page, 700 if look == "narrow" else 1400)
    selector = ".soc-live" if isinstance(view, FormOnPage) else ".soc-sheet"
    if isinstance(view, GalleryOnPage):
        view.root.scroll_into_view_if_needed()
    try:
        rules = WCAG_A_AND_AA if look == "light" else CONTRAST
        assert view.violations(selector, rules, least=10) == []
        take_picture(view, picture)
    finally:
        view.page.set_viewport_size({"width": 1400, "height": 1000})
        if look == "dark":
            set_theme(view.page, "JupyterLab Light")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_form_passes_axe_and_fits_the_window(running, look, tmp_path):
    passes(running, look, tmp_path / f"form_{look}.png")


@pytest.fixture(scope="module")
def gallery(lab_desk, lab):
    """Return the gallery that a group predicts from."""
    shown = lab_desk.open(lab.folder / GALLERY, kind=GalleryOnPage)
    return GalleryOnPage.first(shown, FOLDED)


def test_an_answer_of_the_gallery_is_unfolded_by_keyboard(gallery):
    company = CATALOG.part(COMPANIES).companies["iboss"]
    summary = gallery.root.get_by_text(f"Look: {company.name}", exact=True)
    expect(gallery.root.get_by_text(company.statement)).to_be_hidden()
    summary.focus()
    gallery.page.keyboard.press("Enter")
    expect(gallery.root.get_by_text(company.statement)).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_gallery_passes_axe_and_fits_the_window(gallery, look, tmp_path):
    passes(gallery, look, tmp_path / f"gallery_{look}.png")

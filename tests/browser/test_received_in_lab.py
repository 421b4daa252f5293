"""A report received as readers meet it: the saved worksheet first, then the form by keyboard.

The gallery of companies, which is a page without a kernel, is looked at beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from every_view import GALLERY
from lab_page import LiveOnPage, SheetOnPage, passes_axe
from playwright.sync_api import expect
from view_page import CATALOG, words

from soclib.companies.tables import COMPANIES
from soclib.received.tables import RECEIVED

NAME = "received"
INPUTS = CATALOG.part(RECEIVED).inputs


@dataclass
class FormOnPage(LiveOnPage):
    """The form for one report of a notebook."""

    @property
    def said(self):
        return self.root.get_by_role("status")

    def control(self, input_id):
        return self.root.get_by_label(INPUTS[input_id].label, exact=True)


PAGE = FormOnPage


def test_a_saved_notebook_shows_the_worksheet_and_no_dead_control(live):
    assert live.before["seen"]
    assert words("received_standby") in live.before["text"]
    assert "Claims 2026: ◐ Rely with own controls" in live.before["text"]
    assert live.before["widgets"] == 0


def test_the_form_takes_the_place_of_the_saved_worksheet(live):
    expect(live.saved).to_be_hidden()
    expect(live.said).to_have_text("Claims 2026: ◐ Rely with own controls")


def test_answers_are_given_by_keyboard_and_python_holds_the_conclusion(live):
    for input_id in ("cuecs_open", "carve_outs_open"):
        live.control(input_id).fill("0")
        live.page.keyboard.press("Tab")
    expect(live.said).to_have_text("Claims 2026: ✓ Rely")
    live.control("opinion").focus()
    live.page.keyboard.press("ArrowDown")
    expect(live.said).to_have_text("Claims 2026: ○ Cannot conclude yet")
    held = live.python("print(json.dumps(form.report.conclusion_id))")
    assert held == "cannot_conclude"
    live.control("opinion").focus()
    live.page.keyboard.press("ArrowUp")
    expect(live.said).to_have_text("Claims 2026: ✓ Rely")


def test_a_slip_is_said_and_stays_where_it_was_typed(live):
    live.control("next_report").fill("31/12/26")
    live.page.keyboard.press("Tab")
    expect(live.said).to_contain_text(words("received_mend"))
    expect(live.said).to_contain_text("next_report '31/12/26'")
    expect(live.control("next_report")).to_have_value("31/12/26")
    live.control("next_report").fill("")
    live.page.keyboard.press("Tab")
    expect(live.said).to_contain_text("Claims 2026")


def test_every_control_has_a_name_for_a_screen_reader(live):
    controls = live.root.locator("input:visible, select:visible, textarea:visible").all()
    assert len(controls) == 2 + sum(one.kind != "derived" for one in INPUTS.values())
    labels = "(control) => [...(control.labels ?? [])].map((label) => label.textContent).join()"
    names = [control.evaluate(labels) for control in controls]
    assert all(name.strip() for name in names), names
    assert len(set(names)) == len(names), names


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_the_form_passes_axe_and_fits_the_window(live, look, tmp_path):
    passes_axe(live, look, tmp_path)


@pytest.fixture
def gallery(gathered):
    """Return the gallery that a group predicts from."""
    return gathered.other(GALLERY.marks[-1], SheetOnPage)


def test_an_answer_of_the_gallery_is_unfolded_by_keyboard(gallery):
    company = CATALOG.part(COMPANIES).companies["iboss"]
    summary = gallery.root.get_by_text(f"Look: {company.name}", exact=True)
    expect(gallery.root.get_by_text(company.statement)).to_be_hidden()
    summary.focus()
    gallery.page.keyboard.press("Enter")
    expect(gallery.root.get_by_text(company.statement)).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_the_gallery_passes_axe_and_fits_the_window(desk, look, tmp_path):
    notebook = desk.open(desk.lab.copy(GALLERY.notebook, f"gallery_{look}"), "late")
    gallery = notebook.view(SheetOnPage, GALLERY.marks[-1])
    gallery.root.scroll_into_view_if_needed()
    passes_axe(gallery, look, tmp_path, within=".soc-sheet")
    desk.close(notebook.name)

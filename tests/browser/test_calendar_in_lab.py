"""The calendar as readers meet it: dates set by keyboard, with and without a kernel.

What must be said comes from ``soclib.fit_card``; parts are found by role and name.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from difflib import unified_diff

import nbformat
import pytest
from lab_page import (
    BUYER,
    CATALOG,
    CONTRAST,
    VENDOR,
    WCAG_A_AND_AA,
    Desk,
    ViewOnPage,
    changed_copy,
    hand_over,
    lines,
    python,
    run_all,
    take_picture,
    words,
)
from playwright.sync_api import expect

from soclib.periods.browser import CalendarChoice
from soclib.periods.card import fit_html, fit_plain
from soclib.periods.tables import PERIODS

NOTEBOOK = "03_type_1_or_type_2.ipynb"
TODAY = "2026-11-25"
FIRST = CalendarChoice("soc1", "type_2", "2025-10-01", "2026-09-30", "2026-12-31", "", "", TODAY)
DAYS = ("start", "end", "fiscal_year_end", "fiscal_year_start", "previous_end")
WORKED = CATALOG.part(PERIODS).worked
TELL = "import json\nprint(json.dumps([*view.choice[:-1], view.voice]))"
# The card as drawn and as Python writes it, both as the browser spells HTML; what was unfolded, and
# the numbers and targets that JupyterLab adds, are taken away again.
BOTH_CARDS = """([answer, html]) => {
  const wanted = document.createElement("div");
  wanted.innerHTML = html;
  return [answer.cloneNode(true), wanted].map((part) => {
    part.querySelectorAll("details").forEach((details) => details.removeAttribute("open"));
    part.querySelectorAll(".numbering-entry").forEach((number) => number.remove());
    part.querySelectorAll("a").forEach((link) => link.removeAttribute("target"));
    return part.innerHTML;
  });
}"""
COMMANDS = ("d", "d", "x", "a", "b", "m", "j")


def keys_of(iso):
    """Return the digits that set a date control by keyboard, in the order of its parts."""
    year, month, day = iso.split("-")
    return month + day + year


@dataclass
class CalendarOnPage(ViewOnPage):
    """The calendar of a notebook."""

    voice: str = VENDOR

    def day(self, name):
        return self.root.get_by_label(words(f"calendar_{name}"), exact=True)

    def toggle(self, group, name):
        label = words(f"calendar_{group}")
        group = self.root.get_by_role("radiogroup", name=label, exact=True)
        return group.get_by_role("radio", name=name, exact=True)

    def type_in(self, name, iso):
        """Set a date by keyboard alone."""
        self.day(name).focus()
        self.page.keyboard.type(keys_of(iso))
        self.page.keyboard.press("Tab")

    def clear(self, name):
        self.day(name).focus()
        for _part in ("month", "day", "year"):
            self.page.keyboard.press("Backspace")
            self.page.keyboard.press("ArrowRight")
        for _button_of_the_browser_then_next in range(2):
            self.page.keyboard.press("Tab")

    def start_over(self):
        """Bring the calendar back to how a reader finds it."""
        side = self.root.get_by_role("radio", name=words(f"voice_{VENDOR}"), exact=True)
        side.dispatch_event("click")
        self.voice = VENDOR
        self.toggle("report", "SOC 1").dispatch_event("click")
        self.toggle("type", words("calendar_type_2")).dispatch_event("click")
        for name in DAYS:
            self.day(name).fill(getattr(FIRST, name))
            self.day(name).dispatch_event("change")
        self.fold(away=True)

    def must_say(self, choice):
        """Assert that the card is the one of a choice; today is the browser's."""
        plain = fit_plain(choice, voice=self.voice)
        job = [self.root.locator(".soc-answer").element_handle(), fit_html(plain, CATALOG)]
        shown, wanted = self.page.evaluate(BOTH_CARDS, job)
        difference = unified_diff(lines(wanted), lines(shown), "Python", "page", n=0, lineterm="")
        assert shown == wanted, "\n".join([f"{self.voice}: {choice}", *difference])

    def state(self):
        values = {name: self.day(name).input_value() for name in DAYS}
        return {**values, "said": self.root.get_by_role("status").inner_text()}


# --- the ways to meet it -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(browser, lab):
    for name in ("stored", "widget"):
        shutil.copy(lab.folder / NOTEBOOK, lab.folder / f"{name}.ipynb")
    add = lambda book: book.cells.append(nbformat.v4.new_code_cell(TELL))  # noqa: E731
    changed_copy(lab, "run", add, NOTEBOOK)
    lab.trust(lab.folder / "run.ipynb")
    changed_copy(lab, "untrusted", lambda book: book.metadata.update(by="a stranger"), NOTEBOOK)
    desk = Desk(browser, lab)
    desk.page.clock.set_fixed_time(TODAY)
    yield desk
    desk.page.context.close()


def open_stored(desk):
    view = desk.open(desk.lab.folder / "stored.ipynb", "never", CalendarOnPage)
    desk.refuse_kernel()
    return view


def open_widget(desk):
    """Open a notebook, set a date while its kernel starts, and wait for the widget."""
    view = desk.open(desk.lab.folder / "widget.ipynb", "late", CalendarOnPage)
    view.type_in("end", "2026-06-30")
    hand_over(desk, view)
    return view


def open_run(desk):
    view = desk.open(desk.lab.folder / "run.ipynb", "late", CalendarOnPage)
    hand_over(desk, view)
    run_all(view)
    return view


@pytest.fixture(scope="module")
def openers():
    return {"stored": open_stored, "widget": open_widget, "run": open_run}


# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_axe_finds_no_violation_and_nothing_sticks_out(meet, look, tmp_path):
    view = meet("stored")
    view.fold(away=False)
    rules = WCAG_A_AND_AA if look != "narrow" else CONTRAST
    assert view.violations(".soc-panel", rules, least=15) == [], look
    assert view.sticking_out() == [], look
    take_picture(view, tmp_path / f"{look}.png")


# --- dates ---------------------------------------------------------------------------------------


def test_untouched_the_card_is_the_one_of_the_notebook(view):
    view.must_say(FIRST)


def test_dates_are_set_by_keyboard_and_the_card_follows(view):
    view.type_in("end", "2026-06-30")
    view.must_say(FIRST._replace(end="2026-06-30"))
    view.type_in("fiscal_year_end", "2026-06-30")
    view.must_say(FIRST._replace(end="2026-06-30", fiscal_year_end="2026-06-30"))
    view.type_in("previous_end", "2025-09-30")
    view.must_say(
        FIRST._replace(end="2026-06-30", fiscal_year_end="2026-06-30", previous_end="2025-09-30")
    )


def test_dates_that_cannot_be_are_named_and_nothing_is_guessed(view):
    view.type_in("end", "2024-06-30")
    view.must_say(FIRST._replace(end="2024-06-30"))
    view.type_in("end", "2029-06-30")
    view.must_say(FIRST._replace(end="2029-06-30"))


def test_a_date_that_is_cleared_is_asked_for(view):
    view.clear("fiscal_year_end")
    view.must_say(FIRST._replace(fiscal_year_end=""))


def test_arrow_keys_choose_report_and_type(view):
    view.toggle("report", "SOC 1").focus()
    view.page.keyboard.press("ArrowRight")
    view.must_say(FIRST._replace(report="soc2"))
    view.toggle("type", words("calendar_type_2")).focus()
    view.page.keyboard.press("ArrowRight")
    view.must_say(FIRST._replace(report="soc2", type_id="type_1"))
    expect(view.day("start")).to_be_hidden()


def test_every_worked_case_is_read_as_the_table_says(view):
    cases = view.root.get_by_role("combobox", name=words("calendar_cases"), exact=True)
    for case in WORKED:
        cases.select_option(value=case.case_id)
        expect(view.root.get_by_text(case.lesson, exact=True)).to_be_visible()
        view.must_say(
            FIRST._replace(
                start=str(case.period_start),
                end=str(case.period_end),
                fiscal_year_end=str(case.fiscal_year_end),
            )
        )
        label = CATALOG.part(PERIODS).readings[case.reading_id].label
        expect(view.root.locator(".soc-answer")).to_contain_text(label)


def test_switching_sides_changes_the_words(view):
    view.root.get_by_role("radio", name=words(f"voice_{BUYER}"), exact=True).click()
    view.voice = BUYER
    view.must_say(FIRST)


def test_keys_are_no_commands_to_jupyterlab(view):
    cells = view.notebook.locator(".jp-Cell")
    before = cells.count()
    view.day("end").focus()
    for key in COMMANDS:
        view.page.keyboard.press(key)
        assert cells.count() == before, key


def test_every_control_and_the_picture_have_a_name(view):
    tree = view.tree()
    for name in DAYS:
        assert any(words(f"calendar_{name}") in names for names in tree.values()), name
    assert {words("calendar_report"), words("calendar_type")} <= set(tree["radiogroup"])
    assert words("timeline_title") in " ".join([*tree.get("image", {}), *tree.get("img", {})])


# --- before, during and after the kernel ---------------------------------------------------------


@pytest.mark.parametrize("kind", ["widget"], scope="module")
def test_nothing_is_lost_when_the_widget_takes_over(meet, kind):
    before, after = meet(kind).moved
    assert after == before
    assert after["end"] == "2026-06-30"


def test_python_sees_the_choice_after_run_all(meet):
    view = meet("run")
    view.type_in("end", "2026-06-30")
    view.toggle("report", "SOC 2").click()
    wanted = FIRST._replace(end="2026-06-30", report="soc2")
    assert python(view, TELL) == [*wanted[:-1], VENDOR]


def test_an_untrusted_notebook_shows_the_card_and_no_dead_control(desk):
    view = desk.open(desk.lab.folder / "untrusted.ipynb", "at once", CalendarOnPage)
    kernel = view.notebook.locator(".jp-Notebook-ExecutionIndicator")
    expect(kernel).to_have_attribute("data-status", "idle")
    output = view.scope.locator(".jp-OutputArea")
    expect(output).to_contain_text(fit_plain(FIRST._replace(today=""))["headline"])
    assert output.locator("button, select, input, [tabindex]").count() == 0

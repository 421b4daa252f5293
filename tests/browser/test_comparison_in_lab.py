"""The comparison as readers meet it: every toggle answers, with and without a kernel, by keyboard.

What must be shown comes from ``soclib.differences``; parts are found by role and name.
"""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass

import nbformat
import pytest
from lab_page import (
    CATALOG,
    CONTRAST,
    OUTPUTS,
    WCAG_A_AND_AA,
    WINDOW,
    Desk,
    ViewOnPage,
    changed_copy,
    hand_over,
    press_until,
    python,
    run_all,
    stretch,
    take_picture,
    words,
)
from playwright.sync_api import expect

from soclib.comparison.choose import chosen_rows, full_choice, rows_by_topic
from soclib.comparison.tables import COMPARISON
from soclib.verdict.tables import VERDICT

NOTEBOOK = "01_how_the_reports_differ.ipynb"
START = "00_start_here.ipynb"
FULL = full_choice(CATALOG)
REPORTS = {report.report_id: report.title for report in CATALOG.part(VERDICT).reports}
ROWS = {row.dimension_id: row.dimension for row in CATALOG.part(COMPARISON).dimensions}
TELL = "import json\nprint(json.dumps([*view.choice]))"
FIRST = tuple(row.dimension_id for row in next(iter(rows_by_topic(CATALOG).values())))
QUERIES = (
    *("bridge letter", "BRIDGE Létter", "auditor's", "  nda ", "isae 3402", "type 1", "at-c 105"),
    *("third party", "$&", "(.*", "soc 1 soc 2", "xyzzy"),
)
NOWHERE = QUERIES[-1]
# What is shown: reports, rows, and the names of the topics that still have rows.
SHOWN = """(view) => {
  const seen = (part) => part.checkVisibility();
  const cells = [...view.querySelectorAll("thead [data-report]")].filter(seen);
  const rows = [...view.querySelectorAll("tr[data-dimension]")].filter(seen);
  const notes = [...view.querySelectorAll("tr[data-of]")].filter(seen);
  const topics = [...view.querySelectorAll("tr.soc-topic")].filter(seen);
  const texts = rows.map((row) => [...row.querySelectorAll("td")].filter(seen).length);
  return {
    reports: cells.map((cell) => cell.dataset.report),
    rows: rows.map((row) => row.dataset.dimension).sort(),
    notes: notes.map((note) => note.dataset.of).sort(),
    topics: topics.map((topic) => topic.querySelector("th").textContent),
    widths: [...new Set(texts)],
  };
}"""
# JupyterLab draws text outputs, and the links that it finds in them, in its own way.
OURS = f"{OUTPUTS}:not(.jp-RenderedText)"
COMMANDS = ("d", "d", "x", "a", "b", "m", "j", "ArrowDown")


@dataclass
class ComparisonOnPage(ViewOnPage):
    """The comparison of a notebook; ``first`` is what was shown when it was met."""

    first: dict | None = None

    @property
    def search(self):
        return self.root.get_by_role("textbox", name=words("compare_search"), exact=True)

    @property
    def status(self):
        return self.root.get_by_role("status")

    def switch(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def differ(self):
        return self.switch(words("compare_differ"))

    def unfold(self):
        self.root.locator("details.soc-more").evaluate("(fold) => { fold.open = true; }")

    def start_over(self):
        """Bring the comparison back to how a reader finds it."""
        self.unfold()
        self.search.fill("")
        if self.switch(words("compare_all")).is_visible():
            self.switch(words("compare_all")).click()
        for name in [*REPORTS.values(), words("compare_differ")]:
            wanted = name in REPORTS.values()
            if (self.switch(name).get_attribute("aria-pressed") == "true") != wanted:
                self.switch(name).click()
        self.fold(away=True)

    def must_show(self, choice):
        """Assert that just the rows and reports of a choice are shown."""
        shown = self.root.evaluate(SHOWN)
        wanted = chosen_rows(CATALOG, choice)
        rows = sorted(row.dimension_id for row in wanted)
        assert shown["rows"] == shown["notes"] == rows, choice
        assert shown["reports"] == list(choice.reports)
        assert shown["widths"] == ([len(choice.reports)] if rows else [])
        kept = {row.topic for row in wanted}
        assert shown["topics"] == [topic for topic in rows_by_topic(CATALOG) if topic in kept]
        count = words("compare_count").replace("{shown}", str(len(rows)))
        expect(self.status).to_contain_text(count.replace("{total}", str(len(ROWS))))

    def state(self):
        return {"shown": self.root.evaluate(SHOWN), "search": self.search.input_value()}


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
    yield desk
    desk.page.context.close()


def open_stored(desk):
    view = desk.open(desk.lab.folder / "stored.ipynb", "never", ComparisonOnPage)
    desk.refuse_kernel()
    expect(view.status).to_be_visible()
    view.first = view.root.evaluate(SHOWN)
    return view


def open_widget(desk):
    """Open a notebook, choose while its kernel starts, and wait for the widget; nothing is run."""
    view = desk.open(desk.lab.folder / "widget.ipynb", "late", ComparisonOnPage)
    view.switch(REPORTS["soc3"]).click()
    view.differ.click()
    view.search.fill("period")
    hand_over(desk, view)
    return view


def open_run(desk):
    view = desk.open(desk.lab.folder / "run.ipynb", "late", ComparisonOnPage)
    hand_over(desk, view)
    run_all(view)
    view.first = view.root.evaluate(SHOWN)
    return view


@pytest.fixture(scope="module")
def openers():
    return {"stored": open_stored, "widget": open_widget, "run": open_run}


# --- looks ---------------------------------------------------------------------------------------


# These stand first: axe looks through hidden notebooks too, and there are none yet.
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_axe_finds_no_violation_and_nothing_sticks_out(meet, look, tmp_path):
    view = meet("stored")
    rules = WCAG_A_AND_AA if look != "narrow" else CONTRAST
    assert view.violations(OURS, rules) == [], look
    assert view.sticking_out() == [], look
    take_picture(view, tmp_path / f"{look}.png")
    stretch(view.page, 700 if look == "narrow" else WINDOW["width"])
    view.fold(away=False)
    view.search.fill("auditor")
    assert view.violations(".soc-panel", rules) == [], look
    assert view.sticking_out() == [], look


def test_a_pressed_button_has_a_tick_and_the_others_keep_its_place(view):
    for name, tick in [(REPORTS["soc1"], "visible"), (words("compare_differ"), "hidden")]:
        mark = view.switch(name).evaluate(
            "(b) => { const s = getComputedStyle(b, '::before');"
            " return [s.content.startsWith('\"✓'), s.display !== 'none', s.visibility]; }"
        )
        assert mark == [True, True, tick], name


# --- toggles -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["stored", "run"], scope="module")
def test_untouched_the_first_topic_is_shown(meet, kind):
    first = meet(kind).first
    assert first["rows"] == sorted(FIRST)
    assert first["reports"] == list(REPORTS)


def test_all_rows_and_no_rows_have_a_button(view):
    view.unfold()
    view.switch(words("compare_no_rows")).click()
    view.must_show(FULL._replace(dimensions=()))
    view.switch(words("compare_all")).click()
    view.must_show(FULL)
    expect(view.switch(words("compare_all"))).to_be_hidden()


def test_a_search_says_how_many_rows_that_are_left_out_hold_its_words(view):
    view.unfold()
    view.switch(words("compare_no_rows")).click()
    view.search.fill("bridge letter")
    found = len(chosen_rows(CATALOG, FULL._replace(search="bridge letter")))
    said = words("compare_elsewhere").replace("{count}", str(found))
    expect(view.status).to_contain_text(said)


def test_a_report_is_hidden_and_shown_again_by_its_button(view):
    for report_id, title in REPORTS.items():
        rest = tuple(key for key in FULL.reports if key != report_id)
        view.switch(title).click()
        view.must_show(FULL._replace(reports=rest))
        view.switch(title).click()
        view.must_show(FULL)


def test_no_report_at_all_leaves_the_questions_and_says_so(view):
    for title in REPORTS.values():
        view.switch(title).click()
    view.must_show(FULL._replace(reports=()))
    expect(view.status).to_contain_text(words("compare_no_report"))


def test_what_both_share_is_left_out_on_demand(view):
    view.differ.click()
    view.must_show(FULL._replace(only_where_they_differ=True))
    view.differ.click()
    view.must_show(FULL)


def test_every_row_has_a_button_that_works_by_keyboard(view):
    view.unfold()
    left = list(FULL.dimensions)
    for dimension_id, name in ROWS.items():
        view.switch(name).focus()
        view.page.keyboard.press("Space")
        left.remove(dimension_id)
        assert view.switch(name).get_attribute("aria-pressed") == "false"
        view.must_show(FULL._replace(dimensions=tuple(left)))
    expect(view.status).to_contain_text(words("compare_none"))
    for name in ROWS.values():
        view.switch(name).focus()
        view.page.keyboard.press("Enter")
    view.must_show(FULL)


def test_one_topic_can_be_picked_alone(view):
    view.unfold()
    for topic, rows in rows_by_topic(CATALOG).items():
        view.switch(words("compare_only").replace("{topic}", topic)).click()
        view.must_show(FULL._replace(dimensions=tuple(row.dimension_id for row in rows)))


def test_the_search_finds_what_python_finds(view):
    for query in QUERIES:
        view.search.fill("")
        view.search.press_sequentially(query)
        view.must_show(FULL._replace(search=query))


def test_the_search_looks_only_at_what_is_shown(view):
    view.search.fill("icfr")
    view.must_show(FULL._replace(search="icfr"))
    view.switch(REPORTS["soc1"]).click()
    view.must_show(FULL._replace(search="icfr", reports=("soc2", "soc3")))


def test_nothing_found_says_so_and_the_search_is_cleared_by_a_button(view):
    view.search.fill(NOWHERE)
    expect(view.status).to_contain_text(words("compare_none"))
    view.switch(words("compare_clear")).click()
    expect(view.search).to_be_focused()
    view.must_show(FULL)


def test_any_mix_of_choices_shows_what_python_shows(view):
    dice = random.Random(1)  # noqa: S311 - cases, not secrets
    view.unfold()
    names = [*REPORTS.values(), words("compare_differ"), *ROWS.values()]
    for _ in range(12):
        for name in dice.sample(names, 5):
            view.switch(name).click()
        view.search.fill(dice.choice(["", "", "the", "report"]))
        view.must_show(choice_of(view))


def choice_of(view):
    """Return what the buttons and the search box say."""

    def on(name):
        return view.switch(name).get_attribute("aria-pressed") == "true"

    return FULL._replace(
        reports=tuple(key for key, title in REPORTS.items() if on(title)),
        dimensions=tuple(key for key, name in ROWS.items() if on(name)),
        only_where_they_differ=on(words("compare_differ")),
        search=view.search.input_value(),
    )


# --- keyboard and screen reader ------------------------------------------------------------------


def test_tab_leads_through_the_controls(view):
    view.scope.focus()
    for name in [*REPORTS.values(), words("compare_differ")]:
        press_until(view, "Tab", lambda name=name: view.focus()[1].endswith(name))
    press_until(view, "Tab", lambda: view.search.evaluate("(e) => e === document.activeElement"))


def test_keys_are_no_commands_to_jupyterlab(view):
    cells = view.notebook.locator(".jp-Cell")
    before = cells.count()
    for control in (view.switch(REPORTS["soc1"]), view.search):
        control.focus()
        for key in COMMANDS:
            view.page.keyboard.press(key)
            assert cells.count() == before, key
            expect(control).to_be_focused()


def test_every_control_says_its_name_and_its_state(view):
    view.unfold()
    view.switch(REPORTS["soc2"]).click()
    states = {
        node["name"]["value"]: state["value"]["value"]
        for node in view.nodes()
        if not node["ignored"] and node["role"]["value"] == "button"
        for state in node["properties"]
        if state["name"] == "pressed"
    }
    names = [*REPORTS.values(), words("compare_differ"), *ROWS.values()]
    off = {REPORTS["soc2"], words("compare_differ")}
    assert states == {name: str(name not in off).lower() for name in names}


def test_the_table_keeps_its_caption_headers_and_cells_in_a_narrow_window(meet):
    view = meet("stored")
    view.page.set_viewport_size({**WINDOW, "width": 700})
    tree = view.tree()
    assert words("compare_caption") in tree["table"]
    assert set(REPORTS.values()) <= set(tree["columnheader"])
    assert len(tree["rowheader"]) >= len(ROWS)
    view.page.set_viewport_size(WINDOW)


# --- before, during and after the kernel ---------------------------------------------------------


@pytest.mark.parametrize("kind", ["widget"], scope="module")
def test_nothing_is_lost_when_the_widget_takes_over(meet, kind):
    before, after = meet(kind).moved
    assert after == before
    assert after["search"] == "period"
    assert after["shown"]["reports"] == ["soc1", "soc2"]


def test_python_sees_the_choice_after_run_all(meet):
    view = meet("run")
    view.switch(REPORTS["soc2"]).click()
    view.differ.click()
    view.search.fill("period")
    view.unfold()
    view.switch(ROWS["validity"]).click()
    wanted = FULL._replace(
        reports=("soc1", "soc3"),
        dimensions=tuple(key for key in FULL.dimensions if key != "validity"),
        only_where_they_differ=True,
        search="period",
    )
    assert python(view, TELL) == [
        list(part) if isinstance(part, tuple) else part for part in wanted
    ]


def test_an_untrusted_notebook_shows_the_table_and_no_dead_control(desk):
    view = desk.open(desk.lab.folder / "untrusted.ipynb", "at once", ComparisonOnPage)
    kernel = view.notebook.locator(".jp-Notebook-ExecutionIndicator")
    expect(kernel).to_have_attribute("data-status", "idle")
    output = view.scope.locator(".jp-OutputArea")
    for row in CATALOG.part(COMPARISON).dimensions:
        expect(output).to_contain_text(row.by_report["soc1"])
    assert output.locator("button, select, input, [tabindex]").count() == 0


def test_the_start_page_reads_well_and_its_links_lead_to_the_notebooks(desk):
    view = desk.open(desk.lab.folder / START, "at once", ViewOnPage)
    stretch(view.page)
    assert view.violations(OURS, WCAG_A_AND_AA, least=10) == []
    link = view.notebook.get_by_role("link", name=re.compile("Which report are your buyers"))
    link.first.click()
    tab = view.page.get_by_role("tab", name="02_which_report.ipynb", exact=True)
    expect(tab).to_be_visible()
    view.page.set_viewport_size(WINDOW)

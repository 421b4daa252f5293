"""The explorer of criteria in JupyterLab: before, during and after the kernel, by keyboard alone.

Which rows a choice leaves comes from ``soclib.trust.choose``; parts are found by role and name.
"""

from __future__ import annotations

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

import soclib
from soclib import trust
from soclib.trust.choose import SORTS, categories_of, choice_of_all, chosen_criteria
from soclib.trust.scoping import STATES
from soclib.trust.tables import TRUST

NOTEBOOK = "04_trust_services_criteria.ipynb"
DECISION = soclib.decide(
    {
        "holds_customer_data": "yes",
        "asked_by_security_team": "yes",
        "promises_uptime": "yes",
        "promises_confidentiality": "unknown",
    }
)
SCOPE = trust.scope(DECISION)
START = choice_of_all(CATALOG)._replace(states=("yes", "open"))
CATEGORIES = categories_of(CATALOG)
STATE_NAMES = {state: words(f"trust_state_{state}") for state in STATES}
TELL = "import json\nprint(json.dumps([*view.choice, list(view.frame.index)]))"
OURS = f"{OUTPUTS}:not(.jp-RenderedText)"
COMMANDS = ("d", "d", "x", "a", "b", "m", "j")
SHOWN = """(view) => [...view.querySelectorAll("tr[data-criterion]")]
  .filter((row) => row.checkVisibility()).map((row) => row.dataset.criterion)"""


@dataclass
class ExplorerOnPage(ViewOnPage):
    """The explorer of a notebook."""

    @property
    def search(self):
        return self.root.get_by_role("textbox", name=words("trust_search"), exact=True)

    @property
    def status(self):
        return self.root.get_by_role("status")

    @property
    def sort(self):
        return self.root.get_by_role("radiogroup", name=words("trust_sort"), exact=True)

    def switch(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def ordered_ids(self, sort):
        return self.sort.get_by_role("radio", name=words(f"trust_sort_{sort}"), exact=True)

    def details(self, tsc_id):
        return self.root.locator(f'tr[data-criterion="{tsc_id}"] details')

    def start_over(self):
        """Bring the explorer back to how a reader finds it."""
        self.search.fill("")
        self.order(SORTS[0]).click()
        on = {*CATEGORIES.values(), *(STATE_NAMES[state] for state in START.states)}
        for name in [*CATEGORIES.values(), *STATE_NAMES.values()]:
            if (self.switch(name).get_attribute("aria-pressed") == "true") != (name in on):
                self.switch(name).click()
        self.fold(away=True)

    def must_show(self, choice):
        """Assert that just the rows of a choice are shown, in its order, and counted."""
        ids = [row.tsc_id for row in chosen_criteria(CATALOG, choice, SCOPE)]
        count = words("trust_view_count").replace("{shown}", str(len(ids)))
        expect(self.status).to_contain_text(count.replace("{total}", "61"))
        assert self.root.evaluate(SHOWN) == ids

    def state(self):
        open_ids = self.root.locator("tr[data-criterion]:has(details[open])").evaluate_all(
            "(rows) => rows.map((row) => row.dataset.criterion)"
        )
        shown = self.root.evaluate(SHOWN)
        return {"shown": shown, "search": self.search.input_value(), "open": open_ids}


# --- the ways to meet it -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(browser, lab):
    # Names of their own: a kernel of another module's notebook of the same name may still listen.
    for name in ("criteria_stored", "criteria_widget"):
        shutil.copy(lab.folder / NOTEBOOK, lab.folder / f"{name}.ipynb")
    alone = nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.VBox([view])")

    def add(book):
        book.cells += [alone, nbformat.v4.new_code_cell(TELL)]

    changed_copy(lab, "criteria_run", add, NOTEBOOK)
    lab.trust(lab.folder / "criteria_run.ipynb")
    changed_copy(
        lab, "criteria_untrusted", lambda book: book.metadata.update(by="a stranger"), NOTEBOOK
    )
    desk = Desk(browser, lab)
    yield desk
    desk.page.context.close()


def open_stored(desk):
    view = desk.open(desk.lab.folder / "criteria_stored.ipynb", "never", ExplorerOnPage)
    desk.refuse_kernel()
    expect(view.status).to_be_visible()
    return view


def open_widget(desk):
    """Open a notebook, choose while its kernel starts, and wait for the widget; nothing is run."""
    view = desk.open(desk.lab.folder / "criteria_widget.ipynb", "late", ExplorerOnPage)
    view.switch(CATEGORIES["security"]).click()
    view.order("owner").click()
    view.search.fill("restore")
    view.details("A1.3").locator("summary").click()
    hand_over(desk, view)
    return view


def open_run(desk):
    view = desk.open(desk.lab.folder / "criteria_run.ipynb", "late", ExplorerOnPage)
    hand_over(desk, view)
    run_all(view)
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
    view.details("CC6.1").evaluate("(fold) => { fold.open = true; }")
    take_picture(view, tmp_path / f"{look}.png")
    stretch(view.page, 700 if look == "narrow" else WINDOW["width"])
    view.search.fill("backup")
    assert view.violations(".soc-panel", rules) == [], look
    assert view.sticking_out() == [], look


# --- controls ------------------------------------------------------------------------------------


def test_untouched_it_shows_what_is_in_scope_and_open(view):
    view.must_show(START)


def test_filters_orders_and_words_show_what_python_shows(view):
    view.switch(CATEGORIES["security"]).click()
    wanted = START._replace(categories=tuple(CATEGORIES)[1:])
    view.must_show(wanted)
    view.switch(STATE_NAMES["no"]).click()
    wanted = wanted._replace(states=STATES)
    view.must_show(wanted)
    for sort in SORTS[::-1]:
        view.order(sort).click()
        view.must_show(wanted._replace(sort=sort))
    view.search.press_sequentially("A.8.13")
    view.must_show(wanted._replace(search="A.8.13"))
    view.switch(words("trust_view_clear")).click()
    expect(view.search).to_be_focused()
    view.must_show(wanted)
    view.switch(words("trust_view_all")).click()
    view.must_show(choice_of_all(CATALOG))
    expect(view.switch(words("trust_view_all"))).to_be_hidden()


def test_nothing_found_says_so(view):
    view.search.fill("xyzzy")
    expect(view.status).to_contain_text(words("trust_view_none"))


def test_words_that_stand_only_in_what_unfolds_are_announced(view):
    view.search.fill("A.8.13")  # an id of the other side stands in pairs alone
    found = len(chosen_criteria(CATALOG, START._replace(search="A.8.13"), SCOPE))
    folded = words("trust_view_folded").replace("{count}", str(found))
    expect(view.status).to_contain_text(folded)


def test_a_criterion_opens_by_keyboard_with_its_prompts_and_pairs(view):
    details = view.details("A1.3")
    prompt = CATALOG.part(TRUST).prompts["A1.3"][0].prompt
    expect(details.get_by_text(prompt)).to_be_hidden()
    details.locator("summary").focus()
    view.page.keyboard.press("Enter")
    expect(details.get_by_text(prompt)).to_be_visible()
    pair = next(one for one in CATALOG.part(TRUST).pairs if one.tsc_id == "A1.3")
    expect(details.get_by_text(pair.reason)).to_be_visible()


def test_all_that_is_shown_opens_and_closes_by_one_button(view):
    view.search.fill("A1")
    view.switch(words("trust_view_unfold")).click()
    assert view.state()["open"] == view.root.evaluate(SHOWN) != []
    view.switch(words("trust_view_fold")).click()
    assert view.state()["open"] == []


# --- keyboard and screen reader ------------------------------------------------------------------


def test_tab_leads_through_the_controls_and_arrows_through_the_orders(view):
    view.scope.focus()
    names = [*CATEGORIES.values(), *STATE_NAMES.values(), words(f"trust_sort_{SORTS[0]}")]
    for name in names:
        press_until(view, "Tab", lambda name=name: view.focus()[1].endswith(name))
    view.page.keyboard.press("ArrowRight")
    expect(view.order(SORTS[1])).to_be_focused()
    view.must_show(START._replace(sort=SORTS[1]))
    press_until(view, "Tab", lambda: view.search.evaluate("(e) => e === document.activeElement"))


def test_keys_are_no_commands_to_jupyterlab(view):
    cells = view.notebook.locator(".jp-Cell")
    before = cells.count()
    summary = view.details("CC1.1").locator("summary")
    for control in (view.switch(CATEGORIES["privacy"]), view.search, summary):
        control.focus()
        for key in COMMANDS:
            view.page.keyboard.press(key)
            assert cells.count() == before, key
            expect(control).to_be_focused()
        view.search.fill("")


def test_every_control_says_its_name_and_its_state(view):
    view.switch(CATEGORIES["privacy"]).click()
    tree = view.tree()
    states = {
        node["name"]["value"]: state["value"]["value"]
        for node in view.nodes()
        if not node["ignored"] and node["role"]["value"] == "button"
        for state in node["properties"]
        if state["name"] == "pressed"
    }
    off = {CATEGORIES["privacy"], STATE_NAMES["no"]}
    names = [*CATEGORIES.values(), *STATE_NAMES.values()]
    assert states == {name: str(name not in off).lower() for name in names}
    radios = dict(tree["radiogroup"][words("trust_sort")])
    assert radios == {words(f"trust_sort_{sort}"): str(sort == SORTS[0]).lower() for sort in SORTS}
    assert {words("trust_view_categories"), words("trust_view_scope")} <= set(tree["group"])
    assert words("trust_caption") in tree["table"]


# --- before, during and after the kernel ---------------------------------------------------------


@pytest.mark.parametrize("kind", ["widget"], scope="module")
def test_nothing_is_lost_when_the_widget_takes_over(meet, kind):
    before, after = meet(kind).moved
    assert after == before
    assert after["search"] == "restore"
    assert after["open"] == ["A1.3"]


def test_python_sees_the_choice_after_run_all(meet):
    view = meet("run")
    view.switch(CATEGORIES["privacy"]).click()
    view.switch(STATE_NAMES["no"]).click()
    view.order("cadence").click()
    view.search.fill("log")
    kept = tuple(key for key in CATEGORIES if key != "privacy")
    wanted = START._replace(categories=kept, states=STATES, search="log", sort="cadence")
    ids = [row.tsc_id for row in chosen_criteria(CATALOG, wanted, SCOPE)]
    assert python(view, TELL) == [list(kept), list(STATES), "log", "cadence", ids]


def test_a_widget_without_a_stand_in_gets_its_table_from_the_kernel(meet):
    view = meet("run")
    alone = view.notebook.locator(".jp-CodeCell").nth(-2).locator(".soc-panel")
    expect(alone.get_by_role("table")).to_have_count(1)
    expect(alone.get_by_role("status")).to_contain_text("38")


def test_an_untrusted_notebook_shows_the_criteria_and_no_dead_control(desk):
    view = desk.open(desk.lab.folder / "criteria_untrusted.ipynb", "at once", ExplorerOnPage)
    kernel = view.notebook.locator(".jp-Notebook-ExecutionIndicator")
    expect(kernel).to_have_attribute("data-status", "idle")
    output = view.scope.locator(".jp-OutputArea")
    for row in CATALOG.part(TRUST).criteria.values():
        expect(output).to_contain_text(row.gist)
    assert output.locator("button, select, input, [tabindex]").count() == 0

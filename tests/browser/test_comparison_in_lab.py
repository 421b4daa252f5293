"""The comparison as readers meet it: every toggle answers, with and without a kernel, by keyboard.

What must be shown comes from ``soclib.differences``; parts are found by role and name.
"""

from __future__ import annotations

import random
import re

import comparison_page
import pytest
from comparison_page import FULL, REPORTS, ROWS
from lab_page import COMMANDS, OUTPUTS, SheetOnPage, stretch
from playwright.sync_api import expect
from view_page import (
    CATALOG,
    CONTRAST,
    NARROW,
    WCAG_A_AND_AA,
    WINDOW,
    press_until,
    take_picture,
    words,
)

from soclib.comparison.choose import chosen_rows as chosen
from soclib.comparison.choose import rows_by_topic as topics
from soclib.comparison.tables import COMPARISON

VIEW = comparison_page.VIEW
START = "00_start_here.ipynb"
TELL = "print(json.dumps([*comparison.choice]))"
FIRST = tuple(row.dimension_id for row in next(iter(topics(CATALOG).values())))
QUERIES = (
    *("bridge letter", "BRIDGE Létter", "auditor's", "  nda ", "isae 3402", "type 1", "at-c 105"),
    *("third party", "$&", "(.*", "soc 1 soc 2", "xyzzy"),
)
NOWHERE = QUERIES[-1]
CLICK = "(buttons) => buttons.forEach((button) => button.click())"
LETTERS = "BRIDGE Létter"
# JupyterLab draws text outputs, and the links that it finds in them, in its own way.
OURS = f"{OUTPUTS}:not(.jp-RenderedText)"

# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_axe_finds_no_violation_and_nothing_sticks_out(meet, look, tmp_path):
    view = meet("stored")
    rules = WCAG_A_AND_AA if look != "narrow" else CONTRAST
    assert view.violations(OURS, rules) == [], look
    assert view.sticking_out() == [], look
    take_picture(view, tmp_path / f"{look}.png")
    stretch(view.page, NARROW if look == "narrow" else WINDOW["width"])
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


@pytest.mark.parametrize(
    "kind", ["bare", *(pytest.param(one, marks=pytest.mark.thorough) for one in ("stored", "run"))]
)
def test_untouched_the_first_topic_is_shown(meet, kind):
    first = meet(kind).first["shown"]
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
    found = len(chosen(CATALOG, FULL._replace(search="bridge letter")))
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
    buttons = {key: view.switch(name).element_handle() for key, name in ROWS.items()}
    for dimension_id, button in buttons.items():
        button.focus()
        view.page.keyboard.press("Space")
        left.remove(dimension_id)
        assert button.get_attribute("aria-pressed") == "false"
        view.must_show(FULL._replace(dimensions=tuple(left)))
    expect(view.status).to_contain_text(words("compare_none"))
    for button in buttons.values():
        button.focus()
        view.page.keyboard.press("Enter")
    view.must_show(FULL)


def test_one_topic_can_be_picked_alone(view):
    view.unfold()
    for topic, rows in topics(CATALOG).items():
        view.switch(words("compare_only").replace("{topic}", topic)).click()
        view.must_show(FULL._replace(dimensions=tuple(row.dimension_id for row in rows)))


def test_the_search_finds_what_python_finds(view):
    for query in QUERIES:
        view.search.fill(query)
        view.must_show(FULL._replace(search=query))


def test_the_search_follows_each_letter(view):
    for end in range(1, len(LETTERS) + 1):
        view.search.press_sequentially(LETTERS[end - 1])
        view.must_show(FULL._replace(search=LETTERS[:end]))


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
    buttons = [view.switch(name).element_handle() for name in names]
    for _ in range(12):
        view.page.evaluate(CLICK, dice.sample(buttons, 5))
        view.search.fill(dice.choice(["", "", "the", "report"]))
        view.must_show(view.choice())


# --- keyboard and screen reader ------------------------------------------------------------------


def test_tab_leads_through_the_controls(view):
    view.scope.focus()
    for name in [*REPORTS.values(), words("compare_differ")]:
        press_until(view, "Tab", lambda name=name: view.focus()[1].endswith(name))
    press_until(view, "Tab", lambda: view.search.evaluate("(e) => e === document.activeElement"))


def test_keys_are_no_commands_to_jupyterlab(view_in_lab):
    view = view_in_lab
    cells = view.notebook.locator(".jp-Cell")
    before = cells.count()
    for control in (view.switch(REPORTS["soc1"]), view.search):
        control.focus()
        for key in (*COMMANDS, "ArrowDown"):
            view.page.keyboard.press(key)
            assert cells.count() == before, key
            expect(control).to_be_focused()


def test_every_control_says_its_name_and_its_state(view):
    view.unfold()
    view.switch(REPORTS["soc2"]).click()
    names = [*REPORTS.values(), words("compare_differ"), *ROWS.values()]
    off = {REPORTS["soc2"], words("compare_differ")}
    assert view.pressed() == {name: str(name not in off).lower() for name in names}


@pytest.mark.parametrize("kind", ["bare", pytest.param("stored", marks=pytest.mark.thorough)])
def test_the_table_keeps_its_caption_headers_and_cells_in_a_narrow_window(meet, kind):
    view = meet(kind)
    view.page.set_viewport_size({**WINDOW, "width": NARROW})
    tree = view.tree()
    assert words("compare_caption") in tree["table"]
    assert set(REPORTS.values()) <= set(tree["columnheader"])
    assert len(tree["rowheader"]) >= len(ROWS)
    view.page.set_viewport_size(WINDOW)


# --- before, during and after the kernel ---------------------------------------------------------


def test_nothing_is_lost_when_the_widget_takes_over(meet):
    before, after = meet("gathered").moved
    assert after == before
    assert after["search"] == "period"
    assert after["shown"]["reports"] == ["soc1", "soc2"]


def test_python_sees_the_choice_after_run_all(meet, gathered):
    view = meet("gathered")
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
    assert gathered.notebook.python(TELL) == [
        list(part) if isinstance(part, tuple) else part for part in wanted
    ]


def test_an_untrusted_notebook_shows_the_table_and_no_dead_control(untrusted):
    expect(untrusted).to_contain_text(CATALOG.part(COMPARISON).dimensions[-1].by_report["soc1"])
    text = untrusted.text_content()
    assert [
        row.dimension
        for row in CATALOG.part(COMPARISON).dimensions
        if row.by_report["soc1"] not in text
    ] == []
    assert untrusted.locator("button, select, input, [tabindex]").count() == 0


def test_the_start_page_reads_well_and_its_links_lead_to_the_notebooks(desk):
    linked = "02_which_report.ipynb"
    desk.keep_waiting(linked)
    start = desk.open(desk.lab.folder / START, "late")
    view = start.view(SheetOnPage, "at_a_glance")
    stretch(view.page)
    assert view.violations(OURS, WCAG_A_AND_AA, least=10) == []
    view.page.set_viewport_size(WINDOW)
    link = start.root.get_by_role("link", name=re.compile("Which report are your buyers"))
    link.first.click()
    expect(view.page.get_by_role("tab", name=linked, exact=True, selected=True)).to_be_visible()
    desk.close(linked)
    desk.close(start.name)

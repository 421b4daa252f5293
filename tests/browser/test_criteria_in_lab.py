"""The explorer of criteria as readers meet it: with and without a kernel, by keyboard alone.

Which rows a choice leaves comes from ``soclib.trust_criteria``; parts are found by role and name.
"""

from __future__ import annotations

import criteria_page
import every_view
import pytest
from criteria_page import CATEGORIES, SCOPE, START, STATE_NAMES
from lab_page import COMMANDS, OUTPUTS, stretch
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

from soclib.trust.choose import SORTS
from soclib.trust.choose import choice_of_all as everything
from soclib.trust.choose import chosen_criteria as chosen
from soclib.trust.scoping import STATES
from soclib.trust.tables import TRUST

VIEW = criteria_page.VIEW
TELL = "print(json.dumps([*criteria.choice, list(criteria.frame.index)]))"
OURS = f"{OUTPUTS}:not(.jp-RenderedText)"

# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_axe_finds_no_violation_and_nothing_sticks_out(meet, look, tmp_path):
    view = meet("stored")
    rules = WCAG_A_AND_AA if look != "narrow" else CONTRAST
    assert view.violations(OURS, rules) == [], look
    assert view.sticking_out() == [], look
    view.details("CC6.1").evaluate("(fold) => { fold.open = true; }")
    take_picture(view, tmp_path / f"{look}.png")
    stretch(view.page, NARROW if look == "narrow" else WINDOW["width"])
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
    view.must_show(everything(CATALOG))
    expect(view.switch(words("trust_view_all"))).to_be_hidden()


def test_nothing_found_says_so(view):
    view.search.fill("xyzzy")
    expect(view.status).to_contain_text(words("trust_view_none"))


def test_words_that_stand_only_in_what_unfolds_are_announced(view):
    view.search.fill("A.8.13")  # an id of the other side stands in pairs alone
    found = len(chosen(CATALOG, START._replace(search="A.8.13"), SCOPE))
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
    assert view.state()["open"] == view.shown() != []
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


def test_keys_are_no_commands_to_jupyterlab(view_in_lab):
    view = view_in_lab
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
    off = {CATEGORIES["privacy"], STATE_NAMES["no"]}
    names = [*CATEGORIES.values(), *STATE_NAMES.values()]
    assert view.pressed() == {name: str(name not in off).lower() for name in names}
    radios = dict(tree["radiogroup"][words("trust_sort")])
    assert radios == {words(f"trust_sort_{sort}"): str(sort == SORTS[0]).lower() for sort in SORTS}
    assert {words("trust_view_categories"), words("trust_view_scope")} <= set(tree["group"])
    assert words("trust_caption") in tree["table"]


# --- before, during and after the kernel ---------------------------------------------------------


def test_nothing_is_lost_when_the_widget_takes_over(meet):
    before, after = meet("gathered").moved
    assert after == before
    assert after["search"] == "restore"
    assert after["open"] == ["A1.3"]


def test_python_sees_the_choice_after_run_all(meet, gathered):
    view = meet("gathered")
    view.switch(CATEGORIES["privacy"]).click()
    view.switch(STATE_NAMES["no"]).click()
    view.order("cadence").click()
    view.search.fill("log")
    kept = tuple(key for key in CATEGORIES if key != "privacy")
    wanted = START._replace(categories=kept, states=STATES, search="log", sort="cadence")
    ids = [row.tsc_id for row in chosen(CATALOG, wanted, SCOPE)]
    assert gathered.notebook.python(TELL) == [list(kept), list(STATES), "log", "cadence", ids]


def test_a_widget_without_a_stand_in_gets_its_table_from_the_kernel(meet, gathered):
    meet("gathered")  # both show the same choice
    alone = gathered.other(every_view.ALONE, VIEW.page)
    expect(alone.root.get_by_role("table")).to_have_count(1)
    expect(alone.status).to_contain_text("38")


def test_an_untrusted_notebook_shows_the_criteria_and_no_dead_control(untrusted):
    criteria = list(CATALOG.part(TRUST).criteria.values())
    expect(untrusted).to_contain_text(criteria[-1].gist)
    text = untrusted.text_content()
    assert [row.tsc_id for row in criteria if row.gist not in text] == []
    assert untrusted.locator("button, select, input, [tabindex]").count() == 0

"""The calendar as readers meet it: dates set by keyboard, with and without a kernel.

What must be said comes from ``soclib.fit_card``; parts are found by role and name.
"""

from __future__ import annotations

import calendar_page
import pytest
from calendar_page import DAYS, FIRST
from lab_page import COMMANDS
from playwright.sync_api import expect
from view_page import (
    BUYER,
    CATALOG,
    CONTRAST,
    VENDOR,
    WCAG_A_AND_AA,
    take_picture,
    words,
)

from soclib.periods.card import fit_plain
from soclib.periods.tables import PERIODS

VIEW = calendar_page.VIEW
WORKED = CATALOG.part(PERIODS).worked
TELL = "print(json.dumps([*calendar.choice[:-1], calendar.voice]))"

# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.thorough
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


def test_keys_are_no_commands_to_jupyterlab(view_in_lab):
    view = view_in_lab
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


def test_nothing_is_lost_when_the_widget_takes_over(meet):
    before, after = meet("gathered").moved
    assert after == before
    assert after["end"] == "2026-06-30"


def test_python_sees_the_choice_after_run_all(meet, gathered):
    view = meet("gathered")
    view.type_in("end", "2026-06-30")
    view.toggle("report", "SOC 2").click()
    wanted = FIRST._replace(end="2026-06-30", report="soc2")
    assert gathered.notebook.python(TELL) == [*wanted[:-1], VENDOR]


def test_an_untrusted_notebook_shows_the_card_and_no_dead_control(untrusted):
    expect(untrusted).to_contain_text(fit_plain(FIRST._replace(today=""))["headline"])
    assert untrusted.locator("button, select, input, [tabindex]").count() == 0

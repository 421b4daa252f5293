"""The explorer of criteria without a browser: controls set from Python, and what is read next."""

from __future__ import annotations

import json
import re

import ipywidgets
import pytest

import soclib
from soclib import trust
from soclib.periods.tables import PERIODS
from soclib.trust.choose import (
    SORTS,
    choice_of_all,
    chosen_criteria,
    ordered_ids,
    owners,
    searched_texts,
)
from soclib.trust.scoping import STATES
from soclib.trust.tables import TRUST
from soclib.trust.view import CONTROLS, FILES
from soclib.words import words_of

CATALOG = soclib.load_catalog()
FULL = choice_of_all(CATALOG)
IDS = tuple(CATALOG.part(TRUST).criteria)
DECISION = soclib.decide(
    {
        "holds_customer_data": "yes",
        "asked_by_security_team": "yes",
        "promises_uptime": "yes",
        "promises_confidentiality": "unknown",
    }
)
SCOPE = trust.scope(DECISION)


def ids_of(choice, scope=None):
    return tuple(row.tsc_id for row in chosen_criteria(CATALOG, choice, scope))


# --- which criteria ------------------------------------------------------------------------------


def test_everything_leaves_nothing_out_and_keeps_the_order_of_the_table():
    assert ids_of(FULL) == ids_of(FULL, SCOPE) == IDS


@pytest.mark.parametrize("sort", SORTS)
def test_an_order_loses_no_criterion(sort):
    assert sorted(ordered_ids(CATALOG, sort)) == sorted(IDS)


def test_sorted_by_owner_each_owner_stands_together():
    first = [owners(CATALOG, key)[0] for key in ordered_ids(CATALOG, "owner")]
    assert first == sorted(first)


def test_sorted_by_cadence_the_most_frequent_come_first():
    ranks = list(CATALOG.part(PERIODS).cadences)
    first = [
        min(ranks.index(one.cadence_id) for one in CATALOG.part(TRUST).prompts[key])
        for key in ordered_ids(CATALOG, "cadence")
    ]
    assert first == sorted(first)


def test_categories_and_states_both_have_to_fit():
    choice = FULL._replace(categories=("availability", "confidentiality"), states=("open",))
    assert ids_of(choice, SCOPE) == ("C1.1", "C1.2")
    assert ids_of(choice) == ("A1.1", "A1.2", "A1.3", "C1.1", "C1.2")


def test_every_criterion_is_found_by_its_own_id_alone():
    for tsc_id in IDS:
        found = ids_of(FULL._replace(search=tsc_id))
        assert tsc_id in found
        assert len(found) < 5, (tsc_id, found)


def test_a_search_finds_what_stands_in_prompts_evidence_and_pairs():
    for row in CATALOG.part(TRUST).criteria.values():
        for text in searched_texts(CATALOG, row):
            assert row.tsc_id in ids_of(FULL._replace(search=text)), text


# --- the view ------------------------------------------------------------------------------------


def test_without_a_decision_there_are_no_switches_for_scope_and_all_is_shown():
    view = trust.explore()
    assert [type(one) for one in view.categories] == [ipywidgets.ToggleButton] * 5
    assert view.states == []
    assert view.choice == FULL
    assert list(view.frame.index) == list(IDS)
    assert "scope" not in view.frame


def test_with_a_decision_it_starts_with_what_is_in_scope_and_open():
    view = trust.explore(DECISION)
    assert view.choice == FULL._replace(states=("yes", "open"))
    assert set(view.frame["scope"]) == {"yes", "open"}
    assert len(view.frame) == 38


def test_a_decision_without_a_soc_2_still_shows_something():
    view = trust.explore(soclib.decide({"holds_customer_data": "no", "packaged_software": "yes"}))
    assert view.choice.states == STATES
    assert len(view.frame) == 61


def test_setting_the_controls_changes_choice_frame_and_text():
    view = trust.explore(DECISION)
    view.categories[0].value = False
    view.states[2].value = True
    view.search[0].value = "backup"
    view.sort[0].index = 1
    wanted = FULL._replace(categories=FULL.categories[1:], search="backup", sort="owner")
    assert view.choice == wanted
    assert tuple(view.frame.index) == ids_of(wanted, SCOPE) != ()
    assert "Security [off]" in repr(view)
    assert "Search [backup]" in repr(view)
    assert "Sort by [Owner]" in repr(view)
    assert all(key in str(view) for key in view.frame.index)
    assert "CC7.5" not in str(view)


def test_changed_to_a_choice_equals_made_anew_and_set_once():
    changed, made = trust.explore(DECISION), trust.explore(DECISION)
    for value in (False, True, False):
        changed.categories[0].value = value
    changed.sort[0].index = 2
    changed.sort[0].index = 1
    made.categories[0].value = False
    made.sort[0].index = 1
    assert repr(changed) == repr(made)
    assert changed.standby_html() == made.standby_html()


def test_the_stand_in_starts_from_the_choice_of_the_view_and_holds_its_table_once():
    view = trust.explore(DECISION)
    view.search[0].value = "</script><b>"
    html = view.standby_html()
    content = html.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(content)["controls"]["search"][0]["value"] == "</script><b>"
    assert html.count("</script>") == 2
    for prompts in CATALOG.part(TRUST).prompts.values():
        for one in prompts:
            if one.basis_id in IDS:
                assert html.count(one.prompt.replace("'", "&#x27;")) == 1, one.prompt_id


def test_what_a_notebook_stores_of_the_widget_holds_no_table_until_a_script_asks_for_it():
    view = trust.explore()
    assert len(json.dumps(view.get_state(["sheet", "table"]))) < 10_000
    view.answer(view, {"ask": "something else"}, [])
    assert not view.table
    view.answer(view, {"ask": "table"}, [])
    assert view.table in view.standby_html()


@pytest.mark.parametrize("trait", CONTROLS)
def test_every_control_is_read_by_the_script(trait):
    assert f'"{trait}"' in FILES.script


def test_every_row_says_its_state_in_words():
    html = trust.explore(DECISION).standby_html()
    words = words_of(CATALOG, "vendor")
    for state in STATES:
        rows = re.findall(rf'<tr [^>]*data-state="{state}".*?</tr>', html)
        said_in_words = f">{words[f'trust_state_{state}']}<"
        assert len(rows) == len(SCOPE.criteria(state))
        assert all(said_in_words in row for row in rows)

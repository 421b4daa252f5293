"""Role play: each role's start, the board over all of them, and the table that draws it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import soclib
from soclib import people
from soclib.people.tables import PEOPLE
from soclib.people.view import RoleTable
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

CATALOG = soclib.load_catalog()
CASES = CATALOG.part(PEOPLE).cases
ROLES = CATALOG.part(PEOPLE).roles
WORDS = words_of(CATALOG, VOICES[0])
QUICK = [
    c.criterion_id
    for c in CATALOG.part(VERDICT).criteria
    if c.group_id == CATALOG.part(VERDICT).groups[0].group_id
]
HOSTILE = "<script>alert(1)</script>"


@pytest.mark.parametrize("case_id", CASES)
def test_every_case_has_words_for_every_role_and_splits_at_the_start(case_id):
    found = soclib.vendors.disagreement(people.role_case(case_id).answers)
    assert list(people.role_case(case_id).answers) == list(ROLES)
    assert found.splits
    for decision in found.decisions.values():
        assert not decision.contradictions


@pytest.mark.parametrize("case_id", CASES)
def test_the_board_names_every_status_every_difference_and_who_would_know(case_id):
    case = people.role_case(case_id)
    text = str(people.board(case.answers))
    found = soclib.vendors.disagreement(case.answers)
    for role_id, decision in found.decisions.items():
        assert ROLES[role_id].role in text
        for status_id in decision.reports.values():
            assert CATALOG.part(VERDICT).statuses[status_id].label in text
    for one in found.differences:
        assert (
            CATALOG.part(VERDICT).criterion(one.criterion_id).questions["vendor"].question in text
        )
        assert one.who_knows in text


def test_a_table_that_agrees_says_so():
    text = str(people.board({role_id: {} for role_id in ROLES}))
    assert WORDS["role_agreed"] in text
    assert WORDS["role_no_facts"] in text


def test_a_name_is_escaped_before_it_is_html():
    html = people.board({HOSTILE: {"affects_client_financials": "yes"}, "B": {}})._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_unknown_case_names_the_nearest():
    with pytest.raises(soclib.AnswerError, match="did you mean 'archive'"):
        people.role_case("archiv")
    with pytest.raises(soclib.AnswerError, match="unknown case"):
        people.play("nobody")


def test_answering_for_a_role_changes_the_board_and_says_so():
    table = RoleTable("archive")
    before = table.board.value
    table.role.value = "seller"
    table.choices["asked_by_financial_auditor"].value = "yes"
    assert table.answers["seller"]["asked_by_financial_auditor"] == "yes"
    assert table.board.value != before
    assert 'role="status"' in table.status.value
    assert ROLES["seller"].role in table.status.value
    assert str(table) == str(people.board(table.answers))


def test_each_role_keeps_its_own_answers_and_can_take_them_back():
    table = RoleTable("host")
    others = {key: dict(given) for key, given in table.answers.items() if key != "counsel"}
    table.role.value = "counsel"
    assert table.choices["promises_uptime"].value == "yes"
    table.clear.click()
    assert table.answers["counsel"] == {}
    assert {key: table.answers[key] for key in others} == others
    assert {choice.value for choice in table.choices.values()} == {""}


def test_a_new_case_starts_afresh_and_an_own_one_empty():
    table = RoleTable("host")
    table.case.value = "pay_app"
    assert table.answers == CASES["pay_app"].answers
    table.case.value = ""
    assert not any(table.answers.values())
    assert list(table.choices) == QUICK
    table.more.value = True
    asked = [c.criterion_id for c in CATALOG.part(VERDICT).criteria if "vendor" in c.questions]
    assert list(table.choices) == asked


def test_every_control_has_a_name_of_its_own():
    table = RoleTable("pay_app")
    controls = [table.case, table.role, table.more, table.clear, *table.choices.values()]
    names = [control.description for control in controls]
    assert all(names)
    assert len(set(names)) == len(names)


@settings(deadline=None, max_examples=30)
@given(
    said=st.fixed_dictionaries(
        {
            role_id: st.dictionaries(st.sampled_from(QUICK), st.sampled_from(ANSWERS))
            for role_id in ROLES
        }
    )
)
def test_any_answers_make_a_board_in_which_the_first_fact_leaves_fewest_verdicts(said):
    found = soclib.vendors.disagreement(said)
    assert str(people.board(said))
    for split in found.splits:
        after = {
            answer: {
                soclib.decide({**given, split.first_fact: answer}).reports[split.report_id]
                for given in said.values()
            }
            for answer in ("yes", "no")
        }
        assert split.verdicts_left == {answer: len(found) for answer, found in after.items()}

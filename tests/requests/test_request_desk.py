"""The request desk in plain Python: paste, read, edit a toggle, take the reply."""

from __future__ import annotations

import pytest

from soclib import requests
from soclib.tables.rows import ANSWERS
from soclib.verdict.tables import VERDICT

TEXT = "We require a SOC 1 for the CRM that you provide.\nRegards, Jo, CISO"


@pytest.fixture
def desk():
    return requests.desk(TEXT)


def toggle(desk, criterion_id):
    ids = [criterion.criterion_id for criterion in desk.catalog.part(VERDICT).criteria]
    return desk.panel.toggles[ids.index(criterion_id)]


def test_what_was_read_fills_the_toggles(desk):
    assert desk.panel.answers == desk.request.answers
    assert desk.panel.answers["holds_customer_data"] == "yes"
    assert "<mark>" in desk.marks.value
    assert desk.reply.value.startswith("Thank you")


def test_an_edited_toggle_changes_the_verdict_and_the_reply(desk):
    before = desk.reply.value
    for criterion_id in ("affects_client_financials", "processes_transactions"):
        toggle(desk, criterion_id).index = ANSWERS.index("no")
    assert desk.request.decision.reports["soc1"] == "clarify"
    assert desk.panel.decision.reports == desk.request.decision.reports
    assert "have to conclude" in desk.reply.value != before


def test_a_reply_that_was_edited_by_hand_is_not_written_over(desk):
    desk.reply.value = "My own words"
    toggle(desk, "affects_client_financials").index = ANSWERS.index("yes")
    assert desk.reply.value == "My own words"
    desk.renew.click()
    assert desk.reply.value.startswith("Thank you")


def test_changed_to_a_text_is_the_same_as_made_with_it(desk):
    desk.paste.value = "Please send your SOC 2 for the payroll platform."
    desk.read.click()
    made = requests.desk(desk.paste.value)
    assert str(desk) == str(made)
    assert desk.reply.value == made.reply.value
    assert desk.panel.answers == made.panel.answers
    assert desk.marks.value == made.marks.value


def test_what_cannot_be_read_is_said_and_the_last_reading_stays(desk):
    before = desk.marks.value
    desk.paste.value = " "
    desk.read.click()
    assert "blank" in desk.said.value
    assert 'role="status"' in desk.said.value
    assert desk.marks.value == before


def test_markup_in_a_request_stays_text():
    desk = requests.desk("Send your <script>alert(1)</script> SOC 2 <b>now</b>.")
    assert "<script" not in desk.marks.value + desk.needed.value + desk.said.value


def test_an_empty_desk_says_what_to_do():
    desk = requests.desk()
    assert "Paste" in str(desk)
    assert desk.renew.disabled


def test_every_control_has_a_name(desk):
    for control in (desk.paste, desk.side, desk.read, desk.reply, desk.renew):
        assert control.description


def test_the_buyers_side_is_asked_in_its_own_voice():
    desk = requests.desk(TEXT, "buyer")
    assert desk.panel.voice == "buyer"
    assert desk.request.decision.voice == "buyer"

"""Type 1 or Type 2 by the rule table: the same states as the path, with reasons and a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import periods
from soclib.periods.tables import PERIODS
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
ANSWERS = st.dictionaries(
    st.sampled_from(IDS), st.sampled_from(("yes", "no", "unknown")), max_size=12
)
VOICES = st.sampled_from(("vendor", "buyer"))
REPORTS = st.sampled_from(("soc1", "soc2"))
SOC1 = {"affects_client_financials": "yes", "asked_by_financial_auditor": "yes"}


@given(ANSWERS, VOICES, REPORTS)
def test_the_types_are_those_of_the_path(answers, voice, report_id):
    decision = soclib.decide(answers, voice)
    found = periods.type_decision(decision, report_id)
    assert found.applies == (report_id in decision.path)
    for step in decision.path.get(report_id, ()):
        if step.step_id in {"type_1", "type_2"}:
            assert getattr(found, step.step_id).state == step.state


@given(ANSWERS, VOICES, REPORTS)
def test_every_type_has_a_reason_with_words(answers, voice, report_id):
    found = periods.type_decision(soclib.decide(answers, voice), report_id)
    for answer in (found.type_1, found.type_2):
        assert answer.reasons or answer.state == "open"
        assert all(reason.text and "{" not in reason.text for reason in answer.reasons)


@given(ANSWERS, VOICES, REPORTS)
def test_the_next_question_bears_on_the_type_and_was_not_answered(answers, voice, report_id):
    decision = soclib.decide(answers, voice)
    found = periods.type_decision(decision, report_id)
    if found.next is None:
        return
    asked = found.next.criterion_id
    assert asked not in decision.answers
    states = set()
    for answer in ("yes", "no"):
        after = periods.type_decision(soclib.decide({**answers, asked: answer}, voice), report_id)
        states.add((after.type_1.state, after.type_2.state))
    assert len(states) == 2 or found.next.kind == "path"


@given(ANSWERS, VOICES, REPORTS)
def test_an_open_type_has_a_question_unless_nobody_can_answer_it(answers, voice, report_id):
    decision = soclib.decide(answers, voice)
    found = periods.type_decision(decision, report_id)
    mine = (found.type_1, found.type_2)
    if any(a.state == "open" and a.reasons and a.reasons[0].topic == "step" for a in mine):
        unsure = {name for a in mine for reason in a.reasons for name in reason.criteria}
        assert found.next is not None or unsure <= set(decision.answers)


def test_proof_over_a_period_calls_for_a_type_2():
    decision = soclib.decide({**SOC1, "needs_proof_over_period": "yes"})
    found = periods.type_decision(decision, "soc1")
    assert (found.type_1.state, found.type_2.state) == ("no", "yes")
    assert [reason.rule_id for reason in found.type_2.reasons] == ["P1-PERIOD"]


def test_a_deadline_before_a_period_calls_for_a_type_1_first():
    decision = soclib.decide({**SOC1, "deadline_before_period": "yes"})
    found = periods.type_decision(decision, "soc1")
    assert (found.type_1.state, found.type_2.state) == ("yes", "yes")
    assert [reason.rule_id for reason in found.type_1.reasons] == ["P1-DEADLINE"]


def test_a_new_system_with_controls_not_running_calls_for_a_type_1():
    decision = soclib.decide({**SOC1, "system_changed_recently": "yes", "controls_operating": "no"})
    assert periods.type_decision(decision, "soc1").type_1.state == "yes"


def test_what_is_assumed_is_asked_for():
    found = periods.type_decision(soclib.decide(SOC1), "soc1")
    assert found.next.criterion_id in {
        *("needs_proof_over_period", "deadline_before_period", "system_changed_recently"),
        "controls_operating",
    }
    assert any(reason.assumed for reason in found.type_2.reasons)


def test_a_contradiction_about_the_controls_leaves_the_type_open():
    decision = soclib.decide(
        {
            **SOC1,
            "controls_documented": "no",
            "controls_operating": "yes",
            "needs_proof_over_period": "no",
        }
    )
    found = periods.type_decision(decision, "soc1")
    assert decision.contradictions
    assert found.type_1.state == "open"
    assert found.type_1.reasons[0].topic == "contradiction"


def test_a_report_that_nothing_leads_to_still_says_what_would_hold():
    found = periods.type_decision(soclib.decide({"holds_customer_data": "no"}), "soc1")
    assert not found.applies
    assert found.type_2.state == "yes"


@pytest.mark.parametrize("report_id", ["soc3", "soc9"])
def test_a_report_without_types_of_its_own_is_refused(report_id):
    with pytest.raises(periods.PeriodError, match="Valid: soc1, soc2"):
        periods.type_decision(soclib.decide(SOC1), report_id)


# --- what is taught about types -----------------------------------------------------------------


def test_only_a_type_2_says_that_controls_operated():
    elements = {row.element_id: row for row in CATALOG.part(PERIODS).opinions}
    assert elements["operation"].type_1 == "Not said at all."
    assert elements["operation"].type_2.startswith("Yes")
    assert "exist" in elements["implementation"].type_1


def test_the_misconceptions_that_cost_most_are_corrected():
    ids = {row.misconception_id for row in CATALOG.part(PERIODS).misconceptions}
    assert ids >= {"better", "expires", "certified_for_a_year", "tests_operation", "bridge_extends"}

"""What `soclib.decide` promises for one case."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.explain import what_would_change
from soclib.verdict.logic import standing
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
ANSWER_SETS = st.dictionaries(st.sampled_from(IDS), st.sampled_from(ANSWERS))
SETTLED = ("needed", "clarify")


def test_an_error_that_reaches_books_and_an_auditor_who_asks_need_a_soc_1():
    decision = soclib.decide(
        {"affects_client_financials": "yes", "asked_by_financial_auditor": "yes"}
    )
    assert decision.reports["soc1"] == "needed"


def test_true_false_and_none_are_answers_too():
    spelt = soclib.decide({"holds_customer_data": "yes", "deal_blocked": "unknown"})
    plain = soclib.decide({"holds_customer_data": True, "deal_blocked": None})
    assert spelt.to_dict() == plain.to_dict()


def test_nothing_answered_leaves_soc_1_and_soc_2_open():
    decision = soclib.decide({})
    assert (decision.reports["soc1"], decision.reports["soc2"]) == ("open", "open")


def test_an_explicit_unknown_overrides_an_assumption():
    answers = {"affects_client_financials": "yes"}
    assert soclib.decide(answers).subject["soc1"] == "yes"
    assert soclib.decide({**answers, "material_to_clients": None}).subject["soc1"] == "unknown"


def test_who_asks_never_decides_alone():
    answers = {"affects_client_financials": "no", "processes_transactions": "no"}
    decision = soclib.decide({**answers, "asked_by_financial_auditor": "yes"})
    assert decision.reports["soc1"] == "clarify"


def test_a_contradiction_opens_the_report_and_names_the_answers():
    decision = soclib.decide({"affects_client_financials": "no", "processes_transactions": "yes"})
    assert decision.reports["soc1"] == "open"
    named = set(decision.contradictions[0].criteria)
    assert {"affects_client_financials", "processes_transactions"} <= named


def test_operating_but_undocumented_controls_leave_the_first_step_open():
    answers = {"holds_customer_data": "yes", "asked_by_security_team": "yes"}
    controls = {"controls_documented": "no", "controls_operating": "yes"}
    decision = soclib.decide({**answers, **controls})
    assert decision.path["soc2"][0] == ("readiness", "open")
    assert decision.reports["soc2"] == "needed"


def test_a_soc_3_leads_through_a_type_2():
    answers = {"holds_customer_data": "yes", "wants_public_proof": "yes"}
    decision = soclib.decide({**answers, "needs_proof_over_period": "no"})
    steps = dict(decision.path["soc2"])
    assert (steps["type_2"], steps["soc3"]) == ("yes", "yes")


def test_the_buyer_is_not_asked_about_the_vendors_controls():
    decision = soclib.decide({"holds_customer_data": "yes"}, voice="buyer")
    assert [step.step_id for step in decision.path["soc2"]] == ["type_1", "type_2", "soc3"]


def test_an_answer_that_the_voice_is_not_asked_is_kept_but_not_used():
    answers = {"holds_customer_data": "yes", "asked_by_security_team": "no", "deal_blocked": "yes"}
    decision = soclib.decide(answers, voice="buyer")
    assert decision.set_aside == ("deal_blocked",)
    assert decision.demand["soc2"] == "no"


def test_reasons_are_the_rules_that_fire():
    answers = {"affects_client_financials": "yes", "processes_transactions": "yes"}
    reasons = soclib.decide(answers).reasons("soc1")
    fired = {reason.rule_id for reason in reasons if reason.value == "yes"}
    assert fired == {"S1-BOOKS", "S1-TRANSACTIONS"}


def test_one_gate_that_fails_is_the_whole_reason_for_a_no():
    answers = {"affects_client_financials": "yes", "clients_recheck_everything": "yes"}
    reasons = soclib.decide(answers).reasons("soc1")
    failed = [reason for reason in reasons if reason.topic == "subject"]
    assert [reason.criteria for reason in failed] == [("clients_recheck_everything",)]


def test_an_open_report_says_how_close_it_is():
    decision = soclib.decide({"affects_client_financials": None, "processes_transactions": "no"})
    reason = decision.reasons("soc1")[0]
    assert reason.criteria == ("affects_client_financials",)
    assert "4 of 5" in reason.text


def test_not_sure_is_never_asked_again_but_says_who_would_know():
    answers = dict.fromkeys(IDS, "unknown")
    decision = soclib.decide(answers)
    assert decision.next_question() is None
    assert "holds_customer_data" in decision.not_sure


def test_the_first_question_is_about_a_report():
    found = soclib.decide({}).next_question()
    assert found.kind == "report"


@given(ANSWER_SETS, st.sampled_from(VOICES))
def test_assumptions_are_asked_only_when_no_open_question_matters(answers, voice):
    decision = soclib.decide(answers, voice)
    found = decision.next_question()
    if found is None or found.kind != "assumption":
        return
    for criterion in CATALOG.part(VERDICT).criteria:
        silent = criterion.criterion_id not in answers and voice in criterion.questions
        if silent and criterion.assumed is None:
            for answer in ("yes", "no"):
                other = soclib.decide({**answers, criterion.criterion_id: answer}, voice)
                if other.contradictions == decision.contradictions:
                    assert other.reports == decision.reports
                    assert other.path == decision.path


@given(ANSWER_SETS, st.sampled_from(VOICES))
def test_only_a_contradiction_is_asked_about_twice(answers, voice):
    decision = soclib.decide(answers, voice)
    found = decision.next_question()
    if found is not None and found.criterion_id in answers:
        assert found.kind == "contradiction"
        assert any(found.criterion_id in c.criteria for c in decision.contradictions)


def expected_left(report, answers, prior):
    """Return the expected number of questions until a report is settled, by trying every order."""
    open_ = [c for c in CATALOG.part(VERDICT).criteria if c.bit & report.mask and c.assumed is None]
    open_ = [c.criterion_id for c in open_ if c.criterion_id not in answers]
    endings = [
        soclib.decide({**answers, **dict(zip(open_, ending, strict=True))}).reports
        for ending in itertools.product(("yes", "no"), repeat=len(open_))
    ]
    if len({ending[report.report_id] for ending in endings}) == 1:
        return 0.0
    return min(
        1
        + prior[key] * expected_left(report, {**answers, key: "yes"}, prior)
        + (1 - prior[key]) * expected_left(report, {**answers, key: "no"}, prior)
        for key in open_
    )


@pytest.mark.parametrize("answers", [{}, {"holds_customer_data": "no"}, {"deal_blocked": "yes"}])
def test_the_expected_number_of_questions_is_the_least_of_all_orders_of_a_possible_report(answers):
    prior = {c.criterion_id: c.prior_yes for c in CATALOG.part(VERDICT).criteria}
    subjects = soclib.decide(answers).subject
    possible = [r for r in CATALOG.part(VERDICT).reports if subjects[r.report_id] != "no"]
    counts = [expected_left(report, answers, prior) for report in possible]
    least = min(count for count in counts if count)
    assert soclib.decide(answers).next_question().expected_left == pytest.approx(least, abs=0.005)


@given(ANSWER_SETS, st.sampled_from(VOICES))
def test_an_assumption_that_matters_changes_a_status_when_it_is_reversed(answers, voice):
    decision = soclib.decide(answers, voice)
    for assumption in decision.assumptions:
        opposite = "no" if assumption.answer == "yes" else "yes"
        other = soclib.decide({**answers, assumption.criterion_id: opposite}, voice)
        assert other.reports != decision.reports


@given(ANSWER_SETS, st.sampled_from(VOICES))
def test_an_assumption_that_is_left_out_changes_no_status(answers, voice):
    decision = soclib.decide(answers, voice)
    listed = {assumption.criterion_id for assumption in decision.assumptions}
    for criterion in CATALOG.part(VERDICT).criteria:
        silent = criterion.criterion_id not in answers and voice in criterion.questions
        if silent and criterion.assumed and criterion.criterion_id not in listed:
            opposite = "no" if criterion.assumed == "yes" else "yes"
            other = soclib.decide({**answers, criterion.criterion_id: opposite}, voice)
            assert other.reports == decision.reports


@given(ANSWER_SETS, st.sampled_from(VOICES), st.sampled_from(["soc1", "soc2", "soc3"]))
def test_every_change_leads_to_the_status_that_it_names(answers, voice, report_id):
    decision = soclib.decide(answers, voice)
    for change in decision.what_would_change(report_id):
        after = soclib.decide({**answers, **dict(change.flips)}, voice)
        assert after.reports[report_id] == change.status_id != decision.reports[report_id]


def smallest_change(case, report):
    """Return the size of the smallest change by trying everything, up to three answers."""
    names = [
        c
        for c in CATALOG.part(VERDICT).criteria
        if c.bit & report.mask and case.voice in c.questions
    ]
    now = standing(report, case.yes, case.no).status_id
    for size in (1, 2, 3):
        for chosen in itertools.combinations(names, size):
            for answers in itertools.product((True, False), repeat=size):
                yes, no = case.yes, case.no
                for criterion, answer in zip(chosen, answers, strict=True):
                    yes, no = yes & ~criterion.bit, no & ~criterion.bit
                    if answer:
                        yes |= criterion.bit
                    else:
                        no |= criterion.bit
                if standing(report, yes, no).status_id not in (now, "open"):
                    return size
    return None


@given(ANSWER_SETS, st.sampled_from(VOICES), st.sampled_from(CATALOG.part(VERDICT).reports))
def test_no_smaller_change_would_do(answers, voice, report):
    case = soclib.decide(answers, voice).case
    changes = what_would_change(case, report)
    sizes = {len(change.flips) for change in changes}
    assert sizes == ({smallest_change(case, report)} if changes else set())


@given(ANSWER_SETS, st.sampled_from(IDS), st.sampled_from(["yes", "no"]))
def test_subject_and_demand_never_flip_once_they_are_settled(answers, criterion_id, answer):
    """Filling in an unknown answer may settle more, but never turns a yes into a no."""
    before = soclib.decide({**answers, criterion_id: "unknown"})
    after = soclib.decide({**answers, criterion_id: answer})
    for side in ("subject", "demand"):
        for report_id, value in getattr(before, side).items():
            assert value in ("unknown", getattr(after, side)[report_id])


def test_an_unknown_criterion_is_named_with_the_nearest_valid_one():
    with pytest.raises(soclib.AnswerError, match=r"'holds_client_data'.*'holds_customer_data'"):
        soclib.decide({"holds_client_data": "yes"})


def test_an_unknown_answer_is_named_with_its_criterion():
    with pytest.raises(soclib.AnswerError, match=r"holds_customer_data: 'yess'.*'yes'"):
        soclib.decide({"holds_customer_data": "yess"})


def test_an_unknown_voice_is_refused():
    with pytest.raises(soclib.AnswerError, match="'auditor'"):
        soclib.decide({}, voice="auditor")


def test_an_unknown_report_is_refused():
    with pytest.raises(soclib.AnswerError, match="'soc9'"):
        soclib.decide({}).reasons("soc9")


@given(ANSWER_SETS)
def test_the_order_of_the_answers_does_not_matter(answers):
    turned = dict(reversed(answers.items()))
    assert soclib.decide(turned).to_dict() == soclib.decide(answers).to_dict()


def test_every_text_of_a_decision_ends_up_in_its_text_form():
    decision = soclib.decide({"holds_customer_data": "yes", "card_data": "yes"})
    text = str(decision)
    for card in decision.to_dict()["cards"]:
        for reason in card["reasons"]:
            assert reason["text"] in text

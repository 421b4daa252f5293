"""Scope follows from a decision: proved over all states of the categories, tried on decisions."""

from __future__ import annotations

import random
from itertools import product

import pytest

import soclib
from soclib import trust
from soclib.tables.rows import ANSWERS, VOICES
from soclib.trust.choose import categories_of
from soclib.trust.scoping import STATES, criteria_states, objectives_of
from soclib.trust.tables import TRUST
from soclib.verdict.decision import Decision
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(TRUST)
CATEGORIES = tuple(categories_of(CATALOG))
ASKED = {"holds_customer_data": "yes", "asked_by_security_team": "yes"}
DECISIONS = 400
PROMISES = (
    *("promises_security", "promises_uptime", "promises_accuracy"),
    *("promises_confidentiality", "promises_privacy"),
)


def test_every_state_of_the_categories_gives_every_criterion_its_state():
    """Proved over all 243 ways in which five categories can stand."""
    own = [key for key in CATEGORIES if key != TABLES.common]
    for combination in product(STATES, repeat=len(CATEGORIES)):
        held = dict(zip(CATEGORIES, combination, strict=True))
        found = criteria_states(TABLES, held)
        best = next(state for state in STATES if state in combination)
        for tsc_id, one in TABLES.criteria.items():
            assert found[tsc_id] == (held[one.category_id] if one.category_id in own else best)


def random_decisions():
    dice = random.Random(20261125)  # noqa: S311 - cases, not secrets
    ids = [one.criterion_id for one in CATALOG.part(VERDICT).criteria]
    for _ in range(DECISIONS):
        share = dice.choice((0.1, 0.4, 0.9))
        answers = {key: dice.choice(ANSWERS) for key in ids if dice.random() < share}
        yield soclib.decide(answers, dice.choice(VOICES))


def test_the_scope_never_contradicts_the_decision():
    seen = set()
    for decision in random_decisions():
        states = {one.category_id: one.state for one in trust.scope(decision).categories}
        status = decision.reports["soc2"]
        seen.add(status)
        if CATALOG.part(VERDICT).statuses[status].leads_on:
            assert {key for key, state in states.items() if state == "yes"} == {
                *decision.categories
            }
            assert {key for key, state in states.items() if state == "open"} == {
                *decision.open_categories
            }
        else:
            assert "yes" not in states.values()
            assert ("open" in states.values()) == (status == "open"), decision.answers
    assert seen == set(CATALOG.part(VERDICT).statuses)


@pytest.mark.parametrize("voice", VOICES)
def test_every_way_to_answer_the_promises_gives_the_categories_of_the_decision(voice):
    """Proved over all 243 ways to answer five promises of a service that needs a SOC 2."""
    for answers in product(ANSWERS, repeat=len(PROMISES)):
        decision = soclib.decide({**ASKED, **dict(zip(PROMISES, answers, strict=True))}, voice)
        found = trust.scope(decision).categories
        in_scope = [one.category_id for one in found if one.state == "yes"]
        undecided = [one.category_id for one in found if one.state == "open"]
        assert (in_scope, undecided) == ([*decision.categories], [*decision.open_categories])


def test_an_answer_in_place_of_not_sure_settles_and_does_not_overturn():
    for decision in random_decisions():
        for promise in PROMISES:
            unsure = soclib.decide({**decision.answers, promise: "unknown"}, decision.voice)
            before = trust.scope(unsure).states
            for answer in ("yes", "no"):
                sure = soclib.decide({**decision.answers, promise: answer}, decision.voice)
                if not sure.contradictions:  # they put the report in doubt again
                    after = trust.scope(sure).states
                    assert all(state in ("open", after[key]) for key, state in before.items())


def test_every_category_has_a_reason_whatever_is_decided():
    for decision in random_decisions():
        for one in trust.scope(decision).categories:
            assert one.reasons, (decision.answers, one.category_id)
            assert all(reason.text for reason in one.reasons)


def test_a_promise_brings_its_category_and_the_common_criteria():
    found = trust.scope(soclib.decide({**ASKED, "promises_uptime": "yes"}))
    ids = {key for key in TABLES.criteria if key.startswith(("CC", "A1"))}
    assert set(found.in_scope) == ids
    assert found.open == ()
    reasons = {one.category_id: one.reasons[0].criteria for one in found.categories}
    assert reasons["availability"] == ("promises_uptime",)


def test_what_nobody_knows_stays_open():
    found = trust.scope(soclib.decide({**ASKED, "promises_confidentiality": "unknown"}))
    assert found.open == ("C1.1", "C1.2")
    assert len(found.criteria("no")) == 61 - 33 - 2


def test_without_a_soc_2_nothing_is_in_scope_and_the_report_says_why():
    decision = soclib.decide({"holds_customer_data": "no", "packaged_software": "yes"})
    found = trust.scope(decision)
    assert len(found.criteria("no")) == 61
    assert {reason.topic for one in found.categories for reason in one.reasons} & {"subject"}


def test_an_undecided_soc_2_leaves_the_common_criteria_open():
    found = trust.scope(soclib.decide({}))
    assert found.in_scope == ()
    assert {key for key in found.open if key.startswith("CC")} == {
        key for key in TABLES.criteria if key.startswith("CC")
    }


def test_a_state_that_does_not_exist_is_named():
    found = trust.scope(soclib.decide(ASKED))
    with pytest.raises(soclib.AnswerError, match="did you mean 'yes'"):
        found.criteria("yess")


def test_the_sheet_says_every_category_with_its_state_and_its_reasons():
    decision = soclib.decide({**ASKED, "promises_uptime": "yes"})
    sheet = trust.scope_sheet(decision)
    for one in trust.scope(decision).categories:
        assert one.title in sheet.text
        assert all(reason.text in sheet.text for reason in one.reasons)
    assert "36 are in scope" in sheet.text
    assert isinstance(decision, Decision)


def test_a_reader_chooses_which_services_apply():
    assert {one.service_id for one in objectives_of(CATALOG, ["payroll", "hosting"])} == {
        *("payroll", "hosting")
    }
    assert objectives_of(CATALOG, "payroll") == objectives_of(CATALOG, ["payroll"])
    with pytest.raises(soclib.AnswerError, match="did you mean 'payroll'"):
        objectives_of(CATALOG, "payrol")

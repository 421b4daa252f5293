"""Questions and grading: the engine says what is right, and a question gives nothing away."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from copied_tables import copy_tables
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import practice
from soclib.periods.tables import PERIODS
from soclib.practice import PracticeError, grade
from soclib.practice.case_questions import NONE, OPEN
from soclib.practice.tables import PRACTICE
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(PRACTICE)
TOPICS = (None, *TABLES.topics)


@pytest.fixture(scope="module")
def items():
    """Return a hundred questions of every kind, from all topics and difficulties."""
    ways = list(product((1, 2, 3), TOPICS))
    made = []
    for kind in practice.KINDS:
        for number in range(150):
            difficulty, topic = ways[number % len(ways)]
            made.append(practice.item(f"{kind}.{difficulty}.{topic or 'any'}.{number}"))
    return made


def correct(item):
    """Return an answer that is right in every field."""
    return {one.field_id: one.right if one.many else right_option(one) for one in item.fields}


def right_option(field):
    return next(o.option_id for o in field.options if o.option_id in field.right)


def wrong_option(field):
    if field.many:
        return () if field.right else (field.options[0].option_id,)
    return next(o.option_id for o in field.options if o.option_id not in field.right)


# --- questions ---------------------------------------------------------------------------------


def test_every_question_can_be_answered_rightly_and_wrongly(items):
    for item in items:
        assert item.fields, item.item_id
        assert grade(item, correct(item)).right, item.item_id
        for field in item.fields:
            feedback = grade(item, {**correct(item), field.field_id: wrong_option(field)})
            assert not feedback.right
            assert [one.field_id for one in feedback.results if not one.right] == [field.field_id]


def test_every_field_has_options_that_differ_and_a_reason_and_a_hint(items):
    for item in items:
        for field in item.fields:
            labels = [option.label for option in field.options]
            assert len(set(labels)) == len(labels) > 1, item.item_id
            assert field.label
            assert field.explanation.reason.strip(), item.item_id
            assert field.explanation.hint.strip(), item.item_id


def test_a_hint_gives_no_right_answer_away(items):
    for item in items:
        case = " ".join(item.passage)
        for field in item.fields:
            hint = field.explanation.hint
            quoted = hint.partition(": ")[2] in case
            given_away = [o.option_id for o in field.options if o.label in hint]
            assert quoted or not set(given_away) & set(field.right), (item.item_id, field)


def test_nothing_in_a_question_depends_on_what_is_right(items):
    for item in items:
        bare = [
            one._replace(right=(), explanation=one.explanation._replace(reason="", rule_id=""))
            for one in item.fields
        ]
        assert str(replace(item, fields=tuple(bare))) == str(item) == repr(item)
        assert repr(tuple(bare)) == repr(item.fields)


def test_the_same_id_makes_the_same_question(items):
    for item in items[::7]:
        assert str(practice.item(item.item_id)) == str(item)


# --- cases: graded by decide -------------------------------------------------------------------


def decision_of(item):
    return soclib.decide(item.scenario.answers)


def fields_named(items, name):
    found = [(item, field) for item in items for field in item.fields if field.field_id == name]
    assert len(found) > 15, name
    return found


@pytest.mark.parametrize("report_id", ["soc1", "soc2"])
def test_a_status_is_right_where_decide_says_so(items, report_id):
    for item, field in fields_named(items, report_id):
        decision = decision_of(item)
        assert field.right == (decision.reports[report_id],)
        for reason in decision.reasons(report_id):
            assert reason.text in field.explanation.reason
            assert not reason.rule_id or reason.rule_id in field.explanation.rule_id


@pytest.mark.parametrize("report_id", ["soc1", "soc2"])
def test_a_first_step_is_right_where_the_path_says_so(items, report_id):
    for item, field in fields_named(items, f"step_{report_id}"):
        path = decision_of(item).path.get(report_id, ())
        states = [step for step in path if step.state != NO]
        if not states:
            assert field.right == (NONE,)
        else:
            assert field.right == ((states[0].step_id if states[0].state == YES else OPEN),)


def test_categories_and_routes_are_right_where_decide_says_so(items):
    for item, field in fields_named(items, "categories"):
        assert set(field.right) == set(decision_of(item).categories)
    for item, field in fields_named(items, "routes"):
        assert set(field.right) == set(decision_of(item).routes)


def test_a_contradiction_is_right_where_decide_finds_it(items):
    for item, field in fields_named(items, "contradiction"):
        assert set(field.right) == {one.outcome_id for one in decision_of(item).contradictions}
        assert all(one.text in field.explanation.reason for one in decision_of(item).contradictions)


def test_every_next_question_that_ranks_equal_counts_and_no_other(items):
    for item, field in fields_named(items, "next"):
        decision = decision_of(item)
        best, unsure = decision.equally_good_questions(), decision.not_sure
        assert set(field.right) == ({*best, *unsure} or {NONE})
        found = decision.next_question()
        assert found is None or found.criterion_id in best
        answered = {key for key, given in item.scenario.answers.items() if given != UNKNOWN}
        doubted = {key for one in decision.contradictions for key in one.criteria}
        assert not set(field.right) & (answered - doubted)


@pytest.fixture(scope="module")
def turned_round(tmp_path_factory):
    """Return the same tables with their criteria from last to first, where ties fall otherwise."""
    folder = tmp_path_factory.mktemp("turned") / "data"
    copy_tables(folder)
    path = folder / "criteria.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *reversed(rows), ""]), encoding="utf-8")
    return soclib.load_catalog(folder)


def test_which_questions_rank_equal_does_not_hang_on_the_order_of_the_table(turned_round):
    several = 0
    for seed in range(600):
        answers = practice.scenario(seed, 1 + seed % 3).answers
        here, there = soclib.decide(answers), soclib.decide(answers, catalog=turned_round)
        best = set(here.equally_good_questions())
        assert best == set(there.equally_good_questions()), seed
        found = there.next_question()
        assert found is None or found.criterion_id in best
        several += len(best) > 1
    assert several > 20


def test_what_holds_against_a_misconception_is_its_own_row(items):
    for item, field in fields_named(items, "misconception"):
        (key,) = field.right
        assert key in item.scenario.misconceptions
        assert field.explanation.reason == TABLES.planted[key].correct
        assert not {o.option_id for o in field.options if o.option_id != key} & set(
            item.scenario.misconceptions
        )


def test_all_that_a_topic_asks_is_asked_where_it_can_be(items):
    for item in items:
        if item.kind == "case":
            asks = TABLES.topics[item.scenario.topic].asks
            ids = [field.field_id for field in item.fields]
            assert ids == [ask for ask in asks if ask in ids]
            missing = set(asks) - set(ids)
            assert missing <= {"misconception", "categories", "soc3"}
            told = "wants_public_proof" in item.scenario.answers
            assert ("soc3" in ids) == (told and "soc3" in asks)


# --- the other kinds ---------------------------------------------------------------------------


def of_kind(items, kind):
    return [item for item in items if item.kind == kind]


def test_steps_come_in_the_order_of_the_path_and_periods_by_their_reading(items):
    ranks = {
        one.case_id: CATALOG.part(PERIODS).readings[one.reading_id].rank
        for one in CATALOG.part(PERIODS).worked
    }
    paths = {
        tuple(o.step_id for o in report.steps)
        for report in CATALOG.part(VERDICT).reports
        if report.steps
    }
    for item in of_kind(items, "order"):
        order = tuple(field.right[0] for field in item.fields)
        if order in paths:
            continue
        found = [ranks[key] for key in order]
        assert found == sorted(set(found)), item.item_id


def test_readings_of_periods_to_order_are_those_of_the_engine(items):
    for one in CATALOG.part(PERIODS).worked:
        fit = soclib.periods.fit(
            one.period_start,
            one.period_end,
            one.fiscal_year_end,
            fiscal_year_start=one.fiscal_year_start,
        )
        assert fit.reading == CATALOG.part(PERIODS).readings[one.reading_id].label
    assert of_kind(items, "order")


def test_each_meaning_fits_one_field_only(items):
    for item in of_kind(items, "match"):
        right = [field.right[0] for field in item.fields]
        assert sorted(right) == sorted({o.option_id for o in item.fields[0].options})


def test_statements_are_true_about_as_often_as_false(items):
    truths = [item.fields[0].right[0] for item in of_kind(items, "true_false")]
    assert 0.3 < truths.count("true") / len(truths) < 0.7


def extract_of(item):
    """Return the extract that a prompt names, such as soc1_type_2."""
    numbers = re.findall(r"(?:SOC|Type) ([123])", item.prompt)
    return f"soc{numbers[0]}" + (f"_type_{numbers[1]}" if len(numbers) > 1 else "")


def test_the_line_that_cannot_stand_is_the_only_wrong_one(items):
    extracts = set()
    for item in of_kind(items, "mark"):
        (field,) = item.fields
        extract = extract_of(item)
        mine = {one.text: one for one in TABLES.lines if extract in one.extracts}
        lines = [mine[text] for text in item.passage]
        marked = lines["ABCDEFGHIJKLMNOP".index(field.right[0])]
        assert [line for line in lines if not line.right] == [marked]
        assert field.explanation.reason == marked.why
        assert len({line.part for line in lines}) == len(lines)
        extracts.add(extract)
    assert len(extracts) == 5


def test_a_right_line_of_one_report_is_wrong_only_where_its_reason_says_so():
    for line in TABLES.lines:
        others = [one for one in TABLES.lines if one.text == line.text and one is not line]
        for other in others:
            assert not set(line.extracts) & set(other.extracts), line.line_id


# --- sets --------------------------------------------------------------------------------------


def test_a_seed_gives_a_class_one_set_and_another_seed_another():
    first = practice.quiz(7, 12)
    assert [str(item) for item in first] == [str(item) for item in practice.quiz(7, 12)]
    other = practice.quiz(8, 12)
    assert not {str(item) for item in first if item.scenario} & {str(item) for item in other}


@given(st.integers(0, 10_000), st.sets(st.sampled_from(practice.KINDS), min_size=1))
def test_the_kinds_come_in_turn_and_no_question_twice(seed, kinds):
    named = sorted(kinds)
    made = practice.quiz(seed, 8, named, difficulty=1)
    assert [item.kind for item in made] == [named[n % len(named)] for n in range(8)]
    assert len({str(item) for item in made}) == len(made)


def test_a_set_on_a_topic_keeps_to_it():
    made = practice.quiz(3, 6, ["case", "choose"], difficulty=3, topic="routes")
    assert {item.scenario.topic for item in made} == {"routes"}
    assert {item.scenario.difficulty for item in made} == {3}


# --- answers -----------------------------------------------------------------------------------


def test_feedback_names_what_was_said_the_rule_and_the_reason():
    item = practice.item("mark.2.any.1")
    (field,) = item.fields
    feedback = grade(item, wrong_option(field))
    assert not feedback.right
    assert feedback.answer == f"Line {wrong_option(field)}"
    assert feedback.rule_id == field.explanation.rule_id
    assert feedback.reason == field.explanation.reason
    assert feedback.score == (0, 1)
    assert grade(item, field.right[0]).right


def test_feedback_says_what_would_change_a_status(items):
    for item, field in fields_named(items, "soc1"):
        changes = decision_of(item).what_would_change("soc1")
        feedback = grade(item, {field.field_id: wrong_option(field)})
        assert not changes or changes[0].text in feedback.results[item.fields.index(field)].change


def test_a_field_left_out_counts_as_wrong():
    item = practice.item("case.2.soc1.4")
    assert grade(item, {}).score == (0, len(item.fields))
    assert not grade(item, {}).answer


@pytest.mark.parametrize(
    ("response", "says"),
    [
        ({"soc9": "needed"}, "unknown field: 'soc9'"),
        ({"soc1": "neded"}, "did you mean 'needed'?"),
        ({"soc1": ["needed", "likely"]}, "soc1 takes one answer, not 2"),
        ("needed", "this question has 5 fields; answer them by name: soc1, soc2"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_named(response, says):
    with pytest.raises(PracticeError, match=re.escape(says)):
        grade(practice.item("case.2.soc1.4"), response)


def test_every_fault_of_an_answer_is_listed_at_once():
    with pytest.raises(PracticeError) as caught:
        grade(practice.item("case.2.soc1.4"), {"soc9": "x", "soc1": "y", "soc2": ("a", "b")})
    assert len(str(caught.value).splitlines()) == 5


@pytest.mark.parametrize(
    ("item_id", "says"),
    [
        ("case", "write one such as case.2.soc1.7"),
        ("case.2.soc1.x", "write one such as case.2.soc1.7"),
        ("cases.2.soc1.1", "did you mean 'case'?"),
        ("case.7.soc1.1", "unknown difficulty: 7"),
        ("case.2.soc7.1", "unknown topic: 'soc7'"),
        ("mark.2.soc7.1", "unknown topic: 'soc7'"),
    ],
)
def test_an_id_of_no_question_is_named(item_id, says):
    with pytest.raises(PracticeError, match=re.escape(says)):
        practice.item(item_id)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"kinds": ["guess"]}, "unknown kind: 'guess'"),
        ({"kinds": []}, "name at least one kind"),
        ({"count": 500, "kinds": ["order"]}, "only "),
        ({"difficulty": 9}, "unknown difficulty"),
        ({"count": -1}, "count"),
        ({"seed": -1}, "seed"),
        ({"seed": "7"}, "seed"),
    ],
)
def test_a_set_that_cannot_be_made_is_refused_with_the_reason(asked, says):
    with pytest.raises(PracticeError, match=re.escape(says)):
        practice.quiz(**{"seed": 1, **asked})

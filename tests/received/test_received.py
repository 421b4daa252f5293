"""Reading a report received: proofs over all facts first, then random reports, then examples."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from copied_tables import copy_tables
from hypothesis import given, settings
from hypothesis import strategies as st

import soclib
from soclib import received
from soclib.claims.tables import CLAIMS
from soclib.received.concluding import (
    check_state,
    conclusion_from,
    fact_masks,
    missing_facts,
    rules_apply,
    rules_met,
)
from soclib.received.tables import AGAINST, CHOICE, COUNT, FINDS, OWN, RECEIVED
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, YES
from soclib.verdict.logic import bits

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(RECEIVED)
EXAMPLES = Path(__file__).parents[2] / "notebooks" / "examples" / "reports_received.csv"
FINE = {key: fact.fine for key, fact in TABLES.facts.items()}
NOTHING = dict.fromkeys(TABLES.facts, UNKNOWN)
SETTLED = {key for key, one in TABLES.conclusions.items() if one.settled}
GOOD = {
    "report": "Payroll",
    "vendor": "Lohnwerk",
    "report_id": "soc1",
    "needed": "figures",
    "type_id": "type_2",
    "operation_needed": "yes",
    "signed_by_cpa": "yes",
    "intended_user": "yes",
    "opinion": "unqualified",
    "period_start": "2025-10-01",
    "period_end": "2026-09-30",
    "fiscal_year_end": "2026-12-31",
    "bridge_letter": "yes",
    "boundary": "all",
    "criteria": "all",
    "carve_outs": "1",
    "carve_outs_open": "0",
    "cuecs": "12",
    "cuecs_open": "0",
    "exceptions": "2",
    "exceptions_open": "0",
    "changes": "none",
}
SIGNED = {YES: 1, UNKNOWN: 0, NO: -1}
NASTY = "<img src=x onerror=alert(1)>"

each_rule = pytest.mark.parametrize("rule", TABLES.rules, ids=lambda rule: rule.rule_id)


def by_bit(bit):
    return next(fact for fact in TABLES.facts.values() if fact.bit == bit)


def cells(rule):
    """Return the facts of a rule with the answer that it needs."""
    needed = {by_bit(bit).fact_id: YES for bit in bits(rule.rule.yes)}
    return needed | {by_bit(bit).fact_id: NO for bit in bits(rule.rule.no)}


@lru_cache
def values_of(finds):
    """Return the facts that one kind of rule reads, and its value for all of their answers.

    One axis per fact, on it no, unknown and yes.
    """
    rules = [cells(rule) for rule in TABLES.rules if rule.finds == finds]
    facts = [key for key in TABLES.facts if any(key in rule for rule in rules)]
    axes = dict(zip(facts, np.ogrid[tuple(slice(-1, 2) for _fact in facts)], strict=True))
    shape = (3,) * len(facts)
    result = np.full(shape, -1)
    for rule in rules:
        value = np.ones(shape, dtype=int)
        for key, sign in rule.items():
            value = np.minimum(value, axes[key] * SIGNED[sign])
        result = np.maximum(result, value)
    return facts, result


# --- proofs over all answers ----------------------------------------------------------------------


@pytest.mark.parametrize("finds", FINDS)
def test_a_value_is_settled_exactly_when_every_way_of_filling_in_agrees(finds):
    """By induction over the facts: unknown is what its two answers share, or else unknown."""
    facts, values = values_of(finds)
    assert values.size == 3 ** len(facts)
    for axis in range(len(facts)):
        no, unsure, yes = np.moveaxis(values, axis, 0)
        assert (unsure == np.where(no == yes, no, 0)).all(), facts[axis]


@pytest.mark.parametrize("finds", FINDS)
def test_knowing_more_never_turns_a_settled_value(finds):
    facts, values = values_of(finds)
    for axis in range(len(facts)):
        no, unsure, yes = np.moveaxis(values, axis, 0)
        for known in (no, yes):
            assert ((unsure == 0) | (unsure == known)).all(), facts[axis]


def test_the_two_kinds_of_rules_read_different_facts_and_together_all_of_them():
    """So that a conclusion follows from the two values alone, and both proofs carry over."""
    against, own = (set(values_of(finds)[0]) for finds in FINDS)
    assert not against & own
    assert against | own == set(TABLES.facts)


def test_the_code_agrees_with_the_proof_for_all_answers_against():
    facts, values = values_of(AGAINST)
    for place in np.ndindex(values.shape):
        answers = NOTHING | {
            key: {0: NO, 1: UNKNOWN, 2: YES}[index] for key, index in zip(facts, place, strict=True)
        }
        assert SIGNED[rules_apply(TABLES, AGAINST, *fact_masks(TABLES, answers))] == values[place]


@given(st.fixed_dictionaries({key: st.sampled_from(ANSWERS) for key in TABLES.facts}))
@settings(max_examples=300)
def test_the_code_agrees_with_the_proof_for_answers_left_to_the_reader(answers):
    facts, values = values_of(OWN)
    place = tuple(SIGNED[answers[key]] + 1 for key in facts)
    assert SIGNED[rules_apply(TABLES, OWN, *fact_masks(TABLES, answers))] == values[place]


def test_exactly_one_conclusion_or_an_open_one_follows_from_every_pair():
    assert set(TABLES.square) == set(product(ANSWERS, ANSWERS))
    assert {one.conclusion_id for one in TABLES.square.values()} == set(TABLES.conclusions)


def test_a_conclusion_is_settled_exactly_when_every_way_of_filling_in_agrees():
    for pair, one in TABLES.square.items():
        full = product(*((YES, NO) if value == UNKNOWN else (value,) for value in pair))
        ends = {TABLES.square[place] for place in full}
        assert one.settled == (len(ends) == 1)
        if one.settled:
            assert ends == {one}


@each_rule
def test_every_rule_matters(rule):
    """With all else fine it decides alone; without its facts the report can be relied on."""
    facts = FINE | cells(rule)
    assert rules_met(TABLES, facts, rule.finds) == (rule,)
    expected = "do_not_rely" if rule.finds == AGAINST else "rely_with_own_controls"
    assert conclusion_from(TABLES, facts).conclusion_id == expected
    assert check_state(TABLES, facts, rule.check_id) == rule.finds


@each_rule
def test_what_a_rule_needs_to_know_is_never_taken_for_fine(rule):
    facts = FINE | cells(rule)
    for key in cells(rule):
        open_facts = facts | {key: UNKNOWN}
        assert conclusion_from(TABLES, open_facts).conclusion_id == "cannot_conclude"
        assert key in [fact.fact_id for fact in missing_facts(TABLES, open_facts)]
        assert check_state(TABLES, open_facts, rule.check_id) == "open"


def test_all_fine_can_be_relied_on_and_nothing_known_leads_nowhere():
    assert conclusion_from(TABLES, FINE).conclusion_id == "rely"
    assert conclusion_from(TABLES, NOTHING).conclusion_id == "cannot_conclude"
    assert {one.fact_id for one in missing_facts(TABLES, NOTHING)} == set(TABLES.facts)


def test_every_choice_settles_something_and_every_fact_can_be_settled_both_ways():
    sets = {YES: set(), NO: set()}
    for asked in TABLES.inputs.values():
        for choice in asked.choices.values():
            assert choice.sets_yes or choice.sets_no or choice.met_by
            sets[YES].update(choice.sets_yes)
            sets[NO].update(choice.sets_no)
    derived = {"answers_question"}
    assert sets[YES] | derived == set(TABLES.facts)
    assert sets[NO] | derived == set(TABLES.facts)


def test_there_are_twelve_checks_and_each_but_the_last_has_rules_and_inputs():
    checks = list(TABLES.checks)
    assert len(checks) == 12
    assert {rule.check_id for rule in TABLES.rules} == set(checks[:-1])
    assert {asked.check_id for asked in TABLES.inputs.values()} == set(checks)


# --- random reports -------------------------------------------------------------------------------


def answers_of(asked):
    if asked.kind == CHOICE:
        return st.sampled_from(["", *asked.choices])
    return st.sampled_from(["", "0", "2"] if asked.kind == COUNT else [""])


REPORTS = st.fixed_dictionaries(
    {
        **{
            key: answers_of(asked)
            for key, asked in TABLES.inputs.items()
            if asked.kind in {CHOICE, COUNT}
        },
        "period_start": st.sampled_from(["", "2025-10-01", "2026-01-01", "2024-01-01"]),
        "period_end": st.sampled_from(["", "2026-09-30", "2026-12-31", "2024-12-31"]),
        "fiscal_year_end": st.sampled_from(["", "2026-12-31", "2026-09-30"]),
    }
)


def tried(given_answers):
    """Return the conclusion, or None for answers that cannot be."""
    try:
        return received.conclude(**given_answers)
    except received.ReportError:
        return None


@given(REPORTS, st.data())
@settings(max_examples=200)
def test_filling_in_a_blank_never_turns_a_conclusion(answers, data):
    more = tried(answers)
    kept = data.draw(st.sets(st.sampled_from(sorted(answers))))
    less = tried({key: answers[key] if key in kept else "" for key in answers})
    if more is None or less is None:
        return
    assert set(more.possible) <= set(less.possible)
    if less.conclusion.settled:
        assert more.conclusion_id == less.conclusion_id


@given(REPORTS)
@settings(max_examples=100)
def test_every_report_has_a_reason_a_gap_or_nothing_against_it(answers):
    one = tried(answers)
    if one is None:
        return
    assert bool(one.missing) == (not one.conclusion.settled)
    assert {item.find_out for item in one.missing} <= {item.find_out for item in one.open_checks}
    if one.conclusion_id == "rely":
        assert not one.reasons
        assert not one.open_checks
    elif one.conclusion.settled:
        assert one.reasons
    assert str(one)
    assert one._repr_html_()


# --- what follows from what -----------------------------------------------------------------------


def conclusion(**other):
    return received.conclude(**(GOOD | other)).conclusion_id


TYPE_1 = {"type_id": "type_1", "period_start": None, "exceptions": None, "exceptions_open": None}
SOC_3 = dict.fromkeys(
    ("carve_outs", "carve_outs_open", "cuecs", "cuecs_open", "exceptions", "exceptions_open")
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, "rely"),
        ({"opinion": "adverse"}, "do_not_rely"),
        ({"opinion": "disclaimer"}, "do_not_rely"),
        ({"opinion": None}, "cannot_conclude"),
        ({"opinion": "qualified"}, "cannot_conclude"),
        ({"opinion": "qualified", "qualification_touches": True}, "rely_with_own_controls"),
        ({"opinion": "qualified", "qualification_touches": False}, "rely"),
        ({"report_id": "soc2"}, "do_not_rely"),
        ({"report_id": "soc2", "needed": "trust", "period_end": "2026-12-31"}, "rely"),
        ({"needed": None}, "cannot_conclude"),
        ({"report_id": "soc3", **SOC_3}, "do_not_rely"),
        ({"report_id": "soc3", "needed": "trust", **SOC_3}, "rely_with_own_controls"),
        ({"signed_by_cpa": False}, "do_not_rely"),
        ({"signed_by_cpa": "unknown"}, "cannot_conclude"),
        ({"intended_user": False}, "do_not_rely"),
        (TYPE_1, "do_not_rely"),
        (TYPE_1 | {"operation_needed": False}, "rely"),
        (TYPE_1 | {"operation_needed": None}, "cannot_conclude"),
        (TYPE_1 | {"operation_needed": False, "period_end": "2025-06-30"}, "do_not_rely"),
        ({"bridge_letter": False}, "rely_with_own_controls"),
        ({"bridge_letter": None}, "cannot_conclude"),
        ({"period_end": "2026-12-31", "bridge_letter": None}, "rely"),
        ({"period_end": "2026-06-30"}, "rely_with_own_controls"),
        ({"period_start": "2024-07-01", "period_end": "2025-06-30"}, "do_not_rely"),
        ({"period_end": None}, "cannot_conclude"),
        ({"period_start": None}, "cannot_conclude"),
        ({"boundary": "none"}, "do_not_rely"),
        ({"boundary": "some"}, "rely_with_own_controls"),
        ({"criteria": "none"}, "do_not_rely"),
        ({"criteria": "some"}, "rely_with_own_controls"),
        ({"carve_outs_open": 1}, "rely_with_own_controls"),
        ({"carve_outs": 0, "carve_outs_open": None}, "rely"),
        ({"carve_outs_open": None}, "cannot_conclude"),
        ({"cuecs_open": 3}, "rely_with_own_controls"),
        ({"cuecs_open": None}, "cannot_conclude"),
        ({"exceptions_open": 1}, "rely_with_own_controls"),
        ({"exceptions_open": None}, "cannot_conclude"),
        ({"exceptions": 0, "exceptions_open": None}, "rely"),
        ({"changes": "open"}, "rely_with_own_controls"),
        ({"changes": "looked_into"}, "rely"),
        ({"changes": None}, "cannot_conclude"),
        ({"cuecs_open": 3, "opinion": "adverse"}, "do_not_rely"),
        ({"cuecs_open": 3, "signed_by_cpa": None}, "cannot_conclude"),
    ],
    ids=str,
)
def test_findings_lead_to_the_conclusion_that_a_reader_would_draw(other, expected):
    assert conclusion(**other) == expected


def test_the_fit_of_a_period_is_the_one_of_the_calendar():
    one = received.conclude(**GOOD)
    fit = soclib.periods.fit("2025-10-01", "2026-09-30", "2026-12-31", voice="buyer")
    assert one.facts.fit == fit
    assert one.facts.given["period_reading"] == fit.reading_id


def test_a_few_days_within_the_slack_of_the_calendar_need_no_letter():
    week_year = {"period_end": "2026-12-27", "bridge_letter": None}
    assert conclusion(**week_year) == "rely"
    assert conclusion(**(week_year | {"period_end": "2026-12-20"})) == "cannot_conclude"


def test_a_gap_too_long_for_a_letter_is_not_bridged_by_one():
    long = GOOD | {"period_start": "2025-07-01", "period_end": "2026-06-30"}
    one = received.conclude(**long)
    assert one.facts.given["gap"] == "too_long"
    assert "O-GAP" in [ground.rule_id for ground in one.reasons]


def test_reasons_name_their_check_their_remedy_and_their_sources():
    one = received.conclude(**(GOOD | {"cuecs_open": 3, "carve_outs_open": 1}))
    assert [ground.rule_id for ground in one.reasons] == ["O-CARVE", "O-CUEC"]
    for ground in one.reasons:
        assert ground.check == TABLES.checks[ground.check_id].check
        assert ground.text
        assert ground.remedy
        assert set(ground.source_ids) <= CATALOG.part(CLAIMS).sources.keys()


def test_what_would_change_it_does_change_it():
    for other in ({}, {"opinion": "adverse", **TYPE_1}, {"cuecs_open": 1}, {"boundary": None}):
        one = received.conclude(**(GOOD | other))
        turns = one.what_would_change()
        assert turns
        for turn in turns:
            after = conclusion_from(TABLES, {**one.facts.answers, **dict(turn.facts)})
            assert after.conclusion_id == turn.conclusion_id != one.conclusion_id
            assert TABLES.conclusions[turn.conclusion_id].label in turn.change


def test_two_things_against_it_are_fixed_together():
    one = received.conclude(**(GOOD | {"signed_by_cpa": False, "boundary": "none"}))
    best = one.what_would_change()[0]
    assert {key for key, _answer in best.facts} == {"signed_by_cpa", "boundary_touches"}


def test_what_is_open_is_said_even_where_it_would_not_change_the_conclusion():
    one = received.conclude(**(GOOD | {"cuecs_open": 3, "changes": None}))
    assert one.conclusion_id == "rely_with_own_controls"
    assert not one.missing
    assert [item.check_id for item in one.open_checks] == ["changes"]
    assert one.open_checks[0].find_out in str(one)


# --- what was filled in ---------------------------------------------------------------------------


def test_answers_may_be_written_as_a_person_writes_them():
    spelt = GOOD | {"report_id": "SOC 1", "type_id": "Type 2", "opinion": "Unqualified"}
    spelt |= {"needed": "Figures in your books", "intended_user": True, "cuecs": 12}
    assert received.conclude(**spelt).conclusion_id == "rely"
    assert received.conclude(**(GOOD | {"period_end": "30 Sep 2026"})).conclusion_id == "rely"


def test_every_fault_of_one_report_is_listed_at_once():
    wrong = {"opinion": "fine", "cuecs_open": 99, "period_end": "2020-01-01", "tpye_id": "x"}
    wrong |= {"exceptions": "-1", "next_report": "31/12/26", "period_start": "2025-10-01"}
    with pytest.raises(received.ReportError) as caught:
        received.conclude(**(GOOD | wrong))
    message = str(caught.value)
    assert len(caught.value.faults) == 6
    assert "unknown finding: 'tpye_id'; did you mean 'type_id'?" in message
    assert "opinion 'fine': use one of unqualified, qualified" in message
    assert "cuecs_open '99': more than cuecs 12" in message
    assert "exceptions '-1': use a whole number" in message
    assert "period_end '2020-01-01': it lies before period_start" in message
    assert "next_report '31/12/26'" in message


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"type_id": "type_1"}, "a Type 1 speaks of one date"),
        (TYPE_1 | {"exceptions": 2}, "a report with type_id type_1 shows none"),
        (SOC_3 | {"report_id": "soc3", "cuecs": 4}, "a report with report_id soc3 shows none"),
    ],
    ids=["type 1 with a period", "type 1 with exceptions", "soc 3 with controls of its users"],
)
def test_answers_that_such_a_report_cannot_have_are_refused(other, says):
    with pytest.raises(received.ReportError, match=says):
        received.conclude(**(GOOD | other))


# --- a buyer's programme --------------------------------------------------------------------------


def test_a_programme_says_how_many_controls_and_carve_outs_are_open():
    how = {"services": ["payroll"], "side": "buyer", "who": "Bo", "today": "2026-07-15"}
    programme = soclib.readiness.create(None, period=("2026-01-01", "2026-12-31"), **how)
    programme.add("subservice", name="Print shop", method="carve_out", owner="Ana")
    programme.add("subservice", name="Mail room", method="inclusive", assertion="yes")
    before = received.from_programme(programme)
    cuecs = [key for key in programme.items("complementary") if key.startswith("CUEC")]
    assert before == {
        "cuecs": len(cuecs),
        "cuecs_open": len(cuecs),
        "carve_outs": 1,
        "carve_outs_open": 1,
    }
    programme.set("complementary", cuecs[0], status_id="feature_not_used", note="not used")
    assert received.from_programme(programme)["cuecs_open"] == len(cuecs) - 1
    assert conclusion(**before) == "rely_with_own_controls"


def test_the_programme_of_a_vendor_says_nothing_about_a_report_received():
    how = {"categories": ["security"], "who": "Ana", "today": "2026-07-15"}
    with pytest.raises(received.ReportError, match="use the programme of a buyer"):
        received.from_programme(soclib.readiness.create(None, **how))


# --- many reports ---------------------------------------------------------------------------------


def text_of(*rows, columns=None):
    """Return reports as the text of a CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def test_the_examples_show_every_conclusion_and_most_rules():
    reports = received.read_reports(EXAMPLES)
    assert {one.conclusion_id for one in reports} == set(TABLES.conclusions)
    rules = {ground.rule_id for one in reports for ground in (*one.against, *one.left_to_us)}
    assert len(rules) >= 10
    assert len(received.overview(reports)) == len(reports) >= 12


def test_columns_are_found_by_name_in_any_order_and_further_ones_are_left_alone():
    row = {"Opinion": "unqualified", "REPORT": "A", "own": "x", "Report ID": "soc1"}
    (one,) = received.read_reports(text_of(row))
    assert one.facts.given == {"opinion": "unqualified", "report_id": "soc1"}
    assert one.conclusion_id == "cannot_conclude"


def test_a_row_of_a_file_and_the_same_keywords_say_the_same():
    (one,) = received.read_reports(text_of(GOOD))
    assert str(one) == str(received.conclude(**GOOD))


def test_every_fault_of_a_file_is_listed_with_line_column_and_value():
    rows = [
        GOOD | {"opinion": "fine"},
        GOOD | {"cuecs_open": "x"},
        GOOD | {"report": "", "period_end": "never"},
    ]
    with pytest.raises(soclib.DataError) as caught:
        received.read_reports(text_of(*rows), name="mine.csv")
    places = [(fault.line, fault.column, fault.value) for fault in caught.value.faults]
    assert places == [
        (2, "opinion", "fine"),
        (3, "cuecs_open", "x"),
        (3, "report", "Payroll"),
        (4, "period_end", "never"),
        (4, "report", ""),
    ]
    assert str(caught.value).count("mine.csv line") == 5


def test_a_file_without_names_is_refused():
    with pytest.raises(soclib.DataError, match="column report"):
        received.read_reports("opinion\nunqualified\n")


def test_the_overview_has_a_column_for_each_check():
    frame = received.overview(received.read_reports(EXAMPLES))
    states = [f"state_{key}" for key in TABLES.checks if key != "conclusion"]
    assert list(frame.columns)[-11:] == states
    assert frame.loc["Claims 2026", "cuecs"] == "3 of 11 open"
    assert frame.loc["Claims 2026", "subservice"] == "1 of 2 open"
    assert frame.loc["Claims 2026", ["cuecs_open", "carve_outs_open"]].tolist() == [3, 1]
    assert frame.loc["Chat support", "cuecs_open"] is pd.NA
    assert frame.loc["Claims 2026", "period_fit"] == "classic fit"
    assert "Rely with own controls" in frame.loc["Claims 2026", "conclusion"]
    assert frame.loc["Chat support", "still_open"]


def test_no_reports_make_an_empty_overview():
    assert received.overview([]).empty
    assert not received.overview_sheet([]).text


@pytest.mark.parametrize("suffix", [".csv", ".md", ".xlsx"])
def test_the_overview_and_a_worksheet_can_be_exported(tmp_path, suffix):
    reports = received.read_reports(EXAMPLES)
    many = soclib.export(received.overview(reports), tmp_path / f"many{suffix}")
    one = soclib.export(received.worksheet_table(reports[2]), tmp_path / f"one{suffix}")
    if suffix == ".xlsx":
        assert len(pd.read_excel(many)) == len(reports)
        assert len(pd.read_excel(one)) == 12
    else:
        assert "Claims 2026" in many.read_text(encoding="utf-8")
        assert TABLES.checks["cuecs"].check in one.read_text(encoding="utf-8")


# --- what is shown --------------------------------------------------------------------------------


def test_the_worksheet_has_the_twelve_checks_each_with_its_state_in_words():
    sheet = received.worksheet(received.conclude(**(GOOD | {"cuecs_open": 3})))
    assert sheet.html.count('role="rowheader"') == 12
    for check in TABLES.checks.values():
        assert check.check.replace("'", "&#x27;") in sheet.html
    assert "Left to you" in sheet.text
    assert sheet.text.startswith("Payroll: ◐ Rely with own controls")


def test_what_a_reader_types_is_escaped():
    one = received.conclude(**(GOOD | {"report": NASTY, "owner": NASTY, "note": NASTY}))
    for html in (one._repr_html_(), received.overview_sheet([one]).html):
        assert "<img" not in html
        assert "&lt;img" in html


def test_a_wording_of_ones_own_is_escaped_and_used(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    for name, columns in {
        "report_checks": ("check", "question", "look_for"),
        "received_rules": ("because", "remedy"),
        "received_choices": ("label",),
        "received_conclusions": ("label", "meaning"),
    }.items():
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = [row | dict.fromkeys(columns, NASTY) for row in csv.DictReader(handle)]
        path.write_text(text_of(*rows), encoding="utf-8")
    catalog = soclib.load_catalog(folder)
    one = received.conclude(catalog=catalog, **(GOOD | {"cuecs_open": 3}))
    assert "<img" not in one._repr_html_()
    assert one._repr_html_().count("&lt;img") > 12


def test_reading_a_report_loads_no_pandas():
    code = f"""
import sys, soclib
assert "soclib.received" not in sys.modules
one = soclib.received.conclude(**{json.dumps(GOOD)})
assert one.conclusion_id == "rely" and str(one) and one._repr_html_()
assert "pandas" not in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


# --- broken tables --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "row", "says"),
    [
        ("received_inputs", "bridge_letter,", "'bridge_letter': this row is missing"),
        ("received_choices", "gap,too_long", "'gap/too_long': this row is missing"),
        ("received_choices", "period_reading,workable", "'period_reading/workable'"),
        ("received_rules", "O-CUEC", "no rule reads it"),
        ("received_square", "unknown,no", "add its cell for against unknown, own no"),
        ("report_checks", "conclusion", "'conclusion': this row is missing"),
    ],
)
def test_a_row_that_code_needs_is_missed_when_the_tables_are_loaded(tmp_path, table, row, says):
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(row)), "utf-8")
    with pytest.raises(soclib.DataError) as caught:
        soclib.load_catalog(folder)
    assert says in str(caught.value)


# --- the form -------------------------------------------------------------------------------------


def test_the_form_asks_every_input_by_name_and_starts_with_nothing_known():
    form = received.form()
    asked = [key for key, one in TABLES.inputs.items() if one.kind != "derived"]
    assert list(form.inputs) == ["report", "vendor", *asked]
    assert all(control.description for control in form.inputs.values())
    assert form.answers == {}
    assert form.report.conclusion_id == "cannot_conclude"


def test_filled_in_by_hand_is_the_same_as_made_from_keywords():
    form = received.form()
    for name, answer in GOOD.items():
        form.inputs[name].value = answer
    assert form.answers == GOOD
    assert str(form) == str(received.conclude(**GOOD))
    assert str(form) == str(received.form(received.conclude(**GOOD)))


def test_each_answer_changes_the_worksheet_and_what_is_said():
    form = received.form(received.conclude(**GOOD))
    assert "✓ Rely" in form.said.value
    form.inputs["opinion"].value = "adverse"
    assert 'role="status"' in form.said.value
    assert "✗ Do not rely" in form.said.value
    assert "✗ Stands against it" in form.sheet.value


def test_a_slip_is_said_and_the_conclusion_stays_until_it_is_fixed():
    form = received.form(received.conclude(**GOOD))
    before = form.report
    form.inputs["cuecs_open"].value = NASTY
    assert "cuecs_open" in form.said.value
    assert "<img" not in form.said.value
    assert form.report is before
    form.inputs["cuecs_open"].value = "2"
    assert form.report.conclusion_id == "rely_with_own_controls"

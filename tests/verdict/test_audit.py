"""The rule tables, proven over all answers; and the proof itself, shown to fail when it should."""

from __future__ import annotations

import csv
from itertools import product

import numpy as np
import pytest
from copied_tables import copy_tables
from every_state import digits, masks, standings, values

import soclib
from soclib.verdict.logic import bits, rule_value, standing, value
from soclib.verdict.proof import audit, settled_states
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()


def completed(found, count):
    """Return the bits of what is found in all full answers that a state can still become.

    ``found`` is one bit per state; only those of full answers are read. An unknown answer may turn
    out either way, so that its bits are those of both, one criterion after the other.
    """
    states = found.reshape((3,) * count, order="F").copy()
    for place in range(count):
        along = np.moveaxis(states, place, 0)
        along[2] = along[0] | along[1]
    return states.reshape(-1, order="F")


def test_what_a_state_can_become_is_every_way_to_fill_in_its_unknowns():
    found = 1 << np.arange(27)
    wanted = completed(found, 3)
    for state, row in enumerate(digits(3).T.tolist()):
        options = [(digit,) if digit < 2 else (0, 1) for digit in row]
        full = [sum(d * 3**at for at, d in enumerate(choice)) for choice in product(*options)]
        assert wanted[state] == sum(1 << number for number in full)


@pytest.fixture(
    scope="module", params=CATALOG.part(VERDICT).reports, ids=lambda report: report.report_id
)
def walked(request):
    """Return a report and its status in every state, each decided by itself."""
    report = request.param
    states = zip(*masks(bits(report.mask)), strict=True)
    return report, np.array([standing(report, yes, no).status_id for yes, no in states])


def test_the_shipped_tables_are_proven():
    result = audit()
    assert result.ok, str(result)


def test_the_proof_covers_every_outcome_and_every_status():
    proven = {space.where: space.states for space in audit().spaces}
    for outcome in CATALOG.part(VERDICT).outcomes:
        assert proven[outcome.outcome_id] == 3 ** outcome.mask.bit_count()
    for report in CATALOG.part(VERDICT).reports:
        assert proven[f"{report.report_id} status"] == 3 ** report.mask.bit_count()


@pytest.mark.parametrize(
    "outcome", CATALOG.part(VERDICT).outcomes, ids=lambda outcome: outcome.outcome_id
)
def test_an_outcome_is_settled_exactly_when_every_completion_agrees(outcome):
    names = bits(outcome.mask)
    yes_no = zip(*masks(names), strict=True)
    found = np.array([value(outcome, yes, no) for yes, no in yes_no], np.int8)
    can_be = completed(np.where(found == 1, 2, 1), len(names))
    assert (found == np.select([can_be == 2, can_be == 1], [1, -1], 0)).all()


def test_a_status_says_what_its_completions_say(walked):
    """Not settled means open or likely; settled means what every completion says."""
    report, shown = walked
    status_ids = list(CATALOG.part(VERDICT).statuses)
    bit = {status_id: 1 << place for place, status_id in enumerate(status_ids)}
    mine = np.vectorize(bit.get)(shown)
    can_be = completed(mine, len(bits(report.mask)))
    settled = (can_be & can_be - 1) == 0
    assert (mine == can_be)[settled].all()
    assert ((mine & can_be) | (shown == "open")).all()
    firm = np.isin(shown, ("needed", "clarify"))
    assert (can_be & ~(mine | bit["open"]) == 0)[firm].all()


def test_the_proof_equals_a_walk_through_every_state(walked):
    """The proof works on bit sets and `decide` on single cases: they must say the same."""
    report, shown = walked
    _subject, _demand, proven = standings(report)
    assert (proven == shown).all()
    space = next(s for s in audit().spaces if s.where == f"{report.report_id} status")
    status_ids, counts = np.unique(shown, return_counts=True)
    counted = dict(zip(status_ids.tolist(), counts.tolist(), strict=True))
    assert dict(space.results) == counted


@pytest.mark.parametrize(
    "outcome", CATALOG.part(VERDICT).outcomes, ids=lambda outcome: outcome.outcome_id
)
def test_the_sets_of_the_proof_are_the_values_of_single_cases(outcome):
    names = bits(outcome.mask)
    yes_no = zip(*masks(names), strict=True)
    assert values(outcome, names).tolist() == [value(outcome, yes, no) for yes, no in yes_no]


@pytest.mark.parametrize("truth", range(256))
def test_agreement_is_what_every_completion_says_for_all_functions_of_three_answers(truth):
    result = settled_states(truth, 3)
    for number, row in enumerate(digits(3).T.tolist()):
        options = [(digit,) if digit < 2 else (0, 1) for digit in row]
        full = [sum(d << at for at, d in enumerate(choice)) for choice in product(*options)]
        assert bool(result >> number & 1) == all(truth >> place & 1 for place in full)


# --- the proof fails when it should --------------------------------------------------------------


@pytest.fixture
def tables(tmp_path):
    """Return a function that edits a copy of the tables and returns its folder."""
    folder = tmp_path / "data"
    copy_tables(folder)

    def edit(name, change):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            rows, columns = list(reader), reader.fieldnames
        rows = change(rows)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return folder

    return edit


def findings(folder):
    return {
        (finding.check, finding.where) for finding in audit(soclib.load_catalog(folder)).findings
    }


def rule(rows, rule_id, **cells):
    """Return the rows with a copy of the first rule of soc1_demand, blank but for some cells."""
    model = next(row for row in rows if row["outcome_id"] == "soc1_demand")
    ids = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
    return [*rows, {**model, "rule_id": rule_id, **dict.fromkeys(ids, "-"), **cells}]


def test_a_row_implied_by_another_is_named_for_deletion(tables):
    cells = {"asked_by_financial_auditor": "Y", "holds_customer_data": "Y"}
    folder = tables("rules", lambda rows: rule(rows, "D1-TWICE", **cells))
    assert ("redundant row", "D1-TWICE") in findings(folder)


def test_a_row_that_stands_twice_is_named_once(tables):
    cells = {"asked_by_financial_auditor": "Y"}
    folder = tables("rules", lambda rows: rule(rows, "D1-AGAIN", **cells))
    found = audit(soclib.load_catalog(folder)).findings
    assert [f.check for f in found if f.check == "redundant row"] == ["redundant row"]


def test_a_missing_consensus_row_is_written_out_and_the_state_that_needs_it_is_shown(tables):
    def mixed(rows):
        rows = rule(rows, "D1-A", deal_blocked="Y", wants_public_proof="Y")
        return rule(rows, "D1-B", deal_blocked="N", card_data="Y")

    found = audit(soclib.load_catalog(tables("rules", mixed))).findings
    missing = next(f for f in found if f.check == "missing row")
    assert dict(missing.example) == {"wants_public_proof": "yes", "card_data": "yes"}
    inexact = next(f for f in found if f.check == "not exact")
    assert dict(inexact.example)["deal_blocked"] == "unknown"


def test_a_mixed_outcome_with_its_consensus_row_is_let_in(tables):
    def mixed(rows):
        rows = rule(rows, "D1-A", deal_blocked="Y", wants_public_proof="Y")
        rows = rule(rows, "D1-B", deal_blocked="N", card_data="Y")
        return rule(rows, "D1-C", wants_public_proof="Y", card_data="Y")

    checks = {check for check, _where in findings(tables("rules", mixed))}
    assert not checks & {"missing row", "not exact", "redundant row"}


def test_a_criterion_that_no_rule_reads_is_named(tables):
    folder = tables("rules", lambda rows: [r for r in rows if r["rule_id"] != "R-FEDRAMP"])
    tables("outcomes", lambda rows: [r for r in rows if r["outcome_id"] != "fedramp"])
    assert ("unread criterion", "us_federal_use") in findings(folder)


def test_a_path_without_a_first_report_is_a_gap(tables):
    def drop(rows):
        return [row for row in rows if row["rule_id"] != "P1-DESIGN"]

    assert ("gap in the path", "soc1") in findings(tables("rules", drop))


def test_a_square_that_contradicts_its_completions_is_named(tables):
    def change(rows):
        for row in rows:
            if (row["report_id"], row["subject"], row["demand"]) == ("soc3", "unknown", "no"):
                row["status_id"] = "open"
        return rows

    assert ("wrong cell", "soc3") in findings(tables("verdicts", change))


def test_an_outcome_that_never_changes_is_named(tables):
    def always(rows):
        rows = rule(rows, "D1-X", deal_blocked="Y")
        return rule(rows, "D1-Y", deal_blocked="N")

    assert ("constant outcome", "soc1_demand") in findings(tables("rules", always))


def test_every_rule_can_fire():
    for outcome in CATALOG.part(VERDICT).outcomes:
        for found in outcome.rules:
            assert rule_value(found, found.yes, found.no) == 1

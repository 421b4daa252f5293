"""The rule tables, proven over all answers; and the proof itself, shown to fail when it should."""

from __future__ import annotations

import csv
from itertools import product

import pytest
from copied_tables import copy_tables

import soclib
from soclib.verdict.logic import bits, rule_value, standing, value
from soclib.verdict.proof import agreed, audit
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()


def states(names):
    """Yield every partial answer over some criteria as masks of yes and no, last one fastest."""
    for digits in product((0, 1, 2), repeat=len(names)):
        yes = sum(bit for bit, digit in zip(names, digits, strict=True) if digit == 1)
        no = sum(bit for bit, digit in zip(names, digits, strict=True) if digit == 0)
        yield digits, yes, no


def truths(function, names):
    """Return, per partial answer, the set of values over all ways to fill in the unknowns."""
    found = {}
    for digits, yes, no in states(names):
        open_at = next((at for at, digit in enumerate(digits) if digit == 2), None)
        if open_at is None:
            found[digits] = frozenset([function(yes, no)])
        else:
            before, after = digits[:open_at], digits[open_at + 1 :]
            found[digits] = found[(*before, 0, *after)] | found[(*before, 1, *after)]
    return found


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
    wanted = truths(lambda yes, no: value(outcome, yes, no), names)
    for digits, yes, no in states(names):
        agreed_on = wanted[digits]
        expected = next(iter(agreed_on)) if len(agreed_on) == 1 else 0
        assert value(outcome, yes, no) == expected


@pytest.mark.parametrize(
    "report", CATALOG.part(VERDICT).reports, ids=lambda report: report.report_id
)
def test_a_status_says_what_its_completions_say(report):
    """Not settled means open or likely; settled means what every completion says."""
    names = bits(report.mask)
    wanted = truths(lambda yes, no: standing(report, yes, no).status_id, names)
    for digits, yes, no in states(names):
        shown, possible = standing(report, yes, no).status_id, wanted[digits]
        if len(possible) == 1:
            assert {shown} == possible
        assert shown == "open" or shown in possible
        if shown in ("needed", "clarify"):
            assert possible <= {shown, "open"}


@pytest.mark.parametrize(
    "report", CATALOG.part(VERDICT).reports, ids=lambda report: report.report_id
)
def test_counts_of_the_proof_equal_a_walk_through_every_state(report):
    """The proof works on bit sets and `decide` on single cases: they must count the same."""
    counted = {}
    for _digits, yes, no in states(bits(report.mask)):
        status_id = _status(report, yes, no)
        counted[status_id] = counted.get(status_id, 0) + 1
    space = next(s for s in audit().spaces if s.where == f"{report.report_id} status")
    assert dict(space.results) == counted


def _status(report, yes, no):
    subject, demand = value(report.subject, yes, no), value(report.demand, yes, no)
    conflict = any(value(outcome, yes, no) == 1 for outcome in report.contradictions)
    return report.square[0 if conflict else subject, demand].status_id


@pytest.mark.parametrize("truth", range(256))
def test_agreement_is_what_every_completion_says_for_all_functions_of_three_answers(truth):
    result = agreed(truth, 3)
    for number, digits in enumerate(product((0, 1, 2), repeat=3)):
        digits = digits[::-1]  # noqa: PLW2901 - the first criterion is the fastest digit
        options = [(digit,) if digit < 2 else (0, 1) for digit in digits]
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

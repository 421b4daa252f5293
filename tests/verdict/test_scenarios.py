"""Cases that an expert coded: answers in, what the verdict must be out.

Add a row to scenarios.csv; no Python is needed. A blank answer was not touched. A blank
expectation says nothing. A row may differ from the verdict only when it is marked contested and
says in `differs_because` why the project sees it otherwise.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import soclib
from soclib.verdict.tables import VERDICT

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "cases" / "coded_cases.csv"
IDS = [criterion.criterion_id for criterion in soclib.load_catalog().part(VERDICT).criteria]


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


SCENARIOS = read(HERE / "scenarios.csv")


def answers_of(row):
    return {criterion_id: row[criterion_id] for criterion_id in IDS if row[criterion_id]}


def first_steps(decision):
    """Return, per path, the first step that is yes."""
    paths = decision.path.values()
    return {next((step.step_id for step in path if step.state == "yes"), "") for path in paths}


def differences(row):
    """Return what of a row the verdict does not meet."""
    decision = soclib.decide(answers_of(row), row["voice"])
    found = [
        f"{report_id} is {status}"
        for report_id, status in decision.reports.items()
        if row[f"expected_{report_id}"] not in ("", status)
    ]
    routes = {route for route in row["expected_routes"].split(";") if route}
    if not routes <= set(decision.routes):
        found.append(f"routes are {decision.routes}")
    if row["expected_first_step"] and row["expected_first_step"] not in first_steps(decision):
        found.append(f"first steps are {first_steps(decision)}")
    contradictions = {contradiction.outcome_id for contradiction in decision.contradictions}
    if contradictions != {c for c in row["expected_contradiction"].split(";") if c}:
        found.append(f"contradictions are {contradictions}")
    return found


@pytest.mark.parametrize("row", SCENARIOS, ids=lambda row: row["case_id"])
def test_the_verdict_is_the_experts(row):
    found = differences(row)
    if row["contested"] == "yes" and row["differs_because"]:
        assert found, f"{row['case_id']} no longer differs: blank its differs_because"
    else:
        assert not found, f"{row['case_id']}: {row['text']}"


def test_there_are_scenarios():
    assert len(SCENARIOS) >= 68


@pytest.mark.parametrize("step", ["readiness", "type_1", "type_2"])
def test_some_scenario_starts_with_each_step(step):
    assert any(row["expected_first_step"] == step for row in SCENARIOS)


def test_no_coded_case_was_dropped_or_rewritten():
    if not SHARED.exists():
        pytest.skip("The coded cases are not beside this checkout (../shared/cases).")
    ours = {row["case_id"]: row for row in SCENARIOS}
    for case in read(SHARED):
        mine = ours[case["case_id"]]
        assert {key: mine[key] for key in case} == case

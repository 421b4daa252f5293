"""What ``classify`` writes for one row, made from one decision: the columns and what they hold."""

from __future__ import annotations

from typing import Final

from soclib.decision import Decision
from soclib.logic import rule_value
from soclib.model import Catalog

BESIDE: Final = (
    *("path", "categories", "routes", "contradictions"),
    *("open_questions", "rule_ids", "assumed"),
)
JOINT: Final = ";"
OPEN: Final = "?"  # behind a step, category or route that the answers leave open


def columns(catalog: Catalog) -> tuple[str, ...]:
    """Return the columns that ``classify`` adds: a status per report, then what stands beside."""
    return (*(report.report_id for report in catalog.reports), *BESIDE)


def row_of(decision: Decision) -> dict[str, str]:
    """Return the columns of one decision; several ids are joined with semicolons.

    ``path``, ``categories`` and ``routes`` hold what is yes, and with a question mark what is open;
    ``rule_ids`` the rules that are met behind the statuses; ``open_questions`` and ``assumed`` the
    criteria without a known answer, and the assumed answers, that could change a status.
    """
    parts = {
        "path": _path(decision),
        "categories": _in_order(decision, decision.categories, decision.open_categories),
        "routes": _in_order(decision, decision.routes, decision.open_routes),
        "contradictions": list(dict.fromkeys(c.outcome_id for c in decision.contradictions)),
        "open_questions": decision.open_questions,
        "rule_ids": _rules(decision),
        "assumed": [assumption.criterion_id for assumption in decision.assumptions],
    }
    return {**decision.reports, **{name: JOINT.join(ids) for name, ids in parts.items()}}


def _path(decision: Decision) -> list[str]:
    marks = {"yes": "", "open": OPEN}
    return [
        f"{report_id}_{step.step_id}{marks[step.state]}"
        for report_id, steps in decision.path.items()
        for step in steps
        if step.state in marks
    ]


def _in_order(decision: Decision, settled: tuple[str, ...], still: tuple[str, ...]) -> list[str]:
    """Return ids in the order of the tables, the open ones marked."""
    return [
        outcome.outcome_id + (OPEN if outcome.outcome_id in still else "")
        for outcome in decision.case.catalog.outcomes
        if outcome.outcome_id in (*settled, *still)
    ]


def _rules(decision: Decision) -> list[str]:
    case = decision.case
    reports = case.catalog.reports
    behind = [outcome for report in reports for outcome in (report.subject, report.demand)]
    against = [o for o in case.catalog.of_kind("contradiction") if case.voice in o.voices]
    return [
        rule.rule_id
        for outcome in (*behind, *against)
        for rule in outcome.rules
        if rule_value(rule, case.yes, case.no) == 1
    ]

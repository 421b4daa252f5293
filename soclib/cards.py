"""One report of a decision as plain values: why, what would change it, the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soclib import explain
from soclib.explain import STATE, Case, Reason
from soclib.logic import standing, value
from soclib.model import Catalog, Outcome, Report

if TYPE_CHECKING:
    from soclib.decision import Decision

Plain = dict[str, Any]


def card(decision: Decision, report: Report, assumptions: list[Plain]) -> Plain:
    """Return everything that the card of a report shows."""
    case, key = decision.case, report.report_id
    status = case.catalog.statuses[decision.reports[key]]
    reasons = [r for r in decision.reasons(key) if r.topic != "contradiction"]
    at = standing(report, case.yes, case.no)
    return {
        "report_id": key,
        "title": report.title,
        "status_id": status.status_id,
        "label": status.label,
        "mark": status.mark,
        "subject": at.cell.subject,
        "demand": at.cell.demand,
        "words": at.cell.words[case.voice],
        "conflicts": _conflicts(decision, report),
        "lets": report.lets[case.voice] if status.leads_on else "",
        "folded": not status.in_headline,
        "reasons": [_reason(reason) for reason in reasons],
        "changes": _changes(decision, report),
        "assumptions": [a for a in assumptions if key in a["report_ids"]],
        "path": _path(decision, report),
        "categories": _categories(decision, report),
        "categories_out": _categories_out(decision, report),
        "rows": _rows(decision, report, reasons),
        "readers": _readers(case, report) if status.leads_on else [],
        "sources": source_list(
            case.catalog, [*_source_ids(reasons), *at.cell.provenance.source_ids]
        ),
    }


def _reason(reason: Reason) -> Plain:
    return {
        "topic": reason.topic,
        "value": reason.value,
        "text": reason.text,
        "rule_id": reason.rule_id,
        "criteria": list(reason.criteria),
        "evidence": reason.evidence,
        "assumed": reason.assumed,
    }


def _changes(decision: Decision, report: Report) -> list[Plain]:
    """Return the changes grouped by the status that they lead to, in order of rank."""
    statuses = decision.case.catalog.statuses
    changes = decision.what_would_change(report.report_id)
    found = sorted({c.status_id for c in changes}, key=lambda s: statuses[s].rank)
    return [
        {
            "status_id": status_id,
            "label": statuses[status_id].label,
            "mark": statuses[status_id].mark,
            "texts": [c.text for c in changes if c.status_id == status_id],
            "flips": [[list(f) for f in c.flips] for c in changes if c.status_id == status_id],
        }
        for status_id in found
    ]


def _path(decision: Decision, report: Report) -> list[Plain]:
    states = {step.step_id: step.state for step in decision.path.get(report.report_id, ())}
    in_doubt = {name for c in decision.contradictions for name in c.touches}
    case = decision.case
    return [
        {
            "step_id": step.step_id,
            "title": step.title,
            "state": states[step.step_id],
            "texts": []
            if step.outcome_id in in_doubt or states[step.step_id] == "no"
            else _texts(case, step),
        }
        for step in report.steps
        if step.step_id in states
    ]


def _categories(decision: Decision, report: Report) -> list[Plain]:
    shown = [*decision.categories, *decision.open_categories]
    mine = [o.outcome_id for o in _scope(decision, report) if o.outcome_id in shown]
    return listed(decision.case, "category", mine)


def _categories_out(decision: Decision, report: Report) -> list[str]:
    """Return the categories that are left out only because nobody answered otherwise."""
    case = decision.case
    return [
        outcome.title
        for outcome in (_scope(decision, report) if decision.categories else [])
        if value(outcome, case.yes, case.no) == -1 and outcome.mask & ~case.assumed == 0
    ]


def _scope(decision: Decision, report: Report) -> list[Outcome]:
    categories = decision.case.catalog.of_kind("category")
    return [outcome for outcome in categories if outcome.report_id == report.report_id]


def listed(case: Case, kind: str, shown: list[str]) -> list[Plain]:
    """Return the outcomes of a kind that are shown, with their state and their reasons."""
    return [
        {
            "outcome_id": outcome.outcome_id,
            "title": outcome.title,
            "state": STATE[value(outcome, case.yes, case.no)],
            "texts": _texts(case, outcome),
        }
        for outcome in case.catalog.of_kind(kind)
        if outcome.outcome_id in shown
    ]


def _texts(case: Case, outcome: Outcome) -> list[str]:
    assumed = case.catalog.wording["assumed"][case.voice]
    return [
        f"{reason.text} ({assumed})" if reason.assumed else reason.text
        for reason in explain.outcome_reasons(case, outcome)
    ]


def _rows(decision: Decision, report: Report, reasons: list[Reason]) -> list[Plain]:
    """Return the rows of the comparison that bear on the answers which decided a report."""
    catalog = decision.case.catalog
    named = {key for reason in reasons for key in reason.criteria if key in decision.answers}
    mask = sum(catalog.criterion(criterion_id).bit for criterion_id in named)
    return [
        {
            "dimension_id": row.dimension_id,
            "dimension": row.dimension,
            "text": row.by_report[report.report_id],
        }
        for row in catalog.comparison
        if row.mask & mask
    ]


def _readers(case: Case, report: Report) -> list[Plain]:
    allowed = case.catalog.wording
    return [
        {
            "reader": row.reader,
            "allowed": allowed[f"allowed_{row.allowed}"][case.voice],
            "condition": row.condition,
            "why": row.why,
        }
        for row in case.catalog.readers
        if row.report_id == report.report_id
    ]


def _source_ids(reasons: list[Reason]) -> list[str]:
    return [source_id for reason in reasons for source_id in reason.source_ids]


def source_list(catalog: Catalog, source_ids: list[str]) -> list[Plain]:
    """Return sources as plain values, each once, in the order of their ids."""
    return [
        {
            "source_id": source_id,
            "title": catalog.sources[source_id].title,
            "publisher": catalog.sources[source_id].publisher,
            "url": catalog.sources[source_id].url,
            "as_of": catalog.sources[source_id].as_of,
        }
        for source_id in dict.fromkeys(source_ids)
    ]


def _conflicts(decision: Decision, report: Report) -> list[str]:
    """Return the contradictions that touch a report or a step on its path."""
    mine = {report.report_id, *(step.outcome_id for step in report.steps)}
    return [c.text for c in decision.contradictions if mine & set(c.touches)]

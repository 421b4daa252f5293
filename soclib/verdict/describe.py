"""A decision as plain values: everything that a screen shows, already in words.

``soclib/verdict/decide.js`` makes the same values in the browser; tests compare them field by
field. Views only lay them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.claims.sources import source_list
from soclib.comparison.tables import COMPARISON
from soclib.paper.sheets import Plain
from soclib.tables.rows import NO, YES
from soclib.verdict import explain
from soclib.verdict.explain import STATE, Case, Reason, joined
from soclib.verdict.logic import standing, value
from soclib.verdict.tables import VERDICT, Outcome, Report
from soclib.words import Words, fill, words_of

if TYPE_CHECKING:
    from soclib.verdict.decision import Decision


def card(decision: Decision, report: Report, assumptions: list[Plain]) -> Plain:
    """Return everything that the card of a report shows."""
    case, key = decision.case, report.report_id
    status = case.catalog.part(VERDICT).statuses[decision.reports[key]]
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
    statuses = decision.case.catalog.part(VERDICT).statuses
    changes = decision.what_would_change(report.report_id)
    reached = sorted({c.status_id for c in changes}, key=lambda s: statuses[s].rank)
    return [
        {
            "status_id": status_id,
            "label": statuses[status_id].label,
            "mark": statuses[status_id].mark,
            "texts": [c.text for c in changes if c.status_id == status_id],
            "flips": [[list(f) for f in c.flips] for c in changes if c.status_id == status_id],
        }
        for status_id in reached
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
            if step.outcome_id in in_doubt or states[step.step_id] == NO
            else _texts(case, step),
        }
        for step in report.steps
        if step.step_id in states
    ]


def _categories(decision: Decision, report: Report) -> list[Plain]:
    shown = [*decision.categories, *decision.open_categories]
    in_scope = [o.outcome_id for o in _scope(decision, report) if o.outcome_id in shown]
    return listed(decision.case, "category", in_scope)


def _categories_out(decision: Decision, report: Report) -> list[str]:
    """Return the categories that are left out only because an assumed answer says so."""
    case = decision.case
    return [
        outcome.title
        for outcome in (_scope(decision, report) if decision.categories else [])
        if value(outcome, case.yes, case.no) == -1 and outcome.mask & ~case.assumed == 0
    ]


def _scope(decision: Decision, report: Report) -> list[Outcome]:
    categories = decision.case.catalog.part(VERDICT).of_kind("category")
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
        for outcome in case.catalog.part(VERDICT).of_kind(kind)
        if outcome.outcome_id in shown
    ]


def _texts(case: Case, outcome: Outcome) -> list[str]:
    assumed = words_of(case.catalog, case.voice)["assumed"]
    return [
        f"{reason.text} ({assumed})" if reason.assumed else reason.text
        for reason in explain.outcome_reasons(case, outcome)
    ]


def _rows(decision: Decision, report: Report, reasons: list[Reason]) -> list[Plain]:
    """Return the rows of the comparison that bear on the answers which decided a report."""
    catalog = decision.case.catalog
    named = {key for reason in reasons for key in reason.criteria if key in decision.answers}
    return [
        {
            "dimension_id": row.dimension_id,
            "dimension": row.dimension,
            "text": row.by_report[report.report_id],
        }
        for row in catalog.part(COMPARISON).dimensions
        if named & {*row.criteria}
    ]


def _readers(case: Case, report: Report) -> list[Plain]:
    allowed = words_of(case.catalog, case.voice)
    return [
        {
            "reader": row.reader,
            "allowed": allowed[f"allowed_{row.allowed}"],
            "condition": row.condition,
            "why": row.why,
        }
        for row in case.catalog.part(COMPARISON).readers
        if row.report_id == report.report_id
    ]


def _source_ids(reasons: list[Reason]) -> list[str]:
    return [source_id for reason in reasons for source_id in reason.source_ids]


def _conflicts(decision: Decision, report: Report) -> list[str]:
    """Return the contradictions that touch a report or a step on its path."""
    own = {report.report_id, *(step.outcome_id for step in report.steps)}
    return [c.text for c in decision.contradictions if own & set(c.touches)]


# --- the whole decision ---------------------------------------------------------------------------


def describe(decision: Decision) -> Plain:
    """Return a decision as JSON-ready values."""
    case = decision.case
    assumptions = [
        {
            "criterion_id": a.criterion_id,
            "answer": a.answer,
            "text": a.text,
            "report_ids": [report_id for report_id, _status in a.changes],
        }
        for a in decision.assumptions
    ]
    return {
        "voice": case.voice,
        "version": case.catalog.version,
        "answers": dict(decision.answers),
        "set_aside": [_aside(case, criterion_id) for criterion_id in decision.set_aside],
        "reports": dict(decision.reports),
        "subject": dict(decision.subject),
        "demand": dict(decision.demand),
        "categories": list(decision.categories),
        "open_categories": list(decision.open_categories),
        "routes": list(decision.routes),
        "open_routes": list(decision.open_routes),
        "path": {key: [list(step) for step in steps] for key, steps in decision.path.items()},
        "contradictions": [
            {
                "outcome_id": c.outcome_id,
                "text": c.text,
                "criteria": list(c.criteria),
                "touches": list(c.touches),
            }
            for c in decision.contradictions
        ],
        "assumptions": assumptions,
        "next": _next(decision),
        "not_sure": [_who(case, criterion_id) for criterion_id in decision.not_sure],
        "headline": headline(decision),
        "cards": [
            card(decision, report, assumptions) for report in case.catalog.part(VERDICT).reports
        ],
        "beside": listed(case, "route", [*decision.routes, *decision.open_routes]),
        "switches": _switches(decision),
    }


def headline(decision: Decision) -> str:
    """Return the verdict as a few sentences: contradictions, the first step, then the reports."""
    case = decision.case
    words = words_of(case.catalog, case.voice)
    if not case.given:
        return words["start"]
    statuses = case.catalog.part(VERDICT).statuses
    in_headline = sorted(
        (
            report
            for report in case.catalog.part(VERDICT).reports
            if not _touched(decision, report)
            and statuses[decision.reports[report.report_id]].in_headline
        ),
        key=lambda report: statuses[decision.reports[report.report_id]].rank,
    )
    parts = [words["contradiction_first"]] if decision.contradictions else []
    parts += _first_step(decision, words)
    parts += [_headline_of(decision, report) for report in in_headline]
    return " ".join(parts) or words["none_needed"]


def _first_step(decision: Decision, words: Words) -> list[str]:
    """Return the sentence for a first step that comes before any report, if there is one."""
    for path in decision.path.values():
        first = next((step.step_id for step in path if step.state == YES), "")
        if f"headline_{first}" in words:
            return [words[f"headline_{first}"]]
    return []


def _headline_of(decision: Decision, report: Report) -> str:
    cell = standing(report, decision.case.yes, decision.case.no).cell
    text = cell.headline[decision.voice]
    first = _first_report(decision, report)
    return fill(text, {"first": f" {first}" if first else ""})


def _first_report(decision: Decision, report: Report) -> str:
    """Return the words for the first report on the path, blank while that is open."""
    words = words_of(decision.case.catalog, decision.voice)
    for step in decision.path.get(report.report_id, ()):
        key = f"first_{step.step_id}"
        if key in words and step.state != NO:
            return words[key] if step.state == YES else ""
    return ""


def _touched(decision: Decision, report: Report) -> bool:
    return any(report.report_id in c.touches for c in decision.contradictions)


# --- questions ---------------------------------------------------------------------------------


def _next(decision: Decision) -> Plain | None:
    question = decision.next_question()
    if question is None:
        return None
    case = decision.case
    titles = [
        r.title for r in case.catalog.part(VERDICT).reports if r.report_id in question.report_ids
    ]
    why = words_of(case.catalog, case.voice)[f"next_{question.kind}"]
    return {
        **question._asdict(),
        "report_ids": list(question.report_ids),
        "why": fill(why, {"reports": joined(case, titles)}),
    }


def _who(case: Case, criterion_id: str) -> Plain:
    words = case.catalog.part(VERDICT).criterion(criterion_id).questions[case.voice]
    return {
        "criterion_id": criterion_id,
        "question": words.question,
        "who_knows": words.who_knows,
        "find_out": words.find_out,
    }


def _aside(case: Case, criterion_id: str) -> Plain:
    """Return an answered question that this voice is not asked, in the words of the other voice."""
    questions = case.catalog.part(VERDICT).criterion(criterion_id).questions
    return {"criterion_id": criterion_id, "question": next(iter(questions.values())).question}


def _switches(decision: Decision) -> list[Plain]:
    """Return every question of this voice with its answer, or what is assumed until then."""
    return [
        {
            "criterion_id": criterion.criterion_id,
            "group_id": criterion.group_id,
            "question": criterion.questions[decision.voice].question,
            "answer": decision.answers.get(criterion.criterion_id, ""),
            "assumed": criterion.assumed or "",
        }
        for criterion in decision.case.catalog.part(VERDICT).criteria
        if decision.voice in criterion.questions
    ]

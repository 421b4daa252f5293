"""A decision as plain values: everything that a screen shows, already in words.

``soclib/widgets/decide.js`` makes the same values in the browser; tests compare them field by
field. Views only lay them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.cards import Plain, card, listed
from soclib.explain import Case, joined
from soclib.logic import standing
from soclib.model import YES, Report

if TYPE_CHECKING:
    from soclib.decision import Decision


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
        "cards": [card(decision, report, assumptions) for report in case.catalog.reports],
        "beside": listed(case, "route", [*decision.routes, *decision.open_routes]),
        "switches": _switches(decision),
    }


def headline(decision: Decision) -> str:
    """Return the verdict as a few sentences: contradictions, the first step, then the reports."""
    case = decision.case
    words = {key: texts[case.voice] for key, texts in case.catalog.wording.items()}
    if not case.given:
        return words["start"]
    statuses = case.catalog.statuses
    speaking = sorted(
        (
            report
            for report in case.catalog.reports
            if not _touched(decision, report)
            and statuses[decision.reports[report.report_id]].in_headline
        ),
        key=lambda report: statuses[decision.reports[report.report_id]].rank,
    )
    parts = [words["contradiction_first"]] if decision.contradictions else []
    parts += _first_step(decision, words)
    parts += [_headline_of(decision, report) for report in speaking]
    return " ".join(parts) or words["none_needed"]


def _first_step(decision: Decision, words: dict[str, str]) -> list[str]:
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
    return text.replace("{first}", f" {first}" if first else "")


def _first_report(decision: Decision, report: Report) -> str:
    """Return the words for the first report on the path, blank while that is open."""
    words = decision.case.catalog.wording
    for step in decision.path.get(report.report_id, ()):
        key = f"first_{step.step_id}"
        if key in words and step.state != "no":
            return words[key][decision.voice] if step.state == YES else ""
    return ""


def _touched(decision: Decision, report: Report) -> bool:
    return any(report.report_id in c.touches for c in decision.contradictions)


# --- questions ---------------------------------------------------------------------------------


def _next(decision: Decision) -> Plain | None:
    found = decision.next_question()
    if found is None:
        return None
    case = decision.case
    titles = [r.title for r in case.catalog.reports if r.report_id in found.report_ids]
    why = case.catalog.wording[f"next_{found.kind}"][case.voice]
    plain = found._asdict()
    return {
        **plain,
        "report_ids": list(found.report_ids),
        "why": why.replace("{reports}", joined(case, titles)),
    }


def _who(case: Case, criterion_id: str) -> Plain:
    words = case.catalog.criterion(criterion_id).questions[case.voice]
    return {
        "criterion_id": criterion_id,
        "question": words.question,
        "who_knows": words.who_knows,
        "find_out": words.find_out,
    }


def _aside(case: Case, criterion_id: str) -> Plain:
    """Return an answered question that this voice is not asked, in the words of the other."""
    questions = case.catalog.criterion(criterion_id).questions
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
        for criterion in decision.case.catalog.criteria
        if decision.voice in criterion.questions
    ]

"""What a learner is asked about a case: what the decision says is right, for its own reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Final

from soclib.practice.cases import Scenario
from soclib.practice.items import Explanation, ItemField, Option, practice_text, shuffled
from soclib.practice.tables import PRACTICE
from soclib.tables.rows import NO, YES
from soclib.verdict.decision import Decision
from soclib.verdict.explain import Reason, joined, outcome_reasons
from soclib.verdict.tables import VERDICT, Outcome, Report

NONE: Final = "none"
OPEN: Final = "open"
OTHERS: Final = 3  # wrong options next to the right one


def fields_of(case: Scenario, rng: Random, asks: Iterable[str]) -> tuple[ItemField, ...]:
    """Return a field for each thing asked about a case, unless the case does not have it."""
    fields = (ASKED[ask](case, rng, ask) for ask in asks)
    return tuple(field for field in fields if field)


# --- reports -----------------------------------------------------------------------------------


def _status(case: Scenario, _rng: Random, report_id: str) -> ItemField:
    catalog, decision = case.decision.case.catalog, case.decision
    report = _report(decision, report_id)
    status = catalog.part(VERDICT).statuses[decision.reports[report_id]]
    options = [
        Option(s.status_id, f"{s.label}: {s.meaning}")
        for s in catalog.part(VERDICT).statuses.values()
    ]
    reasons = decision.reasons(report_id)
    changes = decision.what_would_change(report_id)[:1]
    explanation = Explanation(
        rule_id=";".join(dict.fromkeys(_deciding_rules(report, reasons))),
        reason=" ".join([f"{status.label}.", *dict.fromkeys(r.text for r in reasons)]),
        hint=_hint(case, [key for reason in reasons for key in reason.criteria]),
        change=" ".join(
            practice_text(
                catalog,
                "change",
                status=catalog.part(VERDICT).statuses[c.status_id].label,
                clauses=c.text,
            )
            for c in changes
        ),
    )
    label = practice_text(catalog, "ask_status", report=report.title)
    return ItemField(report_id, label, tuple(options), (status.status_id,), explanation)


def _add_on(case: Scenario, rng: Random, report_id: str) -> ItemField | None:
    """Ask about a report that is an add-on if the case says anything about who wants it."""
    demand = _report(case.decision, report_id).demand.mask
    stated = (case.decision.case.catalog.part(VERDICT).criterion(key) for key in case.answers)
    wanted = any(criterion.bit & demand for criterion in stated)
    return _status(case, rng, report_id) if wanted else None


def _report(decision: Decision, report_id: str) -> Report:
    reports = decision.case.catalog.part(VERDICT).reports
    return next(report for report in reports if report.report_id == report_id)


def _deciding_rules(report: Report, reasons: Iterable[Reason]) -> list[str]:
    """Return the rules that decide: those that are met, or those that an answer breaks."""
    outcomes = {o.kind: o for o in (report.subject, report.demand)}
    rule_ids = []
    for reason in reasons:
        if reason.rule_id:
            rule_ids.append(reason.rule_id)
        elif reason.topic in outcomes:
            rule_ids += [rule.rule_id for rule in outcomes[reason.topic].rules]
    return rule_ids


def _hint(case: Scenario, criteria: Iterable[str]) -> str:
    """Return where to look again: the sentence that decides, or a question left unanswered."""
    catalog = case.decision.case.catalog
    sentences = {
        sentence.criterion_id: sentence.text
        for paragraph in case.paragraphs
        for sentence in paragraph
    }
    criterion_ids = list(dict.fromkeys(criteria))
    for key in criterion_ids:
        if key in sentences:
            return practice_text(catalog, "hint_sentence", sentence=sentences[key])
    for key in criterion_ids:
        question = catalog.part(VERDICT).criterion(key).questions[case.decision.voice].question
        return practice_text(catalog, "hint_question", question=question)
    return practice_text(catalog, "hint_again")


# --- the path ----------------------------------------------------------------------------------


def _step(case: Scenario, _rng: Random, ask: str) -> ItemField:
    """Ask for the first step on the way to a report: the first that is not a plain no."""
    decision, catalog = case.decision, case.decision.case.catalog
    report = _report(decision, ask.removeprefix("step_"))
    steps = decision.path.get(report.report_id, ())
    first = next((step for step in steps if step.state != NO), None)
    right = NONE if first is None else first.step_id if first.state == YES else OPEN
    options = [Option(o.step_id, o.title) for o in report.steps]
    options += [Option(key, practice_text(catalog, f"step_{key}")) for key in (OPEN, NONE)]
    outcome = next((o for o in report.steps if first and o.step_id == first.step_id), None)
    explanation = _step_explanation(case, report, outcome, right)
    label = practice_text(catalog, "ask_step", report=report.title)
    return ItemField(ask, label, tuple(options), (right,), explanation)


def _step_explanation(
    case: Scenario, report: Report, outcome: Outcome | None, right: str
) -> Explanation:
    catalog = case.decision.case.catalog
    if outcome is None:
        reasons = case.decision.reasons(report.report_id)
        text = practice_text(catalog, "no_path", report=report.title)
        criteria = [key for reason in reasons for key in reason.criteria]
        return Explanation("", " ".join([text, *(r.text for r in reasons)]), _hint(case, criteria))
    touching = [c for c in case.decision.contradictions if outcome.outcome_id in c.touches]
    reasons = tuple(outcome_reasons(case.decision.case, outcome))
    texts = [*(c.text for c in touching), *(r.text for r in reasons)]
    criteria = [key for contradiction in touching for key in contradiction.criteria]
    criteria += [key for reason in reasons for key in reason.criteria]
    title = practice_text(catalog, "step_open") if right == OPEN else outcome.title
    rules = [reason.rule_id for reason in reasons if reason.rule_id]
    return Explanation(";".join(rules), " ".join([f"{title}.", *texts]), _hint(case, criteria))


# --- categories and routes ---------------------------------------------------------------------


def _categories(case: Scenario, _rng: Random, ask: str) -> ItemField | None:
    return _several(case, ask, "category", case.decision.categories) if case.decision.path else None


def _routes(case: Scenario, _rng: Random, ask: str) -> ItemField:
    return _several(case, ask, "route", case.decision.routes)


def _several(case: Scenario, ask: str, kind: str, right: tuple[str, ...]) -> ItemField:
    catalog = case.decision.case.catalog
    outcomes = [o for o in catalog.part(VERDICT).of_kind(kind) if case.decision.voice in o.voices]
    reasons = [
        reason
        for outcome in outcomes
        if outcome.outcome_id in right
        for reason in outcome_reasons(case.decision.case, outcome)
    ]
    titles = [outcome.title for outcome in outcomes if outcome.outcome_id in right]
    titles_of_right = (
        joined(case.decision.case, titles) if titles else practice_text(catalog, "none_of_them")
    )
    explanation = Explanation(
        rule_id=";".join(dict.fromkeys(reason.rule_id for reason in reasons)),
        reason=" ".join([f"{titles_of_right}.", *dict.fromkeys(reason.text for reason in reasons)]),
        hint=_hint(case, [key for reason in reasons for key in reason.criteria]),
    )
    options = tuple(Option(outcome.outcome_id, outcome.title) for outcome in outcomes)
    return ItemField(
        ask, practice_text(catalog, f"ask_{ask}"), options, right, explanation, many=True
    )


# --- contradictions ----------------------------------------------------------------------------


def _contradiction(case: Scenario, _rng: Random, ask: str) -> ItemField:
    catalog = case.decision.case.catalog
    outcomes = catalog.part(VERDICT).of_kind("contradiction")
    contradictions = case.decision.contradictions
    options = [Option(o.outcome_id, o.title) for o in outcomes]
    options.append(Option(NONE, practice_text(catalog, "no_contradiction")))
    explanation = Explanation(
        rule_id=";".join(
            reason.rule_id
            for outcome in outcomes
            for reason in outcome_reasons(case.decision.case, outcome)
            if outcome.outcome_id in {c.outcome_id for c in contradictions} and reason.rule_id
        ),
        reason=" ".join(c.text for c in contradictions)
        or practice_text(catalog, "no_contradiction"),
        hint=_hint(case, [key for c in contradictions for key in c.criteria]),
    )
    right = tuple(dict.fromkeys(c.outcome_id for c in contradictions)) or (NONE,)
    return ItemField(
        ask, practice_text(catalog, "ask_contradiction"), tuple(options), right, explanation
    )


# --- the next question -------------------------------------------------------------------------


def _next(case: Scenario, rng: Random, ask: str) -> ItemField:
    """Ask what to ask next: any of the best questions is right, or one that was not sure."""
    decision, catalog = case.decision, case.decision.case.catalog
    best = decision.equally_good_questions()
    right = tuple(dict.fromkeys([*best, *decision.not_sure])) or (NONE,)
    asked = [c for c in catalog.part(VERDICT).criteria if decision.voice in c.questions]
    answered = [c.criterion_id for c in asked if c.criterion_id in case.answers]
    rest = [c.criterion_id for c in asked if c.criterion_id not in (*answered, *right)]
    wrong = [key for key in answered if key not in right]
    others = rng.sample(wrong, min(2, len(wrong))) + rng.sample(rest, 1)
    right_options = [key for key in right if key != NONE][:OTHERS]
    options = [
        Option(key, catalog.part(VERDICT).criterion(key).questions[decision.voice].question)
        for key in (*right_options, *others)
    ]
    nothing = Option(NONE, practice_text(catalog, "nothing_to_ask"))
    label = practice_text(catalog, "ask_next")
    return ItemField(
        ask, label, (*shuffled(rng, options), nothing), right, _next_explanation(case, best)
    )


def _next_explanation(case: Scenario, best: tuple[str, ...]) -> Explanation:
    decision, catalog = case.decision, case.decision.case.catalog
    next_question = decision.next_question()
    questions = [catalog.part(VERDICT).criterion(key).questions[decision.voice] for key in best]
    parts = []
    if next_question:
        parts.append(practice_text(catalog, f"why_next_{next_question.kind}"))
        parts += [
            practice_text(catalog, "next_asks", question=question.question, who=question.who_knows)
            for question in questions[:OTHERS]
        ]
        parts += [practice_text(catalog, "ranked_equal")] if len(questions) > 1 else []
    for key in decision.not_sure:
        question = catalog.part(VERDICT).criterion(key).questions[decision.voice]
        parts.append(
            practice_text(catalog, "not_sure", question=question.question, who=question.who_knows)
        )
    reason = " ".join(parts) or practice_text(catalog, "nothing_to_ask")
    hint = practice_text(catalog, f"hint_next_{next_question.kind if next_question else NONE}")
    return Explanation("", reason, hint)


# --- misconceptions ----------------------------------------------------------------------------


def _misconception(case: Scenario, rng: Random, ask: str) -> ItemField | None:
    """Ask what is right where somebody in the case is wrong, if anybody is."""
    if not case.misconceptions:
        return None
    catalog = case.decision.case.catalog
    planted = catalog.part(PRACTICE).planted
    voiced = planted[rng.choice(case.misconceptions)]
    others = [other for key, other in planted.items() if key not in case.misconceptions]
    choices = [voiced, *rng.sample(others, OTHERS)]
    options = shuffled(rng, [Option(choice.planted_id, choice.correct) for choice in choices])
    explanation = Explanation(
        rule_id=voiced.planted_id,
        reason=voiced.correct,
        hint=practice_text(catalog, "hint_heard", heard=voiced.heard),
    )
    label = practice_text(catalog, "ask_misconception")
    return ItemField(ask, label, options, (voiced.planted_id,), explanation)


ASKED: Final[dict[str, Callable[[Scenario, Random, str], ItemField | None]]] = {
    "soc1": _status,
    "soc2": _status,
    "soc3": _add_on,
    "step_soc1": _step,
    "step_soc2": _step,
    "categories": _categories,
    "routes": _routes,
    "contradiction": _contradiction,
    "next": _next,
    "misconception": _misconception,
}

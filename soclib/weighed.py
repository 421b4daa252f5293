"""What a memo weighs beside its reports: contradictions, what was rejected, rows, routes."""

from __future__ import annotations

from soclib.blocks import Block, block
from soclib.explain import Reason, fill, joined, met_reasons, outcome_reasons
from soclib.matter import Matter, Plain, labelled, told, why
from soclib.model import NO, Dimension, Report

DIFFERS = ("yes", "partly", "no")  # a row tells the more, the more it sets the reports apart


def contradictions(matter: Matter) -> list[Block]:
    """Return the answers that cannot all hold, one item per contradiction."""
    decision = matter.decision
    found = {contradiction.outcome_id for contradiction in decision.contradictions}
    return [
        block("item", told(matter, met_reasons(decision.case, outcome)))
        for outcome in decision.case.catalog.of_kind("contradiction")
        if outcome.outcome_id in found
    ]


def rejected(matter: Matter) -> list[Block]:
    """Return what was weighed and left: reports, steps, categories, one report for all purposes."""
    words = matter.words
    blocks = []
    for report, card in matter.rejected:
        against = told(matter, _against(matter, report))
        blocks += labelled(card["title"], card["words"], against)
    for title, against in _steps_not_taken(matter).items():
        blocks += labelled(title, against)
    for report, card in matter.on_the_way:
        blocks += _categories_out(matter, report, card)
    if len({_purpose(report) for report, _ in matter.on_the_way}) > 1:
        blocks += labelled(words["one_report"], words["one_report_why"])
    return blocks


def _against(matter: Matter, report: Report) -> list[Reason]:
    return [reason for reason in matter.decision.reasons(report.report_id) if reason.value == NO]


def _purpose(report: Report) -> frozenset[tuple[int, int]]:
    """Return what a report covers, as its rules say; an add-on covers the same as its base."""
    return frozenset((rule.yes, rule.no) for rule in report.subject.rules)


def _steps_not_taken(matter: Matter) -> dict[str, str]:
    """Return why a step is not taken, by its title; a step that two reports share stands once.

    Left out are the steps for which a rejected report has said so already.
    """
    said = {reason.text for report, _ in matter.rejected for reason in _against(matter, report)}
    shared: dict[tuple[str, str], list[str]] = {}
    for report, card in matter.on_the_way:
        states = dict(matter.decision.path.get(report.report_id, ()))
        for step in report.steps:
            reasons = outcome_reasons(matter.decision.case, step)
            if states.get(step.step_id) == NO and not {reason.text for reason in reasons} <= said:
                shared.setdefault((step.title, told(matter, reasons)), []).append(card["title"])
    template, case = matter.words["step_for"], matter.decision.case
    return {
        fill(template, {"step": step, "reports": joined(case, titles)}): against
        for (step, against), titles in shared.items()
    }


def _categories_out(matter: Matter, report: Report, card: Plain) -> list[Block]:
    """Return the categories that an answer leaves out, and those that only an assumption does."""
    decision = matter.decision
    shown = {*decision.categories, *decision.open_categories}
    assumed = card["categories_out"]
    blocks = []
    for outcome in decision.case.catalog.of_kind("category"):
        mine = outcome.report_id == report.report_id and outcome.outcome_id not in shown
        if mine and outcome.title not in assumed:
            blocks += labelled(outcome.title, why(matter, outcome))
    if assumed:
        text = fill(matter.words["categories_out"], {"titles": ", ".join(assumed)})
        blocks.append(block("item", text))
    return blocks


def telling_rows(matter: Matter) -> list[Block]:
    """Return the most telling rows of the comparison in full, and the names of the others."""
    rows, most = by_weight(matter), matter.detail.rows
    blocks = []
    for row in rows[:most]:
        texts = [f"{card['title']}: {row.by_report[key.report_id]}" for key, card in matter.named]
        full = texts if texts and matter.detail.full else [row.why_it_matters]
        blocks += labelled(f"{row.dimension} ({row.dimension_id})", *full)
    names = "; ".join(f"{row.dimension} ({row.dimension_id})" for row in rows[most:])
    return [*blocks, *labelled(matter.words["more_rows"], names)]


def by_weight(matter: Matter) -> list[Dimension]:
    """Return the rows that bear on the verdict, those on the most of the deciding answers first."""
    decision, catalog = matter.decision, matter.decision.case.catalog
    shown = {row["dimension_id"] for card in matter.plain["cards"] for row in card["rows"]}
    reasons = [reason for r in catalog.reports for reason in decision.reasons(r.report_id)]
    deciding = decision.answers.keys() & {key for reason in reasons for key in reason.criteria}
    mask = sum(catalog.criterion(criterion_id).bit for criterion_id in deciding)
    rows = [row for row in catalog.comparison if row.dimension_id in shown]
    return sorted(rows, key=lambda r: (-(r.mask & mask).bit_count(), DIFFERS.index(r.differs)))


def routes(matter: Matter) -> list[Block]:
    """Return the routes that are called for, each with its reasons, and the names of open ones."""
    decision, case = matter.decision, matter.decision.case
    routes = case.catalog.of_kind("route")
    still = [
        f"{route.title} ({', '.join(r.rule_id for r in outcome_reasons(case, route))})"
        for route in routes
        if route.outcome_id in decision.open_routes
    ]
    taken = [route for route in routes if route.outcome_id in decision.routes]
    return [
        *(one for route in taken for one in labelled(route.title, why(matter, route))),
        *labelled(matter.words["still_open"], "; ".join(still)),
    ]

"""The columns of a verdict as planes over the answers of a frame.

What others read again becomes a column of its own first, in stages: most backends do not share
sub-expressions, and every expression costs, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final, NamedTuple

import narwhals as nw

from soclib.catalog import Catalog
from soclib.tables.rows import NO, YES
from soclib.vendors.rails import (
    Kind,
    Plane,
    Rail,
    Rails,
    both,
    either,
    matters,
    may_decide,
    negated,
    outcome_rail,
    rule_rail,
    status_planes,
    status_turns,
)
from soclib.verdict.decision import Decision
from soclib.verdict.logic import rule_value
from soclib.verdict.tables import VERDICT, Criterion, Outcome, Report, Rule

BESIDE: Final = (
    *("path", "categories", "routes", "contradictions"),
    *("open_questions", "rule_ids", "assumed"),
)
JOINT: Final = ";"
OPEN: Final = "?"  # behind a step, category or route that the answers leave open


def columns(catalog: Catalog) -> tuple[str, ...]:
    """Return the columns that ``classify`` adds: a status per report, then what stands beside."""
    return (*(report.report_id for report in catalog.part(VERDICT).reports), *BESIDE)


def row_of(decision: Decision) -> dict[str, str]:
    """Return the columns of one decision; several ids are joined with semicolons.

    ``path``, ``categories`` and ``routes`` hold what is yes, and with a question mark what is open;
    ``rule_ids`` the rules that are met behind the statuses; ``open_questions`` and ``assumed`` the
    criteria without a known answer, and the assumed answers, that could change a status.
    """
    parts = {
        "path": _steps_of(decision),
        "categories": _in_order(decision, decision.categories, decision.open_categories),
        "routes": _in_order(decision, decision.routes, decision.open_routes),
        "contradictions": list(dict.fromkeys(c.outcome_id for c in decision.contradictions)),
        "open_questions": decision.open_questions,
        "rule_ids": _rules_of(decision),
        "assumed": [assumption.criterion_id for assumption in decision.assumptions],
    }
    return {**decision.reports, **{name: JOINT.join(ids) for name, ids in parts.items()}}


def _steps_of(decision: Decision) -> list[str]:
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
        for outcome in decision.case.catalog.part(VERDICT).outcomes
        if outcome.outcome_id in (*settled, *still)
    ]


def _rules_of(decision: Decision) -> list[str]:
    case = decision.case
    reports = case.catalog.part(VERDICT).reports
    behind = [outcome for report in reports for outcome in (report.subject, report.demand)]
    against = [
        o for o in case.catalog.part(VERDICT).of_kind("contradiction") if case.voice in o.voices
    ]
    return [
        rule.rule_id
        for outcome in (*behind, *against)
        for rule in outcome.rules
        if rule_value(rule, case.yes, case.no) == 1
    ]


# --- the columns as planes ------------------------------------------------------------------------


HIDDEN = "__soc_"  # leads the names of what is worked out on the way
SIGN = {YES: 1, NO: -1, None: 0}
Part = tuple[str, Plane]  # an id, and where it belongs into a column


class Given(NamedTuple):
    """The answers of a frame: a rail of one kind per criterion, and where an assumption holds."""

    kind: Kind
    rails: Rails
    assumed: dict[int, Plane]


class Columns(NamedTuple):
    """What a verdict consists of: per report a plane per status, per list the ids in order."""

    statuses: dict[str, dict[str, Plane]]
    lists: dict[str, list[Part]]


class Stages:
    """Planes that become columns of their own, stage by stage; equal ones become one column."""

    def __init__(self) -> None:
        self.made: list[list[nw.Expr]] = []
        self._known: dict[object, Any] = {}

    def begin(self) -> None:
        """Begin a stage, which may read the columns of those before it."""
        self.made.append([])

    def plane(self, plane: Plane, key: object = None) -> Plane:
        """Return a plane as the column that it will be, or the one that ``key`` has already."""
        if key is not None and key in self._known:
            found: Plane = self._known[key]
            return found
        made = plane if isinstance(plane, bool) else self._named(plane)
        if key is not None:
            self._known[key] = made
        return made

    def rail(self, rail: Rail, key: object = None) -> Rail:
        """Return a rail as the columns that it will be, or those that ``key`` has already."""
        if key is not None and key in self._known:
            found: Rail = self._known[key]
            return found
        made = rail.named(self._named)
        if key is not None:
            self._known[key] = made
        return made

    def _named(self, expr: nw.Expr) -> nw.Expr:
        column = f"{HIDDEN}{len(self.made)}_{len(self.made[-1])}"
        self.made[-1].append(expr.alias(column))
        return nw.col(column)


class Frame:
    """All that is known of a frame, stage by stage: answers, rules, outcomes, statuses."""

    def __init__(self, catalog: Catalog, voice: str, given: Given) -> None:
        self.catalog, self.voice, self.kind = catalog, voice, given.kind
        self.stages = stages = Stages()
        stages.begin()
        self.rails = {bit: stages.rail(rail) for bit, rail in given.rails.items()}
        self.assumed = {bit: stages.plane(plane) for bit, plane in given.assumed.items()}
        stages.begin()
        outcomes = [
            o
            for o in catalog.part(VERDICT).outcomes
            if voice in o.voices or o.kind == "contradiction"
        ]
        self.rules = {
            _cells(rule): stages.rail(rule_rail(self.kind, rule, self.rails), _cells(rule))
            for outcome in outcomes
            for rule in outcome.rules
        }
        stages.begin()
        self.outcomes = {
            o.outcome_id: stages.rail(outcome_rail(self.kind, o.rules, self.weigh), _table(o))
            for o in outcomes
        }
        stages.begin()
        self.subjects = {
            report.report_id: stages.rail(
                self.outcomes[report.subject.outcome_id].unless(
                    either(self.outcomes[o.outcome_id].yes for o in report.contradictions)
                )
            )
            for report in catalog.part(VERDICT).reports
        }
        self.unsettled = {
            (_table(outcome), criterion.criterion_id): stages.plane(
                matters(self.kind, outcome.rules, criterion.bit, self.rails, self.weigh),
                (_table(outcome), criterion.criterion_id),
            )
            for report in catalog.part(VERDICT).reports
            for outcome in (report.subject, report.demand)
            for criterion in self.asked(outcome.mask)
        }
        stages.begin()
        self.statuses = {
            report.report_id: {
                status_id: stages.plane(plane)
                for status_id, plane in status_planes(
                    report, self.subjects[report.report_id], self.demand(report)
                ).items()
            }
            for report in catalog.part(VERDICT).reports
        }

    def weigh(self, rule: Rule) -> Rail:
        """Return where a rule is met and where it is broken."""
        return self.rules[_cells(rule)]

    def demand(self, report: Report) -> Rail:
        """Return where a report is asked for."""
        return self.outcomes[report.demand.outcome_id]

    def asked(self, mask: int = -1) -> list[Criterion]:
        """Return the criteria of a mask that the voice is asked, in table order."""
        criteria = self.catalog.part(VERDICT).criteria
        return [c for c in criteria if c.bit & mask and self.voice in c.questions]

    def against(self) -> list[Outcome]:
        """Return the contradictions of the voice."""
        return [
            o for o in self.catalog.part(VERDICT).of_kind("contradiction") if self.voice in o.voices
        ]


def _cells(rule: Rule) -> tuple[int, int]:
    return rule.yes, rule.no


def _table(outcome: Outcome) -> tuple[tuple[int, int], ...]:
    """Return what an outcome rests on; outcomes with the same rules are worked out once."""
    return tuple(_cells(rule) for rule in outcome.rules)


def verdict(frame: Frame) -> Columns:
    """Return the planes behind every column that ``classified.columns`` names."""
    lead = {
        report_id: either(
            plane
            for status_id, plane in planes.items()
            if frame.catalog.part(VERDICT).statuses[status_id].leads_on
        )
        for report_id, planes in frame.statuses.items()
    }
    lists = {
        "path": _path(frame, lead),
        "categories": _of_kind(frame, "category", lead),
        "routes": _of_kind(frame, "route", {"": True}),
        "contradictions": (
            (o.outcome_id, frame.outcomes[o.outcome_id].yes) for o in frame.against()
        ),
        "open_questions": _open_questions(frame),
        "rule_ids": _rules(frame),
        "assumed": _assumed(frame),
    }
    shown = {
        name: [part for part in parts if part[1] is not False] for name, parts in lists.items()
    }
    return Columns(frame.statuses, shown)


def _marked(key: str, rail: Rail, where: Plane) -> Iterator[Part]:
    yield key, both((where, rail.yes))
    yield key + OPEN, both((where, rail.unknown))


def _path(frame: Frame, lead: dict[str, Plane]) -> Iterator[Part]:
    for report in frame.catalog.part(VERDICT).reports:
        for step in report.steps:
            if frame.voice in step.voices:
                touching = [o for o in frame.against() if step.outcome_id in o.touches]
                doubt = either(frame.outcomes[o.outcome_id].yes for o in touching)
                rail = frame.outcomes[step.outcome_id].unless(doubt)
                key = f"{report.report_id}_{step.step_id}"
                yield from _marked(key, rail, lead[report.report_id])


def _of_kind(frame: Frame, kind: str, where: dict[str, Plane]) -> Iterator[Part]:
    for outcome in frame.catalog.part(VERDICT).of_kind(kind):
        if outcome.report_id in where and frame.voice in outcome.voices:
            rail = frame.outcomes[outcome.outcome_id]
            yield from _marked(outcome.outcome_id, rail, where[outcome.report_id])


def _rules(frame: Frame) -> Iterator[Part]:
    behind = [
        o for report in frame.catalog.part(VERDICT).reports for o in (report.subject, report.demand)
    ]
    for outcome in (*behind, *frame.against()):
        for rule in outcome.rules:
            yield rule.rule_id, frame.weigh(rule).yes


def _open_questions(frame: Frame) -> Iterator[Part]:
    """Yield where the answer to a criterion that is not known could still change a status."""
    for criterion in frame.asked():
        found = []
        for report in frame.catalog.part(VERDICT).reports:
            subject = frame.outcomes[report.subject.outcome_id]
            for outcome, other in (
                (report.subject, frame.demand(report)),
                (report.demand, subject),
            ):
                if outcome.mask & criterion.bit:
                    of_subject = outcome is report.subject
                    plane = frame.unsettled[_table(outcome), criterion.criterion_id]
                    found.append(both((plane, may_decide(report, other, of_subject=of_subject))))
        yield criterion.criterion_id, either(found)


def _assumed(frame: Frame) -> Iterator[Part]:
    """Yield where the opposite of an assumed answer would change a status."""
    for criterion in frame.asked():
        where = frame.assumed.get(criterion.bit, False)
        if where is not False:
            reports = [r for r in frame.catalog.part(VERDICT).reports if r.mask & criterion.bit]
            turns = either(_turns(frame, report, criterion) for report in reports)
            yield criterion.criterion_id, both((where, turns))


def _turns(frame: Frame, report: Report, criterion: Criterion) -> Plane:
    """Return where a status differs once an assumption is turned round; elsewhere it may be off."""
    opposite = frame.kind.fixed(-SIGN[criterion.assumed])
    weigh = partial(_weighed, frame, criterion.bit, opposite)
    against = (outcome_rail(frame.kind, o.rules, weigh).yes for o in report.contradictions)
    subject = outcome_rail(frame.kind, report.subject.rules, weigh).unless(either(against))
    before, demand = frame.subjects[report.report_id], frame.demand(report)
    if not report.demand.mask & criterion.bit:
        return status_turns(report, before, subject, demand)
    turned = outcome_rail(frame.kind, report.demand.rules, weigh)
    after = status_planes(report, subject, turned)
    kept = either(both((p, after[key])) for key, p in frame.statuses[report.report_id].items())
    return negated(kept)


def _weighed(frame: Frame, bit: int, opposite: Rail, rule: Rule) -> Rail:
    """Return whether a rule is met with the opposite answer to one criterion."""
    if not (rule.yes | rule.no) & bit:
        return frame.weigh(rule)
    return rule_rail(frame.kind, rule, {**frame.rails, bit: opposite})

"""The columns of a verdict: of one decision, and as conditions over the answers of a whole frame.

An expression that others use becomes a column of its own first, in stages: most backends do not
share sub-expressions, and every expression costs time, however few rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final, NamedTuple

import narwhals as nw

from soclib.catalog import Catalog
from soclib.tables.rows import NO, YES
from soclib.vendors.kleene_columns import (
    AnswerColumns,
    ColumnKind,
    Condition,
    KleeneColumn,
    all_of,
    any_of,
    could_change_outcome,
    could_decide_status,
    negated,
    outcome_column,
    rule_column,
    status_changes,
    status_conditions,
)
from soclib.verdict.decision import Decision
from soclib.verdict.logic import rule_value
from soclib.verdict.tables import VERDICT, Criterion, Outcome, Report, Rule

LIST_COLUMNS: Final = (
    *("path", "categories", "routes", "contradictions"),
    *("open_questions", "rule_ids", "assumed"),
)
JOINT: Final = ";"
OPEN: Final = "?"  # after a step, category or route that the answers leave open


def added_columns(catalog: Catalog) -> tuple[str, ...]:
    """Return the columns that ``classify`` adds: one status per report, then lists of ids."""
    return (*(report.report_id for report in catalog.part(VERDICT).reports), *LIST_COLUMNS)


def verdict_row(decision: Decision) -> dict[str, str]:
    """Return the columns of one decision; several ids are joined with semicolons.

    ``path``, ``categories`` and ``routes`` hold what is yes and, with a question mark, what is
    open; ``rule_ids`` the rules behind the statuses that are met; ``open_questions`` the criteria
    whose answer is not known and could change a status, ``assumed`` those whose assumed answer
    could.
    """
    lists = {
        "path": _steps_of(decision),
        "categories": _in_order(decision, decision.categories, decision.open_categories),
        "routes": _in_order(decision, decision.routes, decision.open_routes),
        "contradictions": list(dict.fromkeys(c.outcome_id for c in decision.contradictions)),
        "open_questions": decision.open_questions,
        "rule_ids": _rules_of(decision),
        "assumed": [assumption.criterion_id for assumption in decision.assumptions],
    }
    return {**decision.reports, **{name: JOINT.join(ids) for name, ids in lists.items()}}


def _steps_of(decision: Decision) -> list[str]:
    marks = {"yes": "", "open": OPEN}
    return [
        f"{report_id}_{step.step_id}{marks[step.state]}"
        for report_id, steps in decision.path.items()
        for step in steps
        if step.state in marks
    ]


def _in_order(
    decision: Decision, settled: tuple[str, ...], still_open: tuple[str, ...]
) -> list[str]:
    """Return ids in the order of the tables, the open ones marked."""
    return [
        outcome.outcome_id + (OPEN if outcome.outcome_id in still_open else "")
        for outcome in decision.case.catalog.part(VERDICT).outcomes
        if outcome.outcome_id in (*settled, *still_open)
    ]


def _rules_of(decision: Decision) -> list[str]:
    case = decision.case
    reports = case.catalog.part(VERDICT).reports
    behind = [outcome for report in reports for outcome in (report.subject, report.demand)]
    contradictions = [
        o for o in case.catalog.part(VERDICT).of_kind("contradiction") if case.voice in o.voices
    ]
    return [
        rule.rule_id
        for outcome in (*behind, *contradictions)
        for rule in outcome.rules
        if rule_value(rule, case.yes, case.no) == 1
    ]


# --- the columns as conditions -------------------------------------------------------------------


HIDDEN = "__soc_"  # begins the names of intermediate columns
SIGN = {YES: 1, NO: -1, None: 0}
ListItem = tuple[str, Condition]  # an id, and the rows whose list holds it


class FrameAnswers(NamedTuple):
    """The answers of a frame: a column per criterion, and where its assumed answer is used."""

    kind: ColumnKind
    columns: AnswerColumns
    assumed: dict[int, Condition]


class VerdictColumns(NamedTuple):
    """A verdict: for each report a condition per status, for each list its ids in order."""

    statuses: dict[str, dict[str, Condition]]
    lists: dict[str, list[ListItem]]


class Stages:
    """Expressions that become columns of their own, in stages; the same key gives one column."""

    def __init__(self) -> None:
        self.expressions: list[list[nw.Expr]] = []
        self._known: dict[object, Any] = {}

    def begin(self) -> None:
        """Begin a stage, which may read the columns of the stages before it."""
        self.expressions.append([])

    def condition(self, condition: Condition, key: object = None) -> Condition:
        """Return a condition as a column of its own, or as that of ``key``."""
        if key is not None and key in self._known:
            known: Condition = self._known[key]
            return known
        named = condition if isinstance(condition, bool) else self._named(condition)
        if key is not None:
            self._known[key] = named
        return named

    def column(self, column: KleeneColumn, key: object = None) -> KleeneColumn:
        """Return a three-valued column as columns of its own, or as those of ``key``."""
        if key is not None and key in self._known:
            known: KleeneColumn = self._known[key]
            return known
        named = column.named(self._named)
        if key is not None:
            self._known[key] = named
        return named

    def _named(self, expr: nw.Expr) -> nw.Expr:
        column = f"{HIDDEN}{len(self.expressions)}_{len(self.expressions[-1])}"
        self.expressions[-1].append(expr.alias(column))
        return nw.col(column)


class StagedVerdict:
    """What follows from the answers of a frame, stage by stage: rules, outcomes, statuses."""

    def __init__(self, catalog: Catalog, voice: str, answers: FrameAnswers) -> None:
        self.catalog, self.voice, self.kind = catalog, voice, answers.kind
        self.stages = stages = Stages()
        stages.begin()
        self.columns = {bit: stages.column(column) for bit, column in answers.columns.items()}
        self.assumed = {
            bit: stages.condition(condition) for bit, condition in answers.assumed.items()
        }
        stages.begin()
        outcomes = [
            o
            for o in catalog.part(VERDICT).outcomes
            if voice in o.voices or o.kind == "contradiction"
        ]
        self.rules = {
            _rule_key(rule): stages.column(
                rule_column(self.kind, rule, self.columns), _rule_key(rule)
            )
            for outcome in outcomes
            for rule in outcome.rules
        }
        stages.begin()
        self.outcomes = {
            o.outcome_id: stages.column(
                outcome_column(self.kind, o.rules, self.column_of), _outcome_key(o)
            )
            for o in outcomes
        }
        stages.begin()
        self.subjects = {
            report.report_id: stages.column(
                self.outcomes[report.subject.outcome_id].unless(
                    any_of(self.outcomes[o.outcome_id].yes for o in report.contradictions)
                )
            )
            for report in catalog.part(VERDICT).reports
        }
        self.unsettled = {
            (_outcome_key(outcome), criterion.criterion_id): stages.condition(
                could_change_outcome(
                    self.kind, outcome.rules, criterion.bit, self.columns, self.column_of
                ),
                (_outcome_key(outcome), criterion.criterion_id),
            )
            for report in catalog.part(VERDICT).reports
            for outcome in (report.subject, report.demand)
            for criterion in self.criteria_asked(outcome.mask)
        }
        stages.begin()
        self.statuses = {
            report.report_id: {
                status_id: stages.condition(condition)
                for status_id, condition in status_conditions(
                    report, self.subjects[report.report_id], self.demand(report)
                ).items()
            }
            for report in catalog.part(VERDICT).reports
        }

    def column_of(self, rule: Rule) -> KleeneColumn:
        """Return where a rule is met and where it is broken."""
        return self.rules[_rule_key(rule)]

    def demand(self, report: Report) -> KleeneColumn:
        """Return where a report is asked for."""
        return self.outcomes[report.demand.outcome_id]

    def criteria_asked(self, mask: int = -1) -> list[Criterion]:
        """Return the criteria of a mask that the voice is asked, in table order."""
        criteria = self.catalog.part(VERDICT).criteria
        return [c for c in criteria if c.bit & mask and self.voice in c.questions]

    def contradictions(self) -> list[Outcome]:
        """Return the contradictions of the voice."""
        return [
            o for o in self.catalog.part(VERDICT).of_kind("contradiction") if self.voice in o.voices
        ]


def _rule_key(rule: Rule) -> tuple[int, int]:
    return rule.yes, rule.no


def _outcome_key(outcome: Outcome) -> tuple[tuple[int, int], ...]:
    """Return the cells of all rules of an outcome, so that equal outcomes are computed once."""
    return tuple(_rule_key(rule) for rule in outcome.rules)


def verdict_columns(staged: StagedVerdict) -> VerdictColumns:
    """Return the conditions behind every column that ``added_columns`` names."""
    lead = {
        report_id: any_of(
            condition
            for status_id, condition in conditions.items()
            if staged.catalog.part(VERDICT).statuses[status_id].leads_on
        )
        for report_id, conditions in staged.statuses.items()
    }
    lists = {
        "path": _path(staged, lead),
        "categories": _of_kind(staged, "category", lead),
        "routes": _of_kind(staged, "route", {"": True}),
        "contradictions": (
            (o.outcome_id, staged.outcomes[o.outcome_id].yes) for o in staged.contradictions()
        ),
        "open_questions": _open_questions(staged),
        "rule_ids": _rules(staged),
        "assumed": _assumed(staged),
    }
    possible = {
        name: [item for item in items if item[1] is not False] for name, items in lists.items()
    }
    return VerdictColumns(staged.statuses, possible)


def _marked(key: str, column: KleeneColumn, where: Condition) -> Iterator[ListItem]:
    yield key, all_of((where, column.yes))
    yield key + OPEN, all_of((where, column.unknown))


def _path(staged: StagedVerdict, lead: dict[str, Condition]) -> Iterator[ListItem]:
    for report in staged.catalog.part(VERDICT).reports:
        for step in report.steps:
            if staged.voice in step.voices:
                touching = [o for o in staged.contradictions() if step.outcome_id in o.touches]
                doubt = any_of(staged.outcomes[o.outcome_id].yes for o in touching)
                column = staged.outcomes[step.outcome_id].unless(doubt)
                key = f"{report.report_id}_{step.step_id}"
                yield from _marked(key, column, lead[report.report_id])


def _of_kind(staged: StagedVerdict, kind: str, where: dict[str, Condition]) -> Iterator[ListItem]:
    for outcome in staged.catalog.part(VERDICT).of_kind(kind):
        if outcome.report_id in where and staged.voice in outcome.voices:
            column = staged.outcomes[outcome.outcome_id]
            yield from _marked(outcome.outcome_id, column, where[outcome.report_id])


def _rules(staged: StagedVerdict) -> Iterator[ListItem]:
    behind = [
        o
        for report in staged.catalog.part(VERDICT).reports
        for o in (report.subject, report.demand)
    ]
    for outcome in (*behind, *staged.contradictions()):
        for rule in outcome.rules:
            yield rule.rule_id, staged.column_of(rule).yes


def _open_questions(staged: StagedVerdict) -> Iterator[ListItem]:
    """Yield each criterion with where it is unknown and its answer could change a status."""
    for criterion in staged.criteria_asked():
        changing = []
        for report in staged.catalog.part(VERDICT).reports:
            subject = staged.outcomes[report.subject.outcome_id]
            for outcome, other in (
                (report.subject, staged.demand(report)),
                (report.demand, subject),
            ):
                if outcome.mask & criterion.bit:
                    of_subject = outcome is report.subject
                    unsettled = staged.unsettled[_outcome_key(outcome), criterion.criterion_id]
                    decides = could_decide_status(report, other, of_subject=of_subject)
                    changing.append(all_of((unsettled, decides)))
        yield criterion.criterion_id, any_of(changing)


def _assumed(staged: StagedVerdict) -> Iterator[ListItem]:
    """Yield each criterion with where the opposite of its assumed answer would change a status."""
    for criterion in staged.criteria_asked():
        assumed = staged.assumed.get(criterion.bit, False)
        if assumed is not False:
            reports = [r for r in staged.catalog.part(VERDICT).reports if r.mask & criterion.bit]
            changes = any_of(_status_changes(staged, report, criterion) for report in reports)
            yield criterion.criterion_id, all_of((assumed, changes))


def _status_changes(staged: StagedVerdict, report: Report, criterion: Criterion) -> Condition:
    """Return where the opposite of an assumed answer would change the status of a report.

    It is right in rows that use the assumed answer, and those alone are asked for.
    """
    opposite = staged.kind.fixed(-SIGN[criterion.assumed])
    column_of = partial(_column_with_opposite, staged, criterion.bit, opposite)
    doubts = (outcome_column(staged.kind, o.rules, column_of).yes for o in report.contradictions)
    subject = outcome_column(staged.kind, report.subject.rules, column_of).unless(any_of(doubts))
    before, demand = staged.subjects[report.report_id], staged.demand(report)
    if not report.demand.mask & criterion.bit:
        return status_changes(report, before, subject, demand)
    changed_demand = outcome_column(staged.kind, report.demand.rules, column_of)
    after = status_conditions(report, subject, changed_demand)
    kept = any_of(all_of((p, after[key])) for key, p in staged.statuses[report.report_id].items())
    return negated(kept)


def _column_with_opposite(
    staged: StagedVerdict, bit: int, opposite: KleeneColumn, rule: Rule
) -> KleeneColumn:
    """Return where a rule is met with the opposite answer to one criterion."""
    if not (rule.yes | rule.no) & bit:
        return staged.column_of(rule)
    return rule_column(staged.kind, rule, {**staged.columns, bit: opposite})

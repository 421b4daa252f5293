"""What a verdict is made from: criteria, how they are asked, rules, and what rules conclude.

Criteria are numbered by their row in ``criteria.csv``; a set of criteria is an integer with one
bit per criterion, so that a rule is two masks: the answers it needs to be yes, and to be no.
Records compare and hash by identity: there is one of each in a catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import OneOf
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, VOICES, YES, Provenance, Tables, listed
from soclib.tables.schema import Part, Records, table

VALUE = {YES: 1, UNKNOWN: 0, NO: -1}
KINDS = ("subject", "demand", "contradiction", "category", "step", "route")


@table("groups")
class Group:
    """A heading under which criteria are asked; the first group is the quick check."""

    group_id: str = column.ident("name of the group")
    title: str = column.text("heading on screen")
    provenance: Provenance = column.origin()


@table("criteria")
class CriterionRow:
    """A fact about one service that a verdict rests on."""

    criterion_id: str = column.ident("frozen name; saved decisions depend on it")
    group_id: str = column.ref("heading on screen", "groups")
    assumed: str = column.one_of(
        "what holds while nobody answered, shown as assumed; `-` is nothing: unknown", YES, NO, "-"
    )
    when_not_asked: str = column.one_of(
        "what holds in a voice that has no question for it; blank where both are asked",
        *(YES, NO, "-", ""),
    )
    prior_yes_percent: int = column.whole(
        "chance of a yes, used only to order questions; a judgement, yours to edit", 1, 99
    )
    provenance: Provenance = column.origin()


@table("questions", key=("criterion_id", "voice"))
class QuestionRow:
    """How one voice is asked a criterion."""

    criterion_id: str = column.ref("the criterion", "criteria")
    voice: str = column.one_of("who is asked", *VOICES)
    question: str = column.text("the question")
    counts: str = column.text("one example that counts")
    does_not_count: str = column.text("one that does not")
    who_knows: str = column.text("who would know the answer")
    find_out: str = column.text("how to find out")
    if_yes: str = column.text(
        "the answer as a lower-case clause that reads well after *if* and *whether*, and in a chip"
    )
    if_no: str = column.text("the same for no")
    provenance: Provenance = column.origin()


@table("reports")
class ReportRow:
    """A report of the family that the rules decide about."""

    report_id: str = column.ident("name of the report")
    title: str = column.text("what it is called")
    lets: dict[str, str] = column.voices("what it lets its reader conclude")
    provenance: Provenance = column.origin()


@table("statuses")
class Status:
    """What can be said of a report."""

    status_id: str = column.ident("name of the status")
    label: str = column.text("how it is called on screen")
    mark: str = column.text("sign next to the label")
    rank: int = column.whole("order in the headline", 0, 999)
    leads_on: bool = column.yes_no("whether a path is shown")
    in_headline: bool = column.yes_no("whether the verdict's headline names it")
    meaning: str = column.text("what it means")
    provenance: Provenance = column.origin()


@table("verdicts", key=("report_id", "subject", "demand"))
class Cell:
    """One cell of the subject-demand square of a report.

    A contradiction puts the subject in doubt: the cell for an unknown subject is then shown.
    """

    report_id: str = column.ref("the report", "reports")
    subject: str = column.one_of("whether there is something to cover", *ANSWERS)
    demand: str = column.one_of("whether somebody asks for it", *ANSWERS)
    status_id: str = column.ref("the status of the report then", "statuses")
    headline: dict[str, str] = column.voices("`{first}` becomes the first report on the path")
    words: dict[str, str] = column.voices("the verdict in a sentence")
    provenance: Provenance = column.origin()


@table("outcomes")
class OutcomeRow:
    """What rules can conclude: the OR of its rules."""

    outcome_id: str = column.ident("name of the outcome")
    kind: str = column.one_of("what it is", *KINDS)
    report_id: str = column.ref(
        "the report that it belongs to; blank for contradictions and routes", "reports", blank=True
    )
    step_id: str = column.text("for a step: its place on the path", blank=True)
    touches: tuple[str, ...] = column.refs(
        "for a contradiction: what it leaves open", "reports", "outcomes", blank=True
    )
    voices: tuple[str, ...] = column.some_of("who is shown it", *VOICES)
    title: str = column.text("label")
    provenance: Provenance = column.origin()


@table("rules")
class RuleRow:
    """One rule of the decision table: the AND of its cells.

    Unknown answers are evaluated in three values. An outcome needs all of its prime implicants as
    rows: the audit names a row that is missing or redundant.
    """

    rule_id: str = column.ident("name of the rule")
    outcome_id: str = column.ref("what it concludes", "outcomes")
    because: dict[str, str] = column.voices("why, in one sentence")
    cells: dict[str, str] = column.wide(
        "`Y` must be yes, `N` must be no, `-` does not matter",
        "criteria",
        OneOf("cell", "Y", "N", "-"),
    )
    provenance: Provenance = column.origin()


@table("examples")
class Example:
    """A worked case that the panel can load."""

    example_id: str = column.ident("name of the example")
    title: str = column.text("what it is called on screen")
    story: str = column.text("the case")
    voice: str = column.one_of("who decides in it", *VOICES)
    answers: dict[str, str] = column.wide("its answer", "criteria", OneOf("answer", "", *ANSWERS))
    provenance: Provenance = column.origin()


# --- linked ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """How one voice is asked a criterion; ``if_yes`` and ``if_no`` are lower-case clauses."""

    question: str
    counts: str
    does_not_count: str
    who_knows: str
    find_out: str
    if_yes: str
    if_no: str
    provenance: Provenance

    def clause(self, answer: str) -> str:
        """Return what is true when the answer is yes, or when it is no."""
        return self.if_yes if answer == YES else self.if_no


@dataclass(frozen=True, slots=True, eq=False)
class Criterion:
    """A fact about one service, answered yes, no or unknown.

    ``assumed`` is yes, no or None (nothing is assumed: untouched counts as unknown).
    ``when_not_asked`` holds in a voice that has no question for it; None means unknown.
    ``prior_yes`` is the chance of a yes used to order questions: a judgement, between 0 and 1.
    """

    criterion_id: str
    bit: int
    group_id: str
    assumed: str | None
    when_not_asked: str | None
    prior_yes: float
    questions: dict[str, Question]
    provenance: Provenance

    @property
    def voices(self) -> tuple[str, ...]:
        """Return the voices that are asked this criterion."""
        return tuple(self.questions)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One row of the decision table: the AND of its cells, as two masks over criteria."""

    rule_id: str
    yes: int
    no: int
    because: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a set of rules concludes: the OR of its rules.

    ``touches`` names, for a contradiction, the reports and steps that it leaves open.
    """

    outcome_id: str
    kind: str
    report_id: str
    step_id: str
    touches: tuple[str, ...]
    voices: tuple[str, ...]
    title: str
    rules: tuple[Rule, ...]
    mask: int
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A report of the family with everything that decides about it."""

    report_id: str
    title: str
    lets: dict[str, str]
    subject: Outcome
    demand: Outcome
    contradictions: tuple[Outcome, ...]
    steps: tuple[Outcome, ...]
    square: dict[tuple[int, int], Cell]
    mask: int
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class VerdictTables:
    """Everything that a verdict is made from, linked and in the order of the tables."""

    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    outcomes: tuple[Outcome, ...]
    reports: tuple[Report, ...]
    statuses: dict[str, Status]
    examples: tuple[Example, ...]

    def criterion(self, criterion_id: str) -> Criterion:
        """Return the criterion with this id; KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.criterion_id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    def of_kind(self, kind: str) -> tuple[Outcome, ...]:
        """Return the outcomes of one kind, in table order."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind == kind)

    def mask(self, criterion_ids: Iterable[str]) -> int:
        """Return some criteria as a set: an integer with one bit for each."""
        named = set(criterion_ids)
        return sum(criterion.bit for criterion in self.criteria if criterion.criterion_id in named)


# --- linking --------------------------------------------------------------------------------------


def _verdict(records: Records) -> VerdictTables:
    criteria = _criteria(records)
    bits = {criterion.criterion_id: criterion.bit for criterion in criteria}
    rules = records.all(RuleRow)
    outcomes = tuple(_outcome(row, rules, bits) for row in records.all(OutcomeRow))
    cells = records.all(Cell)
    return VerdictTables(
        groups=records.all(Group),
        criteria=criteria,
        outcomes=outcomes,
        reports=tuple(_report(row, cells, outcomes) for row in records.all(ReportRow)),
        statuses=records.by_id(Status),
        examples=records.all(Example),
    )


def _criteria(records: Records) -> tuple[Criterion, ...]:
    questions: dict[str, dict[str, Question]] = {}
    for row in records.all(QuestionRow):
        questions.setdefault(row.criterion_id, {})[row.voice] = Question(
            question=row.question,
            counts=row.counts,
            does_not_count=row.does_not_count,
            who_knows=row.who_knows,
            find_out=row.find_out,
            if_yes=row.if_yes,
            if_no=row.if_no,
            provenance=row.provenance,
        )
    return tuple(
        Criterion(
            criterion_id=row.criterion_id,
            bit=1 << index,
            group_id=row.group_id,
            assumed=_known(row.assumed),
            when_not_asked=_known(row.when_not_asked),
            prior_yes=row.prior_yes_percent / 100,
            questions=questions[row.criterion_id],
            provenance=row.provenance,
        )
        for index, row in enumerate(records.all(CriterionRow))
    )


def _known(answer: str) -> str | None:
    return answer if answer in (YES, NO) else None


def _outcome(row: OutcomeRow, rows: Iterable[RuleRow], bits: dict[str, int]) -> Outcome:
    rules = tuple(_rule(rule, bits) for rule in rows if rule.outcome_id == row.outcome_id)
    mask = 0
    for rule in rules:
        mask |= rule.yes | rule.no
    return Outcome(
        outcome_id=row.outcome_id,
        kind=row.kind,
        report_id=row.report_id,
        step_id=row.step_id,
        touches=row.touches,
        voices=row.voices,
        title=row.title,
        rules=rules,
        mask=mask,
        provenance=row.provenance,
    )


def _rule(row: RuleRow, bits: dict[str, int]) -> Rule:
    def mask(sign: str) -> int:
        return sum(bits[criterion_id] for criterion_id, cell in row.cells.items() if cell == sign)

    return Rule(row.rule_id, mask("Y"), mask("N"), row.because, row.provenance)


def _report(row: ReportRow, cells: Iterable[Cell], outcomes: tuple[Outcome, ...]) -> Report:
    own = [outcome for outcome in outcomes if outcome.report_id == row.report_id]
    subject = next(outcome for outcome in own if outcome.kind == "subject")
    demand = next(outcome for outcome in own if outcome.kind == "demand")
    contradictions = tuple(o for o in outcomes if row.report_id in o.touches)
    mask = subject.mask | demand.mask
    for contradiction in contradictions:
        mask |= contradiction.mask
    return Report(
        report_id=row.report_id,
        title=row.title,
        lets=row.lets,
        subject=subject,
        demand=demand,
        contradictions=contradictions,
        steps=tuple(outcome for outcome in own if outcome.kind == "step"),
        square={
            (VALUE[cell.subject], VALUE[cell.demand]): cell
            for cell in cells
            if cell.report_id == row.report_id
        },
        mask=mask,
        provenance=row.provenance,
    )


# --- what is missing rather than wrong -----------------------------------------------------------


def check_verdict(tables: Tables) -> Iterator[Fault]:
    """Yield squares with a hole, outcomes without a rule and criteria without a question."""
    yield from _check_squares(tables)
    yield from _check_outcomes(tables)
    yield from _check_questions(tables)


def _check_squares(tables: Tables) -> Iterator[Fault]:
    key = ("report_id", "subject", "demand")
    cells = {tuple(row.cells[column] for column in key) for row in tables["verdicts"]}
    kinds = {(row.cells["report_id"], row.cells["kind"]) for row in tables["outcomes"]}
    for row in tables["reports"]:
        report_id = row.cells["report_id"]
        for subject, demand in product(ANSWERS, ANSWERS):
            if (report_id, subject, demand) not in cells:
                remedy = f"add its cell for subject {subject}, demand {demand} to verdicts.csv"
                yield row.fault("report_id", remedy)
        for kind in ("subject", "demand"):
            if (report_id, kind) not in kinds:
                yield row.fault("report_id", f"add its {kind} to outcomes.csv")


def _check_outcomes(tables: Tables) -> Iterator[Fault]:
    ruled = tables.ids("rules.outcome_id")
    for row in tables["outcomes"]:
        if row.cells["outcome_id"] not in ruled:
            yield row.fault("outcome_id", "has no rule; add one to rules.csv or delete the outcome")
        if row.cells["kind"] == "contradiction" and not listed(row.cells["touches"]):
            yield row.fault("touches", "a contradiction needs a report or a step that it touches")
        if row.cells["kind"] == "step" and not (row.cells["report_id"] and row.cells["step_id"]):
            yield row.fault("step_id", "a step needs a report_id and a step_id")


def _check_questions(tables: Tables) -> Iterator[Fault]:
    asked = {(row.cells["criterion_id"], row.cells["voice"]) for row in tables["questions"]}
    for row in tables["criteria"]:
        missing = [voice for voice in VOICES if (row.cells["criterion_id"], voice) not in asked]
        if len(missing) == len(VOICES):
            yield row.fault("criterion_id", "has no question; add one to questions.csv")
        if missing and not row.cells["when_not_asked"]:
            yield row.fault("when_not_asked", f"not asked in voice {missing[0]}: say what holds")


VERDICT = Part(
    (Group, CriterionRow, QuestionRow, ReportRow, Status, Cell, OutcomeRow, RuleRow, Example),
    _verdict,
    (check_verdict,),
)

"""Frozen records for what the tables in ``data/`` say.

Criteria are numbered by their row in ``criteria.csv``; a set of criteria is an integer with one
bit per criterion, so that a rule is two masks: the answers it needs to be yes, and to be no.
Records compare and hash by identity: there is one of each in a catalog.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from soclib.answer_records import AnswerTables
    from soclib.company_records import CompanyTables
    from soclib.lesson_records import LessonTables
    from soclib.period_records import PeriodTables
    from soclib.phrase_records import RequestTables
    from soclib.practice_records import PracticeTables
    from soclib.readiness_records import ReadinessTables
    from soclib.received_records import ReceivedTables
    from soclib.role_records import RoleTables
    from soclib.teaching_records import TeachingTables
    from soclib.trust_records import TrustTables

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"
ANSWERS: Final = (YES, NO, UNKNOWN)
VOICES: Final = ("vendor", "buyer")
DRAFT: Final = "draft"  # proposed, not in force
EVIDENCE: Final = ("confirmed", "one_source", "practice", "disputed", "unconfirmed", DRAFT)
CURRENT: Final = "current"
SUPERSEDED: Final = "superseded"
PARTLY: Final = "partly superseded"
KINDS: Final = ("subject", "demand", "contradiction", "category", "step", "route")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a row comes from, when it was checked and how sure it is."""

    source_ids: tuple[str, ...]
    as_of: str
    evidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A publication that rows refer to; ``standards`` are those that it speaks under."""

    source_id: str
    title: str
    publisher: str
    url: str
    kind: str
    standards: tuple[str, ...]
    as_of: str
    evidence: str


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
class Group:
    """A heading under which questions stand."""

    group_id: str
    title: str
    provenance: Provenance


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
class Status:
    """What can be said of a report.

    ``rank`` orders the headline, ``in_headline`` names it there, ``leads_on`` opens a path.
    """

    status_id: str
    label: str
    mark: str
    rank: int
    leads_on: bool
    in_headline: bool
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell of the subject-demand square of a report, with its words by voice."""

    subject: str
    demand: str
    status_id: str
    headline: dict[str, str]
    words: dict[str, str]
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
class Example:
    """A worked case that the panel can load."""

    example_id: str
    title: str
    story: str
    voice: str
    answers: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One row of the comparison: what each report says to one question of a reader.

    ``topic`` is the heading it stands under, ``keywords`` are further words by which it is found,
    ``mask`` marks the criteria that bear on it, and ``extra`` holds a user's own columns.
    """

    dimension_id: str
    topic: str
    dimension: str
    question: str
    by_report: dict[str, str]
    differs: str
    why_it_matters: str
    keywords: str
    mask: int
    extra: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Whether a report may be sent to one kind of reader, on which condition, and why."""

    report_id: str
    reader_id: str
    reader: str
    allowed: str
    condition: str
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One report of the whole family, SOC 2+ and the enterprise-wide ones included."""

    report_id: str
    title: str
    question_answered: str
    who_can_be_examined: str
    control_criteria: str
    standard: str
    types: str
    use: str
    who_asks: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A short invented case that shows what a report is for.

    ``kind`` is story, or axes for a case that stands for one report and one ``type_id``.
    """

    story_id: str
    kind: str
    title: str
    text: str
    report_id: str
    type_id: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """A standard, label or set of criteria, and whether it is in force.

    ``issued`` and ``effective`` are ISO dates as precise as known, blank where unknown.
    """

    standard_id: str
    title: str
    body: str
    issued: str
    effective: str
    state: str
    replaced_by: tuple[str, ...]
    note: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Where a row stands: its table, its line there and its id, and where it comes from."""

    table: str
    line: int
    key: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Drafts:
    """What is only proposed; a view shows it when it is asked to, and never by default."""

    comparison: tuple[Dimension, ...]
    sources: dict[str, Source]
    standards: dict[str, Standard]


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """All tables, checked and linked; ``version`` is a hash of their content.

    Everything but ``drafts`` and ``entries`` is in force. ``review_months`` says by evidence how
    long a row holds until somebody must look at it again.
    """

    version: str
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    outcomes: tuple[Outcome, ...]
    reports: tuple[Report, ...]
    statuses: dict[str, Status]
    sources: dict[str, Source]
    wording: dict[str, dict[str, str]]
    examples: tuple[Example, ...]
    comparison: tuple[Dimension, ...]
    readers: tuple[Reader, ...]
    family: tuple[Member, ...]
    stories: tuple[Story, ...]
    standards: dict[str, Standard]
    drafts: Drafts
    entries: tuple[Entry, ...]
    review_months: dict[str, int]
    periods: PeriodTables
    trust: TrustTables
    readiness: ReadinessTables
    answers: AnswerTables
    roles: RoleTables
    companies: CompanyTables
    received: ReceivedTables
    requests: RequestTables
    teaching: LessonTables
    asked: TeachingTables
    practice: PracticeTables

    def criterion(self, criterion_id: str) -> Criterion:
        """Return the criterion with this id; KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.criterion_id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    def of_kind(self, kind: str) -> tuple[Outcome, ...]:
        """Return the outcomes of one kind, in table order."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind == kind)

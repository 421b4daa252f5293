"""Frozen records for the rules and what they decide.

Criteria are numbered by their row in ``criteria.csv``; a set of criteria is an integer with one
bit per criterion, so that a rule is two masks: the answers it needs to be yes, and to be no.
Records compare and hash by identity: there is one of each in a catalog.
"""

from __future__ import annotations

from dataclasses import dataclass

from soclib.tables.rows import YES, Provenance


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

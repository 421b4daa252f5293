"""Reasons, what would change the answer, and the assumptions that matter.

Every function takes a ``Case`` (the answers of one user) and returns frozen records whose
``text`` is made of sentences and clauses from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.tables.rows import NO, YES
from soclib.verdict.logic import bits, broken, rule_value, standing, unknown, value
from soclib.verdict.tables import VERDICT, Criterion, Outcome, Report, Rule
from soclib.words import fill, sentence, words_of


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """The answers of one user as masks over criteria.

    ``yes`` and ``no`` hold what is known, whether answered or assumed. ``given`` marks answers
    that count in this voice, ``unsure`` explicit unknowns among them, ``assumed`` assumptions in
    force, ``askable`` what is neither answered nor assumed.
    """

    catalog: Catalog
    voice: str
    yes: int
    no: int
    given: int
    unsure: int
    assumed: int
    askable: int


class Reason(NamedTuple):
    """Why a part of a verdict holds, fails or is open.

    ``assumed`` is true when all of its answers are assumed, and nobody gave them.
    """

    topic: str
    value: str
    text: str
    rule_id: str
    criteria: tuple[str, ...]
    source_ids: tuple[str, ...]
    evidence: str
    assumed: bool


class Change(NamedTuple):
    """The fewest answers that, changed together, give another status."""

    status_id: str
    flips: tuple[tuple[str, str], ...]
    text: str


class Assumption(NamedTuple):
    """An assumed answer whose opposite would change a status."""

    criterion_id: str
    answer: str
    text: str
    changes: tuple[tuple[str, str], ...]


STATE = {1: YES, 0: "open", -1: NO}


# --- words -------------------------------------------------------------------------------------


def criteria_of(case: Case, mask: int) -> tuple[Criterion, ...]:
    """Return the criteria of a mask that this voice is asked, in table order."""
    return _asked(case.catalog, case.voice, mask)


@lru_cache(maxsize=65536)
def _asked(catalog: Catalog, voice: str, mask: int) -> tuple[Criterion, ...]:
    criteria = (catalog.part(VERDICT).criteria[bit.bit_length() - 1] for bit in bits(mask))
    return tuple(criterion for criterion in criteria if voice in criterion.questions)


def clause(case: Case, criterion: Criterion, answer: str) -> str:
    """Return the clause that says what is true of this case under an answer to a criterion."""
    return criterion.questions[case.voice].clause(answer)


def joined(case: Case, parts: list[str]) -> str:
    """Return clauses as one: a, b and c."""
    head, last = parts[:-1], parts[-1]
    word = words_of(case.catalog, case.voice)["and"]
    return f"{', '.join(head)} {word} {last}" if head else last


# --- reasons -----------------------------------------------------------------------------------


def reasons(case: Case, report: Report) -> tuple[Reason, ...]:
    """Return why a report has its status: contradictions, subject, demand."""
    contradicted = [reason for o in report.contradictions for reason in met_reasons(case, o)]
    subject, demand = outcome_reasons(case, report.subject), outcome_reasons(case, report.demand)
    return (*contradicted, *subject, *demand)


def outcome_reasons(case: Case, outcome: Outcome) -> list[Reason]:
    """Return the reasons for one outcome: rules met, cells that fail, or what is missing."""
    explain = {1: met_reasons, 0: open_reasons, -1: failed_reasons}
    return explain[value(outcome, case.yes, case.no)](case, outcome)


def met_reasons(case: Case, outcome: Outcome) -> list[Reason]:
    """Return one reason per rule whose cells are all met; these are the minimal ones."""
    met = [rule for rule in outcome.rules if rule_value(rule, case.yes, case.no) == 1]
    return [
        _reason(case, outcome, YES, rule.because[case.voice], rule, rule.yes | rule.no)
        for rule in met
    ]


def failed_reasons(case: Case, outcome: Outcome) -> list[Reason]:
    """Return the answers that break every rule at once; where none does, one answer per rule."""
    breaks = [broken(rule, case.yes, case.no) for rule in outcome.rules]
    common = breaks[0]
    for mask in breaks:
        common &= mask
    if not common:
        for mask in breaks:
            common |= mask & -mask if not common & mask else 0
    failed = []
    for criterion in criteria_of(case, common):
        answer = YES if criterion.bit & case.yes else NO
        text = sentence(clause(case, criterion, answer))
        failed.append(_reason(case, outcome, NO, text, None, criterion.bit))
    return failed


def open_reasons(case: Case, outcome: Outcome) -> list[Reason]:
    """Return the rules nearest to being met, and what each still needs to know."""
    undecided = [rule for rule in outcome.rules if rule_value(rule, case.yes, case.no) == 0]
    fewest = min(unknown(rule, case.yes, case.no).bit_count() for rule in undecided)
    nearest = [r for r in undecided if unknown(r, case.yes, case.no).bit_count() == fewest]
    return [reason for rule in nearest for reason in _open_reason(case, outcome, rule)]


def _open_reason(case: Case, outcome: Outcome, rule: Rule) -> list[Reason]:
    missing = unknown(rule, case.yes, case.no)
    asked = criteria_of(case, missing)
    if not asked:
        return []
    total = (rule.yes | rule.no).bit_count()
    key = "still_to_find_out" if total == len(asked) else "conditions_hold"
    whether = words_of(case.catalog, case.voice)["whether"]
    clauses = [f"{whether} {clause(case, criterion, YES)}" for criterion in asked]
    parts = {"met": str(total - missing.bit_count()), "total": str(total)}
    text = fill(
        words_of(case.catalog, case.voice)[key], {**parts, "clauses": joined(case, clauses)}
    )
    return [_reason(case, outcome, "open", text, rule, missing)]


def _reason(  # noqa: PLR0913, PLR0917 - one call per kind of reason, all parts differ
    case: Case, outcome: Outcome, state: str, text: str, rule: Rule | None, mask: int
) -> Reason:
    provenance = rule.provenance if rule else outcome.provenance
    return Reason(
        topic=outcome.kind,
        value=state,
        text=text,
        rule_id=rule.rule_id if rule else "",
        criteria=tuple(criterion.criterion_id for criterion in criteria_of(case, mask)),
        source_ids=provenance.source_ids,
        evidence=provenance.evidence,
        assumed=bool(mask) and mask & ~case.assumed == 0,
    )


# --- what would change it ----------------------------------------------------------------------


def what_would_change(case: Case, report: Report, *, most: int = 3) -> tuple[Change, ...]:
    """Return the smallest sets of answers that would give another settled status.

    All sets of the smallest size that works are returned, at most ``most`` answers each.
    """
    now = standing(report, case.yes, case.no).status_id
    options = [_other_answers(case, criterion) for criterion in criteria_of(case, report.mask)]
    for size in range(1, most + 1):
        changes = [
            _change(case, flips, status_id)
            for chosen in combinations(options, size)
            for flips in product(*chosen)
            if (status_id := _status_after(case, report, flips)) not in (now, "open")
        ]
        if changes:
            return tuple(sorted(changes, key=lambda change: _assumed_flips(case, change)))
    return ()


def _assumed_flips(case: Case, change: Change) -> int:
    """Return how many assumptions a change overturns; changes that overturn fewer come first."""
    named = {criterion_id for criterion_id, _answer in change.flips}
    criteria = criteria_of(case, case.assumed)
    return sum(criterion.criterion_id in named for criterion in criteria)


Flip = tuple[Criterion, str]


def _other_answers(case: Case, criterion: Criterion) -> list[Flip]:
    known = YES if criterion.bit & case.yes else NO if criterion.bit & case.no else ""
    return [(criterion, answer) for answer in (YES, NO) if answer != known]


def _status_after(case: Case, report: Report, flips: tuple[Flip, ...]) -> str:
    yes, no = case.yes, case.no
    for criterion, answer in flips:
        bit = criterion.bit
        yes, no = (yes | bit, no & ~bit) if answer == YES else (yes & ~bit, no | bit)
    return standing(report, yes, no).status_id


def _change(case: Case, flips: tuple[Flip, ...], status_id: str) -> Change:
    text = joined(case, [clause(case, criterion, answer) for criterion, answer in flips])
    named = tuple((criterion.criterion_id, answer) for criterion, answer in flips)
    return Change(status_id, named, text)


# --- assumptions -------------------------------------------------------------------------------


def assumptions(case: Case) -> tuple[Assumption, ...]:
    """Return the assumed answers whose opposite would change a status, in table order."""
    relevant = 0
    for report in case.catalog.part(VERDICT).reports:
        relevant |= report.mask
    that_matter = []
    for criterion in criteria_of(case, case.assumed & relevant):
        answer = YES if criterion.bit & case.yes else NO
        flip = ((criterion, NO if answer == YES else YES),)
        changes = tuple(
            (report.report_id, after)
            for report in case.catalog.part(VERDICT).reports
            if criterion.bit & report.mask
            and (after := _status_after(case, report, flip))
            != standing(report, case.yes, case.no).status_id
        )
        if changes:
            text = clause(case, criterion, answer)
            that_matter.append(Assumption(criterion.criterion_id, answer, text, changes))
    return tuple(that_matter)

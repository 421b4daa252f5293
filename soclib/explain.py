"""Reasons, what would change the answer, the assumptions that matter, the next best question.

Every function takes a ``Case`` (the answers of one reader) and returns frozen records whose
``text`` is made of sentences and clauses from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from math import inf
from typing import NamedTuple

from soclib.logic import bits, broken, rule_value, standing, unknown, value
from soclib.model import NO, YES, Catalog, Criterion, Outcome, Report, Rule

TIE = 1e-9  # two expected counts closer than this are equal; the earlier question wins


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """The answers of one reader as masks over criteria.

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
    """Why a part of a verdict holds, fails or is open."""

    topic: str
    value: str
    text: str
    rule_id: str
    criteria: tuple[str, ...]
    source_ids: tuple[str, ...]
    evidence: str


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


class NextQuestion(NamedTuple):
    """The question to ask next; ``kind`` is report, path or assumption.

    ``expected_left`` is the expected number of questions, this one included, until the report
    it belongs to is settled (stated prior; 1.0 where there is no order to optimise).
    """

    criterion_id: str
    kind: str
    report_ids: tuple[str, ...]
    expected_left: float
    question: str
    who_knows: str
    find_out: str


STATE = {1: "yes", 0: "open", -1: "no"}


# --- words -------------------------------------------------------------------------------------


def sentence(clause: str) -> str:
    """Return a clause as a sentence."""
    return f"{clause[:1].upper()}{clause[1:]}."


def criteria_of(case: Case, mask: int) -> tuple[Criterion, ...]:
    """Return the criteria of a mask that this voice is asked, in table order."""
    return _asked(case.catalog, case.voice, mask)


@lru_cache(maxsize=65536)
def _asked(catalog: Catalog, voice: str, mask: int) -> tuple[Criterion, ...]:
    found = (catalog.criteria[bit.bit_length() - 1] for bit in bits(mask))
    return tuple(criterion for criterion in found if voice in criterion.questions)


def clause(case: Case, criterion: Criterion, answer: str) -> str:
    """Return what is true of this case when the criterion is answered so."""
    return criterion.questions[case.voice].clause(answer)


def joined(case: Case, parts: list[str]) -> str:
    """Return clauses as one: a, b and c."""
    head, last = parts[:-1], parts[-1]
    word = case.catalog.wording["and"][case.voice]
    return f"{', '.join(head)} {word} {last}" if head else last


# --- reasons -----------------------------------------------------------------------------------


def reasons(case: Case, report: Report) -> tuple[Reason, ...]:
    """Return why a report stands where it stands: contradictions, subject, demand."""
    found = [reason for o in report.contradictions for reason in met_reasons(case, o)]
    for outcome in (report.subject, report.demand):
        found += outcome_reasons(case, outcome)
    return tuple(found)


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
    """Return the answers that break every rule at once, or else one per rule."""
    breaks = [broken(rule, case.yes, case.no) for rule in outcome.rules]
    common = breaks[0]
    for mask in breaks:
        common &= mask
    if not common:
        for mask in breaks:
            common |= mask & -mask if not common & mask else 0
    found = []
    for criterion in criteria_of(case, common):
        answer = YES if criterion.bit & case.yes else NO
        text = sentence(clause(case, criterion, answer))
        found.append(_reason(case, outcome, NO, text, None, criterion.bit))
    return found


def open_reasons(case: Case, outcome: Outcome) -> list[Reason]:
    """Return the rules nearest to being met, and what each still needs to know."""
    alive = [rule for rule in outcome.rules if rule_value(rule, case.yes, case.no) == 0]
    fewest = min(unknown(rule, case.yes, case.no).bit_count() for rule in alive)
    nearest = [r for r in alive if unknown(r, case.yes, case.no).bit_count() == fewest]
    return [reason for rule in nearest for reason in _open_reason(case, outcome, rule)]


def _open_reason(case: Case, outcome: Outcome, rule: Rule) -> list[Reason]:
    missing = unknown(rule, case.yes, case.no)
    asked = criteria_of(case, missing)
    if not asked:
        return []
    total = (rule.yes | rule.no).bit_count()
    key = "still_to_find_out" if total == len(asked) else "conditions_hold"
    whether = case.catalog.wording["whether"][case.voice]
    clauses = [f"{whether} {clause(case, criterion, YES)}" for criterion in asked]
    text = case.catalog.wording[key][case.voice].format(
        met=total - missing.bit_count(), total=total, clauses=joined(case, clauses)
    )
    return [_reason(case, outcome, "open", text, rule, missing)]


def _reason(  # noqa: PLR0913 - one call per kind of reason, all parts differ
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
    )


# --- what would change it ----------------------------------------------------------------------


def what_would_change(case: Case, report: Report, *, most: int = 3) -> tuple[Change, ...]:
    """Return the smallest sets of answers that would give another settled status.

    All sets of the smallest size that works are returned, at most ``most`` answers each.
    """
    now = standing(report, case.yes, case.no).status_id
    options = [_other_answers(case, criterion) for criterion in criteria_of(case, report.mask)]
    for size in range(1, most + 1):
        found = [
            _change(case, flips, status_id)
            for chosen in combinations(options, size)
            for flips in product(*chosen)
            if (status_id := _status_after(case, report, flips)) not in (now, "open")
        ]
        if found:
            return tuple(found)
    return ()


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
    for report in case.catalog.reports:
        relevant |= report.mask
    found = []
    for criterion in criteria_of(case, case.assumed & relevant):
        answer = YES if criterion.bit & case.yes else NO
        flip = ((criterion, NO if answer == YES else YES),)
        changes = tuple(
            (report.report_id, after)
            for report in case.catalog.reports
            if criterion.bit & report.mask
            and (after := _status_after(case, report, flip))
            != standing(report, case.yes, case.no).status_id
        )
        if changes:
            text = clause(case, criterion, answer)
            found.append(Assumption(criterion.criterion_id, answer, text, changes))
    return tuple(found)


# --- the next question -------------------------------------------------------------------------


def next_question(case: Case, steps: tuple[Outcome, ...]) -> NextQuestion | None:
    """Return the question to ask next, or None when nothing is left that could matter.

    First what a report's status still hangs on, then the open ``steps`` of the path, then
    assumptions that matter. What was answered *Not sure* is never asked again.
    """
    best: tuple[float, Criterion, Report] | None = None
    for report in case.catalog.reports:
        found = _best_for(case, report)
        if found and (best is None or found[0] < best[0] - TIE):
            best = (*found, report)
    if best:
        expected, criterion, report = best
        return _question(case, criterion, "report", (report.report_id,), expected)
    for outcome in steps:
        mask = _open_criteria(case, outcome) & case.askable
        for criterion in criteria_of(case, mask)[:1]:
            return _question(case, criterion, "path", (outcome.report_id,), 1.0)
    for assumption in assumptions(case)[:1]:
        criterion = case.catalog.criterion(assumption.criterion_id)
        affected = tuple(report_id for report_id, _status in assumption.changes)
        return _question(case, criterion, "assumption", affected, 1.0)
    return None


def _question(
    case: Case, criterion: Criterion, kind: str, reports: tuple[str, ...], expected: float
) -> NextQuestion:
    words = criterion.questions[case.voice]
    return NextQuestion(
        *(criterion.criterion_id, kind, reports, round_half_up(expected)),
        *(words.question, words.who_knows, words.find_out),
    )


def round_half_up(number: float) -> float:
    """Return a number with two decimals, as the browser rounds it."""
    return int(number * 100 + 0.5) / 100


def _best_for(case: Case, report: Report) -> tuple[float, Criterion] | None:
    mask = case.askable & report.mask
    yes, no = case.yes & report.mask, case.no & report.mask
    best: tuple[float, Criterion] | None = None
    if _expected(case.catalog, report, yes, no, mask)[1] is not None:
        return None
    for criterion in criteria_of(case, mask):
        cost = _cost(case.catalog, report, yes, no, mask, criterion)
        if best is None or cost < best[0] - TIE:
            best = (cost, criterion)
    return best


@lru_cache(maxsize=65536)
def _expected(
    catalog: Catalog, report: Report, yes: int, no: int, open_: int
) -> tuple[float, str | None]:
    """Return the expected number of questions left, and the status once it is settled."""
    if not open_:
        return 0.0, standing(report, yes, no).status_id
    low = open_ & -open_
    left = _expected(catalog, report, yes | low, no, open_ ^ low)[1]
    right = _expected(catalog, report, yes, no | low, open_ ^ low)[1]
    if left is not None and left == right:
        return 0.0, left
    best = inf
    for bit in bits(open_):
        criterion = catalog.criteria[bit.bit_length() - 1]
        cost = _cost(catalog, report, yes, no, open_, criterion)
        if cost < best - TIE:
            best = cost
    return best, None


def _cost(  # noqa: PLR0913 - the state of the recursion, kept flat so that it can be memoised
    catalog: Catalog, report: Report, yes: int, no: int, open_: int, criterion: Criterion
) -> float:
    bit = criterion.bit
    chance = criterion.prior_yes or 0.5
    if_yes = _expected(catalog, report, yes | bit, no, open_ ^ bit)[0]
    if_no = _expected(catalog, report, yes, no | bit, open_ ^ bit)[0]
    return 1 + chance * if_yes + (1 - chance) * if_no


def _open_criteria(case: Case, outcome: Outcome) -> int:
    """Return the unknown criteria of the rules that could still decide an open outcome."""
    if value(outcome, case.yes, case.no) != 0:
        return 0
    mask = 0
    for rule in outcome.rules:
        if rule_value(rule, case.yes, case.no) == 0:
            mask |= unknown(rule, case.yes, case.no)
    return mask


def not_sure_yet(case: Case, steps: tuple[Outcome, ...]) -> tuple[Criterion, ...]:
    """Return the criteria answered *Not sure* that could still change a status or a step."""
    mask = 0
    for report in case.catalog.reports:
        mask |= _open_criteria(case, report.subject) | _open_criteria(case, report.demand)
    for outcome in steps:
        mask |= _open_criteria(case, outcome)
    return criteria_of(case, mask & case.unsure)

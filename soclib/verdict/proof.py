"""The audit: a proof over every way to answer, not a sample, that the rule tables are exact.

A set of states is one integer with a bit per state. Over k criteria there are 2^k full answers
(the number of a bit is binary, yes = 1) and 3^k partial ones (ternary: 0 no, 1 yes, 2 unknown).
Kleene evaluation and "every way of filling in the unknowns agrees" are both a few operations on
such integers, so comparing them proves exactness for all states at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

from soclib.catalog import Catalog, load_catalog
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES
from soclib.verdict.logic import bits
from soclib.verdict.tables import VERDICT, Outcome, Report, Rule
from soclib.words import words_of

MOST = 16  # criteria of one outcome or report; 3**16 states take 5 MB a set, 3**18 take 48
NO_DIGIT, YES_DIGIT = 0, 1  # of a state, in base 2 or 3
ANSWER_OF = (NO, YES, UNKNOWN)  # by its digit


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something that is wrong with the tables, with answers that show it."""

    check: str
    where: str
    message: str
    example: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return the finding as one line."""
        row = ", ".join(f"{key}={answer}" for key, answer in self.example)
        return f"{self.check}: {self.where}: {self.message}" + (f" [{row}]" if row else "")


@dataclass(frozen=True, slots=True)
class ProvenSpace:
    """How many states were proven for one outcome or report, and how many have which result."""

    where: str
    criteria: int
    states: int
    results: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        """Return the space as one line."""
        counts = ", ".join(f"{name} {count:,}" for name, count in self.results)
        return f"{self.where}: {self.criteria} criteria, all {self.states:,} states: {counts}"


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of the proof: ``ok`` when there are no findings in any of the ``spaces``."""

    version: str
    findings: tuple[AuditFinding, ...]
    spaces: tuple[ProvenSpace, ...]

    @property
    def ok(self) -> bool:
        """Return whether the tables passed."""
        return not self.findings

    def __str__(self) -> str:
        """Return the whole proof as text, findings first."""
        states = sum(space.states for space in self.spaces)
        count = len(self.findings)
        verdict = "proven" if self.ok else f"{count} finding{'s' * (count != 1)}"
        head = f"Tables {self.version}: {verdict} over {states:,} states"
        return "\n".join([head, *map(str, self.findings), *map(str, self.spaces)])


def audit(catalog: Catalog | None = None) -> Audit:
    """Return the proof that the rule tables are exact, without gaps and without dead rows."""
    catalog = catalog or load_catalog()
    if wide := _too_wide(catalog):
        return Audit(catalog.version, tuple(wide), ())
    findings = [
        finding for outcome in catalog.part(VERDICT).outcomes for finding in _rows(catalog, outcome)
    ]
    spaces = []
    for outcome in catalog.part(VERDICT).outcomes:
        more, space = _outcome(catalog, outcome)
        findings += more
        spaces.append(space)
    for report in catalog.part(VERDICT).reports:
        more, space = _status(catalog, report)
        findings += [*more, *_first_report(catalog, report)]
        spaces.append(space)
    findings += _unread(catalog)
    return Audit(catalog.version, tuple(findings), tuple(spaces))


def _too_wide(catalog: Catalog) -> list[AuditFinding]:
    masks = [(outcome.outcome_id, outcome.mask) for outcome in catalog.part(VERDICT).outcomes]
    masks += [
        (f"{report.report_id} status", report.mask) for report in catalog.part(VERDICT).reports
    ]
    return [
        AuditFinding(
            "too wide", where, f"{mask.bit_count()} criteria; at most {MOST} can be proven"
        )
        for where, mask in masks
        if mask.bit_count() > MOST
    ]


# --- rows: redundant ones and missing ones -----------------------------------------------------


def _rows(catalog: Catalog, outcome: Outcome) -> list[AuditFinding]:
    """Return the rows of an outcome that another row implies, and rows that are missing."""
    findings = []
    for first, second in combinations(outcome.rules, 2):
        for longer, shorter in ((first, second), (second, first)):
            if _implies(longer, shorter) and not (longer is second and _implies(shorter, longer)):
                message = f"implied by {shorter.rule_id}; delete it"
                findings.append(AuditFinding("redundant row", longer.rule_id, message))
        missing = _consensus(first, second)
        if missing and not any(_implies(missing, rule) for rule in outcome.rules):
            message = f"{first.rule_id} and {second.rule_id} need this row as well; add it"
            findings.append(
                AuditFinding("missing row", outcome.outcome_id, message, _cells(catalog, missing))
            )
    return findings


def _implies(longer: Rule, shorter: Rule) -> bool:
    return shorter.yes & ~longer.yes == 0 and shorter.no & ~longer.no == 0


def _consensus(first: Rule, second: Rule) -> Rule | None:
    """Return the row that follows from two rows opposed in exactly one criterion."""
    opposed = (first.yes & second.no) | (first.no & second.yes)
    if opposed.bit_count() != 1:
        return None
    yes, no = (first.yes | second.yes) & ~opposed, (first.no | second.no) & ~opposed
    return Rule(f"{first.rule_id}+{second.rule_id}", yes, no, {}, first.provenance)


def _cells(catalog: Catalog, rule: Rule) -> tuple[tuple[str, str], ...]:
    return tuple(
        (criterion.criterion_id, YES if criterion.bit & rule.yes else NO)
        for criterion in catalog.part(VERDICT).criteria
        if criterion.bit & (rule.yes | rule.no)
    )


def _unread(catalog: Catalog) -> list[AuditFinding]:
    read = 0
    for outcome in catalog.part(VERDICT).outcomes:
        read |= outcome.mask
    return [
        AuditFinding(
            "unread criterion", criterion.criterion_id, "no rule reads it; use it or drop it"
        )
        for criterion in catalog.part(VERDICT).criteria
        if not criterion.bit & read
    ]


# --- exactness ---------------------------------------------------------------------------------


def _outcome(catalog: Catalog, outcome: Outcome) -> tuple[list[AuditFinding], ProvenSpace]:
    names = bits(outcome.mask)
    yes, no = kleene(outcome, names)
    findings = _exact(catalog, outcome, names)
    everything = _full(3 ** len(names))
    counts = ((YES, yes), (NO, no), ("open", everything & ~(yes | no)))
    results = tuple((name, states.bit_count()) for name, states in counts)
    if names and (not yes or not no):
        finding = AuditFinding("constant outcome", outcome.outcome_id, "it never changes; drop it")
        findings.append(finding)
    return findings, ProvenSpace(outcome.outcome_id, len(names), 3 ** len(names), results)


def _exact(catalog: Catalog, outcome: Outcome, names: tuple[int, ...]) -> list[AuditFinding]:
    """Return a state in which Kleene evaluation is wrong by its completions, if there is one."""
    yes, no = kleene(outcome, names)
    truth, count = full_truth(outcome, names), len(names)
    wrong = (yes ^ settled_states(truth, count)) | (
        no ^ settled_states(truth ^ _full(2**count), count)
    )
    if not wrong:
        return []
    message = "not exact: rows are missing; see the missing rows above"
    return [AuditFinding("not exact", outcome.outcome_id, message, _state(catalog, names, wrong))]


def kleene(outcome: Outcome, names: tuple[int, ...]) -> tuple[int, int]:
    """Return the partial states where the rules say yes, and where they say no."""
    count = len(names)
    yes, no = 0, _full(3**count)
    for rule in outcome.rules:
        met, broken = _full(3**count), 0
        for place, bit in enumerate(names):
            if bit & (rule.yes | rule.no):
                digits = (YES_DIGIT, NO_DIGIT)
                wanted, other = digits if bit & rule.yes else digits[::-1]
                met &= states_with(place, count, 3, wanted)
                broken |= states_with(place, count, 3, other)
        yes |= met
        no &= broken
    return yes, no


def full_truth(outcome: Outcome, names: tuple[int, ...]) -> int:
    """Return the full answers for which an outcome is yes."""
    count, truth = len(names), 0
    for rule in outcome.rules:
        met = _full(2**count)
        for place, bit in enumerate(names):
            if bit & (rule.yes | rule.no):
                met &= states_with(place, count, 2, YES_DIGIT if bit & rule.yes else NO_DIGIT)
        truth |= met
    return truth


@cache
def states_with(place: int, count: int, base: int, digit: int) -> int:
    """Return the states over ``count`` criteria in which one criterion has one digit."""
    width: int = base**place
    pattern = _full(width) << (digit * width)
    total: int = base**count
    size = width * base
    while size < total:  # repeat the pattern, doubling it as long as that fits
        pattern |= pattern << size
        size *= 2
    return pattern & _full(total)


def settled_states(truth: int, count: int) -> int:
    """Return the partial states of which every completion is one of the full ones in ``truth``."""
    memo: dict[tuple[int, int], int] = {}

    def walk(part: int, left: int) -> int:
        if part in (0, _full(2**left)):
            return _full(3**left) if part else 0
        key = (part, left)
        if key not in memo:
            half, third = 2 ** (left - 1), 3 ** (left - 1)
            low, high = part & _full(half), part >> half
            both = walk(low & high, left - 1) << (2 * third)
            memo[key] = walk(low, left - 1) | walk(high, left - 1) << third | both
        states: int = memo[key]
        return states

    return walk(truth, count)


@cache
def _full(width: int) -> int:
    states: int = (1 << width) - 1
    return states


def _state(catalog: Catalog, names: tuple[int, ...], states: int) -> tuple[tuple[str, str], ...]:
    """Return the first of some partial states, as answers."""
    number = (states & -states).bit_length() - 1
    row = []
    for bit in names:
        number, digit = divmod(number, 3)
        row.append(
            (catalog.part(VERDICT).criteria[bit.bit_length() - 1].criterion_id, ANSWER_OF[digit])
        )
    return tuple(row)


# --- statuses ----------------------------------------------------------------------------------


def _status(catalog: Catalog, report: Report) -> tuple[list[AuditFinding], ProvenSpace]:
    """Prove a report's status over all that its subject, demand and contradictions name."""
    names = bits(report.mask)
    count = len(names)
    findings = []
    neutral = report.square[0, 0].status_id
    everything = _full(2**count)
    given, truth = _given_statuses(report, names), _true_statuses(report, names)
    for status_id, states in given.items():
        settled = settled_states(truth.get(status_id, 0), count)
        if wrong := settled & ~states:
            message = f"every completion is {status_id}, but the square says otherwise"
            findings.append(
                AuditFinding("wrong cell", report.report_id, message, _state(catalog, names, wrong))
            )
        never = settled_states(everything & ~truth.get(status_id, 0), count)
        if status_id != neutral and (wrong := states & never):
            message = f"the square says {status_id}, but no completion does"
            findings.append(
                AuditFinding("wrong cell", report.report_id, message, _state(catalog, names, wrong))
            )
        if not states:
            message = f"status {status_id} is in the square, but no answers lead to it"
            findings.append(AuditFinding("unreachable status", report.report_id, message))
    results = tuple((status_id, states.bit_count()) for status_id, states in given.items())
    return findings, ProvenSpace(f"{report.report_id} status", count, 3**count, results)


def _given_statuses(report: Report, names: tuple[int, ...]) -> dict[str, int]:
    """Return the partial states by the status that they are given."""
    everything = _full(3 ** len(names))
    sides = {}
    for name, outcome in (("subject", report.subject), ("demand", report.demand)):
        yes, no = kleene(outcome, names)
        sides[name] = {1: yes, -1: no, 0: everything & ~(yes | no)}
    conflict = 0
    for outcome in report.contradictions:
        conflict |= kleene(outcome, names)[0]
    given: dict[str, int] = {}
    for (subject, demand), cell in report.square.items():
        states = sides["subject"][subject] & ~conflict
        if subject == 0:
            states |= conflict
        states &= sides["demand"][demand]
        given[cell.status_id] = given.get(cell.status_id, 0) | states
    return given


def _true_statuses(report: Report, names: tuple[int, ...]) -> dict[str, int]:
    """Return the full answers by the status that they are given."""
    everything = _full(2 ** len(names))
    subject, demand = full_truth(report.subject, names), full_truth(report.demand, names)
    conflict = 0
    for outcome in report.contradictions:
        conflict |= full_truth(outcome, names)
    sides = {1: subject & ~conflict, -1: everything & ~subject & ~conflict, 0: conflict}
    truth: dict[str, int] = {}
    for (at_subject, at_demand), cell in report.square.items():
        if at_demand:
            states = sides[at_subject] & (demand if at_demand == 1 else everything & ~demand)
            truth[cell.status_id] = truth.get(cell.status_id, 0) | states
    return truth


def _first_report(catalog: Catalog, report: Report) -> list[AuditFinding]:
    """Prove that every full answer without a contradiction leads to a first report."""
    words = words_of(catalog, VOICES[0])
    types = [step for step in report.steps if f"first_{step.step_id}" in words]
    mask = 0
    for step in types:
        mask |= step.mask
    names = bits(mask)
    covered = 0
    for step in types:
        covered |= full_truth(step, names)
    gap = _full(2 ** len(names)) & ~covered
    if not types or not gap:
        return []
    number = (gap & -gap).bit_length() - 1
    row = tuple(
        (
            catalog.part(VERDICT).criteria[bit.bit_length() - 1].criterion_id,
            ANSWER_OF[number >> place & 1],
        )
        for place, bit in enumerate(names)
    )
    message = "these answers lead to no first report; add a rule to one of its types"
    return [AuditFinding("gap in the path", report.report_id, message, row)]

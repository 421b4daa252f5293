"""Which questions are still open, and which of them to ask next.

The next one is chosen by the expected number of questions that are then left.

Per report the order is exact: dynamic programming over the partial answers of its criteria that
are neither answered nor assumed (three at most in the shipped tables), with the stated prior.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.verdict.explain import Case, assumptions, criteria_of
from soclib.verdict.logic import bits, rule_value, standing, unknown, value
from soclib.verdict.tables import VERDICT, Criterion, Outcome, Report


def open_questions(case: Case) -> tuple[Criterion, ...]:
    """Return the criteria without a known answer that could still change a report's status.

    Contradictions are left out: they call for another look at answers that were given.
    """
    mask = 0
    for report in case.catalog.part(VERDICT).reports:
        mask |= _deciding(case, report)
    return criteria_of(case, mask)


def _deciding(case: Case, report: Report) -> int:
    """Return the criteria that could still change the status of a report, as a mask."""
    subject, demand = report.subject, report.demand
    mask = 0
    if _may_decide(case, report, demand, of_subject=True):
        mask |= _settling(case, subject)
    if _may_decide(case, report, subject, of_subject=False):
        mask |= _settling(case, demand)
    return mask


def _may_decide(case: Case, report: Report, other: Outcome, *, of_subject: bool) -> bool:
    """Return whether subject (or demand) can still decide the status of a report.

    ``other`` is the opposite side; what counts is the value that it has, or may still get.
    """
    now = value(other, case.yes, case.no)
    return any(
        now in (0, at) and status_differs(report, at, of_subject=of_subject) for at in (1, -1)
    )


def status_differs(report: Report, at: int, *, of_subject: bool) -> bool:
    """Return whether subject (or demand) decides the status while the other one is ``at``."""
    places = [(1, at), (-1, at)] if of_subject else [(at, 1), (at, -1)]
    return len({report.square[place].status_id for place in places}) > 1


def _settling(case: Case, outcome: Outcome) -> int:
    """Return the criteria of the smallest sets of answers that would settle an open outcome."""
    if value(outcome, case.yes, case.no) != 0:
        return 0
    missing = {
        unknown(rule, case.yes, case.no)
        for rule in outcome.rules
        if rule_value(rule, case.yes, case.no) == 0
    }
    smallest = [mask for mask in missing if not any(_within(other, mask) for other in missing)]
    return sum({bit for mask in smallest for bit in bits(mask)})


def _within(inner: int, outer: int) -> bool:
    return inner != outer and inner & ~outer == 0


Paths = dict[str, tuple[Outcome, ...]]  # the steps of reports that are on the way, by report id
TIE = 1e-9  # two expected counts closer than this are equal; the earlier question wins


class NextQuestion(NamedTuple):
    """The question to ask next; ``kind`` is contradiction, report, path or assumption.

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


def next_question(case: Case, paths: Paths) -> NextQuestion | None:
    """Return the question to ask next, or None when nothing is left that could matter.

    First a contradiction, then what a report with something to cover still depends on, then the
    open steps of ``paths`` (outcomes by report id), then reports that could only be asked for in
    error, then assumptions. What was answered *Not sure* is never asked again.
    """
    reports = case.catalog.part(VERDICT).reports
    subjects = {report: value(report.subject, case.yes, case.no) for report in reports}
    leading = [report for report in reports if subjects[report] >= 0]
    return (
        _contradicted(case)
        or _of_reports(case, leading)
        or _of_paths(case, paths)
        or _of_reports(case, [report for report in reports if report not in leading])
        or _of_assumptions(case, paths)
    )


def equally_good(case: Case, paths: Paths) -> tuple[str, ...]:
    """Return every question that ranks as high as the next one, which is among them."""
    question = next_question(case, paths)
    if question is None:
        return ()
    ranked = {
        "contradiction": _answers_of_contradiction,
        "report": _least_expected,
        "path": _next_on_paths,
        "assumption": _just_as_doubtful,
    }[question.kind](case, paths, question)
    return tuple(criterion.criterion_id for criterion in ranked)


def _answers_of_contradiction(
    case: Case, _paths: Paths, question: NextQuestion
) -> tuple[Criterion, ...]:
    """Return all answers of the contradiction to which the next question belongs."""
    for outcome in case.catalog.part(VERDICT).of_kind("contradiction"):
        for rule in outcome.rules:
            criteria = criteria_of(case, (rule.yes | rule.no) & case.given)
            named = [criterion.criterion_id for criterion in criteria]
            if rule_value(rule, case.yes, case.no) == 1 and question.criterion_id in named:
                return criteria
    return ()


def _least_expected(case: Case, _paths: Paths, question: NextQuestion) -> tuple[Criterion, ...]:
    """Return the questions that leave as few to ask, on the stated prior, for any report."""
    subjects = {
        r.report_id: value(r.subject, case.yes, case.no) for r in case.catalog.part(VERDICT).reports
    }
    leads = subjects[question.report_ids[0]] >= 0
    reports = [
        r for r in case.catalog.part(VERDICT).reports if (subjects[r.report_id] >= 0) == leads
    ]
    costs = {
        criterion.criterion_id: _cost_of(case, report, criterion)
        for report in reports
        if _best_for(case, report)
        for criterion in criteria_of(case, case.askable & report.mask)
    }
    least = min(costs.values())
    return tuple(
        case.catalog.part(VERDICT).criterion(key) for key in costs if costs[key] < least + TIE
    )


def _next_on_paths(case: Case, paths: Paths, _question: NextQuestion) -> tuple[Criterion, ...]:
    """Return what the first open step depends on."""
    for steps in paths.values():
        for outcome in steps:
            if mask := _open_criteria(case, outcome) & case.askable:
                return criteria_of(case, mask)
    return ()


def _just_as_doubtful(case: Case, paths: Paths, question: NextQuestion) -> tuple[Criterion, ...]:
    """Return the assumptions that matter and are as likely to be wrong."""
    chance = _chance_of_wrong(case, case.catalog.part(VERDICT).criterion(question.criterion_id))
    return tuple(
        criterion
        for criterion in criteria_of(case, case.assumed)
        if criterion.criterion_id in _affected(case, paths)
        and _chance_of_wrong(case, criterion) > chance - TIE
    )


def next_of_steps(case: Case, paths: Paths) -> NextQuestion | None:
    """Return the question to ask next about the steps of ``paths`` alone, or None."""
    return _of_paths(case, paths) or _likeliest_wrong(case, _assumed_for(case, paths))


def _contradicted(case: Case) -> NextQuestion | None:
    """Return the first answered question of a contradiction, to be looked at again."""
    for outcome in case.catalog.part(VERDICT).of_kind("contradiction"):
        for rule in outcome.rules:
            if rule_value(rule, case.yes, case.no) == 1 and case.voice in outcome.voices:
                for criterion in criteria_of(case, (rule.yes | rule.no) & case.given):
                    return _question(
                        case, criterion, "contradiction", _reports_of(case, outcome), 1
                    )
    return None


def _reports_of(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Return the reports that a contradiction touches, directly or through a step."""
    return tuple(
        report.report_id
        for report in case.catalog.part(VERDICT).reports
        if {report.report_id, *(step.outcome_id for step in report.steps)} & set(outcome.touches)
    )


def _of_reports(case: Case, reports: list[Report]) -> NextQuestion | None:
    best: tuple[float, Criterion, Report] | None = None
    for report in reports:
        candidate = _best_for(case, report)
        if candidate and (best is None or candidate[0] < best[0] - TIE):
            best = (*candidate, report)
    if best is None:
        return None
    return _question(case, best[1], "report", (best[2].report_id,), best[0])


def _of_paths(case: Case, paths: Paths) -> NextQuestion | None:
    open_for = {
        report_id: _open_of(case, steps) & case.askable for report_id, steps in paths.items()
    }
    for steps in paths.values():
        for outcome in steps:
            for criterion in criteria_of(case, _open_criteria(case, outcome) & case.askable):
                named = tuple(key for key, mask in open_for.items() if mask & criterion.bit)
                return _question(case, criterion, "path", named, 1)
    return None


def _open_of(case: Case, outcomes: tuple[Outcome, ...]) -> int:
    mask = 0
    for outcome in outcomes:
        mask |= _open_criteria(case, outcome)
    return mask


def _of_assumptions(case: Case, paths: Paths) -> NextQuestion | None:
    """Return the assumption that is likeliest to be wrong among those that matter."""
    return _likeliest_wrong(case, _affected(case, paths))


def _affected(case: Case, paths: Paths) -> dict[str, tuple[str, ...]]:
    """Return the assumptions that matter, and the reports that they matter for."""
    affected: dict[str, tuple[str, ...]] = {}
    for assumption in assumptions(case):
        named = tuple(report_id for report_id, _status in assumption.changes)
        affected[assumption.criterion_id] = named
    scoped = {
        report_id: (
            *steps,
            *(
                o
                for o in case.catalog.part(VERDICT).of_kind("category")
                if o.report_id == report_id
            ),
        )
        for report_id, steps in paths.items()
    }
    return _assumed_for(case, scoped) | affected


def _assumed_for(case: Case, outcomes: Paths) -> dict[str, tuple[str, ...]]:
    """Return the assumed criteria that matter for outcomes, with the report they matter for."""
    affected: dict[str, tuple[str, ...]] = {}
    for report_id, of_report in outcomes.items():
        for outcome in of_report:
            for criterion in criteria_of(case, outcome.mask & case.assumed):
                if _matters(case, outcome, criterion):
                    affected.setdefault(criterion.criterion_id, (report_id,))
    return affected


def _likeliest_wrong(case: Case, affected: dict[str, tuple[str, ...]]) -> NextQuestion | None:
    """Return the question on the assumption that is likeliest to be wrong."""
    best: tuple[float, Criterion] | None = None
    for criterion in criteria_of(case, case.assumed):
        if criterion.criterion_id in affected:
            wrong = _chance_of_wrong(case, criterion)
            if best is None or wrong > best[0] + TIE:
                best = (wrong, criterion)
    if best is None:
        return None
    return _question(case, best[1], "assumption", affected[best[1].criterion_id], 1)


def _chance_of_wrong(case: Case, criterion: Criterion) -> float:
    """Return how likely an assumed answer is to be wrong, on the stated prior."""
    return 1 - criterion.prior_yes if criterion.bit & case.yes else criterion.prior_yes


def _matters(case: Case, outcome: Outcome, criterion: Criterion) -> bool:
    """Return whether the opposite of an assumed answer would change an outcome."""
    yes, no = case.yes ^ criterion.bit, case.no ^ criterion.bit
    return value(outcome, yes, no) != value(outcome, case.yes, case.no)


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
        cost = _cost_of(case, report, criterion)
        if best is None or cost < best[0] - TIE:
            best = (cost, criterion)
    return best


def _cost_of(case: Case, report: Report, criterion: Criterion) -> float:
    """Return how many questions a report would take if this one were asked now."""
    mask = case.askable & report.mask
    yes, no = case.yes & report.mask, case.no & report.mask
    return _cost(case.catalog, report, yes, no, mask, criterion)


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
        criterion = catalog.part(VERDICT).criteria[bit.bit_length() - 1]
        cost = _cost(catalog, report, yes, no, open_, criterion)
        if cost < best - TIE:
            best = cost
    return best, None


def _cost(  # noqa: PLR0913, PLR0917 - the state of the recursion, kept flat so that it can be memoised
    catalog: Catalog, report: Report, yes: int, no: int, open_: int, criterion: Criterion
) -> float:
    bit = criterion.bit
    chance = criterion.prior_yes
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


def not_sure_yet(case: Case, paths: Paths) -> tuple[Criterion, ...]:
    """Return the criteria answered *Not sure* that could still change a status or a step."""
    mask = 0
    for report in case.catalog.part(VERDICT).reports:
        mask |= _open_of(case, (report.subject, report.demand))
    for steps in paths.values():
        mask |= _open_of(case, steps)
    return criteria_of(case, mask & case.unsure)

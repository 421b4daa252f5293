"""The formulas of ``logic`` over the rows of a data frame, and what could still change them."""

from __future__ import annotations

from collections.abc import Callable

from soclib.batch.planes import Plane, both, either, negated
from soclib.batch.rails import Kind, Rail, at, every, same, some
from soclib.logic import bits
from soclib.model import Report, Rule
from soclib.open_questions import status_differs

Rails = dict[int, Rail]  # answers by the bit of their criterion
Weigh = Callable[[Rule], Rail]  # whether a rule is met (yes) or broken (no)


def rule_rail(kind: Kind, rule: Rule, rails: Rails, within: int = -1) -> Rail:
    """Return whether the cells of a rule are met, all of them or those of a mask."""
    wanted = [rails[bit] for bit in bits(rule.yes & within)]
    wanted += [rails[bit].inverted() for bit in bits(rule.no & within)]
    found: Rail = every(kind, wanted)
    return found


def outcome_rail(kind: Kind, rules: tuple[Rule, ...], weigh: Weigh) -> Rail:
    """Return an outcome: the OR of its rules."""
    found: Rail = some(kind, (weigh(rule) for rule in rules))
    return found


def status_planes(report: Report, subject: Rail, demand: Rail) -> dict[str, Plane]:
    """Return where a report has which status; exactly one of them holds in every row."""
    found: dict[str, dict[int, list[int]]] = {}
    for (about, wanted), cell in report.square.items():
        found.setdefault(cell.status_id, {}).setdefault(about, []).append(wanted)
    return {
        status_id: either(
            both((at(subject, about), among(demand, numbers))) for about, numbers in places.items()
        )
        for status_id, places in found.items()
    }


def among(rail: Rail, numbers: list[int]) -> Plane:
    """Return where a rail is one of some of yes (1), no (-1) and unknown (0)."""
    left = [number for number in (1, 0, -1) if number not in numbers]
    if len(left) == 1:
        return negated(at(rail, left[0]))
    return either(at(rail, number) for number in numbers) if left else True


def matters(kind: Kind, rules: tuple[Rule, ...], bit: int, rails: Rails, weigh: Weigh) -> Plane:
    """Return where the answer to an unknown criterion could still change an outcome.

    It stands in a rule that nothing breaks, and no other rule is met but for cells of that one:
    then it is in a prime implicant of what is left.
    """
    others = [rule for rule in rules if not (rule.yes | rule.no) & bit]
    alive = []
    for rule in rules:
        cells = rule.yes | rule.no
        if cells & bit:
            instead = either(rule_rail(kind, other, rails, ~cells).yes for other in others)
            alive.append(both((negated(weigh(rule).no), negated(instead))))
    return both((rails[bit].unknown, either(alive)))


def may_decide(report: Report, other: Rail, *, of_subject: bool) -> Plane:
    """Return where subject (or demand) can decide the status, whatever ``other`` still becomes."""
    decisive = [sign for sign in (1, -1) if status_differs(report, sign, of_subject=of_subject)]
    return either(negated(at(other, -sign)) for sign in decisive)


def status_turns(report: Report, before: Rail, after: Rail, demand: Rail) -> Plane:
    """Return where another subject gives another status, under a demand that stays."""
    numbers = (1, 0, -1)
    pairs = [(one, two) for one in numbers for two in numbers if one != two]
    turning = {
        pair: [d for d in numbers if _status(report, pair[0], d) != _status(report, pair[1], d)]
        for pair in pairs
    }
    if all(len(demands) == len(numbers) for demands in turning.values()):
        return negated(same(before, after))
    return either(
        both((at(before, one), at(after, two), among(demand, demands)))
        for (one, two), demands in turning.items()
        if demands
    )


def _status(report: Report, subject: int, demand: int) -> str:
    return report.square[subject, demand].status_id

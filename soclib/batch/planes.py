"""The three-valued algebra as expressions over the columns of a data frame.

An answer is a ``Rail`` of two planes, never null: where it is known to be yes, and where it is
known to be no; neither means unknown. A plane is a Boolean expression, or a plain truth value where
the tables or a missing column settle it for every row. The formulas are those of ``logic``, so that
every backend that Narwhals knows evaluates the one rule table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import narwhals as nw

from soclib.logic import bits
from soclib.model import Report, Rule
from soclib.open_questions import status_differs

Plane = nw.Expr | bool


class Rail(NamedTuple):
    """Where something is yes and where it is no; both are planes, and never true at once."""

    yes: Plane
    no: Plane

    @property
    def unknown(self) -> Plane:
        """Return where it is neither."""
        return negated(either((self.yes, self.no)))


CONSTANT = {1: Rail(yes=True, no=False), -1: Rail(yes=False, no=True), 0: Rail(yes=False, no=False)}
Rails = dict[int, Rail]  # answers by the bit of their criterion
Weigh = Callable[[Rule], Rail]  # where a rule is met (yes), and where it is broken (no)


def both(planes: Iterable[Plane]) -> Plane:
    """Return where all of some planes are true."""
    return _folded(planes, neutral=True)


def either(planes: Iterable[Plane]) -> Plane:
    """Return where any of some planes is true."""
    return _folded(planes, neutral=False)


def negated(plane: Plane) -> Plane:
    """Return where a plane is false."""
    return not plane if isinstance(plane, bool) else ~plane


def _folded(planes: Iterable[Plane], *, neutral: bool) -> Plane:
    """Return the AND (neutral: true) or OR of planes, plain truth values folded away."""
    left: list[nw.Expr] = []
    for plane in planes:
        if not isinstance(plane, bool):
            left.append(plane)
        elif plane is not neutral:
            return plane
    return reduce(and_ if neutral else or_, left) if left else neutral


# --- rules and outcomes ------------------------------------------------------------------------


def met(rule: Rule, rails: Rails, within: int = -1) -> Plane:
    """Return where the cells of a rule are met, all of them or those of a mask."""
    yes, no = bits(rule.yes & within), bits(rule.no & within)
    return both([*(rails[bit].yes for bit in yes), *(rails[bit].no for bit in no)])


def broken(rule: Rule, rails: Rails) -> Plane:
    """Return where some cell of a rule is broken."""
    yes, no = bits(rule.yes), bits(rule.no)
    return either([*(rails[bit].no for bit in yes), *(rails[bit].yes for bit in no)])


def outcome_rail(rules: Iterable[Rule], weigh: Weigh) -> Rail:
    """Return where an outcome is yes (one rule met) and where it is no (all broken)."""
    weighed = [weigh(rule) for rule in rules]
    return Rail(either(rule.yes for rule in weighed), both(rule.no for rule in weighed))


def in_doubt(rail: Rail, doubt: Plane) -> Rail:
    """Return a rail that is unknown wherever ``doubt`` is true."""
    sure = negated(doubt)
    return Rail(both((rail.yes, sure)), both((rail.no, sure)))


def at(rail: Rail, number: int) -> Plane:
    """Return where a rail is yes (1), no (-1) or unknown (0)."""
    return {1: rail.yes, -1: rail.no, 0: rail.unknown}[number]


def status_planes(report: Report, subject: Rail, demand: Rail) -> dict[str, Plane]:
    """Return where a report has which status; exactly one of them holds in every row."""
    found: dict[str, list[Plane]] = {}
    for (about, wanted), cell in report.square.items():
        plane = both((at(subject, about), at(demand, wanted)))
        found.setdefault(cell.status_id, []).append(plane)
    return {status_id: either(planes) for status_id, planes in found.items()}


# --- what could still change -------------------------------------------------------------------


def matters(rules: tuple[Rule, ...], bit: int, rails: Rails, weigh: Weigh) -> Plane:
    """Return where the answer to an unknown criterion could still change an outcome.

    It stands in a rule that nothing breaks, and no other rule is met but for cells of that one:
    then it is in a prime implicant of what is left.
    """
    others = [rule for rule in rules if not (rule.yes | rule.no) & bit]
    alive = []
    for rule in rules:
        cells = rule.yes | rule.no
        if cells & bit:
            instead = either(met(other, rails, ~cells) for other in others)
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
        both((at(before, one), at(after, two), either(at(demand, d) for d in demands)))
        for (one, two), demands in turning.items()
    )


def same(before: Rail, after: Rail) -> Plane:
    """Return where two rails agree."""
    return either(both((at(before, number), at(after, number))) for number in (1, 0, -1))


def _status(report: Report, subject: int, demand: int) -> str:
    return report.square[subject, demand].status_id

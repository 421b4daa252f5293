"""The three-valued algebra over the rows of a data frame: yes, no or unknown in every row.

Two ways to hold it, with the same results. ``Nullable`` is one nullable Boolean, whose AND, OR and
NOT are Kleene's in DuckDB, Spark and Polars alike: half as many columns, without which Spark makes
one method of them that Java does not compile. ``TwoPlanes`` is one plane for yes and one for no: a
little faster in memory, and safe in pandas, whose plain columns know no null.

A plane is a Boolean expression, or a plain truth value where the tables or a missing column settle
it for every row; those are folded away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple, Protocol, Self

import narwhals as nw

from soclib.verdict.logic import bits
from soclib.verdict.next_question import status_differs
from soclib.verdict.tables import Report, Rule

Plane = nw.Expr | bool


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


# --- rails: yes, no or unknown in every row -------------------------------------------------------


Named = Callable[[nw.Expr], nw.Expr]  # gives an expression a column of its own
SETTLED = {1: True, -1: False, 0: None}


class Rail(Protocol):
    """Something that is yes, no or unknown in every row; a plane says where it is which."""

    @property
    def yes(self) -> Plane:
        """Return where it is yes."""

    @property
    def no(self) -> Plane:
        """Return where it is no."""

    @property
    def unknown(self) -> Plane:
        """Return where it is neither."""

    def inverted(self) -> Self:
        """Return NOT."""

    def unless(self, doubt: Plane) -> Self:
        """Return the same, unknown wherever ``doubt`` is true."""

    def named(self, name: Named) -> Self:
        """Return the same as columns of their own."""


class TwoPlanes(NamedTuple):
    """Where something is yes and where it is no; never both."""

    yes: Plane
    no: Plane

    @property
    def unknown(self) -> Plane:
        """Return where it is neither."""
        return negated(either((self.yes, self.no)))

    @classmethod
    def fixed(cls, number: int) -> TwoPlanes:
        """Return what is yes (1), no (-1) or unknown (0) in every row."""
        return cls(number == 1, number == -1)

    @classmethod
    def answered(cls, yes: Plane, no: Plane, _cell: nw.Expr | None = None) -> TwoPlanes:
        """Return an answer from where it is yes and no."""
        return cls(yes, no)

    @classmethod
    def all(cls, rails: Sequence[TwoPlanes]) -> TwoPlanes:
        """Return AND."""
        return cls(both(rail.yes for rail in rails), either(rail.no for rail in rails))

    @classmethod
    def any(cls, rails: Sequence[TwoPlanes]) -> TwoPlanes:
        """Return OR."""
        return cls(either(rail.yes for rail in rails), both(rail.no for rail in rails))

    def inverted(self) -> TwoPlanes:
        """Return NOT."""
        return TwoPlanes(self.no, self.yes)

    def unless(self, doubt: Plane) -> TwoPlanes:
        """Return the same, unknown wherever ``doubt`` is true."""
        sure = negated(doubt)
        return TwoPlanes(both((self.yes, sure)), both((self.no, sure)))

    def named(self, name: Named) -> TwoPlanes:
        """Return the same as columns of their own."""
        return TwoPlanes(*(p if isinstance(p, bool) else name(p) for p in self))


class Nullable(NamedTuple):
    """A nullable Boolean, or True, False or None where it is the same in every row."""

    value: nw.Expr | bool | None

    @property
    def yes(self) -> Plane:
        """Return where it is yes."""
        if _constant(self.value):
            return self.value is True
        return self.value.fill_null(value=False)  # type: ignore[union-attr]

    @property
    def no(self) -> Plane:
        """Return where it is no."""
        return self.inverted().yes

    @property
    def unknown(self) -> Plane:
        """Return where it is neither."""
        return self.value is None if _constant(self.value) else self.value.is_null()  # type: ignore[union-attr]

    @classmethod
    def fixed(cls, number: int) -> Nullable:
        """Return what is yes (1), no (-1) or unknown (0) in every row."""
        return cls(SETTLED[number])

    @classmethod
    def answered(cls, yes: Plane, no: Plane, cell: nw.Expr | None = None) -> Nullable:
        """Return an answer: a nullable Boolean as it is, or from where it is yes and no."""
        if cell is not None:
            return cls(cell)
        if isinstance(yes, bool) and isinstance(no, bool):
            return cls.fixed(yes - no)
        if isinstance(no, bool):  # nowhere no, since somewhere yes
            return cls(nw.when(yes).then(nw.lit(value=True)))  # type: ignore[arg-type]
        denied = nw.when(no).then(nw.lit(value=False))
        if isinstance(yes, bool):
            return cls(denied)
        return cls(nw.when(yes).then(nw.lit(value=True)).otherwise(denied))

    @classmethod
    def all(cls, rails: Sequence[Nullable]) -> Nullable:
        """Return AND."""
        return _joined(rails, neutral=True)

    @classmethod
    def any(cls, rails: Sequence[Nullable]) -> Nullable:
        """Return OR."""
        return _joined(rails, neutral=False)

    def inverted(self) -> Nullable:
        """Return NOT."""
        if isinstance(self.value, bool):
            return Nullable(not self.value)
        return self if self.value is None else Nullable(~self.value)

    def unless(self, doubt: Plane) -> Nullable:
        """Return the same, unknown wherever ``doubt`` is true."""
        if isinstance(doubt, bool):
            return Nullable(None) if doubt else self
        if self.value is None:
            return self
        shown = nw.lit(self.value) if isinstance(self.value, bool) else self.value
        return Nullable(nw.when(~doubt).then(shown))

    def named(self, name: Named) -> Nullable:
        """Return the same as a column of its own."""
        return self if _constant(self.value) else Nullable(name(self.value))  # type: ignore[arg-type]


def _constant(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _joined(rails: Sequence[Nullable], *, neutral: bool) -> Nullable:
    """Return the AND (neutral: true) or OR of rails, what is the same in every row folded away."""
    values = [rail.value for rail in rails]
    if any(value is (not neutral) for value in values):
        return Nullable(not neutral)
    left: list[Any] = [value for value in values if not _constant(value)]
    if not left:
        return Nullable(None if None in values else neutral)
    found = reduce(and_ if neutral else or_, left)
    if any(value is None for value in values):  # unknown, but for where the rest settles it
        settling = ~found if neutral else found
        found = nw.when(settling.fill_null(value=False)).then(nw.lit(not neutral))
    return Nullable(found)


Kind = type[TwoPlanes] | type[Nullable]


def same(before: Rail, after: Rail) -> Plane:
    """Return where two rails agree."""
    return either(both((at(before, number), at(after, number))) for number in (1, 0, -1))


def at(rail: Rail, number: int) -> Plane:
    """Return where a rail is yes (1), no (-1) or unknown (0)."""
    return {1: rail.yes, -1: rail.no, 0: rail.unknown}[number]


def every(kind: Kind, rails: Iterable[Any]) -> Any:  # noqa: ANN401 - a rail of that kind
    """Return the AND of rails of one kind."""
    return kind.all(list(rails))


def some(kind: Kind, rails: Iterable[Any]) -> Any:  # noqa: ANN401 - a rail of that kind
    """Return the OR of rails of one kind."""
    return kind.any(list(rails))


# --- the formulas of ``logic``, and what could still change them ----------------------------------


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

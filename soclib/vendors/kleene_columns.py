"""Kleene's three-valued logic over the columns of a data frame: yes, no or unknown in every row.

There are two ways to hold such a column, with the same results. ``NullableColumn`` is one nullable
Boolean, whose AND, OR and NOT are Kleene's in DuckDB, Spark and Polars alike. It needs half as many
columns; with more of them Spark generates one method that is too long for Java to compile.
``YesNoColumns`` is one condition for yes and one for no: a little faster in memory, and safe in
pandas, whose plain columns have no null.

A condition is a Boolean expression, or a plain truth value where the tables or a missing column
settle it for every row; plain values are folded away.
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

Condition = nw.Expr | bool


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return where all of the conditions are true."""
    return _folded(conditions, neutral=True)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return where any of the conditions is true."""
    return _folded(conditions, neutral=False)


def negated(condition: Condition) -> Condition:
    """Return where a condition is false."""
    return not condition if isinstance(condition, bool) else ~condition


def _folded(conditions: Iterable[Condition], *, neutral: bool) -> Condition:
    """Return the AND (neutral: true) or OR of conditions, plain truth values folded away."""
    left: list[nw.Expr] = []
    for condition in conditions:
        if not isinstance(condition, bool):
            left.append(condition)
        elif condition is not neutral:
            return condition
    return reduce(and_ if neutral else or_, left) if left else neutral


# --- columns that are yes, no or unknown in every row --------------------------------------------


NameColumn = Callable[[nw.Expr], nw.Expr]  # gives an expression a column of its own
SIGNS = (1, 0, -1)  # yes, unknown, no
VALUES = {1: True, -1: False, 0: None}  # of a nullable Boolean, by sign


class KleeneColumn(Protocol):
    """What is yes, no or unknown in every row, with the conditions for each of the three."""

    @property
    def yes(self) -> Condition:
        """Return where it is yes."""

    @property
    def no(self) -> Condition:
        """Return where it is no."""

    @property
    def unknown(self) -> Condition:
        """Return where it is neither."""

    def inverted(self) -> Self:
        """Return NOT."""

    def unless(self, doubt: Condition) -> Self:
        """Return the same column, but unknown wherever ``doubt`` is true."""

    def named(self, name: NameColumn) -> Self:
        """Return the same, with each expression as a column of its own."""


class YesNoColumns(NamedTuple):
    """Where something is yes and where it is no; never both."""

    yes: Condition
    no: Condition

    @property
    def unknown(self) -> Condition:
        """Return where it is neither."""
        return negated(any_of((self.yes, self.no)))

    @classmethod
    def fixed(cls, sign: int) -> YesNoColumns:
        """Return what is yes (1), no (-1) or unknown (0) in every row."""
        return cls(sign == 1, sign == -1)

    @classmethod
    def answered(cls, yes: Condition, no: Condition, _cell: nw.Expr | None = None) -> YesNoColumns:
        """Return an answer from where it is yes and no."""
        return cls(yes, no)

    @classmethod
    def all(cls, columns: Sequence[YesNoColumns]) -> YesNoColumns:
        """Return AND."""
        return cls(
            all_of(column.yes for column in columns), any_of(column.no for column in columns)
        )

    @classmethod
    def any(cls, columns: Sequence[YesNoColumns]) -> YesNoColumns:
        """Return OR."""
        return cls(
            any_of(column.yes for column in columns), all_of(column.no for column in columns)
        )

    def inverted(self) -> YesNoColumns:
        """Return NOT."""
        return YesNoColumns(self.no, self.yes)

    def unless(self, doubt: Condition) -> YesNoColumns:
        """Return the same column, but unknown wherever ``doubt`` is true."""
        sure = negated(doubt)
        return YesNoColumns(all_of((self.yes, sure)), all_of((self.no, sure)))

    def named(self, name: NameColumn) -> YesNoColumns:
        """Return the same, with each expression as a column of its own."""
        return YesNoColumns(*(p if isinstance(p, bool) else name(p) for p in self))


class NullableColumn(NamedTuple):
    """A nullable Boolean, or True, False or None where it is the same in every row."""

    value: nw.Expr | bool | None

    @property
    def yes(self) -> Condition:
        """Return where it is yes."""
        if _constant(self.value):
            return self.value is True
        return self.value.fill_null(value=False)  # type: ignore[union-attr]

    @property
    def no(self) -> Condition:
        """Return where it is no."""
        return self.inverted().yes

    @property
    def unknown(self) -> Condition:
        """Return where it is neither."""
        return self.value is None if _constant(self.value) else self.value.is_null()  # type: ignore[union-attr]

    @classmethod
    def fixed(cls, sign: int) -> NullableColumn:
        """Return what is yes (1), no (-1) or unknown (0) in every row."""
        return cls(VALUES[sign])

    @classmethod
    def answered(cls, yes: Condition, no: Condition, cell: nw.Expr | None = None) -> NullableColumn:
        """Return an answer: a nullable Boolean as it is, or from where it is yes and no."""
        if cell is not None:
            return cls(cell)
        if isinstance(yes, bool) and isinstance(no, bool):
            return cls.fixed(yes - no)
        if isinstance(no, bool):  # False, since it is yes in some rows
            return cls(nw.when(yes).then(nw.lit(value=True)))  # type: ignore[arg-type]
        denied = nw.when(no).then(nw.lit(value=False))
        if isinstance(yes, bool):
            return cls(denied)
        return cls(nw.when(yes).then(nw.lit(value=True)).otherwise(denied))

    @classmethod
    def all(cls, columns: Sequence[NullableColumn]) -> NullableColumn:
        """Return AND."""
        return _joined(columns, neutral=True)

    @classmethod
    def any(cls, columns: Sequence[NullableColumn]) -> NullableColumn:
        """Return OR."""
        return _joined(columns, neutral=False)

    def inverted(self) -> NullableColumn:
        """Return NOT."""
        if isinstance(self.value, bool):
            return NullableColumn(not self.value)
        return self if self.value is None else NullableColumn(~self.value)

    def unless(self, doubt: Condition) -> NullableColumn:
        """Return the same column, but unknown wherever ``doubt`` is true."""
        if isinstance(doubt, bool):
            return NullableColumn(None) if doubt else self
        if self.value is None:
            return self
        value = nw.lit(self.value) if isinstance(self.value, bool) else self.value
        return NullableColumn(nw.when(~doubt).then(value))

    def named(self, name: NameColumn) -> NullableColumn:
        """Return the same, with its expression as a column of its own."""
        return self if _constant(self.value) else NullableColumn(name(self.value))  # type: ignore[arg-type]


def _constant(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _joined(columns: Sequence[NullableColumn], *, neutral: bool) -> NullableColumn:
    """Return the AND (neutral: true) or OR of columns, with constant ones folded away."""
    values = [column.value for column in columns]
    if any(value is (not neutral) for value in values):
        return NullableColumn(not neutral)
    left: list[Any] = [value for value in values if not _constant(value)]
    if not left:
        return NullableColumn(None if None in values else neutral)
    joined = reduce(and_ if neutral else or_, left)
    if any(value is None for value in values):  # unknown, except where the rest settles it
        settling = ~joined if neutral else joined
        joined = nw.when(settling.fill_null(value=False)).then(nw.lit(not neutral))
    return NullableColumn(joined)


ColumnKind = type[YesNoColumns] | type[NullableColumn]


def where_same(before: KleeneColumn, after: KleeneColumn) -> Condition:
    """Return where two columns agree."""
    return any_of(all_of((where(before, sign), where(after, sign))) for sign in SIGNS)


def where(column: KleeneColumn, sign: int) -> Condition:
    """Return where a column is yes (1), no (-1) or unknown (0)."""
    return {1: column.yes, -1: column.no, 0: column.unknown}[sign]


def kleene_and(kind: ColumnKind, columns: Iterable[Any]) -> Any:  # noqa: ANN401 - a column of that kind
    """Return the AND of columns of one kind."""
    return kind.all(list(columns))


def kleene_or(kind: ColumnKind, columns: Iterable[Any]) -> Any:  # noqa: ANN401 - a column of that kind
    """Return the OR of columns of one kind."""
    return kind.any(list(columns))


# --- the formulas of ``logic``, and what could still change them ----------------------------------


AnswerColumns = dict[int, KleeneColumn]  # answers by the bit of their criterion
ColumnOfRule = Callable[[Rule], KleeneColumn]  # whether a rule is met (yes) or broken (no)


def rule_column(
    kind: ColumnKind, rule: Rule, columns: AnswerColumns, within: int = -1
) -> KleeneColumn:
    """Return where a rule is met: all of its cells, or only those of a mask."""
    wanted = [columns[bit] for bit in bits(rule.yes & within)]
    wanted += [columns[bit].inverted() for bit in bits(rule.no & within)]
    column: KleeneColumn = kleene_and(kind, wanted)
    return column


def outcome_column(
    kind: ColumnKind, rules: tuple[Rule, ...], column_of: ColumnOfRule
) -> KleeneColumn:
    """Return where an outcome holds: the OR of its rules."""
    column: KleeneColumn = kleene_or(kind, (column_of(rule) for rule in rules))
    return column


def status_conditions(
    report: Report, subject: KleeneColumn, demand: KleeneColumn
) -> dict[str, Condition]:
    """Return the condition for each status of a report; exactly one holds in every row."""
    demands: dict[str, dict[int, list[int]]] = {}  # by status, then by subject
    for (of_subject, of_demand), cell in report.square.items():
        demands.setdefault(cell.status_id, {}).setdefault(of_subject, []).append(of_demand)
    return {
        status_id: any_of(
            all_of((where(subject, of_subject), where_among(demand, signs)))
            for of_subject, signs in by_subject.items()
        )
        for status_id, by_subject in demands.items()
    }


def where_among(column: KleeneColumn, signs: list[int]) -> Condition:
    """Return where a column has one of the given signs: yes (1), no (-1), unknown (0)."""
    others = [sign for sign in SIGNS if sign not in signs]
    if len(others) == 1:
        return negated(where(column, others[0]))
    return any_of(where(column, sign) for sign in signs) if others else True


def could_change_outcome(
    kind: ColumnKind,
    rules: tuple[Rule, ...],
    bit: int,
    columns: AnswerColumns,
    column_of: ColumnOfRule,
) -> Condition:
    """Return where the answer to an unknown criterion could still change an outcome.

    It could where a rule that asks for the criterion is not broken, and no rule that does not ask
    for it is met as soon as the cells of that rule are: then the criterion is in a prime implicant
    of what is left to settle.
    """
    others = [rule for rule in rules if not (rule.yes | rule.no) & bit]
    alive = []
    for rule in rules:
        cells = rule.yes | rule.no
        if cells & bit:
            instead = any_of(rule_column(kind, other, columns, ~cells).yes for other in others)
            alive.append(all_of((negated(column_of(rule).no), negated(instead))))
    return all_of((columns[bit].unknown, any_of(alive)))


def could_decide_status(report: Report, other: KleeneColumn, *, of_subject: bool) -> Condition:
    """Return where the subject (or the demand) could decide the status, given the other one."""
    decisive = [sign for sign in (1, -1) if status_differs(report, sign, of_subject=of_subject)]
    return any_of(negated(where(other, -sign)) for sign in decisive)


def status_changes(
    report: Report, before: KleeneColumn, after: KleeneColumn, demand: KleeneColumn
) -> Condition:
    """Return where a changed subject gives another status while the demand stays the same."""
    changes = [(old, new) for old in SIGNS for new in SIGNS if old != new]
    telling = {
        (old, new): [d for d in SIGNS if _status(report, old, d) != _status(report, new, d)]
        for old, new in changes
    }
    if all(len(demands) == len(SIGNS) for demands in telling.values()):
        return negated(where_same(before, after))
    return any_of(
        all_of((where(before, old), where(after, new), where_among(demand, demands)))
        for (old, new), demands in telling.items()
        if demands
    )


def _status(report: Report, subject: int, demand: int) -> str:
    return report.square[subject, demand].status_id

"""The three-valued algebra: answers and rules in, outcomes and statuses out.

With no = -1, unknown = 0 and yes = +1, a rule is the minimum of its cells and an outcome is the
maximum of its rules (Kleene logic). Known answers are kept as two masks, one bit per criterion,
so both are a few integer operations. ``proof.py`` proves that this is exact for the shipped rules.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from soclib.verdict.tables import Cell, Outcome, Report, Rule


class Standing(NamedTuple):
    """The subject and the demand of a report as -1, 0, +1, and the cell that follows.

    A contradiction puts the subject in doubt: the cell is then the one for an unknown subject,
    while ``subject`` keeps what the rules say.
    """

    subject: int
    demand: int
    cell: Cell
    contradicted: bool

    @property
    def status_id(self) -> str:
        """Return the status of the cell."""
        return self.cell.status_id


def rule_value(rule: Rule, yes: int, no: int) -> int:
    """Return +1 when every cell of the rule is met, -1 when one is broken, else 0."""
    if rule.yes & no or rule.no & yes:
        return -1
    return int(rule.yes & ~yes == 0 and rule.no & ~no == 0)


def value(outcome: Outcome, yes: int, no: int) -> int:
    """Return +1 (yes), 0 (open) or -1 (no): the maximum over the rules of an outcome."""
    best = -1
    for rule in outcome.rules:
        if rule.yes & no or rule.no & yes:
            continue
        if not (rule.yes & ~yes or rule.no & ~no):
            return 1
        best = 0
    return best


def standing(report: Report, yes: int, no: int) -> Standing:
    """Return subject, demand and cell of a report, given the answers that are yes and no."""
    return _standing(report, yes & report.mask, no & report.mask)


@lru_cache(maxsize=65536)
def _standing(report: Report, yes: int, no: int) -> Standing:
    subject, demand = value(report.subject, yes, no), value(report.demand, yes, no)
    contradicted = any(value(outcome, yes, no) == 1 for outcome in report.contradictions)
    cell = report.square[0 if contradicted else subject, demand]
    return Standing(subject, demand, cell, contradicted)


def broken(rule: Rule, yes: int, no: int) -> int:
    """Return the criteria whose answers break a rule, as a mask."""
    return (rule.yes & no) | (rule.no & yes)


def unknown(rule: Rule, yes: int, no: int) -> int:
    """Return the criteria of a rule that are not known, as a mask."""
    return (rule.yes | rule.no) & ~(yes | no)


def bits(mask: int) -> tuple[int, ...]:
    """Return the single bits of a mask, lowest first."""
    single = []
    while mask:
        low = mask & -mask
        single.append(low)
        mask ^= low
    return tuple(single)

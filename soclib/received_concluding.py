"""From the facts on a report to the conclusion: the rules, in three values, and the square.

What the rules find against relying, and what they leave to own controls, is each the maximum over
rules of the minimum over facts; ``received_square.csv`` says what follows from the two. Unknown
facts stay unknown, so a conclusion that is reached stays, whatever else becomes known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from soclib.logic import bits, rule_value
from soclib.model import NO, UNKNOWN, YES
from soclib.received_records import (
    AGAINST,
    FINDS,
    OWN,
    Conclusion,
    ReceivedFact,
    ReceivedRule,
    ReceivedTables,
)

WORD = {1: YES, 0: UNKNOWN, -1: NO}
Facts = Mapping[str, str]
FINE, OPEN = "fine", "open"


class Change(NamedTuple):
    """Facts that, answered so, would lead to another conclusion."""

    facts: tuple[tuple[str, str], ...]
    conclusion_id: str


def masks(tables: ReceivedTables, facts: Facts) -> tuple[int, int]:
    """Return the facts that are yes, and those that are no, as masks."""
    yes, no = (
        sum(fact.bit for key, fact in tables.facts.items() if facts[key] == sign)
        for sign in (YES, NO)
    )
    return yes, no


def found(tables: ReceivedTables, finds: str, yes: int, no: int) -> str:
    """Return whether something stands against relying, or is left to own controls."""
    values = (rule_value(one.rule, yes, no) for one in tables.rules if one.finds == finds)
    return WORD[max(values, default=-1)]


def concluded(tables: ReceivedTables, facts: Facts) -> Conclusion:
    """Return the one conclusion, or open one, that follows."""
    yes, no = masks(tables, facts)
    return tables.square[found(tables, AGAINST, yes, no), found(tables, OWN, yes, no)]


def met(tables: ReceivedTables, facts: Facts, finds: str) -> tuple[ReceivedRule, ...]:
    """Return the rules of one kind whose facts are all there."""
    yes, no = masks(tables, facts)
    mine = (one for one in tables.rules if one.finds == finds)
    return tuple(one for one in mine if rule_value(one.rule, yes, no) == 1)


def missing(tables: ReceivedTables, facts: Facts) -> tuple[ReceivedFact, ...]:
    """Return the unknown facts that could still change the conclusion, first those against."""
    if concluded(tables, facts).settled:
        return ()
    yes, no = masks(tables, facts)
    kinds = [finds for finds in FINDS if found(tables, finds, yes, no) == UNKNOWN]
    return tuple(dict.fromkeys(one for finds in kinds for one in _unknown(tables, finds, yes, no)))


def not_known(tables: ReceivedTables, facts: Facts) -> tuple[ReceivedFact, ...]:
    """Return all unknown facts of rules that nothing breaks, whether or not they could change it.

    They say what is still to be found out about a report that is used.
    """
    yes, no = masks(tables, facts)
    return tuple(dict.fromkeys(one for kind in FINDS for one in _unknown(tables, kind, yes, no)))


def _unknown(tables: ReceivedTables, finds: str, yes: int, no: int) -> Iterator[ReceivedFact]:
    """Yield the unknown facts of rules that nothing breaks."""
    for one in tables.rules:
        if one.finds == finds and rule_value(one.rule, yes, no) == 0:
            left = (one.rule.yes | one.rule.no) & ~(yes | no)
            yield from (fact for fact in tables.facts.values() if fact.bit & left)


def possible(tables: ReceivedTables, facts: Facts) -> tuple[Conclusion, ...]:
    """Return the settled conclusions that are still possible, the best first."""
    yes, no = masks(tables, facts)
    against, own = (_completed(found(tables, finds, yes, no)) for finds in FINDS)
    left = {tables.square[pair] for pair in product(against, own)}
    return tuple(sorted(left, key=lambda one: one.rank))


def _completed(value: str) -> tuple[str, ...]:
    return (YES, NO) if value == UNKNOWN else (value,)


def state(tables: ReceivedTables, facts: Facts, check_id: str) -> str:
    """Return how one check came out: against, own, open or fine."""
    yes, no = masks(tables, facts)
    mine = [one for one in tables.rules if one.check_id == check_id]
    values = [(rule_value(one.rule, yes, no), one.finds) for one in mine]
    for finds in FINDS:
        if (1, finds) in values:
            return finds
    return OPEN if any(value == 0 for value, _finds in values) else FINE


# --- what would change it -------------------------------------------------------------------------


def changes(tables: ReceivedTables, facts: Facts, fixed: tuple[str, ...]) -> tuple[Change, ...]:
    """Return the single facts that would change the conclusion, the best outcome first.

    Where no single fact makes it better, all that stands in the way comes as one change. Facts of
    the checks in ``fixed`` cannot change.
    """
    now = concluded(tables, facts)
    free = [fact for fact in tables.facts.values() if fact.check_id not in fixed]
    single = [
        Change(((fact.fact_id, answer),), after.conclusion_id)
        for fact, answer in product(free, (YES, NO))
        if facts[fact.fact_id] != answer
        and (after := concluded(tables, {**facts, fact.fact_id: answer})) is not now
    ]
    ranks = {key: one.rank for key, one in tables.conclusions.items()}
    if now.settled and all(ranks[one.conclusion_id] >= now.rank for one in single):
        single += _together(tables, facts, fixed)
    return tuple(sorted(single, key=lambda one: ranks[one.conclusion_id]))


def _together(tables: ReceivedTables, facts: Facts, fixed: tuple[str, ...]) -> Iterator[Change]:
    """Yield the one change that mends every rule that decided, where all of them can be mended."""
    now = concluded(tables, facts)
    for finds in FINDS:
        rules = met(tables, facts, finds)
        if not rules or any(one.check_id in fixed for one in rules):
            continue
        mended = tuple(dict.fromkeys(_mended(tables, one) for one in rules))
        after = concluded(tables, {**facts, **dict(mended)})
        if after is not now:
            yield Change(mended, after.conclusion_id)
            return


def _mended(tables: ReceivedTables, one: ReceivedRule) -> tuple[str, str]:
    """Return the fact that breaks a rule when it is fine: one that is missing, if there is one."""
    first = bits(one.rule.no or one.rule.yes)[0]
    fact = next(fact for fact in tables.facts.values() if fact.bit == first)
    return fact.fact_id, fact.fine

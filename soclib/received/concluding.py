"""From the facts on a report to the conclusion: the rules, in three values, and the square.

What the rules find against relying, and what they leave to own controls, is each the maximum over
rules of the minimum over facts; ``received_square.csv`` says what follows from the two. Unknown
facts stay unknown, so a conclusion that is reached stays, whatever else becomes known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.received import sheets
from soclib.received.facts import Findings, findings
from soclib.received.inputs import Filled, Given, fill_in, fill_in_rows
from soclib.received.tables import (
    AGAINST,
    FINDS,
    OWN,
    RECEIVED,
    Conclusion,
    ReceivedFact,
    ReceivedRule,
    ReceivedTables,
)
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES
from soclib.verdict.logic import bits, rule_value
from soclib.words import fill, sentence, words_of

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


# --- the conclusion on a report -------------------------------------------------------------------


BUYER = VOICES[1]
NOT_SHOWN = "not_shown"


class Ground(NamedTuple):
    """A rule that speaks, the check that it belongs to, and what to do about it."""

    rule_id: str
    check_id: str
    check: str
    text: str
    remedy: str
    source_ids: tuple[str, ...]
    evidence: str


class Missing(NamedTuple):
    """Something that is not known and could still change the conclusion."""

    check_id: str
    check: str
    find_out: str


class Turn(NamedTuple):
    """What would lead to another conclusion; ``facts`` are ids with their new answers."""

    facts: tuple[tuple[str, str], ...]
    change: str
    conclusion_id: str


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """A report received: what was filled in, what follows, and the conclusion."""

    catalog: Catalog
    filled: Filled
    found: Findings
    conclusion: Conclusion

    @property
    def name(self) -> str:
        """Return the name that the reader gave the report."""
        return self.filled.name

    @property
    def conclusion_id(self) -> str:
        """Return rely, rely_with_own_controls, do_not_rely or cannot_conclude."""
        return self.conclusion.conclusion_id

    @property
    def against(self) -> tuple[Ground, ...]:
        """Return what stands against relying."""
        return self._grounds(AGAINST)

    @property
    def left_to_us(self) -> tuple[Ground, ...]:
        """Return what the report leaves to the reader's own controls."""
        return self._grounds(OWN)

    @property
    def reasons(self) -> tuple[Ground, ...]:
        """Return what decided: what stands against it, or else what is left to the reader."""
        return self.against or self.left_to_us

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return what is not known and could still change the conclusion, each thing once."""
        return self._open(missing(self.catalog.part(RECEIVED), self.found.facts))

    @property
    def open_checks(self) -> tuple[Missing, ...]:
        """Return all that is not known yet, also what would only add to the work."""
        return self._open(not_known(self.catalog.part(RECEIVED), self.found.facts))

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the conclusions that are still possible, the best first."""
        return tuple(
            o.conclusion_id for o in possible(self.catalog.part(RECEIVED), self.found.facts)
        )

    def what_would_change(self) -> tuple[Turn, ...]:
        """Return what would lead to another conclusion, the best one first."""
        tables = self.catalog.part(RECEIVED)
        told = changes(tables, self.found.facts, self.found.not_shown)
        return tuple(Turn(one.facts, self._turn(*one), one.conclusion_id) for one in told)

    def state(self, check_id: str) -> str:
        """Return how a check came out: fine, own, against, open or not_shown."""
        if check_id in self.found.not_shown:
            return NOT_SHOWN
        return state(self.catalog.part(RECEIVED), self.found.facts, check_id)

    def _open(self, facts: tuple[ReceivedFact, ...]) -> tuple[Missing, ...]:
        checks = self.catalog.part(RECEIVED).checks
        said = {fact.missing: fact for fact in reversed(facts)}
        return tuple(
            Missing(fact.check_id, checks[fact.check_id].check, fact.missing)
            for fact in facts
            if said[fact.missing] is fact
        )

    def _grounds(self, finds: str) -> tuple[Ground, ...]:
        rules = met(self.catalog.part(RECEIVED), self.found.facts, finds)
        return tuple(_ground(self.catalog, rule) for rule in rules)

    def _turn(self, facts: tuple[tuple[str, str], ...], conclusion_id: str) -> str:
        """Return a change as one sentence."""
        tables, words = self.catalog.part(RECEIVED), words_of(self.catalog, BUYER)
        clauses = [tables.facts[key].clause(answer) for key, answer in facts]
        parts = {
            "clause": words["received_and"].join(clauses),
            "conclusion": tables.conclusions[conclusion_id].label,
        }
        return sentence(fill(words["received_turn"], parts))

    def _repr_html_(self) -> str:
        return sheets.worksheet(self)._repr_html_()

    def __str__(self) -> str:
        return sheets.worksheet(self).text

    __repr__ = __str__


def _ground(catalog: Catalog, one: ReceivedRule) -> Ground:
    return Ground(
        one.rule_id,
        one.check_id,
        catalog.part(RECEIVED).checks[one.check_id].check,
        one.because,
        one.remedy,
        one.provenance.source_ids,
        one.provenance.evidence,
    )


def conclude(*, catalog: Catalog | None = None, **given: Given) -> Received:
    """Return the conclusion on one report received.

    Keywords are ``report`` and ``vendor`` (names) and the inputs of ``received_inputs.csv``, such
    as ``report_id``, ``type_id``, ``opinion``, ``period_end`` and ``cuecs_open``. What is left out,
    None or unknown stays unknown. Raises ``ReportError`` that lists every fault.
    """
    catalog = catalog or load_catalog()
    return _received(fill_in(given, catalog), catalog)


def read_reports(
    source: str | Path, *, name: str = "", catalog: Catalog | None = None
) -> tuple[Received, ...]:
    """Return the reports of a CSV with the conclusion on each, in their order.

    The column ``report`` names each; every other keyword of ``conclude`` may be a column.
    ``source`` is a file, or the text itself when it holds a line break. Raises ``DataError`` that
    lists every fault.
    """
    catalog = catalog or load_catalog()
    return tuple(_received(one, catalog) for one in fill_in_rows(source, catalog, name))


def _received(filled: Filled, catalog: Catalog) -> Received:
    found = findings(filled, catalog)
    return Received(catalog, filled, found, concluded(catalog.part(RECEIVED), found.facts))

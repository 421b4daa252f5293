"""From the facts on a report to the conclusion: the rules, in three values, and the square.

Two questions are answered: does anything speak against relying on the report, and is anything left
to the user's own controls? Each answer is the maximum over rules of the minimum over facts, and
``received_square.csv`` says what follows from the two. Unknown facts stay unknown, so a conclusion
that has been reached stays, whatever else becomes known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.received import sheets
from soclib.received.facts import ReportFacts, facts_of
from soclib.received.inputs import FilledReport, InputValue, fill_in, fill_in_rows
from soclib.received.tables import (
    AGAINST,
    BUYER,
    FINDS,
    OWN,
    RECEIVED,
    Conclusion,
    ReceivedFact,
    ReceivedRule,
    ReceivedTables,
)
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict.logic import bits, rule_value
from soclib.words import fill, sentence, words_of

ANSWER_OF = {1: YES, 0: UNKNOWN, -1: NO}
Facts = Mapping[str, str]
FINE, OPEN = "fine", "open"


class ChangedFacts(NamedTuple):
    """New answers to facts that would lead to another conclusion."""

    facts: tuple[tuple[str, str], ...]
    conclusion_id: str


def fact_masks(tables: ReceivedTables, facts: Facts) -> tuple[int, int]:
    """Return the facts that are yes, and those that are no, as masks."""
    yes, no = (
        sum(fact.bit for key, fact in tables.facts.items() if facts[key] == sign)
        for sign in (YES, NO)
    )
    return yes, no


def rules_apply(tables: ReceivedTables, finds: str, yes: int, no: int) -> str:
    """Return yes if a rule that finds this applies, no if none can, unknown otherwise."""
    values = (rule_value(row.rule, yes, no) for row in tables.rules if row.finds == finds)
    return ANSWER_OF[max(values, default=-1)]


def conclusion_from(tables: ReceivedTables, facts: Facts) -> Conclusion:
    """Return the conclusion that follows from the facts, settled or still open."""
    yes, no = fact_masks(tables, facts)
    return tables.square[rules_apply(tables, AGAINST, yes, no), rules_apply(tables, OWN, yes, no)]


def rules_met(tables: ReceivedTables, facts: Facts, finds: str) -> tuple[ReceivedRule, ...]:
    """Return the rules of one kind that apply: all of their facts are known and match."""
    yes, no = fact_masks(tables, facts)
    rules = (row for row in tables.rules if row.finds == finds)
    return tuple(row for row in rules if rule_value(row.rule, yes, no) == 1)


def missing_facts(tables: ReceivedTables, facts: Facts) -> tuple[ReceivedFact, ...]:
    """Return the unknown facts that could still change the conclusion, those against it first."""
    if conclusion_from(tables, facts).settled:
        return ()
    yes, no = fact_masks(tables, facts)
    kinds = [finds for finds in FINDS if rules_apply(tables, finds, yes, no) == UNKNOWN]
    return tuple(dict.fromkeys(fact for kind in kinds for fact in _unknown(tables, kind, yes, no)))


def unknown_facts(tables: ReceivedTables, facts: Facts) -> tuple[ReceivedFact, ...]:
    """Return all unknown facts of rules that may still apply, even if they would change nothing.

    They say what is still to be found out about a report that is used anyway.
    """
    yes, no = fact_masks(tables, facts)
    return tuple(dict.fromkeys(fact for kind in FINDS for fact in _unknown(tables, kind, yes, no)))


def _unknown(tables: ReceivedTables, finds: str, yes: int, no: int) -> Iterator[ReceivedFact]:
    """Yield the unknown facts of the rules of one kind that may still apply."""
    for row in tables.rules:
        if row.finds == finds and rule_value(row.rule, yes, no) == 0:
            unknown = (row.rule.yes | row.rule.no) & ~(yes | no)
            yield from (fact for fact in tables.facts.values() if fact.bit & unknown)


def possible_conclusions(tables: ReceivedTables, facts: Facts) -> tuple[Conclusion, ...]:
    """Return the settled conclusions that are still possible, the best first."""
    yes, no = fact_masks(tables, facts)
    against, own = (_completions(rules_apply(tables, finds, yes, no)) for finds in FINDS)
    reachable = {tables.square[pair] for pair in product(against, own)}
    return tuple(sorted(reachable, key=lambda conclusion: conclusion.rank))


def _completions(value: str) -> tuple[str, ...]:
    return (YES, NO) if value == UNKNOWN else (value,)


def check_state(tables: ReceivedTables, facts: Facts, check_id: str) -> str:
    """Return how one check came out: against, own, open or fine."""
    yes, no = fact_masks(tables, facts)
    rules = [row for row in tables.rules if row.check_id == check_id]
    values = [(rule_value(row.rule, yes, no), row.finds) for row in rules]
    for finds in FINDS:
        if (1, finds) in values:
            return finds
    return OPEN if any(value == 0 for value, _finds in values) else FINE


# --- what would change it -------------------------------------------------------------------------


def changes_from(
    tables: ReceivedTables, facts: Facts, fixed: tuple[str, ...]
) -> tuple[ChangedFacts, ...]:
    """Return the single facts that would change the conclusion, the best outcome first.

    Where no single fact would improve it, everything that is in the way comes as one change. Facts
    of the checks in ``fixed`` cannot change.
    """
    now = conclusion_from(tables, facts)
    free = [fact for fact in tables.facts.values() if fact.check_id not in fixed]
    single = [
        ChangedFacts(((fact.fact_id, answer),), after.conclusion_id)
        for fact, answer in product(free, (YES, NO))
        if facts[fact.fact_id] != answer
        and (after := conclusion_from(tables, {**facts, fact.fact_id: answer})) is not now
    ]
    ranks = {key: conclusion.rank for key, conclusion in tables.conclusions.items()}
    if now.settled and all(ranks[change.conclusion_id] >= now.rank for change in single):
        single += _together(tables, facts, fixed)
    return tuple(sorted(single, key=lambda change: ranks[change.conclusion_id]))


def _together(
    tables: ReceivedTables, facts: Facts, fixed: tuple[str, ...]
) -> Iterator[ChangedFacts]:
    """Yield the one change that fixes every rule that decided, if all of them can be fixed."""
    now = conclusion_from(tables, facts)
    for finds in FINDS:
        rules = rules_met(tables, facts, finds)
        if not rules or any(rule.check_id in fixed for rule in rules):
            continue
        fixes = tuple(dict.fromkeys(_fix_for(tables, rule) for rule in rules))
        after = conclusion_from(tables, {**facts, **dict(fixes)})
        if after is not now:
            yield ChangedFacts(fixes, after.conclusion_id)
            return


def _fix_for(tables: ReceivedTables, row: ReceivedRule) -> tuple[str, str]:
    """Return a fact of a rule with the answer that is fine, so that the rule no longer applies.

    A fact that the report should have and lacks comes before one that it should not have.
    """
    first = bits(row.rule.no or row.rule.yes)[0]
    fact = next(fact for fact in tables.facts.values() if fact.bit == first)
    return fact.fact_id, fact.fine


# --- the conclusion on a report -------------------------------------------------------------------


NOT_SHOWN = "not_shown"


class CheckFinding(NamedTuple):
    """A rule that applies, the check that it belongs to, and what to do about it."""

    rule_id: str
    check_id: str
    check: str
    text: str
    remedy: str
    source_ids: tuple[str, ...]
    evidence: str


class MissingFact(NamedTuple):
    """Something that is not known and could still change the conclusion."""

    check_id: str
    check: str
    find_out: str


class PossibleChange(NamedTuple):
    """A change that would lead to another conclusion, in words; ``facts`` are ids and answers."""

    facts: tuple[tuple[str, str], ...]
    change: str
    conclusion_id: str


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """A report received: what was filled in, what follows, and the conclusion."""

    catalog: Catalog
    filled: FilledReport
    facts: ReportFacts
    conclusion: Conclusion

    @property
    def name(self) -> str:
        """Return the name that the user gave the report."""
        return self.filled.name

    @property
    def conclusion_id(self) -> str:
        """Return rely, rely_with_own_controls, do_not_rely or cannot_conclude."""
        return self.conclusion.conclusion_id

    @property
    def against(self) -> tuple[CheckFinding, ...]:
        """Return what speaks against relying on the report."""
        return self._rules_met(AGAINST)

    @property
    def left_to_us(self) -> tuple[CheckFinding, ...]:
        """Return what the report leaves to the user's own controls."""
        return self._rules_met(OWN)

    @property
    def reasons(self) -> tuple[CheckFinding, ...]:
        """Return what decided: what speaks against relying; otherwise what is left to the user."""
        return self.against or self.left_to_us

    @property
    def missing(self) -> tuple[MissingFact, ...]:
        """Return what is not known and could still change the conclusion, each thing once."""
        return self._open(missing_facts(self.catalog.part(RECEIVED), self.facts.answers))

    @property
    def open_checks(self) -> tuple[MissingFact, ...]:
        """Return all that is not known yet, including what would only add to the work."""
        return self._open(unknown_facts(self.catalog.part(RECEIVED), self.facts.answers))

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the conclusions that are still possible, the best first."""
        reachable = possible_conclusions(self.catalog.part(RECEIVED), self.facts.answers)
        return tuple(conclusion.conclusion_id for conclusion in reachable)

    def what_would_change(self) -> tuple[PossibleChange, ...]:
        """Return what would lead to another conclusion, the best one first."""
        tables = self.catalog.part(RECEIVED)
        changes = changes_from(tables, self.facts.answers, self.facts.not_shown)
        return tuple(
            PossibleChange(change.facts, self._in_words(change), change.conclusion_id)
            for change in changes
        )

    def state(self, check_id: str) -> str:
        """Return how a check came out: fine, own, against, open or not_shown."""
        if check_id in self.facts.not_shown:
            return NOT_SHOWN
        return check_state(self.catalog.part(RECEIVED), self.facts.answers, check_id)

    def _open(self, facts: tuple[ReceivedFact, ...]) -> tuple[MissingFact, ...]:
        checks = self.catalog.part(RECEIVED).checks
        first = {fact.missing: fact for fact in reversed(facts)}  # one thing may settle several
        return tuple(
            MissingFact(fact.check_id, checks[fact.check_id].check, fact.missing)
            for fact in facts
            if first[fact.missing] is fact
        )

    def _rules_met(self, finds: str) -> tuple[CheckFinding, ...]:
        rules = rules_met(self.catalog.part(RECEIVED), self.facts.answers, finds)
        return tuple(_check_finding(self.catalog, rule) for rule in rules)

    def _in_words(self, changed: ChangedFacts) -> str:
        """Return a change as one sentence."""
        tables, words = self.catalog.part(RECEIVED), words_of(self.catalog, BUYER)
        clauses = [tables.facts[key].clause(answer) for key, answer in changed.facts]
        parts = {
            "clause": words["received_and"].join(clauses),
            "conclusion": tables.conclusions[changed.conclusion_id].label,
        }
        return sentence(fill(words["received_turn"], parts))

    def _repr_html_(self) -> str:
        return sheets.worksheet(self)._repr_html_()

    def __str__(self) -> str:
        return sheets.worksheet(self).text

    __repr__ = __str__


def _check_finding(catalog: Catalog, row: ReceivedRule) -> CheckFinding:
    return CheckFinding(
        row.rule_id,
        row.check_id,
        catalog.part(RECEIVED).checks[row.check_id].check,
        row.because,
        row.remedy,
        row.provenance.source_ids,
        row.provenance.evidence,
    )


def conclude(*, catalog: Catalog | None = None, **given: InputValue) -> Received:
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

    The column ``report`` names them; every other keyword of ``conclude`` may be a column.
    ``source`` is a file, or the text itself when it holds a line break. Raises ``DataError`` that
    lists every fault.
    """
    catalog = catalog or load_catalog()
    return tuple(_received(filled, catalog) for filled in fill_in_rows(source, catalog, name))


def _received(filled: FilledReport, catalog: Catalog) -> Received:
    facts = facts_of(filled, catalog)
    conclusion = conclusion_from(catalog.part(RECEIVED), facts.answers)
    return Received(catalog, filled, facts, conclusion)

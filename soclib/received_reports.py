"""A report received, with the conclusion on it, its reasons and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from soclib import received_sheets
from soclib.explain import fill, sentence
from soclib.model import VOICES, Catalog
from soclib.received_concluding import (
    changes,
    concluded,
    met,
    missing,
    not_known,
    possible,
    state,
)
from soclib.received_facts import Findings, findings
from soclib.received_inputs import Filled, Given, fill_in, fill_in_rows
from soclib.received_records import AGAINST, OWN, Conclusion, ReceivedFact, ReceivedRule
from soclib.tables import load_catalog

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
        return self._open(missing(self.catalog.received, self.found.facts))

    @property
    def open_checks(self) -> tuple[Missing, ...]:
        """Return all that is not known yet, also what would only add to the work."""
        return self._open(not_known(self.catalog.received, self.found.facts))

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the conclusions that are still possible, the best first."""
        return tuple(o.conclusion_id for o in possible(self.catalog.received, self.found.facts))

    def what_would_change(self) -> tuple[Turn, ...]:
        """Return what would lead to another conclusion, the best one first."""
        tables = self.catalog.received
        told = changes(tables, self.found.facts, self.found.not_shown)
        return tuple(Turn(one.facts, self._turn(*one), one.conclusion_id) for one in told)

    def state(self, check_id: str) -> str:
        """Return how a check came out: fine, own, against, open or not_shown."""
        if check_id in self.found.not_shown:
            return NOT_SHOWN
        return state(self.catalog.received, self.found.facts, check_id)

    def _open(self, facts: tuple[ReceivedFact, ...]) -> tuple[Missing, ...]:
        checks = self.catalog.received.checks
        said = {fact.missing: fact for fact in reversed(facts)}
        return tuple(
            Missing(fact.check_id, checks[fact.check_id].check, fact.missing)
            for fact in facts
            if said[fact.missing] is fact
        )

    def _grounds(self, finds: str) -> tuple[Ground, ...]:
        rules = met(self.catalog.received, self.found.facts, finds)
        return tuple(_ground(self.catalog, rule) for rule in rules)

    def _turn(self, facts: tuple[tuple[str, str], ...], conclusion_id: str) -> str:
        """Return a change as one sentence."""
        tables, words = self.catalog.received, self.catalog.wording
        clauses = [tables.facts[key].clause(answer) for key, answer in facts]
        parts = {
            "clause": words["received_and"][BUYER].join(clauses),
            "conclusion": tables.conclusions[conclusion_id].label,
        }
        return sentence(fill(words["received_turn"][BUYER], parts))

    def _repr_html_(self) -> str:
        return received_sheets.worksheet(self)._repr_html_()

    def __str__(self) -> str:
        return received_sheets.worksheet(self).text

    __repr__ = __str__


def _ground(catalog: Catalog, one: ReceivedRule) -> Ground:
    return Ground(
        one.rule_id,
        one.check_id,
        catalog.received.checks[one.check_id].check,
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
    return Received(catalog, filled, found, concluded(catalog.received, found.facts))

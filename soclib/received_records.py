"""Frozen records for reading a report that was received, and how they are built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soclib.model import VOICES, YES, Provenance, Rule
from soclib.rows import PROVENANCE, Row, Tables, listed

AGAINST, OWN = "against", "own"
FINDS = (AGAINST, OWN)
CHOICE, COUNT, DAY, TEXT, DERIVED = "choice", "count", "day", "text", "derived"
KINDS = (CHOICE, COUNT, DAY, TEXT, DERIVED)


@dataclass(frozen=True, slots=True, eq=False)
class ReportCheck:
    """One of the checks on a report; ``report_ids`` and ``type_ids`` name those that show it."""

    check_id: str
    check: str
    question: str
    look_for: str
    why: str
    report_ids: tuple[str, ...]
    type_ids: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedChoice:
    """An answer that an input takes, and the facts that it settles.

    ``met_by`` names the reports that answer a question that was chosen.
    """

    input_id: str
    choice: str
    label: str
    sets_yes: tuple[str, ...]
    sets_no: tuple[str, ...]
    met_by: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedInput:
    """What a reader fills in under a check; ``kind`` is choice, count, day, text or derived."""

    input_id: str
    check_id: str
    kind: str
    label: str
    choices: Mapping[str, ReceivedChoice]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedFact:
    """A fact on a report, yes or no; ``fine`` is the answer that no rule minds."""

    fact_id: str
    bit: int
    check_id: str
    fine: str
    if_yes: str
    if_no: str
    missing: str
    provenance: Provenance

    def clause(self, answer: str) -> str:
        """Return what is true when the answer is yes, or when it is no."""
        return self.if_yes if answer == YES else self.if_no


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedRule:
    """A rule over facts: it finds something ``against`` relying, or left to ``own`` controls."""

    rule_id: str
    finds: str
    check_id: str
    rule: Rule
    because: str
    remedy: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Conclusion:
    """What can be concluded; ``rank`` orders them, ``settled`` is False for an open one."""

    conclusion_id: str
    label: str
    mark: str
    rank: int
    settled: bool
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedTables:
    """All tables on a report received; ``square`` is by what stands against and what is left."""

    checks: Mapping[str, ReportCheck]
    inputs: Mapping[str, ReceivedInput]
    facts: Mapping[str, ReceivedFact]
    rules: tuple[ReceivedRule, ...]
    conclusions: Mapping[str, Conclusion]
    square: Mapping[tuple[str, str], Conclusion]


def build_received(tables: Tables) -> ReceivedTables:
    """Return the tables on a report received as records."""
    facts = [_fact(row, 1 << place) for place, row in enumerate(tables["received_facts"])]
    by_id = {one.fact_id: one for one in facts}
    conclusions = {r.cells["conclusion_id"]: _conclusion(r) for r in tables["received_conclusions"]}
    inputs = [_input(row, tables["received_choices"]) for row in tables["received_inputs"]]
    return ReceivedTables(
        checks={row.cells["check_id"]: _check(row) for row in tables["report_checks"]},
        inputs={one.input_id: one for one in inputs},
        facts=by_id,
        rules=tuple(_rule(row, by_id) for row in tables["received_rules"]),
        conclusions=conclusions,
        square={
            (row.cells["against"], row.cells["own"]): conclusions[row.cells["conclusion_id"]]
            for row in tables["received_square"]
        },
    )


def _cells(row: Row, *lists: str) -> dict[str, Any]:
    """Return the cells of a row, some as lists, and its provenance."""
    cells: dict[str, Any] = {c: text for c, text in row.cells.items() if c not in PROVENANCE}
    return cells | {name: listed(cells[name]) for name in lists} | {"provenance": row.provenance()}


def _check(row: Row) -> ReportCheck:
    cells = _cells(row, "report_id", "type_id")
    return ReportCheck(report_ids=cells.pop("report_id"), type_ids=cells.pop("type_id"), **cells)


def _input(row: Row, choices: list[Row]) -> ReceivedInput:
    mine = [r for r in choices if r.cells["input_id"] == row.cells["input_id"]]
    taken = [ReceivedChoice(**_cells(r, "sets_yes", "sets_no", "met_by")) for r in mine]
    return ReceivedInput(**_cells(row), choices={one.choice: one for one in taken})


def _fact(row: Row, bit: int) -> ReceivedFact:
    return ReceivedFact(bit=bit, **_cells(row))


def _rule(row: Row, facts: Mapping[str, ReceivedFact]) -> ReceivedRule:
    cells = _cells(row, "when_yes", "when_no")
    yes, no = (sum(facts[key].bit for key in cells.pop(f"when_{sign}")) for sign in ("yes", "no"))
    because = dict.fromkeys(VOICES, cells["because"])
    rule = Rule(cells["rule_id"], yes, no, because, cells["provenance"])
    first = next(one for one in facts.values() if one.bit & (yes | no))
    return ReceivedRule(rule=rule, check_id=first.check_id, **cells)


def _conclusion(row: Row) -> Conclusion:
    cells = _cells(row)
    settled, rank = cells.pop("settled") == YES, int(cells.pop("rank"))
    return Conclusion(settled=settled, rank=rank, **cells)

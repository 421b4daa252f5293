"""Frozen records for reading a report that was received, how they are built, and their checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import (
    ANSWERS,
    NO,
    PROVENANCE,
    UNKNOWN,
    VOICES,
    YES,
    Provenance,
    Row,
    Tables,
    listed,
)
from soclib.verdict.records import Rule

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


# --- checks ---------------------------------------------------------------------------------------


TYPES = ("type_1", "type_2")
# What code asks for by its id, so that a table without it is refused when it is loaded.
NEEDED_INPUTS = {
    "report_id": CHOICE,
    "needed": CHOICE,
    "type_id": CHOICE,
    "bridge_letter": CHOICE,
    "period_start": DAY,
    "period_end": DAY,
    "fiscal_year_start": DAY,
    "fiscal_year_end": DAY,
    "carve_outs": COUNT,
    "carve_outs_open": COUNT,
    "cuecs": COUNT,
    "cuecs_open": COUNT,
    "exceptions": COUNT,
    "exceptions_open": COUNT,
    "opinion": CHOICE,
    "owner": TEXT,
    "next_report": DAY,
    "note": TEXT,
    "period_reading": DERIVED,
    "gap": DERIVED,
}
NEEDED_CHOICES = {
    "type_id": TYPES,
    "gap": ("none", "bridgeable", "too_long", "date"),
    "period_reading": ("date_inside", "date_outside"),
    "carve_outs_open": ("0", "some"),
    "cuecs_open": ("0", "some"),
    "exceptions_open": ("0", "some"),
}
NEEDED_FACT, NEEDED_CHECK = "answers_question", "conclusion"


def received_choices(tables: Tables) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield table, column and the values allowed in it."""
    checks = _ids(tables, "report_checks", "check_id")
    yield "received_inputs", "check_id", checks
    yield "received_inputs", "kind", KINDS
    yield "received_choices", "input_id", _ids(tables, "received_inputs", "input_id")
    yield "received_facts", "check_id", checks
    yield "received_facts", "fine", (YES, NO)
    yield "received_rules", "finds", FINDS
    yield "received_conclusions", "settled", (YES, NO)
    for name in FINDS:
        yield "received_square", name, ANSWERS
    conclusions = _ids(tables, "received_conclusions", "conclusion_id")
    yield "received_square", "conclusion_id", conclusions


def check_received(tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with the tables on a report received."""
    yield from _check_lists(tables)
    yield from _check_needed(tables)
    yield from _check_rules(tables)
    yield from _check_square(tables)
    for row in tables["received_conclusions"]:
        if not re.fullmatch(r"[1-9]", row.cells["rank"]):
            yield row.fault("rank", "use a whole number from 1 to 9")


def _ids(tables: Tables, name: str, column: str) -> list[str]:
    return [row.cells[column] for row in tables[name]]


def _check_lists(tables: Tables) -> Iterator[Fault]:
    """Yield cells that join ids of other tables, one of them unknown."""
    facts = _ids(tables, "received_facts", "fact_id")
    reports = _ids(tables, "reports", "report_id")
    allowed = [
        ("report_checks", "report_id", reports),
        ("report_checks", "type_id", TYPES),
        ("received_choices", "sets_yes", facts),
        ("received_choices", "sets_no", facts),
        ("received_choices", "met_by", reports),
        ("received_rules", "when_yes", facts),
        ("received_rules", "when_no", facts),
    ]
    for name, column, known in allowed:
        for row in tables[name]:
            for part in listed(row.cells[column]):
                if part not in known:
                    yield row.fault(column, f"{part!r} is unknown; use some of {', '.join(known)}")


def _check_needed(tables: Tables) -> Iterator[Fault]:
    """Yield inputs, choices, a fact and a check that code asks for, where they are missing."""
    kinds = {row.cells["input_id"]: row for row in tables["received_inputs"]}
    for input_id, kind in NEEDED_INPUTS.items():
        if input_id not in kinds:
            yield _missing("received_inputs", "input_id", input_id)
        elif kinds[input_id].cells["kind"] != kind:
            yield kinds[input_id].fault("kind", f"use {kind}")
    found = {(r.cells["input_id"], r.cells["choice"]) for r in tables["received_choices"]}
    needed = [(key, choice) for key, choices in NEEDED_CHOICES.items() for choice in choices]
    readings = _ids(tables, "readings", "reading_id")
    for key, choice in (*needed, *(("period_reading", one) for one in readings)):
        if (key, choice) not in found:
            yield _missing("received_choices", "choice", f"{key}/{choice}")
    for name, column, needed_id in (
        ("received_facts", "fact_id", NEEDED_FACT),
        ("report_checks", "check_id", NEEDED_CHECK),
    ):
        if needed_id not in _ids(tables, name, column):
            yield _missing(name, column, needed_id)


def _missing(name: str, column: str, value: str) -> Fault:
    remedy = "this row is missing; copy it from the shipped table"
    return Fault(f"{name}.csv", 0, column, value, remedy)


# --- rules ----------------------------------------------------------------------------------------


def _check_rules(tables: Tables) -> Iterator[Fault]:
    """Yield rules that could not be evaluated exactly, or that say nothing of their own."""
    checks = {row.cells["fact_id"]: row.cells["check_id"] for row in tables["received_facts"]}
    fine = {row.cells["fact_id"]: row.cells["fine"] for row in tables["received_facts"]}
    for row in tables["received_rules"]:
        cells = _signed(row)
        if not cells:
            yield row.fault("when_no", "a rule needs a fact; name one here or in when_yes")
        if len({checks[key] for key, _sign in cells if key in checks}) > 1:
            yield row.fault("when_no", "its facts belong to several checks; use those of one")
        for key, sign in sorted(cells):
            if fine.get(key) == sign:
                yield row.fault(f"when_{sign}", f"{key!r} is fine when it is {sign}; mend one")
    for one, other in permutations(tables["received_rules"], 2):
        if one.cells["finds"] == other.cells["finds"] and _signed(one) >= _signed(other):
            remedy = f"says nothing beyond {other.cells['rule_id']}; delete one of the two"
            yield one.fault("when_no", remedy)
    used = {key for row in tables["received_rules"] for key, _sign in _signed(row)}
    for row in tables["received_facts"]:
        if row.cells["fact_id"] not in used:
            yield row.fault("fact_id", "no rule reads it; add one to received_rules.csv")


def _signed(row: Row) -> set[tuple[str, str]]:
    return {(key, sign) for sign in (YES, NO) for key in listed(row.cells[f"when_{sign}"])}


def _check_square(tables: Tables) -> Iterator[Fault]:
    """Yield missing cells, and cells that more knowledge would turn from one thing to another."""
    rows = {(r.cells["against"], r.cells["own"]): r for r in tables["received_square"]}
    settled = {
        r.cells["conclusion_id"]: r.cells["settled"] == YES for r in tables["received_conclusions"]
    }
    for against, own in product(ANSWERS, ANSWERS):
        if (against, own) not in rows:
            remedy = f"add its cell for against {against}, own {own}"
            yield Fault("received_square.csv", 0, "against", against, remedy)
    for place, row in rows.items():
        found = {
            rows[full].cells["conclusion_id"]
            for full in product(*((YES, NO) if v == UNKNOWN else (v,) for v in place))
            if full in rows
        }
        said = row.cells["conclusion_id"]
        if settled.get(said, True) and found != {said}:
            yield row.fault("conclusion_id", "more knowledge would turn it; use an open one")
        if not settled.get(said, True) and len(found) == 1:
            yield row.fault("conclusion_id", f"nothing could change it; use {found.pop()}")

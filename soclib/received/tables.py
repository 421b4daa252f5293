"""Reading a report that was received: what is filled in, the facts, the rules, the conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, VOICES, YES, Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table
from soclib.verdict.tables import Rule

TYPES = ("type_1", "type_2")
BUYER = VOICES[1]  # who receives a report
AGAINST, OWN = "against", "own"
FINDS = (AGAINST, OWN)
CHOICE, COUNT, DAY, TEXT, DERIVED = "choice", "count", "day", "text", "derived"
KINDS = (CHOICE, COUNT, DAY, TEXT, DERIVED)
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


@table("report_checks")
class ReportCheck:
    """One of the twelve checks on a report, in order.

    From what a user fills in follow facts (yes, no or unknown), from the facts the rules, from the
    rules one conclusion. Nothing is assumed: what is not filled in is unknown, and an unknown fact
    that a rule needs leaves the conclusion open.
    """

    check_id: str = column.ident("name of the check")
    check: str = column.text("what it is called on screen")
    question: str = column.text("what is asked of the report")
    look_for: str = column.text("where in the report to look")
    why: str = column.text("why it matters")
    report_ids: tuple[str, ...] = column.refs(
        "the reports that show it", "reports", column="report_id"
    )
    type_ids: tuple[str, ...] = column.some_of("the types that show it", *TYPES, column="type_id")
    provenance: Provenance = column.origin()


@table("received_inputs")
class ReceivedInputRow:
    """What is filled in under a check."""

    input_id: str = column.ident("name of the input; also its keyword and its column in a CSV")
    check_id: str = column.ref("the check that it belongs to", "report_checks")
    kind: str = column.one_of("how it is filled in; `derived` is worked out from the dates", *KINDS)
    label: str = column.text("what it is called on screen")
    provenance: Provenance = column.origin()


@table("received_choices", key=("input_id", "choice"))
class ReceivedChoice:
    """An answer that an input takes, and the facts that it settles.

    Counts have the choices `0` and `some`; `period_reading` has the ids of `readings.csv` and, for
    a Type 1, `date_inside` and `date_outside`.
    """

    input_id: str = column.ref("what is filled in", "received_inputs")
    choice: str = column.text("the answer; each once for an input")
    label: str = column.text("what it is called on screen")
    sets_yes: tuple[str, ...] = column.refs(
        "the facts that it settles as yes", "received_facts", blank=True
    )
    sets_no: tuple[str, ...] = column.refs(
        "the facts that it settles as no", "received_facts", blank=True
    )
    met_by: tuple[str, ...] = column.refs(
        "for `needed`: the reports that answer that question", "reports", blank=True
    )
    provenance: Provenance = column.origin()


@table("received_facts")
class ReceivedFactRow:
    """A fact about a report: yes, no or unknown."""

    fact_id: str = column.ident("name of the fact")
    check_id: str = column.ref("the check that it belongs to", "report_checks")
    fine: str = column.one_of("the answer that no rule minds", YES, NO)
    if_yes: str = column.text("the fact as a lower-case clause when it is yes")
    if_no: str = column.text("the same for no")
    missing: str = column.text("what to find out while it is unknown")
    provenance: Provenance = column.origin()


@table("received_rules")
class ReceivedRuleRow:
    """What follows from facts; all of them belong to one check, and none of them is `fine`."""

    rule_id: str = column.ident("name of the rule")
    finds: str = column.one_of(
        "what it finds: something `against` relying, or something left to `own` controls", *FINDS
    )
    when_yes: tuple[str, ...] = column.refs(
        "the facts that must be yes", "received_facts", blank=True
    )
    when_no: tuple[str, ...] = column.refs(
        "the facts that must be no", "received_facts", blank=True
    )
    because: str = column.text("why")
    remedy: str = column.text("what to do")
    provenance: Provenance = column.origin()


@table("received_conclusions")
class Conclusion:
    """What can be concluded."""

    conclusion_id: str = column.ident("name of the conclusion")
    label: str = column.text("what it is called on screen")
    mark: str = column.text("sign next to the label")
    rank: int = column.whole("order, the best first", 1, 9)
    settled: bool = column.yes_no("whether it is settled; `no` for the open one")
    meaning: str = column.text("what it means")
    provenance: Provenance = column.origin()


@table("received_square", key=("against", "own"))
class SquareRow:
    """Which conclusion follows from what the two kinds of rules found; all nine pairs have a row.

    More knowledge never turns a settled conclusion: a table that would let it is refused.
    """

    against: str = column.one_of("whether something speaks against relying", *ANSWERS)
    own: str = column.one_of("whether something is left to the user's own controls", *ANSWERS)
    conclusion_id: str = column.ref("what follows", "received_conclusions")
    provenance: Provenance = column.origin()


# --- linked ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedInput:
    """What a user fills in under a check; ``kind`` is choice, count, day, text or derived."""

    input_id: str
    check_id: str
    kind: str
    label: str
    choices: Mapping[str, ReceivedChoice]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedFact:
    """A fact about a report, yes or no; ``fine`` is the answer that no rule objects to."""

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
    """A rule over facts: what it ``finds`` is ``against`` relying, or left to ``own`` controls."""

    rule_id: str
    finds: str
    check_id: str
    rule: Rule
    because: str
    remedy: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedTables:
    """All tables on a report received.

    ``square`` gives the conclusion by the answers of both kinds of rules, against and own.
    """

    checks: Mapping[str, ReportCheck]
    inputs: Mapping[str, ReceivedInput]
    facts: Mapping[str, ReceivedFact]
    rules: tuple[ReceivedRule, ...]
    conclusions: Mapping[str, Conclusion]
    square: Mapping[tuple[str, str], Conclusion]


def _received(records: Records) -> ReceivedTables:
    choices = records.all(ReceivedChoice)
    rows = records.by_id(ReceivedFactRow)
    facts = {key: _fact(row, 1 << place) for place, (key, row) in enumerate(rows.items())}
    conclusions = records.by_id(Conclusion)
    return ReceivedTables(
        checks=records.by_id(ReportCheck),
        inputs={key: _input(row, choices) for key, row in records.by_id(ReceivedInputRow).items()},
        facts=facts,
        rules=tuple(_rule(row, facts) for row in records.all(ReceivedRuleRow)),
        conclusions=conclusions,
        square={
            (row.against, row.own): conclusions[row.conclusion_id] for row in records.all(SquareRow)
        },
    )


def _input(row: ReceivedInputRow, choices: Iterable[ReceivedChoice]) -> ReceivedInput:
    return ReceivedInput(
        input_id=row.input_id,
        check_id=row.check_id,
        kind=row.kind,
        label=row.label,
        choices={choice.choice: choice for choice in choices if choice.input_id == row.input_id},
        provenance=row.provenance,
    )


def _fact(row: ReceivedFactRow, bit: int) -> ReceivedFact:
    return ReceivedFact(
        fact_id=row.fact_id,
        bit=bit,
        check_id=row.check_id,
        fine=row.fine,
        if_yes=row.if_yes,
        if_no=row.if_no,
        missing=row.missing,
        provenance=row.provenance,
    )


def _rule(row: ReceivedRuleRow, facts: Mapping[str, ReceivedFact]) -> ReceivedRule:
    yes = sum(facts[fact_id].bit for fact_id in row.when_yes)
    no = sum(facts[fact_id].bit for fact_id in row.when_no)
    because = dict.fromkeys(VOICES, row.because)
    return ReceivedRule(
        rule_id=row.rule_id,
        finds=row.finds,
        check_id=facts[(*row.when_yes, *row.when_no)[0]].check_id,  # all belong to one check
        rule=Rule(row.rule_id, yes, no, because, row.provenance),
        because=row.because,
        remedy=row.remedy,
        provenance=row.provenance,
    )


# --- what spans rows or cells ---------------------------------------------------------------------


def check_received(tables: Tables) -> Iterator[Fault]:
    """Yield missing rows, rules that cannot be right, and conclusions that would not last."""
    yield from _check_inputs(tables)
    yield from _check_choices(tables)
    for name, id_column, key in (
        ("received_facts", "fact_id", NEEDED_FACT),
        ("report_checks", "check_id", NEEDED_CHECK),
    ):
        if key not in tables.ids(name):
            yield _missing(name, id_column, key)
    yield from _check_rules(tables)
    yield from _check_rules_alike(tables)
    yield from _check_facts(tables)
    yield from _check_square(tables)


def _check_inputs(tables: Tables) -> Iterator[Fault]:
    """Yield inputs that code asks for, where they are missing or filled in another way."""
    rows = {row.cells["input_id"]: row for row in tables["received_inputs"]}
    for input_id, kind in NEEDED_INPUTS.items():
        if input_id not in rows:
            yield _missing("received_inputs", "input_id", input_id)
        elif rows[input_id].cells["kind"] != kind:
            yield rows[input_id].fault("kind", f"use {kind}")


def _check_choices(tables: Tables) -> Iterator[Fault]:
    """Yield choices that code asks for, where they are missing."""
    rows = tables["received_choices"]
    present = {(row.cells["input_id"], row.cells["choice"]) for row in rows}
    needed = [(key, choice) for key, choices in NEEDED_CHOICES.items() for choice in choices]
    needed += [("period_reading", reading_id) for reading_id in tables.ids("readings")]
    for key, choice in needed:
        if (key, choice) not in present:
            yield _missing("received_choices", "choice", f"{key}/{choice}")


def _missing(name: str, id_column: str, key: str) -> Fault:
    remedy = "this row is missing; copy it from the shipped table"
    return Fault(f"{name}.csv", 0, id_column, key, remedy)


def _check_rules(tables: Tables) -> Iterator[Fault]:
    """Yield rules without a fact, over several checks, or on what is fine."""
    facts = {row.cells["fact_id"]: row.cells for row in tables["received_facts"]}
    for row in tables["received_rules"]:
        signed = _signed(row)
        if not signed:
            yield row.fault("when_no", "a rule needs a fact; name one here or in when_yes")
        if len({facts[key]["check_id"] for key, _sign in signed if key in facts}) > 1:
            yield row.fault("when_no", "its facts belong to several checks; use those of one")
        for key, sign in sorted(signed):
            if key in facts and facts[key]["fine"] == sign:
                yield row.fault(f"when_{sign}", f"{key!r} is fine when it is {sign}; fix one")


def _check_rules_alike(tables: Tables) -> Iterator[Fault]:
    """Yield rules that say nothing beyond another one."""
    for row, other in permutations(tables["received_rules"], 2):
        if row.cells["finds"] == other.cells["finds"] and _signed(row) >= _signed(other):
            remedy = f"says nothing beyond {other.cells['rule_id']}; delete one of the two"
            yield row.fault("when_no", remedy)


def _check_facts(tables: Tables) -> Iterator[Fault]:
    """Yield facts that no rule reads."""
    read = {key for row in tables["received_rules"] for key, _sign in _signed(row)}
    for row in tables["received_facts"]:
        if row.cells["fact_id"] not in read:
            yield row.fault("fact_id", "no rule reads it; add one to received_rules.csv")


def _signed(row: Row) -> set[tuple[str, str]]:
    """Return the facts of a rule, each with the answer that it must have."""
    return {(key, sign) for sign in (YES, NO) for key in listed(row.cells[f"when_{sign}"])}


def _check_square(tables: Tables) -> Iterator[Fault]:
    """Yield missing cells, and settled conclusions that more knowledge would change."""
    cells = {(r.cells["against"], r.cells["own"]): r for r in tables["received_square"]}
    settled = {
        row.cells["conclusion_id"]: row.cells["settled"] == YES
        for row in tables["received_conclusions"]
    }
    for against, own in product(ANSWERS, ANSWERS):
        if (against, own) not in cells:
            remedy = f"add its cell for against {against}, own {own}"
            yield Fault("received_square.csv", 0, "against", against, remedy)
    for pair, row in cells.items():
        reached = {
            cells[known].cells["conclusion_id"]
            for known in product(*((YES, NO) if v == UNKNOWN else (v,) for v in pair))
            if known in cells
        }
        concluded = row.cells["conclusion_id"]
        if settled.get(concluded, True) and reached != {concluded}:
            yield row.fault("conclusion_id", "more knowledge would turn it; use an open one")
        if not settled.get(concluded, True) and len(reached) == 1:
            yield row.fault("conclusion_id", f"nothing could change it; use {reached.pop()}")


RECEIVED = Part(
    (
        *(ReportCheck, ReceivedInputRow, ReceivedChoice, ReceivedFactRow, ReceivedRuleRow),
        *(Conclusion, SquareRow),
    ),
    _received,
    (check_received,),
)

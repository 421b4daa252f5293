"""Check the tables that practice cases are made of; part of ``checks``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from soclib.model import ANSWERS, NO, UNKNOWN, YES
from soclib.practice_records import ANY, Pair, applies, pairs
from soclib.rows import Fault, Row, Tables, listed

KINDS = ("service", "product")
TWISTS = ("gate", "contradiction")
LEVELS = ("plain", "blurred")
SLOTS = ("vendor", "buyer", "person", "staff")
AIMS = ("path", "categories", "routes", "contradictions")  # each takes only: some
SOME = "some"
ASKS = (  # what a learner can be asked about a case
    *("soc1", "soc2", "soc3", "step_soc1", "step_soc2", "categories", "routes", "contradiction"),
    *("next", "misconception"),
)
EXTRACTS = ("soc1_type_1", "soc1_type_2", "soc2_type_1", "soc2_type_2", "soc3")
SLOT = re.compile(r"\{(\w*)\}")
PLACE = re.compile(r"[1-9]")
OPENING = "provides_service"  # the first sentence of every case answers it


def check_practice(tables: Tables) -> Iterator[Fault]:
    """Yield what cannot be used in a case: unknown names, and what no case could be made of."""
    yield from _check_choices(tables)
    for row in tables["fragments"]:
        yield from _check_fragment(row)
    for name in ("fragments", "planted"):
        for row in tables[name]:
            yield from _check_slots(row)
    yield from _check_lists(tables)
    yield from _check_pairs(tables)
    yield from _check_aims(tables)
    yield from _check_openings(tables)
    yield from _check_lines(tables["extract_lines"])


def _check_choices(tables: Tables) -> Iterator[Fault]:
    misheard = _ids(tables["type_misconceptions"], "misconception_id")
    allowed: list[tuple[str, str, Iterable[str]]] = [
        ("industries", "kind", KINDS),
        ("fragments", "criterion_id", _ids(tables["criteria"], "criterion_id")),
        ("fragments", "answer", ANSWERS),
        ("fragments", "level", LEVELS),
        ("planted", "misconception_id", ("", *misheard)),
        ("case_twists", "kind", TWISTS),
        ("extract_lines", "right", (YES, NO)),
    ]
    for name, column, options in allowed:
        for row in tables[name]:
            if row.cells[column] not in options:
                named = ", ".join(option or "(blank)" for option in options)
                yield row.fault(column, f"use one of {named}")


def _ids(rows: Iterable[Row], column: str) -> list[str]:
    return [row.cells[column] for row in rows]


def _check_fragment(row: Row) -> Iterator[Fault]:
    blurred = row.cells["answer"] == UNKNOWN
    if row.cells["level"] in LEVELS and (row.cells["level"] == LEVELS[1]) != blurred:
        yield row.fault("level", "use blurred for the answer unknown, and plain for yes and no")
    if not PLACE.fullmatch(row.cells["place"]):
        yield row.fault("place", "use a whole number from 1 to 9")


def _check_slots(row: Row) -> Iterator[Fault]:
    found = SLOT.findall(row.cells["text"])
    for slot in found:
        if slot not in SLOTS:
            known = ", ".join(f"{{{one}}}" for one in SLOTS)
            yield row.fault("text", f"{{{slot}}} is unknown; use some of {known}")
    if ("person" in found) != bool(row.cells["who_says"].strip()):
        yield row.fault("who_says", "name the role of {person}; leave it blank where nobody speaks")


def _check_lists(tables: Tables) -> Iterator[Fault]:
    criteria = _ids(tables["criteria"], "criterion_id")
    industries = _ids(tables["industries"], "industry_id")
    topics = _ids(tables["case_topics"], "topic_id")
    known: list[tuple[str, str, Iterable[str]]] = [
        ("industries", "always_told", criteria),
        ("fragments", "industries", [ANY, *KINDS, *industries]),
        ("planted", "topics", [ANY, *topics]),
        ("case_topics", "tells", criteria),
        ("case_topics", "draws", criteria),
        ("case_topics", "asks", ASKS),
        ("extract_lines", "extracts", EXTRACTS),
    ]
    for name, column, options in known:
        for row in tables[name]:
            for part in listed(row.cells[column]):
                if part not in options:
                    yield row.fault(column, f"{part!r} is unknown; use ids of its table")


def _check_pairs(tables: Tables) -> Iterator[Fault]:
    criteria = _ids(tables["criteria"], "criterion_id")
    cells = [(row, column) for row in tables["fragments"] for column in ("only_with", "not_with")]
    for row, column in [*cells, *((row, "answers") for row in tables["case_twists"])]:
        for criterion_id, answer in pairs(row.cells[column]):
            if criterion_id not in criteria or answer not in (YES, NO):
                remedy = f"write a criterion and yes or no, such as {criteria[0]}=yes"
                yield row.fault(column, remedy)


def _check_aims(tables: Tables) -> Iterator[Fault]:
    reports = _ids(tables["reports"], "report_id")
    statuses = _ids(tables["statuses"], "status_id")
    for row in tables["case_topics"]:
        for key, values in pairs(row.cells["aims"]):
            options = statuses if key in reports else [SOME] if key in AIMS else []
            for one in values.split(","):
                if one.strip() not in options:
                    remedy = "write such as soc1=needed,likely or routes=some"
                    yield row.fault("aims", remedy)


def _check_openings(tables: Tables) -> Iterator[Fault]:
    """Yield industries in which no case can begin, or not tell what their trade gives away."""
    for row in tables["industries"]:
        told = _told(row, tables["fragments"])
        for criterion_id in (OPENING, *listed(row.cells["always_told"])):
            if not {(criterion_id, YES), (criterion_id, NO)} & told:
                remedy = f"add a plain fragment that answers {criterion_id} in this industry"
                yield row.fault("industry_id", remedy)


def _told(row: Row, fragments: Iterable[Row]) -> set[Pair]:
    key, kind = row.cells["industry_id"], row.cells["kind"]
    return {
        (one.cells["criterion_id"], one.cells["answer"])
        for one in fragments
        if applies(listed(one.cells["industries"]), key, kind)
    }


def _check_lines(rows: list[Row]) -> Iterator[Fault]:
    """Yield wrong lines without a reason, right ones with one, and parts without a right line."""
    sound = {
        (extract, row.cells["part"])
        for row in rows
        if row.cells["right"] == YES
        for extract in listed(row.cells["extracts"])
    }
    for row in rows:
        wrong = row.cells["right"] == NO
        if wrong != bool(row.cells["why"].strip()):
            yield row.fault("why", "say why a wrong line is wrong; leave it blank for a right one")
        for extract in listed(row.cells["extracts"]):
            if (extract, row.cells["part"]) not in sound:
                yield row.fault("part", f"add a right line of this part to {extract}")

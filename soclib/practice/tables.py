"""Frozen records for what practice cases are made of, how they are built, and their checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from soclib.errors import Fault
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, YES, Provenance, Row, Tables, listed

ANY: Final = "any"  # every industry, or every topic
Pair = tuple[str, str]  # a criterion and its answer


@dataclass(frozen=True, slots=True, eq=False)
class Industry:
    """A line of business in which cases play.

    ``kind`` is service or product; ``always_told`` names the criteria that the trade gives away, so
    that no case hides them.
    """

    industry_id: str
    kind: str
    title: str
    vendors: tuple[str, ...]
    buyers: tuple[str, ...]
    always_told: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """A sentence that gives one answer to one criterion, or leaves it unknown on purpose.

    ``place`` orders sentences. It fits a case in which one pair of ``only_with`` holds (none named:
    always) and no pair of ``not_with`` does. ``who_says`` is the role of ``{person}`` in it.
    """

    fragment_id: str
    industries: tuple[str, ...]
    criterion_id: str
    answer: str
    place: int
    text: str
    who_says: str
    only_with: tuple[Pair, ...]
    not_with: tuple[Pair, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """A misconception that somebody in a case voices; it is wrong, and no fact of the case."""

    planted_id: str
    topics: tuple[str, ...]
    misconception_id: str
    who_says: str
    text: str
    heard: str
    correct: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """What a case is about.

    It tells the criteria of ``tells`` and some of ``draws``, and its verdict meets every aim: the
    name of something and the values allowed for it. ``asks`` names what learners are asked.
    """

    topic_id: str
    title: str
    tells: tuple[str, ...]
    draws: tuple[str, ...]
    aims: tuple[tuple[str, tuple[str, ...]], ...]
    asks: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Twist:
    """Answers that make a case hard: they close a gate, or cannot all hold."""

    twist_id: str
    kind: str
    answers: tuple[Pair, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ExtractLine:
    """A line of a sample extract; a wrong one says ``why`` it cannot stand in such a report.

    ``extracts`` names report and type, as in ``soc1_type_2``; lines of one ``part`` exclude each
    other.
    """

    line_id: str
    extracts: tuple[str, ...]
    part: str
    right: bool
    text: str
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class PracticeTables:
    """All that cases are made of; ``telling`` gives the fragments by industry and by pair."""

    industries: dict[str, Industry]
    fragments: tuple[Fragment, ...]
    telling: dict[str, dict[Pair, tuple[Fragment, ...]]]
    planted: dict[str, Planted]
    topics: dict[str, Topic]
    twists: tuple[Twist, ...]
    lines: tuple[ExtractLine, ...]


def build_practice(tables: Tables) -> PracticeTables:
    """Return the practice tables, linked."""
    industries = {row.cells["industry_id"]: _industry(row) for row in tables["industries"]}
    fragments = tuple(_fragment(row) for row in tables["fragments"])
    return PracticeTables(
        industries=industries,
        fragments=fragments,
        telling={key: _telling(one, fragments) for key, one in industries.items()},
        planted={row.cells["planted_id"]: _planted(row) for row in tables["planted"]},
        topics={row.cells["topic_id"]: _topic(row) for row in tables["case_topics"]},
        twists=tuple(_twist(row) for row in tables["case_twists"]),
        lines=tuple(_line(row) for row in tables["extract_lines"]),
    )


def pairs(text: str) -> tuple[Pair, ...]:
    """Return the parts of a cell such as ``own_group_only=yes;card_data=no``."""
    return tuple((left, right) for left, _, right in (one.partition("=") for one in listed(text)))


def applies(industries: Iterable[str], industry_id: str, kind: str) -> bool:
    """Return whether a list of industries holds one: by its id, by its kind, or as any."""
    return bool({ANY, industry_id, kind} & set(industries))


def _telling(
    industry: Industry, fragments: tuple[Fragment, ...]
) -> dict[Pair, tuple[Fragment, ...]]:
    found: dict[Pair, tuple[Fragment, ...]] = {}
    for one in fragments:
        if applies(one.industries, industry.industry_id, industry.kind):
            key = (one.criterion_id, one.answer)
            found[key] = (*found.get(key, ()), one)
    return found


def _industry(row: Row) -> Industry:
    cells = row.cells
    return Industry(
        industry_id=cells["industry_id"],
        kind=cells["kind"],
        title=cells["title"],
        vendors=listed(cells["vendors"]),
        buyers=listed(cells["buyers"]),
        always_told=listed(cells["always_told"]),
        provenance=row.provenance(),
    )


def _fragment(row: Row) -> Fragment:
    cells = row.cells
    names = ("fragment_id", "criterion_id", "answer", "text", "who_says")
    return Fragment(
        **{name: cells[name] for name in names},
        industries=listed(cells["industries"]),
        place=int(cells["place"]),
        only_with=pairs(cells["only_with"]),
        not_with=pairs(cells["not_with"]),
        provenance=row.provenance(),
    )


def _planted(row: Row) -> Planted:
    names = ("planted_id", "misconception_id", "who_says", "text", "heard", "correct")
    cells = {name: row.cells[name] for name in names}
    return Planted(**cells, topics=listed(row.cells["topics"]), provenance=row.provenance())


def _topic(row: Row) -> Topic:
    cells = row.cells
    aims = tuple(
        (key, tuple(allowed.strip() for allowed in values.split(",")))
        for key, values in pairs(cells["aims"])
    )
    told = listed(cells["tells"]), listed(cells["draws"])
    names = cells["topic_id"], cells["title"]
    return Topic(*names, *told, aims, listed(cells["asks"]), row.provenance())


def _twist(row: Row) -> Twist:
    cells = row.cells
    return Twist(cells["twist_id"], cells["kind"], pairs(cells["answers"]), row.provenance())


def _line(row: Row) -> ExtractLine:
    cells = row.cells
    return ExtractLine(
        line_id=cells["line_id"],
        extracts=listed(cells["extracts"]),
        part=cells["part"],
        right=cells["right"] == YES,
        text=cells["text"],
        why=cells["why"],
        provenance=row.provenance(),
    )


# --- checks ---------------------------------------------------------------------------------------


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

"""What practice cases and sample extracts are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import paired
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, YES, Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table

ANY: Final = "any"  # every industry, or every topic
KINDS = ("service", "product")
TWISTS = ("gate", "contradiction")
PLAIN, BLURRED = "plain", "blurred"
SLOTS = ("vendor", "buyer", "person", "staff")
SLOT = re.compile(r"\{(\w*)\}")
AIMS = ("path", "categories", "routes", "contradictions")  # each takes only: some
SOME = "some"
AIM = "write such as soc1=needed,likely or routes=some"
ASKS = (  # what a learner can be asked about a case
    *("soc1", "soc2", "soc3", "step_soc1", "step_soc2", "categories", "routes", "contradiction"),
    *("next", "misconception"),
)
EXTRACTS = ("soc1_type_1", "soc1_type_2", "soc2_type_1", "soc2_type_2", "soc3")
OPENING = "provides_service"  # the first sentence of every case answers it
PAIR = "write a criterion and yes or no, such as card_data=no"
Pair = tuple[str, str]  # a criterion and its answer


@table("industries")
class Industry:
    """A line of business in which cases are set.

    `soclib.practice.scenario` makes a case of one fragment for each answer, so that the text of a
    case says what its answers say, no more and no less. Words in braces are filled in: `{vendor}`,
    `{buyer}`, `{person}`, `{staff}`.
    """

    industry_id: str = column.ident("name of the industry")
    kind: str = column.one_of("what it offers", *KINDS)
    title: str = column.text("what it is called")
    vendors: tuple[str, ...] = column.texts("invented names of vendors to draw from")
    buyers: tuple[str, ...] = column.texts("invented names of buyers to draw from")
    always_told: tuple[str, ...] = column.refs(
        "criteria that the trade gives away, so that no case hides them", "criteria", blank=True
    )
    provenance: Provenance = column.origin()


@table("fragments")
class Fragment:
    """A sentence that gives one answer to one criterion, or leaves it unknown on purpose."""

    fragment_id: str = column.ident("frozen name")
    industries: tuple[str, ...] = column.refs(
        "where the sentence fits", "industries", also=(ANY, *KINDS)
    )
    criterion_id: str = column.ref("what the sentence answers", "criteria")
    answer: str = column.one_of("how; nothing else may follow from it", *ANSWERS)
    level: str = column.one_of(
        "how plain it is: `blurred` for `unknown`, else `plain`", PLAIN, BLURRED
    )
    place: int = column.whole(
        "its place in a case, from the opening, which answers `provides_service`", 1, 9
    )
    text: str = column.text("the sentence")
    who_says: str = column.text("the role of `{person}`; blank where nobody speaks", blank=True)
    only_with: tuple[Pair, ...] = column.pairs(
        "it fits only with one of these answers; blank: with any",
        *("criteria", (YES, NO), PAIR),
        blank=True,
    )
    not_with: tuple[Pair, ...] = column.pairs(
        "it fits with none of these answers", "criteria", (YES, NO), PAIR, blank=True
    )
    provenance: Provenance = column.origin()


@table("planted")
class PlantedMisconception:
    """A misconception that somebody in a case voices.

    It is wrong about what follows, and never says anything about a fact of the case.
    """

    planted_id: str = column.ident("frozen name")
    topics: tuple[str, ...] = column.refs("cases that it fits", "case_topics", also=(ANY,))
    misconception_id: str = column.ref(
        "the row that says the same", "type_misconceptions", blank=True
    )
    who_says: str = column.text("the role of `{person}`")
    text: str = column.text("what is said")
    heard: str = column.text("the misconception in short")
    correct: str = column.text("what is right")
    provenance: Provenance = column.origin()


@table("case_topics")
class CaseTopic:
    """What a case is about, and what learners are asked about it."""

    topic_id: str = column.ident("name of the topic")
    title: str = column.text("what it is called")
    tells: tuple[str, ...] = column.refs(
        "criteria that a case answers, where a fragment can", "criteria"
    )
    draws: tuple[str, ...] = column.refs("criteria of which a case answers some", "criteria")
    wanted: tuple[Pair, ...] = column.pairs(
        "what its verdict must be before anything is kept back: the statuses allowed for a report,"
        f" or that there is some {', '.join(AIMS[:-1])} or {AIMS[-1]}",
        remedy=AIM,
        column="aims",
        blank=True,
    )
    asks: tuple[str, ...] = column.some_of(
        "what a learner is asked, in this order; about a report only where the case speaks of it",
        *ASKS,
    )
    provenance: Provenance = column.origin()

    @property
    def aims(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what the verdict has to meet: the name of something, and the values allowed."""
        return tuple((key, _values(values)) for key, values in self.wanted)


@table("case_twists")
class Twist:
    """Answers that make a case hard: they close a gate, or cannot all be true."""

    twist_id: str = column.ident("name of the twist")
    kind: str = column.one_of("what makes it hard", *TWISTS)
    answers: tuple[Pair, ...] = column.pairs("the answers", "criteria", (YES, NO), PAIR)
    provenance: Provenance = column.origin()


@table("extract_lines")
class ExtractLine:
    """A line of a sample extract from a report; an extract has one line of each part."""

    line_id: str = column.ident("frozen name")
    extracts: tuple[str, ...] = column.some_of(
        "the sample reports, by report and type, in which the line is right, or wrong", *EXTRACTS
    )
    part: str = column.text(
        "the part of a report that it fills; it needs a right line in each extract named"
    )
    right: bool = column.yes_no("whether such a report can say it")
    text: str = column.text("the line")
    why: str = column.text("why not; blank for a right line", blank=True)
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class PracticeTables:
    """What cases are made of; ``telling`` gives the fragments by industry and by answer told."""

    industries: dict[str, Industry]
    fragments: tuple[Fragment, ...]
    telling: dict[str, dict[Pair, tuple[Fragment, ...]]]
    planted: dict[str, PlantedMisconception]
    topics: dict[str, CaseTopic]
    twists: tuple[Twist, ...]
    lines: tuple[ExtractLine, ...]


def applies(industries: Iterable[str], industry_id: str, kind: str) -> bool:
    """Return whether a list of industries names one: by its id, by its kind, or as any."""
    return bool({ANY, industry_id, kind} & set(industries))


def _practice(records: Records) -> PracticeTables:
    industries, fragments = records.by_id(Industry), records.all(Fragment)
    return PracticeTables(
        industries=industries,
        fragments=fragments,
        telling={key: _telling(industry, fragments) for key, industry in industries.items()},
        planted=records.by_id(PlantedMisconception),
        topics=records.by_id(CaseTopic),
        twists=records.all(Twist),
        lines=records.all(ExtractLine),
    )


def _telling(
    industry: Industry, fragments: tuple[Fragment, ...]
) -> dict[Pair, tuple[Fragment, ...]]:
    telling: dict[Pair, tuple[Fragment, ...]] = {}
    for fragment in fragments:
        if applies(fragment.industries, industry.industry_id, industry.kind):
            pair = (fragment.criterion_id, fragment.answer)
            telling[pair] = (*telling.get(pair, ()), fragment)
    return telling


def _values(text: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in text.split(","))


# --- faults of which no case could be made --------------------------------------------------------


def check_practice(tables: Tables) -> Iterator[Fault]:
    """Yield rows that cannot be used in a case, and industries of which no case can be made."""
    for row in tables["fragments"]:
        yield from _check_level(row)
    for row in (*tables["fragments"], *tables["planted"]):
        yield from _check_slots(row)
    yield from _check_aims(tables)
    yield from _check_openings(tables)
    yield from _check_lines(tables["extract_lines"])


def _check_level(row: Row) -> Iterator[Fault]:
    level, unknown = row.cells["level"], row.cells["answer"] == UNKNOWN
    if level in (PLAIN, BLURRED) and (level == BLURRED) != unknown:
        yield row.fault("level", "use blurred for the answer unknown, and plain for yes and no")


def _check_slots(row: Row) -> Iterator[Fault]:
    slots = SLOT.findall(row.cells["text"])
    for slot in slots:
        if slot not in SLOTS:
            known = ", ".join(f"{{{name}}}" for name in SLOTS)
            yield row.fault("text", f"{{{slot}}} is unknown; use some of {known}")
    if ("person" in slots) != bool(row.cells["who_says"].strip()):
        yield row.fault("who_says", "name the role of {person}; leave it blank where nobody speaks")


def _check_aims(tables: Tables) -> Iterator[Fault]:
    reports, statuses = tables.ids("reports"), tables.ids("statuses")
    for row in tables["case_topics"]:
        for key, values in paired(row.cells["aims"]):
            options = statuses if key in reports else (SOME,) if key in AIMS else ()
            if not set(_values(values)) <= set(options):
                yield row.fault("aims", AIM)


def _check_openings(tables: Tables) -> Iterator[Fault]:
    """Yield industries without a fragment for the opening or for what the trade gives away."""
    for row in tables["industries"]:
        pairs = _pairs_told(row, tables["fragments"])
        for criterion_id in (OPENING, *listed(row.cells["always_told"])):
            if not {(criterion_id, YES), (criterion_id, NO)} & pairs:
                remedy = f"add a plain fragment that answers {criterion_id} in this industry"
                yield row.fault("industry_id", remedy)


def _pairs_told(industry: Row, fragments: Iterable[Row]) -> set[Pair]:
    key, kind = industry.cells["industry_id"], industry.cells["kind"]
    return {
        (row.cells["criterion_id"], row.cells["answer"])
        for row in fragments
        if applies(listed(row.cells["industries"]), key, kind)
    }


def _check_lines(rows: list[Row]) -> Iterator[Fault]:
    """Yield wrong lines without a reason, right ones with one, and parts without a right line."""
    right = {
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
            if (extract, row.cells["part"]) not in right:
                yield row.fault("part", f"add a right line of this part to {extract}")


PRACTICE = Part(
    (Industry, Fragment, PlantedMisconception, CaseTopic, Twist, ExtractLine),
    _practice,
    (check_practice,),
)

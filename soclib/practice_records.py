"""Frozen records for what practice cases are made of, and how they are built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from soclib.model import YES, Provenance
from soclib.rows import Row, Tables, listed

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

"""The cross-map read from either side: pairs, what lies beyond them, and how many there are.

A pair is stored as read from the criterion. Read from the ISO requirement, subset and superset
swap, and so does what lies beyond. A count of pairs says how much evidence may be used twice,
never how far one side covers the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from soclib.tables.rows import Provenance
from soclib.trust.tables import (
    ISO,
    MIRRORED,
    STRENGTHS,
    TSC,
    CrosswalkPair,
    IsoRequirement,
    TrustTables,
)

COVERED = ("equal", "subset")  # relations with which the other side asks for all of it
UNSHARED = "related"  # the relation without a duty in common
CLAUSE = "clause"
WHOLE, ONLY_RELATED, PART = "whole", "related", "part"


class DirectedPair(NamedTuple):
    """A pair as read from one side.

    ``relation`` is how ``this_id`` relates to ``other_id``. ``only_other`` is what the other one
    asks for and this one does not, ``only_this`` the reverse; either may be blank.
    """

    side: str
    this_id: str
    other_id: str
    relation: str
    strength: str
    reason: str
    only_other: str
    only_this: str
    status: str
    sources_agreeing: int
    provenance: Provenance


class Remainder(NamedTuple):
    """What one side asks for and the other does not.

    ``kind`` is whole (the requirement is in no pair), related (its pairs share evidence but no
    duty) or part (``text`` lies beyond the pair with ``other_id``).
    """

    side: str
    requirement_id: str
    kind: str
    other_id: str
    text: str
    look_instead: str


class HeatColumn(NamedTuple):
    """A column of the heat map: a theme of Annex A, or one clause with all below it."""

    column_id: str
    kind: str
    theme: str


StrengthCounts = tuple[int, ...]  # pairs of each strength, the strongest first

# --- pairs ---------------------------------------------------------------------------------------


def directed(pair: CrosswalkPair, side: str) -> DirectedPair:
    """Return a pair as read from a side, tsc or iso."""
    this, other = (pair.tsc_id, pair.beyond_control), (pair.iso_id, pair.beyond_criterion)
    if side == ISO:
        this, other = other, this
    return DirectedPair(
        side=side,
        this_id=this[0],
        other_id=other[0],
        relation=pair.relation if side == TSC else MIRRORED.get(pair.relation, pair.relation),
        strength=pair.strength,
        reason=pair.reason,
        only_other=other[1],
        only_this=this[1],
        status=pair.status,
        sources_agreeing=pair.sources_agreeing,
        provenance=pair.provenance,
    )


def directed_pairs(trust: TrustTables, side: str) -> tuple[DirectedPair, ...]:
    """Return all pairs as read from a side, in the order of the requirements of that side."""
    places = {key: place for place, key in enumerate(gists(trust, side))}
    pairs = (directed(pair, side) for pair in trust.pairs)
    return tuple(sorted(pairs, key=lambda pair: places[pair.this_id]))


def pairs_of(trust: TrustTables, side: str, this_id: str) -> tuple[DirectedPair, ...]:
    """Return the pairs of one requirement as read from it, the strongest first."""
    stored = (pair for pair in trust.pairs if this_id in (pair.tsc_id, pair.iso_id))
    pairs = (directed(pair, side) for pair in stored)
    return tuple(sorted(pairs, key=lambda pair: STRENGTHS.index(pair.strength)))


def gists(trust: TrustTables, side: str) -> dict[str, str]:
    """Return what each requirement of one side asks for, by its id, in table order."""
    if side == TSC:
        return {key: criterion.gist for key, criterion in trust.criteria.items()}
    return {key: requirement.gist for key, requirement in trust.iso.items()}


# --- what the other side does not ask for --------------------------------------------------------


def remainders(trust: TrustTables, side: str) -> tuple[Remainder, ...]:
    """Return what a side asks for and the other side does not, in table order.

    A requirement that some pair covers as a whole leaves nothing. Of the others, what lies beyond
    one pair may be met by another pair of the same requirement, so all of them are listed together.
    """
    pairs: dict[str, list[DirectedPair]] = {key: [] for key in gists(trust, side)}
    for pair in directed_pairs(trust, side):
        pairs[pair.this_id].append(pair)
    return tuple(
        remainder
        for key, its_pairs in pairs.items()
        for remainder in _remainders(trust, side, key, its_pairs)
    )


def _remainders(
    trust: TrustTables, side: str, key: str, pairs: list[DirectedPair]
) -> Iterable[Remainder]:
    if not pairs:
        gap = trust.gaps[key]
        return [Remainder(side, key, WHOLE, "", gap.why, gap.look_instead)]
    if any(pair.relation in COVERED for pair in pairs):
        return []
    if all(pair.relation == UNSHARED for pair in pairs):
        return [Remainder(side, key, ONLY_RELATED, p.other_id, p.reason, "") for p in pairs]
    return [Remainder(side, key, PART, p.other_id, p.only_this, "") for p in pairs if p.only_this]


# --- counts --------------------------------------------------------------------------------------


def heat_columns(trust: TrustTables) -> tuple[HeatColumn, ...]:
    """Return the columns of the heat map in table order: themes of Annex A, then clauses."""
    return tuple(dict.fromkeys(heat_column_of(row) for row in trust.iso.values()))


def heat_column_of(requirement: IsoRequirement) -> HeatColumn:
    """Return the column of a requirement: A.5 for A.5.1, 6 for clause 6.1.2."""
    parts = requirement.iso_id.split(".")
    column_id = parts[0] if requirement.kind == CLAUSE else ".".join(parts[:2])
    return HeatColumn(column_id, requirement.kind, requirement.theme)


def heat_counts(trust: TrustTables) -> dict[tuple[str, str], StrengthCounts]:
    """Return how many pairs of each strength are in every cell: by series and by column."""
    columns = heat_columns(trust)
    counts = {(row, c.column_id): [0] * len(STRENGTHS) for row in trust.series for c in columns}
    for pair in trust.pairs:
        row = trust.criteria[pair.tsc_id].series_id
        cell = counts[row, heat_column_of(trust.iso[pair.iso_id]).column_id]
        cell[STRENGTHS.index(pair.strength)] += 1
    return {place: tuple(cell) for place, cell in counts.items()}

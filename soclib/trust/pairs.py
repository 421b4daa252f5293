"""The cross-map read from either side: pairs, what lies beyond them, and how many there are.

A pair is stored as read from the criterion. Read from the ISO requirement, subset and superset
swap, and so does what lies beyond. A count of pairs says how much evidence may serve twice, never
how far one side covers the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from soclib.tables.rows import Provenance
from soclib.trust.tables import IsoRequirement, Pair, TrustTables

TSC, ISO = "tsc", "iso"
SIDES = (TSC, ISO)
RELATIONS = ("equal", "subset", "superset", "intersects", "related")
STRENGTHS = ("strong", "partial", "weak")
MIRRORED = {"subset": "superset", "superset": "subset"}
COVERED = ("equal", "subset")  # the other side asks for all of it
UNSHARED = "related"  # no duty in common
CLAUSE = "clause"
WHOLE, ONLY_RELATED, PART = "whole", "related", "part"


class Reading(NamedTuple):
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


class Left(NamedTuple):
    """What one side asks for and the other does not.

    ``kind`` is whole (nothing there pairs with it), related (what pairs with it shares evidence and
    no duty) or part (``text`` is left beyond the pair with ``other_id``).
    """

    side: str
    requirement_id: str
    kind: str
    other_id: str
    text: str
    look_instead: str


class Group(NamedTuple):
    """A column of the heat map: a theme of Annex A, or one clause with all below it."""

    group_id: str
    kind: str
    theme: str


Count = tuple[int, ...]  # of pairs, one number per strength, the strongest first

# --- pairs ---------------------------------------------------------------------------------------


def read(pair: Pair, side: str) -> Reading:
    """Return a pair as read from a side, tsc or iso."""
    mine, theirs = (pair.tsc_id, pair.beyond_control), (pair.iso_id, pair.beyond_criterion)
    if side == ISO:
        mine, theirs = theirs, mine
    return Reading(
        side=side,
        this_id=mine[0],
        other_id=theirs[0],
        relation=pair.relation if side == TSC else MIRRORED.get(pair.relation, pair.relation),
        strength=pair.strength,
        reason=pair.reason,
        only_other=theirs[1],
        only_this=mine[1],
        status=pair.status,
        sources_agreeing=pair.sources_agreeing,
        provenance=pair.provenance,
    )


def readings(trust: TrustTables, side: str) -> tuple[Reading, ...]:
    """Return all pairs as read from a side, in the order of the requirements of that side."""
    found = [read(pair, side) for pair in trust.pairs]
    places = {key: place for place, key in enumerate(requirements(trust, side))}
    return tuple(sorted(found, key=lambda one: places[one.this_id]))


def pairs_of(trust: TrustTables, side: str, this_id: str) -> tuple[Reading, ...]:
    """Return the pairs of one requirement as read from it, the strongest first."""
    found = [read(pair, side) for pair in trust.pairs if this_id in (pair.tsc_id, pair.iso_id)]
    return tuple(sorted(found, key=lambda one: STRENGTHS.index(one.strength)))


def requirements(trust: TrustTables, side: str) -> dict[str, str]:
    """Return what each requirement of one side asks, by its id, in table order."""
    if side == TSC:
        return {key: one.gist for key, one in trust.criteria.items()}
    return {key: one.gist for key, one in trust.iso.items()}


# --- what is left over ---------------------------------------------------------------------------


def left_over(trust: TrustTables, side: str) -> tuple[Left, ...]:
    """Return what a side asks for and the other side does not, in table order.

    A requirement that some pair covers as a whole leaves nothing. Of the others, what lies beyond
    one pair may be met by another pair of the same requirement, so all of them are listed together.
    """
    found: dict[str, list[Reading]] = {key: [] for key in requirements(trust, side)}
    for one in readings(trust, side):
        found[one.this_id].append(one)
    return tuple(left for key, pairs in found.items() for left in _left(trust, side, key, pairs))


def _left(trust: TrustTables, side: str, key: str, pairs: list[Reading]) -> Iterable[Left]:
    if not pairs:
        gap = trust.gaps[key]
        return [Left(side, key, WHOLE, "", gap.why, gap.look_instead)]
    if any(one.relation in COVERED for one in pairs):
        return []
    if all(one.relation == UNSHARED for one in pairs):
        return [Left(side, key, ONLY_RELATED, one.other_id, one.reason, "") for one in pairs]
    return [
        Left(side, key, PART, one.other_id, one.only_this, "") for one in pairs if one.only_this
    ]


# --- counts --------------------------------------------------------------------------------------


def groups(trust: TrustTables) -> tuple[Group, ...]:
    """Return the columns of the heat map in table order: themes of Annex A, then clauses."""
    return tuple(dict.fromkeys(group_of(one) for one in trust.iso.values()))


def group_of(one: IsoRequirement) -> Group:
    """Return the column of a requirement: A.5.1 stands under A.5, clause 6.1.2 under 6."""
    parts = one.iso_id.split(".")
    group_id = parts[0] if one.kind == CLAUSE else ".".join(parts[:2])
    return Group(group_id, one.kind, one.theme)


def matrix(trust: TrustTables) -> dict[tuple[str, str], Count]:
    """Return how many pairs of each strength stand in every cell: by series and by column."""
    columns = groups(trust)
    counts = {(row, one.group_id): [0] * len(STRENGTHS) for row in trust.series for one in columns}
    for pair in trust.pairs:
        row = trust.criteria[pair.tsc_id].series_id
        cell = counts[row, group_of(trust.iso[pair.iso_id]).group_id]
        cell[STRENGTHS.index(pair.strength)] += 1
    return {place: tuple(cell) for place, cell in counts.items()}

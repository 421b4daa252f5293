"""Frozen records for what a mapping file says, and its relations and strengths as words we know."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

FORWARD, BACKWARD = "tsc-iso", "iso-tsc"
UNREAD = "?"  # a relation that stands there and is no known one
NONE = "none"  # the two sides do not relate
PAIRS = 100_000  # in one file; all criteria with all requirements are some 7,000
LONGEST = 2_000  # signs of a text; the rest of a longer one is cut off
RELATIONS = {
    "equal": ("equal", "equals", "equalto", "equivalent", "equivalentto", "same", "identical"),
    "subset": ("subset", "subsetof", "issubsetof", "isasubsetof"),
    "superset": ("superset", "supersetof", "issupersetof", "isasupersetof"),
    "intersects": (
        *("intersect", "intersects", "intersectswith", "intersectwith", "intersection"),
        *("overlap", "overlaps", "overlapswith"),
    ),
    "related": ("related", "relatedto", "relatesto"),
    NONE: ("none", "norelation", "norelationship", "notrelated", "notrelatedto", "unrelated"),
}
SPELT = {spelling: relation for relation, known in RELATIONS.items() for spelling in known}
FLIPPED = {"subset": "superset", "superset": "subset"}
GRADES = {
    **dict.fromkeys(("strong", "high", "full", "complete"), 100),
    **dict.fromkeys(("partial", "medium", "moderate"), 50),
    **dict.fromkeys(("weak", "low"), 20),
}
NUMBER = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*(%?)")


class MappingError(ValueError):
    """A mapping cannot be read; the message says which file, why, and what to do."""


class Written(NamedTuple):
    """One cell as it stands in the file: the name of its column, and its text."""

    column: str
    text: str


class Cells(NamedTuple):
    """What a file says about one pair, in its own words."""

    tsc: Written
    iso: Written
    relation: Written
    strength: Written
    reason: Written


class Link(NamedTuple):
    """One pair of a mapping file.

    ``number`` tells its map from the others, ``place`` is its line, or its path in JSON.
    ``relation`` is read from the criterion, whichever side the file starts from; blank where none
    is given, ``UNREAD`` for an unknown one.
    ``grade`` is its strength out of 100, or None. ``group`` is how many pairs its map holds.
    """

    number: int
    place: str
    tsc_id: str
    iso_id: str
    relation: str
    strength: str
    reason: str
    direction: str
    grade: int | None
    group: int
    cells: Cells


class NamedGap(NamedTuple):
    """A requirement that a file names as one without a counterpart; ``side`` is tsc or iso."""

    file: str
    place: str
    side: str
    found: str
    cell: Written


class MappingFile(NamedTuple):
    """All that a mapping file says; ``skipped`` are the places of sets between other frameworks."""

    name: str
    form: str
    links: tuple[Link, ...]
    gaps: tuple[NamedGap, ...]
    skipped: tuple[Written, ...] = ()


def tidy(value: object) -> str:
    """Return a value of a file as one line of text without control characters; blank for none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:LONGEST]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def relation_of(text: str, direction: str) -> str:
    """Return the relation, read from the criterion, that a text of a file names."""
    if not text:
        return ""
    relation = SPELT.get(re.sub(r"[^a-z]", "", text.lower()), UNREAD)
    return FLIPPED.get(relation, relation) if direction == BACKWARD else relation


def grader(texts: list[str], scale: int | None = None) -> Callable[[str], int | None]:
    """Return what turns a strength into a number out of 100, or None where it is not one.

    Without ``scale`` numbers are out of 1, 10 or 100: the least of them that holds all ``texts``.
    """
    numbers = [float(found[1]) for text in texts if (found := _bare(text))]
    scale = scale or next((top for top in (1, 10) if max(numbers, default=0) <= top), 100)

    def grade(text: str) -> int | None:
        found = NUMBER.fullmatch(text)
        if not found:
            return GRADES.get(text.lower())
        out_of = 100 if found[2] else scale
        return round(100 * float(found[1]) / out_of) if float(found[1]) <= out_of else None

    return grade


def _bare(text: str) -> re.Match[str] | None:
    found = NUMBER.fullmatch(text)
    return found if found and not found[2] else None

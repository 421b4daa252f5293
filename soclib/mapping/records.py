"""Frozen records of what a mapping file says, and how it may spell relations and strengths."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from soclib.trust.tables import MIRRORED

FORWARD, BACKWARD = "tsc-iso", "iso-tsc"
UNREAD = "?"  # a relation that is given but unknown
NONE = "none"  # the two sides do not relate
PAIRS = 100_000  # in one file; all criteria with all requirements are some 7,000
LONGEST = 2_000  # characters of a text; the rest of a longer one is cut off
RELATION_SPELLINGS = {
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
RELATION_OF_SPELLING = {
    spelling: relation for relation, known in RELATION_SPELLINGS.items() for spelling in known
}
GRADE_OF_WORD = {
    **dict.fromkeys(("strong", "high", "full", "complete"), 100),
    **dict.fromkeys(("partial", "medium", "moderate"), 50),
    **dict.fromkeys(("weak", "low"), 20),
}
NUMBER = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*(%?)")


class MappingError(ValueError):
    """A mapping cannot be read; the message says which file, why, and what to do."""


class FileCell(NamedTuple):
    """One cell as it is in the file: the name of its column, and its text."""

    column: str
    text: str


class PairCells(NamedTuple):
    """What a file says about one pair, in its own words."""

    tsc: FileCell
    iso: FileCell
    relation: FileCell
    strength: FileCell
    reason: FileCell


class Link(NamedTuple):
    """One pair of a mapping file.

    ``number`` is that of its map, ``place`` its line, or its path in JSON.
    ``relation`` is read from the criterion, whichever side the file starts from; it is blank where
    none is given, and ``UNREAD`` where it is unknown.
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
    cells: PairCells


class NamedGap(NamedTuple):
    """A requirement that a file names as one without a counterpart; ``side`` is tsc or iso."""

    file: str
    place: str
    side: str
    spelt: str
    cell: FileCell


class MappingFile(NamedTuple):
    """All that a mapping file says; ``skipped`` are its sets between other frameworks."""

    name: str
    form: str
    links: tuple[Link, ...]
    gaps: tuple[NamedGap, ...]
    skipped: tuple[FileCell, ...] = ()


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
    relation = RELATION_OF_SPELLING.get(re.sub(r"[^a-z]", "", text.lower()), UNREAD)
    return MIRRORED.get(relation, relation) if direction == BACKWARD else relation


def grader(texts: list[str], scale: int | None = None) -> Callable[[str], int | None]:
    """Return what turns a strength into a number out of 100, or None where it is not one.

    Without ``scale`` numbers are out of 1, 10 or 100: the least of them that holds all ``texts``.
    """
    numbers = [float(number[1]) for text in texts if (number := _bare(text))]
    scale = scale or next((top for top in (1, 10) if max(numbers, default=0) <= top), 100)

    def grade(text: str) -> int | None:
        number = NUMBER.fullmatch(text)
        if not number:
            return GRADE_OF_WORD.get(text.lower())
        out_of = 100 if number[2] else scale
        return round(100 * float(number[1]) / out_of) if float(number[1]) <= out_of else None

    return grade


def _bare(text: str) -> re.Match[str] | None:
    """Return the match of a number without a percent sign."""
    number = NUMBER.fullmatch(text)
    return number if number and not number[2] else None

"""Ids of criteria and ISO requirements as people write them, and what a wrong one likely means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from soclib.trust.tables import TrustTables

TSC, ISO = "tsc", "iso"  # the sides of a cross-map, as in the table of gaps
LONGEST = 80  # signs of an id; the rest of a longer one is cut off
FEW = 4  # ids that are listed one by one
APART = re.compile(r"[-_. ]+")
LEAD = r"(?:SOC[-_ ]?2|TSC|CRITERION|ISO[-_ ]?27001|ANNEX|CONTROL|CLAUSE)?[-_.: ]*"
FORMS = {
    TSC: re.compile(rf"{LEAD}(CC|PI|PP|A|C|P)[-_. ]*([0-9]+(?:[-_. ]+[A-Z0-9]+)*)"),
    ISO: re.compile(rf"{LEAD}(A(?=[-_. ]*[0-9]))?[-_. ]*([0-9]+(?:[-_. ]+[A-Z0-9]+)*)"),
}
# The 2013 edition numbers three levels deep, from A.5 to A.18; A.5 to A.8 are themes of 2022 too.
EDITION_2013 = re.compile(
    r"A\.(?:[5-9]|1[0-8])\.[0-9]+\.[0-9]+|A\.(?:9|1[0-8])(?:\.[0-9]+)?|1[1-8]\.[0-9]+(?:\.[0-9]+)?"
)


class Meaning(NamedTuple):
    """What an id stands for: the id that counts, or blank; what is wrong; what was likely meant.

    ``check_id`` is a row of the lint checks, or blank for an id that is right.
    """

    counts: str
    check_id: str = ""
    meant: str = ""


def read_id(text: str, side: str) -> str:
    """Return an id as our tables spell it: the end of a URN, cc-6.1 as CC6.1, a-5.1 as A.5.1.

    What is no such id comes back as it was written.
    """
    last = text.rsplit(":", 1)[-1].strip()[:LONGEST]
    found = FORMS[side].fullmatch(last.upper())
    if not found:
        return text.strip()[:LONGEST]
    letters, numbers = found[1] or "", ".".join(map(_plain, APART.split(found[2])))
    return f"{letters}.{numbers}" if side == ISO and letters else letters + numbers


def _plain(part: str) -> str:
    return part.lstrip("0") or "0"


def meaning(found: str, side: str, tables: TrustTables) -> Meaning:
    """Return what an id, spelt as ``read_id`` spells it, stands for on one side of a cross-map."""
    known = tables.criteria if side == TSC else tables.iso
    other = tables.iso if side == TSC else tables.criteria
    if found in known:
        return Meaning(found)
    if not found:
        return Meaning("", "missing_id")
    if read_id(found, ISO if side == TSC else TSC) in other:
        return Meaning("", "swapped_sides")
    return (_criterion if side == TSC else _requirement)(found, known)


def recognised(found: str, side: str, tables: TrustTables) -> bool:
    """Return whether an id belongs to a side beyond doubt, be it right or wrong.

    A bare number that is no clause does not: many frameworks number so.
    """
    check_id = meaning(found, side, tables).check_id
    if side == TSC:
        return check_id in ("", "point_of_focus", "wrong_prefix", "beyond_series")
    certain = ("beyond_theme", "part_of_clause", "edition_2013")
    return not check_id or (found.startswith("A.") and check_id in certain)


def _criterion(found: str, known: Collection[str]) -> Meaning:
    if whole := _whole(found, known):
        return Meaning(whole, "point_of_focus", whole)
    mended = found.replace("PP", "PI", 1)
    if found.startswith("PP") and (mended in known or _whole(mended, known)):
        return Meaning("", "wrong_prefix", mended)
    if under := _under(found.removesuffix(".0"), known):
        return Meaning("", "criterion_heading", _named(under))
    if series := _under(found.partition(".")[0], known):
        return Meaning("", "beyond_series", series[-1])
    return Meaning("", "unknown_criterion")


def _requirement(found: str, known: Collection[str]) -> Meaning:
    if EDITION_2013.fullmatch(found):
        return Meaning("", "edition_2013")
    if whole := _whole(found, known):
        return Meaning(whole, "part_of_clause", whole)
    lettered = [f"A.{found}"] if f"A.{found}" in known else []
    if under := _under(found.removesuffix(".0"), known):
        return Meaning("", "requirement_heading", _named([*under, *lettered]))
    if lettered:
        return Meaning("", "missing_letter", lettered[0])
    if theme := _under(found.rpartition(".")[0], known):
        return Meaning("", "beyond_theme", theme[-1])
    return Meaning("", "unknown_requirement")


def _whole(found: str, known: Collection[str]) -> str:
    """Return the known id that this one is a part of, or blank."""
    heads = (found[:at] for at, sign in enumerate(found) if sign == ".")
    return next((head for head in heads if head in known), "")


def _under(heading: str, known: Iterable[str]) -> list[str]:
    return [one for one in known if heading and one.startswith(f"{heading}.")]


def _named(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= FEW else f"{ids[0]} to {ids[-1]}"

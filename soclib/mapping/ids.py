"""Ids of criteria and ISO requirements as people write them, and what a wrong one likely means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from soclib.trust.tables import ISO, TSC, TrustTables

LONGEST = 80  # characters of an id; the rest of a longer one is cut off
FEW = 4  # ids at most that are listed one by one
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


class IdMeaning(NamedTuple):
    """What an id of a file stands for.

    ``known_id`` is the id of ours that it counts as, or blank; ``check_id`` the lint check that it
    fails, or blank; ``meant`` what was probably meant, where it fails one.
    """

    known_id: str
    check_id: str = ""
    meant: str = ""


def read_id(text: str, side: str) -> str:
    """Return an id as our tables spell it: cc-6.1 as CC6.1, a-5.1 as A.5.1; of a URN its end.

    Any other text comes back as it is.
    """
    last = text.rsplit(":", 1)[-1].strip()[:LONGEST]
    parts = FORMS[side].fullmatch(last.upper())
    if not parts:
        return text.strip()[:LONGEST]
    letters, numbers = parts[1] or "", ".".join(map(_plain, APART.split(parts[2])))
    return f"{letters}.{numbers}" if side == ISO and letters else letters + numbers


def _plain(part: str) -> str:
    return part.lstrip("0") or "0"


def meaning(spelt: str, side: str, tables: TrustTables) -> IdMeaning:
    """Return what an id, as ``read_id`` returns it, stands for on one side of a cross-map."""
    known = tables.criteria if side == TSC else tables.iso
    other = tables.iso if side == TSC else tables.criteria
    if spelt in known:
        return IdMeaning(spelt)
    if not spelt:
        return IdMeaning("", "missing_id")
    if read_id(spelt, ISO if side == TSC else TSC) in other:
        return IdMeaning("", "swapped_sides")
    return (_criterion if side == TSC else _requirement)(spelt, known)


def recognised(spelt: str, side: str, tables: TrustTables) -> bool:
    """Return whether an id, right or wrong, clearly belongs to a side.

    A bare number that is no clause does not: many frameworks use such numbers.
    """
    check_id = meaning(spelt, side, tables).check_id
    if side == TSC:
        return check_id in ("", "point_of_focus", "wrong_prefix", "beyond_series")
    certain = ("beyond_theme", "part_of_clause", "edition_2013")
    return not check_id or (spelt.startswith("A.") and check_id in certain)


def _criterion(spelt: str, known: Collection[str]) -> IdMeaning:
    if whole := _whole(spelt, known):
        return IdMeaning(whole, "point_of_focus", whole)
    corrected = spelt.replace("PP", "PI", 1)
    if spelt.startswith("PP") and (corrected in known or _whole(corrected, known)):
        return IdMeaning("", "wrong_prefix", corrected)
    if under := _under(spelt.removesuffix(".0"), known):
        return IdMeaning("", "criterion_heading", _named(under))
    if series := _under(spelt.partition(".")[0], known):
        return IdMeaning("", "beyond_series", series[-1])
    return IdMeaning("", "unknown_criterion")


def _requirement(spelt: str, known: Collection[str]) -> IdMeaning:
    if EDITION_2013.fullmatch(spelt):
        return IdMeaning("", "edition_2013")
    if whole := _whole(spelt, known):
        return IdMeaning(whole, "part_of_clause", whole)
    lettered = [f"A.{spelt}"] if f"A.{spelt}" in known else []
    if under := _under(spelt.removesuffix(".0"), known):
        return IdMeaning("", "requirement_heading", _named([*under, *lettered]))
    if lettered:
        return IdMeaning("", "missing_letter", lettered[0])
    if theme := _under(spelt.rpartition(".")[0], known):
        return IdMeaning("", "beyond_theme", theme[-1])
    return IdMeaning("", "unknown_requirement")


def _whole(spelt: str, known: Collection[str]) -> str:
    """Return the known id that this one is a part of, or blank."""
    heads = (spelt[:at] for at, sign in enumerate(spelt) if sign == ".")
    return next((head for head in heads if head in known), "")


def _under(heading: str, known: Iterable[str]) -> list[str]:
    return [key for key in known if heading and key.startswith(f"{heading}.")]


def _named(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= FEW else f"{ids[0]} to {ids[-1]}"

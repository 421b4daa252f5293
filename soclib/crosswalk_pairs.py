"""What is wrong with what a mapping file says about its pairs: twice, both ways, and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from soclib.crosswalk_looking import Finding, Key, Looking, pair_cell, row_of
from soclib.mapping_records import BACKWARD, FORWARD, NONE, UNREAD, Link, Written

# What stands in place of a reason: how a pair was matched, and that nobody has filled it in.
NO_REASONS = ("", "semantic", "syntactic", "functional", "tbd", "todo", "n/a", "na", "none", "-")


def pair_findings(looking: Looking) -> Iterator[Finding]:
    """Yield what is wrong with pairs that meet, and with what is said about each."""
    yield from _twice(looking)
    yield from _both_ways(looking)
    yield from _relations(looking)
    yield from _reasons(looking)
    yield from _strengths(looking)


# --- pairs that meet ------------------------------------------------------------------------------


def _twice(looking: Looking) -> Iterator[Finding]:
    """Yield pairs that stand there again, with the same answer or another."""
    first: dict[tuple[str, str, str], Link] = {}
    for link in looking.source.links:
        if not (link.tsc_id and link.iso_id):
            continue
        before = first.setdefault((link.tsc_id, link.iso_id, link.direction), link)
        if before is link:
            continue
        if not _differ(before, link):
            yield looking.finding("duplicate", link.place, pair_cell(link), other=row_of(before))
        elif before.group == link.group == 1:
            other = f"{_said(before)} ({row_of(before)})"
            cell = Written(link.cells.relation.column, _said(link))
            yield looking.finding("contradictory", link.place, cell, other=other)


def _differ(one: Link, other: Link) -> bool:
    strengths = one.strength.casefold(), other.strength.casefold()
    pairs = ((one.relation, other.relation), strengths)
    return any(first and second and first != second for first, second in pairs)


def _said(link: Link) -> str:
    """Return relation and strength in the words of the file."""
    return ", ".join(cell.text for cell in (link.cells.relation, link.cells.strength) if cell.text)


def _both_ways(looking: Looking) -> Iterator[Finding]:
    """Yield pairs whose two directions disagree, or of which one is missing."""
    ways: dict[str, dict[Key, Link]] = {FORWARD: {}, BACKWARD: {}}
    for link in looking.source.links:
        if link.tsc_id and link.iso_id:
            ways[link.direction].setdefault((link.tsc_id, link.iso_id), link)
    if not all(ways.values()):
        return
    for way, back in ((FORWARD, BACKWARD), (BACKWARD, FORWARD)):
        for key, link in ways[way].items():
            other = ways[back].get(key)
            if other is None and link.relation != NONE:
                yield looking.finding("one_way", link.place, pair_cell(link))
            elif other and way == BACKWARD and _disagree(link, other):
                said = f"{other.cells.relation.text} ({row_of(other)})"
                yield looking.finding("asymmetric", link.place, link.cells.relation, other=said)


def _disagree(one: Link, other: Link) -> bool:
    known = {"", UNREAD}.isdisjoint((one.relation, other.relation))
    return known and one.group == other.group == 1 and one.relation != other.relation


# --- what is said about a pair --------------------------------------------------------------------


def _relations(looking: Looking) -> Iterator[Finding]:
    links = looking.places
    yield from _missing(looking, "no_relation", "relation", [not link.relation for link in links])
    for link in links:
        if link.relation == UNREAD:
            yield looking.finding("unknown_relation", link.place, link.cells.relation)
    pairs = looking.source.links
    said = {link.relation for link in pairs}
    if len(said) == 1 and not said & {"", UNREAD} and len(pairs) >= looking.limit("one_relation"):
        yield looking.finding("one_relation", "", pairs[0].cells.relation, count=len(pairs))


def _missing(
    looking: Looking, check_id: str, field: str, lacking: Sequence[bool]
) -> Iterator[Finding]:
    """Yield each place that lacks something; the file as a whole where every place does."""
    links = looking.places
    if links and all(lacking) and len(links) > 1:
        column = getattr(links[0].cells, field).column
        count = len(looking.source.links)
        yield looking.finding(check_id, "", Written(column, ""), count=count)
        return
    for link, lacks in zip(links, lacking, strict=True):
        if lacks:
            yield looking.finding(
                check_id, link.place, getattr(link.cells, field), count=link.group
            )


def _reasons(looking: Looking) -> Iterator[Finding]:
    links = looking.places
    lacking = [_plain(link.reason) in NO_REASONS for link in links]
    yield from _missing(looking, "no_reason", "reason", lacking)
    places: dict[str, list[Link]] = defaultdict(list)
    for link, lacks in zip(links, lacking, strict=True):
        if not lacks:
            places[_plain(link.reason)].append(link)
    for same in places.values():
        pairs: dict[Key, Link] = {}
        for link in same:
            pairs.setdefault((link.tsc_id, link.iso_id), link)
        if len(pairs) >= max(2, looking.limit("repeated_reason")):
            first, second = list(pairs.values())[:2]
            words = {"count": len(pairs), "other": row_of(first)}
            yield looking.finding("repeated_reason", second.place, second.cells.reason, **words)


def _plain(text: str) -> str:
    """Return a reason without what does not change it: capitals and the stop at its end."""
    return text.casefold().rstrip(".!; ") if len(text) > 1 else text


def _strengths(looking: Looking) -> Iterator[Finding]:
    links = looking.places
    lacking = [not link.strength and link.relation != NONE for link in links]
    yield from _missing(looking, "no_strength", "strength", lacking)
    for link in links:
        if link.strength and link.grade is None:
            yield looking.finding("unknown_strength", link.place, link.cells.strength)
        check_id = _clash(looking, link)
        if check_id:
            yield looking.finding(check_id, link.place, link.cells.strength)


def _clash(looking: Looking, link: Link) -> str:
    """Return the check that a strength fails beside its relation, or blank."""
    if link.grade is None:
        return ""
    check_id = {
        "equal": "equal_not_strong",
        "related": "related_but_strong",
        NONE: "unrelated_but_strong",
    }.get(link.relation, "")
    enough = bool(check_id) and link.grade >= looking.limit(check_id)
    return check_id if check_id and enough != (link.relation == "equal") else ""

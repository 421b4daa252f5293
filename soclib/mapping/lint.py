"""What is wrong with a cross-map of the trust services criteria and ISO/IEC 27001:2022.

Pure checks over what a file says; which there are, from which number on, and in which words is in
lint_checks.csv.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from soclib.mapping.ids import ISO, TSC, Meaning, meaning
from soclib.mapping.records import BACKWARD, FORWARD, NONE, UNREAD, Link, MappingFile, Written
from soclib.mapping.tables import LintCheck
from soclib.trust.tables import TrustTables

FIELD = re.compile(r"\{(\w+)\}")
Key = tuple[str, str]


class Finding(NamedTuple):
    """One thing wrong with a file; ``row`` is a line, a path in JSON, or blank for the whole."""

    file: str
    row: str
    column: str
    value: str
    wrong: str
    remedy: str
    severity: str
    check_id: str


class Looking(NamedTuple):
    """A file with all that its ids stand for, and the tables that it is held against.

    ``places`` is the first pair of every map: what a map says, it says of all its pairs.
    """

    source: MappingFile
    tables: TrustTables
    checks: Mapping[str, LintCheck]
    ids: Mapping[Key, Meaning]
    places: tuple[Link, ...]

    def counted(self, side: str, found: str) -> str:
        """Return the id that an id of the file counts as, or blank."""
        return self.ids[side, found].counts

    def pair(self, link: Link) -> Key:
        """Return the ids that both ends of a pair count as, each of them or blank."""
        return self.counted(TSC, link.tsc_id), self.counted(ISO, link.iso_id)

    def limit(self, check_id: str) -> int:
        """Return the number from which a check speaks up."""
        return self.checks[check_id].limit or 0

    def finding(self, check_id: str, row: str, cell: Written, **words: object) -> Finding:
        """Return a finding in the words of its check."""
        check, values = self.checks[check_id], {"value": cell.text, **words}
        wrong, remedy = (_filled(text, values) for text in (check.wrong, check.remedy))
        return Finding(
            self.source.name, row, cell.column, cell.text, wrong, remedy, check.severity, check_id
        )


def look(source: MappingFile, tables: TrustTables, checks: Mapping[str, LintCheck]) -> Looking:
    """Return a file with what its ids stand for."""
    links = source.links
    keys = {(TSC, link.tsc_id) for link in links} | {(ISO, link.iso_id) for link in links}
    keys |= {(gap.side, gap.found) for gap in source.gaps}
    ids = {(side, found): meaning(found, side, tables) for side, found in keys}
    first: dict[int, Link] = {}
    for link in links:
        first.setdefault(link.number, link)
    return Looking(source, tables, checks, ids, tuple(first.values()))


def row_of(link: Link) -> str:
    """Return where a pair stands, in words."""
    return f"line {link.place}" if link.place.isdigit() else link.place


def pair_cell(link: Link) -> Written:
    """Return both ids of a pair as one cell, in the order of the file."""
    ends = ((link.cells.tsc.column, link.tsc_id), (link.cells.iso.column, link.iso_id))
    columns, ids = zip(*(ends if link.direction == FORWARD else ends[::-1]), strict=True)
    return Written(" + ".join(columns), " + ".join(ids))


def _filled(text: str, values: Mapping[str, object]) -> str:
    return FIELD.sub(lambda field: str(values.get(field[1], field[0])), text)


# --- what is wrong with what a file says about its pairs ------------------------------------------


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


# --- all findings ---------------------------------------------------------------------------------


LETTER = "A."
Place = tuple[str, str, str, str, Written]


class Covered(NamedTuple):
    """How many of a kind have a pair and how many are named as gaps; ``neither`` by their ids."""

    kind: str
    total: int
    paired: int
    gaps: int
    neither: tuple[str, ...]


def findings(looking: Looking) -> tuple[Finding, ...]:
    """Return all that is wrong with a file, in the order of the checks and then of the file."""
    found = [
        *_ids(looking),
        *_letters(looking),
        *_sets(looking),
        *pair_findings(looking),
        *_everything(looking),
        *_gaps(looking),
    ]
    order = {check_id: place for place, check_id in enumerate(looking.checks)}
    return tuple(sorted(found, key=lambda one: order[one.check_id]))


def coverage(looking: Looking) -> tuple[Covered, ...]:
    """Return counts of criteria, then of ISO requirements by their kind."""
    tables, (tsc, iso) = looking.tables, _paired(looking)
    kinds = dict.fromkeys(one.kind for one in tables.iso.values())
    return (
        _covered("criterion", list(tables.criteria), tsc, _named_gaps(looking, TSC)),
        *(
            _covered(
                kind,
                [one.iso_id for one in tables.iso.values() if one.kind == kind],
                iso,
                _named_gaps(looking, ISO),
            )
            for kind in kinds
        ),
    )


def _covered(kind: str, ids: Sequence[str], paired: set[str], gaps: set[str]) -> Covered:
    neither = tuple(one for one in ids if one not in paired | gaps)
    with_pair = sum(one in paired for one in ids)
    return Covered(kind, len(ids), with_pair, len(ids) - with_pair - len(neither), neither)


def _paired(looking: Looking) -> tuple[set[str], set[str]]:
    """Return the criteria and the ISO requirements that have a pair."""
    related = [link for link in looking.source.links if link.relation != NONE]
    pairs = [looking.pair(link) for link in related]
    whole = [pair for pair in pairs if all(pair)]
    return {tsc for tsc, _iso in whole}, {iso for _tsc, iso in whole}


def _named_gaps(looking: Looking, side: str) -> set[str]:
    found = {looking.counted(side, gap.found) for gap in looking.source.gaps if gap.side == side}
    return found - {""}


# --- ids ------------------------------------------------------------------------------------------


def _ids(looking: Looking) -> Iterator[Finding]:
    """Yield ids that do not exist or name more or less than a requirement, once per place."""
    for file, row, side, found, cell in _places(looking.source):
        one = looking.ids[side, found]
        if one.check_id:
            count = len(looking.tables.criteria)
            words = {"value": found, "meant": one.meant, "count": count}
            yield looking.finding(one.check_id, row, cell, **words)._replace(file=file)


def _places(source: MappingFile) -> Iterable[Place]:
    """Return every id of a file with its place and side, once per place."""
    found: list[Place] = []
    for link in source.links:
        found.append((source.name, link.place, TSC, link.tsc_id, link.cells.tsc))
        found.append((source.name, link.place, ISO, link.iso_id, link.cells.iso))
    found += [(gap.file, gap.place, gap.side, gap.found, gap.cell) for gap in source.gaps]
    return dict.fromkeys(found)


def _letters(looking: Looking) -> Iterator[Finding]:
    """Yield clauses that may be controls, in a file that leaves out the letter elsewhere."""
    bare = next((k[1] for k, one in looking.ids.items() if one.check_id == "missing_letter"), "")
    for file, row, side, found, cell in _places(looking.source) if bare else ():
        meant = f"{LETTER}{found}"
        if side == ISO and not looking.ids[side, found].check_id and meant in looking.tables.iso:
            doubt = looking.finding("doubtful_letter", row, cell, meant=meant, other=bare)
            yield doubt._replace(file=file)


def _sets(looking: Looking) -> Iterator[Finding]:
    """Yield sets between other frameworks, and maps that hold several pairs."""
    for row, names in looking.source.skipped:
        yield looking.finding("other_frameworks", row, Written("", names))
    for link in looking.places:
        if link.group > 1:
            yield looking.finding("grouped", link.place, link.cells.relation, count=link.group)


# --- the whole ------------------------------------------------------------------------------------


def _everything(looking: Looking) -> Iterator[Finding]:
    """Yield what is paired with more than anybody can have written a reason for."""
    ends: tuple[dict[str, set[str]], ...] = (defaultdict(set), defaultdict(set))
    cells: dict[str, Written] = {}
    for link in looking.source.links:
        tsc, iso = looking.pair(link)
        if tsc and iso and link.relation != NONE:
            ends[0][tsc].add(iso)
            ends[1][iso].add(tsc)
            cells |= {tsc: link.cells.tsc, iso: link.cells.iso}
    for check_id, paired in zip(("many_requirements", "many_criteria"), ends, strict=True):
        for one, others in paired.items():
            if len(others) >= looking.limit(check_id):
                cell = Written(cells[one].column, one)
                yield looking.finding(check_id, "", cell, count=len(others))


def _gaps(looking: Looking) -> Iterator[Finding]:
    """Yield criteria that are passed over, and gaps that have a pair."""
    columns = {link.cells.tsc.column: None for link in looking.source.links}
    column = next(iter(columns), "")
    for one in coverage(looking)[0].neither:
        yield looking.finding("not_mapped", "", Written(column, one))
    places: dict[tuple[str, str], Link] = {}
    for link in looking.source.links:
        if link.relation != NONE:
            tsc, iso = looking.pair(link)
            places.setdefault((TSC, tsc), link)
            places.setdefault((ISO, iso), link)
    for gap in looking.source.gaps:
        counted = looking.counted(gap.side, gap.found)
        if counted and (gap.side, counted) in places:
            found = looking.finding(
                "gap_with_pair", gap.place, gap.cell, other=row_of(places[gap.side, counted])
            )
            yield found._replace(file=gap.file)

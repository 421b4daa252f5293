"""What is wrong with a cross-map of the trust services criteria and ISO/IEC 27001:2022.

Pure checks of what a file says. Which checks there are, their limits and their words are in
``lint_checks.csv``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from soclib.mapping.ids import IdMeaning, meaning
from soclib.mapping.records import BACKWARD, FORWARD, NONE, UNREAD, FileCell, Link, MappingFile
from soclib.mapping.tables import LintCheck
from soclib.trust.tables import ISO, TSC, TrustTables
from soclib.words import fill

IdPair = tuple[str, str]


class LintFinding(NamedTuple):
    """One thing wrong with a file; ``row`` is a line, a path in JSON, or blank for all of it."""

    file: str
    row: str
    column: str
    value: str
    wrong: str
    remedy: str
    severity: str
    check_id: str


class ResolvedMapping(NamedTuple):
    """A mapping file with what its ids stand for, and the tables that it is checked against.

    ``first_links`` holds the first pair of every map: what a map says is the same for all its
    pairs, and is checked once.
    """

    source: MappingFile
    tables: TrustTables
    checks: Mapping[str, LintCheck]
    ids: Mapping[IdPair, IdMeaning]
    first_links: tuple[Link, ...]

    def known_id(self, side: str, spelt: str) -> str:
        """Return the id of ours that an id of the file stands for, or blank."""
        return self.ids[side, spelt].known_id

    def pair(self, link: Link) -> IdPair:
        """Return the ids of ours that both ends of a pair stand for, each of them or blank."""
        return self.known_id(TSC, link.tsc_id), self.known_id(ISO, link.iso_id)

    def limit(self, check_id: str) -> int:
        """Return the number from which a check reports something."""
        return self.checks[check_id].limit or 0

    def finding(self, check_id: str, row: str, cell: FileCell, **words: object) -> LintFinding:
        """Return a finding in the words of its check."""
        check = self.checks[check_id]
        values = {"value": cell.text, **{name: str(word) for name, word in words.items()}}
        wrong, remedy = (fill(text, values) for text in (check.wrong, check.remedy))
        return LintFinding(
            self.source.name, row, cell.column, cell.text, wrong, remedy, check.severity, check_id
        )


def resolve(
    source: MappingFile, tables: TrustTables, checks: Mapping[str, LintCheck]
) -> ResolvedMapping:
    """Return a mapping file with what its ids stand for."""
    links = source.links
    keys = {(TSC, link.tsc_id) for link in links} | {(ISO, link.iso_id) for link in links}
    keys |= {(gap.side, gap.spelt) for gap in source.gaps}
    ids = {(side, spelt): meaning(spelt, side, tables) for side, spelt in keys}
    first: dict[int, Link] = {}
    for link in links:
        first.setdefault(link.number, link)
    return ResolvedMapping(source, tables, checks, ids, tuple(first.values()))


def row_of(link: Link) -> str:
    """Return where in the file a pair is, in words."""
    return f"line {link.place}" if link.place.isdigit() else link.place


def pair_cell(link: Link) -> FileCell:
    """Return both ids of a pair as one cell, in the order of the file."""
    ends = ((link.cells.tsc.column, link.tsc_id), (link.cells.iso.column, link.iso_id))
    columns, ids = zip(*(ends if link.direction == FORWARD else ends[::-1]), strict=True)
    return FileCell(" + ".join(columns), " + ".join(ids))


# --- what is wrong with the pairs of a file -------------------------------------------------------

# Found where a reason should be: how a pair was matched, or that nobody has filled it in.
NO_REASONS = ("", "semantic", "syntactic", "functional", "tbd", "todo", "n/a", "na", "none", "-")


def pair_findings(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield what is wrong between pairs, and with what is said about each of them."""
    yield from _twice(resolved)
    yield from _both_ways(resolved)
    yield from _relations(resolved)
    yield from _reasons(resolved)
    yield from _strengths(resolved)


# --- one pair and another -------------------------------------------------------------------------


def _twice(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield pairs that are listed again, with the same relation and strength or with others."""
    first: dict[tuple[str, str, str], Link] = {}
    for link in resolved.source.links:
        if not (link.tsc_id and link.iso_id):
            continue
        before = first.setdefault((link.tsc_id, link.iso_id, link.direction), link)
        if before is link:
            continue
        if not _differ(before, link):
            yield resolved.finding("duplicate", link.place, pair_cell(link), other=row_of(before))
        elif before.group == link.group == 1:
            other = f"{_judgement(before)} ({row_of(before)})"
            cell = FileCell(link.cells.relation.column, _judgement(link))
            yield resolved.finding("contradictory", link.place, cell, other=other)


def _differ(link: Link, other: Link) -> bool:
    strengths = link.strength.casefold(), other.strength.casefold()
    pairs = ((link.relation, other.relation), strengths)
    return any(first and second and first != second for first, second in pairs)


def _judgement(link: Link) -> str:
    """Return relation and strength in the words of the file."""
    return ", ".join(cell.text for cell in (link.cells.relation, link.cells.strength) if cell.text)


def _both_ways(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield pairs whose two directions disagree, or of which one is missing."""
    ways: dict[str, dict[IdPair, Link]] = {FORWARD: {}, BACKWARD: {}}
    for link in resolved.source.links:
        if link.tsc_id and link.iso_id:
            ways[link.direction].setdefault((link.tsc_id, link.iso_id), link)
    if not all(ways.values()):
        return
    for way, back in ((FORWARD, BACKWARD), (BACKWARD, FORWARD)):
        for key, link in ways[way].items():
            other = ways[back].get(key)
            if other is None and link.relation != NONE:
                yield resolved.finding("one_way", link.place, pair_cell(link))
            elif other and way == BACKWARD and _disagree(link, other):
                opposite = f"{other.cells.relation.text} ({row_of(other)})"
                cell = link.cells.relation
                yield resolved.finding("asymmetric", link.place, cell, other=opposite)


def _disagree(link: Link, other: Link) -> bool:
    known = {"", UNREAD}.isdisjoint((link.relation, other.relation))
    return known and link.group == other.group == 1 and link.relation != other.relation


# --- what is said about a pair --------------------------------------------------------------------


def _relations(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    links = resolved.first_links
    yield from _lacking(resolved, "no_relation", "relation", [not link.relation for link in links])
    for link in links:
        if link.relation == UNREAD:
            yield resolved.finding("unknown_relation", link.place, link.cells.relation)
    pairs = resolved.source.links
    used = {link.relation for link in pairs}
    if len(used) == 1 and not used & {"", UNREAD} and len(pairs) >= resolved.limit("one_relation"):
        yield resolved.finding("one_relation", "", pairs[0].cells.relation, count=len(pairs))


def _lacking(
    resolved: ResolvedMapping, check_id: str, field: str, lacking: Sequence[bool]
) -> Iterator[LintFinding]:
    """Yield each pair that lacks something; one finding for the whole file where all do."""
    links = resolved.first_links
    if links and all(lacking) and len(links) > 1:
        column = getattr(links[0].cells, field).column
        count = len(resolved.source.links)
        yield resolved.finding(check_id, "", FileCell(column, ""), count=count)
        return
    for link, lacks in zip(links, lacking, strict=True):
        if lacks:
            yield resolved.finding(
                check_id, link.place, getattr(link.cells, field), count=link.group
            )


def _reasons(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    links = resolved.first_links
    lacking = [_plain(link.reason) in NO_REASONS for link in links]
    yield from _lacking(resolved, "no_reason", "reason", lacking)
    by_reason: dict[str, list[Link]] = defaultdict(list)
    for link, lacks in zip(links, lacking, strict=True):
        if not lacks:
            by_reason[_plain(link.reason)].append(link)
    for repeating in by_reason.values():
        pairs: dict[IdPair, Link] = {}
        for link in repeating:
            pairs.setdefault((link.tsc_id, link.iso_id), link)
        if len(pairs) >= max(2, resolved.limit("repeated_reason")):
            first, second = list(pairs.values())[:2]
            words = {"count": len(pairs), "other": row_of(first)}
            yield resolved.finding("repeated_reason", second.place, second.cells.reason, **words)


def _plain(text: str) -> str:
    """Return a reason without capitals and without the punctuation at its end."""
    return text.casefold().rstrip(".!; ") if len(text) > 1 else text


def _strengths(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    links = resolved.first_links
    lacking = [not link.strength and link.relation != NONE for link in links]
    yield from _lacking(resolved, "no_strength", "strength", lacking)
    for link in links:
        if link.strength and link.grade is None:
            yield resolved.finding("unknown_strength", link.place, link.cells.strength)
        check_id = _clash(resolved, link)
        if check_id:
            yield resolved.finding(check_id, link.place, link.cells.strength)


def _clash(resolved: ResolvedMapping, link: Link) -> str:
    """Return the check by which a strength does not fit its relation, or blank."""
    if link.grade is None:
        return ""
    check_id = {
        "equal": "equal_not_strong",
        "related": "related_but_strong",
        NONE: "unrelated_but_strong",
    }.get(link.relation, "")
    enough = bool(check_id) and link.grade >= resolved.limit(check_id)
    return check_id if check_id and enough != (link.relation == "equal") else ""


# --- all findings ---------------------------------------------------------------------------------

LETTER = "A."
IdPlace = tuple[str, str, str, str, FileCell]


class Coverage(NamedTuple):
    """How many requirements of a kind are in a pair or a gap; ``neither`` lists the rest."""

    kind: str
    total: int
    paired: int
    gaps: int
    neither: tuple[str, ...]


def findings(resolved: ResolvedMapping) -> tuple[LintFinding, ...]:
    """Return all that is wrong with a file, in the order of the checks and then of the file."""
    unordered = [
        *_ids(resolved),
        *_letters(resolved),
        *_sets(resolved),
        *pair_findings(resolved),
        *_crowded(resolved),
        *_gaps(resolved),
    ]
    order = {check_id: place for place, check_id in enumerate(resolved.checks)}
    return tuple(sorted(unordered, key=lambda finding: order[finding.check_id]))


def coverage(resolved: ResolvedMapping) -> tuple[Coverage, ...]:
    """Return counts of criteria, then of ISO requirements by their kind."""
    tables, (tsc, iso) = resolved.tables, _paired(resolved)
    kinds = dict.fromkeys(row.kind for row in tables.iso.values())
    return (
        _coverage("criterion", list(tables.criteria), tsc, _named_gaps(resolved, TSC)),
        *(
            _coverage(
                kind,
                [row.iso_id for row in tables.iso.values() if row.kind == kind],
                iso,
                _named_gaps(resolved, ISO),
            )
            for kind in kinds
        ),
    )


def _coverage(kind: str, ids: Sequence[str], paired: set[str], gaps: set[str]) -> Coverage:
    neither = tuple(key for key in ids if key not in paired | gaps)
    with_pair = sum(key in paired for key in ids)
    return Coverage(kind, len(ids), with_pair, len(ids) - with_pair - len(neither), neither)


def _paired(resolved: ResolvedMapping) -> tuple[set[str], set[str]]:
    """Return the criteria and the ISO requirements that have a pair."""
    related = [link for link in resolved.source.links if link.relation != NONE]
    pairs = [resolved.pair(link) for link in related]
    whole = [pair for pair in pairs if all(pair)]
    return {tsc for tsc, _iso in whole}, {iso for _tsc, iso in whole}


def _named_gaps(resolved: ResolvedMapping, side: str) -> set[str]:
    gaps = [gap for gap in resolved.source.gaps if gap.side == side]
    return {resolved.known_id(side, gap.spelt) for gap in gaps} - {""}


# --- ids ------------------------------------------------------------------------------------------


def _ids(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield ids that do not exist, or that name more or less than one requirement."""
    for file, row, side, spelt, cell in _places(resolved.source):
        read_as = resolved.ids[side, spelt]
        if read_as.check_id:
            count = len(resolved.tables.criteria)
            words = {"value": spelt, "meant": read_as.meant, "count": count}
            yield resolved.finding(read_as.check_id, row, cell, **words)._replace(file=file)


def _places(source: MappingFile) -> Iterable[IdPlace]:
    """Return every id of a file with its place and side, once per place."""
    places: list[IdPlace] = []
    for link in source.links:
        places.append((source.name, link.place, TSC, link.tsc_id, link.cells.tsc))
        places.append((source.name, link.place, ISO, link.iso_id, link.cells.iso))
    places += [(gap.file, gap.place, gap.side, gap.spelt, gap.cell) for gap in source.gaps]
    return dict.fromkeys(places)


def _letters(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield clauses that may be controls, in a file that leaves out the letter of other ids."""
    bare = next((k[1] for k, i in resolved.ids.items() if i.check_id == "missing_letter"), "")
    for file, row, side, spelt, cell in _places(resolved.source) if bare else ():
        meant = f"{LETTER}{spelt}"
        if side == ISO and not resolved.ids[side, spelt].check_id and meant in resolved.tables.iso:
            doubt = resolved.finding("doubtful_letter", row, cell, meant=meant, other=bare)
            yield doubt._replace(file=file)


def _sets(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield sets between other frameworks, and maps that hold several pairs."""
    for row, names in resolved.source.skipped:
        yield resolved.finding("other_frameworks", row, FileCell("", names))
    for link in resolved.first_links:
        if link.group > 1:
            yield resolved.finding("grouped", link.place, link.cells.relation, count=link.group)


# --- the file as a whole --------------------------------------------------------------------------


def _crowded(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield ids with more pairs than anybody can have written reasons for."""
    ends: tuple[dict[str, set[str]], ...] = (defaultdict(set), defaultdict(set))
    cells: dict[str, FileCell] = {}
    for link in resolved.source.links:
        tsc, iso = resolved.pair(link)
        if tsc and iso and link.relation != NONE:
            ends[0][tsc].add(iso)
            ends[1][iso].add(tsc)
            cells |= {tsc: link.cells.tsc, iso: link.cells.iso}
    for check_id, paired in zip(("many_requirements", "many_criteria"), ends, strict=True):
        for key, others in paired.items():
            if len(others) >= resolved.limit(check_id):
                cell = FileCell(cells[key].column, key)
                yield resolved.finding(check_id, "", cell, count=len(others))


def _gaps(resolved: ResolvedMapping) -> Iterator[LintFinding]:
    """Yield criteria that are neither in a pair nor a gap, and gaps that are in a pair."""
    columns = {link.cells.tsc.column: None for link in resolved.source.links}
    column = next(iter(columns), "")
    for tsc_id in coverage(resolved)[0].neither:
        yield resolved.finding("not_mapped", "", FileCell(column, tsc_id))
    places: dict[tuple[str, str], Link] = {}
    for link in resolved.source.links:
        if link.relation != NONE:
            tsc, iso = resolved.pair(link)
            places.setdefault((TSC, tsc), link)
            places.setdefault((ISO, iso), link)
    for gap in resolved.source.gaps:
        known_id = resolved.known_id(gap.side, gap.spelt)
        if known_id and (gap.side, known_id) in places:
            other = row_of(places[gap.side, known_id])
            finding = resolved.finding("gap_with_pair", gap.place, gap.cell, other=other)
            yield finding._replace(file=gap.file)

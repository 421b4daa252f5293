"""What is wrong with a cross-map of the trust services criteria and ISO/IEC 27001:2022.

Pure checks over what a file says; which there are, from which number on, and in which words is in
lint_checks.csv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from soclib.crosswalk_ids import ISO, TSC
from soclib.crosswalk_looking import Finding, Looking, row_of
from soclib.crosswalk_pairs import pair_findings
from soclib.mapping_records import NONE, Link, MappingFile, Written

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
    order = {check_id: place for place, check_id in enumerate(looking.tables.lint)}
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

"""A mapping file under the lint: what its ids stand for, and findings in the words of the data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from soclib.crosswalk_ids import ISO, TSC, Meaning, meaning
from soclib.mapping_records import FORWARD, Link, MappingFile, Written
from soclib.trust_records import TrustTables

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
        return self.tables.lint[check_id].limit or 0

    def finding(self, check_id: str, row: str, cell: Written, **words: object) -> Finding:
        """Return a finding in the words of its check."""
        check, values = self.tables.lint[check_id], {"value": cell.text, **words}
        wrong, remedy = (_filled(text, values) for text in (check.wrong, check.remedy))
        return Finding(
            self.source.name, row, cell.column, cell.text, wrong, remedy, check.severity, check_id
        )


def look(source: MappingFile, tables: TrustTables) -> Looking:
    """Return a file with what its ids stand for."""
    links = source.links
    keys = {(TSC, link.tsc_id) for link in links} | {(ISO, link.iso_id) for link in links}
    keys |= {(gap.side, gap.found) for gap in source.gaps}
    ids = {(side, found): meaning(found, side, tables) for side, found in keys}
    first: dict[int, Link] = {}
    for link in links:
        first.setdefault(link.number, link)
    return Looking(source, tables, ids, tuple(first.values()))


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

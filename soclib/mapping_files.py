"""A mapping of the trust services criteria to ISO/IEC 27001:2022, read from any of three forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

from soclib.crosswalk_ids import ISO, TSC, read_id, recognised
from soclib.mapping_records import (
    BACKWARD,
    FORWARD,
    NONE,
    PAIRS,
    Cells,
    Link,
    MappingError,
    MappingFile,
    NamedGap,
    Written,
    grader,
    relation_of,
    tidy,
)
from soclib.mapping_sets import Map, MapSet, read_sets
from soclib.mapping_trees import parse_json, parse_yaml
from soclib.own_tables import own_rows
from soclib.rows import DataError, Row
from soclib.trust_records import TrustTables

LARGEST = {".csv": 20, ".json": 20, ".yaml": 8, ".yml": 8}  # megabytes, by suffix
SHOWN = 20  # faults of a table that cannot be read
IDS = ("tsc_id", "iso_id")
FURTHER = ("relation", "strength", "reason", "direction")
GAPS = ("side", "requirement_id")
CSV_FORM = "CSV table"
NAMES = {
    TSC: re.compile(r"soc[-_ ]?2|trust[-_ ]services|\btsc\b|\btsp[-_ ]?100", re.IGNORECASE),
    ISO: re.compile(r"2700[12]", re.IGNORECASE),
}
Grade = Callable[[str], int | None]


def read_mapping(
    path: str | Path, tables: TrustTables, gaps: str | Path | None = None
) -> MappingFile:
    """Return what a file says: our CSV, an OSCAL mapping (JSON, YAML) or a CISO Assistant library.

    ``gaps`` is a CSV table of requirements without a counterpart; without it, one that lies beside
    the file and has its name with ``_gaps`` is taken. Raises ``MappingError`` with one sentence
    that says which file cannot be read, why, and what to do.
    """
    place = Path(path).expanduser()
    suffix = place.suffix.lower()
    if suffix not in LARGEST:
        message = f"{place.name}: unknown suffix {suffix!r}; use one of {', '.join(LARGEST)}"
        raise MappingError(message)
    text = _text(place)
    if suffix == ".csv":
        found = _read_csv(place.name, text)
    else:
        tree = (parse_json if suffix == ".json" else parse_yaml)(place.name, text)
        found = _from_sets(place.name, tree, tables)
    beside = place.with_name(f"{place.stem}_gaps.csv")
    table = Path(gaps).expanduser() if gaps else beside if beside.is_file() else None
    return found._replace(gaps=(*found.gaps, *_read_gaps(table))) if table else found


def _text(place: Path) -> str:
    """Return the text of a file that is not too large, holds no NUL bytes and is UTF-8."""
    name, most = place.name, LARGEST.get(place.suffix.lower(), LARGEST[".csv"])
    try:
        with place.open("rb") as handle:
            content = handle.read(most * 1_000_000 + 1)
    except OSError as error:
        message = f"{name}: {error.strerror}; a file that can be read is needed"
        raise MappingError(message) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text, why = "", f"is not UTF-8 at byte {error.start}; save it as UTF-8"
    else:
        why = "" if text.strip() else "is empty; name a file that holds a mapping"
    if b"\0" in content:
        why = "holds NUL bytes, so it is no text in UTF-8; save it as UTF-8"
    if len(content) > most * 1_000_000:
        why = f"is larger than {most} MB; leave out what is no mapping, or split it"
    if why:
        message = f"{name}: {why}"
        raise MappingError(message)
    return text


# --- CSV ------------------------------------------------------------------------------------------


def _rows(name: str, text: str, required: Sequence[str], optional: Sequence[str]) -> list[Row]:
    _check_count(name, text.count("\n") // 2)  # a text may run over lines; so many do not
    try:
        rows = own_rows(f"{text}\n", required, optional, name)
    except DataError as error:
        lines = [str(fault) for fault in error.faults[:SHOWN]]
        if len(error.faults) > SHOWN:
            lines.append(f"{name}: and {len(error.faults) - SHOWN} more faults")
        raise MappingError("\n".join(lines)) from error
    _check_count(name, len(rows))
    return rows


def _check_count(name: str, count: int) -> None:
    if count > PAIRS:
        message = f"{name}: holds more than {PAIRS:,} pairs; no map between the two has so many"
        raise MappingError(message)


def _read_csv(name: str, text: str) -> MappingFile:
    rows = _rows(name, text, IDS, FURTHER)
    rows = [row._replace(cells={k: tidy(v) for k, v in row.cells.items()}) for row in rows]
    grade = grader([row.cells["strength"] for row in rows])
    return MappingFile(
        name,
        CSV_FORM,
        tuple(_row_link(row, grade) for row in rows if not _gap_side(row)),
        tuple(_row_gap(name, row, side) for row in rows if (side := _gap_side(row))),
    )


def _gap_side(row: Row) -> str:
    """Return which side a row names as a gap: its other id is blank, and its relation is none."""
    tsc, iso = (row.cells[column] for column in IDS)
    if relation_of(row.cells["relation"], FORWARD) != NONE or bool(tsc) == bool(iso):
        return ""
    return TSC if tsc else ISO


def _row_gap(name: str, row: Row, side: str) -> NamedGap:
    column = IDS[side == ISO]
    text = row.cells[column]
    return NamedGap(name, str(row.line), side, read_id(text, side), Written(column, text))


def _row_link(row: Row, grade: Grade) -> Link:
    tsc, iso, relation, strength, reason = (Written(c, row.cells[c]) for c in (*IDS, *FURTHER[:3]))
    direction = BACKWARD if row.cells["direction"].lower().startswith("iso") else FORWARD
    cells = Cells(tsc, iso, relation, strength, reason)
    return _link((row.line, str(row.line)), cells, direction, grade)


def _link(
    place: tuple[int, str], cells: Cells, direction: str, grade: Grade, group: int = 1
) -> Link:
    return Link(
        *place,
        read_id(cells.tsc.text, TSC),
        read_id(cells.iso.text, ISO),
        relation_of(cells.relation.text, direction),
        cells.strength.text,
        cells.reason.text,
        direction,
        grade(cells.strength.text),
        group,
        cells,
    )


def _read_gaps(place: Path) -> Iterator[NamedGap]:
    """Yield the requirements of a table of gaps, in the form of our crosswalk_gaps.csv."""
    for row in _rows(place.name, _text(place), GAPS, ()):
        side = row.cells["side"].lower()
        if side not in (TSC, ISO):
            message = str(row.fault("side", f"use {TSC} or {ISO}"))
            raise MappingError(message)
        text = tidy(row.cells["requirement_id"])
        cell = Written("requirement_id", text)
        yield NamedGap(place.name, str(row.line), side, read_id(text, side), cell)


# --- OSCAL and CISO Assistant ---------------------------------------------------------------------


def _from_sets(name: str, tree: object, tables: TrustTables) -> MappingFile:
    form, scale, sets = read_sets(name, tree)
    ways = [(one, _direction(one, tables)) for one in sets]
    ours = [(one, way) for one, way in ways if way]
    if not ours:
        raise MappingError(_none_of_ours(name, sets))
    _check_count(name, sum(len(m.sources) * len(m.targets) for one, _way in ours for m in one.maps))
    return MappingFile(
        name,
        form,
        tuple(_all_links(ours, grader([], scale))),
        tuple(gap for one, way in ours for gap in _set_gaps(name, one, way)),
        tuple(Written(one.place, " to ".join(one.names)) for one, way in ways if not way),
    )


def _none_of_ours(name: str, sets: Sequence[MapSet]) -> str:
    named = "; ".join(" to ".join(one.names) for one in sets if any(one.names))
    return (
        f"{name}: maps no trust services criteria to ISO/IEC 27001 or back "
        f"(sets found: {named[:200] or len(sets)}); name a file that does"
    )


def _direction(one: MapSet, tables: TrustTables) -> str:
    """Return which way a set maps, or blank when it is between other frameworks."""
    sides = (
        _side(one.names[0], (cell.text for entry in one.maps for cell in entry.sources), tables),
        _side(one.names[1], (cell.text for entry in one.maps for cell in entry.targets), tables),
    )
    return {(TSC, ISO): FORWARD, (ISO, TSC): BACKWARD}.get(sides, "")


def _side(name: str, ids: Iterable[str], tables: TrustTables) -> str:
    """Return which side of a cross-map a framework is: by its name, or by most of its ids."""
    named = [side for side, pattern in NAMES.items() if pattern.search(name)]
    if len(named) == 1:
        return named[0]
    found = list(dict.fromkeys(ids))
    for side in (TSC, ISO):
        known = sum(recognised(read_id(one, side), side, tables) for one in found)
        if 2 * known >= len(found) > 0:
            return side
    return ""


def _all_links(sets: Iterable[tuple[MapSet, str]], grade: Grade) -> Iterator[Link]:
    maps = ((entry, way) for one, way in sets for entry in one.maps)
    for number, (entry, way) in enumerate(maps):
        yield from _links(number, entry, way, grade)


def _links(number: int, entry: Map, way: str, grade: Grade) -> Iterator[Link]:
    """Yield every pair of one map: all that stands on one side with all on the other."""
    group = len(entry.sources) * len(entry.targets)
    for source, target in product(entry.sources, entry.targets):
        tsc, iso = (source, target) if way == FORWARD else (target, source)
        cells = Cells(tsc, iso, entry.relation, entry.strength, entry.reason)
        yield _link((number, entry.place), cells, way, grade, group)


def _set_gaps(name: str, one: MapSet, way: str) -> Iterator[NamedGap]:
    for side, cells in zip((TSC, ISO) if way == FORWARD else (ISO, TSC), one.gaps, strict=True):
        for cell in cells:
            yield NamedGap(name, one.place, side, read_id(cell.text, side), cell)

"""A mapping of the trust services criteria to ISO/IEC 27001:2022, read from any of three forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from soclib.errors import DataError
from soclib.mapping.ids import read_id, recognised
from soclib.mapping.records import (
    BACKWARD,
    FORWARD,
    NONE,
    PAIRS,
    FileCell,
    Link,
    MappingError,
    MappingFile,
    NamedGap,
    PairCells,
    grader,
    relation_of,
    tidy,
)
from soclib.tables.files import own_rows
from soclib.tables.rows import Row
from soclib.trust.tables import ISO, TSC, TrustTables

DEEPEST = 60  # objects and lists within each other
MOST = 1_000_000  # values of a YAML file, with every alias counted as a copy


class Lined(dict[str, Any]):
    """An object of a YAML file, which knows the line that it starts on."""

    line = 0


def parse_json(name: str, text: str) -> object:
    """Return what a JSON text holds; raises ``MappingError``."""
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _once(name, pairs))
    except RecursionError as error:
        raise MappingError(_too_deep(name)) from error
    except MappingError:
        raise
    except ValueError as error:  # no JSON, or a number of more digits than Python reads
        message = f"{name}: this is no JSON: {error}; fix it, or save it again"
        raise MappingError(message) from error


def parse_yaml(name: str, text: str) -> object:
    """Return what a YAML text holds, with every scalar as text; raises ``MappingError``.

    Only the nodes of PyYAML's safe loader are read: no object is ever made from a tag, 5.10 stays
    5.10, and the size with all aliases written out is counted before any of them is followed.
    """
    try:
        import yaml  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        message = f'{name}: needs PyYAML; install it with: pip install "soclib[mapping]"'
        raise MappingError(message) from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _measure(name, yaml, yaml.parse(text, Loader=loader))
        node = yaml.compose(text, Loader=loader)
    except RecursionError as error:
        raise MappingError(_too_deep(name)) from error
    except MappingError:
        raise
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        why = " ".join(str(error).split())
        message = f"{name}: this is no YAML: {why:.200}; fix it, or save it again"
        raise MappingError(message) from error
    return None if node is None else _plain(name, yaml, node, {})


def _measure(name: str, yaml: Any, events: Any) -> None:  # noqa: ANN401 - PyYAML carries no types
    """Raise ``MappingError`` for a text that is nested too deep or grows too large by aliases."""
    sizes: dict[str, int] = {}
    inside: list[tuple[str, int]] = [("", 0)]
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append((event.anchor or "", 1))
            sizes[event.anchor or ""] = MOST + 1  # an alias inside its own anchor would never end
            if len(inside) > DEEPEST:
                raise MappingError(_too_deep(name))
            continue
        closed = inside.pop() if isinstance(event, yaml.CollectionEndEvent) else None
        anchor, size = closed or (getattr(event, "anchor", None) or "", 1)
        if isinstance(event, yaml.AliasEvent):
            size = sizes.get(anchor, 1)  # the loader reports an unknown one
        sizes[anchor] = size
        outer, size_of_outer = inside.pop()
        inside.append((outer, size_of_outer + size))
        if size_of_outer + size > MOST:
            raise MappingError(_too_large(name))


def _plain(name: str, yaml: Any, node: Any, known: dict[int, object]) -> object:  # noqa: ANN401
    """Return a node as an object, a list or a text; a node with aliases is read once."""
    if id(node) in known:
        return known[id(node)]
    if isinstance(node, yaml.ScalarNode):
        value: object = None if node.tag.endswith(":null") else node.value
    elif isinstance(node, yaml.SequenceNode):
        value = [_plain(name, yaml, item, known) for item in node.value]
    else:
        pairs = [
            (str(key.value), _plain(name, yaml, item, known))
            for key, item in node.value
            if isinstance(key, yaml.ScalarNode)
        ]
        value = lined = Lined(_once(name, pairs))
        lined.line = node.start_mark.line + 1
    known[id(node)] = value
    return value


def _once(name: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raises ``MappingError`` for a key that it has twice."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"{name}: the key {twice!r:.80} appears twice in one object; keep one"
        raise MappingError(message)
    return entries


def _too_deep(name: str) -> str:
    return f"{name}: is nested too deep for a mapping; save it again from the program that made it"


def _too_large(name: str) -> str:
    return (
        f"{name}: has more than {MOST:,} values with every alias (*name) written out; "
        "write aliases out, and leave out what is no mapping"
    )


# --- sets of maps, before it is known which side is which -----------------------------------------


Tree = dict[str, Any]
OSCAL, CISO = "mapping-collection", "objects"  # the root of each form
ENDS = ("source", "target")
FORMS = ("OSCAL mapping collection", "CISO Assistant library")


class Map(NamedTuple):
    """One map: the requirements on both sides, and what is said about them."""

    place: str
    sources: tuple[FileCell, ...]
    targets: tuple[FileCell, ...]
    relation: FileCell
    strength: FileCell
    reason: FileCell


class MapSet(NamedTuple):
    """Maps from one framework to another; ``gaps`` of each have no counterpart in the other."""

    place: str
    names: tuple[str, str]
    maps: tuple[Map, ...]
    gaps: tuple[tuple[FileCell, ...], tuple[FileCell, ...]]


def read_sets(name: str, tree: object) -> tuple[str, int, tuple[MapSet, ...]]:
    """Return the form of a file, the scale of its strengths, and its sets of maps."""
    if not isinstance(tree, dict):
        message = f"{name}: holds no object; {_needed()}"
        raise MappingError(message)
    if OSCAL in tree:
        return FORMS[0], 1, tuple(_oscal(name, _object(name, OSCAL, tree[OSCAL])))
    if CISO in tree:
        return FORMS[1], 10, tuple(_ciso(name, _object(name, CISO, tree[CISO])))
    roots = ", ".join(repr(key)[:40] for key in list(tree)[:5]) or "nothing"
    message = f"{name}: its root holds {roots}; {_needed()}"
    raise MappingError(message)


def _needed() -> str:
    return (
        f"an OSCAL mapping (root {OSCAL}) or a CISO Assistant library "
        f"(root {CISO}, in it requirement_mapping_sets) is needed"
    )


# --- OSCAL ----------------------------------------------------------------------------------------


def _oscal(name: str, collection: Tree) -> Iterator[MapSet]:
    titles = _resources(name, collection)
    for mapping, path in _entries(name, "mappings", collection.get("mappings")):
        maps = _entries(name, f"{path}.maps", mapping.get("maps"))
        source, target = (_resource(mapping.get(f"{end}-resource"), titles) for end in ENDS)
        yield MapSet(
            _place(mapping, path),
            (source, target),
            tuple(_oscal_map(name, entry, place) for entry, place in maps),
            (_unmapped(name, path, mapping, ENDS[0]), _unmapped(name, path, mapping, ENDS[1])),
        )


def _oscal_map(name: str, entry: Tree, path: str) -> Map:
    relation = entry.get("relationship")
    notes = [tidy(entry.get("remarks"))]
    for qualifier, _path in _entries(name, f"{path}.qualifiers", entry.get("qualifiers")):
        notes.append(tidy(qualifier.get("description")))
    return Map(
        _place(entry, path),
        _ids(name, path, entry, "sources"),
        _ids(name, path, entry, "targets"),
        FileCell("relationship", tidy(relation.get("type") if _is_object(relation) else relation)),
        _oscal_strength(name, entry, path),
        FileCell("remarks", " ".join(note for note in notes if note)),
    )


def _ids(name: str, path: str, entry: Tree, end: str) -> tuple[FileCell, ...]:
    members = _entries(name, f"{path}.{end}", entry.get(end))
    cells = tuple(FileCell(end, tidy(member.get("id-ref"))) for member, _path in members)
    return cells or (FileCell(end, ""),)


def _oscal_strength(name: str, entry: Tree, path: str) -> FileCell:
    """Return the property whose name has "strength" in it, or else the coverage."""
    for prop, _path in _entries(name, f"{path}.props", entry.get("props")):
        if "strength" in tidy(prop.get("name")).lower():
            return FileCell("props", tidy(prop.get("value")))
    coverage = entry.get("coverage")
    values = (
        [tidy(value) for value in coverage.values()] if _is_object(coverage) else [tidy(coverage)]
    )
    return FileCell("coverage", next((value for value in values if value[:1].isdigit()), ""))


def _unmapped(name: str, path: str, mapping: Tree, end: str) -> tuple[FileCell, ...]:
    column = f"{end}-gap-summary"
    summary = mapping.get(column)
    groups = summary.get("unmapped-controls") if _is_object(summary) else None
    return tuple(
        FileCell(column, tidy(key))
        for group, _path in _entries(name, f"{path}.{column}", groups)
        for key in _list(group.get("with-ids"))
    )


def _resources(name: str, collection: Tree) -> dict[str, str]:
    """Return title and addresses of each resource in the back matter, by id."""
    back = collection.get("back-matter")
    entries = _entries(
        name, "back-matter.resources", back.get("resources") if _is_object(back) else None
    )
    titles = {}
    for resource, path in entries:
        links = _entries(name, f"{path}.rlinks", resource.get("rlinks"))
        words = [resource.get("title"), *(link.get("href") for link, _path in links)]
        titles[tidy(resource.get("uuid")).lower()] = " ".join(map(tidy, words))
    return titles


def _resource(value: object, titles: dict[str, str]) -> str:
    href = tidy(value.get("href")) if _is_object(value) else ""
    return titles.get(href[1:].lower(), "") if href.startswith("#") else href


# --- CISO Assistant -------------------------------------------------------------------------------


def _ciso(name: str, objects: Tree) -> Iterator[MapSet]:
    known = ("requirement_mapping_set", "requirement_mapping_sets")
    keys = [key for key in known if key in objects]
    if not keys:
        message = f"{name}: is a library without requirement_mapping_sets; use one that has them"
        raise MappingError(message)
    for key in keys:
        for map_set, path in _entries(name, key, objects[key]):
            maps = _entries(
                name, f"{path}.requirement_mappings", map_set.get("requirement_mappings")
            )
            names = [tidy(map_set.get(f"{end}_framework_urn")) for end in ENDS]
            yield MapSet(
                _place(map_set, path),
                (names[0], names[1]),
                tuple(_ciso_map(entry, place) for entry, place in maps),
                ((), ()),
            )


def _ciso_map(entry: Tree, path: str) -> Map:
    source, target = (f"{end}_requirement_urn" for end in ENDS)
    reason = "annotation" if tidy(entry.get("annotation")) else "rationale"
    return Map(
        _place(entry, path),
        (_cell(entry, source),),
        (_cell(entry, target),),
        _cell(entry, "relationship"),
        _cell(entry, "strength_of_relationship"),
        _cell(entry, reason),
    )


def _cell(entry: Tree, column: str) -> FileCell:
    return FileCell(column, tidy(entry.get(column)))


# --- trees ----------------------------------------------------------------------------------------


def _is_object(value: object) -> TypeGuard[Tree]:
    return isinstance(value, dict)


def _place(entry: Tree, path: str) -> str:
    """Return the line of an object where it is known, or its path."""
    return str(entry.line) if isinstance(entry, Lined) else path


def _list(value: object) -> list[Any]:
    """Return a value as a list: a single one as a list of one."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _entries(name: str, path: str, value: object) -> list[tuple[Tree, str]]:
    """Return the objects of a list with their paths; raises ``MappingError`` for other values."""
    listed = _list(value)
    if len(listed) > PAIRS:
        message = f"{name}: {path} holds more than {PAIRS:,} objects; no map between the two does"
        raise MappingError(message)
    return [
        (_object(name, at, item), at)
        for at, item in ((f"{path}[{number}]", item) for number, item in enumerate(listed))
    ]


def _object(name: str, path: str, value: object) -> Tree:
    if isinstance(value, dict):
        return value
    what = "a list" if isinstance(value, list) else repr(tidy(value))[:60]
    message = f"{name}: {path} is {what}, where an object is needed"
    raise MappingError(message)


# --- the three forms ------------------------------------------------------------------------------


LARGEST = {".csv": 20, ".json": 20, ".yaml": 8, ".yml": 8}  # megabytes, by suffix
SHOWN = 20  # faults of a table that cannot be read
ID_COLUMNS = ("tsc_id", "iso_id")
OPTIONAL_COLUMNS = ("relation", "strength", "reason", "direction")
GAP_COLUMNS = ("side", "requirement_id")
CSV_FORM = "CSV table"
FRAMEWORK_NAMES = {
    TSC: re.compile(r"soc[-_ ]?2|trust[-_ ]services|\btsc\b|\btsp[-_ ]?100", re.IGNORECASE),
    ISO: re.compile(r"2700[12]", re.IGNORECASE),
}
Grader = Callable[[str], int | None]


def read_mapping(
    path: str | Path, tables: TrustTables, gaps: str | Path | None = None
) -> MappingFile:
    """Return what a file says: our CSV, an OSCAL mapping (JSON, YAML) or a CISO Assistant library.

    ``gaps`` is a CSV table of requirements without a counterpart, by default the file in the same
    folder whose name ends with ``_gaps``. Raises ``MappingError`` with one sentence that says which
    file cannot be read, why, and what to do.
    """
    place = Path(path).expanduser()
    suffix = place.suffix.lower()
    if suffix not in LARGEST:
        message = f"{place.name}: unknown suffix {suffix!r}; use one of {', '.join(LARGEST)}"
        raise MappingError(message)
    text = _text(place)
    if suffix == ".csv":
        mapping = _read_csv(place.name, text)
    else:
        tree = (parse_json if suffix == ".json" else parse_yaml)(place.name, text)
        mapping = _from_sets(place.name, tree, tables)
    default = place.with_name(f"{place.stem}_gaps.csv")
    table = Path(gaps).expanduser() if gaps else default if default.is_file() else None
    return mapping._replace(gaps=(*mapping.gaps, *_read_gaps(table))) if table else mapping


def _text(place: Path) -> str:
    """Return the text of a file; raises ``MappingError`` if it is too large or no UTF-8 text."""
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
    _check_count(name, text.count("\n") // 2)  # a cell may span lines, but not so many
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
    rows = _rows(name, text, ID_COLUMNS, OPTIONAL_COLUMNS)
    rows = [row._replace(cells={k: tidy(v) for k, v in row.cells.items()}) for row in rows]
    grade = grader([row.cells["strength"] for row in rows])
    return MappingFile(
        name,
        CSV_FORM,
        tuple(_row_link(row, grade) for row in rows if not _gap_side(row)),
        tuple(_row_gap(name, row, side) for row in rows if (side := _gap_side(row))),
    )


def _gap_side(row: Row) -> str:
    """Return which side a row names as a gap: the other id is blank and the relation is none."""
    tsc, iso = (row.cells[column] for column in ID_COLUMNS)
    if relation_of(row.cells["relation"], FORWARD) != NONE or bool(tsc) == bool(iso):
        return ""
    return TSC if tsc else ISO


def _row_gap(name: str, row: Row, side: str) -> NamedGap:
    column = ID_COLUMNS[side == ISO]
    text = row.cells[column]
    return NamedGap(name, str(row.line), side, read_id(text, side), FileCell(column, text))


def _row_link(row: Row, grade: Grader) -> Link:
    tsc, iso, relation, strength, reason = (
        FileCell(c, row.cells[c]) for c in (*ID_COLUMNS, *OPTIONAL_COLUMNS[:3])
    )
    direction = BACKWARD if row.cells["direction"].lower().startswith("iso") else FORWARD
    cells = PairCells(tsc, iso, relation, strength, reason)
    return _link((row.line, str(row.line)), cells, direction, grade)


def _link(
    place: tuple[int, str], cells: PairCells, direction: str, grade: Grader, group: int = 1
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
    """Yield the requirements of a table of gaps, which has the form of ``crosswalk_gaps.csv``."""
    for row in _rows(place.name, _text(place), GAP_COLUMNS, ()):
        side = row.cells["side"].lower()
        if side not in (TSC, ISO):
            message = str(row.fault("side", f"use {TSC} or {ISO}"))
            raise MappingError(message)
        text = tidy(row.cells["requirement_id"])
        cell = FileCell("requirement_id", text)
        yield NamedGap(place.name, str(row.line), side, read_id(text, side), cell)


# --- OSCAL and CISO Assistant ---------------------------------------------------------------------


def _from_sets(name: str, tree: object, tables: TrustTables) -> MappingFile:
    form, scale, sets = read_sets(name, tree)
    directed = [(maps, _direction(maps, tables)) for maps in sets]
    ours = [(maps, way) for maps, way in directed if way]
    if not ours:
        raise MappingError(_none_of_ours(name, sets))
    _check_count(name, sum(len(m.sources) * len(m.targets) for s, _way in ours for m in s.maps))
    return MappingFile(
        name,
        form,
        tuple(_all_links(ours, grader([], scale))),
        tuple(gap for maps, way in ours for gap in _set_gaps(name, maps, way)),
        tuple(FileCell(s.place, " to ".join(s.names)) for s, way in directed if not way),
    )


def _none_of_ours(name: str, sets: Sequence[MapSet]) -> str:
    named = "; ".join(" to ".join(maps.names) for maps in sets if any(maps.names))
    return (
        f"{name}: maps no trust services criteria to ISO/IEC 27001 or back "
        f"(sets found: {named[:200] or len(sets)}); name a file that does"
    )


def _direction(maps: MapSet, tables: TrustTables) -> str:
    """Return in which direction a set maps; blank where it is between other frameworks."""
    sides = (
        _side(maps.names[0], (cell.text for entry in maps.maps for cell in entry.sources), tables),
        _side(maps.names[1], (cell.text for entry in maps.maps for cell in entry.targets), tables),
    )
    return {(TSC, ISO): FORWARD, (ISO, TSC): BACKWARD}.get(sides, "")


def _side(name: str, ids: Iterable[str], tables: TrustTables) -> str:
    """Return which side of a cross-map a framework is: by its name, or by most of its ids."""
    named = [side for side, pattern in FRAMEWORK_NAMES.items() if pattern.search(name)]
    if len(named) == 1:
        return named[0]
    different = list(dict.fromkeys(ids))
    for side in (TSC, ISO):
        known = sum(recognised(read_id(text, side), side, tables) for text in different)
        if 2 * known >= len(different) > 0:
            return side
    return ""


def _all_links(sets: Iterable[tuple[MapSet, str]], grade: Grader) -> Iterator[Link]:
    maps = ((entry, way) for map_set, way in sets for entry in map_set.maps)
    for number, (entry, way) in enumerate(maps):
        yield from _links(number, entry, way, grade)


def _links(number: int, entry: Map, way: str, grade: Grader) -> Iterator[Link]:
    """Yield every pair of one map: each id on one side with each on the other."""
    group = len(entry.sources) * len(entry.targets)
    for source, target in product(entry.sources, entry.targets):
        tsc, iso = (source, target) if way == FORWARD else (target, source)
        cells = PairCells(tsc, iso, entry.relation, entry.strength, entry.reason)
        yield _link((number, entry.place), cells, way, grade, group)


def _set_gaps(name: str, maps: MapSet, way: str) -> Iterator[NamedGap]:
    for side, cells in zip((TSC, ISO) if way == FORWARD else (ISO, TSC), maps.gaps, strict=True):
        for cell in cells:
            yield NamedGap(name, maps.place, side, read_id(cell.text, side), cell)

"""A mapping of the trust services criteria to ISO/IEC 27001:2022, read from any of three forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from soclib.errors import DataError
from soclib.mapping.ids import ISO, TSC, read_id, recognised
from soclib.mapping.records import (
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
from soclib.tables.files import own_rows
from soclib.tables.rows import Row
from soclib.trust.tables import TrustTables

DEEPEST = 60  # objects and lists within each other
MOST = 1_000_000  # values of a YAML file, each alias counted as what it stands for


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
        message = f"{name}: this is no JSON: {error}; mend it, or save it anew"
        raise MappingError(message) from error


def parse_yaml(name: str, text: str) -> object:
    """Return what a YAML text holds, every scalar as the text that it is; raises ``MappingError``.

    Only the nodes of PyYAML's safe loader are read: no object is ever made from a tag, 5.10 stays
    5.10, and what the aliases add up to is counted before anything follows them.
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
        message = f"{name}: this is no YAML: {why:.200}; mend it, or save it anew"
        raise MappingError(message) from error
    return None if node is None else _plain(name, yaml, node, {})


def _measure(name: str, yaml: Any, events: Any) -> None:  # noqa: ANN401 - PyYAML carries no types
    """Raise ``MappingError`` for a text that is nested too deep, or grows through its aliases."""
    sizes: dict[str, int] = {}
    inside: list[tuple[str, int]] = [("", 0)]
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append((event.anchor or "", 1))
            sizes[event.anchor or ""] = MOST + 1  # an alias within its own anchor never ends
            if len(inside) > DEEPEST:
                raise MappingError(_too_deep(name))
            continue
        closed = inside.pop() if isinstance(event, yaml.CollectionEndEvent) else None
        anchor, size = closed or (getattr(event, "anchor", None) or "", 1)
        if isinstance(event, yaml.AliasEvent):
            size = sizes.get(anchor, 1)  # of an unknown one the loader complains
        sizes[anchor] = size
        outer, held = inside.pop()
        inside.append((outer, held + size))
        if held + size > MOST:
            raise MappingError(_too_large(name))


def _plain(name: str, yaml: Any, node: Any, known: dict[int, object]) -> object:  # noqa: ANN401
    """Return a node as an object, a list or a text; a node that stands twice is read once."""
    if id(node) in known:
        return known[id(node)]
    if isinstance(node, yaml.ScalarNode):
        found: object = None if node.tag.endswith(":null") else node.value
    elif isinstance(node, yaml.SequenceNode):
        found = [_plain(name, yaml, one, known) for one in node.value]
    else:
        pairs = [
            (str(key.value), _plain(name, yaml, value, known))
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode)
        ]
        found = Lined(_once(name, pairs))
        found.line = node.start_mark.line + 1
    known[id(node)] = found
    return found


def _once(name: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raises ``MappingError`` for a key that stands in it twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"{name}: the key {twice!r:.80} stands twice in one object; keep one"
        raise MappingError(message)
    return found


def _too_deep(name: str) -> str:
    return f"{name}: is nested too deep for a mapping; save it anew from the program that made it"


def _too_large(name: str) -> str:
    return (
        f"{name}: grows to more than {MOST:,} values, an alias (*name) counted as what it stands "
        "for; write aliases out, and leave out what is no mapping"
    )


# --- sets of maps, sides not yet told -------------------------------------------------------------


Tree = dict[str, Any]
OSCAL, CISO = "mapping-collection", "objects"  # the root of each form
ENDS = ("source", "target")
KINDS = ("OSCAL mapping collection", "CISO Assistant library")


class Map(NamedTuple):
    """One map: what stands on both sides, and what is said about it."""

    place: str
    sources: tuple[Written, ...]
    targets: tuple[Written, ...]
    relation: Written
    strength: Written
    reason: Written


class MapSet(NamedTuple):
    """Maps from one framework to another; ``gaps`` stand without a counterpart, side by side."""

    place: str
    names: tuple[str, str]
    maps: tuple[Map, ...]
    gaps: tuple[tuple[Written, ...], tuple[Written, ...]]


def read_sets(name: str, tree: object) -> tuple[str, int, tuple[MapSet, ...]]:
    """Return the form of a file, the scale of its strengths, and its sets of maps."""
    if not isinstance(tree, dict):
        message = f"{name}: holds no object; {_needed()}"
        raise MappingError(message)
    if OSCAL in tree:
        return KINDS[0], 1, tuple(_oscal(name, _object(name, OSCAL, tree[OSCAL])))
    if CISO in tree:
        return KINDS[1], 10, tuple(_ciso(name, _object(name, CISO, tree[CISO])))
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
            tuple(_oscal_map(name, one, place) for one, place in maps),
            (_unmapped(name, path, mapping, ENDS[0]), _unmapped(name, path, mapping, ENDS[1])),
        )


def _oscal_map(name: str, one: Tree, path: str) -> Map:
    relation = one.get("relationship")
    notes = [tidy(one.get("remarks"))]
    for qualifier, _path in _entries(name, f"{path}.qualifiers", one.get("qualifiers")):
        notes.append(tidy(qualifier.get("description")))
    return Map(
        _place(one, path),
        _ids(name, path, one, "sources"),
        _ids(name, path, one, "targets"),
        Written("relationship", tidy(relation.get("type") if _is(relation) else relation)),
        _oscal_strength(name, one, path),
        Written("remarks", " ".join(note for note in notes if note)),
    )


def _ids(name: str, path: str, one: Tree, end: str) -> tuple[Written, ...]:
    members = _entries(name, f"{path}.{end}", one.get(end))
    found = tuple(Written(end, tidy(member.get("id-ref"))) for member, _path in members)
    return found or (Written(end, ""),)


def _oscal_strength(name: str, one: Tree, path: str) -> Written:
    """Return a property that is named after strength, or else the coverage of the targets."""
    for prop, _path in _entries(name, f"{path}.props", one.get("props")):
        if "strength" in tidy(prop.get("name")).lower():
            return Written("props", tidy(prop.get("value")))
    coverage = one.get("coverage")
    values = [tidy(value) for value in coverage.values()] if _is(coverage) else [tidy(coverage)]
    return Written("coverage", next((value for value in values if value[:1].isdigit()), ""))


def _unmapped(name: str, path: str, mapping: Tree, end: str) -> tuple[Written, ...]:
    column = f"{end}-gap-summary"
    summary = mapping.get(column)
    groups = summary.get("unmapped-controls") if _is(summary) else None
    return tuple(
        Written(column, tidy(found))
        for group, _path in _entries(name, f"{path}.{column}", groups)
        for found in _list(group.get("with-ids"))
    )


def _resources(name: str, collection: Tree) -> dict[str, str]:
    """Return title and addresses of what the back matter names, by id."""
    back = collection.get("back-matter")
    entries = _entries(name, "back-matter.resources", back.get("resources") if _is(back) else None)
    titles = {}
    for resource, path in entries:
        links = _entries(name, f"{path}.rlinks", resource.get("rlinks"))
        words = [resource.get("title"), *(link.get("href") for link, _path in links)]
        titles[tidy(resource.get("uuid")).lower()] = " ".join(map(tidy, words))
    return titles


def _resource(value: object, titles: dict[str, str]) -> str:
    href = tidy(value.get("href")) if _is(value) else ""
    return titles.get(href[1:].lower(), "") if href.startswith("#") else href


# --- CISO Assistant -------------------------------------------------------------------------------


def _ciso(name: str, objects: Tree) -> Iterator[MapSet]:
    known = ("requirement_mapping_set", "requirement_mapping_sets")
    keys = [key for key in known if key in objects]
    if not keys:
        message = f"{name}: is a library without requirement_mapping_sets; use one that has them"
        raise MappingError(message)
    for key in keys:
        for one, path in _entries(name, key, objects[key]):
            maps = _entries(name, f"{path}.requirement_mappings", one.get("requirement_mappings"))
            names = [tidy(one.get(f"{end}_framework_urn")) for end in ENDS]
            yield MapSet(
                _place(one, path),
                (names[0], names[1]),
                tuple(_ciso_map(entry, place) for entry, place in maps),
                ((), ()),
            )


def _ciso_map(one: Tree, path: str) -> Map:
    source, target = (f"{end}_requirement_urn" for end in ENDS)
    reason = "annotation" if tidy(one.get("annotation")) else "rationale"
    return Map(
        _place(one, path),
        (_cell(one, source),),
        (_cell(one, target),),
        _cell(one, "relationship"),
        _cell(one, "strength_of_relationship"),
        _cell(one, reason),
    )


def _cell(one: Tree, column: str) -> Written:
    return Written(column, tidy(one.get(column)))


# --- trees ----------------------------------------------------------------------------------------


def _is(value: object) -> TypeGuard[Tree]:
    return isinstance(value, dict)


def _place(entry: Tree, path: str) -> str:
    """Return the line of an object where it is known, or its path."""
    return str(entry.line) if isinstance(entry, Lined) else path


def _list(value: object) -> list[Any]:
    """Return a value as a list: one alone stands for a list of one."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _entries(name: str, path: str, value: object) -> list[tuple[Tree, str]]:
    """Return the objects of a list, each with its path; raises ``MappingError`` for others."""
    listed = _list(value)
    if len(listed) > PAIRS:
        message = f"{name}: {path} holds more than {PAIRS:,} objects; no map between the two does"
        raise MappingError(message)
    return [
        (_object(name, at, one), at)
        for at, one in ((f"{path}[{number}]", one) for number, one in enumerate(listed))
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

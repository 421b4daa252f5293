"""Sets of maps in an OSCAL mapping collection or a CISO Assistant library, sides not yet told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeGuard

from soclib.mapping_records import PAIRS, MappingError, Written, tidy
from soclib.mapping_trees import Lined

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

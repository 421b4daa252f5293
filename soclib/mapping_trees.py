"""A JSON or YAML file as plain objects, lists and texts; refused before it can grow."""

from __future__ import annotations

import json
from typing import Any

from soclib.mapping_records import MappingError

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

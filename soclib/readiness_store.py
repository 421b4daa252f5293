"""What a readiness programme holds, read and written, with every change of it.

A write is one transaction: the items, and the history that says who changed what, stand or fall
together. Nothing is ever taken out of the history.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.readiness_file import ReadinessError, Store, tables, told
from soclib.readiness_kinds import COLUMNS, Edit, Item
from soclib.readiness_references import check_references, chunks

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, MetaData, Row, Select, Table

Progress = Callable[[int, int], object]


class Conflict(NamedTuple):
    """Two writers changed one item: what was asked for, and what stands there now."""

    ours: Edit
    theirs: Item | None

    def __str__(self) -> str:
        """Return both versions, column by column, where they differ."""
        kind, item_id = self.ours.kind, self.ours.item_id
        seen = f"you changed revision {self.ours.revision}" if self.ours.revision else "you add it"
        if self.theirs is None:
            return f"{kind} {item_id}: {seen}, and it is not there any more"
        head = f"{kind} {item_id}: {seen}, and revision {self.theirs.revision} stands there"
        ours, theirs = self.ours.values, self.theirs.values
        if ours is None:
            return f"{head}; you remove it"
        pairs = [
            f"{column}: yours {ours.get(column, '')!r}, theirs {theirs.get(column, '')!r}"
            for column in COLUMNS[kind]
            if ours.get(column, "") != theirs.get(column, "")
        ]
        return f"{head}; {'; '.join(pairs) or 'both say the same'}"


class ConflictError(ReadinessError):
    """Somebody else changed the same items first; ``conflicts`` holds both versions of each."""

    def __init__(self, conflicts: Iterable[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        head = (
            "somebody else changed this first; nothing was written. Look at both, then save again"
        )
        super().__init__("\n".join([head, *map(str, self.conflicts)]))


class Change(NamedTuple):
    """One line of the history; ``before`` and ``after`` are None where the item is not there."""

    sequence: int
    at: str
    who: str
    kind: str
    item_id: str
    revision: int
    before: dict[str, str] | None
    after: dict[str, str] | None


# --- reading --------------------------------------------------------------------------------------


def items(store: Store, kind: str, ids: Sequence[str] | None = None) -> dict[str, Item]:
    """Return the items of one kind by id, all of them or only some."""
    from sqlalchemy import select  # noqa: PLC0415 - as above

    table = tables().tables[kind]
    query = select(*_columns(table, "item_id", "revision", *COLUMNS[kind])).where(
        table.c.removed == 0
    )
    parts = [query.order_by(table.c.item_id)]
    if ids is not None:
        parts = [query.where(table.c.item_id.in_(some)) for some in chunks(ids)]
    with told(store.name), store.engine.connect() as connection:
        rows = [row for part in parts for row in connection.execute(part)]
    names = COLUMNS[kind]
    return {
        row[0]: Item(kind, row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in rows
    }


def _columns(table: Table, *names: str) -> list[Column[Any]]:
    return [table.c[name] for name in names]


def latest(store: Store) -> int:
    """Return the number of the latest change."""
    from sqlalchemy import func, select  # noqa: PLC0415 - as above

    with told(store.name), store.engine.connect() as connection:
        return connection.scalar(select(func.max(tables().tables["history"].c.sequence))) or 0


def changed_since(store: Store, sequence: int) -> tuple[int, dict[str, list[str]]]:
    """Return the number of the latest change, and the ids that changed since one, by kind."""
    from sqlalchemy import select  # noqa: PLC0415 - as above

    history = tables().tables["history"]
    query = select(*_columns(history, "sequence", "kind", "item_id")).where(
        history.c.sequence > sequence
    )
    with told(store.name), store.engine.connect() as connection:
        rows = list(connection.execute(query))
    found: dict[str, list[str]] = {}
    for _number, kind, item_id in rows:
        found.setdefault(kind, []).append(item_id)
    last = max((row[0] for row in rows), default=sequence)
    return last, {kind: list(dict.fromkeys(ids)) for kind, ids in found.items()}


def history(
    store: Store, item_id: str = "", most: int | None = None, *, search: str = "", skip: int = 0
) -> tuple[Change, ...]:
    """Return the changes of a programme or of one item, the latest first, so many after ``skip``.

    ``search`` keeps those that hold all of its words.
    """
    query = _asked(item_id, search, count=False)
    query = query.order_by(tables().tables["history"].c.sequence.desc()).limit(most).offset(skip)
    with told(store.name), store.engine.connect() as connection:
        rows = list(connection.execute(query))
    return tuple(_change(row) for row in rows)


def count_changes(store: Store, search: str = "") -> int:
    """Return how many changes hold all words of a search."""
    with told(store.name), store.engine.connect() as connection:
        return connection.scalar(_asked("", search, count=True)) or 0


def _asked(item_id: str, search: str, *, count: bool) -> Select[Any]:
    from sqlalchemy import func, or_, select  # noqa: PLC0415 - as above

    table = tables().tables["history"]
    query: Select[Any] = select(func.count()).select_from(table) if count else select(table)
    if item_id:
        query = query.where(table.c.item_id == item_id)
    columns = _columns(table, "at", "who", "kind", "item_id", "before", "after")
    for word in search.split():
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    return query


def _change(row: Row[Any]) -> Change:
    who = (row.sequence, row.at, row.who)
    what = (row.kind, row.item_id, row.revision)
    return Change(*who, *what, _values(row.before), _values(row.after))


def _values(text: str | None) -> dict[str, str] | None:
    found: dict[str, str] | None = None if text is None else json.loads(text)
    return found


# --- writing --------------------------------------------------------------------------------------


def write(
    store: Store, edits: Sequence[Edit], who: str, at: str, progress: Progress | None = None
) -> None:
    """Write all edits and their history, or none of them.

    ``at`` is the time as text, ``progress`` is told how many of how many are done. Raises
    ``ConflictError`` with both versions where somebody else was first, ``ReadinessError`` else.
    """
    metadata = tables()
    with told(store.name), store.engine.begin() as connection:
        _claim(connection, metadata)
        _write_all(connection, metadata, edits, (who, at), progress)


def _claim(connection: Connection, metadata: MetaData) -> None:
    """Begin with a write, so that whoever comes second waits, and then sees what we wrote."""
    from sqlalchemy import update  # noqa: PLC0415 - as above

    layout = metadata.tables["layout"]
    connection.execute(update(layout).values(version=layout.c.version))


def _write_all(
    connection: Connection,
    metadata: MetaData,
    edits: Sequence[Edit],
    by: tuple[str, str],
    progress: Progress | None,
) -> None:
    there = _rows_of(connection, metadata, edits)
    if conflicts := [c for edit in edits if (c := _conflict(edit, there.get(_key(edit))))]:
        raise ConflictError(conflicts)
    check_references(connection, metadata, edits)
    done = 0
    for some in chunks(edits):
        for kind in COLUMNS:
            _write_kind(
                connection, metadata.tables[kind], [e for e in some if e.kind == kind], there
            )
        lines = [_line(edit, there.get(_key(edit)), by) for edit in some]
        connection.execute(metadata.tables["history"].insert(), lines)
        done += len(some)
        if progress:
            progress(done, len(edits))


class _Row(NamedTuple):
    item: Item
    removed: bool


Standing = dict[tuple[str, str], _Row]


def _key(edit: Edit) -> tuple[str, str]:
    return edit.kind, edit.item_id


def _rows_of(connection: Connection, metadata: MetaData, edits: Sequence[Edit]) -> Standing:
    """Return what stands there now for the items of edits, removed ones included."""
    from sqlalchemy import select  # noqa: PLC0415 - as above

    found: Standing = {}
    for kind, names in COLUMNS.items():
        table = metadata.tables[kind]
        for some in chunks([edit.item_id for edit in edits if edit.kind == kind]):
            query = select(*_columns(table, "item_id", "revision", "removed", *names))
            for row in connection.execute(query.where(table.c.item_id.in_(some))):
                values = dict(zip(names, row[3:], strict=True))
                found[kind, row[0]] = _Row(Item(kind, row[0], row[1], values), bool(row[2]))
    return found


def _conflict(edit: Edit, row: _Row | None) -> Conflict | None:
    """Return what speaks against an edit: it is of another revision than the one that stands."""
    standing = None if row is None or row.removed else row.item
    seen = standing.revision if standing else 0
    return None if edit.revision == seen else Conflict(edit, standing)


def _write_kind(
    connection: Connection, table: Table, edits: Sequence[Edit], there: Standing
) -> None:
    """Write the items of one kind; a removed one keeps its row, blank, and its revision."""
    from sqlalchemy import bindparam  # noqa: PLC0415 - as above

    new = [_cells(edit, 1) for edit in edits if _key(edit) not in there]
    old = [_cells(edit, _next(there[_key(edit)])) for edit in edits if _key(edit) in there]
    if new:
        connection.execute(table.insert(), new)
    if old:
        changed: dict[str, Any] = {name: bindparam(name) for name in old[0] if name != "item_id"}
        same = table.update().where(table.c.item_id == bindparam("this_id")).values(changed)
        connection.execute(same, [{**cells, "this_id": cells["item_id"]} for cells in old])


def _next(row: _Row) -> int:
    return row.item.revision + 1


def _cells(edit: Edit, revision: int) -> dict[str, Any]:
    values = edit.values or {}
    cells = {name: values.get(name, "") for name in COLUMNS[edit.kind]}
    removed = int(edit.values is None)
    return {"item_id": edit.item_id, "revision": revision, "removed": removed, **cells}


def _line(edit: Edit, row: _Row | None, by: tuple[str, str]) -> dict[str, Any]:
    who, at = by
    before = None if row is None or row.removed else row.item.values
    return {
        "at": at,
        "who": who,
        "kind": edit.kind,
        "item_id": edit.item_id,
        "revision": 1 if row is None else _next(row),
        "before": None if before is None else json.dumps(dict(before), ensure_ascii=False),
        "after": None if edit.values is None else json.dumps(dict(edit.values), ensure_ascii=False),
    }

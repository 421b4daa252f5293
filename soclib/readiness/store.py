"""What a readiness programme holds, read and written, with every change of it.

A write is one transaction: the items and the history, which says who changed what, are written
together or not at all. Nothing is ever removed from the history.

The file is a SQLite database, used through SQLAlchemy and only in ways that work for every
database, so that the same code can serve PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.errors import SaveError, missing_library
from soclib.readiness.items import COLUMNS, LINKS, Edit, ProgrammeItem

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Engine, MetaData, Row, Select, Table

VERSION = 2  # of the layout; 1 lacked the note of evidence and the assertion of an organization
WAIT = 15  # seconds for another writer to finish
FULL = ("full", "disk i/o")
CLOSED = ("readonly", "read-only", "permission", "unable to open")


class ReadinessError(ValueError):
    """A programme cannot be opened, read or written; its text says what to do about it."""


class Store(NamedTuple):
    """An open programme; errors call it ``name``, and ``place`` is its file if it has one."""

    engine: Engine
    name: str
    place: Path | None = None


def create_store(path: str | Path) -> Store:
    """Return a new, empty programme; raises ``ReadinessError`` where no file can be made."""
    return prepared(_store(Path(path)))


def prepared(store: Store) -> Store:
    """Return a store after making the tables of a programme in its database, of whatever kind."""
    with plain_errors(store.name), store.engine.begin() as connection:
        tables().create_all(connection)
        _set_version(connection)
    return store


def memory_store(name: str) -> Store:
    """Return a new, empty programme that lives in memory."""
    with needs_sqlalchemy(name):
        from sqlalchemy import create_engine  # noqa: PLC0415 - optional, and slow to import
        from sqlalchemy.pool import StaticPool  # noqa: PLC0415 - as above
    # A kernel may run a cell and a click in different threads, one after the other.
    anywhere = {"check_same_thread": False}
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=anywhere)
    return prepared(Store(engine, name))


def open_store(path: str | Path) -> Store:
    """Return the programme in a file; an older layout is brought up to date, a newer one refused.

    Raises ``ReadinessError`` for a file that does not exist, is no programme or cannot be read.
    """
    with plain_errors(Path(path).name):
        place = Path(path).expanduser()
        exists = place.is_file()
    if not exists:
        message = f"{place.name!r:.80}: there is no such file; create a programme first"
        raise ReadinessError(message)
    store = _store(place)
    with plain_errors(store.name), store.engine.connect() as connection:
        version = _version(connection)
    if version is None:
        message = f"{place.name}: this is no readiness programme; choose another file"
        raise ReadinessError(message)
    if version > VERSION:
        message = (
            f"{place.name}: its layout is {version}, and this soclib knows those up to {VERSION}; "
            "install a newer soclib; the file was left as it is"
        )
        raise ReadinessError(message)
    if version < VERSION:
        _update_layout(store)
    return store


def _store(place: Path) -> Store:
    with needs_sqlalchemy(place.name):
        from sqlalchemy import URL, create_engine  # noqa: PLC0415 - optional, and slow to import
    url = URL.create("sqlite", database=str(place))
    return Store(create_engine(url, connect_args={"timeout": WAIT}), place.name, place)


@contextmanager
def needs_sqlalchemy(name: str) -> Iterator[None]:
    """Raise ``SaveError`` that says what to install where SQLAlchemy is missing."""
    try:
        yield
    except ImportError as error:
        package = "SQLAlchemy"
        raise missing_library(package, name, "readiness") from error


def check_there(store: Store) -> None:
    """Raise ``ReadinessError`` if the file of an open programme has been removed since."""
    if store.place is not None and not store.place.is_file():
        message = f"{store.name}: the file is gone; put it back, or save what you typed elsewhere"
        raise ReadinessError(message)


def _version(connection: Connection) -> int | None:
    from sqlalchemy import inspect, select  # noqa: PLC0415 - as above

    database = inspect(connection)
    if not all(database.has_table(name) for name in ("layout", "history", *COLUMNS)):
        return None
    version = connection.scalar(select(tables().tables["layout"].c.version))
    return version if isinstance(version, int) and version > 0 else None


def _set_version(connection: Connection) -> None:
    from sqlalchemy import delete, insert  # noqa: PLC0415 - as above

    layout = tables().tables["layout"]
    connection.execute(delete(layout))
    connection.execute(insert(layout).values(version=VERSION))


def _update_layout(store: Store) -> None:
    """Add what an older layout lacks; the version comes last, so that a broken run starts again."""
    from sqlalchemy import inspect, text  # noqa: PLC0415 - as above

    with plain_errors(store.name), store.engine.begin() as connection:
        tables().create_all(connection)
        for kind in COLUMNS:
            present = {column["name"] for column in inspect(connection).get_columns(kind)}
            for column in COLUMNS[kind]:
                if column not in present:
                    # Both names are our own; nothing that a user typed is in this statement.
                    added = f"ALTER TABLE {kind} ADD COLUMN {column} TEXT DEFAULT '' NOT NULL"
                    connection.execute(text(added))
        _set_version(connection)


@lru_cache(maxsize=1)
def tables() -> MetaData:
    """Return the tables of a programme: one per kind of item, the history and the layout."""
    from sqlalchemy import Column, Integer, MetaData, String, Table, Text  # noqa: PLC0415 - as above

    metadata = MetaData()
    for kind, columns in COLUMNS.items():
        Table(
            kind,
            metadata,
            Column("item_id", String(80), primary_key=True),
            Column("revision", Integer, nullable=False),
            Column("removed", Integer, nullable=False),
            *(Column(name, Text, nullable=False, server_default="") for name in columns),
        )
    Table(
        "history",
        metadata,
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("at", String(40), nullable=False),
        Column("who", Text, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("item_id", String(80), nullable=False, index=True),
        Column("revision", Integer, nullable=False),
        Column("before", Text),
        Column("after", Text),
    )
    Table("layout", metadata, Column("version", Integer, primary_key=True, autoincrement=False))
    return metadata


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Turn errors of the database or the file system into ``ReadinessError`` with the remedy."""
    try:
        yield
    except (ReadinessError, SaveError):
        raise
    except ValueError as error:  # a path with a sign that no system allows
        message = f"{name!a:.80}: this is no name of a file ({error}); choose another"
        raise ReadinessError(message) from error
    except RuntimeError as error:  # ~ of an unknown user
        message = f"{name}: {error}; write the path in full"
        raise ReadinessError(message) from error
    except OSError as error:
        message = f"{name}: {error.strerror or error}; check the folder; nothing was written"
        raise ReadinessError(message) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("sqlalchemy", "lxml"):
            raise
        message = f"{name}: {_in_words(error)}"
        raise ReadinessError(message) from error


def _in_words(error: Exception) -> str:
    """Return what went wrong in the database, and what to do about it."""
    cause = str(getattr(error, "orig", None) or error)
    low = cause.lower()
    kept = "nothing was written, and the last complete state is kept"
    if "locked" in low:
        return f"another writer holds it for more than {WAIT} seconds; try again; {kept}"
    if any(word in low for word in CLOSED):
        return f"it, or its folder, cannot be written ({cause}); check its permissions; {kept}"
    if any(word in low for word in FULL):
        return f"the disk cannot take more ({cause}); make room, then save again; {kept}"
    if "not a database" in low or "malformed" in low:
        return f"this is no readiness programme, or it is damaged ({cause}); use a copy of it"
    return f"the database refuses ({cause}); {kept}"


# --- links between items, checked again within a write --------------------------------------------


CHUNK = 500  # rows of one statement, ids of one query


def check_references(connection: Connection, metadata: MetaData, edits: Sequence[Edit]) -> None:
    """Raise ``ReadinessError`` if a change by somebody else would leave a link without its item."""
    removed = {edit.item_id for edit in edits if edit.values is None}
    written = {(edit.kind, edit.item_id) for edit in edits if edit.values is not None}
    faults = []
    for kind, column, targets in LINKS:
        named = {
            edit.values[column]
            for edit in edits
            if edit.kind == kind and edit.values and edit.values[column]
        }
        stored = set[str]().union(*(_stored(connection, metadata, t, named) for t in targets))
        new = {item_id for target, item_id in written if target in targets}
        gone = named - stored - new
        faults += [f"{kind} names {item_id!r:.80}, which is gone" for item_id in gone]
        naming = _naming(connection, metadata.tables[kind], column, sorted(removed))
        rewritten = {item_id for written_kind, item_id in written if written_kind == kind}
        left = naming - removed - rewritten
        faults += [f"{kind} {item_id!r:.80} depends on it" for item_id in left]
    if faults:
        message = f"somebody else changed this first; nothing was written: {'; '.join(faults)}"
        raise ReadinessError(message)


def _stored(connection: Connection, metadata: MetaData, kind: str, ids: set[str]) -> Iterator[str]:
    """Yield those of some items that are stored."""
    from sqlalchemy import select  # noqa: PLC0415 - optional, and slow to import

    table = metadata.tables[kind]
    for some in chunks(sorted(ids)):
        query = select(table.c.item_id).where(table.c.item_id.in_(some), table.c.removed == 0)
        yield from connection.scalars(query)


def _naming(connection: Connection, table: Table, column: str, ids: Sequence[str]) -> set[str]:
    """Return the items of a table that name some items in a column."""
    from sqlalchemy import select  # noqa: PLC0415 - optional, and slow to import

    naming: set[str] = set()
    for some in chunks(ids):
        query = select(table.c.item_id).where(table.c[column].in_(some), table.c.removed == 0)
        naming |= set(connection.scalars(query))
    return naming


def chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the ids in portions that one statement can take."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


# --- what it holds, read and written --------------------------------------------------------------


Progress = Callable[[int, int], object]


class Conflict(NamedTuple):
    """Two writers changed one item: what was asked for, and what is stored now."""

    ours: Edit
    theirs: ProgrammeItem | None

    def __str__(self) -> str:
        """Return both versions, column by column, where they differ."""
        kind, item_id = self.ours.kind, self.ours.item_id
        seen = f"you changed revision {self.ours.revision}" if self.ours.revision else "you add it"
        if self.theirs is None:
            return f"{kind} {item_id}: {seen}, and it is not there any more"
        head = f"{kind} {item_id}: {seen}, and it is now at revision {self.theirs.revision}"
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


class HistoryEntry(NamedTuple):
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


def items(store: Store, kind: str, ids: Sequence[str] | None = None) -> dict[str, ProgrammeItem]:
    """Return the items of one kind by id, all of them or only some."""
    from sqlalchemy import select  # noqa: PLC0415 - as above

    table = tables().tables[kind]
    query = select(*_columns(table, "item_id", "revision", *COLUMNS[kind])).where(
        table.c.removed == 0
    )
    parts = [query.order_by(table.c.item_id)]
    if ids is not None:
        parts = [query.where(table.c.item_id.in_(some)) for some in chunks(ids)]
    with plain_errors(store.name), store.engine.connect() as connection:
        rows = [row for part in parts for row in connection.execute(part)]
    names = COLUMNS[kind]
    return {
        row[0]: ProgrammeItem(kind, row[0], row[1], dict(zip(names, row[2:], strict=True)))
        for row in rows
    }


def _columns(table: Table, *names: str) -> list[Column[Any]]:
    return [table.c[name] for name in names]


def latest(store: Store) -> int:
    """Return the number of the latest change."""
    from sqlalchemy import func, select  # noqa: PLC0415 - as above

    with plain_errors(store.name), store.engine.connect() as connection:
        return connection.scalar(select(func.max(tables().tables["history"].c.sequence))) or 0


def changed_since(store: Store, sequence: int) -> tuple[int, dict[str, list[str]]]:
    """Return the number of the latest change, and the ids changed after a number, by kind."""
    from sqlalchemy import select  # noqa: PLC0415 - as above

    history = tables().tables["history"]
    query = select(*_columns(history, "sequence", "kind", "item_id")).where(
        history.c.sequence > sequence
    )
    with plain_errors(store.name), store.engine.connect() as connection:
        rows = list(connection.execute(query))
    changed: dict[str, list[str]] = {}
    for _number, kind, item_id in rows:
        changed.setdefault(kind, []).append(item_id)
    last = max((row[0] for row in rows), default=sequence)
    return last, {kind: list(dict.fromkeys(ids)) for kind, ids in changed.items()}


def history(
    store: Store, item_id: str = "", most: int | None = None, *, search: str = "", skip: int = 0
) -> tuple[HistoryEntry, ...]:
    """Return the changes of a programme or of one item, the latest first.

    ``search`` keeps those that contain all of its words; ``skip`` leaves out the first of them,
    and ``most`` limits how many there are.
    """
    query = _history_query(item_id, search, count=False)
    query = query.order_by(tables().tables["history"].c.sequence.desc()).limit(most).offset(skip)
    with plain_errors(store.name), store.engine.connect() as connection:
        rows = list(connection.execute(query))
    return tuple(_entry(row) for row in rows)


def count_changes(store: Store, search: str = "") -> int:
    """Return how many changes contain all words of a search."""
    with plain_errors(store.name), store.engine.connect() as connection:
        return connection.scalar(_history_query("", search, count=True)) or 0


def _history_query(item_id: str, search: str, *, count: bool) -> Select[Any]:
    from sqlalchemy import func, or_, select  # noqa: PLC0415 - as above

    table = tables().tables["history"]
    query: Select[Any] = select(func.count()).select_from(table) if count else select(table)
    if item_id:
        query = query.where(table.c.item_id == item_id)
    columns = _columns(table, "at", "who", "kind", "item_id", "before", "after")
    for word in search.split():
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query


def _entry(row: Row[Any]) -> HistoryEntry:
    who = (row.sequence, row.at, row.who)
    what = (row.kind, row.item_id, row.revision)
    return HistoryEntry(*who, *what, _values(row.before), _values(row.after))


def _values(text: str | None) -> dict[str, str] | None:
    values: dict[str, str] | None = None if text is None else json.loads(text)
    return values


# --- writing --------------------------------------------------------------------------------------


def write(
    store: Store, edits: Sequence[Edit], who: str, at: str, progress: Progress | None = None
) -> None:
    """Write all edits and their history, or none of them.

    ``at`` is the time as text; ``progress`` is called with how many are done, and of how many.
    Raises ``ConflictError`` with both versions if somebody else was first, and ``ReadinessError``
    for anything else that goes wrong.
    """
    metadata = tables()
    with plain_errors(store.name), store.engine.begin() as connection:
        _lock(connection, metadata)
        _write_all(connection, metadata, edits, (who, at), progress)


def _lock(connection: Connection, metadata: MetaData) -> None:
    """Take the write lock first, so that a second writer waits and then sees what was written."""
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
    stored = _rows_of(connection, metadata, edits)
    if conflicts := [c for edit in edits if (c := _conflict(edit, stored.get(_key(edit))))]:
        raise ConflictError(conflicts)
    check_references(connection, metadata, edits)
    done = 0
    for some in chunks(edits):
        for kind in COLUMNS:
            of_kind = [edit for edit in some if edit.kind == kind]
            _write_kind(connection, metadata.tables[kind], of_kind, stored)
        lines = [_line(edit, stored.get(_key(edit)), by) for edit in some]
        connection.execute(metadata.tables["history"].insert(), lines)
        done += len(some)
        if progress:
            progress(done, len(edits))


class _StoredRow(NamedTuple):
    item: ProgrammeItem
    removed: bool


StoredRows = dict[tuple[str, str], _StoredRow]


def _key(edit: Edit) -> tuple[str, str]:
    return edit.kind, edit.item_id


def _rows_of(connection: Connection, metadata: MetaData, edits: Sequence[Edit]) -> StoredRows:
    """Return the stored rows of the items of edits, including those of removed items."""
    from sqlalchemy import select  # noqa: PLC0415 - as above

    stored: StoredRows = {}
    for kind, names in COLUMNS.items():
        table = metadata.tables[kind]
        for some in chunks([edit.item_id for edit in edits if edit.kind == kind]):
            query = select(*_columns(table, "item_id", "revision", "removed", *names))
            for row in connection.execute(query.where(table.c.item_id.in_(some))):
                values = dict(zip(names, row[3:], strict=True))
                item = ProgrammeItem(kind, row[0], row[1], values)
                stored[kind, row[0]] = _StoredRow(item, bool(row[2]))
    return stored


def _conflict(edit: Edit, row: _StoredRow | None) -> Conflict | None:
    """Return the conflict if an edit was made to another revision than the stored one."""
    current = None if row is None or row.removed else row.item
    revision = current.revision if current else 0
    return None if edit.revision == revision else Conflict(edit, current)


def _write_kind(
    connection: Connection, table: Table, edits: Sequence[Edit], stored: StoredRows
) -> None:
    """Write the items of one kind; a removed item keeps its row and revision, with blank cells."""
    from sqlalchemy import bindparam  # noqa: PLC0415 - as above

    new = [_cells(edit, 1) for edit in edits if _key(edit) not in stored]
    old = [_cells(edit, _next(stored[_key(edit)])) for edit in edits if _key(edit) in stored]
    if new:
        connection.execute(table.insert(), new)
    if old:
        changed: dict[str, Any] = {name: bindparam(name) for name in old[0] if name != "item_id"}
        same = table.update().where(table.c.item_id == bindparam("this_id")).values(changed)
        connection.execute(same, [{**cells, "this_id": cells["item_id"]} for cells in old])


def _next(row: _StoredRow) -> int:
    return row.item.revision + 1


def _cells(edit: Edit, revision: int) -> dict[str, Any]:
    values = edit.values or {}
    cells = {name: values.get(name, "") for name in COLUMNS[edit.kind]}
    removed = int(edit.values is None)
    return {"item_id": edit.item_id, "revision": revision, "removed": removed, **cells}


def _line(edit: Edit, row: _StoredRow | None, by: tuple[str, str]) -> dict[str, Any]:
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

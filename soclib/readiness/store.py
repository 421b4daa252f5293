"""What a readiness programme holds, read and written, with every change of it.

A write is one transaction: the items, and the history that says who changed what, stand or fall
together. Nothing is ever taken out of the history.

SQLite through SQLAlchemy. Only what SQLAlchemy can say for every database is used, so that the same
code serves PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.errors import SaveError
from soclib.readiness.items import COLUMNS, COMPLEMENTARY, CONTROL, EVIDENCE, SUBSERVICE, Edit, Item

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Engine, MetaData, Row, Select, Table

# Of the layout of the file. Layout 1 had neither the note of evidence nor the assertion of a
# subservice organization.
VERSION = 2
WAIT = 15  # seconds for another writer to finish
FULL = ("full", "disk i/o")
CLOSED = ("readonly", "read-only", "permission", "unable to open")


class ReadinessError(ValueError):
    """A programme cannot be opened, read or written; its text says what to do about it."""


class Store(NamedTuple):
    """An open programme; ``name`` stands in errors, ``place`` is its file where it has one."""

    engine: Engine
    name: str
    place: Path | None = None


def create_store(path: str | Path) -> Store:
    """Return a new, empty programme; raises ``ReadinessError`` where no file can be made."""
    return prepared(_store(Path(path)))


def prepared(store: Store) -> Store:
    """Return a store whose database has the tables of a programme; any database will do."""
    with told(store.name), store.engine.begin() as connection:
        tables().create_all(connection)
        _set_version(connection)
    return store


def memory_store(name: str) -> Store:
    """Return a new, empty programme that lives in memory."""
    try:
        from sqlalchemy import create_engine  # noqa: PLC0415 - optional, and slow to import
        from sqlalchemy.pool import StaticPool  # noqa: PLC0415 - as above
    except ImportError as error:
        raise missing_sqlalchemy(name) from error
    # A kernel may run a cell and a click in different threads, one after the other.
    anywhere = {"check_same_thread": False}
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=anywhere)
    return prepared(Store(engine, name))


def open_store(path: str | Path) -> Store:
    """Return the programme in a file; an older layout is carried over, a newer one refused.

    Raises ``ReadinessError`` for what is not there, is no programme, or cannot be read.
    """
    with told(Path(path).name):
        place = Path(path).expanduser()
        there = place.is_file()
    if not there:
        message = f"{place.name!r:.80}: there is no such file; create a programme first"
        raise ReadinessError(message)
    store = _store(place)
    with told(store.name), store.engine.connect() as connection:
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
        _carry_over(store)
    return store


def _store(place: Path) -> Store:
    try:
        from sqlalchemy import URL, create_engine  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        message = (
            f'{place.name}: needs SQLAlchemy; install it with: pip install "soclib[readiness]"'
        )
        raise SaveError(message) from error
    url = URL.create("sqlite", database=str(place))
    return Store(create_engine(url, connect_args={"timeout": WAIT}), place.name, place)


def missing_sqlalchemy(name: str) -> SaveError:
    """Return the error for the library that a programme needs and that is not installed."""
    return SaveError(f'{name}: needs SQLAlchemy; install it with: pip install "soclib[readiness]"')


def check_there(store: Store) -> None:
    """Raise ``ReadinessError`` where the file of an open programme was taken away meanwhile."""
    if store.place is not None and not store.place.is_file():
        message = f"{store.name}: the file is gone; put it back, or save what you typed elsewhere"
        raise ReadinessError(message)


def _version(connection: Connection) -> int | None:
    from sqlalchemy import inspect, select  # noqa: PLC0415 - as above

    there = inspect(connection)
    if not all(there.has_table(name) for name in ("layout", "history", *COLUMNS)):
        return None
    found = connection.scalar(select(tables().tables["layout"].c.version))
    return found if isinstance(found, int) and found > 0 else None


def _set_version(connection: Connection) -> None:
    from sqlalchemy import delete, insert  # noqa: PLC0415 - as above

    layout = tables().tables["layout"]
    connection.execute(delete(layout))
    connection.execute(insert(layout).values(version=VERSION))


def _carry_over(store: Store) -> None:
    """Add what an older layout lacks, the version last, so that a broken run starts again."""
    from sqlalchemy import inspect, text  # noqa: PLC0415 - as above

    with told(store.name), store.engine.begin() as connection:
        tables().create_all(connection)
        for kind in COLUMNS:
            there = {column["name"] for column in inspect(connection).get_columns(kind)}
            for column in COLUMNS[kind]:
                if column not in there:
                    # Both names are our own; no value of anybody's comes near this statement.
                    added = f"ALTER TABLE {kind} ADD COLUMN {column} TEXT DEFAULT '' NOT NULL"
                    connection.execute(text(added))
        _set_version(connection)


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
def told(name: str) -> Iterator[None]:
    """Turn what a database says into one sentence with what to do."""
    try:
        yield
    except (ReadinessError, SaveError):
        raise
    except ValueError as error:  # a path with a sign that no system allows
        message = f"{name!a:.80}: this is no name of a file ({error}); choose another"
        raise ReadinessError(message) from error
    except RuntimeError as error:  # a home that nobody has
        message = f"{name}: {error}; write the path in full"
        raise ReadinessError(message) from error
    except OSError as error:
        message = f"{name}: {error.strerror or error}; check the folder; nothing was written"
        raise ReadinessError(message) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("sqlalchemy", "lxml"):
            raise
        message = f"{name}: {_said(error)}"
        raise ReadinessError(message) from error


def _said(error: Exception) -> str:
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


# --- items that name other items, judged within a write -------------------------------------------


CHUNK = 500  # rows of one statement, ids of one query
# Which cell names an item of which kinds.
LINKS = (
    (EVIDENCE, "control_id", (CONTROL, COMPLEMENTARY)),
    (COMPLEMENTARY, "subservice_id", (SUBSERVICE,)),
)


def check_references(connection: Connection, metadata: MetaData, edits: Sequence[Edit]) -> None:
    """Raise ``ReadinessError`` where somebody took away, or leans on, what these edits touch."""
    gone = {edit.item_id for edit in edits if edit.values is None}
    made = {(edit.kind, edit.item_id) for edit in edits if edit.values is not None}
    found = []
    for kind, column, targets in LINKS:
        wanted = {
            edit.values[column]
            for edit in edits
            if edit.kind == kind and edit.values and edit.values[column]
        }
        there = set[str]().union(*(_standing(connection, metadata, t, wanted) for t in targets))
        new = {item_id for target, item_id in made if target in targets}
        found += [f"{kind} names {one!r:.80}, which is gone" for one in wanted - there - new]
        table = metadata.tables[kind]
        leaning = _leaning(connection, table, column, sorted(gone))
        known = {item_id for target, item_id in made if target == kind}
        found += [f"{kind} {one!r:.80} hangs on it" for one in leaning - gone - known]
    if found:
        message = f"somebody else changed this first; nothing was written: {'; '.join(found)}"
        raise ReadinessError(message)


def _standing(
    connection: Connection, metadata: MetaData, kind: str, ids: set[str]
) -> Iterator[str]:
    from sqlalchemy import select  # noqa: PLC0415 - optional, and slow to import

    table = metadata.tables[kind]
    for some in chunks(sorted(ids)):
        query = select(table.c.item_id).where(table.c.item_id.in_(some), table.c.removed == 0)
        yield from connection.scalars(query)


def _leaning(connection: Connection, table: Table, column: str, ids: Sequence[str]) -> set[str]:
    from sqlalchemy import select  # noqa: PLC0415 - optional, and slow to import

    found: set[str] = set()
    for some in chunks(ids):
        query = select(table.c.item_id).where(table.c[column].in_(some), table.c.removed == 0)
        found |= set(connection.scalars(query))
    return found


def chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield parts that one statement can take."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


# --- what it holds, read and written --------------------------------------------------------------


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

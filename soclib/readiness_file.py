"""One file that holds a readiness programme: made, opened, and carried over from an older layout.

SQLite through SQLAlchemy. Only what SQLAlchemy can say for every database is used, so that the same
code serves PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from soclib.readiness_kinds import COLUMNS
from soclib.saving import SaveError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, MetaData

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

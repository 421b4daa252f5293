"""All tables of one folder: each room's part is read, checked and linked when it is asked for.

The catalog knows no room. A room declares its tables and asks for them by its own part:
``catalog.part(PEOPLE)``. Nothing is half-loaded: a part is whole, or one ``DataError`` lists every
fault with file, line, column, value and remedy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import copy
from functools import cached_property, lru_cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from soclib.errors import DataError, Fault
from soclib.tables.files import read_table
from soclib.tables.rows import Provenance, Row, Tables
from soclib.tables.schema import Part, Records, check

T = TypeVar("T")
WORDS = "words"  # the one table in several files: each room has its own texts
ALONE = "two files have this name; keep one"


class Entry(NamedTuple):
    """One row of any table: its table, its line and its id there, and where it comes from."""

    table: str
    line: int
    key: str
    provenance: Provenance


class Catalog:
    """The tables of one folder; the shipped table is taken where the folder has none."""

    def __init__(self, folder: Path | None = None) -> None:
        self._shipped = _files(data_folder())
        self._own = _files(folder) if folder else {}
        self._parts: dict[Part[Any], Any] = {}
        self.tables = Tables(self._rows)

    def part(self, part: Part[T]) -> T:
        """Return what a room makes of its tables; raises ``DataError`` that lists every fault."""
        if part not in self._parts:
            if faults := tuple(check(part, self.tables)):
                raise DataError(faults)
            self._parts[part] = part.build(Records(self.tables, self))
        made: T = self._parts[part]
        return made

    def with_part(self, part: Part[T], made: T) -> Catalog:
        """Return this catalog with one part as it was made."""
        changed = copy(self)
        changed._parts = {**self._parts, part: made}  # noqa: SLF001 - a copy of our own
        return changed

    @cached_property
    def version(self) -> str:
        """Return a hash of what all tables say; line ends do not change it."""
        from hashlib import sha256  # noqa: PLC0415 - a verdict alone does not need it

        digest = sha256()
        for name, paths in sorted({**self._shipped, **self._own}.items()):
            for path in paths:
                text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
                digest.update(name.encode() + b"\0" + text.encode() + b"\0")
        return digest.hexdigest()[:12]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Return every row of every table, drafts included."""
        return tuple(
            Entry(schema.name, row.line, "/".join(schema.key_of(row)), row.provenance())
            for part in all_parts()
            for schema in part.schemas
            for row in self.tables[schema.name]
        )

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with the tables of every room.

        While a file cannot be read, only that is said: all else rests on it.
        """
        parts = tuple(all_parts())
        unreadable = [*_double(self._own), *chain.from_iterable(map(self._unreadable, parts))]
        yield from unreadable
        if not unreadable:
            yield from chain.from_iterable(check(part, self.tables) for part in parts)

    def _unreadable(self, part: Part[Any]) -> Iterator[Fault]:
        for schema in part.schemas:
            try:
                self.tables[schema.name]
            except DataError as error:
                yield from error.faults

    def _rows(self, name: str) -> list[Row]:
        own, shipped = self._own.get(name, ()), self._shipped.get(name, ())
        if name != WORDS:
            return _read(own or shipped or (data_folder() / f"{name}.csv",))
        rows = _read(own) if own else []
        changed = {row.cells.get("text_id") for row in rows}
        return [*(row for row in _read(shipped) if row.cells["text_id"] not in changed), *rows]


def _read(paths: tuple[Path, ...]) -> list[Row]:
    read = [read_table(path) for path in paths]
    if faults := [fault for _rows, found in read for fault in found]:
        raise DataError(faults)
    return [row for rows, _faults in read for row in rows]


def _files(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return the CSV files anywhere below a folder by the names of their tables."""
    found: dict[str, tuple[Path, ...]] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(".csv") and not name.startswith("."):
                table = name.removesuffix(".csv")
                found[table] = (*found.get(table, ()), Path(place, name))
    return found


def _double(files: dict[str, tuple[Path, ...]]) -> Iterator[Fault]:
    for name, paths in files.items():
        if len(paths) > 1 and name != WORDS:
            yield Fault(f"{name}.csv", 0, "-", ", ".join(map(str, paths)), ALONE)


def all_parts() -> Iterator[Part[Any]]:
    """Yield the parts of every room, and with them every table that there is."""
    for module in table_modules():
        yield from (found for found in vars(module).values() if isinstance(found, Part))


def table_modules() -> Iterator[ModuleType]:
    """Yield the modules that declare tables: one of each room that has any, and the texts."""
    import pkgutil  # noqa: PLC0415 - only who asks for all rooms needs to find them
    from importlib.util import find_spec  # noqa: PLC0415 - as above

    for module in pkgutil.iter_modules([str(Path(__file__).parent)], "soclib."):
        if module.ispkg and find_spec(f"{module.name}.tables"):
            yield import_module(f"{module.name}.tables")
    yield import_module("soclib.words")


def data_folder() -> Path:
    """Return the folder of the shipped tables, in a checkout or in an installed wheel."""
    here = Path(__file__).resolve().parent
    return next(folder for folder in (here / "data", here.parent / "data") if folder.is_dir())


def load_catalog(folder: str | Path | None = None) -> Catalog:
    """Return the tables of ``folder``, all checked; the shipped one where it has none of a name.

    Without ``folder``: the shipped tables, each part checked when it is first used. Raises
    ``DataError`` that lists every fault.
    """
    if folder is None:
        return _shipped()
    if not Path(folder).is_dir():
        raise DataError([Fault(str(folder), 0, "-", "", "there is no such folder of tables")])
    catalog = Catalog(Path(folder))
    if faults := tuple(catalog.faults()):
        raise DataError(faults)
    return catalog


@lru_cache(maxsize=1)
def _shipped() -> Catalog:
    return Catalog()

"""Rows of tables as they are read, before anything is made of them; plain records, no files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from soclib.errors import Fault

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"
ANSWERS: Final = (YES, NO, UNKNOWN)
VOICES: Final = ("vendor", "buyer")
DRAFT: Final = "draft"  # proposed, not in force
EVIDENCE: Final = ("confirmed", "one_source", "practice", "disputed", "unconfirmed", DRAFT)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a row comes from, when it was checked and how sure it is."""

    source_ids: tuple[str, ...]
    as_of: str
    evidence: str


class Row(NamedTuple):
    """One line of a table."""

    file: str
    line: int
    cells: dict[str, str]

    def fault(self, column: str, remedy: str) -> Fault:
        """Return what is wrong with one cell of this row."""
        return Fault(self.file, self.line, column, self.cells.get(column, ""), remedy)

    def provenance(self) -> Provenance:
        """Return where this row comes from."""
        cells = self.cells
        return Provenance(listed(cells["source_id"]), cells["as_of"], cells["evidence"])


class Tables:
    """The rows of each table by its name, read when they are first asked for."""

    def __init__(self, read: Callable[[str], list[Row]]) -> None:
        self._read = read
        self._rows: dict[str, list[Row]] = {}
        self._ids: dict[tuple[str, tuple[str, str]], tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        """Return the rows of a table; raises ``DataError`` when its file cannot be read."""
        if name not in self._rows:
            self._rows[name] = self._read(name)
        return self._rows[name]

    def ids(self, target: str, where: tuple[str, str] = ("", "")) -> tuple[str, ...]:
        """Return the first column of a table, or the one of ``table.column``, without blanks.

        ``where`` keeps the rows that have a value in a column.
        """
        if (target, where) not in self._ids:
            name, _dot, column = target.partition(".")
            rows = [row.cells for row in self[name]]
            column = column or next(iter(rows[0]))
            kept = (cells for cells in rows if not where[0] or cells.get(where[0]) == where[1])
            found = (cells.get(column, "") for cells in kept)
            self._ids[target, where] = tuple(dict.fromkeys(key for key in found if key))
        return self._ids[target, where]

    @cached_property
    def drafts(self) -> dict[str, bool]:
        """Return whether a source is only a draft, by its id."""
        rows = (row.cells for row in self["sources"])
        return {cells.get("source_id", ""): cells.get("evidence") == DRAFT for cells in rows}


@lru_cache(maxsize=8192)  # most rows of a table cite the same few sources
def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that are joined with semicolons."""
    return tuple(part.strip() for part in text.split(";") if part.strip())

"""How a table is declared: a record class whose fields are the columns of a CSV file.

    @table("roles")
    class Role:
        '''Somebody at the table.'''

        role_id: str = column.ident("name of the role")
        role: str = column.text("what it is called")
        provenance: Provenance = column.origin()

A field says what its column means, what a cell may hold and what becomes of it. The columns that a
file must have, the checks of every cell, the record that is read and the lines of the data
dictionary all follow from these lines. Only what spans rows or cells is checked by functions of the
room; see ``Part``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import FrozenInstanceError, dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, dataclass_transform

from soclib.errors import Fault
from soclib.tables import column as columns
from soclib.tables import kinds
from soclib.tables.kinds import Further, Kind, Origin
from soclib.tables.rows import DRAFT, Row, Tables

if TYPE_CHECKING:
    from soclib.catalog import Catalog

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Schema:
    """What is declared of one table; ``key`` names the columns that tell its rows apart."""

    name: str
    key: tuple[str, ...]
    fields: tuple[tuple[str, Kind], ...]

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"{self.name}.csv"

    @property
    def drafts(self) -> bool:
        """Return whether a row may be a proposal."""
        return any(isinstance(kind, Origin) and kind.drafts for _name, kind in self.fields)

    @property
    def open_ended(self) -> bool:
        """Return whether a user's own table may have further columns."""
        return any(isinstance(kind, Further) for _name, kind in self.fields)

    def key_of(self, row: Row) -> tuple[str, ...]:
        """Return the cells that tell a row from the others of its table."""
        return tuple(row.cells[column] for column in self.key)

    def columns(self, tables: Tables) -> Iterator[tuple[str, Kind]]:
        """Yield each column of the file with its kind."""
        for name, kind in self.fields:
            for column in kind.columns(name, tables):
                yield column, kind


@dataclass_transform(
    frozen_default=True,
    eq_default=False,
    field_specifiers=(  # a type checker wants each of them named
        columns.ident,
        columns.text,
        columns.texts,
        columns.matching,
        columns.brief,
        columns.whole,
        columns.decimal,
        columns.day,
        columns.one_of,
        columns.some_of,
        columns.yes_no,
        columns.pairs,
        columns.ref,
        columns.refs,
        columns.voices,
        columns.wide,
        columns.further,
        columns.origin,
    ),
)
def table(name: str, *, key: tuple[str, ...] = ()) -> Callable[[type[R]], type[R]]:
    """Return what turns a class into the frozen record of one table of that name.

    Its rows are told apart by ``key``, columns of the table; without it, by the first column.
    """

    def declare(cls: type[R]) -> type[R]:
        record = _frozen(cls)
        declared = tuple((each.name, each.metadata["kind"]) for each in fields(record))  # type: ignore[arg-type]
        first, kind = declared[0]
        record.schema = Schema(name, key or (kind.column or first,), declared)  # type: ignore[attr-defined]
        return record

    return declare


def _frozen(cls: type[R]) -> type[R]:
    """Return a class as a dataclass whose records cannot be changed.

    ``dataclass(frozen=True)`` compiles four functions for each class, which is most of the time
    that the first verdict of a process would take; these are written once for all.
    """
    record: Any = dataclass(init=False, repr=False, eq=False, match_args=False)(cls)
    record.__init__, record.__repr__ = _fill_in, _written_out
    record.__setattr__ = record.__delattr__ = _refuse
    return record  # type: ignore[no-any-return]


def _fill_in(self: Any, *values: object, **named: object) -> None:  # noqa: ANN401 - any record
    """Take a value for each field, in their order or by name."""
    names = self.__dataclass_fields__
    given = dict(zip(names, values, strict=False)) | named
    if len(values) + len(named) != len(names) or given.keys() != names.keys():
        message = f"{type(self).__name__} takes {', '.join(names)}, each once"
        raise TypeError(message)
    vars(self).update(given)


def _refuse(self: Any, name: str, *_value: object) -> None:  # noqa: ANN401 - any record
    raise FrozenInstanceError(f"a {type(self).__name__} does not change: {name}")  # noqa: EM102, TRY003


def _written_out(self: Any) -> str:  # noqa: ANN401 - any record
    parts = (f"{name}={value!r}" for name, value in vars(self).items())
    return f"{type(self).__name__}({', '.join(parts)})"


def schema_of(record: type[Any]) -> Schema:
    """Return what was declared of the table of a record."""
    schema: Schema = record.schema
    return schema


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Records:
    """The checked rows of a part as records, in the order of their tables.

    A room links them to what it offers; ``catalog`` gives the parts that it builds on.
    """

    tables: Tables
    catalog: Catalog

    def all(self, record: type[R]) -> tuple[R, ...]:
        """Return the rows that are in force."""
        return tuple(self._read(record, drafts=False))

    def drafts(self, record: type[R]) -> tuple[R, ...]:
        """Return the rows that are only proposed.

        Nothing else tells them apart, so that no view has to remember to leave them out.
        """
        return tuple(self._read(record, drafts=True))

    def by_id(self, record: type[R]) -> dict[str, R]:
        """Return the rows in force by their ids."""
        name = schema_of(record).fields[0][0]
        return {getattr(found, name): found for found in self._read(record, drafts=False)}

    def _read(self, record: type[R], *, drafts: bool) -> Iterator[R]:
        schema, tables = schema_of(record), self.tables
        known = {column for column, _kind in schema.columns(tables)}
        further = next((n for n, (_, k) in enumerate(schema.fields) if isinstance(k, Further)), 0)
        for row in tables[schema.name]:
            if (row.cells["evidence"] == DRAFT) != drafts:
                continue
            values = [kind.value(row, name, tables) for name, kind in schema.fields]
            if schema.open_ended:
                values[further] = {c: cell for c, cell in row.cells.items() if c not in known}
            yield record(*values)


@dataclass(frozen=True, eq=False)
class Part(Generic[T]):
    """The tables that a room reads together, what it makes of them, and what it checks itself.

    ``checks`` yield what is wrong beyond single cells; they run on tables whose columns are right,
    whatever stands in the cells.
    """

    records: tuple[type[Any], ...]
    build: Callable[[Records], T]
    checks: tuple[Callable[[Tables], Iterable[Fault]], ...] = ()

    @cached_property
    def schemas(self) -> tuple[Schema, ...]:
        """Return what is declared of each table."""
        return tuple(schema_of(record) for record in self.records)


# --- checks ---------------------------------------------------------------------------------------


def check(part: Part[Any], tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with the tables of one part."""
    headers = [fault for schema in part.schemas for fault in _header_faults(schema, tables)]
    yield from headers
    if headers:
        return
    for schema in part.schemas:
        yield from _key_faults(schema, tables)
        yield from _cell_faults(schema, tables)
        yield from _all_drafts(schema, tables)
    for function in part.checks:
        yield from function(tables)


def _header_faults(schema: Schema, tables: Tables) -> Iterator[Fault]:
    rows = tables[schema.name]
    expected = dict(schema.columns(tables))
    for column, kind in expected.items():
        if column not in rows[0].cells and kind.optional:
            for row in rows:
                row.cells[column] = ""
        elif column not in rows[0].cells:
            yield Fault(schema.file, 1, column, "", "the column is missing; add it")
    spelt = {column.casefold(): column for column in expected}
    for column in rows[0].cells:
        near = spelt.get(column.strip().casefold())
        if column in expected:
            continue
        if not schema.open_ended:
            yield Fault(schema.file, 1, column, column, "no such column; remove or rename it")
        elif near:
            yield Fault(schema.file, 1, column, column, f"write it {near}, or give it another name")
        elif not column.strip():
            yield Fault(schema.file, 1, "-", column, "a column has no name; name or remove it")


def _key_faults(schema: Schema, tables: Tables) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for row in tables[schema.name]:
        key = schema.key_of(row)
        if key in seen:
            yield row.fault(schema.key[0], f"is on line {seen[key]} already; use another id")
        seen[key] = row.line


def _cell_faults(schema: Schema, tables: Tables) -> Iterator[Fault]:
    for column, kind in schema.columns(tables):
        sound: set[tuple[str, str]] = set()  # most cells of a column say what another has said
        for row in tables[schema.name]:
            said = row.cells[column], row.cells["evidence"]
            if said not in sound:
                faults = tuple(_faults_of(row, column, kind, tables))
                yield from faults
                sound |= set() if faults else {said}


def _faults_of(row: Row, column: str, kind: Kind, tables: Tables) -> Iterator[Fault]:
    """Yield what is wrong with one cell; only its evidence counts of the rest of the row."""
    cell, blank = row.cells[column], kind.may_be_blank(column) or kind.optional
    if cell.strip() or (cell and blank):  # spaces alone would be read as a value
        yield from kind.faults(row, column, tables)
    elif not blank:
        yield row.fault(column, "must not be blank; fill it in")


def _all_drafts(schema: Schema, tables: Tables) -> Iterator[Fault]:
    rows = tables[schema.name]
    if schema.drafts and all(row.cells["evidence"] == DRAFT for row in rows):
        yield rows[0].fault("evidence", "every row is a draft; add one that is in force")


# --- the data dictionary --------------------------------------------------------------------------


def dictionary(record: type[Any]) -> str:
    """Return what is declared of one table as Markdown: what a row is, and its columns."""
    schema = schema_of(record)
    paragraphs = (record.__doc__ or "").split("\n\n")
    says = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    lines = [f"### {schema.file}", "", says, ""]
    lines += ["| column | meaning | allowed |", "| --- | --- | --- |"]
    lines += [_line(name, kind) for name, kind in schema.fields if not isinstance(kind, Origin)]
    return "\n".join(lines)


def _line(name: str, kind: Kind) -> str:
    heading = f"`{kind.column or name}`"
    if isinstance(kind, kinds.Voices):
        heading = f"`{kind.column or name}_vendor`, `{kind.column or name}_buyer`"
    elif isinstance(kind, kinds.Wide):
        heading = f"one for each row of `{kind.target}.csv`"
    elif isinstance(kind, Further):
        heading = "any other"
    blank = "; may be blank" if kind.blank else ""
    missing = ", or missing in a table of your own" if kind.optional else ""
    return f"| {heading} | {kind.says} | {kind.allowed()}{blank}{missing} |"

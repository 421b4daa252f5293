"""Tables with something wrong in them, in memory or as the files of a user's own folder."""

from __future__ import annotations

from copied_tables import rows_of, write_rows

from soclib.catalog import Catalog, all_parts, data_folder
from soclib.tables.rows import Tables
from soclib.tables.schema import Part, check

SHIPPED = Catalog().tables
PART_OF = {schema.name: part for part in all_parts() for schema in part.schemas}
RECORD_OF = {
    schema.name: record
    for part in dict.fromkeys(PART_OF.values())
    for schema, record in zip(part.schemas, part.records, strict=True)
}
NAMES = tuple(RECORD_OF)
DRAFTS_IN = tuple(name for name, record in RECORD_OF.items() if record.schema.drafts)


def file_of(table):
    """Return the shipped file of a table; of the texts, the first."""
    return min(data_folder().rglob(f"{table}.csv"))


def row_at(tables, table, line):
    """Return the row on a line; line 2 is the first, as an editor counts."""
    return next(row for row in tables[table] if row.line == line)


def copied():
    """Return all shipped tables, their rows free to be changed."""
    return Tables(lambda name: [row._replace(cells=dict(row.cells)) for row in SHIPPED[name]])


def spoilt(table, line, **cells):
    """Return all tables with some cells of one row changed."""
    tables = copied()
    row = row_at(tables, table, line)
    assert cells.keys() <= row.cells.keys()
    row.cells.update(cells)
    return tables


def faults_in(table, tables):
    """Return what is wrong with the tables that are read together with one of them."""
    return tuple(check(PART_OF[table], tables))


def faults_of_row(table, line, **cells):
    """Return what is wrong with one changed row as the only one of its table."""
    row = row_at(SHIPPED, table, line)
    assert cells.keys() <= row.cells.keys()
    changed = row._replace(cells={**row.cells, **cells})
    tables = Tables(lambda name: [changed] if name == table else SHIPPED[name])
    return tuple(check(Part((RECORD_OF[table],), lambda _records: None), tables))


def own_table(folder, table, change):
    """Write one table into a folder, as ``change`` makes it from the list of its rows."""
    write_rows(folder / f"{table}.csv", change(rows_of(file_of(table))))


def own_cells(folder, table, line, **cells):
    """Write one table into a folder with some cells of one row changed."""

    def change(rows):
        assert cells.keys() <= rows[line - 2].keys()
        rows[line - 2].update(cells)
        return rows

    own_table(folder, table, change)

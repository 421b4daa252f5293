"""Items that name other items, judged within a write, when nobody else can change them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from soclib.readiness_file import ReadinessError
from soclib.readiness_kinds import COMPLEMENTARY, CONTROL, EVIDENCE, SUBSERVICE, Edit

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

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

"""What claims rest on: sources, the standards behind them, and how long a claim holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import is_day
from soclib.tables.rows import DRAFT, EVIDENCE, Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table

CURRENT: Final = "current"
SUPERSEDED: Final = "superseded"
PARTLY: Final = "partly superseded"
STATES = (CURRENT, SUPERSEDED, PARTLY, DRAFT)
PERIOD = re.compile(r"\d{4}(-\d{2}){0,2}")  # a year, a month or a day
ADDRESS = "use an address that starts with https://, or leave it blank"


@table("sources")
class Source:
    """A publication that rows refer to.

    Stored copies of uneven age were read, mostly as excerpts, so a source supports only the row
    that cites it. A source that bundles several pages is partly superseded as soon as one of them
    is.
    """

    source_id: str = column.ident("name by which rows cite it")
    title: str = column.text("what it is called")
    publisher: str = column.text("who published it, several joined with `;`")
    url: str = column.matching("where it was read", r"https?://.*", ADDRESS, blank=True)
    kind: str = column.text("what kind of publication it is")
    standards: tuple[str, ...] = column.refs(
        "those it speaks under; blank, where neither title nor date shows any, counts as current",
        "standards",
        blank=True,
    )
    provenance: Provenance = column.origin(drafts=True)

    @property
    def as_of(self) -> str:
        """Return the day on which it was last looked at."""
        return self.provenance.as_of

    @property
    def evidence(self) -> str:
        """Return how sure it is."""
        return self.provenance.evidence


@table("standards")
class Standard:
    """A standard, label or set of criteria, and whether it is in force."""

    standard_id: str = column.ident("name of the standard")
    title: str = column.text("what it is called, in our words where the title was not seen")
    body: str = column.text("who issued it")
    issued: str = column.text("when, as precisely as known and as sources agree", blank=True)
    effective: str = column.text(
        "from when; the note says what must fall on or after it", blank=True
    )
    state: str = column.one_of(
        "whether it is in force; parts of one partly superseded still are", *STATES
    )
    replaced_by: tuple[str, ...] = column.refs(
        "what replaced it, or parts of it", "standards", blank=True
    )
    note: str = column.text("what a reader should know, where sources differ included")
    provenance: Provenance = column.origin(drafts=True)


@table("reviews")
class Review:
    """After how many calendar months a claim has to be looked at again, by its evidence.

    Once its `as_of` is older than that, `make fresh` names its line: look at the claim again, then
    set `as_of`.
    """

    evidence_id: str = column.one_of("how sure the claim is", *EVIDENCE)
    review_after_months: int = column.whole("so many calendar months", 1, 99)
    why: str = column.text("why so many")
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class ClaimTables:
    """Sources and standards by id, those in force and those only proposed; months by evidence."""

    sources: dict[str, Source]
    standards: dict[str, Standard]
    draft_sources: dict[str, Source]
    draft_standards: dict[str, Standard]
    review_months: dict[str, int]


def _claims(records: Records) -> ClaimTables:
    return ClaimTables(
        sources=records.by_id(Source),
        standards=records.by_id(Standard),
        draft_sources={row.source_id: row for row in records.drafts(Source)},
        draft_standards={row.standard_id: row for row in records.drafts(Standard)},
        review_months={row.evidence_id: row.review_after_months for row in records.all(Review)},
    )


def check_claims(tables: Tables) -> Iterator[Fault]:
    """Yield standards at odds with themselves, and drafts taken for what is in force."""
    for row in tables["standards"]:
        yield from _check_standard(row)
    yield from _check_circles(tables["standards"])
    yield from _check_drafts(tables)
    reviewed = tables.ids("reviews")
    for evidence in EVIDENCE:
        if evidence not in reviewed:
            remedy = "this evidence has no row; say after how many months to look again"
            yield Fault("reviews.csv", 0, "evidence_id", evidence, remedy)


def _check_standard(row: Row) -> Iterator[Fault]:
    cells = row.cells
    for name in ("issued", "effective"):
        if cells[name] and not _is_period(cells[name]):
            yield row.fault(name, "use a date, 2016-04-05, 2016-04 or 2016; blank if unknown")
    replaced = cells["state"] in (SUPERSEDED, PARTLY)
    if replaced and not listed(cells["replaced_by"]):
        yield row.fault("replaced_by", f"{cells['state']}: name the standard that replaced it")
    if cells["state"] in (CURRENT, DRAFT) and listed(cells["replaced_by"]):
        yield row.fault("replaced_by", f"{cells['state']}: leave it blank, or fix the state")


def _is_period(cell: str) -> bool:
    return bool(PERIOD.fullmatch(cell)) and is_day(cell + "0000-01-01"[len(cell) :])


def _check_circles(rows: list[Row]) -> Iterator[Fault]:
    by_id = {row.cells["standard_id"]: row for row in rows}
    graph = {standard_id: listed(row.cells["replaced_by"]) for standard_id, row in by_id.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        remedy = f"it replaces itself ({', '.join(circle)}); break the circle"
        yield by_id[circle[0]].fault("replaced_by", remedy)


def _check_drafts(tables: Tables) -> Iterator[Fault]:
    """Yield what takes a standard that is only proposed for one in force."""
    states = {row.cells["standard_id"]: row.cells["state"] for row in tables["standards"]}
    for row in tables["standards"]:
        if (row.cells["state"] == DRAFT) != (row.cells["evidence"] == DRAFT):
            yield row.fault("state", f"use {DRAFT} for the state and the evidence, or for neither")
        for standard_id in listed(row.cells["replaced_by"]):
            if states.get(standard_id) == DRAFT:
                yield row.fault("replaced_by", f"{standard_id!r} is a draft; it replaces nothing")
    for row in tables["sources"]:
        named = {states.get(standard_id) for standard_id in listed(row.cells["standards"])}
        if DRAFT in named and row.cells["evidence"] != DRAFT:
            yield row.fault("standards", f"names a draft; use the evidence {DRAFT}")


CLAIMS = Part((Source, Standard, Review), _claims, (check_claims,))

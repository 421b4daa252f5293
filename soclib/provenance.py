"""Check what rows rest on: sources, dates, evidence, and standards that are in force or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from graphlib import CycleError, TopologicalSorter

from soclib.model import CURRENT, DRAFT, EVIDENCE, PARTLY, SUPERSEDED
from soclib.rows import DATE, WITH_DRAFTS, Fault, Row, Tables, listed

STATES = (CURRENT, SUPERSEDED, PARTLY, DRAFT)
PERIOD = re.compile(r"\d{4}(-\d{2}){0,2}")  # a year, a month or a day


def check_provenance(tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with the sources, dates and evidence of rows."""
    drafts = {r.cells["source_id"]: r.cells["evidence"] == DRAFT for r in tables["sources"]}
    for name, rows in tables.items():
        for row in rows:
            yield from _check_sources(row, drafts)
            yield from _check_evidence(name, row)
            if not is_day(row.cells["as_of"]):
                yield row.fault("as_of", "use a date such as 2026-11-23")
        if rows and name in WITH_DRAFTS and all(r.cells["evidence"] == DRAFT for r in rows):
            yield rows[0].fault("evidence", "every row is a draft; add one that is in force")
    yield from _check_standards(tables["standards"])
    yield from _check_draft_standards(tables)
    yield from _check_reviews(tables["reviews"])


def is_day(text: str) -> bool:
    """Return whether a text is a day of the calendar, written as 2026-11-23."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(DATE.fullmatch(text))  # fromisoformat takes 20261123 as well


def _check_sources(row: Row, drafts: dict[str, bool]) -> Iterator[Fault]:
    cited = listed(row.cells["source_id"])
    if not cited and row.cells["source_id"].strip():
        yield row.fault("source_id", "names no source; use ids of sources.csv")
    for source_id in cited:
        if source_id not in drafts:
            yield row.fault("source_id", f"{source_id!r} is not in sources.csv; add it there")
        elif drafts[source_id] and row.cells["evidence"] != DRAFT:
            remedy = f"{source_id!r} is a draft; cite what is in force, or use the evidence {DRAFT}"
            yield row.fault("source_id", remedy)


def _check_evidence(name: str, row: Row) -> Iterator[Fault]:
    in_force = [evidence for evidence in EVIDENCE if evidence != DRAFT]
    if row.cells["evidence"] not in (EVIDENCE if name in WITH_DRAFTS else in_force):
        files = ", ".join(f"{table}.csv" for table in WITH_DRAFTS)
        yield row.fault("evidence", f"use one of {', '.join(in_force)}; {DRAFT} in {files} only")


def _check_standards(rows: list[Row]) -> Iterator[Fault]:
    for row in rows:
        cells = row.cells
        for column in ("issued", "effective"):
            if cells[column] and not _is_period(cells[column]):
                yield row.fault(column, "use a date, 2016-04-05, 2016-04 or 2016; blank if unknown")
        replaced = cells["state"] in (SUPERSEDED, PARTLY)
        if replaced and not listed(cells["replaced_by"]):
            yield row.fault("replaced_by", f"{cells['state']}: name the standard that replaced it")
        if cells["state"] in (CURRENT, DRAFT) and listed(cells["replaced_by"]):
            yield row.fault("replaced_by", f"{cells['state']}: leave it blank, or mend the state")
    yield from _check_circles(rows)


def _is_period(text: str) -> bool:
    return bool(PERIOD.fullmatch(text)) and is_day(text + "0000-01-01"[len(text) :])


def _check_circles(rows: list[Row]) -> Iterator[Fault]:
    by_id = {row.cells["standard_id"]: row for row in rows}
    graph = {standard_id: listed(row.cells["replaced_by"]) for standard_id, row in by_id.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        remedy = f"it replaces itself ({', '.join(circle)}); break the circle"
        yield by_id[circle[0]].fault("replaced_by", remedy)


def _check_draft_standards(tables: Tables) -> Iterator[Fault]:
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


def _check_reviews(rows: list[Row]) -> Iterator[Fault]:
    given = {row.cells["evidence_id"] for row in rows}
    for evidence in EVIDENCE:
        if evidence not in given:
            remedy = "this evidence has no row; say after how many months to look again"
            yield Fault("reviews.csv", 0, "evidence_id", evidence, remedy)

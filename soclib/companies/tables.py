"""Frozen records for real companies: what each does, what it states to hold, and what both say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import PROVENANCE, UNKNOWN, YES, Provenance, Row, Tables, listed

HOLDINGS = ("yes", "no_mention", "unknown")
REPORTS = ("soc1", "soc2", "soc3")
TYPED = ("soc1", "soc2")


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """A company: answers from what its service does, and what its page states to hold.

    By report, ``holds`` is yes, no_mention (the page lists others) or unknown, ``lessons`` the id
    of an explanation or blank; ``types`` is type_1, type_2, unknown, or blank where none is held.
    """

    company_id: str
    name: str
    service: str
    statement: str
    holds: Mapping[str, str]
    types: Mapping[str, str]
    categories: tuple[str, ...]
    lessons: Mapping[str, str]
    answers: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class CompanyReading:
    """What a verdict and a holding say together; ``words`` carry {report}.

    ``agreement`` is fits, surprise, undecided (neither side is a finding) or untold.
    """

    holding: str
    status_id: str
    agreement: str
    words: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """An explanation that comes back from company to company, and a question worth asking."""

    lesson_id: str
    title: str
    explanation: str
    ask: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class CompanyTables:
    """All tables on real companies, in the order of their rows; readings by holding and status."""

    companies: Mapping[str, Company]
    readings: Mapping[tuple[str, str], CompanyReading]
    lessons: Mapping[str, Lesson]


def build_companies(tables: Tables) -> CompanyTables:
    """Return the tables on real companies as records."""
    criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
    companies = (_company(row, criteria) for row in tables["companies"])
    readings = (CompanyReading(**_cells(row)) for row in tables["company_readings"])
    lessons = (Lesson(**_cells(row)) for row in tables["company_lessons"])
    return CompanyTables(
        companies={one.company_id: one for one in companies},
        readings={(one.holding, one.status_id): one for one in readings},
        lessons={one.lesson_id: one for one in lessons},
    )


def _company(row: Row, criteria: list[str]) -> Company:
    cells = row.cells
    return Company(
        company_id=cells["company_id"],
        name=cells["name"],
        service=cells["service"],
        statement=cells["statement"],
        holds={report_id: cells[f"holds_{report_id}"] for report_id in REPORTS},
        types={report_id: cells[f"type_{report_id}"] for report_id in TYPED},
        categories=listed(cells["categories"]),
        lessons={report_id: cells[f"lesson_{report_id}"] for report_id in REPORTS},
        answers={key: cells[key] for key in criteria if cells[key]},
        provenance=row.provenance(),
    )


def _cells(row: Row) -> dict[str, Any]:
    own = {column: text for column, text in row.cells.items() if column not in PROVENANCE}
    return {**own, "provenance": row.provenance()}


# --- checks ---------------------------------------------------------------------------------------


AGREEMENTS = ("fits", "surprise", "undecided", "untold")
TYPES = ("type_1", "type_2", UNKNOWN)


def company_choices(tables: Tables) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield table, column and the values allowed in it."""
    lessons = [row.cells["lesson_id"] for row in tables["company_lessons"]]
    for report_id in REPORTS:
        yield "companies", f"holds_{report_id}", HOLDINGS
        yield "companies", f"lesson_{report_id}", ("", *lessons)
    for report_id in TYPED:
        yield "companies", f"type_{report_id}", ("", *TYPES)
    yield "company_readings", "holding", HOLDINGS
    yield "company_readings", "status_id", [r.cells["status_id"] for r in tables["statuses"]]
    yield "company_readings", "agreement", AGREEMENTS


def check_companies(tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with the tables on real companies."""
    yield from _check_holdings(tables)
    yield from _check_readings(tables)


def _check_holdings(tables: Tables) -> Iterator[Fault]:
    """Yield types of reports that nobody states, stated ones without, and unknown categories."""
    outcomes = tables["outcomes"]
    known = [r.cells["outcome_id"] for r in outcomes if r.cells["kind"] == "category"]
    for row in tables["companies"]:
        for report_id in TYPED:
            held, given = row.cells[f"holds_{report_id}"], row.cells[f"type_{report_id}"]
            if given and held != YES:
                yield row.fault(f"type_{report_id}", "no such report is stated; leave it blank")
            if held == YES and not given:
                yield row.fault(f"type_{report_id}", f"use one of {', '.join(TYPES)}")
        for category in listed(row.cells["categories"]):
            if category not in known:
                remedy = f"{category!r} is unknown; use some of {', '.join(known)}"
                yield row.fault("categories", remedy)


def _check_readings(tables: Tables) -> Iterator[Fault]:
    """Yield pairs of holding and verdict about which nothing is said."""
    found = {(r.cells["holding"], r.cells["status_id"]) for r in tables["company_readings"]}
    for row, holding in product(tables["statuses"], HOLDINGS):
        if (holding, row.cells["status_id"]) not in found:
            yield row.fault("status_id", f"add its row for {holding} to company_readings.csv")

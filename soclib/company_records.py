"""Frozen records for real companies: what each does, what it states to hold, and what both say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soclib.model import Provenance
from soclib.rows import PROVENANCE, Row, Tables, listed

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

"""Real companies: what each does, what it states to hold, and what the two say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import OneOf
from soclib.tables.rows import ANSWERS, UNKNOWN, YES, Provenance, Tables
from soclib.tables.schema import Part, Records, table

HOLDINGS = (YES, "no_mention", UNKNOWN)
TYPES = ("type_1", "type_2", UNKNOWN)
AGREEMENTS = ("fits", "surprise", "undecided", "untold")
REPORTS = ("soc1", "soc2", "soc3")
TYPED = ("soc1", "soc2")


@table("companies")
class Company:
    """A company whose statement has a source: what its service does, and what it states to hold.

    Answers follow from what the service does and never from the reports that are held, or comparing
    the two would say nothing. Pages were read as others recorded them, not visited. The source of a
    company is its page, `page-...` in `sources.csv`.

    What it states to hold is `yes`, `no_mention` (the page lists others, not this one) or
    `unknown`.
    """

    company_id: str = column.ident("name by which others cite the company")
    name: str = column.text("the name that the company goes by")
    service: str = column.text("what it does, in our own words")
    statement: str = column.text("what its page states, in our own words")
    holds_soc1: str = column.one_of("whether it states to hold a SOC 1", *HOLDINGS)
    holds_soc2: str = column.one_of("whether it states to hold a SOC 2", *HOLDINGS)
    holds_soc3: str = column.one_of("whether it states to hold a SOC 3", *HOLDINGS)
    type_soc1: str = column.one_of(
        "the type of the SOC 1; blank where none is stated to be held", "", *TYPES
    )
    type_soc2: str = column.one_of(
        "the type of the SOC 2; blank where none is stated to be held", "", *TYPES
    )
    categories: tuple[str, ...] = column.refs(
        "the categories that its SOC 2 is said to cover",
        "outcomes",
        where=("kind", "category"),
        blank=True,
    )
    lesson_soc1: str = column.ref(
        "the explanation of what is surprising about the SOC 1", "company_lessons", blank=True
    )
    lesson_soc2: str = column.ref(
        "the explanation of what is surprising about the SOC 2", "company_lessons", blank=True
    )
    lesson_soc3: str = column.ref(
        "the explanation of what is surprising about the SOC 3", "company_lessons", blank=True
    )
    answers: dict[str, str] = column.wide(
        "what follows from the service: what it works out, holds and hosts, and that customers stop"
        " when it stops; terms of contracts that are not public are `unknown`; who asks only where"
        " the page says so; blank: nobody answered",
        "criteria",
        OneOf("answer", "", *ANSWERS),
    )
    provenance: Provenance = column.origin()

    @property
    def holds(self) -> Mapping[str, str]:
        """Return what it states to hold, by report."""
        return dict(zip(REPORTS, (self.holds_soc1, self.holds_soc2, self.holds_soc3), strict=True))

    @property
    def types(self) -> Mapping[str, str]:
        """Return the types of its reports, by report; blank where none is held."""
        return dict(zip(TYPED, (self.type_soc1, self.type_soc2), strict=True))

    @property
    def lessons(self) -> Mapping[str, str]:
        """Return the ids of the explanations, by report; blank where nothing is surprising."""
        lessons = (self.lesson_soc1, self.lesson_soc2, self.lesson_soc3)
        return dict(zip(REPORTS, lessons, strict=True))


@table("company_readings", key=("holding", "status_id"))
class CompanyReading:
    """What a holding and a verdict say together; each such pair has a row."""

    holding: str = column.one_of("what a company states to hold, as in `companies.csv`", *HOLDINGS)
    status_id: str = column.ref("what the rules say of the report", "statuses")
    agreement: str = column.one_of(
        "how the two compare; `undecided`: neither is a finding", *AGREEMENTS
    )
    words: str = column.text("what they say together, with `{report}` filled in")
    provenance: Provenance = column.origin()


@table("company_lessons")
class CompanyLesson:
    """An explanation that comes back from company to company, and a question worth asking."""

    lesson_id: str = column.ident("name of the explanation")
    title: str = column.text("heading on screen")
    explanation: str = column.text("the explanation")
    ask: str = column.text("what is worth asking")
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class CompanyTables:
    """All tables on real companies, in the order of their rows; readings by holding and status."""

    companies: Mapping[str, Company]
    readings: Mapping[tuple[str, str], CompanyReading]
    lessons: Mapping[str, CompanyLesson]


def _companies(records: Records) -> CompanyTables:
    readings = records.all(CompanyReading)
    return CompanyTables(
        companies=records.by_id(Company),
        readings={(reading.holding, reading.status_id): reading for reading in readings},
        lessons=records.by_id(CompanyLesson),
    )


def check_companies(tables: Tables) -> Iterator[Fault]:
    """Yield types that do not fit what is held, and pairs of holding and verdict without a row."""
    for row, report_id in product(tables["companies"], TYPED):
        holding, type_id = row.cells[f"holds_{report_id}"], row.cells[f"type_{report_id}"]
        if type_id and holding != YES:
            yield row.fault(f"type_{report_id}", "no such report is stated; leave it blank")
        if holding == YES and not type_id:
            yield row.fault(f"type_{report_id}", f"use one of {', '.join(TYPES)}")
    rows = tables["company_readings"]
    pairs = {(row.cells["holding"], row.cells["status_id"]) for row in rows}
    for row, holding in product(tables["statuses"], HOLDINGS):
        status_id = row.cells.get("status_id", "")
        if (holding, status_id) not in pairs:
            yield row.fault("status_id", f"add its row for {holding} to company_readings.csv")


COMPANIES = Part((Company, CompanyReading, CompanyLesson), _companies, (check_companies,))

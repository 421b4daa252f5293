"""Check the tables on real companies; part of ``checks``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from soclib.company_records import HOLDINGS, REPORTS, TYPED
from soclib.model import UNKNOWN, YES
from soclib.rows import Fault, Tables, listed

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

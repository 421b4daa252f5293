"""How fast report periods are planned for many customers, against going customer by customer."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeVar

from rows import Row, at_least, at_most

from soclib import periods
from soclib.periods.fitting import year_of
from soclib.periods.measuring import measure
from soclib.periods.rules import period_rules
from soclib.periods.tables import PERIODS

CUSTOMERS = 100_000
NAIVE = 1_000  # customers that go one by one; the rest is extrapolated
SEED = 4
SECONDS = 2
TIMES_FASTER = 20
START, READY, UNTIL = "2026-01-01", "2026-02-10", "2028-02-10"

Result = TypeVar("Result")


def period_rows() -> list[Row]:
    """Return what a plan for many customers costs, and the same work customer by customer."""
    customers = list(made_up(CUSTOMERS))
    text = "\n".join(["customer,fiscal_year_end,weight", *map(_line, customers), ""])
    read, reading = _timed(lambda: periods.read_year_ends(text))
    found, planning = _timed(lambda: periods.plan(customers, START, READY, until=UNTIL))
    few = customers[:NAIVE]
    counted, naive = _timed(lambda: one_by_one(few, found.candidates))
    wanted = periods.plan(few, START, READY, until=UNTIL)
    by_period = {(c.start, c.end): c.covered for c in wanted.candidates}
    alike = sum(by_period[period] == covered for period, covered in counted.items())
    ratio = naive / NAIVE * CUSTOMERS / planning
    share = alike / len(by_period)
    return [
        Row("periods", f"plan {CUSTOMERS:,} year-ends", planning, "s", at_most(SECONDS)),
        Row(
            "periods",
            f"customer by customer (measured on {NAIVE:,}) / plan",
            ratio,
            "x",
            at_least(TIMES_FASTER),
        ),
        Row("periods", "periods on which both agree", share, "share", at_least(1)),
        Row("periods", f"candidates, {len(found.candidates)} of them, and every pair", "tried"),
        Row("periods", f"read {len(read):,} year-ends from CSV", reading, "s"),
    ]


def made_up(count: int) -> Iterator[periods.YearEnd]:
    """Yield customers: half at the end of December, the others all over the year and by weeks."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    ends = [periods.MonthDay(12, 31), periods.MonthDay(6, 30), periods.MonthDay(9, 30)]
    for number in range(count):
        kind = chance.random()
        end: periods.MonthDay | date = chance.choices(ends, (6, 2, 1))[0]
        if kind > 0.95:  # noqa: PLR2004 - the shares are made up
            end = date(2027, 1, 2) + timedelta(weeks=chance.randrange(52))
        elif kind > 0.8:  # noqa: PLR2004 - as above
            end = date(2026, 6, 30) + timedelta(days=chance.randrange(540))
        yield periods.YearEnd(f"customer {number}", end, None, chance.randrange(1, 9))


def one_by_one(
    customers: list[periods.YearEnd], candidates: tuple[periods.Candidate, ...]
) -> dict[tuple[date, date], int]:
    """Return how many customers each period covers, every customer read for itself."""
    rules = period_rules()
    readings, slack = rules.catalog.part(PERIODS).readings, rules.limits["calendar_slack"]
    covered: dict[tuple[date, date], int] = {}
    for c in candidates:
        period = (c.start, c.end)
        covered[period] = 0
        for customer in customers:
            measured = measure(*period, *year_of(rules, period, customer.end), slack)
            covered[period] += readings[rules.table.rule_for(measured).reading_id].covers
    return covered


def _line(customer: periods.YearEnd) -> str:
    end = customer.end
    text = end.isoformat() if isinstance(end, date) else f"--{end.month:02d}-{end.day:02d}"
    return f"{customer.customer},{text},{customer.weight}"


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Return what some work gives, and the seconds that it took."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start

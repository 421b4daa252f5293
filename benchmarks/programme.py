"""How fast a large readiness programme is shown, changed and taken in from a file."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from rows import Row, at_most

import soclib
from soclib import readiness
from soclib.periods.tables import PERIODS
from soclib.readiness.items import CONTROL, EVIDENCE, Edit, tidy
from soclib.readiness.pages import VIEWS, PageQuery, show
from soclib.trust.tables import TRUST
from soclib.verdict.tables import VERDICT

CONTROLS, PROOFS, IMPORTED = 10_000, 100_000, 10_000
SHOWN_IN, TAKEN_IN = 300, 5  # milliseconds, seconds
YEAR = ("2026-01-01", "2026-12-31")
ROUNDS = 3
SO_FAR = 195  # days of the year that are over

Result = TypeVar("Result")


def clock() -> datetime:
    """Return the day by which everything is judged."""
    return datetime(2026, 7, 15, 12, tzinfo=UTC)


def readiness_rows() -> list[Row]:
    """Return what every view and an import cost in a programme of 10,000 controls."""
    with tempfile.TemporaryDirectory() as folder:
        programme = made(Path(folder))
        rows = [*_view_rows(programme), *_import_rows(programme, Path(folder))]
        programme.store.engine.dispose()
    return rows


def made(folder: Path) -> readiness.Programme:
    """Return a made-up programme over all categories."""
    categories = [one.outcome_id for one in soclib.load_catalog().part(VERDICT).of_kind("category")]
    how = {"categories": categories, "period": YEAR, "as_of": "2026-03-31", "clock": clock}
    programme = readiness.create(folder / "large.sqlite", who="bench", **how)
    programme.write([*_controls(CONTROLS), *_evidence()])
    return programme


def _controls(count: int, first: int = 0) -> Iterator[Edit]:
    catalog = soclib.load_catalog()
    bases, rhythms = list(catalog.part(TRUST).criteria), list(catalog.part(PERIODS).cadences)
    for number in range(first, first + count):
        cells = {
            "basis_id": bases[number % len(bases)],
            "control": f"Control number {number}",
            "owner": f"Owner {number % 40}",
            "cadence_id": rhythms[number % len(rhythms)],
            "status_id": "operating",
            "started": "2025-06-01" if number % 7 else "2026-02-01",
        }
        yield Edit(CONTROL, f"B-{number:06d}", 0, tidy(CONTROL, cells))


def _evidence() -> Iterator[Edit]:
    for number in range(PROOFS):
        day = date(2026, 1, 1) + timedelta(days=number * 37 % SO_FAR)
        cells = {"control_id": f"B-{number % CONTROLS:06d}", "dated": day.isoformat()}
        place = f"https://example.org/{number}"
        yield Edit(EVIDENCE, f"F-{number:06d}", 0, tidy(EVIDENCE, cells | {"place": place}))


def _view_rows(programme: readiness.Programme) -> Iterator[Row]:
    """Yield the slowest of some rounds of each view, after a change of one control each time."""
    for view in VIEWS:
        times = []
        for number in range(ROUNDS):
            programme.set(CONTROL, "B-000005", note=f"round {number} of {view}")
            times.append(_timed(lambda: show(programme, PageQuery(view)))[1])  # noqa: B023 - called at once
        yield _shown(f"{view}, refreshed after a change", max(times))
    for number, end in enumerate(("2026-11-30", "2026-12-31")):
        programme.set("programme", "programme", period_end=end)
        spent = _timed(lambda: show(programme, PageQuery("overview")))[1]
        yield _shown(f"overview, all judged anew ({number + 1})", spent)
    spent = _timed(lambda: show(programme, PageQuery("controls", "number 99")))[1]
    yield _shown("controls, searched", spent)


def _shown(measure: str, seconds: float) -> Row:
    return Row("readiness", measure, seconds * 1000, "ms", at_most(SHOWN_IN))


def _import_rows(programme: readiness.Programme, folder: Path) -> Iterator[Row]:
    """Yield what a dry run and the writing of new rows cost, with progress told, by file type."""
    for suffix in (".csv", ".xlsx"):
        path = folder / f"new{suffix}"
        first = CONTROLS + (suffix == ".xlsx") * IMPORTED
        _write(path, list(_controls(IMPORTED, first)))
        told: list[int] = []
        plan, reading = _timed(lambda: readiness.plan_import(programme, path))  # noqa: B023
        _, writing = _timed(
            lambda: readiness.take_in(programme, plan, lambda done, _all: told.append(done))  # noqa: B023
        )
        name = f"import of {len(plan.added):,} rows from {suffix}"
        yield Row(
            "readiness", f"{name}, dry run and writing", reading + writing, "s", at_most(TAKEN_IN)
        )
        yield Row("readiness", f"{name}, times that progress was told", len(told))


def _write(path: Path, edits: list[Edit]) -> None:
    names = list(edits[0].values or {})
    rows = [[edit.item_id, *(edit.values or {}).values()] for edit in edits]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["item_id", *names], *rows])
        return
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Controls")
    for row in (["item_id", *names], *rows):
        sheet.append(row)
    book.save(path)


def _timed(act: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    found = act()
    return found, time.perf_counter() - start

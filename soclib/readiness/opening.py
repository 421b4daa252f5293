"""Making, opening, showing and saving a programme, and a blank checklist to start with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from soclib.catalog import Catalog, load_catalog
from soclib.dates import PeriodError, read_iso
from soclib.errors import did_you_mean
from soclib.paper.saving import suffix_of
from soclib.paper.sheets import Sheet
from soclib.readiness.exchange import save_csv, save_workbook
from soclib.readiness.gaps import scope_of
from soclib.readiness.items import (
    COLUMNS,
    CONTROL,
    PROGRAMME,
    Edit,
    ProgrammeItem,
    cell_flaws,
    tidy,
)
from soclib.readiness.pages import VIEWS, PageQuery, show
from soclib.readiness.programme import Clock, Programme, refuse, seeded
from soclib.readiness.store import (
    ReadinessError,
    create_store,
    memory_store,
    open_store,
    plain_errors,
)
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT


def create(  # noqa: PLR0913 - one keyword for each thing that a programme is for
    path: str | Path | None,
    *,
    categories: Iterable[str] = (),
    services: Iterable[str] = (),
    side: str = VOICES[0],
    report: str = "",
    title: str = "",
    period: tuple[str, str] = ("", ""),
    as_of: str = "",
    who: str = "",
    today: str = "",
    clock: Clock | None = None,
    catalog: Catalog | None = None,
) -> Programme:
    """Return a new programme in a file, with a prompt for every control that is usually needed.

    ``categories`` (of a SOC 2) and ``services`` (of a SOC 1) decide which prompts. Without a
    ``path`` the programme is kept in memory, to try things out, and ends with the kernel.
    ``today`` is the day that decides what is overdue, instead of the clock's. Days are written as
    2026-12-31. Raises ``ReadinessError`` that lists every fault; then no file is made.
    """
    catalog = catalog or load_catalog()
    categories, services = tuple(categories), tuple(services)
    values = {
        **_purpose(categories, services, side, report),
        "title": title,
        "period_start": period[0],
        "period_end": period[1],
        "as_of": as_of,
    }
    cells, name = tidy(PROGRAMME, values), "programme" if path is None else Path(path).name
    first = Edit(PROGRAMME, PROGRAMME, 0, cells)
    refuse(name, [(first, f) for f in cell_flaws(PROGRAMME, PROGRAMME, cells, catalog)])
    if not categories and not services:
        message = f"{name}: name the categories of a SOC 2, or the services of a SOC 1"
        raise ReadinessError(message)
    clock = fixed(today) if today else clock
    edits = [first, *seeded(scope_of(cells, catalog), catalog)]
    if path is None:
        programme = Programme(memory_store(name), who=who, clock=clock, catalog=catalog)
        programme.write(edits)
        return programme
    with plain_errors(name):
        place = Path(path).expanduser()
    _make_file(place, edits, who, clock, catalog)
    return open_programme(place, who=who, clock=clock, catalog=catalog)


def fixed(today: str) -> Clock:
    """Return a clock that always says one day; raises ``ReadinessError`` if it cannot be read."""
    try:
        day = read_iso(today)
    except PeriodError as error:
        message = f"today {today!r:.40}: {error}"
        raise ReadinessError(message) from error
    return lambda: day


def _purpose(
    categories: Iterable[str], services: Iterable[str], side: str, report: str
) -> dict[str, str]:
    """Return the cells that say what a programme is for.

    Without a report it is the one that categories or services belong to.
    """
    joined = {"categories": ";".join(categories), "services": ";".join(services)}
    usual = "soc1" if joined["services"] and not joined["categories"] else "soc2"
    return {"side": side, "report_id": report or usual, **joined}


def _make_file(
    place: Path, edits: list[Edit], who: str, clock: Clock | None, catalog: Catalog
) -> None:
    """Make a file under another name and link it to its place, so that it is never half-written.

    A link, unlike a move, never replaces a file that somebody made in the meantime.
    """
    beside = place.with_name(f".{os.urandom(8).hex()}.tmp")
    taken = f"{place.name}: this file already exists; open it, or choose another name"
    with plain_errors(place.name):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            raise ReadinessError(taken)
    try:
        store = create_store(beside)._replace(name=place.name, place=beside)
        Programme(store, who=who, clock=clock, catalog=catalog).write(edits)
        store.engine.dispose()
        with plain_errors(place.name):
            try:
                place.hardlink_to(beside)
            except FileExistsError:
                raise ReadinessError(taken) from None
            except OSError:  # a file system without links
                beside.rename(place)
    finally:
        beside.unlink(missing_ok=True)


def open_programme(
    path: str | Path,
    *,
    who: str = "",
    today: str = "",
    clock: Clock | None = None,
    catalog: Catalog | None = None,
) -> Programme:
    """Return the programme in a file; raises ``ReadinessError`` if it cannot be read."""
    clock = fixed(today) if today else clock
    return Programme(open_store(path), who=who, clock=clock, catalog=catalog)


def save(programme: Programme, path: str | Path, kind: str = CONTROL) -> Path:
    """Write a programme as an .xlsx with a sheet per kind, or one kind of item as a .csv.

    ``plan_import`` reads either back. Raises ``SaveError``.
    """
    suffix, items = suffix_of(path, (".xlsx", ".csv")), programme.items(kind)
    with plain_errors(f"{Path(path).name!a:.80}"):
        if suffix == ".csv":
            return save_csv(kind, items.values(), path, programme.catalog)
        all_kinds = {name: programme.items(name) for name in COLUMNS}
        return save_workbook(all_kinds, path, programme.catalog)


def blank_checklist(
    path: str | Path,
    *,
    categories: Iterable[str] = (),
    services: Iterable[str] = (),
    side: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Path:
    """Write a checklist that nobody has filled in yet as an .xlsx, and return its path.

    ``categories`` and ``services`` are as in ``create``; without either, every category is in it.
    Once filled in, it can be used as it is or imported with ``plan_import``. Raises
    ``ReadinessError`` and ``SaveError``.
    """
    catalog = catalog or load_catalog()
    categories, services = tuple(categories), tuple(services)
    if not categories and not services:
        every = catalog.part(VERDICT).of_kind("category")
        categories = tuple(outcome.outcome_id for outcome in every)
    cells = tidy(PROGRAMME, _purpose(categories, services, side, ""))
    edit = Edit(PROGRAMME, PROGRAMME, 0, cells)
    refuse(Path(path).name, [(edit, f) for f in cell_flaws(PROGRAMME, PROGRAMME, cells, catalog)])
    items: dict[str, dict[str, ProgrammeItem]] = {kind: {} for kind in COLUMNS}
    for new in (edit, *seeded(scope_of(cells, catalog), catalog)):
        items[new.kind][new.item_id] = ProgrammeItem(new.kind, new.item_id, 0, new.values or {})
    with plain_errors(f"{Path(path).name!a:.80}"):
        return save_workbook(items, path, catalog)


def page(programme: Programme, view: str = VIEWS[0], search: str = "", owner: str = "") -> Sheet:
    """Return the first page of a view as a sheet, to look at in a notebook.

    ``search`` keeps the rows that contain all of its words, ``owner`` those of one owner. Raises
    ``ReadinessError`` for an unknown view.
    """
    if view not in VIEWS:
        raise ReadinessError(did_you_mean("view", view, VIEWS))
    first = show(programme, PageQuery(view, search, owner))
    return Sheet(first.html, first.text)

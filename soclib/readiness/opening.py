"""A programme made, opened, shown and saved; and the blank checklist that one may start with."""

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
from soclib.readiness.items import COLUMNS, CONTROL, PROGRAMME, Edit, Item, cell_flaws, tidy
from soclib.readiness.pages import VIEWS, Ask, show
from soclib.readiness.programme import Clock, Programme, refuse, seeded
from soclib.readiness.store import ReadinessError, create_store, memory_store, open_store, told
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

    Without a ``path`` it is one to try things out: it lives in memory and is gone with the kernel.
    ``today`` judges what is due by another day than the clock's.

    ``categories`` (of a SOC 2) and ``services`` (of a SOC 1) decide which; days are written as
    2026-12-31. Raises ``ReadinessError`` that lists every fault; no file is made then.
    """
    catalog = catalog or load_catalog()
    found, asked = tuple(categories), tuple(services)
    values = {
        **_purpose(found, asked, side, report),
        "title": title,
        "period_start": period[0],
        "period_end": period[1],
        "as_of": as_of,
    }
    cells, name = tidy(PROGRAMME, values), "programme" if path is None else Path(path).name
    first = Edit(PROGRAMME, PROGRAMME, 0, cells)
    refuse(name, [(first, f) for f in cell_flaws(PROGRAMME, PROGRAMME, cells, catalog)])
    if not found and not asked:
        message = f"{name}: name the categories of a SOC 2, or the services of a SOC 1"
        raise ReadinessError(message)
    clock = fixed(today) if today else clock
    edits = [first, *seeded(scope_of(cells, catalog), catalog)]
    if path is None:
        programme = Programme(memory_store(name), who=who, clock=clock, catalog=catalog)
        programme.write(edits)
        return programme
    with told(name):
        place = Path(path).expanduser()
    _made(place, edits, who, clock, catalog)
    return open_programme(place, who=who, clock=clock, catalog=catalog)


def fixed(today: str) -> Clock:
    """Return a clock that stands still on a day; raises ``ReadinessError`` for what is none."""
    try:
        day = read_iso(today)
    except PeriodError as error:
        message = f"today {today!r:.40}: {error}"
        raise ReadinessError(message) from error
    return lambda: day


def _purpose(
    categories: Iterable[str], services: Iterable[str], side: str, report: str
) -> dict[str, str]:
    """Return what a programme is for; without a report, that of its categories or services."""
    found, asked = ";".join(categories), ";".join(services)
    first = "soc1" if asked and not found else "soc2"
    return {"side": side, "report_id": report or first, "categories": found, "services": asked}


def _made(place: Path, edits: list[Edit], who: str, clock: Clock | None, catalog: Catalog) -> None:
    """Make a file beside its place and link it there, so that no half of a programme is left.

    A link, unlike a move, never takes the place of a file that somebody made meanwhile.
    """
    beside = place.with_name(f".{os.urandom(8).hex()}.tmp")
    taken = f"{place.name}: there is such a file already; open it, or choose another name"
    with told(place.name):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            raise ReadinessError(taken)
    try:
        store = create_store(beside)._replace(name=place.name, place=beside)
        Programme(store, who=who, clock=clock, catalog=catalog).write(edits)
        store.engine.dispose()
        with told(place.name):
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
    """Return the programme in a file; raises ``ReadinessError`` where it cannot be read."""
    clock = fixed(today) if today else clock
    return Programme(open_store(path), who=who, clock=clock, catalog=catalog)


def save(programme: Programme, path: str | Path, kind: str = CONTROL) -> Path:
    """Write a programme as an .xlsx with a sheet per kind, or one kind of item as a .csv.

    ``plan_import`` reads either back. Raises ``SaveError``.
    """
    suffix, held = suffix_of(path, (".xlsx", ".csv")), programme.items(kind)
    with told(f"{Path(path).name!a:.80}"):
        if suffix == ".csv":
            return save_csv(kind, held.values(), path, programme.catalog)
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

    ``categories`` and ``services`` as in ``create``; without either, every category. It can be
    filled in by itself, or taken in by ``plan_import``. Raises ``ReadinessError``, ``SaveError``.
    """
    catalog = catalog or load_catalog()
    found, asked = tuple(categories), tuple(services)
    if not found and not asked:
        found = tuple(outcome.outcome_id for outcome in catalog.part(VERDICT).of_kind("category"))
    cells = tidy(PROGRAMME, _purpose(found, asked, side, ""))
    edit = Edit(PROGRAMME, PROGRAMME, 0, cells)
    refuse(Path(path).name, [(edit, f) for f in cell_flaws(PROGRAMME, PROGRAMME, cells, catalog)])
    items: dict[str, dict[str, Item]] = {kind: {} for kind in COLUMNS}
    for one in (edit, *seeded(scope_of(cells, catalog), catalog)):
        items[one.kind][one.item_id] = Item(one.kind, one.item_id, 0, one.values or {})
    with told(f"{Path(path).name!a:.80}"):
        return save_workbook(items, path, catalog)


def page(programme: Programme, view: str = VIEWS[0], search: str = "", owner: str = "") -> Sheet:
    """Return the first page of a view, to look at in a notebook; see ``pages``."""
    if view not in VIEWS:
        raise ReadinessError(did_you_mean("view", view, VIEWS))
    shown = show(programme, Ask(view, search, owner))
    return Sheet(shown.html, shown.text)

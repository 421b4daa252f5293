"""A programme as sheets that people fill in: one per kind of item, alike in .xlsx and .csv.

Columns that begin with ``info:`` explain a row; whoever reads the sheet back leaves them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from soclib.export import Cell, Table, export_csv, export_sheets
from soclib.model import VOICES, Catalog
from soclib.readiness_kinds import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    PROGRAMME,
    SUBSERVICE,
    Item,
    choices,
)
from soclib.render import Words, words_of
from soclib.saving import FORMULA

INFO = "info:"
SHEETS = {
    PROGRAMME: "Programme",
    CONTROL: "Controls",
    "evidence": "Evidence",
    COMPLEMENTARY: "Complementary controls",
    SUBSERVICE: "Subservice organizations",
}
# What explains a row, and the column that it stands behind.
EXPLAINED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    CONTROL: {
        "basis_id": ("asks for",),
        "prompt_id": ("prompt", "typical evidence"),
        "owner": ("usual owner",),
    },
    COMPLEMENTARY: {"control": ("why",), "owner": ("usual owner",)},
}
OFFERED = ("status_id", "cadence_id", "method", "report_type", "assertion", "kind", "side")
LED_IN = re.compile(rf"'+(?={FORMULA.pattern})")


def header(kind: str) -> list[str]:
    """Return the columns of a sheet: id, revision, then the cells and what explains them."""
    explained = EXPLAINED.get(kind, {})
    cells = [
        name
        for column in COLUMNS[kind]
        for name in (column, *(f"{INFO} {text}" for text in explained.get(column, ())))
    ]
    return ["item_id", "revision", *cells]


def sheet(kind: str, items: Iterable[Item], catalog: Catalog) -> Table:
    """Return items as a table; the revision of an item that is not in a file yet is blank."""
    names = header(kind)
    rows: list[list[Cell]] = []
    for item in items:
        known = {
            **item.values,
            **_explained(item, catalog),
            "item_id": item.item_id,
            "revision": item.revision or None,
        }
        rows.append([known.get(name, "") for name in names])
    return Table(names, rows, [row[0] for row in rows])


def _explained(item: Item, catalog: Catalog) -> dict[str, str]:
    """Return what explains a row, by column."""
    trust, cells = catalog.trust, item.values
    if item.kind == CONTROL:
        asked = {p.prompt_id: p for p in trust.prompts.get(cells["basis_id"], ())}
        prompt = asked.get(cells["prompt_id"])
        said = {"asks for": trust.bases.get(cells["basis_id"], "")}
        if prompt:
            said |= {"prompt": prompt.prompt, "usual owner": prompt.owner}
            said["typical evidence"] = "; ".join(prompt.typical_evidence)
        return {f"{INFO} {name}": text for name, text in said.items()}
    if known := trust.complementary.get(item.item_id):
        return {f"{INFO} why": known.why, f"{INFO} usual owner": known.owner}
    return {}


def save_workbook(
    items: Mapping[str, Mapping[str, Item]], path: str | Path, catalog: Catalog
) -> Path:
    """Write every kind of item as a sheet of one .xlsx; raises ``SaveError``."""
    side = next((one.values["side"] for one in items[PROGRAMME].values()), "")
    words = words_of(catalog, side or VOICES[0])
    tables = {words["readiness_sheet_read_me"]: _read_me(side, words, catalog)}
    tables |= {SHEETS[kind]: sheet(kind, items[kind].values(), catalog) for kind in COLUMNS}
    return export_sheets(tables, path, _offered(side, catalog))


def _read_me(side: str, words: Words, catalog: Catalog) -> Table:
    """Return what whoever fills in the sheets has to know: rules, columns and their values."""
    said = sorted(name for name in words if re.fullmatch(r"readiness_read_me_[0-9]+", name))
    rows: list[list[Cell]] = [["", words[name]] for name in said]
    for kind, title in SHEETS.items():
        for column in COLUMNS[kind]:
            meaning = words[f"readiness_column_{column}"]
            values = _values(kind, column, side, catalog)
            shown = f"{meaning}: {'; '.join(values)}" if values else meaning
            rows.append([f"{title}: {column}", shown])
    heads = [words["readiness_read_me_column"], words["readiness_read_me_meaning"]]
    return Table(heads, rows, [row[0] for row in rows])


def _values(kind: str, column: str, side: str, catalog: Catalog) -> list[str]:
    """Return the values that a column may hold, each with what it means where that is written."""
    offered = _offered(side, catalog)[SHEETS[kind]].get(column, ())
    meanings = {key: one.meaning for key, one in catalog.readiness.statuses.items()}
    meanings |= {key: one.label for key, one in catalog.periods.cadences.items()}
    return [f"{one} ({meanings[one]})" if one in meanings else one for one in offered]


def _offered(side: str, catalog: Catalog) -> dict[str, dict[str, Sequence[str]]]:
    """Return what may be chosen, by sheet and column, as far as a spreadsheet can hold it."""
    found: dict[str, dict[str, Sequence[str]]] = {}
    for kind, title in SHEETS.items():
        closed = choices(kind, {"kind": ""}, catalog)
        if kind == COMPLEMENTARY:
            statuses = [*catalog.readiness.of(f"cuec_{side}"), *catalog.readiness.of("csoc")]
            closed["status_id"] = tuple(status.status_id for status in statuses)
        found[title] = {
            column: [option for option in options if option]
            for column, options in closed.items()
            if column in OFFERED
        }
    return found


def save_csv(kind: str, items: Iterable[Item], path: str | Path, catalog: Catalog) -> Path:
    """Write the items of one kind as a .csv; raises ``SaveError``.

    A text that a spreadsheet would run as a formula is led in by an apostrophe there, and so is
    one that begins with an apostrophe before a formula, so that both come back as they were.
    """
    table = sheet(kind, items, catalog)
    rows = [[_led_in(cell) for cell in row] for row in table.rows]
    return export_csv(table._replace(rows=rows), path)


def _led_in(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and LED_IN.match(cell) else cell


def let_go(text: str) -> str:
    """Return a text of a .csv without the apostrophe that leads in a formula."""
    return text[1:] if LED_IN.match(text) else text

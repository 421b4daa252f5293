"""A programme as sheets that people fill in, and a filled-in sheet taken in again.

There is one sheet per kind of item, alike in .xlsx and .csv. Columns that begin with ``info:``
explain a row; whoever reads the sheet back leaves them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from soclib.catalog import Catalog
from soclib.errors import missing_library
from soclib.paper.export import Cell, Table, export_csv, export_sheets
from soclib.paper.saving import FORMULA, suffix_of
from soclib.periods.tables import PERIODS
from soclib.readiness.items import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    PROGRAMME,
    SUBSERVICE,
    Edit,
    Item,
    Values,
    choices,
    tidy,
)
from soclib.readiness.programme import Programme
from soclib.readiness.store import Progress, ReadinessError, told
from soclib.readiness.tables import READINESS, ItemStatus
from soclib.tables.files import read_table
from soclib.tables.rows import VOICES
from soclib.trust.tables import TRUST
from soclib.words import Words, words_of

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
    trust, cells = catalog.part(TRUST), item.values
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
    meanings = {key: one.meaning for key, one in catalog.part(READINESS).statuses.items()}
    meanings |= {key: one.label for key, one in catalog.part(PERIODS).cadences.items()}
    return [f"{one} ({meanings[one]})" if one in meanings else one for one in offered]


def _offered(side: str, catalog: Catalog) -> dict[str, dict[str, Sequence[str]]]:
    """Return what may be chosen, by sheet and column, as far as a spreadsheet can hold it."""
    found: dict[str, dict[str, Sequence[str]]] = {}
    for kind, title in SHEETS.items():
        closed = choices(kind, {"kind": ""}, catalog)
        if kind == COMPLEMENTARY:
            statuses = [
                *catalog.part(READINESS).of(f"cuec_{side}"),
                *catalog.part(READINESS).of("csoc"),
            ]
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


# --- a filled-in sheet as lines of text -----------------------------------------------------------


LEFT_ALONE = ("read me",)  # sheets that nobody fills in
UNPACKED = 600_000_000  # bytes of what is in an .xlsx
ENCODED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # an .xlsx spells _x0041_ like this
REFUSED = {
    "f": "is a formula; paste its value instead",
    "e": "is an error of the spreadsheet; mend it",
    "b": "is true or false; use words",
}


class Problem(NamedTuple):
    """One cell that keeps a file from being taken in: where it is and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        return (
            f"{self.sheet} row {self.row}, column {self.column}: {self.value!r:.80}: {self.remedy}"
        )


class Line(NamedTuple):
    """One row of a sheet: its kind, where it stands, and its cells as text by column."""

    kind: str
    sheet: str
    row: int
    cells: dict[str, str]


def read_csv(place: Path, kind: str, problems: list[Problem]) -> Iterator[Line]:
    """Yield the rows of a .csv, and note what is wrong with its columns."""
    rows, faults = read_table(place)
    if faults:
        raise ReadinessError("\n".join(map(str, faults)))
    names = list(rows[0].cells)
    if len(names) == 1 and (found := re.search(r"[;\t|]", names[0])):
        message = f"{place.name}: its columns are parted by {found[0]!r}; save it with commas"
        raise ReadinessError(message)
    kind = kind or max(COLUMNS, key=lambda one: len(set(map(_plain, names)) & set(COLUMNS[one])))
    columns = _columns(kind, place.name, names, problems)
    for row in rows:
        texts = [let_go(text) for text in row.cells.values()]
        cells = {columns[at]: text for at, text in enumerate(texts) if at in columns}
        problems += _nameless(place.name, row.line, enumerate(texts), names)
        if any(cells.values()):
            yield Line(kind, place.name, row.line, _tidied(cells))


def read_workbook(place: Path, _kind: str, problems: list[Problem]) -> Iterator[Line]:
    """Yield the rows of every known sheet of an .xlsx, and note what is wrong with its cells.

    A workbook may be damaged in more ways than its reader names: whatever it raises means the same.
    """
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        package = "openpyxl"
        raise missing_library(package, place) from error
    try:
        _check_size(place)
        book = load_workbook(place, read_only=True)
        try:
            yield from list(_sheets(book, place, problems))
        finally:
            book.close()
    except ReadinessError:
        raise
    except Exception as error:
        message = f"{place.name}: this is no .xlsx that can be read; save it anew as .xlsx"
        raise ReadinessError(message) from error


def _check_size(place: Path) -> None:
    from zipfile import ZipFile  # noqa: PLC0415 - only Office files need it

    with ZipFile(place) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED:
            message = f"{place.name}: unpacks to more than {UNPACKED // 10**6} MB; split it"
            raise ReadinessError(message)


def _sheets(book: Any, place: Path, problems: list[Problem]) -> Iterator[Line]:  # noqa: ANN401
    kinds = {title.casefold(): kind for kind, title in SHEETS.items()}
    titles = {sheet.title.strip().casefold(): sheet for sheet in book.worksheets}
    if not kinds.keys() & titles.keys():
        message = f"{place.name}: has none of the sheets {', '.join(SHEETS.values())}"
        raise ReadinessError(message)
    for title, sheet in titles.items():
        if title not in kinds and title not in LEFT_ALONE:
            remedy = f"no such sheet; name it one of {', '.join(SHEETS.values())}, or remove it"
            problems.append(Problem(sheet.title, 1, "-", sheet.title, remedy))
    for title, kind in kinds.items():  # items are taken in before what hangs on them
        if title in titles:
            yield from _sheet(kind, titles[title].title, titles[title], problems)


def _sheet(kind: str, title: str, sheet: Any, problems: list[Problem]) -> Iterator[Line]:  # noqa: ANN401
    sheet.reset_dimensions()  # which some programs write wrongly
    names: list[str] = []
    columns: dict[int, str] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        filled = [(at, cell) for at, cell in enumerate(row) if cell.value is not None]
        if not names and filled:
            names = ["" if cell.value is None else str(cell.value) for cell in row]
            columns = _columns(kind, title, names, problems)
            continue
        problems += _nameless(title, number, ((at, str(cell.value)) for at, cell in filled), names)
        cells = {}
        for at, cell in filled:
            if at in columns:
                text, remedy = _text(cell)
                cells[columns[at]] = text
                if remedy:
                    problems.append(Problem(title, number, columns[at], text, remedy))
        if any(cells.values()):
            blank = dict.fromkeys(columns.values(), "")
            yield Line(kind, title, number, _tidied(blank | cells))


def _nameless(
    sheet: str, row: int, cells: Iterable[tuple[int, str]], names: Sequence[str]
) -> Iterator[Problem]:
    """Yield what stands under no name: it would be lost."""
    remedy = "its column has no name; give it one"
    for at, text in cells:
        if text.strip() and (at >= len(names) or not names[at].strip()):
            yield Problem(sheet, row, f"number {at + 1}", text, remedy)


def _text(cell: Any) -> tuple[str, str]:  # noqa: ANN401 - openpyxl carries no types
    """Return a cell as text, and what is wrong with it, if anything."""
    value = cell.value
    if cell.data_type in REFUSED:
        return str(value), REFUSED[cell.data_type]
    if isinstance(value, datetime):
        whole = value.time() == time.min
        return value.date().isoformat() if whole else str(value), "" if whole else "has a time"
    if isinstance(value, date):
        return value.isoformat(), ""
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return ENCODED.sub("_", text), ""


def _tidied(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text.replace("\r\n", "\n").replace("\r", "\n").strip() for name, text in cells.items()
    }


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _columns(
    kind: str, sheet: str, names: Sequence[str], problems: list[Problem]
) -> dict[int, str]:
    """Return the columns that are known, by the place that they have in the file."""
    expected = ("item_id", "revision", *COLUMNS[kind])
    plain = [_plain(name) for name in names]
    for name, found in zip(names, plain, strict=True):
        if found and found not in expected and not found.startswith(INFO):
            remedy = f"no such column; remove it, or begin its name with {INFO}"
            problems.append(Problem(sheet, 1, name, name, remedy))
    wanted = [found for found in plain if found in expected]
    twice = "the column stands twice; keep one"
    problems += [Problem(sheet, 1, n, n, twice) for n in set(wanted) if wanted.count(n) > 1]
    return {at: found for at, found in enumerate(plain) if found in expected}


# --- taken in: what would change, and every problem -----------------------------------------------


LARGEST = 60_000_000  # bytes of a file
SHOWN = 20  # lines of each part in a plan's text
REVISION = re.compile(r"[1-9][0-9]{0,8}")


class Plan(NamedTuple):
    """What taking a file in would do; nothing is written before ``take_in``."""

    name: str
    edits: tuple[Edit, ...]
    before: tuple[Item | None, ...]
    same: int
    problems: tuple[Problem, ...]

    @property
    def added(self) -> tuple[Edit, ...]:
        """Return the items that are new."""
        pairs = zip(self.edits, self.before, strict=True)
        return tuple(edit for edit, before in pairs if before is None)

    @property
    def changed(self) -> tuple[tuple[Edit, Item], ...]:
        """Return the items that change, each with what stands there now."""
        pairs = zip(self.edits, self.before, strict=True)
        return tuple((edit, before) for edit, before in pairs if before is not None)

    def __str__(self) -> str:
        """Return the plan in words: every problem, then what would be added and changed."""
        counts = f"{len(self.added)} to add, {len(self.changed)} to change, {self.same} as they are"
        if self.problems:
            head = f"{self.name}: {len(self.problems)} to mend first; nothing would be written"
            return "\n".join([head, *map(str, self.problems)])
        changes = [_changed(edit, before) for edit, before in self.changed]
        new = [f"new: {edit.kind} {edit.item_id}" for edit in self.added]
        return "\n".join([f"{self.name}: {counts}", *_some(changes), *_some(new)])


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *more]


def _changed(edit: Edit, before: Item) -> str:
    said = _differences(before.values, edit.values or {}, ("now", "then"))
    return f"change: {edit.kind} {edit.item_id}: {said}"


def _differences(one: Values, other: Values, names: tuple[str, str]) -> str:
    """Return both versions of every cell that differs."""
    return "; ".join(
        f"{column}: {names[0]} {one[column]!r:.60}, {names[1]} {other[column]!r:.60}"
        for column in one
        if one[column] != other[column]
    )


def plan_import(programme: Programme, path: str | Path, kind: str = "") -> Plan:
    """Return what taking in a file would do: an .xlsx with sheets, or a .csv of one kind.

    Without a ``kind`` a .csv is of the kind that knows most of its columns.

    A row without an id, or with one that is not there yet, is added. A row that was exported
    before somebody changed the item is a problem that shows both versions. Rows that a file lacks
    stay as they are. Raises ``ReadinessError`` for a file that cannot be read at all.
    """
    place, suffix = _place(path), suffix_of(path, (".xlsx", ".csv"))
    if kind:
        programme.items(kind)
    problems: list[Problem] = []
    lines = list((read_workbook if suffix == ".xlsx" else read_csv)(place, kind, problems))
    programme.refresh()
    edits = [_planned(programme, line, problems) for line in _named(programme, lines)]
    new = [
        (edit, before) for edit, before in edits if before is None or edit.values != before.values
    ]
    problems += _flaws(programme, [edit for edit, _ in edits], lines)
    return Plan(
        place.name,
        tuple(edit for edit, _ in new),
        tuple(before for _, before in new),
        len(edits) - len(new),
        tuple(sorted(problems, key=lambda one: (one.sheet, one.row))),
    )


def _place(path: str | Path) -> Path:
    """Return the path of a file that is there and not too large."""
    with told(f"{Path(path).name!a:.80}"):
        place = Path(path).expanduser()
        there, size = place.is_file(), place.stat().st_size if place.is_file() else 0
    if not there:
        message = f"{place.name!a:.80}: there is no such file"
        raise ReadinessError(message)
    if size > LARGEST:
        message = f"{place.name}: is larger than {LARGEST // 10**6} MB; split it"
        raise ReadinessError(message)
    return place


def take_in(programme: Programme, plan: Plan, progress: Progress | None = None) -> None:
    """Write what a plan says, all of it or nothing; raises ``ReadinessError`` for its problems."""
    if plan.problems:
        raise ReadinessError(str(plan))
    programme.write(plan.edits, progress)


# --- from lines to edits --------------------------------------------------------------------------


def _named(programme: Programme, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines, those without an id under the next free one."""
    taken = {kind: set(programme.items(kind)) for kind in COLUMNS}
    for line in lines:
        taken[line.kind].add(line.cells.get("item_id", ""))
    numbers = dict.fromkeys(COLUMNS, 1)
    for line in lines:
        if line.kind == PROGRAMME and not line.cells.get("item_id"):
            line.cells["item_id"] = PROGRAMME
        if not line.cells.get("item_id"):
            letter = line.kind[0].upper()
            while (name := f"{letter}-{numbers[line.kind]:05d}") in taken[line.kind]:
                numbers[line.kind] += 1
            taken[line.kind].add(name)
            line.cells["item_id"] = name
        yield line


def _planned(programme: Programme, line: Line, problems: list[Problem]) -> tuple[Edit, Item | None]:
    """Return the edit that a line asks for and what stands there now, or note what is wrong."""
    item_id, asked = line.cells["item_id"], line.cells.get("revision", "")
    held = programme.items(line.kind).get(item_id)
    values = _merged(programme, line, held, problems)
    if remedy := _revision_remedy(asked, held, values):
        problems.append(_problem(line, "revision", remedy))
    return Edit(line.kind, item_id, held.revision if held else 0, values), held


def _revision_remedy(asked: str, held: Item | None, values: Values) -> str:
    """Return what is wrong with the revision of a row, or nothing."""
    if asked and not REVISION.fullmatch(asked):
        return "use a whole number, or leave it blank"
    if asked and held is None:
        return "no such item is there; blank its revision to add it"
    if not held or not asked or int(asked) == held.revision or values == held.values:
        return ""
    theirs = _differences(values, held.values, ("yours", "theirs"))
    return (
        f"somebody changed it since ({theirs}); it is at revision {held.revision}: "
        "write that number to keep yours, or remove the row to keep theirs"
    )


def _merged(
    programme: Programme, line: Line, held: Item | None, problems: list[Problem]
) -> dict[str, str]:
    """Return the cells of an item after a line; a column that the sheet lacks stays as it is.

    A line without a revision fills in what is blank, or at its first status, and overwrites
    nothing but what nobody has touched since the programme was made.
    """
    known = dict(held.values) if held else {}
    if held is None or line.cells.get("revision"):
        return tidy(line.kind, known | line.cells)
    untouched = held.revision == 1 and held.item_id in _seeded_ids(programme)
    first = {statuses[0].status_id for statuses in _statuses(programme)}
    for column in COLUMNS[line.kind]:
        mine, theirs = line.cells.get(column, ""), known[column]
        begun = column == "status_id" and theirs in first
        if mine in ("", theirs) or (column == "status_id" and mine in first):
            continue
        if theirs and not begun and not untouched:
            remedy = (
                f"{theirs!r:.80} stands there already; write {held.revision} into the column "
                "revision to change it, or blank this cell to keep it"
            )
            problems.append(_problem(line, column, remedy))
        known[column] = mine
    return tidy(line.kind, known)


def _seeded_ids(programme: Programme) -> frozenset[str]:
    trust = programme.catalog.part(TRUST)
    prompts = (prompt.prompt_id for some in trust.prompts.values() for prompt in some)
    return frozenset((*prompts, *trust.complementary))


def _statuses(programme: Programme) -> list[tuple[ItemStatus, ...]]:
    readiness = programme.catalog.part(READINESS)
    return [readiness.of(one.about) for one in readiness.statuses.values()]


def _flaws(programme: Programme, edits: Sequence[Edit], lines: Sequence[Line]) -> Iterator[Problem]:
    """Yield bad cells and ids that stand twice, each where it stands in the file."""
    places: dict[tuple[str, str], Line] = {}
    for line in lines:
        key = (line.kind, line.cells["item_id"])
        if key in places:
            remedy = f"stands in row {places[key].row} already; use another id"
            yield _problem(line, "item_id", remedy)
        places.setdefault(key, line)
    once = {(edit.kind, edit.item_id): edit for edit in reversed(edits)}
    for edit, flaw in programme.flaws(list(once.values())):
        line = places[edit.kind, edit.item_id]
        yield Problem(line.sheet, line.row, flaw.column, flaw.value, flaw.remedy)


def _problem(line: Line, column: str, remedy: str) -> Problem:
    return Problem(line.sheet, line.row, column, line.cells.get(column, ""), remedy)

"""A programme as sheets that people fill in, and the import of a sheet that was filled in.

There is one sheet per kind of item, the same in .xlsx and .csv. Columns that begin with ``info:``
explain a row; the import ignores them.
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
    ProgrammeItem,
    Values,
    choices,
    tidy,
    tidy_text,
)
from soclib.readiness.programme import Programme
from soclib.readiness.store import Progress, ReadinessError, plain_errors
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
# What explains a row, by the column that it comes after.
EXPLAINED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    CONTROL: {
        "basis_id": ("asks for",),
        "prompt_id": ("prompt", "typical evidence"),
        "owner": ("usual owner",),
    },
    COMPLEMENTARY: {"control": ("why",), "owner": ("usual owner",)},
}
CHOSEN = ("status_id", "cadence_id", "method", "report_type", "assertion", "kind", "side")
QUOTED = re.compile(rf"'+(?={FORMULA.pattern})")


def header(kind: str) -> list[str]:
    """Return the columns of a sheet: id, revision, then the cells and what explains them."""
    explained = EXPLAINED.get(kind, {})
    cells = [
        name
        for column in COLUMNS[kind]
        for name in (column, *(f"{INFO} {text}" for text in explained.get(column, ())))
    ]
    return ["item_id", "revision", *cells]


def sheet(kind: str, items: Iterable[ProgrammeItem], catalog: Catalog) -> Table:
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


def _explained(item: ProgrammeItem, catalog: Catalog) -> dict[str, str]:
    """Return what explains a row, by column."""
    trust, cells = catalog.part(TRUST), item.values
    if item.kind == CONTROL:
        prompts = {p.prompt_id: p for p in trust.prompts.get(cells["basis_id"], ())}
        texts = {"asks for": trust.bases.get(cells["basis_id"], "")}
        if prompt := prompts.get(cells["prompt_id"]):
            texts |= {"prompt": prompt.prompt, "usual owner": prompt.owner}
            texts["typical evidence"] = "; ".join(prompt.typical_evidence)
        return {f"{INFO} {name}": text for name, text in texts.items()}
    if row := trust.complementary.get(item.item_id):
        return {f"{INFO} why": row.why, f"{INFO} usual owner": row.owner}
    return {}


def save_workbook(
    items: Mapping[str, Mapping[str, ProgrammeItem]], path: str | Path, catalog: Catalog
) -> Path:
    """Write every kind of item as a sheet of one .xlsx; raises ``SaveError``."""
    side = next((item.values["side"] for item in items[PROGRAMME].values()), "")
    words = words_of(catalog, side or VOICES[0])
    tables = {words["readiness_sheet_read_me"]: _read_me(side, words, catalog)}
    tables |= {SHEETS[kind]: sheet(kind, items[kind].values(), catalog) for kind in COLUMNS}
    return export_sheets(tables, path, _offered(side, catalog))


def _read_me(side: str, words: Words, catalog: Catalog) -> Table:
    """Return what people need to know to fill in the sheets: rules, columns and their values."""
    rules = sorted(name for name in words if re.fullmatch(r"readiness_read_me_[0-9]+", name))
    rows: list[list[Cell]] = [["", words[name]] for name in rules]
    for kind, title in SHEETS.items():
        for column in COLUMNS[kind]:
            meaning = words[f"readiness_column_{column}"]
            values = _values(kind, column, side, catalog)
            explained = f"{meaning}: {'; '.join(values)}" if values else meaning
            rows.append([f"{title}: {column}", explained])
    heads = [words["readiness_read_me_column"], words["readiness_read_me_meaning"]]
    return Table(heads, rows, [row[0] for row in rows])


def _values(kind: str, column: str, side: str, catalog: Catalog) -> list[str]:
    """Return the values that a column may hold, with their meanings where those are known."""
    offered = _offered(side, catalog)[SHEETS[kind]].get(column, ())
    statuses, cadences = catalog.part(READINESS).statuses, catalog.part(PERIODS).cadences
    meanings = {key: status.meaning for key, status in statuses.items()}
    meanings |= {key: cadence.label for key, cadence in cadences.items()}
    return [f"{value} ({meanings[value]})" if value in meanings else value for value in offered]


def _offered(side: str, catalog: Catalog) -> dict[str, dict[str, Sequence[str]]]:
    """Return the choices that a spreadsheet offers, by sheet and column."""
    offered: dict[str, dict[str, Sequence[str]]] = {}
    for kind, title in SHEETS.items():
        closed = choices(kind, {"kind": ""}, catalog)
        if kind == COMPLEMENTARY:
            statuses = [
                *catalog.part(READINESS).of(f"cuec_{side}"),
                *catalog.part(READINESS).of("csoc"),
            ]
            closed["status_id"] = tuple(status.status_id for status in statuses)
        offered[title] = {
            column: [option for option in options if option]
            for column, options in closed.items()
            if column in CHOSEN
        }
    return offered


def save_csv(kind: str, items: Iterable[ProgrammeItem], path: str | Path, catalog: Catalog) -> Path:
    """Write the items of one kind as a .csv; raises ``SaveError``.

    A text that a spreadsheet would run as a formula gets an apostrophe in front, and so does one
    that already begins with an apostrophe before a formula, so that both are read back unchanged.
    """
    table = sheet(kind, items, catalog)
    rows = [[_with_apostrophe(cell) for cell in row] for row in table.rows]
    return export_csv(table._replace(rows=rows), path)


def _with_apostrophe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and QUOTED.match(cell) else cell


def without_apostrophe(text: str) -> str:
    """Return a text of a .csv without the apostrophe that was put before a formula."""
    return text[1:] if QUOTED.match(text) else text


# --- a filled-in sheet as lines of text -----------------------------------------------------------


NOT_READ = ("read me",)  # sheets that nobody fills in
UNPACKED = 600_000_000  # bytes that an .xlsx may unpack to
ENCODED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # an .xlsx spells _x0041_ like this
REFUSED_CELLS = {
    "f": "is a formula; paste its value instead",
    "e": "is an error of the spreadsheet; fix it",
    "b": "is true or false; use words",
}


class Problem(NamedTuple):
    """One cell that keeps a file from being imported: where it is and what to do."""

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


class SheetLine(NamedTuple):
    """One row of a sheet: its kind, its place, and its cells as text by column."""

    kind: str
    sheet: str
    row: int
    cells: dict[str, str]


def read_csv(place: Path, kind: str, problems: list[Problem]) -> Iterator[SheetLine]:
    """Yield the rows of a .csv, and note what is wrong with its columns."""
    rows, faults = read_table(place)
    if faults:
        raise ReadinessError("\n".join(map(str, faults)))
    names = list(rows[0].cells)
    if len(names) == 1 and (sign := re.search(r"[;\t|]", names[0])):
        message = f"{place.name}: its columns are separated by {sign[0]!r}; save it with commas"
        raise ReadinessError(message)
    given = set(map(_plain, names))
    kind = kind or max(COLUMNS, key=lambda known: len(given & set(COLUMNS[known])))
    columns = _columns(kind, place.name, names, problems)
    for row in rows:
        texts = [without_apostrophe(text) for text in row.cells.values()]
        cells = {columns[at]: text for at, text in enumerate(texts) if at in columns}
        problems += _nameless(place.name, row.line, enumerate(texts), names)
        if any(cells.values()):
            yield SheetLine(
                kind, place.name, row.line, {name: tidy_text(text) for name, text in cells.items()}
            )


def read_workbook(place: Path, _kind: str, problems: list[Problem]) -> Iterator[SheetLine]:
    """Yield the rows of every known sheet of an .xlsx, and note what is wrong with its cells.

    A workbook can be damaged in many ways; any error of the library that reads it means the same.
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


def _sheets(book: Any, place: Path, problems: list[Problem]) -> Iterator[SheetLine]:  # noqa: ANN401
    kinds = {title.casefold(): kind for kind, title in SHEETS.items()}
    titles = {sheet.title.strip().casefold(): sheet for sheet in book.worksheets}
    if not kinds.keys() & titles.keys():
        message = f"{place.name}: has none of the sheets {', '.join(SHEETS.values())}"
        raise ReadinessError(message)
    for title, sheet in titles.items():
        if title not in kinds and title not in NOT_READ:
            remedy = f"no such sheet; name it one of {', '.join(SHEETS.values())}, or remove it"
            problems.append(Problem(sheet.title, 1, "-", sheet.title, remedy))
    for title, kind in kinds.items():  # items come before those that name them
        if title in titles:
            yield from _sheet(kind, titles[title].title, titles[title], problems)


def _sheet(kind: str, title: str, sheet: Any, problems: list[Problem]) -> Iterator[SheetLine]:  # noqa: ANN401
    sheet.reset_dimensions()  # some programs write them wrongly
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
            cells = dict.fromkeys(columns.values(), "") | cells
            tidied = {name: tidy_text(text) for name, text in cells.items()}
            yield SheetLine(kind, title, number, tidied)


def _nameless(
    sheet: str, row: int, cells: Iterable[tuple[int, str]], names: Sequence[str]
) -> Iterator[Problem]:
    """Yield the cells of columns without a name, which would be lost."""
    remedy = "its column has no name; give it one"
    for at, text in cells:
        if text.strip() and (at >= len(names) or not names[at].strip()):
            yield Problem(sheet, row, f"number {at + 1}", text, remedy)


def _text(cell: Any) -> tuple[str, str]:  # noqa: ANN401 - openpyxl carries no types
    """Return a cell as text, and what is wrong with it, if anything."""
    value = cell.value
    if cell.data_type in REFUSED_CELLS:
        return str(value), REFUSED_CELLS[cell.data_type]
    if isinstance(value, datetime):
        whole = value.time() == time.min
        return value.date().isoformat() if whole else str(value), "" if whole else "has a time"
    if isinstance(value, date):
        return value.isoformat(), ""
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return ENCODED.sub("_", text), ""


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _columns(
    kind: str, sheet: str, names: Sequence[str], problems: list[Problem]
) -> dict[int, str]:
    """Return the known columns by their position in the file."""
    expected = ("item_id", "revision", *COLUMNS[kind])
    plain = [_plain(name) for name in names]
    for name, column in zip(names, plain, strict=True):
        if column and column not in expected and not column.startswith(INFO):
            remedy = f"no such column; remove it, or begin its name with {INFO}"
            problems.append(Problem(sheet, 1, name, name, remedy))
    wanted = [column for column in plain if column in expected]
    twice = "the column occurs twice; keep one"
    problems += [Problem(sheet, 1, n, n, twice) for n in set(wanted) if wanted.count(n) > 1]
    return {at: column for at, column in enumerate(plain) if column in expected}


# --- the import: what would change, and every problem ---------------------------------------------


LARGEST = 60_000_000  # bytes of a file
MOST_LISTED = 20  # changes, and new items, in a plan's text
REVISION = re.compile(r"[1-9][0-9]{0,8}")


class ImportPlan(NamedTuple):
    """What the import of a file would do; nothing is written before ``take_in``.

    ``before`` holds, for each edit, the item as it is now, or None; ``same`` counts the rows that
    change nothing.
    """

    name: str
    edits: tuple[Edit, ...]
    before: tuple[ProgrammeItem | None, ...]
    same: int
    problems: tuple[Problem, ...]

    @property
    def added(self) -> tuple[Edit, ...]:
        """Return the items that are new."""
        pairs = zip(self.edits, self.before, strict=True)
        return tuple(edit for edit, before in pairs if before is None)

    @property
    def changed(self) -> tuple[tuple[Edit, ProgrammeItem], ...]:
        """Return the items that change, each with the item as it is now."""
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
    more = [f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else []
    return [*lines[:MOST_LISTED], *more]


def _changed(edit: Edit, before: ProgrammeItem) -> str:
    differences = _differences(before.values, edit.values or {}, ("now", "then"))
    return f"change: {edit.kind} {edit.item_id}: {differences}"


def _differences(left: Values, right: Values, names: tuple[str, str]) -> str:
    """Return both versions of every cell that differs, each under its name."""
    return "; ".join(
        f"{column}: {names[0]} {left[column]!r:.60}, {names[1]} {right[column]!r:.60}"
        for column in left
        if left[column] != right[column]
    )


def plan_import(programme: Programme, path: str | Path, kind: str = "") -> ImportPlan:
    """Return what the import of a file would do: an .xlsx with sheets, or a .csv of one kind.

    Without a ``kind`` a .csv is of the kind that has most of its columns.

    A row without an id, or with a new one, is added. A row that was exported before somebody
    changed the item is a problem that shows both versions. Items that are not in the file stay as
    they are. Raises ``ReadinessError`` for a file that cannot be read at all.
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
    return ImportPlan(
        place.name,
        tuple(edit for edit, _ in new),
        tuple(before for _, before in new),
        len(edits) - len(new),
        tuple(sorted(problems, key=lambda problem: (problem.sheet, problem.row))),
    )


def _place(path: str | Path) -> Path:
    """Return the path of a file that exists and is not too large."""
    with plain_errors(f"{Path(path).name!a:.80}"):
        place = Path(path).expanduser()
        size = place.stat().st_size if place.is_file() else None
    if size is None:
        message = f"{place.name!a:.80}: there is no such file"
        raise ReadinessError(message)
    if size > LARGEST:
        message = f"{place.name}: is larger than {LARGEST // 10**6} MB; split it"
        raise ReadinessError(message)
    return place


def take_in(programme: Programme, plan: ImportPlan, progress: Progress | None = None) -> None:
    """Write all that a plan says, or nothing; raises ``ReadinessError`` if it has problems."""
    if plan.problems:
        raise ReadinessError(str(plan))
    programme.write(plan.edits, progress)


# --- from lines to edits --------------------------------------------------------------------------


def _named(programme: Programme, lines: Sequence[SheetLine]) -> Iterator[SheetLine]:
    """Yield the lines; those without an id get the next free number."""
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


def _planned(
    programme: Programme, line: SheetLine, problems: list[Problem]
) -> tuple[Edit, ProgrammeItem | None]:
    """Return the edit that a line asks for and the item as it is now; note what is wrong."""
    item_id, revision = line.cells["item_id"], line.cells.get("revision", "")
    held = programme.items(line.kind).get(item_id)
    values = _merged(programme, line, held, problems)
    if remedy := _revision_remedy(revision, held, values):
        problems.append(_problem(line, "revision", remedy))
    return Edit(line.kind, item_id, held.revision if held else 0, values), held


def _revision_remedy(revision: str, held: ProgrammeItem | None, values: Values) -> str:
    """Return what is wrong with the revision of a row, or nothing."""
    if revision and not REVISION.fullmatch(revision):
        return "use a whole number, or leave it blank"
    if revision and held is None:
        return "there is no such item; leave its revision blank to add it"
    if not held or not revision or int(revision) == held.revision or values == held.values:
        return ""
    theirs = _differences(values, held.values, ("yours", "theirs"))
    return (
        f"somebody changed it since ({theirs}); it is at revision {held.revision}: "
        "write that number to keep yours, or remove the row to keep theirs"
    )


def _merged(
    programme: Programme, line: SheetLine, held: ProgrammeItem | None, problems: list[Problem]
) -> dict[str, str]:
    """Return the cells of an item after a line; a column that the sheet lacks stays as it is.

    A line without a revision only fills in cells that are blank or hold a first status, unless
    nobody has changed the item since the programme was made.
    """
    known = dict(held.values) if held else {}
    if held is None or line.cells.get("revision"):
        return tidy(line.kind, known | line.cells)
    untouched = held.revision == 1 and held.item_id in _seeded_ids(programme)
    first = {statuses[0].status_id for statuses in _statuses(programme)}
    for column in COLUMNS[line.kind]:
        new, old = line.cells.get(column, ""), known[column]
        not_begun = column == "status_id" and old in first
        if new in ("", old) or (column == "status_id" and new in first):
            continue
        if old and not not_begun and not untouched:
            remedy = (
                f"it holds {old!r:.80} already; write {held.revision} into the column "
                "revision to change it, or leave this cell blank to keep it"
            )
            problems.append(_problem(line, column, remedy))
        known[column] = new
    return tidy(line.kind, known)


def _seeded_ids(programme: Programme) -> frozenset[str]:
    trust = programme.catalog.part(TRUST)
    prompts = (prompt.prompt_id for some in trust.prompts.values() for prompt in some)
    return frozenset((*prompts, *trust.complementary))


def _statuses(programme: Programme) -> list[tuple[ItemStatus, ...]]:
    readiness = programme.catalog.part(READINESS)
    return [readiness.of(status.about) for status in readiness.statuses.values()]


def _flaws(
    programme: Programme, edits: Sequence[Edit], lines: Sequence[SheetLine]
) -> Iterator[Problem]:
    """Yield bad cells and ids that occur twice, each with its place in the file."""
    places: dict[tuple[str, str], SheetLine] = {}
    for line in lines:
        key = (line.kind, line.cells["item_id"])
        if key in places:
            remedy = f"is already in row {places[key].row}; use another id"
            yield _problem(line, "item_id", remedy)
        places.setdefault(key, line)
    first = {(edit.kind, edit.item_id): edit for edit in reversed(edits)}
    for edit, flaw in programme.flaws(list(first.values())):
        line = places[edit.kind, edit.item_id]
        yield Problem(line.sheet, line.row, flaw.column, flaw.value, flaw.remedy)


def _problem(line: SheetLine, column: str, remedy: str) -> Problem:
    return Problem(line.sheet, line.row, column, line.cells.get(column, ""), remedy)

"""A filled-in sheet taken in: what it would add and change, and every problem, before a write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from soclib.readiness_file import ReadinessError, told
from soclib.readiness_kinds import COLUMNS, PROGRAMME, Edit, Item, Values, tidy
from soclib.readiness_programme import Programme
from soclib.readiness_reading import Line, Problem, read_csv, read_workbook
from soclib.readiness_records import ItemStatus
from soclib.readiness_store import Progress
from soclib.saving import suffix_of

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
    trust = programme.catalog.trust
    prompts = (prompt.prompt_id for some in trust.prompts.values() for prompt in some)
    return frozenset((*prompts, *trust.complementary))


def _statuses(programme: Programme) -> list[tuple[ItemStatus, ...]]:
    readiness = programme.catalog.readiness
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

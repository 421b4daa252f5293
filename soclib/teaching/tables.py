"""Lessons: whom each is for, and the tagged steps that it is assembled from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import DRAFT, Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table

SHOW, DO = "show", "do"
KINDS = (SHOW, "ask", DO, "discuss", "check")
# The tables that a step can show rows of, and the values of `answer_from` that fit each; "" only
# shows the row. `material` says how each is shown and answered.
ANSWER_FROM: Mapping[str, tuple[str, ...]] = {
    "stories": ("", "combination"),
    "comparison": ("", "cells"),
    "examples": ("", "verdict", "why", "change", "next"),
    "worked_periods": ("", "reading"),
    "type_misconceptions": ("correction",),
    "readers": ("permission",),
    "report_checks": ("where",),
    "companies": ("statement",),
    "role_cases": ("split",),
}
KEYS = {"readers": ("report_id", "reader_id")}  # the key of any other table is its first column
WITH_DRAFTS = ("comparison",)  # a draft in another table is reported there


@table("lessons")
class Lesson:
    """A lesson of so many minutes; it takes every step that has one of its tags."""

    lesson_id: str = column.ident("name of the lesson")
    title: str = column.text("what it is called")
    minutes: int = column.whole("how long it takes; its steps have to add up to that", 1, 9999)
    audience: str = column.text("for whom it is")
    goal: str = column.text("what they can do afterwards")
    prepare: str = column.text("what to have ready")
    tags: tuple[str, ...] = column.texts(
        "it takes every step of `lesson_steps.csv` that has one of them"
    )
    provenance: Provenance = column.origin()


@table("lesson_steps")
class LessonStep:
    """One step: material on the screen, a question, and where its answer comes from.

    Tables to teach from, and what can be asked of a row: `stories` (`combination`: report and
    type), `comparison` (`cells`), `examples` (`verdict`, `why`, `change`, `next`), `worked_periods`
    (`reading`), `type_misconceptions` (`correction`), `readers` (`permission`), `report_checks`
    (`where`), `companies` (`statement`), `role_cases` (`split`: who sees what). Rows of the first
    four can also be shown without a question. Another table is one line in
    `soclib/teaching/tables.py` and one in `soclib/teaching/material.py`.
    """

    step_id: str = column.ident("name of the step")
    place: int = column.whole(
        "the order in which every lesson takes its steps; no two share a place", 1, 9999
    )
    tags: tuple[str, ...] = column.texts("what it belongs to: tags of `lessons.csv`")
    minutes: int = column.whole("how long it takes", 1, 9999)
    kind: str = column.one_of("what happens; `do` is something to do in the panel", *KINDS)
    material: tuple[str, ...] = column.texts(
        "rows that are shown, as `table/id`; blank where `show` says it all", blank=True
    )
    answer_from: str = column.one_of(
        "what is asked of these rows, so that the answer is worked out; blank where nothing is, or"
        " where `answer` says it",
        *sorted({asked for options in ANSWER_FROM.values() for asked in options}),
    )
    title: str = column.text("the heading that a class sees; it must not give the answer away")
    say: str = column.text("hint for the presenter; students never see it")
    ask: str = column.text("question to the class; blank for `show`", blank=True)
    answer: str = column.text(
        "an answer that follows from no row, with its source; blank where `answer_from` is given",
        blank=True,
    )
    show: str = column.text("text on the screen before the material", blank=True)
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class LessonTables:
    """All lessons by id, and all steps in the order in which a lesson takes them."""

    lessons: Mapping[str, Lesson]
    steps: tuple[LessonStep, ...]

    def steps_of(self, lesson: Lesson) -> tuple[LessonStep, ...]:
        """Return the steps that a lesson is assembled from, in their order."""
        return tuple(step for step in self.steps if set(step.tags) & set(lesson.tags))


def _teaching(records: Records) -> LessonTables:
    steps = sorted(records.all(LessonStep), key=lambda step: step.place)
    return LessonTables(records.by_id(Lesson), tuple(steps))


def check_lessons(tables: Tables) -> Iterator[Fault]:
    """Yield places given twice, tags and minutes that do not fit, and answers to no question."""
    yield from _check_places(tables["lesson_steps"])
    yield from _check_tags(tables)
    yield from _check_minutes(tables)
    ids = {name: _ids(name, tables) for name in ANSWER_FROM}
    for row in tables["lesson_steps"]:
        yield from _check_material(row, ids)
        yield from _check_answer(row)


def _ids(name: str, tables: Tables) -> set[str]:
    """Return the ids of the rows in force of a table of another room, whatever is wrong there."""
    rows = [row.cells for row in tables[name]]
    key = KEYS.get(name) or (next(iter(rows[0])),)
    return {
        "/".join(cells.get(part, "") for part in key)
        for cells in rows
        if name not in WITH_DRAFTS or cells.get("evidence") != DRAFT
    }


def _check_places(rows: list[Row]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        place = row.cells["place"]
        if place in seen:
            yield row.fault("place", f"is on line {seen[place]} already; use another number")
        seen[place] = row.line


def _check_tags(tables: Tables) -> Iterator[Fault]:
    """Yield tags of lessons that no step has, and the other way round."""
    both = ("lessons", "lesson_steps")
    used = {
        name: {tag for row in tables[name] for tag in listed(row.cells["tags"])} for name in both
    }
    for name, other in (both, both[::-1]):
        for row in tables[name]:
            for tag in listed(row.cells["tags"]):
                if tag not in used[other]:
                    known = ", ".join(sorted(used[other]))
                    yield row.fault("tags", f"{tag!r} is nowhere in {other}.csv; use {known}")


def _check_minutes(tables: Tables) -> Iterator[Fault]:
    """Yield lessons whose steps take longer or shorter than the lesson."""
    for row in tables["lessons"]:
        tags = set(listed(row.cells["tags"]))
        total = sum(
            int(step.cells["minutes"])
            for step in tables["lesson_steps"]
            if tags & set(listed(step.cells["tags"])) and step.cells["minutes"].isdecimal()
        )
        if str(total) != row.cells["minutes"]:
            remedy = f"its steps take {total} minutes; change a step, the tags or this number"
            yield row.fault("minutes", remedy)


def _check_material(row: Row, ids: dict[str, set[str]]) -> Iterator[Fault]:
    """Yield material that is not there, or cannot answer what the step asks."""
    answer_from = row.cells["answer_from"]
    for reference in listed(row.cells["material"]):
        name, _slash, key = reference.partition("/")
        if name not in ANSWER_FROM:
            remedy = f"{name!r} is no table to teach from; use {', '.join(ANSWER_FROM)}"
            yield row.fault("material", remedy)
        elif key not in ids[name]:
            yield row.fault("material", f"{name}.csv has no row {key!r}; use one that is there")
        elif answer_from not in ANSWER_FROM[name]:
            known = ", ".join(answer or "(blank)" for answer in ANSWER_FROM[name])
            yield row.fault("answer_from", f"{name}.csv answers only: {known}")


def _check_answer(row: Row) -> Iterator[Fault]:
    """Yield questions without an answer or with two, and answers to no question."""
    cells = row.cells
    asks = bool(cells["ask"].strip())
    written, worked_out = bool(cells["answer"].strip()), bool(cells["answer_from"])
    if asks == (cells["kind"] == SHOW):
        yield row.fault("ask", f"kind {cells['kind']}: {'leave it blank' if asks else 'ask'}")
    if written and worked_out:
        yield row.fault("answer", "the material answers this; leave it blank")
    if asks and not (written or worked_out):
        yield row.fault("answer", "say what is right, or name it in answer_from")
    if not asks and (written or worked_out):
        yield row.fault("answer" if written else "answer_from", "nothing is asked; leave it blank")
    if worked_out and not listed(cells["material"]):
        yield row.fault("material", "name the rows that answer")
    if not (listed(cells["material"]) or cells["show"].strip() or asks):
        yield row.fault("show", "the step shows nothing; say what, or name material")


TEACHING = Part((Lesson, LessonStep), _teaching, (check_lessons,))

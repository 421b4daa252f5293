"""Frozen records for lessons: whom each is for, and the tagged steps that it is assembled from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import DRAFT, PROVENANCE, WITH_DRAFTS, Provenance, Row, Tables, listed

SHOW, DO = "show", "do"
KINDS = (SHOW, "ask", DO, "discuss", "check")
# Which tables a step can draw on, and what it can ask of a row there; "" only shows the row.
# `lesson_material` holds how each is shown and answered.
FORMS: Mapping[str, tuple[str, ...]] = {
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


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A lesson of so many minutes; it takes every step that carries one of its tags."""

    lesson_id: str
    title: str
    minutes: int
    audience: str
    goal: str
    prepare: str
    tags: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class LessonStep:
    """One step: material on the screen, a question, and where its answer comes from.

    ``material`` names rows as table/id. ``answer_from`` is what to ask of them, so that the answer
    is worked out; where it is blank, ``answer`` holds one written by hand, or there is no question.
    ``say`` is for the presenter alone.
    """

    step_id: str
    place: int
    tags: tuple[str, ...]
    minutes: int
    kind: str
    material: tuple[str, ...]
    answer_from: str
    title: str
    say: str
    ask: str
    answer: str
    show: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class LessonTables:
    """All lessons by id, and all steps in the order in which a lesson takes them."""

    lessons: Mapping[str, Lesson]
    steps: tuple[LessonStep, ...]

    def steps_of(self, lesson: Lesson) -> tuple[LessonStep, ...]:
        """Return the steps that a lesson is assembled from, in their order."""
        return tuple(step for step in self.steps if set(step.tags) & set(lesson.tags))


def build_lessons(tables: Tables) -> LessonTables:
    """Return the tables on lessons as records."""
    lessons = [
        Lesson(**{**_cells(row, "tags"), "minutes": int(row.cells["minutes"])})
        for row in tables["lessons"]
    ]
    steps = [_step(row) for row in tables["lesson_steps"]]
    return LessonTables(
        lessons={lesson.lesson_id: lesson for lesson in lessons},
        steps=tuple(sorted(steps, key=lambda step: step.place)),
    )


def _step(row: Row) -> LessonStep:
    numbers = {name: int(row.cells[name]) for name in ("place", "minutes")}
    return LessonStep(**{**_cells(row, "tags", "material"), **numbers})


def _cells(row: Row, *lists: str) -> dict[str, Any]:
    own: dict[str, Any] = {
        column: listed(text) if column in lists else text
        for column, text in row.cells.items()
        if column not in PROVENANCE
    }
    return {**own, "provenance": row.provenance()}


# --- checks ---------------------------------------------------------------------------------------


WHOLE = re.compile(r"[1-9][0-9]{0,3}")


def lesson_choices() -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield table, column and the values allowed in it."""
    forms = {form for known in FORMS.values() for form in known}
    yield "lesson_steps", "kind", KINDS
    yield "lesson_steps", "answer_from", sorted(forms)


def check_lessons(tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with the tables on lessons beyond single choices."""
    yield from _check_numbers(tables)
    yield from _check_tags(tables)
    yield from _check_minutes(tables)
    rows_of = {name: _ids(tables[name]) for name in FORMS}
    for row in tables["lesson_steps"]:
        yield from _check_material(row, rows_of)
        yield from _check_answer(row)


def _ids(rows: Iterable[Row]) -> set[str]:
    """Return the ids of rows in force; a draft elsewhere than in these tables is a fault anyway."""
    return {
        "/".join(row.key())
        for row in rows
        if row.cells["evidence"] != DRAFT or row.file.removesuffix(".csv") not in WITH_DRAFTS
    }


def _check_numbers(tables: Tables) -> Iterator[Fault]:
    for name, column in (
        ("lessons", "minutes"),
        ("lesson_steps", "minutes"),
        ("lesson_steps", "place"),
    ):
        for row in tables[name]:
            if not WHOLE.fullmatch(row.cells[column]):
                yield row.fault(column, "use a whole number from 1 to 9999")
    seen: dict[str, int] = {}
    for row in tables["lesson_steps"]:
        place = row.cells["place"]
        if place in seen:
            yield row.fault("place", f"stands on line {seen[place]} already; use another number")
        seen[place] = row.line


def _check_tags(tables: Tables) -> Iterator[Fault]:
    """Yield tags of lessons that no step carries, and the other way round."""
    both = ("lessons", "lesson_steps")
    used = {
        name: {tag for row in tables[name] for tag in listed(row.cells["tags"])} for name in both
    }
    for name, other in (both, both[::-1]):
        for row in tables[name]:
            for tag in listed(row.cells["tags"]):
                if tag not in used[other]:
                    known = ", ".join(sorted(used[other]))
                    yield row.fault("tags", f"{tag!r} stands nowhere in {other}.csv; use {known}")


def _check_minutes(tables: Tables) -> Iterator[Fault]:
    """Yield lessons whose steps take longer or shorter than the lesson."""
    steps = [row for row in tables["lesson_steps"] if WHOLE.fullmatch(row.cells["minutes"])]
    for row in tables["lessons"]:
        tags = set(listed(row.cells["tags"]))
        mine = [step for step in steps if tags & set(listed(step.cells["tags"]))]
        total = sum(int(step.cells["minutes"]) for step in mine)
        if str(total) != row.cells["minutes"]:
            remedy = f"its steps take {total} minutes; change a step, the tags or this number"
            yield row.fault("minutes", remedy)


def _check_material(row: Row, rows_of: dict[str, set[str]]) -> Iterator[Fault]:
    """Yield material that is not there, or of which nobody can ask what the step asks."""
    form = row.cells["answer_from"]
    for reference in listed(row.cells["material"]):
        table, _, key = reference.partition("/")
        if table not in FORMS:
            known = ", ".join(FORMS)
            yield row.fault("material", f"{table!r} is no table to teach from; use {known}")
        elif key not in rows_of[table]:
            yield row.fault("material", f"{table}.csv has no row {key!r}; use one that is there")
        elif form not in FORMS[table]:
            known = ", ".join(one or "(blank)" for one in FORMS[table])
            yield row.fault("answer_from", f"{table}.csv answers only: {known}")


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

"""Frozen records for lessons: whom each is for, and the tagged steps that it is assembled from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soclib.model import Provenance
from soclib.rows import PROVENANCE, Row, Tables, listed

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

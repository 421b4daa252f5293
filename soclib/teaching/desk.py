"""Lessons as tables, as plans and as previews of what a class and its trainer get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.paper.blocks import Block
from soclib.paper.frames import flat
from soclib.paper.sheets import Sheet
from soclib.teaching.editions import (
    INSTRUCTOR,
    edition_blocks,
    edition_of,
    edition_sheet,
    plan_sheet,
)
from soclib.teaching.tables import TEACHING

if TYPE_CHECKING:
    import pandas as pd


def lessons(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the lessons, indexed by ``lesson_id``: title, minutes, audience, goal and so on."""
    found = flat((catalog or load_catalog()).part(TEACHING).lessons.values(), "lesson_id")
    return found.assign(tags=found["tags"].map(";".join))


def steps(tag: str | None = None, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the tagged material that lessons are assembled from, indexed by ``step_id``.

    With ``tag`` only the steps that carry it.
    """
    found = flat((catalog or load_catalog()).part(TEACHING).steps, "step_id")
    kept = found[[tag is None or tag in tags for tags in found["tags"]]]
    return kept.assign(tags=kept["tags"].map(";".join), material=kept["material"].map(";".join))


def lesson(lesson_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return the plan of a lesson: minutes from and to, questions, hints and folded answers.

    Raises ``AnswerError`` that names the nearest id.
    """
    return plan_sheet(edition_of(catalog or load_catalog(), lesson_id, INSTRUCTOR))


def edition(lesson_id: str, name: str, catalog: Catalog | None = None) -> tuple[Block, ...]:
    """Return a lesson as blocks: ``name`` is student (no answers, no hints) or instructor.

    Raises ``AnswerError`` that names the nearest id or edition.
    """
    return edition_blocks(edition_of(catalog or load_catalog(), lesson_id, name))


def preview(lesson_id: str, name: str, catalog: Catalog | None = None) -> Sheet:
    """Return a lesson as it reads on paper; raises as ``edition`` does."""
    return edition_sheet(edition_of(catalog or load_catalog(), lesson_id, name))

"""A trainer's desk: lesson plans, and both editions of each as hand-out, slides and notebook.

    from soclib import teaching
    teaching.lesson("first_talk")                      # the plan, with a running clock
    teaching.write_editions("exports", "first_talk")   # everything to print and to show

pandas loads on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.blocks import Block
from soclib.frames import flat
from soclib.lesson_editions import INSTRUCTOR, STUDENT, edition_blocks, edition_of
from soclib.lesson_plan import edition_sheet, plan_sheet
from soclib.model import Catalog
from soclib.sheets import Sheet
from soclib.tables import load_catalog

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from soclib.lesson_files import Written

__all__ = [
    "INSTRUCTOR",
    "STUDENT",
    "edition",
    "lesson",
    "lessons",
    "preview",
    "steps",
    "write_editions",
]


def lessons(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the lessons, indexed by ``lesson_id``: title, minutes, audience, goal and so on."""
    found = flat((catalog or load_catalog()).teaching.lessons.values(), "lesson_id")
    return found.assign(tags=found["tags"].map(";".join))


def steps(tag: str | None = None, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the tagged material that lessons are assembled from, indexed by ``step_id``.

    With ``tag`` only the steps that carry it.
    """
    found = flat((catalog or load_catalog()).teaching.steps, "step_id")
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


def write_editions(
    folder: str | Path,
    lesson_id: str | None = None,
    form: str = "all",
    *,
    catalog: Catalog | None = None,
) -> Written:
    """Write slides, hand-out and notebook of both editions; see ``lesson_files.write_editions``."""
    from soclib import lesson_files  # noqa: PLC0415 - ipywidgets costs 170 ms to import

    return lesson_files.write_editions(folder, lesson_id, form, catalog=catalog)

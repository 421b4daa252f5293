"""Lessons and their steps as DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.paper.frames import flat
from soclib.teaching.tables import TEACHING

if TYPE_CHECKING:
    import pandas as pd


def lessons(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the lessons, indexed by ``lesson_id``: title, minutes, audience, goal and so on."""
    frame = flat((catalog or load_catalog()).part(TEACHING).lessons.values(), "lesson_id")
    return frame.assign(tags=frame["tags"].map(";".join))


def steps(tag: str | None = None, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the tagged material that lessons are assembled from, indexed by ``step_id``.

    With ``tag`` only the steps that carry it.
    """
    frame = flat((catalog or load_catalog()).part(TEACHING).steps, "step_id")
    tagged = frame[[tag is None or tag in tags for tags in frame["tags"]]]
    return tagged.assign(
        tags=tagged["tags"].map(";".join), material=tagged["material"].map(";".join)
    )

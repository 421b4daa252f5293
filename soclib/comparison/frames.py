"""The comparison as pandas DataFrames, and as sheets to look at in a notebook.

pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.comparison import sheets
from soclib.comparison.choose import Choice, chosen, citation, everything, topics, with_drafts
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.frames import flat, where_from
from soclib.paper.sheets import Sheet
from soclib.verdict.tables import VERDICT

if TYPE_CHECKING:
    import pandas as pd


def comparison(  # noqa: PLR0913 - each narrows the table in its own way
    catalog: Catalog | None = None,
    *,
    reports: Iterable[str] | None = None,
    dimensions: Iterable[str] | None = None,
    topic: str | None = None,
    only_where_they_differ: bool = False,
    search: str = "",
    drafts: bool = False,
    cited: bool = False,
) -> pd.DataFrame:
    """Return how the reports differ, one row per dimension, indexed by ``dimension_id``.

    Columns as in ``comparison.csv``; a user's own columns follow. ``reports`` and ``dimensions``
    name what to keep (all by default), ``topic`` a heading. With ``only_where_they_differ`` the
    rows in which SOC 1 and SOC 2 say the same are left out; ``search`` keeps the rows that hold
    all of its words in what is shown. With ``drafts`` what is only proposed follows, its
    ``evidence`` draft; with ``cited`` a last column says how to cite the row, so that a table that
    is handed on stands alone. Raises ``AnswerError`` that names the nearest id or topic.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    catalog = catalog or load_catalog()
    catalog = with_drafts(catalog) if drafts else catalog
    full = everything(catalog)
    of_topic = [
        row.dimension_id
        for row in catalog.part(COMPARISON).dimensions
        if topic in (None, row.topic)
    ]
    if not of_topic:
        raise AnswerError(did_you_mean("topic", topic, topics(catalog)))
    choice = Choice(
        _known("report", reports, full.reports),
        tuple(key for key in _known("dimension", dimensions, full.dimensions) if key in of_topic),
        only_where_they_differ,
        search,
    )
    rows = chosen(catalog, choice)
    records = [_record(row, catalog, choice) for row in rows]
    columns = list(_record(catalog.part(COMPARISON).dimensions[0], catalog, choice))
    table = pd.DataFrame(records, columns=columns).set_index("dimension_id")
    return table.assign(citation=[citation(catalog, row) for row in rows]) if cited else table


def _known(what: str, asked: Iterable[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids asked for, in table order."""
    wanted = tuple(known if asked is None else (asked,) if isinstance(asked, str) else asked)
    for key in wanted:
        if key not in known:
            raise AnswerError(did_you_mean(what, key, known))
    return tuple(key for key in known if key in wanted)


def _record(row: Dimension, catalog: Catalog, choice: Choice) -> dict[str, str]:
    return {
        "dimension_id": row.dimension_id,
        "dimension": row.dimension,
        "question": row.question,
        **{report_id: row.by_report[report_id] for report_id in choice.reports},
        "differs": row.differs,
        "why_it_matters": row.why_it_matters,
        "topic": row.topic,
        "keywords": row.keywords,
        "criteria": ";".join(
            c.criterion_id for c in catalog.part(VERDICT).criteria if c.criterion_id in row.criteria
        ),
        **where_from(row.provenance),
        **row.extra,
    }


def cite(dimension_id: str, catalog: Catalog | None = None) -> str:
    """Return how to cite a row of the comparison: table version, date, evidence and sources.

    A draft is cited as proposed. Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    by_id = {row.dimension_id: row for row in with_drafts(catalog).part(COMPARISON).dimensions}
    if dimension_id not in by_id:
        raise AnswerError(did_you_mean("dimension", dimension_id, by_id))
    return citation(catalog, by_id[dimension_id])


def family(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the whole family at a glance, one row per report, indexed by ``report_id``."""
    return flat((catalog or load_catalog()).part(COMPARISON).family, "report_id")


def readers(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return who may have which report, indexed by ``report_id`` and ``reader_id``."""
    return flat((catalog or load_catalog()).part(COMPARISON).readers, "report_id", "reader_id")


def at_a_glance(*report_ids: str, catalog: Catalog | None = None) -> Sheet:
    """Return reports of the family side by side, all of them by default, one column each.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    known = tuple(member.report_id for member in catalog.part(COMPARISON).family)
    return sheets.at_a_glance(catalog, _known("report", report_ids or None, known))


def story(story_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return a short story that shows what a report is for; an unknown id names the nearest."""
    by_id = {
        found.story_id: found for found in (catalog or load_catalog()).part(COMPARISON).stories
    }
    if story_id not in by_id:
        raise AnswerError(did_you_mean("story", story_id, by_id))
    return sheets.story(by_id[story_id])


def axes(catalog: Catalog | None = None) -> Sheet:
    """Return report and type as two separate choices, with a case in each combination."""
    return sheets.axes(catalog or load_catalog())


def may_send(catalog: Catalog | None = None) -> Sheet:
    """Return who may have which report, and on which condition, as a small matrix."""
    return sheets.may_send(catalog or load_catalog())

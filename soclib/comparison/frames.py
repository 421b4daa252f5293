"""The comparison, its readers and the family as pandas DataFrames; pandas loads on first use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.comparison.choose import (
    ComparisonChoice,
    chosen_rows,
    citation,
    full_choice,
    known_ids,
    rows_by_topic,
    with_drafts,
)
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.frames import flat, where_from
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
    all of its words in what is shown. With ``drafts`` the rows that are only proposed follow, their
    ``evidence`` draft; with ``cited`` a last column says how to cite the row, so that the table can
    be handed on by itself. Raises ``AnswerError`` that names the nearest id or topic.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    catalog = with_drafts(catalog) if drafts else catalog
    full = full_choice(catalog)
    of_topic = [
        row.dimension_id
        for row in catalog.part(COMPARISON).dimensions
        if topic in (None, row.topic)
    ]
    if not of_topic:
        raise AnswerError(did_you_mean("topic", topic, rows_by_topic(catalog)))
    choice = ComparisonChoice(
        known_ids("report", reports, full.reports),
        tuple(
            key for key in known_ids("dimension", dimensions, full.dimensions) if key in of_topic
        ),
        only_where_they_differ,
        search,
    )
    rows = chosen_rows(catalog, choice)
    records = [_record(row, catalog, choice) for row in rows]
    columns = list(_record(catalog.part(COMPARISON).dimensions[0], catalog, choice))
    table = pd.DataFrame(records, columns=columns).set_index("dimension_id")
    return table.assign(citation=[citation(catalog, row) for row in rows]) if cited else table


def _record(row: Dimension, catalog: Catalog, choice: ComparisonChoice) -> dict[str, str]:
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


def family(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the whole family at a glance, one row per report, indexed by ``report_id``."""
    return flat((catalog or load_catalog()).part(COMPARISON).family, "report_id")


def readers(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return who may have which report, indexed by ``report_id`` and ``reader_id``."""
    return flat((catalog or load_catalog()).part(COMPARISON).readers, "report_id", "reader_id")

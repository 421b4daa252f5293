"""Decisions as pandas DataFrames, for readers who go on from the panel.

pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from soclib.claims import all_standards
from soclib.claims import claims as all_claims
from soclib.decision import AnswerError, Decision, decide, unknown
from soclib.model import Catalog
from soclib.tables import load_catalog

if TYPE_CHECKING:
    import pandas as pd


def frame(records: Iterable[Any], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return named tuples such as reasons or changes as a DataFrame, one row each.

    ``columns`` names the fields to keep, in order; all of them by default.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    rows = [record._asdict() for record in records]
    return pd.DataFrame(rows, columns=None if columns is None else list(columns))


def comparison(
    catalog: Catalog | None = None, *, only_where_they_differ: bool = False, drafts: bool = False
) -> pd.DataFrame:
    """Return how the reports differ, one row per dimension, indexed by ``dimension_id``.

    Columns as in ``comparison.csv``; a user's own columns follow. With
    ``only_where_they_differ`` the rows in which SOC 1 and SOC 2 say the same are left out;
    with ``drafts`` what is only proposed follows, its ``evidence`` draft.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    catalog = catalog or load_catalog()
    rows = [
        {
            "dimension_id": row.dimension_id,
            "dimension": row.dimension,
            "question": row.question,
            **row.by_report,
            "differs": row.differs,
            "why_it_matters": row.why_it_matters,
            "criteria": ";".join(c.criterion_id for c in catalog.criteria if c.bit & row.mask),
            "source_id": ";".join(row.provenance.source_ids),
            "as_of": row.provenance.as_of,
            "evidence": row.provenance.evidence,
            **row.extra,
        }
        for row in (*catalog.comparison, *(catalog.drafts.comparison if drafts else ()))
        if row.differs != "no" or not only_where_they_differ
    ]
    return pd.DataFrame(rows).set_index("dimension_id")


def standards(catalog: Catalog | None = None, *, drafts: bool = False) -> pd.DataFrame:
    """Return the standards that the subject rests on, one row each, indexed by ``standard_id``.

    Columns as in ``standards.csv``; dates are ISO texts as precise as known. With ``drafts`` what
    is only proposed follows, its ``state`` draft.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    catalog = catalog or load_catalog()
    shown = all_standards(catalog) if drafts else catalog.standards
    rows = [
        {
            "standard_id": one.standard_id,
            "title": one.title,
            "body": one.body,
            "issued": one.issued,
            "effective": one.effective,
            "state": one.state,
            "replaced_by": ";".join(one.replaced_by),
            "note": one.note,
            "source_id": ";".join(one.provenance.source_ids),
            "as_of": one.provenance.as_of,
            "evidence": one.provenance.evidence,
        }
        for one in shown.values()
    ]
    return pd.DataFrame(rows).set_index("standard_id")


def claims(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return every row of every table as a claim, one row each, drafts included.

    Columns: ``table``, ``line`` and ``key`` of the row, ``sources`` (ids joined with ``;``),
    ``as_of`` and ``review_by`` (ISO dates as text), ``evidence``, and ``rests_on``: current,
    superseded, partly superseded or draft.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    rows = [
        {
            "table": claim.table,
            "line": claim.line,
            "key": claim.key,
            "sources": ";".join(claim.source_ids),
            "as_of": claim.as_of.isoformat(),
            "review_by": claim.review_by.isoformat(),
            "evidence": claim.evidence,
            "rests_on": claim.rests_on,
        }
        for claim in all_claims(catalog or load_catalog())
    ]
    return pd.DataFrame(rows)


def example(example_id: str, catalog: Catalog | None = None) -> Decision:
    """Return the decision of a worked example, by its id in ``examples.csv``.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    by_id = {found.example_id: found for found in catalog.examples}
    if example_id not in by_id:
        raise AnswerError(unknown("example", example_id, by_id))
    found = by_id[example_id]
    return decide(found.answers, found.voice, catalog=catalog)


def examples(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the worked examples with the status of every report, one row each."""
    import pandas as pd  # noqa: PLC0415 - as above

    catalog = catalog or load_catalog()
    rows = [
        {
            "case": example.title,
            "voice": example.voice,
            **{
                report.title: catalog.statuses[status_id].label
                for report, status_id in zip(
                    catalog.reports,
                    decide(example.answers, example.voice, catalog=catalog).reports.values(),
                    strict=True,
                )
            },
        }
        for example in catalog.examples
    ]
    return pd.DataFrame(rows)

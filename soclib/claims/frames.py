"""Standards and claims as pandas DataFrames; pandas loads on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.claims.reviews import all_claims, all_standards
from soclib.claims.tables import CLAIMS
from soclib.paper.frames import where_from

if TYPE_CHECKING:
    import pandas as pd


def standards(catalog: Catalog | None = None, *, drafts: bool = False) -> pd.DataFrame:
    """Return the standards that all claims rest on, one row each, indexed by ``standard_id``.

    Columns as in ``standards.csv``; dates are ISO texts as precise as known. With ``drafts`` the
    standards that are only proposed follow, their ``state`` draft.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    listed = all_standards(catalog) if drafts else catalog.part(CLAIMS).standards
    rows = [
        {
            "standard_id": standard.standard_id,
            "title": standard.title,
            "body": standard.body,
            "issued": standard.issued,
            "effective": standard.effective,
            "state": standard.state,
            "replaced_by": ";".join(standard.replaced_by),
            "note": standard.note,
            **where_from(standard.provenance),
        }
        for standard in listed.values()
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

"""Worked examples as decisions, and as a pandas DataFrame; pandas loads on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.verdict.decision import Decision, decide
from soclib.verdict.tables import VERDICT

if TYPE_CHECKING:
    import pandas as pd


def example(example_id: str, catalog: Catalog | None = None) -> Decision:
    """Return the decision of a worked example, by its id in ``examples.csv``.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    by_id = {row.example_id: row for row in catalog.part(VERDICT).examples}
    if example_id not in by_id:
        raise AnswerError(did_you_mean("example", example_id, by_id))
    row = by_id[example_id]
    return decide(row.answers, row.voice, catalog=catalog)


def examples(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the worked examples with the status of every report, one row each."""
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    rows = [
        {
            "case": example.title,
            "voice": example.voice,
            **{
                report.title: catalog.part(VERDICT).statuses[status_id].label
                for report, status_id in zip(
                    catalog.part(VERDICT).reports,
                    decide(example.answers, example.voice, catalog=catalog).reports.values(),
                    strict=True,
                )
            },
        }
        for example in catalog.part(VERDICT).examples
    ]
    return pd.DataFrame(rows)

"""Records as pandas DataFrames, and DataFrames as tables to read; pandas loads on first use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.paper import sheets
from soclib.paper.sheets import Sheet
from soclib.tables.rows import VOICES, Provenance
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

if TYPE_CHECKING:
    import pandas as pd


def frame(records: Iterable[Any], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return named tuples such as reasons or changes as a DataFrame, one row each.

    ``columns`` names the fields to keep, in order; all of them by default. Raises ``AnswerError``
    that names the nearest field.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    rows = [record._asdict() for record in records]
    wanted = (columns,) if isinstance(columns, str) else columns
    for name in wanted if rows and wanted else ():
        if name not in rows[0]:
            raise AnswerError(did_you_mean("column", name, rows[0]))
    return pd.DataFrame(rows, columns=None if wanted is None else list(wanted))


def where_from(provenance: Provenance) -> dict[str, str]:
    """Return the last columns of every table: sources, day of the last check, how sure it is."""
    return {
        "source_id": ";".join(provenance.source_ids),
        "as_of": provenance.as_of,
        "evidence": provenance.evidence,
    }


def flat(records: Iterable[Any], *index: str) -> pd.DataFrame:
    """Return records of a table as a DataFrame, one column per field, their provenance last."""
    import pandas as pd  # noqa: PLC0415 - as above

    rows = [
        {
            **{f.name: getattr(record, f.name) for f in fields(record) if f.name != "provenance"},
            **where_from(record.provenance),
        }
        for record in records
    ]
    return pd.DataFrame(rows).set_index(list(index))


def show(table: pd.DataFrame, caption: str, catalog: Catalog | None = None) -> Sheet:
    """Return a DataFrame as a table to read: captioned, escaped, with words for known columns.

    The index must have one level. If it has a name, it heads each row; otherwise the first column
    does. Truth values are shown as words.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    named = table if table.index.name is None else table.reset_index()
    heads = [words.get(f"column_{key}", titles.get(key, str(key))) for key in named.columns]
    truth = {True: words["state_yes"], False: words["state_no"]}
    cells = [
        [truth[cell] if isinstance(cell, bool) else str(cell) for cell in row]
        for row in named.itertuples(index=False, name=None)
    ]
    return sheets.table(caption, heads, cells)

"""Decisions and tables as pandas DataFrames, and as sheets to look at in a notebook.

pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from soclib import sheets
from soclib.claims import all_standards
from soclib.claims import claims as all_claims
from soclib.decision import AnswerError, Decision, decide, unknown
from soclib.differences import Choice, chosen, citation, everything, topics, with_drafts
from soclib.model import VOICES, Catalog, Dimension, Provenance
from soclib.render import words_of
from soclib.sheets import Sheet
from soclib.tables import load_catalog

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
            raise AnswerError(unknown("column", name, rows[0]))
    return pd.DataFrame(rows, columns=None if wanted is None else list(wanted))


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
    of_topic = [row.dimension_id for row in catalog.comparison if topic in (None, row.topic)]
    if not of_topic:
        raise AnswerError(unknown("topic", topic, topics(catalog)))
    choice = Choice(
        _known("report", reports, full.reports),
        tuple(key for key in _known("dimension", dimensions, full.dimensions) if key in of_topic),
        only_where_they_differ,
        search,
    )
    rows = chosen(catalog, choice)
    records = [_record(row, catalog, choice) for row in rows]
    columns = list(_record(catalog.comparison[0], catalog, choice))
    table = pd.DataFrame(records, columns=columns).set_index("dimension_id")
    return table.assign(citation=[citation(catalog, row) for row in rows]) if cited else table


def _known(what: str, asked: Iterable[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids asked for, in table order."""
    wanted = tuple(known if asked is None else (asked,) if isinstance(asked, str) else asked)
    for key in wanted:
        if key not in known:
            raise AnswerError(unknown(what, key, known))
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
        "criteria": ";".join(c.criterion_id for c in catalog.criteria if c.bit & row.mask),
        **where_from(row.provenance),
        **row.extra,
    }


def where_from(provenance: Provenance) -> dict[str, str]:
    """Return the last columns of every table: sources, day of the last check, how sure it is."""
    return {
        "source_id": ";".join(provenance.source_ids),
        "as_of": provenance.as_of,
        "evidence": provenance.evidence,
    }


def cite(dimension_id: str, catalog: Catalog | None = None) -> str:
    """Return how to cite a row of the comparison: table version, date, evidence and sources.

    A draft is cited as proposed. Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    by_id = {row.dimension_id: row for row in with_drafts(catalog).comparison}
    if dimension_id not in by_id:
        raise AnswerError(unknown("dimension", dimension_id, by_id))
    return citation(catalog, by_id[dimension_id])


def family(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the whole family at a glance, one row per report, indexed by ``report_id``."""
    return flat((catalog or load_catalog()).family, "report_id")


def readers(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return who may have which report, indexed by ``report_id`` and ``reader_id``."""
    return flat((catalog or load_catalog()).readers, "report_id", "reader_id")


def flat(records: Iterable[Any], *index: str) -> pd.DataFrame:
    """Return records of a table as a DataFrame, a column per field, their provenance last."""
    import pandas as pd  # noqa: PLC0415 - as above

    rows = [
        {
            **{f.name: getattr(record, f.name) for f in fields(record) if f.name != "provenance"},
            **where_from(record.provenance),
        }
        for record in records
    ]
    return pd.DataFrame(rows).set_index(list(index))


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
            **where_from(one.provenance),
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


def show(table: pd.DataFrame, caption: str, catalog: Catalog | None = None) -> Sheet:
    """Return a DataFrame as a table to read: captioned, escaped, with words for known columns.

    The index, which must have one level, gives each row its header when it has a name, or else
    the first column does. Truth values are shown as words.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    titles = {report.report_id: report.title for report in catalog.reports}
    named = table if table.index.name is None else table.reset_index()
    heads = [words.get(f"column_{key}", titles.get(key, str(key))) for key in named.columns]
    truth = {True: words["state_yes"], False: words["state_no"]}
    cells = [
        [truth[cell] if isinstance(cell, bool) else str(cell) for cell in row]
        for row in named.itertuples(index=False, name=None)
    ]
    return sheets.table(caption, heads, cells)


def at_a_glance(*report_ids: str, catalog: Catalog | None = None) -> Sheet:
    """Return reports of the family side by side, all of them by default, one column each.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    known = tuple(member.report_id for member in catalog.family)
    return sheets.at_a_glance(catalog, _known("report", report_ids or None, known))


def story(story_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return a short story that shows what a report is for; an unknown id names the nearest."""
    by_id = {found.story_id: found for found in (catalog or load_catalog()).stories}
    if story_id not in by_id:
        raise AnswerError(unknown("story", story_id, by_id))
    return sheets.story(by_id[story_id])


def axes(catalog: Catalog | None = None) -> Sheet:
    """Return report and type as two separate choices, with a case in each combination."""
    return sheets.axes(catalog or load_catalog())


def may_send(catalog: Catalog | None = None) -> Sheet:
    """Return who may have which report, and on which condition, as a small matrix."""
    return sheets.may_send(catalog or load_catalog())


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

"""The comparison, its readers, the family and stories as sheets to look at in a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from html import escape

from soclib.catalog import Catalog, load_catalog
from soclib.claims.sources import provenance_html
from soclib.comparison.choose import ComparisonChoice, chosen_rows, known_ids, rows_by_topic
from soclib.comparison.tables import AXES, COMPARISON, Dimension, Member, Reader
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.sheets import Sheet, table, table_html
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, words_of

# --- the comparison -----------------------------------------------------------------------------


def comparison_html(catalog: Catalog) -> str:
    """Return the whole comparison as one table, a body per topic, rows marked for filtering."""
    words = words_of(catalog, VOICES[0])
    heads = "".join(
        f'<th scope="col" role="columnheader" data-report="{report.report_id}">'
        f"{escape(report.title)}</th>"
        for report in catalog.part(VERDICT).reports
    )
    bodies = "".join(
        _topic_html(topic, rows, catalog, words) for topic, rows in rows_by_topic(catalog).items()
    )
    return (
        f'<table class="soc-table soc-compare" role="table">'
        f"<caption>{escape(words['compare_caption'])}</caption>"
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">'
        f"{escape(words['dimension'])}</th>{heads}</tr></thead>{bodies}</table>"
    )


def _topic_html(topic: str, rows: Iterable[Dimension], catalog: Catalog, words: Words) -> str:
    names = "".join(
        f'<td role="cell" data-report="{report.report_id}">{escape(report.title)}</td>'
        for report in catalog.part(VERDICT).reports
    )
    head = (
        f'<tr role="row" class="soc-topic"><th scope="rowgroup" role="rowheader">'
        f"{escape(topic)}</th>{names}</tr>"
        if topic
        else ""
    )
    body = "".join(_dimension_html(row, catalog, words) for row in rows)
    return f'<tbody role="rowgroup">{head}{body}</tbody>'


def _dimension_html(row: Dimension, catalog: Catalog, words: Words) -> str:
    cells = "".join(
        f'<td role="cell" data-report="{report.report_id}" data-label="{escape(report.title)}">'
        f"{escape(row.by_report[report.report_id])}</td>"
        for report in catalog.part(VERDICT).reports
    )
    own = "".join(f"<p><b>{escape(k)}:</b> {escape(text)}</p>" for k, text in row.extra.items())
    return (
        f'<tr role="row" data-dimension="{row.dimension_id}" data-differs="{row.differs}" '
        f'data-keywords="{escape(row.keywords)}">'
        f'<th scope="row" role="rowheader"><b>{escape(row.dimension)}</b>'
        f"<span>{escape(row.question)}</span>"
        f'<i class="soc-differs">{escape(words[f"differs_{row.differs}"])}</i></th>{cells}</tr>'
        f'<tr role="row" class="soc-note" data-of="{row.dimension_id}">'
        f'<td role="cell" colspan="{1 + len(catalog.part(VERDICT).reports)}">'
        f"<p><b>{escape(words['why_it_matters'])}:</b> {escape(row.why_it_matters)}</p>{own}"
        f"{provenance_html(row.provenance, catalog, words)}</td></tr>"
    )


def comparison_text(catalog: Catalog, choice: ComparisonChoice) -> str:
    """Return the rows of the comparison that a choice keeps as text, in the order of the table."""
    words = words_of(catalog, VOICES[0])
    kept = chosen_rows(catalog, choice)
    reports = [
        (r.report_id, r.title)
        for r in catalog.part(VERDICT).reports
        if r.report_id in choice.reports
    ]
    lines = [words["compare_caption"]]
    for topic, rows in rows_by_topic(catalog).items():
        texts = [_dimension_text(row, reports, words) for row in rows if row in kept]
        lines += [topic, *texts] if texts else []
    return "\n".join(lines)


def _dimension_text(row: Dimension, reports: Iterable[tuple[str, str]], words: Words) -> str:
    by_report = [f"  {title}: {row.by_report[report_id]}" for report_id, title in reports]
    own = [f"  {column}: {text}" for column, text in row.extra.items()]
    why = f"  {words['why_it_matters']}: {row.why_it_matters}"
    head = f"{row.dimension} ({words[f'differs_{row.differs}']}): {row.question}"
    return "\n".join([head, *by_report, why, *own])


# --- who may have which report ------------------------------------------------------------------


def may_send(catalog: Catalog | None = None) -> Sheet:
    """Return who may have which report, and on which condition, as a small matrix."""
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    cells = {(row.reader_id, row.report_id): row for row in catalog.part(COMPARISON).readers}
    readers = {row.reader_id: row.reader for row in catalog.part(COMPARISON).readers}
    body = [
        [
            escape(reader),
            *(
                f"<b>{escape(words[f'allowed_{row.allowed}'])}</b>{escape(_condition(row))}"
                for report in catalog.part(VERDICT).reports
                if (row := cells[reader_id, report.report_id])
            ),
        ]
        for reader_id, reader in readers.items()
    ]
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    lines = [
        f"{row.reader}, {titles[row.report_id]}: {words[f'allowed_{row.allowed}']}{_condition(row)}"
        for row in catalog.part(COMPARISON).readers
    ]
    heads = [words["reader"], *(report.title for report in catalog.part(VERDICT).reports)]
    caption = words["may_send_caption"]
    return Sheet(table_html(caption, heads, body, "soc-matrix"), "\n".join([caption, *lines]))


def _condition(row: Reader) -> str:
    """Return a condition as it follows the answer: a clause in the sentence, or one of its own."""
    if not row.condition:
        return ""
    return f", {row.condition}." if row.condition[0].islower() else f". {row.condition}"


# --- the family ---------------------------------------------------------------------------------


def at_a_glance(*report_ids: str, catalog: Catalog | None = None) -> Sheet:
    """Return reports of the family side by side, all of them by default, one column each.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    by_id = {member.report_id: member for member in catalog.part(COMPARISON).family}
    members = [by_id[key] for key in known_ids("report", report_ids or None, tuple(by_id))]
    names = [f.name for f in fields(Member) if f.name not in ("report_id", "title", "provenance")]
    rows = [
        [words[f"column_{name}"], *(getattr(member, name) for member in members)] for name in names
    ]
    return table(words["family_caption"], ["", *(member.title for member in members)], rows)


# --- stories ------------------------------------------------------------------------------------


def axes(catalog: Catalog | None = None) -> Sheet:
    """Return report and type as two separate choices, with a case in each combination."""
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    stories = {
        (s.type_id, s.report_id): s for s in catalog.part(COMPARISON).stories if s.kind == AXES
    }
    types = list(dict.fromkeys(type_id for type_id, _report in stories))
    reports = [
        r for r in catalog.part(VERDICT).reports if any(key[1] == r.report_id for key in stories)
    ]
    body = [
        [
            escape(words[f"axes_{type_id}"]),
            *(escape(stories[type_id, report.report_id].text) for report in reports),
        ]
        for type_id in types
    ]
    caption = words["axes_caption"]
    html = table_html(caption, ["", *(report.title for report in reports)], body, "soc-axes")
    lines = [f"{story.title}: {story.text}" for story in stories.values()]
    return Sheet(html, "\n".join([caption, *lines]))


def story(story_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return a short story that shows what a report is for, with its title.

    Raises ``AnswerError`` that names the nearest id.
    """
    by_id = {row.story_id: row for row in (catalog or load_catalog()).part(COMPARISON).stories}
    if story_id not in by_id:
        raise AnswerError(did_you_mean("story", story_id, by_id))
    row = by_id[story_id]
    html = (
        f'<article class="soc-tale"><h3>{escape(row.title)}</h3><p>{escape(row.text)}</p></article>'
    )
    return Sheet(html, f"{row.title}\n{row.text}")

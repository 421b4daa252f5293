"""How the reports differ: which rows of the comparison a reader's choice leaves.

``soclib/widgets/compare.js`` chooses the same rows in the browser; tests compare the two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from soclib.model import NO, Catalog, Dimension, Source


class Choice(NamedTuple):
    """What a reader wants to see: reports, rows, only where SOC 1 and SOC 2 differ, and words."""

    reports: tuple[str, ...]
    dimensions: tuple[str, ...]
    only_where_they_differ: bool = False
    search: str = ""


def with_drafts(catalog: Catalog) -> Catalog:
    """Return a catalog whose comparison ends with what is only proposed."""
    return replace(catalog, comparison=(*catalog.comparison, *catalog.drafts.comparison))


def everything(catalog: Catalog) -> Choice:
    """Return the choice that leaves nothing out."""
    return Choice(
        tuple(report.report_id for report in catalog.reports),
        tuple(row.dimension_id for row in catalog.comparison),
    )


def chosen(catalog: Catalog, choice: Choice) -> tuple[Dimension, ...]:
    """Return the rows that a choice leaves, in table order.

    A row has to hold every word of the search in what is shown of it: its name, question, the
    chosen reports, why it matters and a reader's own columns.
    """
    words = plain_words(choice.search).split()
    return tuple(
        row
        for row in catalog.comparison
        if row.dimension_id in choice.dimensions
        and not (choice.only_where_they_differ and row.differs == NO)
        and _holds(row, choice.reports, words)
    )


def _holds(row: Dimension, reports: Iterable[str], words: list[str]) -> bool:
    shown = [row.dimension, row.question, row.why_it_matters, *row.extra.values()]
    text = plain_words(" ".join([*shown, *(row.by_report[report_id] for report_id in reports)]))
    return all(word in text for word in words)


def plain_words(text: str) -> str:
    """Return a text without case, accents and curly apostrophes, as the search compares it."""
    parts = unicodedata.normalize("NFKD", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return "".join(part for part in parts if unicodedata.category(part)[0] != "M").lower()


def topics(catalog: Catalog) -> dict[str, tuple[Dimension, ...]]:
    """Return the rows under their headings, both in order of first appearance."""
    found: dict[str, list[Dimension]] = {}
    for row in catalog.comparison:
        found.setdefault(row.topic, []).append(row)
    return {topic: tuple(rows) for topic, rows in found.items()}


def citation(catalog: Catalog, row: Dimension) -> str:
    """Return how to cite a row: its place, table version, date, evidence and sources."""
    words = {text_id: by_voice["vendor"] for text_id, by_voice in catalog.wording.items()}
    sources = "; ".join(_named(catalog.sources[key]) for key in row.provenance.source_ids)
    filled = {
        "dimension": row.dimension,
        "row": row.dimension_id,
        "version": catalog.version,
        "as_of": row.provenance.as_of,
        "evidence": words[f"certainty_{row.provenance.evidence}"],
        "sources": sources,
    }
    text = words["citation"]
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _named(source: Source) -> str:
    return f"{source.title} ({source.publisher})" + (f", {source.url}" if source.url else "")

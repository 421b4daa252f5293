"""How the reports differ: which rows of the comparison a reader's choice leaves.

``soclib/comparison/compare.js`` chooses the same rows in the browser; tests compare the two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.claims.sources import sources_of
from soclib.claims.tables import Source
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.tables.rows import NO, VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

FIELD = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[^\W_]+")


class Choice(NamedTuple):
    """What a reader wants to see: reports, rows, only where SOC 1 and SOC 2 differ, and words."""

    reports: tuple[str, ...]
    dimensions: tuple[str, ...]
    only_where_they_differ: bool = False
    search: str = ""


def with_drafts(catalog: Catalog) -> Catalog:
    """Return a catalog whose comparison ends with what is only proposed."""
    tables = catalog.part(COMPARISON)
    shown = replace(tables, dimensions=(*tables.dimensions, *tables.drafts))
    return catalog.with_part(COMPARISON, shown)


def everything(catalog: Catalog) -> Choice:
    """Return the choice that leaves nothing out."""
    return Choice(
        tuple(report.report_id for report in catalog.part(VERDICT).reports),
        tuple(row.dimension_id for row in catalog.part(COMPARISON).dimensions),
    )


def chosen(catalog: Catalog, choice: Choice) -> tuple[Dimension, ...]:
    """Return the rows that a choice leaves, in table order.

    A row has to hold every term of the search in its keywords or in what is shown of it: its name,
    question, the chosen reports, why it matters and a reader's own columns.
    """
    wanted = terms(choice.search)
    return tuple(
        row
        for row in catalog.part(COMPARISON).dimensions
        if row.dimension_id in choice.dimensions
        and not (choice.only_where_they_differ and row.differs == NO)
        and _holds(row, choice.reports, wanted)
    )


def _holds(row: Dimension, reports: Iterable[str], wanted: list[str]) -> bool:
    shown = [row.dimension, row.question, row.why_it_matters, row.keywords, *row.extra.values()]
    said = [*shown, *(row.by_report[report_id] for report_id in reports)]
    text = " ; ".join(f" {' '.join(plain_words(part))} " for part in said)
    return all(f" {term}" in text for term in wanted)


def terms(search: str) -> list[str]:
    """Return what a search asks for: words, which match at their start, and whole numbers.

    A number belongs to the word before it, so that "SOC 1" finds neither SOC 2 nor AT-C 105.
    """
    found: list[str] = []
    for word in plain_words(search):
        if word.isdecimal():
            before = found.pop().rstrip() if found else ""
            found.append(f"{before} {word} ".lstrip())
        else:
            found.append(word)
    return found


def plain_words(text: str) -> list[str]:
    """Return the words of a text without case, accents and signs, as the search compares them."""
    parts = unicodedata.normalize("NFKD", text)
    return WORD.findall("".join(p for p in parts if unicodedata.category(p)[0] != "M").lower())


def topics(catalog: Catalog) -> dict[str, tuple[Dimension, ...]]:
    """Return the rows under their headings, both in order of first appearance."""
    found: dict[str, list[Dimension]] = {}
    for row in catalog.part(COMPARISON).dimensions:
        found.setdefault(row.topic, []).append(row)
    return {topic: tuple(rows) for topic, rows in found.items()}


def citation(catalog: Catalog, row: Dimension) -> str:
    """Return how to cite a row: its place, table version, date, evidence and sources."""
    words = words_of(catalog, VOICES[0])
    sources = "; ".join(map(_named, sources_of(catalog, row.provenance)))
    filled = {
        "dimension": row.dimension,
        "row": row.dimension_id,
        "version": catalog.version,
        "as_of": row.provenance.as_of,
        "evidence": words[f"certainty_{row.provenance.evidence}"],
        "sources": sources,
    }
    return FIELD.sub(lambda found: filled.get(found[1], found[0]), words["citation"])


def _named(source: Source) -> str:
    return f"{source.title} ({source.publisher})" + (f", {source.url}" if source.url else "")

"""Which rows of the comparison a choice keeps, how a search finds them, and how they are cited.

``soclib/comparison/compare.js`` keeps the same rows in the browser; tests compare the two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.claims.sources import sources_of
from soclib.claims.tables import Source
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.errors import AnswerError, did_you_mean
from soclib.tables.rows import NO, VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import fill, words_of

WORD = re.compile(r"[^\W_]+")


class ComparisonChoice(NamedTuple):
    """What to show: reports, rows, only those where SOC 1 and SOC 2 differ, and a search."""

    reports: tuple[str, ...]
    dimensions: tuple[str, ...]
    only_where_they_differ: bool = False
    search: str = ""


def with_drafts(catalog: Catalog) -> Catalog:
    """Return a catalog whose comparison ends with the rows that are only proposed."""
    tables = catalog.part(COMPARISON)
    extended = replace(tables, dimensions=(*tables.dimensions, *tables.drafts))
    return catalog.with_part(COMPARISON, extended)


def full_choice(catalog: Catalog) -> ComparisonChoice:
    """Return the choice of all reports and all rows."""
    return ComparisonChoice(
        tuple(report.report_id for report in catalog.part(VERDICT).reports),
        tuple(row.dimension_id for row in catalog.part(COMPARISON).dimensions),
    )


def known_ids(what: str, asked: Iterable[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids asked for, in table order; all of them where nothing is asked for.

    ``what`` is what they name. Raises ``AnswerError`` that names the nearest id.
    """
    wanted = tuple(known if asked is None else (asked,) if isinstance(asked, str) else asked)
    for key in wanted:
        if key not in known:
            raise AnswerError(did_you_mean(what, key, known))
    return tuple(key for key in known if key in wanted)


def chosen_rows(catalog: Catalog, choice: ComparisonChoice) -> tuple[Dimension, ...]:
    """Return the rows that a choice keeps, in table order.

    A row has to hold every term of the search in its keywords or in what is shown of it: its name,
    question, the chosen reports, why it matters and columns that the user added.
    """
    wanted = search_terms(choice.search)
    return tuple(
        row
        for row in catalog.part(COMPARISON).dimensions
        if row.dimension_id in choice.dimensions
        and not (choice.only_where_they_differ and row.differs == NO)
        and _holds(row, choice.reports, wanted)
    )


def _holds(row: Dimension, reports: Iterable[str], wanted: list[str]) -> bool:
    always = [row.dimension, row.question, row.why_it_matters, row.keywords, *row.extra.values()]
    parts = [*always, *(row.by_report[report_id] for report_id in reports)]
    text = " ; ".join(f" {' '.join(plain_words(part))} " for part in parts)
    return all(f" {term}" in text for term in wanted)


def search_terms(search: str) -> list[str]:
    """Return what a search asks for: words, which match at their start, and whole numbers.

    A number belongs to the word before it, so that "SOC 1" finds neither SOC 2 nor AT-C 105.
    """
    terms: list[str] = []
    for word in plain_words(search):
        if word.isdecimal():
            before = terms.pop().rstrip() if terms else ""
            terms.append(f"{before} {word} ".lstrip())
        else:
            terms.append(word)
    return terms


def plain_words(text: str) -> list[str]:
    """Return the words of a text without case, accents and signs, as the search compares them."""
    parts = unicodedata.normalize("NFKD", text)
    return WORD.findall("".join(p for p in parts if unicodedata.category(p)[0] != "M").lower())


def rows_by_topic(catalog: Catalog) -> dict[str, tuple[Dimension, ...]]:
    """Return the rows under their headings, both in order of first appearance."""
    by_topic: dict[str, list[Dimension]] = {}
    for row in catalog.part(COMPARISON).dimensions:
        by_topic.setdefault(row.topic, []).append(row)
    return {topic: tuple(rows) for topic, rows in by_topic.items()}


# --- citing ---------------------------------------------------------------------------------------


def cite(dimension_id: str, catalog: Catalog | None = None) -> str:
    """Return how to cite a row of the comparison: table version, date, evidence and sources.

    A draft is cited as proposed. Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    by_id = {row.dimension_id: row for row in with_drafts(catalog).part(COMPARISON).dimensions}
    if dimension_id not in by_id:
        raise AnswerError(did_you_mean("dimension", dimension_id, by_id))
    return citation(catalog, by_id[dimension_id])


def citation(catalog: Catalog, row: Dimension) -> str:
    """Return how to cite a row: its place, table version, date, evidence and sources."""
    words = words_of(catalog, VOICES[0])
    sources = "; ".join(map(_source_text, sources_of(catalog, row.provenance)))
    parts = {
        "dimension": row.dimension,
        "row": row.dimension_id,
        "version": catalog.version,
        "as_of": row.provenance.as_of,
        "evidence": words[f"certainty_{row.provenance.evidence}"],
        "sources": sources,
    }
    return fill(words["citation"], parts)


def _source_text(source: Source) -> str:
    return f"{source.title} ({source.publisher})" + (f", {source.url}" if source.url else "")

"""The sources of a row: in which order they are named, and how they are shown."""

from __future__ import annotations

from dataclasses import asdict

from soclib.catalog import Catalog
from soclib.claims.tables import CLAIMS, Source
from soclib.paper.sheets import Plain, source_list_html
from soclib.tables.rows import Provenance
from soclib.words import Words, fill


def source_list(catalog: Catalog, source_ids: list[str]) -> list[Plain]:
    """Return sources as plain values, each once, in the order in which they are named."""
    known = catalog.part(CLAIMS).sources
    return [
        {
            "source_id": source.source_id,
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "as_of": source.as_of,
        }
        for source in (known[source_id] for source_id in dict.fromkeys(source_ids))
    ]


# In this order the sources of a row are named: those that set rules come first.
SOURCE_KINDS = (
    "standard",
    "standard_setter",
    "regulator",
    "journal",
    "book",
    "firm",
    "vendor",
    "community",
)


def sources_of(catalog: Catalog, provenance: Provenance) -> list[Source]:
    """Return the sources of a row, those that set rules first and the project's judgement last."""
    known = catalog.part(CLAIMS).sources | catalog.part(CLAIMS).draft_sources
    sources = [known[source_id] for source_id in provenance.source_ids]
    places = {kind: place for place, kind in enumerate(SOURCE_KINDS)}
    return sorted(sources, key=lambda source: places.get(source.kind, len(SOURCE_KINDS)))


def provenance_html(provenance: Provenance, catalog: Catalog, words: Words) -> str:
    """Return the sources of a row as a list that unfolds, with the day of the last check."""
    sources = [{**asdict(source), "as_of": ""} for source in sources_of(catalog, provenance)]
    certainty = words[f"certainty_{provenance.evidence}"]
    parts = {"count": str(len(sources)), "as_of": provenance.as_of, "certainty": certainty}
    return source_list_html(fill(words["sources_checked"], parts), sources)

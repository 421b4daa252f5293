"""The sources of a row: in which order they are named, and how they are shown."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from soclib.catalog import Catalog
from soclib.claims.tables import CLAIMS, Source
from soclib.paper.sheets import source_list_html
from soclib.tables.rows import Provenance
from soclib.words import Words

Plain = dict[str, Any]


def source_list(catalog: Catalog, source_ids: list[str]) -> list[Plain]:
    """Return sources as plain values, each once, in the order of their ids."""
    return [
        {
            "source_id": source_id,
            "title": catalog.part(CLAIMS).sources[source_id].title,
            "publisher": catalog.part(CLAIMS).sources[source_id].publisher,
            "url": catalog.part(CLAIMS).sources[source_id].url,
            "as_of": catalog.part(CLAIMS).sources[source_id].as_of,
        }
        for source_id in dict.fromkeys(source_ids)
    ]


# Sources are named by what they are, those that set rules first.
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
    found = [known[source_id] for source_id in provenance.source_ids]
    places = {kind: place for place, kind in enumerate(SOURCE_KINDS)}
    return sorted(found, key=lambda source: places.get(source.kind, len(SOURCE_KINDS)))


def provenance_html(provenance: Provenance, catalog: Catalog, words: Words) -> str:
    """Return the sources of a row as a list that unfolds, with the day of the last check."""
    sources = [{**asdict(one), "as_of": ""} for one in sources_of(catalog, provenance)]
    summary = (
        words["sources_checked"]
        .replace("{count}", str(len(sources)))
        .replace("{as_of}", provenance.as_of)
        .replace("{certainty}", words[f"certainty_{provenance.evidence}"])
    )
    return source_list_html(summary, sources)

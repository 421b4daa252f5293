"""What a notebook shows of periods: a timeline with its table, and a letter as it will read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

from soclib.catalog import Catalog
from soclib.paper.blocks import Block, markdown
from soclib.paper.sheets import Sheet
from soclib.periods.fitting import Fit
from soclib.periods.rules import period_rules
from soclib.periods.timelines import (
    TimelineItem,
    timeline_items,
    timeline_svg,
    timeline_table,
    timeline_text,
)
from soclib.tables.rows import VOICES
from soclib.words import words_of

TAGS = {"title": "h3", "heading": "h4", "text": "p", "item": "li", "fine": "p"}


def timeline(  # noqa: PLR0913 - one keyword for each thing that may be set
    fits_or_items: Sequence[Fit] | Sequence[TimelineItem],
    labels: Sequence[str] = (),
    *,
    title: str = "",
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Sheet:
    """Return fits or items as a picture with its table; ``labels`` name the fiscal years of fits.

    Raises ``PeriodError`` for items that cannot be drawn.
    """
    words = words_of(period_rules(voice=voice, catalog=catalog).catalog, voice)
    items = _items(fits_or_items, labels, voice, catalog)
    options: dict[str, Any] = {"today": today, "voice": voice, "catalog": catalog}
    svg = timeline_svg(items, title=title, **options)
    summary = escape(words["timeline_as_table"])
    html = (
        f'<figure class="soc-figure">{svg}<details><summary>{summary}</summary>'
        f"{timeline_table(items, **options)}</details></figure>"
    )
    return Sheet(html, timeline_text(items, **options))


def _items(
    fits_or_items: Sequence[Fit] | Sequence[TimelineItem],
    labels: Sequence[str],
    voice: str,
    catalog: Catalog | None,
) -> tuple[TimelineItem, ...]:
    fits = [fit for fit in fits_or_items if isinstance(fit, Fit)]
    items = [item for item in fits_or_items if isinstance(item, TimelineItem)]
    drawn = timeline_items(fits, labels, voice=voice, catalog=catalog) if fits else ()
    return (*drawn, *items)


def letter(blocks: Sequence[Block]) -> Sheet:
    """Return a letter as it will read."""
    parts = []
    for is_item, group in groupby(blocks, key=lambda b: b.kind == "item"):
        html = "".join(f"<{TAGS[b.kind]}>{escape(b.text)}</{TAGS[b.kind]}>" for b in group)
        parts.append(f"<ul>{html}</ul>" if is_item else html)
    return Sheet(f'<article class="soc-tale">{"".join(parts)}</article>', markdown(blocks))

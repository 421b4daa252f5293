"""The structure of the criteria and the cross-map at a glance, each as one self-contained SVG.

Nothing depends on colour: a state is a mark, a line and a word, a count is a number. Text and
outlines take the colour of the page, and fills are thin, so that text on them can be read in light
and in dark themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.paper.svg import BLUE, NARROW_LETTER, WIDTH, picture, text_at
from soclib.tables.rows import NO, VOICES, YES
from soclib.trust.choose import categories_of
from soclib.trust.pairs import HeatColumn, StrengthCounts, heat_columns, heat_counts
from soclib.trust.scoping import OPEN, STATES, Scope
from soclib.trust.tables import TRUST
from soclib.words import Words, fill, words_of

LABEL = 292  # of the column of series names in the structure
BOX, STEP, HEIGHT = 62, 67, 24  # a criterion: width, distance to the next, height
ROW, HEAD = 31, 34
NAMES = 300  # of the column of series names in the heat map
CELL = 27  # height of a cell
SMALL = 12.5
LONG = 7  # characters in a cell of the heat map, from which on they are smaller
TOP = 64  # of the heat map, above its first row
FAINTEST, STRONGEST = 0.1, 0.42  # opacity of a fill
STATE_LOOKS = {
    "": 'fill="none" stroke="currentColor" stroke-opacity="0.6"',
    YES: f'fill="{BLUE}" fill-opacity="0.22" stroke="currentColor" stroke-width="2"',
    OPEN: 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="4 3"',
    NO: 'fill="none" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="2 3"',
}


class CategoryBand(NamedTuple):
    """A category in the structure: its heading, its state and its series with their criteria."""

    heading: str
    state: str
    series: dict[str, list[str]]


# --- structure -----------------------------------------------------------------------------------


def category_bands(catalog: Catalog, scope: Scope | None = None) -> tuple[CategoryBand, ...]:
    """Return the categories with their series and criteria, the common criteria first."""
    words = words_of(catalog, VOICES[0])
    states = {c.category_id: c.state for c in scope.categories} if scope else {}
    return tuple(
        _band(catalog, category_id, title, states.get(category_id, ""), words)
        for category_id, title in categories_of(catalog).items()
    )


def _band(catalog: Catalog, category_id: str, title: str, state: str, words: Words) -> CategoryBand:
    rows = [row for row in catalog.part(TRUST).criteria.values() if row.category_id == category_id]
    series: dict[str, list[str]] = {}
    for row in rows:
        series.setdefault(row.series_id, []).append(row.tsc_id)
    common = category_id == catalog.part(TRUST).common
    template = words["trust_band_common" if common else "trust_band"]
    heading = fill(template, {"category": title, "count": str(len(rows))})
    state_text = f": {words[f'trust_state_{state}']}" if state else ""
    return CategoryBand(f"{heading}{state_text}", state, series)


def structure_svg(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return the categories, their series and the 61 criteria as a picture."""
    words = words_of(catalog, VOICES[0])
    parts: list[str] = []
    y = 4
    for band in category_bands(catalog, scope):
        line = y + HEAD - 6
        parts.append(text_at(4, y + 20, band.heading, ' font-weight="700"'))
        parts.append(f'<path d="M4 {line}H{WIDTH - 4}" stroke="currentColor"/>')
        y += HEAD
        for series_id, ids in band.series.items():
            parts += _series(catalog, series_id, ids, scope, y)
            y += ROW
        y += 6
    if scope:
        marks = (f"{_mark(words, state)} {words[f'trust_state_{state}']}" for state in STATES)
        parts.append(text_at(4, y + 16, f"{words['trust_legend']} {', '.join(marks)}"))
        y += ROW
    title, description = structure_title(catalog, scope), structure_text(catalog, scope)
    return picture(title, description, y, parts, seed=f"{title} {description}")


def structure_title(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return what the picture shows: the scope, or how many of each there are."""
    words, trust = words_of(catalog, VOICES[0]), catalog.part(TRUST)
    counted = {
        "categories": categories_of(catalog),
        "series": trust.series,
        "criteria": trust.criteria,
    }
    counts = {name: str(len(rows)) for name, rows in counted.items()}
    template = words["trust_structure_scope" if scope else "trust_structure_title"]
    return fill(template, counts)


def _series(
    catalog: Catalog, series_id: str, ids: list[str], scope: Scope | None, y: int
) -> Iterator[str]:
    words = words_of(catalog, VOICES[0])
    name = f"{series_id} {catalog.part(TRUST).series[series_id].title}"
    yield text_at(4, y + 17, _cut(name, LABEL), f' font-size="{SMALL}"')
    for place, tsc_id in enumerate(ids):
        x, state = LABEL + 8 + place * STEP, scope.states[tsc_id] if scope else ""
        mark = f"{_mark(words, state)} " if state else ""
        yield f'<rect x="{x}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="4" {STATE_LOOKS[state]}/>'
        middle = f' text-anchor="middle" font-size="{SMALL}"'
        yield text_at(x + BOX / 2, y + 17, f"{mark}{tsc_id}", middle)


def structure_text(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return the structure in words, one line per series."""
    lines = []
    for band in category_bands(catalog, scope):
        lines.append(band.heading)
        for series_id, ids in band.series.items():
            lines.append(
                f"  {series_id} {catalog.part(TRUST).series[series_id].title}: {', '.join(ids)}"
            )
    return "\n".join([structure_title(catalog, scope), *lines])


def _mark(words: Words, state: str) -> str:
    return words[f"trust_mark_{state}"]


# --- heat map ------------------------------------------------------------------------------------


def heat_svg(catalog: Catalog) -> str:
    """Return how many pairs of each strength join a series and a part of ISO/IEC 27001."""
    words = words_of(catalog, VOICES[0])
    columns, counts = heat_columns(catalog.part(TRUST)), heat_counts(catalog.part(TRUST))
    wide = (WIDTH - NAMES) / len(columns)
    parts = [
        *_heads(columns, wide, words),
        _grid(len(columns), len(catalog.part(TRUST).series), wide),
    ]
    most = max(sum(count) for count in counts.values())
    y = TOP
    for series_id, series in catalog.part(TRUST).series.items():
        name = _cut(f"{series_id} {series.title}", NAMES - 8)
        parts.append(text_at(4, y + 18, name, f' font-size="{SMALL}"'))
        for at, column in enumerate(columns):
            parts += _cell(NAMES + at * wide, y, wide, counts[series_id, column.column_id], most)
        y += CELL
    parts.append(text_at(4, y + 20, words["trust_heat_legend"]))
    title, description = words["trust_heat_title"], heat_text(catalog)
    return picture(title, description, y + 30, parts, seed=f"{title} {description}")


def _heads(columns: tuple[HeatColumn, ...], wide: float, words: Words) -> Iterator[str]:
    """Yield the names of the columns, below the kind that they belong to."""
    for kind in dict.fromkeys(column.kind for column in columns):
        places = [at for at, column in enumerate(columns) if column.kind == kind]
        left, right = NAMES + places[0] * wide, NAMES + (places[-1] + 1) * wide
        name = words[f"trust_iso_{kind}"]
        yield text_at((left + right) / 2, 18, name, ' text-anchor="middle" font-weight="700"')
        yield f'<path d="M{left + 3:g} 26H{right - 3:g}" stroke="currentColor"/>'
    for at, column in enumerate(columns):
        x = NAMES + (at + 0.5) * wide
        yield text_at(x, 50, column.column_id, ' text-anchor="middle" font-weight="700"')


def _grid(columns: int, rows: int, wide: float) -> str:
    """Return the faint lines between cells, as one path."""
    bottom = TOP + rows * CELL
    across = "".join(f"M{NAMES} {TOP + at * CELL}H{WIDTH}" for at in range(rows + 1))
    down = "".join(f"M{NAMES + at * wide:.1f} {TOP}V{bottom}" for at in range(columns + 1))
    return f'<path d="{across}{down}" stroke="currentColor" stroke-opacity="0.3"/>'


def _cell(x: float, y: int, wide: float, count: StrengthCounts, most: int) -> Iterator[str]:
    """Yield the fill and the number of a cell that has pairs; a strong one has a thick line."""
    if not sum(count):
        return
    opacity = FAINTEST + (STRONGEST - FAINTEST) * sum(count) / most
    line = ' stroke="currentColor" stroke-width="2"' if count[0] else ""
    place = f'x="{x + 2:.1f}" y="{y + 2}" width="{wide - 4:.1f}" height="{CELL - 4}"'
    yield f'<rect {place} fill="{BLUE}" fill-opacity="{opacity:.2f}"{line}/>'
    text = counts_text(count)
    size = SMALL if len(text) < LONG else SMALL - 2
    middle = f' text-anchor="middle" font-size="{size}"'
    yield text_at(x + wide / 2, y + 18, text, middle)


def counts_text(count: StrengthCounts) -> str:
    """Return counts by strength in one cell, the strongest first."""
    return "·".join(map(str, count))


def heat_text(catalog: Catalog) -> str:
    """Return the heat map in words, one line per series."""
    words = words_of(catalog, VOICES[0])
    counts = heat_counts(catalog.part(TRUST))
    lines = [words["trust_heat_title"], words["trust_heat_legend"]]
    for series_id, series in catalog.part(TRUST).series.items():
        cells = (
            f"{column.column_id} {counts_text(counts[series_id, column.column_id])}"
            for column in heat_columns(catalog.part(TRUST))
            if sum(counts[series_id, column.column_id])
        )
        lines.append(f"{series_id} {series.title}: {', '.join(cells) or words['trust_none']}")
    return "\n".join(lines)


# --- parts ---------------------------------------------------------------------------------------


def _cut(text: str, room: float) -> str:
    """Return a text, or as much of it as there is room for, with an ellipsis."""
    most = int(room / (SMALL * NARROW_LETTER))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

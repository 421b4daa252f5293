"""The structure of the criteria and the cross-map at a glance, each as one self-contained SVG.

Nothing rests on colour: a state is a mark, a line and a word, a count is a number. Text and
outlines take the colour of the page, fills are thin, so that text on them reads in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.paper.svg import BLUE, NARROW_LETTER, WIDTH, picture, text_at
from soclib.tables.rows import NO, VOICES, YES
from soclib.trust.choose import categories_of
from soclib.trust.pairs import Count, Group, groups, matrix
from soclib.trust.scoping import OPEN, STATES, Scope
from soclib.trust.tables import TRUST
from soclib.words import Words, fill, words_of

LABEL = 292  # of the column of series names in the structure
BOX, STEP, HIGH = 62, 67, 24  # a criterion: width, distance to the next, height
ROW, HEAD = 31, 34
NAMES = 300  # of the column of series names in the heat map
CELL = 27  # height of a cell
SMALL = 12.5
LONG = 7  # letters in a cell of the heat map, from which they are smaller
TOP = 64  # of the heat map, above its first row
FAINTEST, STRONGEST = 0.1, 0.42  # opacity of a fill
LOOKS = {
    "": 'fill="none" stroke="currentColor" stroke-opacity="0.6"',
    YES: f'fill="{BLUE}" fill-opacity="0.22" stroke="currentColor" stroke-width="2"',
    OPEN: 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="4 3"',
    NO: 'fill="none" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="2 3"',
}


class Band(NamedTuple):
    """A category in the structure: its heading, its state and its series with their criteria."""

    heading: str
    state: str
    series: dict[str, list[str]]


# --- structure -----------------------------------------------------------------------------------


def bands(catalog: Catalog, scope: Scope | None = None) -> tuple[Band, ...]:
    """Return the categories with their series and criteria, the common criteria first."""
    words = words_of(catalog, VOICES[0])
    states = {one.category_id: one.state for one in scope.categories} if scope else {}
    return tuple(
        _band(catalog, category_id, title, states.get(category_id, ""), words)
        for category_id, title in categories_of(catalog).items()
    )


def _band(catalog: Catalog, category_id: str, title: str, state: str, words: Words) -> Band:
    rows = [one for one in catalog.part(TRUST).criteria.values() if one.category_id == category_id]
    series: dict[str, list[str]] = {}
    for one in rows:
        series.setdefault(one.series_id, []).append(one.tsc_id)
    common = category_id == catalog.part(TRUST).common
    template = words["trust_band_common" if common else "trust_band"]
    heading = fill(template, {"category": title, "count": str(len(rows))})
    said = f": {words[f'trust_state_{state}']}" if state else ""
    return Band(f"{heading}{said}", state, series)


def structure_svg(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return the categories, their series and the 61 criteria as a picture."""
    words = words_of(catalog, VOICES[0])
    parts: list[str] = []
    y = 4
    for band in bands(catalog, scope):
        line = y + HEAD - 6
        parts.append(text_at(4, y + 20, band.heading, ' font-weight="700"'))
        parts.append(f'<path d="M4 {line}H{WIDTH - 4}" stroke="currentColor"/>')
        y += HEAD
        for series_id, ids in band.series.items():
            parts += _series(catalog, series_id, ids, scope, y)
            y += ROW
        y += 6
    if scope:
        marks = (f"{_mark(words, one)} {words[f'trust_state_{one}']}" for one in STATES)
        parts.append(text_at(4, y + 16, f"{words['trust_legend']} {', '.join(marks)}"))
        y += ROW
    title, said = structure_title(catalog, scope), structure_text(catalog, scope)
    return picture(title, said, y, parts, seed=f"{title} {said}")


def structure_title(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return what the picture shows: the scope, or how many of each there are."""
    words, trust = words_of(catalog, VOICES[0]), catalog.part(TRUST)
    found = (categories_of(catalog), trust.series, trust.criteria)
    counts = zip(("categories", "series", "criteria"), map(str, map(len, found)), strict=True)
    template = words["trust_structure_scope" if scope else "trust_structure_title"]
    return fill(template, dict(counts))


def _series(
    catalog: Catalog, series_id: str, ids: list[str], scope: Scope | None, y: int
) -> Iterator[str]:
    words = words_of(catalog, VOICES[0])
    name = f"{series_id} {catalog.part(TRUST).series[series_id].title}"
    yield text_at(4, y + 17, _cut(name, LABEL), f' font-size="{SMALL}"')
    for place, tsc_id in enumerate(ids):
        x, state = LABEL + 8 + place * STEP, scope.states[tsc_id] if scope else ""
        mark = f"{_mark(words, state)} " if state else ""
        yield f'<rect x="{x}" y="{y}" width="{BOX}" height="{HIGH}" rx="4" {LOOKS[state]}/>'
        middle = f' text-anchor="middle" font-size="{SMALL}"'
        yield text_at(x + BOX / 2, y + 17, f"{mark}{tsc_id}", middle)


def structure_text(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return the structure in words, one line per series."""
    lines = []
    for band in bands(catalog, scope):
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
    columns, counts = groups(catalog.part(TRUST)), matrix(catalog.part(TRUST))
    wide = (WIDTH - NAMES) / len(columns)
    parts = [
        *_heads(columns, wide, words),
        _grid(len(columns), len(catalog.part(TRUST).series), wide),
    ]
    most = max(sum(count) for count in counts.values())
    y = TOP
    for series_id, one in catalog.part(TRUST).series.items():
        name = _cut(f"{series_id} {one.title}", NAMES - 8)
        parts.append(text_at(4, y + 18, name, f' font-size="{SMALL}"'))
        for at, column in enumerate(columns):
            parts += _cell(NAMES + at * wide, y, wide, counts[series_id, column.group_id], most)
        y += CELL
    parts.append(text_at(4, y + 20, words["trust_heat_legend"]))
    title, said = words["trust_heat_title"], heat_text(catalog)
    return picture(title, said, y + 30, parts, seed=f"{title} {said}")


def _heads(columns: tuple[Group, ...], wide: float, words: Words) -> Iterator[str]:
    """Yield the names of the columns, under what they belong to."""
    for kind in dict.fromkeys(one.kind for one in columns):
        mine = [at for at, one in enumerate(columns) if one.kind == kind]
        left, right = NAMES + mine[0] * wide, NAMES + (mine[-1] + 1) * wide
        name = words[f"trust_iso_{kind}"]
        yield text_at((left + right) / 2, 18, name, ' text-anchor="middle" font-weight="700"')
        yield f'<path d="M{left + 3:g} 26H{right - 3:g}" stroke="currentColor"/>'
    for at, one in enumerate(columns):
        x = NAMES + (at + 0.5) * wide
        yield text_at(x, 50, one.group_id, ' text-anchor="middle" font-weight="700"')


def _grid(columns: int, rows: int, wide: float) -> str:
    """Return the faint lines between cells, as one path."""
    bottom = TOP + rows * CELL
    across = "".join(f"M{NAMES} {TOP + at * CELL}H{WIDTH}" for at in range(rows + 1))
    down = "".join(f"M{NAMES + at * wide:.1f} {TOP}V{bottom}" for at in range(columns + 1))
    return f'<path d="{across}{down}" stroke="currentColor" stroke-opacity="0.3"/>'


def _cell(x: float, y: int, wide: float, count: Count, most: int) -> Iterator[str]:
    """Yield the fill and the number of a cell that has pairs; a strong one has a thick line."""
    if not sum(count):
        return
    opacity = FAINTEST + (STRONGEST - FAINTEST) * sum(count) / most
    line = ' stroke="currentColor" stroke-width="2"' if count[0] else ""
    place = f'x="{x + 2:.1f}" y="{y + 2}" width="{wide - 4:.1f}" height="{CELL - 4}"'
    yield f'<rect {place} fill="{BLUE}" fill-opacity="{opacity:.2f}"{line}/>'
    said = said_count(count)
    size = SMALL if len(said) < LONG else SMALL - 2
    middle = f' text-anchor="middle" font-size="{size}"'
    yield text_at(x + wide / 2, y + 18, said, middle)


def said_count(count: Count) -> str:
    """Return counts by strength in one cell, the strongest first."""
    return "·".join(map(str, count))


def heat_text(catalog: Catalog) -> str:
    """Return the heat map in words, one line per series."""
    words = words_of(catalog, VOICES[0])
    counts = matrix(catalog.part(TRUST))
    lines = [words["trust_heat_title"], words["trust_heat_legend"]]
    for series_id, one in catalog.part(TRUST).series.items():
        cells = (
            f"{column.group_id} {said_count(counts[series_id, column.group_id])}"
            for column in groups(catalog.part(TRUST))
            if sum(counts[series_id, column.group_id])
        )
        lines.append(f"{series_id} {one.title}: {', '.join(cells) or words['trust_none']}")
    return "\n".join(lines)


# --- parts ---------------------------------------------------------------------------------------


def _cut(text: str, room: float) -> str:
    """Return a text, or as much of it as has room, with an ellipsis."""
    most = int(room / (SMALL * NARROW_LETTER))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

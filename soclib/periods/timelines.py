"""What a timeline shows: as records, as an HTML table, as lines of text and as a picture.

The table and the lines say all that the picture shows. The user's texts are escaped where they
become HTML. The picture is one self-contained, accessible SVG; the same items give the same bytes.
Nothing depends on colour: every item has its own shape or pattern and its own caption. Text and
outlines take the colour of the page (``currentColor``), fills are mid-tones that stand out on light
and on dark paper. Captions never overlap: each is put on the first line where it has room.
``periods/periods.js`` draws the same bytes in the browser; tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from math import floor
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import ONE_DAY, PeriodError, add_months
from soclib.paper.svg import BLUE, FONT, NARROW_LETTER, NOT_XML, ORANGE, safe
from soclib.periods.fitting import Fit
from soclib.periods.rules import PeriodRules, period_rules
from soclib.periods.tables import TYPE_2
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import fill, words_of

KINDS = ("fiscal_year", "review_year", "type_2", "type_1", "gap", "bridge")


class TimelineItem(NamedTuple):
    """One thing on a timeline, from its first to its last day, in the row called ``lane``.

    ``kind`` is fiscal_year, review_year, type_2, type_1 (``start`` is its date), gap or bridge.
    """

    kind: str
    lane: str
    start: date
    end: date
    label: str = ""


class TimelineRow(NamedTuple):
    """An item in words; ``days`` counts both ends, and is blank for a date.

    ``caption`` is the item in one line, without its lane.
    """

    lane: str
    what: str
    start: str
    end: str
    days: str
    caption: str


# --- items ---------------------------------------------------------------------------------------


def timeline_items(
    fits: Sequence[Fit],
    labels: Sequence[str] = (),
    *,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> tuple[TimelineItem, ...]:
    """Return what to draw for fits: reports, fiscal years, gaps and the letters that bridge them.

    ``labels`` name the fiscal years, one for each fit. Gaps are in the row of their report, or in
    the row of their fiscal year where there are several.
    """
    names = [*labels, *[""] * (len(fits) - len(labels))]
    named = list(zip(fits, names, strict=True))
    many_years = len({(f.fiscal_year_start, f.fiscal_year_end, name) for f, name in named}) > 1
    reports: list[TimelineItem] = []
    years: list[TimelineItem] = []
    for fit, name in named:
        rules = period_rules(fit.report_id, voice, catalog=catalog)
        report, year = _report_item(rules, fit), _year_item(rules, fit, name)
        gap = _gap_and_letter(fit, year.lane if many_years else report.lane)
        reports += [report, *([] if many_years else gap)]
        years += [year, *(gap if many_years else [])]
    return tuple(dict.fromkeys([*reports, *years]))


def _report_item(rules: PeriodRules, fit: Fit) -> TimelineItem:
    title = next(
        r.title for r in rules.catalog.part(VERDICT).reports if r.report_id == fit.report_id
    )
    type_name = words_of(rules.catalog, rules.voice)[f"first_{fit.type_id}"]
    lane = f"{title} {type_name}, {rules.day(fit.end)}"
    return TimelineItem(fit.type_id, lane, fit.start or fit.end, fit.end)


def _year_item(rules: PeriodRules, fit: Fit, name: str) -> TimelineItem:
    kind = "fiscal_year" if fit.report_id != "soc2" else "review_year"
    words = words_of(rules.catalog, rules.voice)[f"timeline_lane_{kind}"]
    lane = name or fill(words, {"end": rules.day(fit.fiscal_year_end)})
    return TimelineItem(kind, lane, fit.fiscal_year_start, fit.fiscal_year_end)


def _gap_and_letter(fit: Fit, lane: str) -> list[TimelineItem]:
    """Return the gap at the end of a fiscal year, and the letter where one spans it."""
    first = max(fit.end + ONE_DAY, fit.fiscal_year_start)
    if fit.type_id != TYPE_2 or first > fit.fiscal_year_end:
        return []
    gap = TimelineItem("gap", lane, first, fit.fiscal_year_end)
    return [gap, gap._replace(kind="bridge")] if fit.bridgeable else [gap]


# --- words ---------------------------------------------------------------------------------------


def timeline_rows(
    items: Iterable[TimelineItem],
    *,
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> tuple[TimelineRow, ...]:
    """Return items in words, in their order, and ``today`` last when it is given.

    Raises ``PeriodError`` that lists every item of an unknown kind or with its days reversed.
    """
    rules = period_rules(voice=voice, catalog=catalog)
    listed = tuple(items)
    check_items(listed)
    rows = [item_row(rules, item) for item in listed]
    if today:
        what, day = words_of(rules.catalog, voice)["timeline_today"], rules.day(today)
        rows.append(TimelineRow("", what, day, day, "", f"{what}: {day}"))
    return tuple(rows)


def item_row(rules: PeriodRules, item: TimelineItem) -> TimelineRow:
    """Return one item in words."""
    what = words_of(rules.catalog, rules.voice)[f"timeline_{item.kind}"]
    what = f"{what}, {item.label}" if item.label else what
    start, end = rules.day(item.start), rules.day(item.end)
    if item.kind == "type_1":
        return TimelineRow(item.lane, what, start, end, "", f"{what}: {start}")
    days = rules.days((item.end - item.start).days + 1)
    span = words_of(rules.catalog, rules.voice)["timeline_span"]
    dates = fill(span, {"start": start, "end": end, "days": days})
    return TimelineRow(item.lane, what, start, end, days, f"{what}: {dates}")


def check_items(items: Sequence[TimelineItem]) -> None:
    """Raise ``PeriodError`` when there is nothing to draw, or something that cannot be drawn."""
    faults = [] if items else ["there is nothing to draw; give at least one item"]
    for place, item in enumerate(items, start=1):
        if item.kind not in KINDS:
            faults.append(
                f"item {place}: kind {item.kind!r:.40} is unknown; use {', '.join(KINDS)}"
            )
        if item.start > item.end:
            faults.append(f"item {place}: it ends on {item.end}, before its start {item.start}")
    if faults:
        raise PeriodError(faults)


def timeline_text(
    items: Iterable[TimelineItem],
    *,
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> str:
    """Return a timeline as lines of text, one for each item."""
    rows = timeline_rows(items, today=today, voice=voice, catalog=catalog)
    return "\n".join(f"{row.lane}: {row.caption}" if row.lane else row.caption for row in rows)


def timeline_table(
    items: Iterable[TimelineItem],
    *,
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> str:
    """Return a timeline as an HTML table with a caption and header cells."""
    rules = period_rules(voice=voice, catalog=catalog)
    words = words_of(rules.catalog, voice)
    columns = ("lane", "what", "start", "end", "days")
    head = "".join(f'<th scope="col">{escape(words[f"timeline_col_{c}"])}</th>' for c in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row.lane)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:5])
        + "</tr>"
        for row in timeline_rows(items, today=today, voice=voice, catalog=catalog)
    )
    return (
        f'<table class="soc-timeline"><caption>{escape(words["timeline_title"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


# --- the picture ----------------------------------------------------------------------------------


LINE = 18
BAR = 20
LEFT = 190  # the column of row names
STACKED = 640  # in a picture narrower than this, names of rows are above them
ABOVE = 26  # height of such a name
PAD = 10
AXIS = 44  # height of the two lines above the rows
WIDE_LETTER = 1.05  # of the font size, wide enough for any usual face
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600)  # months between marks on the axis
# The letters that are twice as wide as Latin ones: ranges, so that every Python and every browser
# agree on them, and wider than necessary, so that a new Unicode changes nothing.
WIDE = re.compile(
    "[\u1100-\u115f\u231a-\u23ff\u25fd-\u27bf\u2b1b-\u2b55\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3"
    "\uf900-\ufaff\ufe10-\ufe6f\uff01-\uff60\uffe0-\uffe6\U00016fe0-\U0001b2ff\U0001d300-\U0001d37f"
    "\U0001f000-\U0003ffff]"
)
DOT = 8  # from the ends of a letter to its first and last dot
FNV_START, FNV_PRIME = 0x811C9DC5, 0x01000193


class Scale(NamedTuple):
    """Where a day is drawn: ``left`` to ``right`` are the days from ``first`` up to ``stop``."""

    first: date
    stop: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Return the place of the start of a day."""
        share = (day - self.first).days / (self.stop - self.first).days
        return self.left + share * (self.right - self.left)


class Canvas(NamedTuple):
    """What is drawn on: words, scale, and the marks of the axis."""

    rules: PeriodRules
    scale: Scale
    today: date | None
    marks: tuple[tuple[float, str], ...]


def timeline_svg(  # noqa: PLR0913 - one keyword for each thing that a view may set
    items: Iterable[TimelineItem],
    *,
    title: str = "",
    today: date | None = None,
    width: int = 840,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> str:
    """Return a timeline as SVG that fills its place from 700 to 1400 pixels.

    ``width`` is that of the drawing in its own units (letters are 14 high); below 640 the names of
    rows are above them, for a place from 360 pixels. Raises ``PeriodError`` for items that cannot
    be drawn.
    """
    rules = period_rules(voice=voice, catalog=catalog)
    listed = tuple(items)
    check_items(listed)
    name = title or words_of(rules.catalog, voice)["timeline_title"]
    description = timeline_text(listed, today=today, voice=voice, catalog=catalog)
    mark = _mark(f"{name}\n{description}\n{width}")
    scale = _scale(listed, today, width)
    canvas = Canvas(rules, scale, today, _marks(rules, scale))
    rows, height = _rows(canvas, listed)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="100%" '
        f'role="img" aria-labelledby="{mark}-title {mark}-desc" font-size="{FONT}" '
        'font-family="system-ui, sans-serif" fill="currentColor" '
        'style="max-width: 1400px; height: auto; color: inherit">'
    )
    parts = [
        head,
        f'<title id="{mark}-title">{safe(name)}</title>',
        f'<desc id="{mark}-desc">{safe(description)}</desc>',
        *_axis(canvas),
        *rows,
        "</svg>",
    ]
    return "\n".join(parts)


def _drawable(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def _mark(text: str) -> str:
    """Return a short name for a text: FNV-1a over its UTF-8, in hex."""
    value = FNV_START
    for byte in _drawable(text).encode():
        value = (value ^ byte) * FNV_PRIME & 0xFFFFFFFF
    return f"{value:08x}"


def _number(value: float) -> str:
    """Return a number with one decimal at most, halves rounded up."""
    whole, tenth = divmod(floor(value * 10 + 0.5), 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def _width(text: str) -> float:
    """Return an upper estimate of how wide a text is."""
    wide = len(WIDE.findall(text))
    return FONT * (WIDE_LETTER * wide + NARROW_LETTER * (len(text) - wide))


def _cut(text: str, room: float) -> str:
    """Return a text, or as much of it as has room, with an ellipsis."""
    if _width(text) <= room:
        return text
    while text and _width(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip(' ')}…"


# --- the axis ------------------------------------------------------------------------------------


def _scale(items: tuple[TimelineItem, ...], today: date | None, width: int) -> Scale:
    days = [today] if today else []
    first = min([item.start for item in items] + days).replace(day=1)
    last = max([item.end for item in items] + days)
    left = PAD if width < STACKED else LEFT
    return Scale(first, add_months(last.replace(day=1), 1), left, width - PAD)


def _marks(rules: PeriodRules, scale: Scale) -> tuple[tuple[float, str], ...]:
    """Return the places and the words of the marks on the axis, as many as have room."""
    months = (scale.stop.year - scale.first.year) * 12 + scale.stop.month - scale.first.month
    room = _width(f"{max(rules.month_names, key=len)} 0000") + PAD
    each = (scale.right - scale.left) / months
    step = next((step for step in STEPS if step * each >= room), STEPS[-1])
    days = [add_months(scale.first, n) for n in range(months)]
    return tuple(
        (scale.x(day), rules.month(day))
        for day in days
        if (day.year * 12 + day.month - 1) % step == 0
    )


def _axis(canvas: Canvas) -> Iterator[str]:
    scale, today = canvas.scale, canvas.today
    taken = 0.0
    for x, words in canvas.marks:
        if min(x, scale.right - _width(words)) >= taken:  # the last one may lack the room
            yield _text(scale, x, AXIS - 12, words)
            taken = x + _width(words)
    if today:
        words = f"{words_of(canvas.rules.catalog, canvas.rules.voice)['timeline_today']}: "
        yield _text(scale, scale.x(today), FONT, f"{words}{canvas.rules.day(today)}")


def _grid(canvas: Canvas, y: int) -> Iterator[str]:
    """Yield the lines of the axis and of today behind one band of bars, clear of all captions."""
    path = "".join(f"M{_number(x)} {y - 4}v{BAR + 4}" for x, _words in canvas.marks)
    yield f'<path d="{path}" stroke="currentColor" stroke-opacity="0.3"/>'
    if canvas.today:
        yield (
            f'<path d="M{_number(canvas.scale.x(canvas.today))} {y - 4}v{BAR + 4}" '
            'stroke="currentColor" stroke-width="3" stroke-dasharray="3 3"/>'
        )


def _text(scale: Scale, x: float, y: float, words: str, weight: str = "") -> str:
    """Return words that start at a place, or end at the right edge where there is no room."""
    bold = f' font-weight="{weight}"' if weight else ""
    if x + _width(words) > scale.right:
        x, bold = scale.right, f'{bold} text-anchor="end"'
    return f'<text x="{_number(x)}" y="{_number(y)}"{bold}>{safe(words)}</text>'


# --- rows ----------------------------------------------------------------------------------------


def _rows(canvas: Canvas, items: tuple[TimelineItem, ...]) -> tuple[list[str], int]:
    """Return every row as SVG from top to bottom, and where the last one ends."""
    parts: list[str] = []
    y = AXIS
    above = ABOVE if canvas.scale.left < LEFT else 0
    for lane in dict.fromkeys(item.lane for item in items):
        in_lane = [item for item in items if item.lane == lane]
        drawn, height = _lane(canvas, in_lane, y + above)
        parts += [*_lane_name(canvas.scale, lane, y), *drawn]
        y += max(above + height, 2 * LINE) + PAD
    return parts, y


def _lane_name(scale: Scale, lane: str, y: int) -> Iterator[str]:
    """Yield the name of a row: on one or two lines to its left, or on one above it."""
    if scale.left < LEFT:
        yield _text(scale, PAD, y + 15, _cut(lane, scale.right - PAD), "600")
        return
    room = LEFT - 2 * PAD
    words, first = lane.split(" "), ""
    while words and _width(f"{first} {words[0]}".strip(" ")) <= room:
        first = f"{first} {words.pop(0)}".strip(" ")
    lines = [first, " ".join(words)] if first else [lane]
    for place, line in enumerate(lines):
        yield _text(scale, PAD, y + 15 + place * LINE, _cut(line, room), "600")


def _lane(canvas: Canvas, items: list[TimelineItem], top: int) -> tuple[list[str], int]:
    """Return a row as SVG, and its height: bars that overlap in time are below each other."""
    parts: list[str] = []
    y = top
    for band in _bands(items):
        parts += [*(_shape(canvas, item, y) for item in band), *_grid(canvas, y)]
        captions, lines = _captions(canvas, band, y + BAR)
        parts += captions
        y += BAR + lines * LINE + 8
    return parts, y - top


def _bands(items: list[TimelineItem]) -> list[list[TimelineItem]]:
    """Return items in as few bands as possible, so that none overlap within a band."""
    bands: list[list[TimelineItem]] = []
    for item in sorted(items, key=lambda item: item.start):
        for band in bands:
            if band[-1].end < item.start:
                band.append(item)
                break
        else:
            bands.append([item])
    return bands


def _captions(canvas: Canvas, band: list[TimelineItem], top: int) -> tuple[list[str], int]:
    """Return the captions below a band, and on how many lines they are."""
    scale = canvas.scale
    ends: list[float] = []  # of the last caption on each line
    parts = []
    for item in band:
        words = _cut(item_row(canvas.rules, item).caption, scale.right - scale.left)
        x = min(scale.x(item.start), scale.right - _width(words))
        line = next((n for n, end in enumerate(ends) if end + PAD <= x), len(ends))
        ends[line : line + 1] = [x + _width(words)]
        parts.append(_text(scale, scale.x(item.start), top + (line + 1) * LINE - 4, words))
    return parts, len(ends)


# --- shapes --------------------------------------------------------------------------------------


def _shape(canvas: Canvas, item: TimelineItem, y: int) -> str:
    x = canvas.scale.x(item.start)
    if item.kind == "type_1":
        return _diamond(x, y)
    width = max(canvas.scale.x(item.end + ONE_DAY) - x, 2)
    return (
        f'<rect x="{_number(x)}" y="{y}" width="{_number(width)}" height="{BAR}" '
        f'{LOOKS[item.kind]} stroke-width="1.5"/>{_texture(item.kind, x, y, width)}'
    )


def _texture(kind: str, x: float, y: int, width: float) -> str:
    """Return the stripes of a gap or the dots of a letter; nothing for other bars.

    They are dashes of a line. A pattern would need an id, and one page may hold a picture twice.
    """
    if kind == "gap":
        line, look = f"M{_number(x)} {y + BAR // 2}h{_number(width)}", f'stroke="{ORANGE}"'
        return f'<path d="{line}" {look} stroke-width="{BAR}" stroke-dasharray="2 6"/>'
    if kind == "bridge" and width >= BAR:
        rows = (f"M{_number(x + DOT)} {y + row}h{_number(width - 2 * DOT)}" for row in (7, 13))
        look = f'fill="none" stroke="{BLUE}" stroke-linecap="round" stroke-width="3"'
        return f'<path d="{"".join(rows)}" {look} stroke-dasharray="0 8"/>'
    return ""


def _diamond(x: float, y: int) -> str:
    half = BAR // 2
    return (
        f'<path d="M{_number(x)} {y}l{half} {half}l-{half} {half}l-{half} -{half}z" '
        f'fill="{BLUE}" stroke="currentColor" stroke-width="1.5"/>'
    )


# What a bar of each kind looks like.
LOOKS = {
    "fiscal_year": 'fill="none" stroke="currentColor"',
    "review_year": 'fill="none" stroke="currentColor"',
    "type_2": f'rx="3" fill="{BLUE}" stroke="currentColor"',
    "gap": f'fill="none" stroke="{ORANGE}"',
    "bridge": f'rx="{BAR // 2}" fill="none" stroke="{BLUE}"',
}

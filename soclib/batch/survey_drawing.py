"""A vendor list as two pictures: statuses per report, and what each question would settle.

Nothing rests on colour: a status is a mark, a kind of line and a number. Text and outlines take the
colour of the page. Each picture carries its title and, as its description, all that it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple
from zlib import crc32

from soclib.batch.survey import Survey
from soclib.drawing import BLUE, FONT, NARROW_LETTER, NOT_XML
from soclib.explain import fill
from soclib.render import words_of

WIDTH, LABEL, BAR, ROW = 840, 210, 26, 36
SMALL = 12.5
ROOM = 34  # pixels that a mark and a number need
LOOKS = (  # in the order of the statuses
    f'fill="{BLUE}" fill-opacity="0.45" stroke="currentColor" stroke-width="2"',
    'fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="7 3"',
    f'fill="{BLUE}" fill-opacity="0.2" stroke="currentColor"',
    'fill="none" stroke="currentColor" stroke-dasharray="3 3"',
    'fill="currentColor" fill-opacity="0.08" stroke="currentColor" stroke-opacity="0.6"',
)


class Piece(NamedTuple):
    """A part of a bar: how long it is, how it looks, what stands in it and what it says."""

    size: int
    look: str
    mark: str
    said: str


class Bar(NamedTuple):
    """A row of a picture."""

    name: str
    pieces: tuple[Piece, ...]


def needs_bars(survey: Survey) -> tuple[Bar, ...]:
    """Return one bar per report and segment, in parts by status."""
    catalog = survey.catalog
    looks = dict(zip(catalog.statuses, LOOKS, strict=False))
    bars = []
    for report in catalog.reports:
        for segment in survey.parts(report.report_id):
            counts = survey.counts(report.report_id, segment)
            pieces = tuple(
                Piece(
                    counts[key],
                    looks.get(key, LOOKS[-1]),
                    status.mark,
                    f"{status.label} {counts[key]:,}",
                )
                for key, status in catalog.statuses.items()
                if counts.get(key)
            )
            total = sum(piece.size for piece in pieces)
            bars.append(Bar(f"{report.title} {segment}".strip() + f" ({total:,})", pieces))
    return tuple(bars)


def needs_svg(survey: Survey) -> str:
    """Return who needs what as bars."""
    words = words_of(survey.catalog, survey.voice)
    legend = ", ".join(f"{s.mark} {s.label}" for s in survey.catalog.statuses.values())
    title = fill(words["survey_needs_caption"], {"vendors": f"{survey.vendors:,}"})
    return _picture(title, needs_bars(survey), f"{words['survey_legend']} {legend}", share=True)


def inquiry_bars(survey: Survey) -> tuple[Bar, ...]:
    """Return one bar per question: what it settles, and for whom it leaves something open."""
    words = words_of(survey.catalog, survey.voice)
    bars = []
    for one in survey.inquiries:
        settled = round(one.settled)
        pieces = (
            Piece(settled, LOOKS[0], "●", fill(words["survey_settles"], {"count": f"{settled:,}"})),
            Piece(
                one.vendors - settled,
                LOOKS[3],
                "○",
                fill(words["survey_leaves"], {"count": f"{one.vendors - settled:,}"}),
            ),
        )
        question = survey.catalog.criterion(one.criterion_id).questions[survey.voice].question
        bars.append(Bar(question, tuple(piece for piece in pieces if piece.size)))
    return tuple(bars)


def inquiries_svg(survey: Survey) -> str:
    """Return what each question would settle as bars."""
    words = words_of(survey.catalog, survey.voice)
    return _picture(words["survey_ask_caption"], inquiry_bars(survey), words["survey_ask_legend"])


def bars_text(bars: Iterable[Bar]) -> str:
    """Return a picture in words, one line per bar."""
    return "\n".join(f"{bar.name}: {', '.join(p.said for p in bar.pieces)}" for bar in bars)


# --- drawing -----------------------------------------------------------------------------------


def _picture(title: str, bars: Sequence[Bar], legend: str, *, share: bool = False) -> str:
    """Return bars with their title; each is as long as the others where they are shares."""
    totals = [sum(piece.size for piece in bar.pieces) for bar in bars]
    longest = max(totals, default=0)
    parts: list[str] = []
    for place, (bar, total) in enumerate(zip(bars, totals, strict=True)):
        scale = (WIDTH - LABEL - 8) / ((total if share else longest) or 1)
        parts += _bar(bar, place * ROW + 4, scale)
    y = len(bars) * ROW + 24
    parts.append(_text(4, y, legend, f' font-size="{SMALL}"'))
    said = f"{title}\n{bars_text(bars)}"
    mark = f"{crc32(said.encode(errors='replace')):08x}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 12}" width="100%" '
        f'role="img" aria-labelledby="{mark}-title {mark}-desc" font-size="{FONT}" '
        'font-family="system-ui, sans-serif" fill="currentColor" '
        'style="max-width: 1100px; height: auto; color: inherit">'
    )
    names = [
        f'<title id="{mark}-title">{_safe(title)}</title>',
        f'<desc id="{mark}-desc">{_safe(said)}</desc>',
    ]
    return "\n".join([head, *names, *parts, "</svg>"])


def _bar(bar: Bar, y: int, scale: float) -> Iterator[str]:
    for place, line in enumerate(_lines(bar.name)):
        yield _text(4, y + (12 if len(_lines(bar.name)) > 1 else 18) + place * 14, line, _SIZE)
    x = float(LABEL)
    for piece in bar.pieces:
        wide = piece.size * scale
        yield (
            f'<rect x="{x + 1:.1f}" y="{y}" width="{max(wide - 2, 1):.1f}" height="{BAR}" '
            f"{piece.look}><title>{_safe(piece.said)}</title></rect>"
        )
        if wide >= ROOM + len(f"{piece.size:,}") * 7:
            middle = f' text-anchor="middle" font-size="{SMALL}"'
            yield _text(x + wide / 2, y + 18, f"{piece.mark} {piece.size:,}", middle)
        x += wide


_SIZE = f' font-size="{SMALL}"'


def _lines(name: str) -> list[str]:
    """Return a name on one line or two, cut where it is longer."""
    most = int((LABEL - 12) / (SMALL * NARROW_LETTER))
    if len(name) <= most:
        return [name]
    at = name.rfind(" ", 0, most + 1)
    at = at if at > 0 else most
    rest = name[at:].strip()
    return [name[:at], rest if len(rest) <= most else f"{rest[: most - 1].rstrip()}…"]


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{more}>{_safe(words)}</text>'


def _safe(text: str) -> str:
    return escape(NOT_XML.sub("\ufffd", text))

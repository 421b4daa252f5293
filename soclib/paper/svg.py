"""What every picture shares: frame, text, colours, and escaping that keeps it well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from zlib import crc32

FONT = 14  # of a drawing's own units; 840 of them are as wide as the picture
WIDTH = 840
NARROW_LETTER = 0.58  # of the font size, wide enough for most letters of any usual face
BLUE, ORANGE = "#0072B2", "#D55E00"  # each at least 3 : 1 on white and on near black
NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def picture(title: str, description: str, height: float, parts: Iterable[str], seed: str) -> str:
    """Return a picture with its title and its description, which says all that it shows.

    The ids of both are made of ``seed``, so that two pictures on a page do not share them.
    """
    mark = f"{crc32(seed.encode(errors='replace')):08x}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="100%" '
        f'role="img" aria-labelledby="{mark}-title {mark}-desc" font-size="{FONT}" '
        'font-family="system-ui, sans-serif" fill="currentColor" '
        'style="max-width: 1100px; height: auto; color: inherit">'
    )
    names = [
        f'<title id="{mark}-title">{safe(title)}</title>',
        f'<desc id="{mark}-desc">{safe(description)}</desc>',
    ]
    return "\n".join([head, *names, *parts, "</svg>"])


def text_at(x: float, y: float, words: str, more: str = "") -> str:
    """Return words at a place of a picture; ``more`` are further attributes."""
    return f'<text x="{x:g}" y="{y:g}"{more}>{safe(words)}</text>'


def safe(text: str) -> str:
    """Return a text escaped for a picture, without characters that XML cannot hold."""
    return escape(NOT_XML.sub("\ufffd", text))

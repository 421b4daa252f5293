"""The page of a memo: A4 with its styles, and how much of it blocks fill.

Word breaks lines by the widths of letters; counting with the same widths says beforehand how much
fits, without any program that draws pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from soclib.blocks import Block

CM = 72 / 2.54  # points
WIDTH, HEIGHT, MARGIN = 21.0, 29.7, 2.0  # cm
INDENT = 0.4  # cm, of an item
FONT = "Arial"  # and with the same widths Helvetica and Liberation Sans
BOLD = 1.07  # how much wider than plain letters


class Style(NamedTuple):
    """How a kind of block looks: a style that screen readers know, and sizes in points."""

    name: str
    size: float
    line: float
    before: float
    after: float


STYLES = {
    "title": Style("Heading 1", 11.5, 14, 0, 2),
    "heading": Style("Heading 2", 10, 12, 2.5, 0),
    "text": Style("Normal", 9.5, 10.5, 0, 0),
    "item": Style("List Bullet", 9.5, 10.5, 0, 0),
    "fine": Style("Body Text", 8, 9, 1.5, 0),
}
# Thousandths of the size.
WIDTHS = {
    letter: width
    for width, letters in {
        222: "ijl'\u2018\u2019|",
        278: " !,./:;I[]\\ft",
        333: '()-r`“”"·',
        500: "ckszvxyJ",
        611: "FTZ+<=>~",
        667: "ABEKPSVXY&",
        722: "CDHNRUw",
        778: "GOQ",
        833: "mM",
        944: "W%@—…",
    }.items()
    for letter in letters
}
OTHER, FOREIGN = 556, 1000  # the other Latin letters and digits, and the letters of wide scripts


def fill_of(blocks: Iterable[Block]) -> float:
    """Return how much of one page the blocks fill: 1 is a full page."""
    height = sum(
        style.before + lines(one) * style.line + style.after
        for one in blocks
        for style in (STYLES[one.kind],)
    )
    return height / ((HEIGHT - 2 * MARGIN) * CM)


def lines(one: Block) -> int:
    """Return the number of lines of a block when it is broken between words."""
    style = STYLES[one.kind]
    room = (WIDTH - 2 * MARGIN - INDENT * (one.kind == "item")) * CM
    heavy = one.kind in {"title", "heading"}
    number, used = 1, 0.0
    for span in one.spans:
        for word in span.text.split():
            width = _width(word) * style.size / 1000 * (BOLD if heavy or span.strong else 1)
            if used and used + width > room:
                number, used = number + 1, 0.0
            used += width + WIDTHS[" "] * style.size / 1000
            number += int(width // room)
    return number


def _width(word: str) -> int:
    return sum(WIDTHS.get(letter, OTHER if letter < "\u0500" else FOREIGN) for letter in word)

"""Blocks as a .docx on A4 with tight spacing; python-docx loads on first use.

Word breaks lines by the widths of letters. Counting with the same widths tells in advance how much
of a page the blocks fill, without a program that lays out pages.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.errors import missing_library
from soclib.paper.blocks import Block
from soclib.paper.saving import LANGUAGE, STAMP, steady

if TYPE_CHECKING:
    from docx.document import Document

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


def page_filled(blocks: Iterable[Block]) -> float:
    """Return how much of one page the blocks fill: 1 is a full page."""
    height = sum(
        style.before + line_count(paragraph) * style.line + style.after
        for paragraph in blocks
        for style in (STYLES[paragraph.kind],)
    )
    return height / ((HEIGHT - 2 * MARGIN) * CM)


def line_count(paragraph: Block) -> int:
    """Return the number of lines of a block when it is broken between words."""
    style = STYLES[paragraph.kind]
    room = (WIDTH - 2 * MARGIN - INDENT * (paragraph.kind == "item")) * CM
    heavy = paragraph.kind in {"title", "heading"}
    number, used = 1, 0.0
    for span in paragraph.spans:
        for word in span.text.split():
            width = _width(word) * style.size / 1000 * (BOLD if heavy or span.strong else 1)
            if used and used + width > room:
                number, used = number + 1, 0.0
            used += width + WIDTHS[" "] * style.size / 1000
            number += int(width // room)
    return number


def _width(word: str) -> int:
    return sum(WIDTHS.get(letter, OTHER if letter < "\u0500" else FOREIGN) for letter in word)


# --- the file -------------------------------------------------------------------------------------


def docx_bytes(blocks: Sequence[Block], path: str | Path) -> bytes:
    """Return blocks as the content of a .docx, the same bytes in every run.

    Raises ``SaveError`` without python-docx; ``path`` is where the file will go, for that error.
    """
    try:
        import docx  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        package = "python-docx"
        raise missing_library(package, path) from error
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_properties(document, next(part.text for part in blocks if part.kind == "title"))
    for paragraph in blocks:
        _add(document, paragraph)
    packed = io.BytesIO()
    document.save(packed)
    return steady(packed.getvalue())


def _add(document: Document, paragraph: Block) -> None:
    added = document.add_paragraph(style=STYLES[paragraph.kind].name)
    for place, span in enumerate(paragraph.spans):
        added.add_run(f"{' ' if place else ''}{span.text}").bold = span.strong or None


def _set_page(document: Document) -> None:
    from docx.shared import Cm  # noqa: PLC0415 - as above

    page = document.sections[0]
    page.page_width, page.page_height = Cm(WIDTH), Cm(HEIGHT)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)


def _set_styles(document: Document) -> None:
    """Give the template's styles one font, the language, tight spacing and black letters."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415 - as above

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for look in STYLES.values():
        style: Any = document.styles[look.name]
        style.font.name, style.font.size = FONT, Pt(look.size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        _drop_theme_fonts(style)
        layout = style.paragraph_format
        layout.line_spacing = Pt(look.line)
        layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    item = document.styles[STYLES["item"].name].paragraph_format
    item.left_indent, item.first_line_indent = Cm(INDENT), Cm(-INDENT)


def _drop_theme_fonts(style: Any) -> None:  # noqa: ANN401 - a style of python-docx
    """Remove the fonts of the theme, which would override the font's name."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    fonts = style.element.rPr.rFonts
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)


def _set_properties(document: Document, title: str) -> None:
    """Set title and language, for readers and screen readers; leave out when and by whom."""
    properties = document.core_properties
    properties.title, properties.language = title[:255], LANGUAGE
    properties.author = properties.last_modified_by = "soclib"
    properties.comments = ""
    properties.created = properties.modified = STAMP

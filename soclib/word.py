"""Blocks as a .docx of one tight A4 page; python-docx loads on first use."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soclib.blocks import Block
from soclib.page import FONT, HEIGHT, INDENT, MARGIN, STYLES, WIDTH
from soclib.saving import LANGUAGE, STAMP, missing_library, steady

if TYPE_CHECKING:
    from docx.document import Document


def docx_bytes(blocks: Sequence[Block], path: str | Path) -> bytes:
    """Return blocks as the content of a .docx, the same bytes in every run.

    ``path`` is where it will go, for the error: raises ``SaveError`` without python-docx.
    """
    try:
        import docx  # noqa: PLC0415 - optional, and slow to import
    except ImportError as error:
        package = "python-docx"
        raise missing_library(package, path) from error
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    _set_properties(document, next(one.text for one in blocks if one.kind == "title"))
    for one in blocks:
        _add(document, one)
    packed = io.BytesIO()
    document.save(packed)
    return steady(packed.getvalue())


def _add(document: Document, one: Block) -> None:
    paragraph = document.add_paragraph(style=STYLES[one.kind].name)
    for place, span in enumerate(one.spans):
        paragraph.add_run(f"{' ' if place else ''}{span.text}").bold = span.strong or None


def _set_page(document: Document) -> None:
    from docx.shared import Cm  # noqa: PLC0415 - as above

    page = document.sections[0]
    page.page_width, page.page_height = Cm(WIDTH), Cm(HEIGHT)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)


def _set_styles(document: Document) -> None:
    """Give the template's styles one font, the language and tight spacing; black on white."""
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
    """Remove what would win over the font's name."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    fonts = style.element.rPr.rFonts
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)


def _set_properties(document: Document, title: str) -> None:
    """Set what readers and screen readers are told of the document; nothing says when or who."""
    properties = document.core_properties
    properties.title, properties.language = title[:255], LANGUAGE
    properties.author = properties.last_modified_by = "soclib"
    properties.comments = ""
    properties.created = properties.modified = STAMP

"""A document as blocks of words, which one writer turns into Markdown and another into .docx."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# What CommonMark, GitHub and JupyterLab take for markup within a line: signs, formulas, character
# references, and addresses. An underscore inside a word is not markup.
SPECIAL = re.compile(
    r"(?P<sign>[`*\[\]<>|#~$])|(?P<line>(?<![^\W_])_|_(?![^\W_]))|(?P<back>\\)"
    r"|(?P<amp>&(?=#?\w+;))|(?P<colon>:(?=//))|(?P<dot>(?<=www)\.)",
    re.IGNORECASE,
)
MARK = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))")  # at the start of a line: a list, a heading's rule
NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # XML holds none of these


class Span(NamedTuple):
    """Words in one weight."""

    text: str
    strong: bool = False


class Block(NamedTuple):
    """One paragraph: ``kind`` is title, heading, text, item (of a list) or fine (small print)."""

    kind: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """Return the words of the block on one line."""
        return " ".join(span.text for span in self.spans)


def block(kind: str, *parts: str | Span) -> Block:
    """Return a block of the parts that are not blank, each on one line."""
    spans = [part if isinstance(part, Span) else Span(part) for part in parts]
    cleaned = [span._replace(text=_one_line(span.text)) for span in spans]
    return Block(kind, tuple(span for span in cleaned if span.text))


def _one_line(text: str) -> str:
    return NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


START = {"title": "# ", "heading": "## ", "item": "- "}


def markdown(blocks: Iterable[Block]) -> str:
    """Return blocks as Markdown in which no word is taken for markup."""
    lines: list[str] = []
    before = ""
    for paragraph in blocks:
        if before and not before == paragraph.kind == "item":
            lines.append("")
        words = " ".join(_marked(span) for span in paragraph.spans)
        lines.append(START.get(paragraph.kind, "") + MARK.sub(r"\1\\", words))
        before = paragraph.kind
    return "\n".join([*lines, ""])


def _marked(span: Span) -> str:
    text = plain_md(span.text)
    return f"**{text}**" if span.strong else text


def plain_md(text: str) -> str:
    """Return a text in which no character inside a line is taken for Markdown or HTML."""
    return SPECIAL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    """Return a sign with a backslash, or as a reference where a backslash would mislead."""
    # Two backslashes open a formula in JupyterLab; not all parsers know an escaped ampersand.
    references = {"back": "&#92;", "amp": "&amp;"}
    return references.get(str(match.lastgroup), f"\\{match[0]}")

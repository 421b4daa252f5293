"""Tables as escaped HTML and as text, for notebooks and for the views that filter them.

Every table has a caption and header cells. Roles are written out, because rows are laid out as
blocks in a narrow window, and browsers then drop the roles of a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from soclib.paper.styles import sheet_css

Plain = dict[str, Any]  # what JSON can hold


def source_list_html(summary: str, sources: list[Plain]) -> str:
    """Return sources as a list that unfolds under a summary."""
    items = []
    for source in sources:
        title = escape(source["title"])
        if source["url"]:
            title = f'<a href="{escape(source["url"])}" target="_blank" rel="noopener">{title}</a>'
        named = ", ".join(part for part in (source["publisher"], source["as_of"]) if part)
        items.append(f"<li>{title} ({escape(named)})</li>")
    return (
        f'<details class="soc-sources"><summary>{escape(summary)}</summary>'
        f"<ul>{''.join(items)}</ul></details>"
    )


Cells = list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something to look at: HTML in a notebook, the same words as text elsewhere."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return f'<style>{sheet_css()}</style><div class="soc-sheet">{self.html}</div>'

    def __repr__(self) -> str:
        return self.text


def table(caption: str, heads: Cells, rows: list[Cells]) -> Sheet:
    """Return plain cells as a table; the first cell of a row is its header."""
    html = table_html(caption, heads, [[escape(cell) for cell in row] for row in rows], "")
    lines = [
        "\n".join([row[0], *(f"  {h}: {c}" for h, c in zip(heads[1:], row[1:], strict=True))])
        for row in rows
    ]
    return Sheet(html, "\n".join([caption, *lines]))


def table_html(caption: str, heads: Cells, rows: list[Cells], name: str) -> str:
    """Return a table; ``rows`` hold HTML, ``heads`` and ``caption`` text."""
    head = "".join(
        f'<th scope="col" role="columnheader">{escape(text)}</th>'
        if text
        else '<td role="cell"></td>'
        for text in heads
    )
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{first}</th>'
        + "".join(
            f'<td role="cell" data-label="{escape(label)}">{cell}</td>'
            for label, cell in zip(heads[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<table class="soc-table {name}" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )

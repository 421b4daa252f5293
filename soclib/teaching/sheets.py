"""A lesson as a plan to teach from, as it reads on paper, and as blocks to export."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from soclib.catalog import Catalog, load_catalog
from soclib.paper.blocks import Block, markdown
from soclib.paper.sheets import Sheet, table_html
from soclib.teaching.editions import INSTRUCTOR, Edition, Section, edition_blocks, edition_of
from soclib.words import fill


def lesson(lesson_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return the plan of a lesson: minutes from and to, questions, hints and folded answers.

    Raises ``AnswerError`` that names the nearest id.
    """
    return plan_sheet(edition_of(catalog or load_catalog(), lesson_id, INSTRUCTOR))


def edition(lesson_id: str, name: str, catalog: Catalog | None = None) -> tuple[Block, ...]:
    """Return a lesson as blocks: ``name`` is student (no answers, no hints) or instructor.

    Raises ``AnswerError`` that names the nearest id or edition.
    """
    return edition_blocks(edition_of(catalog or load_catalog(), lesson_id, name))


def preview(lesson_id: str, name: str, catalog: Catalog | None = None) -> Sheet:
    """Return a lesson as it reads on paper; raises as ``edition`` does."""
    return edition_sheet(edition_of(catalog or load_catalog(), lesson_id, name))


# --- pages of HTML --------------------------------------------------------------------------------


NARROW = ".soc-plan thead th:first-child { width: 5.5em; }"  # the minutes need little room


def blocks_html(blocks: Iterable[Block]) -> str:
    """Return blocks of a lesson as HTML: paragraphs, and items as lists."""
    parts: list[str] = []
    is_open = False
    for block in blocks:
        if (block.kind == "item") != is_open:
            parts.append("</ul>" if is_open else "<ul>")
            is_open = not is_open
        tag = "li" if block.kind == "item" else "p"
        parts.append(f"<{tag}>{_spans_html(block)}</{tag}>")
    return "".join([*parts, "</ul>" if is_open else ""])


def _spans_html(block: Block) -> str:
    return " ".join(
        f"<b>{escape(span.text)}</b>" if span.strong else escape(span.text) for span in block.spans
    )


def edition_sheet(edition: Edition) -> Sheet:
    """Return an edition as it reads on paper, without the lines to write on."""
    title, *rest = edition_blocks(edition)
    parts = [f"<h3>{escape(title.text)}</h3>"]
    for is_heading, group in groupby(rest, key=lambda block: block.kind == "heading"):
        blocks = list(group)
        heads = "".join(f"<h4>{escape(block.text)}</h4>" for block in blocks)
        parts.append(heads if is_heading else blocks_html(blocks))
    html = f'<article class="soc-tale">{"".join(parts)}</article>'
    return Sheet(html, markdown([title, *rest]))


def plan_sheet(edition: Edition) -> Sheet:
    """Return an instructor's edition as a plan: a row per step, whose hint and answer unfold."""
    words, lesson = edition.words, edition.lesson
    caption = fill(words["teach_plan"], {"title": lesson.title})
    intro = "".join(
        f"<p><b>{escape(label)}:</b> {escape(text)}</p>" for label, text in edition.intro
    )
    heads = [words["teach_when"], words["teach_step"], words["teach_on_screen"]]
    rows = [_row(edition, section) for section in edition.sections]
    table = table_html(caption, heads, rows, "soc-plan")
    html = f'<style>{NARROW}</style><div class="soc-hint">{intro}</div>{table}'
    lines = [caption, *(f"{label}: {text}" for label, text in edition.intro)]
    for section in edition.sections:
        lines += _lines(edition, section)
    return Sheet(html, "\n".join(lines))


def _row(edition: Edition, section: Section) -> list[str]:
    words = edition.words
    kind = words[f"teach_kind_{section.kind}"]
    ask = f"<p>{escape(section.ask)}</p>" if section.ask else ""
    name = "teach_fold" if section.answer else "teach_fold_hint"
    fold = fill(words[name], {"title": section.title})
    answer = f"<p><b>{escape(words['teach_answer'])}:</b></p>" if section.answer else ""
    what = (
        f"<b>{escape(kind)}: {escape(section.title)}</b>{ask}"
        f"<details><summary>{escape(fold)}</summary><p><b>{escape(words['teach_say'])}:</b> "
        f"{escape(section.say)}</p>{answer}{blocks_html(section.answer)}</details>"
    )
    return [f"{section.start}-{section.end}", what, blocks_html(section.on_screen)]


def _lines(edition: Edition, section: Section) -> list[str]:
    words = edition.words
    head = f"{section.start}-{section.end} {words[f'teach_kind_{section.kind}']}: {section.title}"
    parts = [(words["teach_question"], section.ask), (words["teach_say"], section.say)]
    answers = [(words["teach_answer"], block.text) for block in section.answer]
    return [head, *(f"  {label}: {text}" for label, text in (*parts, *answers) if text)]

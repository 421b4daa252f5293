"""An edition of a lesson as a notebook: questions with room below them, or with the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from soclib.blocks import Block, Span, block, markdown
from soclib.lesson_editions import Edition, Section

Cell = dict[str, Any]
PANEL = "import soclib\n\nsoclib.panel()"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_bytes(edition: Edition) -> bytes:
    """Return an edition as the content of an .ipynb, the same bytes in every run."""
    book = {
        "cells": list(_cells(edition)),
        "metadata": METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _cells(edition: Edition) -> Iterator[Cell]:
    words = edition.words
    intro = [block("text", Span(f"{label}:", strong=True), text) for label, text in edition.intro]
    yield _prose("title", block("title", edition.title), *intro)
    for section in edition.sections:
        yield from _section_cells(edition, section)
    sources = [block("item", source) for source in edition.sources]
    heading = block("heading", words["teach_sources"])
    yield _prose("sources", heading, *sources, block("fine", edition.fine))


def _section_cells(edition: Edition, section: Section) -> Iterator[Cell]:
    """Yield the cells of one step; a student's has an empty one to answer in."""
    words, name = edition.words, section.step_id
    kind = block("fine", f"{words[f'teach_kind_{section.kind}']}. {edition.clock(section)}.")
    heading = block("heading", section.title)
    asked = [_labelled(words["teach_question"], section.ask)] if section.ask else []
    yield _prose(name, heading, kind, *section.shown, *asked)
    if section.live:
        yield _code(f"{name}-panel", PANEL)
    if section.say:
        yield _prose(f"{name}-say", _labelled(words["teach_say"], section.say))
    if section.answer:
        label = block("text", Span(f"{words['teach_answer']}:", strong=True))
        yield _prose(f"{name}-answer", label, *section.answer)
    elif section.ask:
        room = block("text", Span(f"{words['teach_room']}:", strong=True))
        yield _prose(f"{name}-room", room)


def _labelled(label: str, text: str) -> Block:
    return block("text", Span(f"{label}:", strong=True), text)


def _prose(cell_id: str, *blocks: Block) -> Cell:
    return {
        "cell_type": "markdown",
        "id": cell_id,
        "metadata": {},
        "source": markdown(blocks).rstrip("\n").splitlines(keepends=True),
    }


def _code(cell_id: str, source: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }

"""Write the editions of lessons: slides, hand-outs and notebooks, each file whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, SaveError, did_you_mean
from soclib.paper.blocks import Block, Span, block, markdown
from soclib.paper.saving import STAMP, write_whole
from soclib.teaching.editions import EDITIONS, Edition, Section, edition_of
from soclib.teaching.tables import TEACHING
from soclib.teaching.view import handout_html, slides_html

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--generate-pdf-document-outline",
)
SECONDS = 120  # a page takes about two; a machine may be busy
DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def find_browser() -> str:
    """Return the path of an installed Chromium; raises ``SaveError`` that says what to install."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    message = (
        "no PDF: it is printed by Chromium, and none is on this machine; install chromium "
        "(Debian, Ubuntu: apt-get install chromium), or print the slides from any browser"
    )
    raise SaveError(message)


def pdf_bytes(html: str) -> bytes:
    """Return a page of HTML as a PDF, the same bytes for the same page and browser.

    Raises ``SaveError`` where there is no Chromium, and where it prints nothing.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="soclib-") as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        complaint = _print(browser, folder, page, printed)
        if not printed.is_file():
            message = (
                f"no PDF: {browser} printed nothing: {complaint[-300:] or 'it did not say why'}"
            )
            raise SaveError(message)
        return DATES.sub(_undated, printed.read_bytes())


def _print(browser: str, folder: str, page: Path, printed: Path) -> str:
    """Print a page to a file, and return what the browser complained about."""
    # Chromium refuses its sandbox to root, as in a container; the page is ours and loads nothing.
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    command = [browser, *FLAGS, *root, f"--user-data-dir={folder}/profile"]
    try:
        done = subprocess.run(  # noqa: S603 - our own page, in a browser found on PATH
            [*command, f"--print-to-pdf={printed}", page.as_uri()],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stderr.strip()


def _undated(match: re.Match[bytes]) -> bytes:
    """Return a fixed date in place of one in a PDF, of the same length, as offsets count bytes."""
    stamp = f"/{match[1].decode()} (D:{STAMP:%Y%m%d%H%M%S}+00'00'"
    return stamp.encode()[: len(match[0]) - 1].ljust(len(match[0]) - 1) + b")"


# --- as a notebook --------------------------------------------------------------------------------


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
    yield _prose("sources", heading, *sources, block("fine", edition.fine_print))


def _section_cells(edition: Edition, section: Section) -> Iterator[Cell]:
    """Yield the cells of one step; a student's edition has an empty one to answer in."""
    words, name = edition.words, section.step_id
    kind = block("fine", f"{words[f'teach_kind_{section.kind}']}. {edition.clock(section)}.")
    heading = block("heading", section.title)
    question = [_labelled(words["teach_question"], section.ask)] if section.ask else []
    yield _prose(name, heading, kind, *section.on_screen, *question)
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


# --- all editions, each file whole or not at all --------------------------------------------------


ALL = "all"


class FileForm(NamedTuple):
    """A kind of file for an edition: how its name ends, and how its content is made."""

    ending: str
    content: Callable[[Edition, Catalog], bytes]


FILE_FORMS = {
    "html": FileForm(
        "slides.html", lambda edition, catalog: slides_html(edition, catalog).encode()
    ),
    "ipynb": FileForm("notebook.ipynb", lambda edition, _catalog: notebook_bytes(edition)),
    "pdf": FileForm("handout.pdf", lambda edition, _catalog: pdf_bytes(handout_html(edition))),
}


class WrittenEditions(NamedTuple):
    """The files that were written, and a sentence for each form that could not be made."""

    paths: tuple[Path, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*(path.as_posix() for path in self.paths), *self.missing])


def write_editions(
    folder: str | Path,
    lesson_id: str | None = None,
    form: str = ALL,
    *,
    catalog: Catalog | None = None,
) -> WrittenEditions:
    """Write both editions of a lesson, or of all, into a folder, and return what was written.

    ``form`` is html (slides), pdf (hand-out), ipynb (notebook) or all of them. Where one form
    cannot be made on this machine, the others are written and ``missing`` says why. Raises
    ``AnswerError`` that names the nearest id or form.
    """
    catalog = catalog or load_catalog()
    if form not in (ALL, *FILE_FORMS):
        raise AnswerError(did_you_mean("form", form, (ALL, *FILE_FORMS)))
    lesson_ids = list(catalog.part(TEACHING).lessons) if lesson_id is None else [lesson_id]
    editions = [edition_of(catalog, key, name) for key in lesson_ids for name in EDITIONS]
    paths: list[Path] = []
    missing: list[str] = []
    for file_form in FILE_FORMS.values() if form == ALL else [FILE_FORMS[form]]:
        try:
            paths.extend(_write(Path(folder), file_form, editions, catalog))
        except SaveError as error:
            missing.append(str(error))
    return WrittenEditions(tuple(sorted(paths)), tuple(missing))


def _write(
    folder: Path, form: FileForm, editions: list[Edition], catalog: Catalog
) -> Iterator[Path]:
    for edition in editions:
        name = f"{edition.lesson.lesson_id}_{edition.name}_{form.ending}"
        yield write_whole(folder / name, form.content(edition, catalog))

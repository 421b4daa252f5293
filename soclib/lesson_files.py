"""Write the editions of lessons: slides, hand-outs and notebooks, each file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from soclib.decision import AnswerError, unknown
from soclib.lesson_editions import EDITIONS, Edition, edition_of
from soclib.lesson_notebooks import notebook_bytes
from soclib.lesson_pdf import pdf_bytes
from soclib.model import Catalog
from soclib.saving import SaveError, write_whole
from soclib.tables import load_catalog
from soclib.widgets.lesson_pages import handout_html, slides_html

ALL = "all"


class Form(NamedTuple):
    """A form of an edition: how its file name ends, and how its content is made."""

    ending: str
    content: Callable[[Edition, Catalog], bytes]


FORMS = {
    "html": Form("slides.html", lambda edition, catalog: slides_html(edition, catalog).encode()),
    "ipynb": Form("notebook.ipynb", lambda edition, _catalog: notebook_bytes(edition)),
    "pdf": Form("handout.pdf", lambda edition, _catalog: pdf_bytes(handout_html(edition))),
}


class Written(NamedTuple):
    """The files that were written, and one sentence for each form that could not be made."""

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
) -> Written:
    """Write both editions of a lesson, or of all, into a folder, and return what was written.

    ``form`` is html (slides), pdf (hand-out), ipynb (notebook) or all of them. Where one form
    cannot be made on this machine, the others are written and ``missing`` says why. Raises
    ``AnswerError`` that names the nearest id or form.
    """
    catalog = catalog or load_catalog()
    if form not in (ALL, *FORMS):
        raise AnswerError(unknown("form", form, (ALL, *FORMS)))
    wanted = list(catalog.teaching.lessons) if lesson_id is None else [lesson_id]
    editions = [edition_of(catalog, one, name) for one in wanted for name in EDITIONS]
    paths: list[Path] = []
    missing: list[str] = []
    for made in FORMS.values() if form == ALL else [FORMS[form]]:
        try:
            paths.extend(_write(Path(folder), made, editions, catalog))
        except SaveError as error:
            missing.append(str(error))
    return Written(tuple(sorted(paths)), tuple(missing))


def _write(folder: Path, form: Form, editions: list[Edition], catalog: Catalog) -> Iterator[Path]:
    for edition in editions:
        name = f"{edition.lesson.lesson_id}_{edition.name}_{form.ending}"
        yield write_whole(folder / name, form.content(edition, catalog))

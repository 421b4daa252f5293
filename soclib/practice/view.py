"""A round of practice: one question at a time, by keyboard alone, graded by the kernel.

The controls are ipywidgets' own lists and boxes, each with a name. What is said about an answer is
a status, so that a screen reader reads it out. Before any kernel runs, the saved notebook shows an
example with its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from soclib.catalog import Catalog
from soclib.errors import SaveError
from soclib.paper.styles import sheet_css
from soclib.practice.grading import Response, Round, check, go_on
from soclib.practice.items import ItemField, PracticeItem, practice_text
from soclib.practice.progress import Progress
from soclib.practice.quizzes import KINDS, prepare_round
from soclib.practice.sheets import (
    example,
    feedback,
    heading,
    letter,
    listed_html,
    progress_line,
    question_html,
    summary,
)
from soclib.views.standin import show_live

# Long names are above their list, in full.
STYLE = (
    ".soc-practice .widget-dropdown{flex-direction:column;align-items:stretch;width:auto;"
    "max-width:46em;height:auto;margin:8px 2px}"
    ".soc-practice .widget-dropdown>label{width:auto;max-width:none;height:auto;text-align:left;"
    "white-space:normal;line-height:1.4;font-weight:600;color:var(--jp-ui-font-color1)}"
    ".soc-practice .widget-dropdown>select{flex:0 0 auto;height:32px;max-width:100%}"
    ".soc-practice .widget-checkbox{width:auto;min-height:28px;height:auto}"
)


class PracticeRound(widgets.VBox):
    """Ask the questions of a round one after the other; ``round`` is how far the learner is."""

    def __init__(
        self,
        items: tuple[PracticeItem, ...],
        example_item: PracticeItem,
        *,
        progress: Progress | None = None,
        path: str | Path | None = None,
        today: date | None = None,
    ) -> None:
        self.catalog = items[0].catalog
        self.round = Round(items)
        self.progress, self.path, self.today = progress or Progress(), path, today
        self.example_item = example_item
        self.place, self.question, self.status = (widgets.HTML() for _ in range(3))
        self.form = widgets.VBox()
        self.inputs: dict[str, list[Any]] = {}
        self.check = self._button("check", self._check)
        self.next = self._button("next", self._go_on)
        self.again = self._button("again", self._again)
        self.again.layout.display = "none"
        hint = widgets.HTML(f'<p class="soc-hint">{escape(self._text("hint"))}</p>')
        buttons = widgets.HBox(
            (self.check, self.next, self.again), layout={"flex_flow": "row wrap"}
        )
        super().__init__([hint, self.place, self.question, self.form, buttons, self.status])
        self.add_class("soc-live")
        self.add_class("soc-practice")
        self._show()

    def _text(self, text_id: str, **parts: str) -> str:
        return practice_text(self.catalog, text_id, **parts)

    def _button(self, name: str, act: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(description=self._text(name), layout={"width": "auto"})
        button.on_click(lambda _: act())
        return button

    # --- what is shown ------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the present question, or how the questions ended."""
        item = self.round.item
        self.place.value = f"<p><b>{escape(progress_line(self.round))}</b></p>"
        if item is None:
            self._show_end()
            return
        self.question.value = _page_html(question_html(item))
        self.inputs = {
            field.field_id: _inputs(field, self._text("choose")) for field in item.fields
        }
        children: list[Any] = []
        listed = listed_html(item.fields)
        for field in item.fields:
            if field.field_id in listed:
                children.append(widgets.HTML(_page_html(listed[field.field_id])))
            children += [widgets.HTML(_legend(field))] if field.many else []
            children += self.inputs[field.field_id]
        self.form.children = children
        self.again.layout.display = "none"

    def _show_end(self) -> None:
        self.inputs, self.form.children = {}, ()
        self.question.value = _page_html(summary(self.round).html)
        self.again.layout.display = "" if self.round.again() else "none"
        if not self.round.again():
            self._say(self._text("nothing_again"))

    def _say(self, text: str, html: str = "") -> None:
        """Say something as a status; the details below it are read on demand."""
        status = f'<p role="status"><b>{escape(text)}</b></p>'
        self.status.value = f"{status}{_page_html(html)}" if html else status

    # --- answering ----------------------------------------------------------------------------

    @property
    def response(self) -> Response:
        """Return what is chosen now, by field."""
        item = self.round.item
        fields = item.fields if item else ()
        chosen: dict[str, str | tuple[str, ...]] = {}
        for field in fields:
            controls = self.inputs[field.field_id]
            if field.many:
                pairs = zip(field.options, controls, strict=True)
                chosen[field.field_id] = tuple(o.option_id for o, box in pairs if box.value)
            elif controls[0].value is not None:
                chosen[field.field_id] = controls[0].value
        return chosen

    def _check(self) -> None:
        """Say how the question was answered; only the first of both tries is kept."""
        item = self.round.item
        if item is None:
            return
        response = self.response
        # A field of boxes may rightly be left empty; a list may not.
        if not any(response.values()) and not any(field.many for field in item.fields):
            self._say(self._text("answer_first"))
            return
        first = self.round.tries == 0
        self.round, graded = check(self.round, response)
        last = self.round.settled
        verdict = heading(self.catalog, graded, last=last)
        note = self._keep(item, right=graded.right) if first else ""
        self._say(f"{verdict} {note}".strip(), feedback(item, graded, last=last).html)

    def _keep(self, item: PracticeItem, *, right: bool) -> str:
        """Keep the first answer, and return what to say about that."""
        self.progress = self.progress.answered(item.item_id, right=right, today=self._day())
        if self.path is None:
            return ""
        try:
            self.progress.save(self.path)
        except SaveError as error:
            return str(error)
        return self._text("kept", file=Path(self.path).name)

    def _day(self) -> date:
        return self.today or date.today()  # noqa: DTZ011 - the day on the user's clock

    def _go_on(self) -> None:
        if self.round.item is None:
            return
        self.round = go_on(self.round)
        self._say(progress_line(self.round))
        self._show()

    def _again(self) -> None:
        """Begin a round of the questions that were not right at the first try."""
        self.round = Round(self.round.again())
        self._say(progress_line(self.round))
        self._show()

    # --- as text ------------------------------------------------------------------------------

    def __str__(self) -> str:
        item = self.round.item
        return f"{progress_line(self.round)}\n{item or summary(self.round).text}"

    def _ipython_display_(self) -> None:
        """Show an example with its answers, for readers without a kernel, then the round."""
        sheet = example(self.example_item)
        note = f'<p class="soc-hint">{escape(self._text("standby"))}</p>'
        page = _page_html(f"{note}{sheet.html}")
        show_live(self, page, says=f"{self._text('standby')}\n{sheet.text}")


def begin(  # noqa: PLR0913 - one keyword for each choice
    seed: int = 1,
    count: int = 6,
    kinds: Iterable[str] = KINDS,
    difficulty: int = 2,
    topic: str | None = None,
    *,
    progress: str | Path | None = None,
    today: date | None = None,
    catalog: Catalog | None = None,
) -> PracticeRound:
    """Return a round of ``count`` questions to answer one after the other.

    ``seed``, ``kinds``, ``difficulty`` and ``topic`` choose the questions as in ``quiz``.
    ``progress`` is a file that keeps what was right and wrong: questions that are due on ``today``
    (by default the day on the user's clock) come first. Raises ``PracticeError`` as ``quiz`` does,
    and ``ProgressError`` for a file that cannot be used.
    """
    prepared = prepare_round(
        *(seed, count, kinds, difficulty, topic), progress=progress, today=today, catalog=catalog
    )
    return PracticeRound(
        prepared.items, prepared.example, progress=prepared.progress, path=progress, today=today
    )


practise = begin  # for the wrapper in ``soclib``; goes with it


def _page_html(html: str) -> str:
    return f'<style>{sheet_css()}{STYLE}</style><div class="soc-sheet">{html}</div>'


def _legend(field: ItemField) -> str:
    return f"<p><b>{escape(field.label)}</b></p>"


def _inputs(field: ItemField, choose: str) -> list[Any]:
    """Return the controls of a field: one list, or a box for each option."""
    if field.many:
        return [
            widgets.Checkbox(description=option.label, indent=False, layout={"width": "auto"})
            for option in field.options
        ]
    options = [(letter(field, n), option.option_id) for n, option in enumerate(field.options)]
    return [widgets.Dropdown(description=field.label, options=[(choose, None), *options])]

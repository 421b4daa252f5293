"""A round of practice: one question at a time, by keyboard alone, graded by the kernel.

The controls are ipywidgets' own lists and boxes, each with a name. What is said about an answer is
a status, so that a screen reader tells it. Before any kernel runs, the saved notebook shows an
example with its answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from soclib.errors import SaveError
from soclib.paper.styles import sheet_css
from soclib.practice.asking import Field, Item, word
from soclib.practice.grading import Response, Round, check, go_on
from soclib.practice.progress import Progress
from soclib.practice.quizzes import round_of
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

# Long names stand above their list, in full.
STYLE = (
    ".soc-practice .widget-dropdown{flex-direction:column;align-items:stretch;width:auto;"
    "max-width:46em;height:auto;margin:8px 2px}"
    ".soc-practice .widget-dropdown>label{width:auto;max-width:none;height:auto;text-align:left;"
    "white-space:normal;line-height:1.4;font-weight:600;color:var(--jp-ui-font-color1)}"
    ".soc-practice .widget-dropdown>select{flex:0 0 auto;height:32px;max-width:100%}"
    ".soc-practice .widget-checkbox{width:auto;min-height:28px;height:auto}"
)


class PracticeRound(widgets.VBox):
    """Ask the questions of a round one after the other; ``turn`` is where the learner is."""

    def __init__(
        self,
        items: tuple[Item, ...],
        shown: Item,
        *,
        kept: Progress | None = None,
        path: str | Path | None = None,
        today: date | None = None,
    ) -> None:
        self.catalog = items[0].catalog
        self.turn = Round(items)
        self.kept, self.path, self.today = kept or Progress(), path, today
        self.shown = shown
        self.place, self.question, self.said = (widgets.HTML() for _ in range(3))
        self.form = widgets.VBox()
        self.inputs: dict[str, list[Any]] = {}
        self.check = self._button("check", self._check)
        self.next = self._button("next", self._go_on)
        self.again = self._button("again", self._again)
        self.again.layout.display = "none"
        hint = widgets.HTML(f'<p class="soc-hint">{escape(self._word("hint"))}</p>')
        buttons = widgets.HBox(
            (self.check, self.next, self.again), layout={"flex_flow": "row wrap"}
        )
        super().__init__([hint, self.place, self.question, self.form, buttons, self.said])
        self.add_class("soc-live")
        self.add_class("soc-practice")
        self._show()

    def _word(self, text_id: str, **parts: str) -> str:
        return word(self.catalog, text_id, **parts)

    def _button(self, name: str, act: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(description=self._word(name), layout={"width": "auto"})
        button.on_click(lambda _: act())
        return button

    # --- what is shown ------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the question before the learner, or what came of the round."""
        item = self.turn.item
        self.place.value = f"<p><b>{escape(progress_line(self.turn))}</b></p>"
        if item is None:
            self._show_end()
            return
        self.question.value = _sheet(question_html(item))
        self.inputs = {
            field.field_id: _inputs(field, self._word("choose")) for field in item.fields
        }
        children: list[Any] = []
        listed = listed_html(item.fields)
        for field in item.fields:
            if field.field_id in listed:
                children.append(widgets.HTML(_sheet(listed[field.field_id])))
            children += [widgets.HTML(_legend(field))] if field.many else []
            children += self.inputs[field.field_id]
        self.form.children = children
        self.again.layout.display = "none"

    def _show_end(self) -> None:
        self.inputs, self.form.children = {}, ()
        self.question.value = _sheet(summary(self.turn).html)
        self.again.layout.display = "" if self.turn.again() else "none"
        if not self.turn.again():
            self._say(self._word("nothing_again"))

    def _say(self, text: str, html: str = "") -> None:
        """Say something as a status; the details beside it are read on demand."""
        status = f'<p role="status"><b>{escape(text)}</b></p>'
        self.said.value = f"{status}{_sheet(html)}" if html else status

    # --- answering ----------------------------------------------------------------------------

    @property
    def response(self) -> Response:
        """Return what is chosen now, by field."""
        item = self.turn.item
        fields = item.fields if item else ()
        found: dict[str, str | tuple[str, ...]] = {}
        for field in fields:
            controls = self.inputs[field.field_id]
            if field.many:
                pairs = zip(field.options, controls, strict=True)
                found[field.field_id] = tuple(o.option_id for o, box in pairs if box.value)
            elif controls[0].value is not None:
                found[field.field_id] = controls[0].value
        return found

    def _check(self) -> None:
        """Say how the question was answered; both chances count, the first is kept."""
        item = self.turn.item
        if item is None:
            return
        response = self.response
        # A field of boxes may rightly be left empty; a list may not.
        if not any(response.values()) and not any(field.many for field in item.fields):
            self._say(self._word("answer_first"))
            return
        first = self.turn.tries == 0
        self.turn, given = check(self.turn, response)
        last = self.turn.settled
        said = heading(self.catalog, given, last=last)
        kept = self._keep(item, right=given.right) if first else ""
        self._say(f"{said} {kept}".strip(), feedback(item, given, last=last).html)

    def _keep(self, item: Item, *, right: bool) -> str:
        """Keep the first answer, and return what to say about that."""
        self.kept = self.kept.answered(item.item_id, right=right, today=self._day())
        if self.path is None:
            return ""
        try:
            self.kept.save(self.path)
        except SaveError as error:
            return str(error)
        return self._word("kept", file=Path(self.path).name)

    def _day(self) -> date:
        return self.today or date.today()  # noqa: DTZ011 - the day on the learner's own clock

    def _go_on(self) -> None:
        if self.turn.item is None:
            return
        self.turn = go_on(self.turn)
        self._say(progress_line(self.turn))
        self._show()

    def _again(self) -> None:
        """Begin a round of what was not right at the first try."""
        self.turn = Round(self.turn.again())
        self._say(progress_line(self.turn))
        self._show()

    # --- as text ------------------------------------------------------------------------------

    def __str__(self) -> str:
        item = self.turn.item
        return f"{progress_line(self.turn)}\n{item or summary(self.turn).text}"

    def _ipython_display_(self) -> None:
        """Show an example with its answers, for readers without a kernel, then the round."""
        shown = example(self.shown)
        note = f'<p class="soc-hint">{escape(self._word("standby"))}</p>'
        page = _sheet(f"{note}{shown.html}")
        show_live(self, page, says=f"{self._word('standby')}\n{shown.text}")


def practise(
    seed: int,
    count: int,
    *,
    progress: str | Path | None = None,
    today: date | None = None,
    **how: Any,  # noqa: ANN401 - kinds, difficulty, topic and catalog
) -> PracticeRound:
    """Return a round to answer; see ``soclib.practice.round_of``, whose errors it raises."""
    made = round_of(seed, count, progress=progress, today=today, **how)
    return PracticeRound(made.items, made.example, kept=made.kept, path=progress, today=today)


def _sheet(html: str) -> str:
    return f'<style>{sheet_css()}{STYLE}</style><div class="soc-sheet">{html}</div>'


def _legend(field: Field) -> str:
    return f"<p><b>{escape(field.label)}</b></p>"


def _inputs(field: Field, choose: str) -> list[Any]:
    """Return the controls of a field: one list, or a box for each option."""
    if field.many:
        return [
            widgets.Checkbox(description=option.label, indent=False, layout={"width": "auto"})
            for option in field.options
        ]
    options = [(letter(field, n), one.option_id) for n, one in enumerate(field.options)]
    return [widgets.Dropdown(description=field.label, options=[(choose, None), *options])]

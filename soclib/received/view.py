"""A form for one report received: one line for each answer, and the worksheet below them.

The controls are ipywidgets' own, all of them reached by keyboard and named; what is shown is one
HTML table. Before any kernel runs, the saved notebook shows the worksheet as it was.
"""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from soclib.catalog import Catalog, load_catalog
from soclib.paper.styles import sheet_css
from soclib.received.concluding import Received, conclude
from soclib.received.inputs import NAMES, ReportError
from soclib.received.sheets import worksheet
from soclib.received.tables import BUYER, CHOICE, DAY, DERIVED, RECEIVED, ReceivedInput
from soclib.views.standin import show_live
from soclib.words import Words, words_of

WHEN_COMPLETE = {"continuous_update": False}  # a text counts once it is entered, not while typed
WIDE = {"style": {"description_width": "min(20em, 50%)"}, "layout": {"width": "min(46em, 98%)"}}


def form(report: Received | None = None, *, catalog: Catalog | None = None) -> ReceivedForm:
    """Return a form for one report received: empty, or filled in with what is known of a report.

    A report brings its own tables; ``catalog`` is for an empty form.
    """
    return ReceivedForm(report, catalog=catalog)


class ReceivedForm(widgets.VBox):
    """Fill in the twelve checks on a report; ``report`` is the conclusion so far.

    ``inputs`` are the controls by the names that ``soclib.received.conclude`` takes. If something
    cannot be read, ``said`` says why, and ``report`` stays as it was.
    """

    def __init__(self, report: Received | None = None, *, catalog: Catalog | None = None) -> None:
        self.catalog = report.catalog if report else catalog or load_catalog()
        self.report = report or conclude(catalog=self.catalog)
        words = self.words = words_of(self.catalog, BUYER)
        filled = self.report.filled
        known = {"report": filled.name, "vendor": filled.vendor, **filled.given}
        self.inputs: dict[str, widgets.DOMWidget] = {
            name: widgets.Text(description=words[f"received_{name}"], **WHEN_COMPLETE, **WIDE)
            for name in NAMES
        }
        tables = self.catalog.part(RECEIVED)
        asked = [row for row in tables.inputs.values() if row.kind != DERIVED]
        self.inputs |= {row.input_id: _input(row, words) for row in asked}
        for name, control in self.inputs.items():
            control.value = known.get(name, "")
        self.said, self.sheet = widgets.HTML(), widgets.HTML()
        lines: list[widgets.DOMWidget] = [self.inputs[name] for name in NAMES]
        for place, check in enumerate(tables.checks.values(), start=1):
            lines.append(widgets.HTML(_heading(place, check.check, check.question)))
            lines += [self.inputs[row.input_id] for row in asked if row.check_id == check.check_id]
        super().__init__([*lines, self.said, self.sheet])
        self.add_class("soc-live")
        self.add_class("soc-form")
        for control in self.inputs.values():
            control.observe(self._conclude, names="value")
        self._show()

    @property
    def answers(self) -> dict[str, str]:
        """Return what is filled in, by the names that ``conclude`` takes."""
        return {name: control.value for name, control in self.inputs.items() if control.value}

    def _conclude(self, _change: object) -> None:
        try:
            self.report = conclude(catalog=self.catalog, **self.answers)
        except ReportError as error:
            self._say("\n".join([self.words["received_mend"], *error.faults]))
            return
        self._show()

    def _show(self) -> None:
        sheet = worksheet(self.report)
        self.sheet.value = f'<style>{sheet_css()}</style><div class="soc-sheet">{sheet.html}</div>'
        self._say(sheet.text.partition("\n")[0])

    def _say(self, text: str) -> None:
        # A paragraph with a role of its own, so that a screen reader says what happened.
        self.said.value = f'<p role="status">{escape(text)}</p>'.replace("\n", "<br>")

    def __str__(self) -> str:
        return worksheet(self.report).text

    def _ipython_display_(self) -> None:
        """Show the worksheet as it is now, for readers without a kernel, then the form itself."""
        note = f'<p class="soc-hint">{escape(self.words["received_standby"])}</p>'
        show_live(self, f"{self.sheet.value}{note}", says=str(self))


def _heading(place: int, check: str, question: str) -> str:
    return f"<h4>{place} {escape(check)}</h4><p>{escape(question)}</p>"


def _input(asked: ReceivedInput, words: Words) -> widgets.DOMWidget:
    """Return the control for one answer; the first option of a choice is "not known"."""
    if asked.kind == CHOICE:
        options = [(words["received_not_known"], "")]
        options += [(choice.label, key) for key, choice in asked.choices.items()]
        return widgets.Dropdown(description=asked.label, options=options, value="", **WIDE)
    hint = words["received_day_hint"] if asked.kind == DAY else ""
    return widgets.Text(description=asked.label, placeholder=hint, **WHEN_COMPLETE, **WIDE)

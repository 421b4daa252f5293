"""The calendar: date controls, and how a report period fits a fiscal year.

The controls are ipywidgets' own; ``calendar.js`` lays them out and ``periods.js`` answers without a
kernel. Python sees the same choice, so that the next cell can use it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from soclib.catalog import Catalog, load_catalog
from soclib.dates import Day
from soclib.periods.browser import CalendarChoice, period_tables
from soclib.periods.card import fit_html, fit_plain, fit_text
from soclib.periods.fitting import Fit, fit
from soclib.periods.given import read_days
from soclib.periods.tables import PERIODS, TYPE_1, TYPE_2
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.views.standin import Files, show, standin_html
from soclib.words import words_of

FILES = Files(
    kind="calendar",
    scripts=("views/text.js", "views/page.js", "periods/periods.js", "periods/calendar.js"),
    styles=("verdict/verdict.css", "verdict/panel.css", "paper/sheet.css", "periods/calendar.css"),
)
CONTROLS = ("report", "type", "days")
REPORTS = ("soc1", "soc2")
TYPE_TOGGLES = (TYPE_2, TYPE_1)
DAYS = ("start", "end", "fiscal_year_end", "fiscal_year_start", "previous_end")


def _controls(kind: type[widgets.DOMWidget]) -> traitlets.List[Any]:
    controls: traitlets.List[Any] = traitlets.List(traitlets.Instance(kind))
    return controls.tag(sync=True, **widgets.widget_serialization)


def calendar(  # noqa: PLR0913 - one keyword for each control
    start: Day | None = None,
    end: Day | None = None,
    fiscal_year_end: Day | None = None,
    fiscal_year_start: Day | None = None,
    *,
    report: str = REPORTS[0],
    previous_end: Day | None = None,
    today: Day | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Calendar:
    """Return date controls that say how a report period fits a fiscal year.

    The controls start with the days given, as in ``soclib.periods.fit``: dates or ISO text, and
    without ``start`` but with ``end`` a Type 1 as of that day. ``report`` is soc1 or soc2. Without
    ``today`` the page takes the day from the user's own clock. Raises ``PeriodError`` for a day
    that cannot be read.
    """
    return Calendar(
        start,
        end,
        fiscal_year_end,
        fiscal_year_start,
        report=report,
        previous_end=previous_end,
        today=today,
        voice=voice,
        catalog=catalog,
    )


class Calendar(anywidget.AnyWidget):
    """Show how a report period fits a fiscal year; ``choice`` and ``fit`` follow the controls."""

    _esm = FILES.script
    _css = FILES.style
    tables = traitlets.Dict().tag(sync=True)
    voice = traitlets.Enum(VOICES, default_value=VOICES[0]).tag(sync=True)
    today = traitlets.Unicode().tag(sync=True)
    report = _controls(widgets.ToggleButtons)
    type = _controls(widgets.ToggleButtons)
    days = _controls(widgets.DatePicker)

    def __init__(  # noqa: PLR0913 - one keyword for each control
        self,
        start: Day | None = None,
        end: Day | None = None,
        fiscal_year_end: Day | None = None,
        fiscal_year_start: Day | None = None,
        *,
        report: str = REPORTS[0],
        previous_end: Day | None = None,
        today: Day | None = None,
        voice: str = VOICES[0],
        catalog: Catalog | None = None,
    ) -> None:
        self.catalog = catalog or load_catalog()
        given = (start, end, fiscal_year_end, fiscal_year_start, previous_end, today)
        named = dict(zip((*DAYS, "today"), given, strict=True))
        longest = self.catalog.part(PERIODS).thresholds["longest_period"].value
        days = read_days(named, needed=(), longest=longest)
        type_id = TYPE_1 if end and not start else TYPE_2
        words = words_of(self.catalog, VOICES[0])
        titles = [
            r.title
            for key in REPORTS
            for r in self.catalog.part(VERDICT).reports
            if r.report_id == key
        ]
        types = [words[f"calendar_{key}"] for key in TYPE_TOGGLES]
        labels = [words[f"calendar_{name}"] for name in DAYS]
        super().__init__(
            tables=period_tables(self.catalog),
            voice=voice,
            today=_iso(days["today"]),
            report=[_toggle(titles, REPORTS.index(report), words["calendar_report"])],
            type=[_toggle(types, TYPE_TOGGLES.index(type_id), words["calendar_type"])],
            days=[
                widgets.DatePicker(description=label, value=days[name])
                for label, name in zip(labels, DAYS, strict=True)
            ],
        )

    @property
    def choice(self) -> CalendarChoice:
        """Return what is chosen now; days are ISO texts, blank where none is given."""
        days = dict(zip(DAYS, (_iso(control.value) for control in self.days), strict=True))
        return CalendarChoice(
            report=REPORTS[self.report[0].index],
            type_id=TYPE_TOGGLES[self.type[0].index],
            today=self.today,
            **days,
        )

    @property
    def fit(self) -> Fit:
        """Return how the chosen period fits; raises the errors of ``soclib.periods.fit``."""
        chosen = self.choice
        return fit(
            chosen.start or None if chosen.type_id == TYPE_2 else None,
            chosen.end,
            chosen.fiscal_year_end,
            chosen.fiscal_year_start or None,
            report=chosen.report,
            previous_end=chosen.previous_end or None,
            today=chosen.today or None,
            voice=self.voice,
            catalog=self.catalog,
        )

    def _plain(self) -> dict[str, Any]:
        return fit_plain(self.choice, voice=self.voice, catalog=self.catalog)

    def __str__(self) -> str:
        return fit_text(self._plain())

    def __repr__(self) -> str:
        return f"{self._switches()}\n\n{self}"

    def _switches(self) -> str:
        """Return every control with its present state."""
        toggles = [
            f"{toggle.description} [{' | '.join(toggle.options)}] {toggle.options[toggle.index]}"
            for toggle in (*self.report, *self.type)
        ]
        days = [f"{picker.description} [{_iso(picker.value)}]" for picker in self.days]
        return "\n".join([*toggles, *days])

    def _ipython_display_(self) -> None:
        """Show a stand-in that needs no kernel, then the widget that takes over from it."""
        show(self, self.standby_html(), says=str(self), switches=self._switches())

    def standby_html(self) -> str:
        """Return the calendar as one HTML fragment that answers without kernel or network."""
        place = f'<div class="soc-sheet">{fit_html(self._plain(), self.catalog)}</div>'
        state = {"tables": self.tables, "voice": self.voice, "today": self.today}
        controls = {name: getattr(self, name) for name in CONTROLS}
        return standin_html(FILES, place, state, controls)


def _toggle(options: list[str], index: int, description: str) -> widgets.ToggleButtons:
    return widgets.ToggleButtons(options=options, index=index, description=description)


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()

"""The panel: toggles for the answers, and one view that decides in the browser.

The toggles are ipywidgets' own; ``panel.js`` lays them out, reads them and draws the verdict
without a kernel. Python sees the same answers, so that the next cell can use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from soclib.catalog import Catalog, load_catalog
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.browser import browser_tables
from soclib.verdict.decision import Answer, Decision, decide
from soclib.verdict.page import decision_html, switch_text, verdict_html
from soclib.verdict.saved import read_record
from soclib.verdict.tables import VERDICT
from soclib.views.standin import Files, show, standin_html
from soclib.words import words_of

FILES = Files(
    kind="panel",
    scripts=(
        "views/text.js",
        "verdict/decide.js",
        "verdict/verdict.js",
        "views/page.js",
        "verdict/panel.js",
    ),
    styles=("verdict/verdict.css", "verdict/panel.css"),
)


class Panel(anywidget.AnyWidget):
    """Ask the criteria, show the verdict; ``answers`` and ``decision`` follow the toggles."""

    _esm = FILES.script
    _css = FILES.style
    tables = traitlets.Dict().tag(sync=True)
    voice = traitlets.Enum(VOICES, default_value=VOICES[0]).tag(sync=True)
    toggles = traitlets.List(traitlets.Instance(widgets.ToggleButtons)).tag(
        sync=True, **widgets.widget_serialization
    )

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        voice: str = VOICES[0],
        *,
        catalog: Catalog | None = None,
    ) -> None:
        self.catalog = catalog or load_catalog()
        given = decide(answers or {}, voice, catalog=self.catalog).answers
        super().__init__(
            tables=browser_tables(self.catalog), voice=voice, toggles=_toggles(self.catalog)
        )
        self._set(given)

    @property
    def answers(self) -> dict[str, str]:
        """Return what was answered so far, by criterion id; untouched toggles are left out."""
        pairs = zip(self.catalog.part(VERDICT).criteria, self.toggles, strict=True)
        return {
            criterion.criterion_id: ANSWERS[toggle.index]
            for criterion, toggle in pairs
            if toggle.index is not None
        }

    @property
    def decision(self) -> Decision:
        """Return the decision that follows from the answers so far."""
        return decide(self.answers, self.voice, catalog=self.catalog)

    def load(self, record: str | Path | Mapping[str, Any]) -> None:
        """Set the toggles from a saved decision: a JSON file, or its content as a mapping.

        Raises ``AnswerError`` for a file that is no record and for an unknown criterion, answer or
        voice; the toggles then stay as they were.
        """
        answers, voice = read_record(record)
        given = decide(answers, voice, catalog=self.catalog).answers
        self.voice = voice
        self._set(given)

    def save(self, path: str | Path) -> Path:
        """Write the decision as ``Decision.save`` does; ``load`` takes the .json back."""
        return self.decision.save(path)

    def _set(self, answers: Mapping[str, str]) -> None:
        for criterion, toggle in zip(
            self.catalog.part(VERDICT).criteria, self.toggles, strict=True
        ):
            answer = answers.get(criterion.criterion_id)
            toggle.index = ANSWERS.index(answer) if answer else None

    def __repr__(self) -> str:
        return f"{self._switches()}\n\n{self.decision}"

    def _switches(self) -> str:
        """Return every question with its options and its state, one a line, as the toggles are."""
        words = words_of(self.catalog, self.voice)
        pairs = zip(self.catalog.part(VERDICT).criteria, self.toggles, strict=True)
        toggles = [toggle for criterion, toggle in pairs if self.voice in criterion.questions]
        return "\n".join(
            switch_text(switch, toggle.options, words) + (" (disabled)" if toggle.disabled else "")
            for switch, toggle in zip(self.decision.to_dict()["switches"], toggles, strict=True)
        )

    def _repr_mimebundle_(
        self,
        **kwargs: Any,  # noqa: ANN401 - passed on to anywidget
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        fallback = decision_html(self.decision.to_dict(), self.catalog)
        return {**data, "text/html": fallback, "text/plain": repr(self)}, metadata

    def _ipython_display_(self) -> None:
        """Show a stand-in that needs no kernel, then the widget that takes over from it."""
        show(self, self.standby_html(), says=str(self.decision), switches=self._switches())

    def standby_html(self) -> str:
        """Return the panel as one HTML fragment that answers without any kernel or network."""
        place = verdict_html(self.decision.to_dict(), self.catalog)
        state = {"tables": self.tables, "voice": self.voice}
        return standin_html(FILES, place, state, {"toggles": self.toggles})


def panel(
    answers: Mapping[str, Answer] | None = None,
    voice: str = VOICES[0],
    *,
    catalog: Catalog | None = None,
) -> Panel:
    """Return a panel that asks the criteria and shows the verdict.

    ``answers`` and ``voice`` are those of ``decide``; the panel starts with them.
    """
    return Panel(answers, voice, catalog=catalog)


def _toggles(catalog: Catalog) -> list[widgets.ToggleButtons]:
    """Return one untouched toggle per criterion, all with one layout and one style."""
    words = words_of(catalog, VOICES[0])
    options = [words[f"answer_{answer}"] for answer in ANSWERS]
    layout, style = widgets.Layout(), widgets.ToggleButtonsStyle()
    return [
        widgets.ToggleButtons(
            options=options,
            value=None,
            description=criterion.criterion_id,
            layout=layout,
            style=style,
        )
        for criterion in catalog.part(VERDICT).criteria
    ]

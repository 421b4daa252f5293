"""The criteria with a search, filters by category and scope, and three orders.

The controls are ipywidgets' own; ``criteria.js`` lays them out, hides and sorts rows, without a
kernel. Python sees the same choice, so that the next cell can go on from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as widgets
import traitlets
from ipywidgets.widgets.widget_bool import ToggleButtonStyle

from soclib.catalog import Catalog, load_catalog
from soclib.tables.rows import NO, VOICES
from soclib.trust.choose import SORTS, Choice, categories_of, order
from soclib.trust.frames import chosen_frame
from soclib.trust.scoping import STATES, Scope, scope
from soclib.trust.sheets import explorer_html, explorer_text
from soclib.trust.tables import TRUST
from soclib.views.standin import Files, show, standin_html, switches_text
from soclib.words import words_of

if TYPE_CHECKING:
    import pandas as pd

    from soclib.verdict.decision import Decision

FILES = Files(
    kind="criteria",
    scripts=("views/text.js", "views/page.js", "views/search.js", "trust/criteria.js"),
    styles=("verdict/verdict.css", "verdict/panel.css", "paper/sheet.css", "trust/criteria.css"),
)
CONTROLS = ("categories", "states", "search", "sort")


def _controls(kind: type[widgets.DOMWidget]) -> traitlets.List[Any]:
    controls: traitlets.List[Any] = traitlets.List(traitlets.Instance(kind))
    return controls.tag(sync=True, **widgets.widget_serialization)


class CriteriaExplorer(anywidget.AnyWidget):
    """Show the criteria; ``choice`` and ``frame`` follow the controls.

    With a decision it starts with what is in scope and what is open.
    """

    _esm = FILES.script
    _css = FILES.style
    sheet = traitlets.Dict().tag(sync=True)
    table = traitlets.Unicode().tag(sync=True)
    categories = _controls(widgets.ToggleButton)
    states = _controls(widgets.ToggleButton)
    search = _controls(widgets.Text)
    sort = _controls(widgets.ToggleButtons)

    def __init__(self, decision: Decision | None = None, *, catalog: Catalog | None = None) -> None:
        self.scope: Scope | None = scope(decision) if decision else None
        given = decision.case.catalog if decision else None
        self.catalog = given or catalog or load_catalog()
        words = words_of(self.catalog, VOICES[0])
        sorts = [words[f"trust_sort_{name}"] for name in SORTS]
        super().__init__(
            sheet=_facts(self.catalog),
            categories=_toggles((text, True) for text in categories_of(self.catalog).values()),
            states=_toggles((words[f"trust_state_{key}"], on) for key, on in self._start()),
            search=[widgets.Text(description=words["trust_search"])],
            sort=[widgets.ToggleButtons(options=sorts, description=words["trust_sort"])],
        )
        self.on_msg(self.answer)

    def answer(self, _view: object, asked: dict[str, str], _buffers: object) -> None:
        """Send the table to a script that found none in its page."""
        if asked.get("ask") == "table":
            self.table = explorer_html(self.catalog, self.scope)

    def _start(self) -> list[tuple[str, bool]]:
        """Return which states are shown at first; none without a scope."""
        if self.scope is None:
            return []
        some = set(self.scope.states.values()) != {NO}
        return [(state, state != NO or not some) for state in STATES]

    @property
    def choice(self) -> Choice:
        """Return what is chosen at the moment."""
        categories = zip(categories_of(self.catalog), self.categories, strict=True)
        states = zip(STATES, self.states, strict=False)
        return Choice(
            tuple(key for key, switch in categories if switch.value),
            tuple(key for key, switch in states if switch.value) if self.states else STATES,
            self.search[0].value,
            SORTS[self.sort[0].index or 0],
        )

    @property
    def frame(self) -> pd.DataFrame:
        """Return what is shown at the moment as ``soclib.trust.criteria`` does."""
        return chosen_frame(self.catalog, self.choice, self.scope)

    def __str__(self) -> str:
        return explorer_text(self.catalog, self.choice, self.scope)

    def __repr__(self) -> str:
        return f"{self._switches()}\n\n{self}"

    def _switches(self) -> str:
        """Return every control with its state, as it really is."""
        words = words_of(self.catalog, VOICES[0])
        controls = [*self.categories, *self.states, *self.search, *self.sort]
        return switches_text(controls, words)

    def _ipython_display_(self) -> None:
        """Show a stand-in that needs no kernel, then the widget that takes over from it."""
        show(self, self.standby_html(), says=str(self), switches=self._switches())

    def standby_html(self) -> str:
        """Return the criteria as one HTML fragment that answers without kernel or network.

        The table stands here and nowhere else in a notebook: the widget takes a copy of it.
        """
        place = f'<div class="soc-sheet">{explorer_html(self.catalog, self.scope)}</div>'
        controls = {name: getattr(self, name) for name in CONTROLS}
        return standin_html(FILES, place, {"sheet": self.sheet}, controls)


def _toggles(texts: Iterable[tuple[str, bool]]) -> list[widgets.ToggleButton]:
    """Return one switch per text, all with one layout and one style."""
    layout, style = widgets.Layout(), ToggleButtonStyle()
    return [
        widgets.ToggleButton(description=text, value=on, layout=layout, style=style)
        for text, on in texts
    ]


def _facts(catalog: Catalog) -> dict[str, Any]:
    """Return what the script needs beside the table: words, and places of rows."""
    words = words_of(catalog, VOICES[0])
    rows = list(catalog.part(TRUST).criteria.values())
    places = {row.tsc_id: place for place, row in enumerate(rows)}
    categories = list(categories_of(catalog))
    return {
        "words": {key: text for key, text in words.items() if key.startswith("trust_view_")},
        "ids": list(places),
        "states": list(STATES),
        "categories": [categories.index(row.category_id) for row in rows],
        "orders": [[places[key] for key in order(catalog, sort)] for sort in SORTS],
    }

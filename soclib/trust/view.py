"""The criteria with a search, filters by category and scope, and three orders.

The controls are those of ipywidgets; ``criteria.js`` lays them out, and hides and sorts the rows
without a kernel. Python sees the same choice, so the next cell can continue from it.
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
from soclib.trust.choose import SORTS, CriteriaChoice, categories_of, ordered_ids
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


def explore(
    decision: Decision | None = None, *, catalog: Catalog | None = None
) -> CriteriaExplorer:
    """Return the trust services criteria with a search, filters and details, to look through.

    With a decision each criterion says whether it is in scope, as ``soclib.trust.scope`` does, and
    the tables of the decision are used. The choice made by hand is ``choice``, the criteria that it
    leaves are ``frame``.
    """
    return CriteriaExplorer(decision, catalog=catalog)


class CriteriaExplorer(anywidget.AnyWidget):
    """Show the criteria; ``choice`` and ``frame`` follow the controls.

    With a decision it shows at first only what is in scope or open.
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
        any_possible = set(self.scope.states.values()) != {NO}
        return [(state, state != NO or not any_possible) for state in STATES]

    @property
    def choice(self) -> CriteriaChoice:
        """Return the current choice."""
        categories = zip(categories_of(self.catalog), self.categories, strict=True)
        states = zip(STATES, self.states, strict=False)
        return CriteriaChoice(
            tuple(key for key, switch in categories if switch.value),
            tuple(key for key, switch in states if switch.value) if self.states else STATES,
            self.search[0].value,
            SORTS[self.sort[0].index or 0],
        )

    @property
    def frame(self) -> pd.DataFrame:
        """Return the criteria shown now, in the form of ``soclib.trust.criteria``."""
        return chosen_frame(self.catalog, self.choice, self.scope)

    def __str__(self) -> str:
        return explorer_text(self.catalog, self.choice, self.scope)

    def __repr__(self) -> str:
        return f"{self._switches()}\n\n{self}"

    def _switches(self) -> str:
        """Return every control with its current state."""
        words = words_of(self.catalog, VOICES[0])
        controls = [*self.categories, *self.states, *self.search, *self.sort]
        return switches_text(controls, words)

    def _ipython_display_(self) -> None:
        """Show a stand-in that needs no kernel, then the widget that takes over from it."""
        show(self, self.standby_html(), says=str(self), switches=self._switches())

    def standby_html(self) -> str:
        """Return the criteria as one HTML fragment that works without kernel or network.

        A notebook holds the table here and nowhere else: the widget copies it.
        """
        place = f'<div class="soc-sheet">{explorer_html(self.catalog, self.scope)}</div>'
        controls = {name: getattr(self, name) for name in CONTROLS}
        return standin_html(FILES, place, {"sheet": self.sheet}, controls)


def _toggles(texts: Iterable[tuple[str, bool]]) -> list[widgets.ToggleButton]:
    """Return one switch per text, all with the same layout and style."""
    layout, style = widgets.Layout(), ToggleButtonStyle()
    return [
        widgets.ToggleButton(description=text, value=on, layout=layout, style=style)
        for text, on in texts
    ]


def _facts(catalog: Catalog) -> dict[str, Any]:
    """Return what the script needs besides the table: words, and the places of rows."""
    words = words_of(catalog, VOICES[0])
    rows = list(catalog.part(TRUST).criteria.values())
    places = {row.tsc_id: place for place, row in enumerate(rows)}
    categories = list(categories_of(catalog))
    return {
        "words": {key: text for key, text in words.items() if key.startswith("trust_view_")},
        "ids": list(places),
        "states": list(STATES),
        "categories": [categories.index(row.category_id) for row in rows],
        "orders": [[places[key] for key in ordered_ids(catalog, sort)] for sort in SORTS],
    }

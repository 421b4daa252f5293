"""The comparison with toggles: which reports, which rows, only differences, and a search.

The toggles are ipywidgets' own; ``compare.js`` lays them out and hides what is not chosen, without
a kernel. Python sees the same choice, so that the next cell can use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as widgets
import traitlets
from ipywidgets.widgets.widget_bool import ToggleButtonStyle

from soclib.catalog import Catalog, load_catalog
from soclib.comparison.choose import ComparisonChoice, rows_by_topic
from soclib.comparison.frames import comparison
from soclib.comparison.sheets import comparison_html, comparison_text
from soclib.comparison.tables import COMPARISON
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.views.standin import Files, show, standin_html, switches_text
from soclib.words import words_of

if TYPE_CHECKING:
    import pandas as pd

FILES = Files(
    kind="compare",
    scripts=("views/text.js", "views/page.js", "views/search.js", "comparison/compare.js"),
    styles=("verdict/verdict.css", "verdict/panel.css", "paper/sheet.css"),
)
CONTROLS = ("reports", "rows", "differ", "search")


def _controls(kind: type[widgets.DOMWidget]) -> traitlets.List[Any]:
    controls: traitlets.List[Any] = traitlets.List(traitlets.Instance(kind))
    return controls.tag(sync=True, **widgets.widget_serialization)


class Comparison(anywidget.AnyWidget):
    """Show the comparison; ``choice`` and ``frame`` follow the toggles.

    It starts with the rows of the first topic: all of them would be a wall of text.
    """

    _esm = FILES.script
    _css = FILES.style
    sheet = traitlets.Dict().tag(sync=True)
    reports = _controls(widgets.ToggleButton)
    rows = _controls(widgets.ToggleButton)
    differ = _controls(widgets.ToggleButton)
    search = _controls(widgets.Text)

    def __init__(self, *, catalog: Catalog | None = None) -> None:
        self.catalog = catalog or load_catalog()
        words = words_of(self.catalog, VOICES[0])
        first = {row.dimension_id for row in next(iter(rows_by_topic(self.catalog).values()))}
        layout, style = widgets.Layout(), ToggleButtonStyle()

        def switch(text: str, *, on: bool = True) -> widgets.ToggleButton:
            return widgets.ToggleButton(description=text, value=on, layout=layout, style=style)

        super().__init__(
            sheet=_sheet(self.catalog),
            reports=[switch(report.title) for report in self.catalog.part(VERDICT).reports],
            rows=[
                switch(row.dimension, on=row.dimension_id in first)
                for row in self.catalog.part(COMPARISON).dimensions
            ],
            differ=[switch(words["compare_differ"], on=False)],
            search=[widgets.Text(description=words["compare_search"])],
        )

    @property
    def choice(self) -> ComparisonChoice:
        """Return what is chosen at the moment."""
        catalog = self.catalog
        reports = zip(catalog.part(VERDICT).reports, self.reports, strict=True)
        rows = zip(catalog.part(COMPARISON).dimensions, self.rows, strict=True)
        return ComparisonChoice(
            tuple(report.report_id for report, switch in reports if switch.value),
            tuple(row.dimension_id for row, switch in rows if switch.value),
            self.differ[0].value,
            self.search[0].value,
        )

    @property
    def frame(self) -> pd.DataFrame:
        """Return what is shown at the moment as ``soclib.comparison`` does, each row cited."""
        choice = self.choice
        return comparison(
            self.catalog,
            reports=choice.reports,
            dimensions=choice.dimensions,
            only_where_they_differ=choice.only_where_they_differ,
            search=choice.search,
            cited=True,
        )

    def __str__(self) -> str:
        return comparison_text(self.catalog, self.choice)

    def __repr__(self) -> str:
        return f"{self._switches()}\n\n{self}"

    def _switches(self) -> str:
        """Return every control with its state, as it really is."""
        words = words_of(self.catalog, VOICES[0])
        controls = [*self.reports, *self.differ, *self.rows, *self.search]
        return switches_text(controls, words)

    def _ipython_display_(self) -> None:
        """Show a stand-in that needs no kernel, then the widget that takes over from it."""
        show(self, self.standby_html(), says=str(self), switches=self._switches())

    def standby_html(self) -> str:
        """Return the comparison as one HTML fragment that answers without kernel or network."""
        place = f'<div class="soc-sheet">{self.sheet["html"]}</div>'
        controls = {name: getattr(self, name) for name in CONTROLS}
        return standin_html(FILES, place, {"sheet": self.sheet}, controls)


def compare(*, catalog: Catalog | None = None) -> Comparison:
    """Return the comparison with toggles for reports, rows, differences and words."""
    return Comparison(catalog=catalog)


def _sheet(catalog: Catalog) -> dict[str, Any]:
    """Return what the script needs: words, report ids, topics as places of rows, the table."""
    words = words_of(catalog, VOICES[0])
    dimensions = [row.dimension_id for row in catalog.part(COMPARISON).dimensions]
    return {
        "words": {key: text for key, text in words.items() if key.startswith("compare_")},
        "reports": [report.report_id for report in catalog.part(VERDICT).reports],
        "dimensions": dimensions,
        "topics": [
            {"title": topic, "rows": [dimensions.index(row.dimension_id) for row in rows]}
            for topic, rows in rows_by_topic(catalog).items()
        ],
        "html": comparison_html(catalog),
    }

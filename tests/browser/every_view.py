"""One notebook with every view that the notebooks show, so that all share one kernel and one run.

Each view comes as it is stored in the notebook that shows it, after the cells that it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import calendar_page
import comparison_page
import criteria_page
import nbformat
import panel_page
from lab_page import LiveOnPage, NotebookOnPage, hand_over, wait_for_widget
from playwright.sync_api import expect
from view_page import ShownDesk, ShownView

if TYPE_CHECKING:
    from pathlib import Path

    from lab_page import Desk
    from lab_server import Lab

NAME = "every_view"
WIDGETS = "application/vnd.jupyter.widget-state+json"
# The panel acts last: the reader's focus is on it when its widget takes over.
VIEWS: dict[str, ShownView] = {
    module.VIEW.name: module.VIEW
    for module in (comparison_page, calendar_page, criteria_page, panel_page)
}
DESKS = {
    shown.name: shown
    for shown in (
        ShownDesk("practice", "07_practice.ipynb", ("practice.begin(",)),
        ShownDesk(
            "readiness",
            "05_readiness.ipynb",
            (
                *("from soclib import readiness", "None,  # in memory"),
                *("readiness_controls.csv", '"readiness_evidence"', "soclib.readiness.desk("),
            ),
        ),
        ShownDesk(
            "received",
            "11_report_received.ipynb",
            ("from soclib import received", 'report="Claims 2026"', "soclib.received.form("),
        ),
        ShownDesk("requests", "06_buyer_requests.ipynb", ("soclib.requests.desk(",)),
        ShownDesk("roles", "13_role_play.ipynb", ("people.play(",)),
    )
}
GALLERY = ShownDesk("gallery", "10_real_companies.ipynb", ("predict=True",))
QUESTIONS = 2  # of practice: a whole round by keyboard takes hundreds of strokes
# A widget that its own cell does not display, and that so has no stand-in.
IMPORTS = """import ipywidgets

import soclib
from soclib import people, practice, received, trust"""
ALONE = "ipywidgets.VBox([criteria])"


def gather(lab: Lab) -> nbformat.NotebookNode:
    """Return the notebook, as it is stored before any kernel runs."""
    book = nbformat.read(lab.folder / panel_page.VIEW.notebook, as_version=4)
    models = book.metadata.widgets[WIDGETS]["state"]
    book.cells = [nbformat.v4.new_code_cell(IMPORTS)]
    for shown in [*VIEWS.values(), *DESKS.values(), GALLERY]:
        source = nbformat.read(lab.folder / shown.notebook, as_version=4)
        state = source.metadata.get("widgets", {}).get(WIDGETS, {"state": {}})["state"]
        models.update(state)
        *needed, own = (_cell(source, mark) for mark in shown.marks)
        own["source"] = own["source"].replace("count=6", f"count={QUESTIONS}")
        book.cells += [*map(_quiet, needed), own]
        if isinstance(shown, ShownView) and shown.name != shown.variable:
            named = f"{shown.name} = {shown.variable}"
            book.cells.append(nbformat.v4.new_code_cell(named))
    book.cells.append(nbformat.v4.new_code_cell(ALONE))
    return book


def _cell(book: nbformat.NotebookNode, mark: str) -> nbformat.NotebookNode:
    return next(cell for cell in book.cells if cell.cell_type == "code" and mark in cell["source"])


def _quiet(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a cell that runs and shows nothing."""
    return nbformat.v4.new_code_cell(f"{cell['source']};")


def write(lab: Lab, name: str, **metadata: str) -> Path:
    """Write the notebook into the folder that JupyterLab serves; return its path."""
    book = gather(lab)
    book.metadata.update(metadata)
    path = lab.folder / f"{name}.ipynb"
    nbformat.write(book, path)
    return path


@dataclass
class Gathered:
    """The notebook after Run All: its views, and what the desks showed before any run.

    A view is shown alone: with all cells to lay out, each click and each key takes longer.
    """

    notebook: NotebookOnPage
    views: dict[str, Any] = field(default_factory=dict)
    before: dict[str, dict[str, Any]] = field(default_factory=dict)

    def view(self, name: str) -> Any:
        """Return a view that answers without a kernel."""
        self.notebook.show_alone(self.views[name].scope)
        return self.views[name]

    def desk(self, name: str, kind: type[Any]) -> Any:
        """Return a desk, with what its saved page showed."""
        view = self.other(DESKS[name].marks[-1], kind)
        view.before = self.before[name]
        return view

    def other(self, mark: str, kind: type[Any]) -> Any:
        """Return what the cell shows whose code holds a mark."""
        view = self.notebook.view(kind, mark)
        self.notebook.show_alone(view.scope)
        return view


def open_gathered(desk: Desk) -> Gathered:
    """Open the notebook, act in each view while the kernel starts, let it take over, run all."""
    notebook = desk.open(desk.lab.trust(write(desk.lab, NAME)), "late")
    gathered = Gathered(notebook)
    for name, shown in DESKS.items():
        saved = notebook.view(LiveOnPage, shown.marks[-1])
        gathered.before[name] = saved.look_at_saved()
    for name, shown in VIEWS.items():
        view = notebook.view(shown.page, shown.marks[-1])
        shown.act(view)
        gathered.views[name] = view
    hand_over(desk, notebook, list(gathered.views.values()))
    desk.run_all(notebook)
    for view in gathered.views.values():
        wait_for_widget(view)
        view.first = view.state()
    for shown in DESKS.values():
        expect(notebook.view(LiveOnPage, shown.marks[-1]).root).to_be_visible()
    return gathered

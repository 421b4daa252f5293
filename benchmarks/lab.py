"""A real JupyterLab with the panel and its baseline, started with the browser tests' own code."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.tables import VERDICT

HERE = Path(__file__).resolve().parent
NOTEBOOK = "02_which_report.ipynb"
BASELINE = "kernel_panel.ipynb"
BASELINE_CODE = (HERE / "kernel_panel.py").read_text(encoding="utf-8")
VIEWPORT = {"width": 1280, "height": 900}
WAIT = 120_000  # milliseconds that JupyterLab may take to show something
SETTLE = 2_000  # milliseconds after which nothing that was loaded still moves
IDLE = '.jp-StatusBar-Widget:has-text("| Idle")'
ALL_RUN = """() => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  return prompts.length > 0 && prompts.every((prompt) => /\\[\\d+\\]/.test(prompt.textContent));
}"""


class Folders(NamedTuple):
    """Gives out folders, as pytest's ``tmp_path_factory`` does."""

    home: Path

    def mktemp(self, name: str) -> Path:
        """Return a new folder."""
        folder = self.home / name
        folder.mkdir()
        return folder


@contextmanager
def started() -> Iterator[tuple[Any, Any]]:
    """Yield a server that also holds the baseline, and a browser; end both afterwards."""
    sys.path.insert(0, str(HERE.parent / "tests" / "browser"))
    fixtures = importlib.import_module("conftest")
    lab_of, browser_of = (contextmanager(f.__wrapped__) for f in (fixtures.lab, fixtures.browser))
    with (
        tempfile.TemporaryDirectory() as home,
        lab_of(Folders(Path(home))) as lab,
        browser_of() as browser,
    ):
        nbformat.write(_baseline(), lab.folder / BASELINE)
        yield lab, browser


def _baseline() -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(BASELINE_CODE)
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": spec})


def opened(browser: Any, address: str, *, run: bool) -> Any:  # noqa: ANN401 - Playwright's own
    """Return a page of its own with a notebook on it, run from top to bottom or only opened."""
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.set_default_timeout(WAIT)
    page.goto(address)
    page.locator(IDLE).wait_for()
    if run:
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        page.wait_for_function(ALL_RUN)
        page.locator(IDLE).wait_for()
    page.wait_for_timeout(SETTLE)
    return page


@dataclass(frozen=True, slots=True)
class ShippedPanel:
    """The panel of the shipped notebook; the browser decides."""

    page: Any

    @property
    def root(self) -> Any:  # noqa: ANN401 - Playwright's own
        """Return the panel that the reader sees, with or without a kernel behind it."""
        return self.page.locator(".soc-panel:visible")

    @property
    def verdict(self) -> Any:  # noqa: ANN401 - Playwright's own
        """Return the element that holds the verdict."""
        return self.root.locator(".soc-answer")

    def unfold(self) -> None:
        """Open the questions beyond the quick ones, so that each can be clicked."""
        self.root.locator("details.soc-more > summary").click()

    def button(self, criterion_id: str, answer: str) -> Any:  # noqa: ANN401 - Playwright's own
        """Return the button that gives an answer."""
        criterion = soclib.load_catalog().part(VERDICT).criterion(criterion_id)
        name = criterion.questions[VOICES[0]].question
        group = self.root.get_by_role("radiogroup", name=name, exact=True)
        return group.get_by_role("radio").nth(ANSWERS.index(answer))


@dataclass(frozen=True, slots=True)
class InertPanel(ShippedPanel):
    """The shipped panel, clicked on its title: nothing is decided, only a frame is drawn."""

    def unfold(self) -> None:
        """Do nothing: the title is in sight."""

    def button(self, _criterion_id: str, _answer: str) -> Any:  # noqa: ANN401 - Playwright's own
        """Return the title, whatever the answer."""
        return self.root.locator(".soc-title")


@dataclass(frozen=True, slots=True)
class KernelPanel:
    """The baseline's toggles and verdict; Python decides."""

    page: Any

    @property
    def verdict(self) -> Any:  # noqa: ANN401 - Playwright's own
        """Return the element that holds the verdict."""
        return self.page.locator(".kernel-verdict")

    def unfold(self) -> None:
        """Do nothing: every toggle is in sight."""

    def button(self, criterion_id: str, answer: str) -> Any:  # noqa: ANN401 - Playwright's own
        """Return the button that gives an answer."""
        label = self.page.get_by_text(criterion_id, exact=True)
        toggle = self.page.locator(".jp-OutputArea .widget-toggle-buttons").filter(has=label)
        return toggle.locator("button").nth(ANSWERS.index(answer))

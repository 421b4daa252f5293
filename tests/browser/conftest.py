"""One real JupyterLab and one real Chromium for all browser tests, and the ways to meet a view.

What a view does is tried on a bare page, its stand-in opened as a file. JupyterLab is there for
what only JupyterLab can show, in one notebook that gathers every view. The long proofs (`thorough`)
meet each view in the notebook that ships it, too: stored, taken over by its widget, and run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import every_view
import pytest
from lab_page import Desk, NotebookOnPage, open_live, open_run, open_stored, open_widget, stretch
from lab_server import Lab, serving
from playwright.sync_api import Error, sync_playwright
from view_page import NARROW, PATIENCE, WINDOW, ShownView, bare_page, open_bare

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Locator, Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
GROUP = "browser"
LONG = [pytest.param(kind, marks=pytest.mark.thorough) for kind in ("stored", "widget", "run")]


def find_chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test, and skip it where there is no browser.

    All are one group, so that one worker runs them: with one JupyterLab and one Chromium.
    """
    missing = find_chromium() is None
    skip = pytest.mark.skip(
        reason="No Chromium found: run 'apt-get install chromium' to enable the browser tests."
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if config.pluginmanager.hasplugin("xdist"):
                item.add_marker(pytest.mark.xdist_group(GROUP))
            if missing and os.environ.get("CI") != "true":
                item.add_marker(skip)


# --- one of each ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return a JupyterLab that serves copies of the notebooks."""
    with serving(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one Chromium for all tests."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium found, and CI=true asks for the browser tests.")
    with sync_playwright() as playwright:
        chromium = _launched(playwright.chromium, path)
        yield chromium
        chromium.close()


def _launched(kind: BrowserType, path: str) -> Browser:
    """Return a Chromium; a busy machine may need a second try."""
    how = {"executable_path": path, "args": list(CHROMIUM_FLAGS), "timeout": PATIENCE}
    try:
        return kind.launch(**how)
    except Error:
        return kind.launch(**how)


@pytest.fixture(scope="session")
def desk(browser: Browser, lab: Lab) -> Desk:
    """Return the window with JupyterLab."""
    return Desk(browser, lab)


@pytest.fixture(scope="session")
def bare(browser: Browser) -> Page:
    """Return the window in which stand-ins are opened as files, without any network."""
    return bare_page(browser)


@pytest.fixture(scope="session")
def gathered(desk: Desk) -> every_view.Gathered:
    """Return the notebook with every view, after Run All."""
    return every_view.open_gathered(desk)


@pytest.fixture(scope="session")
def sent_by_a_stranger(desk: Desk) -> NotebookOnPage:
    """Return the notebook with every view, not trusted, and with a kernel that is there."""
    notebook = desk.open(every_view.write(desk.lab, "sent", changed_by="a stranger"))
    notebook.root.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    return notebook


@pytest.fixture
def untrusted(desk: Desk, sent_by_a_stranger: NotebookOnPage, shown: ShownView) -> Locator:
    """Return what a notebook that is not trusted shows of the module's view."""
    desk.show(sent_by_a_stranger.name)
    return sent_by_a_stranger.view(shown.page, shown.marks[-1]).scope.locator(".jp-OutputArea")


# --- the ways to meet a view ---------------------------------------------------------------------
# A module names its view: VIEW is a ShownView.


@pytest.fixture(scope="module")
def shown(request: pytest.FixtureRequest) -> ShownView:
    """Return which view the module is about."""
    return request.module.VIEW


@pytest.fixture(scope="module")
def meet(request: pytest.FixtureRequest, shown: ShownView) -> Iterator[Any]:
    """Return a view of one kind as a reader finds it; each is opened when it is first met."""
    met: dict[str, Any] = {}

    def fresh(kind: str) -> Any:
        if kind not in met:
            met[kind] = opened(kind)
        if kind != "bare":
            request.getfixturevalue("desk").show(met[kind].name)
        if kind == "gathered":
            request.getfixturevalue("gathered").view(shown.name)
        met[kind].start_over()
        return met[kind]

    def opened(kind: str) -> Any:
        if kind == "gathered":
            return request.getfixturevalue("gathered").views[shown.name]
        if kind == "bare":
            folder = request.getfixturevalue("tmp_path_factory").mktemp("bare")
            page = request.getfixturevalue("bare")
            return open_bare(page, shown, folder / f"{shown.name}.html")
        openers = {"stored": open_stored, "widget": open_widget, "run": open_run}
        return openers[kind](request.getfixturevalue("desk"), shown)

    yield fresh
    for kind, view in met.items():
        if kind not in {"bare", "gathered"}:
            request.getfixturevalue("desk").close(view.name)


@pytest.fixture(scope="module", params=["bare", *LONG])
def kind(request: pytest.FixtureRequest) -> Any:
    """Return a way to meet a view: alone, without a kernel, with one before any run, after it."""
    return request.param


@pytest.fixture(scope="module", params=["gathered", *LONG])
def kind_in_lab(request: pytest.FixtureRequest) -> Any:
    """Return a way to meet a view in JupyterLab."""
    return request.param


@pytest.fixture
def view(meet: Any, kind: str) -> Any:
    """Return a fresh view, in each way to meet it."""
    return meet(kind)


@pytest.fixture
def view_in_lab(meet: Any, kind_in_lab: str) -> Any:
    """Return a fresh view, in each way to meet it in JupyterLab."""
    return meet(kind_in_lab)


# A module of a desk has its NAME in the gathered notebook, and PAGE, which says how it is used.


@pytest.fixture(
    scope="module", params=["gathered", pytest.param("shipped", marks=pytest.mark.thorough)]
)
def live(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Any]:
    """Return a desk after Run All: among all views, and in the notebook that ships it."""
    name, kind = request.module.NAME, request.module.PAGE
    if request.param == "gathered":
        gathered = request.getfixturevalue("gathered")
        desk.show(gathered.notebook.name)
        yield gathered.desk(name, kind)
    else:
        view = open_live(desk, every_view.DESKS[name], kind)
        yield view
        desk.close(view.name)


@pytest.fixture
def look(request: pytest.FixtureRequest, desk: Desk) -> Iterator[str]:
    """Show whole notebooks in a theme or in a narrow window, and put JupyterLab back afterwards."""
    if request.param == "dark":
        desk.set_theme("JupyterLab Dark")
    stretch(desk.page, NARROW if request.param == "narrow" else WINDOW["width"])
    yield request.param
    desk.page.set_viewport_size(WINDOW)
    if request.param == "dark":
        desk.set_theme("JupyterLab Light")

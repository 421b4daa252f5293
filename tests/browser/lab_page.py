"""What a reader does in JupyterLab: open a notebook, wait for its kernel, run all, ask Python."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from playwright.sync_api import expect
from view_page import (
    CONTRAST,
    PATIENCE,
    TODAY,
    WCAG_A_AND_AA,
    WINDOW,
    ShownDesk,
    ShownView,
    ViewOnPage,
    take_picture,
)

if TYPE_CHECKING:
    from lab_server import Lab
    from playwright.sync_api import Browser, Locator, Page, Route

WHOLE_NOTEBOOK = 16_000  # pixels, enough for all outputs, or for a view with all unfolded
OUTPUTS = ".jp-OutputArea-output"
NUMBERED = re.compile(r"\[\d+\]")
# Keys that JupyterLab takes for commands: delete, cut, insert above and below, convert, move.
COMMANDS = ("d", "d", "x", "a", "b", "m", "j")
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
GROWN = """() => [...document.querySelectorAll(".jp-WindowedPanel-outer")].every(
  (notebook) => !notebook.checkVisibility() || notebook.clientHeight > innerHeight - 300,
)"""
# JupyterLab's own commands, which no dialog can cover as it covers a menu.
STARTED = "() => window.jupyterapp?.restored.then(() => true)"
OPEN = """async (path) => {
  const notebook = await jupyterapp.commands.execute("docmanager:open", { path });
  await notebook.revealed;
  return notebook.id;
}"""
FIND = """const notebook = [...jupyterapp.shell.widgets("main")].find(
  ({ context }) => context?.path === path,
);"""
SHOW = f"(path) => {{ {FIND} jupyterapp.shell.activateById(notebook.id); }}"
# Running a cell before the kernel listens opens a dialog that asks for a kernel.
LISTENS = f"""(path) => {{
  {FIND}
  const {{ session }} = notebook.sessionContext;
  const [kernel, shown] = [session?.kernel, jupyterapp.shell.currentWidget];
  if (shown !== notebook || kernel?.connectionStatus !== "connected") return false;
  return kernel.info.then(() => true);
}}"""
RUN_ALL = "() => { jupyterapp.commands.execute('runmenu:run-all'); }"
ASK_PYTHON = f"""async ([path, code]) => {{
  {FIND}
  const future = notebook.sessionContext.session.kernel.requestExecute({{ code }});
  const printed = [];
  future.onIOPub = ({{ header, content }}) => {{
    if (header.msg_type === "stream") printed.push(content.text);
    if (header.msg_type === "error") printed.push(...content.traceback);
  }};
  const reply = await future.done;
  return [reply.content.status, printed.join("")];
}}"""
CLOSE = f"""(path) => {{
  {FIND}
  const {{ session }} = notebook.sessionContext;
  notebook.dispose();
  session?.shutdown();
}}"""
ALONE = """(notebook, cell) => {
  for (const one of notebook.querySelectorAll(".jp-Cell")) {
    one.style.display = one === cell ? "" : "none";
  }
}"""
SAVED = """(cell) => {
  const saved = cell.querySelector(".soc-saved");
  const seen = (part) => part.checkVisibility();
  return {
    seen: seen(saved),
    text: saved.innerText,
    marks: [...saved.querySelectorAll("mark")].filter(seen).length,
    widgets: cell.querySelectorAll(".jupyter-widgets").length,
  };
}"""


def stretch(page: Page, width: int = WINDOW["width"], high: int = WHOLE_NOTEBOOK) -> None:
    """Make the window so high that a whole notebook is seen at once, as axe needs it."""
    page.set_viewport_size({"width": width, "height": high})
    page.wait_for_function(GROWN)


@dataclass
class NotebookOnPage:
    """A notebook that is open in JupyterLab, or as a page that was made of it.

    ``codes`` are the codes of its cells, because an editor draws no line that is out of sight.
    """

    page: Page
    root: Locator
    name: str
    codes: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, page: Page, root: Locator) -> NotebookOnPage:
        """Return the notebook of a file, which a page shows."""
        cells = nbformat.read(path, as_version=4).cells
        codes = tuple(cell["source"] for cell in cells if cell.cell_type == "code")
        return cls(page, root, path.name, codes)

    def view(self, kind: type[Any], mark: str) -> Any:
        """Return the view of the first cell whose code holds ``mark``."""
        place = next(place for place, code in enumerate(self.codes) if mark in code)
        cell = self.root.locator(".jp-CodeCell").nth(place)
        return kind(self.page, cell, self.root, self.name)

    @property
    def last_prompt(self) -> Locator:
        """Return the number of the last cell."""
        return self.root.locator(".jp-CodeCell .jp-InputPrompt").last

    def show_alone(self, cell: Locator) -> None:
        """Hide all cells but one."""
        self.root.evaluate(ALONE, cell.element_handle())

    def python(self, code: str) -> Any:
        """Return what code prints as JSON in the kernel, as a next cell would."""
        return ask_python(self.page, self.name, code)


def ask_python(page: Page, notebook: str, code: str) -> Any:
    """Return what code prints as JSON in the kernel of a notebook."""
    status, printed = page.evaluate(ASK_PYTHON, [notebook, f"import json\n{code}"])
    assert status == "ok", printed
    return json.loads(printed)


@dataclass
class LiveOnPage(ViewOnPage):
    """A view that only a kernel answers: its saved page, and the controls that replace it.

    ``before`` is what the saved page showed before any cell was run.
    """

    before: dict[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> Locator:
        """Return the controls, where a kernel runs."""
        return self.scope.locator(".soc-live")

    @property
    def saved(self) -> Locator:
        """Return what the notebook shows without a kernel."""
        return self.scope.locator(".soc-saved")

    def look_at_saved(self) -> dict[str, Any]:
        """Return what the saved page shows, and how many widgets its cell has."""
        expect(self.saved).to_be_visible()
        return self.scope.evaluate(SAVED)

    def python(self, code: str) -> Any:
        """Return what code prints as JSON in the kernel, as a next cell would."""
        return ask_python(self.page, self.name, code)


@dataclass
class SheetOnPage(ViewOnPage):
    """A page that no kernel has to answer."""

    @property
    def root(self) -> Locator:
        """Return the page."""
        return self.scope.locator(".soc-sheet")


class Desk:
    """One JupyterLab in one window, with the notebooks that a reader opened in it.

    A further notebook in the same window costs a quarter of what a further window does.
    """

    def __init__(self, browser: Browser, lab: Lab) -> None:
        self.lab = lab
        self.page = browser.new_context(viewport=WINDOW).new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.set_default_navigation_timeout(PATIENCE)
        self.page.clock.set_fixed_time(TODAY)
        self.requests: list[str] = []
        self.without_kernel: set[str] = set()
        self.waiting: dict[str, list[Route]] = {}
        self.page.context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.route(re.compile(r"/api/(sessions|kernels)\b"), self._judge)
        self.page.goto(f"{lab.url}/lab?reset")
        self.page.wait_for_function(STARTED)

    def _judge(self, route: Route) -> None:
        """Refuse the start of a kernel, or keep it waiting; let everything else pass."""
        name = (route.request.post_data_json or {}).get("name")
        if route.request.method == "POST" and name in self.without_kernel:
            route.abort()
        elif route.request.method == "POST" and name in self.waiting:
            self.waiting[name].append(route)
        else:
            route.continue_()

    def open(self, path: Path, kernel: str = "at once") -> NotebookOnPage:
        """Open a notebook; its ``kernel`` starts "at once", "late" or "never"."""
        if kernel == "never":
            self.without_kernel.add(path.name)
        if kernel == "late":
            self.keep_waiting(path.name)
        place = self.page.evaluate(OPEN, path.name)
        if kernel == "never":
            self._refuse_kernel()
        return NotebookOnPage.of(path, self.page, self.page.locator(f"[id='{place}']"))

    def keep_waiting(self, name: str) -> None:
        """Let no kernel start for a notebook of this name."""
        self.waiting[name] = []

    def _refuse_kernel(self) -> None:
        """Answer what JupyterLab asks when no kernel can start."""
        for refusal in ("Ok", "No Kernel"):
            self.page.get_by_role("dialog").get_by_role("button", name=refusal).click()

    def start_kernel(self, name: str) -> None:
        """Let a kernel start that was kept waiting, as soon as JupyterLab has asked for it."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not self.waiting[name] and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)  # lets requests come in
        for route in self.waiting.pop(name):
            route.continue_()

    def show(self, name: str) -> None:
        """Bring a notebook to the front."""
        self.page.evaluate(SHOW, name)

    def run_all(self, notebook: NotebookOnPage) -> None:
        """Run all cells as soon as the kernel listens, and wait for the last one."""
        self.show(notebook.name)
        self.page.wait_for_function(LISTENS, arg=notebook.name)
        self.page.evaluate(RUN_ALL)
        expect(notebook.last_prompt).to_have_text(NUMBERED)

    def close(self, name: str) -> None:
        """Close a notebook as it is, and end its kernel."""
        self.page.evaluate(CLOSE, name)

    def set_theme(self, theme: str) -> None:
        """Choose a theme of JupyterLab."""
        change = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
        self.page.evaluate(change, theme)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)


# --- taking over ---------------------------------------------------------------------------------


def wait_for_widget(view: ViewOnPage) -> None:
    """Wait until the widget has taken over from the stand-in."""
    expect(view.scope.locator(".soc-standby[hidden]")).to_have_count(1)


def hand_over(desk: Desk, notebook: NotebookOnPage, views: list[Any]) -> None:
    """Let the kernel start, and keep what the reader saw of some views before and after."""
    before = [view.state() for view in views]
    desk.start_kernel(notebook.name)
    for view in views:
        wait_for_widget(view)
    desk.page.evaluate(TWO_FRAMES)
    for view, state in zip(views, before, strict=True):
        view.moved = (state, view.state())


def open_stored(desk: Desk, shown: ShownView) -> Any:
    """Open a notebook as `make lab` leaves it, where no kernel can start."""
    path = desk.lab.copy(shown.notebook, f"{shown.name}_stored")
    view = desk.open(path, "never").view(shown.page, shown.marks[-1])
    expect(view.root).to_be_visible()
    view.first = view.state()
    return view


def open_widget(desk: Desk, shown: ShownView) -> Any:
    """Open a notebook, act while its kernel starts, and wait for the widget; nothing is run."""
    path = desk.lab.copy(shown.notebook, f"{shown.name}_widget")
    notebook = desk.open(path, "late")
    view = notebook.view(shown.page, shown.marks[-1])
    shown.act(view)
    hand_over(desk, notebook, [view])
    return view


def open_run(desk: Desk, shown: ShownView) -> Any:
    """Open a notebook, and run all cells as soon as its kernel is there."""
    notebook = desk.open(desk.lab.copy(shown.notebook, f"{shown.name}_run"))
    view = notebook.view(shown.page, shown.marks[-1])
    desk.run_all(notebook)
    wait_for_widget(view)
    view.first = view.state()
    return view


def open_live(desk: Desk, shown: ShownDesk, kind: type[Any]) -> Any:
    """Open a notebook, keep what it shows of a view that needs a kernel, and run all cells."""
    notebook = desk.open(desk.lab.copy(shown.notebook, f"{shown.name}_live"), "late")
    view = notebook.view(kind, shown.marks[-1])
    view.before = view.look_at_saved()
    desk.start_kernel(notebook.name)
    desk.run_all(notebook)
    expect(view.root).to_be_visible()
    return view


def passes_axe(view: ViewOnPage, look: str, pictures: Path, within: str = ".soc-live") -> None:
    """Check a view that is looked at in one look, and keep a picture of it."""
    rules = WCAG_A_AND_AA if look == "light" else CONTRAST
    assert view.violations(within, rules, least=10) == [], look
    take_picture(view, pictures / f"{look}.png")

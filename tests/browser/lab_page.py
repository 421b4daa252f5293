"""What a reader does with a notebook and a panel, in words: open, answer, clear, switch, read."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.page import verdict_html
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

    from conftest import Lab

CATALOG = soclib.load_catalog()
VENDOR, BUYER = VOICES
NOTEBOOK = "02_which_report.ipynb"
WINDOW = {"width": 1400, "height": 1000}
SOON = 1  # second, for what travels through a kernel; a click answers at once
PATIENCE = 20_000  # milliseconds; only a failing test waits that long
WHOLE_NOTEBOOK = 16_000  # pixels, enough for all outputs, or for a panel with all unfolded
OUTPUTS = ".jp-OutputArea-output"
NUMBERED = re.compile(r"\[\d+\]")
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
expect.set_options(timeout=PATIENCE)
WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = ["color-contrast"]  # what a theme can spoil; the whole set takes four times as long

# The verdict as drawn and as Python writes it, both as the browser spells HTML. What was added to
# it is taken away again: by the panel live buttons in place of spans, by the reader opened details,
# by JupyterLab places for section numbers and the target of links.
BOTH_VERDICTS = """([answer, html]) => {
  const shown = answer.cloneNode(true);
  for (const button of shown.querySelectorAll("button[data-jump]")) {
    const span = document.createElement("span");
    span.className = button.className;
    span.dataset.jump = button.dataset.jump;
    span.append(...button.childNodes);
    button.replaceWith(span);
  }
  shown.querySelectorAll("details").forEach((details) => details.removeAttribute("open"));
  shown.querySelectorAll(".numbering-entry").forEach((number) => number.remove());
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  for (const part of [shown, wanted.content]) {
    part.querySelectorAll("a").forEach((link) => link.removeAttribute("target"));
  }
  return [shown.innerHTML, wanted.innerHTML];
}"""
# What reaches out of the panel or of the window, and what is cut off, each as a bit of HTML. Texts
# for screen readers only are one pixel wide.
STICKING_OUT = """(panel) => {
  const box = panel.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0) - 1, Math.min(box.right, innerWidth) + 1];
  return [panel, ...panel.querySelectorAll("*")]
    .filter((part) => part.checkVisibility())
    .filter((part) => {
      const { left: from, right: to, width } = part.getBoundingClientRect();
      const cut = part.scrollWidth > part.clientWidth;
      const hides = getComputedStyle(part).overflowX !== "visible";
      return width > 1 && (from < left || to > right || (cut && hides));
    })
    .map((part) => part.outerHTML.slice(0, 120));
}"""
# Each question with the answer that its toggle shows as checked, whether or not it is folded away.
CHECKED = """(panel) =>
  [...panel.querySelectorAll("[role=radiogroup][aria-labelledby]")].map((group) => [
    document.getElementById(group.getAttribute("aria-labelledby")).textContent,
    group.querySelector("[role=radio][aria-checked=true]")?.textContent ?? "",
  ])"""
FOCUS = """() => {
  const focused = document.activeElement;
  const label = focused.closest("[role=radiogroup]")?.getAttribute("aria-labelledby");
  const question = label ? document.getElementById(label).textContent : "";
  return [question, focused === document.body ? "" : focused.textContent];
}"""
GROWN = """() => [...document.querySelectorAll(".jp-WindowedPanel-outer")].every(
  (notebook) => !notebook.checkVisibility() || notebook.clientHeight > innerHeight - 300,
)"""
# What axe finds, and how many texts it looked at. JupyterLab's body is no pixel high, and axe takes
# what hangs over such a box, or over the window, for hidden.
RUN_AXE = """async ([within, rules]) => {
  document.body.style.height = "100vh";
  for (const notebook of document.querySelectorAll(".jp-WindowedPanel-outer")) {
    notebook.scrollTop = 0;
  }
  const found = await axe.run(within, { runOnly: rules });
  const parts = (results) =>
    results.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  const passed = parts(found.passes).filter((part) => part.startsWith("color-contrast"));
  return [parts(found.violations), passed.length];
}"""


def words(text_id: str, voice: str = VENDOR) -> str:
    """Return what the tables say for a text of the panel."""
    return words_of(CATALOG, voice)[text_id]


def questions(voice: str = VENDOR) -> dict[str, str]:
    """Return the questions of one voice by criterion id, the quick ones first."""
    asked = [
        criterion for criterion in CATALOG.part(VERDICT).criteria if voice in criterion.questions
    ]
    return {criterion.criterion_id: criterion.questions[voice].question for criterion in asked}


def stretch(page: Page, width: int = WINDOW["width"]) -> None:
    """Make the window so high that a whole notebook is seen at once, as axe needs it."""
    page.set_viewport_size({"width": width, "height": WHOLE_NOTEBOOK})
    page.wait_for_function(GROWN)


def lines(html: str) -> list[str]:
    """Return HTML with one tag a line, so that a difference can be read."""
    return re.sub("(?=<[a-z])", "\n", html).split("\n")


@dataclass
class ViewOnPage:
    """The first view of a notebook; ``scope`` is its cell.

    ``moved`` holds what the reader saw before and after the widget took over.
    """

    page: Page
    scope: Locator
    notebook: Locator
    name: str
    moved: tuple[dict[str, Any], ...] = ()

    @classmethod
    def first(cls, shown: ViewOnPage, mark: str) -> Self:
        """Return the view of the first cell that holds ``mark``, on an opened notebook."""
        cell = shown.notebook.locator(".jp-CodeCell", has_text=mark).first
        return cls(shown.page, cell, shown.notebook, shown.name)

    @property
    def root(self) -> Locator:
        """Return the view that the reader sees, whatever draws it at the moment."""
        return self.scope.locator(".soc-panel:visible")

    def fold(self, *, away: bool) -> None:
        """Fold everything away, or unfold everything."""
        folds = self.root.locator("details")
        folds.evaluate_all("(all, away) => all.forEach((one) => { one.open = !away; })", away)

    def focus(self) -> tuple[str, str]:
        """Return the question whose toggle has the focus, and the text that is focused."""
        question, text = self.page.evaluate(FOCUS)
        return question, text

    def tree(self) -> dict[str, dict[str, list[tuple[str, str]]]]:
        """Return by role and name what Chromium hands on; radios in it with their state."""
        found = self.nodes()
        nodes = {node["nodeId"]: node for node in found}
        tree: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for node in found:
            if node["ignored"]:
                continue
            parts = tree.setdefault(node["role"]["value"], {})
            parts[node["name"]["value"]] = _radios(nodes, node)
        return tree

    def nodes(self) -> list[dict[str, Any]]:
        """Return what Chromium's accessibility tree has of the view, ignored nodes included."""
        self.root.evaluate("(view) => { window.theView = view; }")
        session = self.page.context.new_cdp_session(self.page)
        place = session.send("Runtime.evaluate", {"expression": "theView"})["result"]
        found = session.send("Accessibility.queryAXTree", {"objectId": place["objectId"]})["nodes"]
        session.detach()
        return found

    def violations(self, within: str, rules: list[str], least: int = 30) -> list[str]:
        """Return what axe finds against some rules in a selection, in a window that shows it.

        It has to look at ``least`` texts: less means that it takes most of the view for hidden.
        """
        if self.page.evaluate("() => !window.axe"):
            self.page.evaluate(AXE_SCRIPT)
        found, looked_at = self.page.evaluate(RUN_AXE, [within, rules])
        assert looked_at > least, "axe takes most of the view for hidden"
        return found

    def sticking_out(self) -> list[str]:
        """Return what is wider than the view, or reaches out of the window."""
        return self.root.evaluate(STICKING_OUT)


@dataclass
class PanelOnPage(ViewOnPage):
    """The first panel of a notebook."""

    voice: str = VENDOR

    @property
    def headline(self) -> Locator:
        """Return the headline of the verdict."""
        return self.root.locator(".soc-headline")

    @property
    def more(self) -> Locator:
        """Return the fold that holds all but the quick questions."""
        return self.root.locator("details.soc-more")

    @property
    def sides(self) -> Locator:
        """Return the switch between the two voices."""
        return self.root.get_by_role("radiogroup", name=words("voice_label"), exact=True)

    @property
    def examples(self) -> Locator:
        """Return the list of worked examples."""
        name = words("examples", self.voice)
        return self.root.get_by_role("combobox", name=name, exact=True)

    def group(self, criterion_id: str) -> Locator:
        """Return the toggle of a criterion, found by its question."""
        name = questions(self.voice)[criterion_id]
        return self.root.get_by_role("radiogroup", name=name, exact=True)

    def radio(self, criterion_id: str, answer: str) -> Locator:
        """Return one button of a toggle."""
        name = words(f"answer_{answer}", self.voice)
        return self.group(criterion_id).get_by_role("radio", name=name, exact=True)

    def button(self, text_id: str) -> Locator:
        """Return a button by the id of its text."""
        return self.root.get_by_role("button", name=words(text_id, self.voice), exact=True)

    def open_more(self) -> None:
        """Unfold the questions beyond the quick ones."""
        if self.more.get_attribute("open") is None:
            self.more.locator("> summary").click()

    def answer(self, answers: dict[str, str]) -> None:
        """Click answers, one after the other."""
        quick = CATALOG.part(VERDICT).groups[0].group_id
        for criterion_id, answer in answers.items():
            if CATALOG.part(VERDICT).criterion(criterion_id).group_id != quick:
                self.open_more()
            self.radio(criterion_id, answer).click()

    def clear(self, criterion_id: str) -> None:
        """Take one answer back."""
        name = f"{words('clear_answer', self.voice)}: {questions(self.voice)[criterion_id]}"
        self.root.get_by_role("button", name=name, exact=True).click()

    def speak_as(self, voice: str) -> None:
        """Switch sides."""
        self.sides.get_by_role("radio", name=words(f"voice_{voice}"), exact=True).click()
        self.voice = voice

    def choose(self, example: Any) -> None:
        """Load a worked example."""
        self.examples.select_option(label=example.title)
        self.voice = example.voice

    def start_over(self) -> None:
        """Bring the panel back to how a reader finds it, by clicks that do not wait to be seen."""
        side = self.sides.get_by_role("radio", name=words(f"voice_{VENDOR}"), exact=True)
        side.dispatch_event("click")
        self.voice = VENDOR
        self.button("reset").dispatch_event("click")
        self.fold(away=True)

    def checked(self) -> dict[str, str]:
        """Return the answers that the toggles show as checked."""
        labels = {words(f"answer_{answer}", self.voice): answer for answer in ANSWERS}
        shown = dict(self.root.evaluate(CHECKED))
        asked = questions(self.voice).items()
        return {key: labels[shown[question]] for key, question in asked if shown.get(question)}

    def must_say(self, answers: dict[str, str]) -> None:
        """Assert that the whole verdict is, soon, the one that Python gives for these answers."""
        plain = soclib.decide(answers, self.voice).to_dict()
        job = [self.root.locator(".soc-answer").element_handle(), verdict_html(plain, CATALOG)]
        deadline = time.monotonic() + SOON
        shown, wanted = self.page.evaluate(BOTH_VERDICTS, job)
        while shown != wanted and time.monotonic() < deadline:
            shown, wanted = self.page.evaluate(BOTH_VERDICTS, job)
        difference = unified_diff(lines(wanted), lines(shown), "Python", "page", n=0, lineterm="")
        assert shown == wanted, "\n".join([f"{self.voice}: {answers}", *difference])

    def state(self) -> dict[str, Any]:
        """Return what the reader has before them."""
        return {
            "panels": self.root.count(),
            "side": self.sides.get_by_role("radio", checked=True).inner_text(),
            "answers": self.checked(),
            "headline": self.headline.inner_text(),
            "unfolded": self.more.get_attribute("open") is not None,
            "focus": self.focus(),
        }


def _radios(nodes: dict[str, Any], group: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for child_id in group.get("childIds", []):
        child = nodes.get(child_id, {"role": {"value": "text"}})
        if child["role"]["value"] == "radio":
            states = {state["name"]: state["value"].get("value") for state in child["properties"]}
            found.append((child["name"]["value"], states.get("checked", "")))
        else:
            found += _radios(nodes, child)
    return found


# --- opening notebooks ---------------------------------------------------------------------------


@dataclass
class LiveOnPage(ViewOnPage):
    """A view that only a kernel answers: its saved page, and the controls that replace it."""

    @property
    def root(self) -> Locator:
        """Return the controls, where a kernel runs."""
        return self.scope.locator(".soc-live")

    @property
    def saved(self) -> Locator:
        """Return what the notebook shows without a kernel."""
        return self.scope.locator(".soc-saved")

    def run(self) -> Self:
        """Run all cells until the controls are there.

        Without a widget in the saved page nothing tells that the kernel listens but its answer.
        """
        for _try in range(5):
            self.page.get_by_role("menuitem", name="Run", exact=True).click()
            self.page.locator('[data-command="runmenu:run-all"]').click()
            try:
                expect(self.root).to_be_visible(timeout=8_000)
                break
            except AssertionError:
                continue
        expect(last_prompt(self)).to_have_text(NUMBERED, timeout=2 * PATIENCE)
        expect(self.root).to_be_visible()
        return self


def place_of_view(path: Path) -> int:
    """Return which cell of a notebook holds the first view; 0 where there is none."""
    cells = nbformat.read(path, as_version=4).cells
    places = (
        at
        for at, cell in enumerate(cells)
        for output in cell.get("outputs", [])
        if "soc-standby" in output.get("data", {}).get("text/html", "")
    )
    return next(places, 0)


class Desk:
    """One JupyterLab in one window, with the notebooks that a reader opened in it.

    A further notebook in the same window costs a quarter of what a further window does.
    """

    def __init__(self, browser: Browser, lab: Lab) -> None:
        self.lab = lab
        self.page = browser.new_context(viewport=WINDOW).new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.without_kernel: set[str] = set()
        self.waiting: dict[str, list[Route]] = {}
        self.page.context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.route(re.compile(r"/api/(sessions|kernels)\b"), self._judge)

    def _judge(self, route: Route) -> None:
        """Refuse the start of a kernel, or keep it waiting; let everything else pass."""
        name = (route.request.post_data_json or {}).get("name")
        if route.request.method == "POST" and name in self.without_kernel:
            route.abort()
        elif route.request.method == "POST" and name in self.waiting:
            self.waiting[name].append(route)
        else:
            route.continue_()

    def open(self, path: Path, kernel: str = "at once", kind: type[Any] = PanelOnPage) -> Any:
        """Open a notebook; its ``kernel`` starts "at once", "late" or "never"."""
        if kernel == "never":
            self.without_kernel.add(path.name)
        if kernel == "late":
            self.waiting[path.name] = []
        if self.page.url == "about:blank":
            self.page.goto(self.lab.address(path.name))
        else:
            self.page.locator(".jp-DirListing-item", has_text=path.name).dblclick()
        tab = self.page.get_by_role("tab", name=path.name, exact=True, selected=True)
        notebook = self.page.locator(f"[aria-labelledby='{tab.get_attribute('id')}']")
        cell = notebook.locator(".jp-Cell").nth(place_of_view(path))
        return kind(self.page, cell, notebook, path.name)

    def refuse_kernel(self) -> None:
        """Answer what JupyterLab asks when no kernel can start."""
        for refusal in ("Ok", "No Kernel"):
            self.page.get_by_role("dialog").get_by_role("button", name=refusal).click()

    def start_kernel(self, panel: ViewOnPage) -> None:
        """Let a kernel start that was kept waiting."""
        for route in self.waiting.pop(panel.name):
            route.continue_()

    def show(self, panel: ViewOnPage) -> None:
        """Bring a notebook to the front."""
        if not panel.scope.is_visible():
            self.page.get_by_role("tab", name=panel.name, exact=True).click()


# --- doing things in a notebook ------------------------------------------------------------------


def changed_copy(lab: Lab, name: str, change: Any, notebook: str = NOTEBOOK) -> None:
    """Write a copy of the notebook that differs, so that it is not trusted with the others."""
    book = nbformat.read(lab.folder / notebook, as_version=4)
    change(book)
    nbformat.write(book, lab.folder / f"{name}.ipynb")


def hand_over(desk: Desk, panel: Any) -> None:
    """Let the kernel start, and keep what the reader saw before and after."""
    before = panel.state()
    desk.start_kernel(panel)
    wait_for_widget(panel)
    desk.page.evaluate(TWO_FRAMES)
    panel.moved = (before, panel.state())


def wait_for_widget(panel: ViewOnPage) -> None:
    """Wait until the widget has taken over from the stand-in."""
    expect(panel.scope.locator(".soc-standby[hidden]")).to_have_count(1)


def last_prompt(panel: ViewOnPage) -> Locator:
    """Return the number of the last cell."""
    return panel.notebook.locator(".jp-CodeCell .jp-InputPrompt").last


def run_all(panel: ViewOnPage) -> None:
    """Run all cells, and wait for the widget."""
    panel.page.get_by_role("menuitem", name="Run", exact=True).click()
    panel.page.locator('[data-command="runmenu:run-all"]').click()
    expect(last_prompt(panel)).to_have_text(NUMBERED)
    wait_for_widget(panel)


def set_theme(page: Page, theme: str) -> None:
    """Choose a theme of JupyterLab."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_role("menu").get_by_text("Theme", exact=True).click()
    page.get_by_role("menu").get_by_text(theme, exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)


def take_picture(panel: ViewOnPage, path: Path) -> None:
    """Keep a picture of a view to look at."""
    panel.page.set_viewport_size({**panel.page.viewport_size, "height": 2000})
    panel.root.evaluate("(panel) => panel.scrollIntoView()")
    panel.page.screenshot(path=path)
    print(f"picture: {path}")  # noqa: T201 - says where to look


def python(panel: ViewOnPage, code: str) -> Any:
    """Run code in the last cell, by keyboard, and return what it prints."""
    cell = panel.notebook.locator(".jp-CodeCell").last
    before = last_prompt(panel).inner_text()
    cell.get_by_role("textbox").click()
    panel.page.keyboard.press("Control+a")
    panel.page.keyboard.insert_text(code)
    panel.page.keyboard.press("Control+Enter")
    expect(last_prompt(panel)).not_to_have_text(before)
    expect(last_prompt(panel)).to_have_text(NUMBERED)
    return json.loads(cell.locator(".jp-OutputArea-output").inner_text())


def press_until(panel: ViewOnPage, key: str, reached: Any, most: int = 12) -> None:
    """Press a key until something holds; fail when it never does."""
    for _ in range(most):
        panel.page.keyboard.press(key)
        if reached():
            return
    pytest.fail(f"{key} did not get there with {most} strokes; the focus is on {panel.focus()}")

"""A view on any page, in a reader's words: what it shows, what has the focus, what axe finds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

import soclib
from soclib.tables.rows import VOICES
from soclib.words import words_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

CATALOG = soclib.load_catalog()
VENDOR, BUYER = VOICES
TODAY = "2026-11-25"  # on every page, whatever the day
WINDOW = {"width": 1400, "height": 1000}
NARROW = 700  # pixels
LOOKS = 20  # of axe at a view, half a second apart
PATIENCE = 120_000  # milliseconds; only a failing test waits that long, on a busy machine too
expect.set_options(timeout=PATIENCE)
WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = ["color-contrast"]  # what a theme can spoil; the whole set takes four times as long
BARE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<main tabindex="-1">{view}</main></html>"""

# What reaches out of the view or of the window, and what is cut off, each as a bit of HTML. Texts
# for screen readers only are one pixel wide.
STICKING_OUT = """(view) => {
  const box = view.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0) - 1, Math.min(box.right, innerWidth) + 1];
  return [view, ...view.querySelectorAll("*")]
    .filter((part) => part.checkVisibility())
    .filter((part) => {
      const { left: from, right: to, width } = part.getBoundingClientRect();
      const cut = part.scrollWidth > part.clientWidth;
      const hides = getComputedStyle(part).overflowX !== "visible";
      return width > 1 && (from < left || to > right || (cut && hides));
    })
    .map((part) => part.outerHTML.slice(0, 120));
}"""
FOCUS = """() => {
  const focused = document.activeElement;
  const label = focused.closest("[role=radiogroup]")?.getAttribute("aria-labelledby");
  const question = label ? document.getElementById(label).textContent : "";
  return [question, focused === document.body ? "" : focused.textContent];
}"""
# What axe finds, and how many texts it looked at. JupyterLab's body is no pixel high, and axe takes
# what hangs over such a box, or over the window, for hidden. What really is hidden is taken out of
# the page meanwhile: axe would go through all of it.
RUN_AXE = """async ([within, rules]) => {
  document.body.style.height = "100vh";
  for (const notebook of document.querySelectorAll(".jp-WindowedPanel-outer")) {
    notebook.scrollTop = 0;
  }
  const parted = [...document.querySelectorAll(".jp-NotebookPanel, .jp-Cell, .soc-standby, tr")]
    .filter((part) => !part.checkVisibility())
    .map((part) => {
      const place = document.createComment("");
      part.replaceWith(place);
      return [place, part];
    });
  const found = await axe
    .run(within, { runOnly: rules, selectors: false })
    .finally(() => parted.reverse().forEach(([place, part]) => place.replaceWith(part)));
  const parts = (results) =>
    results.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  const passed = parts(found.passes).filter((part) => part.startsWith("color-contrast"));
  return [parts(found.violations), passed.length];
}"""


def words(text_id: str, voice: str = VENDOR) -> str:
    """Return what the tables say for a text of a view."""
    return words_of(CATALOG, voice)[text_id]


def settled(read: Callable[[], Any], wanted: Any) -> Any:
    """Return what is read as soon as it is what is wanted, else what is read at last."""
    deadline = time.monotonic() + PATIENCE / 1000
    while (found := read()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def lines(html: str) -> list[str]:
    """Return HTML with one tag a line, so that a difference can be read."""
    return re.sub("(?=<[a-z])", "\n", html).split("\n")


@dataclass
class ViewOnPage:
    """A view; ``scope`` is what holds it, as a cell of a notebook does.

    ``first`` is what the reader saw when it was opened, ``moved`` what they saw right before and
    after the widget took over.
    """

    page: Page
    scope: Locator
    notebook: Locator
    name: str
    first: dict[str, Any] = field(default_factory=dict)
    moved: tuple[dict[str, Any], ...] = ()

    @property
    def root(self) -> Locator:
        """Return the view that the reader sees, whatever draws it at the moment."""
        return self.scope.locator(".soc-panel:visible")

    def fold(self, *, away: bool) -> None:
        """Fold everything away, or unfold everything."""
        folds = self.root.locator("details")
        folds.evaluate_all("(all, away) => all.forEach((one) => { one.open = !away; })", away)

    def spread(self) -> None:
        """Show parts of every kind, and not so many that axe takes long."""
        self.fold(away=False)

    def focus(self) -> tuple[str, str]:
        """Return the question whose toggle has the focus, and the text that is focused."""
        question, text = self.page.evaluate(FOCUS)
        return question, text

    def must_match(self, reading: str, html: str, about: Any) -> None:
        """Assert that the answer is, soon, the one that Python writes, both read by one script."""
        job = [self.root.locator(".soc-answer").element_handle(), html]
        deadline = time.monotonic() + PATIENCE / 1000
        shown, wanted = self.page.evaluate(reading, job)
        while shown != wanted and time.monotonic() < deadline:
            shown, wanted = self.page.evaluate(reading, job)
        difference = unified_diff(lines(wanted), lines(shown), "Python", "page", n=0, lineterm="")
        assert shown == wanted, "\n".join([str(about), *difference])

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

    def pressed(self) -> dict[str, str]:
        """Return by name which buttons Chromium hands on as pressed, and which as not."""
        return {
            node["name"]["value"]: state["value"]["value"]
            for node in self.nodes()
            if not node["ignored"] and node["role"]["value"] == "button"
            for state in node["properties"]
            if state["name"] == "pressed"
        }

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
        for _again in range(LOOKS):  # on a busy machine a view may not have been laid out yet
            if looked_at > least:
                break
            self.page.wait_for_timeout(500)
            found, looked_at = self.page.evaluate(RUN_AXE, [within, rules])
        assert looked_at > least, "axe takes most of the view for hidden"
        return found

    def sticking_out(self) -> list[str]:
        """Return what is wider than the view, or reaches out of the window."""
        return self.root.evaluate(STICKING_OUT)


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


@dataclass(frozen=True)
class ShownDesk:
    """A view that a shipped notebook shows.

    ``marks`` are code by which the cells are found that it needs, its own last.
    """

    name: str
    notebook: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class ShownView(ShownDesk):
    """A view that answers without a kernel, by its stand-in, which ``standby`` writes.

    ``act`` is what a reader does while the kernel starts, ``variable`` its name in the notebook.
    """

    page: type[Any]
    standby: Callable[[], str]
    act: Callable[[Any], None]
    variable: str = "view"


def bare_page(browser: Browser) -> Page:
    """Return a new page without any network."""
    page = browser.new_context(viewport=WINDOW, offline=True).new_page()
    page.set_default_timeout(PATIENCE)
    page.clock.set_fixed_time(TODAY)
    return page


def open_bare(page: Page, shown: ShownView, path: Path) -> Any:
    """Write the stand-in of a view to a file, and return the view as the file shows it."""
    path.write_text(BARE.format(title=shown.name, view=shown.standby()), encoding="utf-8")
    page.goto(path.as_uri())
    view = shown.page(page, page.get_by_role("main"), page.locator("body"), path.name)
    expect(view.root.get_by_role("status").first).to_be_attached()
    view.first = view.state()
    return view


def take_picture(view: ViewOnPage, path: Path) -> None:
    """Keep a picture of a view to look at."""
    view.page.set_viewport_size({**view.page.viewport_size, "height": 2000})
    view.root.evaluate("(view) => view.scrollIntoView()")
    view.page.screenshot(path=path)
    print(f"picture: {path}")  # noqa: T201 - says where to look


def press_until(view: ViewOnPage, key: str, reached: Callable[[], bool], most: int = 12) -> None:
    """Press a key until something holds; fail when it never does."""
    for _ in range(most):
        view.page.keyboard.press(key)
        if reached():
            return
    pytest.fail(f"{key} did not get there with {most} strokes; the focus is on {view.focus()}")

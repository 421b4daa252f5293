"""From a click to the verdict in a real JupyterLab: decided in the browser, and in the kernel.

Three notebooks are open in one server at once, and the same clicks go to each, in blocks that
alternate: the shipped notebook as it was saved, the same notebook after Run All, and a baseline
with the same toggles, whose observers let Python decide and send the verdict back as HTML. The
clicks are real mouse events of the browser; both times are taken in the page by ``clicks.js``.

The time to the next frame includes the wait for the screen (up to 16.7 ms at 60 Hz) and the page's
own layout. How much of it no panel can save is measured as well, with clicks on the panel's title.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lab import BASELINE, NOTEBOOK, InertPanel, KernelPanel, ShippedPanel, opened, started
from playwright.sync_api import Error as PlaywrightError
from rows import Row, at_least, at_most, p95

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.tables import VERDICT

CLOCK = Path(__file__).with_name("clicks.js").read_text(encoding="utf-8")
CLICKS = 50
BLOCK = 10
WARM_UP = 5
SEED = 33
PATIENCE = 3_000  # milliseconds after which a click counts as missed
FRAME = 16.7  # milliseconds of one frame at 60 Hz
TIMES_FASTER = 10
QUANTILES = {"p50": statistics.median, "p95": p95}


class Click(NamedTuple):
    """One answer, and the headline that must follow from it and all answers before it."""

    criterion_id: str
    answer: str
    headline: str


class Taken(NamedTuple):
    """Milliseconds from a click to the change of the DOM, and to the next frame after it."""

    change: float
    frame: float


@dataclass
class Way:
    """One way to get a verdict: its panel, and what was measured on it."""

    name: str
    panel: ShippedPanel | KernelPanel
    taken: list[Taken] = field(default_factory=list)
    missed: int = 0

    def start(self) -> None:
        """Make every toggle clickable, and put the clock beside the verdict."""
        self.panel.unfold()
        self.panel.verdict.evaluate(CLOCK)

    def do(self, clicks: list[Click], *, count: bool = True) -> None:
        """Click, and note the times where they count."""
        self.panel.page.bring_to_front()
        found = [self._time(click) for click in clicks]
        if count:
            self.taken += [taken for taken in found if taken]
            self.missed += found.count(None)

    def _time(self, click: Click) -> Taken | None:
        page = self.panel.page
        expected = None if isinstance(self.panel, InertPanel) else click.headline
        page.evaluate("job => { window.socClock.arm(...job) }", [expected, PATIENCE])
        with suppress(PlaywrightError):  # a button that cannot be clicked is a missed click too
            self.panel.button(click.criterion_id, click.answer).click(timeout=PATIENCE)
        times = page.evaluate("window.socClock.times")
        return Taken(**times) if times else None

    def quantile(self, name: str, of: str) -> float:
        """Return the p50 or p95 of the times to the change or to the frame."""
        return QUANTILES[name]([getattr(taken, of) for taken in self.taken])


# --- what to click -----------------------------------------------------------------------------


def plan(count: int) -> list[Click]:
    """Return random answers, the same in every run, each of which changes the headline."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    criteria = soclib.load_catalog().part(VERDICT).criteria
    asked = [c.criterion_id for c in criteria if VOICES[0] in c.questions]
    answers: dict[str, str] = {}
    clicks: list[Click] = []
    before = headline_of(answers)
    while len(clicks) < count:
        criterion_id, answer = chance.choice(asked), chance.choice(ANSWERS)
        tried = {**answers, criterion_id: answer}
        if (after := headline_of(tried)) != before:
            clicks.append(Click(criterion_id, answer, after))
            answers, before = tried, after
    return clicks


def headline_of(answers: dict[str, str]) -> str:
    """Return the verdict in a sentence, as Python decides it."""
    headline: str = soclib.decide(answers).to_dict()["headline"]
    return headline


# --- measuring ---------------------------------------------------------------------------------


def click_rows() -> list[Row]:
    """Return the times of all ways, measured in one run of one server."""
    with started() as (lab, browser):
        run, saved = (opened(browser, lab.address(NOTEBOOK), run=run) for run in (True, False))
        panels = [
            Way("panel after Run All", ShippedPanel(run)),
            Way("panel before any run", ShippedPanel(saved)),
        ]
        inert = Way("click on the title", InertPanel(run))
        kernel = Way("kernel", KernelPanel(opened(browser, lab.address(BASELINE), run=True)))
        alternate([*panels, inert, kernel], plan(WARM_UP + CLICKS))
        version = Row("clicks", "Chromium", browser.version)
    return [*_ratios(panels, kernel), *_times(panels, [inert, kernel]), version]


def alternate(ways: list[Way], clicks: list[Click]) -> None:
    """Send the same clicks to every way, a block each in turn; the first few do not count."""
    for way in ways:
        way.start()
        way.do(clicks[:WARM_UP], count=False)
    for start in range(WARM_UP, len(clicks), BLOCK):
        for way in ways:
            way.do(clicks[start : start + BLOCK])


# --- the table ---------------------------------------------------------------------------------


def _ratios(panels: list[Way], kernel: Way) -> Iterator[Row]:
    targets = {"change": at_least(TIMES_FASTER), "frame": None}
    for of, target in targets.items():
        for panel in panels:
            for name in QUANTILES:
                ratio = kernel.quantile(name, of) / panel.quantile(name, of)
                what = f"{kernel.name} / {panel.name}, to {of}: {name}"
                yield Row("clicks", what, ratio, "x", target)


def _times(panels: list[Way], others: list[Way]) -> Iterator[Row]:
    for way in [*panels, *others]:
        limit = at_most(FRAME) if way in panels else None
        for of in ("frame",) if isinstance(way.panel, InertPanel) else ("change", "frame"):
            what = f"{way.name}, to {of}"
            yield Row("clicks", f"{what}: p50", way.quantile("p50", of), "ms")
            yield Row("clicks", f"{what}: p95", way.quantile("p95", of), "ms", limit)
        total = len(way.taken) + way.missed
        yield Row("clicks", f"{way.name}: missed of {total}", way.missed, "", at_most(0))

"""The panel on a page, in a reader's words: answer, clear, switch sides, read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from view_page import BUYER, CATALOG, VENDOR, ShownView, ViewOnPage, words

import soclib
from soclib.tables.rows import ANSWERS
from soclib.verdict.page import verdict_html
from soclib.verdict.tables import VERDICT

if TYPE_CHECKING:
    from playwright.sync_api import Locator

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
# Each question with the answer that its toggle shows as checked, whether or not it is folded away.
CHECKED = """(panel) =>
  [...panel.querySelectorAll("[role=radiogroup][aria-labelledby]")].map((group) => [
    document.getElementById(group.getAttribute("aria-labelledby")).textContent,
    group.querySelector("[role=radio][aria-checked=true]")?.textContent ?? "",
  ])"""


def questions(voice: str = VENDOR) -> dict[str, str]:
    """Return the questions of one voice by criterion id, the quick ones first."""
    asked = [
        criterion for criterion in CATALOG.part(VERDICT).criteria if voice in criterion.questions
    ]
    return {criterion.criterion_id: criterion.questions[voice].question for criterion in asked}


QUICK = [
    c.criterion_id
    for c in CATALOG.part(VERDICT).criteria
    if c.group_id == CATALOG.part(VERDICT).groups[0].group_id
]
LAST = list(questions())[-1]
MIXED = dict(zip([*QUICK, LAST], itertools.cycle(["yes", "unknown", "no"]), strict=False))


def every_status() -> list[Any]:
    """Return few worked examples that together show every status."""
    shown: set[str] = set()
    found = []
    for example in CATALOG.part(VERDICT).examples:
        statuses = set(soclib.decide(example.answers, example.voice).reports.values())
        if not statuses <= shown:
            found.append(example)
            shown |= statuses
    return found


@dataclass
class PanelOnPage(ViewOnPage):
    """A panel."""

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
        for criterion_id, answer in answers.items():
            if criterion_id not in QUICK:
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

    def spread(self) -> None:
        """Show a worked example with all unfolded."""
        self.choose(CATALOG.part(VERDICT).examples[0])
        self.fold(away=False)

    def checked(self) -> dict[str, str]:
        """Return the answers that the toggles show as checked."""
        labels = {words(f"answer_{answer}", self.voice): answer for answer in ANSWERS}
        shown = dict(self.root.evaluate(CHECKED))
        asked = questions(self.voice).items()
        return {key: labels[shown[question]] for key, question in asked if shown.get(question)}

    def must_say(self, answers: dict[str, str]) -> None:
        """Assert that the whole verdict is, soon, the one that Python gives for these answers."""
        plain = soclib.decide(answers, self.voice).to_dict()
        about = f"{self.voice}: {answers}"
        self.must_match(BOTH_VERDICTS, verdict_html(plain, CATALOG), about)

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


def _act(panel: PanelOnPage) -> None:
    panel.answer(MIXED)
    panel.speak_as(BUYER)


VIEW = ShownView(
    name="panel",
    notebook="02_which_report.ipynb",
    marks=("soclib.panel()",),
    page=PanelOnPage,
    standby=lambda: soclib.panel().standby_html(),
    act=_act,
    variable="panel",
)

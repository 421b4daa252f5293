"""What a reader does on a page that holds a panel, in words: answer, clear, switch, read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import soclib
from soclib.model import ANSWERS, VOICES
from soclib.render import verdict_html

CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.criteria]
VENDOR, BUYER = VOICES
WAIT = 15_000  # milliseconds; only a failing test waits this long
AT_ONCE = 2_000  # milliseconds that a click may take to show

# The verdict as drawn and as Python writes it, both as the browser spells HTML. What is added to it
# is taken away again: live buttons in place of spans, and <details> that a reader opened, by the
# panel; the target of links by JupyterLab.
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
  shown.querySelectorAll("a").forEach((link) => link.removeAttribute("target"));
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  return [shown.innerHTML, wanted.innerHTML];
}"""


def words(text_id: str, voice: str = VENDOR) -> str:
    """Return what the tables say for a text of the panel."""
    return CATALOG.wording[text_id][voice]


def asked(voice: str = VENDOR, *, quick: bool = False) -> dict[str, str]:
    """Return the questions of one voice by criterion id; ``quick`` for the first group only."""
    return {
        criterion.criterion_id: criterion.questions[voice].question
        for criterion in CATALOG.criteria
        if voice in criterion.questions
        and not (quick and criterion.group_id != CATALOG.groups[0].group_id)
    }


def lines(html: str) -> list[str]:
    """Return HTML with one tag a line, so that a difference can be read."""
    return re.sub("(?=<[a-z])", "\n", html).split("\n")


@dataclass
class PanelOnPage:
    """The first panel of a page: ``root`` finds it, whatever draws it at the moment."""

    page: Any
    scope: Any
    voice: str = VENDOR
    requests: list[str] = field(default_factory=list)

    @property
    def root(self) -> Any:
        """Return the panel that the reader sees."""
        return self.scope.locator(".soc-panel:visible")

    @property
    def headline(self) -> Any:
        """Return the headline of the verdict."""
        return self.root.locator(".soc-headline")

    @property
    def more(self) -> Any:
        """Return the fold that holds all but the quick questions."""
        return self.root.locator("details.soc-more")

    def group(self, criterion_id: str) -> Any:
        """Return the toggle of a criterion, found by its question."""
        name = asked(self.voice)[criterion_id]
        return self.root.get_by_role("radiogroup", name=name, exact=True)

    def radio(self, criterion_id: str, answer: str) -> Any:
        """Return one button of a toggle."""
        name = words(f"answer_{answer}", self.voice)
        return self.group(criterion_id).get_by_role("radio", name=name, exact=True)

    def answer(self, answers: dict[str, str]) -> None:
        """Click answers, one after the other."""
        for criterion_id, answer in answers.items():
            self.open_more()
            self.radio(criterion_id, answer).click()

    def clear(self, criterion_id: str) -> None:
        """Take one answer back."""
        name = f"{words('clear_answer', self.voice)}: {asked(self.voice)[criterion_id]}"
        self.root.get_by_role("button", name=name, exact=True).click()

    def speak_as(self, voice: str) -> None:
        """Switch sides."""
        side = self.root.get_by_role("radiogroup", name=words("voice_label"), exact=True)
        side.get_by_role("radio", name=words(f"voice_{voice}"), exact=True).click()
        self.voice = voice

    def open_more(self) -> None:
        """Unfold the questions beyond the quick ones."""
        if self.more.get_attribute("open") is None:
            self.more.locator("> summary").click()

    def choose(self, example: Any) -> None:
        """Load a worked example."""
        picker = self.root.get_by_role("combobox", name=words("examples", self.voice), exact=True)
        picker.select_option(label=example.title)
        self.voice = example.voice

    def button(self, text_id: str) -> Any:
        """Return a button of the panel by the id of its text."""
        return self.root.get_by_role("button", name=words(text_id, self.voice), exact=True)

    def start_over(self) -> None:
        """Bring the panel back to how a reader finds it."""
        if self.root.get_by_role("radio", checked=True).count() > 1:
            self.button("reset").click()
        self.speak_as(VENDOR)

    def checked(self) -> dict[str, str]:
        """Return the answers that the toggles show as checked."""
        labels = {words(f"answer_{answer}", self.voice): answer for answer in ANSWERS}
        shown = {}
        for criterion_id in asked(self.voice):
            marked = self.group(criterion_id).locator("[role=radio][aria-checked=true]")
            if marked.count():
                shown[criterion_id] = labels[marked.inner_text()]
        return shown

    def must_say(self, answers: dict[str, str]) -> None:
        """Assert that the whole verdict is the one that Python gives for these answers."""
        plain = soclib.decide(answers, self.voice).to_dict()
        job = [self.root.locator(".soc-answer").element_handle(), verdict_html(plain, CATALOG)]
        shown, wanted = self.page.evaluate(BOTH_VERDICTS, job)
        assert lines(shown) == lines(wanted), (answers, self.voice)

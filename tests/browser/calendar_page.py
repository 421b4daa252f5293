"""The calendar on a page, in a reader's words: dates set by keyboard, and the card that follows."""

from __future__ import annotations

from dataclasses import dataclass

from view_page import CATALOG, TODAY, VENDOR, ShownView, ViewOnPage, words

import soclib
from soclib.periods.browser import CalendarChoice as Choice
from soclib.periods.card import fit_html, fit_plain

FIRST = Choice("soc1", "type_2", "2025-10-01", "2026-09-30", "2026-12-31", "", "", TODAY)
DAYS = ("start", "end", "fiscal_year_end", "fiscal_year_start", "previous_end")
# The card as drawn and as Python writes it, both as the browser spells HTML; what was unfolded, and
# the numbers and targets that JupyterLab adds, are taken away again.
BOTH_CARDS = """([answer, html]) => {
  const wanted = document.createElement("div");
  wanted.innerHTML = html;
  return [answer.cloneNode(true), wanted].map((part) => {
    part.querySelectorAll("details").forEach((details) => details.removeAttribute("open"));
    part.querySelectorAll(".numbering-entry").forEach((number) => number.remove());
    part.querySelectorAll("a").forEach((link) => link.removeAttribute("target"));
    return part.innerHTML;
  });
}"""


def keys_of(iso):
    """Return the digits that set a date control by keyboard, in the order of its parts."""
    year, month, day = iso.split("-")
    return month + day + year


@dataclass
class CalendarOnPage(ViewOnPage):
    """A calendar."""

    voice: str = VENDOR

    def day(self, name):
        return self.root.get_by_label(words(f"calendar_{name}"), exact=True)

    def toggle(self, group, name):
        label = words(f"calendar_{group}")
        group = self.root.get_by_role("radiogroup", name=label, exact=True)
        return group.get_by_role("radio", name=name, exact=True)

    def type_in(self, name, iso):
        """Set a date by keyboard alone."""
        self.day(name).focus()
        self.page.keyboard.type(keys_of(iso))
        self.page.keyboard.press("Tab")

    def clear(self, name):
        self.day(name).focus()
        for _part in ("month", "day", "year"):
            self.page.keyboard.press("Backspace")
            self.page.keyboard.press("ArrowRight")
        for _button_of_the_browser_then_next in range(2):
            self.page.keyboard.press("Tab")

    def start_over(self):
        """Bring the calendar back to how a reader finds it."""
        side = self.root.get_by_role("radio", name=words(f"voice_{VENDOR}"), exact=True)
        side.dispatch_event("click")
        self.voice = VENDOR
        self.toggle("report", "SOC 1").dispatch_event("click")
        self.toggle("type", words("calendar_type_2")).dispatch_event("click")
        for name in DAYS:
            self.day(name).fill(getattr(FIRST, name))
            self.day(name).dispatch_event("change")
        self.fold(away=True)

    def must_say(self, choice):
        """Assert that the card is the one of a choice; today is the browser's."""
        html = fit_html(fit_plain(choice, voice=self.voice), CATALOG)
        self.must_match(BOTH_CARDS, html, f"{self.voice}: {choice}")

    def state(self):
        values = {name: self.day(name).input_value() for name in DAYS}
        return {**values, "said": self.root.get_by_role("status").inner_text()}


VIEW = ShownView(
    name="calendar",
    notebook="03_type_1_or_type_2.ipynb",
    marks=("soclib.periods.calendar(",),
    page=CalendarOnPage,
    standby=lambda: soclib.periods.calendar(
        "2025-10-01", "2026-09-30", "2026-12-31"
    ).standby_html(),
    act=lambda view: view.type_in("end", "2026-06-30"),
)

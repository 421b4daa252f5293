"""The comparison on a page, in a reader's words: reports, rows and words to look for."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect
from view_page import CATALOG, ShownView, ViewOnPage, settled, words

import soclib
from soclib.comparison.choose import chosen_rows as chosen
from soclib.comparison.choose import full_choice as everything
from soclib.comparison.choose import rows_by_topic as topics
from soclib.comparison.tables import COMPARISON
from soclib.verdict.tables import VERDICT

FULL = everything(CATALOG)
REPORTS = {report.report_id: report.title for report in CATALOG.part(VERDICT).reports}
ROWS = {row.dimension_id: row.dimension for row in CATALOG.part(COMPARISON).dimensions}
# What is shown: reports, rows, and the names of the topics that still have rows.
SHOWN = """(view) => {
  const seen = (part) => part.checkVisibility();
  const cells = [...view.querySelectorAll("thead [data-report]")].filter(seen);
  const rows = [...view.querySelectorAll("tr[data-dimension]")].filter(seen);
  const notes = [...view.querySelectorAll("tr[data-of]")].filter(seen);
  const topics = [...view.querySelectorAll("tr.soc-topic")].filter(seen);
  const texts = rows.map((row) => [...row.querySelectorAll("td")].filter(seen).length);
  return {
    reports: cells.map((cell) => cell.dataset.report),
    rows: rows.map((row) => row.dataset.dimension).sort(),
    notes: notes.map((note) => note.dataset.of).sort(),
    topics: topics.map((topic) => topic.querySelector("th").textContent),
    widths: [...new Set(texts)],
  };
}"""

PRESSED = """(view) => [...view.querySelectorAll("button[aria-pressed=true]")]
  .map((button) => button.textContent.trim())"""


@dataclass
class ComparisonOnPage(ViewOnPage):
    """A comparison."""

    @property
    def search(self):
        return self.root.get_by_role("textbox", name=words("compare_search"), exact=True)

    @property
    def status(self):
        return self.root.get_by_role("status")

    def switch(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def differ(self):
        return self.switch(words("compare_differ"))

    def unfold(self):
        self.root.locator("details.soc-more").evaluate("(fold) => { fold.open = true; }")

    def start_over(self):
        """Show everything, by clicks: all rows of all reports, with nothing searched."""
        self.unfold()
        self.search.fill("")
        if self.switch(words("compare_all")).is_visible():
            self.switch(words("compare_all")).click()
        for name in [*REPORTS.values(), words("compare_differ")]:
            wanted = name in REPORTS.values()
            if (self.switch(name).get_attribute("aria-pressed") == "true") != wanted:
                self.switch(name).click()
        self.fold(away=True)

    def spread(self):
        self.fold(away=False)
        self.search.fill("auditor")

    def choice(self):
        """Return what the buttons and the search box say."""
        on = set(self.root.evaluate(PRESSED))
        return FULL._replace(
            reports=tuple(key for key, title in REPORTS.items() if title in on),
            dimensions=tuple(key for key, name in ROWS.items() if name in on),
            only_where_they_differ=words("compare_differ") in on,
            search=self.search.input_value(),
        )

    def shown(self):
        return self.root.evaluate(SHOWN)

    def must_show(self, choice):
        """Assert that, soon, just the rows and reports of a choice are shown."""
        rows = chosen(CATALOG, choice)
        ids = sorted(row.dimension_id for row in rows)
        kept = {row.topic for row in rows}
        wanted = {
            "reports": list(choice.reports),
            "rows": ids,
            "notes": ids,
            "topics": [topic for topic in topics(CATALOG) if topic in kept],
            "widths": [len(choice.reports)] if rows else [],
        }
        assert settled(self.shown, wanted) == wanted, choice
        count = words("compare_count").replace("{shown}", str(len(ids)))
        expect(self.status).to_contain_text(count.replace("{total}", str(len(ROWS))))

    def state(self):
        return {"shown": self.shown(), "search": self.search.input_value()}


def _act(view):
    view.switch(REPORTS["soc3"]).click()
    view.differ.click()
    view.search.fill("period")


VIEW = ShownView(
    name="comparison",
    notebook="01_how_the_reports_differ.ipynb",
    marks=("soclib.compare()",),
    page=ComparisonOnPage,
    standby=lambda: soclib.compare().standby_html(),
    act=_act,
)

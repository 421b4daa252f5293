"""The explorer of criteria on a page, in a reader's words: filters, orders, words to look for."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect
from view_page import CATALOG, ShownView, ViewOnPage, settled, words

import soclib
from soclib import trust
from soclib.trust.choose import SORTS, categories_of
from soclib.trust.choose import choice_of_all as everything
from soclib.trust.choose import chosen_criteria as chosen
from soclib.trust.scoping import STATES

DECISION = soclib.decide(
    {
        "holds_customer_data": "yes",
        "asked_by_security_team": "yes",
        "promises_uptime": "yes",
        "promises_confidentiality": "unknown",
    }
)
SCOPE = trust.scope(DECISION)
START = everything(CATALOG)._replace(states=("yes", "open"))
CATEGORIES = categories_of(CATALOG)
STATE_NAMES = {state: words(f"trust_state_{state}") for state in STATES}
SHOWN = """(view) => [...view.querySelectorAll("tr[data-criterion]")]
  .filter((row) => row.checkVisibility()).map((row) => row.dataset.criterion)"""


@dataclass
class ExplorerOnPage(ViewOnPage):
    """An explorer of criteria."""

    @property
    def search(self):
        return self.root.get_by_role("textbox", name=words("trust_search"), exact=True)

    @property
    def status(self):
        return self.root.get_by_role("status")

    @property
    def sort(self):
        return self.root.get_by_role("radiogroup", name=words("trust_sort"), exact=True)

    def switch(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def order(self, sort):
        return self.sort.get_by_role("radio", name=words(f"trust_sort_{sort}"), exact=True)

    def details(self, tsc_id):
        return self.root.locator(f'tr[data-criterion="{tsc_id}"] details')

    def start_over(self):
        """Bring the explorer back to how a reader finds it."""
        self.search.fill("")
        self.order(SORTS[0]).click()
        on = {*CATEGORIES.values(), *(STATE_NAMES[state] for state in START.states)}
        for name in [*CATEGORIES.values(), *STATE_NAMES.values()]:
            if (self.switch(name).get_attribute("aria-pressed") == "true") != (name in on):
                self.switch(name).click()
        self.fold(away=True)

    def spread(self):
        self.search.fill("backup")
        self.fold(away=False)

    def shown(self):
        return self.root.evaluate(SHOWN)

    def must_show(self, choice):
        """Assert that, soon, just the rows of a choice are shown, in its order, and counted."""
        ids = [row.tsc_id for row in chosen(CATALOG, choice, SCOPE)]
        count = words("trust_view_count").replace("{shown}", str(len(ids)))
        expect(self.status).to_contain_text(count.replace("{total}", "61"))
        assert settled(self.shown, ids) == ids, choice

    def state(self):
        open_ids = self.root.locator("tr[data-criterion]:has(details[open])").evaluate_all(
            "(rows) => rows.map((row) => row.dataset.criterion)"
        )
        return {"shown": self.shown(), "search": self.search.input_value(), "open": open_ids}


def _act(view):
    view.switch(CATEGORIES["security"]).click()
    view.order("owner").click()
    view.search.fill("restore")
    view.details("A1.3").locator("summary").click()


VIEW = ShownView(
    name="criteria",
    notebook="04_trust_services_criteria.ipynb",
    marks=("trust.scope_sheet(decision)", "trust.explore(decision)"),
    page=ExplorerOnPage,
    standby=lambda: soclib.trust.explore(DECISION).standby_html(),
    act=_act,
)

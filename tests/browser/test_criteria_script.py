"""The script of the explorer on a bare page: the rows that Python leaves, in Python's order.

Every combination of filters and orders is tried, by clicks, without JupyterLab.
"""

from __future__ import annotations

from itertools import product

import pytest

import soclib
from soclib import trust
from soclib.trust.choose import SORTS, choice_of_all, chosen_criteria
from soclib.trust.scoping import STATES
from soclib.trust.tables import TRUST
from soclib.words import words_of

CATALOG = soclib.load_catalog()
FULL = choice_of_all(CATALOG)
DECISION = soclib.decide(
    {
        "holds_customer_data": "yes",
        "asked_by_security_team": "yes",
        "promises_uptime": "yes",
        "promises_confidentiality": "unknown",
    }
)
SCOPE = trust.scope(DECISION)
# Words in gists, keywords, prompts, evidence, owners, rhythms and pairs; ids; and none at all.
SEARCHES = (
    *("", "mfa", "A.8.13", "CC6", "cc6.1", "Backup restóre", "security lead", "on event", "p1"),
    *("27701", "clause 6", "  log  ", "6.1.2", "shares a core", "evidence", "xyzzy", "$&", "(.*"),
)
# Clicks until the switches stand as wanted, and says which rows are then seen, in their order.
TRY = """(cases) => {
  const root = document.querySelector("[data-view=criteria]");
  const switches = [...root.querySelectorAll("button.widget-toggle-button")];
  const sorts = [...root.querySelectorAll("[role=radio]")];
  const search = root.querySelector("input");
  return cases.map(([wanted, words, sort]) => {
    switches.forEach((one, at) => {
      if ((one.getAttribute("aria-pressed") === "true") !== wanted[at]) one.click();
    });
    if (sorts[sort].getAttribute("aria-checked") !== "true") sorts[sort].click();
    if (search.value !== words) {
      search.value = words;
      search.dispatchEvent(new Event("input"));
    }
    const rows = [...root.querySelectorAll("tr[data-criterion]")];
    const seen = rows.filter((row) => row.checkVisibility());
    const status = root.querySelector("[role=status]").textContent;
    return [seen.map((row) => row.dataset.criterion), status];
  });
}"""


def subsets(options):
    for pattern in product((True, False), repeat=len(options)):
        yield pattern, tuple(key for key, on in zip(options, pattern, strict=True) if on)


def every_choice(searches, states):
    """Every set of categories and of states, in every order, with some searches."""
    for search, sort in product(searches, range(len(SORTS))):
        for (first, categories), (second, held) in product(
            subsets(FULL.categories), subsets(states)
        ):
            choice = FULL._replace(categories=categories, search=search, sort=SORTS[sort])
            choice = choice._replace(states=held) if states else choice
            yield [[*first, *second], search, sort], choice


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def show(page, view):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content(f"<!doctype html><title>Criteria</title>{view.standby_html()}")
    page.wait_for_selector("[data-view=criteria] [role=status]:not(:empty)")
    assert errors == []


def must_agree(page, cases, scope):
    wanted = list(cases)
    made = page.evaluate(TRY, [case for case, _choice in wanted])
    count = words_of(CATALOG, "vendor")["trust_view_count"]
    for (_case, choice), (seen, status) in zip(wanted, made, strict=True):
        ours = [row.tsc_id for row in chosen_criteria(CATALOG, choice, scope)]
        assert seen == ours, choice
        said = count.replace("{shown}", str(len(ours)))
        assert status.startswith(said.replace("{total}", str(len(CATALOG.part(TRUST).criteria))))


def test_every_combination_of_filters_and_orders_shows_what_python_shows(page):
    show(page, trust.explore(DECISION))
    must_agree(page, every_choice(("", "log"), STATES), SCOPE)


def test_every_combination_without_a_decision_shows_what_python_shows(page):
    show(page, trust.explore())
    must_agree(page, every_choice(("", "log"), ()), None)


def test_every_search_finds_what_python_finds(page):
    show(page, trust.explore())
    words = [*SEARCHES, *CATALOG.part(TRUST).criteria, *CATALOG.part(TRUST).iso]
    cases = (([[True] * 5, search, 0], FULL._replace(search=search)) for search in words)
    must_agree(page, cases, None)

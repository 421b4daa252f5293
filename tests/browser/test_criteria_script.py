"""The script of the explorer on a bare page: the rows that Python leaves, in Python's order.

Every set of filters is tried, by clicks, without JupyterLab; in every order by the long proofs.
"""

from __future__ import annotations

from itertools import cycle, product

import pytest
from criteria_page import DECISION, SCOPE
from view_page import CATALOG

import soclib
from soclib.trust.choose import SORTS
from soclib.trust.choose import choice_of_all as everything
from soclib.trust.choose import chosen_criteria as chosen
from soclib.trust.scoping import STATES
from soclib.trust.tables import TRUST
from soclib.words import words_of

FULL = everything(CATALOG)
# Words in gists, keywords, prompts, evidence, owners, rhythms and pairs; ids; and none at all.
SEARCHES = (
    *("", "mfa", "A.8.13", "CC6", "cc6.1", "Backup restóre", "security lead", "on event", "p1"),
    *("27701", "clause 6", "  log  ", "6.1.2", "shares a core", "evidence", "xyzzy", "$&", "(.*"),
)
ORDERS = list(product(("", "log"), range(len(SORTS))))
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


def every_set(states):
    """Every set of categories with every set of states: as clicks, and as a choice."""
    for (first, categories), (second, held) in product(subsets(FULL.categories), subsets(states)):
        choice = FULL._replace(categories=categories)
        yield [*first, *second], choice._replace(states=held) if states else choice


def every_choice(states):
    """Every set of categories and of states, in every order, with and without a search."""
    for (wanted, choice), (search, sort) in product(every_set(states), ORDERS):
        yield [wanted, search, sort], choice._replace(search=search, sort=SORTS[sort])


def one_order_each(states):
    """Every set of categories and of states once, with orders and searches in turn.

    The turns are an odd number, so that each switch meets each order, on and off.
    """
    turns = cycle([*ORDERS, ORDERS[0]])
    for (wanted, choice), (search, sort) in zip(every_set(states), turns, strict=False):
        yield [wanted, search, sort], choice._replace(search=search, sort=SORTS[sort])


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
        ours = [row.tsc_id for row in chosen(CATALOG, choice, scope)]
        assert seen == ours, choice
        said = count.replace("{shown}", str(len(ours)))
        assert status.startswith(said.replace("{total}", str(len(CATALOG.part(TRUST).criteria))))


CHOICES = [one_order_each, pytest.param(every_choice, marks=pytest.mark.thorough)]


@pytest.mark.parametrize("choices", CHOICES)
def test_every_set_of_filters_shows_what_python_shows(page, choices):
    show(page, soclib.trust.explore(DECISION))
    must_agree(page, choices(STATES), SCOPE)


@pytest.mark.parametrize("choices", CHOICES)
def test_every_set_of_filters_without_a_decision_shows_what_python_shows(page, choices):
    show(page, soclib.trust.explore())
    must_agree(page, choices(()), None)


def test_every_search_finds_what_python_finds(page):
    show(page, soclib.trust.explore())
    words = [*SEARCHES, *CATALOG.part(TRUST).criteria, *CATALOG.part(TRUST).iso]
    cases = (([[True] * 5, search, 0], FULL._replace(search=search)) for search in words)
    must_agree(page, cases, None)

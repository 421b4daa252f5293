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


def case(categories, held, search, sort):
    """Return a choice as clicks, and as Python takes it; without states there is no scope."""
    (first, kept), (second, states) = categories, held
    choice = FULL._replace(categories=kept, search=search, sort=SORTS[sort])
    return [[*first, *second], search, sort], choice._replace(states=states) if second else choice


def every_choice(states):
    """Every set of categories with every set of states, in every order, and with a search."""
    sets = product(subsets(FULL.categories), subsets(states))
    return [case(*both, *order) for both, order in product(sets, ORDERS)]


def few_choices(states):
    """Every set of categories twice, with every set of states and every order in turn."""
    twice = [*subsets(FULL.categories)] * 2
    turns = zip(twice, out_of_step(subsets(states)), out_of_step(ORDERS), strict=False)
    return [case(categories, held, *order) for categories, held, order in turns]


def out_of_step(options):
    """Go round some options, whose number is even, in an odd number of turns."""
    first, *others = options
    return cycle([first, *others, first])


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


CHOICES = [few_choices, pytest.param(every_choice, marks=pytest.mark.thorough)]


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

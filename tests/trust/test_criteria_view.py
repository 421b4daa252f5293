"""The explorer of criteria over every choice: the text lists just the rows that a choice leaves."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import trust
from soclib.trust.choose import SORTS, choice_of_all, chosen_criteria, ordered_ids, searched_texts
from soclib.trust.scoping import STATES
from soclib.trust.sheets import explorer_text
from soclib.trust.tables import TRUST
from soclib.words import words_of

CATALOG = soclib.load_catalog()
CRITERIA = CATALOG.part(TRUST).criteria
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
WORDS = sorted(
    {word for row in CRITERIA.values() for word in " ".join(searched_texts(CATALOG, row)).split()}
)
SEARCHES = st.text(max_size=20) | st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


def subsets(options):
    for pattern in product((True, False), repeat=len(options)):
        yield tuple(key for key, on in zip(options, pattern, strict=True) if on)


CHOICES = st.builds(
    FULL._replace,
    categories=st.sampled_from(list(subsets(FULL.categories))),
    states=st.sampled_from(list(subsets(STATES))),
    search=SEARCHES,
    sort=st.sampled_from(SORTS),
)


def ids_of(choice, scope=SCOPE):
    return [row.tsc_id for row in chosen_criteria(CATALOG, choice, scope)]


@pytest.mark.parametrize("sort", SORTS)
def test_every_set_of_categories_and_states_leaves_what_belongs_to_both_in_order(sort):
    for categories, states in product(subsets(FULL.categories), subsets(STATES)):
        choice = FULL._replace(categories=categories, states=states, sort=sort)
        fitting = {
            key
            for key, row in CRITERIA.items()
            if row.category_id in categories and SCOPE.states[key] in states
        }
        assert ids_of(choice) == [key for key in ordered_ids(CATALOG, sort) if key in fitting]


@given(CHOICES)
def test_the_text_lists_the_chosen_criteria_in_their_order_each_with_its_state(choice):
    _caption, *lines = explorer_text(CATALOG, choice, SCOPE).split("\n")
    rows = chosen_criteria(CATALOG, choice, SCOPE)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        state = words_of(CATALOG, "vendor")[f"trust_state_{SCOPE.states[row.tsc_id]}"]
        assert line.startswith(f"{row.tsc_id} {row.gist} (")
        assert line.endswith(f" [{state}]")


@given(CHOICES, st.sampled_from([word for word in WORDS if word.isalpha()]))
def test_a_further_word_leaves_what_both_searches_leave(choice, word):
    both = choice._replace(search=f"{choice.search} {word}")
    alone = choice._replace(search=word)
    assert set(ids_of(both)) == set(ids_of(choice)) & set(ids_of(alone))


@given(CHOICES)
def test_an_order_changes_no_more_than_the_order(choice):
    found = [ids_of(choice._replace(sort=sort)) for sort in SORTS]
    assert [sorted(ids) for ids in found] == [sorted(found[0])] * len(SORTS)


@given(CHOICES)
def test_case_and_surrounding_space_of_a_search_do_not_matter(choice):
    loud = choice._replace(search=f"  {choice.search.upper()} ")
    quiet = choice._replace(search=choice.search.upper().lower())
    assert ids_of(loud) == ids_of(quiet)


@given(st.sampled_from(sorted(CRITERIA)), st.data())
def test_any_words_of_a_text_that_stand_side_by_side_find_their_criterion(tsc_id, data):
    words = data.draw(st.sampled_from(searched_texts(CATALOG, CRITERIA[tsc_id]))).split()
    start = data.draw(st.integers(0, max(len(words) - 1, 0)))
    search = " ".join(words[start : start + 3])
    assert tsc_id in ids_of(FULL._replace(search=search), None), search

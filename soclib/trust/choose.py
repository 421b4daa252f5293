"""The criteria that a reader's choice leaves, and in which order.

``soclib/trust/criteria.js`` chooses the same rows in the browser; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.comparison.choose import plain_words, search_terms
from soclib.periods.tables import PERIODS
from soclib.trust.pairs import TSC, Reading, pairs_of
from soclib.trust.scoping import STATES, Scope
from soclib.trust.tables import TRUST, ControlPrompt, TrustCriterion
from soclib.verdict.tables import VERDICT

SORTS = ("criterion", "owner", "cadence")


class Choice(NamedTuple):
    """What a reader wants to see: categories, states (given a scope), words, and an order."""

    categories: tuple[str, ...]
    states: tuple[str, ...]
    search: str = ""
    sort: str = SORTS[0]


def categories_of(catalog: Catalog) -> dict[str, str]:
    """Return the title of every category that has criteria, in the order of the criteria."""
    titles = {one.outcome_id: one.title for one in catalog.part(VERDICT).of_kind("category")}
    return {
        one.category_id: titles[one.category_id] for one in catalog.part(TRUST).criteria.values()
    }


def everything(catalog: Catalog) -> Choice:
    """Return the choice that leaves nothing out."""
    return Choice(tuple(categories_of(catalog)), STATES)


def chosen(
    catalog: Catalog, choice: Choice, scope: Scope | None = None
) -> tuple[TrustCriterion, ...]:
    """Return the criteria that a choice leaves, in its order; without a scope states do not matter.

    A criterion has to hold every term of the search in what is said of it, prompts, evidence and
    pairs included.
    """
    wanted = search_terms(choice.search)
    rows = (catalog.part(TRUST).criteria[tsc_id] for tsc_id in order(catalog, choice.sort))
    return tuple(
        row
        for row in rows
        if row.category_id in choice.categories
        and (scope is None or scope.states[row.tsc_id] in choice.states)
        and all(f" {term}" in _searched(catalog, row) for term in wanted)
    )


def holds(said_of_it: Iterable[str], wanted: list[str]) -> bool:
    """Return whether texts hold every term of a search."""
    text = _plain(said_of_it)
    return all(f" {term}" in text for term in wanted)


def _plain(texts: Iterable[str]) -> str:
    return " ; ".join(f" {' '.join(plain_words(part))} " for part in texts)


@lru_cache(maxsize=1024)
def _searched(catalog: Catalog, row: TrustCriterion) -> str:
    return _plain(said(catalog, row))


def said(catalog: Catalog, row: TrustCriterion) -> list[str]:
    """Return all that is said of a criterion, as the search compares it."""
    return [
        row.tsc_id,
        catalog.part(TRUST).series[row.series_id].title,
        row.gist,
        *row.keywords,
        *(text for one in catalog.part(TRUST).prompts[row.tsc_id] for text in _asked(catalog, one)),
        *(
            text
            for one in pairs_of(catalog.part(TRUST), TSC, row.tsc_id)
            for text in _paired(catalog, one)
        ),
        *_missing(catalog, row),
    ]


def _asked(catalog: Catalog, one: ControlPrompt) -> list[str]:
    runs = catalog.part(PERIODS).cadences[one.cadence_id].label
    return [one.prompt, f"{'; '.join(one.typical_evidence)} . {one.owner} . {runs}"]


def _paired(catalog: Catalog, one: Reading) -> list[str]:
    other = catalog.part(TRUST).iso[one.other_id]
    return [f"{one.other_id} {other.gist}", one.reason, f"{one.only_other} . {one.only_this}"]


def _missing(catalog: Catalog, row: TrustCriterion) -> list[str]:
    gap = catalog.part(TRUST).gaps.get(row.tsc_id)
    return [gap.why, gap.look_instead] if gap else []


# --- order ---------------------------------------------------------------------------------------


def owners(catalog: Catalog, tsc_id: str) -> tuple[str, ...]:
    """Return the usual owners of the controls that a criterion's prompts ask for, each once."""
    return tuple(dict.fromkeys(one.owner for one in catalog.part(TRUST).prompts[tsc_id]))


def cadences(catalog: Catalog, tsc_id: str) -> tuple[str, ...]:
    """Return how often those controls usually run, the most frequent first, each once."""
    used = {one.cadence_id for one in catalog.part(TRUST).prompts[tsc_id]}
    return tuple(key for key in catalog.part(PERIODS).cadences if key in used)


def order(catalog: Catalog, sort: str) -> tuple[str, ...]:
    """Return the ids of the criteria sorted by criterion, by owner or by cadence."""
    ids = tuple(catalog.part(TRUST).criteria)
    if sort == "owner":
        return tuple(sorted(ids, key=lambda key: owners(catalog, key)))
    if sort == "cadence":
        ranks: Mapping[str, int] = {
            key: at for at, key in enumerate(catalog.part(PERIODS).cadences)
        }
        return tuple(sorted(ids, key=lambda key: [ranks[one] for one in cadences(catalog, key)]))
    return ids

"""The criteria that a choice of the user leaves, and in which order.

``soclib/trust/criteria.js`` chooses the same rows in the browser; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.comparison.choose import plain_words, search_terms
from soclib.periods.tables import PERIODS
from soclib.trust.pairs import (
    DirectedPair,
    pairs_of,
)
from soclib.trust.scoping import STATES, Scope
from soclib.trust.tables import (
    TRUST,
    TSC,
    ControlPrompt,
    TrustCriterion,
)
from soclib.verdict.tables import VERDICT

SORTS = ("criterion", "owner", "cadence")


class CriteriaChoice(NamedTuple):
    """What the user wants to see: categories, states (with a scope), words, and an order."""

    categories: tuple[str, ...]
    states: tuple[str, ...]
    search: str = ""
    sort: str = SORTS[0]


def categories_of(catalog: Catalog) -> dict[str, str]:
    """Return the title of every category that has criteria, in the order of the criteria."""
    categories = catalog.part(VERDICT).of_kind("category")
    titles = {category.outcome_id: category.title for category in categories}
    return {
        row.category_id: titles[row.category_id] for row in catalog.part(TRUST).criteria.values()
    }


def choice_of_all(catalog: Catalog) -> CriteriaChoice:
    """Return the choice that leaves nothing out."""
    return CriteriaChoice(tuple(categories_of(catalog)), STATES)


def chosen_criteria(
    catalog: Catalog, choice: CriteriaChoice, scope: Scope | None = None
) -> tuple[TrustCriterion, ...]:
    """Return the criteria that a choice leaves, in its order; without a scope all states are left.

    Every term of the search must be in the texts of a criterion, including those of its prompts,
    evidence and pairs.
    """
    wanted = search_terms(choice.search)
    rows = (catalog.part(TRUST).criteria[tsc_id] for tsc_id in ordered_ids(catalog, choice.sort))
    return tuple(
        row
        for row in rows
        if row.category_id in choice.categories
        and (scope is None or scope.states[row.tsc_id] in choice.states)
        and all(f" {term}" in _searched(catalog, row) for term in wanted)
    )


def holds_terms(texts: Iterable[str], wanted: list[str]) -> bool:
    """Return whether every term of a search is in some texts."""
    text = _plain(texts)
    return all(f" {term}" in text for term in wanted)


def _plain(texts: Iterable[str]) -> str:
    return " ; ".join(f" {' '.join(plain_words(part))} " for part in texts)


@lru_cache(maxsize=1024)
def _searched(catalog: Catalog, row: TrustCriterion) -> str:
    return _plain(searched_texts(catalog, row))


def searched_texts(catalog: Catalog, row: TrustCriterion) -> list[str]:
    """Return all texts of a criterion that the search looks at."""
    return [
        row.tsc_id,
        catalog.part(TRUST).series[row.series_id].title,
        row.gist,
        *row.keywords,
        *(
            text
            for prompt in catalog.part(TRUST).prompts[row.tsc_id]
            for text in _prompt_texts(catalog, prompt)
        ),
        *(
            text
            for pair in pairs_of(catalog.part(TRUST), TSC, row.tsc_id)
            for text in _pair_texts(catalog, pair)
        ),
        *_gap_texts(catalog, row),
    ]


def _prompt_texts(catalog: Catalog, prompt: ControlPrompt) -> list[str]:
    cadence = catalog.part(PERIODS).cadences[prompt.cadence_id].label
    evidence = "; ".join(prompt.typical_evidence)
    return [prompt.prompt, f"{evidence} . {prompt.owner} . {cadence}"]


def _pair_texts(catalog: Catalog, pair: DirectedPair) -> list[str]:
    other = catalog.part(TRUST).iso[pair.other_id]
    return [f"{pair.other_id} {other.gist}", pair.reason, f"{pair.only_other} . {pair.only_this}"]


def _gap_texts(catalog: Catalog, row: TrustCriterion) -> list[str]:
    gap = catalog.part(TRUST).gaps.get(row.tsc_id)
    return [gap.why, gap.look_instead] if gap else []


# --- order ---------------------------------------------------------------------------------------


def owners(catalog: Catalog, tsc_id: str) -> tuple[str, ...]:
    """Return the usual owners of the controls that a criterion's prompts ask for, each once."""
    return tuple(dict.fromkeys(prompt.owner for prompt in catalog.part(TRUST).prompts[tsc_id]))


def cadences(catalog: Catalog, tsc_id: str) -> tuple[str, ...]:
    """Return how often the controls usually run that its prompts ask for, most frequent first."""
    used = {prompt.cadence_id for prompt in catalog.part(TRUST).prompts[tsc_id]}
    return tuple(key for key in catalog.part(PERIODS).cadences if key in used)


def ordered_ids(catalog: Catalog, sort: str) -> tuple[str, ...]:
    """Return the ids of the criteria sorted by criterion, by owner or by cadence."""
    ids = tuple(catalog.part(TRUST).criteria)
    if sort == "owner":
        return tuple(sorted(ids, key=lambda key: owners(catalog, key)))
    if sort == "cadence":
        ranks: Mapping[str, int] = {
            key: rank for rank, key in enumerate(catalog.part(PERIODS).cadences)
        }
        return tuple(
            sorted(ids, key=lambda key: [ranks[cadence] for cadence in cadences(catalog, key)])
        )
    return ids

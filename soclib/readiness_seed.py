"""What a new programme starts with: every prompt, and the complementary controls beside it."""

from __future__ import annotations

from collections.abc import Iterator

from soclib.model import VOICES, Catalog
from soclib.readiness_gaps import Scope
from soclib.readiness_kinds import COMPLEMENTARY, CONTROL, Edit, tidy


def seeded(scope: Scope, catalog: Catalog) -> Iterator[Edit]:
    """Yield the items that a programme starts with; a buyer's holds what others assume of it."""
    if scope.side == VOICES[0]:
        yield from _controls(scope, catalog)
    yield from _complementary(scope, catalog)


def _controls(scope: Scope, catalog: Catalog) -> Iterator[Edit]:
    """Yield one empty control per prompt, with the rhythm that is usual; its owner is open."""
    first = catalog.readiness.of(CONTROL)[0].status_id
    for basis_id in scope.bases:
        for prompt in catalog.trust.prompts[basis_id]:
            values = {
                "basis_id": basis_id,
                "prompt_id": prompt.prompt_id,
                "cadence_id": prompt.cadence_id,
                "status_id": first,
            }
            yield Edit(CONTROL, prompt.prompt_id, 0, tidy(CONTROL, values))


def _complementary(scope: Scope, catalog: Catalog) -> Iterator[Edit]:
    for one in catalog.trust.complementary.values():
        bases = [basis_id for basis_id in one.hangs_on if basis_id in scope.bases]
        if bases:
            about = "csoc" if one.kind == "csoc" else f"cuec_{scope.side}"
            values = {
                "kind": one.kind,
                "hangs_on": ";".join(bases),
                "control": one.control,
                "status_id": catalog.readiness.of(about)[0].status_id,
            }
            yield Edit(COMPLEMENTARY, one.complementary_id, 0, tidy(COMPLEMENTARY, values))

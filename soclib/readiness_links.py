"""Items that name other items: what is not there, and what would be left without its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from soclib.readiness_kinds import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    EVIDENCE,
    PROGRAMME,
    SUBSERVICE,
    Edit,
    Flaw,
    Item,
)

Held = Mapping[str, Mapping[str, Item]]


def dangling(held: Held, edits: Sequence[Edit]) -> Iterator[tuple[Edit, Flaw]]:
    """Yield the cells of edits that name a control or an organization that is not there."""
    there = {kind: set(held[kind]) for kind in COLUMNS}
    for edit in edits:
        if edit.values is None:
            there[edit.kind].discard(edit.item_id)
        else:
            there[edit.kind].add(edit.item_id)
    places = {
        EVIDENCE: ("control_id", there[CONTROL] | there[COMPLEMENTARY]),
        COMPLEMENTARY: ("subservice_id", there[SUBSERVICE] | {""}),
    }
    for edit in edits:
        if edit.values is not None and edit.kind in places:
            column, known = places[edit.kind]
            value = edit.values[column]
            if value and value not in known:
                yield edit, Flaw(column, value, "there is no such item; add it, or name another")


def contradictory(edits: Sequence[Edit]) -> Iterator[tuple[Edit, Flaw]]:
    """Yield edits that cannot go together: an item named twice, a programme that is taken out."""
    seen: set[tuple[str, str]] = set()
    for edit in edits:
        key = (edit.kind, edit.item_id)
        if key in seen:
            yield edit, Flaw("item_id", edit.item_id, "stands twice; change it once")
        seen.add(key)
        if edit.kind == PROGRAMME and edit.values is None:
            yield (
                edit,
                Flaw("item_id", edit.item_id, "says what the file is for; change it"),
            )


def orphaned(
    held: Held, evidence: Mapping[str, Mapping[str, Item]], edits: Sequence[Edit]
) -> Iterator[tuple[Edit, Flaw]]:
    """Yield removals that would leave evidence, or a complementary control, without its place."""
    gone = {edit.item_id for edit in edits if edit.values is None}
    for edit in edits:
        if edit.values is not None or edit.kind == EVIDENCE:
            continue
        left = list(evidence.get(edit.item_id, ()))
        if edit.kind == SUBSERVICE:
            others = held[COMPLEMENTARY].values()
            left = [one.item_id for one in others if one.values["subservice_id"] == edit.item_id]
        if kept := [item_id for item_id in left if item_id not in gone]:
            remedy = f"{kept[0]} hangs on it; remove or change that first"
            yield edit, Flaw("item_id", edit.item_id, remedy)

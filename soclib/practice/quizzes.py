"""Sets of questions by seed, and each question by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import did_you_mean
from soclib.practice.case_questions import fields_of
from soclib.practice.cases import (
    PracticeError,
    Scenario,
    check_difficulty_and_topic,
    check_whole_number,
    scenario,
)
from soclib.practice.items import PracticeItem, practice_text
from soclib.practice.other_questions import ItemContent, mark, match, order, true_false
from soclib.practice.progress import Progress
from soclib.practice.tables import PRACTICE

CASE: Final = "case"
CHOOSE: Final = "choose"
OTHERS: Final = {"order": order, "match": match, "true_false": true_false, "mark": mark}
KINDS: Final = (CASE, CHOOSE, *OTHERS)
APART: Final = 10_000  # numbers of one seed, so that no two seeds share a number
ANY_TOPIC: Final = "any"
EXAMPLE: Final = "case.1.soc2.0"  # what a saved page shows with its answers
ITEM_ID = re.compile(
    r"(?P<kind>[a-z_]+)\.(?P<difficulty>\d)\.(?P<topic>[a-z0-9_]+)\.(?P<number>\d+)"
)


def quiz(  # noqa: PLR0913 - one keyword for each choice
    seed: int,
    count: int = 10,
    kinds: Iterable[str] = KINDS,
    difficulty: int = 2,
    topic: str | None = None,
    *,
    catalog: Catalog | None = None,
) -> tuple[PracticeItem, ...]:
    """Return ``count`` different questions, the kinds in turn; a seed gives a class one set.

    ``difficulty`` and ``topic`` are those of the cases. Raises ``PracticeError`` that names the
    valid values, and one if the tables make fewer different questions.
    """
    catalog = catalog or load_catalog()
    chosen = _kinds(kinds)
    for name, value in (("seed", seed), ("count", count)):
        check_whole_number(name, value)
    items: dict[str, PracticeItem] = {}
    for number in range(seed * APART, (seed + 1) * APART):
        if len(items) == count:
            return tuple(items.values())
        kind = chosen[len(items) % len(chosen)]
        item_id = f"{kind}.{difficulty}.{topic or ANY_TOPIC}.{number}"
        new_item = item(item_id, catalog=catalog)
        items.setdefault(str(new_item), new_item)
        if number - seed * APART > 100 + 20 * count:
            break
    message = f"only {len(items)} different questions of {', '.join(chosen)}; ask for fewer"
    raise PracticeError(message)


class PreparedRound(NamedTuple):
    """The questions of a round, an example to look at before it, and the progress so far."""

    items: tuple[PracticeItem, ...]
    example: PracticeItem
    progress: Progress


def prepare_round(  # noqa: PLR0913 - one keyword for each choice
    seed: int = 1,
    count: int = 6,
    kinds: Iterable[str] = KINDS,
    difficulty: int = 2,
    topic: str | None = None,
    *,
    progress: str | Path | None = None,
    today: date | None = None,
    catalog: Catalog | None = None,
) -> PreparedRound:
    """Return a round of ``count`` questions as ``quiz`` makes them, for ``begin``.

    ``progress`` is a file that keeps what was right and wrong: questions that are due on ``today``
    (by default the day on the user's clock) come first. Raises ``PracticeError`` as ``quiz`` does,
    and ``ProgressError`` for a file that cannot be used.
    """
    kept = Progress.load(progress) if progress is not None else Progress()
    day = today or date.today()  # noqa: DTZ011 - the day on the user's clock
    fresh = quiz(seed, max(count, 1), kinds, difficulty, topic, catalog=catalog)
    due = [old for item_id in kept.due(day) if (old := _kept_item(item_id, catalog))]
    due_ids = {old.item_id for old in due}
    items = [*due, *(new for new in fresh if new.item_id not in due_ids)][: max(count, 1)]
    return PreparedRound(tuple(items), item(EXAMPLE, catalog=catalog), kept)


def _kept_item(item_id: str, catalog: Catalog | None) -> PracticeItem | None:
    """Return a question that was kept, or None if the tables no longer make it."""
    try:
        return item(item_id, catalog=catalog)
    except PracticeError:
        return None


def _kinds(kinds: Iterable[str]) -> Sequence[str]:
    chosen = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in chosen:
        if kind not in KINDS:
            raise PracticeError(did_you_mean("kind", kind, KINDS))
    if not chosen:
        message = f"name at least one kind of question: {', '.join(KINDS)}"
        raise PracticeError(message)
    return chosen


def item(item_id: str, *, catalog: Catalog | None = None) -> PracticeItem:
    """Return the question of an id, the same each time as long as the tables are the same.

    An id is the kind, the difficulty, the topic (or ``any``) and a number, joined with dots. Raises
    ``PracticeError`` for an id of no question.
    """
    catalog = catalog or load_catalog()
    parts = ITEM_ID.fullmatch(item_id)
    if not parts:
        message = f"no question has the id {item_id!r:.80}; write one such as case.2.soc1.7"
        raise PracticeError(message)
    kind = _kinds([parts["kind"]])[0]
    topic = None if parts["topic"] == ANY_TOPIC else parts["topic"]
    difficulty = int(parts["difficulty"])
    check_difficulty_and_topic(catalog, difficulty, topic)
    rng = Random(item_id)  # noqa: S311 - questions are no secrets
    if kind in OTHERS:
        return _item(item_id, kind, OTHERS[kind](catalog, rng), catalog)
    case = scenario(int(parts["number"]), difficulty, topic, catalog=catalog)
    return _item(item_id, kind, _about(catalog, rng, kind, case), catalog, case)


def _about(catalog: Catalog, rng: Random, kind: str, case: Scenario) -> ItemContent:
    """Return all that is asked about a case, or one thing of it to choose."""
    asks = catalog.part(PRACTICE).topics[case.topic].asks
    fields = fields_of(case, rng, asks)
    if kind == CHOOSE:
        fields = (rng.choice(fields),)
    return ItemContent(
        practice_text(catalog, f"prompt_{kind}"), tuple(case.text.split("\n\n")), fields
    )


def _item(
    item_id: str, kind: str, content: ItemContent, catalog: Catalog, case: Scenario | None = None
) -> PracticeItem:
    return PracticeItem(
        item_id=item_id,
        kind=kind,
        prompt=content.prompt,
        passage=content.passage,
        fields=content.fields,
        catalog=catalog,
        numbered=content.numbered,
        scenario=case,
    )

"""Sets of questions by seed, and each question again by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import did_you_mean
from soclib.practice.asking import Item, fields_of, word
from soclib.practice.cases import PracticeError, Scenario, check_way, check_whole, scenario
from soclib.practice.kinds import Asked, mark, match, order, true_false
from soclib.practice.progress import Progress
from soclib.practice.tables import PRACTICE

CASE: Final = "case"
CHOOSE: Final = "choose"
OTHERS: Final = {"order": order, "match": match, "true_false": true_false, "mark": mark}
KINDS: Final = (CASE, CHOOSE, *OTHERS)
APART: Final = 10_000  # numbers of one seed: those of two seeds never meet
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
) -> tuple[Item, ...]:
    """Return ``count`` different questions, the kinds in turn; a seed gives a class one set.

    ``difficulty`` and ``topic`` are those of the cases. Raises ``PracticeError`` that names the
    valid values, and where the tables hold fewer different questions.
    """
    catalog = catalog or load_catalog()
    chosen = _kinds(kinds)
    for name, given in (("seed", seed), ("count", count)):
        check_whole(name, given)
    found: dict[str, Item] = {}
    for number in range(seed * APART, (seed + 1) * APART):
        if len(found) == count:
            return tuple(found.values())
        kind = chosen[len(found) % len(chosen)]
        item_id = f"{kind}.{difficulty}.{topic or ANY_TOPIC}.{number}"
        made = item(item_id, catalog=catalog)
        found.setdefault(str(made), made)
        if number - seed * APART > 100 + 20 * count:
            break
    message = f"only {len(found)} different questions of {', '.join(chosen)}; ask for fewer"
    raise PracticeError(message)


class Made(NamedTuple):
    """A round to be asked: what is due again first, an example to look at, and what was kept."""

    items: tuple[Item, ...]
    example: Item
    kept: Progress


def round_of(  # noqa: PLR0913 - one keyword for each choice
    seed: int = 1,
    count: int = 6,
    kinds: Iterable[str] = KINDS,
    difficulty: int = 2,
    topic: str | None = None,
    *,
    progress: str | Path | None = None,
    today: date | None = None,
    catalog: Catalog | None = None,
) -> Made:
    """Return a round of ``count`` questions as ``quiz`` makes them, for ``soclib.practise``.

    ``progress`` is a file that keeps what was right and wrong: what is due again comes first, on
    the day ``today`` or else on the reader's own clock. Raises ``PracticeError`` as ``quiz`` does,
    and ``ProgressError`` for a file that cannot be used.
    """
    kept = Progress.load(progress) if progress is not None else Progress()
    day = today or date.today()  # noqa: DTZ011 - the day on the reader's own clock
    fresh = quiz(seed, max(count, 1), kinds, difficulty, topic, catalog=catalog)
    due = [made for key in kept.due(day) if (made := _still(key, catalog))]
    known = {one.item_id for one in due}
    items = [*due, *(one for one in fresh if one.item_id not in known)][: max(count, 1)]
    return Made(tuple(items), item(EXAMPLE, catalog=catalog), kept)


def _still(item_id: str, catalog: Catalog | None) -> Item | None:
    """Return a question that was kept, or None where the tables make no such question any more."""
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


def item(item_id: str, *, catalog: Catalog | None = None) -> Item:
    """Return the question of an id, the same each time as long as the tables are the same.

    An id is the kind, the difficulty, the topic (or ``any``) and a number, joined with dots. Raises
    ``PracticeError`` for an id of no question.
    """
    catalog = catalog or load_catalog()
    parts = ITEM_ID.fullmatch(item_id)
    if not parts:
        message = f"no question has the id {item_id!r:.80}; write it such as case.2.soc1.7"
        raise PracticeError(message)
    kind = _kinds([parts["kind"]])[0]
    topic = None if parts["topic"] == ANY_TOPIC else parts["topic"]
    difficulty = int(parts["difficulty"])
    check_way(catalog, difficulty, topic)
    rng = Random(item_id)  # noqa: S311 - questions are no secrets
    if kind in OTHERS:
        return _item(item_id, kind, OTHERS[kind](catalog, rng), catalog)
    case = scenario(int(parts["number"]), difficulty, topic, catalog=catalog)
    return _item(item_id, kind, _about(catalog, rng, kind, case), catalog, case)


def _about(catalog: Catalog, rng: Random, kind: str, case: Scenario) -> Asked:
    """Return all questions about a case, or one of them."""
    asks = catalog.part(PRACTICE).topics[case.topic].asks
    fields = fields_of(case, rng, asks)
    if kind == CHOOSE:
        fields = (rng.choice(fields),)
    return Asked(word(catalog, f"prompt_{kind}"), tuple(case.text.split("\n\n")), fields)


def _item(
    item_id: str, kind: str, asked: Asked, catalog: Catalog, case: Scenario | None = None
) -> Item:
    return Item(
        item_id=item_id,
        kind=kind,
        prompt=asked.prompt,
        passage=asked.passage,
        fields=asked.fields,
        catalog=catalog,
        numbered=asked.numbered,
        scenario=case,
    )

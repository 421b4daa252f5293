"""What a learner got right and wrong: boxes of cards, kept in one file on this machine.

A question answered right moves one box on and comes back later; one answered wrong goes back to the
first box. The day is an argument, never taken from a clock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from soclib.errors import SaveError
from soclib.paper.saving import write_whole

FORMAT: Final = "soc-practice/1"
WAITS: Final = (1, 2, 4, 8, 16)  # days until a question of each box is due again
KEYS: Final = ("box", "due", "right", "wrong")


class ProgressError(ValueError):
    """A file of progress cannot be read; the message names every fault and the remedy."""


class Card(NamedTuple):
    """A question's box (from 1), the day it is due, and how often it was right and wrong."""

    box: int
    due: date
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How the questions answered so far went, by their ids."""

    cards: dict[str, Card] = field(default_factory=dict)

    def answered(self, item_id: str, *, right: bool, today: date) -> Progress:
        """Return the progress after one more answer."""
        before = self.cards.get(item_id, Card(0, today, 0, 0))
        box = min(before.box + 1, len(WAITS)) if right else 1
        due = today + timedelta(days=WAITS[box - 1] if right else 0)
        card = Card(box, due, before.right + right, before.wrong + (not right))
        return Progress({**self.cards, item_id: card})

    def due(self, today: date) -> tuple[str, ...]:
        """Return the questions to ask again: lowest box first, then those due longest.

        Only a question that was wrong at least once comes back.
        """
        questions = [
            (card.box, card.due, item_id)
            for item_id, card in self.cards.items()
            if card.wrong and card.due <= today
        ]
        return tuple(item_id for _box, _due, item_id in sorted(questions))

    @property
    def answers(self) -> tuple[int, int]:
        """Return how many answers were right, of how many."""
        right = sum(card.right for card in self.cards.values())
        return right, right + sum(card.wrong for card in self.cards.values())

    @property
    def boxes(self) -> tuple[int, ...]:
        """Return how many questions are in each box."""
        return tuple(
            sum(card.box == number for card in self.cards.values())
            for number in range(1, len(WAITS) + 1)
        )

    def save(self, path: str | Path) -> Path:
        """Write the progress as JSON, whole or not at all, and return the path."""
        cards = {
            item_id: {**card._asdict(), "due": card.due.isoformat()}
            for item_id, card in sorted(self.cards.items())
        }
        text = json.dumps({"format": FORMAT, "cards": cards}, indent=1)
        try:
            return write_whole(path, text.encode())
        except OSError as error:
            message = f"{Path(path).name}: {error.strerror}; name a file that can be written"
            raise SaveError(message) from error

    @classmethod
    def load(cls, path: str | Path) -> Progress:
        """Return the progress kept in a file; an empty one if there is no file yet.

        Raises ``ProgressError`` that names every fault of a file that cannot be used.
        """
        place = Path(path).expanduser()
        if not place.exists():
            return cls()
        name, plain = place.name, _read(place)
        cards = plain.get("cards") if isinstance(plain, dict) else None
        if not isinstance(plain, dict) or plain.get("format") != FORMAT or cards is None:
            message = f"{name}: no file of practice ({FORMAT}); name another, or move it away"
            raise ProgressError(message)
        faults = _faults(cards)
        if faults:
            head = f"{name}: {len(faults)} fault{'s' * (len(faults) != 1)}; nothing was loaded"
            raise ProgressError("\n".join([head, *faults]))
        return cls({key: _card(cells) for key, cells in cards.items()})


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a file holds."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        message = f"{path.name}: {error.strerror}; name a file that can be read"
        raise ProgressError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"{path.name}: no JSON that can be read; restore a copy, or move it away"
        raise ProgressError(message) from error


def _faults(cards: object) -> list[str]:
    if not isinstance(cards, dict):
        return ["cards: use an object with one entry for each question"]
    return [fault for key, cells in cards.items() for fault in _card_faults(key, cells)]


def _card_faults(key: str, cells: object) -> list[str]:
    if not isinstance(cells, dict) or set(cells) != set(KEYS):
        return [f"{key:.80}: {cells!r:.80}: use {', '.join(KEYS)}"]
    faults = []
    if not _whole(cells["box"], 1, len(WAITS)):
        faults.append(f"{key:.80}, box: {cells['box']!r:.80}: use 1 to {len(WAITS)}")
    faults += [
        f"{key:.80}, {name}: {cells[name]!r:.80}: use a whole number, 0 or more"
        for name in ("right", "wrong")
        if not _whole(cells[name], 0, None)
    ]
    try:
        date.fromisoformat(cells["due"])
    except (TypeError, ValueError):
        faults.append(f"{key:.80}, due: {cells['due']!r:.80}: use a date such as 2026-11-25")
    return faults


def _whole(value: object, least: int, most: int | None) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and least <= value and (most is None or value <= most)  # type: ignore[operator]


def _card(cells: dict[str, Any]) -> Card:
    return Card(cells["box"], date.fromisoformat(cells["due"]), cells["right"], cells["wrong"])

"""What a practice question is made of: fields to answer, their options, and why one is right.

What is right was computed by the engine or is in a table, and is never part of a question's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog
from soclib.practice.cases import Scenario
from soclib.tables.rows import VOICES
from soclib.words import fill, words_of

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VOICE: Final = VOICES[0]


class Option(NamedTuple):
    """A possible answer to a field: its id, by which an answer names it, and its words."""

    option_id: str
    label: str


class Explanation(NamedTuple):
    """Why an answer is right: the rule or row that decides, its reason, and a hint for a retry.

    ``change`` says what would change the answer; blank if nothing is said about that.
    """

    rule_id: str
    reason: str
    hint: str
    change: str = ""


class ItemField(NamedTuple):
    """One thing to answer.

    If ``many``, the answer is a set of options and must be exactly ``right``; otherwise it is one
    option, which may be any of ``right``.
    """

    field_id: str
    label: str
    options: tuple[Option, ...]
    right: tuple[str, ...]
    explanation: Explanation
    many: bool = False

    def __repr__(self) -> str:
        return f"{self.field_id}: {self.label} {', '.join(o.option_id for o in self.options)}"


@dataclass(frozen=True, slots=True, eq=False)
class PracticeItem:
    """A question; ``passage`` is what it is about, paragraph by paragraph or line by line.

    ``item_id`` makes the same question again. If ``numbered``, the passage is a list of lines.
    """

    item_id: str
    kind: str
    prompt: str
    passage: tuple[str, ...]
    fields: tuple[ItemField, ...]
    catalog: Catalog
    numbered: bool = False
    scenario: Scenario | None = None

    def __str__(self) -> str:
        lines = [
            f"{LETTERS[n]}. {line}" if self.numbered else line
            for n, line in enumerate(self.passage)
        ]
        fields = [_field_text(field) for field in self.fields]
        return "\n".join([self.prompt, *lines, *fields])

    __repr__ = __str__


def _field_text(field: ItemField) -> str:
    options = [f"  {option.option_id}: {option.label}" for option in field.options]
    return "\n".join([field.label, *options])


def practice_text(catalog: Catalog, text_id: str, **parts: str) -> str:
    """Return a text of practice with its words in braces filled in."""
    return fill(words_of(catalog, VOICE)[f"practice_{text_id}"], parts)


def shuffled(rng: Random, options: list[Option]) -> tuple[Option, ...]:
    """Return options in random order."""
    order = list(options)
    rng.shuffle(order)
    return tuple(order)

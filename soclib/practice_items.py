"""Questions of practice: what a learner sees, which answers are right and what decides.

Every question is a number of fields, each with options; what is right was computed by the engine
or stands in a table, and never shows in a question's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from soclib.explain import fill
from soclib.model import VOICES, Catalog
from soclib.practice_cases import Scenario

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VOICE: Final = VOICES[0]


class Option(NamedTuple):
    """A choice: its id, which is what an answer names, and its words."""

    option_id: str
    label: str


class Ground(NamedTuple):
    """What decides a field: the rule or row, its reason, and a hint for a second chance."""

    rule_id: str
    reason: str
    hint: str
    change: str = ""


class Field(NamedTuple):
    """One thing to answer.

    ``many``: an answer is a set of options, and must be exactly ``right``; else it is one option,
    and any of ``right`` will do.
    """

    field_id: str
    label: str
    options: tuple[Option, ...]
    right: tuple[str, ...]
    ground: Ground
    many: bool = False

    def __repr__(self) -> str:
        return f"{self.field_id}: {self.label} {', '.join(o.option_id for o in self.options)}"


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A question; ``passage`` is what it is about, paragraph by paragraph or line by line.

    ``item_id`` makes the same question again. ``numbered``: the passage is a list of lines.
    """

    item_id: str
    kind: str
    prompt: str
    passage: tuple[str, ...]
    fields: tuple[Field, ...]
    catalog: Catalog
    numbered: bool = False
    scenario: Scenario | None = None

    def __str__(self) -> str:
        lines = [f"{LETTERS[n]}. {line}" if self.numbered else line for n, line in self._lines()]
        asked = [_field_text(one) for one in self.fields]
        return "\n".join([self.prompt, *lines, *asked])

    __repr__ = __str__

    def _lines(self) -> list[tuple[int, str]]:
        return list(enumerate(self.passage))


def _field_text(field: Field) -> str:
    options = [f"  {option.option_id}: {option.label}" for option in field.options]
    return "\n".join([field.label, *options])


def word(catalog: Catalog, text_id: str, **parts: str) -> str:
    """Return a text of practice with its words in braces filled in."""
    return fill(catalog.wording[f"practice_{text_id}"][VOICE], parts)


def shuffled(rng: Random, options: list[Option]) -> tuple[Option, ...]:
    """Return options in an order of chance."""
    mixed = list(options)
    rng.shuffle(mixed)
    return tuple(mixed)

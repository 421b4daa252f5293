"""A practice case in plain words: one sentence for each answer, and the voices that err."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random
from typing import Final, NamedTuple

from soclib.case_drawing import Drawn, fitting
from soclib.model import VOICES, Catalog
from soclib.practice_records import Fragment, Planted

PARAGRAPHS: Final = ((1, 2, 3, 4, 5, 6), (7, 8, 9))  # places that stand together
SLOT = re.compile(r"\{(vendor|buyer|person|staff)\}")
STAFF: Final = (12, 18, 25, 34, 46, 60, 75, 90, 120, 150, 210, 340)


class Part(NamedTuple):
    """A sentence of a case and the answer that it gives; a misconception answers nothing."""

    text: str
    fragment_id: str
    criterion_id: str
    answer: str


class Told(NamedTuple):
    """A case in words, paragraph by paragraph, and the misconceptions that it plants."""

    paragraphs: tuple[tuple[Part, ...], ...]
    planted_ids: tuple[str, ...]


def tell(catalog: Catalog, rng: Random, drawn: Drawn, voices: int) -> Told:
    """Return a drawn case in words, with so many voices that are wrong about what follows."""
    chosen = [
        rng.choice(fitting(catalog, drawn.industry, pair, drawn.answers))
        for pair in drawn.answers.items()
    ]
    rng.shuffle(chosen)
    chosen.sort(key=lambda one: one.place)
    planted = _planted(catalog, rng, drawn.topic.topic_id, voices)
    cast = _cast(catalog, rng, drawn)
    blocks: list[list[Fragment | Planted]] = [
        [one for one in chosen if one.place in places] for places in PARAGRAPHS
    ]
    blocks.append([*planted])
    paragraphs = tuple(tuple(map(cast.part, cast.opened(block))) for block in blocks if block)
    return Told(paragraphs, tuple(one.planted_id for one in planted))


def _planted(catalog: Catalog, rng: Random, topic_id: str, voices: int) -> list[Planted]:
    fit = [p for p in catalog.practice.planted.values() if {topic_id, "any"} & set(p.topics)]
    return rng.sample(fit, min(voices, len(fit)))


def _cast(catalog: Catalog, rng: Random, drawn: Drawn) -> Cast:
    people = catalog.wording["practice_people"][VOICES[0]].split(";")
    rng.shuffle(people)
    return Cast(
        vendor=rng.choice(drawn.industry.vendors),
        buyer=rng.choice(drawn.industry.buyers),
        staff=str(rng.choice(STAFF)),
        people=people,
        instead=catalog.wording["practice_the_vendor"][VOICES[0]],
    )


class Cast:
    """Who appears in a case; a name is said in full once, and a vendor's not in every sentence."""

    def __init__(
        self, *, vendor: str, buyer: str, staff: str, people: list[str], instead: str
    ) -> None:
        self.fixed = {"buyer": buyer, "staff": staff}
        self.vendor, self.instead = vendor, instead
        self.people = iter(people)
        self.names: dict[str, str] = {}
        self.mentions = 0

    def opened(self, block: Iterable[Fragment | Planted]) -> Iterable[Fragment | Planted]:
        """Return the sentences of a paragraph, which begins with the vendor's name again."""
        self.mentions = 0
        return block

    def part(self, one: Fragment | Planted) -> Part:
        """Return a fragment with its slots filled in."""
        text = self._filled(one.text, one.who_says)
        if isinstance(one, Planted):
            return Part(text, one.planted_id, "", "")
        return Part(text, one.fragment_id, one.criterion_id, one.answer)

    def _filled(self, text: str, role: str) -> str:
        role = role.replace("{buyer}", self.fixed["buyer"])
        filled, at = "", 0
        for match in SLOT.finditer(text):
            filled += text[at : match.start()]
            filled += self._word(match[1], role, starts=not filled, after=text[match.end() :])
            at = match.end()
        return filled + text[at:]

    def _word(self, slot: str, role: str, *, starts: bool, after: str) -> str:
        if slot == "vendor":
            return self._vendor(starts=starts)
        if slot == "person":
            return self._person(role, after)
        return self.fixed[slot]

    def _vendor(self, *, starts: bool) -> str:
        self.mentions += 1
        if self.mentions % 2:
            return self.vendor
        return self.instead[0].upper() + self.instead[1:] if starts else self.instead

    def _person(self, role: str, after: str) -> str:
        """Return a name, with its role where it is new; no comma doubles one that follows."""
        known = role in self.names
        name = self.names.setdefault(role, "") or next(self.people)
        self.names[role] = name
        if known:
            return name
        return f"{name}, {role}" + ("" if after[:1] in ",.?!;:”" else ",")

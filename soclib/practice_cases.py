"""A practice case: a text generated from the rules, its answers and the key of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from soclib.case_drawing import CONTRADICTION, DIFFICULTIES, draw
from soclib.case_telling import Part, tell
from soclib.decision import Decision, decide, unknown
from soclib.model import Catalog
from soclib.tables import load_catalog

HARDEST: Final = DIFFICULTIES[-1]


class PracticeError(ValueError):
    """A case, an item or an answer cannot be used: the message names the valid ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A generated case and its key.

    ``answers`` is all that the text says, in its words; ``key`` the status of every report that
    ``decide`` gives for them. ``hidden`` and ``blurred`` name the criteria kept back,
    ``misconceptions`` what voices in the case get wrong (ids of ``planted.csv``).
    """

    seed: int
    difficulty: int
    topic: str
    industry: str
    paragraphs: tuple[tuple[Part, ...], ...]
    answers: dict[str, str]
    key: dict[str, str]
    hidden: tuple[str, ...]
    blurred: tuple[str, ...]
    misconceptions: tuple[str, ...]
    twist: str
    decision: Decision

    @property
    def text(self) -> str:
        """Return the case in plain words."""
        return "\n\n".join(" ".join(part.text for part in one) for one in self.paragraphs)

    @property
    def misconception(self) -> str:
        """Return the first planted misconception; blank where nobody errs."""
        return next(iter(self.misconceptions), "")

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def check_way(catalog: Catalog, difficulty: int, topic: str | None) -> None:
    """Raise ``PracticeError`` for a difficulty or topic that no case has."""
    if difficulty not in DIFFICULTIES or isinstance(difficulty, bool):
        raise PracticeError(unknown("difficulty", difficulty, map(str, DIFFICULTIES)))
    topics = catalog.practice.topics
    if topic is not None and topic not in topics:
        raise PracticeError(unknown("topic", topic, topics))


def check_whole(name: str, given: object) -> None:
    """Raise ``PracticeError`` for what is no whole number from 0 on."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        message = f"{name} is {given!r:.80}; give a whole number from 0 on"
        raise PracticeError(message)


def scenario(
    seed: int, difficulty: int = 2, topic: str | None = None, *, catalog: Catalog | None = None
) -> Scenario:
    """Return the case of a seed; the same arguments give the same case to a whole class.

    ``difficulty`` 1 tells every deciding fact, 2 keeps one back and plants a misconception, 3 keeps
    two back, plants two and closes a gate or contradicts itself. Without ``topic`` the seed chooses
    one. Raises ``PracticeError`` that names the valid values.
    """
    catalog = catalog or load_catalog()
    check_whole("seed", seed)
    check_way(catalog, difficulty, topic)
    topics = catalog.practice.topics
    rng = Random(f"{seed}/{difficulty}/{topic or ''}")  # noqa: S311 - cases are no secrets
    usual = [key for key in topics if key != CONTRADICTION or difficulty == HARDEST]
    chosen = topics[topic or rng.choice(usual)]
    drawn = draw(catalog, rng, difficulty, chosen)
    told = tell(catalog, rng, drawn, difficulty - 1)
    decision = decide(drawn.answers, catalog=catalog)
    return Scenario(
        seed=seed,
        difficulty=difficulty,
        topic=chosen.topic_id,
        industry=drawn.industry.industry_id,
        paragraphs=told.paragraphs,
        answers=drawn.answers,
        key=decision.reports,
        hidden=drawn.hidden,
        blurred=drawn.blurred,
        misconceptions=told.planted_ids,
        twist=drawn.twist_id,
        decision=decision,
    )

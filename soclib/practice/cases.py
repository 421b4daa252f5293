"""A practice case: a text generated from the rules, its answers and the key of the engine.

Facts are drawn at random from what fragments can tell, and a draw is kept where its verdict meets
the aims of the topic. The verdict is always that of ``decide``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import did_you_mean
from soclib.practice.tables import PRACTICE, Fragment, Industry, Pair, Planted, Topic, Twist
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES
from soclib.verdict.decision import Decision, decide
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

DIFFICULTIES: Final = (1, 2, 3)
CONTRADICTION: Final = "contradiction"
TRIES: Final = 2000  # a topic that no draw meets in so many tries has no case
BOTH: Final = ("soc1", "soc2")  # the reports whose subject and demand a case settles
FIRST: Final = "provides_service"
Answers = dict[str, str]


class Drawn(NamedTuple):
    """The facts of a case.

    ``answers`` is what the text says, ``hidden`` the criteria of which it says nothing although
    they matter, ``blurred`` those which it leaves unknown, ``twist_id`` what makes it hard.
    """

    industry: Industry
    topic: Topic
    answers: Answers
    hidden: tuple[str, ...]
    blurred: tuple[str, ...]
    twist_id: str


def draw(catalog: Catalog, rng: Random, difficulty: int, topic: Topic) -> Drawn:
    """Return the facts of one case; the same random numbers draw the same case.

    Raises ``ValueError`` where the tables make no case on the topic at this difficulty.
    """
    for _try in range(TRIES):
        found = _try_draw(catalog, rng, difficulty, topic)
        if found:
            return found
    message = f"no case on {topic.topic_id!r} at difficulty {difficulty} can be made of the tables"
    raise ValueError(message)


def fitting(catalog: Catalog, industry: Industry, pair: Pair, answers: Answers) -> list[Fragment]:
    """Return the fragments that may tell a pair in a case with these answers."""
    told = set(answers.items())
    return [
        one
        for one in catalog.part(PRACTICE).telling[industry.industry_id].get(pair, ())
        if (not one.only_with or told & set(one.only_with)) and not told & set(one.not_with)
    ]


def _try_draw(catalog: Catalog, rng: Random, difficulty: int, topic: Topic) -> Drawn | None:
    industry = rng.choice(list(catalog.part(PRACTICE).industries.values()))
    twist = _twist(catalog, rng, difficulty, topic)
    truth = _truth(catalog, rng, industry, topic, twist)
    if truth is None or not _all_told(catalog, industry, truth):
        return None
    decision = decide(truth, catalog=catalog)
    if not (_settled(decision) and _meets(decision, topic) and _as_wanted(decision, twist)):
        return None
    fixed = {FIRST, *industry.always_told, *_forced(twist)}
    veiled = _veil(catalog, rng, industry, truth, fixed, difficulty - 1)
    if veiled is None:
        return None
    hidden = tuple(key for key in truth if key not in veiled)
    blurred = tuple(key for key, answer in veiled.items() if answer == UNKNOWN)
    return Drawn(industry, topic, veiled, hidden, blurred, twist.twist_id if twist else "")


def _forced(twist: Twist | None) -> Answers:
    return dict(twist.answers) if twist else {}


def _twist(catalog: Catalog, rng: Random, difficulty: int, topic: Topic) -> Twist | None:
    """Return what makes a case hard, or None where nothing has to."""
    twists = catalog.part(PRACTICE).twists
    if topic.topic_id == CONTRADICTION:
        return rng.choice([one for one in twists if one.kind == CONTRADICTION])
    return rng.choice(twists) if difficulty == DIFFICULTIES[-1] else None


def _truth(
    catalog: Catalog, rng: Random, industry: Industry, topic: Topic, twist: Twist | None
) -> Answers | None:
    """Return one answer for every criterion of the case, or None where nothing can tell a twist."""
    telling = catalog.part(PRACTICE).telling[industry.industry_id]
    forced = _forced(twist)
    if any(pair not in telling for pair in forced.items()):
        return None
    more = rng.sample(topic.draws, min(len(topic.draws), rng.randint(1, 4)))
    wanted = {FIRST, *industry.always_told, *topic.tells, *more, *forced}
    truth = {}
    for criterion in catalog.part(VERDICT).criteria:
        key = criterion.criterion_id
        if key not in wanted:
            continue
        options = [answer for answer in (YES, NO) if (key, answer) in telling]
        if options:
            truth[key] = forced.get(key) or rng.choice(options)
    return truth


def _all_told(catalog: Catalog, industry: Industry, answers: Answers) -> bool:
    return all(fitting(catalog, industry, pair, answers) for pair in answers.items())


def _settled(decision: Decision) -> bool:
    """Return whether what SOC 1 and SOC 2 hang on is known as long as nothing is kept back."""
    return all(UNKNOWN not in (decision.subject[key], decision.demand[key]) for key in BOTH)


def _meets(decision: Decision, topic: Topic) -> bool:
    return all(_state(decision, key) in allowed for key, allowed in topic.aims)


def _state(decision: Decision, key: str) -> str:
    """Return the status of a report, or whether there is some of something."""
    if key in decision.reports:
        return decision.reports[key]
    several = {"categories": decision.categories[1:]}  # the first stands under every SOC 2
    return "some" if several.get(key, getattr(decision, key)) else "none"


def _as_wanted(decision: Decision, twist: Twist | None) -> bool:
    """Return whether answers contradict each other where they should, and nowhere else."""
    meant = twist is not None and twist.kind == CONTRADICTION
    return bool(decision.contradictions) == meant


# --- keeping back ------------------------------------------------------------------------------


def _veil(  # noqa: PLR0913, PLR0917 - one call; all parts differ
    catalog: Catalog,
    rng: Random,
    industry: Industry,
    truth: Answers,
    fixed: set[str],
    count: int,
) -> Answers | None:
    """Return what is left to tell when ``count`` facts that matter are hidden or blurred."""
    left = dict(truth)
    for _fact in range(count):
        ways = list(_ways(catalog, left, fixed))
        rng.shuffle(ways)
        chosen = (way for way in ways if _all_told(catalog, industry, way))
        left = next((way for way in chosen if _differ(catalog, left, way)), {})
        if not left:
            return None
    kept = [key for key in truth if left.get(key, UNKNOWN) == UNKNOWN]
    return left if all(_matters(catalog, left, key) for key in kept) else None


def _differ(catalog: Catalog, before: Answers, after: Answers) -> bool:
    """Return whether the outcome differs, while what contradicts itself goes on to do so."""
    one, other = decide(before, catalog=catalog), decide(after, catalog=catalog)
    return one.contradictions == other.contradictions and signature(one) != signature(other)


def _matters(catalog: Catalog, left: Answers, key: str) -> bool:
    """Return whether the one or the other answer to a criterion would change the outcome."""
    now = signature(decide(left, catalog=catalog))
    ways = ({**left, key: answer} for answer in (YES, NO))
    return any(signature(decide(way, catalog=catalog)) != now for way in ways)


def _ways(catalog: Catalog, left: Answers, fixed: set[str]) -> Iterator[Answers]:
    """Yield what is left when one fact more is hidden, or blurred.

    Only a fact of which nothing is assumed is hidden: any other would count as assumed instead.
    """
    for criterion in catalog.part(VERDICT).criteria:
        key = criterion.criterion_id
        if key in fixed or left.get(key, UNKNOWN) == UNKNOWN:
            continue
        yield {**left, key: UNKNOWN}
        if criterion.assumed is None:
            yield {other: answer for other, answer in left.items() if other != key}


def signature(decision: Decision) -> tuple[object, ...]:
    """Return what a case asks about: reports, paths, categories and routes."""
    return (
        decision.reports,
        decision.path,
        (decision.categories, decision.open_categories),
        (decision.routes, decision.open_routes),
    )


# --- a case in plain words ------------------------------------------------------------------------


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
    fit = [p for p in catalog.part(PRACTICE).planted.values() if {topic_id, "any"} & set(p.topics)]
    return rng.sample(fit, min(voices, len(fit)))


def _cast(catalog: Catalog, rng: Random, drawn: Drawn) -> Cast:
    people = words_of(catalog, VOICES[0])["practice_people"].split(";")
    rng.shuffle(people)
    return Cast(
        vendor=rng.choice(drawn.industry.vendors),
        buyer=rng.choice(drawn.industry.buyers),
        staff=str(rng.choice(STAFF)),
        people=people,
        instead=words_of(catalog, VOICES[0])["practice_the_vendor"],
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


# --- the case -------------------------------------------------------------------------------------


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
        raise PracticeError(did_you_mean("difficulty", difficulty, map(str, DIFFICULTIES)))
    topics = catalog.part(PRACTICE).topics
    if topic is not None and topic not in topics:
        raise PracticeError(did_you_mean("topic", topic, topics))


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
    topics = catalog.part(PRACTICE).topics
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

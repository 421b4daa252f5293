"""A practice case: a text made from the rules, the answers that it gives, and their verdict.

Facts are drawn at random from what fragments can tell, and a draw is kept if its verdict meets the
aims of the topic. The verdict is always that of ``decide``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import did_you_mean
from soclib.practice.tables import (
    ANY,
    OPENING,
    PRACTICE,
    SLOT,
    CaseTopic,
    Fragment,
    Industry,
    Pair,
    PlantedMisconception,
    Twist,
)
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES
from soclib.verdict.decision import Decision, decide
from soclib.verdict.tables import VERDICT
from soclib.words import fill, words_of

DIFFICULTIES: Final = (1, 2, 3)
CONTRADICTION: Final = "contradiction"
TRIES: Final = 2000  # draws before a topic counts as one of which no case can be made
BOTH: Final = ("soc1", "soc2")  # the reports of which a case says enough to decide
Answers = dict[str, str]


class CaseFacts(NamedTuple):
    """The facts of a case.

    ``answers`` holds what the text says. ``hidden`` names the criteria that matter and of which it
    says nothing, ``blurred`` those that it leaves unknown, ``twist_id`` what makes the case hard.
    """

    industry: Industry
    topic: CaseTopic
    answers: Answers
    hidden: tuple[str, ...]
    blurred: tuple[str, ...]
    twist_id: str


def draw_facts(catalog: Catalog, rng: Random, difficulty: int, topic: CaseTopic) -> CaseFacts:
    """Return the facts of one case; the same random numbers draw the same case.

    Raises ``ValueError`` if no case on the topic at this difficulty can be made of the tables.
    """
    for _try in range(TRIES):
        facts = _try_to_draw(catalog, rng, difficulty, topic)
        if facts:
            return facts
    message = f"no case on {topic.topic_id!r} at difficulty {difficulty} can be made of the tables"
    raise ValueError(message)


def fitting_fragments(
    catalog: Catalog, industry: Industry, pair: Pair, answers: Answers
) -> list[Fragment]:
    """Return the fragments that may tell one answer in a case with all these answers."""
    pairs = set(answers.items())
    return [
        fragment
        for fragment in catalog.part(PRACTICE).telling[industry.industry_id].get(pair, ())
        if (not fragment.only_with or pairs & set(fragment.only_with))
        and not pairs & set(fragment.not_with)
    ]


def _try_to_draw(
    catalog: Catalog, rng: Random, difficulty: int, topic: CaseTopic
) -> CaseFacts | None:
    industry = rng.choice(list(catalog.part(PRACTICE).industries.values()))
    twist = _twist(catalog, rng, difficulty, topic)
    truth = _truth(catalog, rng, industry, topic, twist)
    if truth is None or not _all_told(catalog, industry, truth):
        return None
    decision = decide(truth, catalog=catalog)
    if not (_settled(decision) and _meets(decision, topic) and _as_wanted(decision, twist)):
        return None
    never_kept_back = {OPENING, *industry.always_told, *_forced(twist)}
    stated = _keep_back(catalog, rng, industry, truth, never_kept_back, difficulty - 1)
    if stated is None:
        return None
    hidden = tuple(key for key in truth if key not in stated)
    blurred = tuple(key for key, answer in stated.items() if answer == UNKNOWN)
    return CaseFacts(industry, topic, stated, hidden, blurred, twist.twist_id if twist else "")


def _forced(twist: Twist | None) -> Answers:
    return dict(twist.answers) if twist else {}


def _twist(catalog: Catalog, rng: Random, difficulty: int, topic: CaseTopic) -> Twist | None:
    """Return what makes a case hard, or None if nothing has to."""
    twists = catalog.part(PRACTICE).twists
    if topic.topic_id == CONTRADICTION:
        return rng.choice([twist for twist in twists if twist.kind == CONTRADICTION])
    return rng.choice(twists) if difficulty == DIFFICULTIES[-1] else None


def _truth(
    catalog: Catalog, rng: Random, industry: Industry, topic: CaseTopic, twist: Twist | None
) -> Answers | None:
    """Return an answer to every criterion of the case, or None if no fragment tells its twist."""
    telling = catalog.part(PRACTICE).telling[industry.industry_id]
    forced = _forced(twist)
    if any(pair not in telling for pair in forced.items()):
        return None
    more = rng.sample(topic.draws, min(len(topic.draws), rng.randint(1, 4)))
    wanted = {OPENING, *industry.always_told, *topic.tells, *more, *forced}
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
    return all(fitting_fragments(catalog, industry, pair, answers) for pair in answers.items())


def _settled(decision: Decision) -> bool:
    """Return whether all that SOC 1 and SOC 2 depend on is known before anything is kept back."""
    return all(UNKNOWN not in (decision.subject[key], decision.demand[key]) for key in BOTH)


def _meets(decision: Decision, topic: CaseTopic) -> bool:
    return all(_state(decision, key) in allowed for key, allowed in topic.aims)


def _state(decision: Decision, key: str) -> str:
    """Return the status of a report; of anything else, whether there is some or none."""
    if key in decision.reports:
        return decision.reports[key]
    several = {"categories": decision.categories[1:]}  # the first is part of every SOC 2
    return "some" if several.get(key, getattr(decision, key)) else "none"


def _as_wanted(decision: Decision, twist: Twist | None) -> bool:
    """Return whether answers contradict each other exactly if they are meant to."""
    is_meant_to = twist is not None and twist.kind == CONTRADICTION
    return bool(decision.contradictions) == is_meant_to


# --- keeping back ------------------------------------------------------------------------------


def _keep_back(  # noqa: PLR0913, PLR0917 - one call; all parts differ
    catalog: Catalog,
    rng: Random,
    industry: Industry,
    truth: Answers,
    fixed: set[str],
    count: int,
) -> Answers | None:
    """Return what is left to tell once ``count`` facts that matter are hidden or blurred."""
    left = dict(truth)
    for _fact in range(count):
        options = list(_with_one_fact_less(catalog, left, fixed))
        rng.shuffle(options)
        tellable = (answers for answers in options if _all_told(catalog, industry, answers))
        left = next((answers for answers in tellable if _differ(catalog, left, answers)), {})
        if not left:
            return None
    kept_back = [key for key in truth if left.get(key, UNKNOWN) == UNKNOWN]
    return left if all(_matters(catalog, left, key) for key in kept_back) else None


def _differ(catalog: Catalog, before: Answers, after: Answers) -> bool:
    """Return whether the outcome differs although the contradictions stay the same."""
    earlier, later = decide(before, catalog=catalog), decide(after, catalog=catalog)
    return earlier.contradictions == later.contradictions and outcome(earlier) != outcome(later)


def _matters(catalog: Catalog, left: Answers, key: str) -> bool:
    """Return whether yes or no to a criterion would change the outcome."""
    now = outcome(decide(left, catalog=catalog))
    completed = ({**left, key: answer} for answer in (YES, NO))
    return any(outcome(decide(answers, catalog=catalog)) != now for answers in completed)


def _with_one_fact_less(catalog: Catalog, left: Answers, fixed: set[str]) -> Iterator[Answers]:
    """Yield the answers that are left when one fact more is blurred or hidden.

    A criterion with an assumed answer is never hidden: the assumption would take its place.
    """
    for criterion in catalog.part(VERDICT).criteria:
        key = criterion.criterion_id
        if key in fixed or left.get(key, UNKNOWN) == UNKNOWN:
            continue
        yield {**left, key: UNKNOWN}
        if criterion.assumed is None:
            yield {other: answer for other, answer in left.items() if other != key}


def outcome(decision: Decision) -> tuple[object, ...]:
    """Return what a case asks about: reports, paths, categories and routes."""
    return (
        decision.reports,
        decision.path,
        (decision.categories, decision.open_categories),
        (decision.routes, decision.open_routes),
    )


# --- a case in plain words ------------------------------------------------------------------------


PARAGRAPHS: Final = ((1, 2, 3, 4, 5, 6), (7, 8, 9))  # places of fragments, by paragraph
STAFF: Final = (12, 18, 25, 34, 46, 60, 75, 90, 120, 150, 210, 340)


class CaseSentence(NamedTuple):
    """A sentence of a case and the answer that it gives; a misconception gives none."""

    text: str
    fragment_id: str
    criterion_id: str
    answer: str


class CaseInWords(NamedTuple):
    """The text of a case by paragraph and sentence, and the misconceptions that it plants."""

    paragraphs: tuple[tuple[CaseSentence, ...], ...]
    planted_ids: tuple[str, ...]


def case_in_words(catalog: Catalog, rng: Random, facts: CaseFacts, voices: int) -> CaseInWords:
    """Return the text of a case, in which ``voices`` people are wrong about what follows."""
    chosen = [
        rng.choice(fitting_fragments(catalog, facts.industry, pair, facts.answers))
        for pair in facts.answers.items()
    ]
    rng.shuffle(chosen)
    chosen.sort(key=lambda fragment: fragment.place)
    planted = _planted(catalog, rng, facts.topic.topic_id, voices)
    cast = _cast(catalog, rng, facts)
    blocks: list[list[Fragment | PlantedMisconception]] = [
        [fragment for fragment in chosen if fragment.place in places] for places in PARAGRAPHS
    ]
    blocks.append([*planted])
    paragraphs = tuple(
        tuple(map(cast.sentence, cast.beginning(block))) for block in blocks if block
    )
    return CaseInWords(paragraphs, tuple(misconception.planted_id for misconception in planted))


def _planted(
    catalog: Catalog, rng: Random, topic_id: str, voices: int
) -> list[PlantedMisconception]:
    fitting = [
        p for p in catalog.part(PRACTICE).planted.values() if {topic_id, ANY} & set(p.topics)
    ]
    return rng.sample(fitting, min(voices, len(fitting)))


def _cast(catalog: Catalog, rng: Random, facts: CaseFacts) -> Cast:
    people = words_of(catalog, VOICES[0])["practice_people"].split(";")
    rng.shuffle(people)
    return Cast(
        vendor=rng.choice(facts.industry.vendors),
        buyer=rng.choice(facts.industry.buyers),
        staff=str(rng.choice(STAFF)),
        people=people,
        instead=words_of(catalog, VOICES[0])["practice_the_vendor"],
    )


class Cast:
    """The names in a case: a role is given once, and the vendor's name not in every sentence."""

    def __init__(
        self, *, vendor: str, buyer: str, staff: str, people: list[str], instead: str
    ) -> None:
        self.fixed = {"buyer": buyer, "staff": staff}
        self.vendor, self.instead = vendor, instead
        self.people = iter(people)
        self.names: dict[str, str] = {}
        self.mentions = 0

    def beginning(
        self, block: Iterable[Fragment | PlantedMisconception]
    ) -> Iterable[Fragment | PlantedMisconception]:
        """Return the sentences of a paragraph, in which the vendor is named anew."""
        self.mentions = 0
        return block

    def sentence(self, row: Fragment | PlantedMisconception) -> CaseSentence:
        """Return the sentence of a fragment, with names in place of its words in braces."""
        text = self._filled(row.text, row.who_says)
        if isinstance(row, PlantedMisconception):
            return CaseSentence(text, row.planted_id, "", "")
        return CaseSentence(text, row.fragment_id, row.criterion_id, row.answer)

    def _filled(self, text: str, role: str) -> str:
        role = fill(role, self.fixed)
        filled, at = "", 0
        for match in SLOT.finditer(text):
            filled += text[at : match.start()]
            filled += self._name(match[1], role, starts=not filled, after=text[match.end() :])
            at = match.end()
        return filled + text[at:]

    def _name(self, slot: str, role: str, *, starts: bool, after: str) -> str:
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
        """Return a name, with its role if it is new; a comma follows unless there is a mark."""
        known = role in self.names
        name = self.names.setdefault(role, "") or next(self.people)
        self.names[role] = name
        if known:
            return name
        return f"{name}, {role}" + ("" if after[:1] in ",.?!;:”" else ",")


# --- the case -------------------------------------------------------------------------------------


HARDEST: Final = DIFFICULTIES[-1]


class PracticeError(ValueError):
    """A seed, topic, question or answer cannot be used; the message names the valid ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A case made from a seed, and its key.

    ``answers`` holds all that the text says; ``key`` the status that ``decide`` gives every report
    for them. ``hidden`` and ``blurred`` name the criteria that are kept back, ``misconceptions``
    what people in the case get wrong (ids of ``planted.csv``).
    """

    seed: int
    difficulty: int
    topic: str
    industry: str
    paragraphs: tuple[tuple[CaseSentence, ...], ...]
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
        return "\n\n".join(
            " ".join(sentence.text for sentence in paragraph) for paragraph in self.paragraphs
        )

    @property
    def misconception(self) -> str:
        """Return the first planted misconception; blank if nobody is wrong."""
        return next(iter(self.misconceptions), "")

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def check_difficulty_and_topic(catalog: Catalog, difficulty: int, topic: str | None) -> None:
    """Raise ``PracticeError`` for a difficulty or topic that no case has."""
    if difficulty not in DIFFICULTIES or isinstance(difficulty, bool):
        raise PracticeError(did_you_mean("difficulty", difficulty, map(str, DIFFICULTIES)))
    topics = catalog.part(PRACTICE).topics
    if topic is not None and topic not in topics:
        raise PracticeError(did_you_mean("topic", topic, topics))


def check_whole_number(name: str, given: object) -> None:
    """Raise ``PracticeError`` for anything but 0, 1, 2 and so on."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        message = f"{name} is {given!r:.80}; give a whole number, 0 or more"
        raise PracticeError(message)


def scenario(
    seed: int, difficulty: int = 2, topic: str | None = None, *, catalog: Catalog | None = None
) -> Scenario:
    """Return the case of a seed; the same arguments give the same case to a whole class.

    ``difficulty`` 1 tells every fact that decides; 2 keeps one back and plants a misconception; 3
    keeps two back, plants two, and has a gate that is closed or a contradiction. Without ``topic``
    the seed chooses one. Raises ``PracticeError`` that names the valid values.
    """
    catalog = catalog or load_catalog()
    check_whole_number("seed", seed)
    check_difficulty_and_topic(catalog, difficulty, topic)
    topics = catalog.part(PRACTICE).topics
    rng = Random(f"{seed}/{difficulty}/{topic or ''}")  # noqa: S311 - cases are no secrets
    usual = [key for key in topics if key != CONTRADICTION or difficulty == HARDEST]
    chosen = topics[topic or rng.choice(usual)]
    facts = draw_facts(catalog, rng, difficulty, chosen)
    words = case_in_words(catalog, rng, facts, difficulty - 1)
    decision = decide(facts.answers, catalog=catalog)
    return Scenario(
        seed=seed,
        difficulty=difficulty,
        topic=chosen.topic_id,
        industry=facts.industry.industry_id,
        paragraphs=words.paragraphs,
        answers=facts.answers,
        key=decision.reports,
        hidden=facts.hidden,
        blurred=facts.blurred,
        misconceptions=words.planted_ids,
        twist=facts.twist_id,
        decision=decision,
    )

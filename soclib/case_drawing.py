"""Which facts a practice case has, which of them it keeps back, and how it is made hard.

Facts are drawn at random from what fragments can tell, and a draw is kept where its verdict meets
the aims of the topic. The verdict is always that of ``decide``.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final, NamedTuple

from soclib.decision import Decision, decide
from soclib.model import NO, UNKNOWN, YES, Catalog
from soclib.practice_records import Fragment, Industry, Pair, Topic, Twist

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
        for one in catalog.practice.telling[industry.industry_id].get(pair, ())
        if (not one.only_with or told & set(one.only_with)) and not told & set(one.not_with)
    ]


def _try_draw(catalog: Catalog, rng: Random, difficulty: int, topic: Topic) -> Drawn | None:
    industry = rng.choice(list(catalog.practice.industries.values()))
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
    twists = catalog.practice.twists
    if topic.topic_id == CONTRADICTION:
        return rng.choice([one for one in twists if one.kind == CONTRADICTION])
    return rng.choice(twists) if difficulty == DIFFICULTIES[-1] else None


def _truth(
    catalog: Catalog, rng: Random, industry: Industry, topic: Topic, twist: Twist | None
) -> Answers | None:
    """Return one answer for every criterion of the case, or None where nothing can tell a twist."""
    telling = catalog.practice.telling[industry.industry_id]
    forced = _forced(twist)
    if any(pair not in telling for pair in forced.items()):
        return None
    more = rng.sample(topic.draws, min(len(topic.draws), rng.randint(1, 4)))
    wanted = {FIRST, *industry.always_told, *topic.tells, *more, *forced}
    truth = {}
    for criterion in catalog.criteria:
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
    for criterion in catalog.criteria:
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

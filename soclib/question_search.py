"""Find the frequent question behind what somebody types: wording, typing errors, synonyms.

Words are cut down to their stems; what ``synonyms.csv`` and the glossary call the same becomes one
token, so that *SOC II*, *soc2* and *SOC-2* are alike. A word that no question knows is read as the
nearest words that some question has. Rare words count for more than common ones.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from math import log
from typing import NamedTuple

from soclib.model import VOICES, Catalog
from soclib.teaching_checks import TOPIC
from soclib.teaching_records import FrequentQuestion

PIECES = re.compile(r"[a-z]+|[0-9]+")
SHORTEST = 4  # letters of a word in which a typing error is looked for by likeness
LIKE = 0.78  # how alike two words must be, from 0 to 1
UNHEARD = 0.5  # how much a word counts that no question knows, against the rarest one
GUESSED = 0.85  # how much a word counts that was read as another
WHOLE, BROAD = 1.3, 0.5  # weight of the words asked in any wording, and in the answer
SAME = 1.0  # what a wording gets on top that says just the same
ENDINGS = (
    *(("ies", "y"), ("isations", "ization"), ("izations", "ization"), ("isation", "ization")),
    *(("sses", "ss"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", "e"), ("s", ""), ("e", "")),
)

# Words that say nothing on what was asked.
ANY_SUBJECT = (
    "a about after all am an and any are as at be been before but by can could did do does ever "
    "for from get give had has have he her his how i if in into is it its just me my no not of on "
    "or our out please she should so some still tell than that the their them there they this to "
    "too us very was we were what when where which who whose why will with would you your"
)
DOUBLED = re.compile(r"([bdgmnprt])\1$")  # mapping, mapped: map

Weights = Mapping[str, float]


class Found(NamedTuple):
    """A question that was found, and how well it fits: ``score`` only orders.

    ``known`` is the part of what was asked that the question knows, from 0 to 1, words that fit
    any subject left out.
    """

    question: FrequentQuestion
    score: float
    known: float


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """All that a search needs: tokens of every question, and what each token is worth."""

    alike: Mapping[tuple[str, ...], str]
    longest: int
    vocabulary: frozenset[str]
    shortened: Mapping[str, frozenset[str]]
    wordings: Mapping[str, tuple[frozenset[str], ...]]
    asked: Mapping[str, frozenset[str]]
    answered: Mapping[str, frozenset[str]]
    worth: Weights
    rare: float
    light: frozenset[str]


def find_questions(text: str, catalog: Catalog, most: int = 3) -> tuple[Found, ...]:
    """Return the questions that fit a text best, the best first; none where no word is known."""
    index = index_of(catalog)
    readings = _readings(text, index)
    found = [
        Found(one, *max(_fit(tokens, key, index) for tokens in readings))
        for key, one in catalog.teaching.faq.items()
    ]
    fitting = sorted((one for one in found if one.known > 0), key=lambda one: -one.score)
    return tuple(fitting[:most])


@lru_cache(maxsize=4)
def index_of(catalog: Catalog) -> Index:
    """Return the index of the questions of a catalog; made once for each."""
    tables = catalog.teaching
    titles = {one.topic: topic_title(one.topic, catalog) for one in tables.faq.values()}
    groups = [*tables.synonyms, *(term.names for term in tables.glossary.values())]
    alike = _alike(groups)
    longest = max(map(len, alike), default=1)
    faq = tables.faq.values()
    wordings = {
        one.faq_id: tuple(frozenset(_merged(stems(w), alike, longest)) for w in one.wordings)
        for one in faq
    }
    topics = {
        one.faq_id: frozenset(_merged(stems(titles[one.topic]), alike, longest)) for one in faq
    }
    asked = {key: frozenset().union(topics[key], *sets) for key, sets in wordings.items()}
    answered = {one.faq_id: frozenset(_merged(stems(one.answer), alike, longest)) for one in faq}
    texts = [text for one in faq for text in (*one.wordings, one.answer)]
    words = {stem for text in (*texts, *(n for g in groups for n in g)) for stem in stems(text)}
    shortened: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for short in _shorter(word):
            shortened[short].add(word)
    worth = _worth(asked, answered)
    return Index(
        alike=alike,
        longest=longest,
        vocabulary=frozenset(words),
        shortened={short: frozenset(found) for short, found in shortened.items()},
        wordings=wordings,
        asked=asked,
        answered=answered,
        worth=worth,
        rare=UNHEARD * max(worth.values(), default=0.0),
        light=frozenset(stems(ANY_SUBJECT)),
    )


def topic_title(topic: str, catalog: Catalog) -> str:
    """Return the heading of a topic."""
    return catalog.wording[TOPIC + topic][VOICES[0]]


def stems(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers apart, each cut down to its stem."""
    return [_stem(piece) for piece in PIECES.findall(text.casefold().replace("'s", ""))]


def _stem(word: str) -> str:
    if len(word) < SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= len("soc"):
            return DOUBLED.sub(r"\1", word[: -len(ending)] + instead.removesuffix("e"))
    return word


def _alike(groups: Iterable[Iterable[str]]) -> dict[tuple[str, ...], str]:
    """Return the token that stands for each way to say something; the first group wins."""
    found: dict[tuple[str, ...], str] = {}
    for number, group in enumerate(groups):
        ways = [tuple(stems(way)) for way in group]
        token = next((found[way] for way in ways if way in found), f"={number}")
        for way in ways:
            found.setdefault(way, token)
    return found


def _merged(words: list[str], alike: Mapping[tuple[str, ...], str], longest: int) -> Iterator[str]:
    """Yield words, the longest runs that stand for one thing made one token."""
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            run = tuple(words[place : place + length])
            if run in alike:
                yield alike[run]
                break
        else:
            length = 1
            yield words[place]
        place += length


def _shorter(word: str) -> set[str]:
    """Return a word, and what is left of it without any one letter."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _readings(text: str, index: Index) -> list[dict[str, float]]:
    """Return the tokens of what was typed with their weights, once for each way to read it."""
    words = stems(text)
    guesses = {place: found for place, word in enumerate(words) if (found := _guesses(word, index))}
    first = [guesses[place][0] if place in guesses else word for place, word in enumerate(words)]
    ways = [first]
    for place, found in guesses.items():
        ways += [[*first[:place], guess, *first[place + 1 :]] for guess in found[1:]]
    doubt = {one for known in guesses.values() for one in known}
    return [
        {
            token: GUESSED if token in doubt else 1.0
            for token in _merged(way, index.alike, index.longest)
        }
        for way in ways
    ]


def _guesses(word: str, index: Index) -> list[str]:
    """Return known words that an unknown one may be: one letter apart, or else much alike."""
    if word in index.vocabulary or word.isdigit() or len(word) < len("soc"):
        return []
    near: set[str] = set()
    for short in _shorter(word):
        near |= index.shortened.get(short, frozenset())
    near = {one for one in near if one.isalpha() and abs(len(one) - len(word)) <= 1}
    if near or len(word) < SHORTEST:
        return sorted(near)
    return get_close_matches(word, index.vocabulary, n=2, cutoff=LIKE)


def _worth(*parts: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Return how much a token is worth: the fewer questions know it, the more."""
    counts: Counter[str] = Counter()
    for key in parts[0]:
        counts.update(frozenset().union(*(part[key] for part in parts)))
    total = len(parts[0])
    return {token: log((total + 1) / (count + 0.5)) for token, count in counts.items()}


def _fit(tokens: Weights, key: str, index: Index) -> tuple[float, float]:
    """Return how well a question fits, and the part of what was asked that it knows."""
    weights = {token: count * index.worth.get(token, index.rare) for token, count in tokens.items()}
    best = max(_likeness(weights, wording, index.worth) for wording in index.wordings[key])
    best += SAME * (best > 1 - 1e-9)
    asked, answered = index.asked[key], index.answered[key]
    score = best + WHOLE * _part(weights, asked) + BROAD * _part(weights, answered)
    of_the_subject = {token: one for token, one in weights.items() if token not in index.light}
    return score, _part(of_the_subject, asked | answered)


def _part(weights: Weights, known: frozenset[str]) -> float:
    """Return the part of the weights that stands for known tokens, from 0 to 1."""
    total = sum(weights.values())
    return sum(one for token, one in weights.items() if token in known) / total if total else 0.0


def _likeness(weights: Weights, wording: frozenset[str], worth: Weights) -> float:
    """Return the cosine between what was typed and one wording."""
    shared = sum(weight * worth[token] for token, weight in weights.items() if token in wording)
    typed = sum(weight**2 for weight in weights.values()) ** 0.5
    known = sum(worth[token] ** 2 for token in wording) ** 0.5
    return shared / (typed * known) if typed and known else 0.0

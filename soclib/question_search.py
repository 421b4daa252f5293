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

from soclib.model import Catalog
from soclib.teaching_records import FrequentQuestion, TeachingTables

PIECES = re.compile(r"[a-z]+|[0-9]+")
SHORTEST = 4  # letters of a word in which a typing error is looked for by likeness
LIKE = 0.78  # how alike two words must be, from 0 to 1
GUESSED = 0.85  # how much a word counts that was read as another
WHOLE, BROAD = 1.3, 0.5  # weight of the words asked in any wording, and in the answer
SAME = 1.0  # what a wording gets on top that says just the same
ENDINGS = (
    *(("ies", "y"), ("isations", "ization"), ("izations", "ization"), ("isation", "ization")),
    *(("sses", "ss"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", "e"), ("s", ""), ("e", "")),
)

Weights = Mapping[str, float]


class Found(NamedTuple):
    """A question that was found, and how well it fits, from 0 upwards."""

    question: FrequentQuestion
    score: float


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


def find_questions(text: str, catalog: Catalog, most: int = 3) -> tuple[Found, ...]:
    """Return the questions that fit a text best, the best first; none where no word is known."""
    index = index_of(catalog.teaching)
    readings = _readings(text, index)
    found = [
        Found(one, max(_score(tokens, key, index) for tokens in readings))
        for key, one in catalog.teaching.faq.items()
    ]
    fitting = sorted((one for one in found if one.score > 0), key=lambda one: -one.score)
    return tuple(fitting[:most])


@lru_cache(maxsize=4)
def index_of(tables: TeachingTables) -> Index:
    """Return the index of some tables; made once for each of them."""
    groups = [*tables.synonyms, *(term.names for term in tables.glossary.values())]
    alike = _alike(groups)
    longest = max(map(len, alike), default=1)
    faq = tables.faq.values()
    wordings = {
        one.faq_id: tuple(frozenset(_merged(stems(w), alike, longest)) for w in one.wordings)
        for one in faq
    }
    asked = {key: frozenset().union(*sets) for key, sets in wordings.items()}
    answered = {
        one.faq_id: frozenset(_merged(stems(f"{one.answer} {one.topic}"), alike, longest))
        for one in faq
    }
    texts = [text for one in faq for text in (*one.wordings, one.answer)]
    words = {stem for text in (*texts, *(n for g in groups for n in g)) for stem in stems(text)}
    shortened: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for short in _shorter(word):
            shortened[short].add(word)
    return Index(
        alike=alike,
        longest=longest,
        vocabulary=frozenset(words),
        shortened={short: frozenset(found) for short, found in shortened.items()},
        wordings=wordings,
        asked=asked,
        answered=answered,
        worth=_worth(asked, answered),
    )


def stems(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers apart, each cut down to its stem."""
    return [_stem(piece) for piece in PIECES.findall(text.casefold().replace("'s", ""))]


def _stem(word: str) -> str:
    if len(word) < SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= len("soc"):
            return word[: -len(ending)] + instead.removesuffix("e")
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


def _score(tokens: Mapping[str, float], key: str, index: Index) -> float:
    """Return how well a question fits: its nearest wording first, then all words it knows."""
    weights = {token: count * index.worth.get(token, 0.0) for token, count in tokens.items()}
    total = sum(weights.values())
    if not total:
        return 0.0
    best = max(_likeness(weights, wording, index.worth) for wording in index.wordings[key])
    asked = sum(weight for token, weight in weights.items() if token in index.asked[key])
    answered = sum(weight for token, weight in weights.items() if token in index.answered[key])
    best += SAME * (best > 1 - 1e-9)
    return best + WHOLE * asked / total + BROAD * answered / total


def _likeness(weights: Weights, wording: frozenset[str], worth: Weights) -> float:
    """Return the cosine between what was typed and one wording."""
    shared = sum(weight * worth[token] for token, weight in weights.items() if token in wording)
    typed = sum(weight**2 for weight in weights.values()) ** 0.5
    known = sum(worth[token] ** 2 for token in wording) ** 0.5
    return shared / (typed * known) if typed and known else 0.0

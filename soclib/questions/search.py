"""Find the frequent question behind what somebody types.

Words are cut down to their stems; what ``synonyms.csv`` and the glossary call the same becomes one
token, so that *SOC II*, *soc2* and *SOC-2* are alike. A word that no question uses is read as the
nearest words that some question uses. Rare words and terms of art count for more than common ones.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice, product
from math import log
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.questions.tables import QUESTIONS, TOPIC, FrequentQuestion
from soclib.tables.rows import VOICES
from soclib.words import words_of

PIECES = re.compile(r"[a-z]+|[0-9]+")
SHORTEST = 4  # letters of a word in which a typing error is looked for by likeness
LEAST = 3  # letters that a stem keeps, and that a word has in which an error is looked for
LIKE = 0.78  # how alike two words must be, from 0 to 1
GUESSED = 0.85  # weight of a word that was read as another
MOST_READINGS = 16  # ways to read a text with several unknown words
ENDINGS = (
    *(("ies", "y"), ("isations", "ization"), ("izations", "ization"), ("isation", "ization")),
    *(("sses", "ss"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", "e"), ("s", ""), ("e", "")),
)
DOUBLED = re.compile(r"([bdgmnprt])\1$")  # mapping, mapped: map


@dataclass(frozen=True, slots=True, eq=False)
class WordReader:
    """Reads text as tokens: ``alike`` maps each way to say a thing, as stems, to its token.

    ``vocabulary`` holds the known stems; ``shortened`` finds them by what remains of them without
    one letter, so that a word with one typing error finds its right form.
    """

    alike: Mapping[tuple[str, ...], str]
    longest: int
    vocabulary: frozenset[str]
    shortened: Mapping[str, frozenset[str]]

    def tokens(self, text: str) -> frozenset[str]:
        """Return what a text says, as tokens."""
        return frozenset(self.merged(stems(text)))

    def merged(self, words: list[str]) -> Iterator[str]:
        """Yield stems; the longest runs of stems that say one thing become one token."""
        place = 0
        while place < len(words):
            lengths = range(min(self.longest, len(words) - place), 0, -1)
            runs = (tuple(words[place : place + length]) for length in lengths)
            run = next((run for run in runs if run in self.alike), ())
            yield self.alike[run] if run else words[place]
            place += len(run) or 1

    def readings(self, text: str) -> list[dict[str, float]]:
        """Return the tokens of what was typed with their weights, once for each way to read it."""
        typed = stems(text)
        choices = [self.guesses(word) or [word] for word in typed]
        guessed = {word for guesses in choices for word in guesses} - set(typed)
        return [
            {token: GUESSED if token in guessed else 1.0 for token in self.merged(list(way))}
            for way in islice(product(*choices), MOST_READINGS)
        ]

    def guesses(self, word: str) -> list[str]:
        """Return known words that an unknown one may be, the likeliest first.

        Words with the same letters in another order come first, then those with one letter changed,
        then those that look much alike.
        """
        if word in self.vocabulary or word.isdigit() or len(word) < LEAST:
            return []
        similar = set().union(*(self.shortened.get(short, ()) for short in shorter(word)))
        near = sorted(other for other in similar if _one_error_apart(word, other))
        if near:
            swapped = [other for other in near if sorted(other) == sorted(word)]
            return swapped or get_close_matches(word, near, n=3, cutoff=0)
        known = sorted(self.vocabulary) if len(word) >= SHORTEST else []
        return get_close_matches(word, known, n=2, cutoff=LIKE)


def _one_error_apart(word: str, other: str) -> bool:
    """Return whether one letter too many, changed or swapped with the next tells two words apart.

    In a short word a changed letter makes another word and is no typing error.
    """
    if len(word) != len(other):
        few, many = sorted((word, other), key=len)
        return few in shorter(many)
    apart = [place for place, letter in enumerate(word) if letter != other[place]]
    if len(apart) == 1:
        return len(word) > SHORTEST
    swapped = [word[place] for place in apart] == [other[place] for place in reversed(apart)]
    return swapped and len(apart) == len("ab") and apart[1] == apart[0] + 1


def word_reader(groups: Iterable[Iterable[str]], texts: Iterable[str]) -> WordReader:
    """Return a reader of words: each group says one thing, ``texts`` hold other known words."""
    ways_by_group = [list(group) for group in groups]
    alike = _alike(ways_by_group)
    all_texts = [*texts, *(way for group in ways_by_group for way in group)]
    words = {stem for text in all_texts for stem in stems(text)}
    shortened: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for short in shorter(word):
            shortened[short].add(word)
    by_rest = {short: frozenset(near) for short, near in shortened.items()}
    return WordReader(alike, max(map(len, alike), default=1), frozenset(words), by_rest)


def _alike(groups: Iterable[Iterable[str]]) -> dict[tuple[str, ...], str]:
    """Return the token for each way to say something; groups that share a way share the token."""
    tokens: dict[tuple[str, ...], str] = {}
    for number, group in enumerate(groups):
        ways = [tuple(stems(way)) for way in group]
        token = next((tokens[way] for way in ways if way in tokens), f"={number}")
        for way in ways:
            tokens.setdefault(way, token)
    return tokens


def stems(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers apart, each cut down to its stem."""
    return [_stem(piece) for piece in PIECES.findall(text.casefold().replace("'s", ""))]


def _stem(word: str) -> str:
    if len(word) < SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= LEAST:
            return DOUBLED.sub(r"\1", word[: -len(ending)] + instead.removesuffix("e"))
    return word


def shorter(word: str) -> set[str]:
    """Return a word, and what is left of it without any one letter."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


# --- the search -----------------------------------------------------------------------------------


UNHEARD = 0.5  # weight of a word that no question knows, as a part of the rarest word's
ANCHOR = 1.5  # how much more a term of art weighs than another word that is as rare
WHOLE, BROAD = 1.3, 0.5  # weight of the words asked in any wording, and in the answer
SAME = 1.0  # added to the score of a wording that says just the same
NEARLY = 1 - 1e-9
# Words that do not tell what a question is about.
ANY_SUBJECT = (
    "a about after against all am an and any are as at be been before but by can could did do does "
    "ever for from get give had has have he her his how i if in into is it its just me my no not "
    "of on or our out please she should so some still tell than that the their them there they "
    "this to too us very was we were what when where which who whose why will with would you your"
)

Weights = Mapping[str, float]
TokensBy = Mapping[str, frozenset[str]]


class FoundQuestion(NamedTuple):
    """A question that was found, and how well it fits.

    ``score`` serves only to put questions in order. ``known`` is the part of what was asked that
    the question speaks of, from 0 to 1, apart from words that fit any subject.
    """

    question: FrequentQuestion
    score: float
    known: float


@dataclass(frozen=True, slots=True, eq=False)
class QuestionIndex:
    """What a search needs: the tokens of every question by its id, and the weight of each token."""

    reader: WordReader
    wordings: Mapping[str, tuple[frozenset[str], ...]]
    asked: TokensBy
    answered: TokensBy
    worth: Weights
    unheard: float
    light: frozenset[str]


def find_questions(text: str, catalog: Catalog, most: int = 3) -> tuple[FoundQuestion, ...]:
    """Return the questions that fit a text best, the best first; none where no word is known."""
    index = index_of(catalog)
    readings = index.reader.readings(text)
    found = [
        FoundQuestion(question, *max(_fit(tokens, key, index) for tokens in readings))
        for key, question in catalog.part(QUESTIONS).faq.items()
    ]
    fitting = sorted((fit for fit in found if fit.known > 0), key=lambda fit: -fit.score)
    return tuple(fitting[:most])


@lru_cache(maxsize=4)
def index_of(catalog: Catalog) -> QuestionIndex:
    """Return the index of the questions of a catalog; made once for each."""
    faq, terms = catalog.part(QUESTIONS).faq, catalog.part(QUESTIONS).glossary.values()
    reader = word_reader(
        [*catalog.part(QUESTIONS).synonyms, *(term.names for term in terms)],
        [text for question in faq.values() for text in (*question.wordings, question.answer)],
    )
    wordings = {key: tuple(map(reader.tokens, question.wordings)) for key, question in faq.items()}
    asked = {key: frozenset().union(*sets) for key, sets in wordings.items()}
    answered = {
        key: reader.tokens(topic_title(question.topic, catalog)) | reader.tokens(question.answer)
        for key, question in faq.items()
    }
    anchors = frozenset().union(*(reader.tokens(name) for term in terms for name in term.names))
    worth = _worth(anchors, {key: asked[key] | answered[key] for key in faq})
    unheard = UNHEARD * max(worth.values(), default=0.0)
    light = frozenset(stems(ANY_SUBJECT))
    return QuestionIndex(reader, wordings, asked, answered, worth, unheard, light)


def topic_title(topic: str, catalog: Catalog) -> str:
    """Return the heading of a topic."""
    return words_of(catalog, VOICES[0])[TOPIC + topic]


def _worth(anchors: frozenset[str], known: TokensBy) -> dict[str, float]:
    """Return the weight of each token: the fewer questions use it the more; terms of art more."""
    counts = Counter(token for tokens in known.values() for token in tokens)
    return {
        token: log((len(known) + 1) / (count + 0.5)) * (ANCHOR if token in anchors else 1)
        for token, count in counts.items()
    }


def _fit(tokens: Weights, key: str, index: QuestionIndex) -> tuple[float, float]:
    """Return how well a question fits, and the part of what was asked that it speaks of."""
    weights = {
        token: count * index.worth.get(token, index.unheard) for token, count in tokens.items()
    }
    best = max(_likeness(weights, wording, index.worth) for wording in index.wordings[key])
    best += SAME * (best > NEARLY)
    asked, answered = index.asked[key], index.answered[key]
    score = best + WHOLE * _part(weights, asked) + BROAD * _part(weights, answered)
    of_the_subject = {
        token: weight for token, weight in weights.items() if token not in index.light
    }
    return score, _part(of_the_subject, asked | answered)


def _part(weights: Weights, known: frozenset[str]) -> float:
    """Return the part of all weights that known tokens have, from 0 to 1."""
    total = sum(weights.values())
    return (
        sum(weight for token, weight in weights.items() if token in known) / total if total else 0.0
    )


def _likeness(weights: Weights, wording: frozenset[str], worth: Weights) -> float:
    """Return the cosine between what was typed and one wording."""
    shared = sum(weight * worth[token] for token, weight in weights.items() if token in wording)
    typed = sum(weight**2 for weight in weights.values()) ** 0.5
    known = sum(worth[token] ** 2 for token in wording) ** 0.5
    return shared / (typed * known) if typed and known else 0.0

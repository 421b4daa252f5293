"""Find the frequent question behind what somebody types.

Words are cut down to their stems; what ``synonyms.csv`` and the glossary call the same becomes one
token, so that *SOC II*, *soc2* and *SOC-2* are alike. A word that no question knows is read as the
nearest words that some question has. Rare words and terms of art count for more than common ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import NamedTuple

from soclib.model import VOICES, Catalog
from soclib.question_words import Speech, speech_of, stems
from soclib.teaching_checks import TOPIC
from soclib.teaching_records import FrequentQuestion

UNHEARD = 0.5  # how much a word counts that no question knows, against the rarest one
ANCHOR = 1.5  # how much more a term of art counts than another word as rare
WHOLE, BROAD = 1.3, 0.5  # weight of the words asked in any wording, and in the answer
SAME = 1.0  # what a wording gets on top that says just the same
NEARLY = 1 - 1e-9
# Words that say nothing on what was asked.
ANY_SUBJECT = (
    "a about after against all am an and any are as at be been before but by can could did do does "
    "ever for from get give had has have he her his how i if in into is it its just me my no not "
    "of on or our out please she should so some still tell than that the their them there they "
    "this to too us very was we were what when where which who whose why will with would you your"
)

Weights = Mapping[str, float]
TokensBy = Mapping[str, frozenset[str]]


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
    """All that a search needs: tokens of every question by its id, and what a token is worth."""

    speech: Speech
    wordings: Mapping[str, tuple[frozenset[str], ...]]
    asked: TokensBy
    answered: TokensBy
    worth: Weights
    unheard: float
    light: frozenset[str]


def find_questions(text: str, catalog: Catalog, most: int = 3) -> tuple[Found, ...]:
    """Return the questions that fit a text best, the best first; none where no word is known."""
    index = index_of(catalog)
    readings = index.speech.readings(text)
    found = [
        Found(one, *max(_fit(tokens, key, index) for tokens in readings))
        for key, one in catalog.asked.faq.items()
    ]
    fitting = sorted((one for one in found if one.known > 0), key=lambda one: -one.score)
    return tuple(fitting[:most])


@lru_cache(maxsize=4)
def index_of(catalog: Catalog) -> Index:
    """Return the index of the questions of a catalog; made once for each."""
    faq, terms = catalog.asked.faq, catalog.asked.glossary.values()
    speech = speech_of(
        [*catalog.asked.synonyms, *(term.names for term in terms)],
        [text for one in faq.values() for text in (*one.wordings, one.answer)],
    )
    wordings = {key: tuple(map(speech.tokens, one.wordings)) for key, one in faq.items()}
    asked = {key: frozenset().union(*sets) for key, sets in wordings.items()}
    answered = {
        key: speech.tokens(topic_title(one.topic, catalog)) | speech.tokens(one.answer)
        for key, one in faq.items()
    }
    anchors = frozenset().union(*(speech.tokens(name) for term in terms for name in term.names))
    worth = _worth(anchors, {key: asked[key] | answered[key] for key in faq})
    unheard = UNHEARD * max(worth.values(), default=0.0)
    light = frozenset(stems(ANY_SUBJECT))
    return Index(speech, wordings, asked, answered, worth, unheard, light)


def topic_title(topic: str, catalog: Catalog) -> str:
    """Return the heading of a topic."""
    return catalog.wording[TOPIC + topic][VOICES[0]]


def _worth(anchors: frozenset[str], known: TokensBy) -> dict[str, float]:
    """Return what a token is worth: the fewer questions know it the more; terms of art more."""
    counts = Counter(token for tokens in known.values() for token in tokens)
    return {
        token: log((len(known) + 1) / (count + 0.5)) * (ANCHOR if token in anchors else 1)
        for token, count in counts.items()
    }


def _fit(tokens: Weights, key: str, index: Index) -> tuple[float, float]:
    """Return how well a question fits, and the part of what was asked that it knows."""
    weights = {
        token: count * index.worth.get(token, index.unheard) for token, count in tokens.items()
    }
    best = max(_likeness(weights, wording, index.worth) for wording in index.wordings[key])
    best += SAME * (best > NEARLY)
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

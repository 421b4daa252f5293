"""Read words as people type them: stems, ways to say the same, typing errors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice, product

PIECES = re.compile(r"[a-z]+|[0-9]+")
SHORTEST = 4  # letters of a word in which a typing error is looked for by likeness
LEAST = 3  # letters that a stem keeps, and that a word has in which an error is looked for
LIKE = 0.78  # how alike two words must be, from 0 to 1
GUESSED = 0.85  # how much a word counts that was read as another
MOST_READINGS = 16  # of a text with several unknown words
ENDINGS = (
    *(("ies", "y"), ("isations", "ization"), ("izations", "ization"), ("isation", "ization")),
    *(("sses", "ss"), ("ing", ""), ("ed", ""), ("ly", ""), ("es", "e"), ("s", ""), ("e", "")),
)
DOUBLED = re.compile(r"([bdgmnprt])\1$")  # mapping, mapped: map


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """How words are read: ``alike`` holds a token for each way to say a thing, as stems.

    ``vocabulary`` are the stems that are known; ``shortened`` finds them by what is left of them
    without one letter, so that a word with one error meets its right form.
    """

    alike: Mapping[tuple[str, ...], str]
    longest: int
    vocabulary: frozenset[str]
    shortened: Mapping[str, frozenset[str]]

    def tokens(self, text: str) -> frozenset[str]:
        """Return what a text says, as tokens."""
        return frozenset(self.merged(stems(text)))

    def merged(self, words: list[str]) -> Iterator[str]:
        """Yield stems, the longest runs that stand for one thing made one token."""
        place = 0
        while place < len(words):
            lengths = range(min(self.longest, len(words) - place), 0, -1)
            runs = (tuple(words[place : place + length]) for length in lengths)
            run = next((run for run in runs if run in self.alike), ())
            yield self.alike[run] if run else words[place]
            place += len(run) or 1

    def readings(self, text: str) -> list[dict[str, float]]:
        """Return what was typed as tokens with weights, once for each way to read it."""
        typed = stems(text)
        choices = [self.guesses(word) or [word] for word in typed]
        doubt = {one for found in choices for one in found} - set(typed)
        return [
            {token: GUESSED if token in doubt else 1.0 for token in self.merged(list(way))}
            for way in islice(product(*choices), MOST_READINGS)
        ]

    def guesses(self, word: str) -> list[str]:
        """Return known words that an unknown one may be, the likeliest first.

        Letters that only changed places come first, then one letter apart, then much alike.
        """
        if word in self.vocabulary or word.isdigit() or len(word) < LEAST:
            return []
        found = set().union(*(self.shortened.get(short, ()) for short in shorter(word)))
        near = sorted(one for one in found if _one_error_apart(word, one))
        if near:
            swapped = [one for one in near if sorted(one) == sorted(word)]
            return swapped or get_close_matches(word, near, n=3, cutoff=0)
        known = sorted(self.vocabulary) if len(word) >= SHORTEST else []
        return get_close_matches(word, known, n=2, cutoff=LIKE)


def _one_error_apart(word: str, other: str) -> bool:
    """Return whether two words differ by one letter too many, or changed, or out of its place.

    In a short word a changed letter makes another word rather than an error.
    """
    if len(word) != len(other):
        few, many = sorted((word, other), key=len)
        return few in shorter(many)
    apart = [place for place, letter in enumerate(word) if letter != other[place]]
    if len(apart) == 1:
        return len(word) > SHORTEST
    swapped = [word[place] for place in apart] == [other[place] for place in reversed(apart)]
    return swapped and len(apart) == len("ab") and apart[1] == apart[0] + 1


def speech_of(groups: Iterable[Iterable[str]], texts: Iterable[str]) -> Speech:
    """Return how to read words: ``groups`` say the same, ``texts`` hold what else is known."""
    together = [list(group) for group in groups]
    alike = _alike(together)
    said = [*texts, *(way for group in together for way in group)]
    words = {stem for text in said for stem in stems(text)}
    shortened: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for short in shorter(word):
            shortened[short].add(word)
    by_rest = {short: frozenset(found) for short, found in shortened.items()}
    return Speech(alike, max(map(len, alike), default=1), frozenset(words), by_rest)


def _alike(groups: Iterable[Iterable[str]]) -> dict[tuple[str, ...], str]:
    """Return the token that stands for each way to say something; groups that share one unite."""
    found: dict[tuple[str, ...], str] = {}
    for number, group in enumerate(groups):
        ways = [tuple(stems(way)) for way in group]
        token = next((found[way] for way in ways if way in found), f"={number}")
        for way in ways:
            found.setdefault(way, token)
    return found


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

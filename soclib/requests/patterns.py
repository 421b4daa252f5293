"""The small language of phrases: words, choices, gaps, and no repetition without a bound.

``payroll`` is a word, ``calculat*`` any word that begins so, ``(pays|files)`` one of several,
``[the|our]`` may be missing, ``@customer`` a group of words, ``..3`` up to three words of the same
sentence, ``...3`` up to three words across sentences. As every repetition has a bound, the time to
search a text grows in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import prod
from typing import NamedTuple

MOST_GAPS = 3
WIDEST = 25  # words of one gap
MOST_WAYS = 300  # in which the gaps of one pattern can be filled
DEEPEST = 3
LONGEST = 400
ENDING = "[a-z0-9]{0,15}"
PART = re.compile(
    r" *(?:(?P<gap>\.{2,3})(?P<many>[1-9][0-9]?)(?![0-9.])|@(?P<group>[a-z][a-z0-9_]*)"
    r"|(?P<word>[a-z0-9]+)(?P<star>\*?)|(?P<sign>[()\[\]|]))"
)
CLOSES = {"(": ")", "[": "]"}


class PatternError(ValueError):
    """A pattern breaks the rules of this language; the message is the remedy."""


class PatternPart(NamedTuple):
    """One piece of a pattern: kind is word, group, gap, one_of or maybe."""

    kind: str
    text: str = ""
    many: int = 0
    choices: tuple[tuple[PatternPart, ...], ...] = ()


@lru_cache(maxsize=2048)  # tables are checked and built from the same patterns
def parse(pattern: str) -> tuple[PatternPart, ...]:
    """Return the parts of a pattern; raises ``PatternError`` with the remedy."""
    if len(pattern) > LONGEST:
        message = f"use {LONGEST} characters at most; split it into two rows"
        raise PatternError(message)
    tokens = list(_tokens(pattern))
    choices, rest = _choices(tokens, 0, "")
    if rest != len(tokens) or len(choices) != 1:
        message = "put choices into (a|b), and close every bracket that was opened"
        raise PatternError(message)
    _check(choices[0])
    return choices[0]


def _tokens(pattern: str) -> Iterator[re.Match[str]]:
    place, end = 0, len(pattern.rstrip(" "))
    while place < end:
        match = PART.match(pattern, place)
        if match is None:
            message = (
                f"{pattern[place:].strip()[:1]!r} cannot be part of a pattern; use small letters, "
                "digits, * after a word, (a|b), [a], @group, ..3 or ...3"
            )
            raise PatternError(message)
        yield match
        place = match.end()


def _choices(
    tokens: list[re.Match[str]], place: int, closing: str, depth: int = 0
) -> tuple[tuple[tuple[PatternPart, ...], ...], int]:
    """Return the choices up to the closing sign, and the place behind it."""
    if depth > DEEPEST:
        message = f"nest {DEEPEST} brackets at most"
        raise PatternError(message)
    choices: list[list[PatternPart]] = [[]]
    while place < len(tokens):
        token = tokens[place]
        place += 1
        sign = token["sign"]
        if sign == "|":
            choices.append([])
        elif sign in CLOSES:
            inner, place = _choices(tokens, place, CLOSES[sign], depth + 1)
            choices[-1].append(PatternPart("one_of" if sign == "(" else "maybe", choices=inner))
        elif sign:
            if sign != closing:
                break
            return _nonempty(choices), place
        else:
            choices[-1].append(_plain(token))
    if closing or place < len(tokens):
        message = "close every bracket that was opened, and open every one that is closed"
        raise PatternError(message)
    return _nonempty(choices), place


def _nonempty(choices: list[list[PatternPart]]) -> tuple[tuple[PatternPart, ...], ...]:
    if not all(choices):
        message = "a choice is empty; use [a|b] for what may be missing"
        raise PatternError(message)
    return tuple(tuple(choice) for choice in choices)


def _plain(token: re.Match[str]) -> PatternPart:
    if token["gap"]:
        return PatternPart("gap", token["gap"], int(token["many"]))
    if token["group"]:
        return PatternPart("group", token["group"])
    return PatternPart("word", token["word"] + token["star"])


def _check(parts: tuple[PatternPart, ...]) -> None:
    if {parts[0].kind, parts[-1].kind} & {"gap", "maybe"}:
        message = "begin and end with words that must be there"
        raise PatternError(message)
    gaps = [part.many + 1 for part in walk(parts) if part.kind == "gap"]
    if len(gaps) > MOST_GAPS or max(gaps, default=0) > WIDEST + 1 or prod(gaps) > MOST_WAYS:
        message = f"use {MOST_GAPS} gaps at most, and shorter ones"
        raise PatternError(message)


def walk(parts: Iterable[PatternPart]) -> Iterator[PatternPart]:
    """Yield all parts, those inside choices too."""
    for part in parts:
        yield part
        for choice in part.choices:
            yield from walk(choice)


def groups_of(parts: Iterable[PatternPart]) -> tuple[str, ...]:
    """Return the ids of the word groups that a pattern uses."""
    return tuple(part.text for part in walk(parts) if part.kind == "group")


def expression(
    parts: Iterable[PatternPart], groups: Mapping[str, tuple[str, ...]], breaks: Iterable[str]
) -> str:
    """Return a bounded regular expression for words that are set off by single blanks.

    ``groups`` holds the words of each group, ``breaks`` the words that no gap may pass.
    """
    passed = "|".join(sorted(breaks))
    guard = rf"(?!(?:{passed}) )" if passed else ""
    return "".join(_expression(part, groups, guard) for part in parts)


def words_expression(words: Iterable[str]) -> str:
    """Return the expression that finds any of these words or short phrases, the longest first."""
    ordered = sorted(words, key=lambda text: (-len(text.split()), -len(text), text))
    options = ("".join(map(_word, text.split())) for text in ordered)
    return f"(?:{'|'.join(options)})"


def _word(text: str) -> str:
    return f" {text[:-1]}{ENDING}" if text.endswith("*") else f" {text}"


def _expression(part: PatternPart, groups: Mapping[str, tuple[str, ...]], guard: str) -> str:
    if part.kind == "word":
        return _word(part.text)
    if part.kind == "group":
        return f"{words_expression(groups[part.text])}(?= )"
    if part.kind == "gap":
        stops = ".?" if len(part.text) == len("..") else ""
        return rf"(?: {guard}[^ {stops}]+(?= )){{0,{part.many}}}?"
    options = "|".join(
        "".join(_expression(inner, groups, guard) for inner in choice) for choice in part.choices
    )
    chosen = f"(?:{options})(?= )"
    return chosen if part.kind == "one_of" else f"(?:{chosen})?"

"""A text as plain words: one spelling, no capitals or signs, each word with its place.

Only spelling and typography are handled here. ``SOC-2``, ``SOC2``, ``SOC II`` and ``socii`` all
become two words, ``don't`` becomes ``do not``, and the end of a sentence becomes a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass

END, ASKS, PAUSE = ".", "?", ","
STOPS = (END, ASKS)
PIECE = re.compile(
    r"(?P<end>\n[ \t]*(?:\n|[-*\u2022\u2013][ \t]|[0-9]{1,2}[.)][ \t])|;"
    r"|[.!\u2026](?=[\s.!?\u2026\"')\]\u201d\u2019]|$))"
    r"|(?P<asks>\?)"
    r"|(?P<glued>(?<=\w)\((?=\w{1,2}\))|(?<=\(\w)\)|(?<=\(\w\w)\))"
    r"|(?P<pause>[,:()\[\]]|(?<=\s)[-\u2013\u2014]{1,3}(?=\s)|\u2014)"
    r"|(?P<plus>[&+])"
    r"|(?P<letters>(?:[^\W\d_]\.){2,6})"
    r"|(?P<word>[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*)"
    r"|(?P<number>\d+)"
)
ROMAN = {"i": "1", "ii": "2", "iii": "3"}
SHORT = {"d": "would", "ll": "will", "ve": "have", "re": "are", "m": "am", "s": "", "t": ""}
NOT = {"can": "can", "cannot": "can", "won": "will", "shan": "shall"}
DIGITS = ("1", "2", "3")
JOINS = ("and", "or")


@dataclass(frozen=True, slots=True)
class TextWords:
    """The words of a text, the place of each in it, and the sentence that each belongs to.

    ``line`` holds all words, set off by single blanks; ``offsets`` says where in it each begins.
    ``sentences`` gives, for each word, the first word of its sentence and the one after its last.
    """

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    line: str
    offsets: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]

    def index(self, offset: int) -> int:
        """Return the number of the word at an offset of ``line``."""
        return bisect_right(self.offsets, offset) - 1


def words_in(text: str, numbered: Collection[str]) -> TextWords:
    """Return the plain words of a text; ``numbered`` are words that a Roman number may follow."""
    pieces: list[tuple[str, int, int]] = []
    for match in PIECE.finditer(text):
        for word in _plain(match, numbered):
            slash = text[match.start() - 1 : match.start()] == "/"
            _add(pieces, (word, match.start(), match.end()), numbered, slash)
    words = tuple(word for word, _start, _end in pieces)
    offsets, place = [], 0
    for word in words:
        offsets.append(place)
        place += len(word) + 1
    line = "".join(f" {word}" for word in words) + " "
    places = tuple((start, end) for _word, start, end in pieces)
    return TextWords(words, places, line, tuple(offsets), _sentences(words))


def _sentences(words: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return the sentence of each word; the sign that ends it belongs to it."""
    sentences: list[tuple[int, int]] = []
    first = 0
    for index, word in enumerate(words):
        if word in STOPS or index == len(words) - 1:
            behind = index if word in STOPS else index + 1
            sentences += [(first, behind)] * (index + 1 - first)
            first = index + 1
    return tuple(sentences)


def _plain(match: re.Match[str], numbered: Collection[str]) -> list[str]:
    """Return the words that one piece of text stands for."""
    kind = str(match.lastgroup)
    fixed = {"end": END, "asks": ASKS, "pause": PAUSE, "plus": "and"}
    if kind in fixed:
        return [fixed[kind]]
    if kind == "glued":
        return []
    if kind == "letters":
        return [_folded(match[0])]
    parts = [_folded(part) for part in re.split("['\u2019\u02bc]", match[0])]
    return _unglued(_spelt_out(parts), numbered)


def _folded(text: str) -> str:
    """Return the letters and digits of a word, small and without accents; x where it has none."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum()) or "x"


def _spelt_out(parts: list[str]) -> list[str]:
    """Return a word with its apostrophe spelt out."""
    first, *rest = parts
    if rest == ["t"] and (first.endswith("n") or first == "can"):
        return [NOT.get(first, first.removesuffix("n")), "not"]
    if first == "cannot":
        return ["can", "not"]
    tail = [SHORT.get(part, part) for part in rest]
    return [first, *filter(None, tail)]


def _unglued(words: list[str], numbered: Collection[str]) -> list[str]:
    first = words[0]
    for roman, digit in ROMAN.items():
        stem = first.removesuffix(roman)
        if stem != first and stem in numbered:
            return [stem, digit, *words[1:]]
    return words


def _add(
    found: list[tuple[str, int, int]],
    piece: tuple[str, int, int],
    numbered: Collection[str],
    slash: bool,  # noqa: FBT001 - one sign of the text
) -> None:
    """Add a word; in "SOC I and II" numbers become digits, and SOC comes again before each."""
    word, start, end = piece
    before = found[-1][0] if found else END
    if word in STOPS and before in STOPS:
        if word == ASKS and found:
            found[-1] = (word, found[-1][1], end)
        return
    if before in numbered and word in ROMAN:
        word = ROMAN[word]
    if word in DIGITS and (name := _name_of_number(found, numbered, slash)):
        found.append((name, start, end))
    found.append((word, start, end))


def _name_of_number(
    found: list[tuple[str, int, int]],
    numbered: Collection[str],
    slash: bool,  # noqa: FBT001 - as above
) -> str:
    """Return the numbered word that a further number belongs to, as in "SOC 1 and 2"."""
    tail = [word for word, _start, _end in found[-5:]]
    joined = slash
    while tail and tail[-1] in JOINS:
        joined = True
        tail.pop()
    pair = 2
    if joined and len(tail) >= pair and tail[-1] in DIGITS and tail[-2] in numbered:
        return tail[-2]
    return ""

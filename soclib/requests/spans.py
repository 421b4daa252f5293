"""The phrases that occur in a text, each with what it says there, negation and doubt included.

Phrases are rows of ``phrases.csv``; the words that negate, ask or make conditional are rows of
``phrase_words.csv``. Nothing here knows what a phrase is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.requests.patterns import expression, parse, words_expression
from soclib.requests.tables import REQUESTS, Phrase
from soclib.requests.words import ASKS, PAUSE, STOPS, TextWords, words_in
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict.tables import VERDICT

PLAIN, NEGATED, QUESTION, DOUBT, CONDITION, PAST, OWN, LONELY, OUTDONE = (
    *("plain", "negated", "question", "doubt", "condition", "past", "own", "lonely", "outdone"),
)
COUNTED = (PLAIN, NEGATED)
SPEAKER = 5  # how many words may lie between "we" and what the asker says about itself
NEAR = 3  # how many words after a phrase may still take it back


@dataclass(frozen=True, slots=True)
class PhraseSpan:
    """A phrase that was understood: ``text[start:end]`` are its words.

    ``answer`` is yes, no or blank (the words answer nothing). ``state`` says how they are meant:
    plain, negated, question, doubt, condition, past, own (the asker says it about itself), lonely
    (it counts only together with something that the text does not say) or outdone (a shorter
    phrase that shares words with it says the opposite).
    """

    start: int
    end: int
    criterion: str
    answer: str
    phrase_id: str
    state: str
    says: tuple[str, ...]
    note: str

    @property
    def negated(self) -> bool:
        """Return whether the words are negated."""
        return self.state == NEGATED

    @property
    def counts(self) -> bool:
        """Return whether something was read from the words."""
        return self.state in COUNTED


class PhraseMatch(NamedTuple):
    """A phrase and where it occurs: its first word, and the one after its last."""

    phrase: Phrase
    first: int
    behind: int


class PhraseReader(NamedTuple):
    """The tables, compiled to search a text."""

    phrases: tuple[tuple[Phrase, re.Pattern[str]], ...]
    negative: frozenset[str]
    signs: dict[str, re.Pattern[str]]
    reach: int
    numbered: frozenset[str]
    on_service: frozenset[str]


class WordPlaces(NamedTuple):
    """Where the words of one kind occur: their first words in order, and all of their words."""

    starts: list[int]
    covered: frozenset[int]

    def within(self, first: int, behind: int) -> list[int]:
        """Return the first words that lie between two places."""
        return self.starts[bisect_left(self.starts, first) : bisect_left(self.starts, behind)]


Signs = dict[str, WordPlaces]


@lru_cache(maxsize=4)
def reader_of(catalog: Catalog) -> PhraseReader:
    """Return the tables of a catalog, compiled once."""
    tables = catalog.part(REQUESTS)
    groups = {group.group_id: group.words for group in tables.groups.values()}
    kinds = {group.kind for group in tables.groups.values()} - {"words", "numbered"}
    words = {kind: [w for group in tables.of(kind) for w in group.words] for kind in kinds}
    signs = {kind: re.compile(f"{words_expression(words[kind])}(?= )") for kind in kinds}
    negators = {word for kind in ("negator", "negator_after") for word in words[kind]}
    breaks = [word for word in words["break"] if " " not in word]
    return PhraseReader(
        phrases=tuple(
            (phrase, re.compile(f"{expression(parse(phrase.pattern), groups, breaks)}(?= )"))
            for phrase in tables.phrases
        ),
        negative=frozenset(
            phrase.phrase_id
            for phrase in tables.phrases
            if negators & set(re.findall(r"[a-z]+", phrase.pattern))
        ),
        signs=signs,
        reach=max((group.reach for group in tables.of("negator")), default=0),
        numbered=frozenset(word for group in tables.of("numbered") for word in group.words),
        on_service=_on_service(catalog),
    )


def _on_service(catalog: Catalog) -> frozenset[str]:
    """Return the phrases that say what a service does, and not who asks for what."""
    outcomes = catalog.part(VERDICT).of_kind("subject")
    masks = [rule.yes | rule.no for outcome in outcomes for rule in outcome.rules]
    ids = {
        c.criterion_id
        for c in catalog.part(VERDICT).criteria
        if any(c.bit & mask for mask in masks)
    }
    return frozenset(p.phrase_id for p in catalog.part(REQUESTS).phrases if ids & set(p.criteria))


def spans_in(text: str, catalog: Catalog) -> tuple[PhraseSpan, ...]:
    """Return every phrase that occurs in a text, in the order of the text."""
    reader = reader_of(catalog)
    words = words_in(text, reader.numbered)
    signs = {kind: _places(sign, words) for kind, sign in reader.signs.items()}
    spans = [
        span
        for match in _not_hidden(list(_matches(reader, words)))
        for span in _spans(match, words, _state(match, words, signs, reader))
    ]
    needs = {phrase.phrase_id: phrase.only_with for phrase, _pattern in reader.phrases}
    kept = _with_company(_nearest(_longest(spans)), needs)
    return tuple(_without_echoes(list(kept)))


def _matches(reader: PhraseReader, words: TextWords) -> Iterator[PhraseMatch]:
    for phrase, pattern in reader.phrases:
        for match in pattern.finditer(words.line):
            yield PhraseMatch(phrase, words.index(match.start()), words.index(match.end() - 1) + 1)


def _places(sign: re.Pattern[str], words: TextWords) -> WordPlaces:
    runs = [
        (words.index(match.start()), words.index(match.end() - 1) + 1)
        for match in sign.finditer(words.line)
    ]
    covered = frozenset(place for first, behind in runs for place in range(first, behind))
    return WordPlaces([first for first, _behind in runs], covered)


def _not_hidden(matches: list[PhraseMatch]) -> list[PhraseMatch]:
    """Return the phrases that neither begin nor end inside one that hides others."""
    hiding = sorted({(match.first, match.behind) for match in matches if match.phrase.hides})
    hidden = {place for first, behind in hiding for place in range(first, behind)}
    return [
        match
        for match in matches
        if not match.phrase.hides and not {match.first, match.behind - 1} & hidden
    ]


def _state(match: PhraseMatch, words: TextWords, signs: Signs, reader: PhraseReader) -> str:
    """Return how a phrase is meant in its sentence."""
    first, behind = words.sentences[match.first]
    asked = behind < len(words.words) and words.words[behind] == ASKS
    doubts = (
        (PAST, signs["past"].within(max(first, match.first - reader.reach), match.behind)),
        (DOUBT, signs["doubt"].within(_clause(signs, first, match.first), match.behind)),
        (CONDITION, _has_sign(signs, "condition", first, behind)),
        (QUESTION, asked),
        (OWN, match.phrase.phrase_id in reader.on_service and _of_the_asker(match, words, signs)),
    )
    for state, holds in doubts:
        if holds and state not in match.phrase.counts_in:
            return state
    inside = match.phrase.phrase_id not in reader.negative and _negated(
        signs, match.first, match.behind
    )
    negated = inside or _before(match, words, signs, reader.reach) or _after(match, words, signs)
    return NEGATED if negated else PLAIN


def _clause(signs: Signs, first: int, place: int) -> int:
    """Return where the clause of a word begins, in a sentence that begins at ``first``."""
    breaks = signs["break"].within(first, place + 1)
    return breaks[-1] if breaks else first


def _of_the_asker(match: PhraseMatch, words: TextWords, signs: Signs) -> bool:
    """Return whether the asker says this about itself, in a text that addresses somebody else."""
    if not signs["addressee"].starts:
        return False
    first, behind = words.sentences[match.first]
    before = max(first, match.first - SPEAKER)
    after = match.behind
    while after < min(behind, match.behind + NEAR) and words.words[after] != PAUSE:
        after += 1
    spoken = signs["speaker"].within(before, match.first)
    return bool(spoken) and not signs["addressee"].within(before, after)


def _has_sign(signs: Signs, kind: str, first: int, behind: int) -> bool:
    """Return whether a sign begins between two words, leaving out exceptions ("not only")."""
    exceptions = signs[f"no_{kind}"].covered
    return any(place not in exceptions for place in signs[kind].within(first, behind))


def _negated(signs: Signs, first: int, behind: int) -> bool:
    return _has_sign(signs, "negator", first, behind)


def _before(match: PhraseMatch, words: TextWords, signs: Signs, reach: int) -> bool:
    """Return whether a negation within reach comes before a phrase, in the same clause."""
    stops = signs["break"].covered
    start = match.first
    while start > max(0, match.first - reach) and match.first not in stops:
        if words.words[start - 1] in (*STOPS, PAUSE) or start - 1 in stops:
            break
        start -= 1
    return _negated(signs, start, match.first)


def _after(match: PhraseMatch, words: TextWords, signs: Signs) -> bool:
    """Return whether the words after a phrase take it back, as in "is not required"."""
    stops = signs["break"].covered
    for place in range(match.behind, min(match.behind + NEAR + 1, len(words.words))):
        if signs["negator_after"].within(place, place + 1):
            return True
        if words.words[place] in STOPS or place in stops:
            return False
    return False


def _spans(match: PhraseMatch, words: TextWords, state: str) -> Iterator[PhraseSpan]:
    phrase = match.phrase
    start, end = words.places[match.first][0], words.places[match.behind - 1][1]
    answer = {PLAIN: phrase.answer, NEGATED: phrase.if_negated}.get(state, "")
    for criterion in phrase.criteria or ("",):
        known = (phrase.phrase_id, state, phrase.says, phrase.note)
        yield PhraseSpan(start, end, criterion, answer, *known)


def _longest(spans: Iterable[PhraseSpan]) -> list[PhraseSpan]:
    """Return the spans in order, without those inside a longer one on the same criterion.

    A span that says something more is kept; one that does not count is dropped for one that does.
    """
    kept: list[PhraseSpan] = []
    taken: dict[tuple[str, ...], list[tuple[int, int, PhraseSpan]]] = {}
    for span in sorted(spans, key=lambda span: (not span.counts, *_place(span))):
        places = taken.setdefault((span.criterion,) if span.criterion else span.says, [])
        at = bisect_left(places, span.start, key=lambda place: place[0])
        near = places[max(at - 1, 0) : at + 1]
        if any(_says_all(other, span) for *_, other in near):
            continue
        if not span.counts and any(_lies_in(other, span) for *_, other in near):
            continue
        places.insert(at, (span.start, span.end, span))
        kept.append(span)
    return sorted(kept, key=_place)


def _place(span: PhraseSpan) -> tuple[int, int, str, str]:
    return span.start, span.start - span.end, span.phrase_id, span.criterion


def _lies_in(span: PhraseSpan, other: PhraseSpan) -> bool:
    return other.start <= span.start and span.end <= other.end


def _says_all(other: PhraseSpan, span: PhraseSpan) -> bool:
    """Return whether a span is inside another that says all that it says, or the opposite."""
    same = span.answer == other.answer and span.state == other.state
    return _lies_in(span, other) and not (same and set(span.says) - set(other.says))


def _nearest(spans: list[PhraseSpan]) -> list[PhraseSpan]:
    """Return the spans; of two that overlap and say opposite things, the shorter one counts."""
    dropped: set[int] = set()
    last: dict[str, int] = {}
    for place, span in enumerate(spans):
        if not span.criterion or not span.answer:
            continue
        before = last.get(span.criterion)
        if before is not None and before not in dropped:
            other = spans[before]
            if span.start < other.end and {span.answer, other.answer} == {YES, NO}:
                longer = before if other.end - other.start > span.end - span.start else place
                dropped.add(longer)
                if longer == place:
                    continue
        last[span.criterion] = place
    return [
        replace(span, answer="", state=OUTDONE) if place in dropped else span
        for place, span in enumerate(spans)
    ]


def _with_company(
    spans: list[PhraseSpan], needs: dict[str, tuple[str, ...]]
) -> Iterator[PhraseSpan]:
    """Yield the spans; those that need something else count only if the text says that, too.

    The need ``not`` and a criterion is met if no phrase without needs answers that with yes.
    """
    said = {text.partition(":")[0] for span in spans if span.state == PLAIN for text in span.says}
    yes = {s.criterion for s in spans if s.answer == YES and not needs[s.phrase_id]}
    said |= {n for need in needs.values() for n in need if n[:4] == "not " and n[4:] not in yes}
    for span in spans:
        lonely = span.counts and not said.issuperset(needs[span.phrase_id])
        yield replace(span, answer="", state=LONELY) if lonely else span


def _without_echoes(spans: list[PhraseSpan]) -> Iterator[PhraseSpan]:
    """Yield the spans, leaving out a bare name inside words that ask for the same thing."""
    asking: dict[str, tuple[int, int]] = {}
    for span in spans:
        said = [text.partition(":") for text in span.says]
        for kind, _colon, value in said:
            if kind == "asks":
                asking[value] = max(asking.get(value, (0, 0)), (span.end, span.start))
        end, start = min((asking.get(value, (0, 0)) for *_, value in said), default=(0, 0))
        bare = not span.criterion and bool(said) and all(kind == "names" for kind, *_ in said)
        if not (bare and start <= span.start and span.end <= end):
            yield span


def merged(spans: Iterable[PhraseSpan]) -> dict[str, str]:
    """Return one answer per criterion; where the text says both yes and no, it is unknown."""
    given: dict[str, set[str]] = {}
    for span in spans:
        if span.criterion and span.answer:
            given.setdefault(span.criterion, set()).add(span.answer)
    return {
        criterion: next(iter(answers)) if len(answers) == 1 else UNKNOWN
        for criterion, answers in given.items()
    }


def opposed(spans: Iterable[PhraseSpan]) -> tuple[str, ...]:
    """Return the criteria that a text answers with both yes and no."""
    given: dict[str, set[str]] = {}
    for span in spans:
        if span.criterion:
            given.setdefault(span.criterion, set()).add(span.answer)
    return tuple(criterion for criterion, answers in given.items() if {YES, NO} <= answers)

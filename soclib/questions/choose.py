"""Which rows are meant: questions of a topic, terms that a search fits, terms that a text uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from soclib.catalog import Catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.questions.tables import QUESTIONS, FrequentQuestion, Misconception, Term

T = TypeVar("T", FrequentQuestion, Misconception)


def of_topic(rows: Collection[T], topic: str | None) -> list[T]:
    """Return the rows of a topic, or all; raises ``AnswerError`` that names the nearest topic."""
    known = dict.fromkeys(row.topic for row in rows)
    if topic is not None and topic not in known:
        raise AnswerError(did_you_mean("topic", topic, known))
    return [row for row in rows if topic in (None, row.topic)]


def terms_with(search: str, catalog: Catalog) -> list[Term]:
    """Return the terms that hold all words of a search, in alphabetical order."""
    words = search.casefold().split()
    fitting = [
        term
        for term in catalog.part(QUESTIONS).glossary.values()
        if all(
            word in " ".join([*term.names, term.meaning, term.example]).casefold() for word in words
        )
    ]
    return sorted(fitting, key=lambda term: term.term.casefold())


def terms_in(text: str, catalog: Catalog) -> tuple[Term, ...]:
    """Return the terms of art in a text, in the order of their first use."""
    glossary = catalog.part(QUESTIONS).glossary
    return tuple(glossary[key] for key, _place in first_places(text, tuple(glossary.values())))


def first_places(text: str, known: Sequence[Term]) -> Iterator[tuple[str, int]]:
    """Yield the terms that a text uses, in the order of their first use, each with its place.

    A name inside a longer one (*service organization* in *subservice organization*) does not count.
    """
    by_name = {name.casefold(): term.term_id for term in known for name in term.names}
    names = "|".join(map(re.escape, sorted(by_name, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w-])({names})(?:'?s)?(?![\w-])", re.IGNORECASE)
    seen: set[str] = set()
    for match in pattern.finditer(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        term_id = by_name[match[1].casefold()]
        if term_id not in seen:
            seen.add(term_id)
            yield term_id, match.start()

"""What people ask and get wrong, and the terms of art: tables, search, explanations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.frames import where_from
from soclib.paper.sheets import Sheet
from soclib.questions.search import topic_title
from soclib.questions.sheets import (
    answer_sheet,
    case_text,
    misconceptions_sheet,
    plain_text,
    terms_sheet,
)
from soclib.questions.tables import QUESTIONS, FrequentQuestion, Misconception, Term
from soclib.tables.rows import VOICES
from soclib.words import words_of

if TYPE_CHECKING:
    import pandas as pd

MOST = 3  # answers that are shown
T = TypeVar("T", FrequentQuestion, Misconception)


def ask(question: str, most: int = MOST, *, catalog: Catalog | None = None) -> Sheet:
    """Return the answers to the frequent questions that fit a question best, the best first.

    Typing errors, other spellings of names and the order of words do not matter.
    """
    return answer_sheet(question, catalog or load_catalog(), most)


def faq(topic: str | None = None, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the frequent questions, one row each, indexed by ``faq_id``.

    Columns: ``topic`` (its heading), ``question``, ``also_asked`` and ``terms`` (joined with
    ``;``), ``answer``, ``cell``, ``case_verdict`` (what the rules say of the case, if it is one),
    and where it comes from. ``topic`` is an id such as ``cuec``; ``AnswerError`` names the nearest.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    rows = [
        {
            "faq_id": one.faq_id,
            "topic": topic_title(one.topic, catalog),
            "question": one.question,
            "also_asked": ";".join(one.also_asked),
            "answer": one.answer,
            "cell": one.cell,
            "terms": ";".join(one.terms),
            "case_verdict": case_text(one, catalog),
            **where_from(one.provenance),
        }
        for one in _of_topic(list(catalog.part(QUESTIONS).faq.values()), topic)
    ]
    return pd.DataFrame(rows).set_index("faq_id")


def misconceptions(topic: str | None = None, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what is often heard and wrong, one row each, indexed by ``misconception_id``.

    Columns as in ``misconceptions.csv``, ``topic`` as its heading; ``topic`` as in ``faq``.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    catalog = catalog or load_catalog()
    rows = [
        {
            "misconception_id": one.misconception_id,
            "topic": topic_title(one.topic, catalog),
            "heard": one.heard,
            "correct": one.correct,
            "why_believed": one.why_believed,
            "say_instead": one.say_instead,
            "cell": one.cell,
            **where_from(one.provenance),
        }
        for one in _of_topic(list(catalog.part(QUESTIONS).misconceptions.values()), topic)
    ]
    return pd.DataFrame(rows).set_index("misconception_id")


def glossary(search: str = "", *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the terms of art, one row each, indexed by ``term_id``, by the alphabet.

    ``search`` keeps the terms that hold all of its words in name, meaning or example.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    columns = ["term", "also", "meaning", "example", "first_use"]
    rows = [
        {
            "term_id": one.term_id,
            "term": one.term,
            "also": ";".join(one.also),
            "meaning": one.meaning,
            "example": one.example,
            "first_use": one.first_use,
            **where_from(one.provenance),
        }
        for one in _looked_up(search, catalog or load_catalog())
    ]
    return pd.DataFrame(
        rows, columns=["term_id", *columns, "source_id", "as_of", "evidence"]
    ).set_index("term_id")


def heard(topic: str | None = None, *, catalog: Catalog | None = None) -> Sheet:
    """Return the misconceptions as a table to read, with links and sources; ``topic`` as above."""
    catalog = catalog or load_catalog()
    found = _of_topic(list(catalog.part(QUESTIONS).misconceptions.values()), topic)
    return misconceptions_sheet(found, catalog)


def terms(search: str = "", *, catalog: Catalog | None = None) -> Sheet:
    """Return the glossary as a table to read; ``search`` as in ``glossary``."""
    catalog = catalog or load_catalog()
    wording = words_of(catalog, VOICES[0])
    caption, none = (wording[key] for key in ("glossary_caption", "glossary_none"))
    return terms_sheet(_looked_up(search, catalog), catalog, caption, none)


def explain_terms(shown: str | Sheet, *, catalog: Catalog | None = None) -> Sheet:
    """Return the terms of art that stand in a text or a sheet, in the order of their first use."""
    catalog = catalog or load_catalog()
    wording = words_of(catalog, VOICES[0])
    caption, none = (wording[key] for key in ("terms_caption", "terms_none"))
    return terms_sheet(terms_in(plain_text(shown), catalog), catalog, caption, none)


def terms_in(text: str, catalog: Catalog) -> tuple[Term, ...]:
    """Return the terms of art in a text, in the order of their first use."""
    known = catalog.part(QUESTIONS).glossary
    return tuple(known[key] for key, _place in first_places(text, tuple(known.values())))


def first_places(text: str, known: Sequence[Term]) -> Iterator[tuple[str, int]]:
    """Yield the terms that a text uses, in the order of their first use, each with its place.

    A name inside a longer one (*service organization* in *subservice organization*) does not count.
    """
    by_name = {name.casefold(): term.term_id for term in known for name in term.names}
    names = "|".join(map(re.escape, sorted(by_name, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w-])({names})(?:'?s)?(?![\w-])", re.IGNORECASE)
    seen: set[str] = set()
    for found in pattern.finditer(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        term_id = by_name[found[1].casefold()]
        if term_id not in seen:
            seen.add(term_id)
            yield term_id, found.start()


def _of_topic(rows: Sequence[T], topic: str | None) -> list[T]:
    known = dict.fromkeys(one.topic for one in rows)
    if topic is not None and topic not in known:
        raise AnswerError(did_you_mean("topic", topic, known))
    return [one for one in rows if topic in (None, one.topic)]


def _looked_up(search: str, catalog: Catalog) -> list[Term]:
    """Return the terms that hold all words of a search, by the alphabet."""
    words = search.casefold().split()
    found = [
        term
        for term in catalog.part(QUESTIONS).glossary.values()
        if all(
            word in " ".join([*term.names, term.meaning, term.example]).casefold() for word in words
        )
    ]
    return sorted(found, key=lambda term: term.term.casefold())

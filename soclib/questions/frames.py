"""Frequent questions, misconceptions and terms of art as DataFrames, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.paper.frames import where_from
from soclib.questions.choose import of_topic, terms_with
from soclib.questions.search import topic_title
from soclib.questions.sheets import case_text
from soclib.questions.tables import QUESTIONS

if TYPE_CHECKING:
    import pandas as pd


def faq(topic: str | None = None, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the frequent questions, one row each, indexed by ``faq_id``.

    Columns: ``topic`` (its heading), ``question``, ``also_asked`` and ``terms`` (joined with
    ``;``), ``answer``, ``cell``, ``case_verdict`` (what the rules say of the case, if it is one),
    and where it comes from. ``topic`` is an id such as ``cuec``; raises ``AnswerError`` that names
    the nearest.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    rows = [
        {
            "faq_id": question.faq_id,
            "topic": topic_title(question.topic, catalog),
            "question": question.question,
            "also_asked": ";".join(question.also_asked),
            "answer": question.answer,
            "cell": question.cell,
            "terms": ";".join(question.terms),
            "case_verdict": case_text(question, catalog),
            **where_from(question.provenance),
        }
        for question in of_topic(catalog.part(QUESTIONS).faq.values(), topic)
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
            "misconception_id": misconception.misconception_id,
            "topic": topic_title(misconception.topic, catalog),
            "heard": misconception.heard,
            "correct": misconception.correct,
            "why_believed": misconception.why_believed,
            "say_instead": misconception.say_instead,
            "cell": misconception.cell,
            **where_from(misconception.provenance),
        }
        for misconception in of_topic(catalog.part(QUESTIONS).misconceptions.values(), topic)
    ]
    return pd.DataFrame(rows).set_index("misconception_id")


def glossary(search: str = "", *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the terms of art, one row each, indexed by ``term_id``, in alphabetical order.

    ``search`` keeps the terms that have all of its words in name, meaning or example.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    columns = ["term", "also", "meaning", "example", "first_use"]
    rows = [
        {
            "term_id": term.term_id,
            "term": term.term,
            "also": ";".join(term.also),
            "meaning": term.meaning,
            "example": term.example,
            "first_use": term.first_use,
            **where_from(term.provenance),
        }
        for term in terms_with(search, catalog or load_catalog())
    ]
    return pd.DataFrame(
        rows, columns=["term_id", *columns, "source_id", "as_of", "evidence"]
    ).set_index("term_id")

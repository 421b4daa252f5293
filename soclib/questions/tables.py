"""What people ask: frequent questions, misconceptions, terms of art, and words alike in meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import not_one_of
from soclib.tables.rows import ANSWERS, NO, YES, Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table

WHOLE = ("question", "term")  # one wording, semicolons and all
TOPIC = "faq_topic_"  # words.csv has the heading of a topic under this and its id
CELL = r"[0-9]{2}_[a-z0-9_]+#[A-Za-z0-9_-]+"
PLACE = "write notebook and cell, such as 05_readiness#readiness-14"


@table("misconceptions")
class Misconception:
    """Something that is often heard and wrong, with what to say instead."""

    misconception_id: str = column.ident("name of the misconception")
    topic: str = column.text(
        "what it belongs to: an id whose heading is the text `faq_topic_...` of `words.csv`"
    )
    heard: str = column.brief("what people say", 30)
    correct: str = column.brief("what is right", 70)
    why_believed: str = column.brief("why the mistake is easy to make", 50)
    say_instead: str = column.brief("a sentence to say instead", 60)
    cell: str = column.matching("the cell of a notebook that shows it", CELL, PLACE)
    provenance: Provenance = column.origin()


@table("faq")
class FrequentQuestion:
    """A question that people ask, in several wordings, with one answer.

    In a notebook a hard term is in *emphasis* where it is first used and explained on the spot, or
    it is a link to the glossary whose title is the `meaning`. What is `disputed` or `unconfirmed`
    is said in the answer.
    """

    faq_id: str = column.ident("name of the question")
    topic: str = column.text(
        "what it belongs to: an id whose heading is the text `faq_topic_...` of `words.csv`"
    )
    question: str = column.text("the question; no wording twice in the table")
    also_asked: tuple[str, ...] = column.texts("other wordings by which it is found")
    answer: str = column.brief("the answer, read at about grade 9", 90)
    cell: str = column.matching("the cell of a notebook that shows it", CELL, PLACE)
    terms: tuple[str, ...] = column.refs("the terms of art in the answer", "glossary", blank=True)
    facts: tuple[tuple[str, str], ...] = column.pairs(
        "where the question is a case: its answers",
        *("criteria", ANSWERS, "write a criterion and its answer, such as card_data=no"),
        column="case_facts",
        blank=True,
    )
    statuses: tuple[tuple[str, str], ...] = column.pairs(
        "the status that the rules give these answers; a test compares them; both or neither",
        *("reports", "statuses", "write a report and its status, such as soc1=needed"),
        column="case_verdict",
        blank=True,
    )
    provenance: Provenance = column.origin()

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return the question and the other ways to ask it."""
        return (self.question, *self.also_asked)

    @property
    def case_facts(self) -> dict[str, str]:
        """Return the answers of its case by criterion; empty if it is no case."""
        return dict(self.facts)

    @property
    def case_verdict(self) -> dict[str, str]:
        """Return the status that the rules give each report of its case; empty if it is no case."""
        return dict(self.statuses)


@table("glossary")
class Term:
    """A term of art, with its meaning in plain sentences."""

    term_id: str = column.ident("name of the term")
    term: str = column.text("the term; no name twice in the table")
    also: tuple[str, ...] = column.texts("its abbreviations and other names", blank=True)
    meaning: str = column.brief("one or two plain sentences", 60)
    example: str = column.brief("an example", 45)
    first_use: str = column.one_of(
        "whether a notebook has to explain it where it first uses it", YES, NO
    )
    provenance: Provenance = column.origin()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the term and its other names."""
        return (self.term, *self.also)


@table("synonyms")
class Synonym:
    """Ways to say one thing, alike for the search."""

    synonym_id: str = column.ident("name of the group")
    alike: tuple[str, ...] = column.texts("the ways to say it; none twice in the table")
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class QuestionTables:
    """All rows by id, and the groups of words that a search takes as the same."""

    misconceptions: Mapping[str, Misconception]
    faq: Mapping[str, FrequentQuestion]
    glossary: Mapping[str, Term]
    synonyms: tuple[tuple[str, ...], ...]


def _questions(records: Records) -> QuestionTables:
    return QuestionTables(
        misconceptions=records.by_id(Misconception),
        faq=records.by_id(FrequentQuestion),
        glossary=records.by_id(Term),
        synonyms=tuple(synonym.alike for synonym in records.all(Synonym)),
    )


def check_questions(tables: Tables) -> Iterator[Fault]:
    """Yield topics without a heading, half a case, and wordings or names given twice."""
    texts = tables.ids("words")
    topics = [text.removeprefix(TOPIC) for text in texts if text.startswith(TOPIC)]
    for row in (*tables["faq"], *tables["misconceptions"]):
        yield from not_one_of(row, "topic", topics)
    for row in tables["faq"]:
        if bool(row.cells["case_facts"]) != bool(row.cells["case_verdict"]):
            yield row.fault("case_verdict", "give facts and verdict together, or neither")
    yield from _twice(tables["faq"], "question", "also_asked")
    yield from _twice(tables["glossary"], "term", "also")
    yield from _twice(tables["synonyms"], "alike")


def plain(text: str) -> str:
    """Return a wording as it is compared with others: its words in lower case, spaces between."""
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def _twice(rows: Iterable[Row], *columns: str) -> Iterator[Fault]:
    """Yield what occurs in these columns twice, in one row or in two."""
    seen: dict[str, int] = {}
    for row in rows:
        for name in columns:
            text = row.cells[name]
            for part in (text,) if name in WHOLE else listed(text):
                if (key := plain(part)) in seen:
                    yield row.fault(name, f"{part!r} is on line {seen[key]} too; keep one")
                seen.setdefault(key, row.line)


QUESTIONS = Part((Misconception, FrequentQuestion, Term, Synonym), _questions, (check_questions,))

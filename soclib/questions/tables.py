"""Frozen records for what a class asks: misconceptions, frequent questions, terms of art."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import ANSWERS, NO, PROVENANCE, YES, Provenance, Row, Tables, listed

MOST_WORDS = {
    ("faq", "answer"): 90,
    ("misconceptions", "heard"): 30,
    ("misconceptions", "correct"): 70,
    ("misconceptions", "why_believed"): 50,
    ("misconceptions", "say_instead"): 60,
    ("glossary", "meaning"): 60,
    ("glossary", "example"): 45,
}
WHOLE = ("question", "term")  # one wording, semicolons and all
TOPIC = "faq_topic_"  # wording.csv holds the heading of a topic under this and its id
CELL = re.compile(r"[0-9]{2}_[a-z0-9_]+#[A-Za-z0-9_-]+")


def check_teaching(tables: Tables) -> Iterator[Fault]:
    """Yield what is wrong with these tables: lengths, topics, cells, ids, names given twice."""
    for (name, column), most in MOST_WORDS.items():
        for row in tables[name]:
            count = len(row.cells[column].split())
            if count > most:
                yield row.fault(column, f"has {count} words; say it in {most} or fewer")
    texts = [row.cells["text_id"] for row in tables["wording"]]
    topics = [text.removeprefix(TOPIC) for text in texts if text.startswith(TOPIC)]
    for row in (*tables["faq"], *tables["misconceptions"]):
        yield from _check_place(row, topics)
    yield from _check_ids(tables)
    yield from _check_cases(tables)
    yield from _twice(tables["faq"], ("question", "also_asked"))
    yield from _twice(tables["glossary"], ("term", "also"))
    yield from _twice(tables["synonyms"], ("alike",))


def _check_place(row: Row, topics: list[str]) -> Iterator[Fault]:
    """Yield a topic without a heading, and a cell that is not written as one."""
    if row.cells["topic"] not in topics:
        yield row.fault("topic", f"use one of {', '.join(topics)}")
    if not CELL.fullmatch(row.cells["cell"]):
        yield row.fault("cell", "write notebook and cell, such as 05_readiness#readiness-14")


def _check_ids(tables: Tables) -> Iterator[Fault]:
    known = [row.cells["term_id"] for row in tables["glossary"]]
    for row in tables["faq"]:
        for term_id in listed(row.cells["terms"]):
            if term_id not in known:
                yield row.fault("terms", f"{term_id!r} is not in glossary.csv; add it there")
    for row in tables["glossary"]:
        if row.cells["first_use"] not in (YES, NO):
            yield row.fault("first_use", f"use one of {YES}, {NO}")


def _check_cases(tables: Tables) -> Iterator[Fault]:
    """Yield facts and verdicts in unknown ids, and one of them without the other."""

    def ids(name: str, column: str) -> list[str]:
        return [row.cells[column] for row in tables[name]]

    known = {
        "case_facts": (ids("criteria", "criterion_id"), ANSWERS),
        "case_verdict": (ids("reports", "report_id"), ids("statuses", "status_id")),
    }
    for row in tables["faq"]:
        for column, (keys, values) in known.items():
            for part in listed(row.cells[column]):
                key, _sign, value = (piece.strip() for piece in part.partition("="))
                if key not in keys or value not in values:
                    yield row.fault(column, f"{part!r} is no id = value of these tables; mend it")
        if bool(row.cells["case_facts"]) != bool(row.cells["case_verdict"]):
            yield row.fault("case_verdict", "give facts and verdict together, or neither")


def plain(text: str) -> str:
    """Return a wording as wordings are compared: its words in lower case, nothing between."""
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def _twice(
    rows: Iterable[Row], columns: tuple[str, ...], compare: Callable[[str], str] = plain
) -> Iterator[Fault]:
    """Yield what stands in one of the columns twice, in one row or in two."""
    seen: dict[str, int] = {}
    for row in rows:
        for column in columns:
            text = row.cells[column]
            for part in (text,) if column in WHOLE else listed(text):
                if (key := compare(part)) in seen:
                    yield row.fault(column, f"{part!r} stands on line {seen[key]} too; keep one")
                seen.setdefault(key, row.line)


PAIRS = (
    "case_facts",
    "case_verdict",
)  # cells that hold pairs such as soc1=needed, joined with semicolons


@dataclass(frozen=True, slots=True, eq=False)
class Misconception:
    """Something that is often heard and wrong, with what to say instead.

    ``cell`` names the notebook and the cell that show it, as ``05_readiness#readiness-14``.
    """

    misconception_id: str
    topic: str
    heard: str
    correct: str
    why_believed: str
    say_instead: str
    cell: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class FrequentQuestion:
    """A question that people ask, in several wordings, with one answer.

    ``case_facts`` (answers by criterion) are a case that the question stands for,
    ``case_verdict`` the status by report that the rules give it; both are empty where the
    question is no case.
    """

    faq_id: str
    topic: str
    question: str
    also_asked: tuple[str, ...]
    answer: str
    cell: str
    terms: tuple[str, ...]
    case_facts: Mapping[str, str]
    case_verdict: Mapping[str, str]
    provenance: Provenance

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return the question and the other ways to ask it."""
        return (self.question, *self.also_asked)


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A term of art; ``also`` holds abbreviations and other words for it.

    ``first_use`` says whether a notebook has to explain it where it first uses it (yes or no).
    """

    term_id: str
    term: str
    also: tuple[str, ...]
    meaning: str
    example: str
    first_use: str
    provenance: Provenance

    @property
    def names(self) -> tuple[str, ...]:
        """Return the term and its other names."""
        return (self.term, *self.also)


@dataclass(frozen=True, slots=True, eq=False)
class TeachingTables:
    """All of them, by id, and the words that a search takes as the same."""

    misconceptions: Mapping[str, Misconception]
    faq: Mapping[str, FrequentQuestion]
    glossary: Mapping[str, Term]
    synonyms: tuple[tuple[str, ...], ...]


def build_teaching(tables: Tables) -> TeachingTables:
    """Return the four tables as records, in the order of their rows."""
    return TeachingTables(
        misconceptions={
            row.cells["misconception_id"]: Misconception(**_cells(row))
            for row in tables["misconceptions"]
        },
        faq={row.cells["faq_id"]: FrequentQuestion(**_cells(row)) for row in tables["faq"]},
        glossary={row.cells["term_id"]: Term(**_cells(row)) for row in tables["glossary"]},
        synonyms=tuple(listed(row.cells["alike"]) for row in tables["synonyms"]),
    )


def _cells(row: Row) -> dict[str, Any]:
    """Return the cells of a row as fields of its record."""
    fields: dict[str, Any] = {
        column: text for column, text in row.cells.items() if column not in PROVENANCE
    }
    for column in ("also_asked", "terms", "also"):
        if column in fields:
            fields[column] = listed(fields[column])
    for column in PAIRS:
        if column in fields:
            fields[column] = paired(fields[column])
    return {**fields, "provenance": row.provenance()}


def paired(text: str) -> dict[str, str]:
    """Return a cell such as ``soc1=needed;soc2=open`` as a mapping."""
    return {
        key.strip(): value.strip()
        for key, _sign, value in (part.partition("=") for part in listed(text))
    }

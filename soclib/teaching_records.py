"""Frozen records for what a class asks: misconceptions, frequent questions, terms of art."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soclib.model import Provenance
from soclib.rows import PROVENANCE, Row, Tables, listed

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

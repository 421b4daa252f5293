"""Frozen records for how answers and their columns are spelt in a reader's own table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from soclib.errors import Fault
from soclib.tables.rows import ANSWERS, Row, Tables

BLANK: Final = "blank"  # nobody answered: the assumed answer holds
READINGS: Final = (*ANSWERS, BLANK)
WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTables:
    """How answers are spelt (``spellings``: yes, no, unknown or blank by spelling) and headed.

    ``headers`` gives the criterion of a column by its name; both are keyed as ``plain_answer`` and
    ``plain_header`` write them.
    """

    spellings: dict[str, str]
    headers: dict[str, str]


def plain_answer(text: str) -> str:
    """Return a cell as spellings are compared: without outer blanks, in lower case."""
    return text.strip().lower()


def plain_header(text: str) -> str:
    """Return a column's name as names are compared: its words in lower case, nothing between."""
    return " ".join(WORDS.findall(text.casefold()))


def build_answers(tables: Tables) -> AnswerTables:
    """Return both tables, by plain spelling; blank cells need no row."""
    spellings = {
        plain_answer(row.cells["spelling"]): row.cells["answer"]
        for row in tables["answer_spellings"]
    }
    headers = {
        plain_header(row.cells["header"]): row.cells["criterion_id"]
        for row in tables["answer_headers"]
    }
    return AnswerTables({**spellings, "": BLANK}, {**headers, **_own_names(tables)})


def _own_names(tables: Tables) -> dict[str, str]:
    """Return the ids and the questions of the criteria as names of columns."""
    asked = {
        plain_header(row.cells["question"]): row.cells["criterion_id"]
        for row in tables["questions"]
    }
    ids = [row.cells["criterion_id"] for row in tables["criteria"]]
    return {**asked, **{plain_header(criterion_id): criterion_id for criterion_id in ids}}


def check_answers(tables: Tables) -> Iterator[Fault]:
    """Yield answers, criteria and spellings that cannot be used."""
    known = {row.cells["criterion_id"] for row in tables["criteria"]}
    for row in tables["answer_spellings"]:
        if row.cells["answer"] not in READINGS:
            yield row.fault("answer", f"use one of {', '.join(READINGS)}")
    for row in tables["answer_headers"]:
        if row.cells["criterion_id"] not in known:
            yield row.fault("criterion_id", "no such criterion; use an id of criteria.csv")
    yield from _twice(tables["answer_spellings"], "spelling", plain_answer)
    yield from _twice(tables["answer_headers"], "header", plain_header)


def _twice(rows: list[Row], column: str, plain: Callable[[str], str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        key = plain(row.cells[column])
        if key in seen:
            yield row.fault(column, f"stands on line {seen[key]} already, spelt alike; keep one")
        seen.setdefault(key, row.line)

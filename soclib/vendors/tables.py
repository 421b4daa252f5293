"""How answers, and the names of their columns, are spelt in a table of the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import ANSWERS, Provenance, Row, Tables
from soclib.tables.schema import Part, Records, table

BLANK: Final = "blank"  # nobody answered: the assumed answer holds
MEANINGS: Final = (*ANSWERS, BLANK)
WORDS = re.compile(r"[^\W_]+")


@table("answer_spellings")
class AnswerSpelling:
    """One way to write an answer in a table of your own.

    Capitals and blanks around it do not matter; an empty cell is blank. What has no row is never
    guessed: it is reported, with row and column.
    """

    spelling_id: str = column.ident("name of the row")
    spelling: str = column.text("what a cell may hold; no two rows are spelt alike")
    answer: str = column.one_of(
        "the answer that it means; `blank`: nobody answered, so what is assumed holds", *MEANINGS
    )
    note: str = column.text("the language, or where the spelling is common")
    provenance: Provenance = column.origin()


@table("answer_headers")
class AnswerHeader:
    """One way to head the column of a criterion in a table of your own.

    Capitals and punctuation do not matter. The ids and the questions of the criteria are headers
    too. What has no row is never guessed.
    """

    header_id: str = column.ident("name of the row")
    criterion_id: str = column.ref("the criterion that the column answers", "criteria")
    header: str = column.text("the name of the column; no two rows are spelt alike")
    provenance: Provenance = column.origin()


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


def _answers(records: Records) -> AnswerTables:
    """Return both tables, by plain spelling; blank cells need no row."""
    spellings = {plain_answer(row.spelling): row.answer for row in records.all(AnswerSpelling)}
    headers = {plain_header(row.header): row.criterion_id for row in records.all(AnswerHeader)}
    names = _own_names(records.tables)
    return AnswerTables({**spellings, "": BLANK}, {**headers, **names})


def _own_names(tables: Tables) -> dict[str, str]:
    """Return the ids and the questions of the criteria as names of columns."""
    rows = (row.cells for row in tables["questions"])
    asked = {plain_header(cells["question"]): cells["criterion_id"] for cells in rows}
    return {**asked, **{plain_header(key): key for key in tables.ids("criteria")}}


def check_answers(tables: Tables) -> Iterator[Fault]:
    """Yield spellings of answers and of columns that are the same once they are made plain."""
    yield from _twice(tables["answer_spellings"], "spelling", plain_answer)
    yield from _twice(tables["answer_headers"], "header", plain_header)


def _twice(rows: list[Row], name: str, plain: Callable[[str], str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        key = plain(row.cells[name])
        if key in seen:
            yield row.fault(name, f"is on line {seen[key]} already, spelt alike; keep one")
        seen.setdefault(key, row.line)


VENDORS = Part((AnswerSpelling, AnswerHeader), _answers, (check_answers,))

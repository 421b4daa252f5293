"""Check the tables of misconceptions, questions and terms; part of ``checks``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from soclib.model import ANSWERS, NO, YES
from soclib.rows import Fault, Row, Tables, listed

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

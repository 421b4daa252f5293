"""Check the tables that read a request: patterns, word groups and sentences; part of ``checks``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from soclib.model import ANSWERS
from soclib.phrase_patterns import PatternError, groups_of, parse
from soclib.rows import Fault, Row, Tables, listed

GROUP_KINDS = (
    *("words", "numbered", "negator", "negator_after", "no_negator", "break"),
    *("condition", "no_condition", "doubt", "past"),
    *("speaker", "addressee", "deadline", "year_end"),
)
COUNTS_IN = ("question", "doubt", "condition", "past")
SAYS = ("asks", "names", "type", "category", "standard", "signs", "date")
PARTS = ("differs", "reply", "ask")
BLOCKS = ("title", "heading", "text", "item", "fine", "question")
WORDS = re.compile(r"[a-z0-9]+\*?(?: [a-z0-9]+\*?)*")
SAID = re.compile(rf"(?:{'|'.join(SAYS)}):[a-z0-9_-]+")
REACH = re.compile(r"[1-9]|1[0-9]|20")
CONDITION = re.compile(r"(not )?[a-z0-9_-]+(\|[a-z0-9_-]+)*")


def phrase_choices() -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield table, column and the values allowed in it."""
    yield "phrases", "answer", ("", *ANSWERS)
    yield "phrases", "if_negated", ("", *ANSWERS)
    yield "phrases", "only_with", ("", *SAYS)
    yield "phrase_words", "kind", GROUP_KINDS
    yield "replies", "part", PARTS
    yield "replies", "kind", BLOCKS


def check_phrases(tables: Tables) -> Iterator[Fault]:
    """Yield what is wrong with these tables beyond single choices."""
    groups = {row.cells["group_id"]: row for row in tables["phrase_words"]}
    named = {one for one, row in groups.items() if row.cells["kind"] == "words"}
    criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
    words = {row.cells["text_id"] for row in tables["wording"]}
    for row in tables["phrases"]:
        yield from _check_pattern(row, named)
        yield from _check_answer(row, criteria)
        yield from _check_says(row, words)
    for row in groups.values():
        yield from _check_words(row)
    for kind in GROUP_KINDS:
        if kind not in {row.cells["kind"] for row in groups.values()}:
            remedy = "no row has this kind; add one"
            yield Fault("phrase_words.csv", 0, "kind", kind, remedy)
    for row in tables["replies"]:
        for one in listed(row.cells["applies"]):
            if not CONDITION.fullmatch(one):
                yield row.fault("applies", f"{one!r} is no condition; see data/README.md")


def _check_pattern(row: Row, named: set[str]) -> Iterator[Fault]:
    try:
        parts = parse(row.cells["pattern"])
    except PatternError as error:
        yield row.fault("pattern", str(error))
        return
    for one in groups_of(parts):
        if one not in named:
            known = ", ".join(sorted(named))
            yield row.fault("pattern", f"@{one} is no word group; use one of {known}")


def _check_answer(row: Row, criteria: list[str]) -> Iterator[Fault]:
    cells = row.cells
    for one in listed(cells["criterion"]):
        if one not in criteria:
            yield row.fault("criterion", f"{one!r} is unknown; use ids of criteria.csv")
    if bool(cells["criterion"].strip()) != bool(cells["answer"].strip()):
        yield row.fault("answer", "a criterion and its answer go together; give both or neither")
    if cells["if_negated"].strip() and not cells["criterion"].strip():
        yield row.fault("if_negated", "there is no criterion to answer; leave it blank")
    for one in listed(cells["counts_in"]):
        if one not in COUNTS_IN:
            yield row.fault("counts_in", f"{one!r} is unknown; use some of {', '.join(COUNTS_IN)}")


def _check_says(row: Row, words: set[str]) -> Iterator[Fault]:
    for one in listed(row.cells["says"]):
        if not SAID.fullmatch(one):
            yield row.fault("says", f"{one!r} says nothing known; use one of {', '.join(SAYS)}")
        elif (text_id := f"request_value_{one.partition(':')[2]}") not in words:
            yield row.fault("says", f"add {text_id!r} to wording.csv, to say it on screen")


def _check_words(row: Row) -> Iterator[Fault]:
    for one in listed(row.cells["words"]):
        if not WORDS.fullmatch(one):
            remedy = "use small letters and digits set off by single blanks, * after a word"
            yield row.fault("words", f"{one!r}: {remedy}")
    negates = row.cells["kind"] == "negator"
    if not (REACH if negates else re.compile("")).fullmatch(row.cells["reach"]):
        yield row.fault("reach", "use 1 to 20 words" if negates else "leave it blank")

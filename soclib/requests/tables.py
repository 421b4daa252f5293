"""Frozen records of the tables that read a request: phrases, word groups, sentences of a reply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from soclib.errors import Fault
from soclib.requests.patterns import PatternError, groups_of, parse
from soclib.tables.rows import ANSWERS, PROVENANCE, Provenance, Row, Tables, listed

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
    for one in listed(cells["only_with"]):
        if one not in SAYS and one.removeprefix("not ") not in criteria:
            remedy = f"use some of {', '.join(SAYS)}, or 'not' and an id of criteria.csv"
            yield row.fault("only_with", f"{one!r} is unknown; {remedy}")
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


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """Words that say something, and what they say.

    ``criteria`` all get ``answer``, or ``if_negated`` (blank: nothing) under a negation. ``says``
    are pairs such as ``asks:soc1``. ``counts_in`` names the doubtful sentences (question, doubt,
    condition, past) in which the words count all the same; ``only_with`` names what else the text
    has to say before they count, or (``not``) what it may not answer with yes. A phrase without
    criteria and ``says`` hides what lies in it.
    """

    phrase_id: str
    pattern: str
    criteria: tuple[str, ...]
    answer: str
    if_negated: str
    says: tuple[str, ...]
    counts_in: tuple[str, ...]
    only_with: tuple[str, ...]
    note: str
    provenance: Provenance

    @property
    def hides(self) -> bool:
        """Return whether the phrase only keeps others from reading these words."""
        return not self.criteria and not self.says


@dataclass(frozen=True, slots=True, eq=False)
class WordGroup:
    """Words with one part to play: a name used in patterns, or a sign of negation or doubt.

    ``reach`` is how many words a negation governs, 0 for every other kind.
    """

    group_id: str
    kind: str
    words: tuple[str, ...]
    reach: int
    note: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReplyLine:
    """A sentence of a reply or of what differs; it stands where all of ``applies`` hold."""

    reply_id: str
    part: str
    kind: str
    applies: tuple[str, ...]
    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class RequestTables:
    """All tables that read a request."""

    phrases: tuple[Phrase, ...]
    groups: Mapping[str, WordGroup]
    replies: tuple[ReplyLine, ...]

    def of(self, kind: str) -> tuple[WordGroup, ...]:
        """Return the word groups of one kind, in table order."""
        return tuple(group for group in self.groups.values() if group.kind == kind)


def build_requests(tables: Tables) -> RequestTables:
    """Return the tables that read a request as records."""
    return RequestTables(
        phrases=tuple(_phrase(row) for row in tables["phrases"]),
        groups={row.cells["group_id"]: _group(row) for row in tables["phrase_words"]},
        replies=tuple(_reply(row) for row in tables["replies"]),
    )


def _own(row: Row) -> dict[str, str]:
    return {name: text for name, text in row.cells.items() if name not in PROVENANCE}


def _phrase(row: Row) -> Phrase:
    cells = row.cells
    return Phrase(
        phrase_id=cells["phrase_id"],
        pattern=cells["pattern"],
        criteria=listed(cells["criterion"]),
        answer=cells["answer"],
        if_negated=cells["if_negated"],
        says=listed(cells["says"]),
        counts_in=listed(cells["counts_in"]),
        only_with=listed(cells["only_with"]),
        note=cells["note"],
        provenance=row.provenance(),
    )


def _group(row: Row) -> WordGroup:
    cells = row.cells
    return WordGroup(
        group_id=cells["group_id"],
        kind=cells["kind"],
        words=listed(cells["words"]),
        reach=int(cells["reach"] or 0),
        note=cells["note"],
        provenance=row.provenance(),
    )


def _reply(row: Row) -> ReplyLine:
    cells = _own(row)
    applies = listed(cells.pop("applies"))
    return ReplyLine(**cells, applies=applies, provenance=row.provenance())

"""How a request is read and answered: phrases, word groups, and the sentences of a reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import ANSWERS, Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table

WORDS = "words"  # the kind of a group that patterns name
NEGATOR = "negator"
GROUP_KINDS = (
    *(WORDS, "numbered", NEGATOR, "negator_after", "no_negator", "break"),
    *("condition", "no_condition", "doubt", "past"),
    *("speaker", "addressee", "deadline", "year_end"),
)
COUNTS_IN = ("question", "doubt", "condition", "past")
SAYS = ("asks", "names", "type", "category", "standard", "signs", "date")
PARTS = ("differs", "reply", "ask")
BLOCKS = ("title", "heading", "text", "item", "fine", "question")
SPELT = r"[a-z0-9]+\*?(?: [a-z0-9]+\*?)*"
SAID = rf"(?:{'|'.join(SAYS)}):[a-z0-9_-]+"
CONDITION = r"(?:not )?[a-z0-9_-]+(?:\|[a-z0-9_-]+)*"
VALUE = "request_value_"  # the id of a text on screen is this and what a phrase says


@table("phrases")
class Phrase:
    """Words that say something, and what they say.

    A row with neither `criterion` nor `says` hides what begins or ends inside it: "SOC team" is not
    a SOC report. When two phrases on one criterion are found, the longer one that contains the
    other counts (both, where the shorter says something more); where two only overlap and say
    opposite things, the shorter counts. What is said both ways elsewhere in a text is left unknown.

    A pattern is made of small letters and digits: `payroll` is a word, `calculat*` any word that
    begins with these letters, `(pays|files the taxes)` one of several, `[the|our]` may be missing,
    `@client` stands for a word group, `..3` for up to three words of the same sentence and `...3`
    for up to three words across sentences. No gap passes a word of kind `break`. Before patterns
    are tried, a text is put into one spelling: capitals, quotes and hyphens do not matter, `SOC2`,
    `SOC-II` and `socii` all read `soc 2`, `don't` reads `do not`.
    """

    phrase_id: str = column.ident("name of the phrase")
    pattern: str = column.text("the words, as above: at most 400 characters and three gaps")
    criteria: tuple[str, ...] = column.refs(
        "the facts that the words answer, all with the same answer",
        "criteria",
        column="criterion",
        blank=True,
    )
    answer: str = column.one_of("the answer; blank where `criterion` is", "", *ANSWERS)
    if_negated: str = column.one_of(
        "the answer when the words are negated; blank: nothing", "", *ANSWERS
    )
    says: tuple[str, ...] = column.texts(
        "what else they say; each value has its words in `words.csv` (`request_value_...`)",
        SAID,
        f"use {', '.join(SAYS[:-1])} or {SAYS[-1]} and a value, such as asks:soc1",
        blank=True,
    )
    counts_in: tuple[str, ...] = column.some_of(
        "doubtful sentences in which the words count all the same", *COUNTS_IN, blank=True
    )
    only_with: tuple[str, ...] = column.texts(
        "what else the text has to say before the words count, as the first part of `says`; after"
        " `not`, the id of a criterion that no words that need nothing themselves may answer with"
        " yes",
        blank=True,
    )
    note: str = column.text("why the words mean it, in one sentence")
    provenance: Provenance = column.origin()

    @property
    def hides(self) -> bool:
        """Return whether the phrase only keeps others from reading these words."""
        return not self.criteria and not self.says


@table("phrase_words")
class WordGroup:
    """Words with one part to play: a name used in patterns, or a sign of negation or doubt.

    The kinds: `words` (for `@group`), `numbered` (a number follows), `negator`, `negator_after`
    ("is not required"), `no_negator` ("not only"), `break` ("but"), `condition` ("if"),
    `no_condition` ("if available"), `doubt` ("whether"), `past` ("used to"), `speaker` ("we"),
    `addressee` ("you"), `deadline` and `year_end` (what comes before a date).
    """

    group_id: str = column.ident("name of the group; patterns refer to it as `@name`")
    kind: str = column.one_of("what its words are for", *GROUP_KINDS)
    words: tuple[str, ...] = column.texts(
        "the words",
        SPELT,
        "use small letters and digits separated by single spaces, * after a word",
    )
    reach: int = column.whole(
        "how many words a `negator` governs; blank for every other kind",
        1,
        20,
        nothing=0,
        blank=True,
    )
    note: str = column.text("what the group is for")
    provenance: Provenance = column.origin()


@table("replies")
class ReplyLine:
    """A sentence of a reply, of what differs, or a question to the asker, in the order shown.

    A sentence is shown where all of `applies` hold: `asked_soc1` (also `soc2`, `soc3`, `soc`,
    `report`, `nothing`), `soc1_needed` (any report and status; `soc1_fits` is needed or likely),
    `type_1`, `type_2`, `standard_...`, `route_...`, `signs_...`, `voice_vendor`, `voice_buyer`,
    `deadline`, `due`, `unclear_date`, `year_end`, `questions`, `contradiction`; `not ` before it
    reverses it, and `|` means that one of several is enough.

    Words in braces are filled in: `{type}`, `{deadline}`, `{unclear_date}`, `{year_end}`,
    `{routes}`, `{headline}`.
    """

    reply_id: str = column.ident("name of the sentence; for a question `ask_` and its criterion")
    part: str = column.one_of(
        "`differs` compares what is asked for with what is needed, `ask` asks the asker something",
        *PARTS,
    )
    kind: str = column.one_of(
        "kind of paragraph, as in `letters.csv`; `question` is the place of the questions", *BLOCKS
    )
    applies: tuple[str, ...] = column.texts(
        "conditions that all have to hold; blank: always",
        CONDITION,
        "use conditions such as 'soc1_needed' and 'not deadline'",
        blank=True,
    )
    text: str = column.text("the sentence")
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class RequestTables:
    """All tables that read a request."""

    phrases: tuple[Phrase, ...]
    groups: Mapping[str, WordGroup]
    replies: tuple[ReplyLine, ...]

    def of(self, kind: str) -> tuple[WordGroup, ...]:
        """Return the word groups of one kind, in table order."""
        return tuple(group for group in self.groups.values() if group.kind == kind)


def _requests(records: Records) -> RequestTables:
    return RequestTables(
        phrases=records.all(Phrase),
        groups=records.by_id(WordGroup),
        replies=records.all(ReplyLine),
    )


def check_requests(tables: Tables) -> Iterator[Fault]:
    """Yield what is wrong with patterns, answers and word groups beyond single cells."""
    groups = set(tables.ids("phrase_words", ("kind", WORDS)))
    criteria, texts = set(tables.ids("criteria")), set(tables.ids("words"))
    for row in tables["phrases"]:
        yield from _check_pattern(row, groups)
        yield from _check_answer(row)
        yield from _check_needs(row, criteria)
        yield from _check_says(row, texts)
    for row in tables["phrase_words"]:
        yield from _check_reach(row)
    for kind in GROUP_KINDS:
        if kind not in tables.ids("phrase_words.kind"):
            yield Fault("phrase_words.csv", 0, "kind", kind, "no row has this kind; add one")


def _check_pattern(row: Row, groups: set[str]) -> Iterator[Fault]:
    from soclib.requests.patterns import (  # noqa: PLC0415 - only a check parses before a request
        PatternError,
        groups_of,
        parse,
    )

    try:
        parts = parse(row.cells["pattern"])
    except PatternError as error:
        yield row.fault("pattern", str(error))
        return
    for group_id in groups_of(parts):
        if group_id not in groups:
            known = ", ".join(sorted(groups))
            yield row.fault("pattern", f"there is no word group @{group_id}; use one of {known}")


def _check_answer(row: Row) -> Iterator[Fault]:
    criteria, answer, negated = (
        bool(row.cells[name].strip()) for name in ("criterion", "answer", "if_negated")
    )
    if criteria != answer:
        yield row.fault("answer", "a criterion and its answer go together; give both or neither")
    if negated and not criteria:
        yield row.fault("if_negated", "there is no criterion to answer; leave it blank")


def _check_needs(row: Row, criteria: set[str]) -> Iterator[Fault]:
    for need in listed(row.cells["only_with"]):
        if need not in SAYS and need.removeprefix("not ") not in criteria:
            remedy = f"use some of {', '.join(SAYS)}, or 'not' and an id of criteria.csv"
            yield row.fault("only_with", f"{need!r} is unknown; {remedy}")


def _check_says(row: Row, texts: set[str]) -> Iterator[Fault]:
    for said in listed(row.cells["says"]):
        text_id = f"{VALUE}{said.partition(':')[2]}"
        if re.fullmatch(SAID, said) and text_id not in texts:
            yield row.fault("says", f"add {text_id!r} to words.csv, to say it on screen")


def _check_reach(row: Row) -> Iterator[Fault]:
    negates, reaches = row.cells["kind"] == NEGATOR, bool(row.cells["reach"].strip())
    if negates and not reaches:
        yield row.fault("reach", "use 1 to 20 words")
    if reaches and not negates:
        yield row.fault("reach", "leave it blank")


REQUESTS = Part((Phrase, WordGroup, ReplyLine), _requests, (check_requests,))

"""Frozen records of the tables that read a request: phrases, word groups, sentences of a reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from soclib.model import Provenance
from soclib.rows import PROVENANCE, Row, Tables, listed


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """Words that say something, and what they say.

    ``criteria`` all get ``answer``, or ``if_negated`` (blank: nothing) under a negation. ``says``
    are pairs such as ``asks:soc1``. ``counts_in`` names the doubtful sentences (question, doubt,
    condition, past) in which the words count all the same; ``only_with`` names what else the text
    has to say before they count. A phrase without criteria and ``says`` hides what lies in it.
    """

    phrase_id: str
    pattern: str
    criteria: tuple[str, ...]
    answer: str
    if_negated: str
    says: tuple[str, ...]
    counts_in: tuple[str, ...]
    only_with: str
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
        only_with=cells["only_with"],
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

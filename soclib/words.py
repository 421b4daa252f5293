"""The texts on screen, those of every room by voice, and how words are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from soclib.tables import column
from soclib.tables.rows import VOICES, Provenance
from soclib.tables.schema import Part, Records, table

if TYPE_CHECKING:
    from soclib.catalog import Catalog

Words = dict[str, str]
IN_BRACES = re.compile(r"\{(\w+)\}", re.ASCII)  # as in text.js


@table("words")
class Wording:
    """A text on screen, with words in braces to fill in.

    Each room has its own file of texts, all of one form. A file `words.csv` of your own may hold
    only those texts that you want to say otherwise.
    """

    text_id: str = column.ident("name of the text")
    text: str = column.text("what is said to a vendor")
    buyer: str = column.text("what is said to a buyer, where it differs", blank=True)
    provenance: Provenance = column.origin()


def _words(records: Records) -> dict[str, Words]:
    """Return the texts by voice, then by id."""
    rows = records.all(Wording)
    vendor, buyer = VOICES
    return {
        vendor: {row.text_id: row.text for row in rows},
        buyer: {row.text_id: row.buyer or row.text for row in rows},
    }


WORDS = Part((Wording,), _words)


def words_of(catalog: Catalog, voice: str) -> Words:
    """Return all texts in one voice."""
    return catalog.part(WORDS)[voice]


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Return a text with its words in braces filled in.

    What was filled in is not read again, and words that ``parts`` does not know stay as they are.
    """
    return IN_BRACES.sub(lambda match: parts.get(match[1], match[0]), template)


def fields(template: str) -> tuple[str, ...]:
    """Return the words in braces of a text, in their order."""
    return tuple(IN_BRACES.findall(template))


def sentence(clause: str) -> str:
    """Return a clause as a sentence."""
    return f"{clause[:1].upper()}{clause[1:]}."

"""A request as somebody wrote it: what was read from its words, and what follows.

An e-mail, a contract clause or a questionnaire item is read by a table of phrases, without a model
and without a network. What no phrase covers is not read; what two phrases say against each other
is left unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from soclib.decision import Answer, Decision, decide
from soclib.model import VOICES, Catalog
from soclib.request_spans import Span, merged, opposed, spans_in
from soclib.tables import load_catalog

LONGEST = 65_536  # bytes of UTF-8


class RequestError(ValueError):
    """A request cannot be read: no text, no words in it, or too many."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a text literally asks for, and what else it names; tuples in the order of the text."""

    reports: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A request that was read: its words, what they say, and what follows.

    ``answers`` are what the words say, with the changes of ``with_answers``; ``opposed`` are the
    criteria that the text answers both yes and no, which are left unknown.
    """

    text: str
    spans: tuple[Span, ...]
    opposed: tuple[str, ...]
    asked_for: AskedFor
    decision: Decision

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers that the decision rests on, by criterion id."""
        return dict(self.decision.answers)

    def with_answers(self, **changes: Answer) -> Request:
        """Return the same request with some answers changed; raises ``AnswerError``."""
        answers: dict[str, Answer] = {**self.decision.answers, **changes}
        catalog = self.decision.case.catalog
        return replace(self, decision=decide(answers, self.decision.voice, catalog=catalog))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {"text": self.text, "answers": self.answers}


def read_request(text: str, voice: str = VOICES[0], *, catalog: Catalog | None = None) -> Request:
    """Return what a request says and what follows from it.

    ``voice`` is whose side decides: the vendor who was asked, or the buyer. Raises ``RequestError``
    for what is no text, is blank, or is longer than 64 kB, and ``AnswerError`` for another voice.
    """
    catalog = catalog or load_catalog()
    spans = spans_in(checked(text), catalog)
    return Request(
        text=text,
        spans=spans,
        opposed=opposed(spans),
        asked_for=asked_for(spans),
        decision=decide(merged(spans), voice, catalog=catalog),
    )


def checked(text: object) -> str:
    """Return a text that can be read; raises ``RequestError`` that says what is wrong with it."""
    if not isinstance(text, str):
        message = f"a request is text, not {type(text).__name__}; paste its words in quotes"
        raise RequestError(message)
    if not text.strip():
        message = "the request is blank; paste an e-mail, a clause or a question"
        raise RequestError(message)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST:
        message = (
            f"the request has {size:,} bytes, and {LONGEST:,} (64 kB) are read at most; "
            "paste only the part that asks for something"
        )
        raise RequestError(message)
    return text


def asked_for(spans: tuple[Span, ...]) -> AskedFor:
    """Return what the words that count ask for and name."""
    said: dict[str, dict[str, None]] = {}
    for span in spans:
        if span.counts and not span.negated:
            for one in span.says:
                kind, _colon, value = one.partition(":")
                said.setdefault(kind, {})[value] = None
    names = {field: tuple(said.get(kind, ())) for field, kind in FIELDS.items()}
    return AskedFor(**names)


FIELDS: Mapping[str, str] = {
    "reports": "asks",
    "named": "names",
    "types": "type",
    "categories": "category",
    "standards": "standard",
    "signs": "signs",
}

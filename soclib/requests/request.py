"""A request as somebody wrote it: what was read from its words, and what follows.

An e-mail, a contract clause or a questionnaire item is read by a table of phrases, without a model
and without a network. Words that no phrase covers are ignored; where two phrases contradict each
other, the answer stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from soclib.catalog import Catalog, load_catalog
from soclib.requests.asked import AskedFor, asked_for
from soclib.requests.reply import differs, reply, reply_text
from soclib.requests.sheets import request_html, request_text
from soclib.requests.spans import PhraseSpan, merged, opposed, spans_in
from soclib.tables.rows import VOICES
from soclib.verdict.decision import Answer, Decision, decide

LONGEST = 65_536  # bytes of UTF-8


class RequestError(ValueError):
    """A request cannot be read: it is not text, has no words, or is too long."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Request:
    """A request that was read: its words, what they say, and what follows.

    ``spans`` are the phrases that were understood; ``opposed`` are the criteria that the text
    answers with both yes and no and that stay unknown; ``decision`` follows from ``answers``.
    """

    text: str
    spans: tuple[PhraseSpan, ...]
    opposed: tuple[str, ...]
    asked_for: AskedFor
    decision: Decision

    @property
    def catalog(self) -> Catalog:
        """Return the tables that it was read with."""
        return self.decision.case.catalog

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers that the decision is based on, by criterion id."""
        return dict(self.decision.answers)

    @property
    def differs(self) -> tuple[str, ...]:
        """Return where what was asked for differs from what is needed, as sentences."""
        return differs(self.asked_for, self.decision)

    @property
    def reply(self) -> str:
        """Return a draft reply as Markdown: it confirms, or asks the questions that decide."""
        return reply(self.asked_for, self.decision)

    @property
    def reply_text(self) -> str:
        """Return the same draft as plain text, to copy into an e-mail."""
        return reply_text(self.asked_for, self.decision)

    def with_answers(self, **changes: Answer) -> Request:
        """Return the same request with some answers changed; raises ``AnswerError``."""
        return self.answered({**self.decision.answers, **changes})

    def answered(self, answers: Mapping[str, Answer], voice: str = "") -> Request:
        """Return the same request with these answers and no others; raises ``AnswerError``."""
        voice = voice or self.decision.voice
        return replace(self, decision=decide(answers, voice, catalog=self.catalog))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "text": self.text,
            "spans": [asdict(span) for span in self.spans],
            "opposed": list(self.opposed),
            "answers": self.answers,
            "asked_for": asdict(self.asked_for),
            "differs": list(self.differs),
            "reply": self.reply,
            "decision": self.decision.to_dict(),
        }

    def _repr_html_(self) -> str:
        return request_html(self)

    def __str__(self) -> str:
        """Return the same as text."""
        return request_text(self)

    __repr__ = __str__


def read(text: str, voice: str = VOICES[0], *, catalog: Catalog | None = None) -> Request:
    """Return what an e-mail, a clause or a questionnaire item asks for, and what follows.

    No model, no network: ``phrases.csv`` says which words mean what. ``voice`` is whose side
    decides: the vendor who was asked, or the buyer. Raises ``RequestError`` for anything that is
    not text, is blank or is longer than 64 kB, and ``AnswerError`` for another voice.
    """
    catalog = catalog or load_catalog()
    spans = spans_in(checked(text), catalog)
    return Request(
        text=text,
        spans=spans,
        opposed=opposed(spans),
        asked_for=asked_for(text, spans, catalog),
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

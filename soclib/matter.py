"""What a memo is about, and how reasons and outcomes are put into its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.blocks import Block, Span, block
from soclib.explain import Reason, outcome_reasons
from soclib.model import YES, Outcome, Report
from soclib.render import reason_note

if TYPE_CHECKING:
    from soclib.decision import Decision

Plain = dict[str, Any]


class Detail(NamedTuple):
    """How much is told of what is long.

    ``changes`` per report; ``rows`` of the comparison, ``full`` with what each report says, or else
    with why it matters. What is not told is counted or named.
    """

    changes: int
    rows: int
    full: bool


class Matter(NamedTuple):
    """A decision, what the panel shows of it, the words of its voice, and how much is told."""

    decision: Decision
    plain: Plain
    words: dict[str, str]
    detail: Detail

    @property
    def named(self) -> list[tuple[Report, Plain]]:
        """Return the reports that the verdict names, each with its card."""
        return self._cards(folded=False)

    @property
    def rejected(self) -> list[tuple[Report, Plain]]:
        """Return the reports that are not needed, each with its card."""
        return self._cards(folded=True)

    @property
    def on_the_way(self) -> list[tuple[Report, Plain]]:
        """Return the reports that are needed or likely, each with its card."""
        return [(report, card) for report, card in self.named if card["lets"]]

    def _cards(self, *, folded: bool) -> list[tuple[Report, Plain]]:
        pairs = zip(self.decision.case.catalog.reports, self.plain["cards"], strict=True)
        return [(report, card) for report, card in pairs if card["folded"] == folded]


def labelled(label: str, *texts: str | Span, kind: str = "item") -> list[Block]:
    """Return one block that starts with its label, or nothing where nothing is to be said."""
    return [block(kind, Span(f"{label}:", strong=True), *texts)] if any(texts) else []


def told(matter: Matter, reasons: Iterable[Reason]) -> str:
    """Return reasons as sentences, each with the id of its rule and what to know of it."""
    sentences = []
    for reason in reasons:
        notes = (reason.rule_id, reason_note(reason._asdict(), matter.words))
        note = "; ".join(note for note in notes if note)
        sentences.append(f"{reason.text} ({note})" if note else reason.text)
    return " ".join(sentences)


def why(matter: Matter, outcome: Outcome) -> str:
    """Return the reasons for an outcome as sentences."""
    return told(matter, outcome_reasons(matter.decision.case, outcome))


def titled(matter: Matter, outcome: Outcome, state: str) -> str:
    """Return an outcome as its title, its state where that is open, and its reasons.

    Reasons for a step that contradicting answers leave open would mislead, and are not told.
    """
    name = outcome.title if state == YES else f"{outcome.title} ({matter.words['step_open']})"
    touched = {key for found in matter.decision.contradictions for key in found.touches}
    return f"{name}." if outcome.outcome_id in touched else f"{name}: {why(matter, outcome)}"

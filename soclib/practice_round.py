"""A round of practice: question after question, a second chance for each, what came of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from soclib.practice_grading import Feedback, Response, grade
from soclib.practice_items import Item

CHANCES: Final = 2
FIRST, SECOND, WRONG, SKIPPED = "first", "second", "wrong", "skipped"
RESULTS: Final = (FIRST, SECOND, WRONG, SKIPPED)


class Outcome(NamedTuple):
    """What came of a question: right at the first or second try, wrong, or skipped."""

    item: Item
    result: str


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """Where a learner is: the questions, what came of those before, tries at the one before them.

    ``item`` is None once all are done; ``settled`` when nothing is left to try at the question.
    """

    items: tuple[Item, ...]
    outcomes: tuple[Outcome, ...] = ()
    tries: int = 0
    right: bool = False

    @property
    def item(self) -> Item | None:
        """Return the question that is asked, or None after the last."""
        place = len(self.outcomes)
        return self.items[place] if place < len(self.items) else None

    @property
    def settled(self) -> bool:
        """Return whether the question was answered rightly, or both chances are used up."""
        return self.right or self.tries >= CHANCES

    def counts(self) -> dict[str, int]:
        """Return how many questions came to each result."""
        found = [outcome.result for outcome in self.outcomes]
        return {result: found.count(result) for result in RESULTS}

    def again(self) -> tuple[Item, ...]:
        """Return the questions that were not right at the first try."""
        return tuple(one.item for one in self.outcomes if one.result != FIRST)


def check(turn: Round, response: Response) -> tuple[Round, Feedback]:
    """Return the round after one try at the question before the learner, and its feedback.

    A question that is settled stays as it was. Raises ``PracticeError`` as ``grade`` does.
    """
    item = turn.item
    if item is None:
        message = "the round is over"
        raise LookupError(message)
    feedback = grade(item, response)
    if turn.settled:
        return turn, feedback
    return replace(turn, tries=turn.tries + 1, right=feedback.right), feedback


def go_on(turn: Round) -> Round:
    """Return the round at its next question; one that nobody tried counts as skipped."""
    if turn.item is None:
        return turn
    outcome = Outcome(turn.item, _result(turn))
    return Round(turn.items, (*turn.outcomes, outcome))


def _result(turn: Round) -> str:
    if turn.right:
        return FIRST if turn.tries == 1 else SECOND
    return WRONG if turn.tries else SKIPPED

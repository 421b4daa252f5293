"""Grading an answer: right or not, what was said, the rule that decides, its reason, a hint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from soclib.errors import did_you_mean
from soclib.practice.asking import Field, Item
from soclib.practice.cases import PracticeError

Response = Mapping[str, str | Iterable[str]]


class Result(NamedTuple):
    """How one field was answered; ``said`` and ``correct`` are in the words of its options."""

    field_id: str
    label: str
    right: bool
    said: str
    correct: str
    rule_id: str
    reason: str
    hint: str
    change: str


class Feedback(NamedTuple):
    """How a question was answered; the rest speaks of the first field that is wrong.

    All fields stand in ``results``. ``hint`` is for a second chance and gives nothing away;
    ``rule_id`` and ``reason`` are what decides.
    """

    right: bool
    said: str
    rule_id: str
    reason: str
    hint: str
    change: str
    results: tuple[Result, ...]

    @property
    def score(self) -> tuple[int, int]:
        """Return how many fields are right, of how many."""
        return sum(one.right for one in self.results), len(self.results)


def grade(item: Item, response: Response | str | Iterable[str]) -> Feedback:
    """Return how a question was answered.

    ``response`` maps field ids to an option id, or to several where a field takes several; where
    there is one field only, its answer alone will do. A field that is left out counts as wrong.
    Raises ``PracticeError`` that lists every unknown field and option.
    """
    answers = _answers(item, response)
    results = tuple(_result(one, answers.get(one.field_id)) for one in item.fields)
    first = next((one for one in results if not one.right), results[0])
    return Feedback(
        right=all(one.right for one in results),
        said=first.said,
        rule_id=first.rule_id,
        reason=first.reason,
        hint=first.hint,
        change=first.change,
        results=results,
    )


def _answers(item: Item, response: Response | str | Iterable[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(response, Mapping):
        response = _for_the_only_field(item, response)
    fields = {one.field_id: one for one in item.fields}
    found = {
        key: (given,) if isinstance(given, str) else tuple(given) for key, given in response.items()
    }
    faults = [did_you_mean("field", key, fields) for key in found if key not in fields]
    for key, given in found.items():
        if key in fields:
            faults += _faults(fields[key], given)
    if faults:
        raise PracticeError("\n".join(faults))
    return found


def _for_the_only_field(item: Item, response: str | Iterable[str]) -> Response:
    if len(item.fields) != 1:
        names = ", ".join(one.field_id for one in item.fields)
        message = f"this question has {len(item.fields)} fields; answer them by name: {names}"
        raise PracticeError(message)
    return {item.fields[0].field_id: response}


def _faults(field: Field, given: tuple[str, ...]) -> list[str]:
    """Return what is wrong with the answer to a field, in words."""
    options = [option.option_id for option in field.options]
    faults = [
        did_you_mean(f"answer to {field.field_id}", one, options)
        for one in given
        if one not in options
    ]
    if len(given) > 1 and not field.many:
        faults.append(f"{field.field_id} takes one answer, not {len(given)}")
    return faults


def _result(field: Field, given: tuple[str, ...] | None) -> Result:
    labels = {option.option_id: option.label for option in field.options}
    if field.many:
        right = given is not None and set(given) == set(field.right)
    else:
        right = bool(given) and given is not None and given[0] in field.right
    shown = [labels[key] for key in field.right if key in labels]
    return Result(
        field_id=field.field_id,
        label=field.label,
        right=right,
        said="; ".join(labels[key] for key in given or ()),
        correct="; ".join(shown),
        rule_id=field.ground.rule_id,
        reason=field.ground.reason,
        hint=field.ground.hint,
        change=field.ground.change,
    )


# --- a round, and a second chance for each question -----------------------------------------------


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
    outcome = Outcome(turn.item, _turn_result(turn))
    return Round(turn.items, (*turn.outcomes, outcome))


def _turn_result(turn: Round) -> str:
    if turn.right:
        return FIRST if turn.tries == 1 else SECOND
    return WRONG if turn.tries else SKIPPED

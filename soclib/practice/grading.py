"""Grading an answer: right or wrong, the rule that decides, its reason, and a hint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from soclib.errors import did_you_mean
from soclib.practice.cases import PracticeError
from soclib.practice.items import ItemField, PracticeItem

Response = Mapping[str, str | Iterable[str]]


class FieldResult(NamedTuple):
    """How one field was answered; ``answer`` and ``correct`` are in the words of its options."""

    field_id: str
    label: str
    right: bool
    answer: str
    correct: str
    rule_id: str
    reason: str
    hint: str
    change: str


class Feedback(NamedTuple):
    """How a question was answered: ``results`` of all fields, the rest of the first wrong one.

    ``hint`` is for a second chance and does not give the answer away; ``rule_id`` and ``reason``
    say what decides.
    """

    right: bool
    answer: str
    rule_id: str
    reason: str
    hint: str
    change: str
    results: tuple[FieldResult, ...]

    @property
    def score(self) -> tuple[int, int]:
        """Return how many fields are right, of how many."""
        return sum(result.right for result in self.results), len(self.results)


def grade(item: PracticeItem, response: Response | str | Iterable[str]) -> Feedback:
    """Return how a question was answered.

    ``response`` maps the id of a field to the id of an option, or of several if the field takes
    several; an item with one field takes the answer alone. A field left out counts as wrong.
    Raises ``PracticeError`` that lists every unknown field and option.
    """
    answers = _answers(item, response)
    results = tuple(_result(field, answers.get(field.field_id)) for field in item.fields)
    first = next((result for result in results if not result.right), results[0])
    return Feedback(
        right=all(result.right for result in results),
        answer=first.answer,
        rule_id=first.rule_id,
        reason=first.reason,
        hint=first.hint,
        change=first.change,
        results=results,
    )


def _answers(
    item: PracticeItem, response: Response | str | Iterable[str]
) -> dict[str, tuple[str, ...]]:
    if not isinstance(response, Mapping):
        response = _for_the_only_field(item, response)
    fields = {field.field_id: field for field in item.fields}
    answers = {
        key: (answer,) if isinstance(answer, str) else tuple(answer)
        for key, answer in response.items()
    }
    faults = [did_you_mean("field", key, fields) for key in answers if key not in fields]
    for key, answer in answers.items():
        if key in fields:
            faults += _faults(fields[key], answer)
    if faults:
        raise PracticeError("\n".join(faults))
    return answers


def _for_the_only_field(item: PracticeItem, response: str | Iterable[str]) -> Response:
    if len(item.fields) != 1:
        names = ", ".join(field.field_id for field in item.fields)
        message = f"this question has {len(item.fields)} fields; answer them by name: {names}"
        raise PracticeError(message)
    return {item.fields[0].field_id: response}


def _faults(field: ItemField, answer: tuple[str, ...]) -> list[str]:
    """Return what is wrong with the answer to a field, in words."""
    options = [option.option_id for option in field.options]
    faults = [
        did_you_mean(f"answer to {field.field_id}", option_id, options)
        for option_id in answer
        if option_id not in options
    ]
    if len(answer) > 1 and not field.many:
        faults.append(f"{field.field_id} takes one answer, not {len(answer)}")
    return faults


def _result(field: ItemField, answer: tuple[str, ...] | None) -> FieldResult:
    labels = {option.option_id: option.label for option in field.options}
    if field.many:
        right = answer is not None and set(answer) == set(field.right)
    else:
        right = bool(answer) and answer is not None and answer[0] in field.right
    right_labels = [labels[key] for key in field.right if key in labels]
    return FieldResult(
        field_id=field.field_id,
        label=field.label,
        right=right,
        answer="; ".join(labels[key] for key in answer or ()),
        correct="; ".join(right_labels),
        rule_id=field.explanation.rule_id,
        reason=field.explanation.reason,
        hint=field.explanation.hint,
        change=field.explanation.change,
    )


# --- a round, and a second chance for each question -----------------------------------------------


CHANCES: Final = 2
FIRST, SECOND, WRONG, SKIPPED = "first", "second", "wrong", "skipped"
RESULTS: Final = (FIRST, SECOND, WRONG, SKIPPED)


class ItemOutcome(NamedTuple):
    """How a question ended: right at the first or second try, wrong, or skipped."""

    item: PracticeItem
    result: str


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """How far a learner is: the questions, how the earlier ones ended, tries at the present one."""

    items: tuple[PracticeItem, ...]
    outcomes: tuple[ItemOutcome, ...] = ()
    tries: int = 0
    right: bool = False

    @property
    def item(self) -> PracticeItem | None:
        """Return the question that is asked, or None after the last."""
        place = len(self.outcomes)
        return self.items[place] if place < len(self.items) else None

    @property
    def settled(self) -> bool:
        """Return whether the question was answered right, or both chances are used."""
        return self.right or self.tries >= CHANCES

    def counts(self) -> dict[str, int]:
        """Return how many questions ended with each result."""
        results = [outcome.result for outcome in self.outcomes]
        return {result: results.count(result) for result in RESULTS}

    def again(self) -> tuple[PracticeItem, ...]:
        """Return the questions that were not right at the first try."""
        return tuple(outcome.item for outcome in self.outcomes if outcome.result != FIRST)


def check(current: Round, response: Response) -> tuple[Round, Feedback]:
    """Return the round after one try at its present question, and the feedback.

    A question that is settled stays as it was. Raises ``PracticeError`` as ``grade`` does.
    """
    item = current.item
    if item is None:
        message = "the round is over"
        raise LookupError(message)
    feedback = grade(item, response)
    if current.settled:
        return current, feedback
    return replace(current, tries=current.tries + 1, right=feedback.right), feedback


def go_on(current: Round) -> Round:
    """Return the round at its next question; one without a try counts as skipped."""
    if current.item is None:
        return current
    outcome = ItemOutcome(current.item, _result_of_tries(current))
    return Round(current.items, (*current.outcomes, outcome))


def _result_of_tries(current: Round) -> str:
    if current.right:
        return FIRST if current.tries == 1 else SECOND
    return WRONG if current.tries else SKIPPED

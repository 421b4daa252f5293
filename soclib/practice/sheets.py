"""Questions, feedback and results of practice as escaped HTML and as the same words in text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from soclib.catalog import Catalog
from soclib.paper.sheets import Sheet, table
from soclib.practice.asking import LETTERS, Field, Item, Option, word
from soclib.practice.cases import Scenario
from soclib.practice.grading import RESULTS, Feedback, Result, Round, grade
from soclib.practice.progress import WAITS, Progress

LONG: Final = 60  # letters: options beyond are listed in full beside the control
BREAK: Final = "\n\n"  # between the paragraphs of a case
MANY: Final = 3  # fields that share a list are not all named above it


def case(scenario: Scenario) -> Sheet:
    """Return a case as a story, without its key."""
    html = f'<article class="soc-tale">{_paragraphs(scenario.text.split(BREAK))}</article>'
    return Sheet(html, scenario.text)


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f'<p style="margin-bottom:8px">{escape(one)}</p>' for one in lines)


# --- questions ---------------------------------------------------------------------------------


def question(item: Item) -> Sheet:
    """Return a question with its options, and without anything that says which are right."""
    fields = "".join(_field_html(field) for field in item.fields)
    return Sheet(f"{question_html(item)}{fields}", str(item))


def question_html(item: Item) -> str:
    """Return what a question is about, without its fields."""
    head = f"<h3>{escape(item.prompt)}</h3>"
    if item.numbered:
        lines = "".join(f"<li>{escape(line)}</li>" for line in item.passage)
        return f'{head}<ol type="A">{lines}</ol>'
    text = _paragraphs(item.passage)
    return f'{head}<div class="soc-tale">{text}</div>' if text else head


def _field_html(field: Field) -> str:
    options = "".join(
        f"<li><code>{escape(one.option_id)}</code> {escape(one.label)}</li>"
        for one in field.options
    )
    head = f"<b>{escape(field.label)}</b> (<code>{escape(field.field_id)}</code>)"
    return f"<p>{head}</p><ul>{options}</ul>"


def is_long(field: Field) -> bool:
    """Return whether an option is too long to be read in a list that drops down."""
    return any(len(option.label) > LONG for option in field.options)


def listed_html(fields: tuple[Field, ...]) -> dict[str, str]:
    """Return by field the options that are too long for its control, each list of options once."""
    shown: dict[tuple[Option, ...], list[Field]] = {}
    for field in fields:
        if is_long(field):
            shown.setdefault(field.options, []).append(field)
    return {of[0].field_id: _letters_html(of, options) for options, of in shown.items()}


def _letters_html(fields: list[Field], options: tuple[Option, ...]) -> str:
    items = "".join(f"<li>{escape(option.label)}</li>" for option in options)
    head = " · ".join(field.label for field in fields) if len(fields) < MANY else ""
    named = f"<p><b>{escape(head)}</b></p>" if head else ""
    return f'{named}<ol type="A">{items}</ol>'


def letter(field: Field, place: int) -> str:
    """Return the short name of an option in a control: its letter and how it begins."""
    label = field.options[place].label
    cut = label if len(label) <= LONG else f"{label[:LONG].rsplit(' ', 1)[0]} …"
    return f"{LETTERS[place]}. {cut}" if is_long(field) else label


# --- feedback ----------------------------------------------------------------------------------


def feedback(item: Item, given: Feedback, *, last: bool = True) -> Sheet:
    """Return how a question was answered: hints for a second chance, or all the reasons."""
    lines = [_result_lines(item.catalog, one, last=last) for one in given.results]
    head = heading(item.catalog, given, last=last)
    items = "".join(f"<li>{'<br>'.join(map(escape, one))}</li>" for one in lines)
    html = f"<p><b>{escape(head)}</b></p><ul>{items}</ul>"
    return Sheet(html, "\n".join([head, *("  ".join(one) for one in lines)]))


def heading(catalog: Catalog, given: Feedback, *, last: bool) -> str:
    """Return in one sentence whether an answer is right."""
    right, count = given.score
    key = "all_right" if given.right else "wrong_last" if last else "wrong_again"
    return word(catalog, key, right=str(right), count=str(count))


def _result_lines(catalog: Catalog, one: Result, *, last: bool) -> list[str]:
    mark = word(catalog, "mark_right" if one.right else "mark_wrong")
    lines = [f"{mark} {one.label}"]
    if one.said:
        lines.append(word(catalog, "you_said", said=one.said))
    if one.right or last:
        lines += [] if one.right else [word(catalog, "it_is", correct=one.correct)]
        lines.append(one.reason)
        lines += [word(catalog, "rule", rule=one.rule_id)] if one.rule_id else []
        lines += [one.change] if one.change else []
    else:
        lines.append(one.hint)
    return lines


def contents(items: Iterable[Item]) -> Sheet:
    """Return what a set holds: the id, kind and prompt of each question, and no answer."""
    made = list(items)
    catalog = made[0].catalog
    heads = [word(catalog, name) for name in ("number", "id", "kind", "prompt")]
    rows = [
        [str(n), one.item_id, word(catalog, f"kind_{one.kind}"), one.prompt]
        for n, one in enumerate(made, start=1)
    ]
    return table(word(catalog, "set"), heads, rows)


def example(item: Item) -> Sheet:
    """Return a question with the right answers and their reasons: what practice looks like."""
    answers = _answers(item)
    return Sheet(f"{question_html(item)}{answers.html}", f"{item}\n{answers.text}")


def solution(item: Item) -> Sheet:
    """Return the right answers with their reasons, folded away until a reader opens them."""
    answers = _answers(item)
    summary_html = f"<summary>{escape(word(item.catalog, 'unfold'))}</summary>"
    return Sheet(f"<details>{summary_html}{answers.html}</details>", answers.text)


def _answers(item: Item) -> Sheet:
    graded = grade(item, {one.field_id: _right(one) for one in item.fields})
    lines = [_answer_lines(item.catalog, one) for one in graded.results]
    items = "".join(f"<li>{'<br>'.join(map(escape, one))}</li>" for one in lines)
    return Sheet(f"<ul>{items}</ul>", "\n".join("\n  ".join(one) for one in lines))


def _answer_lines(catalog: Catalog, one: Result) -> list[str]:
    """Return a field with its right answer and what decides."""
    said = one.said or word(catalog, "none_of_them")
    rule = [word(catalog, "rule", rule=one.rule_id)] if one.rule_id else []
    return [f"{one.label} {said}", one.reason, *rule, *([one.change] if one.change else [])]


def _right(field: Field) -> tuple[str, ...]:
    if field.many:
        return field.right
    return tuple(o.option_id for o in field.options if o.option_id in field.right)[:1]


# --- results -----------------------------------------------------------------------------------


def summary(turn: Round) -> Sheet:
    """Return what came of a round, question by question."""
    catalog = turn.items[0].catalog
    heads = [word(catalog, name) for name in ("number", "kind", "result")]
    rows = [
        [str(n), word(catalog, f"kind_{one.item.kind}"), word(catalog, f"result_{one.result}")]
        for n, one in enumerate(turn.outcomes, start=1)
    ]
    return table(progress_line(turn), heads, rows)


def progress_line(turn: Round) -> str:
    """Return in one sentence how far a round is and what came of it so far."""
    catalog, place = turn.items[0].catalog, len(turn.outcomes)
    counts = turn.counts()
    parts = {"place": str(place + 1), "count": str(len(turn.items))}
    said = [
        word(catalog, f"count_{key}", number=str(counts[key])) for key in RESULTS if counts[key]
    ]
    head = word(catalog, "round_over" if turn.item is None else "place_in_round", **parts)
    return " ".join([head, *said])


def boxes(catalog: Catalog, kept: Progress) -> Sheet:
    """Return how many questions lie in each box, and how many answers were right."""
    right, count = kept.answers
    caption = word(catalog, "progress", right=str(right), count=str(count))
    heads = [word(catalog, name) for name in ("box", "wait", "questions")]
    rows = [
        [str(box), word(catalog, "days", number=str(wait)), str(number)]
        for box, (wait, number) in enumerate(zip(WAITS, kept.boxes, strict=True), start=1)
    ]
    return table(caption, heads, rows)

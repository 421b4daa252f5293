"""Questions, feedback and results of practice as escaped HTML and as the same words in text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from soclib.catalog import Catalog
from soclib.paper.sheets import Sheet, table
from soclib.practice.cases import Scenario
from soclib.practice.grading import RESULTS, Feedback, FieldResult, Round, grade
from soclib.practice.items import LETTERS, ItemField, Option, PracticeItem, practice_text
from soclib.practice.progress import WAITS, Progress

LONG: Final = 60  # letters; longer options are listed in full above the control
BREAK: Final = "\n\n"  # between the paragraphs of a case
MANY: Final = 3  # so many fields that share a list are not named above it


def case(scenario: Scenario) -> Sheet:
    """Return a case as a story, without its key."""
    html = f'<article class="soc-tale">{_paragraphs(scenario.text.split(BREAK))}</article>'
    return Sheet(html, scenario.text)


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f'<p style="margin-bottom:8px">{escape(line)}</p>' for line in lines)


# --- questions ---------------------------------------------------------------------------------


def question(item: PracticeItem) -> Sheet:
    """Return a question with its options, and without anything that says which are right."""
    fields = "".join(_field_html(field) for field in item.fields)
    return Sheet(f"{question_html(item)}{fields}", str(item))


def question_html(item: PracticeItem) -> str:
    """Return what a question is about, without its fields."""
    head = f"<h3>{escape(item.prompt)}</h3>"
    if item.numbered:
        lines = "".join(f"<li>{escape(line)}</li>" for line in item.passage)
        return f'{head}<ol type="A">{lines}</ol>'
    text = _paragraphs(item.passage)
    return f'{head}<div class="soc-tale">{text}</div>' if text else head


def _field_html(field: ItemField) -> str:
    options = "".join(
        f"<li><code>{escape(option.option_id)}</code> {escape(option.label)}</li>"
        for option in field.options
    )
    head = f"<b>{escape(field.label)}</b> (<code>{escape(field.field_id)}</code>)"
    return f"<p>{head}</p><ul>{options}</ul>"


def is_long(field: ItemField) -> bool:
    """Return whether an option is too long to be read in a list that drops down."""
    return any(len(option.label) > LONG for option in field.options)


def listed_html(fields: tuple[ItemField, ...]) -> dict[str, str]:
    """Return the lists of options too long for a control, by the first field that has each."""
    sharingby_options: dict[tuple[Option, ...], list[ItemField]] = {}
    for field in fields:
        if is_long(field):
            sharingby_options.setdefault(field.options, []).append(field)
    return {
        sharing[0].field_id: _letters_html(sharing, options)
        for options, sharing in sharingby_options.items()
    }


def _letters_html(fields: list[ItemField], options: tuple[Option, ...]) -> str:
    items = "".join(f"<li>{escape(option.label)}</li>" for option in options)
    head = " · ".join(field.label for field in fields) if len(fields) < MANY else ""
    title = f"<p><b>{escape(head)}</b></p>" if head else ""
    return f'{title}<ol type="A">{items}</ol>'


def letter(field: ItemField, place: int) -> str:
    """Return the short name of an option in a control: its letter and how it begins."""
    label = field.options[place].label
    cut = label if len(label) <= LONG else f"{label[:LONG].rsplit(' ', 1)[0]} …"
    return f"{LETTERS[place]}. {cut}" if is_long(field) else label


# --- feedback ----------------------------------------------------------------------------------


def feedback(item: PracticeItem, graded: Feedback, *, last: bool = True) -> Sheet:
    """Return how a question was answered: hints for a second chance, or all the reasons."""
    lines = [_result_lines(item.catalog, result, last=last) for result in graded.results]
    head = heading(item.catalog, graded, last=last)
    items = "".join(f"<li>{'<br>'.join(map(escape, part))}</li>" for part in lines)
    html = f"<p><b>{escape(head)}</b></p><ul>{items}</ul>"
    return Sheet(html, "\n".join([head, *("  ".join(part) for part in lines)]))


def heading(catalog: Catalog, graded: Feedback, *, last: bool) -> str:
    """Return in one sentence whether an answer is right."""
    right, count = graded.score
    key = "all_right" if graded.right else "wrong_last" if last else "wrong_again"
    return practice_text(catalog, key, right=str(right), count=str(count))


def _result_lines(catalog: Catalog, result: FieldResult, *, last: bool) -> list[str]:
    mark = practice_text(catalog, "mark_right" if result.right else "mark_wrong")
    lines = [f"{mark} {result.label}"]
    if result.answer:
        lines.append(practice_text(catalog, "you_said", said=result.answer))
    if result.right or last:
        lines += [] if result.right else [practice_text(catalog, "it_is", correct=result.correct)]
        lines.append(result.reason)
        lines += [practice_text(catalog, "rule", rule=result.rule_id)] if result.rule_id else []
        lines += [result.change] if result.change else []
    else:
        lines.append(result.hint)
    return lines


def contents(items: Iterable[PracticeItem]) -> Sheet:
    """Return what a set holds: the id, kind and prompt of each question, and no answer."""
    all_items = list(items)
    catalog = all_items[0].catalog
    heads = [practice_text(catalog, name) for name in ("number", "id", "kind", "prompt")]
    rows = [
        [str(n), item.item_id, practice_text(catalog, f"kind_{item.kind}"), item.prompt]
        for n, item in enumerate(all_items, start=1)
    ]
    return table(practice_text(catalog, "set"), heads, rows)


def example(item: PracticeItem) -> Sheet:
    """Return a question with the right answers and their reasons: what practice looks like."""
    answers = _answers(item)
    return Sheet(f"{question_html(item)}{answers.html}", f"{item}\n{answers.text}")


def solution(item: PracticeItem) -> Sheet:
    """Return the right answers with their reasons, folded away until they are opened."""
    answers = _answers(item)
    summary_html = f"<summary>{escape(practice_text(item.catalog, 'unfold'))}</summary>"
    return Sheet(f"<details>{summary_html}{answers.html}</details>", answers.text)


def _answers(item: PracticeItem) -> Sheet:
    graded = grade(item, {field.field_id: _right(field) for field in item.fields})
    lines = [_answer_lines(item.catalog, result) for result in graded.results]
    items = "".join(f"<li>{'<br>'.join(map(escape, part))}</li>" for part in lines)
    return Sheet(f"<ul>{items}</ul>", "\n".join("\n  ".join(part) for part in lines))


def _answer_lines(catalog: Catalog, result: FieldResult) -> list[str]:
    """Return a field with its right answer and what decides."""
    answer = result.answer or practice_text(catalog, "none_of_them")
    rule = [practice_text(catalog, "rule", rule=result.rule_id)] if result.rule_id else []
    return [
        f"{result.label} {answer}",
        result.reason,
        *rule,
        *([result.change] if result.change else []),
    ]


def _right(field: ItemField) -> tuple[str, ...]:
    if field.many:
        return field.right
    return tuple(o.option_id for o in field.options if o.option_id in field.right)[:1]


# --- results -----------------------------------------------------------------------------------


def summary(current: Round) -> Sheet:
    """Return how each question of a round ended."""
    catalog = current.items[0].catalog
    heads = [practice_text(catalog, name) for name in ("number", "kind", "result")]
    rows = [
        [
            str(n),
            practice_text(catalog, f"kind_{outcome.item.kind}"),
            practice_text(catalog, f"result_{outcome.result}"),
        ]
        for n, outcome in enumerate(current.outcomes, start=1)
    ]
    return table(progress_line(current), heads, rows)


def progress_line(current: Round) -> str:
    """Return in one sentence how far a round is and how its questions ended."""
    catalog, place = current.items[0].catalog, len(current.outcomes)
    counts = current.counts()
    parts = {"place": str(place + 1), "count": str(len(current.items))}
    counted = [
        practice_text(catalog, f"count_{key}", number=str(counts[key]))
        for key in RESULTS
        if counts[key]
    ]
    head = practice_text(
        catalog, "round_over" if current.item is None else "place_in_round", **parts
    )
    return " ".join([head, *counted])


def boxes(catalog: Catalog, progress: Progress) -> Sheet:
    """Return how many questions are in each box, and how many answers were right."""
    right, count = progress.answers
    caption = practice_text(catalog, "progress", right=str(right), count=str(count))
    heads = [practice_text(catalog, name) for name in ("box", "wait", "questions")]
    rows = [
        [str(box), practice_text(catalog, "days", number=str(wait)), str(number)]
        for box, (wait, number) in enumerate(zip(WAITS, progress.boxes, strict=True), start=1)
    ]
    return table(caption, heads, rows)

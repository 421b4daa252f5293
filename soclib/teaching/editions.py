"""The two editions of a lesson, from one source: for the class, and for who stands before it.

A student's edition is not an instructor's edition with the answers hidden. Answers and hints are
never put into it, so that no form of it can hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.claims.tables import CLAIMS
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.blocks import Block, Span, block, markdown
from soclib.paper.sheets import Sheet, table_html
from soclib.tables.rows import VOICES
from soclib.teaching.material import answered, shown
from soclib.teaching.tables import DO, TEACHING, Lesson, LessonStep
from soclib.words import Words, fill, words_of

STUDENT, INSTRUCTOR = "student", "instructor"
EDITIONS = (STUDENT, INSTRUCTOR)


class Section(NamedTuple):
    """A step as a class meets it; ``answer`` and ``say`` are empty in a student's edition.

    ``start`` and ``end`` are minutes since the lesson began; ``live`` says that the panel is used.
    """

    step_id: str
    kind: str
    title: str
    start: int
    end: int
    shown: tuple[Block, ...]
    ask: str
    answer: tuple[Block, ...]
    say: str
    live: bool


class Edition(NamedTuple):
    """A lesson as one of its two editions; ``name`` is student or instructor."""

    lesson: Lesson
    name: str
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    words: Words
    version: str

    @property
    def title(self) -> str:
        """Return the title with the name of the edition."""
        return f"{self.lesson.title} ({self.words[f'teach_{self.name}']})"

    @property
    def intro(self) -> tuple[tuple[str, str], ...]:
        """Return for whom the lesson is and what it is for, each with its label."""
        words, lesson = self.words, self.lesson
        length = fill(words["teach_minutes"], {"count": str(lesson.minutes)})
        pairs = [
            (words["teach_audience"], f"{lesson.audience}; {length}."),
            (words["teach_goal"], lesson.goal),
        ]
        if self.name == INSTRUCTOR:
            pairs.append((words["teach_prepare"], lesson.prepare))
        return tuple(pairs)

    @property
    def fine(self) -> str:
        """Return what this is not, and the tables that it was made from."""
        return f"{self.words['not_advice']} {self.version}."

    def clock(self, section: Section) -> str:
        """Return from which minute to which a section runs."""
        parts = {"start": str(section.start), "end": str(section.end)}
        return fill(self.words["teach_clock"], parts)


def edition_of(catalog: Catalog, lesson_id: str, name: str) -> Edition:
    """Return one edition of a lesson; raises ``AnswerError`` that names the nearest id."""
    lessons = catalog.part(TEACHING).lessons
    if lesson_id not in lessons:
        raise AnswerError(did_you_mean("lesson", lesson_id, lessons))
    if name not in EDITIONS:
        raise AnswerError(did_you_mean("edition", name, EDITIONS))
    lesson = lessons[lesson_id]
    return Edition(
        lesson=lesson,
        name=name,
        sections=tuple(_sections(catalog, lesson, name)),
        sources=tuple(_sources(catalog, lesson)),
        words=words_of(catalog, VOICES[0]),
        version=catalog.version,
    )


def _sections(catalog: Catalog, lesson: Lesson, name: str) -> Iterator[Section]:
    start = 0
    for step in catalog.part(TEACHING).steps_of(lesson):
        end = start + step.minutes
        section = _for_class(catalog, step, start, end)
        if name == INSTRUCTOR:
            section = section._replace(answer=answer_of(catalog, step), say=step.say)
        yield section
        start = end


def _for_class(catalog: Catalog, step: LessonStep, start: int, end: int) -> Section:
    """Return a step without its answer and without its hint."""
    own = (block("text", step.show),) if step.show else ()
    rows = (shown(catalog, one, step.answer_from) for one in step.material)
    return Section(
        step_id=step.step_id,
        kind=step.kind,
        title=step.title,
        start=start,
        end=end,
        shown=(*own, *(one for blocks in rows for one in blocks)),
        ask=step.ask,
        answer=(),
        say="",
        live=step.kind == DO,
    )


def answer_of(catalog: Catalog, step: LessonStep) -> tuple[Block, ...]:
    """Return the answer to a step's question, worked out or else as written; nothing if none."""
    if step.answer_from:
        found = (answered(catalog, one, step.answer_from) for one in step.material)
        return tuple(one for blocks in found for one in blocks)
    return (block("text", step.answer),) if step.answer else ()


def _sources(catalog: Catalog, lesson: Lesson) -> Iterator[str]:
    """Yield the sources of the steps and of the rows that they show, each once, with its day."""
    words = words_of(catalog, VOICES[0])
    steps = catalog.part(TEACHING).steps_of(lesson)
    rows = {f"{one.table}/{one.key}": one.provenance for one in catalog.entries}
    cited = [step.provenance for step in steps]
    cited += [rows[reference] for step in steps for reference in step.material]
    found = dict.fromkeys(source_id for one in cited for source_id in one.source_ids)
    for source_id in sorted(found):
        source = catalog.part(CLAIMS).sources[source_id]
        parts = {"title": source.title, "publisher": source.publisher, "as_of": source.as_of}
        yield fill(words["teach_source"], parts)


# --- as blocks ------------------------------------------------------------------------------------


def edition_blocks(edition: Edition) -> tuple[Block, ...]:
    """Return an edition as blocks, for Markdown and .docx."""
    words = edition.words
    return (
        block("title", edition.title),
        *(block("text", Span(f"{label}:", strong=True), text) for label, text in edition.intro),
        *(one for section in edition.sections for one in _section_blocks(edition, section)),
        block("heading", words["teach_sources"]),
        *(block("fine", source) for source in edition.sources),
        block("fine", edition.fine),
    )


def _section_blocks(edition: Edition, section: Section) -> Iterator[Block]:
    words = edition.words
    yield block("heading", section.title)
    yield block("fine", f"{words[f'teach_kind_{section.kind}']}. {edition.clock(section)}.")
    if section.say:
        yield block("text", Span(f"{words['teach_say']}:", strong=True), section.say)
    yield from section.shown
    if section.ask:
        yield block("text", Span(f"{words['teach_question']}:", strong=True), section.ask)
    if section.answer:
        yield block("text", Span(f"{words['teach_answer']}:", strong=True))
        yield from section.answer


# --- the plan as a sheet --------------------------------------------------------------------------


NARROW = ".soc-plan thead th:first-child { width: 5.5em; }"  # the minutes need little room


def blocks_html(blocks: Iterable[Block]) -> str:
    """Return blocks of a lesson as HTML: paragraphs, and items as lists."""
    parts: list[str] = []
    is_open = False
    for one in blocks:
        if (one.kind == "item") != is_open:
            parts.append("</ul>" if is_open else "<ul>")
            is_open = not is_open
        tag = "li" if one.kind == "item" else "p"
        parts.append(f"<{tag}>{_spans_html(one)}</{tag}>")
    return "".join([*parts, "</ul>" if is_open else ""])


def _spans_html(one: Block) -> str:
    return " ".join(
        f"<b>{escape(span.text)}</b>" if span.strong else escape(span.text) for span in one.spans
    )


def edition_sheet(edition: Edition) -> Sheet:
    """Return an edition as it reads on paper, without the room to write."""
    title, *rest = edition_blocks(edition)
    parts = [f"<h3>{escape(title.text)}</h3>"]
    for is_heading, group in groupby(rest, key=lambda one: one.kind == "heading"):
        blocks = list(group)
        heads = "".join(f"<h4>{escape(one.text)}</h4>" for one in blocks)
        parts.append(heads if is_heading else blocks_html(blocks))
    html = f'<article class="soc-tale">{"".join(parts)}</article>'
    return Sheet(html, markdown([title, *rest]))


def plan_sheet(edition: Edition) -> Sheet:
    """Return an instructor's edition as a plan: a row per step, hint and answer unfold."""
    words, lesson = edition.words, edition.lesson
    caption = fill(words["teach_plan"], {"title": lesson.title})
    intro = "".join(
        f"<p><b>{escape(label)}:</b> {escape(text)}</p>" for label, text in edition.intro
    )
    heads = [words["teach_when"], words["teach_step"], words["teach_on_screen"]]
    rows = [_row(edition, section) for section in edition.sections]
    table = table_html(caption, heads, rows, "soc-plan")
    html = f'<style>{NARROW}</style><div class="soc-hint">{intro}</div>{table}'
    lines = [caption, *(f"{label}: {text}" for label, text in edition.intro)]
    for section in edition.sections:
        lines += _lines(edition, section)
    return Sheet(html, "\n".join(lines))


def _row(edition: Edition, section: Section) -> list[str]:
    words = edition.words
    kind = words[f"teach_kind_{section.kind}"]
    ask = f"<p>{escape(section.ask)}</p>" if section.ask else ""
    name = "teach_fold" if section.answer else "teach_fold_hint"
    fold = fill(words[name], {"title": section.title})
    answer = f"<p><b>{escape(words['teach_answer'])}:</b></p>" if section.answer else ""
    what = (
        f"<b>{escape(kind)}: {escape(section.title)}</b>{ask}"
        f"<details><summary>{escape(fold)}</summary><p><b>{escape(words['teach_say'])}:</b> "
        f"{escape(section.say)}</p>{answer}{blocks_html(section.answer)}</details>"
    )
    return [f"{section.start}-{section.end}", what, blocks_html(section.shown)]


def _lines(edition: Edition, section: Section) -> list[str]:
    words = edition.words
    head = f"{section.start}-{section.end} {words[f'teach_kind_{section.kind}']}: {section.title}"
    said = [(words["teach_question"], section.ask), (words["teach_say"], section.say)]
    answers = [(words["teach_answer"], one.text) for one in section.answer]
    return [head, *(f"  {label}: {text}" for label, text in (*said, *answers) if text)]

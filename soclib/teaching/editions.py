"""The two editions of a lesson, from one source: the student's and the instructor's.

A student's edition is not an instructor's edition with the answers hidden. Answers and hints are
never put into it, so that no file made of it can hold them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.claims.tables import CLAIMS
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.blocks import Block, Span, block
from soclib.tables.rows import VOICES
from soclib.teaching.material import answer_of_row, shown_of_row
from soclib.teaching.tables import DO, TEACHING, Lesson, LessonStep
from soclib.words import Words, fill, words_of

STUDENT, INSTRUCTOR = "student", "instructor"
EDITIONS = (STUDENT, INSTRUCTOR)


class Section(NamedTuple):
    """A step of an edition; ``answer`` and ``say`` are empty in a student's.

    ``start`` and ``end`` are minutes since the lesson began; ``live`` means that the step is done
    in the panel.
    """

    step_id: str
    kind: str
    title: str
    start: int
    end: int
    on_screen: tuple[Block, ...]
    ask: str
    answer: tuple[Block, ...]
    say: str
    live: bool


class Edition(NamedTuple):
    """One of the two editions of a lesson; ``name`` is student or instructor."""

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
        """Return for whom the lesson is, its goal and what to prepare, each with its label."""
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
    def fine_print(self) -> str:
        """Return that this is no advice, and the version of the tables it was made from."""
        return f"{self.words['not_advice']} {self.version}."

    def clock(self, section: Section) -> str:
        """Return from which minute to which a section lasts."""
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
    blocks_by_row = (
        shown_of_row(catalog, reference, step.answer_from) for reference in step.material
    )
    return Section(
        step_id=step.step_id,
        kind=step.kind,
        title=step.title,
        start=start,
        end=end,
        on_screen=(*own, *(part for blocks in blocks_by_row for part in blocks)),
        ask=step.ask,
        answer=(),
        say="",
        live=step.kind == DO,
    )


def answer_of(catalog: Catalog, step: LessonStep) -> tuple[Block, ...]:
    """Return the answer to a step's question, worked out or as written; nothing if none."""
    if step.answer_from:
        blocks_by_row = (
            answer_of_row(catalog, reference, step.answer_from) for reference in step.material
        )
        return tuple(part for blocks in blocks_by_row for part in blocks)
    return (block("text", step.answer),) if step.answer else ()


def _sources(catalog: Catalog, lesson: Lesson) -> Iterator[str]:
    """Yield the sources of the steps and of the rows that they show, each once, with its date."""
    words = words_of(catalog, VOICES[0])
    steps = catalog.part(TEACHING).steps_of(lesson)
    rows = {f"{entry.table}/{entry.key}": entry.provenance for entry in catalog.entries}
    provenances = [step.provenance for step in steps]
    provenances += [rows[reference] for step in steps for reference in step.material]
    source_ids = dict.fromkeys(
        source_id for provenance in provenances for source_id in provenance.source_ids
    )
    for source_id in sorted(source_ids):
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
        *(
            section_block
            for section in edition.sections
            for section_block in _section_blocks(edition, section)
        ),
        block("heading", words["teach_sources"]),
        *(block("fine", source) for source in edition.sources),
        block("fine", edition.fine_print),
    )


def _section_blocks(edition: Edition, section: Section) -> Iterator[Block]:
    words = edition.words
    yield block("heading", section.title)
    yield block("fine", f"{words[f'teach_kind_{section.kind}']}. {edition.clock(section)}.")
    if section.say:
        yield block("text", Span(f"{words['teach_say']}:", strong=True), section.say)
    yield from section.on_screen
    if section.ask:
        yield block("text", Span(f"{words['teach_question']}:", strong=True), section.ask)
    if section.answer:
        yield block("text", Span(f"{words['teach_answer']}:", strong=True))
        yield from section.answer

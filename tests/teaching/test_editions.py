"""What a trainer hands out: slides, hand-outs and notebooks, with answers in one edition only.

The rule for a student's file: no sentence of an answer or of a hint stands anywhere in it, be it in
text, attribute, comment or script. One thing is taken out before looking: the rule tables of the
live panel, which are no answers, since the verdict is worked out from what the class sets. They are
held to be the bytes of a panel in which nothing is answered and that knows of no lesson.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html import unescape
from unicodedata import normalize

import nbformat
import pytest
from nbclient import NotebookClient
from pypdf import PdfReader

import soclib
from soclib import teaching
from soclib.__main__ import main
from soclib.errors import SaveError
from soclib.teaching import files
from soclib.teaching.editions import EDITIONS, INSTRUCTOR, STUDENT, answer_of, edition_of
from soclib.teaching.files import notebook_bytes, pdf_bytes, write_editions
from soclib.teaching.tables import TEACHING
from soclib.teaching.view import handout_html, slides_html

SHIPPED = soclib.load_catalog()
LESSON_TABLES = SHIPPED.part(TEACHING)
# A lesson of all there is: what gives nothing away here gives nothing away in any choice of tags.
EVERYTHING = replace(
    LESSON_TABLES.lessons["exam_group"],
    lesson_id="everything",
    tags=tuple({tag for step in LESSON_TABLES.steps for tag in step.tags}),
)
LESSONS = {**LESSON_TABLES.lessons, "everything": EVERYTHING}
CATALOG = SHIPPED.with_part(TEACHING, replace(LESSON_TABLES, lessons=LESSONS))
LEAST_WORDS = 4  # of a sentence that would give an answer away
CONTENT = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
OURS = re.compile(r"<script.*?>.*?</script>|<style>.*?</style>", re.DOTALL)
PRINTER = files.NAMES

each_lesson = pytest.mark.parametrize("lesson_id", LESSONS)


def plain(text):
    """Return a text as words only, however it was escaped, marked or broken into lines."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), unescape(text))
    text = re.sub(r"</?[a-z][^>]*>", " ", re.sub(r"<!--|-->", " ", text))
    joined = normalize("NFKC", text.lower())  # a font may print two letters as one
    return "".join(letter for letter in joined if letter.isalnum())


def secrets(lesson_id):
    """Return every sentence of every answer and of every hint of a lesson."""
    for step in CATALOG.part(TEACHING).steps_of(LESSONS[lesson_id]):
        spans = [span.text for one in answer_of(CATALOG, step) for span in one.spans]
        for text in (*spans, step.say):
            for sentence in (text, *text.split(". ")):
                if len(sentence.split()) >= LEAST_WORDS:
                    yield sentence


def questions(lesson_id):
    return [step.ask for step in CATALOG.part(TEACHING).steps_of(LESSONS[lesson_id]) if step.ask]


def forms_of(lesson_id, name):
    """Return an edition in every form as text, the whole source of it, by form."""
    edition = edition_of(CATALOG, lesson_id, name)
    slides = slides_html(edition, CATALOG)
    return {
        "slides": CONTENT.sub("", slides),
        "hand-out": handout_html(edition),
        "notebook": "\n".join(map(str, json.loads(notebook_bytes(edition))["cells"])),
    }


def given_away(lesson_id, text):
    """Return the sentences of answers and hints that stand in a text, in tags as well."""
    attributes = " ".join(re.findall(r'="([^"]*)"', text))
    shown = f"{plain(text)} {plain(attributes)}"
    return [sentence for sentence in secrets(lesson_id) if plain(sentence) in shown]


# --- no answers for students ----------------------------------------------------------------------


@each_lesson
def test_no_form_of_a_students_edition_holds_an_answer_or_a_hint(lesson_id):
    for form, text in forms_of(lesson_id, STUDENT).items():
        assert given_away(lesson_id, text) == [], form
        assert not [ask for ask in questions(lesson_id) if plain(ask) not in plain(text)], form


@each_lesson
def test_every_form_of_an_instructors_edition_holds_all_answers_and_hints(lesson_id):
    for form, text in forms_of(lesson_id, INSTRUCTOR).items():
        missing = set(secrets(lesson_id)) - set(given_away(lesson_id, text))
        assert not missing, form


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- {} -->",
        '<p title="{}"></p>',
        '<p data-answer="{}" hidden></p>',
        "<template><p>{}</p></template>",
        '<script>const answer = "{}";</script>',
        "<style>p::after {{ content: '{}' }}</style>",
    ],
)
def test_an_answer_would_be_found_wherever_it_were_hidden(hidden):
    secret = next(secrets("first_talk"))
    assert given_away("first_talk", f"<main><p>Hello</p>{hidden.format(secret)}</main>")


def test_the_panel_of_a_lesson_is_one_in_which_nothing_is_answered():
    fresh = CONTENT.search(soclib.panel().standby_html())[1]
    for lesson_id in LESSONS:
        for name in EDITIONS:
            slides = slides_html(edition_of(CATALOG, lesson_id, name), CATALOG)
            assert CONTENT.findall(slides) == [fresh]
    assert {control["index"] for control in json.loads(fresh)["controls"]["toggles"]} == {None}


def test_scripts_and_styles_of_slides_are_the_same_for_students_and_instructors():
    pair = (edition_of(CATALOG, "first_talk", name) for name in EDITIONS)
    student, instructor = (OURS.findall(slides_html(one, CATALOG)) for one in pair)
    assert student == instructor


# --- files --------------------------------------------------------------------------------------


@each_lesson
def test_the_same_source_gives_the_same_bytes(lesson_id):
    for name in EDITIONS:
        assert forms_of(lesson_id, name) == forms_of(lesson_id, name)


@each_lesson
def test_slides_load_nothing(lesson_id):
    for name in EDITIONS:
        slides = slides_html(edition_of(CATALOG, lesson_id, name), CATALOG)
        assert not re.search(r'\b(src|href|action)="|@import|url\(', OURS.sub("", slides))
        assert "default-src &#x27;none&#x27;" in slides


@each_lesson
def test_a_notebook_is_valid_and_a_students_has_an_empty_cell_for_each_answer(lesson_id):
    for name in EDITIONS:
        book = nbformat.reads(
            notebook_bytes(edition_of(CATALOG, lesson_id, name)).decode(), as_version=4
        )
        nbformat.validate(book)
        rooms = [cell for cell in book.cells if cell["id"].endswith("-room")]
        assert len(rooms) == (len(questions(lesson_id)) if name == STUDENT else 0)


def test_a_students_notebook_runs_in_a_fresh_kernel(tmp_path):
    edition = edition_of(CATALOG, "first_talk", STUDENT)
    book = nbformat.reads(notebook_bytes(edition).decode(), as_version=4)
    NotebookClient(
        book, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    panels = [cell for cell in book.cells if cell["cell_type"] == "code"]
    assert len(panels) == sum(section.live for section in edition.sections)
    assert all(cell["outputs"] for cell in panels)


def test_every_form_of_both_editions_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "pdf_bytes", lambda html: html.encode())
    written = write_editions(tmp_path / "new" / "folder", "first_talk")
    assert [path.name for path in written.paths] == [
        f"first_talk_{name}_{form}"
        for name in sorted(EDITIONS)
        for form in ("handout.pdf", "notebook.ipynb", "slides.html")
    ]
    assert written.missing == ()
    assert all(path.is_file() for path in written.paths)


def test_without_a_browser_one_sentence_says_so_and_the_other_forms_are_written(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["editions", str(tmp_path / "out"), "--lesson", "first_talk"]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "install chromium" in told.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"first_talk_{name}_{form}"
        for name in sorted(EDITIONS)
        for form in ("notebook.ipynb", "slides.html")
    ]


def test_a_browser_that_prints_nothing_is_named(tmp_path, monkeypatch):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho no screen >&2\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SaveError, match="chromium printed nothing: no screen"):
        pdf_bytes("<p>Hello</p>")


def test_nothing_is_half_written(tmp_path, monkeypatch):
    (tmp_path / "first_talk_student_slides.html").write_text("before", encoding="utf-8")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_editions(tmp_path, "first_talk", "html")
    assert [path.name for path in tmp_path.iterdir()] == ["first_talk_student_slides.html"]
    assert (tmp_path / "first_talk_student_slides.html").read_text(encoding="utf-8") == "before"


def test_an_unknown_form_or_lesson_names_the_nearest(tmp_path, capsys):
    with pytest.raises(soclib.AnswerError, match="ipynb"):
        teaching.write_editions(tmp_path, "first_talk", "ipnb")
    assert main(["editions", str(tmp_path), "--lesson", "frist_talk"]) == 2
    assert "first_talk" in capsys.readouterr().err


# --- PDF ------------------------------------------------------------------------------------------

needs_a_browser = pytest.mark.skipif(
    not any(files.shutil.which(name) for name in PRINTER),
    reason="No Chromium found: run 'apt-get install chromium' to enable the tests of PDF.",
)


@pytest.fixture(scope="module")
def prints():
    """Return both editions of a lesson as printed."""
    return {
        name: pdf_bytes(handout_html(edition_of(CATALOG, "first_talk", name))) for name in EDITIONS
    }


@needs_a_browser
def test_a_hand_out_has_its_title_and_all_questions(prints):
    for name in EDITIONS:
        reader = PdfReader(io.BytesIO(prints[name]))
        text = plain(" ".join(page.extract_text() for page in reader.pages))
        assert len(reader.pages) > 1
        assert reader.metadata.title == edition_of(CATALOG, "first_talk", name).title
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # tagged, for screen readers
        assert str(reader.trailer["/Root"]["/Lang"]).startswith("en")
        assert not [ask for ask in questions("first_talk") if plain(ask) not in text]


@needs_a_browser
def test_a_students_hand_out_has_no_answer_on_paper_and_an_instructors_has_all(prints):
    for name in EDITIONS:
        reader = PdfReader(io.BytesIO(prints[name]))
        text = re.sub(r"\n\d+ / \d+", "", "\n".join(page.extract_text() for page in reader.pages))
        found = set(given_away("first_talk", text))
        assert found == (set() if name == STUDENT else set(secrets("first_talk")))


@needs_a_browser
def test_the_same_page_is_printed_as_the_same_bytes(prints):
    again = pdf_bytes(handout_html(edition_of(CATALOG, "first_talk", STUDENT)))
    assert again == prints[STUDENT]

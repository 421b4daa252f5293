"""Slides of a lesson in a browser, opened as a file: by keyboard, alive, printed, accessible."""

from __future__ import annotations

import io
from unicodedata import normalize

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from lab_page import WCAG_A_AND_AA
from playwright.sync_api import expect
from pypdf import PdfReader

import soclib
from soclib.paper.saving import LANGUAGE
from soclib.teaching.editions import EDITIONS, INSTRUCTOR, STUDENT, edition_of
from soclib.teaching.files import write_editions
from soclib.teaching.tables import TEACHING
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

CATALOG = soclib.load_catalog()
LESSON = "first_talk"
OTHERS = [
    pytest.param(lesson_id, marks=pytest.mark.thorough)
    for lesson_id in CATALOG.part(TEACHING).lessons
    if lesson_id != LESSON
]
EXTRA = 2  # the title and the sources
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules });
  const parts = (results) =>
    results.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  return [parts(found.violations), parts(found.passes).length];
}"""
SEEN = """() => [...document.querySelectorAll(".soc-slide :is(h1, h2)")]
  .filter((head) => head.checkVisibility()).map((head) => head.innerText)"""
UNFOLD = "() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
SHOW_ALL = "() => document.querySelectorAll('.soc-slide').forEach((one) => { one.hidden = false; })"
STICKS_OUT = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
LOOKS = {
    "light": {"width": 1280, "scheme": "light"},
    "dark": {"width": 1280, "scheme": "dark"},
    "narrow": {"width": 700, "scheme": "light"},
}


def titles(name, lesson_id=LESSON):
    edition = edition_of(CATALOG, lesson_id, name)
    steps = [section.title for section in edition.sections]
    return [edition.title, *steps, edition.words["teach_sources"]]


def letters(text):
    """Return a text without what a line break or a font's joined letters may change."""
    return "".join(letter for letter in normalize("NFKC", text) if letter.isalnum())


def words(text_id):
    return words_of(CATALOG, "vendor")[text_id]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("slides")
    write_editions(where, form="html")
    return where


class Deck:
    """Slides that are open in a page."""

    def __init__(self, page, path):
        self.page, self.asked, self.errors = page, [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text))
        self.address = path.as_uri()
        page.goto(self.address)

    @property
    def at(self):
        """Return the number and the title that the bar shows and a screen reader is told."""
        text = self.page.locator(".soc-bar [role=status]").inner_text()
        number, _, title = text.partition(": ")
        return int(number.split()[1]), title

    @property
    def seen(self):
        """Return the headings of the slides that can be seen."""
        return self.page.evaluate(SEEN)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture
def opened(browser, folder):
    contexts = []

    def open_it(name=STUDENT, lesson_id=LESSON, **how):
        contexts.append(browser.new_context(**how))
        return Deck(contexts[-1].new_page(), folder / f"{lesson_id}_{name}_slides.html")

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", EDITIONS)
def test_every_slide_is_reached_by_keyboard_and_tells_its_number_and_title(opened, name):
    deck, wanted = opened(name), titles(name)
    for number, title in enumerate(wanted, start=1):
        assert deck.at == (number, title)
        assert deck.seen == [title]
        deck.press("ArrowRight")
    assert deck.at == (len(wanted), wanted[-1])
    assert deck.errors == []
    assert deck.asked == [deck.address]


def test_home_end_arrows_and_page_keys_lead_where_they_say(opened):
    deck, last = opened(), len(titles(STUDENT))
    places = []
    for key in ("End", "PageUp", "ArrowLeft", "PageDown", "Home", "ArrowLeft", "ArrowRight"):
        deck.press(key)
        places.append(deck.at[0])
    assert places == [last, last - 1, last - 2, last - 1, 1, 1, 2]


def test_the_buttons_work_by_keyboard_and_keep_the_focus_until_they_end(opened):
    deck = opened()
    forward = deck.page.get_by_role("button", name=words("teach_forward"))
    forward.focus()
    deck.press("Enter", "Enter")
    assert deck.at[0] == 3
    expect(forward).to_be_focused()
    for _ in titles(STUDENT):
        if forward.is_enabled():
            deck.press("Enter")
    assert deck.at[0] == len(titles(STUDENT))
    expect(deck.page.locator(".soc-slide:not([hidden]) h2")).to_be_focused()


def test_the_number_is_a_live_region_and_stays_in_the_address(opened):
    deck = opened()
    bar = deck.page.get_by_role("navigation", name=words("teach_slides"))
    expect(bar.get_by_role("status")).to_be_visible()
    deck.press("ArrowRight", "ArrowRight")
    deck.page.reload()
    assert deck.at[0] == 3
    deck.page.goto(f"{deck.address}#5")
    assert deck.at[0] == 5


def test_the_panel_answers_in_the_slide_and_keeps_its_answers_on_the_next(opened):
    deck = opened()
    case = titles(STUDENT).index("Case: a payroll service")
    deck.press(*["ArrowRight"] * case)
    panel = deck.page.locator(".soc-slide:not([hidden]) .soc-panel")
    expect(panel).to_be_visible()
    facts = soclib.load_catalog().part(VERDICT).examples[0].answers
    for criterion_id in facts:
        asked = CATALOG.part(VERDICT).criterion(criterion_id).questions["vendor"].question
        group = panel.get_by_role("radiogroup", name=asked)
        group.get_by_role("radio", name="Yes").click()
    headline = soclib.example("payroll").to_dict()["headline"]
    expect(panel.get_by_text(headline).first).to_be_visible()
    deck.page.get_by_role("button", name=words("teach_forward")).click()
    assert deck.at[0] == case + 2
    expect(panel.get_by_text(headline).first).to_be_visible()
    assert deck.errors == []


def test_arrows_inside_the_panel_choose_an_answer_and_turn_no_slide(opened):
    deck = opened()
    deck.page.goto(f"{deck.address}#6")
    radio = deck.page.locator(".soc-panel .soc-line [role=radio], .soc-row [role=radio]").first
    radio.focus()
    deck.press("ArrowRight", "ArrowRight", "Home")
    assert deck.at[0] == 6


def test_hints_and_answers_unfold_by_one_button_that_says_its_state(opened):
    deck = opened(INSTRUCTOR)
    button = deck.page.get_by_role("button", name=words("teach_hints"))
    expect(button).to_be_disabled()  # the title has none
    deck.press("ArrowRight")
    folds = deck.page.locator(".soc-slide:not([hidden]) details.soc-reveal")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert folds.evaluate_all("all => all.map((one) => one.open)") == [True, True]
    folds.first.locator("summary").press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_students_slides_have_nothing_to_unfold(opened):
    deck = opened()
    assert deck.page.locator("details.soc-reveal").count() == 0
    assert deck.page.get_by_role("button", name=words("teach_hints")).count() == 0


def test_without_scripts_all_slides_follow_each_other(opened):
    deck = opened(java_script_enabled=False)
    assert deck.seen == titles(STUDENT)
    assert not deck.page.locator(".soc-bar").is_visible()


@pytest.mark.parametrize("lesson_id", [LESSON, *OTHERS])
@pytest.mark.parametrize("name", EDITIONS)
def test_each_slide_is_printed_on_one_page_with_everything_unfolded(opened, name, lesson_id):
    deck = opened(name, lesson_id)
    printed = PdfReader(io.BytesIO(deck.page.pdf(prefer_css_page_size=True)))
    pages = [letters(page.extract_text()) for page in printed.pages]
    wanted = titles(name, lesson_id)
    assert len(pages) == len(wanted)
    assert all(letters(title) in page for title, page in zip(wanted, pages, strict=True))
    edition = edition_of(CATALOG, lesson_id, name)
    for section, page in zip(edition.sections, pages[1:-1], strict=True):
        ends = [blocks[-1].text for blocks in (section.on_screen, section.answer) if blocks]
        assert all(letters(end) in page for end in ends), section.title
    assert deck.errors == []


def open_for_axe(opened, name, look):
    """Return slides in a window so high that axe takes nothing for hidden."""
    how = LOOKS[look]
    size = {"width": how["width"], "height": 6000}
    deck = opened(name, viewport=size, color_scheme=how["scheme"], bypass_csp=True)
    deck.page.evaluate(AXE_SCRIPT)
    assert deck.page.locator("html").get_attribute("lang") == LANGUAGE
    return deck


def must_pass_axe(deck, where):
    """Unfold what is shown, and assert that axe finds nothing and that nothing sticks out."""
    deck.page.evaluate(UNFOLD)
    violations, looked_at = deck.page.evaluate(RUN_AXE, WCAG_A_AND_AA)
    assert (where, violations) == (where, [])
    assert looked_at
    assert not deck.page.evaluate(STICKS_OUT), where


@pytest.mark.parametrize(("name", "look"), [(INSTRUCTOR, "dark"), (STUDENT, "narrow")])
def test_axe_finds_no_violation_with_all_slides_shown_at_once(opened, name, look):
    deck = open_for_axe(opened, name, look)
    deck.page.set_viewport_size({"width": LOOKS[look]["width"], "height": 20_000})
    deck.page.evaluate(SHOW_ALL)
    assert deck.seen == titles(name)
    must_pass_axe(deck, look)


@pytest.mark.thorough
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", EDITIONS)
def test_axe_finds_no_violation_on_any_slide_and_nothing_sticks_out(opened, name, look):
    deck = open_for_axe(opened, name, look)
    for title in titles(name):
        assert deck.at[1] == title
        must_pass_axe(deck, title)
        deck.press("ArrowRight")

"""The panel as readers meet it: with keyboard and mouse, before and after its kernel.

Nothing here looks at layout: parts are found by role and name, and what they must say comes from
the tables or from Python's decision.
"""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import islice
from urllib.parse import urlsplit

import panel_page
import pytest
from lab_page import COMMANDS, OUTPUTS, NotebookOnPage, stretch
from panel_page import MIXED, every_status, questions
from playwright.sync_api import expect
from view_page import (
    BUYER,
    CATALOG,
    CONTRAST,
    VENDOR,
    WCAG_A_AND_AA,
    bare_page,
    press_until,
    take_picture,
    words,
)

import soclib
from soclib.tables.rows import ANSWERS
from soclib.verdict.tables import VERDICT

VIEW = panel_page.VIEW
FIRST, SECOND = islice(questions(), 2)
PAYROLL = CATALOG.part(VERDICT).examples[0]
# Also: merge, restart, run, move.
MORE_COMMANDS = (*COMMANDS, "Shift+M", "0", "0", "Shift+Enter", "ArrowDown")
TELL = "print(json.dumps([panel.answers, panel.voice, panel.decision.reports]))"


@pytest.fixture
def panel(view):
    return view


# --- looks ---------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_axe_finds_no_violation_in_any_output(meet, look):
    panel = meet("stored")
    panel.choose(PAYROLL)
    assert panel.violations(OUTPUTS, WCAG_A_AND_AA) == [], look
    panel.fold(away=False)
    assert panel.violations(".soc-panel", WCAG_A_AND_AA) == [], look


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark", "narrow"], indirect=True)
def test_every_verdict_can_be_read_and_fits(meet, look, tmp_path):
    panel = meet("stored")
    for example in every_status():
        panel.choose(example)
        assert panel.violations(".soc-panel", CONTRAST) == [], (look, example.example_id)
        assert panel.sticking_out() == [], (look, example.example_id)
    panel.fold(away=False)
    assert panel.sticking_out() == [], look
    panel.fold(away=True)
    take_picture(panel, tmp_path / f"{look}.png")


# --- answers and verdict -------------------------------------------------------------------------


def test_every_click_gives_the_verdict_that_python_gives(panel):
    given = {}
    for criterion_id, answer in MIXED.items():
        panel.answer({criterion_id: answer})
        given[criterion_id] = answer
        panel.must_say(given)
    assert panel.checked() == given


def test_every_worked_example_gives_the_verdict_that_python_gives(panel):
    for example in CATALOG.part(VERDICT).examples:
        panel.choose(example)
        panel.must_say(example.answers)
        expect(panel.root.get_by_text(example.story, exact=True)).to_be_visible()


def test_switching_sides_asks_and_answers_in_that_voice_and_keeps_the_answers(panel):
    panel.answer(MIXED)
    for voice in (BUYER, VENDOR):
        panel.speak_as(voice)
        panel.must_say(MIXED)
        assert panel.checked() == {key: MIXED[key] for key in MIXED if key in questions(voice)}


def test_reset_takes_all_answers_back(panel):
    panel.choose(PAYROLL)
    panel.button("reset").click()
    panel.must_say({})
    assert panel.checked() == {}


def test_clear_takes_one_answer_back_and_leaves_the_focus_on_its_question(panel):
    panel.choose(PAYROLL)
    panel.clear(SECOND)
    rest = {key: answer for key, answer in PAYROLL.answers.items() if key != SECOND}
    panel.must_say(rest)
    assert panel.checked() == rest
    assert panel.focus()[0] == questions()[SECOND]


def test_a_question_named_in_the_verdict_leads_to_its_toggle(panel):
    panel.choose(PAYROLL)
    links = panel.root.locator(".soc-answer button[data-jump]:visible")
    assert links.count() > 1
    for link in links.all():
        link.click()
        criterion_id = link.get_attribute("data-jump")
        assert panel.focus()[0] == questions()[criterion_id]
        expect(panel.group(criterion_id)).to_be_in_viewport()


def test_there_is_exactly_one_panel(panel):
    assert panel.root.count() == 1


def test_nothing_is_lost_when_the_widget_takes_over(meet):
    before, after = meet("gathered").moved
    assert after == before
    asked = questions(BUYER)
    assert after["panels"] == 1
    assert after["answers"] == {key: given for key, given in MIXED.items() if key in asked}
    assert after["side"] == words(f"voice_{BUYER}")
    assert after["headline"] == soclib.decide(MIXED, BUYER).to_dict()["headline"]


def test_python_sees_the_answers_after_run_all(meet, gathered):
    run = meet("gathered")
    run.answer(MIXED)
    run.speak_as(BUYER)
    decided = soclib.decide(MIXED, BUYER).reports
    assert gathered.notebook.python(TELL) == [MIXED, BUYER, decided]
    run.choose(PAYROLL)
    run.clear(FIRST)
    answers = {key: answer for key, answer in PAYROLL.answers.items() if key != FIRST}
    assert gathered.notebook.python(TELL) == [answers, VENDOR, soclib.decide(answers).reports]


def test_python_brings_back_a_saved_decision_after_run_all(meet, gathered):
    run = meet("gathered")
    record = {"answers": PAYROLL.answers, "voice": BUYER}
    gathered.notebook.python(f"panel.load({record})\n{TELL}")
    run.voice = BUYER
    run.must_say(PAYROLL.answers)
    asked = questions(BUYER)
    assert run.checked() == {key: given for key, given in PAYROLL.answers.items() if key in asked}


def test_a_saved_decision_loads_back_in_python(panel):
    panel.choose(PAYROLL)
    panel.speak_as(BUYER)
    with panel.page.expect_download() as download:
        panel.button("save_record").click()
    assert download.value.suggested_filename == "soc-decision.json"
    loaded = soclib.panel()
    loaded.load(download.value.path())
    assert (loaded.answers, loaded.voice) == (PAYROLL.answers, BUYER)


def test_a_source_opens_beside_the_notebook_and_never_in_its_place(view_in_lab):
    view_in_lab.answer({FIRST: "yes"})
    targets = view_in_lab.root.locator("a").evaluate_all("(links) => links.map((a) => a.target)")
    assert set(targets) == {"_blank"}


def test_no_request_leaves_the_machine(desk, view_in_lab):
    view_in_lab.choose(PAYROLL)
    with view_in_lab.page.expect_download():
        view_in_lab.button("save_record").click()
    places = [urlsplit(url) for url in desk.requests]
    hosts = {place.hostname for place in places if place.scheme not in {"data", "blob"}}
    assert hosts == {"127.0.0.1"}


# --- keyboard ------------------------------------------------------------------------------------


def test_tab_reaches_the_first_question(panel):
    panel.scope.focus()
    press_until(panel, "Tab", lambda: panel.focus()[0] == questions()[FIRST])


def test_keys_choose_within_a_group(panel):
    panel.radio(FIRST, "yes").focus()
    strokes = {"Space": "yes", "ArrowRight": "no", "ArrowDown": "unknown", "End": "unknown"}
    strokes |= {"ArrowLeft": "no", "ArrowUp": "yes", "Home": "yes"}
    for key, answer in strokes.items():
        panel.page.keyboard.press(key)
        assert panel.focus() == (questions()[FIRST], words(f"answer_{answer}")), key
        assert panel.checked() == {FIRST: answer}, key
        panel.must_say({FIRST: answer})


def test_arrow_keys_go_round(panel):
    panel.answer({FIRST: ANSWERS[-1]})
    panel.page.keyboard.press("ArrowRight")
    assert panel.checked() == {FIRST: ANSWERS[0]}
    panel.page.keyboard.press("ArrowLeft")
    assert panel.checked() == {FIRST: ANSWERS[-1]}


def test_tab_goes_to_the_next_question_and_enter_answers_it(panel):
    panel.answer({FIRST: "no"})
    asked = questions()
    press_until(panel, "Tab", lambda: panel.focus()[0] not in {"", asked[FIRST]})
    assert panel.focus()[0] == asked[SECOND]
    panel.page.keyboard.press("Enter")
    panel.must_say({FIRST: "no", SECOND: ANSWERS[0]})
    press_until(panel, "Shift+Tab", lambda: panel.focus() == (asked[FIRST], words("answer_no")))


def test_arrow_keys_switch_sides(panel):
    panel.sides.get_by_role("radio", checked=True).focus()
    panel.page.keyboard.press("ArrowRight")
    panel.voice = BUYER
    panel.must_say({})


def test_keys_on_a_toggle_are_no_commands_to_jupyterlab(view_in_lab):
    panel = view_in_lab
    cells = panel.notebook.locator(".jp-Cell")
    before = cells.count()
    panel.answer({FIRST: "no"})
    for key in MORE_COMMANDS:
        panel.page.keyboard.press(key)
        assert cells.count() == before, key
        assert panel.focus()[0] == questions()[FIRST], key
    expect(panel.scope).to_have_class(re.compile("jp-mod-active"))
    panel.must_say({FIRST: "unknown"})


def test_the_notebook_can_be_saved_from_a_toggle(view_in_lab):
    panel = view_in_lab
    panel.answer({FIRST: "no"})
    with panel.page.expect_request(
        lambda request: request.method == "PUT" and "/api/contents/" in request.url
    ):
        panel.page.keyboard.press("Control+s")


# --- accessibility -------------------------------------------------------------------------------


def test_every_group_has_its_question_as_name_and_shows_what_is_checked(panel):
    panel.choose(PAYROLL)
    panel.open_more()
    groups = panel.tree()["radiogroup"]
    sides = dict(groups.pop(words("voice_label")))
    assert sides == {words(f"voice_{v}"): str(v == PAYROLL.voice).lower() for v in (VENDOR, BUYER)}
    assert list(groups) == list(questions(PAYROLL.voice).values())
    for criterion_id, question in questions(PAYROLL.voice).items():
        given = PAYROLL.answers.get(criterion_id)
        assert groups[question] == [
            (words(f"answer_{answer}"), str(answer == given).lower()) for answer in ANSWERS
        ]


def test_every_fold_and_every_button_has_a_name(panel):
    panel.choose(PAYROLL)
    panel.open_more()
    tree = panel.tree()
    folds = tree["DisclosureTriangle"]
    assert {f"{words('help')}: {question}" for question in questions().values()} <= set(folds)
    for role in ("DisclosureTriangle", "button", "combobox", "region", "article", "table"):
        assert tree[role]
        assert "" not in tree[role], role


def test_links_are_underlined_because_colour_alone_is_not_enough(panel):
    panel.choose(PAYROLL)
    underlined = "(links) => links.map((link) => getComputedStyle(link).textDecorationLine)"
    assert set(panel.root.locator("a").evaluate_all(underlined)) == {"underline"}


def test_the_headline_is_announced(panel):
    for answer in ("yes", "no"):
        panel.answer({FIRST: answer})
        headline = soclib.decide({FIRST: answer}).to_dict()["headline"]
        expect(panel.root.get_by_role("status")).to_have_text(headline)
        expect(panel.headline).to_have_text(headline)


@pytest.mark.thorough
@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_real_widgets_can_be_read_too(meet, look):
    panel = meet("widget")
    panel.choose(PAYROLL)
    rules = WCAG_A_AND_AA if look == "light" else CONTRAST
    assert panel.violations(".soc-panel", rules) == []


# --- other ways to read the notebook -------------------------------------------------------------


def test_an_untrusted_notebook_shows_the_answer_and_no_dead_toggle(untrusted):
    plain = soclib.decide({}).to_dict()
    expect(untrusted).to_contain_text(plain["headline"])
    for card in plain["cards"]:
        title = untrusted.get_by_role("heading", name=card["title"], exact=True)
        expect(title.locator("xpath=ancestor::article")).to_contain_text(card["label"])
    assert untrusted.locator("button, select, input, [role=radio], [tabindex]").count() == 0


@pytest.fixture(scope="module")
def exported(browser, lab, tmp_path_factory):
    """Open the notebook as one HTML file, with no server and no network."""
    folder = tmp_path_factory.mktemp("export")
    notebook = lab.folder / VIEW.notebook
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level=ERROR"]
    subprocess.run([*command, f"--output-dir={folder}", str(notebook)], env=lab.env, check=True)
    page = bare_page(browser)
    page.goto((folder / notebook.with_suffix(".html").name).as_uri())
    shown = NotebookOnPage.of(notebook, page, page.locator("body"))
    yield shown.view(VIEW.page, VIEW.marks[-1])
    page.context.close()


@pytest.mark.thorough
def test_an_exported_page_answers_without_server_and_network(exported):
    exported.start_over()
    given = {}
    for criterion_id, answer in MIXED.items():
        exported.answer({criterion_id: answer})
        given[criterion_id] = answer
        exported.must_say(given)
    assert exported.root.count() == 1


@pytest.mark.thorough
def test_an_exported_page_prints_the_whole_answer(exported, tmp_path):
    exported.start_over()
    exported.choose(PAYROLL)
    exported.page.emulate_media(media="print")
    stretch(exported.page)
    assert exported.sticking_out() == []
    assert exported.violations(OUTPUTS, WCAG_A_AND_AA) == []
    take_picture(exported, tmp_path / "print.png")
    exported.page.pdf(path=tmp_path / "print.pdf", format="A4")

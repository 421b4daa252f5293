"""The desk and its pages: what somebody typed is escaped, found, changed and never lost."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import readiness
from soclib.readiness.items import COLUMNS, COMPLEMENTARY, CONTROL, EVIDENCE, SUBSERVICE
from soclib.readiness.pages import KINDS, NOBODY, ROWS, VIEWS, PageQuery, link_html, owners, show
from soclib.words import words_of

CATALOG = soclib.load_catalog()
WORDS = words_of(CATALOG, "vendor")
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'"


def clock():
    return datetime(2026, 7, 15, 12, tzinfo=UTC)


HOW = {
    "categories": ["security"],
    "period": ("2026-01-01", "2026-12-31"),
    "as_of": "2026-03-31",
    "who": "Ana",
    "clock": clock,
}


@pytest.fixture
def programme(new_programme, tmp_path):
    return new_programme(tmp_path / "programme.sqlite", **HOW)


@pytest.fixture
def desk(programme):
    return readiness.desk(programme)


def press(desk, name):
    """Press the button of the form, or of the desk, that has a name."""
    of_form = desk.form.children[-1].children if desk.form.children else ()
    buttons = [*of_form, desk.back, desk.on, desk.reload, desk.check, desk.take]
    (button,) = [one for one in buttons if one.description == WORDS[f"readiness_{name}"]]
    assert not button.disabled
    button.click()


def said(desk):
    return html.unescape(re.sub("<[^>]+>", "\n", desk.said.value))


# --- links and escaping ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    ["https://a.example/x?b=1&c=<d>", "http://a.example", "mailto:a@example.org", "HTTPS://A.B"],
)
def test_an_address_of_the_web_or_of_mail_becomes_a_link(place):
    shown = link_html(place)
    assert f'href="{html.escape(place)}"' in shown
    assert 'rel="noopener noreferrer"' in shown


@pytest.mark.parametrize(
    "place",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd"),
        *("vbscript:x", "ftp://a.example", "//a.example", "https:", "java\tscript:alert(1)"),
        *(" https://a.example/a b", "https://a.example/\u202e", "http://[", "C:\\reports\\a.pdf"),
    ],
)
def test_anything_else_stays_text(place):
    assert link_html(place) == html.escape(place).replace("\n", "<br>")


@given(st.text())
def test_no_text_becomes_anything_but_escaped_text_or_a_safe_link(place):
    shown = link_html(place)
    link = r'<a href="[^"<>]*" rel="noopener noreferrer" target="_blank">'
    bare = re.sub(f"{link}|</a>|<br>", "", shown)
    assert "<" not in bare
    assert ">" not in bare
    if "<a " in shown:
        assert re.match(r"(https?://|mailto:)", html.unescape(shown.split('"')[1]), re.IGNORECASE)


@pytest.mark.parametrize("view", VIEWS)
def test_whatever_somebody_typed_is_escaped_in_every_view(programme, view):
    programme.set("programme", "programme", title=EVIL)
    programme.set(
        CONTROL, "CC6_1-1", control=EVIL, owner=EVIL, note=EVIL, status_id="operating",
        started="2026-01-01",
    )  # fmt: skip
    programme.add(EVIDENCE, control_id="CC6_1-1", place=EVIL, note=EVIL)
    programme.add(SUBSERVICE, name=EVIL, service=EVIL, owner=EVIL)
    programme.set(COMPLEMENTARY, "CSOC-01", owner=EVIL, control=EVIL)
    desk = readiness.desk(programme, view)
    for kind, held in ((kind, programme.items(kind)) for kind in KINDS.values()):
        for item_id in list(held)[:3] if kind != CONTROL else ["CC6_1-1"]:
            desk._open((kind, item_id))  # noqa: SLF001 - as a choice under Edit does
            pages = [desk.table.value, desk.form.children[0].value]
            desk._say(EVIL)  # noqa: SLF001 - as an error does
            for page in (*pages, desk.said.value):
                assert "<script>alert" not in page
                assert "<img" not in page


def test_who_changed_what_is_escaped_in_the_history(tmp_path):
    programme = readiness.create(tmp_path / "p.sqlite", categories=["security"], who=EVIL)
    shown = show(programme, PageQuery("history"))
    assert "<script>" not in shown.html
    assert EVIL in shown.text


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [*KINDS, "missing_type_1", "missing_type_2", "history"])
def test_the_pages_of_a_view_hold_every_row_once(programme, view):
    first = show(programme, PageQuery(view))
    seen = [show(programme, PageQuery(view, page=number)) for number in range(1, first.pages + 1)]
    rows = sum(one.html.count("<tr") - (1 if one.html.startswith("<table") else 0) for one in seen)
    assert rows == first.total
    assert all(one.html.count("<tr") <= ROWS + 1 for one in seen)
    assert show(programme, PageQuery(view, page=99)).page == first.pages
    if view in KINDS:
        kind = KINDS[view]
        assert [i for one in seen for _k, i in one.items] == list(programme.items(kind))


def test_a_search_keeps_the_rows_that_hold_all_of_its_words(programme):
    programme.set(CONTROL, "CC6_1-1", control="Sign-on needs a SECOND factor")
    found = show(programme, PageQuery("controls", "second sign-on"))
    assert found.items == ((CONTROL, "CC6_1-1"),)
    assert show(programme, PageQuery("controls", "second third")).total == 0


def test_an_owner_keeps_what_somebody_owes_and_nobody_what_nobody_does(programme):
    programme.set(CONTROL, "CC6_1-1", control="Sign-on", owner="Bo", status_id="designed")
    assert owners(programme) == ("Bo",)
    assert {i for _k, i in show(programme, PageQuery("missing_type_2", owner="Bo")).items} == {
        "CC6_1-1"
    }
    everybody = show(programme, PageQuery("missing_type_2")).total
    assert show(programme, PageQuery("missing_type_2", owner=NOBODY)).total == everybody - 1


def test_the_history_is_searched_and_percent_signs_are_no_wildcards(programme):
    programme.set(CONTROL, "CC6_1-1", note="100% of them")
    assert show(programme, PageQuery("history", "100%")).total == 1
    assert show(programme, PageQuery("history", "1%f")).total == 0


@pytest.mark.parametrize("view", VIEWS)
def test_the_text_of_a_page_says_what_its_table_says(programme, view):
    shown = show(programme, PageQuery(view))
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", shown.html, re.DOTALL)
    plain = [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in cells]
    assert [cell for cell in plain if cell and cell not in shown.text and len(cell) > 30] == []


# --- the desk -------------------------------------------------------------------------------------


def test_every_control_of_the_desk_has_a_name(desk):
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    controls = [desk.view, desk.search, desk.owner, desk.item, desk.file, desk.progress, desk.back]
    assert all(one.description for one in (*controls, desk.on, desk.reload, *desk.inputs.values()))


@pytest.mark.parametrize("kind", [kind for kind in COLUMNS if kind != "programme"])
def test_the_form_has_a_field_for_every_cell(programme, desk, kind):
    programme.add(EVIDENCE, control_id="CC6_1-1", place="a")
    programme.add(SUBSERVICE, name="Host")
    item_id = next(iter(programme.items(kind)))
    desk.view.value = next(view for view, one in KINDS.items() if one == kind)
    desk.item.value = (kind, item_id)
    assert list(desk.inputs) == list(COLUMNS[kind])
    shown = {column: control.value for column, control in desk.inputs.items()}
    assert shown == programme.items(kind)[item_id].values


@pytest.mark.parametrize("made", ["in a file", "in memory"])
def test_what_is_saved_in_the_form_is_in_the_programme(request, made):
    in_memory = made == "in memory"
    programme = readiness.create(None, **HOW) if in_memory else request.getfixturevalue("programme")
    desk = readiness.desk(programme)
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["control"].value = "Everybody signs"
    desk.inputs["status_id"].value = "operating"
    press(desk, "save")
    assert said(desk).strip() == "Saved CC1_1-1."
    held = programme.items(CONTROL)["CC1_1-1"].values
    assert (held["control"], held["status_id"]) == ("Everybody signs", "operating")
    assert "Everybody signs" in desk.table.value


def test_a_cell_that_cannot_stand_is_told_and_what_was_typed_is_kept(programme, desk):
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["control"].value = "Everybody signs"
    desk.inputs["started"].value = "31/12/2026"
    press(desk, "save")
    assert "column started: '31/12/2026'" in said(desk)
    assert desk.inputs["control"].value == "Everybody signs"
    assert programme.items(CONTROL)["CC1_1-1"].values["control"] == ""


def test_looking_elsewhere_keeps_the_form_as_it_was_filled_in(desk):
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["note"].value = "half a sentence"
    desk.search.value = "CC9"
    press(desk, "reload")
    desk.view.value = "history"
    assert desk.item.value == (CONTROL, "CC1_1-1")
    assert desk.inputs["note"].value == "half a sentence"


def test_two_desks_that_save_one_item_show_both_versions_and_then_let_one_decide(
    new_programme, tmp_path
):
    ana = new_programme(tmp_path / "p.sqlite", **HOW)
    bo = readiness.open_programme(tmp_path / "p.sqlite", who="Bo", clock=clock)
    desks = [readiness.desk(one, "controls") for one in (ana, bo)]
    for desk, owner in zip(desks, ("Ana", "Bo"), strict=True):
        desk.item.value = (CONTROL, "CC1_1-1")
        desk.inputs["owner"].value = owner
    press(desks[0], "save")
    press(desks[1], "save")
    assert "owner: yours 'Bo', theirs 'Ana'" in said(desks[1])
    assert desks[1].inputs["owner"].value == "Bo"
    press(desks[1], "save")
    assert [c.who for c in bo.history("CC1_1-1")][:2] == ["Bo", "Ana"]
    ana.refresh()
    assert ana.items(CONTROL)["CC1_1-1"].values["owner"] == "Bo"


def test_a_new_item_is_added_and_one_with_evidence_is_not_removed(programme, desk):
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    press(desk, "add_evidence")
    assert desk.inputs["control_id"].value == "CC1_1-1"
    desk.inputs["place"].value = "a.pdf"
    press(desk, "save")
    assert list(programme.items(EVIDENCE)) == ["E-00001"]
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    press(desk, "remove")
    assert "E-00001 depends on it" in said(desk)
    desk.view.value = "evidence"
    desk.item.value = (EVIDENCE, "E-00001")
    press(desk, "remove")
    assert not programme.items(EVIDENCE)
    assert desk.item.value is None


def test_a_file_is_checked_first_and_taken_in_afterwards_with_progress(programme, desk, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("item_id,control\nCC1_1-1,Everybody signs\nCC1_9-9,x\n")
    desk.file.value = str(path)
    press(desk, "check")
    assert "row 3, column basis_id" in said(desk)
    assert desk.take.disabled
    path.write_text("item_id,control\nCC1_1-1,Everybody signs\n")
    press(desk, "check")
    press(desk, "take")
    assert programme.items(CONTROL)["CC1_1-1"].values["control"] == "Everybody signs"
    assert (desk.progress.value, desk.progress.max) == (1, 1)
    assert desk.take.disabled


@pytest.mark.parametrize("name", ["", "nowhere.xlsx", "a.txt", "\x00.csv", "~nobody/x.csv"])
def test_a_file_that_cannot_be_read_is_told(desk, name):
    desk.file.value = name
    press(desk, "check")
    assert said(desk).strip()
    assert desk.take.disabled


def test_the_desk_after_changes_shows_what_a_new_desk_shows(programme, desk):
    desk.view.value = "missing_type_2"
    programme.set(CONTROL, "CC1_1-1", control="Everybody signs", status_id="designed")
    press(desk, "reload")
    assert desk.table.value == readiness.desk(programme, "missing_type_2").table.value


def test_a_type_without_its_date_shows_that_there_is_nothing_yet():
    programme = readiness.create(None, categories=["security"], who="Ana")
    for view in ("missing_type_1", "missing_type_2"):
        assert show(programme, PageQuery(view)).total == 0


# --- what an attack found -------------------------------------------------------------------------


def test_a_complementary_control_is_saved_and_a_new_one_is_added(programme):
    desk = readiness.desk(programme, "complementary")
    desk.item.value = (COMPLEMENTARY, "CUEC-37")
    desk.inputs["owner"].value = "Bo"
    press(desk, "save")
    assert programme.items(COMPLEMENTARY)["CUEC-37"].values["owner"] == "Bo"
    desk.item.value = (COMPLEMENTARY, "")
    desk.inputs["kind"].value = "csoc"
    desk.inputs["status_id"].value = "not_read"
    desk.inputs["control"].value = "The host encrypts disks"
    press(desk, "save")
    assert programme.items(COMPLEMENTARY)["C-00001"].values["kind"] == "csoc"


def test_what_the_file_is_for_cannot_be_taken_out(programme):
    desk = readiness.desk(programme, "history")
    desk.search.value = "programme"
    desk.item.value = ("programme", "programme")
    names = [button.description for button in desk.form.children[-1].children]
    assert WORDS["readiness_remove"] not in names
    with pytest.raises(readiness.ReadinessError, match="says what the file is for"):
        programme.remove("programme", "programme")


def test_a_conflict_of_a_file_does_not_let_an_open_form_overwrite_somebody(new_programme, tmp_path):
    ana = new_programme(tmp_path / "p.sqlite", **HOW)
    bo = readiness.open_programme(tmp_path / "p.sqlite", who="Bo", clock=clock)
    desk = readiness.desk(ana, "controls")
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["note"].value = "typed by Ana"
    (tmp_path / "c.csv").write_text("item_id,control\nCC1_1-2,x\n")
    desk.file.value = str(tmp_path / "c.csv")
    press(desk, "check")
    bo.set(CONTROL, "CC1_1-2", note="Bo")
    bo.set(CONTROL, "CC1_1-1", note="Bo")
    press(desk, "take")
    assert desk.inputs["note"].value == "typed by Ana"
    press(desk, "save")
    assert "note: yours 'typed by Ana', theirs 'Bo'" in said(desk)
    assert bo.items(CONTROL)["CC1_1-1"].values["note"] == "Bo"


def test_what_was_typed_is_there_again_when_its_form_is_opened_again(programme, desk):
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["note"].value = "half a sentence"
    press(desk, "add_evidence")
    assert list(desk.inputs) == list(COLUMNS[EVIDENCE])
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    assert desk.inputs["note"].value == "half a sentence"
    press(desk, "save")
    assert programme.items(CONTROL)["CC1_1-1"].values["note"] == "half a sentence"


def test_a_file_that_is_taken_in_leaves_an_open_form_as_it_was_filled_in(desk, tmp_path):
    desk.view.value = "controls"
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["note"].value = "half a sentence"
    (tmp_path / "c.csv").write_text("item_id,control\nCC1_1-2,x\n")
    desk.file.value = str(tmp_path / "c.csv")
    press(desk, "check")
    press(desk, "take")
    assert desk.inputs["note"].value == "half a sentence"


def test_a_criterion_without_a_control_offers_the_prompts_that_ask_for_one(desk):
    desk.view.value = "missing_type_2"
    offered = [value for _label, value in desk.item.options if value]
    assert (CONTROL, "CC1_1-1") in offered
    assert all(kind in COLUMNS for kind, _item_id in offered)
    for value in offered[:5]:
        desk.item.value = value
        assert desk.inputs


def test_a_file_that_was_taken_away_is_told_and_nothing_is_written_into_the_void(
    new_programme, tmp_path
):
    place = tmp_path / "p.sqlite"
    programme = new_programme(place, **HOW)
    desk = readiness.desk(programme, "controls")
    desk.item.value = (CONTROL, "CC1_1-1")
    desk.inputs["note"].value = "x"
    place.unlink()
    for name in ("reload", "save"):
        press(desk, name)
        assert "the file is gone" in said(desk)
    assert desk.inputs["note"].value == "x"


def test_an_owner_who_is_called_nobody_named_is_counted_apart(programme):
    nobody = WORDS["readiness_nobody"]
    programme.set(CONTROL, "CC1_1-1", control="x", owner=nobody, status_id="designed")
    assert show(programme, PageQuery("overview")).text.count(f"{nobody}: ") == 2

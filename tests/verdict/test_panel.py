"""The panel without a browser: controls set from Python, and what the next cell reads."""

from __future__ import annotations

import json

import ipywidgets
import pytest
import traitlets

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
VIEW = "application/vnd.jupyter.widget-view+json"


def press(panel, criterion_id, answer):
    panel.toggles[IDS.index(criterion_id)].index = ANSWERS.index(answer)


def test_there_is_one_untouched_toggle_per_criterion():
    panel = soclib.panel()
    assert [type(toggle) for toggle in panel.toggles] == [ipywidgets.ToggleButtons] * len(IDS)
    assert {toggle.index for toggle in panel.toggles} == {None}
    assert panel.answers == {}


def test_every_toggle_is_enabled_and_offers_the_three_answers():
    for toggle in soclib.panel().toggles:
        assert not toggle.disabled
        assert toggle.options == ("Yes", "No", "Not sure")


@pytest.mark.parametrize("criterion_id", IDS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_pressing_a_toggle_is_an_answer(criterion_id, answer):
    panel = soclib.panel()
    press(panel, criterion_id, answer)
    assert panel.answers == {criterion_id: answer}
    assert panel.decision.answers == {criterion_id: answer}


def test_changed_to_an_answer_equals_made_with_it():
    changed = soclib.panel({"holds_customer_data": "no"})
    press(changed, "holds_customer_data", "yes")
    made = soclib.panel({"holds_customer_data": "yes"})
    assert changed.decision.to_dict() == made.decision.to_dict()
    assert changed.standby_html() == made.standby_html()


def test_the_voice_of_the_panel_is_the_voice_of_the_decision():
    panel = soclib.panel({"holds_customer_data": "yes"}, voice="buyer")
    assert panel.decision.voice == "buyer"
    with pytest.raises(traitlets.TraitError):
        panel.voice = "auditor"


def test_a_panel_refuses_answers_that_do_not_exist():
    with pytest.raises(soclib.AnswerError):
        soclib.panel({"holds_customer_data": "maybe"})


@pytest.mark.parametrize("as_file", [True, False])
def test_a_saved_record_brings_back_answers_and_voice(tmp_path, as_file):
    decision = soclib.decide({"holds_customer_data": "yes", "card_data": "unknown"}, "buyer")
    record = decision.to_dict()
    if as_file:
        path = tmp_path / "soc-decision.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        record = path
    panel = soclib.panel({"deal_blocked": "yes"})
    panel.load(record)
    assert panel.decision.to_dict() == decision.to_dict()


@pytest.mark.parametrize("voice", VOICES)
def test_load_brings_back_what_save_wrote(tmp_path, voice):
    answers = {"holds_customer_data": "yes", "controls_documented": "no", "card_data": "unknown"}
    panel = soclib.panel(answers, voice)
    again = soclib.panel({"deal_blocked": "yes"})
    again.load(panel.save(tmp_path / "decision.json"))
    assert (again.answers, again.voice) == (answers, voice)
    assert [toggle.index for toggle in again.toggles] == [toggle.index for toggle in panel.toggles]
    assert again.standby_html() == panel.standby_html()


def test_a_panel_saves_the_memo_of_its_decision(tmp_path):
    panel = soclib.panel({"holds_customer_data": "yes"}, "buyer")
    path = panel.save(tmp_path / "memo.md")
    assert path.read_text(encoding="utf-8") == panel.decision.to_markdown()


def test_a_memo_is_no_record(tmp_path):
    panel = soclib.panel({"holds_customer_data": "yes"})
    for name in ("memo.md", "memo.docx"):
        with pytest.raises(soclib.AnswerError, match=f"{name} is not a saved decision"):
            panel.load(panel.save(tmp_path / name))


def test_a_record_that_cannot_be_read_changes_nothing():
    panel = soclib.panel({"deal_blocked": "yes"})
    with pytest.raises(soclib.AnswerError):
        panel.load({"answers": {"no_such_thing": "yes"}, "voice": "buyer"})
    assert (panel.answers, panel.voice) == ({"deal_blocked": "yes"}, "vendor")


def test_the_panel_carries_its_answer_as_html_and_as_text():
    data, _metadata = soclib.panel({"holds_customer_data": "yes"})._repr_mimebundle_()
    assert VIEW in data
    for status in ("SOC 1", "SOC 2", "SOC 3"):
        assert status in data["text/plain"]
        assert status in data["text/html"]


def test_the_text_of_a_panel_names_every_switch_with_its_state():
    text = repr(soclib.panel({"holds_customer_data": "unknown"}))
    for criterion in CATALOG.part(VERDICT).criteria:
        assert criterion.questions["vendor"].question in text
    assert "Not sure" in text
    assert "0x" not in text


def test_the_stand_in_starts_from_the_answers_of_the_panel():
    html = soclib.panel({"holds_customer_data": "yes"}, "buyer").standby_html()
    content = html.split('<script type="application/json">')[1].split("</script>")[0]
    start = json.loads(content)
    indices = [toggle["index"] for toggle in start["controls"]["toggles"]]
    assert indices == [0 if key == "holds_customer_data" else None for key in IDS]
    assert start["state"]["voice"] == "buyer"


def test_the_worked_examples_are_valid_and_show_every_status():
    seen = set()
    for example in CATALOG.part(VERDICT).examples:
        seen |= set(soclib.decide(example.answers, example.voice).reports.values())
    assert {"needed", "likely", "clarify", "not_needed", "open"} <= seen

"""A saved decision, run again."""

from __future__ import annotations

import json

import pytest
from copied_tables import copy_tables

import soclib
from soclib.__main__ import main

ANSWERS = {"affects_client_financials": "yes", "asked_by_financial_auditor": "yes"}


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "soc-decision.json"
    path.write_text(json.dumps(soclib.decide(ANSWERS).to_dict()), encoding="utf-8")
    return path


@pytest.fixture
def later(tmp_path):
    """Return tables in which an auditor who asks no longer counts as a demand."""
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "rules.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("D1-AUDIT")]
    path.write_text("".join(kept), encoding="utf-8")
    return folder


def test_a_decision_holds_on_the_tables_that_made_it(record):
    result = soclib.verify(record)
    assert result.holds
    assert result.then_version == result.now_version


def test_a_changed_rule_is_named_with_the_status_that_it_moves(record, later):
    result = soclib.verify(record, catalog=soclib.load_catalog(later))
    assert not result.holds
    assert any('"soc1": "needed"' in change for change in result.changes)
    assert any("D1-AUDIT no longer applies" in change for change in result.changes)


def test_the_content_of_a_record_will_do(record):
    assert soclib.verify(json.loads(record.read_text(encoding="utf-8"))).holds


def test_answers_alone_are_nothing_to_compare_with():
    with pytest.raises(soclib.AnswerError, match="answers only"):
        soclib.verify({"answers": ANSWERS})


def test_the_command_ends_with_zero_while_it_holds_and_with_one_when_not(record, later, capsys):
    assert main(["verify", str(record)]) == 0
    assert main(["verify", str(record), "--data", str(later)]) == 1
    assert "D1-AUDIT" in capsys.readouterr().out


def test_a_file_that_is_no_record_ends_with_two(tmp_path, capsys):
    path = tmp_path / "note.json"
    path.write_text("[]", encoding="utf-8")
    assert main(["verify", str(path)]) == 2
    assert "note.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", {"soc1": "no"}),
        ("demand", {}),
        ("open_categories", ["privacy"]),
        ("open_routes", ["hitrust"]),
    ],
)
def test_every_decided_field_is_compared(record, field, value):
    content = json.loads(record.read_text(encoding="utf-8"))
    result = soclib.verify({**content, field: value})
    assert any(change.startswith(f"{field}: was") for change in result.changes)


def test_a_card_that_shows_another_status_is_noticed(record):
    content = json.loads(record.read_text(encoding="utf-8"))
    content["cards"][0]["status_id"] = "not_needed"
    assert any("its card says not_needed" in change for change in soclib.verify(content).changes)


def test_a_rule_that_newly_applies_is_named(record):
    content = json.loads(record.read_text(encoding="utf-8"))
    content["cards"][0]["reasons"] = []
    assert any("applies now" in change for change in soclib.verify(content).changes)


@pytest.mark.parametrize("cards", [None, [1], [{}], "x", [{"report_id": ["a"]}]])
def test_cards_that_are_none_are_refused_in_one_sentence(record, cards):
    content = json.loads(record.read_text(encoding="utf-8"))
    with pytest.raises(soclib.AnswerError, match="cards of the record"):
        soclib.verify({**content, "cards": cards})


@pytest.mark.parametrize("text", ["[" * 200_000, '{"answers": ' + "9" * 5_000 + "}"])
def test_a_record_that_is_too_much_is_refused(tmp_path, text):
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(soclib.AnswerError, match=r"record\.json"):
        soclib.verify(path)


def test_a_record_in_another_format_is_refused_and_a_byte_order_mark_does_no_harm(record):
    text = record.read_text(encoding="utf-8")
    record.write_text("\ufeff" + text, encoding="utf-8")
    assert soclib.verify(record).holds
    record.write_text(json.dumps({**json.loads(text), "format": "soc-decision/99"}), "utf-8")
    with pytest.raises(soclib.AnswerError, match="soc-decision/1"):
        soclib.verify(record)


def test_nothing_in_a_record_steers_the_terminal(record):
    content = json.loads(record.read_text(encoding="utf-8"))
    assert "\x1b" not in str(soclib.verify({**content, "version": "\x1b[31mx"}))

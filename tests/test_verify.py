"""A saved decision, run again."""

from __future__ import annotations

import json
import shutil

import pytest

import soclib
from soclib.__main__ import main
from soclib.tables import data_folder

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
    shutil.copytree(data_folder(), folder)
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

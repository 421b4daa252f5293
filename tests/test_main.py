"""The command line, as a shell or a CI job sees it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from copied_tables import copy_tables

import soclib
from soclib.__main__ import main


@pytest.fixture
def spoilt(tmp_path):
    """Return tables with one redundant rule: the same row twice under another id."""
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "rules.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    again = next(line for line in lines if line.startswith("D1-AUDIT"))
    path.write_text("".join([*lines, again.replace("D1-AUDIT", "D1-AGAIN")]), encoding="utf-8")
    return folder


def test_audit_ends_with_zero_when_the_tables_are_proven(capsys):
    assert main(["audit"]) == 0
    assert "proven" in capsys.readouterr().out


def test_audit_ends_with_one_and_names_the_row(spoilt, capsys):
    assert main(["audit", "--data", str(spoilt)]) == 1
    assert "D1-AGAIN" in capsys.readouterr().out


def test_broken_tables_end_with_two_and_the_list_of_faults(spoilt, capsys):
    (spoilt / "groups.csv").write_text("group_id,title\n", encoding="utf-8")
    assert main(["audit", "--data", str(spoilt)]) == 2
    assert "groups.csv" in capsys.readouterr().err


def test_decide_prints_the_decision(tmp_path, capsys):
    answers = tmp_path / "answers.json"
    answers.write_text('{"holds_customer_data": "yes", "deal_blocked": true}', encoding="utf-8")
    assert main(["decide", str(answers)]) == 0
    assert "SOC 2: Needed" in capsys.readouterr().out


def test_decide_takes_a_saved_record_and_gives_the_same_decision(tmp_path, capsys):
    record = soclib.decide({"holds_customer_data": "yes"}, "buyer").to_dict()
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert main(["decide", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == record


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"holds_customer_dat": "yes"}', "holds_customer_data"),
        ('{"holds_customer_data": "aye"}', "aye"),
        ("[1, 2]", "no JSON object"),
        ("{", "answers.json"),
    ],
)
def test_bad_answers_end_with_two_and_one_clear_sentence(tmp_path, capsys, content, says):
    path = tmp_path / "answers.json"
    path.write_text(content, encoding="utf-8")
    assert main(["decide", str(path)]) == 2
    assert says in capsys.readouterr().err


def test_a_missing_file_ends_with_two(tmp_path, capsys):
    assert main(["decide", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_python_m_soclib_works():
    command = [sys.executable, "-m", "soclib", "audit"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0

"""CONTRIBUTING.md works: each example is followed to the letter in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PYTHON = ".venv/bin/python"
NEEDED = (
    *("data", "soclib", "scripts", "tests", "notebooks"),
    *("conftest.py", "pyproject.toml", "CONTRIBUTING.md"),
)
UNWANTED = ("__pycache__", ".ipynb_checkpoints", "exports", "browser")


class Block(NamedTuple):
    """A block of code: what it names (a file or nothing), and its text."""

    kind: str
    file: str
    text: str


def blocks(heading):
    """Return the blocks of one section, in order."""
    section = GUIDE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [Block(*parts) for parts in found]


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the project, with this Python as the one of its environment."""
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns(*UNWANTED)
            shutil.copytree(source, tmp_path / name, ignore=ignore)
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def run(copy, text):
    """Run a block at the top of the copy and return what it answers."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["bash", "-e", "-c", text.replace(PYTHON, sys.executable)]
    return subprocess.run(
        command, cwd=copy, env=env, check=False, capture_output=True, text=True, timeout=1800
    )


def add(copy, block):
    """Add a block to the end of the file that it names; in a notebook, to the end of its map."""
    path = copy / block.file
    if path.suffix == ".ipynb":
        book = nbformat.read(path, as_version=4)
        cell = next(cell for cell in book.cells if "| You are |" in cell["source"])
        at = cell["source"].rindex("|\n") + 2
        cell["source"] = cell["source"][:at] + block.text + cell["source"][at:]
        nbformat.write(book, path)
    else:
        with path.open("a", encoding="utf-8") as file:
            file.write(block.text)


def follow(copy, heading):
    """Follow a section; return the answers of its commands, each of which must succeed."""
    answers = []
    for block in blocks(heading):
        if block.file:
            add(copy, block)
        else:
            answers.append(done := run(copy, block.text))
            assert done.returncode == 0, block.text + done.stdout + done.stderr
    return answers


@pytest.mark.thorough
def test_a_dimension_is_added_and_can_be_cited(copy):
    cited, _golden = follow(copy, "A dimension of the comparison")
    assert "Copies in a data room (row copies of the comparison)" in cited.stdout
    assert "Copies in a data room" in (copy / "tests/comparison/golden/comparison.html").read_text(
        "utf-8"
    )


@pytest.mark.thorough
def test_a_room_is_added_in_its_place_with_its_table_checked_and_described(copy):
    follow(copy, "A room")
    assert "### delays.csv" in (copy / "data/README.md").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_a_rule_is_added_and_proven_and_its_case_holds_only_with_it(copy):
    case, rule, _audit, tested = blocks("A rule")
    add(copy, case)
    without = run(copy, tested.text)
    assert without.returncode != 0
    assert "H01" in without.stdout
    add(copy, rule)
    assert follow_commands(copy, "A rule") == [0, 0]


def follow_commands(copy, heading):
    return [run(copy, block.text).returncode for block in blocks(heading) if not block.file]


@pytest.mark.thorough
def test_a_notebook_is_added_run_linked_and_compared(copy):
    *_before, compared = follow(copy, "A notebook")
    assert "2 passed" in compared.stdout  # its one cell, and its bytes
    book = nbformat.read(copy / "notebooks/99_who_signs.ipynb", as_version=4)
    assert "Who signs" in book.cells[1]["outputs"][0]["data"]["text/html"]


def test_every_file_that_the_guide_names_exists():
    for name in re.findall(r"`((?:\w+/)+[\w.]+)`", GUIDE):
        assert (ROOT / name).exists(), name

"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import soclib

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_example_gives_what_its_comment_says():
    block = README.split("## From Python")[1].split("\n\n")[1:4]
    code = "\n".join(line[4:] for part in block for line in part.splitlines() if line[:4] == "    ")
    scope: dict[str, object] = {}
    exec(code, scope)  # noqa: S102 - our own README
    said = re.search(r"decision\.reports +# (\{.*\})", code).group(1)
    assert str(scope["decision"].reports) == said


def test_every_path_that_the_readme_links_or_shows_exists():
    for path in re.findall(r"\]\(([^)#]+)\)", README) + re.findall(
        r"`((?:\w+/)+[\w.]*)` \|", README
    ):
        assert (ROOT / path).exists(), path


def test_the_two_commands_stand_near_the_top():
    head = README.splitlines()[:25]
    assert any("make lab" in line for line in head)
    assert any("make test" in line for line in head)


def test_every_public_name_is_documented():
    for name in soclib.__all__:
        assert getattr(soclib, name).__doc__

"""The browser's script and Python: one table, the same answers in every field, the same HTML."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import playwright
import pytest

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.browser import browser_tables
from soclib.verdict.logic import bits, value
from soclib.verdict.page import verdict_html
from soclib.verdict.tables import VERDICT

HERE = Path(__file__).parent
SCRIPTS = {path.name: path for path in (HERE.parents[1] / "soclib").glob("*/*.js")}
CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
FILES = ("text.js", "decide.js", "verdict.js")  # without the view, which needs a page
CASES = 1500


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """Return the path of the script without the view, which needs a page."""
    path = tmp_path_factory.mktemp("script") / "soc.mjs"
    parts = [SCRIPTS[name].read_text(encoding="utf-8") for name in FILES]
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def node():
    """Return a node: the machine's own, or the one that Playwright brings along."""
    bundled = Path(playwright.__file__).parent / "driver" / "node"
    return shutil.which("node") or str(bundled)


def run(script, job, cases=(), *, tables=None, **environment):
    """Return what a job of ``parity.mjs`` makes of cases; ``environment`` is of the process."""
    tables = tables or browser_tables(CATALOG)
    work = {"script": str(script), "tables": tables, "job": job, "cases": cases}
    done = subprocess.run(
        [node(), str(HERE / "parity.mjs")],
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    return json.loads(done.stdout)


def random_cases():
    dice = random.Random(20261123)  # noqa: S311 - cases, not secrets
    for _ in range(CASES):
        share = dice.choice((0.05, 0.2, 0.5, 0.95))
        answers = {key: dice.choice(ANSWERS) for key in IDS if dice.random() < share}
        yield answers, dice.choice(VOICES)


def every_quick_case():
    """Every way to answer or leave the six quick questions, from the vendor's side."""
    quick = [c.criterion_id for c in CATALOG.part(VERDICT).criteria if c.group_id == "quick"]
    for number in range(4 ** len(quick)):
        digits = [number // 4**at % 4 for at in range(len(quick))]
        answers = {key: ANSWERS[d] for key, d in zip(quick, digits, strict=True) if d < 3}
        yield answers, "vendor"


@pytest.mark.parametrize("cases", [random_cases, every_quick_case])
def test_every_field_and_the_html_are_the_same_in_the_browser(script, cases):
    wanted = list(cases())
    for (answers, voice), (plain, html) in zip(
        wanted, run(script, "decisions", wanted), strict=True
    ):
        ours = soclib.decide(answers, voice).to_dict()
        assert plain == json.loads(json.dumps(ours)), (answers, voice)
        assert html == verdict_html(ours, CATALOG), (answers, voice)


def test_every_status_over_all_answers_is_the_same_in_the_browser(script):
    """Subject, demand and status of each report over all its partial answers."""
    for report, letters in zip(CATALOG.part(VERDICT).reports, run(script, "statuses"), strict=True):
        names = bits(report.mask)
        ours = []
        for number in range(3 ** len(names)):
            yes = no = 0
            rest = number
            for bit in names:
                rest, digit = divmod(rest, 3)
                if digit == 1:
                    yes |= bit
                elif digit == 0:
                    no |= bit
            subject, demand = value(report.subject, yes, no), value(report.demand, yes, no)
            conflict = any(value(outcome, yes, no) == 1 for outcome in report.contradictions)
            status_id = report.square[0 if conflict else subject, demand].status_id
            rank = CATALOG.part(VERDICT).statuses[status_id].rank
            ours.append(f"{rank}{subject + 1}{demand + 1}")
        assert letters == "".join(ours)


def test_the_tables_for_the_browser_are_plain_json():
    tables = browser_tables(CATALOG)
    assert json.loads(json.dumps(tables)) == tables

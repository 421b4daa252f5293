"""The browser's script and Python: one table, the same answers in every field, the same HTML."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from itertools import islice, product
from pathlib import Path

import numpy as np
import playwright
import pytest
from covering import meeting, pairwise_rows
from every_state import standings

import soclib
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.browser import browser_tables
from soclib.verdict.page import verdict_html
from soclib.verdict.tables import VERDICT

HERE = Path(__file__).parent
SCRIPTS = {path.name: path for path in (HERE.parents[1] / "soclib").glob("*/*.js")}
CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
QUICK = [c.criterion_id for c in CATALOG.part(VERDICT).criteria if c.group_id == "quick"]
CASES = 1500
FILES = ("text.js", "decide.js", "verdict.js")  # without the view, which needs a page


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


def some_random_cases():
    """Return the first of the random cases."""
    return islice(random_cases(), 300)


def every_quick_case():
    """Every way to answer or leave the six quick questions, from the vendor's side."""
    for cells in product((None, *ANSWERS), repeat=len(QUICK)):
        yield answered(dict(zip(QUICK, cells, strict=True))), "vendor"


def every_two_quick_answers():
    """Every way to answer or leave any two of the quick questions, from either side."""
    for row in pairwise_rows({**dict.fromkeys(QUICK, (None, *ANSWERS)), "voice": VOICES}):
        voice = row.pop("voice")
        yield answered(row), voice


def every_rule_met():
    """The answers that meet a rule, from either side."""
    for outcome, voice in product(CATALOG.part(VERDICT).outcomes, VOICES):
        for rule in outcome.rules:
            yield meeting(rule, CATALOG.part(VERDICT).criteria), voice


def answered(row):
    return {key: answer for key, answer in row.items() if answer is not None}


LONG = (random_cases, every_quick_case)


@pytest.mark.parametrize(
    "cases",
    [
        *(some_random_cases, every_two_quick_answers, every_rule_met),
        *(pytest.param(cases, marks=pytest.mark.thorough) for cases in LONG),
    ],
)
def test_every_field_and_the_html_are_the_same_in_the_browser(script, cases):
    wanted = list(cases())
    for (answers, voice), (plain, html) in zip(
        wanted, run(script, "decisions", wanted), strict=True
    ):
        ours = soclib.decide(answers, voice).to_dict()
        assert plain == json.loads(json.dumps(ours)), (answers, voice)
        assert html == verdict_html(ours, CATALOG), (answers, voice)


def test_every_status_over_all_answers_is_the_same_in_the_browser(script):
    """Subject, demand and status of each report over all its partial answers.

    They come from the sets of the audit, which `test_audit` compares with single cases.
    """
    ranks = {status_id: status.rank for status_id, status in CATALOG.part(VERDICT).statuses.items()}
    for report, letters in zip(CATALOG.part(VERDICT).reports, run(script, "statuses"), strict=True):
        subject, demand, status = standings(report)
        ours = np.stack([np.vectorize(ranks.get)(status), subject + 1, demand + 1], axis=1)
        theirs = np.frombuffer(letters.encode("ascii"), np.uint8).reshape(-1, 3) - ord("0")
        assert np.array_equal(ours, theirs)


def test_the_tables_for_the_browser_are_plain_json():
    tables = browser_tables(CATALOG)
    assert json.loads(json.dumps(tables)) == tables

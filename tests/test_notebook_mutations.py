"""A break in the rules, in the panel or in a notebook is noticed: by nbval, or else by a check.

Each mutation is made in a copy of the project that keeps the stored outputs. One nbval run then
goes through all copies; what nbval cannot see is left to the checks named beside the mutation.
One mutation of each layer is tried in every run, the others among the long proofs.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import notebook_guard as guard
import pytest

import soclib

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "notebooks/02_which_report.ipynb"  # the one with the panel
COMPARISON = "notebooks/01_how_the_reports_differ.ipynb"
HOW = "conftest.py", "scripts/run_notebooks.py"  # a notebook is judged as `make test` judges it
NBVAL = "--nbval -rA --tb=no --color=no -p no:cacheprovider -p no:xdist"
BYTE_CODE_BESIDE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""}
CONTROL, CONTROL_OF_COMPARISON = "no mutation", "no mutation of the comparison"
RULE = {"rule_id": "S1-BOOKS"}
UNASKED = {"report_id": "soc1", "subject": "unknown", "demand": "unknown"}
LAST_QUESTION = {"criterion_id": "regulated_custody_or_transfer", "voice": "vendor"}
FIRST = 'criterion.criterion_id == "affects_client_financials"'


# --- mutations ----------------------------------------------------------------------------------


def text(name, old, new):
    """Return a mutation that replaces one piece of a file."""

    def mutate(copy):
        before = (copy / name).read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{name} has changed: say anew {old!r}"
        (copy / name).write_text(before.replace(old, new), encoding="utf-8")

    return mutate


def table(name, where, **cells):
    """Return a mutation that sets cells of one row, or drops the row when no cells are given."""

    def mutate(copy):
        (path,) = (copy / "data").rglob(f"{name}.csv")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        (row,) = [row for row in rows if where.items() <= row.items()]
        assert any(row[column] != value for column, value in cells.items()) or not cells
        kept = [one for one in rows if one is not row or cells]
        row.update(cells)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
        soclib.load_catalog(copy / "data")  # still a whole catalog, only with another meaning

    return mutate


def every_cell(**values):
    """Return a mutation that sets something in every code cell of the notebook."""

    def mutate(copy):
        notebook = nbformat.read(copy / NOTEBOOK, as_version=4)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(values)
        nbformat.write(notebook, copy / NOTEBOOK)

    return mutate


PANEL_JS, PANEL = "soclib/verdict/panel.js", "soclib/verdict/view.py"
RULE_BROKEN = table("rules", RULE, affects_client_financials="N")
CLEARED = every_cell(outputs=[], execution_count=None)
TAGGED = every_cell(metadata={"tags": ["nbval-ignore-output"]})

# What is done to a copy, and which check is to notice it.
MUTATIONS = {
    "a cell of a rule is flipped": ("nbval", RULE_BROKEN),
    "a rule is deleted": ("nbval", table("rules", RULE)),
    "a question deep in the panel is reworded": (
        "nbval",
        table("questions", LAST_QUESTION, question="Are you regulated?"),
    ),
    "the mark of a status is another": (
        "nbval",
        table("statuses", {"status_id": "open"}, mark="●"),
    ),
    "a cell of the square has another status": (
        "nbval",
        table("verdicts", UNASKED, status_id="likely"),
    ),
    "the square is drawn transposed": (
        "nbval",
        text(
            "soclib/verdict/page.py",
            "statuses[first[subject, demand]].label",
            "statuses[first[demand, subject]].label",
        ),
    ),
    "the browser takes the best cell of a rule for the worst": (
        "nbval",
        text("soclib/verdict/decide.js", "Math.min(least, sign", "Math.max(least, sign"),
    ),
    "no toggle is observed": (
        "nbval",
        text(PANEL_JS, 'toggles.forEach((toggle) => toggle.on("change:index", refresh));', ""),
    ),
    "the first toggle is not observed": (
        "nbval",
        text(
            PANEL_JS,
            "toggles.forEach((toggle) => toggle.on",
            "toggles.slice(1).forEach((toggle) => toggle.on",
        ),
    ),
    "the panel no longer shows the verdict": (
        "nbval",
        text(PANEL_JS, "showVerdict(verdict, shown, tables, drawn);", ""),
    ),
    "the verdict is not announced": ("nbval", text(PANEL_JS, ', role: "status" }', " }")),
    "the chosen answer is not announced": (
        "nbval",
        text(
            "soclib/views/page.js",
            'button.setAttribute("aria-checked", String(place === checked));',
            "",
        ),
    ),
    "the first toggle is dropped": (
        "nbval",
        text(PANEL, "toggles=_toggles(self.catalog)", "toggles=_toggles(self.catalog)[1:]"),
    ),
    "an option is added to the first toggle": (
        "nbval",
        text(PANEL, "options=options,", f'options=options + ["Maybe"] * ({FIRST}),'),
    ),
    "the first toggle is disabled": (
        "nbval",
        text(PANEL, "options=options,", f"options=options, disabled={FIRST},"),
    ),
    "Python does not read the first toggle": (
        "nbval",
        text(PANEL, "if toggle.index is not None", f"if toggle.index is not None and not {FIRST}"),
    ),
    "outputs are cleared and a rule is broken": ("guard", RULE_BROKEN, CLEARED),
    "outputs are ignored and a rule is broken": ("guard", RULE_BROKEN, TAGGED),
}
COMPARE_JS, COMPARE = "soclib/comparison/compare.js", "soclib/comparison/view.py"
ISSUER = {"dimension_id": "issuer"}
DROPPED = {"dimension_id": "changes_incidents"}  # no lesson cites it
OF_COMPARISON = {
    "a row of the comparison is dropped": ("nbval", table("comparison", DROPPED)),
    "a cell of the comparison is reworded": (
        "nbval",
        table("comparison", ISSUER, soc2="Anybody may issue it."),
    ),
    "a difference is called none": (
        "nbval",
        table("comparison", {"dimension_id": "period"}, differs="no"),
    ),
    "a prospect may have a SOC 1": (
        "nbval",
        table("readers", {"report_id": "soc1", "reader_id": "prospect_under_nda"}, allowed="yes"),
    ),
    "no toggle of the comparison is observed": (
        "nbval",
        text(
            COMPARE_JS,
            '[...switches, search].forEach((control) => control.on("change:value", refresh));',
            "",
        ),
    ),
    "a pressed toggle is not announced": (
        "nbval",
        text(
            "soclib/views/page.js",
            'view.el.setAttribute("aria-pressed", String(control.get("value")));',
            "",
        ),
    ),
    "the first report has no toggle": (
        "nbval",
        text(
            COMPARE,
            "for report in self.catalog.part(VERDICT).reports],",
            "for report in self.catalog.part(VERDICT).reports[1:]],",
        ),
    ),
    "the search box is disabled": (
        "nbval",
        text(
            COMPARE,
            'widgets.Text(description=words["compare_search"])',
            'widgets.Text(description=words["compare_search"], disabled=True)',
        ),
    ),
}
EVERY = {**MUTATIONS, **OF_COMPARISON}
HIDDEN = [mutation for mutation, (check, *_) in EVERY.items() if check == "guard"]
CONTROLS = [CONTROL, CONTROL_OF_COMPARISON]
ALWAYS = {
    CONTROL,
    "a cell of a rule is flipped",
    "a cell of the square has another status",
    "the square is drawn transposed",
    "the browser takes the best cell of a rule for the worst",
    "the first toggle is dropped",
    "outputs are cleared and a rule is broken",
}


def each(mutations):
    """Return a decorator that runs a test once for each mutation, most of them as long proofs."""
    marks = {name: () if name in ALWAYS else pytest.mark.thorough for name in mutations}
    cases = [pytest.param(name, marks=mark) for name, mark in marks.items()]
    return pytest.mark.parametrize("mutation", cases)


def notebook_of(mutation):
    """Return the notebook that a mutation is tried on."""
    return COMPARISON if mutation in {*OF_COMPARISON, CONTROL_OF_COMPARISON} else NOTEBOOK


# --- checks -------------------------------------------------------------------------------------


def pytest_at(folder, *arguments, path):
    """Return the report of a pytest that knows nothing of this one."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env = {**env, "PYTHONPATH": path, **BYTE_CODE_BESIDE}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(
        command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=1800
    )


def guard_notices(copy):
    (path,) = copy.glob("notebooks/*.ipynb")
    reviewed = guard.reviewed_cells(path.name)
    return bool(guard.faults(nbformat.read(path, as_version=4), reviewed))


@pytest.fixture(scope="module")
def copies(request, tmp_path_factory):
    """Return a folder with one copy of the project for each mutation that a test asks for."""
    folder = tmp_path_factory.mktemp("mutations")
    unwanted = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    tests = [item for item in request.session.items if item.path == request.path]
    for mutation in {test.callspec.params["mutation"] for test in tests}:
        copy = folder / mutation
        for name in (notebook_of(mutation), *HOW):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
        for name in ("soclib", "data"):
            shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
        for change in EVERY[mutation][1:] if mutation in EVERY else ():
            change(copy)
    return folder


@pytest.fixture(scope="module")
def nbval_says(copies):
    """Return what nbval says of the cells of each copy, after one run over all of them."""
    # A kernel starts beside its notebook: ".." is its own copy, ahead of the installed package.
    report = pytest_at(copies, *NBVAL.split(), ".", path="..")
    assert report.returncode in {0, 1}, report.stdout + report.stderr
    for copy in copies.iterdir():  # Python leaves its byte code beside what it imported
        assert (copy / "soclib/verdict/__pycache__").is_dir(), "another soclib was tested"
    said = re.findall(r"^([A-Z]+) (.+?)/notebooks/[^:]+::Cell", report.stdout, re.MULTILINE)
    return {copy: {word for word, place in said if place == copy} for _word, copy in said}


@each(EVERY)
def test_the_mutation_is_noticed(mutation, copies, nbval_says):
    if EVERY[mutation][0] == "nbval":
        assert "FAILED" in nbval_says[mutation]
    else:
        assert guard_notices(copies / mutation)


@each(HIDDEN)
def test_nbval_alone_is_blind_to_cells_that_it_is_not_shown(mutation, nbval_says):
    assert nbval_says[mutation] == {"PASSED"}


@each(CONTROLS)
def test_a_copy_without_a_mutation_passes_every_check(mutation, copies, nbval_says):
    assert nbval_says[mutation] == {"PASSED"}
    assert not guard_notices(copies / mutation)

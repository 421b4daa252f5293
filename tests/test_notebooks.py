"""The shipped notebooks hide nothing from nbval, and whatever `pytest --nbval` is shown it judges.

That they are what the code produces is a test of each notebook itself: `pytest --nbval notebooks`.
"""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import notebook_guard as guard
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PIXELS = "iVBORw0KGgo="

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


# --- the shipped notebooks ----------------------------------------------------------------------


def test_there_are_notebooks_to_check():
    assert NOTEBOOKS


@each_notebook
def test_the_notebook_hides_nothing(path):
    notebook = nbformat.read(path, as_version=4)
    assert guard.faults(notebook, guard.reviewed_cells(path.name)) == []


def test_every_exemption_names_a_cell_and_a_reason():
    cells = {
        (path.name, cell["id"])
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4)["cells"]
    }
    for row in guard.exemptions():
        assert (row["notebook"], row["cell_id"]) in cells
        assert len(row["reason"].split()) > 2


@each_notebook
def test_the_start_page_leads_to_the_notebook_by_a_link(path):
    start = nbformat.read(NOTEBOOKS[0], as_version=4)
    linked = {
        name for text in map(str, start.cells) for name in re.findall(r"\((\w+\.ipynb)\)", text)
    }
    assert path.name in linked | {NOTEBOOKS[0].name}


def test_every_link_from_a_notebook_leads_somewhere():
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            for target in re.findall(r"\]\(([\w./]+)\)", cell["source"]):
                assert (path.parent / target).exists(), (path.name, target)


# --- made-up notebooks --------------------------------------------------------------------------


def code(source="1 + 1", *outputs, count=1, **metadata):
    """Return a cell of code that was run."""
    cell = {"cell_type": "code", "id": "made-up", "source": source, "metadata": metadata}
    return {**cell, "execution_count": count, "outputs": list(outputs) or [shown("2")]}


def unshown(source):
    """Return a cell of code that shows nothing."""
    return {**code(source), "outputs": []}


def prose(source):
    """Return a cell of prose."""
    return {"cell_type": "markdown", "id": "prose", "source": source, "metadata": {}}


def shown(text="2", **data):
    """Return an output; ``html`` and ``svg`` give it further kinds."""
    kinds = {"html": "text/html", "svg": "image/svg+xml", "png": "image/png"}
    more = {kinds[kind]: content for kind, content in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": text, **more}}


def printed(text, name="stdout"):
    """Return what a cell prints."""
    return {"output_type": "stream", "name": name, "text": text}


def result(text):
    """Return the value that a cell ends in."""
    return {**shown(text), "output_type": "execute_result", "execution_count": 1}


def view(model_id, words):
    """Return an output that shows a widget."""
    data = {guard.VIEW: {"model_id": model_id}, "text/plain": words}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def book(*cells, **models):
    """Return a notebook; ``models`` are the widgets whose state it stores."""
    widgets = {"widgets": {guard.STATE: {"state": models}}} if models else {}
    return {"cells": list(cells), "metadata": widgets}


def model(name, module="@jupyter-widgets/controls", **state):
    """Return the stored state of a widget."""
    return {"model_name": f"{name}Model", "model_module": module, "state": state}


def panel(*model_ids, script='model.get("toggles")'):
    """Return the stored state of a view whose script reads some toggles."""
    names = [f"IPY_MODEL_{model_id}" for model_id in model_ids]
    return model("Any", "anywidget", toggles=names, _esm=script)


TOGGLE = model("ToggleButtons", description="asked")
PANEL = {"a0": panel("b1", "b2"), "b1": TOGGLE, "b2": TOGGLE}


# Each check with notebooks that it must fault, and notebooks close by that it must not.
FAULTY, SOUND = 1, 2
PROOFS = [
    (guard.never_run, [book(code(count=None))], [book(code()), book(code(" ", count=None))]),
    (
        guard.out_of_order,
        [book(code(count=2)), book(code(count=2), code(count=1)), book(code(), code())],
        [book(code(), prose("Then"), code(count=2))],
    ),
    (
        guard.exempted,
        [
            book(code(tags=["nbval-ignore-output"])),
            book(code(tags=["nbval-skip"])),
            book(code(tags=["raises-exception"])),
            book(code("# NBVAL_IGNORE_OUTPUT\n1 + 1")),
            book(code("1 + 1\n  #NBVAL_SKIP")),
            book(code("# PYTEST_VALIDATE_IGNORE_OUTPUT\n1 + 1")),
            book(code("# NBVAL_RAISES_EXCEPTION\n1 + 1")),
        ],
        [book(code(tags=["nbval-check-output", "chart"])), book(code("# skip the header\n1"))],
    ),
    (
        guard.failed,
        [book(code("1 / 0", {"output_type": "error"})), book(code("f()", printed("!", "stderr")))],
        [book(code("print(2)", printed("2")))],
    ),
    (
        guard.silent,
        [book(unshown("panel")), book(unshown("x = 1\nprint(x)"))],
        [book(unshown("import soclib")), book(code("panel"))],
    ),
    (
        guard.cut,
        [
            book(code("table", shown("Box(children=(Dropdown(descri…"))),
            book(code("table", shown("a  ...  z\n1  ...  9"))),
            book(code("print(table)", printed("0  1  ...  8  9"))),
            book(code("table", shown(html="<table><tr><td>Whether anyone...</td></tr></table>"))),
        ],
        [
            book(code("table", shown("All of it. And more."))),
            book(code("panel", shown(html="<script>f(...values)</script><td>all</td>"))),
        ],
    ),
    (
        guard.rasters,
        [book(code("plot", shown(png=PIXELS)))],
        [book(code("plot", shown(svg="<svg/>")))],
    ),
    (
        guard.unstable,
        [
            book(code("f", shown("<function f at 0x7f3a5c0d1e50>"))),
            book(code("f", shown(html='<table id="T_3fa0b">'))),
            book(code("f", printed("6fa459ea-ee8a-3ca4-894e-db77e160355e"))),
            book(code("f", printed("took 31 ms"))),
            book(code("f", printed("ran at 2026-11-23 10:41:07"))),
            book(code("f", shown("read /home/ada/tables/rules.csv"))),
            book(code("f", shown("read C:\\tables"))),
            book(code(execution={"iopub.execute_input": "2026-11-23T10:41:07Z"})),
        ],
        [
            book(code("f", printed("checked 2026-11-23, tables e3e077e5a6ec, SOC 1/SOC 2"))),
            book(code("f", shown(html='<a href="https://example.org/a/b">a</a> and/or <b>b</b>'))),
            book(code("f", shown(html="<style>a { transition: 2 s }</style>"))),
        ],
    ),
    (
        guard.kernel_only,
        [
            book(code(), a0=model("Output", "@jupyter-widgets/output")),
            book(code("out = widgets.Output()")),
            book(code("from ipywidgets import interact as play")),
            book(code("@widgets.interact\ndef f(x): ...")),
            book(code("clear_output(wait=True)")),
        ],
        [book(code("soclib.panel()"), **PANEL), book(code('print("Output")'))],
    ),
    (
        guard.dead_controls,
        [
            book(code(), a0=model("Dropdown"), a1=model("VBox", children=["IPY_MODEL_a0"])),
            book(code(), **PANEL, b3=TOGGLE),
            book(code(), **{**PANEL, "a0": panel("b1", "b2", script='model.get("tables")')}),
            book(code(), b1=model("Checkbox"), b2=model("Button"), b3=model("IntSlider")),
            book(code(), b1=model("Text"), b2=model("VBox", children=["IPY_MODEL_b1"])),
        ],
        [
            book(code(), **PANEL),
            book(code(), a0=model("HTML"), a1=model("VBox"), a2=model("HTMLStyle")),
            book(code(), a0=model("Layout", "@jupyter-widgets/base")),
        ],
    ),
    (
        guard.lost_views,
        [book(code("panel", view("a1", "Asked? Yes")), **PANEL)],
        [book(code("panel", view("a0", "Asked? Yes")), **PANEL)],
    ),
    (
        guard.wordless_views,
        [
            book(code("panel", view("a0", "Panel(tables={}, toggles=[])")), **PANEL),
            book(code("panel", view("a0", "<soclib.verdict.view.Panel object>")), **PANEL),
            book(code("panel", view("a0", " ")), **PANEL),
            book(code("panel", view("a0", "Asked? Yes")), **PANEL),
        ],
        [book(code("panel", view("a0", "Asked? Yes\nStored? (not answered)")), **PANEL)],
    ),
    (guard.not_python, [book(code("!ls")), book(code("%timeit 1"))], [book(code("1 % 2"))]),
    (guard.long_cells, [book(code("1\n" * 11))], [book(code("1\n" * 10))]),
    (
        guard.logic,
        [
            book(code("def f(): return 1")),
            book(code("class Panel: pass")),
            book(code("for x in y: print(x)")),
            book(code("print(*[x for x in y])")),
            book(code("while True: pass")),
            book(code("if x: print(x)")),
            book(code("print(x if y else z)")),
            book(code("table.map(lambda row: row)")),
        ],
        [book(code("soclib.decide({'asked': 'if'})"))],
    ),
    (
        guard.headings,
        [
            book(code(), prose("# Late")),
            book(prose("## Small")),
            book(prose("# One"), prose("# Two")),
            book(prose("# One\n\n### Three")),
            book(prose("# One\n\n<h1>Two</h1>")),
            book(),
        ],
        [book(prose("# One\n\nText.\n\n## Two\n\n### Three\n\n## Two\n\n```\n# comment\n```"))],
    ),
    (
        guard.images_without_words,
        [
            book(prose("![](square.svg)")),
            book(prose('<img src="square.svg">')),
            book(prose('<img src="square.svg" alt="">')),
            book(code("chart", shown(svg='<svg width="9"><rect/></svg>'))),
            book(code("chart", shown(html="<p><svg><rect/></svg></p>"))),
        ],
        [
            book(prose('![The square](square.svg) <img alt="The square" src="square.svg">')),
            book(code("chart", shown(svg="<svg><title>The square</title></svg>"))),
            book(code("chart", shown(html='<svg aria-hidden="true"></svg> ● Needed'))),
        ],
    ),
]


def each(notebooks_of):
    """Return a decorator that runs a test once for each pair of a check and a made-up notebook."""
    cases = [
        pytest.param(proof[0], notebook, id=f"{proof[0].__name__}-{number}")
        for proof in PROOFS
        for number, notebook in enumerate(proof[notebooks_of])
    ]
    return pytest.mark.parametrize(("check", "notebook"), cases)


@each(FAULTY)
def test_the_guard_finds_the_fault(check, notebook):
    assert check(notebook)
    assert set(check(notebook)) <= set(guard.faults(notebook))


@each(SOUND)
def test_the_guard_leaves_alone_what_is_near_a_fault(check, notebook):
    assert check(notebook) == []


def test_every_check_of_the_guard_is_proved_both_ways():
    assert {proof[0] for proof in PROOFS} == {*guard.CHECKS, guard.exempted}
    assert all(proof[FAULTY] and proof[SOUND] for proof in PROOFS)


def test_a_reviewed_cell_may_be_exempted():
    notebook = book(code(tags=["nbval-skip"]))
    assert guard.exempted(notebook, reviewed={"made-up"}) == []


def test_a_fault_is_a_sentence_that_names_its_cell():
    assert guard.never_run(book(code(count=None)))[0].startswith("Cell made-up was never run")


# --- one run, judged twice ----------------------------------------------------------------------

START = runpy.run_path(str(ROOT / "scripts/run_notebooks.py"))["start"]
STALE = {
    "sound": code("1 + 1", result("2")),
    "another text": code("2 + 2", result("5"), count=2),
    "another page": code(
        "from IPython.display import HTML, display\n\ndisplay(HTML('<b>fresh</b>'))",
        shown("<IPython.core.display.HTML object>", html="<b>stored</b>"),
        count=3,
    ),
    "raises": {**code("1 / 0", count=4), "outputs": []},
    "sound, and after an error": code("print(1)", printed("1\n"), count=5),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Return what `pytest --nbval` says of made-up notebooks, and its whole report."""
    folder = tmp_path_factory.mktemp("judged")
    for name in ("conftest.py", "scripts/run_notebooks.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    store(folder / "stale.ipynb", *STALE.values())
    store(folder / "same.ipynb", STALE["sound"])
    store(folder / "state.ipynb", STALE["sound"], b1=model("Checkbox", description="stored"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "--nbval", "-rA", "--color=no", "-p", "no:xdist"]
    done = subprocess.run(
        command, cwd=folder, env=env, check=False, capture_output=True, text=True, timeout=1800
    )
    return dict(
        reversed(line.split(" - ")[0].split(" ", 1))
        for line in re.findall(r"^(?:PASSED|FAILED) .+", done.stdout, re.MULTILINE)
    ), done.stdout


def store(path, *cells, **models):
    """Store a notebook of those cells, and of the state of those widgets."""
    made = nbformat.from_dict({**book(*cells, **models), "nbformat": 4, "nbformat_minor": 5})
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made.metadata |= {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(made, path)


def test_a_cell_that_gives_something_else_or_raises_fails_and_no_other_does(judged):
    verdicts, _report = judged
    assert {name: verdicts[f"stale.ipynb::Cell {at}"] for at, name in enumerate(STALE)} == {
        "sound": "PASSED",
        "another text": "FAILED",
        "another page": "FAILED",
        "raises": "FAILED",
        "sound, and after an error": "PASSED",
    }


def test_the_report_shows_what_was_stored_what_it_is_now_and_what_was_raised(judged):
    _verdicts, report = judged
    assert all(page in report for page in ("<b>stored</b>", "<b>fresh</b>", "ZeroDivisionError"))


def test_a_notebook_that_gives_what_it_stores_passes_as_a_whole(judged):
    verdicts, _report = judged
    assert verdicts["same.ipynb::Cell 0"] == verdicts["same.ipynb::same bytes"] == "PASSED"


def test_the_state_of_a_widget_is_compared_where_nbval_does_not_look(judged):
    verdicts, report = judged
    assert verdicts["state.ipynb::Cell 0"] == "PASSED"
    assert verdicts["state.ipynb::same bytes"] == verdicts["stale.ipynb::same bytes"] == "FAILED"
    assert "Run `make notebooks`" in report


def test_where_two_files_part_is_shown_however_long_their_lines_are():
    said = runpy.run_path(str(ROOT / "conftest.py"))["first_difference"](
        "same\n" + "x" * 9999 + "old and so on", "same\n" + "x" * 9999 + "new and so on"
    )
    line, stored, fresh = said
    assert line == "line 2"
    assert "xxold and so on" in stored
    assert "xxnew and so on" in fresh


class Kernel:
    """A client whose kernel does not start at once."""

    def __init__(self, failures):
        self.left, self.asked = failures, 0

    def create_kernel_manager(self):
        """Make nothing: there is no kernel."""

    def start_new_kernel(self):
        self.asked += 1

    def start_new_kernel_client(self):
        self.left -= 1
        if self.left >= 0:
            message = "Kernel died before replying to kernel_info"
            raise RuntimeError(message)


def test_a_kernel_that_does_not_start_is_started_again():
    kernel = Kernel(failures=2)
    START(kernel)
    assert kernel.asked == 3


def test_a_kernel_that_never_starts_is_given_up():
    with pytest.raises(RuntimeError, match="died"):
        START(Kernel(failures=3))

"""How much nbval needs for the notebooks, against starting as many kernels with their imports.

The floor is what nobody who checks notebooks with nbval can go below: one pytest process, and per
notebook one kernel that executes one cell with the imports of that notebook and with the modules
that its panel loads when it is first used. What the real run takes beyond it is the price of our
cells: the work that they do, and what nbval adds per cell. Both run from temporary copies, with the
same options, one notebook after the other.
"""

from __future__ import annotations

import ast
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rows import Row, at_most, processor_seconds

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
OPTIONS = ("--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", "-q")
PANEL = "import soclib, soclib.verdict.view"
RUNS = 3
RATIO = 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """One run of pytest: seconds on the clock, seconds of processor, and whether it passed."""

    wall: float
    cpu: float
    passed: bool


def validation_rows() -> list[Row]:
    """Return the time of nbval over all notebooks against its floor, runs alternating."""
    with tempfile.TemporaryDirectory() as home:
        real, floor = Path(home, "real"), Path(home, "floor")
        shutil.copytree(NOTEBOOKS, real, ignore=shutil.ignore_patterns(".*"))
        count = write_floor(floor)
        env = {**os.environ, "IPYTHONDIR": str(Path(home, "ipython"))}
        _validate(floor, env)  # fills page cache and profile
        pairs = [(_validate(real, env), _validate(floor, env)) for _ in range(RUNS)]
    reals, floors = zip(*pairs, strict=True)
    return [*_compared(reals, floors), *_described(reals, floors, count)]


def write_floor(folder: Path) -> int:
    """Write a notebook of imports for every real one; return how many."""
    folder.mkdir()
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        code = "\n".join([*imports_of(nbformat.read(path, as_version=4)), PANEL])
        # Only cells with a count and the outputs that they had are compared: here, none.
        cell = nbformat.v4.new_code_cell(code, execution_count=1)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / path.name)
    return len(paths)


def imports_of(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the import statements of all code cells, each once."""
    trees = [ast.parse(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    found = [
        ast.unparse(node)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return list(dict.fromkeys(found))


def _validate(folder: Path, env: dict[str, str]) -> Run:
    # A cache would be written beside the copies; xdist would only load itself.
    quiet = ("-p", "no:cacheprovider", "-p", "no:xdist")
    command = [sys.executable, "-m", "pytest", *OPTIONS, *quiet, str(folder)]
    before, start = processor_seconds(), time.perf_counter()
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, check=False)
    return Run(time.perf_counter() - start, processor_seconds() - before, done.returncode == 0)


def _compared(reals: tuple[Run, ...], floors: tuple[Run, ...]) -> list[Row]:
    best = min(run.wall for run in reals) / min(run.wall for run in floors)
    median = _median(reals) / _median(floors)
    cpu = min(run.cpu for run in reals) / min(run.cpu for run in floors)
    return [
        Row("nbval", f"all notebooks / floor: best of {RUNS}", best, "x", at_most(RATIO)),
        Row("nbval", f"all notebooks / floor: median of {RUNS}", median, "x", at_most(RATIO)),
        Row("nbval", f"all notebooks / floor: processor time, best of {RUNS}", cpu, "x"),
    ]


def _described(reals: tuple[Run, ...], floors: tuple[Run, ...], count: int) -> list[Row]:
    failed = sum(not run.passed for run in (*reals, *floors))
    return [
        Row("nbval", f"all notebooks ({count}), serial: best", min(r.wall for r in reals), "s"),
        Row("nbval", f"all notebooks ({count}), serial: median", _median(reals), "s"),
        Row("nbval", f"floor ({count}), serial: best", min(r.wall for r in floors), "s"),
        Row("nbval", f"floor ({count}), serial: median", _median(floors), "s"),
        Row("nbval", "runs that did not pass", failed, "", at_most(0)),
    ]


def _median(runs: tuple[Run, ...]) -> float:
    return statistics.median(run.wall for run in runs)

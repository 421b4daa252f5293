"""How tests are shared out, and how a notebook is run once and judged twice.

`pytest --nbval` compares each cell of a notebook with what is stored, as nbval does anywhere. Here
it hears of one run of ours, the one that `make notebooks` would store. One more test asks whether
that run gives the same bytes: it covers the state of widgets, which nbval never reads.
"""

from __future__ import annotations

import io
import runpy
from collections import deque
from collections.abc import Generator, Iterator
from os.path import commonprefix
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

ROOT = Path(__file__).resolve().parent
RUN = runpy.run_path(str(ROOT / "scripts/run_notebooks.py"))["run"]
BROWSER = "/browser/"
# What takes longest starts first: otherwise one worker ends alone with it.
LONGEST = (BROWSER, "notebooks/", "mutations", "classify", "_script", "memo", "survey")

collect_ignore = ["notebooks/exports"]  # what the notebooks write is not ours to judge


# --- sharing out --------------------------------------------------------------------------------


class Sharing(LoadScopeScheduling):
    """Gives a worker whole groups of tests, in the order in which they were found."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)  # without xdist nobody asks
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Return what shares the tests out, whatever `--dist` says."""
    config.option.loadscopereorder = False
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the groups that take longest first."""
    items.sort(key=lambda item: turn(group(item.nodeid)))


def group(nodeid: str) -> str:
    """Return the file of a test; all browser tests are one group: one JupyterLab, one Chromium.

    The mark `xdist_group` would say it too, but has no effect with pytest 9.2.
    """
    file = nodeid.split("::", 1)[0]
    return BROWSER if BROWSER in file else file


def turn(name: str) -> int:
    """Return when it is a group's turn; most come last, in the order in which they were found."""
    return next((number for number, part in enumerate(LONGEST) if part in name), len(LONGEST))


# --- notebooks ----------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Return what was collected; nbval's notebooks become notebooks that are run once."""
    found = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(file, IPyNbFile) else file
        for file in found
    ]


class Notebook(IPyNbFile):
    """A notebook: a test for each cell of code, and one for the whole file."""

    def setup(self) -> None:
        """Run the notebook; a cell that raises is left to nbval, which names it."""
        self.fresh = RUN(self.path, allow_errors=True)
        self.kernel = Replay(self.fresh)
        self.setup_sanitize_files()

    def collect(self) -> Iterator[pytest.Item]:
        """Return the tests."""
        for cell in super().collect():
            parts = {part: getattr(cell, part) for part in ("name", "cell_num", "cell", "options")}
            yield Cell.from_parent(self, **parts)
        yield SameBytes.from_parent(self, name="same bytes")


class Cell(IPyNbCell):
    """A cell of code, which nbval compares with what it gave in the run."""

    def setup(self) -> None:
        """Have this cell replayed next."""
        super().setup()
        self.parent.kernel.turn_to(self.cell_num)


class SameBytes(pytest.Item):
    """Whether the run gives the file as it is stored."""

    def runtest(self) -> None:
        """Fail with the first difference."""
        fresh = io.StringIO()
        nbformat.write(self.parent.fresh, fresh)
        stored = self.path.read_bytes().decode("utf-8")
        if stored != fresh.getvalue():
            lines = "\n".join(first_difference(stored, fresh.getvalue()))
            pytest.fail(f"{lines}\nRun `make notebooks` and read the difference.", pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the file, no line of it, and a name for the report."""
        return self.path, None, f"{self.path.name}: {self.name}"


class Replay:
    """What nbval takes for a kernel: it says again what each cell gave in a run."""

    MESSAGE = "replayed"

    def __init__(self, fresh: nbformat.NotebookNode) -> None:
        self._outputs = [cell.outputs for cell in fresh.cells if cell.cell_type == "code"]
        self._waiting: deque[dict[str, Any]] = deque()

    def turn_to(self, number: int) -> None:
        """Put the messages of one cell of code on the line, at last that it is done."""
        said = [(output.output_type, output) for output in self._outputs[number]]
        said.append(("status", {"execution_state": "idle"}))
        origin = {"msg_id": self.MESSAGE}
        self._waiting = deque(
            {"msg_type": kind, "content": content, "parent_header": origin}
            for kind, content in said
        )

    def execute_cell_input(self, *_source: str, **_options: bool) -> str:
        """Return the name of the message that asked for the cell."""
        return self.MESSAGE

    def await_reply(self, *_message: str, **_options: float) -> None:
        """Return at once: the cell was run."""

    await_idle = await_reply

    def get_message(self, *_channel: str, **_options: float) -> dict[str, Any]:
        """Return the next message."""
        return self._waiting.popleft()

    def is_alive(self) -> bool:
        """Return True: it always answers."""
        return True

    def stop(self) -> None:
        """Do nothing: the kernel ended with its run."""


def first_difference(stored: str, fresh: str) -> list[str]:
    """Return where two texts part, and a piece of each: a whole notebook is too long to read."""
    at = len(commonprefix([stored, fresh]))  # noqa: RUF071 - characters are meant
    piece = slice(max(0, at - 60), at + 140)
    line = stored.count("\n", 0, at) + 1
    return [f"line {line}", f"stored: {stored[piece]!r}", f"fresh:  {fresh[piece]!r}"]

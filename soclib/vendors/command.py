"""``python -m soclib classify``: classify a file as the command line says, with a progress bar."""

from __future__ import annotations

import signal
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from soclib.catalog import load_catalog
from soclib.errors import AnswerError
from soclib.vendors.files import Progress, read_parts
from soclib.vendors.runs import classify_file, classify_on_spark, match_of


def classify_command(options: Namespace) -> str:
    """Return what to print; raises what ``classify_file`` and ``classify_on_spark`` raise."""
    catalog = load_catalog(options.data)
    columns = _columns(options.column)
    if options.out is None:
        part = next(iter(read_parts(options.file, catalog, columns=columns, sheet=options.sheet)))
        names = part.table.column_names
        return str(match_of(names, columns, Path(options.file).name, catalog))
    if options.engine == "spark":
        run = classify_on_spark(
            *(options.file, options.out, columns),
            voice=options.voice,
            master=options.master,
            catalog=catalog,
        )
        return str(run)
    with _termination_as_interrupt(), _bar(Path(options.file).name) as progress:
        run = classify_file(
            *(options.file, options.out, columns),
            voice=options.voice,
            sheet=options.sheet,
            rows=options.rows,
            progress=progress,
            catalog=catalog,
        )
    return str(run)


def _columns(pairs: list[str]) -> dict[str, str] | None:
    for pair in pairs:
        if "=" not in pair:
            message = f"--column {pair!r}: write it as criterion=column"
            raise AnswerError(message)
    return {key: column for key, _, column in (pair.partition("=") for pair in pairs)} or None


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Handle SIGTERM as a keyboard interrupt, so that nothing half-written is left."""

    def end(*_: Any) -> None:  # noqa: ANN401 - what a signal handler is called with
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar(name: str) -> Iterator[Progress | None]:
    """Give a function that shows progress on a terminal; None without a terminal or tqdm."""
    if not find_spec("tqdm") or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm  # noqa: PLC0415 - only for a terminal

    with tqdm(desc=name, unit_scale=True, file=sys.stderr, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show

"""A whole vendor list from file to file, whatever its length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from soclib.batch.classifying import classify
from soclib.batch.results import writing
from soclib.batch.vendor_files import Part, Progress, read_parts
from soclib.headers import Match, chosen_columns, match_columns
from soclib.model import VOICES, Catalog
from soclib.rows import DataError, Fault
from soclib.tables import load_catalog


class Run(NamedTuple):
    """What was done: rows, the columns that were read, and how many rows have which status."""

    path: Path
    rows: int
    match: Match
    statuses: dict[str, dict[str, int]]

    def __str__(self) -> str:
        """Return columns and counts as text, one fact a line."""
        counts = [
            f"{report_id}: " + ", ".join(f"{status} {count:,}" for status, count in found.items())
            for report_id, found in self.statuses.items()
        ]
        return "\n".join([str(self.match), f"{self.rows:,} rows: {self.path.name}", *counts])


def classify_file(  # noqa: PLR0913 - one keyword for each choice
    path: str | Path,
    out: str | Path,
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    sheet: str | None = None,
    rows: int = 50_000,
    progress: Progress | None = None,
    catalog: Catalog | None = None,
) -> Run:
    """Classify a .csv, .xlsx or .parquet into a .parquet, .csv or .xlsx, part by part.

    At most ``rows`` rows are held at a time (a sheet is written at once). Every cell that cannot be
    read is listed with its line in one ``DataError``, and then nothing is written; whatever fails,
    no half-written file is left. ``progress`` is told how much is done, of how much. Raises
    ``SaveError`` for other suffixes and missing libraries, ``AnswerError`` as ``classify`` does.
    """
    catalog = catalog or load_catalog()
    parts = read_parts(path, catalog, columns=columns, sheet=sheet, rows=rows, progress=progress)
    faults: list[Fault] = []
    counts = {report.report_id: Counter[str]() for report in catalog.reports}
    names: list[str] = []
    with writing(out) as writer:
        for part in parts:
            names = names or part.table.column_names
            found = _classified(part, columns, voice, catalog, faults)
            if found is not None and not faults:
                writer.write(found)
                _count(found, counts)
        if not names:
            raise DataError([Fault(Path(path).name, 1, "-", "", "no rows; add some")])
        if faults:
            raise DataError(faults)
    match = matched(names, columns, Path(path).name, catalog)
    ordered = {key: in_order(catalog, found) for key, found in counts.items()}
    return Run(Path(out), writer.rows, match, ordered)


def _classified(
    part: Part,
    columns: Mapping[str, str] | None,
    voice: str,
    catalog: Catalog,
    faults: list[Fault],
) -> Any:  # noqa: ANN401 - a PyArrow table
    """Return a part with its verdicts, or None where cells cannot be read, which are listed."""
    try:
        return classify(part.table, columns, voice=voice, place=part.place, catalog=catalog)
    except DataError as error:
        faults += error.faults
        return None


def _count(table: Any, counts: dict[str, Counter[str]]) -> None:  # noqa: ANN401 - PyArrow's
    for report_id, found in counts.items():
        for pair in table.column(report_id).value_counts().to_pylist():
            found[pair["values"]] += pair["counts"]


def in_order(catalog: Catalog, found: Mapping[str, int]) -> dict[str, int]:
    """Return counts by status in the order of the tables."""
    return {status: found[status] for status in catalog.statuses if found.get(status)}


def matched(
    names: list[str], columns: Mapping[str, str] | None, file: str, catalog: Catalog
) -> Match:
    """Return which columns were read, whether they were named or found."""
    if columns is None:
        return match_columns(names, catalog)
    chosen = chosen_columns(columns, names, file, catalog)
    left = tuple(name for name in names if name not in chosen.values())
    return Match(chosen, left, {})

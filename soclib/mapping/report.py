"""The findings on a cross-map as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from soclib.catalog import Catalog, load_catalog
from soclib.mapping.findings import Coverage, LintFinding, coverage, findings, resolve
from soclib.mapping.reading import read_mapping
from soclib.mapping.tables import LINT
from soclib.paper.saving import defused
from soclib.tables.rows import VOICES
from soclib.trust.tables import TRUST
from soclib.words import Words, fill, words_of

ERROR = "error"
RANGE = 3  # ids in a row, from which on they are named as a range
SHOWN = 10  # findings of each check that the text lists
LONGEST = 240  # characters of a sentence in the text


@dataclass(frozen=True, slots=True, eq=False)
class LintReport:
    """What is wrong with a mapping file, and how much of both sides it covers."""

    file: str
    form: str
    pairs: int
    findings: tuple[LintFinding, ...]
    coverage: tuple[Coverage, ...]
    catalog: Catalog

    @property
    def ok(self) -> bool:
        """Return whether there is nothing to fix."""
        return not self.findings

    def __str__(self) -> str:
        """Return the counts, then the findings by check, errors first."""
        return "\n".join([*_head(self), *_groups(self)])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values for JSON."""
        return {
            "file": self.file,
            "form": self.form,
            "pairs": self.pairs,
            "covered": [counts._asdict() for counts in self.coverage],
            "findings": [finding._asdict() for finding in self.findings],
        }

    def to_csv(self) -> str:
        """Return one row per finding; a spreadsheet takes no cell for a formula."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, lineterminator="\r\n")
        writer.writerow(LintFinding._fields)
        for finding in self.findings:
            writer.writerow([defused(cell) for cell in finding])
        return sheet.getvalue()


def lint(
    path: str | Path, gaps: str | Path | None = None, *, catalog: Catalog | None = None
) -> LintReport:
    """Return what is wrong with a mapping of the trust services criteria to ISO/IEC 27001:2022.

    ``path`` is a CSV table with the columns tsc_id and iso_id, an OSCAL mapping collection or a
    CISO Assistant library; ``gaps`` is a CSV table of requirements without a counterpart, by
    default the file in the same folder whose name ends with ``_gaps``. Raises ``MappingError`` for
    a file that cannot be read.
    """
    catalog = catalog or load_catalog()
    tables = catalog.part(TRUST)
    resolved = resolve(read_mapping(path, tables, gaps), tables, catalog.part(LINT))
    source = resolved.source
    return LintReport(
        source.name,
        source.form,
        len(source.links),
        findings(resolved),
        coverage(resolved),
        catalog,
    )


def _head(report: LintReport) -> list[str]:
    words = words_of(report.catalog, VOICES[0])
    errors = sum(finding.severity == ERROR for finding in report.findings)
    counts = {"pairs": report.pairs, "errors": errors, "warnings": len(report.findings) - errors}
    lines = [_fill(words["lint_head"], file=report.file, form=report.form, **counts)]
    for counts_of in report.coverage:
        values = {**counts_of._asdict(), "left": len(counts_of.neither)}
        text = _fill(words[f"lint_covered_{counts_of.kind}"], **values)
        lines.append(" ".join([text, *_ranges(counts_of.neither)]))
    return [*lines, words["lint_note"], *([words["lint_clean"]] if report.ok else [])]


def _ranges(ids: Sequence[str]) -> list[str]:
    """Return ids as one text, with those in a row as a range; an empty list for no ids."""
    runs: list[list[str]] = []
    for key in ids:
        head, _dot, last = key.rpartition(".")
        if runs and runs[-1][-1] == f"{head}.{int(last) - 1}":
            runs[-1].append(key)
        else:
            runs.append([key])
    named = (run if len(run) < RANGE else [f"{run[0]} to {run[-1]}"] for run in runs)
    return [", ".join(text for run in named for text in run)] if runs else []


def _groups(report: LintReport) -> list[str]:
    """Return the findings of each check under its title, errors first."""
    worst = sorted(report.findings, key=lambda finding: finding.severity != ERROR)
    return [
        line
        for check_id, group in groupby(worst, key=lambda finding: finding.check_id)
        for line in _group(report, check_id, list(group))
    ]


def _group(report: LintReport, check_id: str, group: Sequence[LintFinding]) -> list[str]:
    words, check = words_of(report.catalog, VOICES[0]), report.catalog.part(LINT)[check_id]
    title = _fill(words[f"lint_{check.severity}"], title=check.title, count=len(group))
    remedies = list(dict.fromkeys(finding.remedy for finding in group))
    lines = ["", title, f"  {_fill(words['lint_why'], why=check.why)}"]
    if len(remedies) == 1:
        lines.append(f"  {_fill(words['lint_remedy'], remedy=remedies[0])}")
    for finding in group[:SHOWN]:
        lines.append(f"  - {_line(report, finding, words)}")
        if len(remedies) > 1:
            lines.append(f"    {_fill(words['lint_remedy'], remedy=finding.remedy)}")
    if len(group) > SHOWN:
        lines.append(f"  {_fill(words['lint_more'], count=len(group) - SHOWN)}")
    return lines


def _line(report: LintReport, finding: LintFinding, words: Words) -> str:
    """Return one finding: its place, the value unless the sentence has it, what is wrong."""
    file = finding.file if finding.file != report.file else ""
    row = _fill(words["lint_line"], row=finding.row) if finding.row.isdigit() else finding.row
    value = finding.value if finding.value not in finding.wrong else ""
    place = ", ".join(part for part in (file, row, finding.column, _short(value)) if part)
    return f"{place}: {_short(finding.wrong)}" if place else _short(finding.wrong)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _fill(template: str, **values: object) -> str:
    return fill(template, {name: str(value) for name, value in values.items()})

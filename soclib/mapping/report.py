"""The findings on a cross-map as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from soclib.catalog import Catalog, load_catalog
from soclib.mapping.lint import Covered, Finding, coverage, findings, look
from soclib.mapping.reading import read_mapping
from soclib.mapping.tables import LINT
from soclib.paper.saving import defused
from soclib.tables.rows import VOICES
from soclib.trust.tables import TRUST
from soclib.words import words_of

FIELD = re.compile(r"\{(\w+)\}")
ERROR = "error"
RANGE = 3  # ids that follow each other before they are named as a range
SHOWN = 10  # findings of each check in the text
LONGEST = 240  # signs of a sentence in the text


@dataclass(frozen=True, slots=True, eq=False)
class Lint:
    """What is wrong with a mapping file, and how much of both sides it speaks of."""

    file: str
    form: str
    pairs: int
    findings: tuple[Finding, ...]
    covered: tuple[Covered, ...]
    catalog: Catalog

    @property
    def ok(self) -> bool:
        """Return whether there is nothing to mend."""
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
            "covered": [one._asdict() for one in self.covered],
            "findings": [one._asdict() for one in self.findings],
        }

    def to_csv(self) -> str:
        """Return one row per finding; no cell is one that a spreadsheet takes for a formula."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, lineterminator="\r\n")
        writer.writerow(Finding._fields)
        for one in self.findings:
            writer.writerow([defused(cell) for cell in one])
        return sheet.getvalue()


def lint_crosswalk(
    path: str | Path, gaps: str | Path | None = None, *, catalog: Catalog | None = None
) -> Lint:
    """Return what is wrong with a mapping of the trust services criteria to ISO/IEC 27001:2022.

    ``path`` is a CSV table with the columns tsc_id and iso_id, an OSCAL mapping collection or a
    CISO Assistant library; ``gaps`` is a CSV table of requirements without a counterpart (without
    it, one beside the file that has its name with ``_gaps``). Raises ``MappingError`` for a file
    that cannot be read.
    """
    catalog = catalog or load_catalog()
    tables = catalog.part(TRUST)
    looking = look(read_mapping(path, tables, gaps), tables, catalog.part(LINT))
    source = looking.source
    return Lint(
        source.name,
        source.form,
        len(source.links),
        findings(looking),
        coverage(looking),
        catalog,
    )


def _head(lint: Lint) -> list[str]:
    words = words_of(lint.catalog, VOICES[0])
    errors = sum(one.severity == ERROR for one in lint.findings)
    counts = {"pairs": lint.pairs, "errors": errors, "warnings": len(lint.findings) - errors}
    lines = [_filled(words["lint_head"], file=lint.file, form=lint.form, **counts)]
    for one in lint.covered:
        text = _filled(words[f"lint_covered_{one.kind}"], **one._asdict(), left=len(one.neither))
        lines.append(" ".join([text, *_runs(one.neither)]))
    return [*lines, words["lint_note"], *([words["lint_clean"]] if lint.ok else [])]


def _runs(ids: Sequence[str]) -> list[str]:
    """Return ids that follow each other as one range, and in one text; none for none."""
    runs: list[list[str]] = []
    for one in ids:
        head, _dot, last = one.rpartition(".")
        if runs and runs[-1][-1] == f"{head}.{int(last) - 1}":
            runs[-1].append(one)
        else:
            runs.append([one])
    named = (run if len(run) < RANGE else [f"{run[0]} to {run[-1]}"] for run in runs)
    return [", ".join(one for run in named for one in run)] if runs else []


def _groups(lint: Lint) -> list[str]:
    """Return the findings of each check under its title, errors first."""
    worst = sorted(lint.findings, key=lambda one: one.severity != ERROR)
    return [
        line
        for check_id, found in groupby(worst, key=lambda one: one.check_id)
        for line in _group(lint, check_id, list(found))
    ]


def _group(lint: Lint, check_id: str, found: Sequence[Finding]) -> list[str]:
    words, check = words_of(lint.catalog, VOICES[0]), lint.catalog.part(LINT)[check_id]
    title = _filled(words[f"lint_{check.severity}"], title=check.title, count=len(found))
    remedies = list(dict.fromkeys(one.remedy for one in found))
    lines = ["", title, f"  {_filled(words['lint_why'], why=check.why)}"]
    if len(remedies) == 1:
        lines.append(f"  {_filled(words['lint_remedy'], remedy=remedies[0])}")
    for one in found[:SHOWN]:
        lines.append(f"  - {_line(lint, one, words)}")
        if len(remedies) > 1:
            lines.append(f"    {_filled(words['lint_remedy'], remedy=one.remedy)}")
    if len(found) > SHOWN:
        lines.append(f"  {_filled(words['lint_more'], count=len(found) - SHOWN)}")
    return lines


def _line(lint: Lint, one: Finding, words: dict[str, str]) -> str:
    """Return one finding: where it stands, what stands there unless said later, what is wrong."""
    file = one.file if one.file != lint.file else ""
    row = _filled(words["lint_line"], row=one.row) if one.row.isdigit() else one.row
    value = one.value if one.value not in one.wrong else ""
    place = ", ".join(part for part in (file, row, one.column, _short(value)) if part)
    return f"{place}: {_short(one.wrong)}" if place else _short(one.wrong)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _filled(template: str, **values: object) -> str:
    return FIELD.sub(lambda found: str(values.get(found[1], found[0])), template)

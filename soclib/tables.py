"""Read and check every table in ``data/``; the only module that opens the project's data.

Nothing is half-loaded: ``load_catalog`` returns a whole catalog or raises one ``DataError`` that
lists every fault with file, line, column, value and remedy.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from soclib.model import (
    ANSWERS,
    EVIDENCE,
    KINDS,
    NO,
    UNKNOWN,
    VOICES,
    YES,
    Catalog,
    Cell,
    Criterion,
    Example,
    Group,
    Outcome,
    Provenance,
    Question,
    Report,
    Rule,
    Source,
    Status,
)

PROVENANCE = ("source_id", "as_of", "evidence")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sources": ("source_id", "title", "publisher", "url", "kind", "as_of", "evidence"),
    "groups": ("group_id", "title", *PROVENANCE),
    "criteria": (
        *("criterion_id", "group_id", "assumed", "when_not_asked", "prior_yes_percent"),
        *PROVENANCE,
    ),
    "questions": (
        *("criterion_id", "voice", "question", "counts", "does_not_count", "who_knows"),
        *("find_out", "if_yes", "if_no", *PROVENANCE),
    ),
    "reports": ("report_id", "title", "lets_vendor", "lets_buyer", *PROVENANCE),
    "statuses": ("status_id", "label", "mark", "rank", "leads_on", "in_headline", "meaning", *PROVENANCE),
    "verdicts": (
        *("report_id", "subject", "demand", "status_id", "headline_vendor", "headline_buyer"),
        *("words_vendor", "words_buyer", *PROVENANCE),
    ),
    "outcomes": (
        *("outcome_id", "kind", "report_id", "step_id", "touches", "voices", "title"),
        *PROVENANCE,
    ),
    "rules": ("rule_id", "outcome_id", "because_vendor", "because_buyer", *PROVENANCE),
    "wording": ("text_id", "vendor", "buyer", *PROVENANCE),
    "examples": ("example_id", "title", "story", "voice", *PROVENANCE),
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "questions": ("criterion_id", "voice"),
    "verdicts": ("report_id", "subject", "demand"),
}
WIDE = ("rules", "examples")  # these carry one further column per criterion
BLANK = {
    "sources": ("url",),
    "criteria": ("when_not_asked", "prior_yes_percent"),
    "outcomes": ("report_id", "step_id", "touches"),
}
VALUE = {YES: 1, UNKNOWN: 0, NO: -1}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Fault(NamedTuple):
    """One thing wrong with one cell, and what to do about it."""

    file: str
    line: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        where = f"{self.file} line {self.line}"
        return f"{where}, column {self.column}: {self.value!r}: {self.remedy}"


class DataError(ValueError):
    """The tables cannot be used; ``faults`` lists every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} fault{'s' * (count != 1)} in the tables; nothing was loaded"
        super().__init__("\n".join([head, *map(str, self.faults)]))


class Row(NamedTuple):
    """One line of a table."""

    file: str
    line: int
    cells: dict[str, str]

    def fault(self, column: str, remedy: str) -> Fault:
        """Return what is wrong with one cell of this row."""
        return Fault(self.file, self.line, column, self.cells.get(column, ""), remedy)

    def provenance(self) -> Provenance:
        """Return where this row comes from."""
        cells = self.cells
        return Provenance(_listed(cells["source_id"]), cells["as_of"], cells["evidence"])

    def by_voice(self, name: str) -> dict[str, str]:
        """Return a text that stands in one column per voice."""
        return {voice: self.cells[f"{name}_{voice}"] for voice in VOICES}


Tables = dict[str, list[Row]]


def data_folder() -> Path:
    """Return the folder of the shipped tables, in a checkout or in an installed wheel."""
    here = Path(__file__).resolve().parent
    return next(folder for folder in (here / "data", here.parent / "data") if folder.is_dir())


def load_catalog(folder: str | Path | None = None) -> Catalog:
    """Return all tables of ``folder`` as one checked catalog.

    Without ``folder``: the shipped tables, read once per process. Raises ``DataError`` that lists
    every fault.
    """
    return _shipped() if folder is None else _load(Path(folder))


@lru_cache(maxsize=1)
def _shipped() -> Catalog:
    return _load(data_folder())


def _load(folder: Path) -> Catalog:
    tables, faults = _read(folder)
    if not faults:
        faults = list(_check(tables))
    if faults:
        raise DataError(faults)
    return _build(tables, _version(folder))


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in sorted(COLUMNS):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8-sig")
        digest.update(name.encode() + b"\0" + "\n".join(text.splitlines()).encode() + b"\0")
    return digest.hexdigest()[:12]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


# --- reading -----------------------------------------------------------------------------------


def _read(folder: Path) -> tuple[Tables, list[Fault]]:
    tables: Tables = {}
    faults: list[Fault] = []
    for name in COLUMNS:
        rows, problems = _read_table(folder / f"{name}.csv")
        tables[name] = rows
        faults += problems
    if not faults:
        criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
        for name, columns in COLUMNS.items():
            expected = [*columns, *(criteria if name in WIDE else [])]
            faults += _check_header(f"{name}.csv", tables[name], expected)
    return tables, faults


def _read_table(path: Path) -> tuple[list[Row], list[Fault]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            rows = [Row(path.name, reader.line_num, dict(cells)) for cells in reader]
    except FileNotFoundError:
        return [], [Fault(path.name, 0, "-", "", "the file is missing; restore it")]
    except (csv.Error, UnicodeDecodeError) as error:
        return [], [Fault(path.name, 0, "-", str(error), "save the file as UTF-8 CSV")]
    if not rows:
        return [], [Fault(path.name, 1, "-", "", "the table is empty; add a row")]
    return rows, [fault for row in rows for fault in _check_width(row)]


def _check_width(row: Row) -> Iterator[Fault]:
    if None in row.cells:  # csv puts surplus cells under the key None
        surplus = row.cells.pop(None)  # type: ignore[call-overload]
        yield Fault(row.file, row.line, "-", str(surplus), "more cells than columns; quote commas")
    for column, value in row.cells.items():
        if value is None:
            row.cells[column] = ""
            yield row.fault(column, "the line ends early; add the missing cells")


def _check_header(file: str, rows: list[Row], expected: list[str]) -> Iterator[Fault]:
    found = list(rows[0].cells)
    for column in expected:
        if column not in found:
            yield Fault(file, 1, column, "", "the column is missing; add it")
    for column in found:
        if column not in expected:
            yield Fault(file, 1, column, column, "no such column; remove or rename it")


# --- checking ----------------------------------------------------------------------------------


def _check(tables: Tables) -> Iterator[Fault]:
    for name, rows in tables.items():
        yield from _check_keys(name, rows)
        for row in rows:
            yield from _check_filled(name, row)
            yield from _check_provenance(row, {r.cells["source_id"] for r in tables["sources"]})
    yield from _check_values(tables)
    yield from _check_wide(tables)
    yield from _check_whole(tables)


def _check_keys(name: str, rows: list[Row]) -> Iterator[Fault]:
    columns = KEYS.get(name, COLUMNS[name][:1])
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.cells[column] for column in columns)
        if key in seen:
            yield row.fault(columns[0], f"stands on line {seen[key]} already; use another id")
        seen[key] = row.line


def _check_filled(name: str, row: Row) -> Iterator[Fault]:
    for column in COLUMNS[name]:
        if not row.cells[column].strip() and column not in BLANK.get(name, ()):
            yield row.fault(column, "must not be blank; fill it in")


def _check_provenance(row: Row, known: set[str]) -> Iterator[Fault]:
    for source_id in _listed(row.cells["source_id"]):
        if source_id not in known:
            yield row.fault("source_id", f"{source_id!r} is not in sources.csv; add it there")
    if not DATE.fullmatch(row.cells["as_of"]):
        yield row.fault("as_of", "use a date such as 2026-11-23")
    yield from _one_of(row, "evidence", EVIDENCE)


def _one_of(row: Row, column: str, allowed: Iterable[str]) -> Iterator[Fault]:
    if row.cells[column] not in (options := tuple(allowed)):
        yield row.fault(column, f"use one of {', '.join(option or '(blank)' for option in options)}")


def _all_of(row: Row, column: str, allowed: Iterable[str]) -> Iterator[Fault]:
    options = tuple(allowed)
    for part in _listed(row.cells[column]):
        if part not in options:
            yield row.fault(column, f"{part!r} is unknown; use some of {', '.join(options)}")


def _check_values(tables: Tables) -> Iterator[Fault]:
    def ids(name: str, column: str) -> list[str]:
        return [row.cells[column] for row in tables[name]]

    reports, statuses = ids("reports", "report_id"), ids("statuses", "status_id")
    allowed: list[tuple[str, str, Iterable[str]]] = [
        ("criteria", "group_id", ids("groups", "group_id")),
        ("criteria", "assumed", (YES, NO, "-")),
        ("criteria", "when_not_asked", (YES, NO, "-", "")),
        ("questions", "criterion_id", ids("criteria", "criterion_id")),
        ("questions", "voice", VOICES),
        ("statuses", "leads_on", (YES, NO)),
        ("statuses", "in_headline", (YES, NO)),
        ("verdicts", "report_id", reports),
        ("verdicts", "subject", ANSWERS),
        ("verdicts", "demand", ANSWERS),
        ("verdicts", "status_id", statuses),
        ("outcomes", "kind", KINDS),
        ("outcomes", "report_id", ("", *reports)),
        ("rules", "outcome_id", ids("outcomes", "outcome_id")),
        ("examples", "voice", VOICES),
    ]
    for name, column, options in allowed:
        for row in tables[name]:
            yield from _one_of(row, column, options)
    for row in tables["outcomes"]:
        yield from _all_of(row, "voices", VOICES)
        yield from _all_of(row, "touches", [*reports, *ids("outcomes", "outcome_id")])
    for row in tables["statuses"]:
        if not row.cells["rank"].isdigit():
            yield row.fault("rank", "use a whole number")
    for row in tables["criteria"]:
        yield from _check_prior(row)


def _check_prior(row: Row) -> Iterator[Fault]:
    prior, assumed = row.cells["prior_yes_percent"], row.cells["assumed"]
    if assumed == "-" and not (prior.isdigit() and 0 < int(prior) < 100):  # noqa: PLR2004 - percent
        yield row.fault("prior_yes_percent", "nothing is assumed here: use a number from 1 to 99")
    if assumed != "-" and prior:
        yield row.fault("prior_yes_percent", "an assumed criterion has no prior; leave it blank")


def _check_wide(tables: Tables) -> Iterator[Fault]:
    criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
    for name, allowed in (("rules", ("Y", "N", "-")), ("examples", ("", *ANSWERS))):
        for row in tables[name]:
            for criterion_id in criteria:
                yield from _one_of(row, criterion_id, allowed)


def _check_whole(tables: Tables) -> Iterator[Fault]:
    """Yield what is missing rather than wrong: squares, rules, questions."""
    cells = {tuple(r.cells[c] for c in KEYS["verdicts"]) for r in tables["verdicts"]}
    kinds = {(row.cells["report_id"], row.cells["kind"]) for row in tables["outcomes"]}
    for row in tables["reports"]:
        report_id = row.cells["report_id"]
        for subject in ANSWERS:
            for demand in ANSWERS:
                if (report_id, subject, demand) not in cells:
                    remedy = f"add its cell for subject {subject}, demand {demand} to verdicts.csv"
                    yield row.fault("report_id", remedy)
        for kind in ("subject", "demand"):
            if (report_id, kind) not in kinds:
                yield row.fault("report_id", f"add its {kind} to outcomes.csv")
    ruled = {row.cells["outcome_id"] for row in tables["rules"]}
    for row in tables["outcomes"]:
        if row.cells["outcome_id"] not in ruled:
            yield row.fault("outcome_id", "has no rule; add one to rules.csv or delete the outcome")
        if row.cells["kind"] == "step" and not (row.cells["report_id"] and row.cells["step_id"]):
            yield row.fault("step_id", "a step needs a report_id and a step_id")
    asked = {(row.cells["criterion_id"], row.cells["voice"]) for row in tables["questions"]}
    for row in tables["criteria"]:
        missing = [v for v in VOICES if (row.cells["criterion_id"], v) not in asked]
        if len(missing) == len(VOICES):
            yield row.fault("criterion_id", "has no question; add one to questions.csv")
        if missing and not row.cells["when_not_asked"]:
            yield row.fault("when_not_asked", f"not asked in voice {missing[0]}: say what holds")


# --- building ----------------------------------------------------------------------------------


def _build(tables: Tables, version: str) -> Catalog:
    criteria = _criteria(tables)
    bits = {criterion.criterion_id: criterion.bit for criterion in criteria}
    outcomes = tuple(_outcome(row, tables["rules"], bits) for row in tables["outcomes"])
    return Catalog(
        version=version,
        groups=tuple(_group(row) for row in tables["groups"]),
        criteria=criteria,
        outcomes=outcomes,
        reports=tuple(_report(row, tables["verdicts"], outcomes) for row in tables["reports"]),
        statuses={row.cells["status_id"]: _status(row) for row in tables["statuses"]},
        sources={r.cells["source_id"]: Source(**r.cells) for r in tables["sources"]},
        wording={r.cells["text_id"]: {v: r.cells[v] for v in VOICES} for r in tables["wording"]},
        examples=tuple(_example(row, bits) for row in tables["examples"]),
    )


def _group(row: Row) -> Group:
    return Group(row.cells["group_id"], row.cells["title"], row.provenance())


def _known(answer: str) -> str | None:
    return answer if answer in (YES, NO) else None


def _criteria(tables: Tables) -> tuple[Criterion, ...]:
    questions: dict[str, dict[str, Question]] = {}
    for row in tables["questions"]:
        words = [row.cells[column] for column in COLUMNS["questions"][2:9]]
        by_voice = questions.setdefault(row.cells["criterion_id"], {})
        by_voice[row.cells["voice"]] = Question(*words, row.provenance())
    return tuple(
        Criterion(
            criterion_id=row.cells["criterion_id"],
            bit=1 << index,
            group_id=row.cells["group_id"],
            assumed=_known(row.cells["assumed"]),
            when_not_asked=_known(row.cells["when_not_asked"]),
            prior_yes=int(prior) / 100 if (prior := row.cells["prior_yes_percent"]) else None,
            questions=questions[row.cells["criterion_id"]],
            provenance=row.provenance(),
        )
        for index, row in enumerate(tables["criteria"])
    )


def _outcome(row: Row, rule_rows: list[Row], bits: dict[str, int]) -> Outcome:
    cells = row.cells
    mine = [r for r in rule_rows if r.cells["outcome_id"] == cells["outcome_id"]]
    rules = tuple(_rule(r, bits) for r in mine)
    mask = 0
    for rule in rules:
        mask |= rule.yes | rule.no
    return Outcome(
        outcome_id=cells["outcome_id"],
        kind=cells["kind"],
        report_id=cells["report_id"],
        step_id=cells["step_id"],
        touches=_listed(cells["touches"]),
        voices=_listed(cells["voices"]),
        title=cells["title"],
        rules=rules,
        mask=mask,
        provenance=row.provenance(),
    )


def _rule(row: Row, bits: dict[str, int]) -> Rule:
    def mask(sign: str) -> int:
        return sum(bit for criterion_id, bit in bits.items() if row.cells[criterion_id] == sign)

    return Rule(
        row.cells["rule_id"], mask("Y"), mask("N"), row.by_voice("because"), row.provenance()
    )


def _report(row: Row, verdicts: list[Row], outcomes: tuple[Outcome, ...]) -> Report:
    report_id = row.cells["report_id"]
    mine = [outcome for outcome in outcomes if outcome.report_id == report_id]
    subject = next(outcome for outcome in mine if outcome.kind == "subject")
    demand = next(outcome for outcome in mine if outcome.kind == "demand")
    contradictions = tuple(o for o in outcomes if report_id in o.touches)
    mask = subject.mask | demand.mask
    for contradiction in contradictions:
        mask |= contradiction.mask
    cells = [_cell(r) for r in verdicts if r.cells["report_id"] == report_id]
    return Report(
        report_id=report_id,
        title=row.cells["title"],
        lets=row.by_voice("lets"),
        subject=subject,
        demand=demand,
        contradictions=contradictions,
        steps=tuple(outcome for outcome in mine if outcome.kind == "step"),
        square={(VALUE[cell.subject], VALUE[cell.demand]): cell for cell in cells},
        mask=mask,
        provenance=row.provenance(),
    )


def _cell(row: Row) -> Cell:
    cells = row.cells
    return Cell(
        cells["subject"],
        cells["demand"],
        cells["status_id"],
        row.by_voice("headline"),
        row.by_voice("words"),
        row.provenance(),
    )


def _status(row: Row) -> Status:
    cells = row.cells
    return Status(
        cells["status_id"],
        cells["label"],
        cells["mark"],
        int(cells["rank"]),
        cells["leads_on"] == YES,
        cells["in_headline"] == YES,
        cells["meaning"],
        row.provenance(),
    )


def _example(row: Row, bits: dict[str, int]) -> Example:
    cells = row.cells
    answers = {criterion_id: cells[criterion_id] for criterion_id in bits if cells[criterion_id]}
    names = (cells[column] for column in COLUMNS["examples"][:4])
    return Example(*names, answers=answers, provenance=row.provenance())

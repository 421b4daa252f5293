"""All tables in ``data/`` as one catalog; the only module that opens the project's data.

Nothing is half-loaded: ``load_catalog`` returns a whole catalog or raises one ``DataError`` that
lists every fault with file, line, column, value and remedy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import product
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING

from soclib.claims.tables import Source, Standard
from soclib.comparison.tables import Dimension, Member, Reader, Story
from soclib.errors import DataError, Fault
from soclib.tables.checks import check
from soclib.tables.files import read_table
from soclib.tables.rows import (
    COLUMNS,
    DRAFT,
    NO,
    OPEN_ENDED,
    OPTIONAL,
    PROVENANCE,
    VALUE,
    VOICES,
    WIDE,
    YES,
    Provenance,
    Row,
    Tables,
    listed,
)
from soclib.verdict.records import (
    Cell,
    Criterion,
    Example,
    Group,
    Outcome,
    Question,
    Report,
    Rule,
    Status,
)

if TYPE_CHECKING:
    from soclib.companies.tables import CompanyTables
    from soclib.people.tables import RoleTables
    from soclib.periods.tables import PeriodTables
    from soclib.practice.tables import PracticeTables
    from soclib.questions.tables import TeachingTables
    from soclib.readiness.tables import ReadinessTables
    from soclib.received.tables import ReceivedTables
    from soclib.requests.tables import RequestTables
    from soclib.teaching.tables import LessonTables
    from soclib.trust.tables import TrustTables
    from soclib.vendors.tables import AnswerTables


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Where a row stands: its table, its line there and its id, and where it comes from."""

    table: str
    line: int
    key: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Drafts:
    """What is only proposed; a view shows it when it is asked to, and never by default."""

    comparison: tuple[Dimension, ...]
    sources: dict[str, Source]
    standards: dict[str, Standard]


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """All tables, checked and linked; ``version`` is a hash of their content.

    Everything but ``drafts`` and ``entries`` is in force. ``review_months`` says by evidence how
    long a row holds until somebody must look at it again.
    """

    version: str
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    outcomes: tuple[Outcome, ...]
    reports: tuple[Report, ...]
    statuses: dict[str, Status]
    sources: dict[str, Source]
    wording: dict[str, dict[str, str]]
    examples: tuple[Example, ...]
    comparison: tuple[Dimension, ...]
    readers: tuple[Reader, ...]
    family: tuple[Member, ...]
    stories: tuple[Story, ...]
    standards: dict[str, Standard]
    drafts: Drafts
    entries: tuple[Entry, ...]
    review_months: dict[str, int]
    periods: PeriodTables
    trust: TrustTables
    readiness: ReadinessTables
    answers: AnswerTables
    roles: RoleTables
    companies: CompanyTables
    received: ReceivedTables
    requests: RequestTables
    teaching: LessonTables
    asked: TeachingTables
    practice: PracticeTables

    def criterion(self, criterion_id: str) -> Criterion:
        """Return the criterion with this id; KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.criterion_id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    def of_kind(self, kind: str) -> tuple[Outcome, ...]:
        """Return the outcomes of one kind, in table order."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind == kind)


# --- linked records from checked rows -------------------------------------------------------------


def build(tables: Tables, version: str) -> Catalog:
    """Return all tables as one catalog."""
    from soclib.companies.tables import build_companies  # noqa: PLC0415 - as below
    from soclib.people.tables import build_roles  # noqa: PLC0415 - as above
    from soclib.periods.tables import build_periods  # noqa: PLC0415 - 8 ms of `import soclib`
    from soclib.practice.tables import build_practice  # noqa: PLC0415 - as above
    from soclib.questions.tables import build_teaching  # noqa: PLC0415 - as above
    from soclib.readiness.tables import build_readiness  # noqa: PLC0415 - as above
    from soclib.received.tables import build_received  # noqa: PLC0415 - as above
    from soclib.requests.tables import build_requests  # noqa: PLC0415 - as above
    from soclib.teaching.tables import build_lessons  # noqa: PLC0415 - as below
    from soclib.trust.tables import build_trust  # noqa: PLC0415 - as above
    from soclib.vendors.tables import build_answers  # noqa: PLC0415 - as below

    entries = tuple(_entry(name, row) for name, rows in tables.items() for row in rows)
    tables, proposed = _parted(tables)
    criteria = _criteria(tables)
    bits = {criterion.criterion_id: criterion.bit for criterion in criteria}
    outcomes = tuple(_outcome(row, tables["rules"], bits) for row in tables["outcomes"])
    reports = [row.cells["report_id"] for row in tables["reports"]]
    return Catalog(
        version=version,
        groups=tuple(_group(row) for row in tables["groups"]),
        criteria=criteria,
        outcomes=outcomes,
        reports=tuple(_report(row, tables["verdicts"], outcomes) for row in tables["reports"]),
        statuses={row.cells["status_id"]: _status(row) for row in tables["statuses"]},
        sources=_sources(tables),
        wording={r.cells["text_id"]: {v: r.cells[v] for v in VOICES} for r in tables["wording"]},
        examples=tuple(_example(row, bits) for row in tables["examples"]),
        comparison=tuple(_dimension(row, reports, bits) for row in tables["comparison"]),
        readers=tuple(
            Reader(**_own(row), provenance=row.provenance()) for row in tables["readers"]
        ),
        family=tuple(Member(**_own(row), provenance=row.provenance()) for row in tables["family"]),
        stories=tuple(Story(**_own(row), provenance=row.provenance()) for row in tables["stories"]),
        standards=_standards(tables),
        drafts=Drafts(
            tuple(_dimension(row, reports, bits) for row in proposed["comparison"]),
            _sources(proposed),
            _standards(proposed),
        ),
        entries=entries,
        review_months=_months(tables["reviews"]),
        periods=build_periods(tables),
        trust=build_trust(tables),
        readiness=build_readiness(tables),
        answers=build_answers(tables),
        roles=build_roles(tables),
        companies=build_companies(tables),
        received=build_received(tables),
        requests=build_requests(tables),
        teaching=build_lessons(tables),
        asked=build_teaching(tables),
        practice=build_practice(tables),
    )


def _parted(tables: Tables) -> tuple[Tables, Tables]:
    """Return the rows in force, and those that are only proposed.

    Nothing else tells them apart, so that no view has to remember to.
    """
    in_force: Tables = {}
    proposed: Tables = {}
    for name, rows in tables.items():
        in_force[name] = [row for row in rows if row.cells["evidence"] != DRAFT]
        proposed[name] = [row for row in rows if row.cells["evidence"] == DRAFT]
    return in_force, proposed


def _months(rows: list[Row]) -> dict[str, int]:
    return {row.cells["evidence_id"]: int(row.cells["review_after_months"]) for row in rows}


def _entry(name: str, row: Row) -> Entry:
    return Entry(name, row.line, "/".join(row.key()), row.provenance())


def _sources(tables: Tables) -> dict[str, Source]:
    return {row.cells["source_id"]: _source(row) for row in tables["sources"]}


def _source(row: Row) -> Source:
    cells = dict(row.cells)
    standards = listed(cells.pop("standards"))
    return Source(**cells, standards=standards)


def _standards(tables: Tables) -> dict[str, Standard]:
    return {row.cells["standard_id"]: _standard(row) for row in tables["standards"]}


def _standard(row: Row) -> Standard:
    cells = _own(row)
    replaced_by = listed(cells.pop("replaced_by"))
    return Standard(**cells, replaced_by=replaced_by, provenance=row.provenance())


def _own(row: Row) -> dict[str, str]:
    """Return the cells of a row without its provenance."""
    return {column: text for column, text in row.cells.items() if column not in PROVENANCE}


def _dimension(row: Row, reports: list[str], bits: dict[str, int]) -> Dimension:
    cells = _own(row)
    known = (
        "dimension_id",
        "topic",
        "dimension",
        "question",
        "differs",
        "why_it_matters",
        "keywords",
    )
    return Dimension(
        **{column: cells[column] for column in known},
        by_report={report_id: cells[report_id] for report_id in reports},
        mask=reduce(or_, (bits[criterion_id] for criterion_id in listed(cells["criteria"])), 0),
        extra={
            column: text
            for column, text in row.cells.items()
            if column not in (*COLUMNS["comparison"], *reports)
        },
        provenance=row.provenance(),
    )


def _group(row: Row) -> Group:
    return Group(row.cells["group_id"], row.cells["title"], row.provenance())


def _known(answer: str) -> str | None:
    return answer if answer in (YES, NO) else None


def _criteria(tables: Tables) -> tuple[Criterion, ...]:
    questions: dict[str, dict[str, Question]] = {}
    for row in tables["questions"]:
        words = {column: row.cells[column] for column in COLUMNS["questions"][2:9]}
        by_voice = questions.setdefault(row.cells["criterion_id"], {})
        by_voice[row.cells["voice"]] = Question(**words, provenance=row.provenance())
    return tuple(
        Criterion(
            criterion_id=row.cells["criterion_id"],
            bit=1 << index,
            group_id=row.cells["group_id"],
            assumed=_known(row.cells["assumed"]),
            when_not_asked=_known(row.cells["when_not_asked"]),
            prior_yes=int(row.cells["prior_yes_percent"]) / 100,
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
        touches=listed(cells["touches"]),
        voices=listed(cells["voices"]),
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
    names = {column: cells[column] for column in COLUMNS["examples"][:4]}
    return Example(**names, answers=answers, provenance=row.provenance())


def data_folder() -> Path:
    """Return the folder of the shipped tables, in a checkout or in an installed wheel."""
    here = Path(__file__).resolve().parent
    return next(folder for folder in (here / "data", here.parent / "data") if folder.is_dir())


def table_paths(folder: Path) -> dict[str, list[Path]]:
    """Return where the tables are, by name, anywhere below a folder; one path for each is right.

    Hidden folders are left out.
    """
    found: dict[str, list[Path]] = {name: [] for name in COLUMNS}
    for path in sorted(folder.rglob("*.csv")):
        parts = path.relative_to(folder).parts
        if path.stem in found and not any(part.startswith(".") for part in parts):
            found[path.stem].append(path)
    return found


def load_catalog(folder: str | Path | None = None) -> Catalog:
    """Return all tables of ``folder``, wherever below it they are, as one checked catalog.

    Without ``folder``: the shipped tables, read once per process. Raises ``DataError`` that lists
    every fault.
    """
    return _shipped() if folder is None else _load(Path(folder))


@lru_cache(maxsize=1)
def _shipped() -> Catalog:
    return _load(data_folder())


def _load(folder: Path) -> Catalog:
    paths = table_paths(folder)
    tables, faults = _read(folder, paths)
    if not faults:
        faults = [*check(tables), *_missing_texts(tables)]
    if faults:
        raise DataError(faults)
    return build(tables, _version(paths))


def _missing_texts(tables: Tables) -> Iterator[Fault]:
    """Yield the texts that screens need and a reader's own wording lacks."""
    shipped, _faults = read_table(data_folder() / "wording.csv")
    own = {row.cells["text_id"] for row in tables["wording"]}
    for row in shipped:
        if row.cells["text_id"] not in own:
            remedy = "this text is missing; copy its row from the shipped table"
            yield Fault("wording.csv", 0, "text_id", row.cells["text_id"], remedy)


def _version(paths: dict[str, list[Path]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(paths):
        (path,) = paths[name]
        text = path.read_text(encoding="utf-8-sig")
        digest.update(name.encode() + b"\0" + text.replace("\r\n", "\n").encode() + b"\0")
    return digest.hexdigest()[:12]


def _read(folder: Path, paths: dict[str, list[Path]]) -> tuple[Tables, list[Fault]]:
    tables: Tables = {}
    faults: list[Fault] = []
    for name in COLUMNS:
        path, *others = paths[name] or [folder / f"{name}.csv"]
        rows, problems = read_table(path)
        tables[name] = rows
        faults += problems
        if others:
            places = " and ".join(one.relative_to(folder).as_posix() for one in (path, *others))
            faults.append(Fault(path.name, 0, "-", places, "the table is there twice; keep one"))
        for row, column in product(rows, OPTIONAL.get(name, ())):
            row.cells.setdefault(column, "")
    if not faults:
        criteria = [row.cells.get("criterion_id", "") for row in tables["criteria"]]
        for name, columns in COLUMNS.items():
            expected = [*columns, *(criteria if name in WIDE else [])]
            faults += _check_header(name, tables[name], expected)
    return tables, faults


def _check_header(name: str, rows: list[Row], expected: list[str]) -> Iterator[Fault]:
    file, found = f"{name}.csv", list(rows[0].cells)
    for column in expected:
        if column not in found:
            yield Fault(file, 1, column, "", "the column is missing; add it")
    spelt = {column.casefold(): column for column in expected}
    for column in found:
        near = spelt.get(column.strip().casefold())
        if column in expected:
            continue
        if name not in OPEN_ENDED:
            yield Fault(file, 1, column, column, "no such column; remove or rename it")
        elif near:
            yield Fault(file, 1, column, column, f"write it {near}, or give it another name")
        elif not column.strip():
            yield Fault(file, 1, "-", column, "a column has no name; name or remove it")

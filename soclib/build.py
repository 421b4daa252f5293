"""Build linked records from checked rows."""

from __future__ import annotations

from functools import reduce
from operator import or_

from soclib.model import (
    DRAFT,
    NO,
    VOICES,
    YES,
    Catalog,
    Cell,
    Criterion,
    Dimension,
    Drafts,
    Entry,
    Example,
    Group,
    Member,
    Outcome,
    Question,
    Reader,
    Report,
    Rule,
    Source,
    Standard,
    Status,
    Story,
)
from soclib.rows import COLUMNS, PROVENANCE, VALUE, Row, Tables, listed


def build(tables: Tables, version: str) -> Catalog:
    """Return all tables as one catalog."""
    from soclib.answer_records import build_answers  # noqa: PLC0415 - as below
    from soclib.company_records import build_companies  # noqa: PLC0415 - as below
    from soclib.lesson_records import build_lessons  # noqa: PLC0415 - as below
    from soclib.period_records import build_periods  # noqa: PLC0415 - 8 ms of `import soclib`
    from soclib.phrase_records import build_requests  # noqa: PLC0415 - as above
    from soclib.practice_records import build_practice  # noqa: PLC0415 - as above
    from soclib.readiness_records import build_readiness  # noqa: PLC0415 - as above
    from soclib.received_records import build_received  # noqa: PLC0415 - as above
    from soclib.role_records import build_roles  # noqa: PLC0415 - as above
    from soclib.teaching_records import build_teaching  # noqa: PLC0415 - as above
    from soclib.trust_records import build_trust  # noqa: PLC0415 - as above

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

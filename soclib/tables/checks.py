"""Check rows that were read: every fault is found before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from graphlib import CycleError, TopologicalSorter
from itertools import product

from soclib.claims.tables import CURRENT, PARTLY, SUPERSEDED
from soclib.errors import Fault
from soclib.tables.rows import (
    ANSWERS,
    BLANK,
    COLUMNS,
    DATE,
    DOTTED,
    DOTTED_ID,
    DRAFT,
    EVIDENCE,
    ID,
    KEYS,
    KINDS,
    NO,
    VOICES,
    WIDE,
    WITH_DRAFTS,
    YES,
    Row,
    Tables,
    listed,
)

STATES = (CURRENT, SUPERSEDED, PARTLY, DRAFT)
PERIOD = re.compile(r"\d{4}(-\d{2}){0,2}")  # a year, a month or a day


def check_provenance(tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with the sources, dates and evidence of rows."""
    drafts = {r.cells["source_id"]: r.cells["evidence"] == DRAFT for r in tables["sources"]}
    for name, rows in tables.items():
        for row in rows:
            yield from _check_sources(row, drafts)
            yield from _check_evidence(name, row)
            if not is_day(row.cells["as_of"]):
                yield row.fault("as_of", "use a date such as 2026-11-23")
        if rows and name in WITH_DRAFTS and all(r.cells["evidence"] == DRAFT for r in rows):
            yield rows[0].fault("evidence", "every row is a draft; add one that is in force")
    yield from _check_standards(tables["standards"])
    yield from _check_draft_standards(tables)
    yield from _check_reviews(tables["reviews"])


def is_day(text: str) -> bool:
    """Return whether a text is a day of the calendar, written as 2026-11-23."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(DATE.fullmatch(text))  # fromisoformat takes 20261123 as well


def _check_sources(row: Row, drafts: dict[str, bool]) -> Iterator[Fault]:
    cited = listed(row.cells["source_id"])
    if not cited and row.cells["source_id"].strip():
        yield row.fault("source_id", "names no source; use ids of sources.csv")
    for source_id in cited:
        if source_id not in drafts:
            yield row.fault("source_id", f"{source_id!r} is not in sources.csv; add it there")
        elif drafts[source_id] and row.cells["evidence"] != DRAFT:
            remedy = f"{source_id!r} is a draft; cite what is in force, or use the evidence {DRAFT}"
            yield row.fault("source_id", remedy)


def _check_evidence(name: str, row: Row) -> Iterator[Fault]:
    in_force = [evidence for evidence in EVIDENCE if evidence != DRAFT]
    if row.cells["evidence"] not in (EVIDENCE if name in WITH_DRAFTS else in_force):
        files = ", ".join(f"{table}.csv" for table in WITH_DRAFTS)
        yield row.fault("evidence", f"use one of {', '.join(in_force)}; {DRAFT} in {files} only")


def _check_standards(rows: list[Row]) -> Iterator[Fault]:
    for row in rows:
        cells = row.cells
        for column in ("issued", "effective"):
            if cells[column] and not _is_period(cells[column]):
                yield row.fault(column, "use a date, 2016-04-05, 2016-04 or 2016; blank if unknown")
        replaced = cells["state"] in (SUPERSEDED, PARTLY)
        if replaced and not listed(cells["replaced_by"]):
            yield row.fault("replaced_by", f"{cells['state']}: name the standard that replaced it")
        if cells["state"] in (CURRENT, DRAFT) and listed(cells["replaced_by"]):
            yield row.fault("replaced_by", f"{cells['state']}: leave it blank, or mend the state")
    yield from _check_circles(rows)


def _is_period(text: str) -> bool:
    return bool(PERIOD.fullmatch(text)) and is_day(text + "0000-01-01"[len(text) :])


def _check_circles(rows: list[Row]) -> Iterator[Fault]:
    by_id = {row.cells["standard_id"]: row for row in rows}
    graph = {standard_id: listed(row.cells["replaced_by"]) for standard_id, row in by_id.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        remedy = f"it replaces itself ({', '.join(circle)}); break the circle"
        yield by_id[circle[0]].fault("replaced_by", remedy)


def _check_draft_standards(tables: Tables) -> Iterator[Fault]:
    """Yield what takes a standard that is only proposed for one in force."""
    states = {row.cells["standard_id"]: row.cells["state"] for row in tables["standards"]}
    for row in tables["standards"]:
        if (row.cells["state"] == DRAFT) != (row.cells["evidence"] == DRAFT):
            yield row.fault("state", f"use {DRAFT} for the state and the evidence, or for neither")
        for standard_id in listed(row.cells["replaced_by"]):
            if states.get(standard_id) == DRAFT:
                yield row.fault("replaced_by", f"{standard_id!r} is a draft; it replaces nothing")
    for row in tables["sources"]:
        named = {states.get(standard_id) for standard_id in listed(row.cells["standards"])}
        if DRAFT in named and row.cells["evidence"] != DRAFT:
            yield row.fault("standards", f"names a draft; use the evidence {DRAFT}")


def _check_reviews(rows: list[Row]) -> Iterator[Fault]:
    given = {row.cells["evidence_id"] for row in rows}
    for evidence in EVIDENCE:
        if evidence not in given:
            remedy = "this evidence has no row; say after how many months to look again"
            yield Fault("reviews.csv", 0, "evidence_id", evidence, remedy)


def check(tables: Tables) -> Iterator[Fault]:
    """Yield everything that is wrong with tables whose columns are right."""
    from soclib.companies.tables import check_companies  # noqa: PLC0415 - as below
    from soclib.people.tables import check_roles  # noqa: PLC0415 - as above
    from soclib.periods.tables import check_periods  # noqa: PLC0415 - 4 ms of `import soclib`
    from soclib.practice.tables import check_practice  # noqa: PLC0415 - as above
    from soclib.questions.tables import check_teaching  # noqa: PLC0415 - as above
    from soclib.received.tables import check_received  # noqa: PLC0415 - as above
    from soclib.requests.tables import check_phrases  # noqa: PLC0415 - as above
    from soclib.teaching.tables import check_lessons  # noqa: PLC0415 - as below
    from soclib.trust.tables import check_trust  # noqa: PLC0415 - as above
    from soclib.vendors.tables import check_answers  # noqa: PLC0415 - as below

    for name, rows in tables.items():
        yield from _check_keys(name, rows)
        for row in rows:
            yield from _check_filled(name, row)
    yield from check_provenance(tables)
    yield from _check_values(tables)
    yield from _check_wide(tables)
    yield from _check_whole(tables)
    yield from check_periods(tables)
    yield from check_trust(tables)
    yield from check_answers(tables)
    yield from check_roles(tables)
    yield from check_companies(tables)
    yield from check_received(tables)
    yield from check_phrases(tables)
    yield from check_lessons(tables)
    yield from check_teaching(tables)
    yield from check_practice(tables)


def _check_keys(name: str, rows: list[Row]) -> Iterator[Fault]:
    columns = KEYS.get(name, COLUMNS[name][:1])
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = row.key()
        if name in DOTTED:
            if not DOTTED_ID.fullmatch(key[0]):
                yield row.fault(columns[0], "use an id with a dot, such as CC6.1 or A.5.1")
        elif not ID.fullmatch(key[0]):
            yield row.fault(columns[0], "use letters, digits, hyphens and underscores only")
        if key in seen:
            yield row.fault(columns[0], f"stands on line {seen[key]} already; use another id")
        seen[key] = row.line


def _check_filled(name: str, row: Row) -> Iterator[Fault]:
    for column in COLUMNS[name]:
        if not row.cells[column].strip() and column not in BLANK.get(name, ()):
            yield row.fault(column, "must not be blank; fill it in")


def _one_of(row: Row, column: str, allowed: Iterable[str]) -> Iterator[Fault]:
    if row.cells[column] not in (options := tuple(allowed)):
        yield row.fault(
            column, f"use one of {', '.join(option or '(blank)' for option in options)}"
        )


def _all_of(row: Row, column: str, allowed: Iterable[str]) -> Iterator[Fault]:
    options, parts = tuple(allowed), listed(row.cells[column])
    for part in sorted({part for part in parts if parts.count(part) > 1}):
        yield row.fault(column, f"{part!r} stands twice; keep one")
    for part in parts:
        if part not in options:
            yield row.fault(column, f"{part!r} is unknown; use some of {', '.join(options)}")


def _check_values(tables: Tables) -> Iterator[Fault]:
    from soclib.companies.tables import company_choices  # noqa: PLC0415 - as above
    from soclib.periods.tables import period_choices  # noqa: PLC0415 - as above
    from soclib.received.tables import received_choices  # noqa: PLC0415 - as above
    from soclib.requests.tables import phrase_choices  # noqa: PLC0415 - as above
    from soclib.teaching.tables import lesson_choices  # noqa: PLC0415 - as above
    from soclib.trust.tables import trust_choices  # noqa: PLC0415 - as above

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
        ("comparison", "differs", (YES, NO, "partly")),
        ("readers", "report_id", reports),
        ("stories", "kind", ("story", "axes")),
        ("stories", "report_id", reports),
        ("readers", "allowed", (YES, NO, "ask")),
        ("standards", "state", STATES),
        ("reviews", "evidence_id", EVIDENCE),
        *period_choices(tables),
        *trust_choices(tables),
        *company_choices(tables),
        *received_choices(tables),
        *phrase_choices(),
        *lesson_choices(),
    ]
    for name, column, options in allowed:
        for row in tables[name]:
            yield from _one_of(row, column, options)
    yield from _check_lists(tables)
    yield from _check_forms(tables)


def _check_lists(tables: Tables) -> Iterator[Fault]:
    """Yield cells that join ids of other tables, one of them unknown."""
    criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
    outcomes = [row.cells["outcome_id"] for row in tables["outcomes"]]
    reports = [row.cells["report_id"] for row in tables["reports"]]
    for row in tables["outcomes"]:
        yield from _all_of(row, "voices", VOICES)
        yield from _all_of(row, "touches", [*reports, *outcomes])
    for row in tables["comparison"]:
        yield from _all_of(row, "criteria", criteria)
    steps = {row.cells["step_id"] for row in tables["outcomes"]} - {""}
    for row in tables["stories"]:
        yield from _one_of(row, "type_id", sorted(steps) if row.cells["kind"] == "axes" else ("",))
    standards = [row.cells["standard_id"] for row in tables["standards"]]
    for name, column in (("sources", "standards"), ("standards", "replaced_by")):
        for row in tables[name]:
            yield from _all_of(row, column, standards)


def _check_forms(tables: Tables) -> Iterator[Fault]:
    """Yield cells that are no address, no number."""
    for row in tables["sources"]:
        if row.cells["url"] and not row.cells["url"].startswith(("https://", "http://")):
            yield row.fault("url", "use an address that starts with https://, or leave it blank")
    for row in tables["statuses"]:
        if not re.fullmatch(r"[0-9]{1,3}", row.cells["rank"]):
            yield row.fault("rank", "use a whole number")
    for row in tables["reviews"]:
        if not re.fullmatch(r"[1-9][0-9]?", row.cells["review_after_months"]):
            yield row.fault("review_after_months", "use a whole number of months from 1 to 99")
    for row in tables["criteria"]:
        yield from _check_prior(row)


def _check_prior(row: Row) -> Iterator[Fault]:
    prior = row.cells["prior_yes_percent"]
    if not re.fullmatch(r"[1-9][0-9]?", prior):
        yield row.fault("prior_yes_percent", "use a whole number from 1 to 99")


def _check_wide(tables: Tables) -> Iterator[Fault]:
    criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
    answers = ("", *ANSWERS)
    wide = {"rules": ("Y", "N", "-"), **dict.fromkeys(WIDE[1:], answers)}
    for name, allowed in wide.items():
        for row in tables[name]:
            for criterion_id in criteria:
                yield from _one_of(row, criterion_id, allowed)


def _check_whole(tables: Tables) -> Iterator[Fault]:
    """Yield what is missing rather than wrong."""
    yield from _check_squares(tables)
    yield from _check_outcomes(tables)
    yield from _check_questions(tables)
    yield from _check_matrices(tables)


def _check_squares(tables: Tables) -> Iterator[Fault]:
    cells = {tuple(row.cells[c] for c in KEYS["verdicts"]) for row in tables["verdicts"]}
    kinds = {(row.cells["report_id"], row.cells["kind"]) for row in tables["outcomes"]}
    for row in tables["reports"]:
        report_id = row.cells["report_id"]
        for subject, demand in product(ANSWERS, ANSWERS):
            if (report_id, subject, demand) not in cells:
                remedy = f"add its cell for subject {subject}, demand {demand} to verdicts.csv"
                yield row.fault("report_id", remedy)
        for kind in ("subject", "demand"):
            if (report_id, kind) not in kinds:
                yield row.fault("report_id", f"add its {kind} to outcomes.csv")


def _check_outcomes(tables: Tables) -> Iterator[Fault]:
    ruled = {row.cells["outcome_id"] for row in tables["rules"]}
    for row in tables["outcomes"]:
        if row.cells["outcome_id"] not in ruled:
            yield row.fault("outcome_id", "has no rule; add one to rules.csv or delete the outcome")
        if row.cells["kind"] == "contradiction" and not listed(row.cells["touches"]):
            yield row.fault("touches", "a contradiction needs a report or a step that it touches")
        if row.cells["kind"] == "step" and not (row.cells["report_id"] and row.cells["step_id"]):
            yield row.fault("step_id", "a step needs a report_id and a step_id")


def _check_questions(tables: Tables) -> Iterator[Fault]:
    asked = {(row.cells["criterion_id"], row.cells["voice"]) for row in tables["questions"]}
    for row in tables["criteria"]:
        missing = [voice for voice in VOICES if (row.cells["criterion_id"], voice) not in asked]
        if len(missing) == len(VOICES):
            yield row.fault("criterion_id", "has no question; add one to questions.csv")
        if missing and not row.cells["when_not_asked"]:
            yield row.fault("when_not_asked", f"not asked in voice {missing[0]}: say what holds")


def _check_matrices(tables: Tables) -> Iterator[Fault]:
    """Yield what lacks a row or a column for one of the reports."""
    for row in tables["reports"]:
        if row.cells["report_id"] not in tables["comparison"][0].cells:
            yield row.fault("report_id", "add its column to comparison.csv")
    shown = [row for row in tables["stories"] if row.cells["kind"] == "axes"]
    reports = {row.cells["report_id"] for row in tables["reports"]}
    cased = {row.cells["report_id"] for row in shown}
    yield from _check_pairs(tables["readers"], "reader_id", reports)
    yield from _check_pairs(shown, "type_id", cased)


def _check_pairs(rows: list[Row], column: str, reports: set[str]) -> Iterator[Fault]:
    found = {(row.cells[column], row.cells["report_id"]) for row in rows}
    first = {row.cells[column]: row for row in reversed(rows)}
    for key, report_id in product(first, sorted(reports)):
        if (key, report_id) not in found:
            yield first[key].fault(column, f"add its row for report {report_id}")

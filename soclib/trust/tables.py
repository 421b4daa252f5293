"""Frozen records for criteria, control objectives and the cross-map, built and checked.

A criterion of the trust services criteria and a control objective of a SOC 1 are both a *basis*:
what a control, and its evidence, hang on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import NO, PROVENANCE, YES, Provenance, Row, Tables, listed

RELATIONS = ("equal", "subset", "superset", "intersects", "related")
STRENGTHS = ("strong", "partial", "weak")
STATES = ("proposed", "verified")
SIDES = ("tsc", "iso")
ASSERTIONS = (
    *("existence", "completeness", "accuracy", "valuation", "rights", "cutoff", "presentation"),
    "all_through_it",
)
# What each relation says that the ISO requirement, and that the criterion, asks for beyond it.
BEYOND = {
    "equal": (False, False),
    "subset": (True, False),
    "superset": (False, True),
    "intersects": (True, True),
    "related": (False, False),
}
STATUS_ABOUT = ("control", "cuec_vendor", "cuec_buyer", "csoc")
FINDING_ABOUT = ("basis", "evidence", "cuec", "subservice", *STATUS_ABOUT)
DUE = ("start", "as_of", "run", "end", "never")
# What code asks for by its id, so that a table without it is refused when it is loaded.
NEEDED_FINDINGS = (
    *("no_control", "leans_alone", "evidence_to_come", "cuec_undecided", "subservice_to_come"),
    *("no_owner", "not_designed", "not_operating", "no_reason"),
    *("not_implemented_by_date", "no_first_evidence", "no_cadence", "no_start", "started_late"),
    *("cannot_occur", "may_not_occur", "runs_without_evidence", "days_without_evidence"),
    *("no_population", "evidence_without_date", "evidence_without_place", "cuec_not_told"),
    *("cuec_no_reason", "cuec_not_looked_at", "cuec_not_in_place", "cuec_no_owner"),
    *("cuec_no_evidence", "csoc_not_read", "csoc_not_covered", "csoc_no_subservice"),
    *("subservice_no_method", "subservice_no_assertion", "subservice_no_report"),
    *("subservice_type_1", "subservice_no_period", "subservice_gap"),
)
NEEDED_STATUSES = (
    *("not_started", "designed", "operating", "not_applicable", "undecided", "assumed", "told"),
    *("not_needed", "not_looked_at", "not_in_place", "in_place", "feature_not_used"),
    *("not_read", "not_covered", "covered", "csoc_not_needed"),
)
NEEDED_LINT = (
    *("missing_id", "swapped_sides", "unknown_criterion", "beyond_series", "wrong_prefix"),
    *("criterion_heading", "point_of_focus", "unknown_requirement", "beyond_theme"),
    *("edition_2013", "missing_letter", "doubtful_letter", "requirement_heading"),
    *("part_of_clause", "other_frameworks", "duplicate", "contradictory", "asymmetric"),
    *("one_way", "grouped", "no_relation", "unknown_relation", "one_relation", "no_reason"),
    *("repeated_reason", "no_strength", "unknown_strength", "equal_not_strong"),
    *("related_but_strong", "unrelated_but_strong", "many_requirements", "many_criteria"),
    *("not_mapped", "gap_with_pair"),
)
LIMITED = (  # the checks that speak up from a number on
    *("one_relation", "repeated_reason", "equal_not_strong", "related_but_strong"),
    *("unrelated_but_strong", "many_requirements", "many_criteria"),
)
LINT_WORDS = ("value", "meant", "other", "count")
COSO = re.compile(r"|[1-9]|1[0-7]")
LIMIT = re.compile(r"[1-9][0-9]{0,2}")
WORD = re.compile(r"\{(\w*)\}")
COUNT = re.compile(r"[0-9]{1,2}")
PROMPTS = (2, 4)  # of one criterion or control objective, at least and at most


def trust_choices(tables: Tables) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Yield table, column and the values allowed in it."""
    categories = [r for r in tables["outcomes"] if r.cells["kind"] == "category"]
    yield "trust_criteria", "series_id", _ids(tables["series"], "series_id")
    yield "trust_criteria", "category_id", _ids(categories, "outcome_id")
    yield "control_objectives", "service_id", _ids(tables["services"], "service_id")
    yield "control_prompts", "basis_id", _bases(tables)
    for name in ("control_prompts", "complementary_controls"):
        yield name, "cadence_id", _ids(tables["cadences"], "cadence_id")
    yield "complementary_controls", "kind", ("cuec", "csoc")
    yield "iso_requirements", "kind", ("control", "clause")
    yield "crosswalk", "tsc_id", _ids(tables["trust_criteria"], "tsc_id")
    yield "crosswalk", "iso_id", _ids(tables["iso_requirements"], "iso_id")
    yield "crosswalk", "relation", RELATIONS
    yield "crosswalk", "strength", STRENGTHS
    yield "crosswalk", "status", STATES
    yield "crosswalk_gaps", "side", SIDES
    yield "lint_checks", "severity", ("error", "warning")
    yield "readiness_statuses", "about", STATUS_ABOUT
    yield "readiness_statuses", "done", (YES, NO)
    yield "readiness_findings", "about", FINDING_ABOUT
    for name in ("type_1", "type_2", "lost_after"):
        yield "readiness_findings", name, (YES, NO)
    yield "readiness_findings", "by", DUE


def _ids(rows: Iterable[Row], column: str) -> list[str]:
    return [row.cells[column] for row in rows]


def _bases(tables: Tables) -> list[str]:
    criteria = _ids(tables["trust_criteria"], "tsc_id")
    return [*criteria, *_ids(tables["control_objectives"], "objective_id")]


def check_trust(tables: Tables) -> Iterator[Fault]:
    """Yield what is wrong with these tables beyond single choices."""
    yield from _check_forms(tables)
    yield from _check_lists(tables)
    yield from _check_prompts(tables)
    yield from _check_complementary(tables)
    for row in tables["crosswalk"]:
        yield from _check_relation(row)
    yield from _check_gaps(tables)
    yield from _check_lint(tables)
    yield from _check_needed(tables, "readiness_findings", "finding_id", NEEDED_FINDINGS)
    yield from _check_needed(tables, "readiness_statuses", "status_id", NEEDED_STATUSES)


def _check_needed(tables: Tables, name: str, column: str, needed: Iterable[str]) -> Iterator[Fault]:
    found = _ids(tables[name], column)
    for one in needed:
        if one not in found:
            yield Fault(f"{name}.csv", 0, column, one, "this row is missing; copy the shipped one")


def _check_lint(tables: Tables) -> Iterator[Fault]:
    """Yield checks of cross-maps that are missing, lack their number or name unknown words."""
    yield from _check_needed(tables, "lint_checks", "check_id", NEEDED_LINT)
    for row in tables["lint_checks"]:
        limited = row.cells["check_id"] in LIMITED
        if not (LIMIT if limited else re.compile("")).fullmatch(row.cells["limit"]):
            yield row.fault("limit", "use a whole number" if limited else "leave it blank")
        for column in ("wrong", "remedy"):
            for word in WORD.findall(row.cells[column]):
                if word not in LINT_WORDS:
                    known = ", ".join(f"{{{one}}}" for one in LINT_WORDS)
                    yield row.fault(column, f"{{{word}}} is unknown; use some of {known}")


def _check_forms(tables: Tables) -> Iterator[Fault]:
    for row in tables["trust_criteria"]:
        if not COSO.fullmatch(row.cells["coso_principle"]):
            yield row.fault("coso_principle", "use the number of a principle, 1 to 17, or blank")
    for row in tables["readiness_statuses"]:
        if not COUNT.fullmatch(row.cells["rank"]):
            yield row.fault("rank", "use a whole number")
    for row in tables["crosswalk"]:
        if not COUNT.fullmatch(row.cells["sources_agreeing"]):
            yield row.fault("sources_agreeing", "use a whole number of public mappings")


def _check_lists(tables: Tables) -> Iterator[Fault]:
    reports = _ids(tables["reports"], "report_id")
    yield from _all_in(tables["control_objectives"], "assertions", ASSERTIONS)
    yield from _all_in(tables["complementary_controls"], "hangs_on", _bases(tables))
    yield from _all_in(tables["complementary_controls"], "report_id", reports)


def _all_in(rows: Iterable[Row], column: str, known: Iterable[str]) -> Iterator[Fault]:
    options = tuple(known)
    for row in rows:
        for part in listed(row.cells[column]):
            if part not in options:
                yield row.fault(column, f"{part!r} is unknown; see data/README.md for its values")


def _check_prompts(tables: Tables) -> Iterator[Fault]:
    least, most = PROMPTS
    asked = _ids(tables["control_prompts"], "basis_id")
    for name, column in (("trust_criteria", "tsc_id"), ("control_objectives", "objective_id")):
        for row in tables[name]:
            count = asked.count(row.cells[column])
            if not least <= count <= most:
                remedy = f"has {count} rows in control_prompts.csv; give it {least} to {most}"
                yield row.fault(column, remedy)


def _check_complementary(tables: Tables) -> Iterator[Fault]:
    """Yield controls under the wrong report, and control objectives that hang on nobody else."""
    criteria = set(_ids(tables["trust_criteria"], "tsc_id"))
    covered: set[str] = set()
    for row in tables["complementary_controls"]:
        hangs_on = listed(row.cells["hangs_on"])
        covered |= set(hangs_on)
        needed = {"soc2" if basis_id in criteria else "soc1" for basis_id in hangs_on}
        if needed != set(listed(row.cells["report_id"])):
            named = ";".join(sorted(needed))
            yield row.fault("report_id", f"what it hangs on belongs to {named}; use that")
    for row in tables["control_objectives"]:
        if row.cells["objective_id"] not in covered:
            yield row.fault("objective_id", "has no row in complementary_controls.csv; add one")


def _check_relation(row: Row) -> Iterator[Fault]:
    """Yield a pair whose cells contradict its relation."""
    cells = row.cells
    relation, strength = cells["relation"], cells["strength"]
    for column, wanted in zip(
        ("beyond_criterion", "beyond_control"), BEYOND.get(relation, ()), strict=False
    ):
        if wanted != bool(cells[column].strip()):
            remedy = "say what it is" if wanted else "leave it blank, or mend the relation"
            yield row.fault(column, f"the relation is {relation}: {remedy}")
    if (relation, strength) == ("related", "strong") or (
        relation == "equal" and strength != "strong"
    ):
        yield row.fault("strength", f"does not go with the relation {relation}")


def _check_gaps(tables: Tables) -> Iterator[Fault]:
    """Yield a requirement that stands neither in the cross-map nor among the gaps, or in both."""
    gaps = {
        (row.cells["side"], row.cells["requirement_id"]): row for row in tables["crosswalk_gaps"]
    }
    places = {"tsc": ("trust_criteria", "tsc_id"), "iso": ("iso_requirements", "iso_id")}
    known = {
        (side, one) for side, place in places.items() for one in _ids(tables[place[0]], place[1])
    }
    for side, (name, column) in places.items():
        paired = set(_ids(tables["crosswalk"], column))
        for row in tables[name]:
            key = (side, row.cells[column])
            if (key in gaps) == (row.cells[column] in paired):
                both = "stands in crosswalk.csv and in crosswalk_gaps.csv; keep one"
                neither = "stands in neither crosswalk.csv nor crosswalk_gaps.csv; add it to one"
                yield row.fault(column, both if key in gaps else neither)
    for key, row in gaps.items():
        if key not in known:
            yield row.fault("requirement_id", "is no id of its side; mend it")


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A numbered group of criteria, such as CC6."""

    series_id: str
    title: str
    gist: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class TrustCriterion:
    """One of the trust services criteria, in our own words.

    ``coso_principle`` is 1 to 17, or None for a criterion that carries none of them.
    """

    tsc_id: str
    series_id: str
    category_id: str
    coso_principle: int | None
    gist: str
    keywords: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A kind of service for which SOC 1 reports are usual."""

    service_id: str
    title: str
    what_it_does: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ControlObjective:
    """A template of a SOC 1 control objective; ``risk`` is what goes wrong in a user's books."""

    objective_id: str
    service_id: str
    objective: str
    risk: str
    assertions: tuple[str, ...]
    keywords: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ControlPrompt:
    """A question that asks for one control, with what one would show an auditor."""

    prompt_id: str
    basis_id: str
    prompt: str
    typical_evidence: tuple[str, ...]
    cadence_id: str
    owner: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ComplementaryControl:
    """A control that somebody else runs, and without which a basis is not met.

    ``kind`` is cuec (the user entity's) or csoc (a carved-out subservice organization's).
    """

    complementary_id: str
    kind: str
    hangs_on: tuple[str, ...]
    report_ids: tuple[str, ...]
    control: str
    why: str
    owner: str
    cadence_id: str
    typical_evidence: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class IsoRequirement:
    """A control of Annex A or a clause of ISO/IEC 27001:2022, in our own words."""

    iso_id: str
    kind: str
    theme: str
    gist: str
    keywords: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One row of the cross-map: how a criterion and an ISO requirement relate, and why.

    ``relation`` is read from the criterion: equal, subset, superset, intersects or related.
    ``beyond_criterion`` is what the ISO requirement asks for and the criterion does not,
    ``beyond_control`` the reverse; both are blank where there is nothing to name.
    """

    tsc_id: str
    iso_id: str
    relation: str
    strength: str
    reason: str
    beyond_criterion: str
    beyond_control: str
    status: str
    sources_agreeing: int
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """A requirement that the other side does not ask for; ``side`` is tsc or iso."""

    gap_id: str
    side: str
    requirement_id: str
    why: str
    look_instead: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class LintCheck:
    """Something that can be wrong with a cross-map; ``severity`` is error or warning.

    ``wrong`` and ``remedy`` carry words in braces. ``limit`` is the number from which the check
    speaks up, or None for a check that needs none.
    """

    check_id: str
    severity: str
    limit: int | None
    title: str
    wrong: str
    why: str
    remedy: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class TrustTables:
    """All tables on criteria, control objectives and the cross-map, in the order of their rows."""

    series: Mapping[str, Series]
    criteria: Mapping[str, TrustCriterion]
    services: Mapping[str, Service]
    objectives: Mapping[str, ControlObjective]
    prompts: Mapping[str, tuple[ControlPrompt, ...]]
    complementary: Mapping[str, ComplementaryControl]
    iso: Mapping[str, IsoRequirement]
    pairs: tuple[Pair, ...]
    gaps: Mapping[str, Gap]
    lint: Mapping[str, LintCheck]

    @property
    def common(self) -> str:
        """Return the category that stands behind every other: it carries the COSO principles."""
        return next(one.category_id for one in self.criteria.values() if one.coso_principle)

    @property
    def bases(self) -> Mapping[str, str]:
        """Return what every criterion and every control objective asks for, by its id."""
        gists = {key: one.gist for key, one in self.criteria.items()}
        return gists | {key: one.objective for key, one in self.objectives.items()}


def build_trust(tables: Tables) -> TrustTables:
    """Return the tables on criteria, control objectives and the cross-map as records."""
    return TrustTables(
        series={r.cells["series_id"]: Series(**_record(r)) for r in tables["series"]},
        criteria={r.cells["tsc_id"]: _criterion(r) for r in tables["trust_criteria"]},
        services={r.cells["service_id"]: Service(**_record(r)) for r in tables["services"]},
        objectives={
            r.cells["objective_id"]: ControlObjective(**_record(r, "assertions", "keywords"))
            for r in tables["control_objectives"]
        },
        prompts=_prompts(tables["control_prompts"]),
        complementary={
            r.cells["complementary_id"]: _complementary(r) for r in tables["complementary_controls"]
        },
        iso={
            r.cells["iso_id"]: IsoRequirement(**_record(r, "keywords"))
            for r in tables["iso_requirements"]
        },
        pairs=tuple(_pair(row) for row in tables["crosswalk"]),
        gaps={r.cells["requirement_id"]: Gap(**_record(r)) for r in tables["crosswalk_gaps"]},
        lint={r.cells["check_id"]: _lint_check(r) for r in tables["lint_checks"]},
    )


def _record(row: Row, *lists: str) -> dict[str, Any]:
    """Return the cells of a row and its provenance; ``lists`` names the cells that hold several."""
    cells: dict[str, Any] = {
        column: listed(text) if column in lists else text
        for column, text in row.cells.items()
        if column not in PROVENANCE
    }
    return {**cells, "provenance": row.provenance()}


def _criterion(row: Row) -> TrustCriterion:
    cells = _record(row, "keywords")
    principle = row.cells["coso_principle"]
    return TrustCriterion(**{**cells, "coso_principle": int(principle) if principle else None})


def _prompts(rows: list[Row]) -> dict[str, tuple[ControlPrompt, ...]]:
    found: dict[str, list[ControlPrompt]] = {}
    for row in rows:
        prompt = ControlPrompt(**_record(row, "typical_evidence"))
        found.setdefault(prompt.basis_id, []).append(prompt)
    return {basis_id: tuple(prompts) for basis_id, prompts in found.items()}


def _complementary(row: Row) -> ComplementaryControl:
    cells = _record(row, "hangs_on", "report_id", "typical_evidence")
    report_ids = cells.pop("report_id")
    return ComplementaryControl(**cells, report_ids=report_ids)


def _lint_check(row: Row) -> LintCheck:
    limit = row.cells["limit"]
    return LintCheck(**{**_record(row), "limit": int(limit) if limit else None})


def _pair(row: Row) -> Pair:
    return Pair(**{**_record(row), "sources_agreeing": int(row.cells["sources_agreeing"])})

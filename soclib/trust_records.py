"""Frozen records for criteria, control objectives and the cross-map, and how they are built.

A criterion of the trust services criteria and a control objective of a SOC 1 are both a *basis*:
what a control, and its evidence, hang on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soclib.model import Provenance
from soclib.rows import PROVENANCE, Row, Tables, listed


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

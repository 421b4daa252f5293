"""Frozen records for role play: who sits at the table, over which case, and what each says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import PROVENANCE, Provenance, Row, Tables


@dataclass(frozen=True, slots=True, eq=False)
class Role:
    """Somebody at the table: who that is, what they care about, and how to play it."""

    role_id: str
    role: str
    who: str
    cares_about: str
    hint: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class RoleCase:
    """An invented case; ``answers`` by role and criterion is what each says at the start."""

    case_id: str
    title: str
    story: str
    answers: dict[str, dict[str, str]]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class RoleTables:
    """Roles and cases by id, in the order of their tables."""

    roles: dict[str, Role]
    cases: dict[str, RoleCase]


def build_roles(tables: Tables) -> RoleTables:
    """Return roles and cases as records."""
    criteria = [row.cells["criterion_id"] for row in tables["criteria"]]
    roles = {row.cells["role_id"]: Role(**_own(row)) for row in tables["roles"]}
    answers: dict[str, dict[str, dict[str, str]]] = {}
    for row in tables["role_answers"]:
        said = {key: row.cells[key] for key in criteria if row.cells[key]}
        answers.setdefault(row.cells["case_id"], {})[row.cells["role_id"]] = said
    cases = (
        RoleCase(**_own(row), answers=answers.get(row.cells["case_id"], {}))
        for row in tables["role_cases"]
    )
    return RoleTables(roles, {case.case_id: case for case in cases})


def _own(row: Row) -> dict[str, Any]:
    cells = {column: text for column, text in row.cells.items() if column not in PROVENANCE}
    return {**cells, "provenance": row.provenance()}


def check_roles(tables: Tables) -> Iterator[Fault]:
    """Yield answers of a role, or to a case, that is none."""
    for column, table in (("role_id", "roles"), ("case_id", "role_cases")):
        known = [row.cells[column] for row in tables[table]]
        for row in tables["role_answers"]:
            if row.cells[column] not in known:
                yield row.fault(column, f"use one of {', '.join(known)}")

"""Role play: the roles, the invented cases, and what each role answers before anybody talks."""

from __future__ import annotations

from dataclasses import dataclass

from soclib.tables import column
from soclib.tables.kinds import OneOf
from soclib.tables.rows import ANSWERS, Provenance
from soclib.tables.schema import Part, Records, table


@table("roles")
class Role:
    """Somebody at the table: who that is, what they care about, and how to play it."""

    role_id: str = column.ident("name of the role")
    role: str = column.text("what the role is called")
    who: str = column.text("who that is in a company")
    cares_about: str = column.text("what they care about")
    hint: str = column.text("how to play the role")
    provenance: Provenance = column.origin()


@table("role_cases")
class CaseText:
    """An invented case that the roles talk about."""

    case_id: str = column.ident("name of the case")
    title: str = column.text("heading on screen")
    story: str = column.text("what everybody at the table knows")
    provenance: Provenance = column.origin()


@table("role_answers", key=("case_id", "role_id"))
class RoleAnswers:
    """What one role says in one case before anybody talks."""

    case_id: str = column.ref("the case", "role_cases")
    role_id: str = column.ref("who says it", "roles")
    answers: dict[str, str] = column.wide(
        "what they say to the criterion", "criteria", OneOf("answer", "", *ANSWERS)
    )
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class RoleCase:
    """An invented case; ``answers`` holds what each role says first, by role and criterion."""

    case_id: str
    title: str
    story: str
    answers: dict[str, dict[str, str]]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Roles and cases by id, in the order of their tables."""

    roles: dict[str, Role]
    cases: dict[str, RoleCase]


def _people(records: Records) -> People:
    cases = {
        key: RoleCase(key, case.title, case.story, _answers(records, key), case.provenance)
        for key, case in records.by_id(CaseText).items()
    }
    return People(records.by_id(Role), cases)


def _answers(records: Records, case_id: str) -> dict[str, dict[str, str]]:
    rows = records.all(RoleAnswers)
    return {row.role_id: row.answers for row in rows if row.case_id == case_id}


PEOPLE = Part((Role, CaseText, RoleAnswers), _people)

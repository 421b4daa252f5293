"""Who takes part in a role play, over which invented case, and what they answer."""

from __future__ import annotations

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.people.splits import AnswersByStakeholder
from soclib.people.tables import PEOPLE, RoleCase
from soclib.verdict.decision import Answer


def role_case(case_id: str, catalog: Catalog | None = None) -> RoleCase:
    """Return an invented case with what each role says at the start.

    Raises ``AnswerError`` that names the nearest id.
    """
    cases = (catalog or load_catalog()).part(PEOPLE).cases
    if case_id not in cases:
        raise AnswerError(did_you_mean("case", case_id, cases))
    return cases[case_id]


def role_names(catalog: Catalog) -> dict[str, str]:
    """Return the names of the roles by id."""
    return {role_id: role.role for role_id, role in catalog.part(PEOPLE).roles.items()}


def answered_alike(answers: AnswersByStakeholder, **facts: Answer) -> dict[str, dict[str, Answer]]:
    """Return everybody's answers with some facts answered alike by all."""
    return {who: {**given, **facts} for who, given in answers.items()}

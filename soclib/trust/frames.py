"""Criteria, prompts, control objectives and the cross-map as pandas DataFrames.

Unknown ids raise ``AnswerError`` that names the nearest. A search keeps the rows that hold all of
its words, as in the comparison. pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from soclib.catalog import Catalog, load_catalog
from soclib.comparison.choose import search_terms
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.frames import flat, where_from
from soclib.periods.tables import PERIODS
from soclib.trust.choose import (
    SORTS,
    CriteriaChoice,
    cadences,
    categories_of,
    choice_of_all,
    chosen_criteria,
    holds_terms,
    owners,
)
from soclib.trust.pairs import (
    DirectedPair,
    directed_pairs,
    gists,
    remainders,
)
from soclib.trust.scoping import Scope, objectives_of, scope
from soclib.trust.tables import (
    ISO,
    RELATIONS,
    SIDES,
    STRENGTHS,
    TRUST,
    TSC,
    ComplementaryControl,
    ControlObjective,
    ControlPrompt,
    IsoRequirement,
    TrustCriterion,
)
from soclib.verdict.decision import Decision
from soclib.verdict.tables import VERDICT

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("cuec", "csoc")
PROVENANCE = ("source_id", "as_of", "evidence")


def known_id(what: str, asked: str, options: Iterable[str]) -> str:
    """Return an id if it is known; raises ``AnswerError`` that names the nearest one if not."""
    ids = list(options)
    if asked in ids:
        return asked
    meant = str(asked).strip().upper()
    near = get_close_matches(meant, ids, n=9)
    near.sort(key=lambda key: key.split(".")[:-1] != meant.split(".")[:-1])  # CC8.1 for CC8.2
    hint = f"; did you mean {near[0]!r}?" if near else "."
    message = f"unknown {what}: {asked!r:.80}{hint} Valid: {', '.join(ids)}"
    raise AnswerError(message)


def _refuse_unknown(what: str, asked: str | None, options: Iterable[str]) -> None:
    known = list(options)
    if asked is not None and asked not in known:
        raise AnswerError(did_you_mean(what, asked, known))


def _table(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], *index: str) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    return pd.DataFrame(list(rows), columns=list(columns)).set_index(list(index))


def _as_text(row: ControlObjective | IsoRequirement, columns: Iterable[str]) -> dict[str, str]:
    """Return cells of a record as texts, lists joined, and its provenance."""
    cells = {name: getattr(row, name) for name in columns}
    texts = {
        name: cell if isinstance(cell, str) else ";".join(cell) for name, cell in cells.items()
    }
    return {**texts, **where_from(row.provenance)}


# --- criteria ------------------------------------------------------------------------------------


def criteria(
    category: str | None = None,
    search: str = "",
    *,
    sort: str = SORTS[0],
    decision: Decision | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the trust services criteria, one row each, indexed by ``tsc_id``.

    ``sort`` is criterion, owner or cadence. With a decision a column ``scope`` says yes, open or
    no, and its tables are used.
    """
    given = decision.case.catalog if decision else None
    catalog = given or catalog or load_catalog()
    _refuse_unknown("category", category, categories_of(catalog))
    _refuse_unknown("sort", sort, SORTS)
    all_rows = choice_of_all(catalog)
    categories = all_rows.categories if category is None else (category,)
    choice = CriteriaChoice(categories, all_rows.states, search, sort)
    return chosen_frame(catalog, choice, scope(decision) if decision else None)


def chosen_frame(
    catalog: Catalog, choice: CriteriaChoice, criteria_scope: Scope | None = None
) -> pd.DataFrame:
    """Return the criteria that a choice leaves as ``criteria`` does, in its order."""
    rows = [
        _criterion(catalog, row, criteria_scope)
        for row in chosen_criteria(catalog, choice, criteria_scope)
    ]
    columns = _criterion(catalog, next(iter(catalog.part(TRUST).criteria.values())), criteria_scope)
    return _table(rows, columns, "tsc_id")


def _criterion(
    catalog: Catalog, row: TrustCriterion, criteria_scope: Scope | None
) -> dict[str, Any]:
    return {
        "tsc_id": row.tsc_id,
        "series_id": row.series_id,
        "category_id": row.category_id,
        "coso_principle": "" if row.coso_principle is None else str(row.coso_principle),
        "gist": row.gist,
        "owners": ";".join(owners(catalog, row.tsc_id)),
        "cadences": ";".join(cadences(catalog, row.tsc_id)),
        **({"scope": criteria_scope.states[row.tsc_id]} if criteria_scope else {}),
        "keywords": ";".join(row.keywords),
        **where_from(row.provenance),
    }


def prompts(
    basis: str | None = None,
    search: str = "",
    *,
    owner: str | None = None,
    cadence: str | None = None,
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the prompts for controls, one row each, indexed by ``prompt_id``.

    ``basis`` is the id of a criterion or of a control objective, or of a whole series such as CC6.
    """
    catalog = catalog or load_catalog()
    kept = chosen_prompts(catalog, basis, search, owner=owner, cadence=cadence)
    any_prompt = next(iter(catalog.part(TRUST).prompts.values()))[0]
    return _table(map(_prompt, kept), _prompt(any_prompt), "prompt_id")


def chosen_prompts(
    catalog: Catalog, basis: str | None, search: str, *, owner: str | None, cadence: str | None
) -> list[ControlPrompt]:
    """Return the prompts that ``prompts`` puts into its table."""
    rows = [row for of_basis in catalog.part(TRUST).prompts.values() for row in of_basis]
    _refuse_unknown("owner", owner, sorted({row.owner for row in rows}))
    _refuse_unknown("cadence", cadence, catalog.part(PERIODS).cadences)
    wanted = set(catalog.part(TRUST).bases) if basis is None else set(_basis_ids(catalog, basis))
    terms = search_terms(search)
    return [
        row
        for row in rows
        if row.basis_id in wanted
        and owner in (None, row.owner)
        and cadence in (None, row.cadence_id)
        and holds_terms([row.basis_id, row.prompt, *row.typical_evidence, row.owner], terms)
    ]


def _basis_ids(catalog: Catalog, basis: str) -> Iterator[str]:
    """Yield the criteria of a series, or the id of one criterion or objective."""
    if basis in catalog.part(TRUST).series:
        yield from (k for k, row in catalog.part(TRUST).criteria.items() if row.series_id == basis)
    else:
        yield known_id("criterion or objective", basis, catalog.part(TRUST).bases)


def _prompt(prompt: ControlPrompt) -> dict[str, str]:
    return {
        "prompt_id": prompt.prompt_id,
        "basis_id": prompt.basis_id,
        "prompt": prompt.prompt,
        "typical_evidence": ";".join(prompt.typical_evidence),
        "cadence_id": prompt.cadence_id,
        "owner": prompt.owner,
        **where_from(prompt.provenance),
    }


# --- SOC 1 and complementary controls ------------------------------------------------------------


def services(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the kinds of service for which SOC 1 is usual, indexed by ``service_id``."""
    return flat((catalog or load_catalog()).part(TRUST).services.values(), "service_id")


def objectives(
    service: str | Iterable[str] | None = None, search: str = "", *, catalog: Catalog | None = None
) -> pd.DataFrame:
    """Return templates of SOC 1 control objectives, one row each, indexed by ``objective_id``.

    ``service`` names one kind of service or several; the user chooses which of them apply.
    """
    catalog = catalog or load_catalog()
    columns = ("objective_id", "service_id", "objective", "risk", "assertions", "keywords")
    terms = search_terms(search)
    rows = (
        _as_text(row, columns)
        for row in objectives_of(
            catalog, catalog.part(TRUST).services if service is None else service
        )
        if holds_terms([row.objective_id, row.objective, row.risk, *row.keywords], terms)
    )
    return _table(rows, (*columns, *PROVENANCE), "objective_id")


def complementary(
    kind: str | None = None,
    *,
    report: str | None = None,
    basis: str | None = None,
    search: str = "",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the controls that others run, indexed by ``complementary_id``.

    ``kind`` is cuec (the user entity runs it) or csoc (a carved-out subservice organization does),
    ``basis`` a criterion, a series or a control objective that depends on it.
    """
    catalog = catalog or load_catalog()
    _refuse_unknown("kind", kind, KINDS)
    _refuse_unknown(
        "report", report, [report.report_id for report in catalog.part(VERDICT).reports]
    )
    wanted = set(catalog.part(TRUST).bases) if basis is None else set(_basis_ids(catalog, basis))
    rows = list(catalog.part(TRUST).complementary.values())
    terms = search_terms(search)
    kept = (
        _complementary(row)
        for row in rows
        if kind in (None, row.kind)
        and (report is None or report in row.report_ids)
        and wanted & set(row.hangs_on)
        and holds_terms([row.complementary_id, row.control, row.why, row.owner], terms)
    )
    return _table(kept, _complementary(rows[0]), "complementary_id")


def _complementary(row: ComplementaryControl) -> dict[str, str]:
    return {
        "complementary_id": row.complementary_id,
        "kind": row.kind,
        "hangs_on": ";".join(row.hangs_on),
        "report_id": ";".join(row.report_ids),
        "control": row.control,
        "why": row.why,
        "owner": row.owner,
        "cadence_id": row.cadence_id,
        "typical_evidence": ";".join(row.typical_evidence),
        **where_from(row.provenance),
    }


# --- the cross-map -------------------------------------------------------------------------------


def iso(
    theme: str | None = None, search: str = "", *, catalog: Catalog | None = None
) -> pd.DataFrame:
    """Return controls and clauses of ISO/IEC 27001:2022, one row each, indexed by ``iso_id``.

    ``theme`` is people, physical and so on; the theme of the clauses is management system.
    """
    catalog = catalog or load_catalog()
    _refuse_unknown(
        "theme", theme, dict.fromkeys(row.theme for row in catalog.part(TRUST).iso.values())
    )
    columns = ("iso_id", "kind", "theme", "gist", "keywords")
    rows = (
        _as_text(row, columns)
        for row in catalog.part(TRUST).iso.values()
        if theme in (None, row.theme)
        and holds_terms([row.iso_id, row.theme, row.gist, *row.keywords], search_terms(search))
    )
    return _table(rows, (*columns, *PROVENANCE), "iso_id")


def crosswalk(  # noqa: PLR0913 - each narrows the table in its own way
    criterion: str | None = None,
    iso: str | None = None,
    *,
    relation: str | None = None,
    strength: str | None = None,
    search: str = "",
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return the pairs of the cross-map, one row each, indexed by ``this_id`` and ``other_id``.

    They are read from the criterion; where only ``iso`` is given, from the ISO requirement, and
    ``relation`` then says how the requirement relates to the criterion.
    """
    catalog = catalog or load_catalog()
    trust = catalog.part(TRUST)
    _refuse_unknown("relation", relation, RELATIONS)
    _refuse_unknown("strength", strength, STRENGTHS)
    tsc_id = None if criterion is None else known_id("criterion", criterion, trust.criteria)
    iso_id = None if iso is None else known_id("ISO requirement", iso, trust.iso)
    side = ISO if iso_id and not tsc_id else TSC
    pairs = (
        pair
        for pair in directed_pairs(trust, side)
        if {tsc_id, iso_id} - {None} <= {pair.this_id, pair.other_id}
        and relation in (None, pair.relation)
        and strength in (None, pair.strength)
        and holds_terms(_texts_of_pair(catalog, pair), search_terms(search))
    )
    columns = [*(name for name in DirectedPair._fields if name != "provenance"), *PROVENANCE]
    return _table(map(_pair, pairs), columns, "this_id", "other_id")


def _texts_of_pair(catalog: Catalog, pair: DirectedPair) -> list[str]:
    """Return the texts of a pair, with the gists of both sides."""
    known = gists(catalog.part(TRUST), TSC) | gists(catalog.part(TRUST), ISO)
    ends = [f"{key} {known[key]}" for key in (pair.this_id, pair.other_id)]
    return [*ends, pair.reason, pair.only_other, pair.only_this]


def _pair(pair: DirectedPair) -> dict[str, Any]:
    plain = pair._asdict()
    return {**plain, **where_from(plain.pop("provenance"))}


def gaps(side: str = ISO, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what remainder side asks for and the other does not, indexed by ``requirement_id``.

    ``side`` is iso (what no criterion covers) or tsc (what no ISO requirement covers). ``kind``:
    whole (no pair at all), related (shared evidence, no shared duty), part (``text`` lies beyond
    the pair with ``other_id``; another pair of the same requirement may cover it).
    """
    catalog = catalog or load_catalog()
    _refuse_unknown("side", side, SIDES)
    rows = [remainder._asdict() for remainder in remainders(catalog.part(TRUST), side)]
    columns = ("side", "requirement_id", "kind", "other_id", "text", "look_instead")
    return _table(rows, columns, "requirement_id")

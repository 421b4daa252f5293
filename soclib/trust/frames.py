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
    Choice,
    cadences,
    categories_of,
    chosen,
    everything,
    holds,
    owners,
)
from soclib.trust.pairs import (
    ISO,
    RELATIONS,
    SIDES,
    STRENGTHS,
    TSC,
    Reading,
    left_over,
    readings,
    requirements,
)
from soclib.trust.scoping import Scope, objectives_of, scope
from soclib.trust.tables import (
    TRUST,
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
ORIGIN = ("source_id", "as_of", "evidence")


def known_id(what: str, asked: str, options: Iterable[str]) -> str:
    """Return an id that is known; raises ``AnswerError`` that names the nearest one."""
    ids = list(options)
    if asked in ids:
        return asked
    meant = str(asked).strip().upper()
    near = get_close_matches(meant, ids, n=9)
    near.sort(key=lambda one: one.split(".")[:-1] != meant.split(".")[:-1])  # CC8.1 for CC8.2
    hint = f"; did you mean {near[0]!r}?" if near else "."
    message = f"unknown {what}: {asked!r:.80}{hint} Valid: {', '.join(ids)}"
    raise AnswerError(message)


def _one_of(what: str, asked: str | None, options: Iterable[str]) -> None:
    known = list(options)
    if asked is not None and asked not in known:
        raise AnswerError(did_you_mean(what, asked, known))


def _table(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], *index: str) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    return pd.DataFrame(list(rows), columns=list(columns)).set_index(list(index))


def _plain(one: ControlObjective | IsoRequirement, columns: Iterable[str]) -> dict[str, str]:
    """Return cells of a record as text, several of them joined, and where it comes from."""
    cells = {name: getattr(one, name) for name in columns}
    said = {name: cell if isinstance(cell, str) else ";".join(cell) for name, cell in cells.items()}
    return {**said, **where_from(one.provenance)}


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

    ``sort`` is criterion, owner or cadence. With a decision the column ``scope`` says yes, open or
    no, and the tables are those of the decision.
    """
    given = decision.case.catalog if decision else None
    catalog = given or catalog or load_catalog()
    _one_of("category", category, categories_of(catalog))
    _one_of("sort", sort, SORTS)
    full = everything(catalog)
    kept = full.categories if category is None else (category,)
    choice = Choice(kept, full.states, search, sort)
    return chosen_frame(catalog, choice, scope(decision) if decision else None)


def chosen_frame(catalog: Catalog, choice: Choice, found: Scope | None = None) -> pd.DataFrame:
    """Return the criteria that a choice leaves as ``criteria`` does, in its order."""
    rows = [_criterion(catalog, row, found) for row in chosen(catalog, choice, found)]
    columns = _criterion(catalog, next(iter(catalog.part(TRUST).criteria.values())), found)
    return _table(rows, columns, "tsc_id")


def _criterion(catalog: Catalog, row: TrustCriterion, found: Scope | None) -> dict[str, Any]:
    return {
        "tsc_id": row.tsc_id,
        "series_id": row.series_id,
        "category_id": row.category_id,
        "coso_principle": "" if row.coso_principle is None else str(row.coso_principle),
        "gist": row.gist,
        "owners": ";".join(owners(catalog, row.tsc_id)),
        "cadences": ";".join(cadences(catalog, row.tsc_id)),
        **({"scope": found.states[row.tsc_id]} if found else {}),
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
    rows = [one for found in catalog.part(TRUST).prompts.values() for one in found]
    _one_of("owner", owner, sorted({one.owner for one in rows}))
    _one_of("cadence", cadence, catalog.part(PERIODS).cadences)
    wanted = set(catalog.part(TRUST).bases) if basis is None else set(_bases(catalog, basis))
    return [
        one
        for one in rows
        if one.basis_id in wanted
        and owner in (None, one.owner)
        and cadence in (None, one.cadence_id)
        and holds(
            [one.basis_id, one.prompt, *one.typical_evidence, one.owner], search_terms(search)
        )
    ]


def _bases(catalog: Catalog, basis: str) -> Iterator[str]:
    """Yield the criteria of a series, or the one criterion or objective that is named."""
    if basis in catalog.part(TRUST).series:
        yield from (k for k, one in catalog.part(TRUST).criteria.items() if one.series_id == basis)
    else:
        yield known_id("criterion or objective", basis, catalog.part(TRUST).bases)


def _prompt(one: ControlPrompt) -> dict[str, str]:
    return {
        "prompt_id": one.prompt_id,
        "basis_id": one.basis_id,
        "prompt": one.prompt,
        "typical_evidence": ";".join(one.typical_evidence),
        "cadence_id": one.cadence_id,
        "owner": one.owner,
        **where_from(one.provenance),
    }


# --- SOC 1 and complementary controls ------------------------------------------------------------


def services(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the kinds of service for which SOC 1 is usual, indexed by ``service_id``."""
    return flat((catalog or load_catalog()).part(TRUST).services.values(), "service_id")


def objectives(
    service: str | Iterable[str] | None = None, search: str = "", *, catalog: Catalog | None = None
) -> pd.DataFrame:
    """Return templates of SOC 1 control objectives, one row each, indexed by ``objective_id``.

    ``service`` names one kind of service or several; which of them apply is the reader's choice.
    """
    catalog = catalog or load_catalog()
    columns = ("objective_id", "service_id", "objective", "risk", "assertions", "keywords")
    rows = (
        _plain(one, columns)
        for one in objectives_of(
            catalog, catalog.part(TRUST).services if service is None else service
        )
        if holds([one.objective_id, one.objective, one.risk, *one.keywords], search_terms(search))
    )
    return _table(rows, (*columns, *ORIGIN), "objective_id")


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
    ``basis`` a criterion, a series or a control objective that it hangs on.
    """
    catalog = catalog or load_catalog()
    _one_of("kind", kind, KINDS)
    _one_of("report", report, [one.report_id for one in catalog.part(VERDICT).reports])
    wanted = set(catalog.part(TRUST).bases) if basis is None else set(_bases(catalog, basis))
    rows = list(catalog.part(TRUST).complementary.values())
    kept = (
        _complementary(one)
        for one in rows
        if kind in (None, one.kind)
        and (report is None or report in one.report_ids)
        and wanted & set(one.hangs_on)
        and holds([one.complementary_id, one.control, one.why, one.owner], search_terms(search))
    )
    return _table(kept, _complementary(rows[0]), "complementary_id")


def _complementary(one: ComplementaryControl) -> dict[str, str]:
    return {
        "complementary_id": one.complementary_id,
        "kind": one.kind,
        "hangs_on": ";".join(one.hangs_on),
        "report_id": ";".join(one.report_ids),
        "control": one.control,
        "why": one.why,
        "owner": one.owner,
        "cadence_id": one.cadence_id,
        "typical_evidence": ";".join(one.typical_evidence),
        **where_from(one.provenance),
    }


# --- the cross-map -------------------------------------------------------------------------------


def iso(
    theme: str | None = None, search: str = "", *, catalog: Catalog | None = None
) -> pd.DataFrame:
    """Return controls and clauses of ISO/IEC 27001:2022, one row each, indexed by ``iso_id``.

    ``theme`` is people, physical and so on; that of the clauses is management system.
    """
    catalog = catalog or load_catalog()
    _one_of("theme", theme, dict.fromkeys(one.theme for one in catalog.part(TRUST).iso.values()))
    columns = ("iso_id", "kind", "theme", "gist", "keywords")
    rows = (
        _plain(one, columns)
        for one in catalog.part(TRUST).iso.values()
        if theme in (None, one.theme)
        and holds([one.iso_id, one.theme, one.gist, *one.keywords], search_terms(search))
    )
    return _table(rows, (*columns, *ORIGIN), "iso_id")


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

    They are read from the criterion; where only ``iso`` is named, from the ISO requirement, and
    ``relation`` is then how that one relates to the criterion.
    """
    catalog = catalog or load_catalog()
    trust = catalog.part(TRUST)
    _one_of("relation", relation, RELATIONS)
    _one_of("strength", strength, STRENGTHS)
    tsc_id = None if criterion is None else known_id("criterion", criterion, trust.criteria)
    iso_id = None if iso is None else known_id("ISO requirement", iso, trust.iso)
    side = ISO if iso_id and not tsc_id else TSC
    rows = (
        one
        for one in readings(trust, side)
        if {tsc_id, iso_id} - {None} <= {one.this_id, one.other_id}
        and relation in (None, one.relation)
        and strength in (None, one.strength)
        and holds(_said(catalog, one), search_terms(search))
    )
    columns = [*(name for name in Reading._fields if name != "provenance"), *ORIGIN]
    return _table(map(_reading, rows), columns, "this_id", "other_id")


def _said(catalog: Catalog, one: Reading) -> list[str]:
    """Return what is said of a pair, the gists of both sides included."""
    known = requirements(catalog.part(TRUST), TSC) | requirements(catalog.part(TRUST), ISO)
    ends = [f"{key} {known[key]}" for key in (one.this_id, one.other_id)]
    return [*ends, one.reason, one.only_other, one.only_this]


def _reading(one: Reading) -> dict[str, Any]:
    plain = one._asdict()
    return {**plain, **where_from(plain.pop("provenance"))}


def gaps(side: str = ISO, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what one side asks for and the other does not, indexed by ``requirement_id``.

    ``side`` is iso (what no criterion covers) or tsc (what no ISO requirement covers). ``kind``:
    whole (no pair at all), related (shared evidence, no shared duty), part (``text`` is left beyond
    the pair with ``other_id``; another pair of the same requirement may meet it).
    """
    catalog = catalog or load_catalog()
    _one_of("side", side, SIDES)
    rows = [one._asdict() for one in left_over(catalog.part(TRUST), side)]
    columns = ("side", "requirement_id", "kind", "other_id", "text", "look_instead")
    return _table(rows, columns, "requirement_id")

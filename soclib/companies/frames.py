"""Real companies as a DataFrame: the verdict on each report next to what the company states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.catalog import Catalog
from soclib.companies.agreements import CompanyCase, company_cases
from soclib.paper.frames import where_from

if TYPE_CHECKING:
    import pandas as pd


def companies(*, only_surprises: bool = False, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the companies as a DataFrame, one row each, indexed by ``company_id``.

    Columns: ``name``, ``service``; for each report the verdict (``soc1``, an id of
    ``statuses.csv``), what is stated (``holds_soc1``) and how the two agree (``agreement_soc1``);
    ``surprises`` (ids of reports joined with ``;``), ``type_soc1``, ``type_soc2``, ``categories``,
    ``statement`` and the source of the row. ``only_surprises`` keeps the companies that have any.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    cases = company_cases(only_surprises=only_surprises, catalog=catalog)
    columns = list(_row(company_cases(catalog=catalog)[0]))
    return pd.DataFrame([_row(case) for case in cases], columns=columns).set_index("company_id")


def _row(case: CompanyCase) -> dict[str, str]:
    company = case.company
    by_report = {
        name: text
        for agreement in case.agreements
        for name, text in (
            (agreement.report_id, agreement.status_id),
            (f"holds_{agreement.report_id}", agreement.holding),
            (f"agreement_{agreement.report_id}", agreement.agreement),
        )
    }
    return {
        "company_id": company.company_id,
        "name": company.name,
        "service": company.service,
        **by_report,
        "surprises": ";".join(agreement.report_id for agreement in case.surprises),
        **{f"type_{report_id}": given for report_id, given in company.types.items()},
        "categories": ";".join(company.categories),
        "statement": company.statement,
        **where_from(company.provenance),
    }

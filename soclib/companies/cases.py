"""What the rules say of real companies, beside what each of them states to hold.

Verdicts rest on what a service does, never on the reports that are held, so that the two can be
compared. pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.companies import sheets
from soclib.companies.tables import COMPANIES, Company
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.frames import where_from
from soclib.paper.sheets import Sheet
from soclib.tables.rows import VOICES
from soclib.verdict.decision import Decision, decide
from soclib.verdict.tables import VERDICT
from soclib.words import fill, words_of

if TYPE_CHECKING:
    import pandas as pd

VENDOR = VOICES[0]
SURPRISE = "surprise"


class Agreement(NamedTuple):
    """How verdict and holding of one report go together; texts are ready to be shown.

    ``status_id`` is the verdict's, ``holding`` yes, no_mention or unknown, ``agreement`` fits,
    surprise, undecided or untold. ``because`` says what the pair means; ``lesson``, its
    ``explanation`` and ``ask`` are blank where there is nothing to explain.
    """

    report_id: str
    report: str
    status_id: str
    status: str
    mark: str
    holding: str
    states: str
    agreement: str
    because: str
    lesson_id: str
    lesson: str
    explanation: str
    ask: str


@dataclass(frozen=True, slots=True, eq=False)
class CompanyCase:
    """A company with the rules' decision on its service, and how its reports compare."""

    company: Company
    decision: Decision
    agreements: tuple[Agreement, ...]

    @property
    def surprises(self) -> tuple[Agreement, ...]:
        """Return the reports where verdict and statement part."""
        return tuple(one for one in self.agreements if one.agreement == SURPRISE)

    def agreement(self, report_id: str) -> Agreement:
        """Return how one report compares; an unknown id names the nearest."""
        by_id = {one.report_id: one for one in self.agreements}
        if report_id not in by_id:
            raise AnswerError(did_you_mean("report", report_id, by_id))
        return by_id[report_id]

    def _repr_html_(self) -> str:
        return sheets.one_company(self)._repr_html_()

    def __str__(self) -> str:
        return sheets.one_company(self).text

    __repr__ = __str__


def company(company_id: str, catalog: Catalog | None = None) -> CompanyCase:
    """Return one company with its decision (as a vendor) and how its reports compare.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    return _case(catalog, _known(catalog, [company_id])[0])


def company_cases(
    company_ids: Iterable[str] | None = None,
    *,
    only_surprises: bool = False,
    catalog: Catalog | None = None,
) -> tuple[CompanyCase, ...]:
    """Return companies in the order asked for, all by default; raises as ``company`` does."""
    catalog = catalog or load_catalog()
    found = (_case(catalog, one) for one in _known(catalog, company_ids))
    return tuple(case for case in found if case.surprises or not only_surprises)


def _known(catalog: Catalog, company_ids: Iterable[str] | None) -> list[Company]:
    by_id = catalog.part(COMPANIES).companies
    asked = [company_ids] if isinstance(company_ids, str) else company_ids
    wanted = list(by_id) if asked is None else list(asked)
    for key in wanted:
        if key not in by_id:
            raise AnswerError(did_you_mean("company", key, by_id))
    return [by_id[key] for key in wanted]


def _case(catalog: Catalog, one: Company) -> CompanyCase:
    decision = decide(one.answers, VENDOR, catalog=catalog)
    found = tuple(
        _agreement(catalog, one, report_id, status_id)
        for report_id, status_id in decision.reports.items()
        if report_id in one.holds
    )
    return CompanyCase(one, decision, found)


def _agreement(catalog: Catalog, one: Company, report_id: str, status_id: str) -> Agreement:
    """Return how verdict and holding of one report go together."""
    words, tables = words_of(catalog, VENDOR), catalog.part(COMPANIES)
    title = next(r.title for r in catalog.part(VERDICT).reports if r.report_id == report_id)
    status, holding = catalog.part(VERDICT).statuses[status_id], one.holds[report_id]
    reading = tables.readings[holding, status_id]
    lesson = tables.lessons.get(one.lessons[report_id])
    states = words[f"company_holding_{holding}"]
    if given := one.types.get(report_id):
        states += f", {words[f'company_type_{given}']}"
    return Agreement(
        report_id=report_id,
        report=title,
        status_id=status_id,
        status=status.label,
        mark=status.mark,
        holding=holding,
        states=states,
        agreement=reading.agreement,
        because=fill(reading.words, {"report": title}),
        lesson_id=lesson.lesson_id if lesson else "",
        lesson=lesson.title if lesson else "",
        explanation=lesson.explanation if lesson else "",
        ask=lesson.ask if lesson else "",
    )


# --- many at once ---------------------------------------------------------------------------------


def companies(*, only_surprises: bool = False, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the companies as a DataFrame, one row each, indexed by ``company_id``.

    Columns: ``name``, ``service``; per report its verdict (``soc1``, an id of ``statuses.csv``),
    what is stated (``holds_soc1``) and how the two go together (``agreement_soc1``);
    ``surprises`` (ids of reports joined with ``;``), ``type_soc1``, ``type_soc2``, ``categories``,
    ``statement`` and the source of the row.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    cases = company_cases(only_surprises=only_surprises, catalog=catalog)
    columns = list(_row(company_cases(catalog=catalog)[0]))
    return pd.DataFrame([_row(case) for case in cases], columns=columns).set_index("company_id")


def _row(case: CompanyCase) -> dict[str, str]:
    one = case.company
    by_report = {
        name: text
        for found in case.agreements
        for name, text in (
            (found.report_id, found.status_id),
            (f"holds_{found.report_id}", found.holding),
            (f"agreement_{found.report_id}", found.agreement),
        )
    }
    return {
        "company_id": one.company_id,
        "name": one.name,
        "service": one.service,
        **by_report,
        "surprises": ";".join(found.report_id for found in case.surprises),
        **{f"type_{report_id}": given for report_id, given in one.types.items()},
        "categories": ";".join(one.categories),
        "statement": one.statement,
        **where_from(one.provenance),
    }


def gallery(
    company_ids: Iterable[str] | None = None,
    *,
    only_surprises: bool = False,
    predict: bool = False,
    catalog: Catalog | None = None,
) -> Sheet:
    """Return companies as a table: the verdict on each report beside what is stated, in words.

    With ``only_surprises`` those where the two part, with ``predict`` the answers unfold one by
    one, for a group that guesses first. Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    cases = company_cases(company_ids, only_surprises=only_surprises, catalog=catalog)
    kind = "predict" if predict else "surprises" if only_surprises else ""
    return sheets.gallery_sheet(cases, catalog, kind)


def company_readings(catalog: Catalog | None = None) -> Sheet:
    """Return what every pair of holding and verdict says, and what silence does not say."""
    return sheets.readings_sheet(catalog or load_catalog())

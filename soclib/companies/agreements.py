"""How the verdict on a real company agrees with the reports that it states to hold.

The verdict depends on what the service does and never on the reports that the company holds, so
that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.companies.tables import COMPANIES, Company
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.sheets import Sheet
from soclib.tables.rows import VOICES
from soclib.verdict.decision import Decision, decide
from soclib.verdict.tables import VERDICT
from soclib.words import fill, words_of

VENDOR = VOICES[0]
SURPRISE = "surprise"


class Agreement(NamedTuple):
    """How the verdict on one report agrees with what the company states; texts are ready to show.

    ``status_id`` is the verdict's; ``holding`` is yes, no_mention or unknown; ``agreement`` is
    fits, surprise, undecided or untold. ``because`` says what verdict and statement mean together;
    ``lesson``, its ``explanation`` and ``ask`` are blank if there is nothing to explain.
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
    """A company, the decision on its service, and how that agrees with the reports it states."""

    company: Company
    decision: Decision
    agreements: tuple[Agreement, ...]

    @property
    def surprises(self) -> tuple[Agreement, ...]:
        """Return the reports on which verdict and statement differ."""
        return tuple(agreement for agreement in self.agreements if agreement.agreement == SURPRISE)

    def agreement(self, report_id: str) -> Agreement:
        """Return the agreement on one report; raises ``AnswerError`` that names the nearest id."""
        by_id = {agreement.report_id: agreement for agreement in self.agreements}
        if report_id not in by_id:
            raise AnswerError(did_you_mean("report", report_id, by_id))
        return by_id[report_id]

    @property
    def sheet(self) -> Sheet:
        """Return the company as a page to read."""
        from soclib.companies.sheets import company_sheet  # noqa: PLC0415 - it reads this record

        return company_sheet(self)

    def _repr_html_(self) -> str:
        return self.sheet._repr_html_()

    def __str__(self) -> str:
        return self.sheet.text

    __repr__ = __str__


def company(company_id: str, catalog: Catalog | None = None) -> CompanyCase:
    """Return one real company with its decision (as a vendor) and how its reports agree with it.

    Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    return _case(catalog, _companies_named(catalog, [company_id])[0])


def company_cases(
    company_ids: Iterable[str] | None = None,
    *,
    only_surprises: bool = False,
    catalog: Catalog | None = None,
) -> tuple[CompanyCase, ...]:
    """Return companies in the order asked for, all by default; raises as ``company`` does."""
    catalog = catalog or load_catalog()
    cases = (_case(catalog, company) for company in _companies_named(catalog, company_ids))
    return tuple(case for case in cases if case.surprises or not only_surprises)


def _companies_named(catalog: Catalog, company_ids: Iterable[str] | None) -> list[Company]:
    by_id = catalog.part(COMPANIES).companies
    asked = [company_ids] if isinstance(company_ids, str) else company_ids
    wanted = list(by_id) if asked is None else list(asked)
    for key in wanted:
        if key not in by_id:
            raise AnswerError(did_you_mean("company", key, by_id))
    return [by_id[key] for key in wanted]


def _case(catalog: Catalog, company: Company) -> CompanyCase:
    decision = decide(company.answers, VENDOR, catalog=catalog)
    agreements = tuple(
        _agreement(catalog, company, report_id, status_id)
        for report_id, status_id in decision.reports.items()
        if report_id in company.holds
    )
    return CompanyCase(company, decision, agreements)


def _agreement(catalog: Catalog, company: Company, report_id: str, status_id: str) -> Agreement:
    """Return how the verdict on one report agrees with what the company states."""
    words, tables = words_of(catalog, VENDOR), catalog.part(COMPANIES)
    title = next(r.title for r in catalog.part(VERDICT).reports if r.report_id == report_id)
    status, holding = catalog.part(VERDICT).statuses[status_id], company.holds[report_id]
    reading = tables.readings[holding, status_id]
    lesson = tables.lessons.get(company.lessons[report_id])
    states = words[f"company_holding_{holding}"]
    if given := company.types.get(report_id):
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

"""Real companies as pages to read: the gallery, one company, and what verdict and statement say."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from soclib.catalog import Catalog, load_catalog
from soclib.claims.sources import provenance_html
from soclib.companies.agreements import Agreement, CompanyCase, company_cases
from soclib.companies.tables import COMPANIES, REPORTS
from soclib.paper.sheets import Sheet, table, table_html
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of

VENDOR = VOICES[0]


def gallery(
    company_ids: Iterable[str] | None = None,
    *,
    only_surprises: bool = False,
    predict: bool = False,
    catalog: Catalog | None = None,
) -> Sheet:
    """Return companies as a table: the verdict on each report next to what is stated, in words.

    ``only_surprises`` keeps those where the two differ; with ``predict`` the verdicts unfold one by
    one, for a group that guesses first. Raises ``AnswerError`` that names the nearest id.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VENDOR)
    cases = company_cases(company_ids, only_surprises=only_surprises, catalog=catalog)
    kind = "predict_" if predict else "surprises_" if only_surprises else ""
    caption = fill(words[f"company_{kind}caption"], {"count": str(len(cases))})
    limits = words["company_limits"]
    titles = [r.title for r in catalog.part(VERDICT).reports if r.report_id in REPORTS]
    if predict:
        heads = [words["company_column"], words["company_answer"]]
        rows = [_folded(case, catalog, words) for case in cases]
    else:
        heads = [words["company_column"], *titles, words["company_says"]]
        rows = [_row(case, catalog, words) for case in cases]
    table_of_cases = table_html(caption, heads, rows, "soc-companies")
    hint = f'<p class="soc-hint">{escape(limits)}</p>'
    lines = [_text(case, words) for case in cases]
    return Sheet(hint + table_of_cases, "\n".join([caption, limits, *lines]))


def company_sheet(case: CompanyCase) -> Sheet:
    """Return one company: what it does and states, and what that says of each report."""
    catalog = case.decision.case.catalog
    words, company = words_of(catalog, VENDOR), case.company
    parts = [
        f"<h4>{escape(_head(agreement, words))}</h4><p>{escape(agreement.because)}</p>"
        f"{_why_html(agreement, words)}"
        for agreement in case.agreements
    ]
    html = (
        f'<article class="soc-tale"><h3>{escape(company.name)}</h3><p>{escape(company.service)}</p>'
        f"<p>{escape(words['company_says'])}: {escape(company.statement)}</p>{''.join(parts)}"
        f"{provenance_html(company.provenance, catalog, words)}</article>"
    )
    return Sheet(html, _text(case, words, whole=True))


def company_readings(catalog: Catalog | None = None) -> Sheet:
    """Return what each verdict says together with each statement, and what silence does not say."""
    catalog = catalog or load_catalog()
    words = words_of(catalog, VENDOR)
    heads = [words[f"column_{name}"] for name in ("holding", "status", "agreement", "words")]
    rows = [
        [
            words[f"company_holding_{reading.holding}"],
            _status(catalog, reading.status_id),
            words[f"company_agreement_{reading.agreement}"],
            fill(reading.words, {"report": words["company_any_report"]}),
        ]
        for reading in catalog.part(COMPANIES).readings.values()
    ]
    return table(words["company_readings_caption"], heads, rows)


def _status(catalog: Catalog, status_id: str) -> str:
    status = catalog.part(VERDICT).statuses[status_id]
    return f"{status.mark} {status.label}"


# --- one row --------------------------------------------------------------------------------------


def _row(case: CompanyCase, catalog: Catalog, words: Words) -> list[str]:
    """Return a company's cells as HTML: what it does, its reports, and what it states."""
    return [
        _who_html(case),
        *(_agreement_html(agreement, words) for agreement in case.agreements),
        _statement_html(case, catalog, words),
    ]


def _folded(case: CompanyCase, catalog: Catalog, words: Words) -> list[str]:
    """Return a company's cells as HTML, all but what it does folded away."""
    pairs = "".join(
        f"<p><b>{escape(agreement.report)}</b></p>{_agreement_html(agreement, words)}"
        for agreement in case.agreements
    )
    look = fill(words["company_look"], {"company": case.company.name})
    folded = f"{pairs}{_statement_html(case, catalog, words)}"
    return [_who_html(case), f"<details><summary>{escape(look)}</summary>{folded}</details>"]


def _who_html(case: CompanyCase) -> str:
    return f"<b>{escape(case.company.name)}</b><span>{escape(case.company.service)}</span>"


def _statement_html(case: CompanyCase, catalog: Catalog, words: Words) -> str:
    lessons = {agreement.lesson_id: _why_html(agreement, words) for agreement in case.agreements}
    source = provenance_html(case.company.provenance, catalog, words)
    return f"<p>{escape(case.company.statement)}</p>{''.join(lessons.values())}{source}"


def _agreement_html(agreement: Agreement, words: Words) -> str:
    verdict, statement = _verdict_and_statement(agreement, words)
    together = words[f"company_agreement_{agreement.agreement}"]
    return f"<p>{escape(verdict)}</p><p>{escape(statement)}</p><p><b>{escape(together)}</b></p>"


def _why_html(agreement: Agreement, words: Words) -> str:
    """Return the explanation of a surprise as text that unfolds, or nothing."""
    if not agreement.lesson:
        return ""
    why, ask = _why(agreement, words)
    return (
        f"<details><summary>{escape(why)}</summary><p>{escape(agreement.explanation)}</p>"
        f"<p>{escape(ask)}</p></details>"
    )


def _verdict_and_statement(agreement: Agreement, words: Words) -> tuple[str, str]:
    rules = fill(words["company_rules"], {"mark": agreement.mark, "status": agreement.status})
    return rules, fill(words["company_states"], {"holding": agreement.states})


def _why(agreement: Agreement, words: Words) -> tuple[str, str]:
    title = fill(words["company_why"], {"title": agreement.lesson})
    return title, fill(words["company_ask"], {"question": agreement.ask})


def _head(agreement: Agreement, words: Words) -> str:
    together = words[f"company_agreement_{agreement.agreement}"]
    return f"{agreement.report}: {'; '.join(_verdict_and_statement(agreement, words))}; {together}"


def _text(case: CompanyCase, words: Words, *, whole: bool = False) -> str:
    """Return a company as lines of text; ``whole`` adds what each agreement means."""
    company = case.company
    lines = [f"{company.name}: {company.service}"]
    for agreement in case.agreements:
        lines.append(f"  {_head(agreement, words)}")
        lines += [f"    {agreement.because}"] if whole else []
        if agreement.lesson:
            why, ask = _why(agreement, words)
            lines.append(f"    {why}")
            lines += [f"    {agreement.explanation}", f"    {ask}"] if whole else []
    return "\n".join([*lines, f"  {words['company_says']}: {company.statement}"])

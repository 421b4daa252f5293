"""Real companies as sheets: the gallery, one company, and what silence on a page means."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from soclib.catalog import Catalog
from soclib.claims.sources import provenance_html
from soclib.companies.tables import COMPANIES, REPORTS
from soclib.paper.sheets import Sheet, table, table_html
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of

if TYPE_CHECKING:
    from soclib.companies.cases import Agreement, CompanyCase

VENDOR = VOICES[0]
CAPTIONS = {"": "company_caption", "surprises": "company_surprises_caption"}


def gallery_sheet(cases: Sequence[CompanyCase], catalog: Catalog, kind: str) -> Sheet:
    """Return companies, one row each; ``kind`` is blank, surprises, or predict (unfolds)."""
    words = words_of(catalog, VENDOR)
    name = CAPTIONS.get(kind, "company_predict_caption")
    caption = fill(words[name], {"count": str(len(cases))})
    limits = words["company_limits"]
    titles = [r.title for r in catalog.part(VERDICT).reports if r.report_id in REPORTS]
    if kind == "predict":
        heads = [words["company_column"], words["company_answer"]]
        rows = [_folded(case, catalog, words) for case in cases]
    else:
        heads = [words["company_column"], *titles, words["company_says"]]
        rows = [_row(case, catalog, words) for case in cases]
    html = table_html(caption, heads, rows, "soc-companies")
    lines = [_text(case, words) for case in cases]
    said = f'<p class="soc-hint">{escape(limits)}</p>'
    return Sheet(said + html, "\n".join([caption, limits, *lines]))


def one_company(case: CompanyCase) -> Sheet:
    """Return one company: what it does and states, and per report what the pair says."""
    catalog = case.decision.case.catalog
    words, one = words_of(catalog, VENDOR), case.company
    parts = [
        f"<h4>{escape(_head(found, words))}</h4><p>{escape(found.because)}</p>"
        f"{_why_html(found, words)}"
        for found in case.agreements
    ]
    html = (
        f'<article class="soc-tale"><h3>{escape(one.name)}</h3><p>{escape(one.service)}</p>'
        f"<p>{escape(words['company_says'])}: {escape(one.statement)}</p>{''.join(parts)}"
        f"{provenance_html(one.provenance, catalog, words)}</article>"
    )
    return Sheet(html, _text(case, words, whole=True))


def readings_sheet(catalog: Catalog) -> Sheet:
    """Return what every pair of holding and verdict says, one row each."""
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
        *(_pair_html(found, words) for found in case.agreements),
        _statement_html(case, catalog, words),
    ]


def _folded(case: CompanyCase, catalog: Catalog, words: Words) -> list[str]:
    """Return a company's cells as HTML, everything but what it does folded away."""
    pairs = "".join(
        f"<p><b>{escape(found.report)}</b></p>{_pair_html(found, words)}"
        for found in case.agreements
    )
    look = fill(words["company_look"], {"company": case.company.name})
    folded = f"{pairs}{_statement_html(case, catalog, words)}"
    return [_who_html(case), f"<details><summary>{escape(look)}</summary>{folded}</details>"]


def _who_html(case: CompanyCase) -> str:
    return f"<b>{escape(case.company.name)}</b><span>{escape(case.company.service)}</span>"


def _statement_html(case: CompanyCase, catalog: Catalog, words: Words) -> str:
    lessons = {found.lesson_id: _why_html(found, words) for found in case.agreements}
    source = provenance_html(case.company.provenance, catalog, words)
    return f"<p>{escape(case.company.statement)}</p>{''.join(lessons.values())}{source}"


def _pair_html(found: Agreement, words: Words) -> str:
    rules, states = _sides(found, words)
    said = words[f"company_agreement_{found.agreement}"]
    return f"<p>{escape(rules)}</p><p>{escape(states)}</p><p><b>{escape(said)}</b></p>"


def _why_html(found: Agreement, words: Words) -> str:
    """Return the explanation of a surprise as text that unfolds, or nothing."""
    if not found.lesson:
        return ""
    why, ask = _why(found, words)
    return (
        f"<details><summary>{escape(why)}</summary><p>{escape(found.explanation)}</p>"
        f"<p>{escape(ask)}</p></details>"
    )


def _sides(found: Agreement, words: Words) -> tuple[str, str]:
    rules = fill(words["company_rules"], {"mark": found.mark, "status": found.status})
    return rules, fill(words["company_states"], {"holding": found.states})


def _why(found: Agreement, words: Words) -> tuple[str, str]:
    title = fill(words["company_why"], {"title": found.lesson})
    return title, fill(words["company_ask"], {"question": found.ask})


def _head(found: Agreement, words: Words) -> str:
    said = words[f"company_agreement_{found.agreement}"]
    return f"{found.report}: {'; '.join(_sides(found, words))}; {said}"


def _text(case: CompanyCase, words: Words, *, whole: bool = False) -> str:
    """Return a company as lines of text; ``whole`` spells out what each pair says."""
    one = case.company
    lines = [f"{one.name}: {one.service}"]
    for found in case.agreements:
        lines.append(f"  {_head(found, words)}")
        lines += [f"    {found.because}"] if whole else []
        if found.lesson:
            why, ask = _why(found, words)
            lines.append(f"    {why}")
            lines += [f"    {found.explanation}", f"    {ask}"] if whole else []
    return "\n".join([*lines, f"  {words['company_says']}: {one.statement}"])

"""What a class asks, as sheets to read: answers found, misconceptions, terms of art."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from soclib.catalog import Catalog
from soclib.claims.sources import provenance_html
from soclib.claims.tables import CLAIMS
from soclib.paper.sheets import Sheet, table_html
from soclib.questions.search import Found, find_questions
from soclib.questions.tables import QUESTIONS, FrequentQuestion, Misconception, Term
from soclib.tables.rows import VOICES
from soclib.verdict.decision import decide
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of

SURE = 0.5  # part of what was asked that the best question must know
TAGS = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


def answer_sheet(question: str, catalog: Catalog, most: int) -> Sheet:
    """Return the frequent questions that fit what was asked, with answers, best first."""
    words = words_of(catalog, VOICES[0])
    found = find_questions(question, catalog, most)
    asked = fill(words["faq_asked"], {"question": question})
    lead = words[_lead(found)]
    parts = [_answer(one, catalog, words) for one in found]
    html = f'<h3>{escape(asked)}</h3><p class="soc-hint">{escape(lead)}</p>'
    text = f"{asked}\n{lead}"
    return Sheet(
        html + "".join(part.html for part in parts),
        "\n\n".join([text, *(part.text for part in parts)]),
    )


def _lead(found: tuple[Found, ...]) -> str:
    """Return the id of the sentence that says how sure the search is."""
    if not found:
        return "faq_nothing"
    return "faq_found" if found[0].known >= SURE else "faq_unsure"


def _answer(found: Found, catalog: Catalog, words: Words) -> Sheet:
    """Return one question with its answer, its case, where it is shown, terms and sources."""
    one = found.question
    case = case_text(one, catalog)
    said = [one.answer, *([fill(words["faq_case"], {"verdict": case})] if case else [])]
    terms = [catalog.part(QUESTIONS).glossary[term_id] for term_id in one.terms]
    html = (
        f'<article class="soc-tale"><h4>{escape(one.question)}</h4>'
        + "".join(f"<p>{escape(line)}</p>" for line in said)
        + f"<p>{cell_link(one.cell, words)}</p>{_terms_html(terms, words)}"
        f"{provenance_html(one.provenance, catalog, words)}</article>"
    )
    named = [f"  {term.term}: {term.meaning}" for term in terms]
    lines = [one.question, *said, _shown_in(one.cell, words), *named, _sources(one, catalog, words)]
    return Sheet(html, "\n".join(lines))


def case_text(one: FrequentQuestion, catalog: Catalog) -> str:
    """Return what the rules say now of the case that a question stands for; blank without one."""
    if not one.case_facts:
        return ""
    words = words_of(catalog, VOICES[0])
    decided = decide(one.case_facts, catalog=catalog).reports
    return " ".join(
        fill(
            words["faq_status"],
            {
                "report": report.title,
                "status": catalog.part(VERDICT).statuses[decided[report.report_id]].label,
            },
        )
        for report in catalog.part(VERDICT).reports
        if report.report_id in one.case_verdict
    )


def _sources(one: FrequentQuestion | Misconception, catalog: Catalog, words: Words) -> str:
    titles = "; ".join(catalog.part(CLAIMS).sources[key].title for key in one.provenance.source_ids)
    summary = fill(
        words["sources_checked"],
        {
            "count": str(len(one.provenance.source_ids)),
            "as_of": one.provenance.as_of,
            "certainty": words[f"certainty_{one.provenance.evidence}"],
        },
    )
    return f"{summary}: {titles}"


def _shown_in(cell: str, words: Words) -> str:
    notebook, _sign, cell_id = cell.partition("#")
    return fill(words["faq_shown_in"], {"notebook": f"{notebook}.ipynb, {cell_id}"})


def cell_link(cell: str, words: Words) -> str:
    """Return a link to a cell of a notebook that lies in the same folder."""
    notebook, _sign, cell_id = cell.partition("#")
    target = f"{notebook}.ipynb#cell-id={cell_id}"
    return f'<a href="{escape(target)}">{escape(_shown_in(cell, words))}</a>'


def _terms_html(terms: Iterable[Term], words: Words) -> str:
    """Return terms with their meanings as a list that unfolds; blank without any."""
    items = "".join(
        f"<li><b>{escape(term.term)}</b>: {escape(term.meaning)}</li>" for term in terms
    )
    count = items.count("<li>")
    summary = escape(fill(words["faq_terms"], {"count": str(count)}))
    unfolding = (
        f'<details class="soc-sources"><summary>{summary}</summary><ul>{items}</ul></details>'
    )
    return unfolding if count else ""


def misconceptions_sheet(found: Iterable[Misconception], catalog: Catalog) -> Sheet:
    """Return misconceptions as a table: heard, correct, why it is believed, what to say instead."""
    words = words_of(catalog, VOICES[0])
    names = ("heard", "correct", "why_believed", "say_instead")
    heads = [*(words[f"column_{name}"] for name in names), words["column_cell"]]
    shown = list(found)
    rows = [
        [
            *(escape(getattr(one, name)) for name in names),
            cell_link(one.cell, words) + provenance_html(one.provenance, catalog, words),
        ]
        for one in shown
    ]
    lines = [
        "\n".join(
            [
                *(f"{words[f'column_{name}']}: {getattr(one, name)}" for name in names),
                _shown_in(one.cell, words),
                _sources(one, catalog, words),
            ]
        )
        for one in shown
    ]
    caption = words["misconceptions_caption"]
    html = table_html(caption, heads, rows, "soc-misconceptions")
    return Sheet(html, "\n\n".join([caption, *lines]))


def terms_sheet(terms: Iterable[Term], catalog: Catalog, caption: str, none: str) -> Sheet:
    """Return terms as a table with meaning and example, or the sentence that there is none."""
    words = words_of(catalog, VOICES[0])
    shown = list(terms)
    if not shown:
        return Sheet(f"<p>{escape(none)}</p>", none)
    heads = [words[f"column_{name}"] for name in ("term", "also", "meaning", "example")]
    rows = [
        [escape(cell) for cell in (one.term, ", ".join(one.also), one.meaning, one.example)]
        for one in shown
    ]
    lines = [f"{_name(one, words)}: {one.meaning} {one.example}" for one in shown]
    return Sheet(table_html(caption, heads, rows, "soc-terms"), "\n".join([caption, *lines]))


def _name(term: Term, words: Words) -> str:
    also = fill(words["faq_also"], {"names": ", ".join(term.also)}) if term.also else ""
    return f"{term.term} ({also})" if also else term.term


def plain_text(shown: str | Sheet) -> str:
    """Return what a text or a sheet says, without tags."""
    return shown if isinstance(shown, str) else unescape(TAGS.sub(" ", shown.html))

"""What people ask, as pages to read: answers found, misconceptions, terms of art."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape, unescape

from soclib.catalog import Catalog, load_catalog
from soclib.claims.sources import provenance_html
from soclib.claims.tables import CLAIMS
from soclib.paper.sheets import Sheet, table_html
from soclib.questions.choose import of_topic, terms_in, terms_with
from soclib.questions.search import FoundQuestion, find_questions
from soclib.questions.tables import QUESTIONS, FrequentQuestion, Misconception, Term
from soclib.tables.rows import VOICES
from soclib.verdict.decision import decide
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of

MOST = 3  # answers to a question
SURE = 0.5  # part of what was asked that the best question must know
TAGS = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


def ask(question: str, most: int = MOST, *, catalog: Catalog | None = None) -> Sheet:
    """Return the answers to the ``most`` frequent questions that fit a question best, best first.

    Typing errors, other spellings of names and the order of words do not matter.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    found = find_questions(question, catalog, most)
    asked = fill(words["faq_asked"], {"question": question})
    lead = words[_lead(found)]
    answers = [_answer(fit.question, catalog, words) for fit in found]
    html = f'<h3>{escape(asked)}</h3><p class="soc-hint">{escape(lead)}</p>'
    return Sheet(
        html + "".join(answer.html for answer in answers),
        "\n\n".join([f"{asked}\n{lead}", *(answer.text for answer in answers)]),
    )


def _lead(found: tuple[FoundQuestion, ...]) -> str:
    """Return the id of the sentence that says how sure the search is."""
    if not found:
        return "faq_nothing"
    return "faq_found" if found[0].known >= SURE else "faq_unsure"


def _answer(question: FrequentQuestion, catalog: Catalog, words: Words) -> Sheet:
    """Return one question with its answer, its case, where it is shown, terms and sources."""
    case = case_text(question, catalog)
    paragraphs = [question.answer, *([fill(words["faq_case"], {"verdict": case})] if case else [])]
    terms = [catalog.part(QUESTIONS).glossary[term_id] for term_id in question.terms]
    html = (
        f'<article class="soc-tale"><h4>{escape(question.question)}</h4>'
        + "".join(f"<p>{escape(line)}</p>" for line in paragraphs)
        + f"<p>{cell_link(question.cell, words)}</p>{_terms_html(terms, words)}"
        f"{provenance_html(question.provenance, catalog, words)}</article>"
    )
    named = [f"  {term.term}: {term.meaning}" for term in terms]
    lines = [
        question.question,
        *paragraphs,
        _shown_in(question.cell, words),
        *named,
        _sources(question, catalog, words),
    ]
    return Sheet(html, "\n".join(lines))


def case_text(question: FrequentQuestion, catalog: Catalog) -> str:
    """Return what the rules say of the case that a question describes; blank if it is no case."""
    if not question.case_facts:
        return ""
    words = words_of(catalog, VOICES[0])
    statuses = decide(question.case_facts, catalog=catalog).reports
    return " ".join(
        fill(
            words["faq_status"],
            {
                "report": report.title,
                "status": catalog.part(VERDICT).statuses[statuses[report.report_id]].label,
            },
        )
        for report in catalog.part(VERDICT).reports
        if report.report_id in question.case_verdict
    )


def _sources(row: FrequentQuestion | Misconception, catalog: Catalog, words: Words) -> str:
    titles = "; ".join(catalog.part(CLAIMS).sources[key].title for key in row.provenance.source_ids)
    summary = fill(
        words["sources_checked"],
        {
            "count": str(len(row.provenance.source_ids)),
            "as_of": row.provenance.as_of,
            "certainty": words[f"certainty_{row.provenance.evidence}"],
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


def heard(topic: str | None = None, *, catalog: Catalog | None = None) -> Sheet:
    """Return the misconceptions as a table to read, with links and sources.

    ``topic`` is an id such as ``cuec``; raises ``AnswerError`` that names the nearest.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    misconceptions = of_topic(catalog.part(QUESTIONS).misconceptions.values(), topic)
    names = ("heard", "correct", "why_believed", "say_instead")
    heads = [*(words[f"column_{name}"] for name in names), words["column_cell"]]
    rows = [
        [
            *(escape(getattr(misconception, name)) for name in names),
            cell_link(misconception.cell, words)
            + provenance_html(misconception.provenance, catalog, words),
        ]
        for misconception in misconceptions
    ]
    lines = [
        "\n".join(
            [
                *(f"{words[f'column_{name}']}: {getattr(misconception, name)}" for name in names),
                _shown_in(misconception.cell, words),
                _sources(misconception, catalog, words),
            ]
        )
        for misconception in misconceptions
    ]
    caption = words["misconceptions_caption"]
    html = table_html(caption, heads, rows, "soc-misconceptions")
    return Sheet(html, "\n\n".join([caption, *lines]))


def terms(search: str = "", *, catalog: Catalog | None = None) -> Sheet:
    """Return the glossary as a table to read.

    ``search`` keeps the terms that have all of its words in name, meaning or example.
    """
    catalog = catalog or load_catalog()
    return _terms_sheet(terms_with(search, catalog), catalog, "glossary")


def explain_terms(shown: str | Sheet, *, catalog: Catalog | None = None) -> Sheet:
    """Return the terms of art that a text or a sheet uses, in the order of their first use."""
    catalog = catalog or load_catalog()
    return _terms_sheet(terms_in(plain_text(shown), catalog), catalog, "terms")


def _terms_sheet(terms: Sequence[Term], catalog: Catalog, name: str) -> Sheet:
    """Return terms as a table with meaning and example, or the sentence that there is none."""
    words = words_of(catalog, VOICES[0])
    caption, none = words[f"{name}_caption"], words[f"{name}_none"]
    if not terms:
        return Sheet(f"<p>{escape(none)}</p>", none)
    heads = [words[f"column_{name}"] for name in ("term", "also", "meaning", "example")]
    rows = [
        [escape(cell) for cell in (term.term, ", ".join(term.also), term.meaning, term.example)]
        for term in terms
    ]
    lines = [f"{_name(term, words)}: {term.meaning} {term.example}" for term in terms]
    return Sheet(table_html(caption, heads, rows, "soc-terms"), "\n".join([caption, *lines]))


def _name(term: Term, words: Words) -> str:
    also = fill(words["faq_also"], {"names": ", ".join(term.also)}) if term.also else ""
    return f"{term.term} ({also})" if also else term.term


def plain_text(shown: str | Sheet) -> str:
    """Return what a text or a sheet says, without tags."""
    return shown if isinstance(shown, str) else unescape(TAGS.sub(" ", shown.html))

"""A request that was read, as escaped HTML and as text that says the same."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from soclib.paper.sheets import Sheet, table
from soclib.paper.styles import sheet_css
from soclib.requests.asked import DateRead, spelled
from soclib.requests.spans import PhraseSpan
from soclib.verdict.tables import VERDICT
from soclib.views.files import content
from soclib.words import Words, fill, words_of

if TYPE_CHECKING:
    from soclib.requests.request import Request


@lru_cache(maxsize=1)
def request_css() -> str:
    """Return the style sheet of a request that was read, which builds on that of tables."""
    return sheet_css() + content("requests/request.css")


PlaceNumbers = dict[tuple[int, int], int]
# What is listed of a request: the fields of ``AskedFor``, each with the text of its heading.
LISTED = {
    "reports": "request_literally",
    "named": "request_also_named",
    "types": "request_types",
    "categories": "request_categories",
    "standards": "request_standards",
    "signs": "request_signs",
}


def request_html(request: Request) -> str:
    """Return a request as one styled, self-contained fragment."""
    words = words_of(request.catalog, request.decision.voice)
    reply = escape(words["request_reply"])
    parts = [
        f"<style>{request_css()}</style>",
        f'<section class="soc-sheet soc-request" aria-label="{escape(words["request_title"])}">',
        read_html(request),
        asked_html(request),
        f"<h4>{reply}</h4>",
        f'<p class="soc-fine">{escape(words["request_reply_hint"])}</p>',
        f'<div class="soc-request-reply">{escape(request.reply_text.strip())}</div></section>',
    ]
    return "".join(parts)


def read_html(request: Request) -> str:
    """Return the text with its marked words, and what each of them says."""
    words = words_of(request.catalog, request.decision.voice)
    head = f"<h4>{escape(words['request_text'])}</h4>"
    text = f'<p class="soc-request-text">{_marked(request.text, request.spans)}</p>'
    opposed = "".join(f"<p>{escape(line)}</p>" for line in opposed_lines(request, words))
    return f"{head}{text}{_spans_sheet(request, words).html}{opposed}"


def asked_html(request: Request) -> str:
    """Return what was asked for next to what is needed, and what to ask next."""
    words = words_of(request.catalog, request.decision.voice)
    facts = "".join(
        f"<p><b>{escape(name)}:</b> {escape(value)}</p>" for name, value in _facts(request)
    )
    lines = "".join(f"<li>{escape(line)}</li>" for line in _differences(request, words))
    following = _following(request, words)
    return (
        f'<div class="soc-facts">{facts}</div>{needed_sheet(request).html}'
        f"<h4>{escape(words['request_differs'])}</h4><ul>{lines}</ul>"
        + (f"<p><b>{escape(words['request_next'])}:</b> {escape(following)}</p>" * bool(following))
    )


def request_text(request: Request) -> str:
    """Return a request as text that says all that its HTML says."""
    words = words_of(request.catalog, request.decision.voice)
    lines = [
        words["request_title"],
        request.text.strip(),
        "",
        _spans_sheet(request, words).text,
        *opposed_lines(request, words),
        "",
        *(f"{name}: {value}" for name, value in _facts(request)),
        needed_sheet(request).text,
        f"{words['request_differs']}:",
        *(f"  {line}" for line in _differences(request, words)),
    ]
    if following := _following(request, words):
        lines.append(f"{words['request_next']}: {following}")
    return "\n".join([*lines, "", f"{words['request_reply']}:", request.reply_text.rstrip()])


# --- the marked words ----------------------------------------------------------------------------


def numbers(spans: tuple[PhraseSpan, ...]) -> PlaceNumbers:
    """Return the number of each marked place, in the order of the text."""
    places = dict.fromkeys((span.start, span.end) for span in spans)
    return {place: number for number, place in enumerate(sorted(places), start=1)}


def _marked(text: str, spans: tuple[PhraseSpan, ...]) -> str:
    """Return a text with the understood words marked and numbered; overlaps share a mark."""
    counted = {(span.start, span.end) for span in spans if span.counts}
    parts, at = [], 0
    for start, end, places in _clusters(numbers(spans)):
        name = "" if counted & {place for place, _number in places} else ' class="soc-uncounted"'
        label = ", ".join(str(number) for _place, number in places)
        marked = f"<mark{name}>{escape(text[start:end])}</mark><sup>{label}</sup>"
        parts.append(f"{escape(text[at:start])}{marked}")
        at = end
    return "".join([*parts, escape(text[at:])])


def _clusters(places: PlaceNumbers) -> Iterator[tuple[int, int, list[tuple[tuple[int, int], int]]]]:
    """Yield runs of places that overlap: start, end and the places with their numbers."""
    run: list[tuple[tuple[int, int], int]] = []
    end = -1
    for place, number in places.items():
        if run and place[0] >= end:
            yield run[0][0][0], end, run
            run = []
        end = max(end, place[1]) if run else place[1]
        run.append((place, number))
    if run:
        yield run[0][0][0], end, run


def _spans_sheet(request: Request, words: Words) -> Sheet:
    """Return what each marked phrase says as a table, or a sentence where there is none."""
    if not request.spans:
        text = words["request_none"]
        return Sheet(f"<p>{escape(text)}</p>", text)
    number = numbers(request.spans)
    heads = [words[f"request_head_{name}"] for name in ("number", "words", "says", "counts", "why")]
    rows = [
        [
            str(number[span.start, span.end]),
            " ".join(request.text[span.start : span.end].split()),
            _says(request, span, words),
            words[f"request_state_{span.state}"],
            span.note,
        ]
        for span in sorted(request.spans, key=lambda span: number[span.start, span.end])
    ]
    return table(words["request_spans"], heads, rows)


def _says(request: Request, span: PhraseSpan, words: Words) -> str:
    """Return what a phrase says: an answer as a clause, and what it asks for or names."""
    clauses = []
    if span.criterion and span.answer in ("yes", "no"):
        asked = _question(request, span.criterion)
        clauses.append(asked.clause(span.answer) if asked else span.criterion)
    for statement in span.says if span.counts and not span.negated else ():
        kind, _colon, value = statement.partition(":")
        named = {"value": words[f"request_value_{value}"]}
        clauses.append(fill(words[f"request_says_{kind}"], named))
    return "; ".join(clauses) or words["request_answer_nothing"]


def _question(request: Request, criterion_id: str) -> Any:  # noqa: ANN401 - a question, or None
    asked = request.catalog.part(VERDICT).criterion(criterion_id).questions
    return asked.get(request.decision.voice) or next(iter(asked.values()), None)


def opposed_lines(request: Request, words: Words) -> list[str]:
    """Return a sentence for each criterion that the text answers with both yes and no."""
    return [
        fill(words["request_opposed"], {"question": _question(request, criterion_id).question})
        for criterion_id in request.opposed
    ]


# --- asked for and needed -------------------------------------------------------------------------


def _facts(request: Request) -> Iterator[tuple[str, str]]:
    words = words_of(request.catalog, request.decision.voice)
    asked = request.asked_for
    for field, heading in LISTED.items():
        values = list(getattr(asked, field))
        if field == "named":
            values = [report_id for report_id in values if report_id not in asked.reports]
        text = ", ".join(words[f"request_value_{value}"] for value in values)
        if text or field == "reports":
            yield words[heading], text or words["request_literally_nothing"]
    if asked.dates:
        yield words["request_dates"], "; ".join(_date(day, words) for day in asked.dates)


def _date(day: DateRead, words: Words) -> str:
    if day.why_not:
        blanks = {"words": day.words, "why": day.why_not}
        text = fill(words["request_date_unread"], blanks)
    else:
        text = spelled(day.value)
    return f"{words[f'request_date_{day.kind}']} {text}"


def needed_sheet(request: Request) -> Sheet:
    """Return per report whether it was asked for and whether it is needed, as a table."""
    catalog, decision = request.catalog, request.decision
    words = words_of(catalog, decision.voice)
    heads = [words[f"request_head_{name}"] for name in ("report", "asked", "needed", "because")]
    rows = []
    for card in decision.to_dict()["cards"]:
        asked = "yes" if card["report_id"] in request.asked_for.reports else "no"
        if asked == "no" and {"soc", "report"} & set(request.asked_for.reports):
            asked = "some"
        status = f"{card['mark']} {card['label']}"
        rows.append([card["title"], words[f"request_asked_{asked}"], status, card["words"]])
    return table(words["request_asked"], heads, rows)


def _differences(request: Request, words: Words) -> tuple[str, ...]:
    return request.differs or (words["request_same"],)


def _following(request: Request, words: Words) -> str:
    """Return the question to ask next and who would know, blank where nothing is left to ask."""
    following = request.decision.next_question()
    if following is None:
        return ""
    return f"{following.question} {fill(words['request_who'], {'who': following.who_knows})}"

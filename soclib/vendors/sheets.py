"""A vendor list as sheets to read: one sentence, then each picture with its table.

Nothing rests on colour: a status is a mark, a kind of line and a number. Text and outlines take the
colour of the page. Each picture has a title, and a description that says all that it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from soclib.paper.sheets import Sheet, table
from soclib.paper.svg import BLUE, NARROW_LETTER, WIDTH, picture, safe, text_at
from soclib.vendors.surveying import Inquiry, Survey
from soclib.verdict.tables import VERDICT, Question
from soclib.words import fill, words_of

LABEL, BAR, ROW = 210, 26, 36
SMALL = 12.5
LEAST_ROOM = 34  # pixels that a mark needs next to its number
LOOKS = (  # in the order of the statuses
    f'fill="{BLUE}" fill-opacity="0.45" stroke="currentColor" stroke-width="2"',
    'fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="7 3"',
    f'fill="{BLUE}" fill-opacity="0.2" stroke="currentColor"',
    'fill="none" stroke="currentColor" stroke-dasharray="3 3"',
    'fill="currentColor" fill-opacity="0.08" stroke="currentColor" stroke-opacity="0.6"',
)


class BarPart(NamedTuple):
    """A part of a bar: its length, its look, the mark in it, and what it says in words."""

    size: int
    look: str
    mark: str
    description: str


class Bar(NamedTuple):
    """A row of a picture: its name and the parts of its bar."""

    name: str
    parts: tuple[BarPart, ...]


def needs_bars(survey: Survey) -> tuple[Bar, ...]:
    """Return one bar per report and segment, in parts by status."""
    catalog = survey.catalog
    looks = dict(zip(catalog.part(VERDICT).statuses, LOOKS, strict=False))
    bars = []
    for report in catalog.part(VERDICT).reports:
        for segment in survey.parts(report.report_id):
            counts = survey.counts(report.report_id, segment)
            parts = tuple(
                BarPart(
                    counts[key],
                    looks.get(key, LOOKS[-1]),
                    status.mark,
                    f"{status.label} {counts[key]:,}",
                )
                for key, status in catalog.part(VERDICT).statuses.items()
                if counts.get(key)
            )
            total = sum(part.size for part in parts)
            bars.append(Bar(f"{report.title} {segment}".strip() + f" ({total:,})", parts))
    return tuple(bars)


def needs_svg(survey: Survey) -> str:
    """Return who needs what as bars."""
    words = words_of(survey.catalog, survey.voice)
    legend = ", ".join(
        f"{s.mark} {s.label}" for s in survey.catalog.part(VERDICT).statuses.values()
    )
    title = fill(words["survey_needs_caption"], {"vendors": f"{survey.vendors:,}"})
    return _picture(title, needs_bars(survey), f"{words['survey_legend']} {legend}", share=True)


def inquiry_bars(survey: Survey) -> tuple[Bar, ...]:
    """Return one bar per question: what it settles, and for whom it leaves something open."""
    words = words_of(survey.catalog, survey.voice)
    bars = []
    for inquiry in survey.inquiries:
        settled = round(inquiry.settled)
        left_open = inquiry.vendors - settled
        parts = (
            BarPart(
                settled, LOOKS[0], "●", fill(words["survey_settles"], {"count": f"{settled:,}"})
            ),
            BarPart(
                left_open, LOOKS[3], "○", fill(words["survey_leaves"], {"count": f"{left_open:,}"})
            ),
        )
        question = _question(survey, inquiry).question
        bars.append(Bar(question, tuple(part for part in parts if part.size)))
    return tuple(bars)


def _question(survey: Survey, inquiry: Inquiry) -> Question:
    criterion = survey.catalog.part(VERDICT).criterion(inquiry.criterion_id)
    return criterion.questions[survey.voice]


def inquiries_svg(survey: Survey) -> str:
    """Return what each question would settle as bars."""
    words = words_of(survey.catalog, survey.voice)
    return _picture(words["survey_ask_caption"], inquiry_bars(survey), words["survey_ask_legend"])


def bars_text(bars: Iterable[Bar]) -> str:
    """Return a picture in words, one line per bar."""
    return "\n".join(f"{bar.name}: {', '.join(p.description for p in bar.parts)}" for bar in bars)


# --- drawing -----------------------------------------------------------------------------------


def _picture(title: str, bars: Sequence[Bar], legend: str, *, share: bool = False) -> str:
    """Return bars with their title; with ``share`` every bar has the full length."""
    totals = [sum(part.size for part in bar.parts) for bar in bars]
    longest = max(totals, default=0)
    parts: list[str] = []
    for place, (bar, total) in enumerate(zip(bars, totals, strict=True)):
        scale = (WIDTH - LABEL - 8) / ((total if share else longest) or 1)
        parts += _bar(bar, place * ROW + 4, scale)
    y = len(bars) * ROW + 24
    parts.append(text_at(4, y, legend, f' font-size="{SMALL}"'))
    description = f"{title}\n{bars_text(bars)}"
    return picture(title, description, y + 12, parts, seed=description)


def _bar(bar: Bar, y: int, scale: float) -> Iterator[str]:
    for place, line in enumerate(_lines(bar.name)):
        yield text_at(
            4, y + (12 if len(_lines(bar.name)) > 1 else 18) + place * 14, line, SMALL_FONT
        )
    x = float(LABEL)
    for part in bar.parts:
        wide = part.size * scale
        yield (
            f'<rect x="{x + 1:.1f}" y="{y}" width="{max(wide - 2, 1):.1f}" height="{BAR}" '
            f"{part.look}><title>{safe(part.description)}</title></rect>"
        )
        if wide >= LEAST_ROOM + len(f"{part.size:,}") * 7:
            middle = f' text-anchor="middle" font-size="{SMALL}"'
            yield text_at(x + wide / 2, y + 18, f"{part.mark} {part.size:,}", middle)
        x += wide


SMALL_FONT = f' font-size="{SMALL}"'


def _lines(name: str) -> list[str]:
    """Return a name in one line or two, cut if it is too long for two."""
    most = int((LABEL - 12) / (SMALL * NARROW_LETTER))
    if len(name) <= most:
        return [name]
    at = name.rfind(" ", 0, most + 1)
    at = at if at > 0 else most
    rest = name[at:].strip()
    return [name[:at], rest if len(rest) <= most else f"{rest[: most - 1].rstrip()}…"]


# --- the sheets -----------------------------------------------------------------------------------


def needs_sheet(survey: Survey) -> Sheet:
    """Return who needs what: the bars, and counts with what is at stake by report and segment."""
    words = words_of(survey.catalog, survey.voice)
    statuses = survey.catalog.part(VERDICT).statuses
    caption = fill(words["survey_needs_caption"], {"vendors": f"{survey.vendors:,}"})
    rows = [
        [
            f"{report.title} {segment}".strip(),
            *(_cell(survey, report.report_id, segment, key) for key in statuses),
        ]
        for report in survey.catalog.part(VERDICT).reports
        for segment in survey.parts(report.report_id)
    ]
    stake = fill(words["survey_stake"], {"stake": survey.stake_name}) if survey.stake_name else ""
    sheet = table(caption, ["", *(s.label for s in statuses.values())], rows)
    note = f'<p class="soc-hint">{escape(stake)}</p>' if stake else ""
    html = f"<figure>{needs_svg(survey)}</figure>{sheet.html}{note}"
    return Sheet(html, "\n".join([sheet.text, *([stake] if stake else [])]))


def _cell(survey: Survey, report_id: str, segment: str, status_id: str) -> str:
    needs = [
        need
        for need in survey.needs
        if (need.report_id, need.status_id) == (report_id, status_id)
        and segment in ("", need.segment)
    ]
    return _count(survey, sum(n.vendors for n in needs), sum(n.stake for n in needs))


def inquiries_sheet(survey: Survey, most: int = 10) -> Sheet:
    """Return which one question to send: the sentence, the bars, and a row per question."""
    words = words_of(survey.catalog, survey.voice)
    lead = _lead(survey)
    first = survey.inquiries[:most]
    if not first:
        return Sheet(f'<p class="soc-lead">{escape(lead)}</p>', lead)
    heads = ["question", "who", "open", "yes", "no", "expected"]
    rows = [
        [
            _question(survey, inquiry).question,
            _question(survey, inquiry).who_knows,
            _count(survey, inquiry.vendors, inquiry.stake),
            *(f"{n:,}" for n in (inquiry.if_yes, inquiry.if_no, round(inquiry.settled))),
        ]
        for inquiry in first
    ]
    sheet = table(words["survey_ask_caption"], [words[f"survey_ask_{h}"] for h in heads], rows)
    html = f'<p class="soc-lead">{escape(lead)}</p><figure>{inquiries_svg(survey)}</figure>'
    note = words["survey_ask_note"]
    html += f'{sheet.html}<p class="soc-hint">{escape(note)}</p>'
    return Sheet(html, "\n".join([lead, bars_text(inquiry_bars(survey)[:most]), sheet.text, note]))


def contradictions_sheet(survey: Survey) -> Sheet:
    """Return how many vendors have which contradiction, or that there is none."""
    words = words_of(survey.catalog, survey.voice)
    titles = {
        outcome.outcome_id: outcome.title for outcome in survey.catalog.part(VERDICT).outcomes
    }
    if not survey.contradicted:
        text = words["survey_no_contradiction"]
        return Sheet(f"<p>{escape(text)}</p>", text)
    rows = [[titles[key], f"{count:,}"] for key, count in survey.contradicted.items()]
    heads = [words["survey_contradiction"], words["survey_vendors"]]
    return table(words["survey_contradicted"], heads, rows)


def survey_sheet(survey: Survey) -> Sheet:
    """Return the whole picture: needs, the question to send, and contradictions."""
    parts = [needs_sheet(survey), inquiries_sheet(survey), contradictions_sheet(survey)]
    return Sheet("".join(part.html for part in parts), "\n\n".join(part.text for part in parts))


def _lead(survey: Survey) -> str:
    words = words_of(survey.catalog, survey.voice)
    settled = {"settled_now": f"{survey.settled:,}", "total": f"{survey.vendors:,}"}
    if not survey.inquiries:
        return fill(words["survey_nothing_open"], settled)
    best = survey.inquiries[0]
    question = _question(survey, best).question
    counts = {
        "vendors": f"{best.vendors:,}",
        "settled": f"{round(best.settled):,}",
        "yes": f"{best.if_yes:,}",
        "no": f"{best.if_no:,}",
    }
    return fill(words["survey_send"], {**settled, **counts, "question": question})


def _count(survey: Survey, vendors: int, stake: float) -> str:
    return f"{vendors:,} ({stake:,.0f})" if survey.stake_name and vendors else f"{vendors:,}"

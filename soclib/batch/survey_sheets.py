"""A vendor list as sheets to read: one sentence, then each picture with the table beside it."""

from __future__ import annotations

from html import escape

from soclib.batch.survey import Survey
from soclib.batch.survey_drawing import bars_text, inquiries_svg, inquiry_bars, needs_svg
from soclib.explain import fill
from soclib.render import words_of
from soclib.sheets import Sheet, table


def needs_sheet(survey: Survey) -> Sheet:
    """Return who needs what: the bars, and counts with what is at stake by report and segment."""
    words = words_of(survey.catalog, survey.voice)
    statuses = survey.catalog.statuses
    caption = fill(words["survey_needs_caption"], {"vendors": f"{survey.vendors:,}"})
    rows = [
        [
            f"{report.title} {segment}".strip(),
            *(_cell(survey, report.report_id, segment, key) for key in statuses),
        ]
        for report in survey.catalog.reports
        for segment in survey.parts(report.report_id)
    ]
    stake = fill(words["survey_stake"], {"stake": survey.stake_name}) if survey.stake_name else ""
    shown = table(caption, ["", *(s.label for s in statuses.values())], rows)
    note = f'<p class="soc-hint">{escape(stake)}</p>' if stake else ""
    html = f"<figure>{needs_svg(survey)}</figure>{shown.html}{note}"
    return Sheet(html, "\n".join([shown.text, *([stake] if stake else [])]))


def _cell(survey: Survey, report_id: str, segment: str, status_id: str) -> str:
    mine = [
        need
        for need in survey.needs
        if (need.report_id, need.status_id) == (report_id, status_id)
        and segment in ("", need.segment)
    ]
    return _count(survey, sum(n.vendors for n in mine), sum(n.stake for n in mine))


def inquiries_sheet(survey: Survey, most: int = 10) -> Sheet:
    """Return which one question to send: the sentence, the bars, and a row per question."""
    words = words_of(survey.catalog, survey.voice)
    lead = _lead(survey)
    shown = survey.inquiries[:most]
    if not shown:
        return Sheet(f'<p class="soc-lead">{escape(lead)}</p>', lead)
    heads = ["question", "who", "open", "yes", "no", "expected"]
    rows = [
        [
            survey.catalog.criterion(one.criterion_id).questions[survey.voice].question,
            survey.catalog.criterion(one.criterion_id).questions[survey.voice].who_knows,
            _count(survey, one.vendors, one.stake),
            *(f"{count:,}" for count in (one.if_yes, one.if_no, round(one.settled))),
        ]
        for one in shown
    ]
    found = table(words["survey_ask_caption"], [words[f"survey_ask_{h}"] for h in heads], rows)
    html = f'<p class="soc-lead">{escape(lead)}</p><figure>{inquiries_svg(survey)}</figure>'
    note = words["survey_ask_note"]
    html += f'{found.html}<p class="soc-hint">{escape(note)}</p>'
    return Sheet(html, "\n".join([lead, bars_text(inquiry_bars(survey)[:most]), found.text, note]))


def contradictions_sheet(survey: Survey) -> Sheet:
    """Return which contradictions stand in how many rows, or that there is none."""
    words = words_of(survey.catalog, survey.voice)
    titles = {outcome.outcome_id: outcome.title for outcome in survey.catalog.outcomes}
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
    question = survey.catalog.criterion(best.criterion_id).questions[survey.voice].question
    counts = {
        "vendors": f"{best.vendors:,}",
        "settled": f"{round(best.settled):,}",
        "yes": f"{best.if_yes:,}",
        "no": f"{best.if_no:,}",
    }
    return fill(words["survey_send"], {**settled, **counts, "question": question})


def _count(survey: Survey, vendors: int, stake: float) -> str:
    return f"{vendors:,} ({stake:,.0f})" if survey.stake_name and vendors else f"{vendors:,}"

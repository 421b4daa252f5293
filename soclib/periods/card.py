"""How a report period fits a fiscal year, as a card: plain values, escaped HTML and text.

``fit_plain`` makes everything that the card shows, already in words; ``fit_html`` and ``fit_text``
only lay it out. ``periods/periods.js`` makes the same values and the same HTML in the browser from
the tables of ``browser.period_tables``, and tests compare them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any

from soclib.catalog import Catalog
from soclib.claims.sources import source_list
from soclib.dates import PeriodError, read_iso, year_start
from soclib.errors import did_you_mean
from soclib.paper.sheets import source_list_html, table_html
from soclib.periods.browser import Choice
from soclib.periods.fitting import TYPE_1, TYPE_2, Fit, fit_read
from soclib.periods.given import checked_days, given
from soclib.periods.reading import Basis, Note, basis, measure
from soclib.periods.tables import PERIODS, ReadingRule
from soclib.periods.timelines import timeline_items, timeline_rows, timeline_svg
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, words_of

Plain = dict[str, Any]

TIMELINE = ("what", "lane", "start", "end", "days")


def fit_html(plain: Plain, catalog: Catalog) -> str:
    """Return a card as escaped HTML for a place of the class ``soc-sheet``; headings from h4."""
    label = escape(plain["title"])
    return f'<section class="soc-fit" aria-label="{label}">{_inside(plain, catalog)}</section>'


def _inside(plain: Plain, catalog: Catalog) -> str:
    words = words_of(catalog, plain["voice"])
    if not plain["ready"]:
        return f'<p class="soc-hint">{escape(plain["hint"])}</p>'
    if plain["faults"]:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in plain["faults"])
        return f'<h4>{escape(plain["faults_title"])}</h4><ul class="soc-faults">{items}</ul>'
    parts = [
        _reading_html(plain),
        _timeline_html(plain["timeline"], words),
        _numbers_html(plain, words),
        _lines_html(plain),
        _notes_html(plain),
        _limits_html(plain, words),
        source_list_html(plain["sources_title"], plain["sources"]),
        f'<p class="soc-fine">{escape(plain["rests_on"])} {escape(plain["fine"])}</p>',
    ]
    return "".join(parts)


def _reading_html(plain: Plain) -> str:
    """Return the headline, the reading with its mark, and what it means."""
    reading = plain["reading"]
    return (
        f'<header class="soc-reads-{reading["reading_id"]}"><h4>{escape(plain["headline"])}</h4>'
        f'<p><span class="soc-status"><span aria-hidden="true">{escape(reading["mark"])}</span> '
        f"{escape(reading['label'])}</span> {escape(reading['meaning'])}</p></header>"
    )


def _numbers_html(plain: Plain, words: Words) -> str:
    heads = [words["fit_measure"], words["fit_value"]]
    rows = [[escape(n["label"]), escape(n["text"])] for n in plain["numbers"]]
    return table_html(plain["numbers_title"], heads, rows, "soc-numbers")


def _lines_html(plain: Plain) -> str:
    """Return the letter, what came before, where the period stands, and when it is in hand."""
    bridge = plain["bridge"]
    letter = (
        f"<b>{escape(bridge['answer'])}.</b> {escape(bridge['reason'])} "
        f'<span class="soc-muted">{escape(bridge["rests_on"])}</span>'
    )
    lines = [line for line in (plain["continuity"], plain["stage"], plain["ready_on"]) if line]
    rest = "".join(
        f"<dt>{escape(line['label'])}</dt><dd>{escape(line['text'])}</dd>" for line in lines
    )
    return f'<dl class="soc-why"><dt>{escape(bridge["label"])}</dt><dd>{letter}</dd>{rest}</dl>'


def _notes_html(plain: Plain) -> str:
    if not plain["notes"]:
        return ""
    items = "".join(f"<li>{_note_html(note)}</li>" for note in plain["notes"])
    return f'<div class="soc-notes"><h5>{escape(plain["notes_title"])}</h5><ul>{items}</ul></div>'


def _note_html(note: Plain) -> str:
    sure = note["certainty"]
    tail = f' <span class="soc-muted">({escape(sure)})</span>' if sure else ""
    return f"{escape(note['text'])}{tail}"


def _timeline_html(timeline: Plain, words: Words) -> str:
    """Return the two pictures, of which the place shows one, and the same as a table."""
    rows = [[escape(cell) for cell in row] for row in timeline["rows"]]
    heads = [words[f"timeline_col_{column}"] for column in TIMELINE]
    table = table_html(timeline["title"], heads, rows, "soc-spans")
    return (
        f'<figure class="soc-figure"><figcaption>{escape(timeline["title"])}</figcaption>'
        f'<div class="soc-wide">{timeline["svg"]}</div>'
        f'<div class="soc-narrow">{timeline["narrow_svg"]}</div>'
        f"<details><summary>{escape(words['fit_timeline'])}</summary>{table}</details></figure>"
    )


def _limits_html(plain: Plain, words: Words) -> str:
    heads = [words[key] for key in ("fit_limit", "fit_value", "fit_basis", "fit_limit_meaning")]
    rows = [
        [escape(limit[key]) for key in ("label", "text", "basis_text", "meaning")]
        for limit in plain["limits"]
    ]
    table = table_html(plain["limits_are"], heads, rows, "soc-limits")
    return f"<details><summary>{escape(plain['limits_title'])}</summary>{table}</details>"


# --- text ----------------------------------------------------------------------------------------


def fit_text(plain: Plain) -> str:
    """Return a card as text that says all that its HTML says."""
    if not plain["ready"]:
        return str(plain["hint"])
    if plain["faults"]:
        return "\n".join([plain["faults_title"], *plain["faults"]])
    bridge, reading = plain["bridge"], plain["reading"]
    lines = [line for line in (plain["continuity"], plain["stage"], plain["ready_on"]) if line]
    return "\n".join(
        [
            plain["headline"],
            f"{reading['mark']} {reading['label']}. {reading['meaning']}",
            plain["timeline"]["title"],
            *(f"  {line}" for line in plain["timeline"]["lines"]),
            plain["numbers_title"],
            *(f"  {number['label']}: {number['text']}" for number in plain["numbers"]),
            f"{bridge['label']}: {bridge['answer']}. {bridge['reason']} {bridge['rests_on']}",
            *(f"{line['label']}: {line['text']}" for line in lines),
            *(plain["notes"] and [plain["notes_title"]]),
            *(_note_text(note) for note in plain["notes"]),
            plain["limits_title"],
            f"  {plain['limits_are']}",
            *(_limit_text(limit) for limit in plain["limits"]),
            plain["sources_title"],
            *(_source_text(source) for source in plain["sources"]),
            f"{plain['rests_on']} {plain['fine']}",
        ]
    )


def _note_text(note: Plain) -> str:
    return f"  {note['text']} ({note['certainty']})" if note["certainty"] else f"  {note['text']}"


def _limit_text(limit: Plain) -> str:
    return f"  {limit['label']}: {limit['text']} ({limit['basis_text']}). {limit['meaning']}"


def _source_text(source: Plain) -> str:
    address = f" {source['url']}" if source["url"] else ""
    return f"  {source['title']} ({source['publisher']}, {source['as_of']}){address}"


# --- what a reading rests on ----------------------------------------------------------------------


LIMITS = ("overlap_at_least", "overlap_below", "gap_above", "gap_at_most")
UNITS = {"days": ("fit_one_day", "fit_many_days"), "months": ("fit_one_month", "fit_many_months")}
REVIEWED = "soc2"  # read against the year that a reviewer looks back on


def year_name(by: Basis) -> str:
    """Return which kind of year a report is read against: fiscal, or review."""
    return "review" if by.report_id == REVIEWED else "fiscal"


def amount(by: Basis, count: int, unit: str) -> str:
    """Return a number of days or months in words."""
    one, many = UNITS[unit]
    number = str(count) if count >= 0 else by.word("fit_minus", count=str(-count))
    return by.word(one if abs(count) == 1 else many, count=number)


# --- numbers -------------------------------------------------------------------------------------


def numbers(by: Basis, fit: Fit) -> list[Plain]:
    """Return overlap and gap, each with its label, as a value and in words.

    A gap is told as such, or, where the period runs past the year-end, as what lies beyond it.
    """
    year = by.word(f"fit_year_{year_name(by)}")
    overlap = {"days": fit.overlap_days, "months": fit.overlap_months}
    found = [_number(by, f"overlap_{unit}", n, unit, year=year) for unit, n in overlap.items()]
    found.insert(1, _share(by, fit, year))
    if (twelve := _of_twelve(by, fit)) != fit.overlap_months:
        found.append(_number(by, "overlap_of_twelve", twelve, "months", year=year))
    side = "past" if fit.gap_days < 0 else "gap"
    ends = {
        "from": by.word(f"fit_from_{fit.type_id}"),
        "goal": by.word(f"fit_goal_{year_name(by)}"),
    }
    gap = {"days": abs(fit.gap_days), "months": abs(fit.gap_months)}
    return [*found, *(_number(by, f"{side}_{unit}", n, unit, **ends) for unit, n in gap.items())]


def _number(by: Basis, number_id: str, value: int, unit: str, **parts: str) -> Plain:
    return {
        "number_id": number_id,
        "label": by.word(f"fit_{number_id}", **parts),
        "value": value,
        "text": amount(by, value, unit),
    }


def _share(by: Basis, fit: Fit, year: str) -> Plain:
    """Return the share of the year that is covered, in per cent with one decimal."""
    tenths = per_mille(fit.overlap_days, (fit.fiscal_year_end - fit.fiscal_year_start).days + 1)
    return {
        "number_id": "overlap_percent",
        "label": by.word("fit_overlap_percent", year=year),
        "value": tenths / 10,
        "text": by.word("fit_percent", share=f"{tenths // 10}.{tenths % 10}"),
    }


def per_mille(part: int, whole: int) -> int:
    """Return a share in tenths of a per cent, halves rounded up, with whole numbers only."""
    return (2000 * part + whole) // (2 * whole)


def _of_twelve(by: Basis, fit: Fit) -> int:
    """Return the months that the table reads: those of a year that is as long as twelve."""
    year = fit.fiscal_year_start, fit.fiscal_year_end
    return measure(fit.start, fit.end, *year, by.limits["calendar_slack"]).overlap_of_twelve


# --- limits and sources --------------------------------------------------------------------------


def grounds(by: Basis, fit: Fit) -> Plain:
    """Return which row and which limits decided, how sure that is, and every source of it all."""
    rule = next(r for r in by.catalog.part(PERIODS).rules if r.reading_rule_id == fit.reading_rule)
    limits = [_limit(by, role, threshold_id) for role, threshold_id in _deciding(by, fit, rule)]
    found = _sources(by, fit, [limit["threshold_id"] for limit in limits])
    certainty = by.word(f"certainty_{fit.evidence}")
    return {
        "limits_title": by.word("fit_limits", count=str(len(limits))),
        "limits": limits,
        "limits_are": by.word("fit_limits_are"),
        "rule_id": fit.reading_rule,
        "evidence": {"evidence_id": fit.evidence, "text": certainty},
        "rests_on": by.word("fit_rule", rule=fit.reading_rule, certainty=certainty),
        "sources_title": f"{by.word('sources')} ({len(found)})",
        "sources": found,
        "fine": f"{by.word('not_advice')} {by.catalog.version}.",
    }


def _deciding(by: Basis, fit: Fit, rule: ReadingRule) -> Iterator[tuple[str, str]]:
    """Yield each threshold that decided a reading or all that is said with it: for what, its id."""
    for role in LIMITS:
        if threshold_id := getattr(rule, role):
            yield role, threshold_id
    if fit.bridge_rule in by.limits:
        yield "bridge", fit.bridge_rule
    if any(note.note_id == "short_period" for note in fit.notes):
        yield "shortest", f"{by.report_id}_shortest_period"
    yield "slack", "calendar_slack"
    yield "lag", "reporting_lag" if fit.start else "type_1_lag"


def _limit(by: Basis, role: str, threshold_id: str) -> Plain:
    row, value = by.catalog.part(PERIODS).thresholds[threshold_id], by.limits[threshold_id]
    return {
        "threshold_id": threshold_id,
        "label": by.word(f"fit_limit_{role}"),
        "value": value,
        "unit": row.unit,
        "text": amount(by, value, row.unit),
        "basis": row.basis,
        "basis_text": by.word(
            "fit_basis_sure",
            basis=by.word(f"fit_basis_{row.basis}"),
            certainty=by.word(f"certainty_{row.provenance.evidence}"),
        ),
        "meaning": row.meaning,
    }


def _sources(by: Basis, fit: Fit, limit_ids: list[str]) -> list[Plain]:
    """Return every source of a reading, of what is said with it, and of its limits."""
    rows = by.catalog.part(PERIODS).thresholds
    ids = [
        *fit.source_ids,
        *fit.bridge_source_ids,
        *(source_id for note in fit.notes for source_id in note.source_ids),
        *(source_id for name in limit_ids for source_id in rows[name].provenance.source_ids),
    ]
    return source_list(by.catalog, ids)


# --- the card as plain values ---------------------------------------------------------------------


NEEDED = {
    TYPE_1: ("end", "fiscal_year_end"),
    TYPE_2: ("start", "end", "fiscal_year_end"),
}
DAYS = ("start", "end", "fiscal_year_start", "fiscal_year_end", "previous_end", "today")
ODD = re.compile(r"[^ -~]|['\\]")  # letters that Python and a browser would not quote alike
PICTURES = {"svg": 840, "narrow_svg": 480}  # widths of the drawing; the longest caption fits both
# Notes that stand in a line of their own, beside the other notes.
RELATIONS = ("contiguous", "break", "overlapping")
STAGES = ("future", "future_date", "running", "ended")


def fit_plain(choice: Choice, *, voice: str = VOICES[0], catalog: Catalog | None = None) -> Plain:
    """Return all that the card of a choice shows, as JSON-ready values in words.

    ``ready`` is false while a needed day is blank: ``hint`` says which, ``missing`` has their
    fields. ``faults`` are the sentences on days that cannot be, ``wrong`` their fields. In both
    cases nothing else is there. Raises ``PeriodError`` for an unknown report, type or voice.
    """
    by = basis(choice.report, voice, catalog=catalog)
    if choice.type_id not in NEEDED:
        raise PeriodError(did_you_mean("type", choice.type_id, NEEDED))
    named, called = _named(choice), _called(by, choice)
    missing = [name for name in NEEDED[choice.type_id] if named[name] is None]
    head = _head(by, choice, missing, called)
    if missing:
        return head
    longest = by.limits["longest_period"]
    days, faults = checked_days(named, needed=(), longest=longest, read=read_iso, called=called)
    if faults:
        wrong, sentences = zip(*faults, strict=True)
        return head | {"faults": list(sentences), "wrong": list(wrong)}
    end, year_end = given(days, "end"), given(days, "fiscal_year_end")
    year = days["fiscal_year_start"] or year_start(year_end), year_end
    found = fit_read(by, (days["start"], end), year, days["previous_end"], days["today"])
    return head | _described(by, found, days["today"])


def _named(choice: Choice) -> dict[str, str | None]:
    """Return what stands in each field of a day, or None where it is blank or not read."""
    texts = {name: ODD.sub("?", getattr(choice, name)) or None for name in DAYS}
    return texts | ({"start": None} if choice.type_id == TYPE_1 else {})


def _called(by: Basis, choice: Choice) -> dict[str, str]:
    """Return what a reader calls each field of a day."""
    own = {"end": "as_of"} if choice.type_id == TYPE_1 else {}
    if year_name(by) == "review":
        own |= {"fiscal_year_start": "review_start", "fiscal_year_end": "review_end"}
    return {name: by.word(f"fit_field_{own.get(name, name)}") for name in DAYS}


def _head(by: Basis, choice: Choice, missing: list[str], called: dict[str, str]) -> Plain:
    """Return what is there for every choice."""
    *most, last = [called[name] for name in missing] or [""]
    dates = f"{', '.join(most)} {by.word('and')} {last}" if most else last
    return {
        "voice": by.voice,
        "version": by.catalog.version,
        "report": choice.report,
        "type_id": choice.type_id,
        "title": by.word("fit_title"),
        "ready": not missing,
        "hint": by.word("fit_hint", dates=dates) if missing else "",
        "missing": missing,
        "faults_title": by.word("fit_faults"),
        "faults": [],
        "wrong": [],
    }


def _described(by: Basis, fit: Fit, today: date | None) -> Plain:
    """Return what the card shows for days that can be."""
    own_lines = {*RELATIONS, *STAGES}
    return {
        "headline": _headline(by, fit),
        "reading": _reading(by, fit),
        "numbers_title": by.word("fit_numbers"),
        "numbers": numbers(by, fit),
        "bridge": _bridge(by, fit),
        "continuity": _continuity(by, fit),
        "stage": _stage(by, fit, today),
        "ready_on": {
            "day": fit.ready_on.isoformat(),
            "label": by.word("fit_ready_on"),
            "text": by.word("fit_from_day", day=by.day(fit.ready_on)),
        },
        "notes_title": by.word("fit_notes"),
        "notes": [_note(by, note) for note in fit.notes if note.note_id not in own_lines],
        "timeline": _timeline(by, fit, today),
        **grounds(by, fit),
    }


def _headline(by: Basis, fit: Fit) -> str:
    """Return the reading and why, in one sentence."""
    report = next(r.title for r in by.catalog.part(VERDICT).reports if r.report_id == fit.report_id)
    parts = {"report": report, "type": by.word(f"first_{fit.type_id}"), "reading": fit.reading}
    if fit.start is None:
        return by.word("fit_headline_type_1", **parts, end=by.day(fit.end))
    return by.word("fit_headline", **parts, because=fit.because)


def _reading(by: Basis, fit: Fit) -> Plain:
    found = by.catalog.part(PERIODS).readings[fit.reading_id]
    return {
        "reading_id": found.reading_id,
        "label": found.label,
        "mark": found.mark,
        "meaning": found.meaning[by.voice],
    }


def _bridge(by: Basis, fit: Fit) -> Plain:
    """Return whether a letter helps, why, and what that rests on."""
    answer = (
        "fit_bridge_not_needed"
        if fit.bridge_rule == "bridge_none"
        else ("answer_yes" if fit.bridgeable else "answer_no")
    )
    found = source_list(by.catalog, list(fit.bridge_source_ids))
    publishers = "; ".join(dict.fromkeys(source["publisher"] for source in found))
    return {
        "label": by.word("fit_bridge"),
        "bridgeable": fit.bridgeable,
        "answer": by.word(answer),
        "reason": fit.bridge_reason,
        "rule_id": fit.bridge_rule,
        "rests_on": by.word("fit_rests_on", publishers=publishers),
        "sources": found,
    }


def _continuity(by: Basis, fit: Fit) -> Plain | None:
    """Return how the period follows the one before; None where nothing is known of that."""
    if not fit.continuity:
        return None
    text = _told(fit, RELATIONS)
    return {"state": fit.continuity, "label": by.word("fit_continuity"), "text": text}


def _stage(by: Basis, fit: Fit, today: date | None) -> Plain | None:
    """Return where the period stands on a day; None without one."""
    if today is None:
        return None
    text = _told(fit, STAGES) or by.word("fit_stage_passed")
    return {"state": fit.stage, "label": by.word("fit_stage", day=by.day(today)), "text": text}


def _told(fit: Fit, note_ids: tuple[str, ...]) -> str:
    return next((note.text for note in fit.notes if note.note_id in note_ids), "")


def _note(by: Basis, note: Note) -> Plain:
    """Return a sentence, and how sure it is where that is less than confirmed."""
    sure = note.evidence == "confirmed"
    return {
        "note_id": note.note_id,
        "text": note.text,
        "evidence_id": note.evidence,
        "certainty": "" if sure else by.word(f"certainty_{note.evidence}"),
    }


def _timeline(by: Basis, fit: Fit, today: date | None) -> Plain:
    """Return the timeline in words, and as a picture for a wide and for a narrow place."""
    items = timeline_items([fit], voice=by.voice, catalog=by.catalog)
    rows = timeline_rows(items, today=today, voice=by.voice, catalog=by.catalog)
    pictures = {
        name: timeline_svg(items, today=today, width=width, voice=by.voice, catalog=by.catalog)
        for name, width in PICTURES.items()
    }
    return {
        "title": by.word("timeline_title"),
        "rows": [[row.what, row.lane, row.start, row.end, row.days] for row in rows],
        "lines": [f"{row.lane}: {row.said}" if row.lane else row.said for row in rows],
        **pictures,
    }

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

from soclib.catalog import Catalog
from soclib.claims.sources import source_list
from soclib.dates import PeriodError, read_iso, year_start
from soclib.errors import did_you_mean
from soclib.paper.sheets import Plain, source_list_html, table_html
from soclib.periods.browser import CalendarChoice
from soclib.periods.fitting import Fit, fit_of_days
from soclib.periods.given import checked_days, needed_day
from soclib.periods.measuring import measure
from soclib.periods.rules import Note, PeriodRules, period_rules
from soclib.periods.tables import PERIODS, TYPE_1, TYPE_2, ReadingRule
from soclib.periods.timelines import timeline_items, timeline_rows, timeline_svg
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, words_of

TIMELINE = ("what", "lane", "start", "end", "days")


def fit_html(plain: Plain, catalog: Catalog) -> str:
    """Return a card as escaped HTML to put inside the class ``soc-sheet``; headings start at h4."""
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
    """Return the lines on the letter, the report before, today, and when the report is ready."""
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
    """Return a wide and a narrow picture, of which the page shows one, and the same as a table."""
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


# --- amounts --------------------------------------------------------------------------------------


LIMITS = ("overlap_at_least", "overlap_below", "gap_above", "gap_at_most")
UNITS = {"days": ("fit_one_day", "fit_many_days"), "months": ("fit_one_month", "fit_many_months")}
REVIEWED = "soc2"  # read against the year that a reviewer looks back on


def year_name(rules: PeriodRules) -> str:
    """Return which kind of year a report is read against: fiscal, or review."""
    return "review" if rules.report_id == REVIEWED else "fiscal"


def amount(rules: PeriodRules, count: int, unit: str) -> str:
    """Return a number of days or months in words."""
    singular, plural = UNITS[unit]
    number = str(count) if count >= 0 else rules.text("fit_minus", count=str(-count))
    return rules.text(singular if abs(count) == 1 else plural, count=number)


# --- numbers -------------------------------------------------------------------------------------


def numbers(rules: PeriodRules, fit: Fit) -> list[Plain]:
    """Return overlap and gap, each with its label, as a value and in words.

    Where the period runs past the year-end, the days beyond it are given instead of a gap.
    """
    year = rules.text(f"fit_year_{year_name(rules)}")
    overlap = {"days": fit.overlap_days, "months": fit.overlap_months}
    lines = [_number(rules, f"overlap_{unit}", n, unit, year=year) for unit, n in overlap.items()]
    lines.insert(1, _share(rules, fit, year))
    if (twelve := _of_twelve(rules, fit)) != fit.overlap_months:
        lines.append(_number(rules, "overlap_of_twelve", twelve, "months", year=year))
    side = "past" if fit.gap_days < 0 else "gap"
    ends = {
        "from": rules.text(f"fit_from_{fit.type_id}"),
        "goal": rules.text(f"fit_goal_{year_name(rules)}"),
    }
    gap = {"days": abs(fit.gap_days), "months": abs(fit.gap_months)}
    return [*lines, *(_number(rules, f"{side}_{unit}", n, unit, **ends) for unit, n in gap.items())]


def _number(rules: PeriodRules, number_id: str, value: int, unit: str, **parts: str) -> Plain:
    return {
        "number_id": number_id,
        "label": rules.text(f"fit_{number_id}", **parts),
        "value": value,
        "text": amount(rules, value, unit),
    }


def _share(rules: PeriodRules, fit: Fit, year: str) -> Plain:
    """Return the share of the year that is covered, in per cent with one decimal."""
    tenths = per_mille(fit.overlap_days, (fit.fiscal_year_end - fit.fiscal_year_start).days + 1)
    return {
        "number_id": "overlap_percent",
        "label": rules.text("fit_overlap_percent", year=year),
        "value": tenths / 10,
        "text": rules.text("fit_percent", share=f"{tenths // 10}.{tenths % 10}"),
    }


def per_mille(part: int, whole: int) -> int:
    """Return a share in tenths of a per cent, halves rounded up, with whole numbers only."""
    return (2000 * part + whole) // (2 * whole)


def _of_twelve(rules: PeriodRules, fit: Fit) -> int:
    """Return the overlap that the table reads: in months of a year of twelve."""
    year = fit.fiscal_year_start, fit.fiscal_year_end
    return measure(fit.start, fit.end, *year, rules.limits["calendar_slack"]).overlap_of_twelve


# --- limits and sources --------------------------------------------------------------------------


def grounds(rules: PeriodRules, fit: Fit) -> Plain:
    """Return which row and which limits decided, how certain that is, and all sources."""
    rule = next(
        r for r in rules.catalog.part(PERIODS).rules if r.reading_rule_id == fit.reading_rule
    )
    limits = [
        _limit(rules, role, threshold_id) for role, threshold_id in _deciding(rules, fit, rule)
    ]
    sources = _sources(rules, fit, [limit["threshold_id"] for limit in limits])
    certainty = rules.text(f"certainty_{fit.evidence}")
    return {
        "limits_title": rules.text("fit_limits", count=str(len(limits))),
        "limits": limits,
        "limits_are": rules.text("fit_limits_are"),
        "rule_id": fit.reading_rule,
        "evidence": {"evidence_id": fit.evidence, "text": certainty},
        "rests_on": rules.text("fit_rule", rule=fit.reading_rule, certainty=certainty),
        "sources_title": f"{rules.text('sources')} ({len(sources)})",
        "sources": sources,
        "fine": f"{rules.text('not_advice')} {rules.catalog.version}.",
    }


def _deciding(rules: PeriodRules, fit: Fit, rule: ReadingRule) -> Iterator[tuple[str, str]]:
    """Yield each threshold that decided the reading or a note: what it limits, and its id."""
    for role in LIMITS:
        if threshold_id := getattr(rule, role):
            yield role, threshold_id
    if fit.bridge_rule in rules.limits:
        yield "bridge", fit.bridge_rule
    if any(note.note_id == "short_period" for note in fit.notes):
        yield "shortest", f"{rules.report_id}_shortest_period"
    yield "slack", "calendar_slack"
    yield "lag", "reporting_lag" if fit.start else "type_1_lag"


def _limit(rules: PeriodRules, role: str, threshold_id: str) -> Plain:
    row, value = rules.catalog.part(PERIODS).thresholds[threshold_id], rules.limits[threshold_id]
    return {
        "threshold_id": threshold_id,
        "label": rules.text(f"fit_limit_{role}"),
        "value": value,
        "unit": row.unit,
        "text": amount(rules, value, row.unit),
        "basis": row.basis,
        "basis_text": rules.text(
            "fit_basis_sure",
            basis=rules.text(f"fit_basis_{row.basis}"),
            certainty=rules.text(f"certainty_{row.provenance.evidence}"),
        ),
        "meaning": row.meaning,
    }


def _sources(rules: PeriodRules, fit: Fit, limit_ids: list[str]) -> list[Plain]:
    """Return every source of a reading, of its notes, and of its limits."""
    rows = rules.catalog.part(PERIODS).thresholds
    ids = [
        *fit.source_ids,
        *fit.bridge_source_ids,
        *(source_id for note in fit.notes for source_id in note.source_ids),
        *(source_id for name in limit_ids for source_id in rows[name].provenance.source_ids),
    ]
    return source_list(rules.catalog, ids)


# --- the card as plain values ---------------------------------------------------------------------


NEEDED = {
    TYPE_1: ("end", "fiscal_year_end"),
    TYPE_2: ("start", "end", "fiscal_year_end"),
}
DAYS = ("start", "end", "fiscal_year_start", "fiscal_year_end", "previous_end", "today")
ODD = re.compile(r"[^ -~]|['\\]")  # letters that Python and a browser would not quote alike
PICTURES = {"svg": 840, "narrow_svg": 480}  # widths of the pictures; the longest caption fits both
# Notes that get a line of their own instead of a place in the list of notes.
RELATIONS = ("contiguous", "break", "overlapping")
STAGES = ("future", "future_date", "running", "ended")


def fit_plain(
    choice: CalendarChoice, *, voice: str = VOICES[0], catalog: Catalog | None = None
) -> Plain:
    """Return all that the card of a choice shows, as JSON-ready values in words.

    ``ready`` is false while a needed day is blank: ``hint`` says which, ``missing`` has their
    fields. ``faults`` are the sentences on days that are not possible, ``wrong`` their fields. In
    both cases there is nothing else. Raises ``PeriodError`` for an unknown report, type or voice.
    """
    rules = period_rules(choice.report, voice, catalog=catalog)
    if choice.type_id not in NEEDED:
        raise PeriodError(did_you_mean("type", choice.type_id, NEEDED))
    texts, names = _field_texts(choice), _field_names(rules, choice)
    missing = [name for name in NEEDED[choice.type_id] if texts[name] is None]
    head = _head(rules, choice, missing, names)
    if missing:
        return head
    longest = rules.limits["longest_period"]
    days, faults = checked_days(texts, needed=(), longest=longest, read=read_iso, called=names)
    if faults:
        wrong, sentences = zip(*faults, strict=True)
        return head | {"faults": list(sentences), "wrong": list(wrong)}
    end, year_end = needed_day(days, "end"), needed_day(days, "fiscal_year_end")
    year = days["fiscal_year_start"] or year_start(year_end), year_end
    fit = fit_of_days(rules, (days["start"], end), year, days["previous_end"], days["today"])
    return head | _described(rules, fit, days["today"])


def _field_texts(choice: CalendarChoice) -> dict[str, str | None]:
    """Return the text of each day's field, or None where it is blank or not read."""
    texts = {name: ODD.sub("?", getattr(choice, name)) or None for name in DAYS}
    return texts | ({"start": None} if choice.type_id == TYPE_1 else {})


def _field_names(rules: PeriodRules, choice: CalendarChoice) -> dict[str, str]:
    """Return what each day's field is called on screen."""
    own = {"end": "as_of"} if choice.type_id == TYPE_1 else {}
    if year_name(rules) == "review":
        own |= {"fiscal_year_start": "review_start", "fiscal_year_end": "review_end"}
    return {name: rules.text(f"fit_field_{own.get(name, name)}") for name in DAYS}


def _head(
    rules: PeriodRules, choice: CalendarChoice, missing: list[str], names: dict[str, str]
) -> Plain:
    """Return what the card has for every choice."""
    *most, last = [names[name] for name in missing] or [""]
    dates = f"{', '.join(most)} {rules.text('and')} {last}" if most else last
    return {
        "voice": rules.voice,
        "version": rules.catalog.version,
        "report": choice.report,
        "type_id": choice.type_id,
        "title": rules.text("fit_title"),
        "ready": not missing,
        "hint": rules.text("fit_hint", dates=dates) if missing else "",
        "missing": missing,
        "faults_title": rules.text("fit_faults"),
        "faults": [],
        "wrong": [],
    }


def _described(rules: PeriodRules, fit: Fit, today: date | None) -> Plain:
    """Return what the card shows for days that are possible."""
    own_lines = {*RELATIONS, *STAGES}
    return {
        "headline": _headline(rules, fit),
        "reading": _reading(rules, fit),
        "numbers_title": rules.text("fit_numbers"),
        "numbers": numbers(rules, fit),
        "bridge": _bridge(rules, fit),
        "continuity": _continuity(rules, fit),
        "stage": _stage(rules, fit, today),
        "ready_on": {
            "day": fit.ready_on.isoformat(),
            "label": rules.text("fit_ready_on"),
            "text": rules.text("fit_from_day", day=rules.day(fit.ready_on)),
        },
        "notes_title": rules.text("fit_notes"),
        "notes": [_note(rules, note) for note in fit.notes if note.note_id not in own_lines],
        "timeline": _timeline(rules, fit, today),
        **grounds(rules, fit),
    }


def _headline(rules: PeriodRules, fit: Fit) -> str:
    """Return the reading and why, in one sentence."""
    report = next(
        r.title for r in rules.catalog.part(VERDICT).reports if r.report_id == fit.report_id
    )
    parts = {"report": report, "type": rules.text(f"first_{fit.type_id}"), "reading": fit.reading}
    if fit.start is None:
        return rules.text("fit_headline_type_1", **parts, end=rules.day(fit.end))
    return rules.text("fit_headline", **parts, because=fit.because)


def _reading(rules: PeriodRules, fit: Fit) -> Plain:
    reading = rules.catalog.part(PERIODS).readings[fit.reading_id]
    return {
        "reading_id": reading.reading_id,
        "label": reading.label,
        "mark": reading.mark,
        "meaning": reading.meaning[rules.voice],
    }


def _bridge(rules: PeriodRules, fit: Fit) -> Plain:
    """Return whether a letter helps, why, and which sources say so."""
    answer = (
        "fit_bridge_not_needed"
        if fit.bridge_rule == "bridge_none"
        else ("answer_yes" if fit.bridgeable else "answer_no")
    )
    sources = source_list(rules.catalog, list(fit.bridge_source_ids))
    publishers = "; ".join(dict.fromkeys(source["publisher"] for source in sources))
    return {
        "label": rules.text("fit_bridge"),
        "bridgeable": fit.bridgeable,
        "answer": rules.text(answer),
        "reason": fit.bridge_reason,
        "rule_id": fit.bridge_rule,
        "rests_on": rules.text("fit_rests_on", publishers=publishers),
        "sources": sources,
    }


def _continuity(rules: PeriodRules, fit: Fit) -> Plain | None:
    """Return how the period follows the one before; None where that is not known."""
    if not fit.continuity:
        return None
    text = _first_note(fit, RELATIONS)
    return {"state": fit.continuity, "label": rules.text("fit_continuity"), "text": text}


def _stage(rules: PeriodRules, fit: Fit, today: date | None) -> Plain | None:
    """Return whether the period is over on a day; None without one."""
    if today is None:
        return None
    text = _first_note(fit, STAGES) or rules.text("fit_stage_passed")
    return {
        "state": fit.stage,
        "label": rules.text("fit_stage", day=rules.day(today)),
        "text": text,
    }


def _first_note(fit: Fit, note_ids: tuple[str, ...]) -> str:
    return next((note.text for note in fit.notes if note.note_id in note_ids), "")


def _note(rules: PeriodRules, note: Note) -> Plain:
    """Return a sentence, with its certainty where that is less than confirmed."""
    sure = note.evidence == "confirmed"
    return {
        "note_id": note.note_id,
        "text": note.text,
        "evidence_id": note.evidence,
        "certainty": "" if sure else rules.text(f"certainty_{note.evidence}"),
    }


def _timeline(rules: PeriodRules, fit: Fit, today: date | None) -> Plain:
    """Return the timeline in words, as a wide picture and as a narrow one."""
    items = timeline_items([fit], voice=rules.voice, catalog=rules.catalog)
    rows = timeline_rows(items, today=today, voice=rules.voice, catalog=rules.catalog)
    pictures = {
        name: timeline_svg(
            items, today=today, width=width, voice=rules.voice, catalog=rules.catalog
        )
        for name, width in PICTURES.items()
    }
    return {
        "title": rules.text("timeline_title"),
        "rows": [[row.what, row.lane, row.start, row.end, row.days] for row in rows],
        "lines": [f"{row.lane}: {row.caption}" if row.lane else row.caption for row in rows],
        **pictures,
    }

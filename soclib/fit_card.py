"""How a report period fits a fiscal year, as a card: plain values, HTML and text.

``fit_plain`` makes everything that the card shows, already in words; ``widgets/periods.js`` makes
the same values and the same HTML in the browser, and tests compare them. What only lays them out
is documented in ``fit_layout``, what the browser needs in ``fit_tables``.
"""

from __future__ import annotations

import re
from datetime import date

from soclib.basis import Basis, Note, basis
from soclib.cards import Plain, source_list
from soclib.dates import PeriodError, read_iso, year_start
from soclib.decision import unknown
from soclib.drawing import timeline_svg
from soclib.fit_grounds import grounds, numbers, year_name
from soclib.fit_layout import fit_html, fit_text
from soclib.fit_tables import Choice, period_tables
from soclib.fitting import TYPE_1, TYPE_2, Fit, fit_read
from soclib.model import VOICES, Catalog
from soclib.timeline import timeline_items, timeline_rows
from soclib.year_ends import checked_days, given

__all__ = ["Choice", "fit_html", "fit_plain", "fit_text", "period_tables"]

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
        raise PeriodError(unknown("type", choice.type_id, NEEDED))
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
    report = next(r.title for r in by.catalog.reports if r.report_id == fit.report_id)
    parts = {"report": report, "type": by.word(f"first_{fit.type_id}"), "reading": fit.reading}
    if fit.start is None:
        return by.word("fit_headline_type_1", **parts, end=by.day(fit.end))
    return by.word("fit_headline", **parts, because=fit.because)


def _reading(by: Basis, fit: Fit) -> Plain:
    found = by.catalog.periods.readings[fit.reading_id]
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

"""What Python and the browser exchange: the days chosen in a calendar, and the tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, NamedTuple

from soclib.catalog import Catalog
from soclib.claims.sources import source_list
from soclib.dates import FIRST_YEAR, LAST_YEAR, MONTHS
from soclib.paper.sheets import Plain
from soclib.periods.tables import PERIODS, TYPE_2, PeriodTables, WorkedPeriod
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

PREFIXES = ("calendar_", "certainty_", "fit_", "timeline_", "voice_")
WORDS = (
    *("month_names", "one_day", "many_days", "first_type_1", "first_type_2", "and", "sources"),
    *("answer_yes", "answer_no", "not_advice"),
)
NOTES = (
    *("bridge_yes", "bridge_too_long", "bridge_none", "bridge_no_overlap", "bridge_as_of"),
    *("as_of", "ends_after", "starts_inside", "whole_year", "short_period"),
    *("contiguous", "break", "overlapping", "future", "running", "ended", "future_date"),
)


class CalendarChoice(NamedTuple):
    """What is chosen in a calendar; days are ISO texts, blank while nothing is filled in.

    ``report`` is soc1 or soc2, ``type_id`` type_1 or type_2. A Type 1 is as of ``end``; its
    ``start`` is not read. For soc2 the fiscal year is the year that a reviewer looks back on, and
    ``fiscal_year_end`` the day of the review.
    """

    report: str = "soc1"
    type_id: str = TYPE_2
    start: str = ""
    end: str = ""
    fiscal_year_end: str = ""
    fiscal_year_start: str = ""
    previous_end: str = ""
    today: str = ""


def period_tables(catalog: Catalog) -> Plain:
    """Return what ``periods/periods.js`` reads, as JSON: words, thresholds, rules, readings, notes.

    ``sources`` are those that they name; ``worked`` are the worked cases, each with the choice that
    shows it on the card.
    """
    tables = catalog.part(PERIODS)
    sourced = {
        "thresholds": {key: _record(row) for key, row in tables.thresholds.items()},
        "rules": [_record(row) for row in tables.rules],
        "notes": _notes(tables),
    }
    return {
        "version": catalog.version,
        "years": [FIRST_YEAR, LAST_YEAR],
        "months": [name.title() for name in MONTHS],
        "wording": {voice: _words(catalog, voice) for voice in VOICES},
        "reports": {report.report_id: report.title for report in catalog.part(VERDICT).reports},
        "readings": {key: _record(row) for key, row in tables.readings.items()},
        **sourced,
        "sources": _sources(sourced, catalog),
        "worked": [_worked(case) for case in tables.worked],
    }


def _words(catalog: Catalog, voice: str) -> dict[str, str]:
    """Return the texts of a card in one voice."""
    return {
        text_id: text
        for text_id, text in words_of(catalog, voice).items()
        if text_id.startswith(PREFIXES) or text_id in WORDS
    }


def _record(record: Any) -> Plain:  # noqa: ANN401 - any record of a table on periods
    """Return the fields of a record, and of its provenance only what a card shows."""
    plain = asdict(record)
    provenance = plain.pop("provenance")
    return plain | {
        "source_ids": list(provenance["source_ids"]),
        "evidence": provenance["evidence"],
    }


def _notes(tables: PeriodTables) -> dict[str, dict[str, Plain]]:
    """Return the sentences by note and report, the report blank where one is for all."""
    notes: dict[str, dict[str, Plain]] = {note_id: {} for note_id in NOTES}
    for (note_id, report_id), row in tables.notes.items():
        if note_id in notes:
            notes[note_id][report_id] = _record(row)
    return notes


def _sources(plain: Plain, catalog: Catalog) -> dict[str, Plain]:
    """Return the sources that rules, notes and thresholds name."""
    rows = [*plain["rules"], *plain["thresholds"].values()]
    rows += [note for by_report in plain["notes"].values() for note in by_report.values()]
    ids = dict.fromkeys(source_id for row in rows for source_id in row["source_ids"])
    return {source["source_id"]: source for source in source_list(catalog, list(ids))}


def _worked(case: WorkedPeriod) -> Plain:
    """Return a worked case with the choice that shows it on the card."""
    choice = CalendarChoice(
        start=case.period_start.isoformat(),
        end=case.period_end.isoformat(),
        fiscal_year_end=case.fiscal_year_end.isoformat(),
    )
    return {
        "case_id": case.case_id,
        "title": case.title,
        "lesson": case.lesson,
        "choice": choice._asdict(),
    }

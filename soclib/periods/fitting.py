"""Whether a report period fits a fiscal year: overlap, gap, reading, and whether a letter bridges.

The reading comes from ``period_readings.csv`` over overlap and gap in calendar months (see
``measuring``), its limits from ``thresholds.csv``; users may edit both. Nothing here knows today's
date: pass ``today`` to learn whether a period is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import ONE_DAY, Day, MonthDay, full_months, year_start
from soclib.periods.given import AnyYearEnd, needed_day, read_days, read_many
from soclib.periods.measuring import Measure, measure, slack_end
from soclib.periods.rules import Note, PeriodRules, period_rules
from soclib.periods.tables import PERIODS, TYPE_1, TYPE_2
from soclib.tables.rows import VOICES


class Fit(NamedTuple):
    """How one report meets one fiscal year; days are counted with both ends.

    ``gap_days`` is the year-end minus the period's end: 0 or negative when the period reaches or
    passes it. Months are calendar months (see ``measuring``). ``reading_rule`` and ``bridge_rule``
    name the row that decided, ``bridge_source_ids`` its sources. ``continuity`` is contiguous,
    break or overlapping with ``continuity_days`` between the reports (negative: in both), or blank.
    ``stage`` is future, running or ended, or blank when no ``today`` was given.
    """

    report_id: str
    type_id: str
    start: date | None
    end: date
    fiscal_year_start: date
    fiscal_year_end: date
    overlap_days: int
    overlap_share: float
    overlap_months: int
    gap_days: int
    gap_months: int
    before_days: int
    reading: str
    reading_id: str
    reading_rule: str
    because: str
    bridgeable: bool
    bridge_reason: str
    bridge_rule: str
    bridge_source_ids: tuple[str, ...]
    continuity: str
    continuity_days: int
    stage: str
    ready_on: date
    notes: tuple[Note, ...]
    source_ids: tuple[str, ...]
    evidence: str


# --- one fiscal year ------------------------------------------------------------------------------


def fit(  # noqa: PLR0913 - one keyword for each thing that may be known
    start: Day | None,
    end: Day,
    fiscal_year_end: Day,
    fiscal_year_start: Day | None = None,
    *,
    report: str = "soc1",
    previous_end: Day | None = None,
    today: Day | None = None,
    voice: str = VOICES[0],
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> Fit:
    """Return how a report period meets a fiscal year; without ``start`` it is as of ``end``.

    Days are dates or ISO text. ``fiscal_year_start`` is the day after the year before ended, unless
    it is given (52/53-week, short and long years). For ``soc2`` the fiscal year is the year that a
    reviewer looks back on: give the day of the review as ``fiscal_year_end``. ``previous_end`` is
    the last day of the report before this one. Raises ``PeriodError`` that lists every fault.
    """
    rules = period_rules(report, voice, thresholds, catalog)
    named = {
        "start": start,
        "end": end,
        "fiscal_year_start": fiscal_year_start,
        "fiscal_year_end": fiscal_year_end,
        "previous_end": previous_end,
        "today": today,
    }
    days = read_days(
        named, needed=("end", "fiscal_year_end"), longest=rules.limits["longest_period"]
    )
    last, year_end = needed_day(days, "end"), needed_day(days, "fiscal_year_end")
    year = (days["fiscal_year_start"] or year_start(year_end), year_end)
    return fit_of_days(rules, (days["start"], last), year, days["previous_end"], days["today"])


def fit_of_days(
    rules: PeriodRules,
    period: tuple[date | None, date],
    year: tuple[date, date],
    previous_end: date | None = None,
    today: date | None = None,
) -> Fit:
    """Return how a period meets a fiscal year, both as their first and last days, already read."""
    start, end = period
    measured = measure(start, end, *year, rules.limits["calendar_slack"])
    rule = rules.table.rule_for(measured)
    reading = rules.catalog.part(PERIODS).readings[rule.reading_id]
    bridge = _bridge(rules, start, measured)
    continuity = _continuity(rules, start, previous_end)
    stage = _stage(rules, start, end, today)
    as_of = rules.note("as_of", end=rules.day(end)).text
    return Fit(
        report_id=rules.report_id,
        type_id=TYPE_2 if start else TYPE_1,
        start=start,
        end=end,
        fiscal_year_start=year[0],
        fiscal_year_end=year[1],
        overlap_days=measured.overlap_days,
        overlap_share=measured.overlap_days / measured.year_days,
        overlap_months=measured.overlap_months,
        gap_days=measured.gap_days,
        gap_months=measured.gap_months,
        before_days=measured.before_days,
        reading=reading.label,
        reading_id=reading.reading_id,
        reading_rule=rule.reading_rule_id,
        because=rule.because[rules.voice] if start else as_of,
        bridgeable=bridge.spans,
        bridge_reason=bridge.reason,
        bridge_rule=bridge.rule_id,
        bridge_source_ids=bridge.source_ids,
        continuity=continuity.name,
        continuity_days=continuity.days,
        stage=stage.name,
        ready_on=delivered_on(rules, start, end),
        notes=(*_notes(rules, start, end, measured), *continuity.notes, *stage.notes),
        source_ids=rule.provenance.source_ids,
        evidence=rule.provenance.evidence,
    )


class _Bridge(NamedTuple):
    """Whether a letter spans the gap, why, which row decided, and its sources."""

    spans: bool
    reason: str
    rule_id: str
    source_ids: tuple[str, ...]


class _Status(NamedTuple):
    """A name for a state, a number of days, and the sentences that go with it."""

    name: str = ""
    days: int = 0
    notes: tuple[Note, ...] = ()


def delivered_on(rules: PeriodRules, start: date | None, end: date) -> date:
    """Return when a report is usually delivered, by the threshold for its type."""
    return end + timedelta(days=rules.limits["reporting_lag" if start else "type_1_lag"])


def _bridge(rules: PeriodRules, start: date | None, measured: Measure) -> _Bridge:
    """Return whether a letter from management spans the rest of the year."""
    if start is None:
        note = rules.note("bridge_as_of")
    elif not measured.overlap_days:
        note = rules.note("bridge_no_overlap")
    elif measured.gap_days <= 0:
        note = rules.note("bridge_none")
    else:
        return _bridge_of(rules, measured)
    return _Bridge(note.note_id == "bridge_none", note.text, note.note_id, note.source_ids)


def _bridge_of(rules: PeriodRules, measured: Measure) -> _Bridge:
    """Return whether a letter spans a gap, by the threshold for the longest one."""
    threshold = rules.catalog.part(PERIODS).thresholds["bridge_longest"]
    limit = rules.limits[threshold.threshold_id]
    spans = measured.gap_months <= limit
    gap = rules.days(measured.gap_days)
    note = rules.note("bridge_yes" if spans else "bridge_too_long", gap=gap, limit=str(limit))
    return _Bridge(spans, note.text, threshold.threshold_id, threshold.provenance.source_ids)


def _continuity(rules: PeriodRules, start: date | None, previous_end: date | None) -> _Status:
    """Return how a period follows the last one; blank for a Type 1, or when there was none."""
    if start is None or previous_end is None:
        return _Status()
    between = (start - previous_end).days - 1
    name = "contiguous" if between == 0 else "break" if between > 0 else "overlapping"
    return _Status(name, between, (rules.note(name, days=rules.days(abs(between))),))


def _stage(rules: PeriodRules, start: date | None, end: date, today: date | None) -> _Status:
    """Return whether a period is over on a day; blank without one."""
    if today is None:
        return _Status()
    if today < (start or end):
        return _Status("future", 0, (rules.note("future" if start else "future_date"),))
    if today <= end and start:
        return _Status("running", 0, (rules.note("running"),))
    ready = rules.day(delivered_on(rules, start, end))
    return _Status("ended", 0, (rules.note("ended", ready=ready),) if start else ())


def _notes(rules: PeriodRules, start: date | None, end: date, measured: Measure) -> Iterator[Note]:
    """Yield what else is worth knowing about a period, the most important first."""
    if start is None:
        yield rules.note("as_of", end=rules.day(end))
        return
    if measured.overlap_days == measured.year_days:
        yield rules.note("whole_year")
    if measured.overlap_days and measured.before_days:
        yield rules.note("starts_inside", days=rules.days(measured.before_days))
    if measured.gap_days < 0:
        yield rules.note("ends_after", days=rules.days(-measured.gap_days))
    shortest = rules.limits.get(f"{rules.report_id}_shortest_period", 0)
    if full_months(start, slack_end(end, rules.limits["calendar_slack"])) < shortest:
        yield rules.note("short_period", limit=str(shortest))


# --- many fiscal years ----------------------------------------------------------------------------


def fit_many(  # noqa: PLR0913 - as above
    start: Day | None,
    end: Day,
    year_ends: Iterable[AnyYearEnd],
    *,
    report: str = "soc1",
    previous_end: Day | None = None,
    today: Day | None = None,
    voice: str = VOICES[0],
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> tuple[Fit, ...]:
    """Return how one report meets each of many fiscal years, in their order.

    A year-end is a day, a first and a last day, or a ``YearEnd``; for one of every year, the fiscal
    year that the report serves best is taken. Raises the errors of ``fit``.
    """
    rules = period_rules(report, voice, thresholds, catalog)
    longest = rules.limits["longest_period"]
    named = {"start": start, "end": end, "previous_end": previous_end, "today": today}
    days = read_days(named, needed=("end",), longest=longest)
    period = (days["start"], needed_day(days, "end"))
    keys = [(key.end, key.start) for key in read_many(year_ends, longest)]
    fits = {
        key: fit_of_days(
            rules, period, year_of(rules, period, *key), days["previous_end"], days["today"]
        )
        for key in dict.fromkeys(keys)
    }
    return tuple(fits[key] for key in keys)


def year_of(
    rules: PeriodRules,
    period: tuple[date | None, date],
    end: date | MonthDay,
    start: date | None = None,
) -> tuple[date, date]:
    """Return the first and last day of the fiscal year that a period is read against.

    A year-end of every year means the year that the period serves best: the best
    reading, then the longest overlap, then the smallest gap, then the earliest.
    """
    if isinstance(end, date):
        return start or year_start(end), end
    readings, slack = rules.catalog.part(PERIODS).readings, rules.limits["calendar_slack"]

    def rank(year: tuple[date, date]) -> tuple[int, int, int, date]:
        measured = measure(*period, *year, slack)
        reading = readings[rules.table.rule_for(measured).reading_id]
        return reading.rank, -measured.overlap_days, abs(measured.gap_days), year[1]

    first, last = (period[0] or period[1]).year, period[1].year + 1
    years = [(end.in_year(y - 1) + ONE_DAY, end.in_year(y)) for y in range(first, last + 1)]
    return min(years, key=rank)

"""Whether a report period fits a fiscal year: overlap, gap, reading, and whether a letter bridges.

The reading comes from ``period_readings.csv`` over overlap and gap in calendar months (see
``readings``), its limits from ``thresholds.csv``; both are a reader's to edit. Nothing here
knows today's date: pass ``today`` to learn whether a period is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import ONE_DAY, Day, MonthDay, full_months, year_start
from soclib.periods.given import AnyYearEnd, given, read_days, read_many
from soclib.periods.reading import Basis, Measure, Note, basis, measure, slack_end
from soclib.periods.tables import PERIODS
from soclib.tables.rows import VOICES

TYPE_1, TYPE_2 = "type_1", "type_2"


class Fit(NamedTuple):
    """How one report meets one fiscal year; days are counted with both ends.

    ``gap_days`` is the year-end minus the period's end: 0 or negative when the period reaches or
    passes it. Months are calendar months (see ``reading``). ``reading_rule`` and ``bridge_rule``
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


def fit(  # noqa: PLR0913 - one keyword for each thing that a reader may know
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
    by = basis(report, voice, thresholds, catalog)
    named = {
        "start": start,
        "end": end,
        "fiscal_year_start": fiscal_year_start,
        "fiscal_year_end": fiscal_year_end,
        "previous_end": previous_end,
        "today": today,
    }
    days = read_days(named, needed=("end", "fiscal_year_end"), longest=by.limits["longest_period"])
    last, year_end = given(days, "end"), given(days, "fiscal_year_end")
    year = (days["fiscal_year_start"] or year_start(year_end), year_end)
    return fit_read(by, (days["start"], last), year, days["previous_end"], days["today"])


def fit_read(
    by: Basis,
    period: tuple[date | None, date],
    year: tuple[date, date],
    previous_end: date | None = None,
    today: date | None = None,
) -> Fit:
    """Return how a period meets a fiscal year, both as their first and last days, already read."""
    start, end = period
    found = measure(start, end, *year, by.limits["calendar_slack"])
    rule = by.table.read(found)
    reading = by.catalog.part(PERIODS).readings[rule.reading_id]
    bridge = _bridge(by, start, found)
    relation = _relation(by, start, previous_end)
    stage = _stage(by, start, end, today)
    as_of = by.note("as_of", end=by.day(end)).text
    return Fit(
        report_id=by.report_id,
        type_id=TYPE_2 if start else TYPE_1,
        start=start,
        end=end,
        fiscal_year_start=year[0],
        fiscal_year_end=year[1],
        overlap_days=found.overlap_days,
        overlap_share=found.overlap_days / found.year_days,
        overlap_months=found.overlap_months,
        gap_days=found.gap_days,
        gap_months=found.gap_months,
        before_days=found.before_days,
        reading=reading.label,
        reading_id=reading.reading_id,
        reading_rule=rule.reading_rule_id,
        because=rule.because[by.voice] if start else as_of,
        bridgeable=bridge.spans,
        bridge_reason=bridge.reason,
        bridge_rule=bridge.rule_id,
        bridge_source_ids=bridge.source_ids,
        continuity=relation.name,
        continuity_days=relation.days,
        stage=stage.name,
        ready_on=delivered_on(by, start, end),
        notes=(*_notes(by, start, end, found), *relation.notes, *stage.notes),
        source_ids=rule.provenance.source_ids,
        evidence=rule.provenance.evidence,
    )


class _Bridge(NamedTuple):
    """Whether a letter spans the gap, why, which row decided, and its sources."""

    spans: bool
    reason: str
    rule_id: str
    source_ids: tuple[str, ...]


class _Said(NamedTuple):
    """A word for how things stand, a number of days, and the sentences that go with it."""

    name: str = ""
    days: int = 0
    notes: tuple[Note, ...] = ()


def delivered_on(by: Basis, start: date | None, end: date) -> date:
    """Return when a report is usually in the reader's hands, by the threshold for its type."""
    return end + timedelta(days=by.limits["reporting_lag" if start else "type_1_lag"])


def _bridge(by: Basis, start: date | None, found: Measure) -> _Bridge:
    """Return whether a letter from management spans what is left of the year."""
    if start is None:
        note = by.note("bridge_as_of")
    elif not found.overlap_days:
        note = by.note("bridge_no_overlap")
    elif found.gap_days <= 0:
        note = by.note("bridge_none")
    else:
        return _bridge_of(by, found)
    return _Bridge(note.note_id == "bridge_none", note.text, note.note_id, note.source_ids)


def _bridge_of(by: Basis, found: Measure) -> _Bridge:
    """Return whether a letter spans a gap, by the threshold for the longest one."""
    threshold = by.catalog.part(PERIODS).thresholds["bridge_longest"]
    limit = by.limits[threshold.threshold_id]
    spans = found.gap_months <= limit
    gap = by.days(found.gap_days)
    note = by.note("bridge_yes" if spans else "bridge_too_long", gap=gap, limit=str(limit))
    return _Bridge(spans, note.text, threshold.threshold_id, threshold.provenance.source_ids)


def _relation(by: Basis, start: date | None, previous_end: date | None) -> _Said:
    """Return how a period follows the last one; blank for a date, or when there is none."""
    if start is None or previous_end is None:
        return _Said()
    between = (start - previous_end).days - 1
    name = "contiguous" if between == 0 else "break" if between > 0 else "overlapping"
    return _Said(name, between, (by.note(name, days=by.days(abs(between))),))


def _stage(by: Basis, start: date | None, end: date, today: date | None) -> _Said:
    """Return whether a period is over on a day; blank without one."""
    if today is None:
        return _Said()
    if today < (start or end):
        return _Said("future", 0, (by.note("future" if start else "future_date"),))
    if today <= end and start:
        return _Said("running", 0, (by.note("running"),))
    ready = by.day(delivered_on(by, start, end))
    return _Said("ended", 0, (by.note("ended", ready=ready),) if start else ())


def _notes(by: Basis, start: date | None, end: date, found: Measure) -> Iterator[Note]:
    """Yield what else a reader should know of a period, from what is most to the point."""
    if start is None:
        yield by.note("as_of", end=by.day(end))
        return
    if found.overlap_days == found.year_days:
        yield by.note("whole_year")
    if found.overlap_days and found.before_days:
        yield by.note("starts_inside", days=by.days(found.before_days))
    if found.gap_days < 0:
        yield by.note("ends_after", days=by.days(-found.gap_days))
    shortest = by.limits.get(f"{by.report_id}_shortest_period", 0)
    if full_months(start, slack_end(end, by.limits["calendar_slack"])) < shortest:
        yield by.note("short_period", limit=str(shortest))


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

    A year-end is a day, a first and a last day, or a ``YearEnd``; of one that comes back every year
    the fiscal year is taken that the report serves best. Raises as ``fit`` does.
    """
    by = basis(report, voice, thresholds, catalog)
    longest = by.limits["longest_period"]
    named = {"start": start, "end": end, "previous_end": previous_end, "today": today}
    days = read_days(named, needed=("end",), longest=longest)
    period = (days["start"], given(days, "end"))
    keys = [(key.end, key.start) for key in read_many(year_ends, longest)]
    fits = {
        key: fit_read(by, period, year_of(by, period, *key), days["previous_end"], days["today"])
        for key in dict.fromkeys(keys)
    }
    return tuple(fits[key] for key in keys)


def year_of(
    by: Basis, period: tuple[date | None, date], end: date | MonthDay, start: date | None = None
) -> tuple[date, date]:
    """Return the first and last day of the fiscal year that a period is read against.

    A year-end that comes back every year stands for the year that the period serves best: the best
    reading, then the longest overlap, then the smallest gap, then the earliest.
    """
    if isinstance(end, date):
        return start or year_start(end), end
    readings, slack = by.catalog.part(PERIODS).readings, by.limits["calendar_slack"]

    def rank(year: tuple[date, date]) -> tuple[int, int, int, date]:
        found = measure(*period, *year, slack)
        reading = readings[by.table.read(found).reading_id]
        return reading.rank, -found.overlap_days, abs(found.gap_days), year[1]

    first, last = (period[0] or period[1]).year, period[1].year + 1
    years = [(end.in_year(y - 1) + ONE_DAY, end.in_year(y)) for y in range(first, last + 1)]
    return min(years, key=rank)

"""What a period can show of controls: how often each ran, and what one miss would do.

How often a control runs is a row of ``cadences.csv``. Sample sizes are given by the caller: no
standard sets one, and ``sample_sizes.csv`` only has examples from practice.

With an anchor (a day on which the control runs) the number is exact; without one it lies between
the fewest and the most that any anchor would give. What is due on the 31st is due on the last day
of a shorter month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.dates import Day, PeriodError, full_months, read_day
from soclib.errors import DataError, Fault, did_you_mean
from soclib.periods.given import needed_day, read_days
from soclib.periods.measuring import slack_end
from soclib.periods.rules import Note, PeriodRules, period_rules
from soclib.periods.tables import PERIODS, TWELVE, Cadence
from soclib.tables.files import own_rows
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES, Row
from soclib.words import fill, words_of

WEEK = 7
WORKDAYS = 5  # in a week; public holidays are not known here
LONGEST_MONTH = 31


class CountRange(NamedTuple):
    """How often something happens, at least and at most."""

    least: int
    most: int


def every_days(step: int, first: date, last: date, anchor: date | None) -> CountRange:
    """Return how often something happens that happens every ``step`` days."""
    days = (last - first).days + 1
    if days <= 0:
        return CountRange(0, 0)
    if anchor is None:
        return CountRange(days // step, -(-days // step))
    count = (last - anchor).days // step - ((first - anchor).days - 1) // step
    return CountRange(count, count)


def on_workdays(first: date, last: date) -> CountRange:
    """Return the number of days from Monday to Friday; public holidays count as workdays."""
    weeks, rest = divmod(max((last - first).days + 1, 0), WEEK)
    left = sum((first + timedelta(days=n)).weekday() < WORKDAYS for n in range(rest))
    return CountRange(*[weeks * WORKDAYS + left] * 2)


def every_months(step: int, first: date, last: date, anchor: date | None) -> CountRange:
    """Return how often something happens that happens every ``step`` months."""
    if last < first:
        return CountRange(0, 0)
    if anchor is None:
        return _any_months(step, first, last)
    count = _month_count(step, first, last, anchor.year * TWELVE + anchor.month, anchor.day)
    return CountRange(count, count)


@lru_cache(maxsize=1024)
def _any_months(step: int, first: date, last: date) -> CountRange:
    """Return the fewest and the most over every first month and every day of it."""
    schedules = product(range(step), range(1, LONGEST_MONTH + 1))
    counts = [_month_count(step, first, last, month, day) for month, day in schedules]
    return CountRange(min(counts), max(counts))


def _month_count(step: int, first: date, last: date, month: int, day: int) -> int:
    """Return how often a day of every ``step``-th month occurs, counted from ``month``."""
    before = first - timedelta(days=1)
    return _occurrences(step, last, month, day) - _occurrences(step, before, month, day)


def _occurrences(step: int, until: date, month: int, day: int) -> int:
    """Return the number of the last occurrence up to a day; number 0 is in the month given."""
    number = (until.year * TWELVE + until.month - month) // step
    year, index = divmod(month + number * step - 1, TWELVE)
    reached = (year, index + 1) < (until.year, until.month) or until.day >= min(
        day, monthrange(year, index + 1)[1]
    )
    return number if reached else number - 1


# --- what a period can show of controls -----------------------------------------------------------


DAYS_OF = {"day": 1, "week": WEEK}  # days between runs, by the unit of a cadence
NUMBER = re.compile(r"[0-9]{1,9}")
DEPENDS = "depends"  # on the day on which a control runs


class Control(NamedTuple):
    """A control: how often it runs, since when, and a day on which it runs (``anchor``).

    Days are dates or ISO text. ``operations`` is how often it ran in the period, where that is
    known; ``missed`` is how many of these are assumed to be missed.
    """

    control_id: str
    cadence_id: str
    started: date | None = None
    anchor: date | None = None
    operations: int | None = None
    missed: int = 1


class ControlEvidence(NamedTuple):
    """What a period can show of one control.

    It runs ``least`` to ``most`` times in the period (None: that cannot be counted). ``shown`` is
    whether it can be shown to have operated: yes, no, depends (on its day) or unknown.
    ``days_missing`` are the days of the period before it started. ``missed`` operations are assumed
    to be missed: ``missed_share`` of ``least``, with ``remaining`` left. In a ``sample`` (of the
    size given, at most ``least``) they are ``sample_share``.
    """

    control_id: str
    cadence_id: str
    least: int | None
    most: int | None
    shown: str
    days_missing: int
    missed: int
    missed_share: float | None
    remaining: int | None
    sample: int | None
    sample_share: float | None
    notes: tuple[Note, ...]


class EvidenceWindow(NamedTuple):
    """What a period can show, control by control, and which controls it cannot show."""

    start: date
    end: date
    days: int
    months: int
    rows: tuple[ControlEvidence, ...]
    not_shown: tuple[str, ...]
    depends: tuple[str, ...]
    unknown: tuple[str, ...]


def evidence_window(  # noqa: PLR0913 - one keyword for each thing that may be known
    controls: Iterable[Control],
    start: Day,
    end: Day,
    *,
    samples: Mapping[str, int] | None = None,
    voice: str = VOICES[0],
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> EvidenceWindow:
    """Return what a period can show of controls; ``samples`` are sample sizes by cadence id.

    Raises ``PeriodError`` that lists every bad day, cadence and count, and every repeated id.
    """
    rules = period_rules(voice=voice, thresholds=thresholds, catalog=catalog)
    named = {"start": start, "end": end}
    days = read_days(named, needed=tuple(named), longest=rules.limits["longest_period"])
    first, last = needed_day(days, "start"), needed_day(days, "end")
    faults: list[str] = []
    listed, sizes = tuple(_dated(control, faults) for control in controls), dict(samples or {})
    faults += [*_control_faults(rules, listed), *_sample_faults(rules, sizes)]
    if faults:
        raise PeriodError(faults)
    rows = tuple(_row(rules, control, first, last, sizes) for control in listed)
    return EvidenceWindow(
        start=first,
        end=last,
        days=(last - first).days + 1,
        months=full_months(first, slack_end(last, rules.limits["calendar_slack"])),
        rows=rows,
        not_shown=_ids(rows, NO),
        depends=_ids(rows, DEPENDS),
        unknown=_ids(rows, UNKNOWN),
    )


def _dated(control: Control, faults: list[str]) -> Control:
    """Return a control with its days read, or add what is wrong with them."""
    read: dict[str, date | None] = {}
    for name in ("started", "anchor"):
        value: Day | None = getattr(control, name)
        try:
            read[name] = None if value is None else read_day(value)
        except PeriodError as error:
            faults.append(f"control {control.control_id!r:.80}: {name} {value!s:.40}: {error}")
            read[name] = None
    return control._replace(started=read["started"], anchor=read["anchor"])


def _ids(rows: Sequence[ControlEvidence], shown: str) -> tuple[str, ...]:
    return tuple(row.control_id for row in rows if row.shown == shown)


def _control_faults(rules: PeriodRules, controls: Sequence[Control]) -> Iterator[str]:
    cadences = rules.catalog.part(PERIODS).cadences
    seen = Counter(control.control_id for control in controls)
    for name, count in seen.items():
        if count > 1:
            yield f"control {name!r:.80} occurs {count} times; give each control its own id"
    for control in controls:
        if control.cadence_id not in cadences:
            yield did_you_mean(
                f"cadence of {control.control_id!r:.80}", control.cadence_id, cadences
            )
        if control.missed < 0 or (control.operations or 0) < 0:
            yield f"control {control.control_id!r:.80}: a count is negative; use 0 or more"


def _sample_faults(rules: PeriodRules, samples: Mapping[str, int]) -> Iterator[str]:
    for name, size in samples.items():
        if name not in rules.catalog.part(PERIODS).cadences:
            yield did_you_mean("cadence in samples", name, rules.catalog.part(PERIODS).cadences)
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            yield f"sample size for {name}: {size!r:.40}: use a whole number from 1"


# --- one control ---------------------------------------------------------------------------------


def _row(
    rules: PeriodRules, control: Control, first: date, last: date, samples: Mapping[str, int]
) -> ControlEvidence:
    cadence = rules.catalog.part(PERIODS).cadences[control.cadence_id]
    since = max(first, control.started or first)
    times = _times(control, cadence, since, last)
    shown = _shown(cadence, times, ran=since <= last)
    missing = min((since - first).days, (last - first).days + 1)
    least = times.least if times else None
    size = samples.get(cadence.cadence_id)
    sample = min(size, least) if size and least else None
    missed = min(control.missed, least) if least else control.missed
    return ControlEvidence(
        control_id=control.control_id,
        cadence_id=cadence.cadence_id,
        least=least,
        most=times.most if times else None,
        shown=shown,
        days_missing=missing,
        missed=missed,
        missed_share=missed / least if least else None,
        remaining=least - missed if least else None,
        sample=sample,
        sample_share=min(missed, sample) / sample if sample else None,
        notes=tuple(_notes(rules, cadence, times, shown, (missing, missed))),
    )


def _times(control: Control, cadence: Cadence, first: date, last: date) -> CountRange | None:
    """Return how often a control runs in some days, or None if that is not known."""
    if control.operations is not None:
        return CountRange(control.operations, control.operations)
    if last < first and cadence.unit != "continuous":
        return CountRange(0, 0)
    if cadence.unit == "workday":
        return on_workdays(first, last)
    if cadence.unit in DAYS_OF:
        return every_days(cadence.every * DAYS_OF[cadence.unit], first, last, control.anchor)
    if cadence.unit == "month":
        return every_months(cadence.every, first, last, control.anchor)
    return None


def _shown(cadence: Cadence, times: CountRange | None, *, ran: bool) -> str:
    """Return whether a control can be shown to have operated."""
    if times is None:
        return (YES if ran else NO) if cadence.unit == "continuous" else UNKNOWN
    if times.least >= cadence.least:
        return YES
    return DEPENDS if times.most >= cadence.least else NO


def _notes(
    rules: PeriodRules,
    cadence: Cadence,
    times: CountRange | None,
    shown: str,
    numbers: tuple[int, int],
) -> Iterator[Note]:
    """Yield whether a period can show a control, and what the misses would do."""
    missing, missed = numbers
    parts = {"cadence": cadence.label, "missed": str(missed)}
    if times:
        parts["count"] = _count(rules, times)
    kind = "continuous" if times is None and shown == YES else shown
    yield rules.note(f"window_{kind}", **parts)
    if missing and shown != NO:
        yield rules.note("window_started", days=rules.days(missing))
    if times and times.least and missed:
        left = times.least - missed
        parts |= {"left": str(left), "least": str(times.least)}
        parts["share"] = f"{100 * missed / times.least:.1f}"
        yield rules.note("window_missed" if left >= cadence.least else "window_missed_all", **parts)


def _count(rules: PeriodRules, times: CountRange) -> str:
    """Return a number of operations in words, such as 12, or 0 to 1."""
    if times.least == times.most:
        return str(times.least)
    words = words_of(rules.catalog, rules.voice)["count_range"]
    return fill(words, {"least": str(times.least), "most": str(times.most)})


# --- the user's table ----------------------------------------------------------------------------


def read_controls(
    source: str | Path, *, name: str = "", catalog: Catalog | None = None
) -> tuple[Control, ...]:
    """Return the controls of a CSV, one row each.

    Columns: ``control``, ``cadence`` (id or label) and optionally ``started``, ``anchor``,
    ``operations`` and ``missed``. ``source`` is a file, or the text itself when it holds a line
    break. Raises ``DataError`` that lists every fault.
    """
    catalog = catalog or load_catalog()
    optional = ("started", "anchor", "operations", "missed")
    rows = own_rows(source, ("control", "cadence"), optional, name)
    faults = list(_repeated_ids(rows))
    controls = [_control(row, catalog, faults) for row in rows]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))
    return tuple(controls)


def _repeated_ids(rows: Sequence[Row]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        control = row.cells["control"]
        if not control:
            yield row.fault("control", "must not be blank; fill it in")
        elif control in seen:
            yield row.fault("control", f"is already on line {seen[control]}; use another id")
        seen.setdefault(control, row.line)


def _control(row: Row, catalog: Catalog, faults: list[Fault]) -> Control:
    cadences = catalog.part(PERIODS).cadences
    names = {c.label.lower(): c.cadence_id for c in cadences.values()} | {c: c for c in cadences}
    cadence = names.get(row.cells["cadence"].lower(), "")
    if not cadence:
        faults.append(row.fault("cadence", f"use one of {', '.join(cadences)}"))
    operations, missed = (_number(row, column, faults) for column in ("operations", "missed"))
    return Control(
        row.cells["control"],
        cadence,
        _day(row, "started", faults),
        _day(row, "anchor", faults),
        operations,
        1 if missed is None else missed,
    )


def _number(row: Row, column: str, faults: list[Fault]) -> int | None:
    text = row.cells[column]
    if text and not NUMBER.fullmatch(text):
        faults.append(row.fault(column, "use a whole number, or leave it blank"))
        return None
    return int(text) if text else None


def _day(row: Row, column: str, faults: list[Fault]) -> date | None:
    try:
        return read_day(row.cells[column]) if row.cells[column] else None
    except PeriodError as error:
        faults.append(row.fault(column, str(error)))
        return None

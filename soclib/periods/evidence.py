"""What a period can show of controls: how often each ran, and what one miss would do.

How often a control runs is a row of ``cadences.csv``. Sample sizes are the reader's input:
``sample_sizes.csv`` has examples from practice, and no standard sets one.

With an anchor (a day on which it happens) the number is exact; without one it lies between the
fewest and the most that any anchor would give. What happens on the 31st happens on the last day of
a shorter month.
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
from soclib.periods.given import given, read_days
from soclib.periods.reading import Basis, Note, basis, slack_end
from soclib.periods.tables import PERIODS, Cadence
from soclib.tables.files import own_rows
from soclib.tables.rows import VOICES, Row
from soclib.words import fill, words_of

WEEK = 7
WORKING = 5  # Monday to Friday; public holidays are not known here
LONGEST_MONTH = 31
YEAR = 12  # months


class Times(NamedTuple):
    """The fewest and the most times that are possible."""

    least: int
    most: int


def every_days(step: int, first: date, last: date, anchor: date | None) -> Times:
    """Return how often something comes that comes every ``step`` days."""
    days = (last - first).days + 1
    if days <= 0:
        return Times(0, 0)
    if anchor is None:
        return Times(days // step, -(-days // step))
    count = (last - anchor).days // step - ((first - anchor).days - 1) // step
    return Times(count, count)


def on_workdays(first: date, last: date) -> Times:
    """Return the number of days from Monday to Friday; public holidays count as workdays."""
    weeks, rest = divmod(max((last - first).days + 1, 0), WEEK)
    left = sum((first + timedelta(days=n)).weekday() < WORKING for n in range(rest))
    return Times(*[weeks * WORKING + left] * 2)


def every_months(step: int, first: date, last: date, anchor: date | None) -> Times:
    """Return how often something comes that comes every ``step`` months."""
    if last < first:
        return Times(0, 0)
    if anchor is None:
        return _any_months(step, first, last)
    count = _month_count(step, first, last, anchor.year * YEAR + anchor.month, anchor.day)
    return Times(count, count)


@lru_cache(maxsize=1024)
def _any_months(step: int, first: date, last: date) -> Times:
    """Return the fewest and the most over every month to begin with and every day of it."""
    schedules = product(range(step), range(1, LONGEST_MONTH + 1))
    counts = [_month_count(step, first, last, month, day) for month, day in schedules]
    return Times(min(counts), max(counts))


def _month_count(step: int, first: date, last: date, month: int, day: int) -> int:
    """Return how often a day of every ``step``-th month, ``month`` among them, comes."""
    before = first - timedelta(days=1)
    return _turns(step, last, month, day) - _turns(step, before, month, day)


def _turns(step: int, until: date, month: int, day: int) -> int:
    """Return the number of the last turn up to a day; turn 0 is in the month given."""
    turn = (until.year * YEAR + until.month - month) // step
    year, index = divmod(month + turn * step - 1, YEAR)
    reached = (year, index + 1) < (until.year, until.month) or until.day >= min(
        day, monthrange(year, index + 1)[1]
    )
    return turn if reached else turn - 1


# --- what a period can show of controls -----------------------------------------------------------


NUMBER = re.compile(r"[0-9]{1,9}")
YES, NO, DEPENDS, UNKNOWN = "yes", "no", "depends", "unknown"


class Control(NamedTuple):
    """A control: how often it runs, since when, and a day on which it runs (``anchor``).

    Days are dates; ISO text is read as well.

    ``operations`` is a count of the period where one is known, ``missed`` how many of them are
    taken to be missed.
    """

    control_id: str
    cadence_id: str
    started: date | None = None
    anchor: date | None = None
    operations: int | None = None
    missed: int = 1


class ControlEvidence(NamedTuple):
    """What a period can show of one control.

    ``least`` and ``most`` operations fall into it (None: they cannot be counted). ``shown`` is
    whether it can be shown to have operated: yes, no, depends (on its day) or unknown.
    ``days_missing`` are the days of the period before it started. ``missed`` are taken to be
    missed: ``missed_share`` of ``least``, with ``remaining`` left, and in a ``sample`` (the size is
    the reader's, at most ``least``) they are ``sample_share``.
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


def evidence_window(  # noqa: PLR0913 - one keyword for each thing that a reader may know
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

    Raises ``PeriodError`` that lists every bad day, cadence, count and every control named twice.
    """
    by = basis(voice=voice, thresholds=thresholds, catalog=catalog)
    named = {"start": start, "end": end}
    days = read_days(named, needed=tuple(named), longest=by.limits["longest_period"])
    first, last = given(days, "start"), given(days, "end")
    faults: list[str] = []
    listed, sizes = tuple(_dated(one, faults) for one in controls), dict(samples or {})
    faults += [*_control_faults(by, listed), *_sample_faults(by, sizes)]
    if faults:
        raise PeriodError(faults)
    rows = tuple(_row(by, control, first, last, sizes) for control in listed)
    return EvidenceWindow(
        start=first,
        end=last,
        days=(last - first).days + 1,
        months=full_months(first, slack_end(last, by.limits["calendar_slack"])),
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


def _control_faults(by: Basis, controls: Sequence[Control]) -> Iterator[str]:
    cadences = by.catalog.part(PERIODS).cadences
    seen = Counter(control.control_id for control in controls)
    for name, count in seen.items():
        if count > 1:
            yield f"control {name!r:.80} stands {count} times; use an id for each"
    for control in controls:
        if control.cadence_id not in cadences:
            yield did_you_mean(
                f"cadence of {control.control_id!r:.80}", control.cadence_id, cadences
            )
        if control.missed < 0 or (control.operations or 0) < 0:
            yield f"control {control.control_id!r:.80}: a count is negative; use 0 or more"


def _sample_faults(by: Basis, samples: Mapping[str, int]) -> Iterator[str]:
    for name, size in samples.items():
        if name not in by.catalog.part(PERIODS).cadences:
            yield did_you_mean("cadence in samples", name, by.catalog.part(PERIODS).cadences)
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            yield f"sample size for {name}: {size!r:.40}: use a whole number from 1"


# --- one control ---------------------------------------------------------------------------------


def _row(
    by: Basis, control: Control, first: date, last: date, samples: Mapping[str, int]
) -> ControlEvidence:
    cadence = by.catalog.part(PERIODS).cadences[control.cadence_id]
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
        notes=tuple(_notes(by, cadence, times, shown, (missing, missed))),
    )


def _times(control: Control, cadence: Cadence, first: date, last: date) -> Times | None:
    """Return how often a control runs from the first to the last day, or None if nobody can say."""
    if control.operations is not None:
        return Times(control.operations, control.operations)
    if last < first and cadence.unit != "continuous":
        return Times(0, 0)
    if cadence.unit == "workday":
        return on_workdays(first, last)
    if cadence.unit in DAYS:
        return every_days(cadence.every * DAYS[cadence.unit], first, last, control.anchor)
    if cadence.unit == "month":
        return every_months(cadence.every, first, last, control.anchor)
    return None


DAYS = {"day": 1, "week": 7}


def _shown(cadence: Cadence, times: Times | None, *, ran: bool) -> str:
    """Return whether a control can be shown to have operated."""
    if times is None:
        return (YES if ran else NO) if cadence.unit == "continuous" else UNKNOWN
    if times.least >= cadence.least:
        return YES
    return DEPENDS if times.most >= cadence.least else NO


def _notes(
    by: Basis, cadence: Cadence, times: Times | None, shown: str, numbers: tuple[int, int]
) -> Iterator[Note]:
    """Yield what a period shows of a control, and what the misses do."""
    missing, missed = numbers
    said = {"cadence": cadence.label, "missed": str(missed)}
    if times:
        said["count"] = _count(by, times)
    kind = "continuous" if times is None and shown == YES else shown
    yield by.note(f"window_{kind}", **said)
    if missing and shown != NO:
        yield by.note("window_started", days=by.days(missing))
    if times and times.least and missed:
        left = times.least - missed
        said |= {"left": str(left), "least": str(times.least)}
        said["share"] = f"{100 * missed / times.least:.1f}"
        yield by.note("window_missed" if left >= cadence.least else "window_missed_all", **said)


def _count(by: Basis, times: Times) -> str:
    """Return a number of operations in words, such as 12, or 0 to 1."""
    if times.least == times.most:
        return str(times.least)
    words = words_of(by.catalog, by.voice)["count_range"]
    return fill(words, {"least": str(times.least), "most": str(times.most)})


# --- a reader's table ----------------------------------------------------------------------------


def read_controls(
    source: str | Path, *, name: str = "", catalog: Catalog | None = None
) -> tuple[Control, ...]:
    """Return the controls of a CSV, one row each.

    Columns: ``control``, ``cadence`` (id or label) and, where they are there, ``started``,
    ``anchor``, ``operations`` and ``missed``. ``source`` is a file, or the text itself when it
    holds a line break. Raises ``DataError`` that lists every fault.
    """
    catalog = catalog or load_catalog()
    optional = ("started", "anchor", "operations", "missed")
    rows = own_rows(source, ("control", "cadence"), optional, name)
    faults = list(_doubles(rows))
    found = [_control(row, catalog, faults) for row in rows]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))
    return tuple(found)


def _doubles(rows: Sequence[Row]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in rows:
        control = row.cells["control"]
        if not control:
            yield row.fault("control", "must not be blank; fill it in")
        elif control in seen:
            yield row.fault("control", f"stands on line {seen[control]} already; use another id")
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

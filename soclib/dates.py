"""Days and calendar months: dates as a user types them, and arithmetic with whole months.

Nothing is guessed: a text that can be read in two ways is refused with both readings. Years run
from 1900 to 2199, so that a slip such as 0206 is noticed and no month is beyond the calendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

Day = date | str
FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]+)(?:[.,]?[ .-]*([0-9]{4}))?\.?")
MONTH_FIRST = re.compile(r"([a-z]+)\.?[ -]+([0-9]{1,2})(?:st|nd|rd|th)?(?:,?[ ]+([0-9]{4}))?")
ISO_ONLY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMERIC = re.compile(r"([0-9]{1,2})[./ -]([0-9]{1,2})[./ -]([0-9]{4})")
MONTH_DAY = re.compile(r"(--)?([0-9]{2})-([0-9]{2})")
END_OF = re.compile(r"(?:the )?(?:end|last day)(?: of)? ([a-z]+)\.?")
ISO_FORM = "write it as 2026-12-31"
FORMS = f"{ISO_FORM} or 31 Dec 2026"
YEARLY_FORMS = "write it as 31 Dec, or with its year as 2026-12-31"
ONE_DAY = timedelta(days=1)
EVERY_MONTH = 28  # days that every month has


class PeriodError(ValueError):
    """Dates, periods or cases that cannot be used; ``faults`` lists every reason."""

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class MonthDay(NamedTuple):
    """A year-end that recurs every year; 29 February means the last day of February."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Return this day in one year."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


# --- reading -----------------------------------------------------------------------------------


def read_day(value: Day) -> date:
    """Return a day given as a date, as ISO text or with the name of its month.

    Raises ``PeriodError`` whose text is the remedy; 03/04/2026 is refused, with both readings.
    """
    if isinstance(value, datetime):
        if value != value or value.time() != time.min:  # noqa: PLR0124 - NaT, the blank of pandas
            message = "a day without a time is needed"
            raise PeriodError(message)
        value = value.date()
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day)
    if not isinstance(value, str):
        message = f"this is no date; {FORMS}"
        raise PeriodError(message)
    return _day_of(value.strip())


def _day_of(text: str) -> date:
    if match := ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
        return _checked(year, month, day)
    if named := _named(text):
        month_day, year_text = named
        if year_text:
            return _checked(int(year_text), month_day.month, month_day.day)
        message = f"its year is missing; {FORMS}"
        raise PeriodError(message)
    if match := NUMERIC.fullmatch(text):
        raise PeriodError(_readings(*map(int, match.groups())))
    message = f"this is no date; {FORMS}" if text else f"a date is missing; {FORMS}"
    raise PeriodError(message)


def read_iso(value: Day) -> date:
    """Return a day written as 2026-12-31 and in no other way; raises ``PeriodError`` as above."""
    if not ISO_ONLY.fullmatch(str(value)):
        message = f"this is no date; {ISO_FORM}"
        raise PeriodError(message)
    return read_day(value)


def read_year_end(value: Day) -> date | MonthDay:
    """Return a fiscal year-end: one day, or a month and day that recur every year.

    ``31 Dec``, ``Dec 31``, ``end of Dec``, ``12-31`` and ``--03-04`` recur every year;
    ``03-04`` is refused, because it has two readings. Raises ``PeriodError`` with the remedy.
    """
    if not isinstance(value, str):
        return read_day(value)
    text = value.strip()
    named = _named(text)
    if named and not named[1]:
        return named[0]
    if match := MONTH_DAY.fullmatch(text):
        return _month_day(bool(match[1]), int(match[2]), int(match[3]))
    try:
        return read_day(text)
    except PeriodError as error:
        remedy = str(error).replace(FORMS, YEARLY_FORMS)
        raise PeriodError(remedy) from error


def _named(text: str) -> tuple[MonthDay, str | None] | None:
    """Return the month, day and year of a text that names its month, or None."""
    lower = text.lower()
    if match := END_OF.fullmatch(lower):
        month = _month(match[1])
        return (MonthDay(month, monthrange(2024, month)[1]), None) if month else None
    if match := DAY_FIRST.fullmatch(lower):
        day, name, year = match.groups()
    elif match := MONTH_FIRST.fullmatch(lower):
        name, day, year = match.groups()
    else:
        return None
    month = _month(name)
    if not month:
        return None
    longest = monthrange(2024, month)[1]
    if not 1 <= int(day) <= longest:
        message = f"there is no such day; this month has {longest} at most"
        raise PeriodError(message)
    return MonthDay(month, int(day)), year


def _month(name: str) -> int:
    """Return the number of a month from its English name or the usual short one, else 0."""
    for number, full in enumerate(MONTHS, start=1):
        if name in {full, full[:3]} or (name == "sept" and number == MONTHS.index("september") + 1):
            return number
    return 0


def _checked(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"the year {year} is out of range; use {FIRST_YEAR} to {LAST_YEAR}"
        raise PeriodError(message)
    try:
        return date(year, month, day)
    except ValueError as error:
        message = f"there is no such day; {_why_not(year, month)}"
        raise PeriodError(message) from error


def _why_not(year: int, month: int) -> str:
    if not 1 <= month <= len(MONTHS):
        return f"months run from 01 to 12, not {month:02d}"
    return f"{MONTHS[month - 1].title()} {year} has {monthrange(year, month)[1]} days"


def _readings(first: int, second: int, year: int) -> str:
    """Return why a numeric day is refused, with every day that it could be."""
    days = []
    for month, day in ((first, second), (second, first)):
        try:
            days.append(_checked(year, month, day).isoformat())
        except PeriodError:
            continue
    options = " or ".join(dict.fromkeys(days))
    return f"the order of day and month is not certain; write {options or 'a day that exists'}"


def _month_day(iso: bool, first: int, second: int) -> MonthDay:  # noqa: FBT001 - a reading of one text
    """Return month and day; without ISO's two dashes only if there is no other reading."""
    options = [
        MonthDay(month, day)
        for month, day in ((first, second), (second, first))
        if 1 <= month <= len(MONTHS) and 1 <= day <= monthrange(2024, month)[1]
    ]
    certain = iso or first == second or len(options) == 1
    if certain and MonthDay(first, second) in options:
        return MonthDay(first, second)
    names = (f"{option.day} {MONTHS[option.month - 1][:3].title()}" for option in options)
    written = " or ".join(names)
    message = f"day and month are not certain; write {written or 'a day that exists'}"
    raise PeriodError(message)


# --- months ------------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """Return the same day some months later or earlier, or the last day of that month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if day.day <= EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_months(start: date, stop: date) -> int:
    """Return how many whole months fit from ``start`` up to, not including, ``stop``."""
    if stop <= start:
        return 0
    months = (stop.year - start.year) * 12 + stop.month - start.month
    return months if add_months(start, months) <= stop else months - 1


def begun_months(start: date, stop: date) -> int:
    """Return how many months are begun from ``start`` up to, not including, ``stop``."""
    months = full_months(start, stop)
    return months + (stop > start and add_months(start, months) < stop)


def month_ends(first: date, last: date) -> tuple[date, ...]:
    """Return the last days of months from ``first`` to ``last``, both included."""
    ends = []
    month = first.replace(day=1)
    while (end := add_months(month, 1) - ONE_DAY) <= last:
        ends.append(end)
        month = end + ONE_DAY
    return tuple(end for end in ends if end >= first)


def year_start(year_end: date) -> date:
    """Return the first day of the fiscal year that ends on this day, when it is an ordinary one.

    It is the day after the end of the year before: 1 Mar 2026 for a year that ends on 28 Feb 2027,
    1 Mar 2027 for one that ends on 29 Feb 2028.
    """
    after = year_end + ONE_DAY
    if (after.month, after.day) == (2, 29):  # a year earlier there is no such day
        return date(after.year - 1, 3, 1)
    return after.replace(year=after.year - 1)

"""What is read as a date, what is refused, and how calendar months are counted."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soclib.dates import (
    MonthDay,
    PeriodError,
    add_months,
    begun_months,
    full_months,
    month_ends,
    read_day,
    read_year_end,
    year_start,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SPANS = st.integers(0, 1200)
NEW_YEARS_EVE = date(2026, 12, 31)


def days_from(start, stop):
    return [start + timedelta(days=n) for n in range((stop - start).days)]


def anniversaries(start, stop):
    """Return the days after ``start`` up to ``stop`` on which a month is full, day by day."""
    return [
        day
        for day in days_from(start + timedelta(days=1), stop + timedelta(days=1))
        if day.day == min(start.day, monthrange(day.year, day.month)[1])
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("2026-12-31", " 2026-12-31 ", "2026-12-31T00:00:00", "2026-12-31 00:00", "31 Dec 2026"),
        *("31 December 2026", "December 31, 2026", "Dec. 31, 2026", "31-Dec-2026", "31.DEC.2026"),
        *(
            "31st Dec 2026",
            NEW_YEARS_EVE,
            datetime.fromisoformat("2026-12-31"),
            pd.Timestamp("2026-12-31"),
        ),
    ],
)
def test_a_day_with_one_reading_is_read(text):
    assert read_day(text) == NEW_YEARS_EVE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-02-30", "there is no such day; February 2026 has 28 days"),
        ("2026-13-01", "months run from 01 to 12"),
        ("30 Feb 2026", "there is no such day"),
        ("29 Feb 2026", "February 2026 has 28 days"),
        ("03/04/2026", "write 2026-03-04 or 2026-04-03"),
        ("31/12/2026", "write 2026-12-31"),
        ("31.12.2026", "write 2026-12-31"),
        ("12-31-2026", "write 2026-12-31"),
        ("06/06/2026", "write 2026-06-06"),
        ("99/99/2026", "write a day that exists"),
        ("2026-1-1", "this is no date"),
        ("31 Dec 26", "this is no date"),
        ("31 Dec", "its year is missing"),
        ("20261231", "this is no date"),
        ("46022", "this is no date"),
        ("٢٠٢٦-١٢-٣١", "this is no date"),
        ("0206-12-31", "the year 206 is out of range"),
        ("2026-12-31T18:00:00", "this is no date"),
        ("31 Foo 2026", "this is no date"),
        ("", "a date is missing"),
        (20261231, "this is no date"),
        (datetime.fromisoformat("2026-12-31T18:00"), "a day without a time"),
        (pd.NaT, "a day without a time"),
    ],
)
def test_what_is_no_day_or_has_two_readings_is_refused_with_a_remedy(text, says):
    with pytest.raises(PeriodError) as caught:
        read_day(text)
    assert says in str(caught.value)


@given(DAYS)
def test_every_day_is_read_back_from_its_iso_text_and_from_its_words(day):
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day:%d %B %Y}") == day
    assert read_day(f"{day:%b %d, %Y}") == day


@given(DAYS)
def test_no_numeric_order_of_day_and_month_is_ever_read(day):
    for form in ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        with pytest.raises(PeriodError, match=day.isoformat()):
            read_day(day.strftime(form))


@pytest.mark.parametrize(
    ("text", "month_day"),
    [
        ("31 Dec", (12, 31)),
        ("Dec 31", (12, 31)),
        ("June 30", (6, 30)),
        ("30 june", (6, 30)),
        ("Sept 30", (9, 30)),
        ("12-31", (12, 31)),
        ("--03-04", (3, 4)),
        ("05-05", (5, 5)),
        ("end of March", (3, 31)),
        ("the last day of Feb", (2, 29)),
        ("29 Feb", (2, 29)),
        ("28 Feb", (2, 28)),
    ],
)
def test_a_year_end_without_a_year_comes_back_every_year(text, month_day):
    assert read_year_end(text) == MonthDay(*month_day)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("03-04", "write 4 Mar or 3 Apr"),
        ("31-12", "write 31 Dec"),
        ("--31-12", "write 31 Dec"),
        ("31/12", "write it as 31 Dec"),
        ("31 Apr", "30 at most"),
        ("00-31", "write a day that exists"),
        ("December", "write it as 31 Dec"),
        ("03/04/2026", "2026-03-04 or 2026-04-03"),
    ],
)
def test_a_year_end_with_two_readings_is_refused(text, says):
    with pytest.raises(PeriodError) as caught:
        read_year_end(text)
    assert says in str(caught.value)


def test_a_year_end_with_its_year_is_that_day():
    assert read_year_end("2026-12-31") == NEW_YEARS_EVE
    assert read_year_end("31 Dec 2026") == NEW_YEARS_EVE


def test_the_last_day_of_february_follows_the_leap_years():
    end = MonthDay(2, 29)
    assert [end.in_year(year).day for year in (2026, 2027, 2028)] == [28, 28, 29]


@given(DAYS, SPANS)
def test_full_and_begun_months_agree_with_counting_days(start, length):
    stop = start + timedelta(days=length)
    found = anniversaries(start, stop)
    assert full_months(start, stop) == len(found)
    assert begun_months(start, stop) == len(found) + (stop not in [start, *found])


@given(DAYS, SPANS)
def test_a_span_backwards_has_no_months(start, length):
    assert full_months(start, start - timedelta(days=length)) == 0
    assert begun_months(start, start - timedelta(days=length)) == 0


@given(DAYS, st.integers(-40, 40))
def test_adding_months_keeps_the_day_or_takes_the_last_one(day, months):
    found = add_months(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == min(day.day, monthrange(found.year, found.month)[1])


@given(DAYS, SPANS)
def test_month_ends_are_all_days_whose_morrow_is_a_first(first, length):
    last = first + timedelta(days=length)
    wanted = [
        day
        for day in days_from(first, last + timedelta(days=1))
        if (day + timedelta(days=1)).day == 1
    ]
    assert list(month_ends(first, last)) == wanted


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("2026-12-31", "2026-01-01"),
        ("2026-06-30", "2025-07-01"),
        ("2027-02-28", "2026-03-01"),
        ("2028-02-29", "2027-03-01"),
        ("2029-02-28", "2028-03-01"),
        ("2028-02-28", "2027-03-01"),
        ("2026-04-30", "2025-05-01"),
        ("2026-06-15", "2025-06-16"),
    ],
)
def test_an_ordinary_year_starts_on_the_day_after_the_last_one_ended(end, start):
    assert year_start(date.fromisoformat(end)) == date.fromisoformat(start)


@given(DAYS)
def test_an_ordinary_year_has_365_or_366_days_and_is_twelve_months(end):
    start = year_start(end)
    assert (end - start).days + 1 in {365, 366}
    assert full_months(start, end + timedelta(days=1)) == 12

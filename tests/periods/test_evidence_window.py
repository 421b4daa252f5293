"""How many operations fall into a period, against listing every one of them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import periods
from soclib.periods.evidence import every_days, every_months, on_workdays
from soclib.periods.tables import PERIODS

CADENCES = soclib.load_catalog().part(PERIODS).cadences
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
LENGTHS = st.integers(-1, 560)
STEPS = st.sampled_from([1, 2, 3, 6, 12])
HALF_A_YEAR = ("2026-01-01", "2026-06-30")
THREE_MONTHS = ("2026-01-01", "2026-03-31")


def span(first, length):
    return [first + timedelta(days=n) for n in range(length + 1)]


def happens_monthly(day, step, month, of_month):
    """Return whether something comes on a day, every ``step`` months counted from a month."""
    in_month = (day.year * 12 + day.month - month) % step == 0
    return in_month and day.day == min(of_month, monthrange(day.year, day.month)[1])


def one(control, *period, **more):
    return periods.evidence_window([control], *period, **more).rows[0]


# --- counting -----------------------------------------------------------------------------------


@given(DAYS, LENGTHS, st.integers(1, 40), DAYS)
def test_every_few_days_from_an_anchor_agrees_with_listing_them(first, length, step, anchor):
    last = first + timedelta(days=length)
    listed = [day for day in span(first, length) if (day - anchor).days % step == 0]
    assert set(every_days(step, first, last, anchor)) == {len(listed)}


@given(DAYS, LENGTHS, st.integers(1, 40))
def test_every_few_days_without_an_anchor_is_the_fewest_and_the_most_of_all_anchors(
    first, length, step
):
    last = first + timedelta(days=length)
    counts = [
        len([day for day in span(first, length) if (day - anchor).days % step == 0])
        for anchor in span(first, step - 1)
    ]
    assert every_days(step, first, last, None) == (min(counts), max(counts))


@given(DAYS, LENGTHS)
def test_working_days_are_monday_to_friday(first, length):
    listed = [day for day in span(first, length) if day.isoweekday() <= 5]
    assert set(on_workdays(first, first + timedelta(days=length))) == {len(listed)}


@given(DAYS, LENGTHS, STEPS, DAYS)
def test_every_few_months_from_an_anchor_agrees_with_listing_them(first, length, step, anchor):
    last = first + timedelta(days=length)
    month = anchor.year * 12 + anchor.month
    listed = [d for d in span(first, length) if happens_monthly(d, step, month, anchor.day)]
    assert set(every_months(step, first, last, anchor)) == {len(listed)}


@pytest.mark.parametrize(
    ("first", "last", "times"),
    [
        ("2026-02-01", "2026-02-28", 1),
        ("2026-02-01", "2026-02-27", 0),
        ("2028-02-29", "2028-02-29", 1),
        ("2028-02-01", "2028-02-28", 0),
        ("2026-04-30", "2026-05-30", 1),
    ],
)
def test_what_comes_on_the_31st_comes_on_the_last_day_of_a_shorter_month(first, last, times):
    span = (date.fromisoformat(first), date.fromisoformat(last))
    assert every_months(1, *span, date(2026, 1, 31)) == (times, times)


@given(DAYS, LENGTHS, st.sampled_from([1, 3]))
def test_every_few_months_without_an_anchor_is_the_fewest_and_the_most_of_all_days(
    first, length, step
):
    days = span(first, length)
    counts = [
        sum(happens_monthly(day, step, month, of_month) for day in days)
        for month in range(step)
        for of_month in range(1, 32)
    ]
    found = every_months(step, first, first + timedelta(days=length), None)
    assert found == (min(counts), max(counts))


@given(
    st.sampled_from(sorted(CADENCES)), DAYS, st.integers(0, 500), st.none() | DAYS, st.none() | DAYS
)
def test_operations_never_outnumber_the_days_and_the_words_are_whole(
    cadence_id, first, length, started, anchor
):
    last = first + timedelta(days=length)
    control = periods.Control("c", cadence_id, started, anchor)
    found = one(control, first, last)
    if found.most is not None:
        assert 0 <= found.least <= found.most <= length + 1
        since = max(first, started or first)
        assert found.most <= max((last - since).days + 1, 0)
    assert not [note.text for note in found.notes if "{" in note.text]


# --- what can be shown --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence_id", "least", "most", "shown"),
    [
        ("continuous", None, None, "yes"),
        ("daily", 90, 90, "yes"),
        ("workdaily", 64, 64, "yes"),
        ("weekly", 12, 13, "yes"),
        ("monthly", 3, 3, "yes"),
        ("quarterly", 1, 1, "yes"),
        ("half_yearly", 0, 1, "depends"),
        ("yearly", 0, 1, "depends"),
        ("on_event", None, None, "unknown"),
    ],
)
def test_a_quarter_shows_of_each_cadence_what_it_can(cadence_id, least, most, shown):
    found = one(periods.Control("c", cadence_id), *THREE_MONTHS)
    assert (found.least, found.most, found.shown) == (least, most, shown)


def test_a_yearly_control_outside_a_short_period_cannot_be_shown():
    found = periods.evidence_window(
        [
            periods.Control("recovery test", "yearly", anchor=date(2025, 11, 15)),
            periods.Control("access review", "quarterly", anchor=date(2025, 11, 15)),
            periods.Control("risk review", "yearly"),
            periods.Control("leavers", "on_event"),
        ],
        *THREE_MONTHS,
    )
    assert found.not_shown == ("recovery test",)
    assert found.depends == ("risk review",)
    assert found.unknown == ("leavers",)
    assert (found.days, found.months) == (90, 3)
    assert "cannot be shown" in found.rows[0].notes[0].text


def test_a_count_that_is_given_counts():
    found = one(periods.Control("leavers", "on_event", operations=7), *THREE_MONTHS)
    assert (found.least, found.most, found.shown) == (7, 7, "yes")
    assert one(periods.Control("x", "on_event", operations=0), *THREE_MONTHS).shown == "no"


def test_a_control_that_started_late_says_for_how_long_there_is_nothing():
    found = one(periods.Control("c", "daily", started=date(2026, 3, 2)), *HALF_A_YEAR)
    assert (found.days_missing, found.least) == (60, 121)
    assert any("60 days" in note.text for note in found.notes)


@pytest.mark.parametrize("cadence_id", [c for c in CADENCES if c != "on_event"])
def test_a_control_that_starts_after_the_period_cannot_be_shown(cadence_id):
    found = one(periods.Control("c", cadence_id, started=date(2026, 7, 1)), *HALF_A_YEAR)
    assert (found.shown, found.days_missing) == ("no", 181)


def test_one_miss_weighs_by_how_few_there_are():
    weekly = one(periods.Control("c", "weekly", anchor=date(2026, 1, 5)), *HALF_A_YEAR)
    assert (weekly.least, weekly.remaining, weekly.missed_share) == (26, 25, 1 / 26)
    yearly = one(periods.Control("c", "yearly", anchor=date(2026, 3, 5)), *HALF_A_YEAR)
    assert (yearly.remaining, yearly.missed_share) == (0, 1.0)
    assert yearly.notes[-1].note_id == "window_missed_all"


def test_no_more_can_be_missed_than_there_were():
    found = one(periods.Control("c", "quarterly", anchor=date(2026, 2, 1), missed=9), *HALF_A_YEAR)
    assert (found.missed, found.remaining) == (2, 0)


def test_nothing_is_said_of_misses_where_none_is_taken():
    found = one(periods.Control("c", "daily", missed=0), *HALF_A_YEAR)
    assert (found.missed_share, found.remaining) == (0.0, 181)
    assert [note.note_id for note in found.notes] == ["window_yes"]


def test_a_sample_size_is_the_readers_and_never_larger_than_what_there_is():
    controls = [
        periods.Control("backup", "daily", missed=2),
        periods.Control("review", "quarterly", anchor=date(2026, 2, 1)),
    ]
    plain = periods.evidence_window(controls, *HALF_A_YEAR)
    assert [row.sample for row in plain.rows] == [None, None]
    found = periods.evidence_window(controls, *HALF_A_YEAR, samples={"daily": 25, "quarterly": 5})
    assert [row.sample for row in found.rows] == [25, 2]
    assert [row.sample_share for row in found.rows] == [2 / 25, 1 / 2]


def test_every_example_of_a_sample_size_says_that_it_is_one():
    tables = soclib.load_catalog().part(PERIODS)
    assert all("example" in row.remark or row.most == 1 for row in tables.sample_sizes)
    assert "No standard sets them" in tables.note("sample_sizes", "").text["vendor"]
    assert all(row.least <= row.most for row in tables.sample_sizes)
    assert {row.cadence_id for row in tables.sample_sizes} <= set(CADENCES)


def test_every_bad_argument_is_named_at_once():
    controls = [
        periods.Control("a", "dayly"),
        periods.Control("b", "daily", missed=-1),
        periods.Control("b", "daily", operations=-2),
    ]
    with pytest.raises(periods.PeriodError) as caught:
        periods.evidence_window(controls, *HALF_A_YEAR, samples={"hourly": 2, "daily": 0})
    message = str(caught.value)
    for named in ("did you mean 'daily'", "'b' occurs 2 times", "negative", "'hourly'", "daily: 0"):
        assert named in message
    with pytest.raises(periods.PeriodError, match="end '2026-01-01': it lies before start"):
        periods.evidence_window([], "2026-06-30", "2026-01-01")


# --- a reader's table ---------------------------------------------------------------------------


def test_controls_are_read_by_cadence_id_or_label():
    text = (
        "Control,Cadence,Started,Anchor,Operations,Missed,owner\n"
        "Backup,Daily,2026-02-01,,,,Ops\n"
        "Change,every working day,,,120,3,Dev\n"
        "Test,yearly,,15 Mar 2026,,0,\n"
    )
    assert periods.read_controls(text) == (
        periods.Control("Backup", "daily", date(2026, 2, 1)),
        periods.Control("Change", "workdaily", None, None, 120, 3),
        periods.Control("Test", "yearly", None, date(2026, 3, 15), None, 0),
    )


def test_every_fault_of_a_table_of_controls_is_listed():
    text = (
        "control,cadence,started,operations,missed\n"
        "Backup,hourly,2026-02-30,,\n"
        "Backup,daily,,-3,one\n"
        ",daily,,,\n"
    )
    with pytest.raises(soclib.DataError) as caught:
        periods.read_controls(text)
    assert [
        str(fault).partition(": ")[0].removeprefix("pasted text ") for fault in caught.value.faults
    ] == [
        *("line 2, column cadence", "line 2, column started", "line 3, column control"),
        *("line 3, column operations", "line 3, column missed", "line 4, column control"),
    ]

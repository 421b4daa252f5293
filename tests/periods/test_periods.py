"""How a report period meets a fiscal year: to the day, to the month, and in words."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import periods
from soclib.dates import ONE_DAY, MonthDay, add_months
from soclib.periods.measuring import measure
from soclib.periods.rules import period_rules
from soclib.periods.tables import PERIODS, matching, unsound_cells

TABLES = soclib.load_catalog().part(PERIODS)
LIMITS = {name: threshold.value for name, threshold in TABLES.thresholds.items()}
REPORTS = ("soc1", "soc2")
DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))
LENGTHS = st.integers(0, 540)  # days; a period of eighteen months has 546 at least


def rules_of(report):
    return tuple(rule for rule in TABLES.rules if rule.report_id == report)


def days_of(first, last):
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


@st.composite
def spans(draw):
    first = draw(DAYS)
    return first, first + timedelta(days=draw(LENGTHS))


@st.composite
def near_spans(draw):
    """Return a fiscal year of any length and a period that lies around it."""
    year = draw(spans())
    start = year[0] + timedelta(days=draw(st.integers(-600, 600)))
    return (start, start + timedelta(days=draw(LENGTHS))), year


# --- the worked cases ---------------------------------------------------------------------------


@pytest.mark.parametrize("case", TABLES.worked, ids=lambda case: case.case_id)
def test_a_worked_case_comes_out_to_the_day(case):
    found = periods.fit(case.period_start, case.period_end, case.fiscal_year_end)
    assert found.fiscal_year_start == case.fiscal_year_start
    assert (found.overlap_days, found.gap_days) == (case.overlap_days, case.gap_days)
    assert round(100 * found.overlap_share, 1) == case.overlap_percent
    assert found.reading_id == case.reading_id


def test_the_eight_worked_cases_are_there_with_the_readings_that_practice_gives_them():
    expected = "classic fit,classic fit,expect extra procedures,expect extra procedures,"
    expected += "nearly useless,nearly useless,classic fit,expect extra procedures"
    labels = [TABLES.readings[case.reading_id].label for case in TABLES.worked]
    assert "".join(case.case_id for case in TABLES.worked) == "ABCDEFGH"
    assert ",".join(labels) == expected


def test_only_the_gaps_of_the_worked_cases_up_to_three_months_are_bridgeable():
    fits = {
        c.case_id: periods.fit(c.period_start, c.period_end, c.fiscal_year_end)
        for c in TABLES.worked
    }
    assert "".join(case_id for case_id, fit in fits.items() if fit.bridgeable) == "ABGH"
    assert {fit.bridge_rule for fit in fits.values()} == {"bridge_longest"}
    assert all(fit.bridge_source_ids for fit in fits.values())


# --- days ---------------------------------------------------------------------------------------


@given(near_spans())
def test_days_agree_with_sets_of_days(spans):
    (start, end), year = spans
    found = periods.fit(start, end, year[1], year[0])
    overlap = days_of(start, end) & days_of(*year)
    assert found.overlap_days == len(overlap)
    assert found.overlap_share == len(overlap) / len(days_of(*year))
    assert found.gap_days == (year[1] - end).days
    assert found.before_days == len([day for day in days_of(*year) if day < start])


@given(near_spans())
def test_the_days_of_a_year_are_before_the_period_in_it_or_after_it(spans):
    (start, end), year = spans
    found = periods.fit(start, end, year[1], year[0])
    year_days = len(days_of(*year))
    after = min(max(found.gap_days, 0), year_days)
    assert found.before_days + found.overlap_days + after == year_days


@given(DAYS, st.integers(-600, 600))
def test_an_as_of_date_covers_no_day_and_no_letter_carries_it_on(year_end, shift):
    found = periods.fit(None, year_end + timedelta(days=shift), year_end)
    assert (found.type_id, found.overlap_days, found.overlap_share) == ("type_1", 0, 0.0)
    assert found.gap_days == -shift
    assert (found.bridgeable, found.bridge_rule) == (False, "bridge_as_of")
    assert [note.note_id for note in found.notes] == ["as_of"]


@given(near_spans())
def test_a_letter_spans_what_three_months_span_and_no_more(spans):
    (start, end), year = spans
    found = periods.fit(start, end, year[1], year[0])
    in_reach = year[1] < add_months(end + ONE_DAY, 3) + timedelta(days=LIMITS["calendar_slack"])
    assert found.bridgeable == (found.overlap_days > 0 and in_reach)


def test_leap_days_count():
    assert periods.fit("2027-10-01", "2028-02-29", "2028-12-31").overlap_days == 60
    assert periods.fit("2026-10-01", "2027-02-28", "2027-12-31").overlap_days == 59


# --- months -------------------------------------------------------------------------------------


def test_whole_calendar_months_count_whatever_their_days():
    for month in range(1, 13):
        end = add_months(date(2026, 1, 1), month) - ONE_DAY
        found = periods.fit("2026-01-01", end, "2026-12-31")
        assert (found.overlap_months, found.gap_months) == (month, 12 - month)


def saturdays(year):
    """Return the last Saturday of a December, and the Saturday nearest to its end."""
    eve = date(year, 12, 31)
    last = eve - timedelta(days=(eve.weekday() - 5) % 7)
    nearest = min((eve + timedelta(days=n) for n in range(-3, 4)), key=lambda d: d.weekday() != 5)
    return last, nearest


@pytest.mark.parametrize("kind", [0, 1], ids=["last Saturday", "nearest Saturday"])
def test_a_year_of_52_or_53_weeks_is_read_like_a_calendar_year(kind):
    lengths = set()
    for year, month, length in product(range(2015, 2045), range(1, 13), (6, 12)):
        first, last = saturdays(year - 1)[kind] + ONE_DAY, saturdays(year)[kind]
        lengths.add((last - first).days + 1)
        end = add_months(date(year, 1, 1), month) - ONE_DAY
        start = add_months(end + ONE_DAY, -length)
        odd = periods.fit(start, end, last, first)
        plain = periods.fit(start, end, date(year, 12, 31))
        assert (odd.reading, odd.bridgeable) == (plain.reading, plain.bridgeable), (start, last)
    assert lengths == {364, 371}


@given(near_spans())
def test_one_more_day_never_makes_the_overlap_shorter_or_the_gap_longer(spans):
    (start, end), year = spans
    one, two = (
        measure(start, last, *year, LIMITS["calendar_slack"]) for last in (end, end + ONE_DAY)
    )
    assert two.overlap_of_twelve >= one.overlap_of_twelve
    assert two.gap_months <= one.gap_months


def test_a_short_first_year_is_read_in_proportion():
    whole = periods.fit("2026-09-01", "2026-12-31", "2026-12-31", "2026-09-01")
    assert (whole.overlap_share, whole.overlap_months, whole.reading) == (1.0, 4, "classic fit")
    three_of_four = periods.fit("2026-09-01", "2026-11-30", "2026-12-31", "2026-09-01")
    assert three_of_four.reading == "classic fit"
    one_of_four = periods.fit("2026-09-01", "2026-09-30", "2026-12-31", "2026-09-01")
    assert one_of_four.reading == "expect extra procedures"


def test_a_long_first_year_is_read_in_proportion():
    found = periods.fit("2026-01-01", "2026-12-31", "2026-12-31", "2025-07-01")
    assert (found.overlap_months, found.reading) == (12, "workable")


def test_a_year_of_a_few_days_is_covered_or_not():
    assert (
        periods.fit("2026-01-01", "2026-12-31", "2026-12-31", "2026-12-22").reading == "classic fit"
    )
    assert (
        periods.fit("2026-12-25", "2027-06-30", "2026-12-31", "2026-12-22").reading
        == "nearly useless"
    )


# --- the table of readings ----------------------------------------------------------------------


@pytest.mark.parametrize("report", REPORTS)
def test_every_overlap_and_gap_meets_exactly_one_rule(report):
    for overlap, gap in product(range(13), range(-40, 60)):
        found = list(matching(rules_of(report), LIMITS, overlap, gap))
        assert len(found) == 1, (overlap, gap, found)


@pytest.mark.parametrize("report", REPORTS)
def test_every_rule_decides_somewhere_on_the_grid(report):
    grid = product(range(13), range(-20, 30))
    met = {rule for cell in grid for rule in matching(rules_of(report), LIMITS, *cell)}
    assert met == set(rules_of(report))


@pytest.mark.parametrize("report", REPORTS)
@given(data=st.data())
def test_the_proof_over_the_limits_agrees_with_the_whole_grid(report, data):
    """Limits are shuffled at will: the proof must find a fault exactly where the grid has one."""
    limits = LIMITS | {
        name: data.draw(st.integers(-9, 14), label=name)
        for name in sorted(data.draw(st.sets(st.sampled_from(sorted(LIMITS)))))
    }
    grid = product(range(13), range(-14, 18))
    sound = all(len(list(matching(rules_of(report), limits, *cell))) == 1 for cell in grid)
    assert sound == (not list(unsound_cells(rules_of(report), limits)))


@pytest.mark.parametrize("report", REPORTS)
def test_more_overlap_never_reads_worse(report):
    ranks = {reading.reading_id: reading.rank for reading in TABLES.readings.values()}
    for gap in range(-20, 30):
        read = [next(matching(rules_of(report), LIMITS, n, gap)).reading_id for n in range(13)]
        assert [ranks[r] for r in read] == sorted((ranks[r] for r in read), reverse=True), gap


def test_each_report_has_its_own_table():
    ended_a_year_ago = ("2025-01-01", "2025-12-31", "2026-11-30")
    assert periods.fit(*ended_a_year_ago).reading == "nearly useless"
    assert periods.fit(*ended_a_year_ago, report="soc2").reading == "expect extra procedures"


@pytest.mark.parametrize(
    ("start", "end", "review", "reading"),
    [
        ("2025-10-01", "2026-09-30", "2026-12-15", "classic fit"),
        ("2026-07-01", "2026-09-30", "2026-11-15", "workable"),
        ("2025-07-01", "2026-06-30", "2026-12-15", "workable"),
        ("2025-01-01", "2025-12-31", "2026-12-15", "expect extra procedures"),
        ("2024-10-01", "2025-09-30", "2026-12-15", "nearly useless"),
        ("2026-01-01", "2026-12-31", "2026-11-15", "nearly useless"),
    ],
)
def test_a_soc_2_is_read_by_how_recent_it_is(start, end, review, reading):
    assert periods.fit(start, end, review, report="soc2").reading == reading


def test_a_threshold_of_ones_own_decides():
    gap_of_four = ("2025-09-01", "2026-08-31", "2026-12-31")
    assert not periods.fit(*gap_of_four).bridgeable
    found = periods.fit(*gap_of_four, thresholds={"bridge_longest": 4})
    assert (found.bridgeable, found.bridge_rule) == (True, "bridge_longest")
    assert "about 4 months" in found.bridge_reason
    assert found.reading == "workable"


def test_thresholds_out_of_order_are_refused_and_named():
    with pytest.raises(periods.PeriodError, match=r"overlap of 5 and a gap of .* S1-CLASSIC and"):
        periods.fit(
            "2026-01-01", "2026-12-31", "2026-12-31", thresholds={"soc1_overlap_classic": 5}
        )


def test_unknown_thresholds_reports_and_voices_are_refused_at_once():
    with pytest.raises(periods.PeriodError) as caught:
        period_rules("soc3", "auditor", {"bridge_longst": 3, "bridge_longest": "4"})
    message = str(caught.value)
    for named in (
        "'soc3'",
        "'auditor'",
        "did you mean 'bridge_longest'",
        "'4': use a whole number",
    ):
        assert named in message


def test_every_threshold_says_what_it_is_and_most_are_conventions():
    bases = [threshold.basis for threshold in TABLES.thresholds.values()]
    assert bases.count("standard") == 1
    assert "not as a minimum" in TABLES.thresholds["soc1_shortest_period"].meaning


# --- what else is said --------------------------------------------------------------------------


def notes(*dates, **more):
    return {note.note_id: note.text for note in periods.fit(*dates, **more).notes}


def test_a_period_that_ends_after_the_year_end_says_so_and_its_gap_is_negative():
    found = periods.fit("2026-04-01", "2027-03-31", "2026-12-31")
    assert (found.gap_days, found.gap_months, found.bridge_rule) == (-90, -3, "bridge_none")
    assert (
        "90 days after the year-end"
        in notes("2026-04-01", "2027-03-31", "2026-12-31")["ends_after"]
    )
    assert found.reading == "expect extra procedures"


def test_a_period_that_ends_just_after_the_year_end_still_fits():
    assert periods.fit("2026-02-01", "2027-01-31", "2026-12-31").reading == "classic fit"


def test_a_nested_period_says_what_of_the_year_lies_before_it():
    assert "first 90 days" in notes("2026-04-01", "2026-09-30", "2026-12-31")["starts_inside"]
    assert "whole_year" in notes("2025-12-01", "2027-01-31", "2026-12-31")
    assert "whole_year" not in notes("2026-01-02", "2026-12-31", "2026-12-31")


@pytest.mark.parametrize(
    ("previous_end", "name", "days"),
    [
        ("2025-09-30", "contiguous", 0),
        ("2025-08-31", "break", 30),
        ("2025-12-31", "overlapping", -92),
    ],
)
def test_a_period_follows_the_last_one_or_says_how_it_does_not(previous_end, name, days):
    found = periods.fit("2025-10-01", "2026-09-30", "2026-12-31", previous_end=previous_end)
    assert (found.continuity, found.continuity_days) == (name, days)
    assert name in {note.note_id for note in found.notes}


@given(spans(), st.integers(1, 700))
def test_continuity_agrees_with_sets_of_days(span, back):
    start, end = span
    previous_end = end - timedelta(days=back)
    found = periods.fit(start, end, end, start, previous_end=previous_end)
    shared = len([day for day in days_of(start, end) if day <= previous_end])
    between = len(days_of(previous_end + ONE_DAY, start - ONE_DAY))
    assert found.continuity_days == (-shared if shared else between)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2025-09-30", "future"),
        ("2025-10-01", "running"),
        ("2026-09-30", "running"),
        ("2026-10-01", "ended"),
    ],
)
def test_whether_a_period_is_over_depends_on_the_day_that_is_given(today, stage):
    found = periods.fit("2025-10-01", "2026-09-30", "2026-12-31", today=today)
    assert (found.stage, found.notes[-1].note_id) == (stage, stage)
    assert found.ready_on == date(2026, 11, 14)


def test_an_as_of_date_ahead_is_a_plan():
    assert periods.fit(None, "2026-09-30", "2026-12-31", today="2026-06-01").stage == "future"
    assert "future_date" in notes(None, "2026-09-30", "2026-12-31", today="2026-06-01")


def test_a_short_period_is_named_by_the_custom_of_its_report():
    three_months = ("2026-07-01", "2026-09-30", "2026-12-31")
    assert "6 months" in notes(*three_months)["short_period"]
    assert "short_period" not in notes(*three_months, report="soc2")


def test_each_voice_has_its_own_words():
    vendor, buyer = (
        periods.fit("2026-01-01", "2026-06-30", "2026-12-31", voice=v) for v in ("vendor", "buyer")
    )
    assert "your year" in buyer.because
    assert "your" not in vendor.because
    assert vendor._replace(because="", bridge_reason="", notes=()) == buyer._replace(
        because="", bridge_reason="", notes=()
    )


@given(near_spans(), st.sampled_from(REPORTS), st.sampled_from(("vendor", "buyer")), DAYS)
def test_no_sentence_is_left_with_a_word_to_fill_in(spans, report, voice, today):
    (start, end), year = spans
    for first in (start, None):
        found = periods.fit(first, end, year[1], year[0], report=report, voice=voice, today=today)
        texts = [found.because, found.bridge_reason, *(note.text for note in found.notes)]
        assert not [text for text in texts if "{" in text or "}" in text]


# --- bad input ----------------------------------------------------------------------------------


def test_every_bad_argument_is_named_at_once():
    with pytest.raises(periods.PeriodError) as caught:
        periods.fit("2026-02-30", "03/04/2026", "2026-13-31", previous_end="soon")
    assert [fault.partition(" ")[0] for fault in caught.value.faults] == [
        *("start", "end", "fiscal_year_end", "previous_end"),
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("2026-12-31", "2026-01-01", "2026-12-31"), "end '2026-01-01': it lies before start"),
        (("2025-01-01", "2026-07-01", "2026-12-31"), "more than 18 months"),
        (("2026-01-01", "2026-09-30", "2026-12-31", "2027-01-01"), "before fiscal_year_start"),
        (("2026-01-01", "2026-09-30", "2026-12-31", "2024-01-01"), "more than 18 months"),
        ((None, None, "2026-12-31"), "end None: a date is missing"),
    ],
)
def test_reversed_and_overlong_periods_are_refused(arguments, says):
    with pytest.raises(periods.PeriodError) as caught:
        periods.fit(*arguments)
    assert says in str(caught.value)


def test_a_period_of_eighteen_months_to_the_day_is_taken():
    assert periods.fit("2025-01-01", "2026-06-30", "2026-12-31").overlap_days == 181


def test_a_previous_report_that_ends_later_is_refused():
    with pytest.raises(periods.PeriodError, match="previous_end 2026-10-01: it lies on or after"):
        periods.fit("2025-10-01", "2026-09-30", "2026-12-31", previous_end="2026-10-01")


# --- many fiscal years --------------------------------------------------------------------------


def test_many_years_come_back_in_their_order_and_as_one_by_one():
    years = ["2026-12-31", "2026-06-30", date(2026, 12, 31), ("2026-01-04", "2027-01-02")]
    found = periods.fit_many("2025-10-01", "2026-09-30", years)
    one_by_one = [periods.fit("2025-10-01", "2026-09-30", end) for end in years[:3]]
    one_by_one.append(periods.fit("2025-10-01", "2026-09-30", "2027-01-02", "2026-01-04"))
    assert list(found) == one_by_one


def test_a_year_end_that_comes_back_stands_for_the_year_that_is_served_best():
    found = periods.fit_many("2025-10-01", "2026-09-30", ["31 Dec", "30 Jun", "end of Feb"])
    ends = [fit.fiscal_year_end.isoformat() for fit in found]
    assert ends == ["2026-12-31", "2026-06-30", "2027-02-28"]
    assert [fit.overlap_months for fit in found] == [9, 9, 7]


@given(spans(), st.integers(1, 12), st.integers(1, 28))
def test_no_other_year_of_a_customer_is_served_better(span, month, day):
    found = periods.fit_many(*span, [periods.YearEnd("x", MonthDay(month, day))])[0]
    rank = {reading.reading_id: reading.rank for reading in TABLES.readings.values()}
    for year in range(span[0].year - 1, span[1].year + 3):
        other = periods.fit(*span, MonthDay(month, day).in_year(year))
        assert rank[found.reading_id] <= rank[other.reading_id]


def test_bad_year_ends_among_many_are_all_named_by_place():
    with pytest.raises(periods.PeriodError) as caught:
        periods.fit_many(
            "2026-01-01", "2026-09-30", ["31 Dec", "03-04", ("2027-01-01", "2026-01-01")]
        )
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "year-end 2",
        "year-end 3",
    ]


def test_the_calendar_is_there_by_its_name_and_loads_the_standard_library_only():
    code = """
import sys
before = set(sys.modules)
import soclib
assert "soclib.periods" not in sys.modules, "import soclib pays for what a verdict does not need"
assert soclib.periods.fit("2025-10-01", "2026-09-30", "2026-12-31").reading == "classic fit"
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(answer.stdout.split()) - sys.stdlib_module_names == {"soclib"}


def test_fits_become_a_data_frame():
    fits = periods.fit_many("2025-10-01", "2026-09-30", ["2026-12-31", "2026-06-30"])
    table = soclib.frame(fits, ["fiscal_year_end", "overlap_days", "reading"])
    assert table["overlap_days"].tolist() == [273, 273]

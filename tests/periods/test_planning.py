"""Plans of report periods against trying everything out customer by customer."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import soclib
from soclib import periods
from soclib.dates import ONE_DAY, MonthDay, add_months
from soclib.periods.tables import PERIODS

TABLES = soclib.load_catalog().part(PERIODS)
ORDER = sorted(TABLES.readings.values(), key=lambda reading: reading.rank)
LABELS = [reading.label for reading in ORDER]
COVERING = {reading.label for reading in ORDER if reading.covers}
LATE = "late"
LAG = TABLES.thresholds["reporting_lag"].value
NEAR = st.dates(date(2025, 9, 1), date(2027, 9, 30))


@st.composite
def customers(draw):
    end = draw(st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28)) | NEAR)
    start = None
    if isinstance(end, date) and draw(st.booleans()):
        start = end - timedelta(days=draw(st.integers(60, 500)))
    deadline = draw(st.none() | NEAR)
    return periods.YearEnd("x", end, start, draw(st.integers(1, 3)), deadline)


MANY = st.lists(customers(), min_size=1, max_size=6)
SMALL = {"lengths": (3, 12), "until": "2027-03-31"}


def outcome(period, customer, report):
    """Return what one customer gets from one period: a reading, or that it comes too late."""
    start, end = period
    if customer.deadline and end + timedelta(days=LAG) > customer.deadline:
        return LATE
    return periods.fit_many(start, end, [customer], report=report)[0].reading


def score_of(outcomes, weights):
    """Return what a plan ranks by: weight covered, then weight at each reading or better."""
    covered = sum(w for o, w in zip(outcomes, weights, strict=True) if o in COVERING)
    levels = [LABELS[: n + 1] for n in range(len(LABELS))]
    return covered, *(
        sum(w for o, w in zip(outcomes, weights, strict=True) if o in level) for level in levels
    )


def all_periods(first, last, lengths):
    """Return every period that ends on a month's end, found day by day."""
    day = first
    while day <= last:
        if (day + ONE_DAY).day == 1:
            for length in lengths:
                start = add_months(day + ONE_DAY, -length)
                if start >= first:
                    yield start, day
        day += ONE_DAY


@settings(max_examples=40)
@given(MANY, st.sampled_from(("soc1", "soc2")))
def test_candidates_are_all_periods_ranked_as_trying_them_one_by_one_ranks_them(many, report):
    found = periods.plan(many, "2026-01-01", report=report, **SMALL)
    weights = [customer.weight for customer in many]
    wanted = set(all_periods(date(2026, 1, 1), date(2027, 3, 31), SMALL["lengths"]))
    assert {(c.start, c.end) for c in found.candidates} == wanted
    ranks = []
    for candidate in found.candidates:
        outcomes = [outcome((candidate.start, candidate.end), c, report) for c in many]
        counts = Counter(outcomes)
        assert [c.customers for c in candidate.counts] == [counts[label] for label in LABELS]
        assert candidate.late == counts[LATE]
        score = score_of(outcomes, weights)
        assert candidate.covered_share == score[0] / sum(weights)
        ranks.append((tuple(-s for s in score), candidate.ready_on, -candidate.months))
    assert ranks == sorted(ranks)


@settings(max_examples=25)
@given(MANY)
def test_the_best_pair_is_the_best_of_all_pairs(many):
    found = periods.plan(many, "2026-01-01", **SMALL)
    weights = [customer.weight for customer in many]
    rows = {
        (c.start, c.end): [outcome((c.start, c.end), customer, "soc1") for customer in many]
        for c in found.candidates
    }
    places = [*LABELS, LATE]

    def better(one, two):
        return [min(a, b, key=places.index) for a, b in zip(rows[one], rows[two], strict=True)]

    single = max(score_of(row, weights) for row in rows.values())
    best = max(score_of(better(*pair), weights) for pair in combinations(rows, 2))
    if found.pair is None:
        assert best == single
    else:
        chosen = [(c.start, c.end) for c in (found.pair.first, found.pair.second)]
        assert score_of(better(*chosen), weights) == best > single
        counts = Counter(better(*chosen))
        assert [c.customers for c in found.pair.counts] == [counts[label] for label in LABELS]


@settings(max_examples=25)
@given(MANY)
def test_the_longest_gap_is_that_of_a_covered_customer(many):
    for candidate in periods.plan(many, "2026-01-01", **SMALL).candidates:
        fits = [
            (customer, periods.fit_many(candidate.start, candidate.end, [customer])[0])
            for customer in many
        ]
        gaps = [
            fit.gap_days
            for customer, fit in fits
            if fit.reading in COVERING
            and not (customer.deadline and candidate.ready_on > customer.deadline)
        ]
        assert candidate.longest_gap_days == max(gaps, default=None)


@given(MANY)
def test_the_order_of_customers_does_not_matter(many):
    there, back = (periods.plan(m, "2026-01-01", **SMALL) for m in (many, many[::-1]))
    assert there == back


def test_calendar_customers_get_nine_months_or_more_and_the_earliest_delivery():
    best = periods.plan(["31 Dec"] * 5, "2026-01-01", "2026-02-10").candidates[0]
    assert (best.start, best.end) == (date(2026, 3, 1), date(2026, 11, 30))
    assert best.counts[0] == periods.ReadingCount("classic fit", 5, 5)
    assert best.ready_on == date(2027, 1, 14)


def test_december_and_june_year_ends_need_two_reports():
    found = periods.plan(["31 Dec", "30 Jun", "31 Dec"], "2025-07-01", lengths=[12])
    assert found.candidates[0].covered == 2
    assert found.pair.covered == 3
    assert {found.pair.first.end.month, found.pair.second.end.month} <= {9, 10, 11, 12, 3, 4, 5, 6}
    assert found.pair.counts[0].customers == 3


def test_where_one_report_serves_all_there_is_no_pair():
    assert periods.plan(["31 Dec"], "2026-01-01", lengths=[12]).pair is None


def test_nothing_begins_before_the_controls_are_ready():
    found = periods.plan(["31 Dec"], "2026-01-01", "2026-06-15")
    assert min(c.start for c in found.candidates) == date(2026, 7, 1)
    assert found.type_1_on == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("deadline", "met", "type_1", "says"),
    [
        ("2027-06-30", True, True, "is usually there"),
        ("2026-09-30", False, True, "A Type 1 as of 10 Feb 2026 can be there by 12 Mar 2026"),
        ("2026-03-01", False, False, "neither the report"),
    ],
)
def test_a_deadline_says_whether_the_period_or_else_a_type_1_meets_it(deadline, met, type_1, says):
    found = periods.plan(["31 Dec"], "2026-01-01", "2026-02-10", [deadline])
    answer = found.deadlines[0]
    assert (answer.met, answer.type_1_meets) == (met, type_1)
    assert says in answer.text
    assert found.candidates[0].missed == (() if met else (answer.day,))


def test_a_customers_own_deadline_counts_a_late_report_as_late():
    many = [periods.YearEnd("a", MonthDay(12, 31), None, 1, date(2026, 6, 30))]
    found = periods.plan(many, "2026-01-01", lengths=[12])
    assert all(c.late == 1 and c.covered == 0 for c in found.candidates)


def test_weights_count():
    many = [periods.YearEnd("a", MonthDay(6, 30), None, 9), periods.YearEnd("b", MonthDay(12, 31))]
    best = periods.plan(many, "2025-07-01", lengths=[12]).candidates[0]
    served = periods.fit_many(best.start, best.end, many)
    assert served[0].reading == "classic fit"
    assert best.covered_share >= 0.9


def test_a_plan_takes_year_ends_from_a_table():
    many = periods.read_year_ends("customer,fiscal_year_end\nAcme,31 Dec\nBell,2026-12-31\n")
    assert periods.plan(many, "2026-01-01").candidates[0].counts[0].customers == 2


@pytest.mark.parametrize(
    ("arguments", "more", "says"),
    [
        ((["31 Dec"], "2026-02-30"), {}, "earliest_start '2026-02-30': there is no such day"),
        (([], "2026-01-01"), {}, "there is no year-end"),
        ((["03-04"], "2026-01-01"), {}, "year-end 1: '03-04': day and month are not certain"),
        ((["31 Dec"], "2026-01-01", None, ["03/04/2026"]), {}, "deadline 1 03/04/2026"),
        ((["31 Dec"], "2026-01-01"), {"lengths": [0, 24]}, "lengths [0, 24]: give whole months"),
        ((["31 Dec"], "2026-01-01"), {"until": "2025-01-01"}, "until 2025-01-01: give a day from"),
        ((["31 Dec"], "2026-01-01"), {"until": "2126-01-01"}, "until 2126-01-01: give a day from"),
        ((["31 Dec"], "2026-01-01"), {"until": "2026-02-28"}, "no period of"),
        ((["31 Dec"], "2026-01-01"), {"report": "soc3"}, "unknown report: 'soc3'"),
    ],
)
def test_what_cannot_be_planned_is_said_in_one_sentence(arguments, more, says):
    with pytest.raises(periods.PeriodError) as caught:
        periods.plan(*arguments, **more)
    assert says in str(caught.value)


def test_a_year_typed_wrong_by_decades_does_not_stretch_the_plan():
    found = periods.plan(["2162-12-31", "31 Dec"], "2026-01-01", lengths=[12])
    assert max(c.end for c in found.candidates) <= date(2036, 1, 31)


# --- two reports, one programme -----------------------------------------------------------------


@given(
    *(st.tuples(NEAR, st.integers(0, 500)) for _ in range(2)),
)
def test_shared_days_agree_with_sets_of_days(one, two):
    spans = [(start, start + timedelta(days=length)) for start, length in (one, two)]
    sets = [{a + timedelta(days=n) for n in range((b - a).days + 1)} for a, b in spans]
    found = periods.align(*spans)
    assert found.shared_days == len(sets[0] & sets[1])
    assert found.soc1_only_days == len(sets[0] - sets[1])
    assert found.soc2_only_days == len(sets[1] - sets[0])
    if sets[0] & sets[1]:
        assert found.shared == (min(sets[0] & sets[1]), max(sets[0] & sets[1]))
    else:
        assert (found.shared, found.once) == (None, ())


def test_equal_periods_count_all_common_evidence_once():
    found = periods.align(("2025-10-01", "2026-09-30"), ("2025-10-01", "2026-09-30"))
    assert (found.shared_months, found.note.note_id) == (12, "align_same")
    assert {row.element_id for row in found.once} >= {"logical_access", "change_management"}
    assert {row.element_id for row in found.own["soc1"]} >= {"transaction_controls"}
    assert {row.element_id for row in found.each} >= {"opinion"}


def test_a_short_first_soc_2_inside_a_soc_1_period_says_what_is_left():
    found = periods.align(("2025-10-01", "2026-09-30"), ("2026-07-01", "2026-09-30"))
    assert (found.shared_months, found.soc2_only_days) == (3, 0)
    assert "92 days" in found.note.text
    assert "273 days" in found.note.text


def test_two_plans_are_aligned_without_serving_anybody_worse():
    one = periods.plan(["31 Dec", "30 Jun"], "2026-01-01")
    two = periods.plan(["2027-02-15"], "2026-01-01", report="soc2")
    found = periods.align_plans(one, two)

    def worth(candidate):
        return candidate.counts, candidate.late, candidate.late_weight, candidate.missed

    best = [
        [(c.start, c.end) for c in plan.candidates if worth(c) == worth(plan.candidates[0])]
        for plan in (one, two)
    ]
    assert found.soc1 in best[0]
    assert found.soc2 in best[1]
    assert found.shared_days == max(
        periods.align(a, b).shared_days for a in best[0] for b in best[1]
    )


def test_bad_periods_to_align_are_named_by_their_report():
    with pytest.raises(periods.PeriodError) as caught:
        periods.align(("2026-02-30", "2026-09-30"), ("2026-09-30", "2026-01-01"))
    assert [fault[:8] for fault in caught.value.faults] == ["soc1 sta", "soc2 end"]

"""What a notebook shows of periods: tables, timelines and letters."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

import soclib
from soclib import periods
from soclib.periods.tables import PERIODS

CATALOG = soclib.load_catalog()
YEAR_ENDS = ["31 Dec", "31 Dec", "30 Jun"]
NASTY = "<img src=x onerror=alert(1)>"


def test_the_worked_cases_are_counted_anew_and_equal_the_table_to_the_day():
    shown = periods.worked_cases()
    assert list(shown.index) == list("ABCDEFGH")
    for case in CATALOG.part(PERIODS).worked:
        row = shown.loc[case.case_id]
        assert row["overlap_days"] == case.overlap_days
        assert row["overlap_percent"] == case.overlap_percent
        assert row["gap_days"] == case.gap_days
        assert row["reading"] == CATALOG.part(PERIODS).readings[case.reading_id].label


@pytest.mark.parametrize("table", [periods.opinions, periods.misconceptions, periods.thresholds])
def test_every_row_of_a_table_says_where_it_comes_from(table):
    shown = table()
    assert len(shown) > 5
    assert (shown["source_id"] != "").all()
    assert set(shown["evidence"]) <= {"confirmed", "one_source", "practice", "disputed"}


def test_proposals_count_every_customer_once():
    plan = periods.plan(YEAR_ENDS, "2026-01-01")
    shown = periods.proposals(plan, 4)
    labels = [reading.label for reading in CATALOG.part(PERIODS).readings.values()]
    assert len(shown) == 4
    assert (shown[[*labels, "late"]].sum(axis=1) == len(YEAR_ENDS)).all()


def test_the_best_pair_is_two_periods_or_none():
    assert len(periods.best_pair(periods.plan(YEAR_ENDS, "2026-01-01"))) == 2
    alone = periods.best_pair(periods.plan(["31 Dec"], "2026-01-01"))
    assert alone.empty
    assert "start" in alone


def test_controls_are_shown_with_what_the_period_can_show():
    controls = [
        periods.Control("Totals", "monthly"),
        periods.Control("Recovery", "yearly", anchor="2025-11-15"),
    ]
    shown = periods.shown_controls(periods.evidence_window(controls, "2026-04-01", "2026-06-30"))
    assert list(shown["shown"]) == ["yes", "no"]
    assert shown.loc["Totals", "least"] == "3"


def test_a_day_of_a_control_that_cannot_be_is_named_with_its_control():
    controls = [periods.Control("Totals", "monthly", started="2026-02-30")]
    with pytest.raises(periods.PeriodError, match=r"'Totals': started 2026-02-30"):
        periods.evidence_window(controls, "2026-04-01", "2026-06-30")


def test_a_timeline_is_a_picture_with_its_table_and_its_words():
    fits = [periods.fit("2025-10-01", "2026-09-30", "2026-12-31")]
    sheet = periods.timeline(fits, [NASTY], title=NASTY)
    svg = sheet.html[sheet.html.index("<svg") : sheet.html.index("</svg>") + 6]
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own
    assert "<table" in sheet.html
    assert "<img" not in sheet.html
    assert "1 Oct 2026 to 31 Dec 2026" in sheet.text


def test_a_letter_is_shown_with_its_title_and_lists_and_escaped():
    fit = periods.fit("2025-10-01", "2026-09-30", "2026-12-31")
    case = periods.BridgeCase(fit, NASTY, changes=["one", "two"])
    sheet = periods.letter(periods.bridge_letter(case))
    assert "<img" not in sheet.html
    assert "<li>one</li><li>two</li>" in sheet.html
    assert sheet.html.count("<h3>") == 1


def test_truth_values_are_shown_as_words():
    html = soclib.show(periods.worked_cases()[["bridgeable"]], "Cases").html
    assert "True" not in html
    assert ">yes<" in html

"""What a programme lacks for a Type 1 and a Type 2: who owes it, by when, and no score."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import soclib
from soclib import readiness
from soclib.claims.tables import CLAIMS
from soclib.dates import add_months
from soclib.periods.fitting import TYPE_1
from soclib.periods.tables import PERIODS
from soclib.readiness.gaps import (
    TYPE_2,
    DateRange,
    count_runs,
    evidence_span,
    first_uncovered,
    run_windows,
)
from soclib.readiness.items import COLUMNS, COMPLEMENTARY, CONTROL, EVIDENCE, SUBSERVICE
from soclib.readiness.tables import READINESS
from soclib.trust.tables import TRUST
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
YEAR = ("2026-01-01", "2026-12-31")
TODAY = datetime(2026, 7, 15, 12, tzinfo=UTC)
OPERATING = {
    "control": "Sign-on needs a second factor",
    "owner": "Ana",
    "status_id": "operating",
    "started": "2025-06-01",
    "cadence_id": "quarterly",
}
SEEDED = "CC6_1-1"


@pytest.fixture
def made(new_programme, tmp_path):
    """Return a function that makes a programme, with other settings than the usual ones."""
    named = {"categories": ["security"], "period": YEAR, "as_of": "2026-03-31", "who": "Ana"}

    def make(**how):
        return new_programme(tmp_path / "p.sqlite", **(named | {"clock": lambda: TODAY} | how))

    return make


@pytest.fixture
def programme(made):
    return made()


def of(programme, item_id):
    """Return the ids of what an item lacks."""
    return {one.finding_id for one in programme.findings() if one.item_id == item_id}


def evidence(programme, item_id=SEEDED, **cells):
    return programme.add(EVIDENCE, control_id=item_id, **({"place": "a.pdf"} | cells))


def first(programme, kind):
    """Return the id of the first complementary control of a kind."""
    held = programme.items(COMPLEMENTARY).values()
    return next(one.item_id for one in held if one.values["kind"] == kind)


def lacking(programme):
    """Return what a programme lacks, in one order."""
    return sorted(programme.findings(), key=lambda one: (one.kind, one.item_id, one.finding_id))


# --- scope ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "category", [one.outcome_id for one in CATALOG.part(VERDICT).of_kind("category")]
)
def test_every_category_stands_on_the_common_criteria(made, category):
    bases = made(categories=[category]).scope.bases
    own = [c.tsc_id for c in CATALOG.part(TRUST).criteria.values() if c.category_id == category]
    common = [c.tsc_id for c in CATALOG.part(TRUST).criteria.values() if c.tsc_id.startswith("CC")]
    assert set(bases) == {*own, *common}


@pytest.mark.parametrize("service", list(CATALOG.part(TRUST).services))
def test_a_soc_1_programme_asks_for_the_objectives_of_its_services(made, service):
    found = made(categories=(), services=[service])
    assert found.settings.values["report_id"] == "soc1"
    objectives = CATALOG.part(TRUST).objectives.values()
    assert found.scope.bases == tuple(o.objective_id for o in objectives if o.service_id == service)


def test_a_new_programme_has_a_row_for_every_prompt_in_scope(programme):
    prompts = {p.prompt_id for b in programme.scope.bases for p in CATALOG.part(TRUST).prompts[b]}
    assert set(programme.items(CONTROL)) == prompts


def test_a_buyers_programme_asks_what_others_assume_and_nothing_of_the_vendors_controls(made):
    found = made(side="buyer")
    assert not found.items(CONTROL)
    assert {one.finding_id for one in found.findings()} <= {
        *("cuec_not_looked_at", "csoc_not_read", "csoc_no_subservice"),
    }


def test_what_others_run_for_a_category_out_of_scope_lacks_nothing(made):
    programme = made(categories=["security", "availability"])
    before = {one.item_id for one in programme.findings()}
    programme.set("programme", "programme", categories="security")
    after = {one.item_id for one in programme.findings()}
    assert {"CSOC-04", "A1.2"} <= before
    assert not {"CSOC-04", "A1.2"} & after


# --- each finding ---------------------------------------------------------------------------------


def test_a_criterion_without_a_control_is_missing_for_both_types(programme):
    assert of(programme, "CC6.1") == {"no_control"}
    assert {t for one in programme.findings() if one.item_id == "CC6.1" for t in one.due} == {
        TYPE_1,
        TYPE_2,
    }
    programme.set(CONTROL, SEEDED, control="Sign-on", status_id="designed")
    assert of(programme, "CC6.1") == set()


def test_a_control_that_is_set_aside_meets_no_criterion(programme):
    programme.set(CONTROL, SEEDED, control="Sign-on", status_id="not_applicable", note="no users")
    assert of(programme, "CC6.1") == {"no_control"}
    assert of(programme, SEEDED) == set()


def test_a_covered_control_of_a_host_leaves_a_criterion_open_until_the_rest_is_set_aside(programme):
    programme.add(SUBSERVICE, "host", name="Host", method="carve_out")
    programme.set(COMPLEMENTARY, "CSOC-01", subservice_id="host")
    assert of(programme, "CC6.4") == {"no_control"}
    programme.set(COMPLEMENTARY, "CSOC-01", status_id="covered")
    assert of(programme, "CC6.4") == {"leans_alone"}
    programme.set(CONTROL, "CC6_4-1", status_id="not_applicable", note="the host's halls only")
    assert of(programme, "CC6.4") == set()


def test_a_prompt_that_nobody_answered_lacks_nothing_by_itself(programme):
    assert of(programme, SEEDED) == set()


HALF = {"covers_from": "2026-01-01", "covers_to": "2026-07-15"}
CASES = [
    ({"status_id": "not_started"}, [], {"not_designed"}),
    ({"status_id": "designed"}, [], {"not_operating"}),
    ({"status_id": "designed", "owner": ""}, [], {"not_operating", "no_owner"}),
    ({"status_id": "not_applicable"}, [], {"no_reason"}),
    ({}, [], {"no_first_evidence", "runs_without_evidence"}),
    ({"started": ""}, [], {"no_first_evidence", "runs_without_evidence", "no_start"}),
    ({"cadence_id": ""}, [], {"no_first_evidence", "no_cadence"}),
    ({}, [HALF], set()),
    ({}, [{"dated": "2026-02-01"}], {"runs_without_evidence"}),
    # The third quarter is not over, so that nothing of it is due.
    ({}, [{"dated": "2026-02-01"}, {"dated": "2026-05-01"}], set()),
    ({}, [{"dated": ""}], {"no_first_evidence", "runs_without_evidence"}),
    # A quarterly control that starts within the first quarter misses no run.
    ({"started": "2026-02-01"}, [HALF], set()),
    ({"started": "2026-02-01", "cadence_id": "weekly"}, [HALF], {"started_late"}),
    ({"started": "2026-02-01", "cadence_id": "on_event"}, [HALF], {"started_late"}),
    (
        {"started": "2026-04-15"},
        [HALF],
        {"started_late", "not_implemented_by_date", "no_first_evidence"},
    ),
    # Evidence from before a control started shows nothing of it.
    (
        {"started": "2026-06-01", "cadence_id": "yearly"},
        [{"dated": "2026-02-01"}],
        {"not_implemented_by_date", "no_first_evidence", "may_not_occur"},
    ),
    ({"cadence_id": "yearly"}, [{"dated": "2026-02-01"}], set()),
    ({"cadence_id": "on_event"}, [{"dated": "2025-12-01"}], {"no_population"}),
    ({"cadence_id": "on_event"}, [{"dated": "2026-01-20"}], {"no_population"}),
    ({"cadence_id": "on_event"}, [{"dated": "2026-03-20"}, {"dated": "2026-06-15"}], set()),
    ({"cadence_id": "daily"}, [{"dated": "2026-01-20"}], {"days_without_evidence"}),
    ({"cadence_id": "daily"}, [{"dated": "2026-03-20"}, {"dated": "2026-06-15"}], set()),
    ({"cadence_id": "continuous"}, [{"dated": "2026-03-20"}, {"dated": "2026-06-15"}], set()),
]


@pytest.mark.parametrize(("cells", "shown", "lacks"), CASES)
def test_what_a_control_lacks(programme, cells, shown, lacks):
    programme.set(CONTROL, SEEDED, **(OPERATING | cells))
    for one in shown:
        evidence(programme, **one)
    assert of(programme, SEEDED) == lacks


def test_once_the_period_is_over_a_daily_control_needs_every_day_and_an_automated_one_does_not(
    made,
):
    later = lambda: datetime(2027, 2, 1, 12, tzinfo=UTC)  # noqa: E731 - a clock
    programme = made(clock=later)
    shown = [("2026-01-01", "2026-06-30"), ("2026-08-01", "2026-12-31")]
    for rhythm, lacks in (("daily", {"days_without_evidence"}), ("continuous", set())):
        programme.set(CONTROL, SEEDED, **(OPERATING | {"cadence_id": rhythm}))
        for first, last in shown if rhythm == "daily" else ():
            evidence(programme, covers_from=first, covers_to=last)
        assert of(programme, SEEDED) == lacks


def test_a_control_that_a_short_period_cannot_show_is_named(made):
    programme = made(period=("2026-06-01", "2026-06-30"), as_of="")
    for rhythm, finding in (("yearly", "may_not_occur"), ("half_yearly", "may_not_occur")):
        programme.set(CONTROL, SEEDED, **(OPERATING | {"cadence_id": rhythm}))
        assert finding in of(programme, SEEDED)


def test_a_control_that_never_runs_in_a_period_is_named(made):
    weekend = ("2026-06-06", "2026-06-07")
    programme = made(period=weekend, as_of="")
    programme.set(CONTROL, SEEDED, **(OPERATING | {"cadence_id": "workdaily"}))
    assert of(programme, SEEDED) == {"cannot_occur"}


def test_evidence_without_a_date_or_a_place_is_named(programme):
    programme.set(CONTROL, SEEDED, **OPERATING)
    undated, unplaced = evidence(programme), evidence(programme, place="", dated="2026-02-01")
    assert of(programme, undated) == {"evidence_without_date"}
    assert of(programme, unplaced) == {"evidence_without_place"}


def test_the_missing_days_at_the_start_cannot_be_made_good(programme):
    weekly = OPERATING | {"started": "2026-02-01", "cadence_id": "weekly"}
    programme.set(CONTROL, SEEDED, **weekly)
    (late,) = [one for one in programme.missing(TYPE_2) if one.finding_id == "started_late"]
    assert late.lost == (TYPE_2,)
    assert late.due == {TYPE_2: None}
    assert "31 days" in late.text


def test_what_is_not_there_on_its_day_is_lost_for_that_type_and_what_is_to_come_is_not(made):
    programme = made(period=("2026-10-01", "2027-03-31"))
    (bare,) = [one for one in programme.findings() if one.item_id == "CC6.1"]
    assert bare.lost == (TYPE_1,)  # its date has passed, the period is still to come


def test_evidence_of_days_to_come_is_named(programme):
    programme.set(CONTROL, SEEDED, **OPERATING)
    held = evidence(programme, dated="2026-07-16")
    assert of(programme, held) == {"evidence_to_come"}


SIDES = {
    "vendor": [
        ({"status_id": "undecided"}, {"cuec_undecided"}),
        ({"status_id": "assumed"}, {"cuec_not_told"}),
        ({"status_id": "told"}, set()),
        ({"status_id": "not_needed"}, {"cuec_no_reason"}),
        ({"status_id": "not_needed", "note": "one tenant"}, set()),
    ],
    "buyer": [
        ({"status_id": "not_looked_at"}, {"cuec_not_looked_at"}),
        ({"status_id": "not_in_place"}, {"cuec_not_in_place"}),
        ({"status_id": "in_place"}, {"cuec_no_owner", "cuec_no_evidence"}),
        ({"status_id": "in_place", "owner": "Bo"}, {"cuec_no_evidence"}),
        ({"status_id": "feature_not_used"}, {"cuec_no_reason"}),
        ({"status_id": "feature_not_used", "note": "no API"}, set()),
    ],
}


@pytest.mark.parametrize(
    ("side", "cells", "lacks"), [(side, *case) for side, cases in SIDES.items() for case in cases]
)
def test_what_a_control_of_the_user_entity_lacks_on_either_side(made, side, cells, lacks):
    programme = made(side=side)
    cuec = next(
        i for i, one in programme.items(COMPLEMENTARY).items() if one.values["kind"] == "cuec"
    )
    programme.set(COMPLEMENTARY, cuec, **cells)
    assert of(programme, cuec) == lacks


def test_evidence_in_the_period_shows_that_a_buyer_runs_a_control(made):
    programme = made(side="buyer")
    cuec = next(
        i for i, one in programme.items(COMPLEMENTARY).items() if one.values["kind"] == "cuec"
    )
    programme.set(COMPLEMENTARY, cuec, status_id="in_place", owner="Bo")
    evidence(programme, cuec, dated="2025-12-31")
    assert of(programme, cuec) == {"cuec_no_evidence"}
    evidence(programme, cuec, dated="2026-01-01")
    assert of(programme, cuec) == set()


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ({"status_id": "not_read"}, {"csoc_not_read", "csoc_no_subservice"}),
        ({"status_id": "not_covered"}, {"csoc_not_covered", "csoc_no_subservice"}),
        ({"status_id": "covered"}, {"csoc_no_subservice"}),
        ({"status_id": "covered", "subservice_id": "host"}, set()),
        ({"status_id": "csoc_not_needed", "note": "own racks"}, set()),
    ],
)
def test_what_a_control_of_a_subservice_organization_lacks(programme, cells, lacks):
    programme.add(SUBSERVICE, "host", name="Host")
    csoc = next(
        i for i, one in programme.items(COMPLEMENTARY).items() if one.values["kind"] == "csoc"
    )
    programme.set(COMPLEMENTARY, csoc, **cells)
    assert of(programme, csoc) == lacks


REPORT = {"method": "carve_out", "report_type": "type_2"}


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ({}, {"subservice_no_method"}),
        ({"method": "inclusive"}, {"subservice_no_assertion"}),
        ({"method": "inclusive", "assertion": "yes"}, set()),
        ({"method": "carve_out"}, {"subservice_no_report"}),
        ({"method": "carve_out", "report_type": "none"}, {"subservice_no_report"}),
        ({"method": "carve_out", "report_type": "type_1"}, {"subservice_type_1"}),
        (REPORT, {"subservice_no_period"}),
        (
            REPORT | {"report_start": "2026-01-01", "report_end": "2026-12-31"},
            {"subservice_to_come"},
        ),
        (REPORT | {"report_start": "2025-04-01", "report_end": "2026-03-31"}, {"subservice_gap"}),
        (REPORT | {"report_start": "2024-01-01", "report_end": "2024-12-31"}, {"subservice_gap"}),
    ],
)
def test_what_is_missing_about_a_subservice_organization(programme, cells, lacks):
    programme.add(SUBSERVICE, "host", name="Host", **cells)
    assert of(programme, "host") == lacks


def test_the_days_that_a_subservice_report_covers_are_counted(programme):
    cells = REPORT | {"report_start": "2025-04-01", "report_end": "2026-03-31"}
    programme.add(SUBSERVICE, "host", name="Host", **cells)
    (gap,) = [one for one in programme.findings() if one.item_id == "host"]
    assert "90 of 365 days" in gap.text


# --- who owes it, by when -------------------------------------------------------------------------


def test_what_is_due_first_stands_first_and_what_nothing_mends_stands_last(programme):
    programme.set(CONTROL, SEEDED, **(OPERATING | {"started": "2026-02-01", "cadence_id": "daily"}))
    days = [one.due[TYPE_2] or date.max for one in programme.missing(TYPE_2)]
    assert days == sorted(days)
    assert days[-1] == date.max


def test_every_finding_says_who_owes_it_and_why_it_matters_with_its_source(programme):
    programme.set(CONTROL, SEEDED, **OPERATING)
    for one in programme.findings():
        assert one.why
        assert one.text
        assert set(one.source_ids) <= set(CATALOG.part(CLAIMS).sources)
        assert one.item_id != SEEDED or one.owes == "Ana"


def test_a_run_is_owed_by_the_end_of_the_stretch_in_which_it_falls(programme):
    programme.set(CONTROL, SEEDED, **OPERATING)
    evidence(programme, covers_from="2026-01-01", covers_to="2026-03-31")
    (run,) = [one for one in programme.missing(TYPE_2) if one.item_id == SEEDED]
    assert run.due[TYPE_2] == date(2026, 6, 30)
    assert "1 of 2" in run.text


@pytest.mark.parametrize("type_id", [TYPE_1, TYPE_2])
def test_a_type_without_its_date_or_period_is_asked_for_it(made, type_id):
    programme = made(period=("", ""), as_of="")
    with pytest.raises(readiness.ReadinessError, match="first, such as 2026-12-31"):
        programme.missing(type_id)


def test_a_score_is_nowhere(programme):
    text = str(soclib.readiness.page(programme))
    assert "%" not in text
    assert "percent" not in text.lower()
    assert not [row for row in CATALOG.part(READINESS).findings.values() if "%" in row.why]


# --- the whole table ------------------------------------------------------------------------------


def test_every_finding_of_the_table_is_noticed_somewhere_in_these_tests():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [one for one in CATALOG.part(READINESS).findings if f'"{one}"' not in text] == []


# --- runs -----------------------------------------------------------------------------------------

days = st.dates(date(2025, 6, 1), date(2026, 12, 31))
spans = st.builds(lambda a, n: DateRange(a, a + timedelta(days=n)), days, st.integers(0, 200))


@given(spans, st.sampled_from(["month", "week"]), st.integers(1, 12))
def test_stretches_follow_each_other_without_gap_inside_the_period(period, unit, every):
    found = run_windows(unit, every, *period)
    edges = [period.first, *(slot.last + timedelta(days=1) for slot in found)]
    assert [slot.first for slot in found] == edges[:-1]
    assert edges[-1] <= period.last + timedelta(days=1)


@settings(max_examples=settings().max_examples // 2)
@given(spans, st.lists(spans, max_size=4), st.integers(1, 4))
def test_a_stretch_without_evidence_is_found_exactly_where_one_is(period, shown, months):
    found = first_uncovered(period, shown, months)
    one_day = timedelta(days=1)
    bare, longest = period.first, None
    days_of = (period.last - period.first).days + 1
    for number in range(days_of + 1):
        day = period.first + one_day * number
        covered = number == days_of or any(s.first <= day <= s.last for s in shown)
        if covered:
            if bare < day and add_months(bare, months) < day:
                longest = DateRange(bare, day - one_day)
                break
            bare = day + one_day
    assert found == longest


@given(spans, st.lists(spans, max_size=5), days)
def test_a_run_is_missing_only_where_no_evidence_meets_its_stretch(period, shown, today):
    cadence = CATALOG.part(PERIODS).cadences["monthly"]
    found = count_runs(cadence, period, shown, today)
    assert 0 <= found.missing <= found.over
    assert (found.first_missing is None) == (found.missing == 0)
    everything = [*shown, period]
    assert count_runs(cadence, period, everything, today).missing == 0


@pytest.mark.parametrize(
    ("cells", "span"),
    [
        (("", "", ""), None),
        (("2026-02-01", "", ""), ("2026-02-01", "2026-02-01")),
        (("2026-02-01", "2026-01-01", "2026-01-31"), ("2026-01-01", "2026-01-31")),
        (("", "2026-01-01", ""), ("2026-01-01", "2026-01-01")),
        (("", "", "2026-01-31"), ("2026-01-31", "2026-01-31")),
    ],
)
def test_evidence_speaks_of_the_period_that_it_covers_or_else_of_its_date(cells, span):
    found = evidence_span(dict(zip(("dated", "covers_from", "covers_to"), cells, strict=True)))
    assert found == (span and DateRange(*map(date.fromisoformat, span)))


# --- changed to B equals made as B ----------------------------------------------------------------

moves = st.lists(
    st.tuples(
        st.sampled_from(["set", "prove", "drop", "period", "told"]),
        st.sampled_from(["CC6_1-1", "CC6_1-2", "CC6_2-1"]),
        st.sampled_from(["not_started", "designed", "operating"]),
        st.sampled_from(["", "2026-01-20", "2026-06-30"]),
    ),
    max_size=8,
)


@settings(
    max_examples=settings().max_examples // 10,
    suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture],
)
@given(moves)
def test_a_programme_that_was_changed_lacks_what_one_opened_anew_lacks(made, asked):
    programme = made()
    for move, item_id, status, day in asked:
        if move == "set":
            cells = OPERATING | {"status_id": status, "started": day}
            programme.set(CONTROL, item_id, **cells)
        elif move == "prove":
            evidence(programme, item_id, dated=day)
        elif move == "drop" and programme.evidence_of(item_id):
            programme.remove(EVIDENCE, programme.evidence_of(item_id)[0].item_id)
        elif move == "period":
            programme.set("programme", "programme", period_start=day or "2026-01-01")
        elif move == "told":
            programme.set(COMPLEMENTARY, "CUEC-37", status_id="told")
        programme.findings()
    anew = readiness.open_programme(programme.store.place, clock=lambda: TODAY)
    assert lacking(anew) == lacking(programme)
    assert {k: anew.items(k) for k in COLUMNS} == {k: programme.items(k) for k in COLUMNS}
    for one in (anew, programme):  # the next example begins with this file
        one.store.engine.dispose()


# --- bad input ------------------------------------------------------------------------------------


def test_every_bad_cell_is_named_at_once_and_nothing_is_written(programme):
    before = len(programme.history())
    cells = {"cadence_id": "often", "status_id": "told", "started": "31/12/2026", "note": "a\x00b"}
    with pytest.raises(readiness.ReadinessError) as caught:
        programme.set(CONTROL, SEEDED, **cells)
    for column in cells:
        assert f"column {column}: " in str(caught.value)
    assert len(programme.history()) == before


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda p: p.set(CONTROL, "CC6_1-9", note="x"), "no such item; did you mean 'CC"),
        (lambda p: p.set(CONTROL, SEEDED, ownr="x"), "did you mean 'owner'"),
        (lambda p: p.add("controls", note="x"), "did you mean 'control'"),
        (lambda p: p.add(EVIDENCE, control_id="CC6_1-99", place="a"), "no such item"),
        (lambda p: p.add(EVIDENCE, place="a"), "must not be blank"),
        (lambda p: p.add(CONTROL, "a b", basis_id="CC6.1", status_id="designed"), "use letters"),
        (lambda p: p.set(CONTROL, SEEDED, basis_id="CC8.2"), "is unknown here"),
        (lambda p: p.missing("type_3"), "did you mean 'type_"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_that_is(programme, act, says):
    with pytest.raises(readiness.ReadinessError, match=says):
        act(programme)


def test_a_period_that_ends_before_it_begins_is_refused(programme):
    with pytest.raises(readiness.ReadinessError, match="lies before period_start"):
        programme.set("programme", "programme", period_end="2025-01-01")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"report_id": "soc3"}, "column report_id: 'soc3'"),
        ({"period_end": "2028-12-31"}, "makes more than"),
    ],
)
def test_settings_that_no_view_could_show_are_refused(programme, cells, says):
    with pytest.raises(readiness.ReadinessError, match=says):
        programme.set("programme", "programme", **cells)


def test_a_period_of_the_longest_kind_is_shown(programme):
    most = CATALOG.part(PERIODS).thresholds["longest_period"].value
    last = add_months(date(2026, 1, 1), most) - timedelta(days=1)
    programme.set(CONTROL, SEEDED, **OPERATING)
    programme.set("programme", "programme", period_end=last.isoformat())
    assert programme.missing(TYPE_2)
    after = (last + timedelta(days=40)).isoformat()
    with pytest.raises(readiness.ReadinessError, match="makes more than"):
        programme.set("programme", "programme", period_end=after)


def test_a_control_with_evidence_is_not_removed_from_under_it(programme):
    held = evidence(programme, dated="2026-01-01")
    with pytest.raises(readiness.ReadinessError, match=f"{held} depends on it"):
        programme.remove(CONTROL, SEEDED)
    programme.remove(EVIDENCE, held)
    programme.remove(CONTROL, SEEDED)
    assert SEEDED not in programme.items(CONTROL)

"""Claims stay true: every row has its sources, a day to be looked at again, and no draft in it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date, datetime
from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoiling import (
    DRAFTS_IN,
    NAMES,
    copied,
    faults_in,
    faults_of_row,
    own_cells,
    own_table,
    spoilt,
)

import soclib
from soclib.catalog import data_folder
from soclib.claims import (
    ahead,
    all_sources,
    all_standards,
    by_source,
    months_later,
    outdated,
    overdue,
)
from soclib.claims.reviews import all_claims
from soclib.claims.tables import CLAIMS, PARTLY, SUPERSEDED
from soclib.tables.rows import DRAFT, EVIDENCE
from soclib.verdict.browser import browser_tables
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
ALL = all_claims(CATALOG)
TODAY = datetime.now().astimezone().date()
REMEDY = "look at the claim again, then set as_of"
LEAK = "Leaked draft <b>"


def line_of(table, key):
    return next(one.line for one in ALL if (one.table, one.key) == (table, key))


# --- the shipped claims ------------------------------------------------------------------------


def test_every_row_of_every_table_is_a_claim_with_its_line():
    rows = [(path.stem, *row) for path in data_folder().rglob("*.csv") for row in rows_of(path)]
    found = [(one.table, one.line, one.source_ids, one.as_of.isoformat()) for one in ALL]
    assert sorted(found) == sorted(
        (name, line, tuple(row["source_id"].split(";")), row["as_of"]) for name, line, row in rows
    )
    first = {(name, line, next(iter(row.values()))) for name, line, row in rows}
    assert {(one.table, one.line, one.key.split("/")[0]) for one in ALL} == first


def rows_of(path):
    """Yield the rows of a file, each with the line on which it starts."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        end = 1
        for row in reader:
            yield end + 1, row
            end = reader.line_num


def test_no_two_claims_have_the_same_name():
    names = [(one.table, one.key) for one in ALL]
    assert len(set(names)) == len(names)


def test_every_claim_names_sources_that_are_known():
    known = all_sources(CATALOG)
    assert ALL
    assert not [one for one in ALL if not one.source_ids or set(one.source_ids) - known.keys()]


@pytest.mark.fresh
def test_no_claim_waits_for_a_second_look_today():
    late = [f"data/{c.table}.csv line {c.line}, {c.key}: {REMEDY}" for c in overdue(ALL, TODAY)]
    assert not late, "\n".join(late)


def test_no_claim_was_checked_on_a_day_to_come():
    early = [f"data/{c.table}.csv line {c.line}, {c.key}: {c.as_of}" for c in ahead(ALL, TODAY)]
    assert not early, "\n".join(early)


# --- standards ---------------------------------------------------------------------------------


def test_a_replaced_standard_names_what_replaced_it_and_no_other_does():
    standards = all_standards(CATALOG)
    for one in standards.values():
        assert bool(one.replaced_by) == (one.state in (SUPERSEDED, PARTLY)), one.standard_id
        assert set(one.replaced_by) <= standards.keys()
    assert {one.state for one in standards.values()} == {"current", SUPERSEDED, PARTLY, DRAFT}


def test_following_the_replacements_ends_at_a_standard_that_is_in_force():
    standards = all_standards(CATALOG)

    def ends(standard_id, passed):
        assert standard_id not in passed, passed
        following = standards[standard_id].replaced_by
        found = [end for one in following for end in ends(one, {*passed, standard_id})]
        return found or [standard_id]

    assert ends("sas-70", set()) == ["ssae-21"]
    for standard_id, one in standards.items():
        reached = {standards[end].state for end in ends(standard_id, set())}
        assert reached == {DRAFT if one.state == DRAFT else "current"}


def test_no_standard_takes_effect_before_it_is_issued():
    for one in all_standards(CATALOG).values():
        if one.issued and one.effective:
            assert one.issued <= one.effective, one.standard_id


def test_ssae_18_is_neither_simply_in_force_nor_simply_gone():
    table = soclib.claims.standards()
    assert table.loc["ssae-18", "state"] == PARTLY
    assert table.loc["at-c-205-2016", "state"] == SUPERSEDED
    assert table.loc["at-c-320", "state"] == "current"


def test_where_sources_differ_the_note_says_so_and_no_date_takes_a_side():
    table = soclib.claims.standards()
    assert (table.loc["ssae-21", "issued"], table.loc["ssae-23", "issued"]) == ("2020", "")
    for standard_id in ("ssae-21", "ssae-23"):
        assert "Sources differ" in table.loc[standard_id, "note"]
    assert table.loc["ssae-23", "evidence"] == "disputed"


# --- what claims rest on -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sources", "rests_on"),
    [
        ("riskassuranceguy", SUPERSEDED),
        ("riskassuranceguy;itcontrolsfreak-datacenters", SUPERSEDED),
        ("riskassuranceguy;at-c-320", PARTLY),
        ("riskassuranceguy;project-practice", PARTLY),
        ("nicsa-ssae18", PARTLY),
        ("nicsa-ssae18;riskassuranceguy", PARTLY),
        ("linford-blog", PARTLY),
        ("at-c-320;pcaob-as-2601", "current"),
        ("project-practice", "current"),
    ],
)
def test_a_claim_is_as_current_as_the_standards_under_its_sources(tmp_path, sources, rests_on):
    own_cells(tmp_path, "groups", 2, source_id=sources)
    (claim,) = [
        one
        for one in all_claims(soclib.load_catalog(tmp_path))
        if (one.table, one.line) == ("groups", 2)
    ]
    assert claim.rests_on == rests_on


def test_only_what_rests_on_something_replaced_has_a_replaced_standard():
    for one in ALL:
        assert bool(outdated(CATALOG, one)) == (one.rests_on in (SUPERSEDED, PARTLY)), one


def test_every_claim_stands_under_each_of_its_sources_and_no_other():
    pairs = [(one.source.source_id, claim) for one in by_source(CATALOG, ALL) for claim in one[2]]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(source_id, one) for one in ALL for source_id in one.source_ids}


def test_a_source_that_a_row_names_twice_is_cited_once(tmp_path):
    own_cells(tmp_path, "groups", 2, source_id="wipfli-checkflow;wipfli-checkflow")
    catalog = soclib.load_catalog(tmp_path)
    cited = {one.source.source_id: one.claims for one in by_source(catalog, all_claims(catalog))}
    assert [one.table for one in cited["wipfli-checkflow"]].count("groups") == 1


# --- the calendar ------------------------------------------------------------------------------

DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(1, 99)


@given(DAYS, MONTHS)
def test_months_are_those_of_the_calendar(day, months):
    assert months_later(day, months) == (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


@given(DAYS, MONTHS)
def test_a_later_claim_is_never_due_before_an_earlier_one(day, months):
    following = date.fromordinal(day.toordinal() + 1)
    assert months_later(day, months) <= months_later(following, months)


def test_the_end_of_a_month_stays_at_the_end_and_the_calendar_may_end():
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_later(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert months_later(date(9999, 6, 1), 24) == date.max


@given(st.sampled_from(ALL))
def test_a_claim_is_due_the_day_after_its_review_date_and_ahead_until_its_own(claim):
    def shift(day, days):
        return date.fromordinal(day.toordinal() + days)

    assert not overdue([claim], claim.review_by)
    assert overdue([claim], shift(claim.review_by, 1)) == (claim,)
    assert not ahead([claim], claim.as_of)
    assert ahead([claim], shift(claim.as_of, -1)) == (claim,)


def test_every_evidence_has_a_time_after_which_to_look_again():
    assert CATALOG.part(CLAIMS).review_months.keys() == set(EVIDENCE)
    for one in ALL:
        assert one.review_by == months_later(
            one.as_of, CATALOG.part(CLAIMS).review_months[one.evidence]
        )


# --- broken tables -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"source_id": ""}, "must not be blank"),
        ({"source_id": " ; "}, "names no source"),
        ({"source_id": "at-c-321"}, "'at-c-321' is not in sources.csv"),
        ({"source_id": "joa-drafts-2026"}, "'joa-drafts-2026' is a draft"),
        ({"source_id": "at-c-320;joa-drafts-2026"}, "'joa-drafts-2026' is a draft"),
        ({"evidence": "certain"}, "use one of confirmed"),
        ({"as_of": "2026-02-30"}, "use a date such as"),
        ({"as_of": "20261123"}, "use a date such as"),
        ({"as_of": "\u0662\u0660\u0662\u0666-11-23"}, "use a date such as"),  # Arabic digits
    ],
)
@pytest.mark.parametrize("table", sorted({*NAMES} - {"sources"}))
def test_a_spoilt_provenance_is_a_fault_in_every_table(table, cells, says):
    (column,) = cells
    found = [fault for fault in faults_of_row(table, 3, **cells) if fault.column == column]
    assert [(fault.file, fault.line) for fault in found] == [(f"{table}.csv", 3)]
    assert says in found[0].remedy


@pytest.mark.parametrize("table", sorted({*NAMES} - {*DRAFTS_IN}))
def test_a_draft_is_a_fault_where_it_would_count_as_in_force(table):
    (fault,) = faults_of_row(table, 3, evidence=DRAFT, source_id="joa-drafts-2026")
    assert str(fault).startswith(f"{table}.csv line 3, column evidence: 'draft'")
    assert "no row of this table may be a draft" in fault.remedy


def test_only_three_tables_may_hold_drafts():
    assert {*DRAFTS_IN} == {"comparison", "sources", "standards"}


@pytest.mark.parametrize(
    ("table", "key", "cells", "says"),
    [
        ("standards", "at-c-320", {"state": "draft"}, "for the state and the evidence"),
        ("standards", "ed-2026-02", {"state": "current"}, "for the state and the evidence"),
        ("standards", "sas-70", {"replaced_by": ""}, "name the standard that replaced it"),
        ("standards", "ssae-18", {"replaced_by": " "}, "name the standard that replaced it"),
        ("standards", "at-c-320", {"replaced_by": "ssae-23"}, "leave it blank, or fix the state"),
        ("standards", "sas-70", {"replaced_by": "ssae-17"}, "'ssae-17' is unknown"),
        ("standards", "sas-70", {"replaced_by": "sas-70"}, "break the circle"),
        ("standards", "ssae-16", {"replaced_by": "sas-70"}, "break the circle"),
        ("standards", "sas-70", {"replaced_by": "ed-2026-02"}, "it replaces nothing"),
        ("standards", "sas-70", {"issued": "April 1992"}, "blank if unknown"),
        ("standards", "sas-70", {"issued": "1992-13"}, "blank if unknown"),
        ("standards", "ssae-18", {"effective": "2017-02-29"}, "blank if unknown"),
        ("sources", "at-c-320", {"standards": "at-c-32"}, "'at-c-32' is unknown"),
        ("sources", "at-c-320", {"standards": "ed-2026-02"}, "names a draft"),
        ("sources", "joa-drafts-2026", {"evidence": "confirmed"}, "names a draft"),
        ("reviews", "draft", {"review_after_months": "0"}, "from 1 to 99"),
        ("reviews", "draft", {"review_after_months": "two"}, "from 1 to 99"),
        ("reviews", "draft", {"evidence_id": "rumour"}, "use one of confirmed"),
    ],
)
def test_what_cannot_be_true_of_standards_and_reviews_is_a_fault(table, key, cells, says):
    found = faults_in(table, spoilt(table, line_of(table, key), **cells))
    assert [fault for fault in found if fault.file == f"{table}.csv" and says in fault.remedy]


def test_an_evidence_without_a_review_time_is_named():
    tables = copied()
    tables["reviews"].pop()
    (fault,) = faults_in("reviews", tables)
    assert str(fault).startswith("reviews.csv")
    assert "'draft': this evidence has no row" in str(fault)


@pytest.mark.parametrize("table", ["comparison", "standards"])
def test_a_table_of_drafts_alone_says_nothing_and_is_a_fault(table):
    tables = copied()
    tables[table][:] = [row for row in tables[table] if row.cells["evidence"] == DRAFT]
    assert any("every row is a draft" in fault.remedy for fault in faults_in(table, tables))


# --- drafts ------------------------------------------------------------------------------------


@pytest.fixture
def leaky(tmp_path):
    """Return tables whose drafts are easy to see, and bear on every answer."""
    criteria = ";".join(criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria)
    marked = {"comparison": ("dimension", "soc1", "soc2", "soc3"), "sources": ("title",)}

    def leak(rows, columns):
        for row in rows:
            if row["evidence"] == DRAFT:
                row.update(dict.fromkeys(columns, LEAK))
                row.update({"criteria": criteria} if "criteria" in row else {})
        return rows

    for table, columns in {**marked, "standards": ("title",)}.items():
        own_table(tmp_path, table, partial(leak, columns=columns))
    return soclib.load_catalog(tmp_path)


def seen_by_default(catalog):
    """Yield what every view shows of a catalog when nobody asks for drafts."""
    yield "comparison", soclib.comparison(catalog).to_csv()
    yield "standards", soclib.claims.standards(catalog).to_csv()
    yield "browser", json.dumps(browser_tables(catalog))
    for example in catalog.part(VERDICT).examples:
        decision = soclib.decide(example.answers, example.voice, catalog=catalog)
        yield "verdict", json.dumps(decision.to_dict())
        yield "memo", decision.to_markdown()
        yield "text", str(decision)
        yield "html", decision._repr_html_()
    panel = soclib.panel(catalog.part(VERDICT).examples[0].answers, catalog=catalog)
    yield "stand-in", panel.standby_html()
    yield "panel", json.dumps(panel.get_state(), default=str)


def test_no_view_shows_a_draft_unless_it_is_asked_to(leaky):
    drafts = leaky.part(CLAIMS)
    ids = [*drafts.draft_sources, *drafts.draft_standards, "drafts_2026", "Leaked draft"]
    for view, text in seen_by_default(leaky):
        assert not [name for name in ids if name in text], view


def test_those_views_would_show_a_row_like_it_that_is_in_force(tmp_path):
    line = line_of("comparison", "subject")
    criteria = ";".join(criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria)
    own_cells(tmp_path, "comparison", line, dimension=LEAK, criteria=criteria)
    shown = {
        view for view, text in seen_by_default(soclib.load_catalog(tmp_path)) if "Leaked" in text
    }
    assert {"comparison", "browser", "verdict", "memo", "text", "html", "stand-in"} <= shown


def test_drafts_come_when_they_are_asked_for_and_last(leaky):
    table, standards = (
        soclib.comparison(leaky, drafts=True),
        soclib.claims.standards(leaky, drafts=True),
    )
    assert table.index[-1] == "drafts_2026"
    assert list(standards.index[-2:]) == ["ed-2026-02", "ed-2026-03"]
    assert set(table["evidence"][:-1]) == set(soclib.comparison(leaky)["evidence"])
    assert set(standards["state"][-2:]) == {DRAFT}


def test_the_shipped_draft_says_that_it_is_not_in_force_and_what_is_not_known():
    row = soclib.comparison(drafts=True).loc["drafts_2026"]
    assert "not established" in row["soc1"]
    assert "not established" in row["soc2"]
    assert "30 June 2026" in row["soc1"]
    assert row["evidence"] == DRAFT


# --- as DataFrames -----------------------------------------------------------------------------


def test_the_claims_are_a_table_that_joins_the_others():
    table = soclib.claims.claims()
    columns = ["table", "line", "key", "sources", "as_of", "review_by", "evidence", "rests_on"]
    assert list(table.columns) == columns
    assert len(table) == len(ALL)
    comparison = soclib.comparison(drafts=True)
    mine = table[table["table"] == "comparison"].set_index("key")
    assert list(mine.index) == list(comparison.index)
    assert (mine["sources"] == comparison["source_id"]).all()
    assert (mine["as_of"] == comparison["as_of"]).all()


@pytest.mark.parametrize(
    "first",
    ["import soclib.claims", "from soclib.claims.reviews import all_claims", "import soclib"],
)
def test_the_function_and_the_module_of_one_name_do_not_get_in_each_others_way(first):
    code = f"""
{first}
import soclib, soclib.claims
from soclib.claims.reviews import all_claims, overdue
assert len(soclib.claims.claims()) == len(all_claims(soclib.load_catalog())), "not the function"
assert callable(overdue)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_the_frame_gives_the_review_day_and_not_the_day_of_the_check():
    found = soclib.claims.claims()
    assert (found["review_by"] > found["as_of"]).all()

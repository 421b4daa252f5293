"""Real companies: verdicts from what they do, statements from their pages, and why they differ."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from copied_tables import copy_tables, shipped

import soclib
from soclib.claims.tables import CLAIMS
from soclib.companies import company_cases
from soclib.companies.tables import AGREEMENTS, COMPANIES, HOLDINGS, REPORTS
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(COMPANIES)
CASES = company_cases()
GIVEN = Path(__file__).resolve().parents[3] / "shared" / "cases" / "companies_dev.csv"
NASTY = "<img src=x onerror=alert(1)>"

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.company.company_id)


def said(text, count=8):
    """Return every run of words of a text."""
    words = re.findall(r"[\w']+", text.lower())
    return {tuple(words[place : place + count]) for place in range(len(words) - count + 1)}


def listed_companies():
    if not GIVEN.exists():
        pytest.skip("The list of companies is not beside this checkout (../shared/cases).")
    with GIVEN.open(encoding="utf-8", newline="") as handle:
        return {row["source_url"]: row for row in csv.DictReader(handle)}


# --- the tables -----------------------------------------------------------------------------------


@each_case
def test_the_answers_of_a_company_do_not_contradict_each_other(case):
    assert case.decision.contradictions == ()
    assert set(case.decision.answers) == set(case.company.answers)


@each_case
def test_every_company_has_a_page_of_its_own_as_its_source(case):
    pages = [CATALOG.part(CLAIMS).sources[key] for key in case.company.provenance.source_ids]
    assert [page.source_id.startswith("page-") and bool(page.url) for page in pages] == [True]
    assert pages[0].evidence == case.company.provenance.evidence
    assert "not visited" in pages[0].title


def test_no_two_companies_share_a_source():
    pages = [case.company.provenance.source_ids for case in CASES]
    assert len(set(pages)) == len(pages)


@each_case
def test_each_surprise_has_its_explanation_and_a_question_worth_asking(case):
    for found in case.surprises:
        assert found.lesson, found.report_id
        assert found.explanation
        assert found.ask.endswith("?")


def test_every_pair_of_holding_and_verdict_has_a_sentence():
    pairs = set(product(HOLDINGS, CATALOG.part(VERDICT).statuses))
    assert set(TABLES.readings) == pairs
    assert {one.agreement for one in TABLES.readings.values()} == set(AGREEMENTS)
    for reading in TABLES.readings.values():
        assert "{report}" in reading.words


def test_silence_never_counts_against_a_company():
    """A page that does not mention a report proves nothing, and nobody's lack is asserted."""
    for (holding, _status), reading in TABLES.readings.items():
        text = reading.words.lower()
        assert "does not have" not in text
        assert "lacks" not in text
        assert (reading.agreement == "untold") == (holding == "unknown")


def test_every_explanation_is_used():
    used = {lesson for case in CASES for lesson in case.company.lessons.values()}
    assert used - {""} == set(TABLES.lessons)


@each_case
def test_answers_about_who_asks_are_given_only_where_the_page_says_so(case):
    asked = {key for key in case.company.answers if key.startswith(("asked_", "deal_"))}
    allowed = {"ssc", "phoenix_american"}
    assert not asked or case.company.company_id in allowed


# --- the list that they were taken from -----------------------------------------------------------


def test_every_company_with_a_source_is_here_and_no_other():
    given = {url for url in listed_companies() if url}
    ours = {
        CATALOG.part(CLAIMS).sources[case.company.provenance.source_ids[0]].url for case in CASES
    }
    assert ours == given


@each_case
def test_statements_are_in_our_own_words(case):
    given = listed_companies()[
        CATALOG.part(CLAIMS).sources[case.company.provenance.source_ids[0]].url
    ]
    ours = said(f"{case.company.statement} {case.company.service}")
    assert not ours & said(given["statement_paraphrase"])


@each_case
def test_holdings_and_types_are_those_that_the_page_states(case):
    given = listed_companies()[
        CATALOG.part(CLAIMS).sources[case.company.provenance.source_ids[0]].url
    ]
    spelt = {"yes": "yes", "no": "no_mention", "unknown": "unknown"}
    assert case.company.holds == {key: spelt[given[f"holds_{key}"]] for key in REPORTS}
    stated = given["soc2_categories_if_stated"].replace(" ", "_")
    assert ";".join(case.company.categories) == stated


@each_case
def test_answers_follow_from_what_the_service_is_said_to_do_and_not_from_what_is_held(case):
    given = listed_companies()[
        CATALOG.part(CLAIMS).sources[case.company.provenance.source_ids[0]].url
    ]
    answers = case.company.answers
    processes = given["processes_transactions_in_clients_books"]
    hosts = given["hosts_systems_used_for_client_financial_reporting"]
    unsure = "unknown" if "unknown" in (processes, hosts) else "no"
    expected = {
        "processes_transactions": processes,
        "affects_client_financials": "yes" if processes == "yes" else unsure,
        "holds_customer_data": "yes",
        "promises_uptime": {"yes": "yes", "unknown": "unknown", "no": ""}[given["uptime_critical"]],
        "wants_public_proof": "unknown" if given["sells_to_public_self_serve"] == "yes" else "",
    }
    assert {key: answers.get(key, "") for key in expected} == expected
    assert answers.get("hosts_financial_systems", hosts) == hosts


# --- what is returned -----------------------------------------------------------------------------


def test_the_counts_of_the_frame_agree_with_the_table():
    frame = soclib.companies.companies()
    with shipped("companies").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert list(frame.index) == [row["company_id"] for row in rows]
    assert list(frame["holds_soc1"]) == [row["holds_soc1"] for row in rows]
    surprising = [case for case in CASES if case.surprises]
    assert len(soclib.companies.companies(only_surprises=True)) == len(surprising)
    assert (frame["surprises"] != "").sum() == len(surprising)
    assert 3 <= len(surprising) < len(CASES)


def test_a_company_knows_its_decision_and_how_each_report_compares():
    case = soclib.companies.company("iboss")
    found = case.agreement("soc1")
    assert (found.status_id, found.holding, found.agreement) == ("not_needed", "yes", "surprise")
    assert found.lesson in str(case)
    assert case.decision.voice == "vendor"


@pytest.mark.parametrize(
    ("company_id", "report_id", "agreement"),
    [
        ("adp", "soc1", "fits"),
        ("ibm_cloud", "soc1", "fits"),
        ("mailing_com", "soc1", "surprise"),
        ("salesforce", "soc1", "surprise"),
        ("sitetracker", "soc1", "surprise"),
        ("clear_street", "soc1", "surprise"),
        ("cybervadis", "soc2", "surprise"),
        ("plaid", "soc1", "untold"),
        ("plansource", "soc1", "undecided"),
        ("hireright", "soc1", "fits"),
        ("drata", "soc3", "surprise"),
    ],
)
def test_well_known_cases_compare_as_they_should(company_id, report_id, agreement):
    assert soclib.companies.company(company_id).agreement(report_id).agreement == agreement


def test_an_unknown_company_or_report_names_the_nearest():
    with pytest.raises(soclib.AnswerError, match="did you mean 'iboss'"):
        soclib.companies.company("ibos")
    with pytest.raises(soclib.AnswerError, match="did you mean 'soc1'"):
        soclib.companies.company("iboss").agreement("soc11")
    with pytest.raises(soclib.AnswerError, match="did you mean 'adp'"):
        soclib.companies.gallery(["adb"])


# --- the gallery ----------------------------------------------------------------------------------


def test_the_gallery_says_everything_in_words():
    sheet = soclib.companies.gallery()
    for case in CASES:
        assert case.company.name in sheet.text
        for found in case.agreements:
            word = words_of(CATALOG, "vendor")[f"company_agreement_{found.agreement}"]
            assert f"{found.report}: Rules: {found.mark} {found.status}" in sheet.text
            assert word in sheet.html
    assert sheet.html.count('role="rowheader"') == len(CASES)
    assert words_of(CATALOG, "vendor")["company_limits"] in sheet.text


def test_the_gallery_of_surprises_leaves_the_others_out():
    sheet = soclib.companies.gallery(only_surprises=True)
    shown = [case.company.name in sheet.text for case in CASES]
    assert shown == [bool(case.surprises) for case in CASES]


def test_predicting_first_folds_every_answer_away():
    html = soclib.companies.gallery(["adp", "iboss"], predict=True).html
    before = html.split("<details>")[0]
    assert "ADP" in before
    assert "Rules:" not in before
    outside = re.sub(r"<details>.*?</details></td>", "", html)
    assert "Rules:" not in outside
    assert html.count("<summary>Look: ") == 2


def test_a_gallery_without_a_company_is_an_empty_table():
    assert soclib.companies.gallery(["adp"], only_surprises=True).html.count("<tr") == 1


@pytest.fixture
def hostile(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    for name, columns in {
        "companies": ("name", "service", "statement"),
        "company_readings": ("words",),
        "company_lessons": ("title", "explanation", "ask"),
    }.items():
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = [row | dict.fromkeys(columns, NASTY) for row in csv.DictReader(handle)]
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return soclib.load_catalog(folder)


def test_the_words_of_ones_own_tables_are_escaped(hostile):
    sheets = [
        soclib.companies.gallery(catalog=hostile),
        soclib.companies.gallery(predict=True, catalog=hostile),
        soclib.companies.company_readings(hostile),
    ]
    for html in (
        *(one.html for one in sheets),
        soclib.companies.company("adp", hostile)._repr_html_(),
    ):
        assert "<img" not in html
        assert "&lt;img" in html


def test_companies_cost_nothing_until_they_are_asked_for():
    code = """
import sys, soclib
assert "soclib.companies" not in sys.modules and "pandas" not in sys.modules
assert str(soclib.companies.company("adp")) and str(soclib.companies.gallery())
assert "pandas" not in sys.modules
assert callable(soclib.companies) and callable(soclib.companies.company)
assert len(soclib.companies.companies())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr

"""Which rows of the comparison a choice leaves, and how to cite one."""

from __future__ import annotations

import csv

import pytest
from copied_tables import copy_tables
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib.claims.tables import CLAIMS
from soclib.comparison.choose import (
    ComparisonChoice,
    chosen_rows,
    full_choice,
    plain_words,
    rows_by_topic,
    search_terms,
)
from soclib.comparison.tables import COMPARISON
from soclib.words import words_of

CATALOG = soclib.load_catalog()
FULL = full_choice(CATALOG)
REPORTS = st.lists(st.sampled_from(FULL.reports), unique=True).map(tuple)
ROWS = st.lists(st.sampled_from(FULL.dimensions), unique=True).map(tuple)
TEXTS = [text for row in CATALOG.part(COMPARISON).dimensions for text in row.by_report.values()]
WORDS = st.sampled_from(sorted({w for text in TEXTS for w in text.split() if w.isalpha()}))
CHOICES = st.builds(ComparisonChoice, REPORTS, ROWS, st.booleans(), st.one_of(st.just(""), WORDS))


@given(CHOICES)
def test_a_row_is_left_when_it_is_chosen_differs_where_asked_and_holds_the_words(choice):
    left = {row.dimension_id for row in chosen_rows(CATALOG, choice)}
    for row in CATALOG.part(COMPARISON).dimensions:
        shown = [row.dimension, row.question, row.why_it_matters, row.keywords]
        shown += [row.by_report[report_id] for report_id in choice.reports]
        found = [word for text in shown for word in plain_words(text)]
        # The search is one word of the table, of which signs may make several, and numbers none.
        holds = all(any(w.startswith(part) for w in found) for part in plain_words(choice.search))
        differs = row.differs != "no" or not choice.only_where_they_differ
        wanted = row.dimension_id in choice.dimensions and differs and holds
        assert (row.dimension_id in left) == wanted


@given(CHOICES)
def test_choosing_less_never_shows_more(choice):
    kept = set(chosen_rows(CATALOG, choice))
    assert kept <= set(chosen_rows(CATALOG, choice._replace(search="")))
    assert kept <= set(chosen_rows(CATALOG, choice._replace(only_where_they_differ=False)))


@pytest.mark.parametrize(
    "query", ["BRIDGE", "Brídge", "bridge  letters", "vendor\N{RIGHT SINGLE QUOTATION MARK}s"]
)
def test_the_search_forgives_case_accents_spaces_and_apostrophes(query):
    assert "bridge_letters" in soclib.comparison(search=query).index


@pytest.mark.parametrize(
    ("query", "finds", "misses"),
    [
        ("NDA", "distribution", "control_criteria"),  # "standard" holds these letters too
        ("AWS", "subservice", "distribution"),  # and "draws" those
        ("type 1", "types", "standard"),  # and AT-C 105 begins with a 1
        ("expire", "validity", "issuer"),
        ("fiscal year", "period", "issuer"),
        ("third party", "requester", "assertion"),
        ("HIPAA", "other_schemes", "standard"),
        ("at-c 320", "standard", "bridge_letters"),
    ],
)
def test_the_search_finds_what_is_meant_and_not_letters_inside_words(query, finds, misses):
    found = soclib.comparison(search=query).index
    assert finds in found
    assert misses not in found


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("SOC 1", ["soc 1 "]),
        ("A.8.13 backup", ["a 8 13 ", "backup"]),  # several numbers belong to one word
        ("6.1.2", ["6 1 2 "]),
        ("CC6.1", ["cc6 1 "]),
    ],
)
def test_numbers_belong_to_the_word_before_them(query, wanted):
    assert search_terms(query) == wanted


def test_every_topic_stands_once_and_holds_its_rows_together():
    rows = [row for found in rows_by_topic(CATALOG).values() for row in found]
    assert sorted(row.dimension_id for row in rows) == sorted(FULL.dimensions)
    assert all(topic for topic in rows_by_topic(CATALOG))


def test_reports_rows_and_a_topic_narrow_the_frame():
    table = soclib.comparison(reports=["soc2"], topic="Dates")
    assert "soc1" not in table
    assert set(table["topic"]) == {"Dates"}
    assert list(soclib.comparison(dimensions=["validity", "issuer"]).index) == [
        "issuer",
        "validity",
    ]


def test_nothing_left_is_an_empty_table_with_its_columns():
    table = soclib.comparison(search="xyzzy")
    assert table.empty
    assert list(table) == list(soclib.comparison())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"reports": ["soc_1"]}, "did you mean 'soc1'"),
        ({"dimensions": ["isuer"]}, "did you mean 'issuer'"),
        ({"topic": "Date"}, "did you mean 'Dates'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(asked, says):
    with pytest.raises(soclib.AnswerError, match=says):
        soclib.comparison(**asked)


@pytest.mark.parametrize("function", [soclib.cite, soclib.comparison.story])
def test_an_unknown_row_or_story_is_refused(function):
    with pytest.raises(soclib.AnswerError, match="unknown"):
        function("nonsense")


@pytest.mark.parametrize(
    "row", CATALOG.part(COMPARISON).dimensions, ids=lambda row: row.dimension_id
)
def test_a_citation_names_row_version_date_evidence_and_every_source(row):
    text = soclib.cite(row.dimension_id)
    assert row.dimension in text
    assert CATALOG.version in text
    assert row.provenance.as_of in text
    assert words_of(CATALOG, "vendor")[f"certainty_{row.provenance.evidence}"] in text
    for source_id in row.provenance.source_ids:
        assert CATALOG.part(CLAIMS).sources[source_id].title in text
    assert "{" not in text


def test_a_table_without_topics_and_criteria_will_do(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "comparison.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    kept = [column for column in rows[0] if column not in ("topic", "criteria")]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, kept, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    own = soclib.load_catalog(folder)
    assert list(rows_by_topic(own)) == [""]
    assert "soc-topic" not in soclib.compare(catalog=own).sheet["html"]

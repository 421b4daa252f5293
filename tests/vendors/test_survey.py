"""The picture of a vendor list: counts that add up, and the question that settles most."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import combinations, product
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from covering import pairwise_rows
from hypothesis import given, settings
from hypothesis import strategies as st

import soclib
from soclib import vendors
from soclib.tables.rows import ANSWERS, NO, VOICES, YES
from soclib.vendors.tables import VENDORS
from soclib.verdict.tables import VERDICT

EXAMPLES = Path(__file__).resolve().parents[2] / "notebooks" / "examples"
CATALOG = soclib.load_catalog()
LIST = pd.read_csv(EXAMPLES / "vendors.csv", dtype={"Annual spend": int})
STAKED = pd.read_csv(EXAMPLES / "stakeholders.csv", dtype=str)
QUICK = [c.criterion_id for c in CATALOG.part(VERDICT).criteria if c.group_id == "quick"]
HOSTILE = '<script>alert("x")</script> & \x00 {vendors}'


@pytest.fixture(scope="module")
def found():
    return vendors.survey(LIST, segment="Segment", stake="Annual spend", voice="buyer")


def test_the_counts_add_up_to_the_list(found):
    assert found.vendors == len(LIST)
    assert found.stake == LIST["Annual spend"].sum()
    for report in CATALOG.part(VERDICT).reports:
        assert sum(found.counts(report.report_id).values()) == len(LIST)
        for segment, rows in LIST.groupby("Segment"):
            assert sum(found.counts(report.report_id, segment).values()) == len(rows)


def test_the_counts_are_those_of_classify(found):
    classified = soclib.classify(LIST, voice="buyer")
    for report in CATALOG.part(VERDICT).reports:
        wanted = classified[report.report_id].value_counts().to_dict()
        assert found.counts(report.report_id) == {k: v for k, v in wanted.items() if v}
    assert found.settled == (classified["open_questions"] == "").sum()


def asked_one_by_one(vendors_answers, criterion_id, voice):
    """Return for how many vendors `decide` leaves a question open, and what yes and no settle."""
    asked, settled = 0, dict.fromkeys((YES, NO), 0)
    for answers in vendors_answers:
        if criterion_id in soclib.decide(answers, voice).open_questions:
            asked += 1
            for answer in settled:
                after = soclib.decide({**answers, criterion_id: answer}, voice)
                settled[answer] += not after.open_questions
    return asked, settled[YES], settled[NO]


def test_the_first_question_settles_what_deciding_again_one_by_one_says(found):
    best = found.inquiries[0]
    columns = vendors.match_columns(LIST.columns).columns
    spellings = CATALOG.part(VENDORS).spellings
    read = []
    for _place, row in LIST.iterrows():
        cells = {k: "" if row[c] != row[c] else str(row[c]) for k, c in columns.items()}
        answers = {key: spellings[cell.strip().lower()] for key, cell in cells.items()}
        read.append({key: answer for key, answer in answers.items() if answer in ANSWERS})
    wanted = asked_one_by_one(read, best.criterion_id, "buyer")
    assert (best.vendors, best.if_yes, best.if_no) == wanted


def test_every_question_settles_what_deciding_again_one_by_one_says():
    """A list with any two quick answers, and with all of them but two."""
    but_two = [
        {**dict(zip(QUICK, cells, strict=True)), one: "", other: ""}
        for cells in product((YES, NO), repeat=len(QUICK))
        for one, other in combinations(QUICK, 2)
    ]
    rows = [*pairwise_rows(dict.fromkeys(QUICK, ("", *ANSWERS))), *but_two]
    read = [{key: answer for key, answer in row.items() if answer} for row in rows]
    found = vendors.survey(pd.DataFrame(rows))
    assert [one for one in found.inquiries if one.if_yes != one.if_no]
    for one in found.inquiries:
        wanted = asked_one_by_one(read, one.criterion_id, "vendor")
        assert (one.vendors, one.if_yes, one.if_no) == wanted, one.criterion_id
    open_questions = [soclib.decide(answers).open_questions for answers in read]
    assert {one.criterion_id for one in found.inquiries} == set().union(*open_questions)
    assert found.settled == sum(not questions for questions in open_questions)


def test_the_question_that_settles_most_stands_first(found):
    expected = [one.settled for one in found.inquiries]
    assert expected == sorted(expected, reverse=True)
    prior = CATALOG.part(VERDICT).criterion(found.inquiries[0].criterion_id).prior_yes
    best = found.inquiries[0]
    assert best.settled == pytest.approx(prior * best.if_yes + (1 - prior) * best.if_no)


@pytest.mark.parametrize(
    "kind",
    [
        pl.from_pandas,
        lambda frame: pl.from_pandas(frame).lazy(),
        pa.Table.from_pandas,
        lambda frame: duckdb.from_arrow(pa.Table.from_pandas(frame)),
    ],
    ids=["polars", "polars lazy", "pyarrow", "duckdb"],
)
def test_every_kind_of_frame_gives_the_same_picture(found, kind):
    frame = kind(LIST)
    again = vendors.survey(frame, segment="Segment", stake="Annual spend", voice="buyer")
    assert (again.needs, again.inquiries) == (found.needs, found.inquiries)
    assert (again.settled, again.contradicted) == (found.settled, found.contradicted)


@pytest.mark.thorough
@settings(max_examples=8)
@given(
    rows=st.lists(
        st.tuples(*[st.sampled_from([*ANSWERS, ""])] * len(QUICK)), min_size=1, max_size=30
    ),
    voice=st.sampled_from(VOICES),
)
def test_no_question_settles_more_vendors_than_it_is_open_for(rows, voice):
    frame = pd.DataFrame(rows, columns=QUICK)
    found = vendors.survey(frame, voice=voice)
    assert found.vendors == len(rows)
    for one in found.inquiries:
        assert 0 <= min(one.if_yes, one.if_no) <= max(one.if_yes, one.if_no) <= one.vendors
    assert found.settled + max((one.vendors for one in found.inquiries), default=0) <= len(rows)


class Words(HTMLParser):
    """The words of a page, without those of its style."""

    def __init__(self, page):
        super().__init__()
        self.words, self.styled = "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.styled = tag == "style"
        assert tag != "script", attrs

    def handle_endtag(self, _tag):
        self.styled = False

    def handle_data(self, data):
        self.words += "" if self.styled else data


def test_each_picture_has_a_title_a_description_and_a_table_beside_it(found):
    html = vendors.survey_sheet(found)._repr_html_()
    assert html.count("<svg") == html.count("<desc") == 2
    assert len(re.findall(r"<table", html)) == 3
    for one in found.inquiries:
        question = CATALOG.part(VERDICT).criterion(one.criterion_id).questions["buyer"].question
        assert question in Words(html).words
        assert question in str(vendors.survey_sheet(found))


def test_segments_and_names_are_escaped_before_they_are_html():
    frame = pd.DataFrame({"sla": ["yes", "no"], HOSTILE: [HOSTILE, "b"], "worth": [1, 2]})
    found = vendors.survey(frame, segment=HOSTILE, stake="worth")
    assert "alert" in Words(vendors.survey_sheet(found)._repr_html_()).words


def test_a_list_with_nothing_open_says_so():
    answered = {c.criterion_id: [c.assumed or "no"] for c in CATALOG.part(VERDICT).criteria}
    found = vendors.survey(pd.DataFrame(answered))
    assert found.inquiries == ()
    assert "no question to send" in str(vendors.survey_sheet(found))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"segment": "Segmnt"}, "did you mean 'Segment'"),
        ({"stake": "Segment"}, "holds no numbers"),
    ],
)
def test_a_column_that_does_not_fit_is_named(options, says):
    with pytest.raises(soclib.AnswerError, match=says):
        vendors.survey(LIST, **options)


def test_an_empty_list_is_refused_and_a_bad_cell_named_by_its_row():
    with pytest.raises(soclib.AnswerError, match="no rows"):
        vendors.survey(LIST.head(0))
    bad = pd.DataFrame({"sla": ["yes", "yes", "perhaps so"]})
    with pytest.raises(soclib.DataError, match="frame line 3, column sla"):
        vendors.survey(bad)


# --- stakeholders ------------------------------------------------------------------------------


def test_a_single_fact_that_settles_a_split_is_named_with_its_owner():
    said = {
        "Seller": {"holds_customer_data": "no", "asked_by_security_team": "yes"},
        "Engineer": {"holds_customer_data": "yes", "asked_by_security_team": "yes"},
    }
    found = vendors.disagreement(said)
    [split] = [one for one in found.splits if one.report_id == "soc2"]
    assert split.statuses == {"Seller": "clarify", "Engineer": "needed"}
    assert split.settled_by == (("holds_customer_data",),)
    [fact] = found.differences
    words = CATALOG.part(VERDICT).criterion("holds_customer_data").questions["vendor"]
    assert (fact.answers, fact.who_knows) == ({"Seller": "no", "Engineer": "yes"}, words.who_knows)
    assert "soc2" not in found.agreed


def test_an_assumed_answer_that_meets_another_is_marked_as_assumed():
    found = vendors.disagreement({"A": {}, "B": {"material_to_clients": "no"}})
    [fact] = found.differences
    assert (fact.criterion_id, fact.assumed) == ("material_to_clients", ("A",))


PEOPLE = st.dictionaries(
    st.sampled_from(["Auditor", "Seller", "Counsel"]),
    st.dictionaries(st.sampled_from(QUICK), st.sampled_from(ANSWERS), max_size=6),
    min_size=1,
    max_size=3,
)


@settings(max_examples=settings().max_examples // 2)
@given(said=PEOPLE, voice=st.sampled_from(VOICES), data=st.data())
def test_facts_that_settle_a_split_end_it_however_they_are_answered(said, voice, data):
    found = vendors.disagreement(said, voice)
    decided = {who: soclib.decide(answers, voice).reports for who, answers in said.items()}
    apart = {key for key in REPORTS if len({one[key] for one in decided.values()}) > 1}
    assert {split.report_id for split in found.splits} == apart
    for split in found.splits:
        for chosen in split.settled_by:
            alike = {key: data.draw(st.sampled_from(["yes", "no"])) for key in chosen}
            after = {
                soclib.decide({**answers, **alike}, voice).reports[split.report_id]
                for answers in said.values()
            }
            assert len(after) == 1


REPORTS = [report.report_id for report in CATALOG.part(VERDICT).reports]


def test_a_list_of_answers_names_every_vendor_whose_verdict_splits():
    found = vendors.disagreements(STAKED, "Vendor", "Who", voice="buyer")
    classified = soclib.classify(STAKED, voice="buyer")
    wanted = {
        (name, key)
        for name, rows in classified.groupby("Vendor")
        for key in REPORTS
        if len(set(rows[key])) > 1
    }
    assert set(zip(found["vendor"], found["report_id"], strict=True)) == wanted
    assert all(found["facts"])


def test_a_stakeholder_who_answers_twice_is_refused():
    twice = pd.DataFrame({"v": ["A"] * 2, "who": ["X"] * 2, "sla": ["yes", "?"]})
    with pytest.raises(soclib.AnswerError, match="X answers twice for A"):
        vendors.disagreements(twice, "v", "who")
    with pytest.raises(soclib.AnswerError, match="unknown column"):
        vendors.disagreements(twice, "v", "whom")
    with pytest.raises(ValueError, match="nobody answers"):
        vendors.disagreement({})

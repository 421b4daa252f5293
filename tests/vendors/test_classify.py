"""Many cases at once give the same as one at a time, on every kind of data frame."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations, cycle, product
from operator import or_
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from covering import meeting, pairwise_rows
from every_state import digits, standings, values
from hypothesis import given, settings
from hypothesis import strategies as st

import soclib
from soclib import vendors
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, VOICES, YES
from soclib.vendors import in_memory
from soclib.vendors.tables import BLANK, VENDORS
from soclib.vendors.verdicts import LIST_COLUMNS, added_columns, verdict_row
from soclib.verdict.logic import bits, standing
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
ADDED = added_columns(CATALOG)
CASE = "case number"
REPORTS = {report.report_id: report for report in CATALOG.part(VERDICT).reports}
TRUTH = {YES: True, NO: False}
SCENARIOS = Path(__file__).parents[1] / "verdict" / "scenarios.csv"
WORDS = np.array([NO, YES, UNKNOWN])  # by the digits of a state
# The promises stand in rules of one shape, so that the slow comparison with `decide` takes two.
ALIKE = ("promises_accuracy", "promises_confidentiality", "promises_privacy")


def arrow(table):
    return pa.table({key: pa.array(values, pa.string()) for key, values in table.items()})


def as_categories(frame):
    return frame.astype("category")


BACKENDS = {
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pyarrow": arrow,
    "pandas": pd.DataFrame,
    "pandas objects": lambda table: pd.DataFrame(table, dtype=object),
    "pandas nullable": lambda table: pd.DataFrame(table).convert_dtypes(),
    "pandas categories": lambda table: as_categories(pd.DataFrame(table)),
    "pandas arrow": lambda table: arrow(table).to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": lambda table: duckdb.from_arrow(arrow(table)),
}
each_backend = pytest.mark.parametrize("backend", BACKENDS)
each_voice = pytest.mark.parametrize("voice", VOICES)
# Two ways to hold a third value: two columns where a frame is in memory, else a null.
EXHAUSTIVE = ("polars", "polars lazy")


def answer_space(report_id, without=()):
    """Return every way to answer what a report hangs on, one column per criterion."""
    mask = REPORTS[report_id].mask
    keys = [c.criterion_id for c in CATALOG.part(VERDICT).criteria if c.bit & mask]
    kept = [key for key in keys if key not in without]
    return {k: WORDS[row].tolist() for k, row in zip(kept, digits(len(kept)), strict=True)}


def rows_of(table):
    keys = list(table)
    return [dict(zip(keys, row, strict=True)) for row in zip(*table.values(), strict=True)]


def decided(table, voice=VOICES[0]):
    """Return the columns that `decide` gives, row by row; a missing answer is blank."""
    found = [
        verdict_row(soclib.decide({key: a for key, a in row.items() if a is not None}, voice))
        for row in rows_of(table)
    ]
    return {key: [row[key] for row in found] for key in ADDED}


def as_lists(frame):
    """Return the columns that were added to a frame of any kind."""
    held = nw.from_native(frame)
    held = held.collect() if isinstance(held, nw.LazyFrame) else held
    held = held.sort(CASE) if CASE in held.columns else held  # a query keeps no order
    return {key: list(map(str, held[key].to_list())) for key in held.columns if key in ADDED}


def numbered(table):
    """Return a table with a column that tells its rows apart."""
    rows = len(next(iter(table.values())))
    return {CASE: [f"{row:06d}" for row in range(rows)], **table}


# --- a sample on every kind of frame -----------------------------------------------------------

CELLS = (None, *ANSWERS)
RULES = [rule for outcome in CATALOG.part(VERDICT).outcomes for rule in outcome.rules]


def all_but_one_cell(met):
    """Yield the answers that differ from some answers in one cell."""
    for key, cell in product(met, CELLS):
        if cell != met[key]:
            yield {**met, key: cell}


def needed():
    """Yield the answers that meet a rule of a report's subject and one of its demand."""
    for report in CATALOG.part(VERDICT).reports:
        for subject, demand in product(report.subject.rules, report.demand.rules):
            yield {
                **meeting(subject, CATALOG.part(VERDICT).criteria),
                **meeting(demand, CATALOG.part(VERDICT).criteria),
            }


def sample_rows():
    """Return rows in which every rule is met and broken and every two cells stand together.

    Such cells seldom make a report needed: all of them stand once more beside answers that do.
    """
    met = [meeting(rule, CATALOG.part(VERDICT).criteria) for rule in RULES]
    pairs = pairwise_rows(dict.fromkeys(IDS, CELLS))
    both = [{**row, **need} for row, need in zip(pairs, cycle(needed()), strict=False)]
    return [*met, *chain.from_iterable(map(all_but_one_cell, met)), *pairs, *both]


ROWS = sample_rows()
SAMPLE = {key: [row.get(key) for row in ROWS] for key in IDS}


@pytest.fixture(scope="module")
def decided_sample():
    """Return what `decide` says of the sample, by voice."""
    return {voice: decided(SAMPLE, voice) for voice in VOICES}


def test_the_sample_meets_and_breaks_every_rule_and_holds_every_two_cells():
    for rule in RULES:
        met = meeting(rule, CATALOG.part(VERDICT).criteria)
        seen = {tuple(row.get(key) for key in met) for row in ROWS}
        assert tuple(met.values()) in seen
        assert {tuple(row.values()) for row in all_but_one_cell(met)} <= seen
    for one, other in combinations(IDS, 2):
        assert set(zip(SAMPLE[one], SAMPLE[other], strict=True)) == set(product(CELLS, CELLS))


@each_voice
def test_the_sample_leads_to_everything_that_a_column_can_say(decided_sample, voice):
    wanted = decided_sample[voice]
    said = {key: set(";".join(texts).split(";")) - {""} for key, texts in wanted.items()}
    asked = sum(c.bit for c in CATALOG.part(VERDICT).criteria if voice in c.questions)
    reports = [r for r in CATALOG.part(VERDICT).reports if r.demand.mask & asked]
    for report in reports:
        assert said[report.report_id] == {cell.status_id for cell in report.square.values()}
    assert said["path"] == marked(
        {
            f"{report.report_id}_{step.step_id}": step.mask
            for report in CATALOG.part(VERDICT).reports
            for step in report.steps
            if voice in step.voices and step.mask & asked
        }
    )
    for column, kind in (("categories", "category"), ("routes", "route")):
        mine = [o for o in CATALOG.part(VERDICT).of_kind(kind) if voice in o.voices]
        assert said[column] == marked({o.outcome_id: o.mask for o in mine})
    against = [o for o in CATALOG.part(VERDICT).of_kind("contradiction") if voice in o.voices]
    assert said["contradictions"] == {o.outcome_id for o in against}
    behind = chain.from_iterable((r.subject, r.demand) for r in CATALOG.part(VERDICT).reports)
    rules = chain.from_iterable(outcome.rules for outcome in (*behind, *against))
    assert said["rule_ids"] == {r.rule_id for r in rules if not (r.yes | r.no) & ~asked}
    decisive = named(asked, (r.subject.mask | r.demand.mask for r in reports))
    assert said["open_questions"] == {c.criterion_id for c in decisive}
    weighed = named(asked, (r.mask for r in reports))
    assert said["assumed"] == {c.criterion_id for c in weighed if c.assumed}


def marked(masks):
    """Return the ids of outcomes, and with a question mark those that answers can leave open."""
    return {*masks, *(f"{key}?" for key, mask in masks.items() if mask)}


def named(asked, masks):
    """Return the criteria of masks among those that are asked."""
    mask = reduce(or_, masks) & asked
    return [c for c in CATALOG.part(VERDICT).criteria if c.bit & mask]


@each_backend
def test_every_column_of_the_sample_is_what_decide_says(decided_sample, backend):
    found = as_lists(soclib.classify(BACKENDS[backend](numbered(SAMPLE))))
    assert found == decided_sample["vendor"]


@pytest.mark.parametrize("backend", EXHAUSTIVE)
def test_every_column_of_the_sample_is_what_decide_says_to_a_buyer(decided_sample, backend):
    found = as_lists(soclib.classify(BACKENDS[backend](SAMPLE), voice="buyer"))
    assert found == decided_sample["buyer"]


# --- every answer ------------------------------------------------------------------------------


def of(frame):
    """Return a frame of Polars that may be lazy, in the order of its rows."""
    return frame.lazy().collect()


@pytest.mark.parametrize("backend", EXHAUSTIVE)
@pytest.mark.parametrize(
    "report", CATALOG.part(VERDICT).reports, ids=lambda report: report.report_id
)
def test_status_and_rules_of_every_answer_are_those_of_the_proof(report, backend):
    """The sets of states are those of the audit, which `test_audit` compares with single cases."""
    table, names = answer_space(report.report_id), bits(report.mask)
    found = of(soclib.classify(BACKENDS[backend](table)))
    _subject, _demand, wanted = standings(report)
    assert (found[report.report_id].cast(pl.String).to_numpy() == wanted).all()
    listed = ";" + found["rule_ids"].cast(pl.String) + ";"
    for outcome in (report.subject, report.demand, *report.contradictions):
        for rule in outcome.rules:
            met = values(replace(outcome, rules=(rule,)), names) == 1
            shown = listed.str.contains(f";{rule.rule_id};", literal=True)
            assert (shown.to_numpy() == met).all(), rule.rule_id


@pytest.fixture(scope="module")
def small_spaces():
    """Return what `decide` says of the whole answer space of SOC 1, and of most of SOC 2."""
    spaces = {"soc1": answer_space("soc1"), "soc2": answer_space("soc2", without=ALIKE)}
    return {key: (table, decided(table)) for key, table in spaces.items()}


@pytest.mark.thorough
@each_backend
@pytest.mark.parametrize("report_id", ["soc1", "soc2"])
def test_every_column_of_every_answer_is_what_decide_says(small_spaces, backend, report_id):
    table, wanted = small_spaces[report_id]
    assert as_lists(soclib.classify(BACKENDS[backend](numbered(table)))) == wanted


@pytest.fixture(scope="module", params=["soc2", "soc3"])
def whole_space(request):
    """Return every answer to what a report hangs on, and what one backend makes of it."""
    table = answer_space(request.param)
    return table, as_lists(soclib.classify(arrow(table)))


@pytest.mark.thorough
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "pyarrow"])
def test_all_backends_agree_on_every_answer(whole_space, backend):
    table, wanted = whole_space
    assert as_lists(soclib.classify(BACKENDS[backend](numbered(table)))) == wanted


# --- other cells -------------------------------------------------------------------------------


@each_voice
def test_truth_values_are_read_like_words(voice):
    keys = answer_space("soc1")
    rows = pairwise_rows(dict.fromkeys(keys, (None, YES, NO)))
    words = {key: [row[key] for row in rows] for key in keys}
    truth = {key: [TRUTH.get(answer) for answer in column] for key, column in words.items()}
    wanted = as_lists(soclib.classify(arrow(words), voice=voice))
    for frame in (
        pa.table({key: pa.array(column, pa.bool_()) for key, column in truth.items()}),
        pl.DataFrame(truth),
        pl.LazyFrame(truth),
        pd.DataFrame(truth, dtype=object),
        pd.DataFrame(truth).astype("boolean"),
        duckdb.from_arrow(pa.table({k: pa.array(c, pa.bool_()) for k, c in truth.items()})),
    ):
        assert as_lists(soclib.classify(frame, voice=voice)) == wanted


@pytest.mark.parametrize("without_polars", ["pyarrow", "pandas", "pandas nullable"])
def test_a_frame_is_worked_out_by_its_own_library_where_there_is_no_polars(
    decided_sample, monkeypatch, without_polars
):
    monkeypatch.setattr(in_memory, "find_spec", lambda _name: None)
    found = as_lists(soclib.classify(BACKENDS[without_polars](SAMPLE)))
    assert found == decided_sample["vendor"]


def test_every_scenario_is_classified_as_it_is_decided():
    with SCENARIOS.open(encoding="utf-8", newline="") as handle:
        cases = list(csv.DictReader(handle))
    for voice in VOICES:
        mine = [case for case in cases if case["voice"] == voice]
        table = {key: [case[key] or None for case in mine] for key in IDS}
        assert as_lists(soclib.classify(pd.DataFrame(table), voice=voice)) == decided(table, voice)


SPELT = {
    answer: [
        spelling for spelling, read in CATALOG.part(VENDORS).spellings.items() if read == answer
    ]
    for answer in (*ANSWERS, BLANK)
}


@settings(max_examples=settings().max_examples // 4)
@given(data=st.data(), voice=st.sampled_from(VOICES))
def test_any_spelling_of_any_answers_is_read(data, voice):
    keys = data.draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=8, unique=True))
    answer = st.sampled_from([*ANSWERS, BLANK])
    rows = data.draw(st.lists(st.tuples(*[answer] * len(keys)), min_size=1, max_size=12))
    table = dict(zip(keys, map(list, zip(*rows, strict=True)), strict=True))
    spelt = {
        key: [
            data.draw(st.sampled_from(SPELT[a]).map(lambda s: s.title() if len(s) > 1 else s))
            for a in column
        ]
        for key, column in table.items()
    }
    plain = {key: [None if a == BLANK else a for a in col] for key, col in table.items()}
    frame = data.draw(st.sampled_from([pd.DataFrame, pl.DataFrame, pl.LazyFrame, arrow]))
    assert as_lists(soclib.classify(frame(spelt), voice=voice)) == decided(plain, voice)


@each_voice
def test_an_open_question_is_one_whose_answer_can_change_a_status(voice):
    """By brute force over every completion, contradictions left aside."""
    asked = [c for c in CATALOG.part(VERDICT).criteria if voice in c.questions]
    for row in rows_of(answer_space("soc1"))[::7]:
        decision = soclib.decide({**row, "asked_by_security_team": NO, "deal_blocked": NO}, voice)
        wanted = [
            c.criterion_id
            for c in asked
            if any(_can_change(report, decision.case, c.bit) for report in REPORTS.values())
        ]
        assert list(decision.open_questions) == wanted, row


def _can_change(report, case, bit):
    if bit & (case.yes | case.no) or not bit & report.mask:
        return False
    free = [b for b in bits(report.mask & ~(case.yes | case.no)) if b != bit]
    for chosen in product((True, False), repeat=len(free)):
        yes = case.yes | sum(b for b, taken in zip(free, chosen, strict=True) if taken)
        no = case.no | sum(b for b, taken in zip(free, chosen, strict=True) if not taken)
        if _cell(report, yes | bit, no) != _cell(report, yes, no | bit):
            return True
    return False


def _cell(report, yes, no):
    at = standing(report, yes, no)
    return report.square[at.subject, at.demand].status_id


# --- the frame that comes back -----------------------------------------------------------------


@each_backend
def test_the_same_kind_of_frame_comes_back_with_its_columns_and_order(backend):
    table = {"vendor": ["A", "B", "C"], "Customer data?": ["yes", "no", None], "note": ["x"] * 3}
    frame = BACKENDS[backend](table)
    found = soclib.classify(frame)
    assert type(found) is type(frame)
    held = nw.from_native(found)
    held = held.collect() if isinstance(held, nw.LazyFrame) else held
    assert held.columns == [*table, *ADDED]
    assert held["vendor"].to_list() == table["vendor"]
    assert list(map(str, held["soc2"].to_list())) == ["likely", "not_needed", "open"]


def test_a_pandas_index_and_the_frame_itself_stay_as_they_were():
    frame = pd.DataFrame({"uptime": ["yes", "no"]}, index=["one", "two"])
    before = frame.copy()
    assert list(soclib.classify(frame).index) == ["one", "two"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_lazy_frame_of_truth_values_is_not_run():
    def run(_frame):
        message = "the frame was run"
        raise AssertionError(message)

    frame = pl.LazyFrame({"uptime": [True, None]}).map_batches(run, schema={"uptime": pl.Boolean})
    assert isinstance(soclib.classify(frame), pl.LazyFrame)


@each_backend
def test_a_frame_without_rows_gets_its_columns(backend):
    frame = BACKENDS[backend]({"uptime": ["yes"], "other": ["x"]})
    held = nw.from_native(frame)
    empty = (held.filter(nw.col("other") != "x")).to_native()
    assert as_lists(soclib.classify(empty)) == {key: [] for key in ADDED}


def test_columns_can_be_named_and_criteria_left_out():
    frame = pd.DataFrame({"q1": ["yes"], "holds_customer_data": ["no"]})
    found = soclib.classify(frame, {"affects_client_financials": "q1"})
    assert found["soc1"][0] == "likely"
    assert found["soc2"][0] == "open"


# --- what cannot be read -----------------------------------------------------------------------


def faults(frame, **options):
    with pytest.raises(soclib.DataError) as caught:
        soclib.classify(frame, **options)
    return caught.value.faults


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, arrow])
def test_every_cell_that_cannot_be_read_is_named_before_anything_is_classified(kind):
    frame = kind({"uptime": ["yes", "perhaps", "no"], "Cards": ["2", "x", "<b>?</b>"]})
    found = {(f.line, f.column, f.value) for f in faults(frame)}
    assert found == {(2, "uptime", "perhaps"), (1, "Cards", "2"), (3, "Cards", "<b>?</b>")}


@pytest.mark.parametrize("kind", [pl.LazyFrame, BACKENDS["duckdb"]])
def test_a_lazy_frame_names_the_values_that_cannot_be_read(kind):
    frame = kind({"uptime": ["yes", "perhaps", "no"], "Cards": ["2", "x", "never ever"]})
    found = {(f.column, f.value) for f in faults(frame)}
    assert found == {("uptime", "perhaps"), ("Cards", "2"), ("Cards", "never ever")}


@each_backend
def test_without_the_check_such_a_cell_is_unknown_and_said(backend):
    table = {"uptime": ["yes", "perhaps", None], "cards": ["?", "2", "no"]}
    found = nw.from_native(soclib.classify(BACKENDS[backend](table), check=False))
    held = found.collect() if isinstance(found, nw.LazyFrame) else found
    assert list(map(str, held["unreadable"].to_list())) == ["", "promises_uptime;card_data", ""]
    known = {"uptime": ["yes", "unknown", None], "cards": ["?", "unknown", "no"]}
    wanted = as_lists(soclib.classify(BACKENDS[backend](known)))
    assert {key: list(map(str, held[key].to_list())) for key in ADDED} == wanted


def test_objects_of_mixed_types_are_converted_or_refused_but_never_guessed():
    mixed = pd.DataFrame({"uptime": [True, None, "Nein", 1, 0.0, float("nan"), "n.a."]})
    plain = {"uptime": ["yes", None, "no", "yes", "no", None, "unknown"]}
    assert as_lists(soclib.classify(mixed)) == as_lists(soclib.classify(pd.DataFrame(plain)))
    odd = pd.DataFrame({"uptime": [True, {"a": 1}, pd.Timestamp("2026-01-01"), ["yes"]]})
    assert [fault.line for fault in faults(odd)] == [2, 3, 4]


@pytest.mark.parametrize("number", [2, -1, 0.5, float("inf")])
def test_a_number_that_is_neither_one_nor_nought_is_refused(number):
    for frame in (pd.DataFrame({"sla": [1, number]}), pl.DataFrame({"sla": [1.0, float(number)]})):
        assert [fault.line for fault in faults(frame)] == [2]


def test_a_column_of_dates_is_refused_by_its_name():
    [fault] = faults(pd.DataFrame({"SLA": pd.to_datetime(["2026-01-01"])}))
    assert fault.column == "SLA"


@pytest.mark.parametrize(
    ("frame", "options", "says"),
    [
        ([1, 2], {}, "no data frame"),
        (pd.DataFrame({"city": ["Bonn"]}), {}, "no column answers"),
        (pd.DataFrame({"sla": [1], "uptime": [1]}), {}, "both name promises_uptime"),
        (pd.DataFrame({"sla": [1], "soc1": [1]}), {}, "rename or drop it"),
        (pd.DataFrame({"sla": [1]}), {"voice": "seller"}, "unknown voice"),
        (pd.DataFrame({"sla": [1]}), {"columns": {"holds_data": "sla"}}, "unknown criterion"),
        (pd.DataFrame({"sla": [1]}), {"columns": {"card_data": "slo"}}, "did you mean 'sla'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_said_in_one_sentence(frame, options, says):
    with pytest.raises(soclib.AnswerError, match=says):
        soclib.classify(frame, **options)


# --- columns by name ---------------------------------------------------------------------------


def test_headers_are_found_by_id_question_and_usual_name():
    question = CATALOG.part(VERDICT).criterion("card_data").questions["vendor"].question
    found = vendors.match_columns([question, "HOLDS-customer data", " Uptime ", "Vendor", "Uptme"])
    assert found.columns == {
        "holds_customer_data": "HOLDS-customer data",
        "promises_uptime": " Uptime ",
        "card_data": question,
    }
    assert found.not_read == ("Vendor", "Uptme")
    assert found.near == {"Uptme": "promises_uptime"}
    assert "Vendor: not read" in str(found)


def test_a_column_that_bears_the_id_comes_before_one_that_is_only_like_it():
    found = vendors.match_columns(["uptime", "promises_uptime"])
    assert found.columns == {"promises_uptime": "promises_uptime"}
    assert found.not_read == ("uptime",)


def test_every_answer_has_its_columns_in_the_documented_order():
    assert tuple(REPORTS) + LIST_COLUMNS == ADDED

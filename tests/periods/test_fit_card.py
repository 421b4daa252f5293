"""The card of a report period: it says what the fit says, and HTML and text say the same."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta
from fractions import Fraction
from html.parser import HTMLParser
from itertools import chain, combinations, pairwise, product
from xml.etree import ElementTree as ET

import pytest
from copied_tables import copy_tables
from hypothesis import given
from hypothesis import strategies as st
from test_render import NASTY, hostile_catalog

import soclib
from soclib import periods
from soclib.periods.browser import CalendarChoice, period_tables
from soclib.periods.card import fit_html, fit_plain, fit_text, per_mille
from soclib.periods.tables import PERIODS
from soclib.tables.rows import VOICES
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(PERIODS)
REPORTS = ("soc1", "soc2")
TYPES = ("type_1", "type_2")
NEEDED = {"type_1": ["end", "fiscal_year_end"], "type_2": ["start", "end", "fiscal_year_end"]}
WHOLE = CalendarChoice(
    start="2025-10-01",
    end="2026-09-30",
    fiscal_year_end="2026-12-31",
    previous_end="2025-09-30",
    today="2026-11-25",
)
SVG = "{http://www.w3.org/2000/svg}"
UNSEEN = {"svg", "summary", "thead"}  # pictures, and words that only lead to others
DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))


@st.composite
def choices(draw):
    """Return a choice of days that can be, around one fiscal year."""
    year_end = draw(DAYS)
    end = year_end + timedelta(days=draw(st.integers(-500, 300)))
    start = end - timedelta(days=draw(st.integers(0, 540)))
    year_start = year_end - timedelta(days=draw(st.integers(0, 540)))
    previous = start + timedelta(days=draw(st.integers(-60, 60)))
    today = end + timedelta(days=draw(st.integers(-600, 200)))
    maybe = st.sampled_from([True, False])
    return CalendarChoice(
        report=draw(st.sampled_from(REPORTS)),
        type_id=draw(st.sampled_from(TYPES)),
        start=start.isoformat(),
        end=end.isoformat(),
        fiscal_year_end=year_end.isoformat(),
        fiscal_year_start=year_start.isoformat() if draw(maybe) else "",
        previous_end=previous.isoformat() if previous < end and draw(maybe) else "",
        today=today.isoformat() if draw(maybe) else "",
    )


def fit_of(choice, voice="vendor", **more):
    """Return the fit that a choice of days that can be stands for."""
    texts = {name: text or None for name, text in choice._asdict().items()}
    start = None if choice.type_id == "type_1" else texts["start"]
    return periods.fit(
        start,
        texts["end"],
        texts["fiscal_year_end"],
        texts["fiscal_year_start"],
        report=choice.report,
        previous_end=texts["previous_end"],
        today=texts["today"],
        voice=voice,
        **more,
    )


class Page(HTMLParser):
    """Read a fragment: its tags, whether they nest, and the texts that a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and not UNSEEN & set(self.open):
            self.texts.append(data.strip())

    def all(self, *names):
        return [(tag, attributes) for tag, attributes in self.tags if tag in names]


# --- the worked cases ---------------------------------------------------------------------------


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("case", TABLES.worked, ids=lambda case: case.case_id)
def test_a_worked_case_stands_on_the_card_to_the_day(case, voice):
    choice = CalendarChoice(**worked()[case.case_id]["choice"])
    plain = fit_plain(choice, voice=voice)
    reading = TABLES.readings[case.reading_id]
    values = {number["number_id"]: number["value"] for number in plain["numbers"]}
    assert plain["reading"] == {
        "reading_id": case.reading_id,
        "label": reading.label,
        "mark": reading.mark,
        "meaning": reading.meaning[voice],
    }
    assert (values["overlap_days"], values["gap_days"]) == (case.overlap_days, case.gap_days)
    assert values["overlap_percent"] == case.overlap_percent
    assert f"{case.overlap_percent}%" in fit_html(plain, CATALOG)


def worked():
    return {case["case_id"]: case for case in period_tables(CATALOG)["worked"]}


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("case_id", [case.case_id for case in TABLES.worked])
def test_html_and_text_of_a_worked_case_say_the_same(case_id, report, voice):
    for type_id in TYPES:
        choice = CalendarChoice(**worked()[case_id]["choice"])._replace(
            report=report, type_id=type_id
        )
        same_words(fit_plain(choice, voice=voice), CATALOG)


def same_words(plain, catalog):
    text = fit_text(plain)
    page = Page(fit_html(plain, catalog))
    assert page.texts
    for words in page.texts:
        assert words.strip(" ()") in text, words


# --- a card says what the fit says --------------------------------------------------------------


@given(choices(), st.sampled_from(VOICES))
def test_a_card_says_all_that_the_fit_says_and_nothing_twice(choice, voice):
    plain, fit = fit_plain(choice, voice=voice), fit_of(choice, voice)
    assert plain["reading"]["label"] == fit.reading
    assert (plain["rule_id"], plain["evidence"]["evidence_id"]) == (fit.reading_rule, fit.evidence)
    assert plain["bridge"]["bridgeable"] == fit.bridgeable
    assert (plain["bridge"]["reason"], plain["bridge"]["rule_id"]) == (
        fit.bridge_reason,
        fit.bridge_rule,
    )
    assert plain["ready_on"]["day"] == fit.ready_on.isoformat()
    lines = [line["text"] for line in (plain["continuity"], plain["stage"]) if line]
    passed = words_of(CATALOG, voice)["fit_stage_passed"]
    told = [*(note["text"] for note in plain["notes"]), *lines]
    assert sorted(text for text in told if text != passed) == sorted(n.text for n in fit.notes)
    assert [line["state"] for line in (plain["continuity"], plain["stage"]) if line] == [
        state for state in (fit.continuity, fit.stage) if state
    ]


@given(choices())
def test_the_headline_is_one_sentence_with_the_reading_and_why(choice):
    plain, fit = fit_plain(choice), fit_of(choice)
    title = next(r.title for r in CATALOG.part(VERDICT).reports if r.report_id == choice.report)
    assert plain["headline"].startswith(f"{title} Type {choice.type_id[-1]}, {fit.reading}: ")
    assert plain["headline"].endswith(".")
    if choice.type_id == "type_2":
        assert plain["headline"].endswith(fit.because)


@given(choices())
def test_numbers_are_those_of_the_fit_and_never_negative(choice):
    plain, fit = fit_plain(choice), fit_of(choice)
    values = {number["number_id"]: number["value"] for number in plain["numbers"]}
    side = "past" if fit.gap_days < 0 else "gap"
    assert values["overlap_days"] == fit.overlap_days
    assert values["overlap_months"] == fit.overlap_months
    assert values["overlap_percent"] == pytest.approx(100 * fit.overlap_share, abs=0.05000001)
    assert values[f"{side}_days"] == abs(fit.gap_days)
    assert values[f"{side}_months"] == abs(fit.gap_months)
    assert min(values.values()) >= 0


def test_a_share_is_rounded_to_a_tenth_of_a_per_cent_with_halves_up_for_every_year():
    for whole in range(1, 560):
        for part in range(whole + 1):
            off = Fraction(per_mille(part, whole)) - Fraction(1000 * part, whole)
            assert Fraction(-1, 2) < off <= Fraction(1, 2), (part, whole)


def test_a_year_that_is_not_twelve_months_long_shows_what_the_table_reads():
    short = WHOLE._replace(
        start="2026-09-01", fiscal_year_start="2026-09-01", end="2026-11-30", previous_end=""
    )
    texts = {number["number_id"]: number["text"] for number in fit_plain(short)["numbers"]}
    assert (texts["overlap_months"], texts["overlap_of_twelve"]) == ("3 months", "9 months")
    ordinary = [number["number_id"] for number in fit_plain(WHOLE)["numbers"]]
    assert "overlap_of_twelve" not in ordinary


def test_a_gap_has_the_words_of_its_side():
    late = WHOLE._replace(start="2026-02-01", end="2027-01-31", previous_end="")
    labels = {n["number_id"]: (n["label"], n["text"]) for n in fit_plain(late)["numbers"]}
    assert labels["past_days"] == ("Days from the year-end to the period's end", "31 days")
    assert labels["past_months"][1] == "1 month"
    reviewed = fit_plain(WHOLE._replace(report="soc2"), voice="buyer")["numbers"]
    assert "to your review" in reviewed[-1]["label"]


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (("2025-10-01", "2026-09-30"), "Yes"),
        (("2025-07-01", "2026-06-30"), "No"),
        (("2026-01-01", "2026-12-31"), "Not needed"),
    ],
)
def test_whether_a_letter_helps_is_answered_in_a_word(days, answer):
    choice = WHOLE._replace(start=days[0], end=days[1], previous_end="")
    bridge = fit_plain(choice)["bridge"]
    assert bridge["answer"] == answer
    assert [source["source_id"] for source in bridge["sources"]] == list(
        fit_of(choice).bridge_source_ids
    )


def test_a_type_1_reads_no_start():
    plain = fit_plain(WHOLE._replace(type_id="type_1", start="soon"))
    assert plain["headline"].endswith("not how they ran.")
    assert [note["note_id"] for note in plain["notes"]] == ["as_of"]
    assert "Type 1, as of: 30 Sep 2026" in plain["timeline"]["lines"][0]


def test_a_date_that_has_passed_says_so_where_the_tables_have_no_sentence():
    plain = fit_plain(WHOLE._replace(type_id="type_1"))
    assert plain["stage"]["text"] == "The date has passed."


# --- what decided -------------------------------------------------------------------------------


@given(choices())
def test_limits_are_rows_of_the_thresholds_and_those_of_the_rule_come_first(choice):
    plain = fit_plain(choice)
    rule = next(r for r in TABLES.rules if r.reading_rule_id == plain["rule_id"])
    named = [rule.overlap_at_least, rule.overlap_below, rule.gap_above, rule.gap_at_most]
    ids = [limit["threshold_id"] for limit in plain["limits"]]
    assert ids[: len(list(filter(None, named)))] == list(filter(None, named))
    for limit in plain["limits"]:
        row = TABLES.thresholds[limit["threshold_id"]]
        assert [limit[key] for key in ("value", "unit", "basis", "meaning")] == [
            *(row.value, row.unit, row.basis, row.meaning),
        ]


@pytest.mark.parametrize("report", REPORTS)
def test_a_limit_that_is_not_named_decides_neither_reading_nor_letter(report):
    tried = 0
    for case, threshold_id, step in product(worked().values(), TABLES.thresholds, (-1, 1)):
        choice = CalendarChoice(**case["choice"])._replace(report=report)
        plain, row = fit_plain(choice), TABLES.thresholds[threshold_id]
        if threshold_id in {limit["threshold_id"] for limit in plain["limits"]}:
            continue
        try:
            moved = fit_of(choice, thresholds={threshold_id: row.value + step})
        except periods.PeriodError:
            continue  # limits out of order
        before = (plain["reading"]["label"], plain["bridge"]["bridgeable"])
        assert (moved.reading, moved.bridgeable) == before, threshold_id
        tried += 1
    assert tried > 100


def test_what_a_short_period_is_measured_by_is_named():
    quarter = WHOLE._replace(start="2026-07-01", end="2026-09-30", previous_end="")
    limits = {limit["threshold_id"]: limit for limit in fit_plain(quarter)["limits"]}
    assert limits["soc1_shortest_period"]["basis_text"].startswith("mentioned by a standard")
    assert "soc1_shortest_period" not in {x["threshold_id"] for x in fit_plain(WHOLE)["limits"]}


@given(choices(), st.sampled_from(VOICES))
def test_every_source_of_what_is_said_is_listed_once(choice, voice):
    plain, fit = fit_plain(choice, voice=voice), fit_of(choice, voice)
    listed = [source["source_id"] for source in plain["sources"]]
    said = [
        *fit.source_ids,
        *fit.bridge_source_ids,
        *chain.from_iterable(note.source_ids for note in fit.notes),
        *chain.from_iterable(
            TABLES.thresholds[limit["threshold_id"]].provenance.source_ids
            for limit in plain["limits"]
        ),
    ]
    assert listed == list(dict.fromkeys(said))


def test_a_card_says_how_sure_it_is():
    plain = fit_plain(WHOLE)
    assert (
        plain["rests_on"]
        == "Read by row S1-CLASSIC of the table of readings: practice, not a standard."
    )
    short = fit_plain(WHOLE._replace(report="soc2", start="2026-08-01", previous_end=""))
    sure = {note["note_id"]: note["certainty"] for note in short["notes"]}
    assert sure["short_period"] == "sources differ"


# --- blank days and days that cannot be ---------------------------------------------------------


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("type_id", TYPES)
def test_every_way_to_leave_needed_days_blank_gives_a_hint_that_names_them_and_nothing_else(
    type_id, report, voice
):
    needed = NEEDED[type_id]
    choice = WHOLE._replace(type_id=type_id, report=report)
    heads = []
    for blank in chain.from_iterable(combinations(needed, n) for n in range(1, len(needed) + 1)):
        plain = fit_plain(choice._replace(**dict.fromkeys(blank, "")), voice=voice)
        assert (plain["ready"], plain["missing"], plain["faults"]) == (False, list(blank), [])
        assert len(re.split(", | and ", plain["hint"].partition(":")[2])) == len(blank)
        assert Page(fit_html(plain, CATALOG)).texts == [plain["hint"]] == [fit_text(plain)]
        heads.append(set(plain))
    assert fit_plain(choice, voice=voice)["ready"]
    assert all(keys == heads[0] and "headline" not in keys for keys in heads)


def test_a_hint_calls_the_days_as_the_report_and_the_type_have_them():
    hint = fit_plain(CalendarChoice(report="soc2", type_id="type_1"), voice="buyer")["hint"]
    assert hint.startswith("Still to fill in: date of the Type 1 and day of your review.")
    hint = fit_plain(CalendarChoice())["hint"]
    assert "start of the period, end of the period and fiscal year-end" in hint


IMPOSSIBLE = [
    ({"start": "2026-10-01"}, "end", "it lies before start of the period 2026-10-01"),
    ({"start": "2024-10-01", "previous_end": ""}, "end", "more than 18 months from start"),
    ({"fiscal_year_start": "2027-01-01"}, "fiscal_year_end", "before first day of the fiscal year"),
    ({"fiscal_year_start": "2024-01-01"}, "fiscal_year_end", "it makes more than 18 months"),
    ({"start": "0001-01-01"}, "start", "the year 1 is out of range; use 1900 to 2199"),
    ({"fiscal_year_end": "2200-01-01"}, "fiscal_year_end", "the year 2200 is out of range"),
    ({"fiscal_year_end": "12026-12-31"}, "fiscal_year_end", "this is no date; write it as 2026"),
    ({"today": "2026-02-29"}, "today", "February 2026 has 28 days"),
    ({"today": "2026-13-01"}, "today", "months run from 01 to 12, not 13"),
    ({"today": "25 Nov 2026"}, "today", "'25 Nov 2026': this is no date"),
    ({"today": " "}, "today", "' ': this is no date"),
    ({"previous_end": "2026-09-30"}, "previous_end", "it lies on or after end of the period"),
]


@pytest.mark.parametrize(("change", "field", "says"), IMPOSSIBLE)
def test_days_that_cannot_be_are_named_by_field_and_nothing_else_is_said(change, field, says):
    plain = fit_plain(WHOLE._replace(**change))
    assert plain["wrong"] == [field]
    assert len(plain["faults"]) == 1
    assert says in plain["faults"][0]
    assert (plain["ready"], "headline" in plain) == (True, False)
    assert Page(fit_html(plain, CATALOG)).texts == [plain["faults_title"], *plain["faults"]]
    assert fit_text(plain).splitlines() == [plain["faults_title"], *plain["faults"]]


@pytest.mark.parametrize(
    "change", [change for change, _field, says in IMPOSSIBLE if "this is no date" not in says]
)
def test_the_sentences_are_those_of_the_error_in_the_readers_words(change):
    choice = WHOLE._replace(**change)
    called = {
        "fiscal_year_start": "first day of the fiscal year",
        "fiscal_year_end": "fiscal year-end",
        "previous_end": "end of the period before",
        "start": "start of the period",
        "end": "end of the period",
    }
    with pytest.raises(periods.PeriodError) as caught:
        fit_of(choice)
    names = re.compile(rf"\b({'|'.join(called)})(?= ['0-9])")
    ours = [names.sub(lambda found: called[found[0]], fault) for fault in caught.value.faults]
    assert fit_plain(choice)["faults"] == ours


def test_all_faults_are_listed_at_once():
    plain = fit_plain(
        WHOLE._replace(start="2026-10-01", fiscal_year_end="0001-12-31", previous_end="2027-01-01")
    )
    assert plain["wrong"] == ["fiscal_year_end", "end", "previous_end"]
    assert len(plain["faults"]) == 3


def test_letters_that_a_browser_would_quote_otherwise_are_not_repeated():
    plain = fit_plain(WHOLE._replace(today="'é\\\N{GRINNING FACE}\n<b>" + 60 * "x"))
    assert plain["faults"][0].startswith("today '?????<b>xxx")
    assert "<b>" not in fit_html(plain, CATALOG)


@pytest.mark.parametrize(
    ("choice", "voice", "says"),
    [
        (WHOLE._replace(report="soc3"), "vendor", "unknown report: 'soc3'"),
        (WHOLE._replace(type_id="type_3"), "vendor", "did you mean 'type_"),
        (WHOLE, "auditor", "unknown voice: 'auditor'"),
    ],
)
def test_what_no_control_offers_is_refused(choice, voice, says):
    with pytest.raises(periods.PeriodError, match=says):
        fit_plain(choice, voice=voice)


# --- HTML, text, picture ------------------------------------------------------------------------


@given(choices(), st.sampled_from(VOICES))
def test_html_nests_and_text_says_what_it_says(choice, voice):
    same_words(fit_plain(choice, voice=voice), CATALOG)


@given(choices())
def test_headings_begin_at_the_fourth_level_and_skip_none(choice):
    page = Page(fit_html(fit_plain(choice), CATALOG))
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 4
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_header_cells_with_a_scope():
    page = Page(fit_html(fit_plain(WHOLE), CATALOG))
    names = [attributes["class"].split()[-1] for _, attributes in page.all("table")]
    assert names == ["soc-spans", "soc-numbers", "soc-limits"]
    assert len(page.all("caption")) == len(names)
    assert {attributes.get("scope") for _, attributes in page.all("th")} == {"col", "row"}


def test_the_timeline_is_a_figure_whose_table_is_folded():
    html = fit_html(fit_plain(WHOLE), CATALOG)
    figure = re.search(r"<figure.*</figure>", html, re.DOTALL)[0]
    assert figure.count("<svg") == 2
    assert re.search(r"<details><summary>.*soc-spans.*</details></figure>", figure, re.DOTALL)


@given(choices(), st.sampled_from(VOICES))
def test_both_pictures_are_well_formed_and_say_what_the_rows_say(choice, voice):
    timeline = fit_plain(choice, voice=voice)["timeline"]
    marks = []
    for name in ("svg", "narrow_svg"):
        root = ET.fromstring(timeline[name])  # noqa: S314 - made here, from our own drawing
        captions = {node.text for node in root.iter(f"{SVG}text")}
        for row, line in zip(timeline["rows"], timeline["lines"], strict=True):
            assert line.removeprefix(f"{row[1]}: ") in captions
        assert root.find(f"{SVG}desc").text == "\n".join(timeline["lines"])
        marks.append(root.get("aria-labelledby"))
    assert marks[0] != marks[1]


def test_every_reading_is_said_in_a_word_and_a_mark_and_not_only_in_colour():
    said = set()
    for case, report in product(worked().values(), REPORTS):
        plain = fit_plain(CalendarChoice(**case["choice"])._replace(report=report))
        reading = TABLES.readings[plain["reading"]["reading_id"]]
        mark = f'<span aria-hidden="true">{reading.mark}</span> {reading.label}</span>'
        assert mark in fit_html(plain, CATALOG)
        said.add(reading.reading_id)
    assert said == set(TABLES.readings)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("type_id", TYPES)
def test_all_text_of_a_users_own_tables_is_escaped(tmp_path, type_id, voice):
    catalog = hostile_catalog(tmp_path)
    choice = WHOLE._replace(type_id=type_id)
    for shown in (choice, choice._replace(end=""), choice._replace(start="", today="<img src=x>")):
        plain = fit_plain(shown, voice=voice, catalog=catalog)
        html = fit_html(plain, catalog)
        assert "<img" not in html
        assert not Page(html).all("img")
    plain = fit_plain(choice, voice=voice, catalog=catalog)
    assert NASTY in fit_text(plain)
    for name in ("svg", "narrow_svg"):
        ET.fromstring(plain["timeline"][name])  # noqa: S314 - made here, from our own drawing


# --- what the browser is given ------------------------------------------------------------------


@given(choices(), st.sampled_from(VOICES))
def test_a_card_is_plain_json(choice, voice):
    plain = fit_plain(choice, voice=voice)
    assert json.loads(json.dumps(plain)) == plain


def test_the_tables_for_the_browser_are_plain_json_without_what_a_card_does_not_need():
    tables = period_tables(CATALOG)
    assert json.loads(json.dumps(tables)) == tables
    assert "panel_title" not in tables["wording"]["vendor"]
    assert "window_yes" not in tables["notes"]
    named = [*tables["rules"], *tables["thresholds"].values()]
    named += [note for notes in tables["notes"].values() for note in notes.values()]
    assert set(tables["sources"]) == {name for row in named for name in row["source_ids"]}


def test_a_threshold_of_ones_own_tables_is_on_the_card_and_in_the_browsers_tables(tmp_path):
    catalog = own_tables(tmp_path, "thresholds", {"bridge_longest": {"value": "4"}})
    choice = WHOLE._replace(start="2025-09-01", end="2026-08-31", previous_end="")
    plain = fit_plain(choice, catalog=catalog)
    assert (fit_plain(choice)["bridge"]["answer"], plain["bridge"]["answer"]) == ("No", "Yes")
    assert period_tables(catalog)["thresholds"]["bridge_longest"]["value"] == 4


SOME_DAYS = [
    ("2025-10-01", "2026-09-30", "2026-12-31", "", "2025-09-30", "2026-11-25"),
    ("2026-02-01", "2026-10-31", "2026-09-30", "2026-05-01", "", ""),
    ("2026-08-01", "2026-12-30", "2026-12-31", "", "", ""),
    ("2026-07-01", "2026-12-31", "2026-12-31", "2026-07-01", "", ""),
    ("", "", "", "", "", ""),
    ("soon", "soon", "soon", "soon", "soon", "soon"),
]


def test_every_text_of_the_card_is_shown_somewhere(tmp_path):
    catalog = marked_catalog(tmp_path)
    shown = set()
    for voice, report, type_id, days in product(VOICES, REPORTS, TYPES, SOME_DAYS):
        plain = fit_plain(CalendarChoice(report, type_id, *days), voice=voice, catalog=catalog)
        shown |= set(re.findall(r"\[(fit_\w+)\]", fit_html(plain, catalog) + fit_text(plain)))
    assert shown == {
        text_id for text_id in words_of(catalog, VOICES[0]) if text_id.startswith("fit_")
    }


def marked_catalog(tmp_path):
    """Return the shipped tables with the id of each text of the card before it."""
    vendor, buyer = (words_of(CATALOG, voice) for voice in VOICES)
    marked = {
        key: {"text": f"[{key}] {vendor[key]}", "buyer": f"[{key}] {buyer[key]}"}
        for key in vendor
        if key.startswith("fit_")
    }
    return own_tables(tmp_path, "words", marked)


def own_tables(tmp_path, table, cells):
    """Return the shipped tables with other cells in one of them: by key and column."""
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row.update(cells.get(next(iter(row.values())), {}))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return soclib.load_catalog(folder)

"""A request is read by a table of phrases: what it names, takes back and leaves open.

``requests.csv`` holds texts in our own words with what an expert expects of them; add a row to add
a case. ``expected_reports`` are the reports that fit (joined with +), ``ask`` where nobody can tell
yet, ``other`` or ``none`` where no report does.
"""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from counting import steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import soclib
from soclib import requests
from soclib.claims.tables import CLAIMS
from soclib.requests.asked import DATES
from soclib.requests.patterns import parse
from soclib.requests.request import LONGEST
from soclib.requests.spans import (
    CONDITION,
    DOUBT,
    LONELY,
    NEGATED,
    OUTDONE,
    OWN,
    PAST,
    PLAIN,
    QUESTION,
    reader_of,
)
from soclib.requests.tables import REQUESTS
from soclib.requests.words import PIECE, words_in
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "cases"
CATALOG = soclib.load_catalog()
GOOD = ("needed", "likely")
REPORTS = {"soc1", "soc2", "soc3"}


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"The shared cases are not beside this checkout ({name}).")
    return read(path)


read_request = cache(requests.read)  # several tests read the same texts
TEXTS = read(HERE / "requests.csv")
FRESH = [row for row in TEXTS if row["kind"] == "scenario"]
LETTERS = [row for row in TEXTS if row["kind"] == "request"]


def wanted(row):
    found = {part.strip().lower().replace(" ", "") for part in row["expected_reports"].split("+")}
    return found & REPORTS


def judged(row, text):
    """Return right, open or wrong: what was read from a text against what an expert expects."""
    reports = read_request(text).decision.reports
    expected = wanted(row)
    if any(reports[one] == "not_needed" for one in expected):
        return "wrong"
    if "soc1" not in expected and reports["soc1"] in GOOD and row["expected_reports"] != "ask":
        return "wrong"
    if not expected and reports["soc2"] == "needed" and row["expected_reports"] != "ask":
        return "wrong"
    return "right" if all(reports[one] in GOOD for one in expected) else "open"


def asked(text):
    return set(read_request(text).asked_for.reports) & REPORTS


# --- what others wrote --------------------------------------------------------------------------


def test_most_scenarios_are_read_right_and_none_wrong():
    rows = shared("scenarios_dev.csv")
    found = [judged(row, row["scenario"]) for row in rows]
    assert found.count("wrong") == 0
    assert found.count("right") >= 0.8 * len(rows)


def test_no_answer_contradicts_what_an_expert_coded():
    against = [
        (row["case_id"], criterion_id, answer)
        for row in shared("coded_cases.csv")
        for criterion_id, answer in requests.read(row["text"]).answers.items()
        if {answer, row[criterion_id]} == {"yes", "no"}
    ]
    assert not against


def test_more_than_half_of_what_an_expert_coded_is_read():
    rows = shared("coded_cases.csv")
    coded = met = 0
    for row in rows:
        answers = requests.read(row["text"]).answers
        for criterion in CATALOG.part(VERDICT).criteria:
            if row[criterion.criterion_id] in ("yes", "no"):
                coded += 1
                met += answers.get(criterion.criterion_id) == row[criterion.criterion_id]
    assert met > coded / 2


def test_a_kind_of_service_is_never_read_as_processing_where_an_expert_says_it_is_not():
    for row in shared("companies_dev.csv"):
        answers = requests.read(f"A company offers {row['service']}.").answers
        if row["processes_transactions_in_clients_books"] == "no":
            assert answers.get("processes_transactions") != "yes", row["service"]


# --- what we wrote ------------------------------------------------------------------------------


def test_of_our_own_scenarios_none_is_wrong_and_most_are_right():
    found = {row["request_id"]: judged(row, row["text"]) for row in FRESH}
    assert not [one for one, verdict in found.items() if verdict == "wrong"]
    assert len(FRESH) >= 400
    assert list(found.values()).count("right") >= 0.9 * len(found)


@pytest.mark.parametrize("row", LETTERS, ids=lambda row: row["request_id"])
def test_a_request_asks_for_what_its_words_demand(row):
    assert asked(row["text"]) == {one for one in row["expected_asked"].split(";") if one}
    assert judged(row, row["text"]) != "wrong"


# --- negation and doubt -------------------------------------------------------------------------

ASKED = [
    ("We do not need a SOC 1 but a SOC 2 Type II.", {"soc2"}),
    ("We need neither a SOC 1 nor a SOC 2.", set()),
    ("We need not only a SOC 1 but also a SOC 2.", {"soc1", "soc2"}),
    ("We no longer need your SOC 1.", set()),
    ("We will never ask for a SOC 2.", set()),
    ("We want a SOC 2 rather than a SOC 1.", {"soc2"}),
    ("A SOC 1 is not required.", set()),
    ("A SOC 2 report is required.", {"soc2"}),
    ("We cannot sign without a SOC 2.", {"soc2"}),
    ("Please send your SOC2 report.", {"soc2"}),
    ("Please send your SOC\u00a02\u00ae report.", {"soc2"}),
    ("Please send your S.O.C. 2 report.", {"soc2"}),
    ("pls send socii asap", {"soc2"}),
    ("Kindly provide SOC-1 and 2.", {"soc1", "soc2"}),
    ("Supplier shall provide SOC 1/SOC 2 Type II reports.", {"soc1", "soc2"}),
    ("Do we need a SOC 1?", set()),
    ("Do you have a SOC 1?", {"soc1"}),
    ("They ask whether a SOC 2 would help.", set()),
    ("If you processed our payroll, we would need a SOC 1.", set()),
    ("Send us your SOC 2 if available.", {"soc2"}),
    ("We used to ask for SAS 70 reports.", set()),
    ("We\u2019d like to see your SSAE 16.", {"soc1"}),
    ("We can provide our SOC 2 under NDA.", set()),
    ("Our SOC team asks you to call.", set()),
    ("Your SOC 2 report arrived, thank you.", set()),
    ("Vendor shall not disclose the SOC 2 report to third parties.", set()),
    ("Without a SOC 2 we can still sign.", set()),
    ("Please don't send us your SOC 1; we only need the SOC 2.", {"soc2"}),
    ("We have been asked for a SOC 1 by a customer's auditor.", {"soc1"}),
    ("Nobody asked us for a SOC 2 so far.", set()),
    ("The difference between a SOC 1 and a SOC 2 is known to us.", set()),
]


@pytest.mark.parametrize(("text", "reports"), ASKED)
def test_only_what_is_demanded_counts_as_asked_for(text, reports):
    assert asked(text) == reports


SAID = [
    ("Do you process payments?", "processes_transactions", None),
    ("You process payments for us.", "processes_transactions", "yes"),
    ("We process payments ourselves; please send your price list.", "processes_transactions", None),
    ("Vendor reserves the right to change prices.", "processes_transactions", None),
    ("It has no payroll.", "processes_transactions", None),
    ("It computes nothing.", "processes_transactions", "no"),
    ("Nothing it does reaches our ledger.", "affects_client_financials", "no"),
    ("Its figures feed straight into our ledger.", "affects_client_financials", "yes"),
    ("Customers book appointments through it.", "affects_client_financials", None),
    ("It does not store customer data.", "holds_customer_data", "no"),
    ("The app keeps patient records.", "holds_customer_data", "yes"),
    ("A security operations centre watches.", "asked_by_security_team", None),
    ("Our security team wants proof.", "asked_by_security_team", "yes"),
    ("The controller wants something our auditor can use.", "asked_by_financial_auditor", "yes"),
    ("Make it available to the Controller.", "asked_by_financial_auditor", None),
    ("No auditor has asked.", "asked_by_financial_auditor", "no"),
    ("The controls are not documented.", "controls_documented", "no"),
    ("A FedRAMP authorization is needed.", "us_federal_use", "yes"),
    ("Our fund administrator asked whether you have a SOC 1.", "processes_transactions", None),
    ("Please process my payment and call me.", "processes_transactions", None),
    ("A screen shows rosters to payroll companies.", "processes_transactions", None),
]


@pytest.mark.parametrize(("text", "criterion_id", "answer"), SAID)
def test_a_phrase_answers_only_from_words_that_are_there(text, criterion_id, answer):
    assert requests.read(text).answers.get(criterion_id) == answer


def test_what_a_text_says_both_ways_is_left_unknown_and_both_are_shown():
    request = requests.read("It stores customer data. It does not store customer data.")
    assert request.opposed == ("holds_customer_data",)
    assert request.answers["holds_customer_data"] == "unknown"
    said = {span.answer for span in request.spans if span.criterion == "holds_customer_data"}
    assert said == {"yes", "no"}
    assert "both yes and no" in str(request)


INSTALLED = [
    ("A firm ships a program that customers install on their own servers.", "no"),
    ("Customers install it on their own servers, and its technicians dial in.", "yes"),
    ("Customers install it on their own servers. It keeps copies of patient records.", None),
]


@pytest.mark.parametrize(("text", "answer"), INSTALLED)
def test_what_customers_install_is_no_service_unless_the_text_says_of_one(text, answer):
    assert requests.read(text).answers.get("provides_service") == answer


def test_a_kind_of_software_holds_no_data_where_customers_run_it_themselves():
    kind = "A firm sells document management software."
    assert requests.read(kind).answers["holds_customer_data"] == "yes"
    own = f"{kind} Customers install it on their own servers."
    assert "holds_customer_data" not in requests.read(own).answers


def test_what_is_weighed_is_shown_as_not_counted():
    request = requests.read("Do we need a SOC 1?")
    assert not request.answers
    assert [span.state for span in request.spans if span.criterion] == ["doubt"]
    assert "weighed, not said" in str(request)


def test_spans_stand_in_the_original_text():
    text = "Hello \u2013\u2013 please  send\nyour SOC\u00ad-2\u00ae report."
    request = requests.read(text)
    for span in request.spans:
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        assert re.search(r"send|SOC", text[span.start : span.end])


# --- dates, types, who signs --------------------------------------------------------------------


def test_dates_are_read_by_what_stands_before_them():
    asked_for = requests.read(
        "Our fiscal year ends on 30 June. Send the SOC 1 Type II for FY26 by 15 January 2027."
    ).asked_for
    assert asked_for.year_ends == ("--06-30",)
    assert asked_for.deadlines == ("2027-01-15",)
    assert asked_for.years == ("2026",)
    assert asked_for.types == ("type_2",)


def test_a_date_with_two_readings_is_kept_in_its_words_with_the_reason():
    request = requests.read("Please send your SOC 2 by 03/04/2027.")
    (found,) = request.asked_for.dates
    assert (found.words, found.value) == ("03/04/2027", "")
    assert "2027-03-04 or 2027-04-03" in str(request)
    assert "03/04/2027" in request.reply


def test_a_name_inside_words_that_ask_for_it_is_not_told_twice():
    request = requests.read("Please send your SOC 1. We also saw your SOC 2.")
    names = [one for span in request.spans for one in span.says if one.startswith("names:")]
    assert names == ["names:soc2"]
    assert request.asked_for.reports == ("soc1",)


def test_who_signs_counts_only_beside_a_request():
    signed = "Best regards\nJo Doe, Internal Audit"
    assert not requests.read(f"Lunch at noon?\n\n{signed}").answers
    request = requests.read(f"Please send us your SOC report.\n\n{signed}")
    assert request.answers["asked_by_financial_auditor"] == "yes"
    assert "internal_audit" in request.asked_for.signs


def test_an_old_standard_is_called_old():
    assert any("SAS 70" in one for one in requests.read("We need your SAS 70.").differs)


# --- what follows -------------------------------------------------------------------------------


def test_an_asker_who_is_wrong_is_asked_back():
    text = "We require a SOC 1 for your CRM. It sets no amounts, and nothing reaches our ledger."
    request = requests.read(text)
    assert request.decision.reports["soc1"] == "clarify"
    assert any("nothing to cover" in one for one in request.differs)
    assert "have to conclude" in request.reply


def test_a_request_that_fits_is_confirmed():
    request = requests.read("Our auditors need your SOC 1 Type 2 for the payroll you run.")
    assert request.decision.reports["soc1"] == "needed"
    assert "it is the report that fits" in request.reply
    assert "Type 2" in request.reply


def test_a_reply_asks_two_questions_at_most():
    for row in TEXTS:
        assert read_request(row["text"]).reply.count("\n- ") <= 2


def test_every_next_question_to_the_asker_has_its_words():
    lines = {line.reply_id for line in CATALOG.part(REQUESTS).replies}
    for criterion_id in ("affects_client_financials", "holds_customer_data"):
        assert f"ask_{criterion_id}" in lines


def test_editing_an_answer_changes_the_verdict_and_the_reply():
    request = requests.read("Please send your SOC 1.")
    edited = request.with_answers(affects_client_financials="no", processes_transactions="no")
    assert request.decision.reports["soc1"] == "open"
    assert edited.decision.reports["soc1"] == "clarify"
    assert edited.reply != request.reply
    assert edited.spans == request.spans
    with pytest.raises(soclib.AnswerError):
        request.with_answers(affects="no")


def test_the_buyers_side_has_a_draft_of_its_own():
    vendor = requests.read("Our auditor wants a SOC 1.")
    buyer = requests.read("Our auditor wants a SOC 1.", "buyer")
    assert vendor.reply != buyer.reply
    assert buyer.decision.voice == "buyer"


def test_a_record_can_be_written_as_json():
    plain = json.loads(json.dumps(requests.read("We need a SOC 2 by 1 May 2027.").to_dict()))
    assert plain["asked_for"]["reports"] == ["soc2"]


def test_every_row_of_the_table_can_be_met():
    """Each condition of a reply is one that can hold."""
    known = {f"asked_{one}" for one in (*REPORTS, "soc", "report", "nothing")}
    known |= {f"{r}_{s}" for r in REPORTS for s in (*CATALOG.part(VERDICT).statuses, "fits")}
    known |= {f"route_{one.outcome_id}" for one in CATALOG.part(VERDICT).of_kind("route")}
    known |= {f"standard_{one}" for one in CATALOG.part(CLAIMS).standards}
    known |= {"voice_vendor", "voice_buyer", "type_1", "type_2", "deadline", "due", "year_end"}
    known |= {"contradiction", "questions", "unclear_date"}
    for line in CATALOG.part(REQUESTS).replies:
        for condition in line.applies:
            assert set(condition.removeprefix("not ").split("|")) <= known, line.reply_id


# --- what cannot be read ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n", 5, None, b"SOC 2", "x" * (LONGEST + 1)])
def test_what_cannot_be_read_is_refused_in_one_sentence(text):
    with pytest.raises(requests.RequestError) as caught:
        requests.read(text)
    assert "\n" not in str(caught.value)


def test_the_longest_text_that_is_taken_is_read():
    text = ("Please send your SOC 2. " * LONGEST)[:LONGEST]
    assert requests.read(text).asked_for.reports == ("soc2",)


NASTY = (
    *("We need a ", "not " * 9, "need " * 9, "(" * 40, "soc 1 2 ", "a.", "....", "- ", "\n ", "1/"),
    *("?" * 9, "book the ", "neither nor ", "\u00e9\u0301", "shall provide and ", "the auditor "),
    "We do not need your SOC 1, but ",
)


@pytest.mark.parametrize("piece", NASTY)
def test_work_grows_with_the_text_and_no_faster(piece):
    small, large = (
        "Please send your SOC 2. " + (piece * size).encode()[:size].decode(errors="ignore")
        for size in (8_000, 16_000)
    )
    requests.read(small).to_dict()  # what is made once is made now
    twice = steps(lambda: requests.read(large).to_dict())
    assert twice < 2.1 * steps(lambda: requests.read(small).to_dict())


# What may repeat without a bound, since it can be read in one way only: the letters of one word.
# The last two are sets of signs, and repeat nothing.
LETTERS = re.compile(r"\[\^ [^\]]*\]\+")
ONCE = (r"\n[ \t]*", r"[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*", r"\d+", "[-*", "[&+]")


def test_no_pattern_repeats_without_a_bound():
    """Python counts no steps inside a search: there, this keeps it from running away."""
    piece = PIECE.pattern
    for once in ONCE:
        assert once in piece
        piece = piece.replace(once, "")
    searched = [pattern.pattern for _phrase, pattern in READER.phrases]
    searched += [sign.pattern for sign in READER.signs.values()]
    for pattern in (piece, DATES.pattern, *(LETTERS.sub("", one) for one in searched)):
        assert not re.search(r"[*+]|\{\d*,\}", pattern), pattern


# --- any text at all ----------------------------------------------------------------------------

PIECES = st.sampled_from(
    sorted(
        {word for group in CATALOG.part(REQUESTS).groups.values() for word in group.words[:8]}
        | {"<script>alert(1)</script>", "&", "SOC 1", "SOC II", "?", ".", ",", "\n", "31/12/2026"}
    )
)
ANY_TEXT = st.one_of(st.text(min_size=1), st.lists(PIECES, min_size=1, max_size=40).map(" ".join))


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        assert not [name for name, _value in attrs if name.startswith("on")]


@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
@given(ANY_TEXT)
def test_any_text_is_read_without_a_crash_and_shown_without_its_own_markup(text):
    if not text.strip():
        return
    request = requests.read(text)
    page = request._repr_html_()
    tags = Tags()
    tags.feed(page.partition("</style>")[2])
    allowed = {"section", "h4", "p", "mark", "sup", "table", "caption", "thead", "tbody", "tr"}
    assert tags.found <= allowed | {"th", "td", "dl", "dt", "dd", "ul", "li", "div", "b"}
    assert str(request)
    for span in request.spans:
        assert 0 <= span.start < span.end <= len(text)
    said = [one for one in request.opposed if request.answers[one] != "unknown"]
    assert not said


@given(st.text())
def test_every_word_of_a_text_has_its_place(text):
    words = words_in(text, ("soc",))
    assert all(0 <= start < end <= len(text) for start, end in words.places)
    assert len(words.words) == len(words.places) == len(words.sentences) == len(words.offsets)
    assert " " not in "".join(words.words)


def test_marks_show_the_whole_text_once():
    text = "Please <b>send</b> your SOC 2 & SOC 1 Type II report by 1 May 2027."
    page = requests.read(text)._repr_html_()
    shown = re.search(r'<p class="soc-request-text">(.*?)</p>', page, re.DOTALL)[1]
    plain = re.sub(r"<sup>.*?</sup>|</?mark[^>]*>", "", shown)
    assert plain == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- the whole table ----------------------------------------------------------------------------

READER = reader_of(CATALOG)
GROUPS = {group.group_id: group.words for group in CATALOG.part(REQUESTS).groups.values()}


def samples(parts):
    """Yield texts that a pattern describes: every choice once, beside the first of all others."""
    slots = [list(options(part)) for part in parts]
    for place, slot in enumerate(slots):
        for one in slot:
            yield " ".join(
                filter(None, (one if at == place else other[0] for at, other in enumerate(slots)))
            )


def options(part):
    if part.kind == "gap":
        yield from ("", " ".join(["zebra"] * min(part.many, 2)))
    elif part.kind == "group":
        yield from (word.rstrip("*") for word in GROUPS[part.text])
    elif part.kind == "word":
        yield part.text.rstrip("*")
    else:
        yield from (text for choice in part.choices for text in samples(choice))
        if part.kind == "maybe":
            yield ""


@pytest.mark.parametrize(
    ("phrase", "pattern"), READER.phrases, ids=[phrase.phrase_id for phrase, _ in READER.phrases]
)
def test_every_phrase_is_found_in_each_text_that_it_describes(phrase, pattern):
    unmet = [
        text
        for text in samples(parse(phrase.pattern))
        if not pattern.search(words_in(text, READER.numbered).line)
    ]
    assert not unmet, (phrase.phrase_id, unmet)


def test_every_sign_is_spelt_as_texts_are():
    for group in CATALOG.part(REQUESTS).groups.values():
        for word in group.words:
            plain = " ".join(words_in(word.rstrip("*"), READER.numbered).words)
            assert plain == word.rstrip("*"), (group.group_id, word)


def test_every_state_of_a_phrase_has_its_words():
    states = (PLAIN, NEGATED, QUESTION, DOUBT, CONDITION, PAST, OWN, LONELY, OUTDONE)
    assert {f"request_state_{state}" for state in states} <= words_of(CATALOG, "vendor").keys()


def test_every_note_is_a_sentence():
    for phrase in CATALOG.part(REQUESTS).phrases:
        assert phrase.note[0].isupper(), phrase.phrase_id
        assert phrase.note.endswith("."), phrase.phrase_id

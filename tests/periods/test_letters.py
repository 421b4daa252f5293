"""Letters filled from a case: what they say, what they must not claim, when they are refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

import docx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html_mistune as to_html

import soclib
from soclib import periods
from soclib.dates import ONE_DAY
from soclib.errors import SaveError
from soclib.paper.blocks import markdown
from soclib.periods.tables import PERIODS

FIT = periods.fit("2025-10-01", "2026-09-30", "2026-12-31")
CASE = periods.BridgeCase(
    FIT,
    "Ledger Ltd",
    "payroll",
    "Audit LLP",
    "Acme",
    "J. Doe, CFO",
    "2027-01-05",
    changes=(),
    issues=(),
)
REQUEST = periods.RequestCase("2026-01-01", "2026-12-31", customer="Acme", system="payroll")
NASTY = "<img src=x onerror=alert(1)> *b* [l](javascript:x) `c` # h | t {customer}"
WORDS = st.text(max_size=30) | st.text('*_-+#>`[]()!.1=~|\\<&$" \nab:', max_size=12)


def said(blocks):
    return "\n".join(block.text for block in blocks)


def test_a_bridge_letter_names_the_report_its_days_and_who_signs():
    text = said(periods.bridge_letter(CASE))
    for part in ("Audit LLP", "1 Oct 2025 to 30 Sep 2026", "1 Oct 2026 through 31 Dec 2026"):
        assert part in text
    assert text.endswith("J. Doe, CFO, for the management of Ledger Ltd")


def test_a_bridge_letter_says_what_it_is_not():
    text = said(periods.bridge_letter(CASE))
    for part in ("no assurance", "not make the examined period longer", "no day after 31 Dec 2026"):
        assert part in text


def test_what_management_did_not_say_stays_a_prompt():
    case = CASE._replace(changes=None, issues=None, service_auditor="", signed_on=None)
    text = said(periods.bridge_letter(case))
    for part in ("[Say what changed", "[Say which failures", "[CPA firm]", "[date of signature]"):
        assert part in text
    assert "nothing in the system" not in text


def test_what_changed_is_listed_as_bullets():
    blocks = periods.bridge_letter(
        CASE._replace(changes=["new host", "new bank"], issues=["outage"])
    )
    items = [block.text for block in blocks if block.kind == "item"]
    assert items[:3] == ["new host", "new bank", "outage"]


def test_a_soc_2_letter_speaks_of_the_trust_services_criteria():
    fit = periods.fit("2025-10-01", "2026-09-30", "2026-12-15", report="soc2")
    text = said(periods.bridge_letter(CASE._replace(fit=fit)))
    assert "trust services criteria" in text
    assert "financial reporting" not in text


@pytest.mark.parametrize(
    ("fit", "says"),
    [
        (periods.fit("2026-01-01", "2026-06-30", "2026-12-31"), "whose period ends nearer"),
        (periods.fit("2026-01-01", "2026-12-31", "2026-12-31"), "it needs no letter"),
        (periods.fit("2025-01-01", "2025-12-31", "2026-02-28", "2026-01-01"), "covers the year"),
        (periods.fit(None, "2026-09-30", "2026-12-31"), "the first Type 2"),
    ],
)
def test_a_letter_for_a_gap_that_none_can_span_is_refused_with_what_to_offer(fit, says):
    with pytest.raises(periods.PeriodError, match=re.escape(says)):
        periods.bridge_letter(CASE._replace(fit=fit))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"signed_on": "2026-12-01"}, "days after its signature"),
        ({"through": "2026-09-30"}, "it lies within the period"),
        ({"through": "2027-02-15", "signed_on": "2027-02-20"}, "more than 3 months after"),
        ({"signed_on": "05/01/2027"}, "the order of day and month"),
    ],
)
def test_a_letter_never_speaks_of_days_that_it_must_not(more, says):
    with pytest.raises(periods.PeriodError, match=re.escape(says)):
        periods.bridge_letter(CASE._replace(**more))


def test_a_letter_signed_earlier_may_end_earlier():
    text = said(periods.bridge_letter(CASE._replace(signed_on="2026-12-01", through="2026-12-01")))
    assert "1 Oct 2026 through 1 Dec 2026" in text


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 400), st.integers(-20, 400))
def test_a_letter_exists_exactly_where_a_gap_can_be_bridged(end, length, gap):
    fit = periods.fit(end - timedelta(days=length), end, end + timedelta(days=gap))
    assume(fit.overlap_days)
    try:
        blocks = periods.bridge_letter(CASE._replace(fit=fit, signed_on=None))
    except periods.PeriodError:
        assert not fit.bridgeable or fit.gap_days <= 0
    else:
        assert fit.bridgeable
        assert fit.gap_days > 0
        assert not re.search(r"[{}]", said(blocks))


# --- the request --------------------------------------------------------------------------------


def test_a_request_says_what_the_year_needs():
    text = said(periods.report_request(REQUEST))
    for part in ("1 Jan 2026 to 31 Dec 2026", "no earlier than 30 Sep 2026", "CUECs", "carved out"):
        assert part in text
    assert "not ask for a certificate" in text


def test_a_report_that_ends_on_the_day_asked_for_can_be_bridged():
    fit = periods.fit("2025-10-01", "2026-09-30", "2026-12-31")
    later = periods.fit("2025-09-24", "2026-09-23", "2026-12-31")
    assert fit.bridgeable
    assert not later.bridgeable


def test_a_good_report_at_hand_needs_only_its_letter():
    text = said(periods.report_request(REQUEST._replace(current=FIT)))
    assert "For the 92 days" in text
    assert "no earlier than" not in text


def test_a_weak_report_at_hand_is_not_enough():
    fit = periods.fit("2026-01-01", "2026-06-30", "2026-12-31")
    text = said(periods.report_request(REQUEST._replace(current=fit)))
    assert "expect extra procedures" in text
    assert "we ask for another report" in text
    assert "no earlier than 30 Sep 2026" in text


def test_a_report_to_the_end_of_the_year_leaves_nothing_open():
    fit = periods.fit("2026-01-01", "2026-12-31", "2026-12-31")
    text = said(periods.report_request(REQUEST._replace(current=fit)))
    assert "0 days" not in text
    assert "A letter would not close" not in text


def test_a_type_1_at_hand_is_named_for_what_it_is():
    fit = periods.fit(None, "2026-06-30", "2026-12-31")
    text = said(periods.report_request(REQUEST._replace(current=fit, needed_by="2027-02-01")))
    assert "not how the controls ran" in text
    assert "We need it by 1 Feb 2027." in text


def test_a_soc_2_is_asked_for_by_its_age_and_categories():
    case = REQUEST._replace(report_id="soc2", fiscal_year_end="2026-12-15")
    text = said(periods.report_request(case))
    assert "which categories it covers" in text
    assert "our auditor" not in text


def test_every_fault_of_a_request_is_named():
    case = REQUEST._replace(fiscal_year_start="2026-02-30", needed_by="03/04/2027")
    with pytest.raises(periods.PeriodError) as caught:
        periods.report_request(case)
    assert [fault.partition(" ")[0] for fault in caught.value.faults] == [
        *("fiscal_year_start", "needed_by"),
    ]
    with pytest.raises(periods.PeriodError, match="current is a soc1 report"):
        periods.report_request(REQUEST._replace(report_id="soc2", current=FIT))


# --- as Markdown --------------------------------------------------------------------------------


def test_a_readers_text_stays_text():
    case = CASE._replace(customer=NASTY, signed_by="- Jo", changes=["1. new", NASTY])
    html = to_html(markdown(periods.bridge_letter(case)))
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<em>" not in html
    assert "{customer}" in html


@settings(max_examples=400)
@given(WORDS, WORDS, WORDS)
def test_no_text_adds_to_the_structure_of_a_letter(customer, signed_by, change):
    assume(all(word.split() for word in (customer, signed_by, change)))
    case = CASE._replace(customer=customer, signed_by=signed_by, changes=[change])
    plain = CASE._replace(customer="x", signed_by="x", changes=["x"])
    found, wanted = (
        re.findall(r"</?[a-z0-9]+", to_html(markdown(periods.bridge_letter(c))))
        for c in (case, plain)
    )
    assert found == wanted


def test_a_letter_is_saved_as_a_document_with_the_same_words(tmp_path):
    blocks = periods.bridge_letter(CASE._replace(changes=["new host"]))
    path = periods.save_letter(blocks, tmp_path / "letter.docx")
    found = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert [block.text for block in blocks] == [text for text in found if text]


def test_a_letter_is_saved_as_markdown(tmp_path):
    blocks = periods.report_request(REQUEST)
    path = periods.save_letter(blocks, tmp_path / "letter.md")
    assert path.read_text(encoding="utf-8") == markdown(blocks)


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(SaveError, match=r"use one of \.md, \.docx"):
        periods.save_letter(periods.report_request(REQUEST), tmp_path / "letter.pdf")


def test_every_part_of_every_letter_is_used_by_some_case():
    rows = soclib.load_catalog().part(PERIODS).letters
    fits = [
        None,
        FIT,
        periods.fit("2026-01-01", "2026-06-30", "2026-12-31"),
        periods.fit(None, "2026-06-30", "2026-12-31"),
    ]
    soc2 = periods.fit("2025-10-01", "2026-09-30", "2026-12-15", report="soc2")
    written = [
        said(periods.bridge_letter(CASE._replace(fit=fit, changes=known, issues=known)))
        for fit in (FIT, soc2)
        for known in (None, (), ["something"])
    ]
    written += [
        said(periods.report_request(REQUEST._replace(current=fit, needed_by=by)))
        for fit in fits
        for by in (None, FIT.end + ONE_DAY)
    ]
    written.append(said(periods.report_request(REQUEST._replace(report_id="soc2"))))
    everything = "\n".join(written)
    for row in rows:
        pieces = [piece for piece in re.split(r"\{[a-z_]+\}", row.text) if piece.strip()]
        assert all(piece.strip() in everything for piece in pieces), row.text

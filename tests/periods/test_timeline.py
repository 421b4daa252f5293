"""The timeline as picture, table and text: the same content, readable without colour."""

from __future__ import annotations

import csv
import re
import sys
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import combinations
from unicodedata import category, east_asian_width
from xml.etree import ElementTree as ET

import pytest
from copied_tables import copy_tables
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib import periods
from soclib.periods.timelines import KINDS, _mark, _number, _width
from soclib.words import words_of

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert('1')</script> & \"x\" ]]> url(#gap) MARK"
WORDS = st.text(max_size=60)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
WIDTHS = st.sampled_from([480, 700, 840, 1400])
FITS = periods.fit_many("2025-10-01", "2026-09-30", ["2026-12-31", "2026-06-30", "2027-02-28"])
ITEMS = periods.timeline_items(FITS)


@st.composite
def items(draw):
    start = draw(DAYS)
    return periods.TimelineItem(
        draw(st.sampled_from(KINDS)),
        draw(WORDS),
        start,
        start + timedelta(days=draw(st.integers(0, 800))),
        draw(WORDS),
    )


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - made here, from our own drawing


def text_boxes(svg):
    """Return the box of every text of a picture: left, right, height of its line."""
    for node in parsed(svg).iter(f"{SVG}text"):
        x, width = float(node.get("x")), _width(node.text or "")
        left = x - width if node.get("text-anchor") == "end" else x
        yield left, left + width, float(node.get("y"))


@given(st.lists(items(), min_size=1, max_size=8), st.none() | DAYS, WORDS, WIDTHS)
def test_any_texts_and_days_give_well_formed_xml_with_title_and_description(
    listed, today, title, width
):
    root = parsed(periods.timeline_svg(listed, today=today, title=title, width=width))
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]
    assert len(ids) == len(set(ids))
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        *("svg", "title", "desc", "path", "rect", "text"),
    }


@given(st.lists(items(), min_size=1, max_size=8), st.none() | DAYS, WIDTHS)
def test_no_text_overlaps_another_or_leaves_the_picture(listed, today, width):
    svg = periods.timeline_svg(listed, today=today, width=width)
    boxes = list(text_boxes(svg))
    _x, _y, width, height = map(int, parsed(svg).get("viewBox").split())
    for left, right, y in boxes:
        assert left >= 0
        assert right <= width
        assert 0 < y <= height
    for one, two in combinations(boxes, 2):
        apart = one[1] <= two[0] or two[1] <= one[0] or abs(one[2] - two[2]) >= 14
        assert apart, (one, two)


@given(st.lists(items(), min_size=1, max_size=8), st.none() | DAYS)
def test_the_same_items_give_the_same_bytes(listed, today):
    assert periods.timeline_svg(listed, today=today) == periods.timeline_svg(listed, today=today)


def test_a_readers_text_stays_text_in_picture_and_table():
    listed = [periods.TimelineItem("type_2", NASTY, date(2026, 1, 1), date(2026, 12, 31), NASTY)]
    for made in (periods.timeline_svg(listed, title=NASTY), periods.timeline_table(listed)):
        assert "<script" not in made
        assert "alert(&#x27;1&#x27;)" in made
    said = parsed(periods.timeline_svg(listed)).find(f"{SVG}desc").text
    assert NASTY in said


def test_table_and_text_say_all_that_the_picture_says():
    svg = periods.timeline_svg(ITEMS, today=date(2026, 11, 25))
    lines = periods.timeline_text(ITEMS, today=date(2026, 11, 25)).splitlines()
    captions = {node.text for node in parsed(svg).iter(f"{SVG}text")}
    assert len(lines) == len(ITEMS) + 1
    for item, line in zip(ITEMS, lines, strict=False):
        assert line.removeprefix(f"{item.lane}: ") in captions
    table = periods.timeline_table(ITEMS, today=date(2026, 11, 25))
    for row in periods.timeline_rows(ITEMS, today=date(2026, 11, 25)):
        assert all(cell in table for cell in row[:5])


class Cells(HTMLParser):
    """Collect the cells of a table by row, with their tag and scope."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append((tag, dict(attrs).get("scope")))


def test_the_table_has_a_caption_and_header_cells():
    table = periods.timeline_table(ITEMS)
    cells = Cells()
    cells.feed(table)
    assert "<caption>Report periods and fiscal years</caption>" in table
    assert cells.rows[0] == [("th", "col")] * 5
    assert all(row == [("th", "row")] + [("td", None)] * 4 for row in cells.rows[1:])
    assert len(cells.rows) == len(ITEMS) + 1


def test_every_kind_has_a_look_of_its_own_without_colour():
    looks = set()
    for kind in (kind for kind in KINDS if kind != "review_year"):  # a year like the fiscal one
        svg = periods.timeline_svg(
            [periods.TimelineItem(kind, "", date(2026, 1, 1), date(2026, 6, 30))]
        )
        shape = next(line for line in svg.splitlines() if 'stroke-width="1.5"' in line)
        grey = re.sub(r"#[0-9A-F]{6}|#[0-9a-f]{8}|currentColor", "", shape)
        looks.add(re.sub(r' (x|y|width|height|d)="[^"]*"', "", grey))
    assert len(looks) == len(KINDS) - 1


def test_two_pictures_on_a_page_share_no_id():
    three = (
        periods.timeline_svg(ITEMS[:1]),
        periods.timeline_svg(ITEMS[:2]),
        periods.timeline_svg(ITEMS[:1], width=480),
    )
    found = [set(re.findall(r'id="([^"]+)"', svg)) for svg in three]
    assert all(len(ids) == 2 for ids in found)
    assert not any(one & two for one, two in combinations(found, 2))


def test_the_same_picture_may_stand_twice_on_a_page_and_lose_no_texture_when_one_is_hidden():
    """A pattern of a hidden picture is lost to the other one with the same id."""
    assert "url(" not in periods.timeline_svg(ITEMS, today=date(2026, 11, 25))


def test_names_of_rows_stand_above_their_bars_in_a_narrow_picture():
    bars = {
        width: min(
            float(node.get("x"))
            for node in parsed(periods.timeline_svg(ITEMS, width=width)).iter(f"{SVG}rect")
        )
        for width in (480, 840)
    }
    assert bars == {480: 10.0, 840: 190.0}


# --- the same in every Python and every browser ---------------------------------------------------


def test_every_letter_that_unicode_calls_wide_counts_as_wide_and_no_letter_of_europe_does():
    letters = [chr(n) for n in range(sys.maxunicode + 1)]
    wide = {letter for letter in letters if _width(letter) == _width("\u6f22")}
    # Some Pythons call letters wide that are not assigned.
    called = {c for c in letters if east_asian_width(c) in "WF" and category(c) != "Cn"}
    assert called
    assert called <= wide
    assert not [letter for letter in wide if ord(letter) < 0x1100]
    assert not {*"\u2026\u2212\u20ac\u201c\u25cf\u25d5\u25d1\u25cb"} & wide


@pytest.mark.parametrize(
    ("text", "mark"), [("", "811c9dc5"), ("a", "e40c292c"), ("foobar", "bf9cf968")]
)
def test_the_mark_of_a_picture_is_fnv_1a_as_its_authors_compute_it(text, mark):
    assert _mark(text) == mark


def test_numbers_have_one_decimal_with_halves_rounded_up():
    quarters = [(0.25, "0.3"), (0.75, "0.8"), (1.0, "1"), (9.96, "10"), (0.04, "0"), (2.5, "2.5")]
    assert [_number(value) for value, _text in quarters] == [text for _value, text in quarters]


def test_fits_become_reports_years_gaps_and_the_letters_that_span_them():
    lanes = [(item.kind, item.lane) for item in ITEMS]
    assert lanes == [
        ("type_2", "SOC 1 Type 2, 30 Sep 2026"),
        ("fiscal_year", "Year to 31 Dec 2026"),
        ("gap", "Year to 31 Dec 2026"),
        ("bridge", "Year to 31 Dec 2026"),
        ("fiscal_year", "Year to 30 Jun 2026"),
        ("fiscal_year", "Year to 28 Feb 2027"),
        ("gap", "Year to 28 Feb 2027"),
    ]


def test_the_gap_of_a_single_year_stands_in_the_row_of_its_report():
    found = periods.timeline_items(FITS[:1])
    assert [item.kind for item in found] == ["type_2", "gap", "bridge", "fiscal_year"]
    assert len({item.lane for item in found[:3]}) == 1


def test_an_as_of_date_is_a_date_and_leaves_no_gap_to_bridge():
    found = periods.timeline_items([periods.fit(None, "2026-09-30", "2026-12-31")])
    assert [item.kind for item in found] == ["type_1", "fiscal_year"]
    assert "Type 1, as of: 30 Sep 2026" in periods.timeline_text(found)


def test_years_are_named_as_the_reader_names_them():
    found = periods.timeline_items(FITS, ["Acme", "Bell", "Cole"])
    assert {item.lane for item in found[1:]} == {"Acme", "Bell", "Cole"}


def test_a_review_is_no_fiscal_year():
    fit = periods.fit("2025-10-01", "2026-09-30", "2026-12-15", report="soc2")
    assert "Review on 15 Dec 2026: Year under review" in periods.timeline_text(
        periods.timeline_items([fit])
    )


def test_what_cannot_be_drawn_is_named_with_its_place():
    bad = [
        periods.TimelineItem("type_3", "", date(2026, 1, 1), date(2026, 2, 1)),
        periods.TimelineItem("gap", "", date(2026, 2, 1), date(2026, 1, 1)),
    ]
    with pytest.raises(periods.PeriodError) as caught:
        periods.timeline_svg(bad)
    assert [fault[:6] for fault in caught.value.faults] == ["item 1", "item 2"]
    with pytest.raises(periods.PeriodError, match="nothing to draw"):
        periods.timeline_table([])


def test_a_wording_of_ones_own_stays_text(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "words.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "text": NASTY} for row in rows)
    catalog = soclib.load_catalog(folder)
    for made in (
        periods.timeline_svg(ITEMS, today=date(2026, 11, 25), catalog=catalog),
        periods.timeline_table(ITEMS, catalog=catalog),
    ):
        assert "<script" not in made
        parsed(made)


def test_the_words_of_a_picture_come_from_the_tables():
    names = words_of(soclib.load_catalog(), "vendor")["month_names"].split(";")
    assert len(names) == 12
    assert f"{names[0]} 2026" in periods.timeline_svg(ITEMS)

"""Tables and stories as HTML: golden files, header cells, captions, and nothing unescaped.

A golden file that is missing is written, and the test fails once so that somebody reads it.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from copied_tables import copy_tables

import soclib
from soclib.comparison.choose import full_choice
from soclib.comparison.sheets import comparison_html, comparison_text
from soclib.paper.sheets import Sheet
from soclib.words import words_of

CATALOG = soclib.load_catalog()
GOLDEN = Path(__file__).parent / "golden"
NASTY = "<img src=x onerror=alert(1)> & \"double\" 'single'"
SHEETS = {
    "comparison": lambda catalog: Sheet(
        comparison_html(catalog), comparison_text(catalog, full_choice(catalog))
    ),
    "may_send": soclib.comparison.may_send,
    "axes": soclib.comparison.axes,
    "at_a_glance": lambda catalog: soclib.comparison.at_a_glance(catalog=catalog),
    "story": lambda catalog: soclib.comparison.story("soc1_story", catalog),
}
TABLES = [name for name in SHEETS if name != "story"]
each_sheet = pytest.mark.parametrize("name", SHEETS)


def lines(html):
    """Return HTML with one tag a line, so that a difference can be read."""
    return re.sub("(?=<[a-z])", "\n", html).strip() + "\n"


@each_sheet
def test_the_html_is_the_one_that_was_looked_at(name):
    path = GOLDEN / f"{name}.html"
    fresh = lines(SHEETS[name](CATALOG).html)
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(fresh, encoding="utf-8")
        pytest.fail(f"{path.name} was written: read it, then run the test again")
    assert fresh == path.read_text(encoding="utf-8"), f"delete {path.name} to write it anew"


def test_no_golden_file_is_left_over():
    assert {path.stem for path in GOLDEN.glob("*.html")} == set(SHEETS)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_caption_and_header_cells(name):
    html = SHEETS[name](CATALOG).html
    assert html.count("<caption>") == html.count("<table") == 1
    assert '<th scope="col"' in html
    assert '<th scope="row"' in html


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_names_its_column_for_narrow_windows(name):
    html = SHEETS[name](CATALOG).html
    cells = re.findall(r"<td[^>]*>", html)
    assert cells
    named = ("data-label", "colspan", 'data-report="')  # the last: heads repeated for a topic
    unnamed = [c for c in cells if not any(mark in c for mark in named)]
    assert len(unnamed) <= 1  # the corner


@each_sheet
def test_the_text_says_what_the_html_says(name):
    said = SHEETS[name](CATALOG).text
    html = SHEETS[name](CATALOG).html
    for part in re.findall(r">([^<>]{25,})<", re.sub(r"<details.*?</details>", "", html)):
        text = part.replace("&#x27;", "'").replace("&amp;", "&").strip()
        assert text in said


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return a catalog of a reader's own in which every free text is an attack."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    copy_tables(folder)
    keep = {
        "source_id",
        "as_of",
        "evidence",
        "differs",
        "criteria",
        "allowed",
        "kind",
        "url",
        "standards",
    }
    for table in ("comparison", "readers", "family", "stories", "sources", "words"):
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row in rows:
            text = ";".join(12 * [NASTY]) if row.get("text_id") == "month_names" else NASTY
            row |= {c: text for c in row if c not in keep and not c.endswith("_id")}
            if table == "comparison":
                row[f"own {NASTY}"] = NASTY
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return soclib.load_catalog(folder)


@each_sheet
def test_a_readers_own_texts_are_escaped(name, hostile):
    html = SHEETS[name](hostile).html
    assert "<img" not in html
    assert "&lt;img" in html


def test_the_view_of_a_readers_own_table_is_escaped(hostile):
    html = soclib.compare(catalog=hostile).standby_html()
    assert "<img" not in html


def test_any_frame_is_shown_with_a_caption_words_and_escaped():
    frame = pd.DataFrame({"why": [NASTY], "own": [1]}, index=pd.Index(["<b>"], name="reader"))
    html = soclib.show(frame, "<i>caption</i>").html
    assert "<b>" not in html
    assert "<img" not in html
    assert "&lt;i&gt;caption" in html
    assert words_of(CATALOG, "vendor")["column_why"] in html


def test_a_sheet_shows_itself_in_a_notebook_and_says_itself_elsewhere():
    sheet = soclib.comparison.may_send()
    assert sheet.html in sheet._repr_html_()
    assert repr(sheet) == sheet.text

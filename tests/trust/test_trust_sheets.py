"""Criteria and the cross-map as tables, pages and pictures: complete, escaped, named for all."""

from __future__ import annotations

import csv
import re
from xml.etree import ElementTree as ET

import pytest
from copied_tables import copy_tables

import soclib
from soclib import trust
from soclib.periods.tables import PERIODS
from soclib.trust.pairs import heat_counts
from soclib.trust.tables import TRUST
from soclib.words import words_of

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(TRUST)
NASTY = "<img src=x onerror=alert(1)> & \"double\" 'single'"
DECISION = soclib.decide({"holds_customer_data": "yes", "promises_uptime": "yes"})
SHEETS = {
    "criterion": lambda catalog: trust.criterion("CC6.1", catalog),
    "criterion without a pair": lambda catalog: trust.criterion("P5.1", catalog),
    "requirement": lambda catalog: trust.requirement("A.8.13", catalog),
    "clause": lambda catalog: trust.requirement("6.1.2", catalog),
    "structure": lambda catalog: trust.structure(catalog=catalog),
    "scope in the structure": lambda catalog: trust.structure(
        soclib.decide(DECISION.answers, catalog=catalog)
    ),
    "scope": lambda catalog: trust.scope_sheet(soclib.decide(DECISION.answers, catalog=catalog)),
    "heat map": trust.heat_map,
    "prompts": lambda catalog: trust.prompts_sheet("CC6", catalog=catalog),
    "gaps iso": lambda catalog: trust.gaps_sheet("iso", catalog=catalog),
    "gaps tsc": lambda catalog: trust.gaps_sheet("tsc", catalog=catalog),
}
PICTURES = ("structure", "scope in the structure", "heat map")
OWN = ("series", "trust_criteria", "control_prompts", "iso_requirements", "crosswalk", "words")
each_sheet = pytest.mark.parametrize("name", SHEETS)
each_picture = pytest.mark.parametrize("name", PICTURES)


def svg_of(sheet):
    return sheet.html[sheet.html.index("<svg") : sheet.html.index("</svg>") + 6]


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "count"),
    [
        (trust.criteria, len(TABLES.criteria)),
        (trust.prompts, sum(map(len, TABLES.prompts.values()))),
        (trust.services, len(TABLES.services)),
        (trust.objectives, len(TABLES.objectives)),
        (trust.complementary, len(TABLES.complementary)),
        (trust.crosswalk, len(TABLES.pairs)),
        (trust.iso, len(TABLES.iso)),
    ],
)
def test_a_table_has_every_row_and_each_says_where_it_comes_from(table, count):
    shown = table()
    assert len(shown) == count
    assert (shown["source_id"] != "").all()
    assert (shown["as_of"] != "").all()


def test_each_table_is_narrowed_by_what_it_is_about():
    assert set(trust.criteria("privacy")["category_id"]) == {"privacy"}
    assert set(trust.criteria(decision=DECISION)["scope"]) == {"yes", "no"}
    assert set(trust.prompts("CC6")["basis_id"]) == {f"CC6.{n}" for n in range(1, 9)}
    assert set(trust.prompts("PAY-1")["basis_id"]) == {"PAY-1"}
    assert set(trust.prompts(owner="Security lead")["owner"]) == {"Security lead"}
    assert set(trust.prompts(cadence="weekly")["cadence_id"]) == {"weekly"}
    assert set(trust.objectives(["payroll", "hosting"])["service_id"]) == {"payroll", "hosting"}
    assert set(trust.complementary("csoc")["kind"]) == {"csoc"}
    assert trust.complementary(report="soc1")["report_id"].str.contains("soc1").all()
    assert trust.complementary(basis="A1")["hangs_on"].str.contains(r"A1\.").all()
    assert set(trust.crosswalk(strength="weak")["strength"]) == {"weak"}
    assert len(trust.iso("people")) == 8
    assert set(trust.iso("management system")["kind"]) == {"clause"}
    assert "A.5.1" not in trust.iso(search="A.5.15").index


@pytest.mark.parametrize("sort", ["criterion", "owner", "cadence"])
def test_sorting_loses_no_criterion_and_follows_its_column(sort):
    shown = trust.criteria(sort=sort)
    assert sorted(shown.index) == sorted(TABLES.criteria)
    places = {key: place for place, key in enumerate(CATALOG.part(PERIODS).cadences)}
    keys = {
        "criterion": [list(TABLES.criteria).index(tsc_id) for tsc_id in shown.index],
        "owner": [owners.split(";") for owners in shown["owners"]],
        "cadence": [places[one.split(";")[0]] for one in shown["cadences"]],
    }
    assert keys[sort] == sorted(keys[sort])


@pytest.mark.parametrize("query", ["backup", "BACKUP", "restore backup", "CC6.1", "MFA"])
def test_a_search_leaves_some_criteria_and_not_all(query):
    assert 0 < len(trust.criteria(search=query)) < len(TABLES.criteria)


@pytest.mark.parametrize("side", ["tsc", "iso"])
def test_the_sheet_of_gaps_has_a_row_for_every_row_of_the_table(side):
    table, html = trust.gaps(side), trust.gaps_sheet(side).html
    assert re.findall(r'<th scope="row"[^>]*>(\S+) ', html) == list(table.index)


def test_nothing_found_is_an_empty_table_with_its_columns():
    for table in (trust.criteria, trust.prompts, trust.objectives, trust.crosswalk):
        empty = table(search="xyzzy")
        assert empty.empty
        assert list(empty.columns) == list(table().columns)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (lambda: trust.criterion("cc6.1"), "CC6.1"),
        (lambda: trust.criterion("CC8.2"), "CC8.1"),
        (lambda: trust.requirement("A8.13"), "A.8.13"),
        (lambda: trust.iso("peopel"), "people"),
        (lambda: trust.criteria("privcy"), "privacy"),
        (lambda: trust.criteria(sort="owners"), "owner"),
        (lambda: trust.prompts("PAY1"), "PAY-1"),
        (lambda: trust.prompts(cadence="week"), "weekly"),
        (lambda: trust.objectives("payrol"), "payroll"),
        (lambda: trust.complementary("cuecs"), "cuec"),
        (lambda: trust.complementary(report="soc-1"), "soc1"),
        (lambda: trust.crosswalk("CC6.9"), "CC6.8"),
        (lambda: trust.crosswalk(iso="a.5.1"), "A.5.1"),
        (lambda: trust.crosswalk(relation="equals"), "equal"),
        (lambda: trust.gaps("isos"), "iso"),
        (lambda: trust.gaps_sheet("tscs"), "tsc"),
        (lambda: trust.gaps_sheet(kind="hole"), "whole"),
    ],
)
def test_an_unknown_id_names_the_nearest(asked, meant):
    with pytest.raises(soclib.AnswerError, match=f"did you mean {re.escape(repr(meant))}"):
        asked()


def test_a_pretty_table_has_words_for_its_columns():
    table = trust.objectives("payroll")[["objective", "risk"]]
    html = soclib.show(table, "Objectives").html
    assert words_of(CATALOG, "vendor")["column_risk"] in html


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("tsc_id", TABLES.criteria)
def test_the_page_of_a_criterion_says_all_that_the_tables_say(tsc_id):
    said = trust.criterion(tsc_id).text
    row = TABLES.criteria[tsc_id]
    assert row.gist in said
    for one in TABLES.prompts[tsc_id]:
        assert one.prompt in said
        assert one.owner in said
        assert all(part in said for part in one.typical_evidence)
    for one in (pair for pair in TABLES.pairs if pair.tsc_id == tsc_id):
        parts = (one.iso_id, one.reason, one.strength, one.status)
        assert all(part in said for part in (*parts, one.beyond_criterion, one.beyond_control))
    if tsc_id in TABLES.gaps:
        assert TABLES.gaps[tsc_id].look_instead in said


@pytest.mark.parametrize("iso_id", TABLES.iso)
def test_the_page_of_a_requirement_names_its_criteria(iso_id):
    said = trust.requirement(iso_id).text
    for one in (pair for pair in TABLES.pairs if pair.iso_id == iso_id):
        assert one.tsc_id in said
        assert one.reason in said


@each_sheet
def test_the_text_says_what_the_html_says(name):
    sheet = SHEETS[name](CATALOG)
    html = re.sub("<svg.*?</svg>|<details.*?</details>", "", sheet.html, flags=re.DOTALL)
    for part in re.findall(r">([^<>]{25,})<", html):
        text = part.replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"').strip()
        assert text in sheet.text


@each_sheet
def test_every_table_has_a_caption_and_header_cells(name):
    html = SHEETS[name](CATALOG).html
    assert html.count("<caption>") == html.count("<table") >= 1
    assert '<th scope="col"' in html
    assert '<th scope="row"' in html


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return a catalog in which every free text on criteria is an attack."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    copy_tables(folder)
    free = ("title", "gist", "prompt", "typical_evidence", "owner", "keywords", "reason", "theme")
    for table in OWN:
        path = folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row in rows:
            row |= {column: NASTY for column in row if column in free}
            row |= {c: NASTY for c in ("beyond_criterion", "beyond_control") if row.get(c)}
            if row.get("text_id", "").startswith("trust_"):
                row |= {"text": NASTY, "buyer": NASTY}
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


def test_the_explorer_of_a_readers_own_tables_is_escaped(hostile):
    html = trust.explore(catalog=hostile).standby_html()
    assert "<img" not in html


# --- pictures ------------------------------------------------------------------------------------


@each_picture
def test_a_picture_is_sound_xml_with_a_title_and_a_table_beside_it(name):
    sheet = SHEETS[name](CATALOG)
    root = ET.fromstring(svg_of(sheet))  # noqa: S314 - our own
    title, said = root[0], root[1]
    assert title.tag.endswith("title")
    assert title.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {said.get('id')}"
    assert "<table" in sheet.html[sheet.html.index("</svg>") :]


@each_picture
def test_the_same_picture_has_the_same_bytes(name):
    assert SHEETS[name](CATALOG).html == SHEETS[name](CATALOG).html


@each_picture
def test_nothing_is_drawn_beyond_the_edge(name):
    root = ET.fromstring(svg_of(SHEETS[name](CATALOG)))  # noqa: S314 - our own
    wide, high = map(float, root.get("viewBox").split()[2:])
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(box.get("x")) + float(box.get("width")) <= wide
        assert float(box.get("y")) + float(box.get("height")) <= high


@each_picture
def test_no_text_of_a_picture_is_cut(name):
    assert "…" not in svg_of(SHEETS[name](CATALOG))


def test_every_criterion_is_drawn_with_the_mark_of_its_state():
    svg = svg_of(trust.structure(DECISION))
    scope = trust.scope(DECISION)
    for tsc_id, state in scope.states.items():
        mark = words_of(CATALOG, "vendor")[f"trust_mark_{state}"]
        assert f">{mark} {tsc_id}</text>" in svg
    plain = svg_of(trust.structure())
    assert all(f">{tsc_id}</text>" in plain for tsc_id in TABLES.criteria)


def test_states_differ_by_more_than_colour():
    svg = re.sub(r'fill="#[0-9A-F]+"', "", svg_of(trust.structure(DECISION)))
    looks = set(re.findall(r'rx="4" ([^/]*)/>', svg))
    assert len(looks) == 2  # in scope and not


def test_every_cell_of_the_heat_map_says_its_counts_in_picture_table_and_words():
    sheet = trust.heat_map()
    svg, table = svg_of(sheet), sheet.html[sheet.html.index("</svg>") :]
    drawn = re.findall(r">(\d+·\d+·\d+)</text>", svg)
    counts = ["·".join(map(str, count)) for count in heat_counts(TABLES).values() if sum(count)]
    assert drawn == counts
    assert re.findall(r">(\d+·\d+·\d+)</td>", table) == counts
    assert all(count in sheet.text for count in counts)

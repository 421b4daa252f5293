"""What a decision looks like as HTML and as text."""

from __future__ import annotations

import csv
from html.parser import HTMLParser

import pytest
from copied_tables import copy_tables

import soclib
from soclib.verdict.page import decision_html, verdict_html
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
NASTY = "<img src=x onerror=alert(1)> & \"double\" 'single'"
ANSWERS = {"affects_client_financials": "yes", "holds_customer_data": "yes", "card_data": "yes"}


class Tags(HTMLParser):
    """Collect the tags of a fragment and check that they nest."""

    def __init__(self):
        super().__init__()
        self.names, self.open = set(), []

    def handle_starttag(self, tag, _attrs):
        self.names.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags_of(html):
    parser = Tags()
    parser.feed(html)
    assert not parser.open
    return parser.names


def hostile_catalog(tmp_path, text=NASTY):
    """Return a catalog in which every free text is an attack."""
    folder = tmp_path / "data"
    copy_tables(folder)
    free = (
        "title",
        "because",
        "headline",
        "words",
        "lets",
        "label",
        "if_yes",
        "if_no",
        "question",
        "publisher",
        "meaning",
    )
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for number, row in enumerate(rows):
            months = row.get("text_id") == "month_names"  # twelve of them
            for column in row:
                texts = column in ("vendor", "buyer", "mark", "story", "who_knows", "find_out")
                if (path.stem, column) == ("faq", "question"):
                    row[column] = f"{text} {number}"  # no question stands twice
                elif (path.stem, column) == ("phrase_words", "words"):
                    continue  # a pattern, which is matched and never shown
                elif texts or column.startswith(free):
                    row[column] = ";".join(12 * [text.replace(";", "")]) if months else text
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return soclib.load_catalog(folder)


def test_all_text_of_a_users_own_tables_is_escaped(tmp_path):
    catalog = hostile_catalog(tmp_path)
    html = decision_html(soclib.decide(ANSWERS, catalog=catalog).to_dict(), catalog)
    assert "img" not in tags_of(html)
    assert "<img" not in html


def test_the_panel_of_a_users_own_tables_is_escaped_too(tmp_path):
    catalog = hostile_catalog(tmp_path)
    html = soclib.panel(ANSWERS, catalog=catalog).standby_html()
    assert "<img" not in html


def test_a_script_end_in_a_table_does_not_end_the_panels_script(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "groups.csv"
    text = path.read_text(encoding="utf-8").replace("Quick check", "</script><b>Quick", 1)
    path.write_text(text, encoding="utf-8")
    html = soclib.panel(catalog=soclib.load_catalog(folder)).standby_html()
    assert html.count("</script>") == 2


@pytest.mark.parametrize("answers", [{}, ANSWERS, {"provides_service": "no", "makes_goods": "yes"}])
def test_the_html_is_well_formed(answers):
    tags_of(verdict_html(soclib.decide(answers).to_dict(), CATALOG))


def test_a_notebook_shows_the_html_of_a_decision():
    decision = soclib.decide(ANSWERS)
    assert decision.to_dict()["headline"] in decision._repr_html_().replace("&#x27;", "'")


def test_every_status_is_said_in_words_and_not_only_in_colour():
    decision = soclib.decide(ANSWERS)
    html = verdict_html(decision.to_dict(), CATALOG)
    for status_id in decision.reports.values():
        assert CATALOG.part(VERDICT).statuses[status_id].label in html


def test_the_square_shows_where_each_report_stands():
    html = verdict_html(soclib.decide(ANSWERS).to_dict(), CATALOG)
    square = html.split('class="soc-square"')[1].split("</table>")[0]
    assert square.count("soc-here") == 1
    assert "SOC 1" in square
    assert "SOC 2" in square


def test_tables_have_header_cells_and_a_caption():
    assert {"th", "caption"} <= tags_of(verdict_html(soclib.decide({}).to_dict(), CATALOG))


def test_the_address_of_a_source_is_escaped(tmp_path):
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "sources.csv"
    text = path.read_text(encoding="utf-8").replace(
        "https://soc2type2.com", "https://soc2type2.com/?a=<b>&c='\"onclick=x", 1
    )
    rows = text.replace("?a=<b>&c='\"onclick=x", "?a=<b>&c='onclick=x")
    path.write_text(rows, encoding="utf-8")
    own = soclib.load_catalog(folder)
    html = verdict_html(soclib.decide(ANSWERS, catalog=own).to_dict(), own)
    assert "?a=&lt;b&gt;&amp;c=&#x27;onclick=x" in html

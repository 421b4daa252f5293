"""The comparison view without a browser: controls set from Python, and what the next cell reads."""

from __future__ import annotations

import json

import ipywidgets
import pytest

import soclib
from soclib.comparison.choose import chosen_rows, full_choice, rows_by_topic
from soclib.comparison.tables import COMPARISON
from soclib.comparison.view import FILES

CATALOG = soclib.load_catalog()
FULL = full_choice(CATALOG)
FIRST = tuple(row.dimension_id for row in next(iter(rows_by_topic(CATALOG).values())))


def test_there_is_a_toggle_per_report_and_per_row_and_the_first_topic_is_shown():
    view = soclib.compare()
    assert [type(one) for one in view.reports] == [ipywidgets.ToggleButton] * len(FULL.reports)
    assert [one.description for one in view.rows] == [
        row.dimension for row in CATALOG.part(COMPARISON).dimensions
    ]
    assert view.choice == FULL._replace(dimensions=FIRST)


def test_setting_the_controls_changes_choice_frame_and_text():
    view = soclib.compare()
    view.reports[2].value = False
    view.rows[0].value = False
    view.differ[0].value = True
    view.search[0].value = "auditor"
    wanted = FULL._replace(
        reports=FULL.reports[:2],
        dimensions=FIRST[1:],
        only_where_they_differ=True,
        search="auditor",
    )
    assert view.choice == wanted
    assert list(view.frame.index) == [row.dimension_id for row in chosen_rows(CATALOG, wanted)]
    assert "soc3" not in view.frame
    assert "What it reports on [off]" in repr(view)
    assert "Search [auditor]" in repr(view)


def test_changed_to_a_choice_equals_made_anew_and_set_once():
    changed, made = soclib.compare(), soclib.compare()
    for value in (False, True, False):
        changed.reports[0].value = value
    made.reports[0].value = False
    assert repr(changed) == repr(made)
    assert changed.standby_html() == made.standby_html()


def test_the_stand_in_starts_from_the_choice_of_the_view():
    view = soclib.compare()
    view.search[0].value = "</script><b>"
    html = view.standby_html()
    content = html.split('<script type="application/json">')[1].split("</script>")[0]
    controls = json.loads(content)["controls"]
    assert controls["search"][0]["value"] == "</script><b>"
    assert html.count("</script>") == 2


@pytest.mark.parametrize("trait", ["reports", "rows", "differ", "search"])
def test_every_control_is_read_by_the_script(trait):
    assert f'"{trait}"' in FILES.script


def test_the_text_says_only_what_is_chosen():
    view = soclib.compare()
    assert "Issuer (" not in str(view)
    assert "What it reports on (" in str(view)

"""The calendar without a browser: controls set from Python, and what the next cell reads."""

from __future__ import annotations

import json
from datetime import date

import pytest

from soclib import periods
from soclib.periods.view import FILES

DAYS = ("2025-10-01", "2026-09-30", "2026-12-31")


def test_the_calendar_starts_from_the_days_that_it_is_given():
    view = periods.calendar(*DAYS)
    assert [control.value for control in view.days[:3]] == [date.fromisoformat(d) for d in DAYS]
    assert view.fit == periods.fit(*DAYS)


def test_setting_a_day_changes_choice_fit_and_text():
    view = periods.calendar(*DAYS)
    view.days[1].value = date(2026, 6, 30)
    view.report[0].index = 1
    wanted = periods.fit("2025-10-01", "2026-06-30", "2026-12-31", report="soc2")
    assert view.fit == wanted
    assert wanted.reading in str(view)
    assert "2026-06-30" in repr(view)


def test_without_a_start_it_is_a_date():
    view = periods.calendar(None, "2026-06-30", "2026-12-31")
    assert view.choice.type_id == "type_1"
    assert view.fit == periods.fit(None, "2026-06-30", "2026-12-31")


def test_changed_to_a_day_equals_made_with_it():
    changed = periods.calendar(*DAYS)
    changed.days[2].value = date(2026, 6, 30)
    made = periods.calendar(DAYS[0], DAYS[1], "2026-06-30")
    assert repr(changed) == repr(made)
    assert changed.standby_html() == made.standby_html()


def test_a_day_that_cannot_be_read_is_refused_when_the_calendar_is_made():
    with pytest.raises(periods.PeriodError, match="03/04/2026"):
        periods.calendar("03/04/2026", "2026-09-30", "2026-12-31")


def test_a_missing_day_is_asked_for_and_not_guessed():
    view = periods.calendar(DAYS[0], DAYS[1])
    assert view.choice.fiscal_year_end == ""
    with pytest.raises(periods.PeriodError):
        view.fit  # noqa: B018 - reading it raises


def test_the_stand_in_starts_from_the_days_of_the_calendar():
    html = periods.calendar(*DAYS, voice="buyer", today="2026-11-25").standby_html()
    content = json.loads(html.split('<script type="application/json">')[1].split("</script>")[0])
    assert [control["value"] for control in content["controls"]["days"]] == [*DAYS, None, None]
    assert content["state"]["voice"] == "buyer"
    assert content["state"]["today"] == "2026-11-25"


@pytest.mark.parametrize("trait", ["report", "type", "days"])
def test_every_control_is_read_by_the_script(trait):
    assert f'"{trait}"' in FILES.script

"""The calendar in the browser and in Python: the same values, the same HTML, the same pictures."""

from __future__ import annotations

import json
import random
import re
from datetime import date, timedelta
from itertools import product

import pytest
from covering import pairwise_rows
from test_browser_script import SCRIPTS, run
from test_fit_card import own_tables
from test_render import hostile_catalog

import soclib
from soclib.claims.tables import CLAIMS
from soclib.dates import ONE_DAY, add_months
from soclib.periods.browser import NOTES, CalendarChoice, period_tables
from soclib.periods.card import fit_html, fit_plain
from soclib.periods.tables import PERIODS
from soclib.tables.rows import VOICES

CATALOG = soclib.load_catalog()
WORKED = [CalendarChoice(**case["choice"]) for case in period_tables(CATALOG)["worked"]]
REPORTS = ("soc1", "soc2")
TYPES = ("type_1", "type_2")
DICE = 20261125
RANDOM, SOME = 3000, 300
DAYS_THAT_CANNOT_BE = (
    *("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "12026-01-01", "2026-00-10"),
    *("2026-13-01", "2026-04-31", "2026-02-30", "2100-02-29", "2026-01-00", "2026-01-32"),
    *("31 Dec 2026", "12/31/2026", "2026-1-1", " 2026-01-01", "2026-01-01T00:00", "now", "\u0661"),
    *("'", '"', "\\", "é", "\N{GRINNING FACE}" * 3, "<b>", "&amp;", "x" * 50, "\n", "\x00"),
)
FILES = ("text.js", "page.js", "periods.js")  # as a view joins them
# Names at the top level of scripts that may stand beside it in one module.
TOP = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) +([\w$]+)", re.MULTILINE)
TOP_LIST = re.compile(r"^const \[([^\]]+)\] =", re.MULTILINE)


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """Return the path of the script as a view joins it, without the view."""
    path = tmp_path_factory.mktemp("script") / "periods.mjs"
    parts = [SCRIPTS[name].read_text(encoding="utf-8") for name in FILES]
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def agree(script, cases, catalog=CATALOG, **environment):
    """Compare every field and the HTML of choices; return the plain values."""
    wanted = list(cases)
    seen = []
    plain_cases = [(choice._asdict(), voice) for choice, voice in wanted]
    made = run(script, "fits", plain_cases, tables=period_tables(catalog), **environment)
    for (choice, voice), (plain, html) in zip(wanted, made, strict=True):
        ours = fit_plain(choice, voice=voice, catalog=catalog)
        assert plain == json.loads(json.dumps(ours)), (choice, voice)
        assert html == fit_html(ours, catalog), (choice, voice)
        seen.append(ours)
    return seen


# --- choices ------------------------------------------------------------------------------------


def random_choices(count, seed=DICE):
    dice = random.Random(seed)  # noqa: S311 - cases, not secrets
    for _ in range(count):
        yield random_choice(dice), dice.choice(VOICES)


def random_choice(dice):
    """Return a choice of days around one year-end, some of them blank or no day at all."""
    year_end = some_day(dice)
    end = year_end + timedelta(days=dice.choice((-400, -184, -92, -90, -31, 0, 1, 31, 90, 250)))
    if dice.random() < 0.5:
        end += timedelta(days=dice.randint(-40, 40))
    start = add_months(end + ONE_DAY, -dice.choice((1, 3, 6, 9, 12, 18)))
    if dice.random() < 0.3:
        start += timedelta(days=dice.randint(-20, 20))
    previous = start + timedelta(days=dice.choice((-40, -2, -1, -1, 0, 10, 700)))
    today = dice.choice((start, end, year_end)) + timedelta(days=dice.randint(-60, 60))
    days = {
        "start": start,
        "end": end,
        "fiscal_year_end": year_end,
        "fiscal_year_start": some_year_start(dice, year_end),
        "previous_end": dice.choice(("", previous)),
        "today": dice.choice(("", today)),
    }
    texts = {name: spoilt(dice, day) for name, day in days.items()}
    return CalendarChoice(dice.choice(REPORTS), dice.choice((*TYPES, "type_2")), **texts)


def some_day(dice):
    """Return a day: any one, the end of a month, the last one of a February, or a Saturday."""
    year = dice.choice((1902, 1950, 1999, 2000, 2023, 2024, 2026, 2027, 2028, 2099, 2100, 2196))
    day = date(year, dice.randint(1, 12), dice.randint(1, 28))
    month_end = add_months(day.replace(day=1), 1) - ONE_DAY
    february = date(year, 3, 1) - ONE_DAY
    saturday = month_end - timedelta(days=(month_end.weekday() - 5) % 7)
    return dice.choice((day, month_end, february, saturday, date(year, 12, 31)))


def some_year_start(dice, year_end):
    """Return nothing for an ordinary year, or the first day of a short, long or 52/53-week one."""
    weeks = timedelta(weeks=dice.choice((52, 53)))
    months = dice.choice((1, 4, 9, 12, 13, 17, 18, 19))
    odd = year_end - timedelta(days=dice.choice((0, 6, 9, 180, 364, 365, 540, 560, -1)))
    return dice.choice(
        ("", "", year_end - weeks + ONE_DAY, add_months(year_end + ONE_DAY, -months), odd)
    )


def spoilt(dice, day):
    chance = dice.random()
    if chance < 0.01:
        return dice.choice(DAYS_THAT_CANNOT_BE)
    return "" if chance < 0.02 else str(day)


WORKED_DAYS = {
    "case": WORKED,
    "report": REPORTS,
    "type_id": TYPES,
    "today": range(5),
    "previous": range(5),
    "voice": VOICES,
}


def worked_choice(case, report, type_id, today, previous, voice):  # noqa: PLR0913, PLR0917 - a row
    """Return a worked case as either report and type, on one of the days around it."""
    first, last = date.fromisoformat(case.start), date.fromisoformat(case.end)
    days = ("", first - ONE_DAY, first, last, last + ONE_DAY)
    ends = ("", first - 2 * ONE_DAY, first - ONE_DAY, first, last)
    told = {"today": str(days[today]), "previous_end": str(ends[previous])}
    return case._replace(report=report, type_id=type_id, **told), voice


def worked_choices():
    """Every worked case as either report and type, in both voices, and on days around it."""
    for row in product(*WORKED_DAYS.values()):
        yield worked_choice(*row)


def some_worked_choices():
    """The same, so that any two of these choices meet."""
    for row in pairwise_rows(WORKED_DAYS):
        yield worked_choice(**row)


YEARS = range(1902, 2199)


def every_year(years=YEARS):
    """Years that end in the last days of February and of December, over all years there are."""
    for year, (month, day) in product(years, ((2, 28), (3, 1), (12, 31))):
        end = date(year, month, day) - ONE_DAY * (month == 3)
        period = add_months(end, -3), add_months(end, -14)
        yield CalendarChoice("soc1", "type_2", str(period[1]), str(period[0]), str(end)), "vendor"


def some_years():
    """The first and last of them, leap years and others, and centuries of either kind."""
    return every_year([*YEARS[:4], *range(1999, 2005), 2026, 2028, *range(2096, 2105), *YEARS[-4:]])


def month_ends():
    """Periods that start on the last days of a month and end on the days around whole months."""
    for year, month, day, months in product((2023, 2024), (1, 8), (28, 29, 30, 31), (1, 6)):
        start = date(year, month, day)
        for off in (-2, -1, 0):
            end = add_months(start, months) + off * ONE_DAY
            yield CalendarChoice("soc1", "type_2", str(start), str(end), str(end)), "vendor"


def every_fault():
    """Every text that is no day in every field, alone and in all of them."""
    for text, report, type_id in product(DAYS_THAT_CANNOT_BE, REPORTS, TYPES):
        whole = WORKED[0]._replace(report=report, type_id=type_id)
        fields = whole._fields[2:]
        for field in fields:
            yield whole._replace(**{field: text}), "buyer"
        yield whole._replace(**dict.fromkeys(fields, text)), "vendor"


def every_blank():
    """Every way to fill in or leave the six days."""
    for report, type_id, voice in product(REPORTS, TYPES, VOICES):
        whole = WORKED[0]._replace(
            report=report,
            type_id=type_id,
            fiscal_year_start="2026-01-01",
            previous_end="2025-09-30",
            today="2026-11-25",
        )
        fields = whole._fields[2:]
        for kept in product((True, False), repeat=len(fields)):
            blank = [field for field, is_kept in zip(fields, kept, strict=True) if not is_kept]
            yield whole._replace(**dict.fromkeys(blank, "")), voice


# --- the same in both ---------------------------------------------------------------------------


LONG = (worked_choices, every_year)


@pytest.mark.parametrize(
    "cases",
    [
        *(some_worked_choices, some_years, every_fault, every_blank),
        *(pytest.param(cases, marks=pytest.mark.thorough) for cases in LONG),
    ],
)
def test_every_field_and_the_html_are_the_same_in_the_browser(script, cases):
    assert agree(script, cases())


@pytest.mark.parametrize("count", [SOME, pytest.param(RANDOM, marks=pytest.mark.thorough)])
def test_random_choices_of_all_kinds_are_the_same_in_the_browser(script, count):
    seen = agree(script, random_choices(count))
    shown = [plain for plain in seen if "headline" in plain]
    notes = {note["note_id"] for plain in shown for note in plain["notes"]}
    lines = {
        line["state"] for plain in shown for line in (plain["continuity"], plain["stage"]) if line
    }
    bridges = {plain["bridge"]["rule_id"] for plain in shown}
    numbers = {number["number_id"] for plain in shown for number in plain["numbers"]}
    # All kinds are there: every row of the table, every sentence, every kind of fault.
    assert {p["rule_id"] for p in shown} == {r.reading_rule_id for r in CATALOG.part(PERIODS).rules}
    assert notes == {"as_of", "ends_after", "starts_inside", "whole_year", "short_period"}
    assert lines == {"contiguous", "break", "overlapping", "future", "running", "ended"}
    assert bridges == {"bridge_longest", "bridge_none", "bridge_no_overlap", "bridge_as_of"}
    assert {"past_days", "gap_days", "overlap_of_twelve"} <= numbers
    assert {name for plain in seen for name in plain["wrong"]} == set(CalendarChoice._fields[2:])
    assert len(shown) > count / 2
    assert any(not plain["ready"] for plain in seen)


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/St_Johns", "Europe/Dublin"])
def test_neither_time_zone_nor_language_of_the_machine_matters(script, zone):
    assert agree(script, random_choices(60), TZ=zone, LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8")


WORDS = {
    "markup": "<img src=x onerror=alert(1)> & \"double\" 'single'",
    "braces": "{count} {start} {because} {unknown} {}",
    "wide letters": "漢字かな " * 9,
    "letters beyond the first plane": "\N{GRINNING FACE} \U00020000" * 9,
    "letters that no picture may hold": "a\x0cb\x1f \ufffe \ufeff\u00a0\u2003\x85 ",
    "one long word": "w" * 90,
    "spaces": "  a   b  ",
    "spaces that only some languages strip": "\u2003a\x85 \ufeffb\x1f \u00a0",
}


@pytest.mark.parametrize("count", [20, pytest.param(60, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_tables_of_ones_own_with_any_words_are_the_same_in_the_browser(
    script, tmp_path, text, count
):
    assert agree(script, random_choices(count), hostile_catalog(tmp_path, text))


MONTHS = ";".join(["Jan"] * 11 + ["漢字月"])  # of one length, not of one width
OWN = {
    "slack": ("thresholds", {"calendar_slack": {"value": "0"}}),
    "letter": ("thresholds", {"bridge_longest": {"value": "5"}}),
    "longest": ("thresholds", {"longest_period": {"value": "24"}}),
    "no shortest": ("thresholds", {"soc1_shortest_period": {"value": "-1"}}),
    "one day": ("thresholds", {"type_1_lag": {"value": "1"}, "reporting_lag": {"value": "-1"}}),
    "months": ("words", {"month_names": {"text": MONTHS}}),
    "one publisher": (
        "sources",
        {key: {"publisher": "The same"} for key in CATALOG.part(CLAIMS).sources},
    ),
    "no address": ("sources", {key: {"url": ""} for key in CATALOG.part(CLAIMS).sources}),
    "all confirmed": ("period_readings", {"S1-NONE": {"evidence": "confirmed"}}),
}


@pytest.mark.parametrize("count", [60, pytest.param(200, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(("table", "cells"), OWN.values(), ids=OWN)
def test_tables_of_ones_own_with_other_cells_are_the_same_in_the_browser(
    script, tmp_path, table, cells, count
):
    assert agree(script, random_choices(count), own_tables(tmp_path, table, cells))


def test_the_last_days_of_months_are_counted_alike_where_no_day_is_forgiven(script, tmp_path):
    assert agree(script, month_ends(), own_tables(tmp_path, *OWN["slack"]))


# --- the script itself --------------------------------------------------------------------------


def names_of(name):
    text = SCRIPTS[name].read_text(encoding="utf-8")
    listed = [part.strip() for group in TOP_LIST.findall(text) for part in group.split(",")]
    return [*TOP.findall(text), *listed]


def test_no_name_of_the_script_stands_in_another_one():
    ours = names_of("periods.js")
    assert {"fitPlain", "fitHtml", "FONT", "DOT"} <= set(ours)
    assert len(ours) == len(set(ours))
    for name in SCRIPTS:
        if name != "periods.js":
            assert not set(ours) & set(names_of(name)), name


def test_the_sentences_that_a_card_needs_are_all_asked_for_in_the_script():
    text = SCRIPTS["periods.js"].read_text(encoding="utf-8")
    assert [note_id for note_id in NOTES if f'"{note_id}"' not in text] == []

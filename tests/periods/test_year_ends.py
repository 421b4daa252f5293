"""A reader's own table of year-ends or periods: read whole, or refused with every fault."""

from __future__ import annotations

from datetime import date

import pytest

import soclib
from soclib import periods
from soclib.dates import MonthDay

GOOD = """Customer,Fiscal year end,fiscal_year_start,weight,deadline,our note
Acme,2026-12-31,,,,first
"Böhm, Söhne",31 Dec,,3,2027-02-15,
Weeks Ltd,2 Jan 2027,4 Jan 2026,,,
"""


def faults_of(text, read=periods.read_year_ends):
    with pytest.raises(soclib.DataError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def test_columns_are_found_by_name_and_further_ones_left_alone():
    assert periods.read_year_ends(GOOD) == (
        periods.YearEnd("Acme", date(2026, 12, 31)),
        periods.YearEnd("Böhm, Söhne", MonthDay(12, 31), None, 3, date(2027, 2, 15)),
        periods.YearEnd("Weeks Ltd", date(2027, 1, 2), date(2026, 1, 4)),
    )


def test_columns_may_stand_in_any_order():
    text = "weight,FISCAL-YEAR-END,customer\n2,30 June,Acme\n"
    assert periods.read_year_ends(text) == (periods.YearEnd("Acme", MonthDay(6, 30), None, 2),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_is_read_like_its_text(tmp_path, encoding, line_end):
    path = tmp_path / "customers.csv"
    path.write_bytes(GOOD.replace("\n", line_end).encode(encoding))
    assert periods.read_year_ends(path) == periods.read_year_ends(GOOD)
    assert periods.read_year_ends(str(path)) == periods.read_year_ends(GOOD)


def test_pasted_text_may_carry_any_line_end_and_a_byte_order_mark():
    assert len(periods.read_year_ends("\ufeff" + GOOD.replace("\n", "\r\n"))) == 3


def test_every_fault_is_listed_with_line_column_value_and_remedy():
    found = faults_of(
        "customer,fiscal_year_end,weight,deadline\n"
        "Acme,2026-02-30,,\n"
        "Bell,03/04/2026,0,\n"
        "Cole,03-04,,31/12/2026\n"
        "Acme,31 Dec,,\n"
        ",30 Jun,,\n"
        "Dale,,,\n"
        "Acme,31 Dec,,\n"
    )
    expected = [
        "pasted text line 2, column fiscal_year_end: '2026-02-30': there is no such day",
        "pasted text line 3, column fiscal_year_end: '03/04/2026': the order of day and month",
        "pasted text line 3, column weight: '0': use a whole number from 1",
        "pasted text line 4, column fiscal_year_end: '03-04': day and month are not certain",
        "pasted text line 4, column deadline: '31/12/2026': the order of day and month",
        "pasted text line 6, column customer: '': must not be blank",
        "pasted text line 7, column fiscal_year_end: '': a date is missing",
        "pasted text line 8, column customer: 'Acme': is already on line 5 with the same year-end",
    ]
    assert len(found) == len(expected)
    assert all(one.startswith(start) for one, start in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("customer;fiscal_year_end\nAcme;31 Dec\n", "separate the columns with commas"),
        ("name,fiscal_year_end\nAcme,31 Dec\n", "columns found: name, fiscal_year_end"),
        ("customer,fiscal_year_end,Customer\na,31 Dec,b\n", "the column stands twice"),
        ("customer,fiscal_year_end\n", "the table is empty"),
        ("customer,fiscal_year_end\nAcme,31 Dec,more\n", "more cells than columns"),
        ("customer,fiscal_year_end\nAcme\n", "the line ends early"),
        ('customer,fiscal_year_end\n"Acme,31 Dec\n', "fix the quotes"),
        (
            "customer,fiscal_year_end,fiscal_year_start\nA,2026-12-31,2027-01-01\n",
            "column fiscal_year_end: '2026-12-31': it lies before fiscal_year_start 2027-01-01",
        ),
        (
            "customer,fiscal_year_end,fiscal_year_start\nA,2026-12-31,2024-01-01\n",
            "more than 18 months",
        ),
        (
            "customer,fiscal_year_end,fiscal_year_start\nA,31 Dec,2026-01-01\n",
            "needs a year-end with its year",
        ),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text, says):
    assert any(says in fault for fault in faults_of(text)), faults_of(text)


def test_a_missing_file_is_named():
    assert faults_of("no_such.csv")[0].startswith("no_such.csv line 0")


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_bytes(GOOD.encode("latin-1"))
    assert "save the file as UTF-8" in faults_of(path)[0]


def test_faults_carry_the_name_that_was_given():
    with pytest.raises(soclib.DataError, match=r"customers\.xlsx line 2"):
        periods.read_year_ends("customer,fiscal_year_end\nA,x\n", name="customers.xlsx")


def test_report_periods_are_read_with_the_years_they_are_read_against():
    text = (
        "report,period_start,period_end,fiscal_year_end\n"
        "Payroll SOC 1,2025-10-01,2026-09-30,2026-12-31\n"
        "Host SOC 2,,2026-06-30,\n"
    )
    assert periods.read_periods(text) == (
        periods.ReportPeriod(
            "Payroll SOC 1", date(2025, 10, 1), date(2026, 9, 30), date(2026, 12, 31)
        ),
        periods.ReportPeriod("Host SOC 2", None, date(2026, 6, 30)),
    )


def test_reversed_and_overlong_periods_are_named_with_line_and_column():
    found = faults_of(
        "report,period_start,period_end\n"
        "A,2026-09-30,2025-10-01\n"
        "B,2025-01-01,2026-12-31\n"
        "C,2026-02-30,\n",
        periods.read_periods,
    )
    assert [fault.partition(": ")[0] for fault in found] == [
        "pasted text line 2, column period_end",
        "pasted text line 3, column period_end",
        "pasted text line 4, column period_start",
        "pasted text line 4, column period_end",
    ]

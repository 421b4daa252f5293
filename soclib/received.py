"""Reading a report that was received: twelve checks, one conclusion, for one report or for many.

    from soclib import received
    received.conclude(report="Payroll", report_id="soc1", opinion="unqualified").conclusion_id

Each name is documented where it is defined.
"""

from __future__ import annotations

from soclib.received_inputs import ReportError
from soclib.received_programme import from_programme
from soclib.received_reports import Ground, Missing, Received, Turn, conclude, read_reports
from soclib.received_sheets import overview, overview_sheet, worksheet, worksheet_table

__all__ = [
    "Ground",
    "Missing",
    "Received",
    "ReportError",
    "Turn",
    "conclude",
    "from_programme",
    "overview",
    "overview_sheet",
    "read_reports",
    "worksheet",
    "worksheet_table",
]

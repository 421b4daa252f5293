"""Reading a report that was received: twelve checks, one conclusion, for one report or for many.

    from soclib import received
    received.conclude(report="Payroll", report_id="soc1", opinion="unqualified").conclusion_id

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "CheckFinding": "concluding",
    "MissingFact": "concluding",
    "PossibleChange": "concluding",
    "Received": "concluding",
    "ReportError": "inputs",
    "conclude": "concluding",
    "form": "view",
    "from_programme": "facts",
    "overview": "sheets",
    "overview_sheet": "sheets",
    "read_reports": "concluding",
    "worksheet": "sheets",
    "worksheet_table": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

"""Type 1 or Type 2, over which period, by when: one name for everything about the calendar.

    from soclib import periods
    periods.fit("2025-10-01", "2026-09-30", "2026-12-31").reading    # 'classic fit'

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Alignment": "planning",
    "Basis": "reading",
    "BridgeCase": "letters",
    "Candidate": "planning",
    "Control": "evidence",
    "ControlEvidence": "evidence",
    "Count": "planning",
    "DEPENDS": "evidence",
    "Deadline": "planning",
    "EvidenceWindow": "evidence",
    "Fit": "fitting",
    "Item": "timelines",
    "MonthDay": ".dates",
    "NO": "evidence",
    "Note": "reading",
    "Pair": "planning",
    "PeriodError": ".dates",
    "Plan": "planning",
    "ReportPeriod": "given",
    "RequestCase": "letters",
    "TYPE_1": "fitting",
    "TimelineRow": "timelines",
    "TypeAnswer": "types",
    "TypeDecision": "types",
    "YearEnd": "given",
    "align": "planning",
    "align_plans": "planning",
    "basis": "reading",
    "best_pair": "sheets",
    "bridge_letter": "letters",
    "checked_days": "given",
    "evidence_window": "evidence",
    "fit": "fitting",
    "fit_many": "fitting",
    "letter": "sheets",
    "longest_months": "given",
    "misconceptions": "sheets",
    "opinions": "sheets",
    "plan": "planning",
    "proposals": "sheets",
    "read_controls": "evidence",
    "read_periods": "given",
    "read_year_ends": "given",
    "report_request": "letters",
    "save_letter": "letters",
    "shown_controls": "sheets",
    "thresholds": "sheets",
    "timeline": "sheets",
    "timeline_items": "timelines",
    "timeline_rows": "timelines",
    "timeline_svg": "timelines",
    "timeline_table": "timelines",
    "timeline_text": "timelines",
    "type_decision": "types",
    "worked_cases": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

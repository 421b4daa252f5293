"""Type 1 or Type 2, over which period, by when: everything about report periods.

    from soclib import periods
    fit = periods.fit("2025-10-01", "2026-09-30", "2026-12-31")  # a period and a fiscal year-end
    fit.reading                                                  # 'classic fit'

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Alignment": "planning",
    "BridgeCase": "letters",
    "Calendar": "view",
    "Candidate": "planning",
    "Control": "evidence",
    "ControlEvidence": "evidence",
    "DEPENDS": "evidence",
    "Deadline": "planning",
    "EvidenceWindow": "evidence",
    "Fit": "fitting",
    "MonthDay": ".dates",
    "Note": "rules",
    "PeriodError": ".dates",
    "PeriodPair": "planning",
    "PeriodPlan": "planning",
    "PeriodRules": "rules",
    "ReadingCount": "planning",
    "ReportPeriod": "given",
    "RequestCase": "letters",
    "TYPE_1": "tables",
    "TYPE_2": "tables",
    "TimelineItem": "timelines",
    "TimelineRow": "timelines",
    "TypeAnswer": "types",
    "TypeDecision": "types",
    "YearEnd": "given",
    "align": "planning",
    "align_plans": "planning",
    "best_pair": "frames",
    "bridge_letter": "letters",
    "calendar": "view",
    "checked_days": "given",
    "evidence_window": "evidence",
    "fit": "fitting",
    "fit_many": "fitting",
    "letter": "sheets",
    "longest_months": "given",
    "misconceptions": "frames",
    "opinions": "frames",
    "period_rules": "rules",
    "plan": "planning",
    "proposals": "frames",
    "read_controls": "evidence",
    "read_periods": "given",
    "read_year_ends": "given",
    "report_request": "letters",
    "save_letter": "letters",
    "shown_controls": "frames",
    "thresholds": "frames",
    "timeline": "sheets",
    "timeline_items": "timelines",
    "timeline_rows": "timelines",
    "timeline_svg": "timelines",
    "timeline_table": "timelines",
    "timeline_text": "timelines",
    "type_decision": "types",
    "worked_cases": "frames",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

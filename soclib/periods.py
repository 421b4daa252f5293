"""Type 1 or Type 2, over which period, by when: one name for everything about the calendar.

    from soclib import periods
    periods.fit("2025-10-01", "2026-09-30", "2026-12-31").reading    # 'classic fit'

Each name is documented where it is defined.
"""

from __future__ import annotations

from soclib.aligning import Alignment, align, align_plans
from soclib.basis import Note
from soclib.covering import Candidate, Count, Pair
from soclib.dates import MonthDay, PeriodError
from soclib.drawing import timeline_svg
from soclib.evidence_window import (
    Control,
    ControlEvidence,
    EvidenceWindow,
    evidence_window,
    read_controls,
)
from soclib.fitting import Fit, fit, fit_many
from soclib.letters import (
    BridgeCase,
    RequestCase,
    bridge_letter,
    report_request,
    save_letter,
)
from soclib.period_sheets import (
    best_pair,
    letter,
    misconceptions,
    opinions,
    proposals,
    shown_controls,
    thresholds,
    timeline,
    worked_cases,
)
from soclib.planning import Deadline, Plan, plan
from soclib.report_types import TypeAnswer, TypeDecision, type_decision
from soclib.timeline import (
    Item,
    TimelineRow,
    timeline_items,
    timeline_rows,
    timeline_table,
    timeline_text,
)
from soclib.year_ends import ReportPeriod, YearEnd, read_periods, read_year_ends

__all__ = [
    "Alignment",
    "BridgeCase",
    "Candidate",
    "Control",
    "ControlEvidence",
    "Count",
    "Deadline",
    "EvidenceWindow",
    "Fit",
    "Item",
    "MonthDay",
    "Note",
    "Pair",
    "PeriodError",
    "Plan",
    "ReportPeriod",
    "RequestCase",
    "TimelineRow",
    "TypeAnswer",
    "TypeDecision",
    "YearEnd",
    "align",
    "align_plans",
    "best_pair",
    "bridge_letter",
    "evidence_window",
    "fit",
    "fit_many",
    "letter",
    "misconceptions",
    "opinions",
    "plan",
    "proposals",
    "read_controls",
    "read_periods",
    "read_year_ends",
    "report_request",
    "save_letter",
    "shown_controls",
    "thresholds",
    "timeline",
    "timeline_items",
    "timeline_rows",
    "timeline_svg",
    "timeline_table",
    "timeline_text",
    "type_decision",
    "worked_cases",
]

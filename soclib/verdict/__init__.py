"""Which report a case needs, why, and what would change it: rules as data, reasons in words."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Answer": "decision",
    "Audit": "proof",
    "Criterion": "tables",
    "Decision": "decision",
    "Example": "tables",
    "FILES": "view",
    "NextQuestion": "asking",
    "Outcome": "tables",
    "Panel": "view",
    "Reason": "explain",
    "Report": "tables",
    "Rule": "tables",
    "STATE": "explain",
    "Verification": "saved",
    "audit": "proof",
    "bits": "logic",
    "decide": "decision",
    "example": "frames",
    "examples": "frames",
    "joined": "explain",
    "met_reasons": "explain",
    "next_of_steps": "asking",
    "outcome_reasons": "explain",
    "read_record": "saved",
    "rule_value": "logic",
    "standing": "logic",
    "status_differs": "asking",
    "value": "logic",
    "verify": "saved",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)

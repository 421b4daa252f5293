"""Which report a case needs, why, and what would change it: rules as data, reasons in words.

>>> import soclib
>>> soclib.verdict.decide({"affects_client_financials": "yes"}).reports["soc1"]
'likely'
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Answer": "decision",
    "Audit": "proof",
    "AuditFinding": "proof",
    "Criterion": "tables",
    "Decision": "decision",
    "Example": "tables",
    "FILES": "view",
    "NextQuestion": "next_question",
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
    "next_of_steps": "next_question",
    "outcome_reasons": "explain",
    "panel": "view",
    "read_record": "saved",
    "rule_value": "logic",
    "standing": "logic",
    "status_differs": "next_question",
    "value": "logic",
    "verify": "saved",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)

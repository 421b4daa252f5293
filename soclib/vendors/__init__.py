"""A whole vendor list: the picture of it, the question to send, and where stakeholders differ."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Difference": ".people.splits",
    "Disagreement": ".people.splits",
    "Inquiry": "surveying",
    "Need": "surveying",
    "Run": "runs",
    "Split": ".people.splits",
    "Survey": "surveying",
    "classify_command": "command",
    "classify_file": "runs",
    "contradictions_sheet": "sheets",
    "disagreement": ".people.splits",
    "disagreements": "splits",
    "inquiries_sheet": "sheets",
    "needs_sheet": "sheets",
    "survey": "surveying",
    "survey_sheet": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

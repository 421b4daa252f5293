"""A whole vendor list: every row classified, the picture of it, and the question to send.

    from soclib import vendors
    vendors.match_columns(["Vendor", "holds_customer_data"])  # which columns are read
    # vendors.classify(frame) adds the verdict of every row, vendors.survey(frame) sums them up

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "ClassificationRun": "runs",
    "ColumnMatch": "column_matching",
    "Difference": ".people.splits",
    "Disagreement": ".people.splits",
    "Inquiry": "surveying",
    "Need": "surveying",
    "Split": ".people.splits",
    "Survey": "surveying",
    "classify": "classifying",
    "classify_command": "command",
    "classify_file": "runs",
    "contradictions_sheet": "sheets",
    "disagreement": ".people.splits",
    "disagreements": "splits",
    "inquiries_sheet": "sheets",
    "match_columns": "column_matching",
    "needs_sheet": "sheets",
    "survey": "surveying",
    "survey_sheet": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

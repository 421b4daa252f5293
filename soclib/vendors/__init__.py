"""A whole vendor list: every row classified, the picture of it, and the question to send.

    frame = pandas.DataFrame({"Vendor": ["A", "B"], "holds_customer_data": ["yes", "no"]})
    vendors.classify(frame)                            # the verdict of every row added
    vendors.survey(frame)                              # who needs what, and what to ask

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

"""A whole vendor list: the picture of it, the question to send, and where stakeholders differ."""

from __future__ import annotations

from soclib.batch.disagreements import disagreements
from soclib.batch.runs import Run, classify_file
from soclib.batch.survey import Inquiry, Need, Survey, survey
from soclib.batch.survey_sheets import (
    contradictions_sheet,
    inquiries_sheet,
    needs_sheet,
    survey_sheet,
)
from soclib.disagreement import Difference, Disagreement, Split, disagreement

__all__ = [
    "Difference",
    "Disagreement",
    "Inquiry",
    "Need",
    "Run",
    "Split",
    "Survey",
    "classify_file",
    "contradictions_sheet",
    "disagreement",
    "disagreements",
    "inquiries_sheet",
    "needs_sheet",
    "survey",
    "survey_sheet",
]

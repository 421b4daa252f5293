"""Practice: cases generated from the rules, questions about them, grading and progress."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Card": "progress",
    "Feedback": "grading",
    "Item": "asking",
    "KINDS": "quizzes",
    "PracticeError": "cases",
    "Progress": "progress",
    "ProgressError": "progress",
    "Scenario": "cases",
    "boxes": "sheets",
    "case": "sheets",
    "contents": "sheets",
    "feedback": "sheets",
    "grade": "grading",
    "item": "quizzes",
    "question": "sheets",
    "quiz": "quizzes",
    "round_of": "quizzes",
    "scenario": "cases",
    "solution": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

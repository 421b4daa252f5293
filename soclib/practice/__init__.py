"""Practice: cases generated from the rules, questions about them, grading and progress.

    from soclib import practice
    practice.begin(seed=1, count=6)                    # a round to answer, one question at a time
    practice.case(practice.scenario(11))               # a case to read
    practice.contents(practice.quiz(2026, 8))          # a set of questions for a class

ipywidgets loads on first use, for ``begin`` only.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Card": "progress",
    "Feedback": "grading",
    "KINDS": "quizzes",
    "PracticeError": "cases",
    "PracticeItem": "items",
    "PracticeRound": "view",
    "Progress": "progress",
    "ProgressError": "progress",
    "Scenario": "cases",
    "begin": "view",
    "boxes": "sheets",
    "case": "sheets",
    "contents": "sheets",
    "feedback": "sheets",
    "grade": "grading",
    "item": "quizzes",
    "prepare_round": "quizzes",
    "question": "sheets",
    "quiz": "quizzes",
    "scenario": "cases",
    "solution": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

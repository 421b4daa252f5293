"""Practice: cases generated from the rules, questions about them, grading and progress."""

from __future__ import annotations

from soclib.practice_cases import PracticeError, Scenario, scenario
from soclib.practice_grading import Feedback, grade
from soclib.practice_items import Item
from soclib.practice_progress import Card, Progress, ProgressError
from soclib.practice_quiz import KINDS, item, quiz, round_of
from soclib.practice_sheets import case, contents, feedback, question, solution
from soclib.practice_sheets import progress as boxes

__all__ = [
    "KINDS",
    "Card",
    "Feedback",
    "Item",
    "PracticeError",
    "Progress",
    "ProgressError",
    "Scenario",
    "boxes",
    "case",
    "contents",
    "feedback",
    "grade",
    "item",
    "question",
    "quiz",
    "round_of",
    "scenario",
    "solution",
]

"""Where the names of this room were; to go when ``soclib.moved`` names their places."""

from soclib.practice.case_questions import ASKED, NONE, OPEN, OTHERS, fields_of
from soclib.practice.items import LETTERS, VOICE, Option, shuffled

__all__ = [
    "ASKED",
    "LETTERS",
    "NONE",
    "OPEN",
    "OTHERS",
    "VOICE",
    "Option",
    "fields_of",
    "shuffled",
]

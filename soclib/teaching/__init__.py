"""A trainer's desk: lesson plans, and both editions of each as hand-out, slides and notebook.

    from soclib import teaching
    teaching.lesson("first_talk")                      # the plan, with a running clock
    teaching.write_editions("exports", "first_talk")   # everything to print and to show

pandas loads on first use.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "INSTRUCTOR": "editions",
    "STUDENT": "editions",
    "edition": "sheets",
    "lesson": "sheets",
    "lessons": "frames",
    "preview": "sheets",
    "steps": "frames",
    "write_editions": "files",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

"""Where the names of this room were; to go when ``soclib.moved`` names their places."""

from soclib.teaching.frames import lessons, steps
from soclib.teaching.sheets import edition, lesson, preview

__all__ = ["edition", "lesson", "lessons", "preview", "steps"]

"""Where the names of this room were; to go when ``soclib.moved`` names their places."""

from soclib.people.roles import answered_alike, role_case, role_names
from soclib.people.sheets import board, settling, splits_text

__all__ = ["answered_alike", "board", "role_case", "role_names", "settling", "splits_text"]

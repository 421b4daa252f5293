"""Role play: everybody answers for themselves, and the board shows where the verdict splits.

    from soclib import people
    people.play("archive")                                # a table to play at, with the board
    people.board(people.role_case("archive").answers)     # the board alone

ipywidgets loads on first use, for ``play`` only.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Difference": "splits",
    "Disagreement": "splits",
    "RoleTable": "view",
    "Split": "splits",
    "answered_alike": "roles",
    "board": "sheets",
    "disagreement": "splits",
    "play": "view",
    "role_case": "roles",
    "role_names": "roles",
    "settling": "sheets",
    "splits_text": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)

"""Role play: everybody answers for themselves, and the board shows where the verdict splits."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Difference": "splits",
    "Disagreement": "splits",
    "RoleTable": "view",
    "Split": "splits",
    "answered_alike": "playing",
    "board": "playing",
    "disagreement": "splits",
    "role_case": "playing",
    "role_names": "playing",
    "settling": "playing",
    "splits_text": "playing",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)

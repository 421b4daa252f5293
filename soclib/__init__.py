"""Which SOC report, why, and what would change it.

    decision = soclib.decide({"affects_client_financials": "yes"})
    decision.reports                            # the status of each report
    soclib.panel()                              # the same with toggles, in a notebook

What is asked most stands here; everything else is behind the door of its room, as in
``soclib.periods.calendar()`` or ``soclib.requests.read(text)``. Importing this package loads
nothing else: each name loads its module when it is first used.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from soclib.doors import OldPaths, door, is_module

TYPE_CHECKING = False  # as in `typing`, which takes longer to import than all of this package
if TYPE_CHECKING:
    from typing import Any

# Where each name is: in a room, or in a module beside the rooms.
NAMES = {
    "AnswerError": "errors",
    "DataError": "errors",
    "Decision": "verdict",
    "SaveError": "errors",
    "audit": "verdict",
    "cite": "comparison",
    "classify": "vendors",
    "compare": "comparison",
    "decide": "verdict",
    "example": "verdict",
    "examples": "verdict",
    "export": "paper.export",
    "frame": "paper.frames",
    "load_catalog": "catalog",
    "panel": "verdict",
    "show": "paper.frames",
    "verify": "verdict",
}
__all__ = list(NAMES)
_name, _names = door(__name__, NAMES)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the room holds
    """Return a name of the table, a room, or what had this name in the release before.

    ``soclib.comparison()`` is a name like those of the table: the room itself can be called.
    """
    if name in NAMES:
        return _name(name)
    if is_module(__name__, f"{name}/__init__"):
        return import_module(f"soclib.{name}")
    from soclib.moved import former_public  # noqa: PLC0415 - few ask for an old name

    return former_public(name)


def __dir__() -> list[str]:
    """Return the names of the table, and the rooms."""
    rooms = (place.name for place in os.scandir(__path__[0]) if place.is_dir())
    return sorted({*_names(), *(room for room in rooms if is_module(__name__, f"{room}/__init__"))})


if OldPaths not in sys.meta_path:
    sys.meta_path.append(OldPaths)

"""Which SOC report, why, and what would change it.

    decision = soclib.decide({"affects_client_financials": "yes"})
    decision.reports                            # the status of each report
    soclib.panel()                              # the same with toggles, in a notebook

What is asked most stands here; everything else is behind the door of its room, as in
``soclib.periods.calendar()`` or ``soclib.requests.read(text)``. Importing this package loads
nothing else: each name loads its module when it is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module

from soclib.doors import OldPaths, door

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
    "export": "paper",
    "frame": "paper",
    "load_catalog": "catalog",
    "panel": "verdict",
    "show": "paper",
    "verify": "verdict",
}
# ``soclib.comparison()`` is a name like those above: the room itself can be called.
ROOMS = (
    *("claims", "companies", "comparison", "mapping", "paper", "people", "periods", "practice"),
    *("questions", "readiness", "received", "requests", "teaching", "trust", "vendors", "verdict"),
)
__all__ = list(NAMES) + list(ROOMS)
_name, __dir__ = door(__name__, NAMES)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the room holds
    """Return a name of the table, a room, or what had this name in the release before."""
    if name in NAMES:
        return _name(name)
    if name in ROOMS:
        return import_module(f"soclib.{name}")
    from soclib.moved import former_public  # noqa: PLC0415 - few ask for an old name

    return former_public(name)


if OldPaths not in sys.meta_path:
    sys.meta_path.append(OldPaths)

"""How the reports differ: dimensions, readers, the family and its stories.

The room itself can be called: ``soclib.comparison()`` is the table.
"""

from __future__ import annotations

from soclib.doors import callable_room, door

NAMES = {
    "Comparison": "view",
    "at_a_glance": "frames",
    "axes": "frames",
    "cite": "frames",
    "comparison": "frames",
    "family": "frames",
    "may_send": "frames",
    "plain_words": "choose",
    "readers": "frames",
    "story": "frames",
    "terms": "choose",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
callable_room(__name__, "frames", "comparison")

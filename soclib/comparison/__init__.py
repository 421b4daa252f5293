"""How the reports differ: dimensions, readers, the family and its stories.

The room itself can be called: ``soclib.comparison()`` is the table.

>>> import soclib
>>> print(soclib.comparison.story("soc1_story").text.splitlines()[0])
What a SOC 1 is for: 62 million dollars in wages
"""

from __future__ import annotations

from soclib.doors import callable_room, door

NAMES = {
    "Comparison": "view",
    "at_a_glance": "sheets",
    "axes": "sheets",
    "cite": "choose",
    "compare": "view",
    "comparison": "frames",
    "family": "frames",
    "may_send": "sheets",
    "plain_words": "choose",
    "readers": "frames",
    "search_terms": "choose",
    "story": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
callable_room(__name__, "frames", "comparison")

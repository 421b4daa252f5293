"""Sources, standards and review dates: every row of every table as a claim.

The room itself can be called: ``soclib.claims.claims()`` is the table.

>>> import soclib
>>> soclib.claims.claims().columns[:3].to_list()
['table', 'line', 'key']
"""

from __future__ import annotations

from soclib.doors import callable_room, door

NAMES = {
    "CitedSource": "reviews",
    "Claim": "reviews",
    "Register": "reviews",
    "ahead": "reviews",
    "all_sources": "reviews",
    "all_standards": "reviews",
    "by_source": "reviews",
    "claims": "frames",
    "months_later": "reviews",
    "outdated": "reviews",
    "overdue": "reviews",
    "provenance_html": "sources",
    "register": "reviews",
    "register_csv": "reviews",
    "register_text": "reviews",
    "source_list": "sources",
    "source_state": "reviews",
    "sources_of": "sources",
    "standards": "frames",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)
callable_room(__name__, "frames", "claims")

"""A readiness programme: controls, evidence, complementary controls and what is still missing.

    import soclib

    programme = soclib.readiness.create("programme.sqlite", categories=["security"], who="Ana")
    programme.missing("type_2")

It is a notebook on a file: no accounts, no workflow, no score.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Ask": "pages",
    "COMPLEMENTARY": "items",
    "Change": "store",
    "Conflict": "store",
    "ConflictError": "store",
    "Finding": "gaps",
    "Item": "items",
    "Plan": "exchange",
    "Problem": "exchange",
    "Programme": "programme",
    "ReadinessError": "store",
    "SUBSERVICE": "items",
    "blank_checklist": "opening",
    "create": "opening",
    "open_programme": "opening",
    "page": "opening",
    "plan_import": "exchange",
    "save": "opening",
    "take_in": "exchange",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

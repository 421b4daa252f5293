"""A readiness programme: controls, evidence, complementary controls and what is still missing.

    from soclib import readiness
    programme = readiness.create("programme.sqlite", categories=["security"], who="Ana")
    programme.findings()[0].text                      # the first thing that is missing

A programme is one file to keep notes in: it has no accounts, no workflow and no score.

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "COMPLEMENTARY": "items",
    "Conflict": "store",
    "ConflictError": "store",
    "HistoryEntry": "store",
    "ImportPlan": "exchange",
    "PageQuery": "pages",
    "Problem": "exchange",
    "Programme": "programme",
    "ProgrammeItem": "items",
    "ReadinessError": "store",
    "ReadinessFinding": "gaps",
    "SUBSERVICE": "items",
    "blank_checklist": "opening",
    "create": "opening",
    "desk": "view",
    "open_programme": "opening",
    "page": "opening",
    "plan_import": "exchange",
    "save": "opening",
    "take_in": "exchange",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

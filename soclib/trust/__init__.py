"""Criteria, control objectives and the cross-map to ISO/IEC 27001: one name for all of it.

    from soclib import trust
    trust.criterion("CC6.1")                          # one criterion in full
    trust.crosswalk(iso="A.8.13")                     # the pairs of an ISO control, read from it

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "CategoryScope": "scoping",
    "CriteriaExplorer": "view",
    "DirectedPair": "pairs",
    "Remainder": "pairs",
    "Scope": "scoping",
    "complementary": "frames",
    "criteria": "frames",
    "criterion": "sheets",
    "crosswalk": "frames",
    "explore": "view",
    "gaps": "frames",
    "gaps_sheet": "sheets",
    "heat_map": "sheets",
    "iso": "frames",
    "objectives": "frames",
    "prompts": "frames",
    "prompts_sheet": "sheets",
    "requirement": "sheets",
    "scope": "scoping",
    "scope_sheet": "sheets",
    "services": "frames",
    "structure": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

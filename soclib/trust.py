"""Criteria, control objectives and the cross-map to ISO/IEC 27001: one name for all of it.

    from soclib import trust
    trust.criterion("CC6.1")                          # one criterion in full
    trust.crosswalk(iso="A.8.13")                     # its pairs, read from the ISO side

Each name is documented where it is defined.
"""

from __future__ import annotations

from soclib.crosswalk import Left, Reading
from soclib.trust_frames import (
    complementary,
    criteria,
    crosswalk,
    gaps,
    iso,
    objectives,
    prompts,
    services,
)
from soclib.trust_scope import CategoryScope, Scope, scope
from soclib.trust_sheets import (
    criterion,
    gaps_sheet,
    heat_map,
    prompts_sheet,
    requirement,
    scope_sheet,
    structure,
)

__all__ = [
    "CategoryScope",
    "Left",
    "Reading",
    "Scope",
    "complementary",
    "criteria",
    "criterion",
    "crosswalk",
    "gaps",
    "gaps_sheet",
    "heat_map",
    "iso",
    "objectives",
    "prompts",
    "prompts_sheet",
    "requirement",
    "scope",
    "scope_sheet",
    "services",
    "structure",
]

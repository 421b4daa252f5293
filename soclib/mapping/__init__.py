"""Cross-maps of others between the criteria and ISO/IEC 27001, read and checked."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Lint": "report",
    "MappingError": "records",
    "lint_crosswalk": "report",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)

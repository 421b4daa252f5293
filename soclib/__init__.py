"""Which SOC report, why, and what would change it.

Importing this package loads the standard library only; ``panel`` loads ipywidgets, ``comparison``,
``frame``, ``examples`` and ``export`` load pandas, each when it is first used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from soclib.audit import Audit, audit
from soclib.decision import AnswerError, Decision, decide
from soclib.export import export
from soclib.frames import comparison, example, examples, frame
from soclib.rows import DataError
from soclib.saving import SaveError
from soclib.tables import load_catalog
from soclib.verify import Verification, verify

if TYPE_CHECKING:
    from soclib.decision import Answer
    from soclib.model import Catalog
    from soclib.widgets.panel import Panel

__all__ = [
    "AnswerError",
    "Audit",
    "DataError",
    "Decision",
    "SaveError",
    "Verification",
    "audit",
    "comparison",
    "decide",
    "example",
    "examples",
    "export",
    "frame",
    "load_catalog",
    "panel",
    "verify",
]


def panel(
    answers: Mapping[str, Answer] | None = None,
    voice: str = "vendor",
    *,
    catalog: Catalog | None = None,
) -> Panel:
    """Return a panel that asks the criteria and shows the verdict; see ``Panel``."""
    from soclib.widgets.panel import Panel  # noqa: PLC0415 - ipywidgets costs 170 ms to import

    return Panel(answers, voice, catalog=catalog)

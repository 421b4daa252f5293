"""Which SOC report, why, and what would change it.

Importing this package loads the standard library only; ``panel`` and ``compare`` load ipywidgets,
whatever returns a DataFrame loads pandas, each when it is first used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from soclib.audit import Audit, audit
from soclib.decision import AnswerError, Decision, decide
from soclib.export import export
from soclib.frames import (
    at_a_glance,
    axes,
    cite,
    claims,
    comparison,
    example,
    examples,
    family,
    frame,
    may_send,
    readers,
    show,
    standards,
    story,
)
from soclib.rows import DataError
from soclib.saving import SaveError
from soclib.tables import load_catalog
from soclib.verify import Verification, verify

if TYPE_CHECKING:
    from soclib.decision import Answer
    from soclib.model import Catalog
    from soclib.widgets.compare import Comparison
    from soclib.widgets.panel import Panel

__all__ = [
    "AnswerError",
    "Audit",
    "DataError",
    "Decision",
    "SaveError",
    "Verification",
    "at_a_glance",
    "audit",
    "axes",
    "cite",
    "claims",
    "compare",
    "comparison",
    "decide",
    "example",
    "examples",
    "export",
    "family",
    "frame",
    "load_catalog",
    "may_send",
    "panel",
    "readers",
    "show",
    "standards",
    "story",
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


def compare(*, catalog: Catalog | None = None) -> Comparison:
    """Return the comparison with toggles for reports, rows, differences and words."""
    from soclib.widgets.compare import Comparison  # noqa: PLC0415 - as above

    return Comparison(catalog=catalog)

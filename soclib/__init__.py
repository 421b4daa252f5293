"""Which SOC report, why, and what would change it.

Importing this package loads the standard library only; ``panel``, ``compare`` and ``calendar``
load ipywidgets, whatever returns a DataFrame loads pandas, each when it is first used.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
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
    from types import ModuleType

    from soclib.dates import Day
    from soclib.decision import Answer
    from soclib.model import Catalog
    from soclib.widgets.calendar import Calendar
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
    "calendar",
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
    "periods",
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


def calendar(  # noqa: PLR0913 - one keyword for each control
    start: Day | None = None,
    end: Day | None = None,
    fiscal_year_end: Day | None = None,
    fiscal_year_start: Day | None = None,
    *,
    report: str = "soc1",
    previous_end: Day | None = None,
    today: Day | None = None,
    voice: str = "vendor",
    catalog: Catalog | None = None,
) -> Calendar:
    """Return date controls that say how a report period fits a fiscal year.

    Days as in ``soclib.periods.fit``, whose errors it raises for a day that cannot be read; without
    ``today`` the page takes the day on the reader's own clock.
    """
    from soclib.widgets.calendar import Calendar  # noqa: PLC0415 - as above

    return Calendar(
        start,
        end,
        fiscal_year_end,
        fiscal_year_start,
        report=report,
        previous_end=previous_end,
        today=today,
        voice=voice,
        catalog=catalog,
    )


def __getattr__(name: str) -> ModuleType:
    """Return ``soclib.periods`` when it is first asked for: a verdict has no need of a calendar."""
    if name == "periods":
        return import_module("soclib.periods")
    message = f"module 'soclib' has no attribute {name!r}"
    raise AttributeError(message)

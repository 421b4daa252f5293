"""Which SOC report, why, and what would change it.

Importing this package loads the standard library only; ``panel``, ``compare``, ``calendar``,
``explore``, ``desk`` and ``practise`` load ipywidgets, whatever returns a DataFrame loads pandas,
each when it is first used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from datetime import date
    from pathlib import Path

    from soclib.crosswalk_report import Lint
    from soclib.dates import Day
    from soclib.decision import Answer
    from soclib.headers import Match
    from soclib.mapping_records import MappingError
    from soclib.model import Catalog
    from soclib.readiness_programme import Programme
    from soclib.widgets.calendar import Calendar
    from soclib.widgets.compare import Comparison
    from soclib.widgets.criteria import CriteriaExplorer
    from soclib.widgets.panel import Panel
    from soclib.widgets.practice import PracticeRound
    from soclib.widgets.readiness import ReadinessDesk

PARTS = ("periods", "practice", "readiness", "trust", "vendors")
__all__ = [
    "AnswerError",
    "Audit",
    "DataError",
    "Decision",
    "MappingError",
    "SaveError",
    "Verification",
    "at_a_glance",
    "audit",
    "axes",
    "calendar",
    "cite",
    "claims",
    "classify",
    "compare",
    "comparison",
    "decide",
    "desk",
    "example",
    "examples",
    "explore",
    "export",
    "family",
    "frame",
    "lint_crosswalk",
    "load_catalog",
    "match_columns",
    "may_send",
    "panel",
    "periods",
    "practice",
    "practise",
    "readers",
    "readiness",
    "show",
    "standards",
    "story",
    "trust",
    "vendors",
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


def explore(
    decision: Decision | None = None, *, catalog: Catalog | None = None
) -> CriteriaExplorer:
    """Return the trust services criteria with search, filters and details; see ``trust.scope``.

    With a decision each criterion says whether it is in scope, and its tables are used.
    """
    from soclib.widgets.criteria import CriteriaExplorer  # noqa: PLC0415 - as above

    return CriteriaExplorer(decision, catalog=catalog)


def desk(programme: Programme, view: str = "overview") -> ReadinessDesk:
    """Return controls to look through a readiness programme and to change it."""
    from soclib.widgets.readiness import ReadinessDesk  # noqa: PLC0415 - as above

    return ReadinessDesk(programme, view)


def practise(  # noqa: PLR0913 - one keyword for each choice
    seed: int = 1,
    count: int = 6,
    kinds: Iterable[str] | None = None,
    difficulty: int = 2,
    topic: str | None = None,
    *,
    progress: str | Path | None = None,
    today: date | None = None,
    catalog: Catalog | None = None,
) -> PracticeRound:
    """Return a round of questions to answer; see ``soclib.practice.quiz``.

    ``progress`` is a file that keeps what was right and wrong: what is due again comes first, on
    the day ``today`` or else on the reader's own clock.
    """
    from soclib.practice_quiz import KINDS, round_of  # noqa: PLC0415 - few need it
    from soclib.widgets.practice import PracticeRound  # noqa: PLC0415 - as above

    made = round_of(
        *(seed, count, KINDS if kinds is None else kinds, difficulty, topic),
        progress=progress,
        today=today,
        catalog=catalog,
    )
    return PracticeRound(made.items, made.example, kept=made.kept, path=progress, today=today)


def classify(
    frame: Any,  # noqa: ANN401 - any data frame
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = "vendor",
    check: bool = True,
    catalog: Catalog | None = None,
) -> Any:  # noqa: ANN401 - the same type
    """Return a data frame with the verdict of every row added; see ``soclib.classifying``."""
    from soclib.batch.classifying import classify as work  # noqa: PLC0415 - narwhals costs 70 ms

    return work(frame, columns, voice=voice, check=check, catalog=catalog)


def match_columns(names: Iterable[str], catalog: Catalog | None = None) -> Match:
    """Return which criteria some columns answer, found by their names; see ``soclib.headers``."""
    from soclib.headers import match_columns as match  # noqa: PLC0415 - few need it

    return match(names, catalog)


def lint_crosswalk(
    path: str | Path, gaps: str | Path | None = None, *, catalog: Catalog | None = None
) -> Lint:
    """Return what is wrong with a map of the trust services criteria to ISO/IEC 27001:2022.

    ``path`` is a CSV table, an OSCAL mapping collection or a CISO Assistant library, ``gaps`` a CSV
    table of requirements without a counterpart. Raises ``MappingError`` for what cannot be read.
    """
    from soclib.crosswalk_report import lint_crosswalk as lint  # noqa: PLC0415 - few need it

    return lint(path, gaps, catalog=catalog)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module, or a class of one
    """Return a further part when it is first asked for: a verdict has no need of a calendar."""
    if name in PARTS:
        return import_module(f"soclib.{name}")
    if name == "MappingError":
        return import_module("soclib.mapping_records").MappingError
    message = f"module 'soclib' has no attribute {name!r}"
    raise AttributeError(message)

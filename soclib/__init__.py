"""Which SOC report, why, and what would change it.

Importing this package loads the standard library only; ``panel``, ``compare``, ``calendar``,
``explore``, ``desk``, ``received_form`` and ``practise`` load ipywidgets, whatever returns a
DataFrame loads pandas, each when it is first used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from soclib.catalog import load_catalog
from soclib.claims.frames import standards
from soclib.comparison.choose import cite
from soclib.comparison.frames import family, readers
from soclib.comparison.sheets import at_a_glance, axes, may_send, story
from soclib.doors import OldPaths
from soclib.errors import AnswerError, DataError, SaveError
from soclib.paper.export import export
from soclib.paper.frames import frame, show
from soclib.verdict.decision import Decision, decide
from soclib.verdict.frames import example, examples
from soclib.verdict.proof import Audit, audit
from soclib.verdict.saved import Verification, verify

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from soclib.catalog import Catalog
    from soclib.companies.cases import CompanyCase
    from soclib.comparison.view import Comparison
    from soclib.dates import Day
    from soclib.mapping.records import MappingError
    from soclib.mapping.report import Lint
    from soclib.paper.sheets import Sheet
    from soclib.people.view import RoleTable
    from soclib.periods.view import Calendar
    from soclib.practice.view import PracticeRound
    from soclib.readiness.programme import Programme
    from soclib.readiness.view import ReadinessDesk
    from soclib.received.concluding import Received
    from soclib.received.view import ReceivedForm
    from soclib.requests.request import Request, RequestError
    from soclib.requests.view import RequestDesk
    from soclib.trust.view import CriteriaExplorer
    from soclib.vendors.headers import Match
    from soclib.verdict.decision import Answer
    from soclib.verdict.view import Panel

# Rooms that are loaded when they are first asked for, by the name under which they are offered.
PARTS = {
    "claims": "claims",
    "companies": "companies",
    "comparison": "comparison",
    "periods": "periods",
    "practice": "practice",
    "questions": "questions",
    "readiness": "readiness",
    "received": "received",
    "roles": "people",
    "teaching": "teaching",
    "trust": "trust",
    "vendors": "vendors",
}
__all__ = [
    "AnswerError",
    "Audit",
    "DataError",
    "Decision",
    "MappingError",
    "RequestError",
    "SaveError",
    "Verification",
    "ask",
    "at_a_glance",
    "audit",
    "axes",
    "calendar",
    "cite",
    "claims",
    "classify",
    "companies",
    "company",
    "company_readings",
    "compare",
    "comparison",
    "decide",
    "desk",
    "example",
    "examples",
    "explain_terms",
    "explore",
    "export",
    "family",
    "faq",
    "frame",
    "gallery",
    "glossary",
    "lint_crosswalk",
    "load_catalog",
    "match_columns",
    "may_send",
    "misconceptions",
    "panel",
    "periods",
    "practice",
    "practise",
    "questions",
    "read_request",
    "read_requests",
    "readers",
    "readiness",
    "received",
    "received_form",
    "request_desk",
    "request_summary",
    "role_play",
    "roles",
    "show",
    "standards",
    "story",
    "teaching",
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
    from soclib.verdict.view import Panel  # noqa: PLC0415 - ipywidgets costs 170 ms to import

    return Panel(answers, voice, catalog=catalog)


def compare(*, catalog: Catalog | None = None) -> Comparison:
    """Return the comparison with toggles for reports, rows, differences and words."""
    from soclib.comparison.view import Comparison  # noqa: PLC0415 - as above

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
    from soclib.periods.view import Calendar  # noqa: PLC0415 - as above

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
    from soclib.trust.view import CriteriaExplorer  # noqa: PLC0415 - as above

    return CriteriaExplorer(decision, catalog=catalog)


def desk(programme: Programme, view: str = "overview") -> ReadinessDesk:
    """Return controls to look through a readiness programme and to change it."""
    from soclib.readiness.view import ReadinessDesk  # noqa: PLC0415 - as above

    return ReadinessDesk(programme, view)


def practise(seed: int = 1, count: int = 6, **how: Any) -> PracticeRound:  # noqa: ANN401 - as there
    """Return a round of questions to answer; ``how`` as in ``soclib.practice.round_of``."""
    from soclib.practice.view import practise as begin  # noqa: PLC0415 - as above

    return begin(seed, count, **how)


def classify(
    frame: Any,  # noqa: ANN401 - any data frame
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = "vendor",
    check: bool = True,
    catalog: Catalog | None = None,
) -> Any:  # noqa: ANN401 - the same type
    """Return a data frame with the verdict of every row added; see ``vendors.classifying``."""
    from soclib.vendors.classifying import classify as work  # noqa: PLC0415 - narwhals costs 70 ms

    return work(frame, columns, voice=voice, check=check, catalog=catalog)


def match_columns(names: Iterable[str], catalog: Catalog | None = None) -> Match:
    """Return which criteria some columns answer, found by their names; see ``vendors.headers``."""
    from soclib.vendors.headers import match_columns as match  # noqa: PLC0415 - few need it

    return match(names, catalog)


def role_play(case_id: str = "", *, catalog: Catalog | None = None) -> RoleTable:
    """Return a table where each role answers for itself, and the board; see ``soclib.people``."""
    from soclib.people.view import RoleTable  # noqa: PLC0415 - as above

    return RoleTable(case_id, catalog=catalog)


def received_form(
    report: Received | None = None, *, catalog: Catalog | None = None
) -> ReceivedForm:
    """Return a form for one report received, empty or filled in; see ``soclib.received``."""
    from soclib.received.view import ReceivedForm  # noqa: PLC0415 - as above

    return ReceivedForm(report, catalog=catalog)


def read_request(text: str, voice: str = "vendor", *, catalog: Catalog | None = None) -> Request:
    """Return what an e-mail, a clause or a questionnaire item asks for, and what follows.

    No model, no network: ``phrases.csv`` says which words mean what. Raises ``RequestError``
    for what is no text, is blank or is longer than 64 kB, and ``AnswerError`` for another voice.
    """
    from soclib.requests.request import read_request as read  # noqa: PLC0415 - few need it

    return read(text, voice, catalog=catalog)


def read_requests(
    source: str | Path | Sequence[str], voice: str = "vendor", *, catalog: Catalog | None = None
) -> pd.DataFrame:
    """Return many requests as a DataFrame, one row each; loads pandas.

    ``source`` is a CSV table with a column ``text``, a folder of .txt and .eml files, or a list of
    texts. Raises ``DataError`` that lists every request that cannot be read.
    """
    from soclib.requests.many import read_requests as read  # noqa: PLC0415 - as above

    return read(source, voice, catalog=catalog)


def request_summary(frame: pd.DataFrame, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what the requests of ``read_requests`` are really asking, as counts."""
    from soclib.requests.many import request_summary as summary  # noqa: PLC0415 - as above

    return summary(frame, catalog=catalog)


def request_desk(
    text: str = "", voice: str = "vendor", *, catalog: Catalog | None = None
) -> RequestDesk:
    """Return a place to paste a request: marked words, answers as toggles, verdict and reply."""
    from soclib.requests.view import RequestDesk  # noqa: PLC0415 - ipywidgets is slow to import

    return RequestDesk(text, voice, catalog=catalog)


def lint_crosswalk(
    path: str | Path, gaps: str | Path | None = None, *, catalog: Catalog | None = None
) -> Lint:
    """Return what is wrong with a map of the trust services criteria to ISO/IEC 27001:2022.

    ``path`` is a CSV table, an OSCAL mapping collection or a CISO Assistant library, ``gaps`` a CSV
    table of requirements without a counterpart. Raises ``MappingError`` for what cannot be read.
    """
    from soclib.mapping.report import lint_crosswalk as lint  # noqa: PLC0415 - few need it

    return lint(path, gaps, catalog=catalog)


def company(company_id: str, catalog: Catalog | None = None) -> CompanyCase:
    """Return one real company with its decision and how its reports compare.

    Raises ``AnswerError`` that names the nearest id.
    """
    from soclib.companies.cases import company as find  # noqa: PLC0415 - few need them

    return find(company_id, catalog)


def gallery(
    company_ids: Iterable[str] | None = None,
    *,
    only_surprises: bool = False,
    predict: bool = False,
    catalog: Catalog | None = None,
) -> Sheet:
    """Return real companies as a table to look at: verdict beside statement, in words.

    With ``only_surprises`` those where the two part; with ``predict`` the answers unfold.
    """
    from soclib.companies.cases import gallery as shown  # noqa: PLC0415 - as above

    return shown(company_ids, only_surprises=only_surprises, predict=predict, catalog=catalog)


def company_readings(catalog: Catalog | None = None) -> Sheet:
    """Return what a verdict and a page say together, and what silence does not say."""
    from soclib.companies.cases import company_readings as explained  # noqa: PLC0415 - as above

    return explained(catalog)


def ask(question: str, most: int = 3, *, catalog: Catalog | None = None) -> Sheet:
    """Return the answers to the frequent questions that fit a question best; see ``questions``."""
    from soclib.questions.asking import ask as find  # noqa: PLC0415 - few need it

    return find(question, most, catalog=catalog)


def faq(topic: str | None = None, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the frequent questions with their answers, one row each; see ``questions.faq``."""
    from soclib.questions.asking import faq as table  # noqa: PLC0415 - as above

    return table(topic, catalog=catalog)


def misconceptions(topic: str | None = None, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what is often heard and wrong, one row each; see ``questions.misconceptions``."""
    from soclib.questions.asking import misconceptions as table  # noqa: PLC0415 - as above

    return table(topic, catalog=catalog)


def glossary(search: str = "", *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the terms of art, one row each; see ``questions.glossary``."""
    from soclib.questions.asking import glossary as table  # noqa: PLC0415 - as above

    return table(search, catalog=catalog)


def explain_terms(shown: str | Sheet, *, catalog: Catalog | None = None) -> Sheet:
    """Return the terms of art in a text or a sheet, in the order of their first use."""
    from soclib.questions.asking import explain_terms as explain  # noqa: PLC0415 - as above

    return explain(shown, catalog=catalog)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module, or a class of one
    """Return a further part when it is first asked for: a verdict has no need of a calendar."""
    if name in PARTS:
        return import_module(f"soclib.{PARTS[name]}")
    if name == "RequestError":
        return import_module("soclib.requests.request").RequestError
    if name == "MappingError":
        return import_module("soclib.mapping.records").MappingError
    message = f"module 'soclib' has no attribute {name!r}"
    raise AttributeError(message)


if OldPaths not in sys.meta_path:
    sys.meta_path.append(OldPaths)

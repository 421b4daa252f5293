"""One case: answers in, a decision with its reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, VOICES, YES
from soclib.verdict import explain
from soclib.verdict.explain import STATE, Assumption, Case, Change, Reason
from soclib.verdict.logic import standing, value
from soclib.verdict.next_question import (
    NextQuestion,
    equally_good,
    next_question,
    not_sure_yet,
    open_questions,
)
from soclib.verdict.tables import VALUE, VERDICT, Criterion, Outcome, Report

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

Answer = str | bool | None
FORMAT = "soc-decision/1"  # as in soclib/verdict/panel.js
SAVED = (".json", ".md", ".docx")
AS_TEXT = {True: YES, False: NO, None: UNKNOWN}
ANSWER_OF = {number: answer for answer, number in VALUE.items()}


class Step(NamedTuple):
    """A step on the way to a report: yes, no or open."""

    step_id: str
    state: str


class Contradiction(NamedTuple):
    """Answers that cannot all hold; ``touches`` names the reports and steps left open."""

    outcome_id: str
    text: str
    criteria: tuple[str, ...]
    touches: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What follows from the answers in one case, with reasons, sources and what would change it."""

    case: Case
    answers: dict[str, str]
    reports: dict[str, str]
    subject: dict[str, str]
    demand: dict[str, str]
    contradictions: tuple[Contradiction, ...]
    path: dict[str, tuple[Step, ...]]
    categories: tuple[str, ...]
    open_categories: tuple[str, ...]
    routes: tuple[str, ...]
    open_routes: tuple[str, ...]

    @property
    def voice(self) -> str:
        """Return whose side the answers were given from."""
        return self.case.voice

    @property
    def version(self) -> str:
        """Return the content hash of the tables that decided."""
        return self.case.catalog.version

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Return the answered criteria that this voice is not asked: kept, but not used."""
        criteria = self.case.catalog.part(VERDICT).criteria
        return tuple(
            criterion.criterion_id
            for criterion in criteria
            if criterion.criterion_id in self.answers and self.voice not in criterion.questions
        )

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Return the assumed answers whose opposite would change a status."""
        return explain.assumptions(self.case)

    @property
    def not_sure(self) -> tuple[str, ...]:
        """Return the criteria answered *Not sure* that could still matter."""
        criteria = not_sure_yet(self.case, self._path_outcomes())
        return tuple(criterion.criterion_id for criterion in criteria)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Return the criteria without a known answer that could still change a status."""
        return tuple(criterion.criterion_id for criterion in open_questions(self.case))

    def reasons(self, report_id: str) -> tuple[Reason, ...]:
        """Return why a report has its status; ``report_id`` such as ``soc1``."""
        return explain.reasons(self.case, self._report(report_id))

    def texts(self, report_id: str) -> tuple[str, ...]:
        """Return the reasons for a report as sentences."""
        return tuple(reason.text for reason in self.reasons(report_id))

    def table(self) -> pd.DataFrame:
        """Return subject, demand and status of every report as a DataFrame; loads pandas."""
        import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

        columns = {"subject": self.subject, "demand": self.demand, "status": self.reports}
        return pd.DataFrame(columns).rename_axis(index="report_id")

    def what_would_change(self, report_id: str) -> tuple[Change, ...]:
        """Return the fewest answers that would give a report another settled status."""
        return explain.what_would_change(self.case, self._report(report_id))

    def next_question(self) -> NextQuestion | None:
        """Return the question to ask next, or None when none is left that could matter."""
        return next_question(self.case, self._path_outcomes())

    def equally_good_questions(self) -> tuple[str, ...]:
        """Return the criteria of every question that ranks as high as the next one."""
        return equally_good(self.case, self._path_outcomes())

    def to_dict(self) -> dict[str, Any]:
        """Return everything that the panel shows as plain values, the same as the browser's."""
        from soclib.verdict.describe import describe  # noqa: PLC0415 - loaded when it is shown

        return describe(self)

    def to_markdown(self) -> str:
        """Return the decision as a memo in Markdown that somebody else can read and check."""
        from soclib.paper.blocks import markdown  # noqa: PLC0415 - as above
        from soclib.verdict.memo import memo  # noqa: PLC0415 - as above

        return markdown(memo(self))

    def to_docx(self, path: str | Path) -> Path:
        """Write the same memo as a .docx, and return its path; loads python-docx.

        Raises ``SaveError`` for another suffix, and where python-docx is missing.
        """
        from soclib.paper.docx import docx_bytes  # noqa: PLC0415 - as above
        from soclib.paper.saving import suffix_of, write_whole  # noqa: PLC0415 - as above
        from soclib.verdict.memo import memo  # noqa: PLC0415 - as above

        suffix_of(path, [".docx"])
        return write_whole(path, docx_bytes(memo(self), path))

    def save(self, path: str | Path) -> Path:
        """Write the decision, and return its path: .json as the panel saves it, .md or .docx.

        The .json can be loaded and verified again; the others are the memo. Missing folders are
        made. Raises ``SaveError`` for another suffix, and where a library is missing.
        """
        import json  # noqa: PLC0415 - as above

        from soclib.paper.saving import suffix_of, write_whole  # noqa: PLC0415 - as above

        suffix = suffix_of(path, SAVED)
        if suffix == ".docx":
            return self.to_docx(path)
        if suffix == ".md":
            return write_whole(path, self.to_markdown().encode())
        record = json.dumps({"format": FORMAT, **self.to_dict()}, indent=2, ensure_ascii=False)
        return write_whole(path, record.encode())

    def _report(self, report_id: str) -> Report:
        for report in self.case.catalog.part(VERDICT).reports:
            if report.report_id == report_id:
                return report
        known = [report.report_id for report in self.case.catalog.part(VERDICT).reports]
        raise AnswerError(did_you_mean("report", report_id, known))

    def _path_outcomes(self) -> dict[str, tuple[Outcome, ...]]:
        return {
            report.report_id: tuple(o for o in report.steps if self.voice in o.voices)
            for report in self.case.catalog.part(VERDICT).reports
            if report.report_id in self.path
        }

    def _repr_html_(self) -> str:
        from soclib.verdict.page import decision_html  # noqa: PLC0415 - as above

        return decision_html(self.to_dict(), self.case.catalog)

    def __str__(self) -> str:
        from soclib.verdict.page import decision_text  # noqa: PLC0415 - as above

        return decision_text(self.to_dict(), self.case.catalog)

    __repr__ = __str__


def decide(
    answers: Mapping[str, Answer], voice: str = VOICES[0], *, catalog: Catalog | None = None
) -> Decision:
    """Return the decision that follows from ``answers``.

    ``answers`` maps criterion ids to yes, no or unknown (or True, False, None); what is left out
    takes its assumed answer, or is unknown where nothing is assumed. ``voice`` is vendor or buyer.
    Raises ``AnswerError`` that names the nearest valid id or answer.
    """
    catalog = catalog or load_catalog()
    if voice not in VOICES:
        raise AnswerError(did_you_mean("voice", voice, VOICES))
    if not hasattr(answers, "items"):
        message = f"answers are {answers!r:.80}; a mapping of criterion ids is needed"
        raise AnswerError(message)
    given = {key: _as_text(key, answer) for key, answer in answers.items()}
    case = _case(catalog, voice, given)
    standings = {r.report_id: standing(r, case.yes, case.no) for r in catalog.part(VERDICT).reports}
    contradictions = tuple(_contradictions(case))
    leading = [
        r
        for r in catalog.part(VERDICT).reports
        if catalog.part(VERDICT).statuses[standings[r.report_id].status_id].leads_on
    ]
    ids = [report.report_id for report in leading]
    categories = _states(case, "category", ids)
    routes = _states(case, "route", [""])
    return Decision(
        case=case,
        answers={c.criterion_id: given[c.criterion_id] for c in _answered(catalog, given)},
        reports={report_id: at.status_id for report_id, at in standings.items()},
        subject={report_id: ANSWER_OF[at.subject] for report_id, at in standings.items()},
        demand={report_id: ANSWER_OF[at.demand] for report_id, at in standings.items()},
        contradictions=contradictions,
        path={r.report_id: _path(case, r, contradictions) for r in leading if r.steps},
        categories=tuple(key for key, state in categories.items() if state == YES),
        open_categories=tuple(key for key, state in categories.items() if state == STATE[0]),
        routes=tuple(key for key, state in routes.items() if state == YES),
        open_routes=tuple(key for key, state in routes.items() if state == STATE[0]),
    )


def _as_text(criterion_id: str, answer: Answer) -> str:
    if answer is None or isinstance(answer, bool):
        return AS_TEXT[answer]
    if isinstance(answer, str) and answer in ANSWERS:
        return answer
    raise AnswerError(did_you_mean(f"answer to {criterion_id}", answer, ANSWERS))


def _answered(catalog: Catalog, answers: dict[str, str]) -> list[Criterion]:
    """Return the criteria of some answers in table order; AnswerError for one that is unknown."""
    answered = [c for c in catalog.part(VERDICT).criteria if c.criterion_id in answers]
    if len(answered) != len(answers):
        known = [criterion.criterion_id for criterion in catalog.part(VERDICT).criteria]
        stranger = next(key for key in answers if key not in known)
        raise AnswerError(did_you_mean("criterion", stranger, known))
    return answered


def _case(catalog: Catalog, voice: str, answers: dict[str, str]) -> Case:
    yes = no = given = unsure = assumed = askable = 0
    for criterion in catalog.part(VERDICT).criteria:
        bit = criterion.bit
        answer: str | None
        if voice not in criterion.questions:
            answer = criterion.when_not_asked
        elif criterion.criterion_id in answers:
            answer = answers[criterion.criterion_id]
            given |= bit
            unsure |= bit if answer == UNKNOWN else 0
        elif criterion.assumed:
            answer = criterion.assumed
            assumed |= bit
        else:
            answer = None
            askable |= bit
        yes |= bit if answer == YES else 0
        no |= bit if answer == NO else 0
    return Case(catalog, voice, yes, no, given, unsure, assumed, askable)


def _contradictions(case: Case) -> list[Contradiction]:
    return [
        Contradiction(outcome.outcome_id, reason.text, reason.criteria, outcome.touches)
        for outcome in _outcomes(case.catalog, "contradiction")
        if case.voice in outcome.voices
        for reason in explain.met_reasons(case, outcome)
    ]


@lru_cache(maxsize=64)
def _outcomes(catalog: Catalog, kind: str) -> tuple[Outcome, ...]:
    return catalog.part(VERDICT).of_kind(kind)


def _states(case: Case, kind: str, report_ids: list[str]) -> dict[str, str]:
    return {
        outcome.outcome_id: STATE[value(outcome, case.yes, case.no)]
        for outcome in _outcomes(case.catalog, kind)
        if outcome.report_id in report_ids and case.voice in outcome.voices
    }


def _path(
    case: Case, report: Report, contradictions: tuple[Contradiction, ...]
) -> tuple[Step, ...]:
    touched = {name for contradiction in contradictions for name in contradiction.touches}
    return tuple(
        Step(
            step.step_id,
            STATE[0] if step.outcome_id in touched else STATE[value(step, case.yes, case.no)],
        )
        for step in report.steps
        if case.voice in step.voices
    )

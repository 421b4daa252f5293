"""Columns of a frame as answers, and how a frame is classified by them.

A Boolean column holds yes, no and blanks; a column of numbers holds 1 and 0; a column of texts
holds spellings of ``answer_spellings.csv``. Anything else is refused and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw

from soclib.catalog import Catalog
from soclib.errors import DataError, Fault
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.vendors.kleene_columns import (
    AnswerColumns,
    ColumnKind,
    Condition,
    KleeneColumn,
    NullableColumn,
    all_of,
    any_of,
)
from soclib.vendors.tables import BLANK, VENDORS, plain_answer
from soclib.vendors.verdicts import (
    HIDDEN,
    SIGN,
    FrameAnswers,
    StagedVerdict,
    VerdictColumns,
    verdict_columns,
)
from soclib.verdict.tables import VERDICT, Criterion

CODES = {YES: 1, NO: 0, UNKNOWN: 2, BLANK: 3}
NO_CODE = 9
TEXTS = (nw.String, nw.Categorical, nw.Enum)


class AnswerCells(NamedTuple):
    """Where the cells of one column say yes, no, nothing or what is no answer; never null.

    ``truth`` is the column itself where it is a nullable Boolean.
    """

    yes: Condition
    no: Condition
    blank: Condition
    unreadable: Condition
    truth: nw.Expr | None = None


ALL_BLANK = AnswerCells(yes=False, no=False, blank=True, unreadable=False)


def kind_of(dtype: Any) -> str:  # noqa: ANN401 - a Narwhals data type, class or instance
    """Return how a column is read: as truth, whole, number or text; blank if it cannot be."""
    if dtype == nw.Boolean:
        return "truth"
    if dtype.is_integer():
        return "whole"
    if dtype.is_numeric():
        return "number"
    return "text" if any(dtype == text for text in TEXTS) else ""


def code_column(column: str) -> str:
    """Return the name of the column that holds the codes of a column of texts."""
    return f"{HIDDEN}code_{column}"


def coded(catalog: Catalog, column: str) -> nw.Expr:
    """Return the codes of a column of texts: those of ``CODES``, or ``NO_CODE``."""
    spellings = catalog.part(VENDORS).spellings
    text = nw.col(column).cast(nw.String).fill_null("").str.strip_chars().str.to_lowercase()
    codes = text.replace_strict(
        list(spellings),
        [CODES[answer] for answer in spellings.values()],
        default=NO_CODE,
        return_dtype=nw.Int8,
    )
    return codes.alias(code_column(column))


def answer_cells(column: str, kind: str) -> AnswerCells:
    """Return the conditions of a column, from its codes where it holds texts."""
    cell = nw.col(column)
    if kind == "text":
        code = nw.col(code_column(column))
        wanted = [CODES[YES], CODES[NO], CODES[BLANK], NO_CODE]
        return AnswerCells(*(code == number for number in wanted))
    blank = cell.is_null()
    if kind == "truth":
        yes, no = cell.fill_null(value=False), (~cell).fill_null(value=False)
        return AnswerCells(yes, no, blank, unreadable=False, truth=cell)
    if kind == "number":
        blank |= cell.is_nan().fill_null(value=False)
    yes, no = ((cell == number).fill_null(value=False) for number in (1, 0))
    return AnswerCells(yes, no, blank, ~(yes | no | blank))


def frame_answers(
    catalog: Catalog, voice: str, cells: Mapping[str, AnswerCells], kind: ColumnKind
) -> FrameAnswers:
    """Return the answers of a voice: what cells say, and what is assumed where they are blank."""
    columns: AnswerColumns = {}
    assumed: dict[int, Condition] = {}
    for criterion in catalog.part(VERDICT).criteria:
        if voice not in criterion.questions:
            columns[criterion.bit] = kind.fixed(SIGN[criterion.when_not_asked])
            continue
        given = cells.get(criterion.criterion_id, ALL_BLANK)
        columns[criterion.bit] = _with_assumed(criterion, given, kind)
        if criterion.assumed:
            assumed[criterion.bit] = given.blank
    return FrameAnswers(kind, columns, assumed)


def _with_assumed(criterion: Criterion, given: AnswerCells, kind: ColumnKind) -> KleeneColumn:
    """Return the column of a criterion, in which a blank cell takes the assumed answer."""
    sign = SIGN[criterion.assumed]
    truth = given.truth
    if truth is not None and sign:
        truth = truth.fill_null(value=sign > 0)
    column: KleeneColumn = kind.answered(
        any_of((given.yes, all_of((given.blank, sign > 0)))),
        any_of((given.no, all_of((given.blank, sign < 0)))),
        truth,
    )
    return column


def plain_value(value: Any) -> str | None:  # noqa: ANN401 - whatever a cell of Python objects holds
    """Return a Python value as the text of its cell, or None for what can be no answer."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return plain_answer(value) if isinstance(value, str) else None


# --- how a frame is classified --------------------------------------------------------------------


UNREADABLE = "unreadable"


class RowPlace(NamedTuple):
    """What a frame is called in an error, and the numbers of its rows.

    They count from ``first``, or are ``lines`` where rows were left out between them.
    """

    file: str = "frame"
    first: int = 1
    lines: Sequence[int] = ()

    def line(self, row: int) -> int:
        """Return the number of a row, the first of which is 0."""
        return self.lines[row] if self.lines else self.first + row


class ClassificationPlan(NamedTuple):
    """What to compute, in order: codes of texts, stages of expressions, then the verdict.

    ``unreadable`` says by criterion id where a cell cannot be read.
    """

    codes: list[nw.Expr]
    stages: list[list[nw.Expr]]
    columns: VerdictColumns
    unreadable: dict[str, nw.Expr]


def plan_for(
    catalog: Catalog,
    voice: str,
    schema: nw.Schema,
    names: Mapping[str, str],
    kind: ColumnKind = NullableColumn,
) -> ClassificationPlan:
    """Return how to classify a frame; ``names`` is the column of each criterion that has one."""
    types = {key: kind_of(schema[column]) for key, column in names.items()}
    cells = {key: answer_cells(names[key], type_) for key, type_ in types.items()}
    codes = [coded(catalog, names[key]) for key, type_ in types.items() if type_ == "text"]
    staged = StagedVerdict(catalog, voice, frame_answers(catalog, voice, cells, kind))
    unreadable = {key: column.unreadable for key, column in cells.items()}
    return ClassificationPlan(
        codes,
        [stage for stage in staged.stages.expressions if stage],
        verdict_columns(staged),
        {key: where for key, where in unreadable.items() if not isinstance(where, bool)},
    )


def refuse_types(schema: Mapping[str, object], names: Mapping[str, str], place: RowPlace) -> None:
    """Raise ``DataError`` for every column whose type holds no answers."""
    remedy = "no answers can be read from this type; use truth values, 1 and 0, or texts"
    bad = [column for column in names.values() if not kind_of(schema[column])]
    if bad:
        raise DataError(Fault(place.file, 0, column, str(schema[column]), remedy) for column in bad)


def remedy(note: str = "") -> str:
    """Return what to do about a cell that cannot be read."""
    text = "no answer is spelt so; write yes, no or unknown, or leave it blank"
    return f"{text} ({note})" if note else text

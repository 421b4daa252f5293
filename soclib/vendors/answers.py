"""Columns of a frame as answers, and how a frame is classified by them.

A Boolean column holds yes, no and blanks; a number 1 or 0; a text a spelling of
``answer_spellings.csv``. Anything else is refused, never read as something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw

from soclib.catalog import Catalog
from soclib.errors import DataError, Fault
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.vendors.rails import Kind, Nullable, Plane, Rail, Rails, both, either
from soclib.vendors.tables import BLANK, VENDORS, plain_answer
from soclib.vendors.verdicts import HIDDEN, SIGN, Columns, Frame, Given, verdict
from soclib.verdict.tables import VERDICT, Criterion

CODES = {YES: 1, NO: 0, UNKNOWN: 2, BLANK: 3}
NO_CODE = 9
TEXTS = (nw.String, nw.Categorical, nw.Enum)


class Cells(NamedTuple):
    """Where the cells of one column say what; planes that are never null.

    ``truth`` is the column itself where it is a nullable Boolean.
    """

    yes: Plane
    no: Plane
    blank: Plane
    unreadable: Plane
    truth: nw.Expr | None = None


UNTOUCHED = Cells(yes=False, no=False, blank=True, unreadable=False)


def kind_of(dtype: Any) -> str:  # noqa: ANN401 - a Narwhals data type, class or instance
    """Return how a column is read: truth, whole, number or text; blank when it cannot be."""
    if dtype == nw.Boolean:
        return "truth"
    if dtype.is_integer():
        return "whole"
    if dtype.is_numeric():
        return "number"
    return "text" if any(dtype == text for text in TEXTS) else ""


def decoded(column: str) -> str:
    """Return the name of the column that holds the codes of a column of texts."""
    return f"{HIDDEN}code_{column}"


def code(catalog: Catalog, column: str) -> nw.Expr:
    """Return the codes of a column of texts: ``CODES``, or ``UNREADABLE``."""
    spellings = catalog.part(VENDORS).spellings
    text = nw.col(column).cast(nw.String).fill_null("").str.strip_chars().str.to_lowercase()
    found = text.replace_strict(
        list(spellings),
        [CODES[answer] for answer in spellings.values()],
        default=NO_CODE,
        return_dtype=nw.Int8,
    )
    return found.alias(decoded(column))


def cells(column: str, kind: str) -> Cells:
    """Return the planes of a column, from its codes where it holds texts."""
    cell = nw.col(column)
    if kind == "text":
        found = nw.col(decoded(column))
        codes = [CODES[YES], CODES[NO], CODES[BLANK], NO_CODE]
        return Cells(*(found == number for number in codes))
    blank = cell.is_null()
    if kind == "truth":
        yes, no = cell.fill_null(value=False), (~cell).fill_null(value=False)
        return Cells(yes, no, blank, unreadable=False, truth=cell)
    if kind == "number":
        blank |= cell.is_nan().fill_null(value=False)
    yes, no = ((cell == number).fill_null(value=False) for number in (1, 0))
    return Cells(yes, no, blank, ~(yes | no | blank))


def given(catalog: Catalog, voice: str, found: Mapping[str, Cells], kind: Kind) -> Given:
    """Return the answers of a voice: what cells say, and what is assumed where they are blank."""
    rails: Rails = {}
    assumed: dict[int, Plane] = {}
    for criterion in catalog.part(VERDICT).criteria:
        if voice not in criterion.questions:
            rails[criterion.bit] = kind.fixed(SIGN[criterion.when_not_asked])
            continue
        said = found.get(criterion.criterion_id, UNTOUCHED)
        rails[criterion.bit] = _filled(criterion, said, kind)
        if criterion.assumed:
            assumed[criterion.bit] = said.blank
    return Given(kind, rails, assumed)


def _filled(criterion: Criterion, said: Cells, kind: Kind) -> Rail:
    """Return a rail in which a blank cell takes the assumed answer."""
    sign = SIGN[criterion.assumed]
    truth = said.truth
    if truth is not None and sign:
        truth = truth.fill_null(value=sign > 0)
    found: Rail = kind.answered(
        either((said.yes, both((said.blank, sign > 0)))),
        either((said.no, both((said.blank, sign < 0)))),
        truth,
    )
    return found


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


class Place(NamedTuple):
    """What a frame is called in an error, and the numbers of its rows.

    They count from ``first``, or are ``lines`` where rows were left out between them.
    """

    file: str = "frame"
    first: int = 1
    lines: Sequence[int] = ()

    def line(self, row: int) -> int:
        """Return the number of a row, the first of which is 0."""
        return self.lines[row] if self.lines else self.first + row


class Plan(NamedTuple):
    """What to work out, in order: codes of texts, stages of planes, then the verdict.

    ``unreadable`` says by criterion id where a cell cannot be read.
    """

    codes: list[nw.Expr]
    stages: list[list[nw.Expr]]
    columns: Columns
    unreadable: dict[str, nw.Expr]


def plan_for(
    catalog: Catalog, voice: str, schema: nw.Schema, names: Mapping[str, str], kind: Kind = Nullable
) -> Plan:
    """Return how to classify a frame; ``names`` is the column of each criterion that has one."""
    types = {key: kind_of(schema[column]) for key, column in names.items()}
    found: dict[str, Cells] = {key: cells(names[key], of) for key, of in types.items()}
    codes = [code(catalog, names[key]) for key, of in types.items() if of == "text"]
    frame = Frame(catalog, voice, given(catalog, voice, found, kind))
    unread = {key: cell.unreadable for key, cell in found.items()}
    doubtful = {key: plane for key, plane in unread.items() if not isinstance(plane, bool)}
    return Plan(codes, [made for made in frame.stages.made if made], verdict(frame), doubtful)


def refuse_types(schema: Mapping[str, object], names: Mapping[str, str], place: Place) -> None:
    """Raise ``DataError`` for every column whose type holds no answers."""
    said = "no answers can be read from this type; use truth values, 1 and 0, or texts"
    bad = [column for column in names.values() if not kind_of(schema[column])]
    if bad:
        raise DataError(Fault(place.file, 0, column, str(schema[column]), said) for column in bad)


def remedy(note: str = "") -> str:
    """Return what to do about a cell that cannot be read."""
    text = "no answer is spelt so; write yes, no or unknown, or leave it blank"
    return f"{text} ({note})" if note else text

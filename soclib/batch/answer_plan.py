"""How a frame is classified: which columns are read, decoded how, and the planes of the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from soclib.batch.answer_columns import Cells, cells, code, given, kind_of
from soclib.batch.rails import Kind, Nullable
from soclib.batch.verdict_columns import Columns, Frame, verdict
from soclib.model import Catalog
from soclib.rows import DataError, Fault

if TYPE_CHECKING:
    import narwhals as nw

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

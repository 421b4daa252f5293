"""The fields of a declared record: ``column.text("what it means")`` and its like.

Each is a kind of ``kinds`` under the name that reads well in a record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, ParamSpec

from soclib.tables import kinds

P = ParamSpec("P")


def _specifier(kind: Callable[P, kinds.Kind]) -> Callable[P, Any]:
    """Return the function that declares a field of one kind."""

    def declare(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - stands for the value
        return field(metadata={"kind": kind(*args, **kwargs)})

    return declare


ident = _specifier(kinds.Ident)
text = _specifier(kinds.Text)
texts = _specifier(kinds.Texts)
matching = _specifier(kinds.Matching)
brief = _specifier(kinds.Brief)
whole = _specifier(kinds.Whole)
decimal = _specifier(kinds.Decimal)
day = _specifier(kinds.Day)
one_of = _specifier(kinds.OneOf)
some_of = _specifier(kinds.SomeOf)
yes_no = _specifier(kinds.YesNo)
pairs = _specifier(kinds.Pairs)
ref = _specifier(kinds.Ref)
refs = _specifier(kinds.Refs)
voices = _specifier(kinds.Voices)
wide = _specifier(kinds.Wide)
further = _specifier(kinds.Further)
origin = _specifier(kinds.Origin)

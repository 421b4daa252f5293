"""Where something is true in the rows of a data frame, as expressions that are never null.

A plane is a Boolean expression, or a plain truth value where the tables or a missing column settle
it for every row; those are folded away.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

import narwhals as nw

Plane = nw.Expr | bool


def both(planes: Iterable[Plane]) -> Plane:
    """Return where all of some planes are true."""
    return _folded(planes, neutral=True)


def either(planes: Iterable[Plane]) -> Plane:
    """Return where any of some planes is true."""
    return _folded(planes, neutral=False)


def negated(plane: Plane) -> Plane:
    """Return where a plane is false."""
    return not plane if isinstance(plane, bool) else ~plane


def _folded(planes: Iterable[Plane], *, neutral: bool) -> Plane:
    """Return the AND (neutral: true) or OR of planes, plain truth values folded away."""
    left: list[nw.Expr] = []
    for plane in planes:
        if not isinstance(plane, bool):
            left.append(plane)
        elif plane is not neutral:
            return plane
    return reduce(and_ if neutral else or_, left) if left else neutral

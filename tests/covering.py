"""A few rows that hold every pair of choices, where all rows would be too many."""

from __future__ import annotations

from functools import partial
from itertools import combinations, product


def pairwise_rows(choices):
    """Return rows in which any two names take each two of their values, at least once.

    ``choices`` are the values of each name. A row starts from the first pair that is still
    missing; every further name takes the value that adds the most pairs to it.
    """
    columns = [[(name, value) for value in values] for name, values in choices.items()]
    missing = dict.fromkeys(
        frozenset(pair) for one, other in combinations(columns, 2) for pair in product(one, other)
    )
    rows = []
    while missing:
        row = set(next(iter(missing)))
        for column in columns:
            if not row & set(column):
                row.add(max(column, key=partial(_pairs_added, row, missing)))
        for pair in combinations(row, 2):
            missing.pop(frozenset(pair), None)
        cells = dict(row)
        rows.append({name: cells[name] for name in choices})
    return rows


def _pairs_added(row, missing, cell):
    return sum(frozenset((cell, other)) in missing for other in row)

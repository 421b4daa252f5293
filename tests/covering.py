"""A few rows that hold every pair of choices or meet every rule, where all would be too many."""

from __future__ import annotations

from functools import partial
from itertools import combinations, product

from soclib.tables.rows import NO, YES


def meeting(rule, criteria):
    """Return the answers that meet a rule, and no others."""
    named = [c for c in criteria if c.bit & (rule.yes | rule.no)]
    return {c.criterion_id: YES if c.bit & rule.yes else NO for c in named}


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

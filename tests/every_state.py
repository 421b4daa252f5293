"""Every partial answer to some criteria at once, as arrays of NumPy with one place per state.

A state has a number in base three, as in ``soclib.audit``: the first criterion is the fastest
digit; 0 is no, 1 is yes, 2 is unknown. The audit keeps a set of states as the bits of one integer.
``test_audit`` proves that what is read from its sets is what single cases give, in every state.
"""

from __future__ import annotations

import numpy as np

from soclib.verdict.logic import bits
from soclib.verdict.proof import kleene

NO, YES, UNKNOWN = 0, 1, 2


def digits(count):
    """Return the digits of every state, one row per criterion."""
    places = 3 ** np.arange(count)
    return (np.arange(3**count) // places[:, None] % 3).astype(np.int8)


def masks(names):
    """Return what is yes and what is no in every state, as two lists of masks."""
    found, weights = digits(len(names)), np.array(names, np.int64)
    return tuple((weights @ (found == digit)).tolist() for digit in (YES, NO))


def among(states, count):
    """Return whether each state belongs to a set of the audit."""
    size = 3**count
    packed = np.frombuffer(states.to_bytes(size // 8 + 1, "little"), np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").astype(bool)


def values(outcome, names):
    """Return +1 (yes), 0 (open) or -1 (no) of an outcome in every state."""
    yes, no = (among(states, len(names)).astype(np.int8) for states in kleene(outcome, names))
    return yes - no


def standings(report):
    """Return the subject, the demand and the status of a report in every state of its criteria."""
    names = bits(report.mask)
    subject, demand = values(report.subject, names), values(report.demand, names)
    doubt = np.any([values(outcome, names) == 1 for outcome in report.contradictions], axis=0)
    sides = (-1, 0, 1)
    square = np.array([[report.square[at, by].status_id for by in sides] for at in sides])
    return subject, demand, square[np.where(doubt, 0, subject) + 1, demand + 1]

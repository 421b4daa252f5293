"""How much work something is: counted, and not timed, as a machine may be busy."""

from __future__ import annotations

import sys


def steps(work):
    """Return how many lines of Python some work runs."""
    count = 0

    def trace(_frame, _event, _arg):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count

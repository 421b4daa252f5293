"""Rows of the table of results: how they are made and written."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """A limit: the value is to be at most, or at least, this number."""

    sign: str
    limit: float

    def reached(self, value: float) -> bool:
        """Return whether a value keeps the limit."""
        return value <= self.limit if self.sign == "<=" else value >= self.limit

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a ratio has the unit ``x``, a remark has words for a value."""

    part: str
    measure: str
    value: float | str
    unit: str = ""
    target: Target | None = None

    @property
    def reached(self) -> str:
        """Return yes or no, or nothing where there is no target."""
        if self.target is None:
            return ""
        kept = not isinstance(self.value, str) and self.target.reached(self.value)
        return "yes" if kept else "no"

    def cells(self) -> tuple[str, ...]:
        """Return the row as texts."""
        value = self.value if isinstance(self.value, str) else shown(self.value)
        target = str(self.target or "")
        return (self.part, self.measure, value, self.unit, target, self.reached)

    def plain(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return {**asdict(self), "target": str(self.target or ""), "reached": self.reached}


HEAD = ("part", "measure", "value", "unit", "target", "reached")
RIGHT = HEAD.index("value")
WHOLE = 100  # from here on a number needs no decimals


def at_most(limit: float) -> Target:
    """Return the target that a value stays at or below a limit."""
    return Target("<=", limit)


def at_least(limit: float) -> Target:
    """Return the target that a value stays at or above a limit."""
    return Target(">=", limit)


def shown(number: float) -> str:
    """Return a number with as many digits as mean something."""
    return f"{number:,.0f}" if isinstance(number, int) or number >= WHOLE else f"{number:.2f}"


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 values do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def processor_seconds() -> float:
    """Return the processor seconds of all child processes that have ended, theirs included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def table(rows: Sequence[Row]) -> str:
    """Return the rows as one table of text, ratios first."""
    ordered = sorted(rows, key=lambda row: row.unit != "x")
    lines = [HEAD, *(row.cells() for row in ordered)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [
        cell.rjust(width) if place == RIGHT else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()

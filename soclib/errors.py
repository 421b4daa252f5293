"""The errors of tables, answers and files, and the sentence that names the nearest valid word."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class SaveError(ValueError):
    """Something cannot be saved: unknown suffix, missing library, or content that does not fit."""


def missing_library(package: str, path: str | Path, extra: str = "office") -> SaveError:
    """Return the error for a library that a suffix needs and that is not installed."""
    name = Path(path).name
    return SaveError(f'{name}: needs {package}; install it with: pip install "soclib[{extra}]"')


class AnswerError(ValueError):
    """An answer cannot be used: unknown criterion, answer or voice."""


def did_you_mean(what: str, value: object, known: object) -> str:
    """Return the sentence on an unknown value, with the nearest valid one and the list of all."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed for an error

    options = list(known)  # type: ignore[call-overload]
    near = get_close_matches(str(value).strip().lower(), options, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"unknown {what}: {value!r:.80}{hint} Valid: {', '.join(options)}"


class Fault(NamedTuple):
    """One thing wrong with one cell, and what to do about it."""

    file: str
    line: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        where = f"{self.file} line {self.line}"
        return f"{where}, column {self.column}: {self.value!r}: {self.remedy}"


class DataError(ValueError):
    """The tables cannot be used; ``faults`` lists every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} fault{'s' * (count != 1)} in the tables; nothing was loaded"
        super().__init__("\n".join([head, *map(str, self.faults)]))

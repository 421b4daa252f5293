"""Which column of the user's table answers which criterion, found by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.vendors.tables import VENDORS, plain_header
from soclib.verdict.tables import VERDICT


class ColumnMatch(NamedTuple):
    """Which columns are read (``columns`` by criterion id), and which are not.

    ``near`` names, for a column that is not read, the criterion whose name is most similar.
    """

    columns: dict[str, str]
    not_read: tuple[str, ...]
    near: dict[str, str]

    def __str__(self) -> str:
        """Return what is read and what is not, one column per line."""
        lines = [f"{column}: read as {key}" for key, column in self.columns.items()]
        for column in self.not_read:
            hint = f"; like {self.near[column]}?" if column in self.near else ""
            lines.append(f"{column}: not read{hint}")
        return "\n".join(lines)


def match_columns(names: Iterable[str], catalog: Catalog | None = None) -> ColumnMatch:
    """Return which criteria the named columns answer.

    A column is found by the id or the question of a criterion, or by one of its usual headers;
    capitals, blanks and punctuation do not matter. Where two columns name the same criterion, the
    one named by its id is read; without one ``AnswerError`` asks for a choice.
    """
    catalog = catalog or load_catalog()
    headers = catalog.part(VENDORS).headers
    candidates: dict[str, list[str]] = {}
    columns = list(names)
    for column in columns:
        if key := headers.get(plain_header(column)):
            candidates.setdefault(key, []).append(column)
    chosen = {key: _only(key, candidates[key]) for key in _ids(catalog) if key in candidates}
    not_read = tuple(column for column in columns if column not in chosen.values())
    return ColumnMatch(chosen, not_read, dict(_near(not_read, headers)))


def _only(criterion_id: str, columns: list[str]) -> str:
    if len(columns) == 1 or criterion_id in columns:
        return criterion_id if criterion_id in columns else columns[0]
    named = " and ".join(repr(column) for column in columns)
    message = (
        f"{named} both name {criterion_id}; say which one answers it: "
        f"columns={{{criterion_id!r}: {columns[0]!r}}}"
    )
    raise AnswerError(message)


def _near(columns: Iterable[str], headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column in columns:
        if near := get_close_matches(plain_header(column), headers, n=1, cutoff=0.8):
            yield column, headers[near[0]]


def _ids(catalog: Catalog) -> list[str]:
    return [criterion.criterion_id for criterion in catalog.part(VERDICT).criteria]


def chosen_columns(
    columns: Mapping[str, str] | None, names: list[str], file: str, catalog: Catalog
) -> dict[str, str]:
    """Return the columns to read, by criterion id: those that the user named, or found by name.

    Raises ``AnswerError`` for an unknown criterion or column, and where none is found.
    """
    if columns is None:
        matched = match_columns(names, catalog).columns
        if not matched:
            there = ", ".join(names) or "none"
            message = (
                f"{file}: no column answers a criterion (columns found: {there}); name them: "
                f"columns={{'holds_customer_data': 'your column'}}"
            )
            raise AnswerError(message)
        return matched
    for criterion_id, column in columns.items():
        if criterion_id not in _ids(catalog):
            raise AnswerError(did_you_mean("criterion", criterion_id, _ids(catalog)))
        if column not in names:
            raise AnswerError(did_you_mean(f"column for {criterion_id} in {file}", column, names))
    return dict(columns)

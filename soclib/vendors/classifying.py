"""Many cases at once: the rules as expressions over any data frame that Narwhals knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, DataError, Fault, did_you_mean
from soclib.tables.rows import VOICES
from soclib.vendors.answers import UNREADABLE, Place, Plan, plan_for, refuse_types, remedy
from soclib.vendors.headers import chosen_columns
from soclib.vendors.in_memory import classify_in_memory
from soclib.vendors.rails import Plane
from soclib.vendors.verdicts import JOINT, Part
from soclib.vendors.verdicts import columns as added_columns

SHOWN = 1000  # unreadable cells of a column that are listed one by one


def classify(  # noqa: PLR0913 - one keyword for each choice
    frame: Any,  # noqa: ANN401 - any data frame
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    check: bool = True,
    place: Place | None = None,
    catalog: Catalog | None = None,
) -> Any:  # noqa: ANN401 - the same type
    """Return a frame with the verdict of every row added, the same as ``decide`` gives.

    ``frame`` may be of pandas, Polars (lazy too), PyArrow, DuckDB or PySpark; the same type comes
    back, and what is lazy stays lazy. ``columns`` names the column of each criterion; without it
    columns are found by name (``match_columns``). A blank cell takes the assumed answer. What is
    added is text as in ``classified.row_of``: categories in pandas, dictionaries in PyArrow.

    Cells that cannot be read are refused before anything is classified, with row and column, in one
    ``DataError``; a lazy frame is queried for them. With ``check`` off they count as unknown and
    are named in a column ``unreadable``. Raises ``AnswerError`` for columns that do not fit.
    """
    catalog, place = catalog or load_catalog(), place or Place()
    if voice not in VOICES:
        raise AnswerError(did_you_mean("voice", voice, VOICES))
    held = _known(frame)
    names = held.collect_schema().names()
    chosen = chosen_columns(columns, names, place.file, catalog)
    _refuse_names(names, (*added_columns(catalog), *(() if check else (UNREADABLE,))), place)
    work = _classify_lazily if isinstance(held, nw.LazyFrame) else classify_in_memory
    return work(held, chosen, voice, place, catalog, check=check)


def _known(frame: Any) -> Any:  # noqa: ANN401 - any data frame
    try:
        return nw.from_native(frame)
    except TypeError:
        name = f"{type(frame).__module__}.{type(frame).__name__}"
        message = f"{name} is no data frame; use one of pandas, Polars, PyArrow, DuckDB or PySpark"
        raise AnswerError(message) from None


def _refuse_names(names: Sequence[str], added: Sequence[str], place: Place) -> None:
    if taken := [name for name in added if name in names]:
        message = f"{place.file}: has a column {', '.join(taken)} already; rename or drop it"
        raise AnswerError(message)


# --- lazy frames -------------------------------------------------------------------------------


def _classify_lazily(  # noqa: PLR0913 - as above
    frame: nw.LazyFrame[Any],
    names: Mapping[str, str],
    voice: str,
    place: Place,
    catalog: Catalog,
    *,
    check: bool,
) -> Any:  # noqa: ANN401 - the same type
    schema = frame.collect_schema()
    refuse_types(schema, names, place)
    plan = plan_for(catalog, voice, schema, names)
    found = frame.with_columns(*plan.codes) if plan.codes else frame
    if check and plan.unreadable:
        _refuse_cells(found, plan, names, place)
    for made in plan.stages:
        found = found.with_columns(*made)
    texts = [
        *(_chosen(planes).alias(key) for key, planes in plan.columns.statuses.items()),
        *(_listed(parts).alias(key) for key, parts in plan.columns.lists.items()),
    ]
    if not check:
        texts.append(_listed(list(plan.unreadable.items())).alias(UNREADABLE))
    return found.select(*(nw.col(name) for name in schema.names()), *texts).to_native()


def _refuse_cells(
    frame: nw.LazyFrame[Any], plan: Plan, names: Mapping[str, str], place: Place
) -> None:
    """Ask once whether every cell can be read, and where not, for the values that cannot."""
    counts = [plane.cast(nw.Int64).sum().alias(key) for key, plane in plan.unreadable.items()]
    [found] = frame.select(*counts).collect().rows(named=True)
    faults = [
        Fault(place.file, 0, names[key], str(value), remedy("no numbers for rows of a lazy frame"))
        for key, plane in plan.unreadable.items()
        if found[key]
        for value in _values(frame, names[key], plane)
    ]
    if faults:
        raise DataError(faults)


def _values(frame: nw.LazyFrame[Any], column: str, plane: nw.Expr) -> list[Any]:
    values = frame.filter(plane).select(nw.col(column)).unique().head(SHOWN).collect()
    found: list[Any] = values[column].to_list()
    return found


def _chosen(planes: Mapping[str, Plane]) -> nw.Expr:
    """Return the id whose plane holds; one of them does in every row."""
    last, *others = [key for key, plane in planes.items() if plane is not False]
    found = nw.lit(last)
    for key in others:
        plane = planes[key]
        if isinstance(plane, bool):
            return nw.lit(key)
        found = nw.when(plane).then(nw.lit(key)).otherwise(found)
    return found


def _listed(parts: Sequence[Part]) -> nw.Expr:
    """Return the ids whose planes hold, in order and joined."""
    shown = [
        nw.lit(key) if isinstance(plane, bool) else nw.when(plane).then(nw.lit(key))
        for key, plane in parts
        if plane is not False
    ]
    return nw.concat_str(shown, separator=JOINT, ignore_nulls=True) if shown else nw.lit("")

"""A verdict for every row of a data frame, of any library that Narwhals knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, DataError, Fault, did_you_mean
from soclib.tables.rows import VOICES
from soclib.vendors.answers import (
    UNREADABLE,
    ClassificationPlan,
    RowPlace,
    plan_for,
    refuse_types,
    remedy,
)
from soclib.vendors.column_matching import chosen_columns
from soclib.vendors.in_memory import classify_in_memory
from soclib.vendors.kleene_columns import Condition
from soclib.vendors.verdicts import JOINT, ListItem, added_columns

SHOWN = 1000  # unreadable cells of a column that are listed one by one


def classify(  # noqa: PLR0913 - one keyword for each choice
    frame: Any,  # noqa: ANN401 - any data frame
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    check: bool = True,
    place: RowPlace | None = None,
    catalog: Catalog | None = None,
) -> Any:  # noqa: ANN401 - the same type
    """Return a frame with the verdict of every row added, the same as ``decide`` gives.

    ``frame`` may be of pandas, Polars (lazy too), PyArrow, DuckDB or PySpark; the same type comes
    back, and what is lazy stays lazy. ``columns`` names the column of each criterion; without it
    columns are found by their names (``match_columns``). A blank cell takes the assumed answer.
    The new columns hold texts as in ``verdict_row``: categories in pandas, dictionaries in PyArrow.

    Cells that cannot be read are refused before anything is classified: one ``DataError`` names
    each with its row and column; a lazy frame is queried for them. With ``check`` off they count as
    unknown, and a column ``unreadable`` names their criteria. Raises ``AnswerError`` for columns
    that do not fit.
    """
    catalog, place = catalog or load_catalog(), place or RowPlace()
    if voice not in VOICES:
        raise AnswerError(did_you_mean("voice", voice, VOICES))
    narwhal_frame = _narwhal_frame(frame)
    names = narwhal_frame.collect_schema().names()
    chosen = chosen_columns(columns, names, place.file, catalog)
    _refuse_names(names, (*added_columns(catalog), *(() if check else (UNREADABLE,))), place)
    classify_frame = (
        _classify_lazily if isinstance(narwhal_frame, nw.LazyFrame) else classify_in_memory
    )
    return classify_frame(narwhal_frame, chosen, voice, place, catalog, check=check)


def _narwhal_frame(frame: Any) -> Any:  # noqa: ANN401 - any data frame
    try:
        return nw.from_native(frame)
    except TypeError:
        name = f"{type(frame).__module__}.{type(frame).__name__}"
        message = f"{name} is no data frame; use one of pandas, Polars, PyArrow, DuckDB or PySpark"
        raise AnswerError(message) from None


def _refuse_names(names: Sequence[str], added: Sequence[str], place: RowPlace) -> None:
    if taken := [name for name in added if name in names]:
        message = f"{place.file}: has a column {', '.join(taken)} already; rename or drop it"
        raise AnswerError(message)


# --- lazy frames -------------------------------------------------------------------------------


def _classify_lazily(  # noqa: PLR0913 - as above
    frame: nw.LazyFrame[Any],
    names: Mapping[str, str],
    voice: str,
    place: RowPlace,
    catalog: Catalog,
    *,
    check: bool,
) -> Any:  # noqa: ANN401 - the same type
    schema = frame.collect_schema()
    refuse_types(schema, names, place)
    plan = plan_for(catalog, voice, schema, names)
    widened = frame.with_columns(*plan.codes) if plan.codes else frame
    if check and plan.unreadable:
        _refuse_cells(widened, plan, names, place)
    for stage in plan.stages:
        widened = widened.with_columns(*stage)
    texts = [
        *(_status(conditions).alias(key) for key, conditions in plan.columns.statuses.items()),
        *(_joined_ids(items).alias(key) for key, items in plan.columns.lists.items()),
    ]
    if not check:
        texts.append(_joined_ids(list(plan.unreadable.items())).alias(UNREADABLE))
    return widened.select(*(nw.col(name) for name in schema.names()), *texts).to_native()


def _refuse_cells(
    frame: nw.LazyFrame[Any], plan: ClassificationPlan, names: Mapping[str, str], place: RowPlace
) -> None:
    """Raise ``DataError`` for the values that cannot be read; one query finds whether any are."""
    counts = [
        condition.cast(nw.Int64).sum().alias(key) for key, condition in plan.unreadable.items()
    ]
    [unreadable] = frame.select(*counts).collect().rows(named=True)
    faults = [
        Fault(place.file, 0, names[key], str(value), remedy("no numbers for rows of a lazy frame"))
        for key, condition in plan.unreadable.items()
        if unreadable[key]
        for value in _values(frame, names[key], condition)
    ]
    if faults:
        raise DataError(faults)


def _values(frame: nw.LazyFrame[Any], column: str, condition: nw.Expr) -> list[Any]:
    values = frame.filter(condition).select(nw.col(column)).unique().head(SHOWN).collect()
    listed: list[Any] = values[column].to_list()
    return listed


def _status(conditions: Mapping[str, Condition]) -> nw.Expr:
    """Return the id whose condition holds; exactly one does in every row."""
    last, *others = [key for key, condition in conditions.items() if condition is not False]
    chosen = nw.lit(last)
    for key in others:
        condition = conditions[key]
        if isinstance(condition, bool):
            return nw.lit(key)
        chosen = nw.when(condition).then(nw.lit(key)).otherwise(chosen)
    return chosen


def _joined_ids(items: Sequence[ListItem]) -> nw.Expr:
    """Return the ids whose conditions hold, in order and joined."""
    ids = [
        nw.lit(key) if isinstance(condition, bool) else nw.when(condition).then(nw.lit(key))
        for key, condition in items
        if condition is not False
    ]
    return nw.concat_str(ids, separator=JOINT, ignore_nulls=True) if ids else nw.lit("")

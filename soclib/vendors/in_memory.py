"""The verdicts of a frame in memory.

A verdict is first one number per row and column, and each different number becomes a text once:
texts are what costs time and memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import narwhals as nw

from soclib.catalog import Catalog
from soclib.errors import DataError, Fault
from soclib.vendors.answers import (
    UNREADABLE,
    ClassificationPlan,
    RowPlace,
    plain_value,
    plan_for,
    refuse_types,
    remedy,
)
from soclib.vendors.kleene_columns import Condition, YesNoColumns
from soclib.vendors.verdicts import JOINT, ListItem

BYTE = 8  # conditions in one byte
TABLE = 1 << 16  # smaller numbers are looked up in a table, larger ones replaced one by one
EagerFrame = nw.DataFrame[Any]
TextOfNumber = Callable[[int], str]


def classify_in_memory(  # noqa: PLR0913 - as in classify
    frame: EagerFrame,
    names: Mapping[str, str],
    voice: str,
    place: RowPlace,
    catalog: Catalog,
    *,
    check: bool,
) -> Any:  # noqa: ANN401 - the same type
    """Return a frame with the verdict of every row added, as ``classify`` describes."""
    answers = _answers(frame, names, place)
    own = {key: key for key in names}
    refuse_types({names[key]: dtype for key, dtype in answers.schema.items()}, names, place)
    engine = _engine(answers)
    plan = plan_for(catalog, voice, answers.schema, own, YesNoColumns)
    widened = engine.with_columns(*plan.codes) if plan.codes else engine
    if check and plan.unreadable:
        _refuse_cells(widened, plan, frame, names, place)
    for stage in plan.stages:
        widened = widened.with_columns(*stage)
    lists = plan.columns.lists | ({} if check else {UNREADABLE: list(plan.unreadable.items())})
    numbers = {
        **{key: _status_place(conditions) for key, conditions in plan.columns.statuses.items()},
        **{key: _bit_set(items) for key, items in lists.items()},
    }
    texts_of: dict[str, TextOfNumber] = {
        **{key: list(conditions).__getitem__ for key, conditions in plan.columns.statuses.items()},
        **{key: _text_of(items) for key, items in lists.items()},
    }
    computed = _numbers(widened, numbers, len(frame))
    return _with_texts(frame, {key: (computed[key], texts_of[key]) for key in numbers})


def _engine(answers: EagerFrame) -> Any:  # noqa: ANN401 - a frame, lazy or not
    """Return the answers for the fastest engine: a lazy Polars frame where it is installed."""
    return answers.lazy(backend="polars") if find_spec("polars") else answers


def _numbers(widened: Any, numbers: Mapping[str, nw.Expr], rows: int) -> EagerFrame:  # noqa: ANN401
    """Return one number per row and column; constant numbers are repeated for every row."""
    selected = widened.select(*(expr.alias(key) for key, expr in numbers.items()))
    computed: EagerFrame = selected.collect() if isinstance(selected, nw.LazyFrame) else selected
    return computed if len(computed) == rows else computed[[0] * rows]


# --- what is read ------------------------------------------------------------------------------


def _answers(frame: EagerFrame, names: Mapping[str, str], place: RowPlace) -> EagerFrame:
    """Return the columns that are read, named by criterion id; Python objects become texts."""
    picked = frame.select(**{key: nw.col(column) for key, column in names.items()})
    objects = [key for key, dtype in picked.schema.items() if dtype == nw.Object]
    faults: list[Fault] = []
    for key in objects:
        texts = [plain_value(value) for value in picked[key].to_list()]
        faults += _unreadable(picked[key].to_list(), texts, names[key], place)
        if not faults:
            series = nw.new_series(key, texts, nw.String, backend=picked.implementation)
            picked = picked.with_columns(_aligned(series, picked))
    if faults:
        raise DataError(faults)
    return picked


def _aligned(series: Any, frame: EagerFrame) -> Any:  # noqa: ANN401 - a Narwhals series
    """Return a series with the index of a frame, where frames have one."""
    index = nw.maybe_get_index(frame)
    return series if index is None else nw.maybe_set_index(series, index=index)


def _unreadable(
    values: Sequence[object], texts: Sequence[str | None], column: str, place: RowPlace
) -> Iterator[Fault]:
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        if text is None:
            yield Fault(
                place.file, place.line(row), column, str(value), remedy(type(value).__name__)
            )


def _refuse_cells(
    widened: Any,  # noqa: ANN401 - a frame, lazy or not
    plan: ClassificationPlan,
    frame: EagerFrame,
    names: Mapping[str, str],
    place: RowPlace,
) -> None:
    """Raise ``DataError`` for every cell that cannot be read."""
    conditions = plan.unreadable
    selected = widened.select(*(condition.alias(key) for key, condition in conditions.items()))
    bad = selected.collect() if isinstance(selected, nw.LazyFrame) else selected
    faults = [
        Fault(place.file, place.line(at), names[key], str(value), remedy())
        for key in conditions
        for at, value in _cells_at(frame[names[key]], bad[key].arg_true().to_list())
    ]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))


def _cells_at(cells: Any, places: list[int]) -> list[tuple[int, object]]:  # noqa: ANN401 - a series
    return list(zip(places, cells[places].to_list(), strict=True)) if places else []


# --- numbers and texts -------------------------------------------------------------------------


def _status_place(conditions: Mapping[str, Condition]) -> nw.Expr:
    """Return the place of the condition that holds; exactly one does in every row."""
    return _sum(
        [
            _weighted(condition, place)
            for place, condition in enumerate(conditions.values())
            if place
        ]
    )


def _bit_set(items: Sequence[ListItem]) -> nw.Expr:
    """Return a number with one bit per item, computed byte by byte."""
    groups = [items[at : at + BYTE] for at in range(0, len(items), BYTE)]
    sums = [
        _sum([_weighted(condition, 1 << bit) for bit, (_, condition) in enumerate(group)])
        for group in groups
    ]
    if len(sums) < 2:  # noqa: PLR2004 - one byte needs no more
        return _sum(sums)
    wide = [byte.cast(nw.Int64) * (1 << BYTE * place) for place, byte in enumerate(sums)]
    return _sum(wide)


def _weighted(condition: Condition, number: int) -> nw.Expr:
    weight = nw.lit(number, nw.UInt8)
    if isinstance(condition, bool):
        return nw.lit(number * condition, nw.UInt8)
    return condition.cast(nw.UInt8) * weight


def _sum(numbers: list[nw.Expr]) -> nw.Expr:
    """Return the sum of expressions, added in pairs so that no chain grows long."""
    while len(numbers) > 1:
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        left = numbers[-1:] if len(numbers) % 2 else []
        numbers = [*(one + two for one, two in pairs), *left]
    return numbers[0] if numbers else nw.lit(0, nw.UInt8)


def _text_of(items: Sequence[ListItem]) -> TextOfNumber:
    ids = [key for key, _condition in items]
    return lambda number: JOINT.join(key for bit, key in enumerate(ids) if number >> bit & 1)


def _with_texts(frame: EagerFrame, columns: Mapping[str, tuple[Any, TextOfNumber]]) -> Any:  # noqa: ANN401 - the native frame
    """Return the native frame with new columns, in the type each library has for repeated texts."""
    native, kind = frame.to_native(), frame.implementation
    picked = {key: _places_and_texts(*column) for key, column in columns.items()}
    if kind.is_pandas():
        return native.assign(**{key: _categories(*column) for key, column in picked.items()})
    if kind.is_pyarrow():
        for key, column in picked.items():
            native = native.append_column(key, _dictionary(*column))
        return native
    added = (_categorical(*column).alias(key) for key, column in picked.items())
    return frame.with_columns(added).to_native()


def _places_and_texts(
    numbers: Any,  # noqa: ANN401 - a series
    text_of: TextOfNumber,
) -> tuple[Any, list[str]]:
    """Return the place of each number's text in a list, and that list, each text once."""
    distinct = numbers.unique().sort().to_list()
    texts = [text_of(number) for number in distinct]
    if distinct and distinct[-1] < TABLE:
        table = [0] * (distinct[-1] + 1)
        for place, number in enumerate(distinct):
            table[number] = place
        lookup = nw.new_series("places", table, nw.UInt32, backend=numbers.implementation)
        return lookup[numbers], texts
    places = list(range(len(distinct)))
    return numbers.replace_strict(distinct, places, return_dtype=nw.UInt32), texts


def _categories(places: Any, texts: list[str]) -> Any:  # noqa: ANN401 - a series
    import pandas as pd  # noqa: PLC0415 - loaded already, where the frame is one of pandas

    known = pd.Index(texts, dtype="str")
    return pd.Categorical.from_codes(places.to_numpy().astype("int32"), known, validate=False)


def _dictionary(places: Any, texts: list[str]) -> Any:  # noqa: ANN401 - a series
    import pyarrow as pa  # noqa: PLC0415 - as above

    indices = pa.array(places.to_numpy()).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))


def _categorical(places: Any, texts: list[str]) -> Any:  # noqa: ANN401 - a series
    series = nw.new_series("texts", texts, nw.String, backend=places.implementation)
    return series.cast(nw.Categorical)[places]

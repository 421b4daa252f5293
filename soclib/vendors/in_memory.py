"""A frame in memory, classified.

A verdict is first one number per row and column, and each number becomes a text once; texts are
what costs, in time and in memory.
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
    Place,
    Plan,
    plain_value,
    plan_for,
    refuse_types,
    remedy,
)
from soclib.vendors.rails import Plane, TwoPlanes
from soclib.vendors.verdicts import JOINT, Part

BYTE = 8  # planes that become one byte
TABLE = 1 << 16  # numbers below it are places in a table of texts as they are
Frame = nw.DataFrame[Any]
Reading = Callable[[int], str]


def classify_in_memory(  # noqa: PLR0913 - as in classify
    frame: Frame,
    names: Mapping[str, str],
    voice: str,
    place: Place,
    catalog: Catalog,
    *,
    check: bool,
) -> Any:  # noqa: ANN401 - the same type
    """Return a frame with the verdict of every row added; as ``classify``, which describes it."""
    answers = _answers(frame, names, place)
    own = {key: key for key in names}
    refuse_types({names[key]: dtype for key, dtype in answers.schema.items()}, names, place)
    engine = _engine(answers)
    plan = plan_for(catalog, voice, answers.schema, own, TwoPlanes)
    found = engine.with_columns(*plan.codes) if plan.codes else engine
    if check and plan.unreadable:
        _refuse_cells(found, plan, frame, names, place)
    for made in plan.stages:
        found = found.with_columns(*made)
    lists = plan.columns.lists | ({} if check else {UNREADABLE: list(plan.unreadable.items())})
    numbers = {
        **{key: _position(planes) for key, planes in plan.columns.statuses.items()},
        **{key: _bits(parts) for key, parts in lists.items()},
    }
    readings: dict[str, Reading] = {
        **{key: list(planes).__getitem__ for key, planes in plan.columns.statuses.items()},
        **{key: _reading(parts) for key, parts in lists.items()},
    }
    worked_out = _worked_out(found, numbers, len(frame))
    return _with_texts(frame, {key: (worked_out[key], readings[key]) for key in numbers})


def _engine(answers: Frame) -> Any:  # noqa: ANN401 - a frame, lazy or not
    """Return the answers where they are worked out fastest: by Polars where it is installed."""
    return answers.lazy(backend="polars") if find_spec("polars") else answers


def _worked_out(found: Any, numbers: Mapping[str, nw.Expr], rows: int) -> Frame:  # noqa: ANN401
    """Return one number per row and column; a frame without a column knows no rows."""
    made = found.select(*(expr.alias(key) for key, expr in numbers.items()))
    held: Frame = made.collect() if isinstance(made, nw.LazyFrame) else made
    return held if len(held) == rows else held[[0] * rows]


# --- what is read ------------------------------------------------------------------------------


def _answers(frame: Frame, names: Mapping[str, str], place: Place) -> Frame:
    """Return the columns that are read, by criterion id; Python objects as the texts they are."""
    picked = frame.select(**{key: nw.col(column) for key, column in names.items()})
    objects = [key for key, dtype in picked.schema.items() if dtype == nw.Object]
    faults: list[Fault] = []
    for key in objects:
        texts = [plain_value(value) for value in picked[key].to_list()]
        faults += _strange(picked[key].to_list(), texts, names[key], place)
        if not faults:
            made = nw.new_series(key, texts, nw.String, backend=picked.implementation)
            picked = picked.with_columns(_aligned(made, picked))
    if faults:
        raise DataError(faults)
    return picked


def _aligned(series: Any, frame: Frame) -> Any:  # noqa: ANN401 - a Narwhals series
    """Return a series with the index of a frame, where frames have one."""
    index = nw.maybe_get_index(frame)
    return series if index is None else nw.maybe_set_index(series, index=index)


def _strange(
    values: Sequence[object], texts: Sequence[str | None], column: str, place: Place
) -> Iterator[Fault]:
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        if text is None:
            yield Fault(
                place.file, place.line(row), column, str(value), remedy(type(value).__name__)
            )


def _refuse_cells(
    found: Any,  # noqa: ANN401 - a frame, lazy or not
    plan: Plan,
    frame: Frame,
    names: Mapping[str, str],
    place: Place,
) -> None:
    """Raise ``DataError`` for every cell that cannot be read."""
    planes = plan.unreadable
    made = found.select(*(plane.alias(key) for key, plane in planes.items()))
    bad = made.collect() if isinstance(made, nw.LazyFrame) else made
    faults = [
        Fault(place.file, place.line(at), names[key], str(value), remedy())
        for key in planes
        for at, value in _at(frame[names[key]], bad[key].arg_true().to_list())
    ]
    if faults:
        raise DataError(sorted(faults, key=lambda fault: fault.line))


def _at(cells: Any, places: list[int]) -> list[tuple[int, object]]:  # noqa: ANN401 - a series
    return list(zip(places, cells[places].to_list(), strict=True)) if places else []


# --- numbers and texts -------------------------------------------------------------------------


def _position(planes: Mapping[str, Plane]) -> nw.Expr:
    """Return the place of the plane that holds; one of them does in every row."""
    return _sum([_times(plane, place) for place, plane in enumerate(planes.values()) if place])


def _bits(parts: Sequence[Part]) -> nw.Expr:
    """Return a number with one bit per part, worked out byte by byte."""
    groups = [parts[at : at + BYTE] for at in range(0, len(parts), BYTE)]
    made = [_sum([_times(plane, 1 << bit) for bit, (_, plane) in enumerate(g)]) for g in groups]
    if len(made) < 2:  # noqa: PLR2004 - one byte needs no more
        return _sum(made)
    wide = [group.cast(nw.Int64) * (1 << BYTE * place) for place, group in enumerate(made)]
    return _sum(wide)


def _times(plane: Plane, number: int) -> nw.Expr:
    weight = nw.lit(number, nw.UInt8)
    if isinstance(plane, bool):
        return nw.lit(number * plane, nw.UInt8)
    return plane.cast(nw.UInt8) * weight


def _sum(numbers: list[nw.Expr]) -> nw.Expr:
    """Return the sum of expressions, added in pairs so that no chain grows long."""
    while len(numbers) > 1:
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        left = numbers[-1:] if len(numbers) % 2 else []
        numbers = [*(one + two for one, two in pairs), *left]
    return numbers[0] if numbers else nw.lit(0, nw.UInt8)


def _reading(parts: Sequence[Part]) -> Reading:
    ids = [key for key, _plane in parts]
    return lambda number: JOINT.join(key for bit, key in enumerate(ids) if number >> bit & 1)


def _with_texts(frame: Frame, columns: Mapping[str, tuple[Any, Reading]]) -> Any:  # noqa: ANN401
    """Return the native frame with its new columns, as each library keeps repeated texts."""
    native, kind = frame.to_native(), frame.implementation
    picked = {key: _shortened(*column) for key, column in columns.items()}
    if kind.is_pandas():
        return native.assign(**{key: _categories(*column) for key, column in picked.items()})
    if kind.is_pyarrow():
        for key, column in picked.items():
            native = native.append_column(key, _dictionary(*column))
        return native
    made = (_texts(*column).alias(key) for key, column in picked.items())
    return frame.with_columns(made).to_native()


def _shortened(numbers: Any, reading: Reading) -> tuple[Any, list[str]]:  # noqa: ANN401 - a series
    """Return each number's place in a list of texts, and that list: each text is made once."""
    found = numbers.unique().sort().to_list()
    texts = [reading(number) for number in found]
    if found and found[-1] < TABLE:
        table = [0] * (found[-1] + 1)
        for place, number in enumerate(found):
            table[number] = place
        made = nw.new_series("places", table, nw.UInt32, backend=numbers.implementation)
        return made[numbers], texts
    places = list(range(len(found)))
    return numbers.replace_strict(found, places, return_dtype=nw.UInt32), texts


def _categories(places: Any, texts: list[str]) -> Any:  # noqa: ANN401 - a series
    import pandas as pd  # noqa: PLC0415 - loaded already, where the frame is one of pandas

    known = pd.Index(texts, dtype="str")
    return pd.Categorical.from_codes(places.to_numpy().astype("int32"), known, validate=False)


def _dictionary(places: Any, texts: list[str]) -> Any:  # noqa: ANN401 - a series
    import pyarrow as pa  # noqa: PLC0415 - as above

    indices = pa.array(places.to_numpy()).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))


def _texts(places: Any, texts: list[str]) -> Any:  # noqa: ANN401 - a series
    made = nw.new_series("texts", texts, nw.String, backend=places.implementation)
    return made.cast(nw.Categorical)[places]

"""How fast many vendors are classified, against code by hand and against going row by row.

The frame has the quick questions and the service questions that bear on a status, as nullable
Booleans; the other criteria take their assumed answers. All ten columns are compared.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apart import apart
from rows import Row, at_least, at_most
from vendors_native import native

import soclib
from soclib.catalog import Catalog
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES
from soclib.vendors.verdicts import added_columns as added
from soclib.vendors.verdicts import verdict_row
from soclib.verdict.logic import standing
from soclib.verdict.tables import VERDICT

ROWS, CHECKED, APPLIED = 10_000_000, 20_000, 3_000
COLUMNS = 12
ROUNDS = 3
SEED = 6
CLOSE_TO_NATIVE, TIMES_FASTER = 1.5, 1_000
ENDINGS = {"coded": "one number a column, texts picked from a table", "plain": "plain texts"}
LIBRARIES = ("polars", "pyarrow")
KINDS = ("polars", "pyarrow", "pandas nullable", "pandas Arrow")
WORDS = {True: YES, False: NO, None: UNKNOWN}

Act = Callable[[], Any]


def vendor_rows() -> list[Row]:
    """Return how classify compares with native expressions and with ``df.apply``."""
    rows = [row for name in LIBRARIES for row in apart(native_rows, name)]
    speed = apart(applied)
    for kind in KINDS:
        rows += apart(kind_rows, kind, speed)
    return [*rows, *(_speed(f"df.apply, {what}", by) for what, by in speed.items())]


def criteria(catalog: Catalog) -> list[str]:
    """Return the criteria that the frame has."""
    return [criterion.criterion_id for criterion in catalog.part(VERDICT).criteria][:COLUMNS]


def made_up(rows: int) -> Any:  # noqa: ANN401 - a Polars frame
    """Return random answers, each as often yes, no or blank, the same in every run."""
    import polars as pl  # noqa: PLC0415 - an extra

    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    some = min(rows, 1_000_003)
    base = {
        name: chance.choices((True, False, None), k=some)
        for name in criteria(soclib.load_catalog())
    }
    frame = pl.DataFrame(base, schema=dict.fromkeys(base, pl.Boolean))
    return pl.concat([frame] * -(-rows // some), rechunk=True).head(rows).rechunk()


def as_kind(kind: str, frame: Any) -> Any:  # noqa: ANN401 - data frames
    """Return a Polars frame as one of another library."""
    if kind == "polars":
        return frame
    table = frame.to_arrow().combine_chunks()
    if kind == "pyarrow":
        return table
    import pandas as pd  # noqa: PLC0415 - slow to import

    if kind == "pandas Arrow":
        return table.to_pandas(types_mapper=pd.ArrowDtype)
    return table.to_pandas(types_mapper={table.schema.types[0]: pd.BooleanDtype()}.get)


# --- by hand -------------------------------------------------------------------------------------


def native_rows(library: str) -> list[Row]:
    """Return how classify compares with native expressions of one library, runs alternating."""
    catalog = soclib.load_catalog()
    frame = as_kind(library, made_up(ROWS))
    acts: dict[str, Act] = {"classify": lambda: soclib.classify(frame)}
    for ending in ENDINGS:
        acts[ending] = lambda ending=ending: native(library, frame, catalog, VOICES[0], ending)
    times = alternating(acts, ROUNDS)
    few = as_kind(library, made_up(CHECKED))
    wanted = _texts(soclib.classify(few), catalog)
    equal = [
        _texts(native(library, few, catalog, VOICES[0], ending), catalog) == wanted
        for ending in ENDINGS
    ]
    return [
        *_native_rows(library, times),
        Row(
            "vendors",
            f"{library}: both give the same, {CHECKED:,} rows",
            sum(equal) / 2,
            "share",
            at_least(1),
        ),
    ]


def alternating(acts: Mapping[str, Act], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each act, in turn, a first round to warm up left out."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(1 + rounds):
        for name, act in acts.items():
            start = time.perf_counter()
            found = act()
            times[name].append(time.perf_counter() - start)
            del found
    return {name: found[1:] for name, found in times.items()}


def _native_rows(library: str, times: Mapping[str, list[float]]) -> Iterator[Row]:
    ours = times["classify"]
    for ending, said in ENDINGS.items():
        ratio = min(ours) / min(times[ending])
        middle = statistics.median(ours) / statistics.median(times[ending])
        what = f"{library}: classify / native ({said}), {ROWS:,} rows (medians {middle:.2f})"
        yield Row("vendors", what, ratio, "x", at_most(CLOSE_TO_NATIVE))
    for name, found in times.items():
        said = "classify" if name == "classify" else f"native ({ENDINGS[name]})"
        what = f"{library}: {said}, best (median {statistics.median(found):.2f}) of {len(found)}"
        yield Row("vendors", what, min(found), "s")


def _texts(frame: Any, catalog: Catalog) -> list[list[str]]:  # noqa: ANN401 - a data frame
    read = "to_pylist" if hasattr(frame, "column_names") else "to_list"
    return [[str(cell) for cell in getattr(frame[key], read)()] for key in added(catalog)]


# --- row by row ----------------------------------------------------------------------------------


def applied() -> dict[str, float]:
    """Return the rows per second of pandas' ``apply``, for all columns and for three statuses."""
    catalog = soclib.load_catalog()
    frame = as_kind("pandas nullable", made_up(APPLIED)).astype(object)
    frame = frame.where(frame.notna(), None)
    names = criteria(catalog)
    bits = {c.criterion_id: c.bit for c in catalog.part(VERDICT).criteria}
    kept = [c for c in catalog.part(VERDICT).criteria if c.criterion_id not in names]
    base = {answer: sum(c.bit for c in kept if c.assumed == answer) for answer in (YES, NO)}
    assumed = {
        c.criterion_id: {YES: True, NO: False}.get(c.assumed or "")
        for c in catalog.part(VERDICT).criteria
    }

    def whole(row: Any) -> dict[str, str]:  # noqa: ANN401 - a row of pandas
        answers = {key: WORDS[row[key]] for key in names if row[key] is not None}
        return verdict_row(soclib.decide(answers, catalog=catalog))

    def short(row: Any) -> dict[str, str]:  # noqa: ANN401 - as above
        yes, no = base[YES], base[NO]
        for key in names:
            answer = assumed[key] if row[key] is None else row[key]
            if answer is not None:
                yes, no = (yes | bits[key], no) if answer else (yes, no | bits[key])
        return {r.report_id: standing(r, yes, no).status_id for r in catalog.part(VERDICT).reports}

    acts: dict[str, Act] = {
        "all ten columns": lambda: frame.apply(whole, axis=1, result_type="expand"),
        "three statuses only": lambda: frame.apply(short, axis=1, result_type="expand"),
    }
    times = alternating(acts, ROUNDS)
    ours = soclib.classify(frame)
    for name, act in acts.items():
        found = act()
        same = all((found[key] == ours[key].astype("str")).all() for key in found.columns)
        if not same:
            message = f"apply, {name}: another answer than classify"
            raise ValueError(message)
    return {name: APPLIED / min(found) for name, found in times.items()}


def kind_rows(kind: str, applied_speed: Mapping[str, float]) -> list[Row]:
    """Return the rows per second of classify on one kind of frame, against those of apply."""
    frame = as_kind(kind, made_up(ROWS))
    [found] = alternating({"classify": lambda: soclib.classify(frame)}, 3).values()
    by = ROWS / min(found)
    whole, short = applied_speed.items()
    what = f"{kind}: classify of {ROWS:,} rows / df.apply"
    return [
        Row("vendors", f"{what}, {whole[0]}", by / whole[1], "x", at_least(TIMES_FASTER)),
        Row("vendors", f"{what}, {short[0]}", by / short[1], "x"),
        _speed(f"{kind}: classify, all ten columns", by),
    ]


def _speed(what: str, by: float) -> Row:
    return Row("vendors", what, by, "rows/s")

"""The few words of Polars, PyArrow and Spark in which the rule table is written by hand.

Polars and PyArrow end in plain texts, as most people write them (``plain``), or in one number per
column and a table of the texts that occur (``coded``), which is as fast as they get.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from soclib.vendors.verdicts import JOINT

Value = Any  # a column or expression of the library; True, False or None where every row has that
Part = tuple[str, Value]  # an id, and where it belongs into a list


def constant(value: Value) -> bool:
    """Return whether a value is the same in every row."""
    return value is None or isinstance(value, bool)


def text_of(
    number: int, key: str, statuses: Mapping[str, list[Part]], lists: Mapping[str, list[Part]]
) -> str:
    """Return the text behind the number of a column."""
    if key in statuses:
        return statuses[key][number][0]
    return JOINT.join(name for bit, (name, _) in enumerate(lists[key]) if number >> bit & 1)


class OnPolars:
    """Expressions of Polars over one lazy frame."""

    def __init__(self, frame: Any) -> None:  # noqa: ANN401 - as everywhere here: a native frame
        import polars as pl  # noqa: PLC0415 - one library is loaded, not three

        self.pl, self.given, self.frame = pl, frame, frame.lazy()

    def column(self, name: str) -> Value:
        """Return the column of a criterion."""
        return self.pl.col(name)

    def filled(self, value: Value, instead: bool) -> Value:  # noqa: FBT001 - a value
        """Return a value, with something instead of null."""
        return value.fill_null(instead)

    def inverted(self, value: Value) -> Value:
        """Return NOT."""
        return ~value

    def null(self, value: Value) -> Value:
        """Return where a value is null."""
        return value.is_null()

    def and_(self, one: Value, two: Value) -> Value:
        """Return Kleene's AND."""
        return one & two

    def or_(self, one: Value, two: Value) -> Value:
        """Return Kleene's OR."""
        return one | two

    def unless(self, doubt: Value, value: Value) -> Value:
        """Return a value, null where there is doubt."""
        return self.pl.when(~doubt).then(value)

    def differ(self, one: Value, two: Value) -> Value:
        """Return where two values differ, null being a value."""
        return one.ne_missing(two)

    def named(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return values by the names of the columns that they became."""
        made = {name: value for name, value in values.items() if not constant(value)}
        self.frame = self.frame.with_columns(**made)
        return {name: self.pl.col(name) if name in made else values[name] for name in values}

    def plain(self, statuses: Mapping[str, list[Part]], lists: Mapping[str, list[Part]]) -> Any:  # noqa: ANN401
        """Return the frame with its verdicts as plain texts."""
        pl = self.pl
        made = {}
        for report_id, parts in statuses.items():
            found: Any = pl
            for key, where in parts:
                found = found.when(where).then(pl.lit(key))
            made[report_id] = found
        for name, parts in lists.items():
            ids = [pl.lit(k) if w is True else pl.when(w).then(pl.lit(k)) for k, w in parts]
            made[name] = pl.concat_str(ids, separator=JOINT, ignore_nulls=True) if ids else ""
        lead = self.given.columns
        return self.frame.select(*lead, **made).collect()

    def coded(self, statuses: Mapping[str, list[Part]], lists: Mapping[str, list[Part]]) -> Any:  # noqa: ANN401
        """Return the frame with its verdicts as picked texts."""
        pl = self.pl

        def number(weights: Iterable[tuple[int, Value]]) -> Any:  # noqa: ANN401
            kind = pl.UInt8 if max((w for w, _ in weights), default=0) < 1 << 7 else pl.UInt32
            terms = [
                pl.lit(weight * where, kind)
                if isinstance(where, bool)
                else where.cast(kind) * pl.lit(weight, kind)
                for weight, where in weights
            ]
            return pl.sum_horizontal(terms) if terms else pl.lit(0, kind)

        codes = {
            **{key: number(list(enumerate(w for _, w in p))) for key, p in statuses.items()},
            **{
                key: number([(1 << bit, w) for bit, (_, w) in enumerate(p)])
                for key, p in lists.items()
            },
        }
        held = self.frame.select(**codes, rows=pl.first()).collect()
        made = []
        for key in codes:
            texts = dict.fromkeys(held[key].unique().to_list(), "")
            for at in texts:
                texts[at] = text_of(at, key, statuses, lists)
            table = pl.Series([texts.get(at, "") for at in range(max(texts, default=0) + 1)])
            made.append(table.cast(pl.Categorical).gather(held[key]).alias(key))
        return self.given.with_columns(made)


class OnArrow:
    """Columns of PyArrow, each worked out at once."""

    def __init__(self, table: Any) -> None:  # noqa: ANN401 - a PyArrow table
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        self.pa, self.pc, self.table = pa, pc, table

    def column(self, name: str) -> Value:
        """Return the column of a criterion."""
        return self.table[name].combine_chunks()

    def filled(self, value: Value, instead: bool) -> Value:  # noqa: FBT001 - a value
        """Return a value, with something instead of null."""
        return self.pc.fill_null(value, instead)

    def inverted(self, value: Value) -> Value:
        """Return NOT."""
        return self.pc.invert(value)

    def null(self, value: Value) -> Value:
        """Return where a value is null."""
        return self.pc.is_null(value)

    def and_(self, one: Value, two: Value) -> Value:
        """Return Kleene's AND."""
        return self.pc.and_kleene(one, two)

    def or_(self, one: Value, two: Value) -> Value:
        """Return Kleene's OR."""
        return self.pc.or_kleene(one, two)

    def unless(self, doubt: Value, value: Value) -> Value:
        """Return a value, null where there is doubt."""
        return self.pc.if_else(doubt, self.pa.scalar(None, self.pa.bool_()), value)

    def differ(self, one: Value, two: Value) -> Value:
        """Return where two values differ, null being a value."""
        pc = self.pc
        one, two = (self.pa.scalar(v, self.pa.bool_()) if constant(v) else v for v in (one, two))
        unequal = pc.fill_null(pc.xor(one, two), False)  # noqa: FBT003 - a value
        return pc.or_(unequal, pc.xor(pc.is_null(one), pc.is_null(two)))

    def named(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return values by the names of the columns that they became."""
        return dict(values)

    def plain(self, statuses: Mapping[str, list[Part]], lists: Mapping[str, list[Part]]) -> Any:  # noqa: ANN401
        """Return the frame with its verdicts as plain texts."""
        pa, pc = self.pa, self.pc
        found = self.table
        for report_id, parts in statuses.items():
            if any(where is True for _, where in parts):
                [key] = [key for key, where in parts if where is True]
                found = found.append_column(report_id, self._every(key))
                continue
            kinds = pc.make_struct(*(w for _, w in parts), field_names=[k for k, _ in parts])
            found = found.append_column(report_id, pc.case_when(kinds, *(k for k, _ in parts)))
        for name, parts in lists.items():
            nothing = pa.scalar(None, pa.string())
            ids = [k if w is True else pc.if_else(w, k, nothing) for k, w in parts]
            found = found.append_column(name, self._joined(ids) if ids else self._every(""))
        return found

    def _joined(self, ids: list[Any]) -> Any:  # noqa: ANN401 - an array
        """Return texts joined; a blank goes first, as rows of nulls only would be dropped."""
        joined = self.pc.binary_join_element_wise("", *ids, JOINT, null_handling="skip")
        return self.pc.ascii_ltrim(joined, characters=JOINT)

    def _every(self, text: str) -> Any:  # noqa: ANN401 - an array
        return self.pa.repeat(text, self.table.num_rows)

    def coded(self, statuses: Mapping[str, list[Part]], lists: Mapping[str, list[Part]]) -> Any:  # noqa: ANN401
        """Return the frame with its verdicts as picked texts."""
        weights = {
            **{key: list(enumerate(w for _, w in p)) for key, p in statuses.items()},
            **{key: [(1 << bit, w) for bit, (_, w) in enumerate(p)] for key, p in lists.items()},
        }
        found = self.table
        for key, weighed in weights.items():
            codes = self._number(weighed).dictionary_encode()
            chunks = codes.chunks if isinstance(codes, self.pa.ChunkedArray) else [codes]
            made = [self._texts(chunk, key, statuses, lists) for chunk in chunks]
            found = found.append_column(key, self.pa.chunked_array(made))
        return found

    def _number(self, weighed: list[tuple[int, Value]]) -> Any:  # noqa: ANN401 - an array
        """Return the sum of the weights that hold, byte by byte where there are many."""
        pa, pc = self.pa, self.pc
        widest = max((weight for weight, _ in weighed), default=0)
        kind = pa.uint8() if widest < 1 << 7 else pa.uint16() if widest < 1 << 15 else pa.uint32()
        base = sum(weight for weight, where in weighed if where is True)
        terms = [
            pc.if_else(where, pa.scalar(weight, kind), pa.scalar(0, kind))
            for weight, where in weighed
            if weight and not constant(where)
        ]
        total = reduce(pc.add, terms) if terms else pa.repeat(pa.scalar(0, kind), len(self.table))
        return pc.add(total, pa.scalar(base, kind)) if base else total

    def _texts(
        self,
        codes: Any,  # noqa: ANN401 - an array
        key: str,
        statuses: Mapping[str, list[Part]],
        lists: Mapping[str, list[Part]],
    ) -> Any:  # noqa: ANN401 - an array
        texts = [text_of(at, key, statuses, lists) for at in codes.dictionary.to_pylist()]
        kept = self.pa.array(texts, self.pa.string())
        return self.pa.DictionaryArray.from_arrays(codes.indices, kept)


class OnSpark:
    """Column expressions of Spark."""

    def __init__(self, frame: Any) -> None:  # noqa: ANN401 - a Spark frame
        from pyspark.sql import functions  # noqa: PLC0415 - as above

        self.functions, self.frame, self.lead = functions, frame, frame.columns

    def column(self, name: str) -> Value:
        """Return the column of a criterion."""
        return self.functions.col(name)

    def filled(self, value: Value, instead: bool) -> Value:  # noqa: FBT001 - a value
        """Return a value, with something instead of null."""
        return self.functions.coalesce(value, self.functions.lit(instead))

    def inverted(self, value: Value) -> Value:
        """Return NOT."""
        return ~value

    def null(self, value: Value) -> Value:
        """Return where a value is null."""
        return value.isNull()

    def and_(self, one: Value, two: Value) -> Value:
        """Return Kleene's AND."""
        return one & two

    def or_(self, one: Value, two: Value) -> Value:
        """Return Kleene's OR."""
        return one | two

    def unless(self, doubt: Value, value: Value) -> Value:
        """Return a value, null where there is doubt."""
        value = self.functions.lit(value) if constant(value) else value
        return self.functions.when(~doubt, value)

    def differ(self, one: Value, two: Value) -> Value:
        """Return where two values differ, null being a value."""
        lit = self.functions.lit
        one, two = (lit(v) if constant(v) else v for v in (one, two))
        return ~one.eqNullSafe(two)

    def named(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return values by the names of the columns that they became."""
        made = {name: value for name, value in values.items() if not constant(value)}
        self.frame = self.frame.withColumns(made) if made else self.frame
        return {name: self.column(name) if name in made else values[name] for name in values}

    def plain(self, statuses: Mapping[str, list[Part]], lists: Mapping[str, list[Part]]) -> Any:  # noqa: ANN401
        """Return the frame with its verdicts as plain texts."""
        functions = self.functions
        made = []
        for report_id, parts in statuses.items():
            found: Any = functions
            for key, where in parts:
                found = found.when(functions.lit(where) if constant(where) else where, key)
            made.append(found.alias(report_id))
        for name, parts in lists.items():
            lit = functions.lit
            ids = [lit(k) if w is True else functions.when(w, lit(k)) for k, w in parts]
            made.append(functions.concat_ws(JOINT, *ids).alias(name))
        return self.frame.select(*self.lead, *made)


LIBRARIES = {"polars": OnPolars, "pyarrow": OnArrow, "pyspark": OnSpark}

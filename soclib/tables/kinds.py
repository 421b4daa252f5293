"""What a cell of a table may hold, what is wrong with it otherwise, and what is read from it.

Each kind answers four questions of one field of a record: which columns it takes, what is wrong
with a filled-in cell, which value the record gets, and how the data dictionary says all this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from soclib.errors import Fault
from soclib.tables.rows import DRAFT, EVIDENCE, NO, VOICES, YES, Provenance, Row, Tables, listed

ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # safe in HTML attributes and as a key in JavaScript
DOTTED_ID = re.compile(r"[A-Z0-9][A-Za-z0-9]*(\.[0-9]+)+")  # as CC6.1, A.5.1 and 6.1.2
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MANY = 12  # options; more of them are not listed in a fault
WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")  # one way to write each number


class Kind:
    """A text, and the base of every other kind.

    ``says`` is what the column means. ``column`` is its name where the record calls it otherwise.
    ``optional`` columns may be missing from a user's own table and then count as blank.
    """

    def __init__(
        self, says: str, *, column: str = "", blank: bool = False, optional: bool = False
    ) -> None:
        self.says = says
        self.column = column
        self.blank = blank
        self.optional = optional

    def columns(self, name: str, _tables: Tables) -> tuple[str, ...]:
        """Return the columns of the file that the field ``name`` is read from."""
        return (self.column or name,)

    def may_be_blank(self, _column: str) -> bool:
        """Return whether a cell of one of its columns may be left blank."""
        return self.blank

    def faults(self, _row: Row, _column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield what is wrong with a cell that is not blank."""
        yield from ()

    def value(self, row: Row, name: str, _tables: Tables) -> Any:  # noqa: ANN401 - as declared
        """Return what the record holds; the row has no faults."""
        return row.cells[self.column or name]

    def allowed(self) -> str:
        """Return what a cell may hold, for the data dictionary."""
        return "text"

    def _cell(self, row: Row, name: str) -> str:
        return row.cells[self.column or name]


Text = Kind


class Ident(Kind):
    """The id of a row; ``dotted`` ids are numbers of criteria or clauses, such as CC6.1."""

    def __init__(self, says: str, *, dotted: bool = False) -> None:
        super().__init__(says)
        self.dotted = dotted

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield an id that would be markup, or no key."""
        if self.dotted and not DOTTED_ID.fullmatch(row.cells[column]):
            yield row.fault(column, "use an id with a dot, such as CC6.1 or A.5.1")
        if not self.dotted and not ID.fullmatch(row.cells[column]):
            yield row.fault(column, "use letters, digits, hyphens and underscores only")

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return "unique, such as `CC6.1`" if self.dotted else "unique"


class Matching(Kind):
    """A text of one form; ``form`` is a regular expression, ``remedy`` says it to a person."""

    def __init__(
        self, says: str, form: str, remedy: str, *, column: str = "", blank: bool = False
    ) -> None:
        super().__init__(says, column=column, blank=blank)
        self.form = form
        self.remedy = remedy

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield a text of another form."""
        if not re.fullmatch(self.form, row.cells[column]):
            yield row.fault(column, self.remedy)

    def allowed(self) -> str:
        """Return what a cell may hold."""
        plain = self.remedy.removeprefix("use ").removeprefix("write ")
        return plain.removesuffix(", or leave it blank")


class Brief(Kind):
    """A text of at most so many words."""

    def __init__(self, says: str, most: int) -> None:
        super().__init__(says)
        self.most = most

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield a text that is too long."""
        count = len(row.cells[column].split())
        if count > self.most:
            yield row.fault(column, f"has {count} words; say it in {self.most} or fewer")

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return f"at most {self.most} words"


class Whole(Kind):
    """A whole number, ``of`` what is counted; a blank cell is read as ``nothing``."""

    def __init__(  # noqa: PLR0913 - one keyword for each property of a column
        self,
        says: str,
        least: int,
        most: int,
        *,
        of: str = "",
        nothing: int | None = None,
        column: str = "",
        blank: bool = False,
    ) -> None:
        super().__init__(says, column=column, blank=blank)
        self.least = least
        self.most = most
        self.of = f" of {of}" if of else ""
        self.nothing = nothing

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield what is no whole number in the range."""
        text = row.cells[column]
        if not (WHOLE.fullmatch(text) and self.least <= int(text) <= self.most):
            yield row.fault(column, f"use a whole number{self.of} from {self.least} to {self.most}")

    def value(self, row: Row, name: str, _tables: Tables) -> int | None:
        """Return the number."""
        text = self._cell(row, name)
        return int(text) if text else self.nothing

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return f"{self.least} to {self.most}"


class Decimal(Kind):
    """A number with one decimal."""

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield what is no such number."""
        if not re.fullmatch(r"[0-9]{1,3}\.[0-9]", row.cells[column]):
            yield row.fault(column, "use one decimal, such as 74.8")

    def value(self, row: Row, name: str, _tables: Tables) -> float:
        """Return the number."""
        return float(self._cell(row, name))

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return "one decimal, `74.8`"


class Day(Kind):
    """A day of the calendar, written as 2026-11-23."""

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield what is no day, or a day written in another way."""
        from soclib.dates import PeriodError, read_day  # noqa: PLC0415 - one table has days

        try:
            read_day(row.cells[column])
        except PeriodError as error:
            yield row.fault(column, str(error))
        else:
            if not DATE.fullmatch(row.cells[column]):
                yield row.fault(column, "use a date such as 2026-11-23")

    def value(self, row: Row, name: str, _tables: Tables) -> date:
        """Return the day."""
        return date.fromisoformat(self._cell(row, name))

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return "a date, `2026-11-23`"


def is_day(text: str) -> bool:
    """Return whether a text is a day of the calendar, written as 2026-11-23."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(DATE.fullmatch(text))  # fromisoformat takes 20261123 as well


# --- choices --------------------------------------------------------------------------------------


class OneOf(Kind):
    """One of the words that are named; "" among them lets the cell be blank."""

    def __init__(self, says: str, *options: str, column: str = "") -> None:
        super().__init__(says, column=column, blank="" in options)
        self.options = options

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield any other word."""
        yield from not_one_of(row, column, self.options)

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return ", ".join(f"`{option}`" for option in self.options if option)


class YesNo(Kind):
    """Yes or no, read as true or false."""

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield any other word."""
        yield from not_one_of(row, column, (YES, NO))

    def value(self, row: Row, name: str, _tables: Tables) -> bool:
        """Return whether it is yes."""
        return self._cell(row, name) == YES

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return "`yes`, `no`"


class SomeOf(Kind):
    """Several of the words that are named, joined with semicolons; read as a tuple."""

    def __init__(self, says: str, *options: str, column: str = "", blank: bool = False) -> None:
        super().__init__(says, column=column, blank=blank)
        self.options = options

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield parts that are unknown or listed twice."""
        yield from not_some_of(row, column, self.options)

    def value(self, row: Row, name: str, _tables: Tables) -> tuple[str, ...]:
        """Return the parts."""
        return listed(self._cell(row, name))

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return f"{', '.join(f'`{option}`' for option in self.options)}, joined with `;`"


class Texts(Kind):
    """Several texts, joined with semicolons; read as a tuple.

    ``form`` is a regular expression that each of them matches, ``remedy`` says it to a person.
    """

    def __init__(
        self, says: str, form: str = "", remedy: str = "", *, column: str = "", blank: bool = False
    ) -> None:
        super().__init__(says, column=column, blank=blank)
        self.form = form
        self.remedy = remedy

    def faults(self, row: Row, column: str, _tables: Tables) -> Iterator[Fault]:
        """Yield the texts of another form."""
        for text in listed(row.cells[column]) if self.form else ():
            if not re.fullmatch(self.form, text):
                yield row.fault(column, f"{text!r}: {self.remedy}")

    def value(self, row: Row, name: str, _tables: Tables) -> tuple[str, ...]:
        """Return the parts."""
        return listed(self._cell(row, name))

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return f"{self.remedy.removeprefix('use ') or 'texts'}, joined with `;`"


class Pairs(Kind):
    """Several pairs such as ``card_data=no``, joined with semicolons; read as a tuple of pairs.

    ``keys`` is the table whose ids may be on the left. On the right may be one of ``values``, which
    are words or the name of a table. ``remedy`` says to a person how to write a pair.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each property of a column
        self,
        says: str,
        keys: str = "",
        values: tuple[str, ...] | str = (),
        remedy: str = "",
        *,
        column: str = "",
        blank: bool = False,
    ) -> None:
        super().__init__(says, column=column, blank=blank)
        self.keys = keys
        self.values = values
        self.remedy = remedy

    def faults(self, row: Row, column: str, tables: Tables) -> Iterator[Fault]:
        """Yield the pairs whose sides are unknown."""
        if not self.keys:
            return
        keys = tables.ids(self.keys)
        values = tables.ids(self.values) if isinstance(self.values, str) else self.values
        text = row.cells[column]
        for part, (left, right) in zip(listed(text), paired(text), strict=True):
            if left not in keys or right not in values:
                yield row.fault(column, f"{part!r} is unknown; {self.remedy}")

    def value(self, row: Row, name: str, _tables: Tables) -> tuple[tuple[str, str], ...]:
        """Return the pairs, each side stripped."""
        return paired(self._cell(row, name))

    def allowed(self) -> str:
        """Return what a cell may hold."""
        pair = self.remedy.removeprefix("write ") or "pairs such as `card_data=no`"
        return f"{pair}, joined with `;`"


def paired(text: str) -> tuple[tuple[str, str], ...]:
    """Return the parts of a cell such as ``own_group_only=yes;card_data=no``."""
    parts = (part.partition("=") for part in listed(text))
    return tuple((left.strip(), right.strip()) for left, _, right in parts)


def not_one_of(row: Row, column: str, options: Iterable[str]) -> Iterator[Fault]:
    """Yield a cell that is none of the options."""
    known = tuple(options)
    if row.cells[column] not in known:
        named = ", ".join(option or "(blank)" for option in known)
        yield row.fault(column, f"use one of {named}")


def not_some_of(row: Row, column: str, options: Iterable[str]) -> Iterator[Fault]:
    """Yield the parts of a cell that are unknown or listed twice."""
    known = tuple(options)
    yield from _listed_twice(row, column)
    for part in listed(row.cells[column]):
        if part not in known:
            yield row.fault(column, f"{part!r} is unknown; use some of {', '.join(known)}")


def _listed_twice(row: Row, column: str) -> Iterator[Fault]:
    parts = listed(row.cells[column])
    for part in sorted({part for part in parts if parts.count(part) > 1}):
        yield row.fault(column, f"{part!r} is listed twice; keep one")


def _near(value: str, options: tuple[str, ...]) -> str:
    """Return which of many options was probably meant, blank where none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed for an error

    near = get_close_matches(value.strip(), options, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


# --- references -----------------------------------------------------------------------------------


class Ref(Kind):
    """The id of a row of one of ``targets``: tables by name, or ``table.column``.

    ``also`` are further words that may stand there; ``where`` keeps the rows of a target that have
    a value in a column, such as ``("kind", "category")``.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each property of a column
        self,
        says: str,
        *targets: str,
        also: tuple[str, ...] = (),
        where: tuple[str, str] = ("", ""),
        column: str = "",
        blank: bool = False,
        optional: bool = False,
    ) -> None:
        super().__init__(says, column=column, blank=blank, optional=optional)
        self.targets = targets
        self.also = also
        self.where = where

    def options(self, tables: Tables) -> tuple[str, ...]:
        """Return the ids and words that may stand there."""
        found = (tables.ids(target, self.where) for target in self.targets)
        return (*self.also, *(key for ids in found for key in ids))

    def faults(self, row: Row, column: str, tables: Tables) -> Iterator[Fault]:
        """Yield an id that no target has."""
        options = self.options(tables)
        if len(options) <= MANY:
            yield from not_one_of(row, column, (*([""] if self.blank else []), *options))
        elif row.cells[column] not in options:
            near = _near(row.cells[column], options)
            yield row.fault(column, f"use an id of {self._files()}{near}")

    def _files(self) -> str:
        column, value = self.where
        narrowed = f" whose {column} is {value}" if column else ""
        files = (f"{target.partition('.')[0]}.csv" for target in self.targets)
        return f"{' or '.join(files)}{narrowed}"

    def allowed(self) -> str:
        """Return what a cell may hold."""
        files = " and ".join(f"`{target.partition('.')[0]}.csv`" for target in self.targets)
        column, value = self.where
        narrowed = f" whose `{column}` is `{value}`" if column else ""
        also = f", or {', '.join(f'`{word}`' for word in self.also)}" if self.also else ""
        return f"ids of {files}{narrowed}{also}"


class Refs(Ref):
    """Ids of rows of the targets, joined with semicolons; read as a tuple."""

    def faults(self, row: Row, column: str, tables: Tables) -> Iterator[Fault]:
        """Yield ids that no target has, or that are listed twice."""
        options = self.options(tables)
        if len(options) <= MANY:
            yield from not_some_of(row, column, options)
            return
        yield from _listed_twice(row, column)
        for part in listed(row.cells[column]):
            if part not in options:
                remedy = f"use ids of {self._files()}{_near(part, options)}"
                yield row.fault(column, f"{part!r} is unknown; {remedy}")

    def value(self, row: Row, name: str, _tables: Tables) -> tuple[str, ...]:
        """Return the ids."""
        return listed(self._cell(row, name))

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return f"{super().allowed()}, joined with `;`"


# --- several columns ------------------------------------------------------------------------------


class Voices(Kind):
    """A text in two columns, one for each voice; read as a text by voice."""

    def columns(self, name: str, _tables: Tables) -> tuple[str, ...]:
        """Return a column for each voice."""
        return tuple(f"{self.column or name}_{voice}" for voice in VOICES)

    def value(self, row: Row, name: str, _tables: Tables) -> dict[str, str]:
        """Return the text by voice."""
        return {voice: row.cells[f"{self.column or name}_{voice}"] for voice in VOICES}


class Wide(Kind):
    """One column for each row of another table, all of one kind; blank ones are left out."""

    def __init__(self, says: str, target: str, each: Kind) -> None:
        super().__init__(says)
        self.target = target
        self.each = each

    def columns(self, _name: str, tables: Tables) -> tuple[str, ...]:
        """Return the ids of the other table."""
        return tables.ids(self.target)

    def may_be_blank(self, column: str) -> bool:
        """Return whether one of the columns may be blank."""
        return self.each.may_be_blank(column)

    def faults(self, row: Row, column: str, tables: Tables) -> Iterator[Fault]:
        """Yield what is wrong with one of the columns."""
        yield from self.each.faults(row, column, tables)

    def value(self, row: Row, name: str, tables: Tables) -> dict[str, Any]:
        """Return the cells that are filled in, by the id of the other table."""
        filled = (column for column in self.columns(name, tables) if row.cells[column])
        return {column: self.each.value(row, column, tables) for column in filled}

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return self.each.allowed()


class Further(Kind):
    """Whatever further columns a user's own table has, as texts by their names."""

    def columns(self, _name: str, _tables: Tables) -> tuple[str, ...]:
        """Return nothing: these columns are not asked for."""
        return ()

    def value(self, _row: Row, _name: str, _tables: Tables) -> dict[str, str]:
        """Return no column; which are further ones, only the whole table tells."""
        return {}

    def allowed(self) -> str:
        """Return what a cell may hold."""
        return "text"


class Origin(Kind):
    """Where a row comes from; with ``drafts`` a row may be a proposal that is not in force."""

    def __init__(self, *, drafts: bool = False) -> None:
        super().__init__("where the row comes from")
        self.drafts = drafts

    def columns(self, _name: str, _tables: Tables) -> tuple[str, ...]:
        """Return the three columns that every table has."""
        return ("source_id", "as_of", "evidence")

    def faults(self, row: Row, column: str, tables: Tables) -> Iterator[Fault]:
        """Yield unknown sources, impossible days and evidence that no such row may have."""
        if column == "source_id":
            yield from _source_faults(row, tables)
        elif column == "as_of" and not is_day(row.cells[column]):
            yield row.fault(column, "use a date such as 2026-11-23")
        elif column == "evidence":
            yield from self._evidence_faults(row)

    def _evidence_faults(self, row: Row) -> Iterator[Fault]:
        in_force = tuple(evidence for evidence in EVIDENCE if evidence != DRAFT)
        if row.cells["evidence"] not in (EVIDENCE if self.drafts else in_force):
            remedy = f"use one of {', '.join(in_force)}"
            instead = f" or {DRAFT}" if self.drafts else f"; no row of this table may be a {DRAFT}"
            yield row.fault("evidence", f"{remedy}{instead}")

    def value(self, row: Row, _name: str, _tables: Tables) -> Provenance:
        """Return where the row comes from."""
        return row.provenance()


def _source_faults(row: Row, tables: Tables) -> Iterator[Fault]:
    drafts = tables.drafts
    cited = listed(row.cells["source_id"])
    if not cited:
        yield row.fault("source_id", "names no source; use ids of sources.csv")
    for source_id in cited:
        if source_id not in drafts:
            yield row.fault("source_id", f"{source_id!r} is not in sources.csv; add it there")
        elif drafts[source_id] and row.cells["evidence"] != DRAFT:
            remedy = f"{source_id!r} is a draft; cite what is in force, or use the evidence {DRAFT}"
            yield row.fault("source_id", remedy)

"""How the reports differ: the comparison, who may read which report, the family, and stories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.kinds import Text, not_one_of
from soclib.tables.rows import NO, YES, Provenance, Row, Tables
from soclib.tables.schema import Part, Records, table

AXES = "axes"  # the kind of a story that shows one report in one of its types


@table("comparison")
class Dimension:
    """One row of the comparison: what each report says to one question of a reader.

    A row is as sure as the least sure thing it says.
    """

    dimension_id: str = column.ident("name by which others cite the row; it stays for good")
    dimension: str = column.text("what is compared")
    question: str = column.text("the reader's question")
    by_report: dict[str, str] = column.wide("what the report says to it", "reports", Text("text"))
    differs: str = column.one_of("whether SOC 1 and SOC 2 differ", YES, NO, "partly")
    why_it_matters: str = column.text("what follows for the reader")
    topic: str = column.text("heading on screen", blank=True, optional=True)
    keywords: str = column.text(
        "further words by which the search finds it", blank=True, optional=True
    )
    criteria: tuple[str, ...] = column.refs(
        "those that bear on it, so that a verdict can show the row",
        "criteria",
        blank=True,
        optional=True,
    )
    extra: dict[str, str] = column.further("further columns of a user's own table, kept and shown")
    provenance: Provenance = column.origin(drafts=True)


@table("readers", key=("report_id", "reader_id"))
class Reader:
    """Whether a report may be sent to one kind of reader, on which condition, and why.

    Every reader needs a row for every report.
    """

    report_id: str = column.ref("the report", "reports")
    reader_id: str = column.text("name of the reader")
    reader: str = column.text("who that is")
    allowed: str = column.one_of("whether it may be sent", YES, NO, "ask")
    condition: str = column.text(
        "a clause that starts with *if*, or a sentence of its own", blank=True
    )
    why: str = column.text("why, or why not")
    provenance: Provenance = column.origin()


@table("family")
class Member:
    """One report of the whole family, SOC 2+ and the enterprise-wide ones included."""

    report_id: str = column.ident("name of the report")
    title: str = column.text("what it is called")
    question_answered: str = column.text("the question that it answers")
    who_can_be_examined: str = column.text("whose controls")
    control_criteria: str = column.text("what they are held against")
    standard: str = column.text("under which standard")
    types: str = column.text("which types there are")
    use: str = column.text("who may use it")
    who_asks: str = column.text("who usually asks for it")
    provenance: Provenance = column.origin()


@table("stories")
class Story:
    """A short invented case that shows what a report is for."""

    story_id: str = column.ident("name of the story")
    kind: str = column.one_of("`axes` shows one report in one of its types", "story", AXES)
    title: str = column.text("heading on screen")
    text: str = column.text("the story")
    report_id: str = column.ref("the report that it is about", "reports")
    type_id: str = column.text("for `axes`: a `step_id` of `outcomes.csv`", blank=True)
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonTables:
    """The comparison in force and its drafts, the readers, the family and the stories."""

    dimensions: tuple[Dimension, ...]
    drafts: tuple[Dimension, ...]
    readers: tuple[Reader, ...]
    family: tuple[Member, ...]
    stories: tuple[Story, ...]


def _comparison(records: Records) -> ComparisonTables:
    return ComparisonTables(
        records.all(Dimension),
        records.drafts(Dimension),
        records.all(Reader),
        records.all(Member),
        records.all(Story),
    )


def check_comparison(tables: Tables) -> Iterator[Fault]:
    """Yield readers and stories that lack a row for one of the reports, and unknown types."""
    steps = tables.ids("outcomes.step_id")
    for row in tables["stories"]:
        allowed = sorted(steps) if row.cells["kind"] == AXES else ("",)
        yield from not_one_of(row, "type_id", allowed)
    of_axes = [row for row in tables["stories"] if row.cells["kind"] == AXES]
    yield from _missing(tables["readers"], "reader_id", tables.ids("reports"))
    yield from _missing(of_axes, "type_id", {row.cells["report_id"] for row in of_axes})


def _missing(rows: list[Row], column: str, reports: Iterable[str]) -> Iterator[Fault]:
    present = {(row.cells[column], row.cells["report_id"]) for row in rows}
    first = {row.cells[column]: row for row in reversed(rows)}
    for key, report_id in product(first, sorted(reports)):
        if (key, report_id) not in present:
            yield first[key].fault(column, f"add its row for report {report_id}")


COMPARISON = Part((Dimension, Reader, Member, Story), _comparison, (check_comparison,))

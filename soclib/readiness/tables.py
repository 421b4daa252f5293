"""Readiness: how far something is, and what a programme can still lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import Provenance, Tables
from soclib.tables.schema import Part, Records, table

STATUS_ABOUT = ("control", "cuec_vendor", "cuec_buyer", "csoc")
FINDING_ABOUT = ("basis", "evidence", "cuec", "subservice", *STATUS_ABOUT)
DUE = ("start", "as_of", "run", "end", "never")
MISSING = "this row is missing; copy the shipped one"
# What code asks for by its id, so that a table without it is refused when it is loaded.
NEEDED_FINDINGS = (
    *("no_control", "leans_alone", "evidence_to_come", "cuec_undecided", "subservice_to_come"),
    *("no_owner", "not_designed", "not_operating", "no_reason"),
    *("not_implemented_by_date", "no_first_evidence", "no_cadence", "no_start", "started_late"),
    *("cannot_occur", "may_not_occur", "runs_without_evidence", "days_without_evidence"),
    *("no_population", "evidence_without_date", "evidence_without_place", "cuec_not_told"),
    *("cuec_no_reason", "cuec_not_looked_at", "cuec_not_in_place", "cuec_no_owner"),
    *("cuec_no_evidence", "csoc_not_read", "csoc_not_covered", "csoc_no_subservice"),
    *("subservice_no_method", "subservice_no_assertion", "subservice_no_report"),
    *("subservice_type_1", "subservice_no_period", "subservice_gap"),
)
NEEDED_STATUSES = (
    *("not_started", "designed", "operating", "not_applicable", "undecided", "assumed", "told"),
    *("not_needed", "not_looked_at", "not_in_place", "in_place", "feature_not_used"),
    *("not_read", "not_covered", "covered", "csoc_not_needed"),
)


@table("readiness_statuses")
class ItemStatus:
    """How far something is."""

    status_id: str = column.ident("name of the status")
    about: str = column.one_of(
        "what it is the status of; `cuec_vendor` and `cuec_buyer` are the same control of a user"
        " entity, seen from either side",
        *STATUS_ABOUT,
    )
    label: str = column.text("what it is called on screen")
    mark: str = column.text("sign next to the label")
    rank: int = column.whole("order; the first is the status of a new item", 0, 99)
    done: bool = column.yes_no("whether nothing is left to do")
    meaning: str = column.text("what it means")
    provenance: Provenance = column.origin()


@table("readiness_findings")
class FindingRule:
    """Something that can be missing.

    Findings are listed in the order of the rows. How a finding is noticed is in
    `soclib/readiness/gaps.py`; the longest stretch without evidence that a control which runs every
    day may have is the threshold `evidence_stretch_longest`.
    """

    finding_id: str = column.ident("name of the finding")
    about: str = column.one_of(
        "what lacks it; `basis` is a criterion or a control objective", *FINDING_ABOUT
    )
    type_1: bool = column.yes_no("whether a Type 1 report lacks it")
    type_2: bool = column.yes_no("whether a Type 2 report lacks it")
    by: str = column.one_of(
        "when it is due: `start`, on the date of a Type 1 or the first day of the period; `as_of`,"
        " the same, for what a Type 1 needs first; `run`, at the end of the stretch that lacks"
        " evidence; `end`, on the date of a Type 1 or the last day of the period; `never`, no later"
        " work fixes it",
        *DUE,
    )
    lost_after: bool = column.yes_no(
        "whether work after that day can no longer fix it (the day can still be moved)"
    )
    text: dict[str, str] = column.voices("what is missing, with words in braces to fill in")
    why: str = column.text("why it matters")
    provenance: Provenance = column.origin()

    @property
    def types(self) -> tuple[str, ...]:
        """Return the types of report that lack it."""
        lacking = {"type_1": self.type_1, "type_2": self.type_2}
        return tuple(type_id for type_id, lacks in lacking.items() if lacks)


@dataclass(frozen=True, slots=True, eq=False)
class ReadinessTables:
    """All tables on readiness."""

    statuses: Mapping[str, ItemStatus]
    findings: Mapping[str, FindingRule]

    def of(self, about: str) -> tuple[ItemStatus, ...]:
        """Return the statuses of one kind of thing, the first of them for a new one."""
        statuses = [status for status in self.statuses.values() if status.about == about]
        return tuple(sorted(statuses, key=lambda status: status.rank))


def _readiness(records: Records) -> ReadinessTables:
    return ReadinessTables(records.by_id(ItemStatus), records.by_id(FindingRule))


def check_readiness(tables: Tables) -> Iterator[Fault]:
    """Yield findings and statuses that code asks for and does not find."""
    for name, id_column, needed in (
        ("readiness_findings", "finding_id", NEEDED_FINDINGS),
        ("readiness_statuses", "status_id", NEEDED_STATUSES),
    ):
        known = tables.ids(name)
        for key in needed:
            if key not in known:
                yield Fault(f"{name}.csv", 0, id_column, key, MISSING)


READINESS = Part((ItemStatus, FindingRule), _readiness, (check_readiness,))

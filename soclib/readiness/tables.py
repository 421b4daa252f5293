"""Frozen records for the tables on readiness: statuses, findings and when they are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from soclib.tables.rows import PROVENANCE, YES, Provenance, Row, Tables


@dataclass(frozen=True, slots=True, eq=False)
class ItemStatus:
    """How far something is. ``about`` is control, cuec_vendor, cuec_buyer or csoc.

    ``done`` when nothing is left to do for it.
    """

    status_id: str
    about: str
    label: str
    mark: str
    rank: int
    done: bool
    meaning: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class FindingRule:
    """Something that can be missing, and for which type of report.

    ``by`` says when it is due: start (the first day of the period, or the date of a Type 1),
    as_of, run (the operation that lacks it), end (the last day) or never (it cannot be cured).
    ``lost_after`` when no work after that day mends it.
    """

    finding_id: str
    about: str
    types: tuple[str, ...]
    by: str
    lost_after: bool
    text: dict[str, str]
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class ReadinessTables:
    """All tables on readiness."""

    statuses: Mapping[str, ItemStatus]
    findings: Mapping[str, FindingRule]

    def of(self, about: str) -> tuple[ItemStatus, ...]:
        """Return the statuses of one kind of thing, the first of them for a new one."""
        found = [status for status in self.statuses.values() if status.about == about]
        return tuple(sorted(found, key=lambda status: status.rank))


def build_readiness(tables: Tables) -> ReadinessTables:
    """Return the tables on readiness as records."""
    return ReadinessTables(
        statuses={r.cells["status_id"]: _status(r) for r in tables["readiness_statuses"]},
        findings={r.cells["finding_id"]: _finding(r) for r in tables["readiness_findings"]},
    )


def _status(row: Row) -> ItemStatus:
    cells = {name: text for name, text in row.cells.items() if name not in PROVENANCE}
    rank, done = int(cells.pop("rank")), cells.pop("done") == YES
    return ItemStatus(**cells, rank=rank, done=done, provenance=row.provenance())


def _finding(row: Row) -> FindingRule:
    cells = row.cells
    return FindingRule(
        finding_id=cells["finding_id"],
        about=cells["about"],
        types=tuple(name for name in ("type_1", "type_2") if cells[name] == YES),
        by=cells["by"],
        lost_after=cells["lost_after"] == YES,
        text=row.by_voice("text"),
        why=cells["why"],
        provenance=row.provenance(),
    )

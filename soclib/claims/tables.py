"""Frozen records of sources and standards.

Records compare and hash by identity: there is one of each in a catalog.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soclib.tables.rows import Provenance

CURRENT: Final = "current"
SUPERSEDED: Final = "superseded"
PARTLY: Final = "partly superseded"


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A publication that rows refer to; ``standards`` are those that it speaks under."""

    source_id: str
    title: str
    publisher: str
    url: str
    kind: str
    standards: tuple[str, ...]
    as_of: str
    evidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """A standard, label or set of criteria, and whether it is in force.

    ``issued`` and ``effective`` are ISO dates as precise as known, blank where unknown.
    """

    standard_id: str
    title: str
    body: str
    issued: str
    effective: str
    state: str
    replaced_by: tuple[str, ...]
    note: str
    provenance: Provenance

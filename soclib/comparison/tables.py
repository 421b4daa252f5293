"""Frozen records of the comparison: dimensions, readers, the family and stories.

Records compare and hash by identity: there is one of each in a catalog.
"""

from __future__ import annotations

from dataclasses import dataclass

from soclib.tables.rows import Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One row of the comparison: what each report says to one question of a reader.

    ``topic`` is the heading it stands under, ``keywords`` are further words by which it is found,
    ``mask`` marks the criteria that bear on it, and ``extra`` holds a user's own columns.
    """

    dimension_id: str
    topic: str
    dimension: str
    question: str
    by_report: dict[str, str]
    differs: str
    why_it_matters: str
    keywords: str
    mask: int
    extra: dict[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Whether a report may be sent to one kind of reader, on which condition, and why."""

    report_id: str
    reader_id: str
    reader: str
    allowed: str
    condition: str
    why: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One report of the whole family, SOC 2+ and the enterprise-wide ones included."""

    report_id: str
    title: str
    question_answered: str
    who_can_be_examined: str
    control_criteria: str
    standard: str
    types: str
    use: str
    who_asks: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A short invented case that shows what a report is for.

    ``kind`` is story, or axes for a case that stands for one report and one ``type_id``.
    """

    story_id: str
    kind: str
    title: str
    text: str
    report_id: str
    type_id: str
    provenance: Provenance

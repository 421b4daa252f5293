"""Every row of every table as a claim: what it rests on, and when to look at it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from soclib.model import CURRENT, DRAFT, PARTLY, SUPERSEDED, Catalog, Entry, Source, Standard


class Claim(NamedTuple):
    """One row of a table, told from its neighbours by ``key``, with all that vouches for it.

    ``rests_on`` says what became of the standards that its sources speak under: current,
    superseded (of all of them), partly superseded, or draft.
    """

    table: str
    line: int
    key: str
    source_ids: tuple[str, ...]
    as_of: date
    review_by: date
    evidence: str
    rests_on: str


class Cited(NamedTuple):
    """A source, what became of the standards that it speaks under, and the claims that cite it."""

    source: Source
    state: str
    claims: tuple[Claim, ...]


class Register(NamedTuple):
    """The claims by source, those of drafts apart, and what is to be done or known about them."""

    day: date
    cited: tuple[Cited, ...]
    drafts: tuple[Cited, ...]
    overdue: tuple[Claim, ...]
    ahead: tuple[Claim, ...]
    superseded: tuple[Claim, ...]
    partly: tuple[Claim, ...]


def register(catalog: Catalog, today: date, source_id: str = "") -> Register:
    """Return the register of all claims on a day, or of those that cite one known source."""
    found = [claim for claim in claims(catalog) if source_id in ("", *claim.source_ids)]
    in_force = [claim for claim in found if claim.rests_on != DRAFT]
    drafts = [claim for claim in found if claim.rests_on == DRAFT]
    return Register(
        day=today,
        cited=_only(by_source(catalog, in_force), source_id),
        drafts=_only(by_source(catalog, drafts), source_id),
        overdue=overdue(found, today),
        ahead=ahead(found, today),
        superseded=tuple(claim for claim in in_force if claim.rests_on == SUPERSEDED),
        partly=tuple(claim for claim in in_force if claim.rests_on == PARTLY),
    )


def _only(cited: tuple[Cited, ...], source_id: str) -> tuple[Cited, ...]:
    return tuple(one for one in cited if source_id in ("", one.source.source_id))


def claims(catalog: Catalog) -> tuple[Claim, ...]:
    """Return every row of every table as a claim, drafts included, in the order of the tables."""
    states = {source_id: source_state(catalog, source_id) for source_id in all_sources(catalog)}
    return tuple(_claim(catalog, entry, states) for entry in catalog.entries)


def _claim(catalog: Catalog, entry: Entry, states: dict[str, str]) -> Claim:
    cited = entry.provenance.source_ids
    as_of, evidence = date.fromisoformat(entry.provenance.as_of), entry.provenance.evidence
    return Claim(
        table=entry.table,
        line=entry.line,
        key=entry.key,
        source_ids=cited,
        as_of=as_of,
        review_by=months_later(as_of, catalog.review_months[evidence]),
        evidence=evidence,
        rests_on=DRAFT if evidence == DRAFT else _together(states[one] for one in cited),
    )


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the last of a shorter month.

    Where the calendar ends before that, its last day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)  # January is month 0
    if year >= MAXYEAR:
        return date.max
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def overdue(found: Iterable[Claim], today: date) -> tuple[Claim, ...]:
    """Return the claims whose review date has passed, those that wait longest first."""
    late = [claim for claim in found if claim.review_by < today]
    return tuple(sorted(late, key=lambda claim: claim.review_by))


def ahead(found: Iterable[Claim], today: date) -> tuple[Claim, ...]:
    """Return the claims that say they were checked on a day that is still to come."""
    return tuple(claim for claim in found if claim.as_of > today)


def by_source(catalog: Catalog, found: Iterable[Claim]) -> tuple[Cited, ...]:
    """Return the sources that claims cite, in table order, each with those claims.

    A claim with several sources stands under each of them.
    """
    citing: dict[str, list[Claim]] = {source_id: [] for source_id in all_sources(catalog)}
    for claim in found:
        for source_id in dict.fromkeys(claim.source_ids):
            citing[source_id].append(claim)
    return tuple(
        Cited(source, source_state(catalog, source_id), tuple(citing[source_id]))
        for source_id, source in all_sources(catalog).items()
        if citing[source_id]
    )


def all_sources(catalog: Catalog) -> dict[str, Source]:
    """Return every source by id, those in force first, then those that are drafts."""
    return catalog.sources | catalog.drafts.sources


def all_standards(catalog: Catalog) -> dict[str, Standard]:
    """Return every standard by id, those in force or superseded first, then the drafts."""
    return catalog.standards | catalog.drafts.standards


def source_state(catalog: Catalog, source_id: str) -> str:
    """Return what became of the standards that a source speaks under; current if it names none."""
    source = all_sources(catalog)[source_id]
    if source.evidence == DRAFT:
        return DRAFT
    known = all_standards(catalog)
    return _together(known[standard_id].state for standard_id in source.standards)


def outdated(catalog: Catalog, claim: Claim) -> tuple[Standard, ...]:
    """Return the standards under a claim that were replaced, wholly or in part, each once."""
    named = [all_sources(catalog)[source_id].standards for source_id in claim.source_ids]
    under = dict.fromkeys(standard_id for ids in named for standard_id in ids)
    found = (all_standards(catalog)[standard_id] for standard_id in under)
    return tuple(standard for standard in found if standard.state in (SUPERSEDED, PARTLY))


def _together(states: Iterable[str]) -> str:
    """Return the state of what rests on several things: superseded only if all of them are."""
    found = set(states)
    if found == {SUPERSEDED}:
        return SUPERSEDED
    return PARTLY if found & {SUPERSEDED, PARTLY} else CURRENT

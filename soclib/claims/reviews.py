"""Every row of every table as a claim: what it rests on, and when to look at it again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from soclib.catalog import Catalog, Entry
from soclib.claims.tables import CLAIMS, CURRENT, PARTLY, SUPERSEDED, Source, Standard
from soclib.paper.saving import defused
from soclib.tables.rows import DRAFT, VOICES
from soclib.words import words_of


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
    found = [claim for claim in all_claims(catalog) if source_id in ("", *claim.source_ids)]
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


def all_claims(catalog: Catalog) -> tuple[Claim, ...]:
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
        review_by=months_later(as_of, catalog.part(CLAIMS).review_months[evidence]),
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
    return catalog.part(CLAIMS).sources | catalog.part(CLAIMS).draft_sources


def all_standards(catalog: Catalog) -> dict[str, Standard]:
    """Return every standard by id, those in force or superseded first, then the drafts."""
    return catalog.part(CLAIMS).standards | catalog.part(CLAIMS).draft_standards


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


Words = dict[str, str]
FIELD = re.compile(r"\{(\w+)\}")
COLUMNS = (
    *("source_id", "title", "publisher", "state", "table", "line", "key"),
    *("as_of", "review_by", "evidence", "rests_on", "finding"),
)

# --- text --------------------------------------------------------------------------------------


def register_text(register: Register, catalog: Catalog) -> str:
    """Return the claims by source, then the findings, then the drafts, one line each.

    The register takes no side: its words are those of the first voice.
    """
    words = words_of(catalog, VOICES[0])
    head = _filled(words["register_head"], day=register.day, version=catalog.version)
    lines = [head, *_blocks(register.cited, words)]
    for name in ("overdue", "ahead"):
        found: Sequence[Claim] = getattr(register, name)
        lines += _section(words[f"register_{name}"], [_claim_text(one, words) for one in found])
    for name in ("superseded", "partly"):
        found = getattr(register, name)
        lines += _section(words[f"register_{name}"], [_rests(one, catalog, words) for one in found])
    drafts = {claim for one in register.drafts for claim in one.claims}
    title = _filled(words["register_drafts"], count=len(drafts))
    return "\n".join([*lines, "", title, *_blocks(register.drafts, words), ""])


def _blocks(cited: Sequence[Cited], words: Words) -> list[str]:
    return [line for one in cited for line in _block(one, words)]


def _block(one: Cited, words: Words) -> list[str]:
    source = one.source
    head = _filled(
        words["register_source"],
        source_id=source.source_id,
        title=source.title,
        publisher=source.publisher,
        state=one.state,
        count=len(one.claims),
    )
    return ["", head, *(f"  {_claim_text(claim, words)}" for claim in one.claims)]


def _section(title: str, items: list[str]) -> list[str]:
    return ["", _filled(title, count=len(items)), *(f"  {item}" for item in items)]


def _claim_text(claim: Claim, words: Words) -> str:
    return _filled(words["register_claim"], **claim._asdict())


def _rests(claim: Claim, catalog: Catalog, words: Words) -> str:
    standards = [
        _filled(
            words["register_replaced" if one.state == SUPERSEDED else "register_replaced_partly"],
            standard_id=one.standard_id,
            replaced_by=", ".join(one.replaced_by),
        )
        for one in outdated(catalog, claim)
    ]
    return _filled(words["register_rests"], **claim._asdict(), standards="; ".join(standards))


def _filled(template: str, **values: object) -> str:
    """Return a text with its fields filled in, on one line and without control characters."""
    text = FIELD.sub(lambda found: str(values.get(found[1], found[0])), template)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


# --- CSV ---------------------------------------------------------------------------------------


def register_csv(register: Register) -> str:
    """Return one row per source and claim as CSV, drafts last; ``finding``: overdue, ahead, blank.

    A cell that a spreadsheet would take for a formula is led in by an apostrophe.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")  # so that a lone carriage return is quoted
    writer.writerow(COLUMNS)
    for one in (*register.cited, *register.drafts):
        for claim in one.claims:
            writer.writerow([defused(str(cell)) for cell in _cells(register, one, claim)])
    return sheet.getvalue()


def _cells(register: Register, one: Cited, claim: Claim) -> tuple[object, ...]:
    source = one.source
    of_source = (source.source_id, source.title, source.publisher, one.state)
    place = (claim.table, claim.line, claim.key)
    finding = next((n for n in ("overdue", "ahead") if claim in getattr(register, n)), "")
    return (
        *of_source,
        *place,
        claim.as_of,
        claim.review_by,
        claim.evidence,
        claim.rests_on,
        finding,
    )

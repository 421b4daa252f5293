"""Every row of every table as a claim: what it rests on, and when to look at it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from soclib.catalog import Catalog, Entry
from soclib.claims.tables import CLAIMS, CURRENT, PARTLY, SUPERSEDED, Source, Standard
from soclib.paper.saving import defused
from soclib.tables.rows import DRAFT, VOICES
from soclib.words import Words, fill, words_of


class Claim(NamedTuple):
    """One row of a table, identified by ``key``, with its sources, date and evidence.

    ``rests_on`` says whether the standards behind its sources are still in force: current,
    superseded (all of them), partly superseded, or draft.
    """

    table: str
    line: int
    key: str
    source_ids: tuple[str, ...]
    as_of: date
    review_by: date
    evidence: str
    rests_on: str


class CitedSource(NamedTuple):
    """A source, the state of the standards behind it, and the claims that cite it."""

    source: Source
    state: str
    claims: tuple[Claim, ...]


class Register(NamedTuple):
    """The claims by source, drafts in a list of their own, and the claims that need attention.

    ``overdue`` are past their review date, ``ahead`` say that they were checked on a day that is
    still to come, ``superseded`` and ``partly`` rest on standards that were replaced.
    """

    day: date
    cited: tuple[CitedSource, ...]
    drafts: tuple[CitedSource, ...]
    overdue: tuple[Claim, ...]
    ahead: tuple[Claim, ...]
    superseded: tuple[Claim, ...]
    partly: tuple[Claim, ...]


def register(catalog: Catalog, today: date, source_id: str = "") -> Register:
    """Return the register of all claims on a day, or of those that cite one known source."""
    claims = [claim for claim in all_claims(catalog) if source_id in ("", *claim.source_ids)]
    in_force = [claim for claim in claims if claim.rests_on != DRAFT]
    drafts = [claim for claim in claims if claim.rests_on == DRAFT]
    return Register(
        day=today,
        cited=_only(by_source(catalog, in_force), source_id),
        drafts=_only(by_source(catalog, drafts), source_id),
        overdue=overdue(claims, today),
        ahead=ahead(claims, today),
        superseded=tuple(claim for claim in in_force if claim.rests_on == SUPERSEDED),
        partly=tuple(claim for claim in in_force if claim.rests_on == PARTLY),
    )


def _only(cited: tuple[CitedSource, ...], source_id: str) -> tuple[CitedSource, ...]:
    return tuple(entry for entry in cited if source_id in ("", entry.source.source_id))


def all_claims(catalog: Catalog) -> tuple[Claim, ...]:
    """Return every row of every table as a claim, drafts included, in the order of the tables."""
    states = {source_id: source_state(catalog, source_id) for source_id in all_sources(catalog)}
    return tuple(_claim(catalog, entry, states) for entry in catalog.entries)


def _claim(catalog: Catalog, entry: Entry, states: dict[str, str]) -> Claim:
    source_ids = entry.provenance.source_ids
    as_of, evidence = date.fromisoformat(entry.provenance.as_of), entry.provenance.evidence
    return Claim(
        table=entry.table,
        line=entry.line,
        key=entry.key,
        source_ids=source_ids,
        as_of=as_of,
        review_by=months_later(as_of, catalog.part(CLAIMS).review_months[evidence]),
        evidence=evidence,
        rests_on=DRAFT if evidence == DRAFT else _combined(states[key] for key in source_ids),
    )


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the last day of a shorter month.

    Returns the last day of the calendar where the calendar ends before that.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)  # January is month 0
    if year >= MAXYEAR:
        return date.max
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def overdue(claims: Iterable[Claim], today: date) -> tuple[Claim, ...]:
    """Return the claims whose review date has passed, the longest overdue first."""
    late = [claim for claim in claims if claim.review_by < today]
    return tuple(sorted(late, key=lambda claim: claim.review_by))


def ahead(claims: Iterable[Claim], today: date) -> tuple[Claim, ...]:
    """Return the claims that say they were checked on a day that is still to come."""
    return tuple(claim for claim in claims if claim.as_of > today)


def by_source(catalog: Catalog, claims: Iterable[Claim]) -> tuple[CitedSource, ...]:
    """Return the sources that claims cite, in table order, each with those claims.

    A claim with several sources is listed under each of them.
    """
    citing: dict[str, list[Claim]] = {source_id: [] for source_id in all_sources(catalog)}
    for claim in claims:
        for source_id in dict.fromkeys(claim.source_ids):
            citing[source_id].append(claim)
    return tuple(
        CitedSource(source, source_state(catalog, source_id), tuple(citing[source_id]))
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
    """Return the state of the standards behind a source; current if it names none."""
    source = all_sources(catalog)[source_id]
    if source.evidence == DRAFT:
        return DRAFT
    known = all_standards(catalog)
    return _combined(known[standard_id].state for standard_id in source.standards)


def outdated(catalog: Catalog, claim: Claim) -> tuple[Standard, ...]:
    """Return the standards behind a claim that were replaced, wholly or in part, each once."""
    named = [all_sources(catalog)[source_id].standards for source_id in claim.source_ids]
    distinct = dict.fromkeys(standard_id for ids in named for standard_id in ids)
    standards = (all_standards(catalog)[standard_id] for standard_id in distinct)
    return tuple(standard for standard in standards if standard.state in (SUPERSEDED, PARTLY))


def _combined(states: Iterable[str]) -> str:
    """Return the state of a claim that rests on several things: superseded only if all are."""
    distinct = set(states)
    if distinct == {SUPERSEDED}:
        return SUPERSEDED
    return PARTLY if distinct & {SUPERSEDED, PARTLY} else CURRENT


COLUMNS = (
    *("source_id", "title", "publisher", "state", "table", "line", "key"),
    *("as_of", "review_by", "evidence", "rests_on", "finding"),
)

# --- text --------------------------------------------------------------------------------------


def register_text(register: Register, catalog: Catalog) -> str:
    """Return the claims by source, then the findings, then the drafts, one line each.

    The register speaks to neither side: its words are those of the first voice.
    """
    words = words_of(catalog, VOICES[0])
    head = _line(words["register_head"], day=register.day, version=catalog.version)
    lines = [head, *_blocks(register.cited, words)]
    for name in ("overdue", "ahead"):
        texts = [_claim_text(claim, words) for claim in getattr(register, name)]
        lines += _section(words[f"register_{name}"], texts)
    for name in ("superseded", "partly"):
        texts = [_standards_text(claim, catalog, words) for claim in getattr(register, name)]
        lines += _section(words[f"register_{name}"], texts)
    drafts = {claim for entry in register.drafts for claim in entry.claims}
    title = _line(words["register_drafts"], count=len(drafts))
    return "\n".join([*lines, "", title, *_blocks(register.drafts, words), ""])


def _blocks(cited: Sequence[CitedSource], words: Words) -> list[str]:
    return [line for entry in cited for line in _block(entry, words)]


def _block(entry: CitedSource, words: Words) -> list[str]:
    source = entry.source
    head = _line(
        words["register_source"],
        source_id=source.source_id,
        title=source.title,
        publisher=source.publisher,
        state=entry.state,
        count=len(entry.claims),
    )
    return ["", head, *(f"  {_claim_text(claim, words)}" for claim in entry.claims)]


def _section(title: str, items: list[str]) -> list[str]:
    return ["", _line(title, count=len(items)), *(f"  {item}" for item in items)]


def _claim_text(claim: Claim, words: Words) -> str:
    return _line(words["register_claim"], **claim._asdict())


def _standards_text(claim: Claim, catalog: Catalog, words: Words) -> str:
    """Return a claim as one line with the replaced standards that it rests on."""
    texts = {SUPERSEDED: words["register_replaced"], PARTLY: words["register_replaced_partly"]}
    standards = [
        _line(
            texts[standard.state],
            standard_id=standard.standard_id,
            replaced_by=", ".join(standard.replaced_by),
        )
        for standard in outdated(catalog, claim)
    ]
    return _line(words["register_rests"], **claim._asdict(), standards="; ".join(standards))


def _line(template: str, **values: object) -> str:
    """Return a text with its words in braces filled in, on one line, no control characters."""
    text = fill(template, {name: str(value) for name, value in values.items()})
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


# --- CSV ---------------------------------------------------------------------------------------


def register_csv(register: Register) -> str:
    """Return one row per source and claim as CSV, drafts last; ``finding``: overdue, ahead, blank.

    A cell that a spreadsheet would take for a formula starts with an apostrophe.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")  # so that a lone carriage return is quoted
    writer.writerow(COLUMNS)
    for entry in (*register.cited, *register.drafts):
        for claim in entry.claims:
            writer.writerow([defused(str(cell)) for cell in _cells(register, entry, claim)])
    return sheet.getvalue()


def _cells(register: Register, entry: CitedSource, claim: Claim) -> tuple[object, ...]:
    source = entry.source
    finding = next((n for n in ("overdue", "ahead") if claim in getattr(register, n)), "")
    return (
        *(source.source_id, source.title, source.publisher, entry.state),
        *(claim.table, claim.line, claim.key, claim.as_of, claim.review_by),
        *(claim.evidence, claim.rests_on, finding),
    )

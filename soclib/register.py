"""The register of claims as text, and as CSV that a spreadsheet can open safely."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from soclib.claims import Cited, Claim, Register, outdated
from soclib.model import SUPERSEDED, VOICES, Catalog
from soclib.render import words_of
from soclib.saving import defused

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
        lines += _section(words[f"register_{name}"], [_claim(one, words) for one in found])
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
    return ["", head, *(f"  {_claim(claim, words)}" for claim in one.claims)]


def _section(title: str, items: list[str]) -> list[str]:
    return ["", _filled(title, count=len(items)), *(f"  {item}" for item in items)]


def _claim(claim: Claim, words: Words) -> str:
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

"""What a readiness programme holds: kinds of items, their columns, and what a cell may hold.

Every cell is text, blank where nothing is known; days are written as 2026-12-31.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import PeriodError, full_months, read_iso
from soclib.periods.tables import PERIODS
from soclib.readiness.tables import READINESS
from soclib.tables.rows import VOICES, listed
from soclib.trust.tables import TRUST
from soclib.verdict.tables import VERDICT

PROGRAMME, CONTROL, EVIDENCE = "programme", "control", "evidence"
COMPLEMENTARY, SUBSERVICE = "complementary", "subservice"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    PROGRAMME: (
        *("title", "side", "report_id", "categories", "services"),
        *("period_start", "period_end", "as_of"),
    ),
    CONTROL: (
        *("basis_id", "prompt_id", "control", "owner", "cadence_id", "status_id", "started"),
        "note",
    ),
    EVIDENCE: ("control_id", "place", "dated", "covers_from", "covers_to", "note"),
    COMPLEMENTARY: (
        *("kind", "hangs_on", "control", "owner", "status_id", "subservice_id"),
        "note",
    ),
    SUBSERVICE: (
        *("name", "service", "method", "owner", "report_type", "report_start", "report_end"),
        *("assertion", "note"),
    ),
}
DAYS = ("period_start", "period_end", "as_of", "started", "dated", "covers_from", "covers_to")
REPORT_DAYS = ("report_start", "report_end")
NEEDED = {
    PROGRAMME: ("side", "report_id"),
    CONTROL: ("basis_id", "status_id"),
    EVIDENCE: ("control_id",),
    COMPLEMENTARY: ("kind", "status_id"),
    SUBSERVICE: ("name",),
}
SEVERAL = ("categories", "services", "hangs_on")  # ids joined with semicolons
MOST_NAMED = 12  # values that a remedy names
FIRST_AND_LAST = (("period_start", "period_end"), ("covers_from", "covers_to"), REPORT_DAYS)
METHODS = ("", "carve_out", "inclusive")
REPORT_TYPES = ("", "none", "type_1", "type_2")
ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
LONGEST = 8_000  # characters of one cell
# Signs that a spreadsheet, or a database of some kind, cannot hold.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Values = Mapping[str, str]


class ProgrammeItem(NamedTuple):
    """One thing that a programme holds; ``revision`` counts its versions, from 1."""

    kind: str
    item_id: str
    revision: int
    values: Values


class Edit(NamedTuple):
    """A change that somebody asks for, made to the ``revision`` that they saw; 0 adds an item.

    ``values`` are all cells of the item; None removes it.
    """

    kind: str
    item_id: str
    revision: int
    values: Values | None


class Flaw(NamedTuple):
    """One cell that cannot be accepted, and what to do about it."""

    column: str
    value: str
    remedy: str


def tidy(kind: str, values: Mapping[str, object]) -> dict[str, str]:
    """Return every cell of a kind as text without surrounding blanks, with plain line ends."""
    return {column: tidy_text(values.get(column)) for column in COLUMNS[kind]}


def tidy_text(value: object) -> str:
    """Return a value as text without surrounding blanks, with plain line ends."""
    text = "" if value is None else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def cell_flaws(kind: str, item_id: str, values: Values, catalog: Catalog) -> Iterator[Flaw]:
    """Yield what is wrong with the cells of one item, whatever other items there are."""
    if kind == PROGRAMME and item_id != PROGRAMME:
        yield Flaw("item_id", item_id, f"a file holds one programme; its id is {PROGRAMME}")
    if not ITEM_ID.fullmatch(item_id):
        remedy = "use letters, digits, dots, hyphens and underscores, at most 80"
        yield Flaw("item_id", item_id, remedy)
    for column, text in values.items():
        yield from _text_flaws(column, text)
    for column in NEEDED[kind]:
        if not values[column]:
            yield Flaw(column, "", "must not be blank; fill it in")
    yield from _choice_flaws(kind, values, catalog)
    yield from _day_flaws(values)
    yield from _long_flaws(values, catalog)


def _text_flaws(column: str, text: str) -> Iterator[Flaw]:
    if sign := NO_TEXT.search(text):
        yield Flaw(column, ascii(text[:60]), f"holds {sign[0]!a}, which is no text; remove it")
    if len(text) > LONGEST:
        yield Flaw(column, f"{text[:60]}…", f"has {len(text)} characters; use at most {LONGEST}")


def _choice_flaws(kind: str, values: Values, catalog: Catalog) -> Iterator[Flaw]:
    for column, options in choices(kind, values, catalog).items():
        text = values[column]
        for part in listed(text) if column in SEVERAL else [text]:
            if part and part not in options:
                yield Flaw(column, part, f"is unknown here; use {_some(options)}")


def _some(options: Iterable[str]) -> str:
    """Return the first of the values that a column may hold, in words."""
    known = sorted(option for option in options if option)
    more = f" or one of {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more


def choices(kind: str, values: Values, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return what each column with a fixed choice may hold; NEEDED says which may be blank."""
    trust, statuses = catalog.part(TRUST), catalog.part(READINESS)
    about = CONTROL if kind == CONTROL else status_about(values.get("kind", ""))
    options: dict[str, dict[str, tuple[str, ...]]] = {
        PROGRAMME: {
            "side": VOICES,
            "report_id": tuple(
                dict.fromkeys(rule.report_id for rule in catalog.part(PERIODS).rules)
            ),
            "categories": tuple(
                outcome.outcome_id for outcome in catalog.part(VERDICT).of_kind("category")
            ),
            "services": tuple(trust.services),
        },
        CONTROL: {
            "basis_id": tuple(trust.bases),
            "cadence_id": ("", *catalog.part(PERIODS).cadences),
            "status_id": tuple(status.status_id for status in statuses.of(about)),
        },
        EVIDENCE: {},
        COMPLEMENTARY: {
            "kind": tuple(dict.fromkeys(c.kind for c in trust.complementary.values())),
            "hangs_on": tuple(trust.bases),
            "status_id": tuple(
                status.status_id for name in about.split() for status in statuses.of(name)
            ),
        },
        SUBSERVICE: {
            "method": METHODS,
            "report_type": REPORT_TYPES,
            "assertion": ("", "yes", "no"),
        },
    }
    return options[kind]


def status_about(kind: str) -> str:
    """Return which statuses a complementary control may have; those of both sides for a user's."""
    return "csoc" if kind == "csoc" else "cuec_vendor cuec_buyer"


def _long_flaws(values: Values, catalog: Catalog) -> Iterator[Flaw]:
    """Yield a period that is longer than any report's."""
    first, last = values.get("period_start"), values.get("period_end")
    most = catalog.part(PERIODS).thresholds["longest_period"].value
    try:
        if first and last and full_months(read_iso(first), read_iso(last)) >= most:
            yield Flaw("period_end", last, f"makes more than {most} months; fix a day")
    except PeriodError:
        return  # such days are flaws of their own


def _day_flaws(values: Values) -> Iterator[Flaw]:
    for column in (*DAYS, *REPORT_DAYS):
        if values.get(column):
            try:
                read_iso(values[column])
            except PeriodError as error:
                yield Flaw(column, values[column], str(error))
    for first, last in FIRST_AND_LAST:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            yield Flaw(last, values[last], f"lies before {first} {values[first]}; swap or fix them")


# --- items that name other items ------------------------------------------------------------------


class ItemLink(NamedTuple):
    """A ``column`` of one kind of item that names an item of another kind."""

    kind: str
    column: str
    targets: tuple[str, ...]


LINKS = (
    ItemLink(EVIDENCE, "control_id", (CONTROL, COMPLEMENTARY)),
    ItemLink(COMPLEMENTARY, "subservice_id", (SUBSERVICE,)),
)
ItemsByKind = Mapping[str, Mapping[str, ProgrammeItem]]


def dangling(held: ItemsByKind, edits: Sequence[Edit]) -> Iterator[tuple[Edit, Flaw]]:
    """Yield the cells of edits that name an item that will not be there."""
    ids = {kind: set(held[kind]) for kind in COLUMNS}
    for edit in edits:
        if edit.values is None:
            ids[edit.kind].discard(edit.item_id)
        else:
            ids[edit.kind].add(edit.item_id)
    links = {link.kind: link for link in LINKS}
    for edit in edits:
        link = links.get(edit.kind)
        if edit.values is None or link is None:
            continue
        value = edit.values[link.column]
        if value and not any(value in ids[target] for target in link.targets):
            remedy = "there is no such item; add it, or name another"
            yield edit, Flaw(link.column, value, remedy)


def contradictory(edits: Sequence[Edit]) -> Iterator[tuple[Edit, Flaw]]:
    """Yield edits that cannot go together: one item twice, or a programme without its purpose."""
    seen: set[tuple[str, str]] = set()
    for edit in edits:
        key = (edit.kind, edit.item_id)
        if key in seen:
            yield edit, Flaw("item_id", edit.item_id, "occurs twice; change it once")
        seen.add(key)
        if edit.kind == PROGRAMME and edit.values is None:
            remedy = "says what the file is for; change it"
            yield edit, Flaw("item_id", edit.item_id, remedy)


def orphaned(
    held: ItemsByKind,
    evidence: Mapping[str, Mapping[str, ProgrammeItem]],
    edits: Sequence[Edit],
) -> Iterator[tuple[Edit, Flaw]]:
    """Yield removals of items that others still name; ``evidence`` is by the item it is for."""
    removed = {edit.item_id for edit in edits if edit.values is None}
    for edit in edits:
        if edit.values is not None:
            continue
        naming = [
            item_id
            for link in LINKS
            if edit.kind in link.targets
            for item_id in _naming(link, edit.item_id, held, evidence)
            if item_id not in removed
        ]
        if naming:
            remedy = f"{naming[0]} depends on it; remove or change that first"
            yield edit, Flaw("item_id", edit.item_id, remedy)


def _naming(
    link: ItemLink,
    item_id: str,
    held: ItemsByKind,
    evidence: Mapping[str, Mapping[str, ProgrammeItem]],
) -> Iterator[str]:
    """Yield the items that name another one by a link."""
    if link.kind == EVIDENCE:  # of which there is so much that it is kept by item
        yield from evidence.get(item_id, ())
        return
    for item in held[link.kind].values():
        if item.values[link.column] == item_id:
            yield item.item_id

"""What a programme shows, page by page: escaped HTML, the same words as text, and its items.

Whatever somebody typed is escaped; only http, https and mailto become links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from soclib.paper.sheets import table_html
from soclib.periods.tables import PERIODS
from soclib.readiness.gaps import TYPE_1, TYPE_2, Finding
from soclib.readiness.items import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    DAYS,
    EVIDENCE,
    REPORT_DAYS,
    SUBSERVICE,
    Item,
    choices,
)
from soclib.readiness.programme import Programme
from soclib.readiness.store import Change, count_changes, history
from soclib.readiness.tables import READINESS
from soclib.trust.tables import TRUST
from soclib.words import Words, fill, words_of

OWNERS = 25  # that are named
Counted = tuple[str, list[str], list[list[str]]]


def overview(programme: Programme, words: Words) -> tuple[str, tuple[Counted, ...]]:
    """Return what a programme is for, and its tables of counts: caption, heads and rows."""
    scope, settings = programme.scope, programme.settings.values
    blank = words["readiness_blank"]
    said = {
        "title": settings["title"] or words["readiness_title"],
        "bases": str(len(scope.bases)),
        "period": f"{scope.start or blank} to {scope.end or blank}",
        "as_of": str(scope.as_of or blank),
    }
    findings = programme.findings()
    tables = (
        _statuses(programme, words),
        _by_type(programme, findings, words),
        _by_owner(findings, words),
    )
    return fill(words["readiness_overview_scope"], said), tables


def _statuses(programme: Programme, words: Words) -> Counted:
    counts = Counter(item.values["status_id"] for item in programme.items(CONTROL).values())
    counts.update(item.values["status_id"] for item in programme.items(COMPLEMENTARY).values())
    rows = [
        [f"{status.mark} {status.label}", str(counts[status.status_id])]
        for status in programme.catalog.part(READINESS).statuses.values()
        if counts[status.status_id]
    ]
    heads = [words["readiness_column_status_id"], words["readiness_column_count"]]
    return words["readiness_overview_statuses"], heads, rows


def _by_type(programme: Programme, findings: Sequence[Finding], words: Words) -> Counted:
    rows = []
    for type_id in (TYPE_1, TYPE_2):
        mine = [one for one in findings if type_id in one.due]
        late = [d for one in mine if (d := one.due[type_id]) and d < programme.today]
        said = {
            "count": str(len(mine)),
            "overdue": str(len(late)),
            "lost": str(sum(type_id in one.lost for one in mine)),
        }
        counted = fill(words["readiness_overview_type"], said)
        rows.append([words[f"readiness_value_{type_id}"], counted])
    heads = [words["readiness_column_report_type"], words["readiness_column_open"]]
    return words["readiness_overview_open"], heads, rows


def _by_owner(findings: Sequence[Finding], words: Words) -> Counted:
    counts = Counter(one.owes for one in findings).most_common(OWNERS)
    rows = [[owner or words["readiness_nobody"], str(count)] for owner, count in counts]
    heads = [words["readiness_column_owner"], words["readiness_column_open"]]
    return words["readiness_overview_by_owner"], heads, rows


# --- the pages ------------------------------------------------------------------------------------


LINKS = ("http", "https", "mailto")
ROWS = 25  # of one page
MISSING = {"missing_type_1": TYPE_1, "missing_type_2": TYPE_2}
KINDS = {
    "controls": CONTROL,
    "evidence": EVIDENCE,
    "complementary": COMPLEMENTARY,
    "subservice": SUBSERVICE,
}
VIEWS = ("overview", *MISSING, *KINDS, "history")
# The columns of each list, after the item; what stands for a status or a rhythm is its label.
SHOWN = {
    CONTROL: ("basis_id", "control", "owner", "cadence_id", "status_id", "started"),
    EVIDENCE: ("control_id", "place", "dated", "covers_from", "covers_to"),
    COMPLEMENTARY: ("kind", "hangs_on", "control", "owner", "status_id"),
    SUBSERVICE: ("name", "service", "method", "owner", "report_type", "report_start", "report_end"),
}
NAMED = ("kind", "method", "report_type", "assertion")  # columns whose values have words


class Ask(NamedTuple):
    """Which view, and which of its rows: those that hold the words, of one owner, on one page."""

    view: str = VIEWS[0]
    search: str = ""
    owner: str = ""  # blank for everybody; a single blank for nobody
    page: int = 1


class Shown(NamedTuple):
    """One page of a view; ``items`` are the kind and id of what can be edited there."""

    html: str
    text: str
    items: tuple[tuple[str, str], ...]
    page: int
    pages: int
    total: int


class Line(NamedTuple):
    """One row: its item, its cells as text, and what of them is a link."""

    kind: str
    item_id: str
    cells: tuple[str, ...]
    linked: int = -1


class Rows(NamedTuple):
    """How many rows there are, and how to make some of them: only what is shown is made."""

    total: int
    some: Callable[[int, int], list[Line]]


NOBODY = " "
BASIS = "basis"  # what a finding is about that no item stands for


def show(programme: Programme, ask: Ask) -> Shown:
    """Return one page of a view; a page that is not there is the nearest one that is."""
    words = words_of(programme.catalog, programme.scope.side)
    if ask.view == "overview":
        return _overview(programme, words)
    heads, rows = _rows(programme, ask, words)
    pages = max(-(-rows.total // ROWS), 1)
    page = min(max(ask.page, 1), pages)
    some = rows.some((page - 1) * ROWS, page * ROWS)
    caption = words[f"readiness_caption_{ask.view}"]
    body = [[_cell(line, at) for at in range(len(line.cells))] for line in some]
    html = table_html(caption, heads, body, "soc-readiness") if some else ""
    told = {"page": str(page), "pages": str(pages), "count": str(rows.total)}
    note = fill(words["readiness_page"], told) if some else words["readiness_none"]
    said = [
        "; ".join(f"{h}: {c}" for h, c in zip(heads, line.cells, strict=True) if c) for line in some
    ]
    return Shown(
        f"{html}<p>{escape(note)}</p>",
        "\n".join([caption, *said, note]),
        _editable(programme, some),
        page,
        pages,
        rows.total,
    )


def _editable(programme: Programme, lines: Sequence[Line]) -> tuple[tuple[str, str], ...]:
    """Return the items of a page; for a criterion without a control those that could be one."""
    bare = {line.item_id for line in lines if line.kind == BASIS}
    prompts: dict[str, list[str]] = {}
    for item_id, item in programme.items(CONTROL).items() if bare else ():
        if item.values["basis_id"] in bare:
            prompts.setdefault(item.values["basis_id"], []).append(item_id)
    found = (
        (CONTROL, item_id) if line.kind == BASIS else (line.kind, item_id)
        for line in lines
        for item_id in (prompts.get(line.item_id, ()) if line.kind == BASIS else [line.item_id])
    )
    return tuple(dict.fromkeys(found))


def _cell(line: Line, at: int) -> str:
    text = line.cells[at]
    return link_html(text) if at == line.linked else escape(text).replace("\n", "<br>")


def link_html(place: str) -> str:
    """Return a place as a link where it is an address of the web or of mail, else as text."""
    shown = escape(place).replace("\n", "<br>")
    try:
        parts = urlsplit(place)
    except ValueError:
        return shown
    plain = not any(sign.isspace() or not sign.isprintable() for sign in place)
    if parts.scheme.lower() in LINKS and plain and (parts.netloc or parts.scheme == "mailto"):
        return f'<a href="{escape(place)}" rel="noopener noreferrer" target="_blank">{shown}</a>'
    return shown


def _rows(programme: Programme, ask: Ask, words: Words) -> tuple[list[str], Rows]:
    """Return the heads and the rows of a view that the search and the owner leave."""
    if ask.view in MISSING:
        return _missing(programme, ask, words)
    if ask.view == "history":
        return _history(programme, ask, words)
    kind = KINDS[ask.view]
    named = labels(programme, words)
    heads = [words["readiness_column_item"], *(words[f"readiness_column_{c}"] for c in SHOWN[kind])]
    linked = 1 + SHOWN[kind].index("place") if "place" in SHOWN[kind] else -1
    wanted, held = ask.search.casefold().split(), list(programme.items(kind).values())
    if wanted or ask.owner:
        held = [item for item in held if _is_asked(item, ask.owner, wanted)]

    def some(first: int, last: int) -> list[Line]:
        return [
            Line(kind, item.item_id, (item.item_id, *_shown(programme, item, named, words)), linked)
            for item in held[first:last]
        ]

    return heads, Rows(len(held), some)


def _shown(
    programme: Programme, item: Item, named: Mapping[str, Mapping[str, str]], words: Words
) -> tuple[str, ...]:
    """Return the cells of an item in words; a control that is not written yet shows its prompt."""
    values = dict(item.values)
    if item.kind == CONTROL and not values["control"]:
        asked = programme.catalog.part(TRUST).prompts.get(values["basis_id"], ())
        prompts = [one.prompt for one in asked if one.prompt_id == values["prompt_id"]]
        values["control"] = (
            fill(words["readiness_asked"], {"prompt": prompts[0]}) if prompts else ""
        )
    return tuple(
        named[column].get(values[column], values[column]) if column in named else values[column]
        for column in SHOWN[item.kind]
    )


def _is_asked(item: Item, owner: str, wanted: Sequence[str]) -> bool:
    if owner and item.values.get("owner", "") != owner.strip():
        return False
    return not wanted or _holds((item.item_id, *item.values.values()), wanted)


def _holds(cells: Iterable[str], wanted: Sequence[str]) -> bool:
    text = "\n".join(cells).casefold()
    return all(word in text for word in wanted)


def labels(programme: Programme, words: Words) -> dict[str, dict[str, str]]:
    """Return the words for the values of closed columns."""
    catalog = programme.catalog
    statuses = catalog.part(READINESS).statuses.values()
    prefix = "readiness_value_"
    values = {name.removeprefix(prefix): t for name, t in words.items() if name.startswith(prefix)}
    return {
        "status_id": {s.status_id: f"{s.mark} {s.label}" for s in statuses},
        "cadence_id": {c.cadence_id: c.label for c in catalog.part(PERIODS).cadences.values()},
        **dict.fromkeys(NAMED, values),
    }


# --- what is missing ------------------------------------------------------------------------------


def _missing(programme: Programme, ask: Ask, words: Words) -> tuple[list[str], Rows]:
    names = ("item", "basis", "missing", "owner", "due", "why")
    heads = [words[f"readiness_column_{name}"] for name in names]
    type_id, scope = MISSING[ask.view], programme.scope
    if (scope.as_of if type_id == TYPE_1 else scope.period) is None:
        return heads, Rows(0, lambda _first, _last: [])
    wanted = ask.search.casefold().split()
    found = [
        one
        for one in programme.missing(type_id)
        if (not ask.owner or one.owes == ask.owner.strip())
        and (not wanted or _holds((one.item_id, *one.bases, one.text, one.owes), wanted))
    ]

    def some(first: int, last: int) -> list[Line]:
        return [
            Line(one.kind, one.item_id, _finding_cells(one, type_id, programme, words))
            for one in found[first:last]
        ]

    return heads, Rows(len(found), some)


def _finding_cells(
    one: Finding, type_id: str, programme: Programme, words: Words
) -> tuple[str, ...]:
    owes = one.owes or words["readiness_nobody"]
    due = _due(one, type_id, programme, words)
    return one.item_id, ", ".join(one.bases), one.text, owes, due, one.why


def _due(one: Finding, type_id: str, programme: Programme, words: Words) -> str:
    day = one.due[type_id]
    if type_id in one.lost:
        lost = words["readiness_lost" if day else "readiness_not_curable"]
        return fill(lost, {"day": day.isoformat() if day else ""})
    if day is None:
        return words["readiness_no_day"]
    if day < programme.today:
        return fill(words["readiness_overdue"], {"day": day.isoformat()})
    return day.isoformat()


# --- history --------------------------------------------------------------------------------------


def _history(programme: Programme, ask: Ask, words: Words) -> tuple[list[str], Rows]:
    names = ("at", "who", "item", "change")
    heads = [words[f"readiness_column_{name}"] for name in names]

    def some(first: int, last: int) -> list[Line]:
        found = history(programme.store, most=last - first, skip=first, search=ask.search)
        return [_change_line(one, words) for one in found]

    return heads, Rows(count_changes(programme.store, ask.search), some)


def _change_line(one: Change, words: Words) -> Line:
    if one.after is None:
        said = words["readiness_taken_out"]
    elif one.before is None:
        said = words["readiness_added"]
    else:
        said = "; ".join(
            f"{words[f'readiness_column_{name}']}: {one.before.get(name, '')} → {text}"
            for name, text in one.after.items()
            if one.before.get(name, "") != text
        )
    return Line(one.kind, one.item_id, (one.at, one.who, f"{one.kind} {one.item_id}", said))


# --- overview -------------------------------------------------------------------------------------


def _overview(programme: Programme, words: Words) -> Shown:
    line, tables = overview(programme, words)
    html = "".join(
        table_html(caption, heads, [[escape(cell) for cell in row] for row in rows], "")
        for caption, heads, rows in tables
        if rows
    )
    text = [line]
    for caption, _heads, rows in tables:
        text += [caption, *(f"  {': '.join(row)}" for row in rows)]
    return Shown(f"<p>{escape(line)}</p>{html}", "\n".join(text), (), 1, 1, len(tables))


def owners(programme: Programme) -> tuple[str, ...]:
    """Return everybody who owns something, in the order of the alphabet."""
    kinds = (CONTROL, COMPLEMENTARY, SUBSERVICE)
    found = {one.values["owner"] for kind in kinds for one in programme.items(kind).values()}
    return tuple(sorted(found - {""}))


# --- the form of one item -------------------------------------------------------------------------


DAY_HINT = "2026-12-31"
PICKED = ("cadence_id", "status_id", "kind", "method", "report_type", "assertion")


class Field(NamedTuple):
    """One cell of a form; ``options`` are value and label, none for a text of one's own."""

    column: str
    label: str
    value: str
    hint: str
    options: tuple[tuple[str, str], ...]


class Form(NamedTuple):
    """The form of one item, and the HTML that explains it."""

    fields: tuple[Field, ...]
    note_html: str
    takes_evidence: bool


def fields(programme: Programme, kind: str, item_id: str) -> Form:
    """Return the form of an item, or of a new one where the id is blank."""
    words = words_of(programme.catalog, programme.scope.side)
    held = programme.items(kind).get(item_id)
    values = dict(held.values) if held else first_values(programme, kind)
    named = labels(programme, words)
    closed = choices(kind, values, programme.catalog)
    if kind == COMPLEMENTARY:
        kinds = (values["kind"],) if held else closed["kind"]
        closed["status_id"] = tuple(s for one in kinds for s in _status_ids(programme, one))
    shown = []
    for column in COLUMNS[kind]:
        options: tuple[tuple[str, str], ...] = ()
        if column in PICKED:
            words_for = named.get(column, {})
            blank = words["readiness_blank"]
            options = tuple((v, words_for.get(v, v) if v else blank) for v in closed[column])
        elif column == "subservice_id":
            none = ("", words["readiness_blank"])
            known = programme.items(SUBSERVICE).values()
            options = (none, *((one.item_id, one.values["name"]) for one in known))
        hint = DAY_HINT if column in (*DAYS, *REPORT_DAYS) else ""
        label = words[f"readiness_column_{column}"]
        shown.append(Field(column, label, values[column], hint, options))
    evidence = bool(held) and kind in (CONTROL, COMPLEMENTARY)
    return Form(tuple(shown), _note_html(programme, kind, item_id, words), evidence)


def first_values(programme: Programme, kind: str) -> dict[str, str]:
    """Return the cells that a new item starts with: blank, but for where it stands."""
    values = dict.fromkeys(COLUMNS[kind], "")
    if kind == CONTROL:
        values["status_id"] = programme.catalog.part(READINESS).of(CONTROL)[0].status_id
    if kind == COMPLEMENTARY:
        values["kind"] = next(iter(programme.catalog.part(TRUST).complementary.values())).kind
        values["status_id"] = _status_ids(programme, values["kind"])[0]
    return values


def _status_ids(programme: Programme, kind: str) -> tuple[str, ...]:
    about = "csoc" if kind == "csoc" else f"cuec_{programme.scope.side}"
    return tuple(status.status_id for status in programme.catalog.part(READINESS).of(about))


def _note_html(programme: Programme, kind: str, item_id: str, words: Words) -> str:
    """Return the prompt, the evidence and what is missing of an item."""
    held = programme.items(kind).get(item_id)
    if held is None:
        return ""
    parts = [f"<h4>{escape(kind)} {escape(item_id)}</h4>"]
    if kind == CONTROL:
        parts += _prompt_html(programme, held.values["basis_id"], held.values["prompt_id"], words)
    evidence = [
        f"<li>{link_html(one.values['place'])} {escape(one.values['dated'])} "
        f"{escape(one.values['covers_from'])} {escape(one.values['covers_to'])}</li>"
        for one in programme.evidence_of(item_id)
    ]
    if evidence:
        title = escape(words["readiness_view_evidence"])
        parts.append(f"<p>{title}</p><ul>{''.join(evidence)}</ul>")
    mine = [one for one in programme.findings() if one.item_id == item_id]
    if mine:
        title = escape(words["readiness_column_missing"])
        parts.append(f"<p>{title}</p><ul>{''.join(map(_finding_html, mine))}</ul>")
    return "".join(parts)


def _prompt_html(programme: Programme, basis_id: str, prompt_id: str, words: Words) -> list[str]:
    trust = programme.catalog.part(TRUST)
    asked = f"<p><b>{escape(basis_id)}</b> {escape(trust.bases.get(basis_id, ''))}</p>"
    prompts = {one.prompt_id: one for one in trust.prompts.get(basis_id, ())}
    if (prompt := prompts.get(prompt_id)) is None:
        return [asked]
    said = fill(
        words["readiness_prompt"],
        {
            "prompt": prompt.prompt,
            "evidence": ", ".join(prompt.typical_evidence),
            "owner": prompt.owner,
        },
    )
    return [asked, f"<p>{escape(said)}</p>"]


def _finding_html(one: Finding) -> str:
    return f"<li>{escape(one.text)} <i>{escape(one.why)}</i></li>"

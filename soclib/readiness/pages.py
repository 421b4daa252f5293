"""What a programme shows, page by page: escaped HTML, the same words as text, and its items.

Everything that somebody typed is escaped; only http, https and mailto become links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from soclib.paper.sheets import table_html
from soclib.periods.tables import PERIODS, TYPE_1, TYPE_2
from soclib.readiness.gaps import ReadinessFinding
from soclib.readiness.items import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    DAYS,
    EVIDENCE,
    REPORT_DAYS,
    SUBSERVICE,
    ProgrammeItem,
    choices,
)
from soclib.readiness.programme import Programme
from soclib.readiness.store import HistoryEntry, count_changes, history
from soclib.readiness.tables import READINESS
from soclib.trust.tables import TRUST
from soclib.words import Words, fill, words_of

MOST_OWNERS = 25  # in the overview
CountTable = tuple[str, list[str], list[list[str]]]


def overview(programme: Programme, words: Words) -> tuple[str, tuple[CountTable, ...]]:
    """Return what a programme is for, and its tables of counts: caption, heads and rows."""
    scope, settings = programme.scope, programme.settings.values
    blank = words["readiness_blank"]
    parts = {
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
    return fill(words["readiness_overview_scope"], parts), tables


def _statuses(programme: Programme, words: Words) -> CountTable:
    counts = Counter(item.values["status_id"] for item in programme.items(CONTROL).values())
    counts.update(item.values["status_id"] for item in programme.items(COMPLEMENTARY).values())
    rows = [
        [f"{status.mark} {status.label}", str(counts[status.status_id])]
        for status in programme.catalog.part(READINESS).statuses.values()
        if counts[status.status_id]
    ]
    heads = [words["readiness_column_status_id"], words["readiness_column_count"]]
    return words["readiness_overview_statuses"], heads, rows


def _by_type(
    programme: Programme, findings: Sequence[ReadinessFinding], words: Words
) -> CountTable:
    rows = []
    for type_id in (TYPE_1, TYPE_2):
        open_findings = [finding for finding in findings if type_id in finding.due]
        days = [finding.due[type_id] for finding in open_findings]
        counts = {
            "count": str(len(open_findings)),
            "overdue": str(sum(day is not None and day < programme.today for day in days)),
            "lost": str(sum(type_id in finding.lost for finding in open_findings)),
        }
        text = fill(words["readiness_overview_type"], counts)
        rows.append([words[f"readiness_value_{type_id}"], text])
    heads = [words["readiness_column_report_type"], words["readiness_column_open"]]
    return words["readiness_overview_open"], heads, rows


def _by_owner(findings: Sequence[ReadinessFinding], words: Words) -> CountTable:
    counts = Counter(finding.owes for finding in findings).most_common(MOST_OWNERS)
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
# The columns of each list, after the item; a status or a rhythm is shown by its label.
LIST_COLUMNS = {
    CONTROL: ("basis_id", "control", "owner", "cadence_id", "status_id", "started"),
    EVIDENCE: ("control_id", "place", "dated", "covers_from", "covers_to"),
    COMPLEMENTARY: ("kind", "hangs_on", "control", "owner", "status_id"),
    SUBSERVICE: ("name", "service", "method", "owner", "report_type", "report_start", "report_end"),
}
NAMED = ("kind", "method", "report_type", "assertion")  # columns whose values have words


class PageQuery(NamedTuple):
    """Which page of which view to show; ``search`` and ``owner`` keep only some of its rows."""

    view: str = VIEWS[0]
    search: str = ""
    owner: str = ""  # blank for everybody; a single blank for nobody
    page: int = 1


class ViewPage(NamedTuple):
    """One page of a view; ``items`` are the kind and id of what can be edited there."""

    html: str
    text: str
    items: tuple[tuple[str, str], ...]
    page: int
    pages: int
    total: int


class PageLine(NamedTuple):
    """One row: its item, its cells as text, and which of the cells is a link, if any."""

    kind: str
    item_id: str
    cells: tuple[str, ...]
    linked: int = -1


class LazyRows(NamedTuple):
    """How many rows there are, and how to make some of them, so that only one page is made."""

    total: int
    some: Callable[[int, int], list[PageLine]]


NOBODY = " "
BASIS = "basis"  # the kind of a finding about a criterion or objective, which is no item


def show(programme: Programme, query: PageQuery) -> ViewPage:
    """Return one page of a view; for a page beyond the last, the last one."""
    words = words_of(programme.catalog, programme.scope.side)
    if query.view == "overview":
        return _overview(programme, words)
    heads, rows = _rows(programme, query, words)
    pages = max(-(-rows.total // ROWS), 1)
    page = min(max(query.page, 1), pages)
    some = rows.some((page - 1) * ROWS, page * ROWS)
    caption = words[f"readiness_caption_{query.view}"]
    body = [[_cell(line, at) for at in range(len(line.cells))] for line in some]
    html = table_html(caption, heads, body, "soc-readiness") if some else ""
    plain_errors = {"page": str(page), "pages": str(pages), "count": str(rows.total)}
    note = fill(words["readiness_page"], plain_errors) if some else words["readiness_none"]
    texts = [
        "; ".join(f"{h}: {c}" for h, c in zip(heads, line.cells, strict=True) if c) for line in some
    ]
    return ViewPage(
        f"{html}<p>{escape(note)}</p>",
        "\n".join([caption, *texts, note]),
        _editable(programme, some),
        page,
        pages,
        rows.total,
    )


def _editable(programme: Programme, lines: Sequence[PageLine]) -> tuple[tuple[str, str], ...]:
    """Return the items of a page; for a criterion without a control, the prompts for one."""
    bare = {line.item_id for line in lines if line.kind == BASIS}
    prompts: dict[str, list[str]] = {}
    for item_id, item in programme.items(CONTROL).items() if bare else ():
        if item.values["basis_id"] in bare:
            prompts.setdefault(item.values["basis_id"], []).append(item_id)
    editable = (
        (CONTROL, item_id) if line.kind == BASIS else (line.kind, item_id)
        for line in lines
        for item_id in (prompts.get(line.item_id, ()) if line.kind == BASIS else [line.item_id])
    )
    return tuple(dict.fromkeys(editable))


def _cell(line: PageLine, at: int) -> str:
    text = line.cells[at]
    return link_html(text) if at == line.linked else escape(text).replace("\n", "<br>")


def link_html(place: str) -> str:
    """Return a place as a link if it is a web or mail address, and as text otherwise."""
    text = escape(place).replace("\n", "<br>")
    try:
        parts = urlsplit(place)
    except ValueError:
        return text
    plain = not any(sign.isspace() or not sign.isprintable() for sign in place)
    if parts.scheme.lower() in LINKS and plain and (parts.netloc or parts.scheme == "mailto"):
        return f'<a href="{escape(place)}" rel="noopener noreferrer" target="_blank">{text}</a>'
    return text


def _rows(programme: Programme, query: PageQuery, words: Words) -> tuple[list[str], LazyRows]:
    """Return the heads of a view, and the rows that match the search and the owner."""
    if query.view in MISSING:
        return _missing(programme, query, words)
    if query.view == "history":
        return _history(programme, query, words)
    kind = KINDS[query.view]
    named = labels(programme, words)
    heads = [
        words["readiness_column_item"],
        *(words[f"readiness_column_{c}"] for c in LIST_COLUMNS[kind]),
    ]
    linked = 1 + LIST_COLUMNS[kind].index("place") if "place" in LIST_COLUMNS[kind] else -1
    wanted, held = query.search.casefold().split(), list(programme.items(kind).values())
    if wanted or query.owner:
        held = [item for item in held if _matches(item, query.owner, wanted)]

    def line(item: ProgrammeItem) -> PageLine:
        cells = (item.item_id, *_list_cells(programme, item, named, words))
        return PageLine(kind, item.item_id, cells, linked)

    def some(first: int, last: int) -> list[PageLine]:
        return [line(item) for item in held[first:last]]

    return heads, LazyRows(len(held), some)


def _list_cells(
    programme: Programme, item: ProgrammeItem, named: Mapping[str, Mapping[str, str]], words: Words
) -> tuple[str, ...]:
    """Return the cells of an item in words; a control that is not written yet shows its prompt."""
    values = dict(item.values)
    if item.kind == CONTROL and not values["control"]:
        known = programme.catalog.part(TRUST).prompts.get(values["basis_id"], ())
        prompts = [row.prompt for row in known if row.prompt_id == values["prompt_id"]]
        if prompts:
            values["control"] = fill(words["readiness_asked"], {"prompt": prompts[0]})
    return tuple(
        named[column].get(values[column], values[column]) if column in named else values[column]
        for column in LIST_COLUMNS[item.kind]
    )


def _matches(item: ProgrammeItem, owner: str, wanted: Sequence[str]) -> bool:
    if owner and item.values.get("owner", "") != owner.strip():
        return False
    return not wanted or _holds((item.item_id, *item.values.values()), wanted)


def _holds(cells: Iterable[str], wanted: Sequence[str]) -> bool:
    text = "\n".join(cells).casefold()
    return all(word in text for word in wanted)


def labels(programme: Programme, words: Words) -> dict[str, dict[str, str]]:
    """Return the words for the values of columns with a fixed choice."""
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


def _missing(programme: Programme, query: PageQuery, words: Words) -> tuple[list[str], LazyRows]:
    names = ("item", "basis", "missing", "owner", "due", "why")
    heads = [words[f"readiness_column_{name}"] for name in names]
    type_id, scope = MISSING[query.view], programme.scope
    if (scope.as_of if type_id == TYPE_1 else scope.period) is None:
        return heads, LazyRows(0, lambda _first, _last: [])
    wanted = query.search.casefold().split()
    findings = [
        finding
        for finding in programme.missing(type_id)
        if (not query.owner or finding.owes == query.owner.strip())
        and (not wanted or _holds(_searched(finding), wanted))
    ]

    def some(first: int, last: int) -> list[PageLine]:
        return [
            PageLine(f.kind, f.item_id, _finding_cells(f, type_id, programme, words))
            for f in findings[first:last]
        ]

    return heads, LazyRows(len(findings), some)


def _searched(finding: ReadinessFinding) -> tuple[str, ...]:
    return finding.item_id, *finding.bases, finding.text, finding.owes


def _finding_cells(
    finding: ReadinessFinding, type_id: str, programme: Programme, words: Words
) -> tuple[str, ...]:
    owes = finding.owes or words["readiness_nobody"]
    due = _due(finding, type_id, programme, words)
    return finding.item_id, ", ".join(finding.bases), finding.text, owes, due, finding.why


def _due(finding: ReadinessFinding, type_id: str, programme: Programme, words: Words) -> str:
    day = finding.due[type_id]
    if type_id in finding.lost:
        lost = words["readiness_lost" if day else "readiness_not_curable"]
        return fill(lost, {"day": day.isoformat() if day else ""})
    if day is None:
        return words["readiness_no_day"]
    if day < programme.today:
        return fill(words["readiness_overdue"], {"day": day.isoformat()})
    return day.isoformat()


# --- history --------------------------------------------------------------------------------------


def _history(programme: Programme, query: PageQuery, words: Words) -> tuple[list[str], LazyRows]:
    names = ("at", "who", "item", "change")
    heads = [words[f"readiness_column_{name}"] for name in names]

    def some(first: int, last: int) -> list[PageLine]:
        entries = history(programme.store, most=last - first, skip=first, search=query.search)
        return [_history_line(entry, words) for entry in entries]

    return heads, LazyRows(count_changes(programme.store, query.search), some)


def _history_line(entry: HistoryEntry, words: Words) -> PageLine:
    if entry.after is None:
        change = words["readiness_taken_out"]
    elif entry.before is None:
        change = words["readiness_added"]
    else:
        change = "; ".join(
            f"{words[f'readiness_column_{name}']}: {entry.before.get(name, '')} → {text}"
            for name, text in entry.after.items()
            if entry.before.get(name, "") != text
        )
    item = f"{entry.kind} {entry.item_id}"
    return PageLine(entry.kind, entry.item_id, (entry.at, entry.who, item, change))


# --- overview -------------------------------------------------------------------------------------


def _overview(programme: Programme, words: Words) -> ViewPage:
    line, tables = overview(programme, words)
    html = "".join(
        table_html(caption, heads, [[escape(cell) for cell in row] for row in rows], "")
        for caption, heads, rows in tables
        if rows
    )
    text = [line]
    for caption, _heads, rows in tables:
        text += [caption, *(f"  {': '.join(row)}" for row in rows)]
    return ViewPage(f"<p>{escape(line)}</p>{html}", "\n".join(text), (), 1, 1, len(tables))


def owners(programme: Programme) -> tuple[str, ...]:
    """Return everybody who owns something, in alphabetical order."""
    kinds = (CONTROL, COMPLEMENTARY, SUBSERVICE)
    names = {item.values["owner"] for kind in kinds for item in programme.items(kind).values()}
    return tuple(sorted(names - {""}))


# --- the form of one item -------------------------------------------------------------------------


DAY_HINT = "2026-12-31"
PICKED = ("cadence_id", "status_id", "kind", "method", "report_type", "assertion")


class FormField(NamedTuple):
    """One cell of a form; ``options`` are pairs of value and label, none where text is typed."""

    column: str
    label: str
    value: str
    hint: str
    options: tuple[tuple[str, str], ...]


class ItemForm(NamedTuple):
    """The form of one item, and the HTML that explains it."""

    fields: tuple[FormField, ...]
    note_html: str
    takes_evidence: bool


def fields(programme: Programme, kind: str, item_id: str) -> ItemForm:
    """Return the form of an item, or of a new one where the id is blank."""
    words = words_of(programme.catalog, programme.scope.side)
    held = programme.items(kind).get(item_id)
    values = dict(held.values) if held else first_values(programme, kind)
    named = labels(programme, words)
    closed = choices(kind, values, programme.catalog)
    if kind == COMPLEMENTARY:
        kinds = (values["kind"],) if held else closed["kind"]
        closed["status_id"] = tuple(s for name in kinds for s in _status_ids(programme, name))
    form_fields = []
    for column in COLUMNS[kind]:
        options: tuple[tuple[str, str], ...] = ()
        if column in PICKED:
            words_for = named.get(column, {})
            blank = words["readiness_blank"]
            options = tuple((v, words_for.get(v, v) if v else blank) for v in closed[column])
        elif column == "subservice_id":
            none = ("", words["readiness_blank"])
            known = programme.items(SUBSERVICE).values()
            options = (none, *((item.item_id, item.values["name"]) for item in known))
        hint = DAY_HINT if column in (*DAYS, *REPORT_DAYS) else ""
        label = words[f"readiness_column_{column}"]
        form_fields.append(FormField(column, label, values[column], hint, options))
    evidence = bool(held) and kind in (CONTROL, COMPLEMENTARY)
    return ItemForm(tuple(form_fields), _note_html(programme, kind, item_id, words), evidence)


def first_values(programme: Programme, kind: str) -> dict[str, str]:
    """Return the cells that a new item starts with: all blank except for its kind and status."""
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
    """Return the prompt for an item, its evidence, and what it lacks."""
    held = programme.items(kind).get(item_id)
    if held is None:
        return ""
    parts = [f"<h4>{escape(kind)} {escape(item_id)}</h4>"]
    if kind == CONTROL:
        parts += _prompt_html(programme, held.values["basis_id"], held.values["prompt_id"], words)
    evidence = [
        f"<li>{link_html(proof.values['place'])} {escape(proof.values['dated'])} "
        f"{escape(proof.values['covers_from'])} {escape(proof.values['covers_to'])}</li>"
        for proof in programme.evidence_of(item_id)
    ]
    if evidence:
        title = escape(words["readiness_view_evidence"])
        parts.append(f"<p>{title}</p><ul>{''.join(evidence)}</ul>")
    lacking = [finding for finding in programme.findings() if finding.item_id == item_id]
    if lacking:
        title = escape(words["readiness_column_missing"])
        parts.append(f"<p>{title}</p><ul>{''.join(map(_finding_html, lacking))}</ul>")
    return "".join(parts)


def _prompt_html(programme: Programme, basis_id: str, prompt_id: str, words: Words) -> list[str]:
    trust = programme.catalog.part(TRUST)
    basis = f"<p><b>{escape(basis_id)}</b> {escape(trust.bases.get(basis_id, ''))}</p>"
    prompts = {row.prompt_id: row for row in trust.prompts.get(basis_id, ())}
    if (prompt := prompts.get(prompt_id)) is None:
        return [basis]
    text = fill(
        words["readiness_prompt"],
        {
            "prompt": prompt.prompt,
            "evidence": ", ".join(prompt.typical_evidence),
            "owner": prompt.owner,
        },
    )
    return [basis, f"<p>{escape(text)}</p>"]


def _finding_html(finding: ReadinessFinding) -> str:
    return f"<li>{escape(finding.text)} <i>{escape(finding.why)}</i></li>"

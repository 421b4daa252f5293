"""The form of one item: its cells, what may be chosen, and what explains them."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from soclib.explain import fill
from soclib.readiness_gaps import Finding
from soclib.readiness_kinds import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    DAYS,
    REPORT_DAYS,
    SUBSERVICE,
    choices,
)
from soclib.readiness_programme import Programme
from soclib.readiness_views import labels, link_html
from soclib.render import Words, words_of

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
        closed["status_id"] = tuple(s for one in kinds for s in _statuses(programme, one))
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
        values["status_id"] = programme.catalog.readiness.of(CONTROL)[0].status_id
    if kind == COMPLEMENTARY:
        values["kind"] = next(iter(programme.catalog.trust.complementary.values())).kind
        values["status_id"] = _statuses(programme, values["kind"])[0]
    return values


def _statuses(programme: Programme, kind: str) -> tuple[str, ...]:
    about = "csoc" if kind == "csoc" else f"cuec_{programme.scope.side}"
    return tuple(status.status_id for status in programme.catalog.readiness.of(about))


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
    trust = programme.catalog.trust
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

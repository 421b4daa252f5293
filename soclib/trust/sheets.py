"""What a notebook shows of criteria and the cross-map: pages, scopes, pictures with tables.

The search of the explorer looks at headers, at ``summary`` and at the paragraphs of lists; it skips
the labels (``i``) in front of texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from soclib.catalog import Catalog, load_catalog
from soclib.claims.sources import provenance_html
from soclib.errors import AnswerError, did_you_mean
from soclib.paper.sheets import Sheet, table, table_html
from soclib.periods.tables import PERIODS
from soclib.tables.rows import VOICES
from soclib.trust.choose import (
    CriteriaChoice,
    cadences,
    categories_of,
    chosen_criteria,
    owners,
)
from soclib.trust.drawing import (
    category_bands,
    counts_text,
    heat_svg,
    heat_text,
    structure_svg,
    structure_text,
    structure_title,
)
from soclib.trust.frames import chosen_prompts, known_id
from soclib.trust.pairs import (
    ONLY_RELATED,
    PART,
    WHOLE,
    DirectedPair,
    HeatColumn,
    StrengthCounts,
    gists,
    heat_columns,
    heat_counts,
    pairs_of,
    remainders,
)
from soclib.trust.scoping import Scope, scope
from soclib.trust.tables import (
    ISO,
    SIDES,
    TRUST,
    TSC,
    ControlPrompt,
    TrustCriterion,
)
from soclib.verdict.decision import Decision
from soclib.words import Words, fill, words_of


def explorer_html(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return all criteria as one table whose rows unfold; with a scope each has its state."""
    words = words_of(catalog, VOICES[0])
    heads = [words[f"trust_head_{name}"] for name in ("criterion", "gist", "owner", "cadence")]
    heads += [words["trust_head_scope"]] if scope else []
    head = "".join(f'<th scope="col" role="columnheader">{escape(name)}</th>' for name in heads)
    rows = (_row_html(catalog, row, scope, words) for row in catalog.part(TRUST).criteria.values())
    return (
        '<table class="soc-table soc-criteria" role="table">'
        f"<caption>{escape(words['trust_caption'])}</caption>"
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def _row_html(catalog: Catalog, row: TrustCriterion, scope: Scope | None, words: Words) -> str:
    cells = [
        (words["trust_head_gist"], _folded_html(catalog, row, words)),
        (words["trust_head_owner"], escape(owners_text(catalog, row.tsc_id))),
        (words["trust_head_cadence"], escape(cadences_text(catalog, row.tsc_id))),
    ]
    if scope:
        state = (
            f'<i class="soc-state">{escape(words[f"trust_state_{scope.states[row.tsc_id]}"])}</i>'
        )
        cells.append((words["trust_head_scope"], state))
    series = catalog.part(TRUST).series[row.series_id].title
    body = "".join(
        f'<td role="cell" data-label="{escape(label)}">{html}</td>' for label, html in cells
    )
    return (
        f'<tr role="row" data-criterion="{row.tsc_id}" '
        f'data-state="{scope.states[row.tsc_id] if scope else ""}" '
        f'data-keywords="{escape("; ".join(row.keywords))}"><th scope="row" role="rowheader">'
        f"<b>{row.tsc_id}</b><span>{escape(series)}</span></th>{body}</tr>"
    )


def _folded_html(catalog: Catalog, row: TrustCriterion, words: Words) -> str:
    prompts = "".join(
        _prompt_html(catalog, prompt, words) for prompt in catalog.part(TRUST).prompts[row.tsc_id]
    )
    pairs = "".join(
        _pair_html(catalog, pair, words) for pair in pairs_of(catalog.part(TRUST), TSC, row.tsc_id)
    )
    return (
        f"<details><summary>{escape(row.gist)}</summary><p>{escape(coso_text(row, words))}</p>"
        f"<p><b>{escape(words['trust_prompts'])}</b></p><ul>{prompts}</ul>"
        f"<p><b>{escape(words['trust_pairs'])}</b></p>"
        f"<ul>{pairs or _gap_html(catalog, row.tsc_id, words)}</ul></details>"
    )


def _prompt_html(catalog: Catalog, prompt: ControlPrompt, words: Words) -> str:
    runs = catalog.part(PERIODS).cadences[prompt.cadence_id].label
    return (
        f"<li><p>{escape(prompt.prompt)}</p>"
        f"<p>{_label(words['trust_evidence'])} {escape('; '.join(prompt.typical_evidence))}. "
        f"{_label(words['trust_owner'])} {escape(prompt.owner)}, {escape(runs)}.</p></li>"
    )


def _pair_html(catalog: Catalog, pair: DirectedPair, words: Words) -> str:
    other = catalog.part(TRUST).iso[pair.other_id]
    beyond = " ".join(
        f"{_label(words[name])} {escape(text)}."
        for name, text in (("trust_only_iso", pair.only_other), ("trust_only_tsc", pair.only_this))
        if text
    )
    return (
        f"<li><p><b>{pair.other_id}</b> {escape(other.gist)}</p>"
        f"<p>{_label(how_text(pair, words) + ':')} {escape(pair.reason)}</p>"
        + (f"<p>{beyond}</p></li>" if beyond else "</li>")
    )


def _gap_html(catalog: Catalog, requirement_id: str, words: Words) -> str:
    gap = catalog.part(TRUST).gaps[requirement_id]
    return (
        f"<li><p>{_label(words['trust_no_pair'] + ':')} {escape(gap.why)}</p>"
        f"<p>{_label(words['trust_look_instead'])} {escape(gap.look_instead)}.</p></li>"
    )


def _label(text: str) -> str:
    return f"<i>{escape(text)}</i>"


# --- lines of text -------------------------------------------------------------------------------


def owners_text(catalog: Catalog, tsc_id: str) -> str:
    """Return the usual owners of a criterion's controls in one line."""
    return ", ".join(owners(catalog, tsc_id))


def cadences_text(catalog: Catalog, tsc_id: str) -> str:
    """Return how often a criterion's controls usually run in one line."""
    known = catalog.part(PERIODS).cadences
    return ", ".join(known[key].label for key in cadences(catalog, tsc_id))


def coso_text(row: TrustCriterion, words: Words) -> str:
    """Return which of the COSO principles a criterion carries, or that it carries none."""
    if row.coso_principle is None:
        return words["trust_no_coso"]
    return fill(words["trust_coso"], {"number": str(row.coso_principle)})


def how_text(pair: DirectedPair, words: Words) -> str:
    """Return how one requirement relates to another, how strongly, and whether it was verified."""
    parts = {
        "relation": words[f"trust_relation_{pair.relation}"],
        "strength": words[f"trust_strength_{pair.strength}"],
        "status": words[f"trust_status_{pair.status}"],
    }
    return fill(words["trust_how"], parts)


def explorer_text(catalog: Catalog, choice: CriteriaChoice, scope: Scope | None = None) -> str:
    """Return what a choice leaves of the criteria, one line each, in its order."""
    words = words_of(catalog, VOICES[0])
    rows = chosen_criteria(catalog, choice, scope)
    return "\n".join([words["trust_caption"], *_lines(catalog, rows, scope, words)])


def _lines(
    catalog: Catalog, rows: Iterable[TrustCriterion], scope: Scope | None, words: Words
) -> list[str]:
    lines = []
    for row in rows:
        by = f"{owners_text(catalog, row.tsc_id)}; {cadences_text(catalog, row.tsc_id)}"
        state = f" [{words[f'trust_state_{scope.states[row.tsc_id]}']}]" if scope else ""
        lines.append(f"{row.tsc_id} {row.gist} ({by}){state}")
    return lines


PROMPT_COLUMNS = ("prompt", "evidence", "cadence", "one_owner")

# --- one requirement -----------------------------------------------------------------------------


def criterion(tsc_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return one criterion in full: prompts with evidence, pairs with ISO/IEC 27001, sources.

    Raises ``AnswerError`` that names the nearest criterion.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    row = catalog.part(TRUST).criteria[known_id("criterion", tsc_id, catalog.part(TRUST).criteria)]
    series = catalog.part(TRUST).series[row.series_id]
    category = categories_of(catalog)[row.category_id]
    place = f"{category}, {row.series_id} {series.title}. {coso_text(row, words)}"
    head = [f"{row.tsc_id}: {row.gist}", place, words["trust_not_text"]]
    sheets = [_prompts(catalog, tsc_id, words), _pairs(catalog, TSC, tsc_id, words)]
    return _page(head, sheets, provenance_html(row.provenance, catalog, words))


def requirement(iso_id: str, catalog: Catalog | None = None) -> Sheet:
    """Return one control of Annex A or one clause with its pairs, read from its own side.

    Raises ``AnswerError`` that names the nearest requirement.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    row = catalog.part(TRUST).iso[known_id("ISO requirement", iso_id, catalog.part(TRUST).iso)]
    head = [f"{row.iso_id}: {row.gist}", f"{words[f'trust_iso_{row.kind}']}, {row.theme}."]
    sheets = [_pairs(catalog, ISO, iso_id, words)]
    return _page(head, sheets, provenance_html(row.provenance, catalog, words))


def _page(head: list[str], sheets: list[Sheet], sources: str) -> Sheet:
    title, *lines = head
    html = f"<h3>{escape(title)}</h3>" + "".join(f"<p>{escape(line)}</p>" for line in lines)
    text = "\n".join([*head, *(sheet.text for sheet in sheets)])
    return Sheet(f"{html}{''.join(sheet.html for sheet in sheets)}{sources}", text)


def prompts_sheet(
    basis: str | None = None,
    search: str = "",
    *,
    owner: str | None = None,
    cadence: str | None = None,
    catalog: Catalog | None = None,
) -> Sheet:
    """Return prompts to read, each with its basis; chosen as in ``trust.prompts``."""
    catalog = catalog or load_catalog()
    prompts = chosen_prompts(catalog, basis, search, owner=owner, cadence=cadence)
    words = words_of(catalog, VOICES[0])
    names = ("basis", *PROMPT_COLUMNS)
    rows = [[prompt.basis_id, *_prompt_cells(catalog, prompt)] for prompt in prompts]
    return table(words["trust_prompts"], [words[f"trust_head_{name}"] for name in names], rows)


def _prompts(catalog: Catalog, basis_id: str, words: Words) -> Sheet:
    rows = [_prompt_cells(catalog, prompt) for prompt in catalog.part(TRUST).prompts[basis_id]]
    return table(
        words["trust_prompts"], [words[f"trust_head_{name}"] for name in PROMPT_COLUMNS], rows
    )


def _prompt_cells(catalog: Catalog, prompt: ControlPrompt) -> list[str]:
    runs = catalog.part(PERIODS).cadences[prompt.cadence_id].label
    return [prompt.prompt, "; ".join(prompt.typical_evidence), runs, prompt.owner]


def _pairs(catalog: Catalog, side: str, this_id: str, words: Words) -> Sheet:
    """Return the pairs of a requirement as a table, or why it has none."""
    pairs = pairs_of(catalog.part(TRUST), side, this_id)
    other = words["trust_side_tsc" if side == ISO else "trust_side_iso"]
    if not pairs:
        gap = catalog.part(TRUST).gaps[this_id]
        heads = [words["trust_head_why"], words["trust_head_look"]]
        return table(words["trust_no_pair"], heads, [[gap.why, gap.look_instead]])
    caption = fill(words["trust_pairs_of"], {"id": this_id})
    heads = [other, words["trust_head_how"], words["trust_head_reason"], words["trust_head_beyond"]]
    sheet = table(caption, heads, [_pair_cells(catalog, pair, words) for pair in pairs])
    note = words["trust_overlap_note"]
    return Sheet(f"{sheet.html}<p>{escape(note)}</p>", f"{sheet.text}\n{note}")


def _pair_cells(catalog: Catalog, pair: DirectedPair, words: Words) -> list[str]:
    gist = gists(catalog.part(TRUST), ISO if pair.side == TSC else TSC)[pair.other_id]
    on_iso, on_tsc = (
        (pair.only_other, pair.only_this) if pair.side == TSC else (pair.only_this, pair.only_other)
    )
    beyond = [
        f"{words[name]} {text}."
        for name, text in (("trust_only_iso", on_iso), ("trust_only_tsc", on_tsc))
        if text
    ]
    how = f"{pair.this_id} {how_text(pair, words)}"
    return [f"{pair.other_id} {gist}", how, pair.reason, " ".join(beyond) or words["trust_none"]]


# --- scope ---------------------------------------------------------------------------------------


def scope_sheet(decision_or_scope: Scope | Decision) -> Sheet:
    """Return which categories are in scope of a SOC 2, open or not, and why."""
    given = decision_or_scope
    of_soc2 = scope(given) if isinstance(given, Decision) else given
    catalog = of_soc2.decision.case.catalog
    words = words_of(catalog, of_soc2.decision.voice)
    rows = [
        [
            category.title,
            f"{words[f'trust_mark_{category.state}']} {words[f'trust_state_{category.state}']}",
            " ".join(reason.text for reason in category.reasons),
        ]
        for category in of_soc2.categories
    ]
    counts = {state: str(len(of_soc2.criteria(state))) for state in ("yes", "open", "no")}
    caption = fill(words["trust_scope_caption"], {**counts, "total": str(len(of_soc2.states))})
    return table(caption, [words[f"trust_head_{n}"] for n in ("category", "scope", "why")], rows)


# --- pictures ------------------------------------------------------------------------------------


def structure(decision: Decision | None = None, catalog: Catalog | None = None) -> Sheet:
    """Return categories, series and criteria as a picture with its table; scope with a decision."""
    of_soc2 = scope(decision) if decision else None
    catalog = decision.case.catalog if decision else catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    rows = [
        [f"{series_id} {catalog.part(TRUST).series[series_id].title}", band.heading, ", ".join(ids)]
        for band in category_bands(catalog, of_soc2)
        for series_id, ids in band.series.items()
    ]
    heads = [words[f"trust_head_{name}"] for name in ("series", "category", "criteria")]
    title = structure_title(catalog, of_soc2)
    svg, text = structure_svg(catalog, of_soc2), structure_text(catalog, of_soc2)
    return _figure(svg, title, table(title, heads, rows), words, text)


def heat_map(catalog: Catalog | None = None) -> Sheet:
    """Return how many pairs join each series with each part of ISO/IEC 27001, with its table."""
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    columns, counts = heat_columns(catalog.part(TRUST)), heat_counts(catalog.part(TRUST))
    heads = [words["trust_head_series"], *(_column(column, words) for column in columns)]
    rows = [
        [f"{key} {series.title}", *(_count_text(counts[key, c.column_id]) for c in columns)]
        for key, series in catalog.part(TRUST).series.items()
    ]
    html = [[escape(cell) for cell in row] for row in rows]
    as_table = table_html(words["trust_heat_legend"], heads, html, "soc-heat")
    note = words["trust_overlap_note"]
    text = f"{heat_text(catalog)}\n{note}"
    sheet = _figure(heat_svg(catalog), words["trust_heat_title"], Sheet(as_table, ""), words, text)
    return Sheet(f"{sheet.html}<p>{escape(note)}</p>", text)


def _count_text(count: StrengthCounts) -> str:
    return counts_text(count) if sum(count) else ""


def _column(column: HeatColumn, words: Words) -> str:
    parts = {"id": column.column_id, "theme": column.theme}
    return fill(words[f"trust_column_{column.kind}"], parts)


def _figure(svg: str, title: str, as_table: Sheet, words: Words, text: str) -> Sheet:
    html = (
        f'<figure class="soc-figure"><figcaption>{escape(title)}</figcaption>{svg}'
        f"<details><summary>{escape(words['trust_as_table'])}</summary>{as_table.html}</details></figure>"
    )
    return Sheet(html, text)


# --- gaps ----------------------------------------------------------------------------------------


def gaps_sheet(
    side: str = ISO, *, kind: str | None = None, catalog: Catalog | None = None
) -> Sheet:
    """Return what one side asks for and the other does not, with where to look instead.

    ``side`` is iso or tsc, ``kind`` whole, related or part; all of them by default.
    """
    catalog = catalog or load_catalog()
    words = words_of(catalog, VOICES[0])
    if side not in SIDES:
        raise AnswerError(did_you_mean("side", side, SIDES))
    kinds = (WHOLE, ONLY_RELATED, PART)
    if kind is not None and kind not in kinds:
        raise AnswerError(did_you_mean("kind", kind, kinds))
    gist = gists(catalog.part(TRUST), side)
    rows = [
        [
            f"{remainder.requirement_id} {gist[remainder.requirement_id]}",
            fill(words[f"trust_left_{remainder.kind}"], {"other": remainder.other_id}),
            remainder.text,
            remainder.look_instead or words["trust_none"],
        ]
        for remainder in remainders(catalog.part(TRUST), side)
        if kind in (None, remainder.kind)
    ]
    heads = [words[f"trust_head_{name}"] for name in ("requirement", "left", "text", "look")]
    return table(words[f"trust_gaps_{side}"], heads, rows)

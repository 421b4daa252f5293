"""Criteria as escaped HTML and as text: what a criterion asks, its prompts and its pairs.

The search looks at headers, at ``summary`` and at the paragraphs of lists; a label (``i``) in front
of a text is no part of what is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from soclib.crosswalk import TSC, Reading, pairs_of
from soclib.explain import fill
from soclib.model import VOICES, Catalog
from soclib.render import Words, words_of
from soclib.trust_criteria import Choice, cadences, chosen, owners
from soclib.trust_records import ControlPrompt, TrustCriterion
from soclib.trust_scope import Scope


def explorer_html(catalog: Catalog, scope: Scope | None = None) -> str:
    """Return all criteria as one table whose rows unfold; with a scope each says its state."""
    words = words_of(catalog, VOICES[0])
    heads = [words[f"trust_head_{name}"] for name in ("criterion", "gist", "owner", "cadence")]
    heads += [words["trust_head_scope"]] if scope else []
    head = "".join(f'<th scope="col" role="columnheader">{escape(one)}</th>' for one in heads)
    rows = (_row_html(catalog, one, scope, words) for one in catalog.trust.criteria.values())
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
    series = catalog.trust.series[row.series_id].title
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
    prompts = "".join(_prompt_html(catalog, p, words) for p in catalog.trust.prompts[row.tsc_id])
    pairs = "".join(
        _pair_html(catalog, one, words) for one in pairs_of(catalog.trust, TSC, row.tsc_id)
    )
    return (
        f"<details><summary>{escape(row.gist)}</summary><p>{escape(coso_text(row, words))}</p>"
        f"<p><b>{escape(words['trust_prompts'])}</b></p><ul>{prompts}</ul>"
        f"<p><b>{escape(words['trust_pairs'])}</b></p>"
        f"<ul>{pairs or _gap_html(catalog, row.tsc_id, words)}</ul></details>"
    )


def _prompt_html(catalog: Catalog, one: ControlPrompt, words: Words) -> str:
    runs = catalog.periods.cadences[one.cadence_id].label
    return (
        f"<li><p>{escape(one.prompt)}</p>"
        f"<p>{_label(words['trust_evidence'])} {escape('; '.join(one.typical_evidence))}. "
        f"{_label(words['trust_owner'])} {escape(one.owner)}, {escape(runs)}.</p></li>"
    )


def _pair_html(catalog: Catalog, one: Reading, words: Words) -> str:
    other = catalog.trust.iso[one.other_id]
    beyond = " ".join(
        f"{_label(words[name])} {escape(text)}."
        for name, text in (("trust_only_iso", one.only_other), ("trust_only_tsc", one.only_this))
        if text
    )
    return (
        f"<li><p><b>{one.other_id}</b> {escape(other.gist)}</p>"
        f"<p>{_label(how_text(one, words) + ':')} {escape(one.reason)}</p>"
        + (f"<p>{beyond}</p></li>" if beyond else "</li>")
    )


def _gap_html(catalog: Catalog, requirement_id: str, words: Words) -> str:
    gap = catalog.trust.gaps[requirement_id]
    return (
        f"<li><p>{_label(words['trust_no_pair'] + ':')} {escape(gap.why)}</p>"
        f"<p>{_label(words['trust_look_instead'])} {escape(gap.look_instead)}.</p></li>"
    )


def _label(text: str) -> str:
    return f"<i>{escape(text)}</i>"


# --- words ---------------------------------------------------------------------------------------


def owners_text(catalog: Catalog, tsc_id: str) -> str:
    """Return the usual owners of a criterion's controls in one line."""
    return ", ".join(owners(catalog, tsc_id))


def cadences_text(catalog: Catalog, tsc_id: str) -> str:
    """Return how often a criterion's controls usually run in one line."""
    known = catalog.periods.cadences
    return ", ".join(known[key].label for key in cadences(catalog, tsc_id))


def coso_text(row: TrustCriterion, words: Words) -> str:
    """Return which of the COSO principles a criterion carries, or that it carries none."""
    if row.coso_principle is None:
        return words["trust_no_coso"]
    return fill(words["trust_coso"], {"number": str(row.coso_principle)})


def how_text(one: Reading, words: Words) -> str:
    """Return how one requirement relates to another, how strongly, and whether it was verified."""
    parts = {
        "relation": words[f"trust_relation_{one.relation}"],
        "strength": words[f"trust_strength_{one.strength}"],
        "status": words[f"trust_status_{one.status}"],
    }
    return fill(words["trust_how"], parts)


def explorer_text(catalog: Catalog, choice: Choice, scope: Scope | None = None) -> str:
    """Return what a choice leaves of the criteria, one line each, in its order."""
    words = words_of(catalog, VOICES[0])
    left = chosen(catalog, choice, scope)
    return "\n".join([words["trust_caption"], *_lines(catalog, left, scope, words)])


def _lines(
    catalog: Catalog, rows: Iterable[TrustCriterion], scope: Scope | None, words: Words
) -> list[str]:
    lines = []
    for row in rows:
        by = f"{owners_text(catalog, row.tsc_id)}; {cadences_text(catalog, row.tsc_id)}"
        state = f" [{words[f'trust_state_{scope.states[row.tsc_id]}']}]" if scope else ""
        lines.append(f"{row.tsc_id} {row.gist} ({by}){state}")
    return lines

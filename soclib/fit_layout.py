"""The card of a report period laid out as escaped HTML and as text; both say the same words.

``widgets/periods.js`` writes the same HTML in the browser; a test compares the two.
"""

from __future__ import annotations

from html import escape

from soclib.model import Catalog
from soclib.render import Plain, Words, source_list_html, words_of
from soclib.sheets import table_html

TIMELINE = ("what", "lane", "start", "end", "days")


def fit_html(plain: Plain, catalog: Catalog) -> str:
    """Return a card as escaped HTML for a place of the class ``soc-sheet``; headings from h4."""
    label = escape(plain["title"])
    return f'<section class="soc-fit" aria-label="{label}">{_inside(plain, catalog)}</section>'


def _inside(plain: Plain, catalog: Catalog) -> str:
    words = words_of(catalog, plain["voice"])
    if not plain["ready"]:
        return f'<p class="soc-hint">{escape(plain["hint"])}</p>'
    if plain["faults"]:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in plain["faults"])
        return f'<h4>{escape(plain["faults_title"])}</h4><ul class="soc-faults">{items}</ul>'
    parts = [
        _reading_html(plain),
        _timeline_html(plain["timeline"], words),
        _numbers_html(plain, words),
        _lines_html(plain),
        _notes_html(plain),
        _limits_html(plain, words),
        source_list_html(plain["sources_title"], plain["sources"]),
        f'<p class="soc-fine">{escape(plain["rests_on"])} {escape(plain["fine"])}</p>',
    ]
    return "".join(parts)


def _reading_html(plain: Plain) -> str:
    """Return the headline, the reading with its mark, and what it means."""
    reading = plain["reading"]
    return (
        f'<header class="soc-reads-{reading["reading_id"]}"><h4>{escape(plain["headline"])}</h4>'
        f'<p><span class="soc-status"><span aria-hidden="true">{escape(reading["mark"])}</span> '
        f"{escape(reading['label'])}</span> {escape(reading['meaning'])}</p></header>"
    )


def _numbers_html(plain: Plain, words: Words) -> str:
    heads = [words["fit_measure"], words["fit_value"]]
    rows = [[escape(n["label"]), escape(n["text"])] for n in plain["numbers"]]
    return table_html(plain["numbers_title"], heads, rows, "soc-numbers")


def _lines_html(plain: Plain) -> str:
    """Return the letter, what came before, where the period stands, and when it is in hand."""
    bridge = plain["bridge"]
    letter = (
        f"<b>{escape(bridge['answer'])}.</b> {escape(bridge['reason'])} "
        f'<span class="soc-muted">{escape(bridge["rests_on"])}</span>'
    )
    lines = [line for line in (plain["continuity"], plain["stage"], plain["ready_on"]) if line]
    rest = "".join(
        f"<dt>{escape(line['label'])}</dt><dd>{escape(line['text'])}</dd>" for line in lines
    )
    return f'<dl class="soc-why"><dt>{escape(bridge["label"])}</dt><dd>{letter}</dd>{rest}</dl>'


def _notes_html(plain: Plain) -> str:
    if not plain["notes"]:
        return ""
    items = "".join(f"<li>{_note_html(note)}</li>" for note in plain["notes"])
    return f'<div class="soc-notes"><h5>{escape(plain["notes_title"])}</h5><ul>{items}</ul></div>'


def _note_html(note: Plain) -> str:
    sure = note["certainty"]
    tail = f' <span class="soc-muted">({escape(sure)})</span>' if sure else ""
    return f"{escape(note['text'])}{tail}"


def _timeline_html(timeline: Plain, words: Words) -> str:
    """Return the two pictures, of which the place shows one, and the same as a table."""
    rows = [[escape(cell) for cell in row] for row in timeline["rows"]]
    heads = [words[f"timeline_col_{column}"] for column in TIMELINE]
    table = table_html(timeline["title"], heads, rows, "soc-spans")
    return (
        f'<figure class="soc-figure"><figcaption>{escape(timeline["title"])}</figcaption>'
        f'<div class="soc-wide">{timeline["svg"]}</div>'
        f'<div class="soc-narrow">{timeline["narrow_svg"]}</div>'
        f"<details><summary>{escape(words['fit_timeline'])}</summary>{table}</details></figure>"
    )


def _limits_html(plain: Plain, words: Words) -> str:
    heads = [words[key] for key in ("fit_limit", "fit_value", "fit_basis", "fit_limit_meaning")]
    rows = [
        [escape(limit[key]) for key in ("label", "text", "basis_text", "meaning")]
        for limit in plain["limits"]
    ]
    table = table_html(plain["limits_are"], heads, rows, "soc-limits")
    return f"<details><summary>{escape(plain['limits_title'])}</summary>{table}</details>"


# --- text ----------------------------------------------------------------------------------------


def fit_text(plain: Plain) -> str:
    """Return a card as text that says all that its HTML says."""
    if not plain["ready"]:
        return str(plain["hint"])
    if plain["faults"]:
        return "\n".join([plain["faults_title"], *plain["faults"]])
    bridge, reading = plain["bridge"], plain["reading"]
    lines = [line for line in (plain["continuity"], plain["stage"], plain["ready_on"]) if line]
    return "\n".join(
        [
            plain["headline"],
            f"{reading['mark']} {reading['label']}. {reading['meaning']}",
            plain["timeline"]["title"],
            *(f"  {line}" for line in plain["timeline"]["lines"]),
            plain["numbers_title"],
            *(f"  {number['label']}: {number['text']}" for number in plain["numbers"]),
            f"{bridge['label']}: {bridge['answer']}. {bridge['reason']} {bridge['rests_on']}",
            *(f"{line['label']}: {line['text']}" for line in lines),
            *(plain["notes"] and [plain["notes_title"]]),
            *(_note_text(note) for note in plain["notes"]),
            plain["limits_title"],
            f"  {plain['limits_are']}",
            *(_limit_text(limit) for limit in plain["limits"]),
            plain["sources_title"],
            *(_source_text(source) for source in plain["sources"]),
            f"{plain['rests_on']} {plain['fine']}",
        ]
    )


def _note_text(note: Plain) -> str:
    return f"  {note['text']} ({note['certainty']})" if note["certainty"] else f"  {note['text']}"


def _limit_text(limit: Plain) -> str:
    return f"  {limit['label']}: {limit['text']} ({limit['basis_text']}). {limit['meaning']}"


def _source_text(source: Plain) -> str:
    address = f" {source['url']}" if source["url"] else ""
    return f"  {source['title']} ({source['publisher']}, {source['as_of']}){address}"

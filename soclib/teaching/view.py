"""An edition of a lesson as whole pages of HTML: slides with a working panel, and a hand-out.

Each page is one file that loads nothing: it works from a memory stick, and its own policy forbids
the browser to fetch anything.
"""

from __future__ import annotations

from html import escape

from soclib.catalog import Catalog
from soclib.paper.saving import LANGUAGE
from soclib.teaching.editions import Edition, Section
from soclib.teaching.sheets import blocks_html
from soclib.verdict.view import FILES as PANEL_FILES
from soclib.verdict.view import Panel
from soclib.views.standin import Files, standin_html
from soclib.words import fill

SLIDES = Files(
    kind="slides",
    scripts=("views/text.js", "teaching/slides.js"),
    styles=("verdict/verdict.css", "teaching/slides.css"),
)
HANDOUT = Files(kind="handout", scripts=(), styles=("teaching/handout.css",))
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
LINES = 4  # to write on, below each question
# From so many letters on a slide is printed smaller, and smaller again, to keep to one page.
SMALLER = {4000: "soc-slide soc-longer", 1800: "soc-slide soc-long", 0: "soc-slide"}


def _page(title: str, style: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{LANGUAGE}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}\n</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )


def _intro_html(edition: Edition) -> str:
    return "".join(
        f"<p><b>{escape(label)}:</b> {escape(text)}</p>" for label, text in edition.intro
    )


def _kind_html(edition: Edition, section: Section) -> str:
    kind = edition.words[f"teach_kind_{section.kind}"]
    return f'<p class="soc-kind">{escape(kind)}. {escape(edition.clock(section))}.</p>'


def _sources_html(edition: Edition) -> str:
    items = "".join(f"<li>{escape(source)}</li>" for source in edition.sources)
    return (
        f'<ul class="soc-small">{items}</ul><p class="soc-small">{escape(edition.fine_print)}</p>'
    )


# --- slides ---------------------------------------------------------------------------------------


def slides_html(edition: Edition, catalog: Catalog) -> str:
    """Return an edition as slides in one file, with a working panel on the slides that use it."""
    words = edition.words
    keys_hint = f'<p class="soc-small soc-keys">{escape(words["teach_keys"])}</p>'
    titled = [("h1", edition.title, _intro_html(edition) + keys_hint)]
    titled += [("h2", section.title, _slide_html(edition, section)) for section in edition.sections]
    titled.append(("h2", words["teach_sources"], _sources_html(edition)))
    slides = "\n".join(
        f'<section class="{_size(html)}" aria-labelledby="slide-{at}">'
        f'<{tag} id="slide-{at}" tabindex="-1">{escape(title)}</{tag}>{html}</section>'
        for at, (tag, title, html) in enumerate(titled, start=1)
    )
    body = (
        f'<main class="soc-deck soc-sheet">\n{slides}\n</main>\n{_bar_html(edition)}\n'
        f"<div hidden>{_panel_html(edition, catalog)}</div>\n<script>\n{SLIDES.script}\n</script>"
    )
    return _page(edition.title, SLIDES.style, body)


def _size(html: str) -> str:
    return next(name for letters, name in SMALLER.items() if len(html) >= letters)


def _slide_html(edition: Edition, section: Section) -> str:
    words = edition.words
    ask = f'<p class="soc-ask">{escape(section.ask)}</p>' if section.ask else ""
    say = _fold(words["teach_say"], f"<p>{escape(section.say)}</p>") if section.say else ""
    answer = _fold(words["teach_answer"], blocks_html(section.answer)) if section.answer else ""
    panel = '<div data-slot="panel"></div>' if section.live else ""
    on_screen = blocks_html(section.on_screen)
    return f"{_kind_html(edition, section)}{on_screen}{ask}{say}{answer}{panel}"


def _fold(title: str, html: str) -> str:
    return f'<details class="soc-reveal"><summary>{escape(title)}</summary>{html}</details>'


def _bar_html(edition: Edition) -> str:
    """Return the bar below the slides: back, forward, the place, and all folds at once."""
    words = edition.words
    folds = any(section.answer or section.say for section in edition.sections)
    reveal = _button(words["teach_hints"], 'aria-pressed="false"') if folds else ""
    return (
        f'<nav class="soc-bar soc-sheet" aria-label="{escape(words["teach_slides"])}" '
        f'data-count="{escape(words["teach_slide"])}" hidden>'
        f"{_button(words['teach_back'], 'data-step')}{_button(words['teach_forward'], 'data-step')}"
        f'<p role="status"></p>{reveal}</nav>'
    )


def _button(text: str, attribute: str) -> str:
    return f'<button type="button" {attribute}>{escape(text)}</button>'


def _panel_html(edition: Edition, catalog: Catalog) -> str:
    """Return a panel with nothing answered; it holds the rules, and no answer of the lesson."""
    panel = Panel(catalog=catalog)
    place = f"<p>{escape(edition.words['teach_panel_off'])}</p>"
    state = {"tables": panel.tables, "voice": panel.voice}
    return standin_html(PANEL_FILES, place, state, {"toggles": panel.toggles})


# --- hand-out -------------------------------------------------------------------------------------


def handout_html(edition: Edition) -> str:
    """Return an edition to print: with lines to write on, or with the answers for who teaches."""
    body = [f"<h1>{escape(edition.title)}</h1>{_intro_html(edition)}"]
    body += [_part_html(edition, section) for section in edition.sections]
    title = escape(edition.words["teach_sources"])
    body.append(f"<section><h2>{title}</h2>{_sources_html(edition)}</section>")
    return _page(edition.title, HANDOUT.style, "\n".join(body))


def _part_html(edition: Edition, section: Section) -> str:
    words = edition.words
    parts = [f"<h2>{escape(section.title)}</h2>", _kind_html(edition, section)]
    if section.say:
        label = escape(words["teach_say"])
        parts.append(f'<p class="soc-say"><b>{label}:</b> {escape(section.say)}</p>')
    parts.append(blocks_html(section.on_screen))
    if section.ask:
        parts.append(f'<p class="soc-ask">{escape(section.ask)}</p>')
    if section.answer:
        label = escape(words["teach_answer"])
        answer = f"<p><b>{label}:</b></p>{blocks_html(section.answer)}"
        parts.append(f'<div class="soc-answer">{answer}</div>')
    elif section.ask:
        label = fill(words["teach_room"], {})
        parts.append(f'<div class="soc-room"><p>{escape(label)}</p>{"<i></i>" * LINES}</div>')
    return f"<section>{''.join(parts)}</section>"

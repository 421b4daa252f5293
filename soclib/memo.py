"""A described decision as a one-page memo in Markdown, in the voice of its reader."""

from __future__ import annotations

import re
from typing import Any

from soclib.model import Catalog
from soclib.render import reason_note, words_of

Plain = dict[str, Any]
Words = dict[str, str]
SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def plain_md(text: str) -> str:
    """Return a text in which no character is taken for Markdown or HTML."""
    return SPECIAL.sub(r"\\\1", text)


def memo(plain: Plain, catalog: Catalog) -> str:
    """Return a described decision as Markdown: verdict, answers, reasons, path, sources."""
    words = words_of(catalog, plain["voice"])
    lines = [f"# {plain_md(plain['headline'])}", "", *_answers(plain, words)]
    for card in plain["cards"]:
        lines += ["", *_card(card, words)]
    lines += _section(words["routes"], [_outcome(outcome) for outcome in plain["beside"]])
    if plain["next"]:
        lines += _section(words["next_question"], [plain_md(plain["next"]["question"])])
    lines += _section(words["sources"], _sources(plain))
    footer = f"{words['not_advice']} {plain['version']}."
    return "\n".join([*lines, "", f"*{plain_md(footer)}*", ""])


def _section(title: str, items: list[str], level: int = 2) -> list[str]:
    if not items:
        return []
    return ["", f"{'#' * level} {plain_md(title)}", "", *(f"- {item}" for item in items)]


def _answers(plain: Plain, words: Words) -> list[str]:
    answered = [switch for switch in plain["switches"] if switch["answer"]]
    items = [
        f"{plain_md(switch['question'])} **{plain_md(words['answer_' + switch['answer']])}**"
        for switch in answered
    ]
    return _section(words["answers_title"], items)[1:]


def _card(card: Plain, words: Words) -> list[str]:
    lines = [f"## {plain_md(card['title'])}: {plain_md(card['label'])}", ""]
    lines += [plain_md(" ".join(part for part in (card["words"], card["lets"]) if part))]
    lines += _section(words["topic_contradiction"], [plain_md(c) for c in card["conflicts"]], 3)
    for topic in ("subject", "demand"):
        reasons = [reason for reason in card["reasons"] if reason["topic"] == topic]
        lines += _section(words[f"topic_{topic}"], [_reason(r, words) for r in reasons], 3)
    changes = [
        f"**{plain_md(change['label'])}** {plain_md(words['if'])} {plain_md(text)}"
        for change in card["changes"]
        for text in change["texts"]
    ]
    lines += _section(words["would_change"], changes, 3)
    lines += _section(words["rests_on"], [plain_md(a["text"]) for a in card["assumptions"]], 3)
    steps = [_outcome(step) for step in card["path"] if step["state"] != "no"]
    lines += _section(words["path"], steps, 3)
    lines += _section(words["categories"], [_outcome(o) for o in card["categories"]], 3)
    rows = [f"**{plain_md(row['dimension'])}:** {plain_md(row['text'])}" for row in card["rows"]]
    return [*lines, *_section(words["comparison_rows"], rows if card["lets"] else [], 3)]


def _reason(reason: Plain, words: Words) -> str:
    note = reason_note(reason, words)
    return plain_md(f"{reason['text']} ({note})" if note else reason["text"])


def _outcome(outcome: Plain) -> str:
    texts = plain_md(" ".join(outcome["texts"]))
    return f"**{plain_md(outcome['title'])}** {texts}".rstrip()


def _sources(plain: Plain) -> list[str]:
    by_id = {source["source_id"]: source for card in plain["cards"] for source in card["sources"]}
    return [
        plain_md(f"{source['title']} ({source['publisher']}, {source['as_of']})")
        + (f" <{source['url']}>" if source["url"] else "")
        for source in by_id.values()
    ]

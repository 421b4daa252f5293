"""Texts of the tables made into what is shown: one voice of the wording, braces filled in."""

from __future__ import annotations

from soclib.catalog import Catalog

Words = dict[str, str]


def sentence(clause: str) -> str:
    """Return a clause as a sentence."""
    return f"{clause[:1].upper()}{clause[1:]}."


def fill(template: str, parts: dict[str, str]) -> str:
    """Return a text with its words in braces filled in; other braces stay as they are."""
    for name, part in parts.items():
        template = template.replace(f"{{{name}}}", part)
    return template


def words_of(catalog: Catalog, voice: str) -> Words:
    """Return the wording of one voice."""
    return {text_id: by_voice[voice] for text_id, by_voice in catalog.wording.items()}

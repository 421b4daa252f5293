"""What people ask and get wrong, and the terms of art: tables, search, explanations."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "ask": "asking",
    "explain_terms": "asking",
    "faq": "asking",
    "first_places": "asking",
    "glossary": "asking",
    "heard": "asking",
    "misconceptions": "asking",
    "terms": "asking",
    "terms_in": "asking",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

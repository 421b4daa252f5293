"""What people ask and get wrong, and the terms of art: tables, search, explanations.

    from soclib import questions
    questions.ask("do I need a soc1 for payroll?")     # the best answers, with their sources
    questions.faq("cuec")                              # the questions of a topic as a DataFrame

pandas loads on first use, for the DataFrames only.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "ask": "sheets",
    "explain_terms": "sheets",
    "faq": "frames",
    "first_places": "choose",
    "glossary": "frames",
    "heard": "sheets",
    "misconceptions": "frames",
    "terms": "sheets",
    "terms_in": "choose",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES, was_module=True)

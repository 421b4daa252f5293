"""Where the names of this room were; to go with the wrappers in ``soclib``."""

from soclib.questions.choose import T, first_places, terms_in
from soclib.questions.frames import faq, glossary, misconceptions
from soclib.questions.sheets import MOST, ask, explain_terms, heard, terms

__all__ = [
    "MOST",
    "T",
    "ask",
    "explain_terms",
    "faq",
    "first_places",
    "glossary",
    "heard",
    "misconceptions",
    "terms",
    "terms_in",
]

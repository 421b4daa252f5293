"""The style sheets of pages that have no view around them."""

from __future__ import annotations

from functools import lru_cache

from soclib.views.files import content


@lru_cache(maxsize=1)
def verdict_css() -> str:
    """Return the style sheet of the verdict, for pages that have no panel."""
    return content("verdict/verdict.css")


@lru_cache(maxsize=1)
def sheet_css() -> str:
    """Return the style sheet of tables and stories, which builds on that of the verdict."""
    return verdict_css() + content("paper/sheet.css")

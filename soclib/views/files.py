"""The scripts and style sheets of views and pages, each in the room that it belongs to."""

from __future__ import annotations

from pathlib import Path

ROOMS = Path(__file__).resolve().parent.parent


def content(name: str) -> str:
    """Return a script or a style sheet as text, by its room and file name: ``views/page.js``."""
    return (ROOMS / name).read_text(encoding="utf-8")

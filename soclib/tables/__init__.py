"""Rules as data: rows of tables, how they are read from files and how they are checked."""

from __future__ import annotations

from soclib.doors import door

__getattr__, __dir__ = door(__name__, {}, was_module=True)

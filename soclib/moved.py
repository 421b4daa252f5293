"""Where modules and names of old are now: they still answer, with a warning, for one release.

``moved.csv`` has a line for each name of the release before: its module, and where it is now.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib import import_module
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

PACKAGES = ("batch", "widgets")
# What stood at the top of the package, and the room where it is now, under which name.
PUBLIC: Mapping[str, tuple[str, str]] = {
    "Audit": ("verdict", "Audit"),
    "MappingError": ("mapping", "MappingError"),
    "RequestError": ("requests", "RequestError"),
    "Verification": ("verdict", "Verification"),
    "ask": ("questions", "ask"),
    "at_a_glance": ("comparison", "at_a_glance"),
    "axes": ("comparison", "axes"),
    "calendar": ("periods", "calendar"),
    "company": ("companies", "company"),
    "company_readings": ("companies", "company_readings"),
    "desk": ("readiness", "desk"),
    "explain_terms": ("questions", "explain_terms"),
    "explore": ("trust", "explore"),
    "family": ("comparison", "family"),
    "faq": ("questions", "faq"),
    "gallery": ("companies", "gallery"),
    "glossary": ("questions", "glossary"),
    "lint_crosswalk": ("mapping", "lint"),
    "match_columns": ("vendors", "match_columns"),
    "may_send": ("comparison", "may_send"),
    "misconceptions": ("questions", "misconceptions"),
    "practise": ("practice", "begin"),
    "read_request": ("requests", "read"),
    "read_requests": ("requests", "read_many"),
    "readers": ("comparison", "readers"),
    "received_form": ("received", "form"),
    "request_desk": ("requests", "desk"),
    "request_summary": ("requests", "summary"),
    "role_play": ("people", "play"),
    "standards": ("claims", "standards"),
    "story": ("comparison", "story"),
}


class Place(NamedTuple):
    """Where a name is now, below this package."""

    module: str
    name: str


@lru_cache(maxsize=1)
def moved() -> Mapping[str, Mapping[str, Place]]:
    """Return where each name is now, by its module of old and its name there."""
    found: dict[str, dict[str, Place]] = {}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = Place(row["new_module"], row["new_name"])
            found.setdefault(row["module"], {})[row["name"]] = place
    return found


class _OldModule(ModuleType):
    """A module at its old path; some were hidden behind the function that is named like them."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function
        return getattr(self, self.__name__.rpartition(".")[2])(*args, **kwargs)


class _OldLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _OldModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        names = moved().get(module.__name__.removeprefix("soclib."), {})
        places = " and ".join(dict.fromkeys(f"soclib.{place.module}" for place in names.values()))
        _warn(f"{module.__name__} has moved{f' to {places}' if places else ''}")
        module.__doc__ = f"What was in {module.__name__} before it moved."
        vars(module)["__getattr__"] = partial(former_name, module.__name__)


def old_spec(name: str) -> ModuleSpec | None:
    """Return how to load a module by its old path, or None where there never was one."""
    old = name.removeprefix("soclib.")
    if old not in moved() and old not in PACKAGES:
        return None
    return ModuleSpec(name, _OldLoader(), is_package=old in PACKAGES)


def former_name(module: str, name: str, depth: int = 3) -> Any:  # noqa: ANN401 - whatever it is
    """Return what a module of old called ``name``, and warn where it is now.

    Raises ``AttributeError`` where it had no such name.
    """
    place = moved().get(module.removeprefix("soclib."), {}).get(name)
    if place is None:
        message = f"module {module!r} has no attribute {name!r}"
        raise AttributeError(message)
    _warn(f"{module}.{name} is now soclib.{place.module}.{place.name}", depth)
    return getattr(import_module(f"soclib.{place.module}"), place.name)


def former_public(name: str) -> Any:  # noqa: ANN401 - whatever it is
    """Return what was called ``name`` at the top of the package, and warn where it is now.

    Raises ``AttributeError`` where there was no such name.
    """
    if name == "roles":
        _warn("soclib.roles is now soclib.people", 4)
        return import_module("soclib.people")
    if name not in PUBLIC:
        message = f"module 'soclib' has no attribute {name!r}"
        raise AttributeError(message)
    room, now = PUBLIC[name]
    _warn(f"soclib.{name} is now soclib.{room}.{now}", 4)
    return getattr(import_module(f"soclib.{room}"), now)


def _warn(message: str, depth: int = 3) -> None:
    warnings.warn(message, DeprecationWarning, stacklevel=depth)

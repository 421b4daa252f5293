"""Front doors: a room offers its names from its modules, each loaded when it is first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

Door = tuple[Callable[[str], Any], Callable[[], list[str]]]


def door(package: str, names: Mapping[str, str], *, was_module: bool = False) -> Door:
    """Return ``__getattr__`` and ``__dir__`` of a package that offers some names.

    ``names`` says in which module of the package each name is (``..people.splits`` for one of
    another room). ``was_module`` is for a package that was a module once: what was in that module
    is still found, with a warning that names its new place.
    """

    def get(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        if name in names:
            return getattr(import_module(f".{names[name]}", package), name)
        if was_module and not name.startswith("_") and not find_spec(f"{package}.{name}"):
            from soclib.moved import former_name  # noqa: PLC0415 - few ask for an old name

            return former_name(package, name, depth=4)
        message = f"module {package!r} has no attribute {name!r}"
        raise AttributeError(message)

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return get, listed


def callable_room(package: str, module: str, name: str) -> None:
    """Make a package callable: ``soclib.comparison()`` is a function of the room of that name."""

    class Room(ModuleType):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function
            return getattr(import_module(f".{module}", package), name)(*args, **kwargs)

    sys.modules[package].__class__ = Room


class OldPaths:
    """Finds modules of this package by the paths that they had once; see ``soclib.moved``."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Return how to load a module by its old path, or None for any other name."""
        if not name.startswith("soclib."):
            return None
        from soclib.moved import old_spec  # noqa: PLC0415 - only for a name that is not found

        return old_spec(name)

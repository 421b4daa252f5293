"""Rooms import from the ground up, and importing the package costs the standard library only."""

import ast
import csv
import importlib
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import soclib

PACKAGE = Path(__file__).resolve().parent.parent / "soclib"
PATHS = {
    str(path.relative_to(PACKAGE).with_suffix("")).replace("/", "."): path
    for path in PACKAGE.rglob("*.py")
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in PATHS.items()}
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
# From the ground up: a room, or a module beside the rooms, imports only from lower layers.
LAYERS = [
    {"moved"},
    {"dates", "doors", "errors", "views"},
    {"tables"},
    {"words"},
    {"catalog"},
    {"paper"},
    {"claims"},
    {"comparison"},
    {"verdict"},
    {"companies", "people", "periods", "questions", "requests", "trust"},
    {"mapping", "practice", "readiness", "teaching", "vendors"},
    {"received"},
    {"__init__", "__main__"},
]
LAYER = {room: place for place, rooms in enumerate(LAYERS) for room in rooms}
OPEN_ROOMS = {"paper", "tables", "views"}  # what every room builds on: all of it may be imported
# Inside a room; every module that is not named here is one of pure functions between the two.
INNER = {"tables": 0, "frames": 2, "sheets": 2, "view": 3, "command": 3}
# What the ground needs to name in a signature, and imports for types only.
FOR_TYPES = {("tables.schema", "catalog"), ("words", "catalog")}
# Records and tables that still show themselves, or are written by a view.
UPWARD_INSIDE = {
    ("companies.agreements", "companies.sheets"),
    ("received.concluding", "received.sheets"),
    ("requests.request", "requests.sheets"),
    ("requests.tables", "requests.patterns"),
    ("teaching.files", "teaching.view"),
}
# Modules that only say where names were, until the table of old paths says where they are.
OPENS = {
    "moved": "where names of the release before are now",
    "tables.files": "the project's data, and tables of a user's own",
    "catalog": "the project's data",
    "views.files": "the scripts and style sheets of views and pages",
    "verdict.saved": "a decision that the reader saved",
    "paper.saving": "what the reader saves",
    "vendors.files": "the vendor list that the reader names",
    "mapping.reading": "a mapping that the reader names",
    "requests.many": "requests that the reader names",
    "teaching.files": "the page that a browser prints, and its print",
    "practice.progress": "the learner's own file of progress",
}
OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "reader", "DictReader"}
WIDGETS = {"ipywidgets", "anywidget", "traitlets"}
DRAWERS = {"utils", "util", "helpers", "config", "common", "misc"}
LONGEST = 600  # lines: a module is cut where a reader would look for another subject
OLD_NAMES = PACKAGE / "moved.csv"

each_module = pytest.mark.parametrize("name", sorted(PATHS))


def imports(name, *, at_start=False):
    """Return the module and the name of each import: all of them, or only those at the start."""
    for node in _inside(TREES[name], _runs_later if at_start else lambda _node: False):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


def _inside(node, is_left_out):
    """Yield a node and all below it, but for the branches that are left out."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not is_left_out(child):
            yield from _inside(child, is_left_out)


def _runs_later(node):
    """Return whether a branch is for types only, or runs when something is called."""
    is_for_typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    return is_for_typing or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def ours(name):
    """Return what a module imports of ours: module and name, blank for a module as a whole."""
    for module, imported in imports(name):
        if module.partition(".")[0] == "soclib":
            full = f"{module}.{imported}".removeprefix("soclib.").rstrip(".")
            whole = full in PATHS or f"{full}.__init__" in PATHS
            yield (full, "") if whole else (module.removeprefix("soclib."), imported)


def room_of(name):
    return name.partition(".")[0]


def foreign(name, **when):
    """Return the packages that a module takes from neither us nor the standard library."""
    found = {imported.partition(".")[0] for imported, _name in imports(name, **when)}
    return found - sys.stdlib_module_names - {"soclib"}


def names_of(room):
    """Return what a room offers at its door: in which of its modules each name is."""
    return getattr(importlib.import_module(f"soclib.{room}"), "NAMES", {})


def declares(name):
    """Return whether a module declares tables: any room may ask the catalog for those of another.

    Such a module itself imports only from lower layers, so that no circle can come of it.
    """
    return name.endswith(".tables") or name == "words"


def test_every_room_has_its_layer():
    assert set(LAYER) == {room_of(name) for name in PATHS}


def test_rooms_import_from_lower_layers_only():
    upward = {
        (name, module)
        for name in PATHS
        for module, _name in ours(name)
        if room_of(module) != room_of(name) and LAYER[room_of(module)] >= LAYER[room_of(name)]
        if not declares(module) or declares(name)
    }
    assert upward == FOR_TYPES


def test_another_room_is_entered_by_its_tables_or_by_its_door():
    entered = {
        (name, module, imported)
        for name in PATHS
        for module, imported in ours(name)
        if room_of(module) in set(ROOMS) - OPEN_ROOMS - {room_of(name)}
        and room_of(name) not in LAYERS[-1]
        and module.partition(".")[2] not in ("tables", names_of(room_of(module)).get(imported))
    }
    assert entered == set()


def test_inside_a_room_tables_are_below_functions_and_views_above_them():
    upward = {
        (name, module)
        for name in PATHS
        for module, _name in ours(name)
        if room_of(module) == room_of(name) and module != name and "." in module
        if INNER.get(module.partition(".")[2], 1) > INNER.get(name.partition(".")[2], 1)
    }
    assert upward == UPWARD_INSIDE


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_offers_is_there_and_no_module_hides_it(room):
    offered = names_of(room)
    assert not {f"{room}.{name}" for name in offered} & set(PATHS)
    package = importlib.import_module(f"soclib.{room}")
    for name, place in offered.items():
        module = importlib.import_module(f".{place}", package.__name__)
        assert getattr(package, name) is vars(module)[name]
    assert set(offered) <= set(dir(package))


@each_module
def test_few_modules_open_anything(name):
    called = [node.func for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)]
    words = {getattr(func, "attr", getattr(func, "id", "")) for func in called}
    assert name in OPENS or not words & OPENERS
    assert name == "catalog" or "data_folder" not in words


@each_module
def test_only_views_know_widgets(name):
    assert name.endswith(".view") or room_of(name) == "views" or not foreign(name) & WIDGETS


@each_module
def test_pandas_and_all_else_that_is_slow_is_imported_where_it_is_used(name):
    of_view = WIDGETS if name.endswith(".view") or room_of(name) == "views" else set()
    of_vendors = {"narwhals"} if room_of(name) == "vendors" else set()
    assert foreign(name, at_start=True) <= of_view | of_vendors


@each_module
def test_a_module_is_named_after_the_subject_and_is_no_drawer(name):
    assert not DRAWERS & set(name.split("."))


@each_module
def test_a_module_is_not_longer_than_one_subject_needs(name):
    assert len(PATHS[name].read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_deciding_with_reasons_loads_the_standard_library_only():
    code = """
import sys
before = set(sys.modules)  # an environment may load modules of its own at the start
import soclib
decision = soclib.decide({"affects_client_financials": "yes"})
assert decision.reasons("soc1") and decision.what_would_change("soc1")
assert decision.next_question() and str(decision) and decision.to_dict() and decision._repr_html_()
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(answer.stdout.split()) - sys.stdlib_module_names == {"soclib"}


# --- old paths -----------------------------------------------------------------------------------


def old_names():
    with OLD_NAMES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_old_name_is_found_by_its_old_path_with_a_warning_that_says_where_it_is():
    for row in old_names():
        now = importlib.import_module(f"soclib.{row['new_module']}")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            old = importlib.import_module(f"soclib.{row['module']}")
            found = getattr(old, row["name"])
        assert found == vars(now)[row["new_name"]], row
        place = f"is now soclib.{row['new_module']}.{row['new_name']}"
        is_at_its_door = row["name"] in vars(old).get("NAMES", ())  # its path is the same
        assert is_at_its_door or any(place in str(one.message) for one in caught), row


def test_an_old_path_warns_where_it_is_imported_and_costs_nothing_before():
    code = """
import warnings, sys, soclib
soclib.decide({})
assert "soclib.moved" not in sys.modules
for statement in ("import soclib.fitting", "from soclib.widgets.panel import Panel"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(statement, "theirs.py", "exec"))
    assert caught and {one.filename for one in caught} == {"theirs.py"}, [*map(str, caught)]
    assert {one.category for one in caught} == {DeprecationWarning}
import soclib.audit
assert soclib.audit().ok, "a module of old hides the function"
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_module_that_never_was_is_not_found():
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("soclib.never_was")
    old = importlib.import_module("soclib.claims")
    with pytest.raises(AttributeError, match="never_was"):
        _ = old.never_was


def test_nothing_of_ours_uses_an_old_path():
    old = {row["module"] for row in old_names()} | {"batch", "widgets"}
    gone = {f"soclib.{module}" for module in old if f"{module}.__init__" not in PATHS}
    root = PACKAGE.parent
    for folder in ("soclib", "tests", "scripts", "benchmarks"):
        for path in (root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    named = {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
                    public = {f"soclib.{name}" for name in soclib.__all__}
                    assert not named & gone - public, path

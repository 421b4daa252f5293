"""Imports point one way, and importing the package costs the standard library only."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "soclib"
PATHS = {
    str(path.relative_to(PACKAGE).with_suffix("")).replace("/", "."): path
    for path in PACKAGE.rglob("*.py")
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in PATHS.items()}
TOP = {"__init__", "__main__", "batch.__init__", "widgets.__init__"}  # nothing imports these
# What each module may import, from the ground up: only modules that stand above it here.
BELOW = {
    "model": [],
    "rows": ["model"],
    "provenance": ["model", "rows"],
    "dates": [],
    "period_records": ["model", "rows"],
    "readings": ["dates", "period_records"],
    "period_checks": ["model", "rows", "dates", "period_records", "readings"],
    "trust_records": ["model", "rows"],
    "readiness_records": ["model", "rows"],
    "trust_checks": ["model", "rows"],
    "answer_records": ["model", "rows"],
    "role_records": ["model", "rows"],
    "company_records": ["model", "rows"],
    "company_checks": ["model", "rows", "company_records"],
    "received_records": ["model", "rows"],
    "received_checks": ["model", "rows", "received_records"],
    "phrase_records": ["model", "rows"],
    "phrase_patterns": [],
    "phrase_checks": ["model", "rows", "phrase_patterns"],
    "lesson_records": ["model", "rows"],
    "lesson_checks": ["model", "rows", "lesson_records"],
    "teaching_records": ["model", "rows"],
    "teaching_checks": ["model", "rows"],
    "practice_records": ["model", "rows"],
    "practice_checks": ["model", "rows", "practice_records"],
    "build": [
        *("model", "rows", "period_records", "trust_records", "readiness_records"),
        *("company_records", "received_records", "answer_records", "phrase_records"),
        *("role_records", "lesson_records", "teaching_records", "practice_records"),
    ],
    "checks": [
        *("model", "rows", "period_checks", "provenance", "trust_checks", "company_checks"),
        *("received_checks", "answer_records", "phrase_checks", "role_records"),
        *("lesson_checks", "teaching_checks", "practice_checks"),
    ],
    "tables": ["model", "rows", "build", "checks"],
    "logic": ["model"],
    "explain": ["model", "logic"],
    "asking": ["model", "logic", "explain"],
    "open_questions": ["model", "logic", "explain"],
    "cards": ["model", "logic", "explain"],
    "describe": ["model", "logic", "explain", "cards"],
    "render": ["model"],
    "text": ["model", "render"],
    "blocks": [],
    "page": ["blocks"],
    "saving": [],
    "word": ["blocks", "page", "saving"],
    "matter": ["model", "explain", "render", "blocks"],
    "weighed": ["model", "explain", "blocks", "matter"],
    "memo": ["model", "logic", "explain", "render", "blocks", "page", "matter", "weighed"],
    "decision": [
        *("model", "tables", "logic", "explain", "asking", "describe", "render", "text"),
        *("blocks", "saving", "word", "memo", "open_questions"),
    ],
    "browser": ["model", "logic"],
    "audit": ["model", "tables", "logic"],
    "record": ["model", "decision"],
    "verify": ["model", "tables", "decision", "record"],
    "differences": ["model"],
    "sheets": ["model", "render", "differences"],
    "claims": ["model"],
    "register": ["model", "render", "claims", "saving"],
    "frames": ["model", "tables", "render", "decision", "differences", "sheets", "claims"],
    "export": ["blocks", "saving"],
    "question_words": [],
    "question_search": ["model", "teaching_records", "teaching_checks", "question_words"],
    "teaching_sheets": [
        *("model", "explain", "decision", "render", "sheets", "teaching_records"),
        "question_search",
    ],
    "questions": [
        *("model", "tables", "decision", "sheets", "frames", "teaching_records"),
        *("question_search", "teaching_sheets"),
    ],
    "own_tables": ["rows", "tables"],
    "classified": ["model", "logic", "decision"],
    "headers": ["model", "tables", "decision", "answer_records"],
    "batch.planes": [],
    "batch.rails": ["batch.planes"],
    "batch.formulas": ["model", "logic", "open_questions", "batch.planes", "batch.rails"],
    "batch.verdict_columns": [
        *("model", "classified", "batch.planes", "batch.rails", "batch.formulas"),
    ],
    "batch.answer_columns": [
        *("model", "answer_records", "batch.planes", "batch.rails", "batch.formulas"),
        "batch.verdict_columns",
    ],
    "batch.answer_plan": [
        *("model", "rows", "batch.planes", "batch.rails", "batch.verdict_columns"),
        "batch.answer_columns",
    ],
    "batch.in_memory": [
        *("model", "rows", "classified", "batch.planes", "batch.rails", "batch.verdict_columns"),
        *("batch.answer_columns", "batch.answer_plan"),
    ],
    "batch.classifying": [
        *("model", "rows", "tables", "decision", "classified", "headers", "batch.planes"),
        *("batch.verdict_columns", "batch.answer_plan", "batch.in_memory"),
    ],
    "batch.vendor_files": [
        *("model", "rows", "saving", "answer_records", "batch.answer_plan"),
    ],
    "batch.results": ["saving", "export"],
    "batch.runs": [
        *("model", "rows", "tables", "headers", "batch.classifying", "batch.results"),
        "batch.vendor_files",
    ],
    "batch.spark_runs": [
        *("model", "tables", "saving", "batch.classifying", "batch.runs"),
    ],
    "batch.command": [
        *("tables", "decision", "batch.runs", "batch.spark_runs", "batch.vendor_files"),
    ],
    "disagreement": ["model", "tables", "logic", "decision"],
    "roles": [
        *("model", "tables", "explain", "decision", "render", "role_records", "sheets"),
        "disagreement",
    ],
    "batch.disagreements": [
        *("model", "tables", "decision", "classified", "headers", "disagreement"),
        *("answer_records", "batch.answer_columns", "batch.classifying"),
    ],
    "batch.survey": ["model", "tables", "decision", "classified", "headers", "batch.classifying"],
    "company_sheets": ["model", "company_records", "explain", "render", "sheets"],
    "real_companies": [
        *("model", "company_records", "tables", "explain", "decision", "render", "sheets"),
        *("frames", "company_sheets"),
    ],
    "crosswalk_ids": ["trust_records"],
    "mapping_records": [],
    "mapping_trees": ["mapping_records"],
    "mapping_sets": ["mapping_records", "mapping_trees"],
    "mapping_files": [
        *("rows", "trust_records", "own_tables", "crosswalk_ids", "mapping_records"),
        *("mapping_trees", "mapping_sets"),
    ],
    "crosswalk_looking": ["trust_records", "crosswalk_ids", "mapping_records"],
    "crosswalk_pairs": ["mapping_records", "crosswalk_looking"],
    "crosswalk_lint": [
        *("crosswalk_ids", "mapping_records", "crosswalk_looking", "crosswalk_pairs"),
    ],
    "crosswalk_report": [
        *("model", "tables", "render", "saving", "mapping_files", "crosswalk_looking"),
        "crosswalk_lint",
    ],
    "trust_scope": ["model", "trust_records", "logic", "explain", "decision"],
    "crosswalk": ["model", "trust_records"],
    "trust_criteria": ["model", "trust_records", "differences", "crosswalk", "trust_scope"],
    "trust_pages": [
        *("model", "trust_records", "explain", "render", "crosswalk", "trust_scope"),
        "trust_criteria",
    ],
    "trust_frames": [
        *("model", "trust_records", "tables", "decision", "differences", "frames"),
        *("crosswalk", "trust_scope", "trust_criteria"),
    ],
    "year_ends": ["rows", "tables", "dates", "own_tables"],
    "basis": [
        *("model", "dates", "period_records", "readings", "tables", "explain", "decision"),
    ],
    "fitting": ["model", "dates", "readings", "basis", "year_ends"],
    "timeline": ["model", "dates", "explain", "basis", "fitting"],
    "drawing": ["model", "dates", "basis", "timeline"],
    "batch.survey_drawing": ["explain", "render", "drawing", "batch.survey"],
    "batch.survey_sheets": [
        *("explain", "render", "sheets", "batch.survey", "batch.survey_drawing"),
    ],
    "vendors": [
        *("disagreement", "batch.disagreements", "batch.runs", "batch.survey"),
        "batch.survey_sheets",
    ],
    "trust_drawing": [
        *("model", "explain", "render", "drawing", "crosswalk", "trust_scope", "trust_criteria"),
    ],
    "trust_sheets": [
        *("model", "trust_records", "tables", "explain", "decision", "render", "sheets"),
        *("crosswalk", "trust_scope", "trust_pages", "trust_frames", "trust_drawing"),
    ],
    "trust": ["crosswalk", "trust_scope", "trust_frames", "trust_sheets"],
    "fit_grounds": ["period_records", "readings", "cards", "basis", "fitting"],
    "fit_layout": ["model", "render", "sheets"],
    "fit_tables": ["model", "dates", "period_records", "cards", "fitting"],
    "fit_card": [
        *("model", "dates", "cards", "decision", "year_ends", "basis", "fitting", "timeline"),
        *("drawing", "fit_grounds", "fit_layout", "fit_tables"),
    ],
    "covering": ["dates", "period_records", "readings", "basis", "fitting", "year_ends"],
    "planning": ["model", "dates", "basis", "fitting", "covering", "year_ends"],
    "aligning": [
        *("model", "dates", "period_records", "readings", "basis", "year_ends", "covering"),
        "planning",
    ],
    "occurrences": [],
    "evidence_window": [
        *("model", "rows", "tables", "dates", "period_records", "readings", "explain"),
        *("decision", "own_tables", "year_ends", "basis", "occurrences"),
    ],
    "report_types": ["model", "dates", "logic", "explain", "asking", "decision"],
    "letters": [
        *("model", "blocks", "saving", "word", "dates", "year_ends", "basis", "fitting"),
    ],
    "period_sheets": [
        *("model", "blocks", "tables", "sheets", "frames", "basis", "covering", "drawing"),
        *("evidence_window", "fitting", "planning", "timeline"),
    ],
    "periods": [
        *("dates", "basis", "drawing", "fitting", "timeline", "year_ends", "covering", "planning"),
        *("aligning", "evidence_window", "report_types", "letters", "period_sheets"),
    ],
    "received_inputs": [
        *("model", "rows", "dates", "decision", "own_tables", "year_ends", "received_records"),
    ],
    "received_facts": [
        *("model", "dates", "fitting", "received_checks", "received_inputs"),
    ],
    "received_concluding": ["model", "logic", "received_records"],
    "received_sheets": [
        *("model", "explain", "render", "sheets", "received_records", "received_inputs"),
    ],
    "received_reports": [
        *("model", "tables", "explain", "received_records", "received_inputs", "received_facts"),
        *("received_concluding", "received_sheets"),
    ],
    "readiness_kinds": ["model", "rows", "dates"],
    "received_programme": ["model", "received_inputs", "readiness_kinds"],
    "received": ["received_inputs", "received_programme", "received_sheets", "received_reports"],
    "readiness_file": ["saving", "readiness_kinds"],
    "readiness_references": ["readiness_kinds", "readiness_file"],
    "readiness_store": ["readiness_kinds", "readiness_file", "readiness_references"],
    "readiness_links": ["readiness_kinds"],
    "readiness_runs": ["dates", "period_records", "readiness_kinds"],
    "readiness_gaps": [
        *("model", "rows", "dates", "explain", "basis", "evidence_window", "readiness_kinds"),
        "readiness_runs",
    ],
    "readiness_others": ["rows", "readiness_kinds", "readiness_runs", "readiness_gaps"],
    "readiness_seed": ["model", "readiness_kinds", "readiness_gaps"],
    "readiness_programme": [
        *("model", "rows", "tables", "decision", "readiness_kinds", "readiness_file"),
        *("readiness_store", "readiness_links", "readiness_gaps", "readiness_others"),
    ],
    "readiness_sheets": ["model", "saving", "export", "render", "readiness_kinds"],
    "readiness_reading": [
        *("saving", "tables", "readiness_kinds", "readiness_file", "readiness_sheets"),
    ],
    "readiness_import": [
        *("saving", "readiness_records", "readiness_kinds", "readiness_file", "readiness_store"),
        *("readiness_programme", "readiness_reading"),
    ],
    "readiness_overview": [
        *("explain", "render", "readiness_kinds", "readiness_gaps", "readiness_programme"),
    ],
    "readiness_views": [
        *("explain", "render", "sheets", "readiness_kinds", "readiness_store", "readiness_gaps"),
        *("readiness_programme", "readiness_overview"),
    ],
    "readiness_forms": [
        *("explain", "render", "readiness_kinds", "readiness_gaps", "readiness_programme"),
        "readiness_views",
    ],
    "readiness": [
        *("model", "tables", "saving", "decision", "sheets", "dates", "readiness_kinds"),
        *("readiness_file", "readiness_store", "readiness_gaps", "readiness_seed"),
        *("readiness_programme", "readiness_sheets", "readiness_reading", "readiness_import"),
        "readiness_views",
    ],
    "request_words": [],
    "request_spans": ["model", "phrase_patterns", "phrase_records", "request_words"],
    "request_asked": [
        *("model", "dates", "phrase_patterns", "request_words", "request_spans"),
    ],
    "request_reply": ["model", "blocks", "decision", "phrase_records", "request_asked"],
    "request_pages": ["model", "explain", "render", "sheets", "request_spans", "request_asked"],
    "buyer_requests": [
        *("model", "tables", "decision", "request_spans", "request_asked", "request_reply"),
        "request_pages",
    ],
    "request_lists": [
        *("model", "rows", "tables", "explain", "own_tables", "request_asked", "buyer_requests"),
    ],
    "lesson_material": [
        *("model", "period_records", "blocks", "explain", "render", "decision", "fitting"),
        *("real_companies", "disagreement", "roles"),
    ],
    "lesson_editions": [
        *("model", "lesson_records", "blocks", "explain", "render", "decision"),
        "lesson_material",
    ],
    "lesson_plan": ["blocks", "explain", "sheets", "lesson_editions"],
    "lesson_notebooks": ["blocks", "lesson_editions"],
    "lesson_pdf": ["saving"],
    "case_drawing": ["model", "practice_records", "decision"],
    "case_telling": ["model", "practice_records", "case_drawing"],
    "practice_cases": ["model", "tables", "decision", "case_drawing", "case_telling"],
    "practice_items": ["model", "explain", "practice_cases"],
    "practice_asking": ["model", "explain", "decision", "practice_cases", "practice_items"],
    "practice_kinds": ["model", "period_records", "explain", "decision", "practice_items"],
    "practice_grading": ["decision", "practice_cases", "practice_items"],
    "practice_progress": ["saving"],
    "practice_quiz": [
        *("model", "tables", "decision", "practice_cases", "practice_items", "practice_asking"),
        *("practice_kinds", "practice_progress"),
    ],
    "practice_round": ["practice_grading", "practice_items"],
    "practice_sheets": [
        *("model", "sheets", "practice_cases", "practice_items", "practice_grading"),
        *("practice_progress", "practice_round"),
    ],
    "practice": [
        *("practice_cases", "practice_items", "practice_grading", "practice_quiz"),
        *("practice_progress", "practice_sheets"),
    ],
    "widgets.standin": [],
    "widgets.panel": [
        *("model", "tables", "render", "decision", "browser", "record", "text", "widgets.standin"),
    ],
    "widgets.lesson_pages": [
        *("model", "explain", "saving", "lesson_editions", "lesson_plan", "widgets.standin"),
        "widgets.panel",
    ],
    "lesson_files": [
        *("model", "tables", "decision", "saving", "lesson_editions", "lesson_notebooks"),
        *("lesson_pdf", "widgets.lesson_pages"),
    ],
    "teaching": [
        *("model", "tables", "blocks", "frames", "sheets", "lesson_editions", "lesson_plan"),
        "lesson_files",
    ],
    "widgets.compare": [
        *("model", "tables", "render", "differences", "sheets", "frames", "widgets.standin"),
    ],
    "widgets.criteria": [
        *("model", "tables", "render", "decision", "trust_scope", "trust_criteria"),
        *("trust_pages", "trust_frames", "widgets.standin"),
    ],
    "widgets.calendar": [
        *("model", "tables", "render", "dates", "fitting", "fit_tables", "fit_layout", "fit_card"),
        *("year_ends", "widgets.standin"),
    ],
    "widgets.roles": [
        *("model", "tables", "explain", "render", "disagreement", "roles", "widgets.standin"),
    ],
    "widgets.received": [
        *("model", "tables", "render", "received_records", "received_inputs", "received_sheets"),
        *("received_reports", "widgets.standin"),
    ],
    "widgets.requests": [
        *("model", "tables", "render", "request_pages", "buyer_requests", "widgets.standin"),
        "widgets.panel",
    ],
    "widgets.practice": [
        *("saving", "render", "practice_items", "practice_grading", "practice_progress"),
        *("practice_quiz", "practice_round", "practice_sheets", "widgets.standin"),
    ],
    "widgets.readiness": [
        *("saving", "render", "readiness_kinds", "readiness_file", "readiness_store"),
        *("readiness_programme", "readiness_import", "readiness_views", "readiness_forms"),
        "widgets.standin",
    ],
}
OPENS = {
    "tables": "the project's data",
    "render": "its style sheets",
    "widgets.standin": "the scripts and style sheets of the views",
    "record": "a decision that the reader saved",
    "saving": "what the reader saves",
    "batch.vendor_files": "the vendor list that the reader names",
    "mapping_files": "a mapping that the reader names",
    "request_lists": "requests that the reader names",
    "lesson_pdf": "the page that a browser prints, and its print",
    "practice_progress": "the learner's own file of progress",
}
OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "reader", "DictReader"}
ALLOWED = {"batch": {"narwhals"}, "widgets": {"ipywidgets", "anywidget", "traitlets"}}
DRAWERS = {"utils", "util", "helpers", "config", "common", "misc"}
LONGEST = 600  # lines: a module is cut where a reader would look for another subject

each_module = pytest.mark.parametrize("name", sorted(PATHS))


def imports(name, *, at_start=False):
    """Return what a module imports when it runs, or only what it imports at its start."""
    nodes = _inside(TREES[name], _is_for_typing)
    if at_start:
        nodes = _inside(TREES[name], lambda node: _is_for_typing(node) or _is_function(node))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from inner if node.module == "soclib" else [node.module]


def _inside(node, is_left_out):
    """Yield a node and all below it, but for the branches that are left out."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not is_left_out(child):
            yield from _inside(child, is_left_out)


def _is_for_typing(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _is_function(node):
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def foreign(name, **when):
    """Return the packages that a module takes from neither us nor the standard library."""
    found = {imported.partition(".")[0] for imported in imports(name, **when)}
    return found - sys.stdlib_module_names - {"soclib"}


def test_every_module_has_its_place():
    assert set(PATHS) == set(BELOW) | TOP


def test_the_places_form_one_direction():
    names = list(BELOW)
    assert all(set(below) <= set(names[: names.index(name)]) for name, below in BELOW.items())


@pytest.mark.parametrize("name", BELOW)
def test_a_module_imports_only_what_lies_below_it(name):
    ours = [one.removeprefix("soclib.") for one in imports(name) if one.startswith("soclib")]
    assert set(ours) <= set(BELOW[name])


@each_module
def test_only_tables_opens_the_data_and_few_open_anything(name):
    called = [node.func for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)]
    words = {getattr(func, "attr", getattr(func, "id", "")) for func in called}
    assert name in OPENS or not words & OPENERS
    assert name == "tables" or "data_folder" not in words


@each_module
def test_only_widgets_know_widgets(name):
    assert name.startswith("widgets.") or not foreign(name) & ALLOWED["widgets"]


@each_module
def test_pandas_and_all_else_that_is_slow_is_imported_where_it_is_used(name):
    package = name.partition(".")[0]
    assert foreign(name, at_start=True) <= ALLOWED.get(package, set())


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

"""Where modules of old are now: their paths still answer, with a warning, for one release."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGES = ("batch", "widgets")
# Old module -> where its names are now, from the ground up: the first that has a name defines it.
MOVED: Mapping[str, tuple[str, ...]] = {
    "aligning": ("periods.planning",),
    "answer_records": ("vendors.tables",),
    "asking": ("verdict.asking",),
    "audit": ("verdict.proof",),
    "basis": ("periods.reading",),
    "batch.answer_columns": ("vendors.answers",),
    "batch.answer_plan": ("vendors.answers",),
    "batch.classifying": ("vendors.classifying",),
    "batch.command": ("vendors.command",),
    "batch.disagreements": ("vendors.splits",),
    "batch.formulas": ("vendors.rails",),
    "batch.in_memory": ("vendors.in_memory",),
    "batch.planes": ("vendors.rails",),
    "batch.rails": ("vendors.rails",),
    "batch.results": ("vendors.files",),
    "batch.runs": ("vendors.runs",),
    "batch.spark_runs": ("vendors.runs",),
    "batch.survey": ("vendors.surveying",),
    "batch.survey_drawing": (
        "paper.svg",
        "vendors.sheets",
    ),
    "batch.survey_sheets": ("vendors.sheets",),
    "batch.vendor_files": ("vendors.files",),
    "batch.verdict_columns": ("vendors.verdicts",),
    "blocks": ("paper.blocks",),
    "browser": ("verdict.browser",),
    "build": ("catalog",),
    "buyer_requests": ("requests.request",),
    "cards": (
        "claims.sources",
        "verdict.describe",
    ),
    "case_drawing": ("practice.cases",),
    "case_telling": ("practice.cases",),
    "checks": ("tables.checks",),
    "claims": ("claims.reviews",),
    "classified": ("vendors.verdicts",),
    "company_checks": ("companies.tables",),
    "company_records": ("companies.tables",),
    "company_sheets": ("companies.sheets",),
    "covering": ("periods.planning",),
    "crosswalk": ("trust.pairs",),
    "crosswalk_ids": ("mapping.ids",),
    "crosswalk_lint": ("mapping.lint",),
    "crosswalk_looking": ("mapping.lint",),
    "crosswalk_pairs": ("mapping.lint",),
    "crosswalk_report": ("mapping.report",),
    "decision": (
        "errors",
        "verdict.decision",
    ),
    "describe": ("verdict.describe",),
    "differences": (
        "claims.sources",
        "comparison.choose",
    ),
    "disagreement": ("people.splits",),
    "drawing": (
        "paper.svg",
        "periods.timelines",
    ),
    "evidence_window": ("periods.evidence",),
    "explain": (
        "words",
        "verdict.explain",
    ),
    "export": ("paper.export",),
    "fit_card": (
        "periods.browser",
        "periods.card",
    ),
    "fit_grounds": ("periods.card",),
    "fit_layout": ("periods.card",),
    "fit_tables": ("periods.browser",),
    "fitting": ("periods.fitting",),
    "frames": (
        "paper.frames",
        "claims.frames",
        "comparison.frames",
        "verdict.frames",
    ),
    "headers": ("vendors.headers",),
    "lesson_checks": ("teaching.tables",),
    "lesson_editions": ("teaching.editions",),
    "lesson_files": ("teaching.files",),
    "lesson_material": ("teaching.material",),
    "lesson_notebooks": ("teaching.files",),
    "lesson_pdf": ("teaching.files",),
    "lesson_plan": ("teaching.editions",),
    "lesson_records": ("teaching.tables",),
    "letters": ("periods.letters",),
    "logic": ("verdict.logic",),
    "mapping_files": ("mapping.reading",),
    "mapping_records": ("mapping.records",),
    "mapping_sets": ("mapping.reading",),
    "mapping_trees": ("mapping.reading",),
    "matter": ("verdict.memo",),
    "memo": ("verdict.memo",),
    "model": (
        "tables.rows",
        "verdict.records",
        "claims.tables",
        "comparison.tables",
        "catalog",
    ),
    "occurrences": ("periods.evidence",),
    "open_questions": ("verdict.asking",),
    "own_tables": ("tables.files",),
    "page": ("paper.docx",),
    "period_checks": ("periods.tables",),
    "period_records": ("periods.tables",),
    "period_sheets": ("periods.sheets",),
    "periods": (
        "dates",
        "periods.given",
        "periods.reading",
        "periods.evidence",
        "periods.fitting",
        "periods.planning",
        "periods.letters",
        "periods.timelines",
        "periods.types",
        "periods.sheets",
    ),
    "phrase_checks": ("requests.tables",),
    "phrase_patterns": ("requests.patterns",),
    "phrase_records": ("requests.tables",),
    "planning": ("periods.planning",),
    "practice": (
        "practice.progress",
        "practice.cases",
        "practice.asking",
        "practice.grading",
        "practice.quizzes",
        "practice.sheets",
    ),
    "practice_asking": ("practice.asking",),
    "practice_cases": ("practice.cases",),
    "practice_checks": ("practice.tables",),
    "practice_grading": ("practice.grading",),
    "practice_items": ("practice.asking",),
    "practice_kinds": ("practice.kinds",),
    "practice_progress": ("practice.progress",),
    "practice_quiz": ("practice.quizzes",),
    "practice_records": ("practice.tables",),
    "practice_round": ("practice.grading",),
    "practice_sheets": ("practice.sheets",),
    "provenance": ("tables.checks",),
    "question_search": ("questions.search",),
    "question_words": ("questions.search",),
    "questions": ("questions.asking",),
    "readiness": (
        "readiness.items",
        "readiness.store",
        "readiness.gaps",
        "readiness.programme",
        "readiness.pages",
        "readiness.exchange",
        "readiness.opening",
    ),
    "readiness_file": ("readiness.store",),
    "readiness_forms": ("readiness.pages",),
    "readiness_gaps": ("readiness.gaps",),
    "readiness_import": ("readiness.exchange",),
    "readiness_kinds": ("readiness.items",),
    "readiness_links": ("readiness.items",),
    "readiness_others": ("readiness.gaps",),
    "readiness_overview": ("readiness.pages",),
    "readiness_programme": ("readiness.programme",),
    "readiness_reading": ("readiness.exchange",),
    "readiness_records": ("readiness.tables",),
    "readiness_references": ("readiness.store",),
    "readiness_runs": ("readiness.gaps",),
    "readiness_seed": ("readiness.programme",),
    "readiness_sheets": ("readiness.exchange",),
    "readiness_store": ("readiness.store",),
    "readiness_views": ("readiness.pages",),
    "readings": (
        "periods.tables",
        "periods.reading",
    ),
    "real_companies": ("companies.cases",),
    "received": (
        "received.inputs",
        "received.sheets",
        "received.facts",
        "received.concluding",
    ),
    "received_checks": ("received.tables",),
    "received_concluding": ("received.concluding",),
    "received_facts": ("received.facts",),
    "received_inputs": ("received.inputs",),
    "received_programme": ("received.facts",),
    "received_records": ("received.tables",),
    "received_reports": ("received.concluding",),
    "received_sheets": ("received.sheets",),
    "record": ("verdict.saved",),
    "register": ("claims.reviews",),
    "render": (
        "paper.styles",
        "paper.sheets",
        "words",
        "verdict.page",
        "requests.sheets",
    ),
    "report_types": ("periods.types",),
    "request_asked": ("requests.asked",),
    "request_lists": ("requests.many",),
    "request_pages": ("requests.sheets",),
    "request_reply": ("requests.reply",),
    "request_spans": ("requests.spans",),
    "request_words": ("requests.words",),
    "role_records": ("people.tables",),
    "roles": ("people.playing",),
    "rows": (
        "errors",
        "tables.rows",
    ),
    "saving": (
        "errors",
        "paper.saving",
    ),
    "sheets": (
        "paper.sheets",
        "claims.sources",
        "comparison.sheets",
    ),
    "tables": (
        "tables.files",
        "catalog",
    ),
    "teaching": (
        "teaching.editions",
        "teaching.desk",
        "teaching.files",
    ),
    "teaching_checks": ("questions.tables",),
    "teaching_records": ("questions.tables",),
    "teaching_sheets": ("questions.sheets",),
    "text": ("verdict.page",),
    "timeline": ("periods.timelines",),
    "trust": (
        "trust.pairs",
        "trust.scoping",
        "trust.frames",
        "trust.sheets",
    ),
    "trust_checks": ("trust.tables",),
    "trust_criteria": ("trust.choose",),
    "trust_drawing": (
        "paper.svg",
        "trust.drawing",
    ),
    "trust_frames": ("trust.frames",),
    "trust_pages": ("trust.sheets",),
    "trust_records": ("trust.tables",),
    "trust_scope": ("trust.scoping",),
    "trust_sheets": ("trust.sheets",),
    "vendors": (
        "people.splits",
        "vendors.surveying",
        "vendors.runs",
        "vendors.splits",
        "vendors.sheets",
    ),
    "verify": ("verdict.saved",),
    "weighed": ("verdict.memo",),
    "widgets.calendar": ("periods.view",),
    "widgets.compare": ("comparison.view",),
    "widgets.criteria": ("trust.view",),
    "widgets.lesson_pages": ("teaching.view",),
    "widgets.panel": ("verdict.view",),
    "widgets.practice": ("practice.view",),
    "widgets.readiness": ("readiness.view",),
    "widgets.received": ("received.view",),
    "widgets.requests": ("requests.view",),
    "widgets.roles": ("people.view",),
    "widgets.standin": ("views.standin",),
    "word": ("paper.docx",),
    "year_ends": ("periods.given",),
}
# What has another name there.
RENAMED: Mapping[tuple[str, str], str] = {
    ("batch.answer_columns", "UNREADABLE"): "NO_CODE",
    ("claims", "claims"): "all_claims",
    ("decision", "unknown"): "did_you_mean",
    ("differences", "KINDS"): "SOURCE_KINDS",
    ("practice_sheets", "progress"): "boxes",
}


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


class _OldModule(ModuleType):
    """A module at its old path; some were hidden behind the function that is named like them."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function
        return getattr(self, self.__name__.rpartition(".")[2])(*args, **kwargs)


class _OldLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _OldModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        old = module.__name__.removeprefix("soclib.")
        places = " and ".join(f"soclib.{place}" for place in MOVED.get(old, ()))
        _warn(f"{module.__name__} has moved{f' to {places}' if places else ''}")
        vars(module)["__getattr__"] = partial(former_name, module.__name__)


def old_spec(name: str) -> ModuleSpec | None:
    """Return how to load a module by its old path, or None where there never was one."""
    old = name.removeprefix("soclib.")
    if old not in MOVED and old not in PACKAGES:
        return None
    return ModuleSpec(name, _OldLoader(), is_package=old in PACKAGES)


def former_name(module: str, name: str, depth: int = 3) -> Any:  # noqa: ANN401 - whatever it is
    """Return what a module of old called ``name``, and warn where it is now.

    Raises ``AttributeError`` where it had no such name.
    """
    old = module.removeprefix("soclib.")
    now = RENAMED.get((old, name), name)
    for place in () if name.startswith("_") else MOVED.get(old, ()):
        found = import_module(f"soclib.{place}")
        if now in vars(found):
            _warn(f"{module}.{name} is now soclib.{place}.{now}", depth)
            return vars(found)[now]
    message = f"module {module!r} has no attribute {name!r}"
    raise AttributeError(message)


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

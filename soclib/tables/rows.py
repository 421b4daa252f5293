"""Rows of a table, and the words that every table uses; plain records, no files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from soclib.errors import Fault

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"
ANSWERS: Final = (YES, NO, UNKNOWN)
VOICES: Final = ("vendor", "buyer")
DRAFT: Final = "draft"  # proposed, not in force
EVIDENCE: Final = ("confirmed", "one_source", "practice", "disputed", "unconfirmed", DRAFT)

KINDS: Final = ("subject", "demand", "contradiction", "category", "step", "route")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a row comes from, when it was checked and how sure it is."""

    source_ids: tuple[str, ...]
    as_of: str
    evidence: str


PROVENANCE = ("source_id", "as_of", "evidence")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sources": ("source_id", "title", "publisher", "url", "kind", "standards", "as_of", "evidence"),
    "groups": ("group_id", "title", *PROVENANCE),
    "criteria": (
        *("criterion_id", "group_id", "assumed", "when_not_asked", "prior_yes_percent"),
        *PROVENANCE,
    ),
    "questions": (
        *("criterion_id", "voice", "question", "counts", "does_not_count", "who_knows"),
        *("find_out", "if_yes", "if_no", *PROVENANCE),
    ),
    "reports": ("report_id", "title", "lets_vendor", "lets_buyer", *PROVENANCE),
    "statuses": (
        "status_id",
        "label",
        "mark",
        "rank",
        "leads_on",
        "in_headline",
        "meaning",
        *PROVENANCE,
    ),
    "verdicts": (
        *("report_id", "subject", "demand", "status_id", "headline_vendor", "headline_buyer"),
        *("words_vendor", "words_buyer", *PROVENANCE),
    ),
    "outcomes": (
        *("outcome_id", "kind", "report_id", "step_id", "touches", "voices", "title"),
        *PROVENANCE,
    ),
    "rules": ("rule_id", "outcome_id", "because_vendor", "because_buyer", *PROVENANCE),
    "wording": ("text_id", "vendor", "buyer", *PROVENANCE),
    "examples": ("example_id", "title", "story", "voice", *PROVENANCE),
    "comparison": (
        *("dimension_id", "dimension", "question", "soc1", "soc2", "soc3", "differs"),
        *("why_it_matters", "topic", "keywords", "criteria", *PROVENANCE),
    ),
    "readers": ("report_id", "reader_id", "reader", "allowed", "condition", "why", *PROVENANCE),
    "family": (
        *("report_id", "title", "question_answered", "who_can_be_examined", "control_criteria"),
        *("standard", "types", "use", "who_asks", *PROVENANCE),
    ),
    "stories": ("story_id", "kind", "title", "text", "report_id", "type_id", *PROVENANCE),
    "standards": (
        *("standard_id", "title", "body", "issued", "effective", "state", "replaced_by", "note"),
        *PROVENANCE,
    ),
    "reviews": ("evidence_id", "review_after_months", "why", *PROVENANCE),
    "thresholds": (
        *("threshold_id", "report_id", "value", "unit", "basis", "meaning", *PROVENANCE),
    ),
    "readings": (
        *("reading_id", "label", "mark", "rank", "covers", "meaning_vendor", "meaning_buyer"),
        *PROVENANCE,
    ),
    "period_readings": (
        *("reading_rule_id", "report_id", "reading_id", "overlap_at_least", "overlap_below"),
        *("gap_above", "gap_at_most", "because_vendor", "because_buyer", *PROVENANCE),
    ),
    "period_notes": ("note_id", "report_id", "vendor", "buyer", *PROVENANCE),
    "worked_periods": (
        *("case_id", "title", "fiscal_year_start", "fiscal_year_end", "period_start"),
        *("period_end", "overlap_days", "overlap_percent", "gap_days", "reading_id", "lesson"),
        *PROVENANCE,
    ),
    "shared_evidence": ("element_id", "element", "counted", "why", *PROVENANCE),
    "cadences": ("cadence_id", "label", "unit", "every", "least", "meaning", *PROVENANCE),
    "sample_sizes": ("sample_id", "cadence_id", "least", "most", "remark", *PROVENANCE),
    "opinions": ("element_id", "element", "type_1", "type_2", *PROVENANCE),
    "type_misconceptions": ("misconception_id", "heard", "correct", "why", *PROVENANCE),
    "letters": ("letter_id", "place", "kind", "applies", "text", *PROVENANCE),
    "series": ("series_id", "title", "gist", *PROVENANCE),
    "trust_criteria": (
        *("tsc_id", "series_id", "category_id", "coso_principle", "gist", "keywords"),
        *PROVENANCE,
    ),
    "services": ("service_id", "title", "what_it_does", *PROVENANCE),
    "control_objectives": (
        *("objective_id", "service_id", "objective", "risk", "assertions", "keywords"),
        *PROVENANCE,
    ),
    "control_prompts": (
        *("prompt_id", "basis_id", "prompt", "typical_evidence", "cadence_id", "owner"),
        *PROVENANCE,
    ),
    "complementary_controls": (
        *("complementary_id", "kind", "hangs_on", "report_id", "control", "why", "owner"),
        *("cadence_id", "typical_evidence", *PROVENANCE),
    ),
    "iso_requirements": ("iso_id", "kind", "theme", "gist", "keywords", *PROVENANCE),
    "crosswalk": (
        *("tsc_id", "iso_id", "relation", "strength", "reason", "beyond_criterion"),
        *("beyond_control", "status", "sources_agreeing", *PROVENANCE),
    ),
    "crosswalk_gaps": ("gap_id", "side", "requirement_id", "why", "look_instead", *PROVENANCE),
    "lint_checks": (
        *("check_id", "severity", "limit", "title", "wrong", "why", "remedy", *PROVENANCE),
    ),
    "readiness_statuses": (
        *("status_id", "about", "label", "mark", "rank", "done", "meaning"),
        *PROVENANCE,
    ),
    "roles": ("role_id", "role", "who", "cares_about", "hint", *PROVENANCE),
    "role_cases": ("case_id", "title", "story", *PROVENANCE),
    "role_answers": ("case_id", "role_id", *PROVENANCE),
    "answer_spellings": ("spelling_id", "spelling", "answer", "note", *PROVENANCE),
    "answer_headers": ("header_id", "criterion_id", "header", *PROVENANCE),
    "misconceptions": (
        *("misconception_id", "topic", "heard", "correct", "why_believed", "say_instead", "cell"),
        *PROVENANCE,
    ),
    "faq": (
        *("faq_id", "topic", "question", "also_asked", "answer", "cell", "terms", "case_facts"),
        *("case_verdict", *PROVENANCE),
    ),
    "glossary": ("term_id", "term", "also", "meaning", "example", "first_use", *PROVENANCE),
    "synonyms": ("synonym_id", "alike", *PROVENANCE),
    "industries": (
        *("industry_id", "kind", "title", "vendors", "buyers", "always_told", *PROVENANCE),
    ),
    "fragments": (
        *("fragment_id", "industries", "criterion_id", "answer", "level", "place", "text"),
        *("who_says", "only_with", "not_with", *PROVENANCE),
    ),
    "planted": (
        *("planted_id", "topics", "misconception_id", "who_says", "text", "heard", "correct"),
        *PROVENANCE,
    ),
    "case_topics": ("topic_id", "title", "tells", "draws", "aims", "asks", *PROVENANCE),
    "extract_lines": ("line_id", "extracts", "part", "right", "text", "why", *PROVENANCE),
    "case_twists": ("twist_id", "kind", "answers", *PROVENANCE),
    "readiness_findings": (
        *("finding_id", "about", "type_1", "type_2", "by", "lost_after"),
        *("text_vendor", "text_buyer", "why", *PROVENANCE),
    ),
    "companies": (
        *("company_id", "name", "service", "statement", "holds_soc1", "holds_soc2", "holds_soc3"),
        *("type_soc1", "type_soc2", "categories", "lesson_soc1", "lesson_soc2", "lesson_soc3"),
        *PROVENANCE,
    ),
    "company_readings": ("holding", "status_id", "agreement", "words", *PROVENANCE),
    "company_lessons": ("lesson_id", "title", "explanation", "ask", *PROVENANCE),
    "report_checks": (
        *("check_id", "check", "question", "look_for", "why", "report_id", "type_id"),
        *PROVENANCE,
    ),
    "received_inputs": ("input_id", "check_id", "kind", "label", *PROVENANCE),
    "received_choices": (
        *("input_id", "choice", "label", "sets_yes", "sets_no", "met_by", *PROVENANCE),
    ),
    "received_facts": (
        *("fact_id", "check_id", "fine", "if_yes", "if_no", "missing", *PROVENANCE),
    ),
    "received_rules": (
        *("rule_id", "finds", "when_yes", "when_no", "because", "remedy", *PROVENANCE),
    ),
    "received_conclusions": (
        *("conclusion_id", "label", "mark", "rank", "settled", "meaning", *PROVENANCE),
    ),
    "received_square": ("against", "own", "conclusion_id", *PROVENANCE),
    "phrase_words": ("group_id", "kind", "words", "reach", "note", *PROVENANCE),
    "phrases": (
        *("phrase_id", "pattern", "criterion", "answer", "if_negated", "says", "counts_in"),
        *("only_with", "note", *PROVENANCE),
    ),
    "replies": ("reply_id", "part", "kind", "applies", "text", *PROVENANCE),
    "lessons": (
        *("lesson_id", "title", "minutes", "audience", "goal", "prepare", "tags", *PROVENANCE),
    ),
    "lesson_steps": (
        *("step_id", "place", "tags", "minutes", "kind", "material", "answer_from", "title"),
        *("say", "ask", "answer", "show", *PROVENANCE),
    ),
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "questions": ("criterion_id", "voice"),
    "verdicts": ("report_id", "subject", "demand"),
    "readers": ("report_id", "reader_id"),
    "period_notes": ("note_id", "report_id"),
    "letters": ("letter_id", "place"),
    "role_answers": ("case_id", "role_id"),
    "crosswalk": ("tsc_id", "iso_id"),
    "company_readings": ("holding", "status_id"),
    "received_choices": ("input_id", "choice"),
    "received_square": ("against", "own"),
}
# These carry one further column per criterion.
WIDE = ("rules", "examples", "companies", "role_answers")
OPEN_ENDED = ("comparison",)  # readers may add columns of their own
# Columns that a reader's own table may lack; they count as blank.
OPTIONAL: Mapping[str, tuple[str, ...]] = {"comparison": ("topic", "keywords", "criteria")}
WITH_DRAFTS = ("comparison", "sources", "standards")  # rows here may be proposals
BLANK = {
    "sources": ("url", "standards"),
    "criteria": ("when_not_asked",),
    "outcomes": ("report_id", "step_id", "touches"),
    "comparison": ("topic", "keywords", "criteria"),
    "readers": ("condition",),
    "stories": ("type_id",),
    "standards": ("issued", "effective", "replaced_by"),
    "thresholds": ("report_id",),
    "period_readings": ("overlap_at_least", "overlap_below", "gap_above", "gap_at_most"),
    "period_notes": ("report_id",),
    "letters": ("applies",),
    "trust_criteria": ("coso_principle",),
    "crosswalk": ("beyond_criterion", "beyond_control"),
    "lint_checks": ("limit",),
    "companies": (
        *("type_soc1", "type_soc2", "categories", "lesson_soc1", "lesson_soc2", "lesson_soc3"),
    ),
    "received_choices": ("sets_yes", "sets_no", "met_by"),
    "received_rules": ("when_yes", "when_no"),
    "phrase_words": ("reach",),
    "phrases": ("criterion", "answer", "if_negated", "says", "counts_in", "only_with"),
    "replies": ("applies",),
    "lesson_steps": ("material", "answer_from", "ask", "answer", "show"),
    "faq": ("terms", "case_facts", "case_verdict"),
    "glossary": ("also",),
    "industries": ("always_told",),
    "fragments": ("who_says", "only_with", "not_with"),
    "planted": ("misconception_id",),
    "case_topics": ("aims",),
    "extract_lines": ("why",),
}
DOTTED = ("trust_criteria", "iso_requirements", "crosswalk")  # ids with dots, never a key in HTML
VALUE = {YES: 1, UNKNOWN: 0, NO: -1}
ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # safe in HTML attributes and as a key in JavaScript
DOTTED_ID = re.compile(r"[A-Z0-9][A-Za-z0-9]*(\.[0-9]+)+")  # as CC6.1, A.5.1 and 6.1.2
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Row(NamedTuple):
    """One line of a table."""

    file: str
    line: int
    cells: dict[str, str]

    def fault(self, column: str, remedy: str) -> Fault:
        """Return what is wrong with one cell of this row."""
        return Fault(self.file, self.line, column, self.cells.get(column, ""), remedy)

    def provenance(self) -> Provenance:
        """Return where this row comes from."""
        cells = self.cells
        return Provenance(listed(cells["source_id"]), cells["as_of"], cells["evidence"])

    def key(self) -> tuple[str, ...]:
        """Return the cells that tell this row from the others of its table."""
        name = self.file.removesuffix(".csv")
        return tuple(self.cells[column] for column in KEYS.get(name, COLUMNS[name][:1]))

    def by_voice(self, name: str) -> dict[str, str]:
        """Return a text that stands in one column per voice."""
        return {voice: self.cells[f"{name}_{voice}"] for voice in VOICES}


Tables = dict[str, list[Row]]


@lru_cache(maxsize=8192)  # most rows of a table cite the same few sources
def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that are joined with semicolons."""
    return tuple(part.strip() for part in text.split(";") if part.strip())

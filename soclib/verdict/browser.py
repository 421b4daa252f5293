"""The tables of the verdict as plain values for the browser, with rules as lists of indexes."""

from __future__ import annotations

from dataclasses import asdict

from soclib.catalog import Catalog
from soclib.claims.tables import CLAIMS
from soclib.comparison.tables import COMPARISON, Dimension
from soclib.paper.sheets import Plain
from soclib.tables.rows import VOICES, Provenance
from soclib.verdict.logic import bits
from soclib.verdict.tables import VERDICT, Criterion, Outcome, Report, Rule
from soclib.words import words_of


def browser_tables(catalog: Catalog) -> Plain:
    """Return what ``decide.js`` needs: criteria in order, outcomes by id, reports, words."""
    return {
        "version": catalog.version,
        "groups": [
            {"group_id": g.group_id, "title": g.title} for g in catalog.part(VERDICT).groups
        ],
        "criteria": [_criterion(criterion) for criterion in catalog.part(VERDICT).criteria],
        "outcome_order": [outcome.outcome_id for outcome in catalog.part(VERDICT).outcomes],
        "outcomes": {
            outcome.outcome_id: _outcome(outcome) for outcome in catalog.part(VERDICT).outcomes
        },
        "reports": [_report(report) for report in catalog.part(VERDICT).reports],
        "statuses": {
            key: {
                "label": status.label,
                "mark": status.mark,
                "rank": status.rank,
                "leads_on": status.leads_on,
                "in_headline": status.in_headline,
            }
            for key, status in catalog.part(VERDICT).statuses.items()
        },
        "sources": {
            key: {"title": s.title, "publisher": s.publisher, "url": s.url, "as_of": s.as_of}
            for key, s in catalog.part(CLAIMS).sources.items()
        },
        "wording": {voice: words_of(catalog, voice) for voice in VOICES},
        "comparison": [_dimension(row, catalog) for row in catalog.part(COMPARISON).dimensions],
        "readers": [
            {
                "report_id": row.report_id,
                "reader_id": row.reader_id,
                "reader": row.reader,
                "allowed": row.allowed,
                "condition": row.condition,
                "why": row.why,
            }
            for row in catalog.part(COMPARISON).readers
        ],
        "examples": [
            {
                "example_id": e.example_id,
                "title": e.title,
                "story": e.story,
                "voice": e.voice,
                "answers": e.answers,
            }
            for e in catalog.part(VERDICT).examples
        ],
    }


def _dimension(row: Dimension, catalog: Catalog) -> Plain:
    return {
        "dimension_id": row.dimension_id,
        "dimension": row.dimension,
        "by_report": row.by_report,
        "criteria": _places(catalog.part(VERDICT).mask(row.criteria)),
    }


def _criterion(criterion: Criterion) -> Plain:
    questions = {voice: asdict(words) for voice, words in criterion.questions.items()}
    for words in questions.values():
        del words["provenance"]
    return {
        "criterion_id": criterion.criterion_id,
        "group_id": criterion.group_id,
        "assumed": criterion.assumed,
        "when_not_asked": criterion.when_not_asked,
        "prior_yes": criterion.prior_yes,
        "questions": questions,
    }


def _places(mask: int) -> list[int]:
    return [bit.bit_length() - 1 for bit in bits(mask)]


def _outcome(outcome: Outcome) -> Plain:
    return {
        "outcome_id": outcome.outcome_id,
        "kind": outcome.kind,
        "report_id": outcome.report_id,
        "step_id": outcome.step_id,
        "title": outcome.title,
        "touches": list(outcome.touches),
        "voices": list(outcome.voices),
        "rules": [_rule(rule) for rule in outcome.rules],
        **_provenance(outcome.provenance),
    }


def _rule(rule: Rule) -> Plain:
    signs = dict.fromkeys(_places(rule.yes), 1) | dict.fromkeys(_places(rule.no), -1)
    return {
        "rule_id": rule.rule_id,
        "cells": [list(cell) for cell in sorted(signs.items())],
        "because": rule.because,
        **_provenance(rule.provenance),
    }


def _provenance(provenance: Provenance) -> Plain:
    return {"source_ids": list(provenance.source_ids), "evidence": provenance.evidence}


def _report(report: Report) -> Plain:
    square: dict[str, Plain] = {}
    for cell in report.square.values():
        square.setdefault(cell.subject, {})[cell.demand] = {
            "status_id": cell.status_id,
            "headline": cell.headline,
            "words": cell.words,
            "source_ids": list(cell.provenance.source_ids),
        }
    return {
        "report_id": report.report_id,
        "title": report.title,
        "lets": report.lets,
        "subject": report.subject.outcome_id,
        "demand": report.demand.outcome_id,
        "contradictions": [outcome.outcome_id for outcome in report.contradictions],
        "steps": [outcome.outcome_id for outcome in report.steps],
        "criteria": _places(report.mask),
        "square": square,
    }

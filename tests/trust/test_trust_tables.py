"""Criteria, control objectives and the cross-map as tables: counts, links, and what is refused."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from spoiling import copied, faults_in, spoilt

import soclib
from soclib.tables.rows import Row
from soclib.trust.tables import ASKS_FOR_MORE, RELATIONS, STRENGTHS, TRUST, _check_relation
from soclib.words import words_of

TRUST = soclib.load_catalog().part(TRUST)
SERIES = {
    "CC1": 5,
    "CC2": 3,
    "CC3": 4,
    "CC4": 2,
    "CC5": 3,
    "CC6": 8,
    "CC7": 5,
    "CC8": 1,
    "CC9": 2,
    "A1": 3,
    "C1": 2,
    "PI1": 5,
    "P1": 1,
    "P2": 1,
    "P3": 2,
    "P4": 3,
    "P5": 2,
    "P6": 7,
    "P7": 1,
    "P8": 1,
}
CATEGORIES = {
    "security": 33,
    "availability": 3,
    "processing_integrity": 5,
    "confidentiality": 2,
    "privacy": 18,
}
THEMES = {"organizational": 37, "people": 8, "physical": 14, "technological": 34}
# Ids that public lists carry and the criteria do not.
STRANGERS = ("CC2.4", "CC5.4", "CC5.5", "CC6.9", "CC8.2", "A1.4", "C1.3", "C1.4", "P1.2", "P1.0")
ANNEX_A = "control"


# --- counts --------------------------------------------------------------------------------------


def test_there_are_61_criteria_and_each_series_has_its_own():
    assert len(TRUST.criteria) == 61
    assert Counter(one.series_id for one in TRUST.criteria.values()) == SERIES
    assert list(TRUST.series) == list(SERIES)


def test_every_category_has_its_criteria():
    assert Counter(one.category_id for one in TRUST.criteria.values()) == CATEGORIES


def test_an_id_counts_on_from_its_series():
    for series_id, count in SERIES.items():
        ids = [key for key, one in TRUST.criteria.items() if one.series_id == series_id]
        assert ids == [f"{series_id}.{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("tsc_id", STRANGERS)
def test_ids_that_only_public_lists_carry_are_unknown(tsc_id):
    assert tsc_id not in TRUST.criteria


def test_each_coso_principle_stands_once_and_in_the_first_five_series():
    carried = {key: one.coso_principle for key, one in TRUST.criteria.items() if one.coso_principle}
    assert sorted(carried.values()) == list(range(1, 18))
    assert {TRUST.criteria[key].series_id for key in carried} == {f"CC{n}" for n in range(1, 6)}


def test_the_coso_principles_stand_in_the_series_of_their_component():
    components = {"CC1": (1, 5), "CC2": (13, 15), "CC3": (6, 9), "CC4": (16, 17), "CC5": (10, 12)}
    for series_id, (first, last) in components.items():
        rows = [one for one in TRUST.criteria.values() if one.series_id == series_id]
        assert [one.coso_principle for one in rows] == list(range(first, last + 1))


def test_annex_a_has_93_controls_and_its_themes_have_theirs():
    controls = [one for one in TRUST.iso.values() if one.kind == ANNEX_A]
    assert len(controls) == 93
    assert Counter(one.theme for one in controls) == THEMES
    for prefix, count in zip(("A.5", "A.6", "A.7", "A.8"), THEMES.values(), strict=True):
        ids = [one.iso_id for one in controls if one.iso_id.startswith(f"{prefix}.")]
        assert ids == [f"{prefix}.{number}" for number in range(1, count + 1)]


def test_every_clause_from_four_to_ten_is_there():
    clauses = [one.iso_id for one in TRUST.iso.values() if one.kind != ANNEX_A]
    assert list(dict.fromkeys(key.split(".")[0] for key in clauses)) == [*list("456789"), "10"]


def test_every_service_has_its_objectives():
    counts = Counter(one.service_id for one in TRUST.objectives.values())
    assert set(counts) == set(TRUST.services)
    assert min(counts.values()) >= 6


# --- links ---------------------------------------------------------------------------------------


def test_every_basis_has_two_to_four_prompts_of_its_own():
    assert set(TRUST.prompts) == set(TRUST.bases)
    for basis_id, prompts in TRUST.prompts.items():
        ids = [f"{basis_id.replace('.', '_')}-{n}" for n in range(1, len(prompts) + 1)]
        assert [one.prompt_id for one in prompts] == ids
        assert 2 <= len(prompts) <= 4


def test_no_prompt_and_no_reason_stands_twice():
    prompts = [one.prompt for found in TRUST.prompts.values() for one in found]
    reasons = [one.reason for one in TRUST.pairs]
    assert not [text for text, count in Counter(prompts + reasons).items() if count > 1]


def test_pairs_are_neither_too_few_nor_too_many_and_relations_are_judged_one_by_one():
    relations = Counter(one.relation for one in TRUST.pairs)
    assert 150 <= len(TRUST.pairs) <= 250
    assert set(relations) == set(RELATIONS)
    assert max(relations.values()) < 0.8 * len(TRUST.pairs)
    assert {one.strength for one in TRUST.pairs} == set(STRENGTHS)


def test_every_objective_hangs_on_somebody_else_as_well():
    named = {key for one in TRUST.complementary.values() for key in one.hangs_on}
    assert set(TRUST.objectives) <= named


def test_every_requirement_has_a_pair_or_a_gap_and_never_both():
    paired = {key for one in TRUST.pairs for key in (one.tsc_id, one.iso_id)}
    assert paired | set(TRUST.gaps) == set(TRUST.criteria) | set(TRUST.iso)
    assert not paired & set(TRUST.gaps)


def test_every_word_and_rhythm_has_its_words_on_screen():
    wording = words_of(soclib.load_catalog(), "vendor")
    for relation in RELATIONS:
        assert f"trust_relation_{relation}" in wording
    for strength in STRENGTHS:
        assert f"trust_strength_{strength}" in wording


# --- what a pair may say -------------------------------------------------------------------------


def made_up(relation, strength, beyond_criterion, beyond_control):
    cells = {
        "relation": relation,
        "strength": strength,
        "beyond_criterion": "this" * beyond_criterion,
        "beyond_control": "that" * beyond_control,
    }
    return Row("crosswalk.csv", 2, cells)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_pair_is_sound_exactly_where_its_cells_go_with_its_relation(relation, strength):
    """Proved over all relations, strengths and ways to fill the two cells."""
    for beyond in product((False, True), repeat=2):
        fits = beyond == ASKS_FOR_MORE[relation]
        allowed = strength == "strong" if relation == "equal" else True
        if relation == "related":
            allowed = strength != "strong"
        faults = list(_check_relation(made_up(relation, strength, *beyond)))
        assert bool(faults) != (fits and allowed), (relation, strength, beyond)


def test_the_shipped_pairs_are_sound():
    for one in TRUST.pairs:
        beyond = (bool(one.beyond_criterion), bool(one.beyond_control))
        assert beyond == ASKS_FOR_MORE[one.relation], (one.tsc_id, one.iso_id)


# --- what is refused -----------------------------------------------------------------------------

# Table, column, what is put there, what the error says. The rest stands in bad_data/cases.csv.
REFUSED = [
    ("trust_criteria", "tsc_id", "", "must not be blank"),
    ("trust_criteria", "category_id", "secrecy", "use one of"),
    ("trust_criteria", "coso_principle", "0", "1 to 17"),
    ("trust_criteria", "coso_principle", "two", "1 to 17"),
    ("trust_criteria", "gist", "", "must not be blank"),
    ("trust_criteria", "source_id", "nowhere", "nowhere"),
    ("control_objectives", "objective_id", "", "must not be blank"),
    ("control_objectives", "risk", "", "must not be blank"),
    ("control_prompts", "owner", "", "must not be blank"),
    ("control_prompts", "prompt", "", "must not be blank"),
    ("complementary_controls", "report_id", "soc4", "belongs to"),
    ("complementary_controls", "cadence_id", "hourly", "use one of"),
    ("crosswalk", "iso_id", "A.8.35", "use an id of iso_requirements.csv"),
    ("crosswalk", "strength", "80", "use one of"),
    ("crosswalk", "status", "sure", "use one of"),
    ("crosswalk", "reason", "", "must not be blank"),
    ("crosswalk_gaps", "why", "", "must not be blank"),
    ("crosswalk_gaps", "look_instead", "", "must not be blank"),
]


@pytest.mark.parametrize(("table", "column", "value", "says"), REFUSED)
def test_a_spoilt_cell_is_refused_with_its_place(table, column, value, says):
    found = faults_in(table, spoilt(table, 2, **{column: value}))
    named = [fault for fault in found if fault[:3] == (f"{table}.csv", 2, column)]
    assert any(says in fault.remedy for fault in named), named


def test_a_pair_that_is_there_twice_is_refused():
    tables = copied()
    tables["crosswalk"].append(tables["crosswalk"][0])
    assert any(fault.file == "crosswalk.csv" for fault in faults_in("crosswalk", tables))


def test_a_criterion_without_prompts_is_refused():
    tables = copied()
    rows = tables["control_prompts"]
    rows[:] = [row for row in rows if row.cells["basis_id"] != "CC1.1"]
    assert "has 0 rows in control_prompts.csv" in str(faults_in("control_prompts", tables))


def test_a_requirement_that_nobody_speaks_of_is_refused():
    tables = copied()
    tables["crosswalk_gaps"].pop()
    assert "is in neither" in str(faults_in("crosswalk_gaps", tables))

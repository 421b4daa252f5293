"""The cross-map from both sides: nothing is lost or added when it is read the other way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

import soclib
from soclib import trust
from soclib.trust.pairs import (
    directed,
    directed_pairs,
    gists,
    heat_columns,
    heat_counts,
    pairs_of,
    remainders,
)
from soclib.trust.tables import (
    ISO,
    RELATIONS,
    SIDES,
    STRENGTHS,
    TRUST,
    TSC,
)
from soclib.words import words_of

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(TRUST)
OTHER = {TSC: ISO, ISO: TSC}
each_side = pytest.mark.parametrize("side", SIDES)


@pytest.mark.parametrize(
    ("relation", "mirrored"),
    [
        *(("equal", "equal"), ("subset", "superset"), ("superset", "subset")),
        *(("intersects", "intersects"), ("related", "related")),
    ],
)
def test_read_the_other_way_subset_and_superset_swap_and_so_does_what_lies_beyond(
    relation, mirrored
):
    pair = replace(
        TABLES.pairs[0], relation=relation, beyond_criterion="iso's", beyond_control="tsc's"
    )
    there, back = directed(pair, TSC), directed(pair, ISO)
    assert (there.relation, there.only_other, there.only_this) == (relation, "iso's", "tsc's")
    assert (back.relation, back.only_other, back.only_this) == (mirrored, "tsc's", "iso's")
    assert (back.this_id, back.other_id) == (there.other_id, there.this_id)


def test_every_relation_is_mirrored_into_one_that_is_known():
    for relation in RELATIONS:
        assert directed(replace(TABLES.pairs[0], relation=relation), ISO).relation in RELATIONS


@each_side
def test_every_pair_is_read_once_from_each_side(side):
    found = Counter((one.this_id, one.other_id) for one in directed_pairs(TABLES, side))
    ids = [(p.tsc_id, p.iso_id) if side == TSC else (p.iso_id, p.tsc_id) for p in TABLES.pairs]
    assert found == Counter(ids)
    assert set(found.values()) == {1}


@each_side
def test_both_sides_say_the_same_of_a_pair(side):
    back = {(one.other_id, one.this_id): one for one in directed_pairs(TABLES, OTHER[side])}
    for one in directed_pairs(TABLES, side):
        other = back[one.this_id, one.other_id]
        assert (one.strength, one.reason, one.status) == (
            *(other.strength, other.reason, other.status),
        )
        assert (one.only_this, one.only_other) == (other.only_other, other.only_this)


@each_side
def test_the_pairs_of_a_requirement_are_its_own_the_strongest_first(side):
    for key in gists(TABLES, side):
        found = pairs_of(TABLES, side, key)
        places = [STRENGTHS.index(one.strength) for one in found]
        assert {one.this_id for one in found} <= {key}
        assert places == sorted(places)
    total = sum(len(pairs_of(TABLES, side, key)) for key in gists(TABLES, side))
    assert total == len(TABLES.pairs)


# --- what is left over ---------------------------------------------------------------------------


@each_side
def test_what_is_left_over_is_one_of_three_kinds_and_a_covered_requirement_leaves_nothing(side):
    """Proved for every requirement of both sides."""
    left = remainders(TABLES, side)
    for key in gists(TABLES, side):
        relations = {one.relation for one in pairs_of(TABLES, side, key)}
        kinds = {one.kind for one in left if one.requirement_id == key}
        if not relations:
            assert kinds == {"whole"}
        elif relations & {"equal", "subset"}:
            assert not kinds
        else:
            assert kinds == ({"related"} if relations == {"related"} else {"part"})


@each_side
def test_everything_that_is_left_over_is_said_in_words(side):
    assert all(one.text for one in remainders(TABLES, side))
    whole = [one for one in remainders(TABLES, side) if one.kind == "whole"]
    assert {one.requirement_id for one in whole} == {
        gap.requirement_id for gap in TABLES.gaps.values() if gap.side == side
    }
    assert all(one.look_instead for one in whole)


# --- counts --------------------------------------------------------------------------------------


def test_the_columns_are_the_themes_of_annex_a_and_the_clauses():
    found = [one.column_id for one in heat_columns(TABLES)]
    assert found == ["A.5", "A.6", "A.7", "A.8", "4", "5", "6", "7", "8", "9", "10"]


def test_the_matrix_counts_every_pair_once():
    counts = heat_counts(TABLES)
    assert len(counts) == len(TABLES.series) * len(heat_columns(TABLES))
    by_strength = [sum(count[at] for count in counts.values()) for at in range(len(STRENGTHS))]
    wanted = Counter(one.strength for one in TABLES.pairs)
    assert by_strength == [wanted[strength] for strength in STRENGTHS]


def test_a_cell_of_the_matrix_is_the_table_counted_again():
    table = trust.crosswalk()
    mine = table.reset_index()
    mine = mine[mine["this_id"].str.startswith("CC6.") & mine["other_id"].str.startswith("A.8.")]
    wanted = tuple(int((mine["strength"] == strength).sum()) for strength in STRENGTHS)
    assert heat_counts(TABLES)["CC6", "A.8"] == wanted


# --- tables --------------------------------------------------------------------------------------


def test_the_map_is_read_from_the_side_that_is_named():
    assert set(trust.crosswalk("A1.3").reset_index()["this_id"]) == {"A1.3"}
    back = trust.crosswalk(iso="A.8.13").reset_index()
    assert set(back["this_id"]) == {"A.8.13"}
    assert set(back["side"]) == {ISO}
    assert len(trust.crosswalk("A1.3", "A.8.13")) == 1


def test_a_search_with_a_dotted_id_finds_just_that_requirement():
    found = trust.crosswalk(search="A.8.13").reset_index()
    assert len(found)
    assert set(found["other_id"]) == {"A.8.13"}


@pytest.mark.parametrize("side", SIDES)
def test_the_table_of_gaps_has_every_row(side):
    assert len(trust.gaps(side)) == len(remainders(TABLES, side))


def test_nothing_on_screen_is_a_percentage():
    sheets = [trust.heat_map(), trust.criterion("CC6.1"), trust.requirement("A.8.13")]
    assert not [sheet for sheet in sheets if "%" in sheet.text or "per cent" in sheet.text]
    said = words_of(CATALOG, "vendor")["trust_overlap_note"]
    assert all(said in sheet.text for sheet in sheets)

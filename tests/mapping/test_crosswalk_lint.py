"""A cross-map is judged by its ids, its words and its other direction, in any of three forms."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import yaml
from copied_tables import shipped
from counting import steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import soclib
from soclib import mapping
from soclib.__main__ import main
from soclib.mapping.ids import meaning, read_id
from soclib.mapping.reading import LARGEST, read_mapping
from soclib.mapping.records import RELATION_SPELLINGS, relation_of
from soclib.mapping.report import LintReport
from soclib.mapping.tables import LIMITED, LINT, NEEDED_LINT
from soclib.trust.tables import ISO, TRUST, TSC

BAD = Path(__file__).parent / "bad_mappings"
OWN = shipped("crosswalk")
CHECKS = soclib.load_catalog().part(LINT)
TRUST = soclib.load_catalog().part(TRUST)
FLIPPED = {"subset": "superset", "superset": "subset"}
FURTHER = ("relation", "strength", "reason")
WHOLE = ("not_mapped",)  # said of a small example whatever else it shows
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


EXPECTED = read(BAD / "expected.csv")
FILES = sorted({case["file"] for case in EXPECTED})
ROWS = [{name: row[name] for name in ("tsc_id", "iso_id", *FURTHER)} for row in read(OWN)]


def table(folder, rows, name="map.csv"):
    """Write rows as a CSV table, its columns those of the first row, and return its path."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))  # ends lines so that a lone \r is quoted
        writer.writeheader()
        writer.writerows(rows)
    return path


def ids_of(report, *leave_out):
    return sorted(one.check_id for one in report.findings if one.check_id not in leave_out)


def said(path):
    """Return what a file says of each pair, whatever its form."""
    links = read_mapping(path, TRUST).links
    return {(one.tsc_id, one.iso_id): (one.relation, one.reason, one.grade) for one in links}


def refusal(path, gaps=None):
    with pytest.raises(soclib.mapping.MappingError) as caught:
        mapping.lint(path, gaps)
    return str(caught.value)


# --- our own map ----------------------------------------------------------------------------------


def test_our_own_map_has_nothing_to_mend():
    report = mapping.lint(OWN)
    assert report.ok, str(report)
    assert report.pairs == len(ROWS)


def test_our_own_map_passes_over_nothing_and_that_is_said_in_counts():
    report = mapping.lint(OWN)
    assert [one.total for one in report.coverage] == [61, 93, 25]
    assert all(one.paired + one.gaps == one.total for one in report.coverage)
    assert "%" not in str(report)


def test_without_its_gaps_our_own_map_passes_over_just_these(tmp_path):
    report = mapping.lint(shutil.copy(OWN, tmp_path))
    gaps = {one.requirement_id for one in TRUST.gaps.values() if one.side == TSC}
    assert {one.value for one in report.findings} == gaps
    assert set(ids_of(report)) == {"not_mapped"}


def test_gaps_can_stand_in_another_file(tmp_path):
    path = shutil.copy(OWN, tmp_path / "other.csv")
    assert mapping.lint(path, OWN.with_name("crosswalk_gaps.csv")).ok


# --- examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_an_example_shows_these_findings_and_no_others(name):
    fields = ("row", "column", "value", "check_id", "wrong")
    found = [
        tuple(getattr(one, field) for field in fields)
        for one in mapping.lint(BAD / name).findings
        if one.check_id not in WHOLE
    ]
    expected = [
        tuple(case[field] for field in ("row", "column", "value", "check_id", "says"))
        for case in EXPECTED
        if case["file"] == name
    ]
    assert found == expected


def test_every_file_of_examples_is_expected_to_show_something():
    assert FILES
    others = {"expected.csv", "gaps_gaps.csv"}
    assert {path.name for path in BAD.iterdir()} == {*FILES, *others}


def test_every_check_has_an_example():
    generated = {*WHOLE, "many_requirements", "many_criteria"}
    assert {case["check_id"] for case in EXPECTED} | generated == set(CHECKS)
    assert set(CHECKS) == set(NEEDED_LINT)


@pytest.mark.parametrize("name", FILES)
def test_every_finding_has_all_its_words_filled_in(name):
    for one in mapping.lint(BAD / name).findings:
        assert "{" not in one.wrong + one.remedy
        assert one.severity == CHECKS[one.check_id].severity


# --- ids ------------------------------------------------------------------------------------------

SPELLINGS = {
    TSC: ("{}", "{} ", "soc2-{}", "urn:example:risk:req_node:soc2-2017-rev-2022:{}", "TSC {}"),
    ISO: ("{}", " {}", "urn:example:risk:req_node:iso27001-2022:{}", "ISO27001:{}"),
}


@pytest.mark.parametrize("side", [TSC, ISO])
def test_every_id_means_itself_however_it_is_spelt(side):
    known = TRUST.criteria if side == TSC else TRUST.iso
    for one, form, dot in product(known, SPELLINGS[side], ".-_ "):
        for text in (one, one.lower()):
            spelt = form.format(text.replace(".", dot))
            assert meaning(read_id(spelt, side), side, TRUST) == (one, "", ""), spelt


def test_hyphens_may_stand_before_the_number_of_a_criterion():
    for one in TRUST.criteria:
        letters = one.rstrip("0123456789.")
        assert read_id(one.replace(letters, f"{letters.lower()}-", 1), TSC) == one


def test_the_number_after_the_last_of_every_series_and_theme_is_beyond_it():
    for side, known, check_id in (
        (TSC, TRUST.criteria, "beyond_series"),
        (ISO, [one for one in TRUST.iso if one.startswith("A.")], "beyond_theme"),
    ):
        last = {one.rpartition(".")[0]: one for one in known}
        for head, one in last.items():
            beyond = f"{head}.{int(one.rpartition('.')[2]) + 1}"
            assert meaning(beyond, side, TRUST) == ("", check_id, one)


def test_every_pp_is_a_slip_for_pi():
    for one in TRUST.criteria:
        if one.startswith("PI"):
            wrong = one.replace("PI", "PP")
            assert meaning(wrong, TSC, TRUST) == ("", "wrong_prefix", one)


def test_every_control_number_of_2013_is_told_as_such_and_none_of_2022_is():
    for theme, group, control in product(range(5, 19), range(1, 10), range(1, 10)):
        found = meaning(f"A.{theme}.{group}.{control}", ISO, TRUST)
        assert found == ("", "edition_2013", "")
    assert all(not meaning(one, ISO, TRUST).check_id for one in TRUST.iso)


@given(st.text(max_size=40), st.sampled_from([TSC, ISO]))
def test_no_text_is_taken_for_an_id_that_does_not_exist(text, side):
    read_as = meaning(read_id(text, side), side, TRUST)
    assert read_as.known_id in ("", *TRUST.criteria, *TRUST.iso)
    assert bool(read_as.known_id) or read_as.check_id in CHECKS


# --- three forms, both directions -----------------------------------------------------------------

OUT_OF_TEN = {"strong": 10, "partial": 5, "weak": 2}
OSCAL_WORDS = {
    "equal": "equal-to",
    "subset": "subset-of",
    "superset": "superset-of",
    "intersects": "intersects-with",
    "related": "related",
}


def oscal(rows, *, backward=False):
    """Return a mapping collection of rows, from the criteria or towards them."""
    ends = ("targets", "sources") if backward else ("sources", "targets")
    maps = []
    for row in rows:
        relation = FLIPPED.get(row["relation"], row["relation"]) if backward else row["relation"]
        maps.append(
            {
                "relationship": OSCAL_WORDS[relation],
                ends[0]: [{"type": "control", "id-ref": row["tsc_id"].lower()}],
                ends[1]: [{"type": "control", "id-ref": row["iso_id"].lower()}],
                "props": [{"name": "strength", "value": row["strength"]}],
                "remarks": row["reason"],
            }
        )
    return {"mapping-collection": {"mappings": [{"maps": maps}]}}


def library(rows, *, backward=False):
    """Return a CISO Assistant library of rows, from the criteria or towards them."""
    names = ["soc2-2017-rev-2022", "iso27001-2022"][:: -1 if backward else 1]
    ends = ["source", "target"][:: -1 if backward else 1]
    maps = []
    for row in rows:
        relation = FLIPPED.get(row["relation"], row["relation"]) if backward else row["relation"]
        maps.append(
            {
                f"{ends[0]}_requirement_urn": f"urn:x:risk:req_node:soc2:{row['tsc_id'].lower()}",
                f"{ends[1]}_requirement_urn": f"urn:x:risk:req_node:iso:{row['iso_id'].lower()}",
                "relationship": relation.replace("intersects", "intersect"),
                "strength_of_relationship": OUT_OF_TEN[row["strength"]],
                "annotation": row["reason"],
            }
        )
    sets = [
        {
            "source_framework_urn": f"urn:x:risk:framework:{names[0]}",
            "target_framework_urn": f"urn:x:risk:framework:{names[1]}",
            "requirement_mappings": maps,
        }
    ]
    return {"objects": {"requirement_mapping_sets": sets}}


def saved(folder, tree, name):
    path = folder / name
    text = json.dumps(tree) if name.endswith(".json") else yaml.safe_dump(tree, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("made", [oscal, library])
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_our_map_says_the_same_in_every_form_and_direction(tmp_path, made, suffix, backward):
    path = saved(tmp_path, made(ROWS, backward=backward), f"map.{suffix}")
    assert said(path) == said(OWN)
    assert mapping.lint(path, OWN.with_name("crosswalk_gaps.csv")).ok


@pytest.mark.parametrize(
    "spelling", [word for known in RELATION_SPELLINGS.values() for word in known]
)
def test_a_relation_is_read_however_it_is_spelt(spelling):
    relation = relation_of(spelling, "tsc-iso")
    assert relation in RELATION_SPELLINGS
    assert relation_of(f" {spelling[:1].upper()}{spelling[1:]}. ", "tsc-iso") == relation
    back = relation_of(spelling, "iso-tsc")
    assert back == FLIPPED.get(relation, relation)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Subset-Of", "subset"),
        ("is a superset of", "superset"),
        ("INTERSECTS_WITH", "intersects"),
        ("not_related", "none"),
        ("No Relationship", "none"),
        ("equivalent to", "equal"),
        ("", ""),
        ("supports", "?"),
    ],
)
def test_these_spellings_are_read_so(text, relation):
    assert relation_of(text, "tsc-iso") == relation


def both_ways(rows):
    """Return rows in both directions, read from where each starts."""
    back = [
        {
            **row,
            "relation": FLIPPED.get(row["relation"], row["relation"]),
            "direction": "iso to tsc",
        }
        for row in rows
    ]
    return [*({**row, "direction": "tsc to iso"} for row in rows), *back]


def test_mirror_images_agree(tmp_path):
    assert ids_of(mapping.lint(table(tmp_path, both_ways(ROWS))), *WHOLE) == []


@quick
@given(st.integers(0, len(ROWS) - 1), st.sampled_from(["equal", "subset", "superset", "none"]))
def test_a_mirror_image_that_is_none_is_found_and_nothing_else(tmp_path, at, relation):
    rows = both_ways(ROWS)
    rows[len(ROWS) + at]["relation"] = relation
    report = mapping.lint(table(tmp_path, rows))
    agrees = relation == FLIPPED.get(ROWS[at]["relation"], ROWS[at]["relation"])
    found = ids_of(report, *WHOLE, "equal_not_strong", "unrelated_but_strong", "one_relation")
    assert found == ([] if agrees else ["asymmetric"])


@quick
@given(st.integers(0, 2 * len(ROWS) - 1))
def test_a_pair_that_is_missing_on_the_way_back_is_found_and_nothing_else(tmp_path, at):
    rows = both_ways(ROWS)
    del rows[at]
    assert ids_of(mapping.lint(table(tmp_path, rows)), *WHOLE) == ["one_way"]


@quick
@given(st.integers(0, len(ROWS) - 1), st.integers(0, len(ROWS)))
def test_a_row_that_is_copied_is_a_duplicate_wherever_it_stands(tmp_path, at, to):
    rows = [*ROWS]
    rows.insert(to, ROWS[at])
    assert ids_of(mapping.lint(table(tmp_path, rows)), *WHOLE) == ["duplicate"]


@quick
@given(st.permutations(ROWS))
def test_the_order_of_rows_does_not_matter(tmp_path, rows):
    assert ids_of(mapping.lint(table(tmp_path, rows)), *WHOLE) == []


# --- the whole ------------------------------------------------------------------------------------


def test_a_criterion_and_a_requirement_may_have_many_pairs_but_not_any_number(tmp_path):
    most = {name: CHECKS[name].limit for name in ("many_requirements", "many_criteria")}
    wide = [("CC6.1", one) for one in list(TRUST.iso)[: most["many_requirements"]]]
    deep = [(one, "A.8.34") for one in list(TRUST.criteria)[: most["many_criteria"]]]
    for pairs, check_id in ((wide, "many_requirements"), (deep, "many_criteria")):
        for rows, found in ((pairs, [check_id]), (pairs[1:], [])):
            cells = [{"tsc_id": tsc, "iso_id": iso} for tsc, iso in rows]
            report = mapping.lint(table(tmp_path, cells))
            silent = ("no_relation", "no_reason", "no_strength")
            assert ids_of(report, *WHOLE, *silent) == found


def test_only_the_two_ids_are_needed_and_what_the_others_lack_is_said_once(tmp_path):
    rows = [{"tsc_id": row["tsc_id"], "iso_id": row["iso_id"]} for row in ROWS]
    report = mapping.lint(table(tmp_path, rows))
    assert ids_of(report, *WHOLE) == ["no_reason", "no_relation", "no_strength"]


@pytest.mark.parametrize("check_id", LIMITED)
def test_the_number_from_which_a_check_speaks_up_is_data(tmp_path, check_id):
    # A number that is out of reach silences the check; a strength that nothing reaches sets it off.
    out_of_reach = 999
    catalog = soclib.load_catalog()
    check = replace(CHECKS[check_id], limit=out_of_reach)
    other = catalog.with_part(LINT, {**CHECKS, check_id: check})
    names = [*FILES]
    cells = [{"tsc_id": "CC6.1", "iso_id": one} for one in TRUST.iso]
    cells += [{"tsc_id": one, "iso_id": "A.8.34"} for one in TRUST.criteria]
    paths = [*(BAD / name for name in names), table(tmp_path, cells)]
    changed = [mapping.lint(path, catalog=other) for path in paths]
    shipped = [mapping.lint(path) for path in paths]
    count = [
        sum(ids_of(report).count(check_id) for report in reports) for reports in (shipped, changed)
    ]
    assert count[0] > 0
    assert count[1] > count[0] if check_id == "equal_not_strong" else count[1] == 0


def test_a_map_of_groups_keeps_every_pair():
    links = read_mapping(BAD / "collection.json", TRUST).links
    grouped = {(one.tsc_id, one.iso_id) for one in links if one.group > 1}
    assert grouped == set(product(("CC6.2", "CC6.3"), ("A.5.16", "A.5.18.SMT.A")))


def test_points_of_focus_count_for_their_criterion_once(tmp_path):
    cells = [{"tsc_id": f"CC6.1.{number}", "iso_id": "A.5.15"} for number in range(1, 6)]
    report = mapping.lint(table(tmp_path, cells))
    assert report.coverage[0].paired == 1
    assert "duplicate" not in ids_of(report)


# --- what comes out -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_text_json_and_csv_tell_of_the_same_findings(name, capsys):
    path = str(BAD / name)
    report = mapping.lint(path)
    counts = Counter(one.check_id for one in report.findings)
    assert main(["lint-crosswalk", path]) == 1
    text = capsys.readouterr().out
    for check_id, count in counts.items():
        assert f"{CHECKS[check_id].title} ({count})" in text
    assert main(["lint-crosswalk", path, "--json"]) == 1
    tree = json.loads(capsys.readouterr().out)
    assert Counter(one["check_id"] for one in tree["findings"]) == counts
    assert main(["lint-crosswalk", path, "--csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert Counter(row["check_id"] for row in rows) == counts
    assert list(rows[0]) == [
        *("file", "row", "column", "value", "wrong", "remedy", "severity", "check_id"),
    ]


def test_the_command_ends_with_0_1_or_2(tmp_path, capsys):
    assert main(["lint-crosswalk", str(OWN)]) == 0
    assert "Nothing to mend" in capsys.readouterr().out
    assert main(["lint-crosswalk", str(BAD / "twice.csv")]) == 1
    assert capsys.readouterr().err == ""
    assert main(["lint-crosswalk", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_errors_stand_before_warnings():
    report = mapping.lint(BAD / "criteria.csv")
    lines = str(report).splitlines()
    heads = [line.partition(" ")[0] for line in lines if line.startswith(("ERROR", "warning"))]
    assert heads == sorted(heads)
    assert {"ERROR", "warning"} == set(heads)


def test_a_long_list_is_cut_in_the_text_and_whole_in_json(tmp_path):
    cells = [{"tsc_id": f"CC8.{number}", "iso_id": "A.8.32"} for number in range(2, 60)]
    report = mapping.lint(table(tmp_path, cells))
    assert "and 48 more" in str(report)
    assert sum(one["check_id"] == "beyond_series" for one in report.to_dict()["findings"]) == 58


def test_ids_in_a_row_are_named_as_a_range():
    text = str(mapping.lint(BAD / "one_word.csv"))
    assert "51 are neither" not in text.splitlines()[1]
    assert "CC1.1 to CC1.5, CC2.1 to CC2.3" in text.splitlines()[1]


def test_no_cell_of_the_csv_is_a_formula_and_no_sign_reaches_the_terminal_raw(tmp_path):
    cells = [{"tsc_id": "=1+1\x1b[31m", "iso_id": "@SUM(A1)\u202e"}]
    report = mapping.lint(table(tmp_path, cells))
    for row in csv.reader(io.StringIO(report.to_csv(), newline="")):
        assert not any(cell.startswith(("=", "@", "+", "-")) for cell in row)
    for text in (str(report), report.to_csv()):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_half_a_surrogate_pair_can_be_printed(tmp_path):
    path = tmp_path / "map.json"
    tree = oscal(ROWS)
    tree["mapping-collection"]["mappings"][0]["maps"][0]["sources"][0]["id-ref"] = "cc6.1\ud800"
    path.write_text(json.dumps(tree), encoding="utf-8")
    report = mapping.lint(path)
    (str(report) + report.to_csv() + json.dumps(report.to_dict())).encode()


# --- what cannot be read --------------------------------------------------------------------------


def bomb(levels=12, wide=9):
    """Return a YAML text that aliases make grow to a huge list of lists."""
    lines = ["a0: &a0 [x]"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * wide)
        lines.append(f"a{level}: &a{level} [{aliases}]")
    return "\n".join(lines)


def merge_bomb(levels=20):
    lines = ["a0: &a0 {x: y}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, levels)]
    return "\n".join(lines)


VALID = {
    "map.csv": OWN.read_text(encoding="utf-8")[:3000].rpartition("\n")[0] + "\n",
    "map.json": json.dumps(oscal(ROWS[:9])),
    "map.yaml": yaml.safe_dump(library(ROWS[:9])),
}
REFUSED = {
    "empty": ("map.csv", b"", "is empty"),
    "blank": ("map.yaml", b" \n\n", "is empty"),
    "only columns": ("map.csv", b"tsc_id,iso_id\n", "empty"),
    "no columns: both are missing": ("map.csv", b"a,b\n1,2\n", "tsc_id"),
    "a column twice": ("map.csv", b"tsc_id,TSC ID,iso_id\nCC6.1,CC6.1,A.5.1\n", "stands twice"),
    "no columns: another separator": ("map.csv", b"tsc_id;iso_id\nCC6.1;A.5.1\n", "commas"),
    "unclosed quote": ("map.csv", b'tsc_id,iso_id\n"CC6.1,A.5.1\n', "quotes"),
    "too many cells": ("map.csv", b"tsc_id,iso_id\nCC6.1,A.5.1,x\n", "more cells"),
    "not UTF-8": ("map.csv", "tsc_id,iso_id\nCC6.1,é\n".encode("latin-1"), "UTF-8"),
    "UTF-16": ("map.json", json.dumps(oscal(ROWS)).encode("utf-16"), "UTF-8"),
    "NUL bytes": ("map.csv", b"tsc_id,iso_id\nCC6.1,A.5\x00.1\n", "NUL"),
    "NUL bytes in JSON": ("map.json", b'{"mapping-collection": "\x00"}', "NUL"),
    "truncated JSON": ("map.json", json.dumps(oscal(ROWS)).encode()[:500], "no JSON"),
    "a list as root": ("map.json", b"[1, 2]", "holds no object"),
    "a number as root": ("map.json", b"7", "holds no object"),
    "null as root": ("map.yaml", b"~", "holds no object"),
    "another root": ("map.json", b'{"catalog": {}}', "mapping-collection"),
    "empty root": ("map.json", b"{}", "nothing"),
    "root of another kind": ("map.json", b'{"mapping-collection": [1]}', "an object is needed"),
    "maps of another kind": (
        "map.json",
        b'{"mapping-collection": {"mappings": [{"maps": ["x"]}]}}',
        "mappings[0].maps[0] is 'x'",
    ),
    "a library of a framework": ("map.yaml", b"objects: {framework: {}}", "requirement_mapping"),
    "no set": ("map.json", b'{"mapping-collection": {}}', "maps no trust services criteria"),
    "other frameworks": (
        "map.json",
        json.dumps(oscal([{**ROWS[0], "tsc_id": "ac-1", "iso_id": "pr.ac-1"}])).encode(),
        "maps no trust services criteria",
    ),
    "a key twice": ("map.json", b'{"objects": {}, "objects": {}}', "appears twice"),
    "a YAML key twice": ("map.yaml", b"objects: 1\nobjects: 2\n", "appears twice"),
    "deep JSON": ("map.json", b"[" * 200_000, "nested too deep"),
    "deep JSON objects": ("map.json", b'{"a":' * 200_000, "nested too deep"),
    "deep YAML": ("map.yaml", b"[" * 5_000, "nested too deep"),
    "deep YAML blocks": (
        "map.yaml",
        "\n".join(" " * n + "a:" for n in range(500)).encode(),
        "nested too deep",
    ),
    "a huge number": ("map.json", b'{"objects": ' + b"9" * 10_000 + b"}", "no JSON"),
    "no YAML": ("map.yaml", b"objects: [1, 2", "no YAML"),
    "two YAML documents": ("map.yaml", b"a: 1\n---\nb: 2\n", "no YAML"),
    "control signs": ("map.yaml", b"objects: \x01", "no YAML"),
    "an alias bomb": ("map.yaml", bomb().encode(), "aliases"),
    "a merge bomb": ("map.yaml", merge_bomb().encode(), "aliases"),
    "an endless alias": ("map.yaml", b"objects: &a [*a]", "aliases"),
    "an endless alias of a name that was used before": (
        "map.yaml",
        b"x: &a [1]\nobjects: &a [*a]",
        "alias",
    ),
    "an unknown alias": ("map.yaml", b"objects: *a", "alias"),
    "unknown suffix": ("map.txt", b"tsc_id,iso_id\nCC6.1,A.5.1\n", ".csv, .json, .yaml, .yml"),
    "no suffix": ("map", b"tsc_id,iso_id\n", "unknown suffix"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_gives_one_clear_sentence_at_once(tmp_path, name):
    file, content, says = REFUSED[name]
    path = tmp_path / file
    path.write_bytes(content)
    message = refusal(path)
    assert steps(lambda: refusal(path)) < 20_000  # a bomb that went off would take millions
    assert says in message
    assert message.startswith(file)
    assert len(message.splitlines()) == (2 if "no columns" in name else 1)
    assert len(message) < 500


@pytest.mark.parametrize("suffix", LARGEST)
def test_fifty_megabytes_are_refused_without_being_read(tmp_path, suffix):
    path = tmp_path / f"map{suffix}"
    with path.open("wb") as handle:
        handle.write(b"tsc_id,iso_id\n")
        handle.truncate(50_000_000)
    assert f"is larger than {LARGEST[suffix]} MB" in refusal(path)


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    (tmp_path / "map.csv").mkdir()
    assert refusal(tmp_path / "map.csv").startswith("map.csv")
    assert refusal(tmp_path / "none.json").startswith("none.json")


def test_a_table_that_is_ragged_throughout_names_its_first_rows(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("tsc_id,iso_id\n" + "CC6.1,A.5.15,x\n" * 5_000, encoding="utf-8")
    lines = refusal(path).splitlines()
    assert len(lines) == 21
    assert "and 4980 more faults" in lines[-1]


def test_a_table_of_gaps_that_cannot_be_read_is_named(tmp_path):
    gaps = tmp_path / "gaps.csv"
    gaps.write_text("side,requirement_id\nleft,CC6.1\n", encoding="utf-8")
    assert "gaps.csv line 2, column side: 'left'" in refusal(OWN, gaps)
    assert refusal(OWN, tmp_path / "none.csv").startswith("none.csv")


def test_groups_that_multiply_to_too_many_pairs_are_refused(tmp_path):
    ends = [{"type": "control", "id-ref": "cc6.1"}] * 2_000
    tree = oscal(ROWS[:1])
    (one,) = tree["mapping-collection"]["mappings"][0]["maps"]
    one |= {"sources": ends, "targets": [{"type": "control", "id-ref": "a.5.15"}] * 2_000}
    assert "more than 100,000 pairs" in refusal(saved(tmp_path, tree, "map.json"))


def test_more_rows_or_sets_than_any_map_has_are_refused_before_they_fill_the_memory(tmp_path):
    rows = tmp_path / "map.csv"
    rows.write_text("tsc_id,iso_id\n" + ",\n" * 5_000_000, encoding="utf-8")
    assert "more than 100,000 pairs" in refusal(rows)
    sets = tmp_path / "map.json"
    sets.write_text(f'{{"objects": {{"requirement_mapping_sets": [{"1," * 200_000}1]}}}}', "utf-8")
    assert "requirement_mapping_sets holds more than 100,000 objects" in refusal(sets)


def test_no_tag_of_a_yaml_file_makes_an_object(tmp_path):
    mark = tmp_path / "mark"
    path = tmp_path / "map.yaml"
    path.write_text(
        f"x: !!python/object/apply:pathlib.Path.touch [!!python/name:os.sep '', {mark}]\n"
        + VALID["map.yaml"],
        encoding="utf-8",
    )
    assert isinstance(mapping.lint(path), LintReport)
    assert not mark.exists()


def test_a_number_in_yaml_keeps_its_last_nought(tmp_path):
    tree = oscal([{**ROWS[0], "iso_id": "A.5.1"}])
    tree["mapping-collection"]["mappings"][0]["target-resource"] = {"href": "iso27001"}
    path = saved(tmp_path, tree, "map.yaml")
    path.write_text(path.read_text("utf-8").replace("id-ref: a.5.1", "id-ref: 5.10"), "utf-8")
    (found,) = read_mapping(path, TRUST).links
    assert found.iso_id == "5.10"


def test_maps_on_one_line_of_yaml_are_told_apart(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(json.dumps(oscal(ROWS[:3]).copy()), encoding="utf-8")
    report = mapping.lint(path)
    assert ids_of(report, *WHOLE) == []
    assert report.pairs == 3


def test_without_pyyaml_the_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    path = tmp_path / "map.yaml"
    path.write_text(VALID["map.yaml"], encoding="utf-8")
    assert 'pip install "soclib[mapping]"' in refusal(path)


# --- anything at all ------------------------------------------------------------------------------


def lints_or_refuses(path):
    """LintReport a file whose content is anything; what comes back, or is raised, can be shown."""
    try:
        found = mapping.lint(path)
    except soclib.mapping.MappingError as error:
        shown = str(error)
    else:
        shown = str(found) + found.to_csv() + json.dumps(found.to_dict())
    assert shown.startswith(path.name)
    shown.encode()


@quick
@given(st.sampled_from(list(VALID)), st.data())
def test_a_file_that_was_cut_or_spoilt_is_linted_or_refused(tmp_path, name, data):
    content = bytearray(VALID[name].encode())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        del content[at:]
    else:
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path = tmp_path / name
    path.write_bytes(bytes(content))
    lints_or_refuses(path)


@quick
@given(st.sampled_from(["map.csv", "map.json", "map.yaml"]), st.binary(max_size=300) | st.text())
def test_any_bytes_are_linted_or_refused(tmp_path, name, content):
    path = tmp_path / name
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    path.write_bytes(raw)
    lints_or_refuses(path)


KEYS = st.sampled_from(
    [
        *("mapping-collection", "mappings", "maps", "sources", "targets", "id-ref", "relationship"),
        *("props", "name", "value", "coverage", "remarks", "qualifiers", "source-resource", "href"),
        *(
            "source-gap-summary",
            "unmapped-controls",
            "with-ids",
            "back-matter",
            "resources",
            "uuid",
        ),
        *("objects", "requirement_mapping_sets", "requirement_mapping_set", "rlinks", "title"),
        *("requirement_mappings", "source_requirement_urn", "target_requirement_urn", "rationale"),
    ]
)
LEAVES = st.sampled_from(["cc6.1", "a.5.15", "A.9.2.1", "subset-of", "soc2", "iso27001", "#x", ""])
TREES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9) | LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


def graft(tree, data, other):
    """Return a tree with one of its branches, drawn at each fork, put in another's place."""
    if not tree or not isinstance(tree, dict | list) or data.draw(st.integers(0, 6)) == 0:
        return other
    key = data.draw(st.sampled_from(list(tree) if isinstance(tree, dict) else range(len(tree))))
    copy = tree.copy()
    copy[key] = graft(tree[key], data, other)
    return copy


@quick
@given(st.sampled_from([oscal, library]), st.sampled_from(["json", "yaml"]), st.data(), TREES)
def test_any_branch_may_be_anything(tmp_path, made, suffix, data, other):
    tree = graft(made(ROWS[:3]), data, other)
    if isinstance(tree, dict | list):
        lints_or_refuses(saved(tmp_path, tree, f"map.{suffix}"))


CELLS = st.sampled_from(
    ["CC6.1", "A.5.15", "PP1.1", "A.9.2.1", "", "none", "subset", "strong", "7", "0.5", "iso", "é,"]
)


@quick
@given(st.lists(st.lists(CELLS | st.text(max_size=5), min_size=6, max_size=6), min_size=1))
def test_any_cells_are_linted(tmp_path, rows):
    names = ("tsc_id", "iso_id", *FURTHER, "direction")
    cells = [dict(zip(names, (c.replace("\0", "") for c in row), strict=True)) for row in rows]
    assert isinstance(mapping.lint(table(tmp_path, cells)), LintReport)

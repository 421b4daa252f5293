"""The register of claims: ``python -m soclib sources``, as a shell or a CI job sees it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from copied_tables import copy_tables
from hypothesis import given
from hypothesis import strategies as st

import soclib
from soclib.__main__ import main
from soclib.claims import by_source
from soclib.claims.reviews import all_claims
from soclib.claims.tables import PARTLY, SUPERSEDED
from soclib.paper.saving import defused
from soclib.tables.rows import DRAFT

CATALOG = soclib.load_catalog()
CLAIMS = all_claims(CATALOG)
ON_THE_DAY = ["--today", "2026-11-25"]


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "data"
    copy_tables(copy)
    return copy


def change(folder, table, column, value):
    """Write one cell of the first row of a table."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    rows[1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def sources(capsys, *options):
    """Return the exit code and the output of the command."""
    code = main(["sources", *options])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def test_every_claim_is_listed_under_every_source(capsys):
    code, text = sources(capsys, *ON_THE_DAY)
    assert code == 0
    blocks = dict(part.split(":", 1) for part in text.split("\n\n") if ": " in part)
    for one in by_source(CATALOG, CLAIMS):
        block = blocks[one.source.source_id]
        assert f"{one.source.title} ({one.source.publisher}); {one.state}" in block
        assert f"claims: {len(one.claims)}" in block
        for claim in one.claims:
            line = f"  {claim.table}:{claim.line} {claim.key}; as of {claim.as_of}; review by "
            assert f"{line}{claim.review_by}; {claim.evidence}" in block


def test_what_rests_on_superseded_standards_is_told_and_is_no_failure(capsys):
    code, text = sources(capsys, *ON_THE_DAY)
    wholly, partly = text.split("Resting wholly")[1].split("Resting partly")
    for one in CLAIMS:
        name = f"\n  {one.table}:{one.line} {one.key}; "
        assert (name in wholly) == (one.rests_on == SUPERSEDED)
        assert (name in partly.split("\n\n")[0]) == (one.rests_on == PARTLY)
    assert "ssae-16 (replaced by ssae-18)" in wholly
    assert "ssae-18 (replaced in part by ssae-21)" in partly
    assert code == 0


def test_drafts_stand_apart(capsys):
    before, after = sources(capsys, *ON_THE_DAY)[1].split("Drafts, proposed and not in force: 5")
    for one in CLAIMS:
        line = f"\n  {one.table}:{one.line} {one.key}; "
        assert (line in after) == (one.rests_on == DRAFT)
        assert (line in before) == (one.rests_on != DRAFT)


@pytest.mark.parametrize("asked", [[], ["--csv"]])
def test_the_command_fails_when_a_claim_is_overdue_or_from_the_future(folder, capsys, asked):
    options = ["--data", str(folder), *ON_THE_DAY, *asked]
    assert sources(capsys, *options)[0] == 0
    change(folder, "groups", "as_of", "2020-01-31")
    code, text = sources(capsys, *options)
    assert code == 1
    assert "overdue" in text if asked else "set as_of: 1\n  groups:2 quick; as of" in text
    change(folder, "groups", "as_of", "2026-11-26")
    code, text = sources(capsys, *options)
    assert code == 1
    assert "ahead" in text if asked else "day of the check: 1\n  groups:2 quick; as of" in text


def test_the_command_fails_once_the_first_claim_is_due(capsys):
    first = min(one.review_by for one in CLAIMS)
    after = date.fromordinal(first.toordinal() + 1)
    assert sources(capsys, "--today", first.isoformat())[0] == 0
    code, text = sources(capsys, "--today", after.isoformat())
    assert code == 1
    late = [one for one in CLAIMS if one.review_by == first]
    assert f"set as_of: {len(late)}\n" in text


def test_the_default_day_is_todays(capsys):
    before = datetime.now().astimezone().date()
    text = sources(capsys)[1]
    assert f"Claims on {before}" in text or before < datetime.now().astimezone().date()


def test_one_source_can_be_asked_for(capsys):
    code, text = sources(capsys, *ON_THE_DAY, "--source", "firstsecure-soc1-use")
    assert code == 0
    assert "\n\nfirstsecure-soc1-use: " in text
    assert "soc1-soc2-compendium" not in text
    code, text = sources(capsys, *ON_THE_DAY, "--source", "joa-drafts-2026")
    assert "\n\njoa-drafts-2026: " in text.split("Drafts, proposed")[1]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--source", "at-c-32"], "did you mean 'at-c-320'"),
        (["--source", ""], "unknown source: ''"),
        (["--today", "25.11.2026"], "--today '25.11.2026' is no day"),
        (["--today", "2026-02-30"], "--today '2026-02-30' is no day"),
        (
            ["--data", "no/such/folder"],
            "there is no such folder of tables",
        ),
    ],
)
def test_bad_input_ends_with_two_and_one_clear_sentence(capsys, options, says):
    code, text = sources(capsys, *options)
    assert code == 2
    assert says in text


def test_the_csv_holds_the_same_rows(capsys):
    code, text = sources(capsys, *ON_THE_DAY, "--csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert code == 0
    assert [(row["source_id"], row["table"], int(row["line"])) for row in rows] == [
        (one.source.source_id, claim.table, claim.line)
        for is_draft in (False, True)
        for one in by_source(CATALOG, [c for c in CLAIMS if (c.rests_on == DRAFT) == is_draft])
        for claim in one.claims
    ]
    assert {row["finding"] for row in rows} == {""}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " =", "＝"])  # noqa: RUF001 - wide
def test_a_title_that_looks_like_a_formula_is_defused_in_csv(folder, capsys, sign):
    title = f"{sign}HYPERLINK(1)"
    change(folder, "sources", "title", title)
    _code, text = sources(capsys, "--data", str(folder), *ON_THE_DAY, "--csv")
    assert {row["title"] for row in csv.DictReader(io.StringIO(text))} >= {f"'{title}"}


@given(st.text())
def test_no_cell_of_the_csv_begins_like_a_formula(text):
    cell = defused(text)
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert cell.lstrip()[:1] not in tuple("=+-@＝＋－＠")  # noqa: RUF001 - the wide signs


def test_a_title_cannot_break_the_lines_of_the_register(folder, capsys):
    change(folder, "sources", "title", "One\ntwo {count} \x1b[31mred")
    _code, text = sources(capsys, "--data", str(folder), *ON_THE_DAY)
    assert "at-c-320: One two {count} [31mred (AICPA)" in text
    assert "\x1b" not in text


def test_a_carriage_return_in_a_text_breaks_no_row(tmp_path, capsys):
    folder = tmp_path / "data"
    copy_tables(folder)
    path = folder / "sources.csv"
    text = path.read_text(encoding="utf-8").replace("SOC FAQs", '"SOC\r=1+1"', 1)
    path.write_bytes(text.encode("utf-8"))
    main(["sources", "--csv", "--data", str(folder)])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert len({len(row) for row in rows if row}) == 1
    assert not any(cell.startswith("=") for row in rows for cell in row)

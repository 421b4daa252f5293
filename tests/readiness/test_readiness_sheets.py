"""A programme as .xlsx and .csv: nothing is lost, nothing runs, every problem is told."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import soclib
from soclib import readiness
from soclib.readiness.exchange import LARGEST, SHEETS, without_apostrophe
from soclib.readiness.items import COLUMNS, COMPLEMENTARY, CONTROL, NO_TEXT, Edit, tidy_text
from soclib.trust.tables import TRUST
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
CATEGORIES = [one.outcome_id for one in CATALOG.part(VERDICT).of_kind("category")]
EVIL = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "''=1",
    "\tx",
    "=cmd|' /C calc'!A0",
    "_x0041_",
    "'tis",
]


def clock():
    return datetime(2026, 7, 15, 12, tzinfo=UTC)


def copy_of(place, folder):
    return readiness.open_programme(shutil.copy(place, folder), who="Ana", clock=clock)


@pytest.fixture(scope="module")
def whole_place(new_programme, tmp_path_factory):
    """Return the place of a programme with something of every kind."""
    made = new_programme(
        tmp_path_factory.mktemp("whole") / "whole.sqlite",
        categories=["availability"],
        services=["payroll"],
        period=("2026-01-01", "2026-12-31"),
        who="Ana",
        clock=clock,
    )
    made.add("subservice", "host", name="Host & Sons", method="carve_out", report_type="type_2")
    made.set(
        CONTROL, "CC6_1-1", control="=1+1", owner="'=x", note="two\nlines", status_id="designed"
    )
    made.add(
        "evidence", control_id="CC6_1-1", place="https://example.org/a?b=1&c", dated="2026-02-01"
    )
    made.store.engine.dispose()
    return made.store.place


@pytest.fixture(scope="module")
def small_places(whole_place, tmp_path_factory):
    """Return the places of a programme with a few of those rows, and of its workbook."""
    folder = tmp_path_factory.mktemp("small")
    small = copy_of(whole_place, folder / "p.sqlite")
    controls = [i for i in small.items(CONTROL) if not i.startswith("CC6_1-")]
    others = list(small.items(COMPLEMENTARY))[5:]
    remove(small, CONTROL, controls)
    remove(small, COMPLEMENTARY, others)
    small.store.engine.dispose()
    return small.store.place, readiness.save(small, folder / "p.xlsx")


def remove(programme, kind, item_ids):
    held = [programme.items(kind)[item_id] for item_id in item_ids]
    programme.write([Edit(kind, one.item_id, one.revision, None) for one in held])


@pytest.fixture
def whole_programme(whole_place, tmp_path):
    """Return a programme with a row for every prompt in scope."""
    return copy_of(whole_place, tmp_path)


@pytest.fixture
def programme(small_places, tmp_path):
    """Return a programme with a few rows of every kind."""
    return copy_of(small_places[0], tmp_path)


@pytest.fixture
def workbook(small_places, tmp_path):
    """Return the place of the workbook of the few rows, to change."""
    return shutil.copy(small_places[1], tmp_path)


def state(programme):
    return {kind: dict(programme.items(kind)) for kind in COLUMNS}


def rows_of(path, sheet):
    book = openpyxl.load_workbook(path)
    return [list(row) for row in book[sheet].iter_rows()]


def change(path, sheet, where, value):
    """Write one cell of a workbook, as somebody with a spreadsheet does; return its row."""
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book[sheet][1]]
    row = next(r for r in book[sheet].iter_rows(min_row=2) if r[0].value == where[0])
    cell = row[names.index(where[1])]
    cell.value = value
    book.save(path)
    return cell.row


# --- round trip -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p.xlsx", *(f"{kind}.csv" for kind in COLUMNS)])
def test_what_was_saved_comes_back_and_changes_nothing(whole_programme, tmp_path, name):
    kind = name.removesuffix(".csv") if name.endswith(".csv") else CONTROL
    path = readiness.save(whole_programme, tmp_path / name, kind)
    plan = readiness.plan_import(whole_programme, path, kind)
    counted = (
        len(whole_programme.items(kind))
        if name.endswith(".csv")
        else sum(map(len, state(whole_programme).values()))
    )
    assert (plan.problems, plan.edits, plan.same) == ((), (), counted)


def test_a_whole_programme_comes_back_in_another_file(whole_programme, new_programme, tmp_path):
    path = readiness.save(whole_programme, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet in book:  # a copy for another programme has no revisions of that one
        for row in sheet.iter_rows(min_row=2):
            row[1].value = None
    book.save(path)
    other = new_programme(tmp_path / "q.sqlite", categories=["privacy"], who="Bo", clock=clock)
    for kind in (CONTROL, COMPLEMENTARY):
        remove(other, kind, other.items(kind))
    other.set("programme", "programme", categories="", report_id="soc2", services="")
    readiness.take_in(other, readiness.plan_import(other, path))
    for kind in COLUMNS:
        both = [[one.values for one in p.items(kind).values()] for p in (whole_programme, other)]
        assert both[0] == both[1]


texts = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
    st.sampled_from(EVIL),
    st.builds(lambda a, b: a + b, st.sampled_from("=+-@'"), st.text(max_size=8)),
).filter(lambda text: not NO_TEXT.search(tidy_text(text)))


def comes_back(programme, path, text):
    programme.set(CONTROL, "CC6_1-2", note=text, control=text)
    plan = readiness.plan_import(programme, readiness.save(programme, path))
    assert (plan.problems, plan.edits) == ((), ())


same_programme = settings(
    suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture]
)


@settings(same_programme, max_examples=settings().max_examples // 20)
@given(texts)
def test_any_text_that_is_taken_comes_back_from_an_xlsx(programme, tmp_path, text):
    comes_back(programme, tmp_path / "p.xlsx", text)


@settings(same_programme, max_examples=settings().max_examples // 4)
@given(texts)
def test_any_text_that_is_taken_comes_back_from_a_csv(programme, tmp_path, text):
    comes_back(programme, tmp_path / "p.csv", text)


@pytest.mark.parametrize("text", ["_x0041_", "_x005F_x0041_", "x005F_", "__x0041__", *EVIL])
def test_a_text_that_looks_encoded_comes_back_from_an_xlsx(programme, tmp_path, text):
    comes_back(programme, tmp_path / "p.xlsx", text)


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula_in_an_export(programme, tmp_path, text):
    programme.set(CONTROL, "CC6_1-2", note=text)
    book = rows_of(readiness.save(programme, tmp_path / "p.xlsx"), SHEETS[CONTROL])
    assert not [cell for row in book for cell in row if cell.data_type == "f"]
    saved = readiness.save(programme, tmp_path / "p.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(saved)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@")]
    assert text.strip() in [without_apostrophe(cell) for cell in cells]


# --- the dry run ----------------------------------------------------------------------------------


def test_a_changed_cell_is_told_before_it_is_written_and_written_then(programme, workbook):
    change(workbook, "Controls", ("CC6_1-2", "owner"), "Bo")
    change(workbook, "Controls", ("CC6_1-2", "started"), date(2026, 1, 31))
    plan = readiness.plan_import(programme, workbook)
    assert "CC6_1-2: owner: now '', then 'Bo'; started: now '', then '2026-01-31'" in str(plan)
    assert programme.items(CONTROL)["CC6_1-2"].values["owner"] == ""
    seen = []
    readiness.take_in(programme, plan, lambda done, total: seen.append((done, total)))
    assert programme.items(CONTROL)["CC6_1-2"].values["owner"] == "Bo"
    assert seen == [(1, 1)]


BAD = [
    ("Controls", ("CC6_1-2", "status_id"), "done", "is unknown here"),
    ("Controls", ("CC6_1-2", "cadence_id"), "often", "is unknown here"),
    ("Controls", ("CC6_1-2", "started"), "31/12/2026", "write it as 2026-12-31"),
    ("Controls", ("CC6_1-2", "started"), datetime(2026, 1, 1, 9, 30), "has a time"),  # noqa: DTZ001
    ("Controls", ("CC6_1-2", "basis_id"), "CC8.2", "is unknown here"),
    ("Controls", ("CC6_1-2", "basis_id"), None, "must not be blank"),
    ("Controls", ("CC6_1-2", "owner"), "=A1", "is a formula"),
    ("Controls", ("CC6_1-2", "owner"), True, "is true or false"),
    ("Controls", ("CC6_1-2", "note"), "x" * 9000, "use at most 8000"),
    ("Controls", ("CC6_1-2", "item_id"), "CC6_1-3", "is already in row 3; use another id"),
    ("Controls", ("CC6_1-2", "revision"), 7, "somebody changed it since"),
    ("Controls", ("CC6_1-2", "revision"), "new", "whole number"),
    ("Evidence", ("E-00001", "control_id"), "CC6_1-99", "no such item"),
    ("Evidence", ("E-00001", "covers_to"), "2025-13-01", "no such day"),
    ("Subservice organizations", ("host", "method"), "carveout", "is unknown here"),
]


@pytest.mark.parametrize("bad", BAD)
def test_every_problem_is_told_by_row_and_column_and_nothing_is_written(programme, workbook, bad):
    sheet, where, value, says = bad
    row = change(workbook, sheet, where, value)
    if where[1] == "revision":
        change(workbook, sheet, (where[0], "note"), "mine")
    plan, before = readiness.plan_import(programme, workbook), state(programme)
    told = [one for one in plan.problems if one.column == where[1] and says in one.remedy]
    # Of two rows with one id, the second is told.
    assert [(one.sheet, one.row) for one in told] == [(sheet, row + ("already" in says))]
    with pytest.raises(readiness.ReadinessError, match="to mend first"):
        readiness.take_in(programme, plan)
    assert state(programme) == before


def test_all_problems_of_a_file_are_told_at_once(programme, workbook):
    for number, (sheet, where, value, _says) in enumerate(BAD[:3], start=2):
        change(workbook, sheet, (f"CC6_1-{number}", where[1]), value)
    assert len(readiness.plan_import(programme, workbook).problems) == 3


def test_a_row_that_somebody_changed_since_the_export_shows_both_versions(programme, workbook):
    change(workbook, "Controls", ("CC6_1-2", "owner"), "Cy")
    programme.set(CONTROL, "CC6_1-2", owner="Bo")
    (problem,) = readiness.plan_import(programme, workbook).problems
    assert "owner: yours 'Cy', theirs 'Bo'" in problem.remedy
    change(workbook, "Controls", ("CC6_1-2", "revision"), 2)  # a decision: mine
    readiness.take_in(programme, readiness.plan_import(programme, workbook))
    assert programme.items(CONTROL)["CC6_1-2"].values["owner"] == "Cy"


def test_what_changed_between_the_plan_and_the_writing_is_a_conflict(programme, workbook):
    change(workbook, "Controls", ("CC6_1-2", "owner"), "Cy")
    plan = readiness.plan_import(programme, workbook)
    programme.set(CONTROL, "CC6_1-2", owner="Bo")
    with pytest.raises(readiness.ConflictError):
        readiness.take_in(programme, plan)
    assert programme.items(CONTROL)["CC6_1-2"].values["owner"] == "Bo"


def test_rows_without_an_id_are_added_under_free_ones(programme, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("Control id,Place,dated\nCC6_1-1,a.pdf,2026-01-01\nCC6_1-1,b.pdf,2026-02-01\n")
    plan = readiness.plan_import(programme, path, "evidence")
    assert [edit.item_id for edit in plan.added] == ["E-00002", "E-00003"]
    readiness.take_in(programme, plan)
    assert len(programme.evidence_of("CC6_1-1")) == 3


def test_a_row_without_a_revision_fills_in_and_never_overwrites(programme, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("item_id,owner,control,note\nCC6_1-1,Bo,,more\nCC6_1-2,Bo,Sign-on,\n")
    plan = readiness.plan_import(programme, path)
    assert [(p.row, p.column) for p in plan.problems] == [(2, "owner"), (2, "note")]
    path.write_text("item_id,owner,control\nCC6_1-1,,\nCC6_1-2,Bo,Sign-on\n")
    readiness.take_in(programme, readiness.plan_import(programme, path))
    held = programme.items(CONTROL)
    assert held["CC6_1-1"].values["owner"] == "'=x"
    assert held["CC6_1-2"].values["control"] == "Sign-on"
    assert held["CC6_1-2"].values["cadence_id"] != ""


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("item_id,contrl", "no such column"),
        ("item_id,owner,Owner", "occurs twice"),
    ],
)
def test_a_column_that_is_not_known_is_told(programme, tmp_path, header, says):
    path = tmp_path / "c.csv"
    path.write_text(f"{header}\n" + ",".join(["x"] * len(header.split(","))) + "\n")
    assert says in str(readiness.plan_import(programme, path))


def test_an_id_that_is_none_is_told(programme, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("item_id,basis_id,status_id\na b,CC6.1,designed\n")
    (problem,) = readiness.plan_import(programme, path).problems
    assert (problem.row, problem.column) == (2, "item_id")


def write_sheet(path, rows, title="Controls", more=()):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name in more:
        book.create_sheet(name).append(["x"])
    book.save(path)


HEAD = ["item_id", "basis_id", "control", "status_id"]
ROW = ["N1", "CC1.1", "do", "designed"]
LOST = [
    ([[*HEAD, "owner", "owner"], [*ROW, "Ana", "Bob"]], "the column occurs twice"),
    ([[*HEAD, None], [*ROW, "precious"]], "its column has no name"),
    ([HEAD, [*ROW, "precious"]], "its column has no name"),
]


@pytest.mark.parametrize(("rows", "says"), LOST)
def test_nothing_of_a_sheet_is_left_out_without_a_word(programme, tmp_path, rows, says):
    write_sheet(tmp_path / "p.xlsx", rows)
    told = readiness.plan_import(programme, tmp_path / "p.xlsx").problems
    assert [one for one in told if says in one.remedy]


def test_a_sheet_may_begin_further_down_and_one_that_is_not_known_is_told(programme, tmp_path):
    write_sheet(tmp_path / "p.xlsx", [[], [], HEAD, ROW], more=["Evidences", "Read me"])
    plan = readiness.plan_import(programme, tmp_path / "p.xlsx")
    assert [(one.sheet, one.remedy.split(";")[0]) for one in plan.problems] == [
        ("Evidences", "no such sheet")
    ]
    assert [edit.item_id for edit in plan.added] == ["N1"]


def test_a_programme_row_without_an_id_is_the_programme(programme, tmp_path):
    write_sheet(tmp_path / "p.xlsx", [["title"], ["Ours"]], title="Programme")
    readiness.take_in(programme, readiness.plan_import(programme, tmp_path / "p.xlsx"))
    assert programme.settings.values["title"] == "Ours"
    assert list(programme.items("programme")) == ["programme"]


def test_a_wrong_revision_hides_no_other_fault_of_its_row(programme, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(
        "item_id,revision,basis_id,control,status_id,started\nN1,9,ZZ,x,done,31.12.26\n"
    )
    told = {one.column for one in readiness.plan_import(programme, path).problems}
    assert told == {"revision", "basis_id", "status_id", "started"}


def test_the_word_of_a_status_is_a_word_in_every_other_column(programme, tmp_path):
    path = tmp_path / "c.csv"
    programme.set(CONTROL, "CC6_1-2", note="assumed", owner="not_read")
    path.write_text("item_id,note,owner\nCC6_1-2,mine,Bo\n")
    told = [one.column for one in readiness.plan_import(programme, path).problems]
    assert told == ["owner", "note"]


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_another_separator_is_told_by_its_sign(programme, tmp_path, sign):
    path = tmp_path / "c.csv"
    path.write_text(f"item_id{sign}control\nCC6_1-2{sign}x\n")
    with pytest.raises(readiness.ReadinessError, match="save it with commas"):
        readiness.plan_import(programme, path)


def test_a_damaged_workbook_is_at_most_one_clear_error_wherever_it_is_damaged(
    programme, workbook, tmp_path
):
    with zipfile.ZipFile(workbook) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for name in parts:
        for damaged in (parts[name][: len(parts[name]) // 2], b"<x>NaN"):
            with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as packed:
                for other, content in parts.items():
                    packed.writestr(other, damaged if other == name else content)
            # Damage may also strike a part that nobody reads.
            with contextlib.suppress(readiness.ReadinessError):
                readiness.plan_import(programme, tmp_path / "d.xlsx")


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".xlsx", "a\0b.xlsx", "~nobodyx/p.xlsx", "p.xlsx/q.xlsx"]
)
def test_a_place_that_cannot_be_written_or_read_is_told(programme, tmp_path, name):
    (tmp_path / "p.xlsx").write_text("a file, no folder")
    place = name if name.startswith("~") else f"{tmp_path}/{name}"
    for act in (readiness.save, readiness.plan_import):
        with pytest.raises((readiness.ReadinessError, soclib.SaveError)):
            act(programme, place)


def test_an_unknown_kind_is_told(programme, tmp_path):
    (tmp_path / "c.csv").write_text("item_id,control\nx,y\n")
    with pytest.raises(readiness.ReadinessError, match="did you mean 'control'"):
        readiness.plan_import(programme, tmp_path / "c.csv", "controls")


# --- files that cannot be read --------------------------------------------------------------------


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 700_000_000)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("p.xlsx", b"no zip", "no .xlsx that can be read"),
        ("p.xlsx", b"", "no .xlsx that can be read"),
        ("p.csv", b"\xff\xfe\x00", "UTF-8"),
        ("p.csv", b"", "empty"),
        ("p.ods", b"x", "unknown suffix"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_error(programme, tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((readiness.ReadinessError, soclib.SaveError), match=says):
        readiness.plan_import(programme, path)


def test_a_workbook_that_unpacks_beyond_measure_is_refused(programme, tmp_path):
    path = tmp_path / "bomb.xlsx"
    bomb(path)
    with pytest.raises(readiness.ReadinessError, match="unpacks to more than"):
        readiness.plan_import(programme, path)


def test_a_file_beyond_measure_is_refused(programme, tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(readiness.ReadinessError, match="larger than"):
        readiness.plan_import(programme, path)


def test_a_workbook_of_something_else_is_told_which_sheets_are_needed(programme, tmp_path):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(readiness.ReadinessError, match="none of the sheets Programme, Controls"):
        readiness.plan_import(programme, tmp_path / "other.xlsx")


# --- the blank checklists -------------------------------------------------------------------------

SHIPPED = {
    "soc2_readiness.xlsx": {"categories": CATEGORIES},
    "soc1_readiness.xlsx": {"services": list(CATALOG.part(TRUST).services)},
}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklist_is_what_the_tables_give(name, tmp_path, request):
    fresh = readiness.blank_checklist(tmp_path / name, **SHIPPED[name])
    shipped = request.config.rootpath / "checklists" / name
    made, held = (openpyxl.load_workbook(path) for path in (fresh, shipped))
    for sheet in SHEETS.values():
        rows = list(made[sheet].iter_rows(values_only=True))
        assert rows == list(held[sheet].iter_rows(values_only=True)), (
            "run scripts/make_checklists.py"
        )


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklist_asks_every_prompt_of_its_report(name, request):
    shipped = request.config.rootpath / "checklists" / name
    asked = [row[0].value for row in rows_of(shipped, SHEETS[CONTROL])[1:]]
    bases = CATALOG.part(TRUST).criteria if "soc2" in name else CATALOG.part(TRUST).objectives
    assert asked == [p.prompt_id for b in bases for p in CATALOG.part(TRUST).prompts[b]]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklist_explains_every_column_and_value(name, request):
    read_me = rows_of(request.config.rootpath / "checklists" / name, "Read me")
    text = "\n".join(str(cell.value) for row in read_me for cell in row)
    for kind, title in SHEETS.items():
        assert all(f"{title}: {column}" in text for column in COLUMNS[kind])
    assert all(f"{status} (" in text for status in ("not_started", "undecided", "not_read"))


def test_a_filled_in_checklist_can_be_taken_in(new_programme, tmp_path):
    path = readiness.blank_checklist(tmp_path / "c.xlsx", categories=["security"])
    change(path, "Controls", ("CC6_1-1", "control"), "Sign-on")
    change(path, "Controls", ("CC6_1-1", "status_id"), "operating")
    made = new_programme(tmp_path / "p.sqlite", categories=["security"], who="Ana", clock=clock)
    plan = readiness.plan_import(made, path)
    assert (len(plan.changed), plan.added, plan.problems) == (1, (), ())
    readiness.take_in(made, plan)
    assert made.items(CONTROL)["CC6_1-1"].values["status_id"] == "operating"

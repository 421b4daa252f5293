"""A programme's file loses nothing: two writers, a killed process, a full disk, other layouts."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from soclib import readiness
from soclib.readiness import opening
from soclib.readiness.items import COLUMNS, CONTROL, Edit, tidy
from soclib.readiness.store import (
    VERSION,
    Conflict,
    ConflictError,
    Store,
    create_store,
    history,
    items,
    open_store,
    tables,
    write,
)

CELLS = {"basis_id": "CC6.1", "status_id": "designed", "control": "Sign-on with two factors"}


def clock():
    return datetime(2026, 7, 15, 12, tzinfo=UTC)


def control(item_id, revision=0, **cells):
    return Edit(CONTROL, item_id, revision, tidy(CONTROL, CELLS | cells))


@pytest.fixture
def place(tmp_path):
    return tmp_path / "programme.sqlite"


@pytest.fixture
def store(place):
    return create_store(place)


@pytest.fixture
def programme(new_programme, place):
    return new_programme(place, categories=["security"], who="Ana", clock=clock)


def connect(place):
    """Return a plain connection, as another program would have it."""
    return sqlalchemy.create_engine(f"sqlite:///{place}").connect()


# --- history --------------------------------------------------------------------------------------


def test_every_change_is_kept_with_who_and_when(store):
    write(store, [control("c-1")], "Ana", "monday")
    write(store, [control("c-1", 1, owner="Bo")], "Bo", "tuesday")
    write(store, [Edit(CONTROL, "c-1", 2, None)], "Cy", "friday")
    found = [(c.at, c.who, c.revision, c.before is None, c.after is None) for c in history(store)]
    assert found == [
        ("friday", "Cy", 3, False, True),
        ("tuesday", "Bo", 2, False, False),
        ("monday", "Ana", 1, True, False),
    ]


def test_what_is_added_after_a_removal_goes_on_counting_revisions(store):
    write(store, [control("c-1")], "Ana", "1")
    write(store, [Edit(CONTROL, "c-1", 1, None)], "Ana", "2")
    write(store, [control("c-1")], "Ana", "3")
    assert items(store, CONTROL)["c-1"].revision == 3


edits = st.lists(
    st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.text("xyz", max_size=3))),
    max_size=12,
)


@settings(
    max_examples=settings().max_examples // 10,
    suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture],
)
@given(edits)
def test_the_history_alone_gives_the_latest_state(tmp_path_factory, asked):
    store = create_store(tmp_path_factory.mktemp("store") / "p.sqlite")
    for item_id, owner in asked:
        held = items(store, CONTROL).get(item_id)
        if owner is None and held is None:
            continue
        revision = held.revision if held else 0
        edit = Edit(CONTROL, item_id, revision, None)
        write(store, [edit if owner is None else control(item_id, revision, owner=owner)], "A", "t")
    replayed = {}
    for change in reversed(history(store)):
        replayed[change.item_id] = change.after
    left = {item_id: values for item_id, values in replayed.items() if values is not None}
    assert left == {key: item.values for key, item in items(store, CONTROL).items()}
    store.engine.dispose()


# --- two writers ----------------------------------------------------------------------------------


def test_a_conflict_is_reported_with_both_versions_and_nothing_is_written(store):
    write(store, [control("c-1"), control("c-2")], "Ana", "1")
    write(store, [control("c-1", 1, owner="Bo")], "Bo", "2")
    with pytest.raises(ConflictError) as caught:
        write(store, [control("c-2", 1, owner="Cy"), control("c-1", 1, owner="Cy")], "Cy", "3")
    (conflict,) = caught.value.conflicts
    assert isinstance(conflict, Conflict)
    assert (conflict.ours.values["owner"], conflict.theirs.values["owner"]) == ("Cy", "Bo")
    assert "owner: yours 'Cy', theirs 'Bo'" in str(caught.value)
    assert items(store, CONTROL)["c-2"].values["owner"] == ""


def test_a_form_that_was_opened_before_somebody_else_saved_does_not_overwrite_it(programme, place):
    other = readiness.open_programme(place, who="Bo", clock=clock)
    seen = programme.items(CONTROL)["CC6_1-1"].revision
    other.set(CONTROL, "CC6_1-1", owner="Bo")
    assert programme.refresh()
    with pytest.raises(ConflictError):
        programme.set(CONTROL, "CC6_1-1", seen, owner="Ana")
    assert programme.items(CONTROL)["CC6_1-1"].values["owner"] == "Bo"


@pytest.mark.parametrize("each", [8, pytest.param(20, marks=pytest.mark.thorough)])
def test_two_writers_at_once_lose_nothing(programme, place, each):
    start = threading.Barrier(2)

    def add(who):
        mine = readiness.open_programme(place, who=who, clock=clock)
        start.wait()
        for number in range(each):
            mine.add("evidence", control_id="CC6_1-1", place=f"{who} {number}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ["Ana", "Bo"]))
    programme.refresh()
    places = {one.values["place"] for one in programme.evidence_of("CC6_1-1")}
    assert places == {f"{who} {number}" for who in ("Ana", "Bo") for number in range(each)}


def test_two_processes_that_change_one_item_keep_every_version(programme, place):
    code = """
import sys
from soclib import readiness
mine = readiness.open_programme(sys.argv[1], who=sys.argv[2])
done = 0
while done < 10:
    mine.refresh()
    try:
        mine.set("control", "CC6_1-1", note=f"{sys.argv[2]} {done}")
        done += 1
    except readiness.ConflictError:
        pass
"""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, place, who], stderr=subprocess.PIPE, text=True
        )
        for who in ("Ana", "Bo")
    ]
    for one in running:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    programme.refresh()
    notes = [c.after["note"] for c in programme.history("CC6_1-1") if c.after["note"]]
    assert sorted(notes) == sorted(f"{who} {n}" for who in ("Ana", "Bo") for n in range(10))
    assert programme.items(CONTROL)["CC6_1-1"].values["note"] == notes[0]
    assert programme.items(CONTROL)["CC6_1-1"].revision == 21


def test_a_programme_in_memory_answers_in_every_thread():
    made = readiness.create(None, categories=["security"], who="Ana", clock=clock)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(made.set, CONTROL, "CC6_1-1", owner="Bo").result()
    assert made.items(CONTROL)["CC6_1-1"].values["owner"] == "Bo"


def test_evidence_never_loses_its_control_to_somebody_who_takes_it_out_at_the_same_time(
    programme, place
):
    other = readiness.open_programme(place, who="Bo", clock=clock)
    other.add("evidence", control_id="CC6_1-1", place="a")
    with pytest.raises(readiness.ReadinessError, match="evidence 'E-00001' depends on it"):
        programme.remove(CONTROL, "CC6_1-1")
    programme.remove(CONTROL, "CC6_1-2")
    with pytest.raises(readiness.ReadinessError, match="names 'CC6_1-2', which is gone"):
        other.add("evidence", control_id="CC6_1-2", place="a")


def test_a_subservice_organization_is_not_taken_out_from_under_what_depends_on_it(programme, place):
    programme.add("subservice", "host", name="Host")
    other = readiness.open_programme(place, who="Bo", clock=clock)
    other.set("complementary", "CSOC-01", subservice_id="host")
    with pytest.raises(readiness.ReadinessError, match="complementary 'CSOC-01' depends on it"):
        programme.remove("subservice", "host")


def test_an_item_that_occurs_twice_in_one_write_is_refused(programme):
    twice = [control("n-1"), control("n-1", owner="Bo")]
    with pytest.raises(readiness.ReadinessError, match="occurs twice"):
        programme.write(twice)


def test_of_two_who_make_one_file_the_second_never_replaces_the_first(tmp_path, monkeypatch):
    place = tmp_path / "p.sqlite"
    made = opening.create_store

    def meanwhile(beside):
        monkeypatch.setattr(opening, "create_store", made)
        readiness.create(place, categories=["security"], who="Bo", clock=clock)
        return made(beside)

    monkeypatch.setattr(opening, "create_store", meanwhile)
    with pytest.raises(readiness.ReadinessError, match="this file already exists"):
        readiness.create(place, categories=["privacy"], who="Ana", clock=clock)
    assert readiness.open_programme(place).settings.values["categories"] == "security"
    assert [one.name for one in tmp_path.iterdir()] == ["p.sqlite"]


# --- what goes wrong ------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from soclib import readiness
from soclib.readiness.items import Edit, tidy
mine = readiness.open_programme(sys.argv[1], who="Ana")
values = {"basis_id": "CC6.1", "status_id": "designed", "control": "x" * 4000}
new = [Edit("control", f"n-{i}", 0, tidy("control", values)) for i in range(3000)]
def progress(done, total):
    if done >= 1500:
        os.kill(os.getpid(), signal.SIGKILL)
mine.write(new, progress)
"""


def test_a_process_killed_in_the_middle_of_a_write_leaves_the_last_complete_state(programme, place):
    before = {kind: items(programme.store, kind) for kind in COLUMNS}
    died = subprocess.run([sys.executable, "-c", KILLED, place], check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL
    again = readiness.open_programme(place, who="Bo", clock=clock)
    assert {kind: items(again.store, kind) for kind in COLUMNS} == before
    again.set(CONTROL, "CC6_1-1", owner="Bo")


def test_an_interrupted_write_writes_nothing(programme):
    def stop(_done, _total):
        raise KeyboardInterrupt

    before = len(programme.history())
    with pytest.raises(KeyboardInterrupt):
        programme.write([control("n-1")], stop)
    assert programme.store.engine.pool.checkedout() == 0
    assert len(programme.history()) == before
    assert "n-1" not in items(programme.store, CONTROL)


def test_a_full_disk_gives_a_clear_error_and_no_damage(programme, place):
    held = items(programme.store, CONTROL)
    pages = programme.store.engine.connect().exec_driver_sql("PRAGMA page_count").scalar()

    @sqlalchemy.event.listens_for(programme.store.engine, "checkout")
    def shrink(connection, *_others):
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(readiness.ReadinessError, match="make room, then save again"):
        programme.write([control(f"n-{n}", note="x" * 4000) for n in range(100)])
    sqlalchemy.event.remove(programme.store.engine, "checkout", shrink)
    again = readiness.open_programme(place, clock=clock)
    assert items(again.store, CONTROL) == held
    again.set(CONTROL, "CC6_1-1", owner="Ana")


def test_a_file_that_may_not_be_written_gives_a_clear_error_and_no_damage(programme, place):
    # Opened for reading only, as whoever may not write it gets it; root may write any file.
    engine = sqlalchemy.create_engine(f"sqlite:///file:{place}?mode=ro&uri=true")
    reader = readiness.Programme(Store(engine, place.name), who="Bo", clock=clock)
    assert reader.items(CONTROL) == programme.items(CONTROL)
    with pytest.raises(readiness.ReadinessError, match="check its permissions; nothing was"):
        reader.set(CONTROL, "CC6_1-1", owner="Bo")
    again = readiness.open_programme(place, clock=clock)
    assert again.items(CONTROL)["CC6_1-1"].values["owner"] == ""


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"x" * 500, b"no database"])
def test_what_is_no_programme_is_refused(tmp_path, content):
    place = tmp_path / "other.sqlite"
    place.write_bytes(content)
    with pytest.raises(readiness.ReadinessError, match="no readiness programme"):
        readiness.open_programme(place)
    assert place.read_bytes() == content


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(readiness.ReadinessError, match="no such file"):
        readiness.open_programme(tmp_path / "new.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("programme")
def test_a_programme_is_never_made_over_a_file(place):
    with pytest.raises(readiness.ReadinessError, match="this file already exists"):
        readiness.create(place, categories=["security"])
    assert readiness.open_programme(place).items(CONTROL)


def test_a_programme_that_cannot_be_made_leaves_no_file(tmp_path):
    with pytest.raises(readiness.ReadinessError, match="column categories: 'securty'"):
        readiness.create(tmp_path / "p.sqlite", categories=["securty"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "no/such\0/p.sqlite", "\ud800"])
def test_a_path_that_no_system_allows_is_told(tmp_path, name):
    for act in (readiness.open_programme, lambda p: readiness.create(p, categories=["security"])):
        with pytest.raises(readiness.ReadinessError):
            act(f"{tmp_path}/{name}")


@pytest.mark.parametrize("who", ["a\0b", "\ud800", "x" * 300])
def test_a_name_that_the_history_cannot_hold_is_refused(who):
    with pytest.raises(readiness.ReadinessError, match="use a name"):
        readiness.create(None, categories=["security"], who=who)


# --- other layouts --------------------------------------------------------------------------------


def test_a_file_from_a_newer_version_is_refused_and_left_as_it_is(programme, place):
    programme.store.engine.dispose()
    with connect(place) as connection:
        connection.exec_driver_sql("UPDATE layout SET version = ?", (VERSION + 1,))
        connection.commit()
    before = place.read_bytes()
    with pytest.raises(readiness.ReadinessError, match="install a newer soclib"):
        readiness.open_programme(place)
    assert place.read_bytes() == before


def make_older(place):
    """Make a file of layout 1, which had neither a note of evidence nor agreed assertions."""
    with connect(place) as connection:
        connection.exec_driver_sql("ALTER TABLE evidence DROP COLUMN note")
        connection.exec_driver_sql("ALTER TABLE subservice DROP COLUMN assertion")
        connection.exec_driver_sql("UPDATE layout SET version = 1")
        connection.commit()


def test_a_file_of_an_older_layout_is_carried_over_with_everything_in_it(programme, place):
    programme.set(CONTROL, "CC6_1-1", control="Sign-on", owner="Bo")
    evidence = programme.add("evidence", control_id="CC6_1-1", place="a.pdf")
    held, changes = items(programme.store, CONTROL), programme.history()
    programme.store.engine.dispose()
    make_older(place)
    carried = readiness.open_programme(place, who="Cy", clock=clock)
    assert items(carried.store, CONTROL) == held
    assert carried.history() == changes
    carried.set("evidence", evidence, note="read")
    assert carried.items("evidence")[evidence].values["note"] == "read"
    assert open_store(place)


def test_carrying_over_that_was_broken_off_is_finished_the_next_time(programme, place):
    programme.store.engine.dispose()
    make_older(place)
    with connect(place) as connection:  # one of two columns was added before the light went out
        connection.exec_driver_sql("ALTER TABLE evidence ADD COLUMN note TEXT DEFAULT '' NOT NULL")
        connection.commit()
    carried = readiness.open_programme(place, clock=clock)
    carried.add("subservice", name="Host", method="inclusive", assertion="yes")


def test_a_file_of_somebody_else_that_has_a_layout_is_left_alone(tmp_path):
    place = tmp_path / "other.sqlite"
    with connect(place) as connection:
        connection.exec_driver_sql("CREATE TABLE layout (version INTEGER)")
        connection.exec_driver_sql("INSERT INTO layout VALUES (1)")
        connection.commit()
    before = place.read_bytes()
    with pytest.raises(readiness.ReadinessError, match="no readiness programme"):
        readiness.open_programme(place)
    assert place.read_bytes() == before


# --- other databases ------------------------------------------------------------------------------


def test_every_table_can_be_made_on_postgresql():
    dialect = postgresql.dialect()
    made = [str(CreateTable(t).compile(dialect=dialect)) for t in tables().sorted_tables]
    assert len(made) == len(COLUMNS) + 2


def test_every_statement_that_is_sent_can_be_said_to_postgresql(programme):
    sent = []

    @sqlalchemy.event.listens_for(programme.store.engine, "before_execute")
    def note(_connection, statement, *_others):
        sent.append(statement)

    programme.set(CONTROL, "CC6_1-1", owner="Bo")
    programme.remove("control", "CC6_1-2")
    programme.refresh()
    programme.history("CC6_1-1", 5)
    assert {type(one).__name__ for one in sent} == {"Update", "Select", "Insert"}
    for one in sent:
        assert str(one.compile(dialect=postgresql.dialect()))


def test_no_module_speaks_the_dialect_of_one_database():
    package = Path(readiness.__file__).parent
    texts = {path.name: path.read_text(encoding="utf-8") for path in package.glob("*.py")}
    assert texts
    for word in ("PRAGMA", "sqlite_master", "INSERT OR", "exec_driver_sql", "AUTOINCREMENT"):
        assert not [name for name, text in texts.items() if word in text], word

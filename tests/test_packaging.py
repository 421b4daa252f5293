"""The project installs, builds and starts as its files say."""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from rattler import MatchSpec

import soclib

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT_TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads(PYPROJECT_TEXT)
LOCK_TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA_SPECS = [
    spec
    for spec in yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))[
        "dependencies"
    ]
    if isinstance(spec, str)
]

BASE = PYPROJECT["project"]["dependencies"]
DIRECT = [
    *BASE,
    *PYPROJECT["project"]["optional-dependencies"]["lab"],
    *PYPROJECT["project"]["optional-dependencies"]["office"],
    *PYPROJECT["project"]["optional-dependencies"]["mapping"],
    *PYPROJECT["project"]["optional-dependencies"]["batch"],
    *PYPROJECT["project"]["optional-dependencies"]["readiness"],
    *PYPROJECT["project"]["optional-dependencies"]["test"],
    *PYPROJECT["build-system"]["requires"],
]
RANGES = {canonicalize_name(Requirement(text).name): Requirement(text).specifier for text in DIRECT}
CONDA_RANGES = {Requirement(spec).name: Requirement(spec).specifier for spec in CONDA_SPECS}
LOCKED = dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==([^ ]+)", LOCK_TEXT, re.MULTILINE))


def run(*command, env=None, cwd=ROOT):
    return subprocess.run(
        command, cwd=cwd, env=env, check=False, text=True, capture_output=True, timeout=1800
    )


def command_named(name, folder, script):
    """Put a stand-in for a command into a folder and return its path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


# Dependencies


def test_every_dependency_gives_its_reason():
    explained = re.findall(r'^ +"([^"]+)",  # \w.{10,}$', PYPROJECT_TEXT, re.MULTILINE)
    assert sorted(text for text in explained if text in DIRECT) == sorted(DIRECT)


def test_every_dependency_has_a_lower_and_an_upper_bound():
    for name, specifier in RANGES.items():
        assert {part.operator for part in specifier} == {">=", "<"}, name


def test_conda_installs_every_base_dependency():
    assert {Requirement(text).name for text in BASE} <= set(CONDA_RANGES)


def test_conda_and_pip_ask_for_the_same_ranges():
    python = SpecifierSet(PYPROJECT["project"]["requires-python"])
    assert {**RANGES, "python": python, "pip": SpecifierSet()}.items() >= CONDA_RANGES.items()


@pytest.mark.parametrize("name", sorted(RANGES))
def test_the_locked_version_lies_in_the_range(name):
    assert LOCKED[name] in RANGES[name]


def test_the_locked_versions_lie_in_the_ranges_of_conda():
    for name in CONDA_RANGES.keys() - {"python", "pip"}:
        assert LOCKED[name] in CONDA_RANGES[name]


def test_the_lock_keeps_the_jsonschema_that_starts_fast():
    assert LOCKED["jsonschema"] in SpecifierSet("<4.25")
    assert "rfc3987-syntax" not in LOCKED


def test_the_lock_names_no_address_and_no_path():
    assert not re.search(r"://|file:|\s/|@ |--(extra-)?index|--find-links", LOCK_TEXT)


def test_every_locked_version_has_its_hash():
    entries = re.findall(r"^[a-z].*?(?=^[a-z]|\Z)", LOCK_TEXT, re.MULTILINE | re.DOTALL)
    assert len(entries) == len(LOCKED)
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.fresh
@pytest.mark.skipif(shutil.which("uv") is None, reason="there is no uv to make the locks with")
def test_making_the_locks_again_changes_no_version(tmp_path):
    locks = ("requirements.lock", "requirements-engines.lock")
    for name in ("Makefile", "pyproject.toml", "constraints.txt", *locks):
        shutil.copy(ROOT / name, tmp_path / name)
    made = run("make", "lock", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    for name in locks:
        assert versions(tmp_path / name) == versions(ROOT / name)


def versions(lock):
    """Return the pinned versions of a lock, with the machines that they are for."""
    return set(re.findall(r"^[a-z].*?==.*", lock.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("spec", CONDA_SPECS)
def test_conda_can_read_the_dependency(spec):
    # The parser takes some nonsense for a name and a version, hence the strict pattern.
    name = str(MatchSpec(spec).name.normalized)
    assert re.fullmatch(rf"{name}([<>]=?[0-9.]+(,[<>]=?[0-9.]+)*)?", spec)
    assert re.fullmatch(r"[a-z][a-z0-9_-]*", name)


# Wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Unpack the wheel, built from the source archive, as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    # Both in one go: the wheel is built from the source archive, so that has all it needs.
    built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_every_table(installed):
    tables = {path.name: path.read_bytes() for path in (ROOT / "data").rglob("*.csv")}
    assert tables
    assert tables == {
        path.name: path.read_bytes() for path in (installed / "soclib/data").rglob("*.csv")
    }


def test_the_wheel_carries_every_file_of_the_package(installed):
    files = {
        path.relative_to(ROOT)
        for path in (ROOT / "soclib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files
    assert all((installed / path).is_file() for path in files)


def test_the_installed_wheel_finds_its_tables_without_any_other_package(installed, tmp_path):
    # -I and -S: neither this checkout nor the packages of this environment can be imported.
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import soclib;"
        "print(soclib.__file__, soclib.load_catalog().version)"
    )
    answer = run(sys.executable, "-I", "-S", "-c", code, installed, cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [
        str(installed / "soclib" / "__init__.py"),
        soclib.load_catalog().version,
    ]


# Commands

WORDS = {
    "lab": "jupyter lab",
    "test": "-m pytest",
    "test-all": "-m pytest",
    "fresh": "-m pytest",
    "notebooks": "scripts/run_notebooks.py",
    "lint": "ruff check",
    "bench": "benchmarks/bench.py",
}


@pytest.mark.parametrize("word", WORDS)
def test_make_knows_the_word(word):
    plan = run("make", "--dry-run", word)
    assert plan.returncode == 0, plan.stderr
    assert WORDS[word] in plan.stdout


def test_make_alone_lists_the_words():
    assert WORDS.keys() <= set(run("make").stdout.split())


def pytest_of(word):
    """Return the arguments of the one pytest that a word of make starts, and what is before it."""
    plan = run("make", "--dry-run", word, "PYTEST_ARGS=").stdout
    (line,) = [line for line in plan.splitlines() if "-m pytest" in line]
    before, arguments = line.split("-m pytest ")
    return shlex.split(arguments), before


@pytest.mark.parametrize("word", ["test", "test-all"])
def test_one_run_checks_the_notebooks_too_and_prints_what_was_slow(word):
    arguments, _before = pytest_of(word)
    assert {"--nbval", "--durations=10", "tests", "notebooks"} <= set(arguments)


def test_each_word_runs_its_own_part_of_the_tests():
    chosen = {word: pytest_of(word)[0][:2] for word in ("test", "test-all", "fresh")}
    assert chosen == {
        "test": ["-m", "not thorough and not fresh"],
        "test-all": ["-m", "not fresh"],
        "fresh": ["-m", "fresh"],
    }


def test_the_long_proofs_try_more_examples():
    assert pytest_of("test-all")[1].startswith("HYPOTHESIS_PROFILE=thorough ")


@pytest.mark.parametrize(("word", "needs_spark"), [("test", False), ("test-all", True)])
def test_only_the_long_proofs_need_spark(word, needs_spark, tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-engines.lock"):
        (tmp_path / name).symlink_to(ROOT / name)
    plan = run("make", "--dry-run", word, cwd=tmp_path)
    assert plan.returncode == 0, plan.stderr
    assert ("requirements-engines.lock" in plan.stdout) == needs_spark


def test_a_python_without_venv_is_told_what_to_install(tmp_path):
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    python = command_named("python", tmp_path, '[ "$2" != venv ] || { mkdir .venv; exit 1; }')
    setup = run("make", "setup", f"PYTHON={python}", "UV=", cwd=tmp_path)
    assert setup.returncode != 0
    assert "apt-get install python3-venv" in setup.stdout
    assert not (tmp_path / ".venv").exists()


def test_a_machine_without_browser_is_told_how_to_enable_its_tests(tmp_path):
    command_named("id", tmp_path, "echo 1000")
    script = ROOT / "scripts" / "ensure_chromium.sh"
    answer = run("/bin/bash", script, env={"PATH": str(tmp_path)})
    assert answer.returncode == 0
    assert "Browser tests are skipped" in answer.stdout


def test_ci_runs_make_test_at_the_top_and_nothing_else(tmp_path):
    command_named("make", tmp_path, 'echo "$PWD: make $*"')
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    answer = run(ROOT / ".ci" / "run", env={**os.environ, "PATH": path}, cwd=tmp_path)
    assert answer.stdout == f"{ROOT}: make test\n"


def test_the_workflow_runs_the_same_command():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]


def test_every_week_the_long_proofs_run_and_a_passed_date_blocks_nobody():
    text = (ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow[True].keys() == {"schedule", "workflow_dispatch"}  # YAML reads "on" as True
    jobs = workflow["jobs"]
    assert {name: job["steps"][-1]["run"] for name, job in jobs.items()} == {
        "test-all": "make test-all",
        "fresh": "make fresh",
    }
    assert [name for name, job in jobs.items() if job.get("continue-on-error")] == ["fresh"]


# Sharing out

SHARED_OUT = runpy.run_path(str(ROOT / "conftest.py"))


def test_whatever_takes_longest_is_there():
    files = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("tests/**/test_*.py", "notebooks/*.ipynb")
        for path in ROOT.glob(pattern)
    ]
    for part in SHARED_OUT["LONGEST"]:
        assert any(part in file for file in files), part


def test_what_takes_longest_starts_first():
    groups = ["tests/test_audit.py", "notebooks/a.ipynb", "tests/test_dates.py", "/browser/"]
    assert sorted(groups, key=SHARED_OUT["turn"]) == [groups[3], groups[1], groups[0], groups[2]]


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/test_dates.py::test_a", "tests/test_dates.py"),
        ("tests/test_dates.py::test_a[a@b::c]", "tests/test_dates.py"),
        ("notebooks/a.ipynb::Cell 3", "notebooks/a.ipynb"),
        ("tests/browser/test_b.py::test_c[d]", "/browser/"),
        ("tests/browser/test_e.py::test_f", "/browser/"),
    ],
)
def test_a_file_stays_on_one_worker_and_so_do_all_browser_tests(test, group):
    assert SHARED_OUT["group"](test) == group

"""How fast the library is without Jupyter: one decision, the import, the proof over all answers."""

from __future__ import annotations

import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rows import Row, Target, at_most, p95, processor_seconds

import soclib
from soclib.catalog import Catalog
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.tables import VERDICT

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "tests" / "verdict" / "scenarios.csv"
PASSES = 10
FRESH = 2000
SEED = 20
IMPORTS = 21
AUDITS = 5

DECISION_MICROSECONDS = 200
IMPORT_MILLISECONDS = 60
AUDIT_SECONDS = 1

Case = tuple[dict[str, str], str]

# Everything that an import or a decision loads beyond a bare interpreter and the standard library.
STRANGERS = """
import sys
before = set(sys.modules)
import soclib
after_import = set(sys.modules)
decision = soclib.decide({"holds_customer_data": "yes"})
[(decision.reasons(name), decision.what_would_change(name)) for name in decision.reports]
decision.next_question()
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(",".join(sorted(loaded - sys.stdlib_module_names - {"soclib"})) or "none")
print(",".join(sorted({"pandas", "ipywidgets"} & after_import)) or "none")
"""


# --- decide --------------------------------------------------------------------------------------


def decide_rows() -> list[Row]:
    """Return what one decision costs with all that is asked of it."""
    catalog = soclib.load_catalog()
    coded, fresh = list(scenarios(catalog)), list(made_up(catalog, FRESH))
    _all_times(coded, catalog)  # a first pass fills the caches
    warm = [took for _ in range(PASSES) for took in _all_times(coded, catalog)]
    once = _all_times(fresh, catalog)
    cold = [_time_emptied(case, catalog) for _ in range(PASSES) for case in coded]
    cold_fresh = [_time_emptied(case, catalog) for case in fresh]
    target = at_most(DECISION_MICROSECONDS)
    strangers, _heavy = loaded_modules()
    return [
        *_decision_rows(f"{len(coded)} scenarios, warm ({PASSES} passes)", warm, target),
        *_decision_rows(f"{FRESH} random answer sets, new to the caches", once, target),
        *_decision_rows(f"{len(coded)} scenarios, caches emptied before each", cold),
        *_decision_rows(f"{FRESH} random answer sets, caches emptied before each", cold_fresh),
        Row("decide", "third-party modules loaded", *_number_of(strangers), at_most(0)),
    ]


def _decision_rows(what: str, times: list[float], target: Target | None = None) -> list[Row]:
    return [
        Row("decide", f"{what}: median", statistics.median(times), "us", target),
        Row("decide", f"{what}: p95", p95(times), "us"),
    ]


def scenarios(catalog: Catalog) -> Iterator[Case]:
    """Yield the answers and the voice of every coded case."""
    with SCENARIOS.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            ids = (criterion.criterion_id for criterion in catalog.part(VERDICT).criteria)
            yield {key: row[key] for key in ids if row[key]}, row["voice"]


def made_up(catalog: Catalog, count: int) -> Iterator[Case]:
    """Yield random answers, from hardly any to nearly all, the same ones in every run."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    for _ in range(count):
        share = chance.random()
        answers = {
            criterion.criterion_id: chance.choice(ANSWERS)
            for criterion in catalog.part(VERDICT).criteria
            if chance.random() < share
        }
        yield answers, chance.choice(VOICES)


def _all_times(cases: Iterable[Case], catalog: Catalog) -> list[float]:
    return [_time_of(case, catalog) for case in cases]


def _time_of(case: Case, catalog: Catalog) -> float:
    """Return the microseconds from answers to verdict, reasons, changes and next question."""
    start = time.perf_counter_ns()
    decision = soclib.decide(*case, catalog=catalog)
    for report_id in decision.reports:
        decision.reasons(report_id)
        decision.what_would_change(report_id)
    decision.next_question()
    return (time.perf_counter_ns() - start) / 1e3


def _time_emptied(case: Case, catalog: Catalog) -> float:
    empty_caches()
    return _time_of(case, catalog)


def empty_caches() -> None:
    """Empty every cache of the library, so that nothing was ever decided or loaded."""
    modules = [module for name, module in sys.modules.items() if name.startswith("soclib")]
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def loaded_modules() -> tuple[str, str]:
    """Return third-party modules that deciding loads, and heavy ones that importing loads."""
    command = [sys.executable, "-c", STRANGERS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    strangers, heavy = done.stdout.split()
    return strangers, heavy


def _number_of(names: str) -> tuple[int, str]:
    return (0, "") if names == "none" else (names.count(",") + 1, names)


# --- import --------------------------------------------------------------------------------------


def import_rows() -> list[Row]:
    """Return what ``import soclib`` adds to a bare interpreter, runs of both alternating."""
    with compiled() as env:
        both = [(_start("pass", env), _start("import soclib", env)) for _ in range(1 + IMPORTS)]
    bares, wholes = zip(*both[1:], strict=True)  # the first pair compiles and warms the disk cache
    wall, cpu = (_added(bares, wholes, place) for place in range(2))
    bare, whole = (statistics.median(wall for wall, _cpu in runs) for runs in (bares, wholes))
    _strangers, heavy = loaded_modules()
    what = f"import soclib beyond a bare interpreter, {IMPORTS} pairs"
    return [
        Row("import", "import soclib / bare interpreter, medians", whole / bare, "x"),
        Row("import", f"{what}: median", wall, "ms", at_most(IMPORT_MILLISECONDS)),
        Row("import", f"{what}: processor time", cpu, "ms"),
        Row("import", "bare interpreter: median", bare, "ms"),
        Row("import", "pandas and ipywidgets loaded by it", *_number_of(heavy), at_most(0)),
    ]


Start = tuple[float, float]


def _added(bares: Sequence[Start], wholes: Sequence[Start], place: int) -> float:
    pairs = zip(bares, wholes, strict=True)
    return statistics.median(whole[place] - bare[place] for bare, whole in pairs)


@contextmanager
def compiled() -> Iterator[dict[str, str]]:
    """Yield an environment that keeps compiled files, as a reader's does, in a folder of its own.

    Where PYTHONDONTWRITEBYTECODE is set, every import would compile the library again.
    """
    kept = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        yield {**kept, "PYTHONPYCACHEPREFIX": folder}


def _start(code: str, env: dict[str, str]) -> Start:
    """Return the milliseconds of one interpreter, on the clock and of processor."""
    before, start = processor_seconds(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    took = time.perf_counter() - start
    return took * 1e3, (processor_seconds() - before) * 1e3


# --- audit ---------------------------------------------------------------------------------------


def audit_rows() -> list[Row]:
    """Return what the proof over all answers costs, from cold caches each time."""
    runs = [_audit_once() for _ in range(AUDITS)]
    loads, proofs = (statistics.median(times) for times in zip(*runs, strict=True))
    both = statistics.median(load + proof for load, proof in runs)
    states = sum(space.states for space in soclib.audit().spaces)
    return [
        Row(
            "audit", f"load and prove, cold: median of {AUDITS}", both, "s", at_most(AUDIT_SECONDS)
        ),
        Row("audit", f"load_catalog, cold: median of {AUDITS}", loads * 1e3, "ms"),
        Row("audit", f"audit, cold: median of {AUDITS}", proofs * 1e3, "ms"),
        Row("audit", "states proven", states),
    ]


def _audit_once() -> tuple[float, float]:
    empty_caches()
    start = time.perf_counter()
    catalog = soclib.load_catalog()
    loaded = time.perf_counter()
    soclib.audit(catalog)
    return loaded - start, time.perf_counter() - loaded

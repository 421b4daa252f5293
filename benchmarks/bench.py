"""Measure what the project promises about speed, and print one table.

    python benchmarks/bench.py [part ...] [--json FILE]

Everything in the table comes from one run on one machine; ratios stand first, because they mean
the same on a busy or a slow one. A missed target is a row that says no, not a failure.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rows import Row, table

# Modules are imported when their part begins: no part pays for the packages of another.
PARTS = {
    "decide": ("library", "decide_rows"),
    "import": ("library", "import_rows"),
    "audit": ("library", "audit_rows"),
    "periods": ("calendar_plan", "period_rows"),
    "readiness": ("programme", "readiness_rows"),
    "clicks": ("clicks", "click_rows"),
    "nbval": ("validation", "validation_rows"),
    "vendors": ("vendors", "vendor_rows"),
    "streaming": ("streaming", "streaming_rows"),
    "spark": ("vendors_spark", "spark_rows"),
    "engine": ("rule_engine", "engine_rows"),
}
PACKAGES = (
    *("soclib", "jupyterlab", "ipywidgets", "anywidget", "ipykernel", "pandas", "nbval"),
    *("narwhals", "polars", "pyarrow", "pyspark", "zen-engine"),
)


def facts() -> str:
    """Return what the numbers depend on, without naming the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    machine = f"{cores} cores ({platform.machine()}), {platform.system()}{load}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return f"{machine}\n{python}, {packages}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def measure(part: str) -> list[Row]:
    """Return the rows of one part, or one that says why it could not be measured."""
    print(f"measuring {part}", file=sys.stderr, flush=True)
    module, function = PARTS[part]
    try:
        return list(getattr(importlib.import_module(module), function)())
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - pytest.fail() in the fixtures raises no Exception
        return [Row(part, f"not measured: {type(error).__name__}: {error}", "")]


def main(arguments: list[str]) -> int:
    """Measure the parts asked for, or all; print the table; return 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    asked = parser.parse_args(arguments)
    if strangers := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strangers))}; use {', '.join(PARTS)}")
    about = facts()
    rows = [row for part in PARTS if part in (asked.parts or PARTS) for row in measure(part)]
    print(about, table(rows), sep="\n\n")
    if asked.json:
        content = {"facts": about.splitlines(), "rows": [row.plain() for row in rows]}
        asked.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

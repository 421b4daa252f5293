"""Work in a process of its own: what it holds is gone afterwards, and its peak is its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


def apart(act: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """Return what a function of some module gives, called in a fresh interpreter."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return pool.submit(act, *given, **named).result()


def peak_memory() -> int:
    """Return the most memory that this process ever held, in bytes.

    Linux tells it of this program alone; the number of ``getrusage`` begins with the parent's.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [text for text in status.read_text().splitlines() if text.startswith("VmHWM")]
        return int(line.split()[1]) * 1024
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return usage if sys.platform == "darwin" else usage * 1024

"""Write the invented vendor lists that a notebook reads; the same seed gives the same files.

    python scripts/invent_vendors.py

Nothing in them is about a real company. Shares and spend are made up, so that every verdict, every
spelling and every kind of gap of a real spreadsheet is there.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "notebooks" / "examples"
VENDORS, STAKED = 3000, 40
HEADER = (
    *("Vendor", "Segment", "Annual spend", "Financial impact?", "Auditor relies on it"),
    *("Transactions", "Our data", "Security review", "Privileged access", "Uptime critical"),
    *("On-prem software", "Card data"),
)
# Per segment: its weight, usual spend, and the chance of a yes per question, in order.
SEGMENTS = {
    "Payroll and benefits": (6, 300, (0.97, 0.8, 0.97, 0.98, 0.5, 0.1, 0.5, 0.0, 0.05)),
    "Payments and billing": (7, 500, (0.9, 0.6, 0.95, 0.9, 0.6, 0.1, 0.8, 0.02, 0.7)),
    "Finance systems": (8, 400, (0.85, 0.7, 0.6, 0.9, 0.6, 0.3, 0.7, 0.15, 0.1)),
    "Cloud and hosting": (12, 700, (0.1, 0.2, 0.03, 0.95, 0.8, 0.5, 0.95, 0.0, 0.1)),
    "Workplace software": (25, 80, (0.05, 0.02, 0.03, 0.85, 0.5, 0.1, 0.4, 0.1, 0.02)),
    "IT services": (12, 200, (0.05, 0.05, 0.02, 0.6, 0.5, 0.9, 0.3, 0.05, 0.02)),
    "Marketing": (12, 60, (0.02, 0.0, 0.05, 0.45, 0.15, 0.05, 0.05, 0.02, 0.03)),
    "Facilities and goods": (18, 90, (0.02, 0.0, 0.02, 0.05, 0.02, 0.05, 0.1, 0.0, 0.02)),
}
SPELT = {
    True: ("yes", "Y", "ja", "x", "TRUE"),
    False: ("no", "N", "nein", "FALSE", "0"),
    None: ("n.a.", "?", "unknown", "not sure", "tbd"),
}
FIRST = ("Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper")
SECOND = ("Field", "Forge", "Gate", "Hill", "Line", "Mark", "Point", "Ridge", "Stone", "Works")
PEOPLE = ("Finance", "Security", "Business owner")


def name(number: int) -> str:
    """Return the name of an invented vendor."""
    return f"{FIRST[number % 10]} {SECOND[number // 10 % 10]} {number:04d}"


def said(rng: random.Random, chance: float, blank: float, unsure: float) -> str:
    """Return one cell: left blank, not known, or an answer in one of its spellings."""
    if rng.random() < blank:
        return ""
    truth = None if rng.random() < unsure else rng.random() < chance
    weights = (6, 2, 1, 1, 1)
    return rng.choices(SPELT[truth], weights)[0]


def vendor(rng: random.Random, number: int) -> list[str]:
    """Return one row of the list."""
    weights = [weight for weight, _spend, _chances in SEGMENTS.values()]
    segment = rng.choices(list(SEGMENTS), weights)[0]
    _weight, spend, chances = SEGMENTS[segment]
    cells = [said(rng, chance, 0.12, 0.06) for chance in chances]
    return [name(number), segment, str(int(rng.lognormvariate(0, 0.8) * spend)), *cells]


def views(rng: random.Random, row: list[str]) -> list[list[str]]:
    """Return how several people answer for one vendor, each knowing another part of it."""
    _weight, _spend, chances = SEGMENTS[row[1]]
    truth = [rng.random() < chance for chance in chances]
    sure = {"Finance": (0, 1, 2), "Security": (3, 4, 5, 8), "Business owner": (2, 3, 6, 7)}
    found = []
    for who in PEOPLE:
        cells = []
        for place, fact in enumerate(truth):
            if place in sure[who]:
                cells.append(SPELT[fact if rng.random() > 0.12 else not fact][0])  # noqa: PLR2004
            else:
                cells.append(rng.choice(("", "", "not sure", SPELT[fact][0])))
        found.append([row[0], who, *cells])
    return found


def write(path: Path, header: tuple[str, ...], rows: list[list[str]]) -> None:
    """Write one list."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])


def main() -> None:
    """Write both lists."""
    rng = random.Random(20261125)  # noqa: S311 - no secret, and the same files every time
    rows = [vendor(rng, number) for number in range(VENDORS)]
    write(FOLDER / "vendors.csv", HEADER, rows)
    staked = [line for row in rows[:STAKED] for line in views(rng, row)]
    write(FOLDER / "stakeholders.csv", ("Vendor", "Who", *HEADER[3:]), staked)


if __name__ == "__main__":
    main()

"""Two reports, one programme: a SOC 1 and a SOC 2 period aligned, so that evidence counts once.

What runs in the days that both periods share is tested once and serves both reports (see
``evidence_window`` for how many operations that are); ``data/shared_evidence.csv`` says which
evidence that can be, and what each report needs of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import NamedTuple

from soclib.basis import Basis, Note, basis
from soclib.covering import Candidate
from soclib.dates import Day, PeriodError, full_months
from soclib.model import VOICES, Catalog
from soclib.period_records import SharedEvidence
from soclib.planning import Plan
from soclib.readings import slack_end
from soclib.year_ends import given, read_days

Span = tuple[date, date]


class Alignment(NamedTuple):
    """A SOC 1 and a SOC 2 period side by side; ``shared`` is None where they have no common day.

    Days are counted with both ends, months whole. ``once`` is the evidence that the shared days
    give to both reports, ``own`` what each report needs of its own, and ``each`` what both need,
    each for itself. ``note`` says it in one sentence.
    """

    soc1: Span
    soc2: Span
    shared: Span | None
    shared_days: int
    shared_months: int
    soc1_only_days: int
    soc2_only_days: int
    once: tuple[SharedEvidence, ...]
    own: Mapping[str, tuple[SharedEvidence, ...]]
    each: tuple[SharedEvidence, ...]
    note: Note


def align(
    soc1: tuple[Day, Day],
    soc2: tuple[Day, Day],
    *,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Alignment:
    """Return what a SOC 1 and a SOC 2 period share, each given by its first and last day.

    Raises ``PeriodError`` that lists every fault.
    """
    by = basis(voice=voice, catalog=catalog)
    spans = []
    faults: list[str] = []
    for name, (start, end) in (("soc1", soc1), ("soc2", soc2)):
        try:
            days = read_days(
                {"start": start, "end": end},
                needed=("start", "end"),
                longest=by.limits["longest_period"],
            )
            spans.append((given(days, "start"), given(days, "end")))
        except PeriodError as error:
            faults += [f"{name} {fault}" for fault in error.faults]
    if faults:
        raise PeriodError(faults)
    return _aligned(by, spans[0], spans[1])


def align_plans(
    soc1: Plan, soc2: Plan, *, voice: str = VOICES[0], catalog: Catalog | None = None
) -> Alignment:
    """Return the two periods that share most days among those that serve as well as the best.

    Every pair of candidates is tried whose counts and missed deadlines equal those of the best one
    of their plan; of equally good pairs the one that is delivered first is taken.
    """
    by = basis(voice=voice, catalog=catalog)
    pairs = product(_as_good(soc1), _as_good(soc2))
    one, two = min(pairs, key=lambda pair: _rank(*pair))
    return _aligned(by, (one.start, one.end), (two.start, two.end))


def _as_good(plan: Plan) -> list[Candidate]:
    def worth(candidate: Candidate) -> tuple[object, ...]:
        return candidate.counts, candidate.late, candidate.late_weight, candidate.missed

    best = worth(plan.candidates[0])
    return [candidate for candidate in plan.candidates if worth(candidate) == best]


def _rank(one: Candidate, two: Candidate) -> tuple[int, date, date, int, date, date]:
    shared = _days(max(one.start, two.start), min(one.end, two.end))
    last = max(one.ready_on, two.ready_on)
    union = one.months + two.months
    return -shared, last, min(one.ready_on, two.ready_on), -union, one.start, two.start


def _days(first: date, last: date) -> int:
    return max((last - first).days + 1, 0)


def _aligned(by: Basis, soc1: Span, soc2: Span) -> Alignment:
    first, last = max(soc1[0], soc2[0]), min(soc1[1], soc2[1])
    shared = _days(first, last)
    months = full_months(first, slack_end(last, by.limits["calendar_slack"])) if shared else 0
    only = [_days(*soc1) - shared, _days(*soc2) - shared]
    rows = by.catalog.periods.shared_evidence
    note_id = "align_same" if shared and not any(only) else "align_part" if shared else "align_none"
    words = {"days": by.days(shared), "soc1": by.days(only[0]), "soc2": by.days(only[1])}
    return Alignment(
        soc1=soc1,
        soc2=soc2,
        shared=(first, last) if shared else None,
        shared_days=shared,
        shared_months=months,
        soc1_only_days=only[0],
        soc2_only_days=only[1],
        once=tuple(row for row in rows if row.counted == "once") if shared else (),
        own={name: tuple(r for r in rows if r.counted == name) for name in ("soc1", "soc2")},
        each=tuple(row for row in rows if row.counted == "each"),
        note=by.note(note_id, **words),
    )

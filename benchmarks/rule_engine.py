"""One decision by our tables and by a rule engine in common use, GoRules' zen-engine.

The engine gets the square of SOC 1 and SOC 2 the way its users write one: first hit wins, a last
row for all else. It is called both ways that its Python package offers; the faster one counts.
Contradictions are left out of its table, which only makes it faster. "Same work" is the status of
SOC 1 and SOC 2 from a dict of answers on both sides, or from many such answers in one call.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from library import empty_caches
from rows import Row, at_least, at_most

import soclib
from soclib.catalog import Catalog
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict import logic
from soclib.verdict.logic import bits
from soclib.verdict.tables import VERDICT, Outcome, Report

REPORTS = ("soc1", "soc2")
CASES = 2000
BATCH = 5_000_000
ROUNDS = 7
SEED = 6
TIMES_FASTER = 50
TRUTH = (True, False, None)
WORDS = {True: YES, False: NO, None: UNKNOWN}
SIGNS = {1: YES, 0: UNKNOWN, -1: NO}

Answers = dict[str, bool]  # what is not known is missing
Claim = tuple[str, str]  # subject and demand: yes, no or unknown
Judge = Callable[[Answers], Claim]


def engine_rows() -> list[Row]:
    """Return what one decision costs on both sides, and how often each is sure without grounds."""
    catalog = soclib.load_catalog()
    reports = _reports(catalog)
    zen = Zen(catalog, reports)
    cases = list(made_up(catalog))
    disagreeing = sum(
        zen.statuses(case) != statuses(catalog, reports, case) for case in whole(cases)
    )
    return [
        *_time_rows(catalog, reports, zen, cases),
        *_certainty_rows(catalog, reports[0], zen),
        Row("engine", "complete cases without contradiction on which both differ", disagreeing),
    ]


# --- the same table for the engine ---------------------------------------------------------------


class Zen:
    """The engine with one table per report, in one graph."""

    def __init__(self, catalog: Catalog, reports: Sequence[Report]) -> None:
        import zen  # noqa: PLC0415 - an extra

        self.reports = reports
        self.graph = graph(catalog, reports)
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"soc": self.graph}}})
        self.decision = zen.ZenEngine().create_decision(json.dumps(self.graph))

    def statuses(self, answers: Answers) -> dict[str, str]:
        """Return the status of each report, by a table that the engine compiled and keeps."""
        found: dict[str, str] = self.engine.evaluate("soc", answers)["result"]
        return found

    def statuses_of_decision(self, answers: Answers) -> dict[str, str]:
        """Return the same from a decision made of the text of the graph."""
        found: dict[str, str] = self.decision.evaluate(answers)["result"]
        return found

    def batch(self, cases: Sequence[Answers]) -> list[Any]:
        """Return the same for many cases in one call."""
        asked = [{"key": "soc", "context": case} for case in cases]
        return [found["data"]["result"] for found in self.engine.evaluate_batch(asked)]


def graph(catalog: Catalog, reports: Sequence[Report]) -> dict[str, Any]:
    """Return the tables as the engine's own JSON: in, a table per report, out."""
    tables = [_table_node(catalog, report) for report in reports]
    ends = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    pairs = [pair for t in tables for pair in (("in", t["id"]), (t["id"], "out"))]
    edges = [
        {"id": f"{one}-{two}", "sourceId": one, "targetId": two, "type": "edge"}
        for one, two in pairs
    ]
    nodes = [node | {"position": {"x": 0, "y": 0}} for node in (*ends, *tables)]
    return {"nodes": nodes, "edges": edges}


def _table_node(catalog: Catalog, report: Report) -> dict[str, Any]:
    ids = {c.bit: c.criterion_id for c in catalog.part(VERDICT).criteria}
    mask = report.subject.mask | report.demand.mask
    inputs = [{"id": ids[bit], "name": ids[bit], "field": ids[bit]} for bit in bits(mask)]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "status", "name": "status", "field": report.report_id}],
        "rules": list(_rows(report, [ids[bit] for bit in bits(mask)], ids)),
    }
    name = report.report_id
    return {"id": name, "type": "decisionTableNode", "name": name, "content": content}


def _rows(
    report: Report, columns: Sequence[str], ids: Mapping[int, str]
) -> Iterator[dict[str, str]]:
    """Yield subject with demand, subject alone, demand alone, and all else."""
    subjects, demands = (_cells(o, ids) for o in (report.subject, report.demand))
    both = [one | two for one in subjects for two in demands]
    kinds = ((both, (1, 1)), (subjects, (1, -1)), (demands, (-1, 1)), ([{}], (-1, -1)))
    for rows, place in kinds:
        for row in rows:
            blank = dict.fromkeys(columns, "")
            status = json.dumps(report.square[place].status_id)
            yield {"_id": f"{place}{row}", **blank, **row, "status": status}


def _cells(outcome: Outcome, ids: Mapping[int, str]) -> list[dict[str, str]]:
    return [
        {ids[b]: "true" for b in bits(rule.yes)} | {ids[b]: "false" for b in bits(rule.no)}
        for rule in outcome.rules
    ]


# --- the same work by our tables -----------------------------------------------------------------


def masks(catalog: Catalog, answers: Mapping[str, bool]) -> tuple[int, int]:
    """Return known answers as two masks; what is missing is unknown here, not assumed."""
    places = _places(catalog)
    yes = no = 0
    for name, answer in answers.items():
        if answer:
            yes |= places[name]
        else:
            no |= places[name]
    return yes, no


@lru_cache(maxsize=1)
def _places(catalog: Catalog) -> dict[str, int]:
    mask = sum({bit for r in _reports(catalog) for bit in bits(r.subject.mask | r.demand.mask)})
    return {c.criterion_id: c.bit for c in catalog.part(VERDICT).criteria if c.bit & mask}


def _reports(catalog: Catalog) -> list[Report]:
    return [report for report in catalog.part(VERDICT).reports if report.report_id in REPORTS]


def statuses(catalog: Catalog, reports: Sequence[Report], answers: Answers) -> dict[str, str]:
    """Return the status of each report: the same work as the engine's."""
    yes, no = masks(catalog, answers)
    return {r.report_id: logic.standing(r, yes, no).cell.status_id for r in reports}


def made_up(catalog: Catalog) -> Iterator[Answers]:
    """Yield distinct cases, from hardly any answers to nearly all, the same in every run."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    names = list(_places(catalog))
    seen = set()
    while len(seen) < CASES:
        share = chance.random()
        case = {name: chance.random() < 0.5 for name in names if chance.random() < share}  # noqa: PLR2004
        if (key := tuple(case.items())) not in seen:
            seen.add(key)
            yield case


def whole(cases: Sequence[Answers]) -> Iterator[Answers]:
    """Yield the cases completed with no, those left out that contradict themselves."""
    catalog = soclib.load_catalog()
    against = catalog.part(VERDICT).of_kind("contradiction")
    for case in cases:
        full = {name: case.get(name, False) for name in _places(catalog)}
        if all(logic.value(o, *masks(catalog, full)) != 1 for o in against):
            yield full


# --- time ----------------------------------------------------------------------------------------


def _time_rows(
    catalog: Catalog, reports: Sequence[Report], zen: Zen, cases: list[Answers]
) -> list[Row]:
    """Return times per decision, all sides in turn, the best and the median round of each."""
    worded = [{key: WORDS[answer] for key, answer in case.items()} for case in cases]
    frame = framed(catalog, cases)

    def ours(case: Answers) -> object:
        return statuses(catalog, reports, case)

    def decided(case: dict[str, str]) -> object:
        return soclib.decide(case, catalog=catalog)

    def reasoned(case: dict[str, str]) -> object:
        decision = soclib.decide(case, catalog=catalog)
        return [decision.reasons(report.report_id) for report in reports]

    sides: dict[str, Callable[[], float]] = {
        "ours": lambda: _each(ours, cases),
        "again": lambda: _each(ours, cases, empty=False),
        "decide": lambda: _each(decided, worded),
        "reasons": lambda: _each(reasoned, worded),
        "kept": lambda: _each(zen.statuses, cases),
        "basic": lambda: _each(zen.statuses_of_decision, cases),
        "zen batch": lambda: _once(lambda: zen.batch(cases), len(cases)),
        "classify": lambda: _once(lambda: soclib.classify(frame, catalog=catalog), len(frame)),
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, measure in sides.items():
            times[name].append(measure())
    return list(_ratios({name: min(found) for name, found in times.items()}, times))


def framed(catalog: Catalog, cases: Sequence[Answers]) -> Any:  # noqa: ANN401 - a Polars frame
    """Return the cases, over and over, as one frame of a column per criterion."""
    import polars as pl  # noqa: PLC0415 - an extra

    columns = {name: [case.get(name) for case in cases] for name in _places(catalog)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Boolean))
    return pl.concat([frame] * (BATCH // len(cases)), rechunk=True)


def _each(act: Callable[[Any], object], cases: Sequence[Any], *, empty: bool = True) -> float:
    """Return the microseconds of one case; caches are emptied first, or know every case."""
    if empty:
        empty_caches()
        act(cases[0])
    start = time.perf_counter()
    for case in cases:
        act(case)
    return (time.perf_counter() - start) / len(cases) * 1e6


def _once(act: Callable[[], object], count: int) -> float:
    """Return the microseconds of one case where one call decides many."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) / count * 1e6


SAID = {
    "basic": "zen-engine, create_decision (its basic usage)",
    "kept": "zen-engine, compiled table kept (its fastest)",
    "zen batch": f"zen-engine, evaluate_batch of {CASES:,}",
    "ours": "our two statuses",
    "again": "our two statuses, cases seen before",
    "decide": "decide: three statuses, path, categories",
    "reasons": "decide with reasons",
    "classify": f"classify of {BATCH:,} rows, all columns",
}
SAME = (("basic", "ours"), ("kept", "ours"), ("zen batch", "classify"))
OTHER = (("kept", "again"), ("basic", "decide"), ("basic", "reasons"), ("kept", "reasons"))


def _ratios(best: Mapping[str, float], times: Mapping[str, list[float]]) -> Iterator[Row]:
    for theirs, ours in (*SAME, *OTHER):
        target = at_least(TIMES_FASTER) if (theirs, ours) in SAME else None
        what = f"{SAID[theirs]} / {SAID[ours]}"
        yield Row("engine", what, best[theirs] / best[ours], "x", target)
    for name, found in times.items():
        what = f"{SAID[name]}: best (median {statistics.median(found):.2f}) of {ROUNDS}"
        yield Row("engine", what, best[name], "us")


# --- certainty -----------------------------------------------------------------------------------


def _certainty_rows(catalog: Catalog, report: Report, zen: Zen) -> list[Row]:
    """Return how many partial states of SOC 1 get a sure answer that a further answer refutes."""
    ids = {c.bit: c.criterion_id for c in catalog.part(VERDICT).criteria}
    names = [ids[bit] for bit in bits(report.mask)]
    places = {cell.status_id: place for place, cell in report.square.items() if 0 not in place}
    told = {status: (SIGNS[one], SIGNS[two]) for status, (one, two) in places.items()}

    def by_zen(answers: Answers) -> Claim:
        return told[zen.statuses(answers)[report.report_id]]

    def by_us(answers: Answers) -> Claim:
        at = logic.standing(report, *masks(catalog, answers))
        return SIGNS[0 if at.contradicted else at.subject], SIGNS[at.demand]

    rows = []
    for name, judge, target in (("zen-engine", by_zen, None), ("ours", by_us, at_most(0))):
        states, not_settled, wrong = unfounded(names, judge)
        rows += [
            Row(
                "engine",
                f"{name}: of {not_settled:,} unsettled states of {states:,}, a sure yes or no",
                wrong,
                "states",
                target,
            )
        ]
    return rows


def unfounded(names: Sequence[str], judge: Judge) -> tuple[int, int, int]:
    """Return how many states there are, are unsettled, and are yet called yes or no.

    Settled by the judge's own word: subject and demand are what it says of every completion.
    """
    possible: dict[tuple[bool | None, ...], tuple[set[str], set[str]]] = {}
    states = not_settled = wrong = 0
    for row in sorted(product(TRUTH, repeat=len(names)), key=lambda row: row.count(None)):
        claim = judge({k: a for k, a in zip(names, row, strict=True) if a is not None})
        if None in row:
            at = row.index(None)
            yes, no = (possible[*row[:at], answer, *row[at + 1 :]] for answer in (True, False))
            found = (yes[0] | no[0], yes[1] | no[1])
        else:
            found = ({claim[0]}, {claim[1]})
        possible[row] = found
        still = [len(values - {UNKNOWN}) > 1 for values in found]
        states += 1
        not_settled += any(still)
        sure = [said != UNKNOWN for said in claim]
        wrong += any(a and b for a, b in zip(still, sure, strict=True))
    return states, not_settled, wrong

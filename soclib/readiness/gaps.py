"""What a programme lacks for a Type 1 and for a Type 2: who owes it, by when, and why it matters.

What can be missing is a row of ``readiness_findings.csv``; here stands only how it is noticed.
Nothing is scored: a finding is there, or it is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import ONE_DAY, add_months
from soclib.periods.evidence import DEPENDS, Control, evidence_window
from soclib.periods.rules import PeriodRules, period_rules
from soclib.periods.tables import PERIODS, Cadence
from soclib.readiness.items import Item, Values
from soclib.readiness.tables import READINESS
from soclib.tables.rows import NO, VOICES, listed
from soclib.trust.tables import TRUST
from soclib.words import fill

WEEK = timedelta(days=7)


class Span(NamedTuple):
    """Some days, the first and the last of them included."""

    first: date
    last: date


class Runs(NamedTuple):
    """How many runs are over by a day, how many of them lack evidence, and the first of those."""

    over: int
    missing: int
    first_missing: Span | None


def evidence_span(values: Values) -> Span | None:
    """Return the days that evidence speaks of: the period that it covers, or else its date."""
    return _span(values["covers_from"], values["covers_to"], values["dated"])


@lru_cache(maxsize=65536)
def _span(covers_from: str, covers_to: str, dated: str) -> Span | None:
    first, last = covers_from or covers_to or dated, covers_to or covers_from or dated
    return Span(day_of(first), day_of(last)) if first else None


@lru_cache(maxsize=4096)
def day_of(text: str) -> date:
    """Return a day that was checked when it was written."""
    return date.fromisoformat(text)


def since(spans: Iterable[Span], day: date) -> list[Span]:
    """Return what spans say of the time from a day on."""
    return [
        span if span.first >= day else Span(day, span.last) for span in spans if span.last >= day
    ]


def meets(one: Span, other: Span) -> bool:
    """Return whether two spans share a day."""
    return one.first <= other.last and other.first <= one.last


@lru_cache(maxsize=256)
def slots(unit: str, every: int, first: date, last: date) -> tuple[Span, ...]:
    """Return the stretches of a period in which one run each is expected; a rest is no stretch."""
    found: list[Span] = []
    while (after := _after(unit, every * (len(found) + 1), first)) - ONE_DAY <= last:
        found.append(Span(_after(unit, every * len(found), first), after - ONE_DAY))
    return tuple(found)


def _after(unit: str, count: int, first: date) -> date:
    return add_months(first, count) if unit == "month" else first + WEEK * count


def runs(cadence: Cadence, period: Span, spans: Sequence[Span], today: date) -> Runs:
    """Return which of the stretches that ended before today lack evidence of their run."""
    found = slots(cadence.unit, cadence.every, period.first, period.last)
    firsts = [slot.first for slot in found]
    over = sum(slot.last < today for slot in found)
    met: set[int] = set()
    for span in spans:
        if found and span.first <= found[-1].last and span.last >= firsts[0]:
            start = max(bisect_right(firsts, span.first) - 1, 0)
            met.update(range(start, bisect_right(firsts, span.last)))
    missing = [number for number in range(over) if number not in met]
    return Runs(over, len(missing), found[missing[0]] if missing else None)


def uncovered(period: Span, spans: Iterable[Span], months: int) -> Span | None:
    """Return the first stretch of a period, longer than so many months, without any evidence."""
    start, after = period.first, period.last + ONE_DAY
    for span in (*sorted(spans), Span(after, after)):
        edge = min(span.first, after)
        if start < edge and add_months(start, months) < edge:
            return Span(start, edge - ONE_DAY)
        start = max(start, span.last + ONE_DAY)
    return None


# --- what controls lack ---------------------------------------------------------------------------


TYPE_1, TYPE_2 = "type_1", "type_2"
WITHOUT_SLOTS = ("continuous", "day", "workday", "event")


class Finding(NamedTuple):
    """Something that is missing: for which types, of what, who owes it, by when, and why.

    ``owes`` is blank where nobody is named. ``due`` holds the last day by type, None where no day
    is set; ``lost`` names the types for which no later work mends it.
    """

    finding_id: str
    kind: str
    item_id: str
    bases: tuple[str, ...]
    owes: str
    due: Mapping[str, date | None]
    text: str
    why: str
    lost: tuple[str, ...]
    source_ids: tuple[str, ...]


class Scope(NamedTuple):
    """What a programme is for; days are None where they are not set."""

    side: str
    report_id: str
    bases: tuple[str, ...]
    start: date | None
    end: date | None
    as_of: date | None

    @property
    def period(self) -> Span | None:
        """Return the period of the Type 2, where both of its days are set."""
        return Span(self.start, self.end) if self.start and self.end else None


class Judge(NamedTuple):
    """What findings are judged by."""

    scope: Scope
    today: date
    by: PeriodRules

    def finding(
        self,
        finding_id: str,
        item: Item,
        bases: Iterable[str],
        owes: str,
        *,
        run: date | None = None,
        **parts: str,
    ) -> Finding:
        """Return a finding with its words filled in; ``run`` is the day by which a run is due."""
        rule = self.by.catalog.part(READINESS).findings[finding_id]
        due = {name: self._due(rule.by, name, run) for name in rule.types}
        return Finding(
            finding_id,
            item.kind,
            item.item_id,
            tuple(bases),
            owes,
            due,
            fill(rule.text[self.scope.side], parts),
            rule.why,
            tuple(name for name, day in due.items() if rule.lost_after and self._is_over(day)),
            rule.provenance.source_ids,
        )

    def _due(self, by: str, type_id: str, run: date | None) -> date | None:
        """Return the day by which something is due for one type; None where no day is set."""
        last = self.scope.end if by == "end" else self.scope.start
        days = {TYPE_1: self.scope.as_of, TYPE_2: last}
        return {"run": run, "never": None}.get(by, days[type_id])

    def _is_over(self, day: date | None) -> bool:
        return day is None or day < self.today


def scope_of(values: Values, catalog: Catalog) -> Scope:
    """Return what a programme is for: its criteria, or its control objectives."""
    trust = catalog.part(TRUST)
    categories, services = listed(values["categories"]), listed(values["services"])
    wanted = {*categories, trust.common} if categories else set()
    criteria = [c.tsc_id for c in trust.criteria.values() if c.category_id in wanted]
    objectives = [o.objective_id for o in trust.objectives.values() if o.service_id in services]
    named = ("period_start", "period_end", "as_of")
    days = [day_of(values[name]) if values[name] else None for name in named]
    return Scope(values["side"], values["report_id"], (*criteria, *objectives), *days)


def judge(scope: Scope, today: date, catalog: Catalog) -> Judge:
    """Return what findings of a programme are judged by."""
    voice = scope.side or VOICES[0]
    return Judge(scope, today, period_rules(report=scope.report_id, voice=voice, catalog=catalog))


# --- controls -------------------------------------------------------------------------------------


def control_findings(by: Judge, control: Item, evidence: Sequence[Item]) -> Iterator[Finding]:
    """Yield what one control lacks; a prompt that nobody answered yet lacks nothing by itself."""
    cells = control.values
    bases = (cells["basis_id"],)
    status = by.by.catalog.part(READINESS).statuses[cells["status_id"]]
    if status.status_id == "not_applicable":
        if not cells["note"]:
            yield by.finding("no_reason", control, bases, cells["owner"])
        return
    if not cells["control"]:
        return
    dated = [(one, evidence_span(one.values)) for one in evidence]
    yield from evidence_findings(by, control, bases, dated)
    if not cells["owner"]:
        yield by.finding("no_owner", control, bases, "", usual=usual_owner(by, cells))
    if status.status_id == "not_started":
        yield by.finding("not_designed", control, bases, cells["owner"])
        return
    if status.status_id == "designed":
        yield by.finding("not_operating", control, bases, cells["owner"])
        return
    spans = [span for _one, span in dated if span]
    if cells["started"]:
        spans = since(spans, day_of(cells["started"]))
    yield from _on_the_date(by, control, spans)
    yield from _over_the_period(by, control, spans)


def usual_owner(by: Judge, cells: Values) -> str:
    """Return the role that usually owns a control, from the prompt that asked for it."""
    prompts = by.by.catalog.part(TRUST).prompts.get(cells["basis_id"], ())
    owners = [p.owner for p in prompts if p.prompt_id == cells["prompt_id"]]
    return (owners or [p.owner for p in prompts] or [""])[0]


def evidence_findings(
    by: Judge, item: Item, bases: Sequence[str], evidence: Iterable[tuple[Item, Span | None]]
) -> Iterator[Finding]:
    """Yield the evidence of an item, each with its days, that says neither when nor where."""
    owner = item.values["owner"]
    for one, span in evidence:
        cells = one.values
        if span and span.last <= by.today and cells["place"]:
            continue
        place = cells["place"] or one.item_id
        if span is None:
            yield by.finding("evidence_without_date", one, bases, owner, place=place)
        elif span.last > by.today:
            day = span.last.isoformat()
            yield by.finding("evidence_to_come", one, bases, owner, place=place, day=day)
        if not cells["place"]:
            dated = cells["dated"] or cells["covers_from"] or one.item_id
            yield by.finding("evidence_without_place", one, bases, owner, dated=dated)


def _on_the_date(by: Judge, control: Item, spans: Sequence[Span]) -> Iterator[Finding]:
    """Yield what keeps a Type 1 from saying that the control is in place."""
    cells, as_of = control.values, by.scope.as_of
    if as_of is None:
        return
    bases, owner = (cells["basis_id"],), cells["owner"]
    if cells["started"] and day_of(cells["started"]) > as_of:
        yield by.finding("not_implemented_by_date", control, bases, owner, started=cells["started"])
    if not any(span.first <= as_of for span in spans):
        yield by.finding("no_first_evidence", control, bases, owner, as_of=as_of.isoformat())


def _over_the_period(by: Judge, control: Item, spans: Sequence[Span]) -> Iterator[Finding]:
    """Yield what keeps a Type 2 from saying that the control operated throughout."""
    cells, period = control.values, by.scope.period
    bases, owner = (cells["basis_id"],), cells["owner"]
    if not cells["started"]:
        yield by.finding("no_start", control, bases, owner)
    if not cells["cadence_id"]:
        yield by.finding("no_cadence", control, bases, owner)
    if period is None or not cells["cadence_id"]:
        return
    first = max(day_of(cells["started"]), period.first) if cells["started"] else period.first
    if _misses_a_run(by, cells["cadence_id"], Span(period.first, first)):
        missed = min((first - period.first).days, (period.last - period.first).days + 1)
        days = by.by.days(missed)
        started = cells["started"]
        yield by.finding("started_late", control, bases, owner, started=started, days=days)
    if first <= period.last:
        yield from _operations(by, control, Span(first, period.last), spans)


def _misses_a_run(by: Judge, cadence_id: str, before: Span) -> bool:
    """Return whether a control that starts on the last day of a span misses a run before it."""
    cadence = by.by.catalog.part(PERIODS).cadences[cadence_id]
    if cadence.unit == "month":
        return add_months(before.first, cadence.every) <= before.last
    return before.last > before.first


def _operations(by: Judge, control: Item, period: Span, spans: Sequence[Span]) -> Iterator[Finding]:
    """Yield the operations of a period that leave no trace."""
    cells = control.values
    cadence = by.by.catalog.part(PERIODS).cadences[cells["cadence_id"]]
    bases, owner = (cells["basis_id"],), cells["owner"]
    shown = _shown(by.by.catalog, cadence.cadence_id, period)
    if shown in (NO, DEPENDS) and not any(meets(span, period) for span in spans):
        finding = "cannot_occur" if shown == NO else "may_not_occur"
        yield by.finding(finding, control, bases, owner, cadence=cadence.label)
    elif cadence.unit in WITHOUT_SLOTS:
        yield from _bare_stretch(by, control, period, spans)
    else:
        yield from _missing_runs(by, control, period, spans)


def _bare_stretch(
    by: Judge, control: Item, period: Span, spans: Sequence[Span]
) -> Iterator[Finding]:
    """Yield the first stretch so far that no evidence, or no list of events, covers.

    A stretch may be as long as the threshold while the period runs. When it is over, only a control
    that has a state and no operations may leave days between its evidence.
    """
    cells = control.values
    unit = by.by.catalog.part(PERIODS).cadences[cells["cadence_id"]].unit
    so_far = Span(period.first, min(period.last, by.today))
    allowed = unit == "continuous" or by.today <= period.last
    most = by.by.limits["evidence_stretch_longest"] if allowed else 0
    if so_far.first <= so_far.last and (bare := uncovered(so_far, spans, most)):
        finding = "no_population" if unit == "event" else "days_without_evidence"
        days = {"first": bare.first.isoformat(), "last": bare.last.isoformat()}
        bases = (cells["basis_id"],)
        yield by.finding(finding, control, bases, cells["owner"], run=bare.last, **days)


def _missing_runs(
    by: Judge, control: Item, period: Span, spans: Sequence[Span]
) -> Iterator[Finding]:
    """Yield how many of the runs that are over leave no trace."""
    cells = control.values
    found = runs(by.by.catalog.part(PERIODS).cadences[cells["cadence_id"]], period, spans, by.today)
    if found.first_missing:
        first, last = found.first_missing
        said = {"missing": str(found.missing), "due": str(found.over)}
        said["first"] = f"{first.isoformat()} to {last.isoformat()}"
        finding, bases = "runs_without_evidence", (cells["basis_id"],)
        yield by.finding(finding, control, bases, cells["owner"], run=last, **said)


@lru_cache(maxsize=4096)
def _shown(catalog: Catalog, cadence_id: str, period: Span) -> str:
    """Return whether a period can show a control of this rhythm at all."""
    control = Control(cadence_id, cadence_id)
    return evidence_window([control], *period, catalog=catalog).rows[0].shown


# --- what no control meets ------------------------------------------------------------------------


def bare_bases(by: Judge, controls: Iterable[Item], others: Iterable[Item]) -> Iterator[Finding]:
    """Yield the criteria and objectives in scope for which no control is written down.

    Where a subservice organization's report covers a part, a prompt that is set aside with its
    reason says that nothing else is left to run.
    """
    written, aside = set[str](), set[str]()
    for one in controls:
        cells = one.values
        if cells["status_id"] == "not_applicable":
            aside |= {cells["basis_id"]} if cells["note"] else set()
        elif cells["control"]:
            written.add(cells["basis_id"])
    covered = {
        basis_id
        for one in others
        if one.values["status_id"] == "covered"
        for basis_id in listed(one.values["hangs_on"])
    }
    for basis_id in by.scope.bases:
        if basis_id in written or basis_id in covered & aside:
            continue
        finding = "leans_alone" if basis_id in covered else "no_control"
        usual = usual_owner(by, {"basis_id": basis_id, "prompt_id": ""})
        yield by.finding(finding, Item("basis", basis_id, 0, {}), (basis_id,), "", usual=usual)


# --- controls that others run ---------------------------------------------------------------------


def complementary_findings(by: Judge, item: Item, evidence: Sequence[Item]) -> Iterator[Finding]:
    """Yield what a complementary control lacks, from the side of the programme.

    One that hangs on nothing in scope lacks nothing.
    """
    cells = item.values
    bases = tuple(one for one in listed(cells["hangs_on"]) if one in by.scope.bases)
    owner, status = cells["owner"], cells["status_id"]
    if not bases and cells["hangs_on"]:
        return
    simple = {
        "undecided": "cuec_undecided",
        "assumed": "cuec_not_told",
        "not_looked_at": "cuec_not_looked_at",
        "not_in_place": "cuec_not_in_place",
        "not_read": "csoc_not_read",
        "not_covered": "csoc_not_covered",
    }
    if status in simple:
        yield by.finding(simple[status], item, bases, owner)
    set_aside = ("not_needed", "feature_not_used", "csoc_not_needed")
    if status in set_aside and not cells["note"]:
        yield by.finding("cuec_no_reason", item, bases, owner)
    if cells["kind"] == "csoc" and status != "csoc_not_needed" and not cells["subservice_id"]:
        yield by.finding("csoc_no_subservice", item, bases, owner)
    if status == "in_place":
        yield from _in_place(by, item, bases, evidence)


def _in_place(
    by: Judge, item: Item, bases: Sequence[str], evidence: Sequence[Item]
) -> Iterator[Finding]:
    owner = item.values["owner"]
    dated = [(one, evidence_span(one.values)) for one in evidence]
    yield from evidence_findings(by, item, bases, dated)
    if not owner:
        known = by.by.catalog.part(TRUST).complementary.get(item.item_id)
        yield by.finding("cuec_no_owner", item, bases, "", usual=known.owner if known else "")
    spans = [span for _one, span in dated if span]
    period = by.scope.period
    if period and not any(meets(span, period) for span in spans):
        yield by.finding("cuec_no_evidence", item, bases, owner)


def subservice_findings(by: Judge, item: Item, bases: Sequence[str]) -> Iterator[Finding]:
    """Yield what is missing about a subservice organization; ``bases`` lean on it."""
    cells = item.values
    owner = cells["owner"]
    if not cells["method"]:
        yield by.finding("subservice_no_method", item, bases, owner)
    if cells["method"] == "inclusive" and cells["assertion"] != "yes":
        yield by.finding("subservice_no_assertion", item, bases, owner)
    if cells["method"] == "carve_out":
        yield from _report_findings(by, item, bases)


def _report_findings(by: Judge, item: Item, bases: Sequence[str]) -> Iterator[Finding]:
    cells, period = item.values, by.scope.period
    owner = cells["owner"]
    if cells["report_type"] in ("", "none"):
        yield by.finding("subservice_no_report", item, bases, owner)
    elif cells["report_type"] == "type_1":
        yield by.finding("subservice_type_1", item, bases, owner)
    elif cells["report_end"] and day_of(cells["report_end"]) > by.today:
        yield by.finding("subservice_to_come", item, bases, owner, day=cells["report_end"])
    elif not (cells["report_start"] and cells["report_end"]):
        yield by.finding("subservice_no_period", item, bases, owner)
    elif period:
        report = Span(day_of(cells["report_start"]), day_of(cells["report_end"]))
        days = (period.last - period.first).days + 1
        last, first = min(report.last, period.last), max(report.first, period.first)
        covered = max((last - first).days + 1, 0)
        if covered < days:
            yield by.finding(
                "subservice_gap", item, bases, owner, covered=str(covered), days=str(days)
            )

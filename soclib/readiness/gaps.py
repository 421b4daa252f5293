"""What a programme lacks for a Type 1 and for a Type 2: who owes it, by when, and why it matters.

What can be missing is a row of ``readiness_findings.csv``; this module only knows how to notice it.
Nothing is scored: something is missing, or it is not.
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
from soclib.periods.tables import PERIODS, TYPE_1, TYPE_2, Cadence
from soclib.readiness.items import ProgrammeItem, Values
from soclib.readiness.tables import READINESS
from soclib.tables.rows import NO, VOICES, listed
from soclib.trust.tables import TRUST
from soclib.words import fill

WEEK = timedelta(days=7)


class DateRange(NamedTuple):
    """Some days, the first and the last of them included."""

    first: date
    last: date


class RunCount(NamedTuple):
    """How many runs were due before a day, how many lack evidence, and when the first of those."""

    over: int
    missing: int
    first_missing: DateRange | None


def evidence_span(values: Values) -> DateRange | None:
    """Return the days that evidence is about: the period that it covers; without one, its date."""
    return _span(values["covers_from"], values["covers_to"], values["dated"])


@lru_cache(maxsize=65536)
def _span(covers_from: str, covers_to: str, dated: str) -> DateRange | None:
    first, last = covers_from or covers_to or dated, covers_to or covers_from or dated
    return DateRange(day_of(first), day_of(last)) if first else None


@lru_cache(maxsize=4096)
def day_of(text: str) -> date:
    """Return a day of an item, which was checked when the item was written."""
    return date.fromisoformat(text)


def days_from(spans: Iterable[DateRange], day: date) -> list[DateRange]:
    """Return the parts of some date ranges that lie on or after a day."""
    return [DateRange(max(span.first, day), span.last) for span in spans if span.last >= day]


def overlap(left: DateRange, right: DateRange) -> bool:
    """Return whether two date ranges share a day."""
    return left.first <= right.last and right.first <= left.last


@lru_cache(maxsize=256)
def run_windows(unit: str, every: int, first: date, last: date) -> tuple[DateRange, ...]:
    """Return the stretches of a period in which one run each is expected.

    Days at the end that are too few for another whole stretch are left out.
    """
    windows: list[DateRange] = []
    while (after := _after(unit, every * (len(windows) + 1), first)) - ONE_DAY <= last:
        windows.append(DateRange(_after(unit, every * len(windows), first), after - ONE_DAY))
    return tuple(windows)


def _after(unit: str, count: int, first: date) -> date:
    return add_months(first, count) if unit == "month" else first + WEEK * count


def count_runs(
    cadence: Cadence, period: DateRange, spans: Sequence[DateRange], today: date
) -> RunCount:
    """Return how many runs were due before today, and which of them lack evidence."""
    windows = run_windows(cadence.unit, cadence.every, period.first, period.last)
    firsts = [window.first for window in windows]
    over = sum(window.last < today for window in windows)
    proven: set[int] = set()
    for span in spans:
        if windows and span.first <= windows[-1].last and span.last >= firsts[0]:
            start = max(bisect_right(firsts, span.first) - 1, 0)
            proven.update(range(start, bisect_right(firsts, span.last)))
    missing = [number for number in range(over) if number not in proven]
    return RunCount(over, len(missing), windows[missing[0]] if missing else None)


def first_uncovered(period: DateRange, spans: Iterable[DateRange], months: int) -> DateRange | None:
    """Return the first stretch of a period without evidence that is longer than some months."""
    start, after = period.first, period.last + ONE_DAY
    for span in (*sorted(spans), DateRange(after, after)):
        edge = min(span.first, after)
        if start < edge and add_months(start, months) < edge:
            return DateRange(start, edge - ONE_DAY)
        start = max(start, span.last + ONE_DAY)
    return None


# --- what controls lack ---------------------------------------------------------------------------


WITHOUT_WINDOWS = ("continuous", "day", "workday", "event")  # units that count no single runs


class ReadinessFinding(NamedTuple):
    """Something that an item lacks, who has to provide it, by when, and why it matters.

    ``owes`` is the owner, blank where nobody is named. ``due`` holds the last day for each type of
    report that lacks it, None where no day is set; ``lost`` names the types for which it is too
    late.
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


class ProgrammeScope(NamedTuple):
    """What a programme is for; days that are not set are None."""

    side: str
    report_id: str
    bases: tuple[str, ...]
    start: date | None
    end: date | None
    as_of: date | None

    @property
    def period(self) -> DateRange | None:
        """Return the period of the Type 2, or None unless both of its days are set."""
        return DateRange(self.start, self.end) if self.start and self.end else None


class Assessment(NamedTuple):
    """What decides whether something is missing: the scope, the day, and the rules for periods."""

    scope: ProgrammeScope
    today: date
    period_rules: PeriodRules

    @property
    def catalog(self) -> Catalog:
        """Return the tables that findings are made from."""
        return self.period_rules.catalog

    def finding(
        self,
        finding_id: str,
        item: ProgrammeItem,
        bases: Iterable[str],
        owes: str,
        *,
        run: date | None = None,
        **parts: str,
    ) -> ReadinessFinding:
        """Return a finding with its words filled in; ``run`` is the day by which a run is due."""
        rule = self.catalog.part(READINESS).findings[finding_id]
        due = {name: self._due(rule.by, name, run) for name in rule.types}
        return ReadinessFinding(
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


def scope_of(values: Values, catalog: Catalog) -> ProgrammeScope:
    """Return what a programme is for: its criteria, or its control objectives."""
    trust = catalog.part(TRUST)
    categories, services = listed(values["categories"]), listed(values["services"])
    wanted = {*categories, trust.common} if categories else set()
    criteria = [c.tsc_id for c in trust.criteria.values() if c.category_id in wanted]
    objectives = [o.objective_id for o in trust.objectives.values() if o.service_id in services]
    named = ("period_start", "period_end", "as_of")
    days = [day_of(values[name]) if values[name] else None for name in named]
    return ProgrammeScope(values["side"], values["report_id"], (*criteria, *objectives), *days)


def assessment(scope: ProgrammeScope, today: date, catalog: Catalog) -> Assessment:
    """Return what decides whether a programme of this scope lacks something."""
    voice = scope.side or VOICES[0]
    rules = period_rules(report=scope.report_id, voice=voice, catalog=catalog)
    return Assessment(scope, today, rules)


# --- controls -------------------------------------------------------------------------------------


def control_findings(
    judged: Assessment, control: ProgrammeItem, evidence: Sequence[ProgrammeItem]
) -> Iterator[ReadinessFinding]:
    """Yield what one control lacks.

    As long as no control is written down for a prompt, there is nothing that it could lack.
    """
    cells = control.values
    bases = (cells["basis_id"],)
    status = judged.catalog.part(READINESS).statuses[cells["status_id"]]
    if status.status_id == "not_applicable":
        if not cells["note"]:
            yield judged.finding("no_reason", control, bases, cells["owner"])
        return
    if not cells["control"]:
        return
    dated = [(item, evidence_span(item.values)) for item in evidence]
    yield from evidence_findings(judged, control, bases, dated)
    if not cells["owner"]:
        yield judged.finding("no_owner", control, bases, "", usual=usual_owner(judged, cells))
    if status.status_id == "not_started":
        yield judged.finding("not_designed", control, bases, cells["owner"])
        return
    if status.status_id == "designed":
        yield judged.finding("not_operating", control, bases, cells["owner"])
        return
    spans = [span for _item, span in dated if span]
    if cells["started"]:
        spans = days_from(spans, day_of(cells["started"]))
    yield from _on_the_date(judged, control, spans)
    yield from _over_the_period(judged, control, spans)


def usual_owner(judged: Assessment, cells: Values) -> str:
    """Return the role that usually owns a control, according to the prompt that asks for it."""
    prompts = judged.catalog.part(TRUST).prompts.get(cells["basis_id"], ())
    owners = [p.owner for p in prompts if p.prompt_id == cells["prompt_id"]]
    return (owners or [p.owner for p in prompts] or [""])[0]


def evidence_findings(
    judged: Assessment,
    item: ProgrammeItem,
    bases: Sequence[str],
    evidence: Iterable[tuple[ProgrammeItem, DateRange | None]],
) -> Iterator[ReadinessFinding]:
    """Yield what is wrong with the evidence of an item: no day, a day to come, or no place."""
    owner = item.values["owner"]
    for proof, span in evidence:
        cells = proof.values
        if span and span.last <= judged.today and cells["place"]:
            continue
        place = cells["place"] or proof.item_id
        if span is None:
            yield judged.finding("evidence_without_date", proof, bases, owner, place=place)
        elif span.last > judged.today:
            day = span.last.isoformat()
            yield judged.finding("evidence_to_come", proof, bases, owner, place=place, day=day)
        if not cells["place"]:
            dated = cells["dated"] or cells["covers_from"] or proof.item_id
            yield judged.finding("evidence_without_place", proof, bases, owner, dated=dated)


def _on_the_date(
    judged: Assessment, control: ProgrammeItem, spans: Sequence[DateRange]
) -> Iterator[ReadinessFinding]:
    """Yield what keeps a Type 1 from saying that the control is in place."""
    cells, as_of = control.values, judged.scope.as_of
    if as_of is None:
        return
    bases, owner = (cells["basis_id"],), cells["owner"]
    if cells["started"] and day_of(cells["started"]) > as_of:
        yield judged.finding(
            "not_implemented_by_date", control, bases, owner, started=cells["started"]
        )
    if not any(span.first <= as_of for span in spans):
        yield judged.finding("no_first_evidence", control, bases, owner, as_of=as_of.isoformat())


def _over_the_period(
    judged: Assessment, control: ProgrammeItem, spans: Sequence[DateRange]
) -> Iterator[ReadinessFinding]:
    """Yield what keeps a Type 2 from saying that the control operated throughout."""
    cells, period = control.values, judged.scope.period
    bases, owner = (cells["basis_id"],), cells["owner"]
    if not cells["started"]:
        yield judged.finding("no_start", control, bases, owner)
    if not cells["cadence_id"]:
        yield judged.finding("no_cadence", control, bases, owner)
    if period is None or not cells["cadence_id"]:
        return
    first = max(day_of(cells["started"]), period.first) if cells["started"] else period.first
    if _misses_a_run(judged, cells["cadence_id"], DateRange(period.first, first)):
        missed = min((first - period.first).days, (period.last - period.first).days + 1)
        days = judged.period_rules.days(missed)
        started = cells["started"]
        yield judged.finding("started_late", control, bases, owner, started=started, days=days)
    if first <= period.last:
        yield from _operations(judged, control, DateRange(first, period.last), spans)


def _misses_a_run(judged: Assessment, cadence_id: str, before: DateRange) -> bool:
    """Return whether a control that starts on the last day of a span misses a run before it."""
    cadence = judged.catalog.part(PERIODS).cadences[cadence_id]
    if cadence.unit == "month":
        return add_months(before.first, cadence.every) <= before.last
    return before.last > before.first


def _operations(
    judged: Assessment, control: ProgrammeItem, period: DateRange, spans: Sequence[DateRange]
) -> Iterator[ReadinessFinding]:
    """Yield what evidence is missing of the operations of a control in a period."""
    cells = control.values
    cadence = judged.catalog.part(PERIODS).cadences[cells["cadence_id"]]
    bases, owner = (cells["basis_id"],), cells["owner"]
    can_show = _can_show(judged.catalog, cadence.cadence_id, period)
    if can_show in (NO, DEPENDS) and not any(overlap(span, period) for span in spans):
        finding = "cannot_occur" if can_show == NO else "may_not_occur"
        yield judged.finding(finding, control, bases, owner, cadence=cadence.label)
    elif cadence.unit in WITHOUT_WINDOWS:
        yield from _uncovered_stretch(judged, control, period, spans)
    else:
        yield from _missing_runs(judged, control, period, spans)


def _uncovered_stretch(
    judged: Assessment, control: ProgrammeItem, period: DateRange, spans: Sequence[DateRange]
) -> Iterator[ReadinessFinding]:
    """Yield the first stretch until today that no evidence, or no list of events, covers.

    While the period runs, a stretch may be as long as the threshold. Once it is over, only a
    control that is in a state, and has no operations, may have days between its evidence.
    """
    cells = control.values
    unit = judged.catalog.part(PERIODS).cadences[cells["cadence_id"]].unit
    so_far = DateRange(period.first, min(period.last, judged.today))
    allowed = unit == "continuous" or judged.today <= period.last
    most = judged.period_rules.limits["evidence_stretch_longest"] if allowed else 0
    if so_far.first <= so_far.last and (stretch := first_uncovered(so_far, spans, most)):
        finding = "no_population" if unit == "event" else "days_without_evidence"
        days = {"first": stretch.first.isoformat(), "last": stretch.last.isoformat()}
        bases = (cells["basis_id"],)
        yield judged.finding(finding, control, bases, cells["owner"], run=stretch.last, **days)


def _missing_runs(
    judged: Assessment, control: ProgrammeItem, period: DateRange, spans: Sequence[DateRange]
) -> Iterator[ReadinessFinding]:
    """Yield how many of the runs that were due lack evidence."""
    cells = control.values
    cadence = judged.catalog.part(PERIODS).cadences[cells["cadence_id"]]
    counted = count_runs(cadence, period, spans, judged.today)
    if counted.first_missing:
        first, last = counted.first_missing
        parts = {
            "missing": str(counted.missing),
            "due": str(counted.over),
            "first": f"{first.isoformat()} to {last.isoformat()}",
        }
        finding, bases = "runs_without_evidence", (cells["basis_id"],)
        yield judged.finding(finding, control, bases, cells["owner"], run=last, **parts)


@lru_cache(maxsize=4096)
def _can_show(catalog: Catalog, cadence_id: str, period: DateRange) -> str:
    """Return whether a period can show a control of this rhythm at all."""
    control = Control(cadence_id, cadence_id)
    return evidence_window([control], *period, catalog=catalog).rows[0].shown


# --- criteria and objectives without a control ----------------------------------------------------


def bases_without_control(
    judged: Assessment, controls: Iterable[ProgrammeItem], others: Iterable[ProgrammeItem]
) -> Iterator[ReadinessFinding]:
    """Yield the criteria and objectives in scope for which no control is written down.

    None is needed where the report of a subservice organization covers a part, and the prompt was
    set aside with a reason: then nothing else is left to do.
    """
    written, set_aside = set[str](), set[str]()
    for control in controls:
        cells = control.values
        if cells["status_id"] == "not_applicable":
            set_aside |= {cells["basis_id"]} if cells["note"] else set()
        elif cells["control"]:
            written.add(cells["basis_id"])
    covered = {
        basis_id
        for other in others
        if other.values["status_id"] == "covered"
        for basis_id in listed(other.values["hangs_on"])
    }
    for basis_id in judged.scope.bases:
        if basis_id in written or basis_id in covered & set_aside:
            continue
        finding = "leans_alone" if basis_id in covered else "no_control"
        usual = usual_owner(judged, {"basis_id": basis_id, "prompt_id": ""})
        yield judged.finding(
            finding, ProgrammeItem("basis", basis_id, 0, {}), (basis_id,), "", usual=usual
        )


# --- controls that others run ---------------------------------------------------------------------


def complementary_findings(
    judged: Assessment, item: ProgrammeItem, evidence: Sequence[ProgrammeItem]
) -> Iterator[ReadinessFinding]:
    """Yield what a complementary control lacks, as the side of the programme sees it.

    It lacks nothing if none of the criteria and objectives that it belongs to are in scope.
    """
    cells = item.values
    bases = tuple(base for base in listed(cells["hangs_on"]) if base in judged.scope.bases)
    owner, status = cells["owner"], cells["status_id"]
    if not bases and cells["hangs_on"]:
        return
    by_status = {
        "undecided": "cuec_undecided",
        "assumed": "cuec_not_told",
        "not_looked_at": "cuec_not_looked_at",
        "not_in_place": "cuec_not_in_place",
        "not_read": "csoc_not_read",
        "not_covered": "csoc_not_covered",
    }
    if status in by_status:
        yield judged.finding(by_status[status], item, bases, owner)
    set_aside = ("not_needed", "feature_not_used", "csoc_not_needed")
    if status in set_aside and not cells["note"]:
        yield judged.finding("cuec_no_reason", item, bases, owner)
    if cells["kind"] == "csoc" and status != "csoc_not_needed" and not cells["subservice_id"]:
        yield judged.finding("csoc_no_subservice", item, bases, owner)
    if status == "in_place":
        yield from _in_place(judged, item, bases, evidence)


def _in_place(
    judged: Assessment, item: ProgrammeItem, bases: Sequence[str], evidence: Sequence[ProgrammeItem]
) -> Iterator[ReadinessFinding]:
    owner = item.values["owner"]
    dated = [(proof, evidence_span(proof.values)) for proof in evidence]
    yield from evidence_findings(judged, item, bases, dated)
    if not owner:
        known = judged.catalog.part(TRUST).complementary.get(item.item_id)
        yield judged.finding("cuec_no_owner", item, bases, "", usual=known.owner if known else "")
    spans = [span for _proof, span in dated if span]
    period = judged.scope.period
    if period and not any(overlap(span, period) for span in spans):
        yield judged.finding("cuec_no_evidence", item, bases, owner)


def subservice_findings(
    judged: Assessment, item: ProgrammeItem, bases: Sequence[str]
) -> Iterator[ReadinessFinding]:
    """Yield what is missing about a subservice organization that ``bases`` depend on."""
    cells = item.values
    owner = cells["owner"]
    if not cells["method"]:
        yield judged.finding("subservice_no_method", item, bases, owner)
    if cells["method"] == "inclusive" and cells["assertion"] != "yes":
        yield judged.finding("subservice_no_assertion", item, bases, owner)
    if cells["method"] == "carve_out":
        yield from _report_findings(judged, item, bases)


def _report_findings(
    judged: Assessment, item: ProgrammeItem, bases: Sequence[str]
) -> Iterator[ReadinessFinding]:
    cells, period = item.values, judged.scope.period
    owner = cells["owner"]
    if cells["report_type"] in ("", "none"):
        yield judged.finding("subservice_no_report", item, bases, owner)
    elif cells["report_type"] == "type_1":
        yield judged.finding("subservice_type_1", item, bases, owner)
    elif cells["report_end"] and day_of(cells["report_end"]) > judged.today:
        yield judged.finding("subservice_to_come", item, bases, owner, day=cells["report_end"])
    elif not (cells["report_start"] and cells["report_end"]):
        yield judged.finding("subservice_no_period", item, bases, owner)
    elif period:
        report = DateRange(day_of(cells["report_start"]), day_of(cells["report_end"]))
        days = (period.last - period.first).days + 1
        last, first = min(report.last, period.last), max(report.first, period.first)
        covered = max((last - first).days + 1, 0)
        if covered < days:
            yield judged.finding(
                "subservice_gap", item, bases, owner, covered=str(covered), days=str(days)
            )

"""What a programme lacks for a Type 1 and for a Type 2: who owes it, by when, and why it matters.

What can be missing is a row of ``data/readiness_findings.csv``; here stands only how it is noticed.
Nothing is scored: a finding is there, or it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from soclib.basis import Basis, basis
from soclib.evidence_window import DEPENDS, NO, Control, evidence_window
from soclib.explain import fill
from soclib.model import VOICES, Catalog
from soclib.readiness_kinds import Item, Values
from soclib.readiness_runs import Span, day_of, evidence_span, meets, runs, uncovered
from soclib.rows import listed

TYPE_1, TYPE_2 = "type_1", "type_2"
EVERY_DAY = ("continuous", "day", "workday")


class Finding(NamedTuple):
    """Something that is missing: for which types, of what, who owes it, by when, and why.

    ``owes`` is blank where nobody is named. ``due`` holds the last day by type, None where no day
    is set, or where no later work can mend it (then ``curable`` is false).
    """

    finding_id: str
    kind: str
    item_id: str
    bases: tuple[str, ...]
    owes: str
    due: Mapping[str, date | None]
    text: str
    why: str
    curable: bool
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
    by: Basis

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
        rule = self.by.catalog.readiness.findings[finding_id]
        days = {
            "start": {TYPE_1: self.scope.as_of, TYPE_2: self.scope.start},
            "as_of": {TYPE_1: self.scope.as_of, TYPE_2: self.scope.start},
            "run": {TYPE_1: run, TYPE_2: run},
            "end": {TYPE_1: self.scope.as_of, TYPE_2: self.scope.end},
            "never": {},
        }[rule.by]
        return Finding(
            finding_id,
            item.kind,
            item.item_id,
            tuple(bases),
            owes,
            {name: days.get(name) for name in rule.types},
            fill(rule.text[self.scope.side], parts),
            rule.why,
            rule.by != "never",
            rule.provenance.source_ids,
        )


def scope_of(values: Values, catalog: Catalog) -> Scope:
    """Return what a programme is for: its criteria, or its control objectives."""
    trust = catalog.trust
    categories, services = listed(values["categories"]), listed(values["services"])
    # The common criteria stand behind every other category.
    wanted = {
        *categories,
        *[c.category_id for c in list(trust.criteria.values())[:1] if categories],
    }
    criteria = [c.tsc_id for c in trust.criteria.values() if c.category_id in wanted]
    objectives = [o.objective_id for o in trust.objectives.values() if o.service_id in services]
    days = [
        day_of(values[c]) if values[c] else None for c in ("period_start", "period_end", "as_of")
    ]
    return Scope(values["side"], values["report_id"], (*criteria, *objectives), *days)


def judge(scope: Scope, today: date, catalog: Catalog) -> Judge:
    """Return what findings of a programme are judged by."""
    voice = scope.side or VOICES[0]
    return Judge(scope, today, basis(report=scope.report_id, voice=voice, catalog=catalog))


# --- controls -------------------------------------------------------------------------------------


def control_findings(by: Judge, control: Item, evidence: Sequence[Item]) -> Iterator[Finding]:
    """Yield what one control lacks; a prompt that nobody answered yet lacks nothing by itself."""
    cells = control.values
    bases = (cells["basis_id"],)
    status = by.by.catalog.readiness.statuses[cells["status_id"]]
    if status.status_id == "not_applicable":
        if not cells["note"]:
            yield by.finding("no_reason", control, bases, cells["owner"])
        return
    if not cells["control"]:
        return
    yield from evidence_findings(by, control, bases, evidence)
    if not cells["owner"]:
        yield by.finding("no_owner", control, bases, "", usual=usual_owner(by, cells))
    if status.status_id == "not_started":
        yield by.finding("not_designed", control, bases, cells["owner"])
        return
    if status.status_id == "designed":
        yield by.finding("not_operating", control, bases, cells["owner"])
        return
    spans = [span for one in evidence if (span := evidence_span(one.values))]
    yield from _on_the_date(by, control, spans)
    yield from _over_the_period(by, control, spans)


def usual_owner(by: Judge, cells: Values) -> str:
    """Return the role that usually owns a control, from the prompt that asked for it."""
    prompts = by.by.catalog.trust.prompts.get(cells["basis_id"], ())
    owners = [p.owner for p in prompts if p.prompt_id == cells["prompt_id"]]
    return (owners or [p.owner for p in prompts] or [""])[0]


def evidence_findings(
    by: Judge, item: Item, bases: Sequence[str], evidence: Sequence[Item]
) -> Iterator[Finding]:
    """Yield the evidence of an item that says neither when nor where."""
    owner = item.values["owner"]
    for one in evidence:
        cells = one.values
        if evidence_span(cells) is None:
            finding = "evidence_without_date"
            yield by.finding(finding, one, bases, owner, place=cells["place"] or one.item_id)
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
    since = max(day_of(cells["started"]), period.first) if cells["started"] else period.first
    if since > period.first:
        missed = min((since - period.first).days, (period.last - period.first).days + 1)
        days = by.by.days(missed)
        started = cells["started"]
        yield by.finding("started_late", control, bases, owner, started=started, days=days)
    inside = [span for span in spans if meets(span, period)]
    if since <= period.last:
        yield from _operations(by, control, Span(since, period.last), inside)


def _operations(by: Judge, control: Item, period: Span, spans: Sequence[Span]) -> Iterator[Finding]:
    """Yield the operations of a period that leave no trace."""
    cells = control.values
    cadence = by.by.catalog.periods.cadences[cells["cadence_id"]]
    bases, owner = (cells["basis_id"],), cells["owner"]
    shown = _shown(by.by.catalog, cadence.cadence_id, period)
    if shown in (NO, DEPENDS) and not spans:
        finding = "cannot_occur" if shown == NO else "may_not_occur"
        yield by.finding(finding, control, bases, owner, cadence=cadence.label)
    elif cadence.unit in EVERY_DAY:
        so_far = Span(period.first, min(period.last, by.today))
        most = by.by.limits["evidence_stretch_longest"]
        if so_far.first <= so_far.last and (bare := uncovered(so_far, spans, most)):
            first, last = bare.first.isoformat(), bare.last.isoformat()
            yield by.finding(
                "days_without_evidence",
                control,
                bases,
                owner,
                run=bare.last,
                first=first,
                last=last,
            )
    elif cadence.unit == "event":
        if not spans and period.first <= by.today:
            yield by.finding("no_population", control, bases, owner, run=period.last)
    else:
        yield from _missing_runs(by, control, period, spans)


def _missing_runs(
    by: Judge, control: Item, period: Span, spans: Sequence[Span]
) -> Iterator[Finding]:
    cadence = by.by.catalog.periods.cadences[control.values["cadence_id"]]
    found = runs(cadence, period, spans, by.today)
    if found.first_missing:
        first, last = found.first_missing
        yield by.finding(
            "runs_without_evidence",
            control,
            (control.values["basis_id"],),
            control.values["owner"],
            run=last,
            missing=str(found.missing),
            due=str(found.begun),
            first=f"{first.isoformat()} to {last.isoformat()}",
        )


@lru_cache(maxsize=4096)
def _shown(catalog: Catalog, cadence_id: str, period: Span) -> str:
    """Return whether a period can show a control of this rhythm at all."""
    control = Control(cadence_id, cadence_id)
    return evidence_window([control], *period, catalog=catalog).rows[0].shown


# --- what no control meets ------------------------------------------------------------------------


def bare_bases(by: Judge, controls: Iterable[Item], others: Iterable[Item]) -> Iterator[Finding]:
    """Yield the criteria and objectives in scope for which no control is written down.

    One that a subservice organization's report covers needs none of our own.
    """
    met = {
        one.values["basis_id"]
        for one in controls
        if one.values["control"] and one.values["status_id"] != "not_applicable"
    }
    for one in others:
        if one.values["status_id"] == "covered":
            met.update(listed(one.values["hangs_on"]))
    for basis_id in by.scope.bases:
        if basis_id not in met:
            usual = usual_owner(by, {"basis_id": basis_id, "prompt_id": ""})
            basis_item = Item("basis", basis_id, 0, {})
            yield by.finding("no_control", basis_item, (basis_id,), "", usual=usual)

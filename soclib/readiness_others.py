"""What a programme lacks of the controls that others run: user entities and subservice ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soclib.readiness_gaps import Finding, Judge, evidence_findings
from soclib.readiness_kinds import Item
from soclib.readiness_runs import Span, day_of, evidence_span, meets
from soclib.rows import listed


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
        known = by.by.catalog.trust.complementary.get(item.item_id)
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

"""A programme in short: counts by status, by type and by owner; what is there, never how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from soclib.explain import fill
from soclib.readiness_gaps import TYPE_1, TYPE_2, Finding
from soclib.readiness_kinds import COMPLEMENTARY, CONTROL
from soclib.readiness_programme import Programme
from soclib.render import Words

OWNERS = 25  # that are named
Counted = tuple[str, list[str], list[list[str]]]


def overview(programme: Programme, words: Words) -> tuple[str, tuple[Counted, ...]]:
    """Return what a programme is for, and its tables of counts: caption, heads and rows."""
    scope, settings = programme.scope, programme.settings.values
    blank = words["readiness_blank"]
    said = {
        "title": settings["title"] or words["readiness_title"],
        "bases": str(len(scope.bases)),
        "period": f"{scope.start or blank} to {scope.end or blank}",
        "as_of": str(scope.as_of or blank),
    }
    findings = programme.findings()
    tables = (
        _statuses(programme, words),
        _by_type(programme, findings, words),
        _by_owner(findings, words),
    )
    return fill(words["readiness_overview_scope"], said), tables


def _statuses(programme: Programme, words: Words) -> Counted:
    counts = Counter(item.values["status_id"] for item in programme.items(CONTROL).values())
    counts.update(item.values["status_id"] for item in programme.items(COMPLEMENTARY).values())
    rows = [
        [f"{status.mark} {status.label}", str(counts[status.status_id])]
        for status in programme.catalog.readiness.statuses.values()
        if counts[status.status_id]
    ]
    heads = [words["readiness_column_status_id"], words["readiness_column_count"]]
    return words["readiness_overview_statuses"], heads, rows


def _by_type(programme: Programme, findings: Sequence[Finding], words: Words) -> Counted:
    rows = []
    for type_id in (TYPE_1, TYPE_2):
        mine = [one for one in findings if type_id in one.due]
        late = [d for one in mine if (d := one.due[type_id]) and d < programme.today]
        said = {
            "count": str(len(mine)),
            "overdue": str(len(late)),
            "lost": str(sum(type_id in one.lost for one in mine)),
        }
        counted = fill(words["readiness_overview_type"], said)
        rows.append([words[f"readiness_value_{type_id}"], counted])
    heads = [words["readiness_column_report_type"], words["readiness_column_open"]]
    return words["readiness_overview_open"], heads, rows


def _by_owner(findings: Sequence[Finding], words: Words) -> Counted:
    counts = Counter(one.owes for one in findings).most_common(OWNERS)
    rows = [[owner or words["readiness_nobody"], str(count)] for owner, count in counts]
    heads = [words["readiness_column_owner"], words["readiness_column_open"]]
    return words["readiness_overview_by_owner"], heads, rows

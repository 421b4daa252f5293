"""Letters filled from a case: management's bridge letter, and a customer's request for a report.

A letter is made of blocks, which ``paper/blocks.py`` writes as Markdown and ``paper/docx.py`` as
a .docx; its texts are rows of ``letters.csv``. What is not known yet is a bracketed prompt.
Where no letter can span the gap, a bridge letter is refused, with what to offer instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from soclib.catalog import Catalog
from soclib.dates import ONE_DAY, Day, PeriodError, add_months
from soclib.paper.blocks import Block, block, markdown
from soclib.paper.docx import docx_bytes
from soclib.paper.saving import suffix_of, write_whole
from soclib.periods.fitting import Fit
from soclib.periods.given import needed_day, read_days
from soclib.periods.rules import PeriodRules, period_rules
from soclib.periods.tables import PERIODS, TYPE_2
from soclib.verdict.tables import VERDICT
from soclib.words import fill, words_of

ITEM = "item"


class BridgeCase(NamedTuple):
    """What a bridge letter is filled from.

    ``through`` is its last day (the fiscal year-end unless given). ``changes`` and ``issues`` are
    what management knows of since the period ended: None while that is not known, () for none.
    """

    fit: Fit
    service_organization: str = ""
    system: str = ""
    service_auditor: str = ""
    customer: str = ""
    signed_by: str = ""
    signed_on: Day | None = None
    through: Day | None = None
    changes: Sequence[str] | None = None
    issues: Sequence[str] | None = None


class RequestCase(NamedTuple):
    """What a request for a report is filled from; ``current`` is the report at hand, if any."""

    fiscal_year_start: Day
    fiscal_year_end: Day
    report_id: str = "soc1"
    customer: str = ""
    service_organization: str = ""
    system: str = ""
    signed_by: str = ""
    needed_by: Day | None = None
    current: Fit | None = None


# --- the bridge letter ---------------------------------------------------------------------------


def bridge_letter(
    case: BridgeCase,
    *,
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> tuple[Block, ...]:
    """Return a bridge letter for a case, from management and without assurance.

    Raises ``PeriodError`` where no letter can span the gap (with why, and what to offer instead),
    and where the letter would cover days after its signature or beyond the longest gap.
    """
    fit = case.fit
    rules = period_rules(fit.report_id, thresholds=thresholds, catalog=catalog)
    _refuse_unbridgeable(rules, fit)
    named = {"signed_on": case.signed_on, "through": case.through}
    days = read_days(named, needed=(), longest=rules.limits["longest_period"])
    through = days["through"] or fit.fiscal_year_end
    if faults := list(_letter_faults(rules, fit, through, days["signed_on"])):
        raise PeriodError(faults)
    facts = _facts(rules, case._asdict(), days)
    facts |= {"period_start": rules.day(fit.start or fit.end), "period_end": rules.day(fit.end)}
    facts |= {"gap_start": rules.day(fit.end + ONE_DAY), "through": rules.day(through)}
    conditions = {
        fit.report_id,
        _known("changes", case.changes),
        _known("issues", case.issues),
    }
    return _letter(
        rules, "bridge", facts, conditions, {"changes": case.changes, "issues": case.issues}
    )


def _refuse_unbridgeable(rules: PeriodRules, fit: Fit) -> None:
    if fit.bridgeable and fit.gap_days > 0:
        return
    reason = "bridge_too_long" if fit.bridge_rule == "bridge_longest" else fit.bridge_rule
    message = f"{fit.bridge_reason} {rules.note(f'instead_{reason}').text}"
    raise PeriodError(message)


def _letter_faults(
    rules: PeriodRules, fit: Fit, through: date, signed_on: date | None
) -> Iterator[str]:
    """Yield why a letter must not cover the days that it is meant to cover."""
    limit = rules.limits["bridge_longest"]
    stop = add_months(fit.end + ONE_DAY, limit) + timedelta(days=rules.limits["calendar_slack"])
    if through <= fit.end:
        yield f"through {through}: it lies within the period; give a day after {fit.end}"
    if through >= stop:
        yield f"through {through}: more than {limit} months after {fit.end}; end the letter earlier"
    if signed_on and signed_on < through:
        yield (
            f"signed_on {signed_on}: the letter would cover days after its signature; sign it "
            f"on {through} or later, or let it run through {signed_on}"
        )


def _known(name: str, listed: Sequence[str] | None) -> str:
    """Return the condition that holds for what management knows: some, none, or not said."""
    return f"{name}_open" if listed is None else f"{name}_some" if listed else f"{name}_none"


# --- the request ---------------------------------------------------------------------------------


def report_request(
    case: RequestCase,
    *,
    thresholds: Mapping[str, int] | None = None,
    catalog: Catalog | None = None,
) -> tuple[Block, ...]:
    """Return a customer's request for a report that fits its fiscal year.

    Raises ``PeriodError`` that lists every fault.
    """
    rules = period_rules(case.report_id, "buyer", thresholds, catalog)
    named = {
        "fiscal_year_start": case.fiscal_year_start,
        "fiscal_year_end": case.fiscal_year_end,
        "needed_by": case.needed_by,
    }
    needed = ("fiscal_year_start", "fiscal_year_end")
    days = read_days(named, needed=needed, longest=rules.limits["longest_period"])
    year_end = needed_day(days, "fiscal_year_end")
    facts = _facts(rules, case._asdict(), days)
    titles = {report.report_id: report.title for report in rules.catalog.part(VERDICT).reports}
    facts |= {"report": titles[case.report_id], "limit": str(rules.limits["bridge_longest"])}
    earliest_end = add_months(year_end + ONE_DAY, -rules.limits["bridge_longest"]) - ONE_DAY
    facts["earliest_end"] = rules.day(earliest_end)
    deadline = "deadline" if days["needed_by"] else "no_deadline"
    conditions = {case.report_id, deadline, *_at_hand(rules, case)}
    if fit := case.current:
        facts |= {"period_start": rules.day(fit.start or fit.end), "period_end": rules.day(fit.end)}
        facts |= {"reading": fit.reading, "gap": rules.days(max(fit.gap_days, 0))}
    return _letter(rules, "request", facts, conditions, {})


def _at_hand(rules: PeriodRules, case: RequestCase) -> set[str]:
    """Return the conditions that follow from the report at hand, if any."""
    fit, needs = case.current, {"needs_report", f"needs_{case.report_id}"}
    if fit is None:
        return {*needs, "no_type_2"}
    if fit.report_id != case.report_id:
        message = f"current is a {fit.report_id} report; give a {case.report_id} report, or none"
        raise PeriodError(message)
    if fit.type_id != TYPE_2:
        return {*needs, "current_type_1", "no_type_2"}
    conditions = {"current_type_2"}
    if fit.gap_days > 0:
        conditions.add("current_bridgeable" if fit.bridgeable else "current_not_bridgeable")
    if not rules.catalog.part(PERIODS).readings[fit.reading_id].covers:
        conditions |= needs
    return conditions


# --- from rows to blocks -------------------------------------------------------------------------


def _facts(
    rules: PeriodRules, fields: Mapping[str, object], days: Mapping[str, date | None]
) -> dict[str, str]:
    """Return the texts of a case by field, a bracketed prompt where one is missing."""
    facts = {}
    for name, value in fields.items():
        if isinstance(value, str) or name in days:
            day = days.get(name)
            text = rules.day(day) if day else "" if name in days else " ".join(str(value).split())
            facts[name] = text or words_of(rules.catalog, rules.voice)[f"letter_{name}"]
    return facts


def _letter(
    rules: PeriodRules,
    letter_id: str,
    facts: Mapping[str, str],
    conditions: set[str],
    lists: Mapping[str, Sequence[str] | None],
) -> tuple[Block, ...]:
    """Return the rows of a letter that apply, filled in; a list of the case becomes its items."""
    blocks: list[Block] = []
    for row in rules.catalog.part(PERIODS).letters:
        if row.letter_id != letter_id or (row.applies and row.applies not in conditions):
            continue
        items = lists.get(row.text.strip("{}")) if row.kind == ITEM else None
        texts = items or (fill(row.text, facts),)
        blocks += [block(row.kind, text) for text in texts if text.split()]
    return tuple(blocks)


def save_letter(blocks: Sequence[Block], path: str | Path) -> Path:
    """Write a letter as .md or .docx, whole or not at all, and return its path.

    Raises ``SaveError`` for another suffix, and where a library is missing.
    """
    if suffix_of(path, (".md", ".docx")) == ".docx":
        return write_whole(path, docx_bytes(blocks, path))
    return write_whole(path, markdown(blocks).encode())

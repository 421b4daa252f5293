"""What a reading of a period rests on, as plain values: numbers, limits that decided, sources."""

from __future__ import annotations

from collections.abc import Iterator

from soclib.basis import Basis
from soclib.cards import Plain, source_list
from soclib.fitting import Fit
from soclib.period_records import ReadingRule
from soclib.readings import measure

LIMITS = ("overlap_at_least", "overlap_below", "gap_above", "gap_at_most")
UNITS = {"days": ("fit_one_day", "fit_many_days"), "months": ("fit_one_month", "fit_many_months")}
REVIEWED = "soc2"  # read against the year that a reviewer looks back on


def year_name(by: Basis) -> str:
    """Return which kind of year a report is read against: fiscal, or review."""
    return "review" if by.report_id == REVIEWED else "fiscal"


def amount(by: Basis, count: int, unit: str) -> str:
    """Return a number of days or months in words."""
    one, many = UNITS[unit]
    number = str(count) if count >= 0 else by.word("fit_minus", count=str(-count))
    return by.word(one if abs(count) == 1 else many, count=number)


# --- numbers -------------------------------------------------------------------------------------


def numbers(by: Basis, fit: Fit) -> list[Plain]:
    """Return overlap and gap, each with its label, as a value and in words.

    A gap is told as such, or, where the period runs past the year-end, as what lies beyond it.
    """
    year = by.word(f"fit_year_{year_name(by)}")
    overlap = {"days": fit.overlap_days, "months": fit.overlap_months}
    found = [_number(by, f"overlap_{unit}", n, unit, year=year) for unit, n in overlap.items()]
    found.insert(1, _share(by, fit, year))
    if (twelve := _of_twelve(by, fit)) != fit.overlap_months:
        found.append(_number(by, "overlap_of_twelve", twelve, "months", year=year))
    side = "past" if fit.gap_days < 0 else "gap"
    ends = {
        "from": by.word(f"fit_from_{fit.type_id}"),
        "goal": by.word(f"fit_goal_{year_name(by)}"),
    }
    gap = {"days": abs(fit.gap_days), "months": abs(fit.gap_months)}
    return [*found, *(_number(by, f"{side}_{unit}", n, unit, **ends) for unit, n in gap.items())]


def _number(by: Basis, number_id: str, value: int, unit: str, **parts: str) -> Plain:
    return {
        "number_id": number_id,
        "label": by.word(f"fit_{number_id}", **parts),
        "value": value,
        "text": amount(by, value, unit),
    }


def _share(by: Basis, fit: Fit, year: str) -> Plain:
    """Return the share of the year that is covered, in per cent with one decimal."""
    tenths = per_mille(fit.overlap_days, (fit.fiscal_year_end - fit.fiscal_year_start).days + 1)
    return {
        "number_id": "overlap_percent",
        "label": by.word("fit_overlap_percent", year=year),
        "value": tenths / 10,
        "text": by.word("fit_percent", share=f"{tenths // 10}.{tenths % 10}"),
    }


def per_mille(part: int, whole: int) -> int:
    """Return a share in tenths of a per cent, halves rounded up, with whole numbers only."""
    return (2000 * part + whole) // (2 * whole)


def _of_twelve(by: Basis, fit: Fit) -> int:
    """Return the months that the table reads: those of a year that is as long as twelve."""
    year = fit.fiscal_year_start, fit.fiscal_year_end
    return measure(fit.start, fit.end, *year, by.limits["calendar_slack"]).overlap_of_twelve


# --- limits and sources --------------------------------------------------------------------------


def grounds(by: Basis, fit: Fit) -> Plain:
    """Return which row and which limits decided, how sure that is, and every source of it all."""
    rule = next(r for r in by.catalog.periods.rules if r.reading_rule_id == fit.reading_rule)
    limits = [_limit(by, role, threshold_id) for role, threshold_id in _deciding(by, fit, rule)]
    found = _sources(by, fit, [limit["threshold_id"] for limit in limits])
    certainty = by.word(f"certainty_{fit.evidence}")
    return {
        "limits_title": by.word("fit_limits", count=str(len(limits))),
        "limits": limits,
        "limits_are": by.word("fit_limits_are"),
        "rule_id": fit.reading_rule,
        "evidence": {"evidence_id": fit.evidence, "text": certainty},
        "rests_on": by.word("fit_rule", rule=fit.reading_rule, certainty=certainty),
        "sources_title": f"{by.word('sources')} ({len(found)})",
        "sources": found,
        "fine": f"{by.word('not_advice')} {by.catalog.version}.",
    }


def _deciding(by: Basis, fit: Fit, rule: ReadingRule) -> Iterator[tuple[str, str]]:
    """Yield each threshold that decided a reading or all that is said with it: for what, its id."""
    for role in LIMITS:
        if threshold_id := getattr(rule, role):
            yield role, threshold_id
    if fit.bridge_rule in by.limits:
        yield "bridge", fit.bridge_rule
    if any(note.note_id == "short_period" for note in fit.notes):
        yield "shortest", f"{by.report_id}_shortest_period"
    yield "slack", "calendar_slack"
    yield "lag", "reporting_lag" if fit.start else "type_1_lag"


def _limit(by: Basis, role: str, threshold_id: str) -> Plain:
    row, value = by.catalog.periods.thresholds[threshold_id], by.limits[threshold_id]
    return {
        "threshold_id": threshold_id,
        "label": by.word(f"fit_limit_{role}"),
        "value": value,
        "unit": row.unit,
        "text": amount(by, value, row.unit),
        "basis": row.basis,
        "basis_text": by.word(
            "fit_basis_sure",
            basis=by.word(f"fit_basis_{row.basis}"),
            certainty=by.word(f"certainty_{row.provenance.evidence}"),
        ),
        "meaning": row.meaning,
    }


def _sources(by: Basis, fit: Fit, limit_ids: list[str]) -> list[Plain]:
    """Return every source of a reading, of what is said with it, and of its limits."""
    rows = by.catalog.periods.thresholds
    ids = [
        *fit.source_ids,
        *fit.bridge_source_ids,
        *(source_id for note in fit.notes for source_id in note.source_ids),
        *(source_id for name in limit_ids for source_id in rows[name].provenance.source_ids),
    ]
    return source_list(by.catalog, ids)

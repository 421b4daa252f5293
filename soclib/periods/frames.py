"""Tables on periods, plans and controls as DataFrames; pandas loads on first use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from soclib.catalog import Catalog, load_catalog
from soclib.paper.frames import flat
from soclib.periods.evidence import ControlEvidence, EvidenceWindow
from soclib.periods.fitting import fit
from soclib.periods.planning import Candidate, PeriodPlan, ReadingCount
from soclib.periods.tables import PERIODS

if TYPE_CHECKING:
    import pandas as pd

# --- tables of the project ------------------------------------------------------------------------


def worked_cases(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the worked cases as ``fit`` reads them now, one row each, indexed by ``case_id``."""
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    rows = []
    for case in catalog.part(PERIODS).worked:
        year = (case.fiscal_year_end, case.fiscal_year_start)
        measured = fit(case.period_start, case.period_end, *year, catalog=catalog)
        rows.append(
            {
                "case_id": case.case_id,
                "fiscal_year": f"{case.fiscal_year_start} to {case.fiscal_year_end}",
                "period": f"{case.period_start} to {case.period_end}",
                "overlap_days": measured.overlap_days,
                "overlap_percent": round(measured.overlap_share * 100, 1),
                "gap_days": measured.gap_days,
                "reading": measured.reading,
                "bridgeable": measured.bridgeable,
                "lesson": case.lesson,
            }
        )
    return pd.DataFrame(rows).set_index("case_id")


def opinions(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what a Type 1 and a Type 2 say, one row per element of an opinion."""
    return flat((catalog or load_catalog()).part(PERIODS).opinions, "element_id")


def misconceptions(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what is often heard about types and wrong, indexed by ``misconception_id``."""
    return flat((catalog or load_catalog()).part(PERIODS).misconceptions, "misconception_id")


def thresholds(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return every limit with its value, unit and basis, indexed by ``threshold_id``."""
    return flat((catalog or load_catalog()).part(PERIODS).thresholds.values(), "threshold_id")


# --- results --------------------------------------------------------------------------------------


def proposals(plan: PeriodPlan, most: int = 5) -> pd.DataFrame:
    """Return the best candidates of a plan, one row each, with a column for each reading.

    Columns: ``start``, ``end``, ``months``, ``ready_on``, the customers at each reading, ``late``,
    ``covered_share`` (0 to 1) and ``longest_gap_days``.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    return pd.DataFrame([_proposal(candidate) for candidate in plan.candidates[:most]])


def best_pair(plan: PeriodPlan) -> pd.DataFrame:
    """Return the two periods of the best pair, as ``proposals`` does; no rows without a pair."""
    import pandas as pd  # noqa: PLC0415 - as above

    pair = [plan.pair.first, plan.pair.second] if plan.pair else []
    columns = list(_proposal(plan.candidates[0]))
    return pd.DataFrame([_proposal(candidate) for candidate in pair], columns=columns)


def _proposal(candidate: Candidate) -> dict[str, Any]:
    return {
        "start": str(candidate.start),
        "end": str(candidate.end),
        "months": candidate.months,
        "ready_on": str(candidate.ready_on),
        **_customers(candidate.counts),
        "late": candidate.late,
        "covered_share": round(candidate.covered_share, 3),
        "longest_gap_days": candidate.longest_gap_days,
    }


def _customers(counts: Iterable[ReadingCount]) -> dict[str, int]:
    return {count.reading: count.customers for count in counts}


def shown_controls(window: EvidenceWindow) -> pd.DataFrame:
    """Return what a period can show, one row per control, indexed by ``control_id``.

    ``notes`` joins their sentences; a count that cannot be made is blank.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    return pd.DataFrame([_control(row) for row in window.rows]).set_index("control_id")


def _control(row: ControlEvidence) -> dict[str, Any]:
    counts = {name: getattr(row, name) for name in ("least", "most", "missed", "remaining")}
    return {
        "control_id": row.control_id,
        "cadence": row.cadence_id,
        "shown": row.shown,
        **{name: "" if count is None else str(count) for name, count in counts.items()},
        "notes": " ".join(note.text for note in row.notes),
    }

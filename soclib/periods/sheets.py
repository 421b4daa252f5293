"""What a notebook shows of periods: tables as DataFrames, timelines and letters as sheets.

pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from soclib.catalog import Catalog, load_catalog
from soclib.paper.blocks import Block, markdown
from soclib.paper.frames import flat
from soclib.paper.sheets import Sheet
from soclib.periods.evidence import ControlEvidence, EvidenceWindow
from soclib.periods.fitting import Fit, fit
from soclib.periods.planning import Candidate, Count, Plan
from soclib.periods.reading import Note, basis
from soclib.periods.tables import PERIODS
from soclib.periods.timelines import (
    Item,
    timeline_items,
    timeline_svg,
    timeline_table,
    timeline_text,
)
from soclib.tables.rows import VOICES
from soclib.words import words_of

if TYPE_CHECKING:
    import pandas as pd

TAGS = {"title": "h3", "heading": "h4", "text": "p", "item": "li", "fine": "p"}

# --- tables of the project ------------------------------------------------------------------------


def worked_cases(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return the worked cases as ``fit`` reads them now, one row each, indexed by ``case_id``."""
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    rows = []
    for case in catalog.part(PERIODS).worked:
        year = (case.fiscal_year_end, case.fiscal_year_start)
        found = fit(case.period_start, case.period_end, *year, catalog=catalog)
        rows.append(
            {
                "case_id": case.case_id,
                "fiscal_year": f"{case.fiscal_year_start} to {case.fiscal_year_end}",
                "period": f"{case.period_start} to {case.period_end}",
                "overlap_days": found.overlap_days,
                "overlap_percent": round(found.overlap_share * 100, 1),
                "gap_days": found.gap_days,
                "reading": found.reading,
                "bridgeable": found.bridgeable,
                "lesson": case.lesson,
            }
        )
    return pd.DataFrame(rows).set_index("case_id")


def opinions(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what a Type 1 and a Type 2 say, one row per element, indexed by ``element_id``."""
    return flat((catalog or load_catalog()).part(PERIODS).opinions, "element_id")


def misconceptions(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what is misheard about types, indexed by ``misconception_id``."""
    return flat((catalog or load_catalog()).part(PERIODS).misconceptions, "misconception_id")


def thresholds(catalog: Catalog | None = None) -> pd.DataFrame:
    """Return every limit with its value, unit and basis, indexed by ``threshold_id``."""
    return flat((catalog or load_catalog()).part(PERIODS).thresholds.values(), "threshold_id")


# --- results --------------------------------------------------------------------------------------


def proposals(found: Plan, most: int = 5) -> pd.DataFrame:
    """Return the best candidates of a plan, one row each, with a column for each reading.

    Columns: ``start``, ``end``, ``months``, ``ready_on``, the customers at each reading, ``late``,
    ``covered_share`` (0 to 1) and ``longest_gap_days``.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    return pd.DataFrame([_proposal(one) for one in found.candidates[:most]])


def best_pair(found: Plan) -> pd.DataFrame:
    """Return the two periods of the best pair as ``proposals`` does; no row where there is none."""
    import pandas as pd  # noqa: PLC0415 - as above

    pair = [found.pair.first, found.pair.second] if found.pair else []
    columns = list(_proposal(found.candidates[0]))
    return pd.DataFrame([_proposal(one) for one in pair], columns=columns)


def _proposal(one: Candidate) -> dict[str, Any]:
    return {
        "start": str(one.start),
        "end": str(one.end),
        "months": one.months,
        "ready_on": str(one.ready_on),
        **_customers(one.counts),
        "late": one.late,
        "covered_share": round(one.covered_share, 3),
        "longest_gap_days": one.longest_gap_days,
    }


def _customers(counts: Iterable[Count]) -> dict[str, int]:
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
        "notes": _said(row.notes),
    }


def _said(notes: Iterable[Note]) -> str:
    return " ".join(note.text for note in notes)


# --- sheets ---------------------------------------------------------------------------------------


def timeline(  # noqa: PLR0913 - one keyword for each thing that a reader may set
    shown: Sequence[Fit] | Sequence[Item],
    labels: Sequence[str] = (),
    *,
    title: str = "",
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Sheet:
    """Return fits or items as a picture with its table; ``labels`` name the fiscal years of fits.

    Raises ``PeriodError`` for items that cannot be drawn.
    """
    words = words_of(basis(voice=voice, catalog=catalog).catalog, voice)
    items = _items(shown, labels, voice, catalog)
    how: dict[str, Any] = {"today": today, "voice": voice, "catalog": catalog}
    svg = timeline_svg(items, title=title, **how)
    summary = escape(words["timeline_as_table"])
    html = (
        f'<figure class="soc-figure">{svg}<details><summary>{summary}</summary>'
        f"{timeline_table(items, **how)}</details></figure>"
    )
    return Sheet(html, timeline_text(items, **how))


def _items(
    shown: Sequence[Fit] | Sequence[Item],
    labels: Sequence[str],
    voice: str,
    catalog: Catalog | None,
) -> tuple[Item, ...]:
    fits = [one for one in shown if isinstance(one, Fit)]
    items = [one for one in shown if isinstance(one, Item)]
    drawn = timeline_items(fits, labels, voice=voice, catalog=catalog) if fits else ()
    return (*drawn, *items)


def letter(blocks: Sequence[Block]) -> Sheet:
    """Return a letter as it will read."""
    parts = []
    for is_item, group in groupby(blocks, key=lambda one: one.kind == "item"):
        html = "".join(f"<{TAGS[b.kind]}>{escape(b.text)}</{TAGS[b.kind]}>" for b in group)
        parts.append(f"<ul>{html}</ul>" if is_item else html)
    return Sheet(f'<article class="soc-tale">{"".join(parts)}</article>', markdown(blocks))

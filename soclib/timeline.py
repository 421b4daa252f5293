"""What a timeline shows, as records, as an HTML table and as lines of text.

``timeline_svg`` in ``drawing`` draws the same items; the table and the lines say all that the
picture shows. Texts of a reader are escaped where they become HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from soclib.basis import Basis, basis
from soclib.dates import ONE_DAY, PeriodError
from soclib.explain import fill
from soclib.fitting import TYPE_2, Fit
from soclib.model import VOICES, Catalog

KINDS = ("fiscal_year", "review_year", "type_2", "type_1", "gap", "bridge")


class Item(NamedTuple):
    """One thing on a timeline, from its first to its last day, in the row called ``lane``.

    ``kind`` is fiscal_year, review_year, type_2, type_1 (``start`` is its date), gap or bridge.
    """

    kind: str
    lane: str
    start: date
    end: date
    label: str = ""


class TimelineRow(NamedTuple):
    """An item in words; ``days`` counts both ends, and is blank for a date.

    ``said`` is the item as one caption without its lane.
    """

    lane: str
    what: str
    start: str
    end: str
    days: str
    said: str


# --- items ---------------------------------------------------------------------------------------


def timeline_items(
    fits: Sequence[Fit],
    labels: Sequence[str] = (),
    *,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> tuple[Item, ...]:
    """Return what to draw for fits: reports, fiscal years, gaps and the letters that bridge them.

    ``labels`` name the fiscal years, one for each fit. Gaps stand in the row of their report, or in
    the row of their fiscal year when there are several.
    """
    names = [*labels, *[""] * (len(fits) - len(labels))]
    named = list(zip(fits, names, strict=True))
    many_years = len({(f.fiscal_year_start, f.fiscal_year_end, name) for f, name in named}) > 1
    reports: list[Item] = []
    years: list[Item] = []
    for fit, name in named:
        by = basis(fit.report_id, voice, catalog=catalog)
        report, year = _report_item(by, fit), _year_item(by, fit, name)
        left = _left_open(fit, year.lane if many_years else report.lane)
        reports += [report, *([] if many_years else left)]
        years += [year, *(left if many_years else [])]
    return tuple(dict.fromkeys([*reports, *years]))


def _report_item(by: Basis, fit: Fit) -> Item:
    title = next(r.title for r in by.catalog.reports if r.report_id == fit.report_id)
    type_name = by.catalog.wording[f"first_{fit.type_id}"][by.voice]
    lane = f"{title} {type_name}, {by.day(fit.end)}"
    return Item(fit.type_id, lane, fit.start or fit.end, fit.end)


def _year_item(by: Basis, fit: Fit, name: str) -> Item:
    kind = "fiscal_year" if fit.report_id != "soc2" else "review_year"
    words = by.catalog.wording[f"timeline_lane_{kind}"][by.voice]
    lane = name or fill(words, {"end": by.day(fit.fiscal_year_end)})
    return Item(kind, lane, fit.fiscal_year_start, fit.fiscal_year_end)


def _left_open(fit: Fit, lane: str) -> list[Item]:
    """Return the gap at the end of a fiscal year, and the letter where one spans it."""
    first = max(fit.end + ONE_DAY, fit.fiscal_year_start)
    if fit.type_id != TYPE_2 or first > fit.fiscal_year_end:
        return []
    gap = Item("gap", lane, first, fit.fiscal_year_end)
    return [gap, gap._replace(kind="bridge")] if fit.bridgeable else [gap]


# --- words ---------------------------------------------------------------------------------------


def timeline_rows(
    items: Iterable[Item],
    *,
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> tuple[TimelineRow, ...]:
    """Return items in words, in their order, and ``today`` last when it is given.

    Raises ``PeriodError`` that lists every item of an unknown kind or with its days reversed.
    """
    by = basis(voice=voice, catalog=catalog)
    listed = tuple(items)
    check_items(listed)
    rows = [item_row(by, item) for item in listed]
    if today:
        what, day = by.catalog.wording["timeline_today"][voice], by.day(today)
        rows.append(TimelineRow("", what, day, day, "", f"{what}: {day}"))
    return tuple(rows)


def item_row(by: Basis, item: Item) -> TimelineRow:
    """Return one item in words."""
    what = by.catalog.wording[f"timeline_{item.kind}"][by.voice]
    what = f"{what}, {item.label}" if item.label else what
    start, end = by.day(item.start), by.day(item.end)
    if item.kind == "type_1":
        return TimelineRow(item.lane, what, start, end, "", f"{what}: {start}")
    days = by.days((item.end - item.start).days + 1)
    span = by.catalog.wording["timeline_span"][by.voice]
    said = fill(span, {"start": start, "end": end, "days": days})
    return TimelineRow(item.lane, what, start, end, days, f"{what}: {said}")


def check_items(items: Sequence[Item]) -> None:
    """Raise ``PeriodError`` when there is nothing to draw, or something that cannot be drawn."""
    faults = [] if items else ["there is nothing to draw; give at least one item"]
    for place, item in enumerate(items, start=1):
        if item.kind not in KINDS:
            faults.append(
                f"item {place}: kind {item.kind!r:.40} is unknown; use {', '.join(KINDS)}"
            )
        if item.start > item.end:
            faults.append(f"item {place}: it ends on {item.end}, before its start {item.start}")
    if faults:
        raise PeriodError(faults)


def timeline_text(
    items: Iterable[Item],
    *,
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> str:
    """Return a timeline as lines of text, one for each item."""
    rows = timeline_rows(items, today=today, voice=voice, catalog=catalog)
    return "\n".join(f"{row.lane}: {row.said}" if row.lane else row.said for row in rows)


def timeline_table(
    items: Iterable[Item],
    *,
    today: date | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> str:
    """Return a timeline as an HTML table with a caption and header cells."""
    by = basis(voice=voice, catalog=catalog)
    words = {key: texts[voice] for key, texts in by.catalog.wording.items()}
    columns = ("lane", "what", "start", "end", "days")
    head = "".join(f'<th scope="col">{escape(words[f"timeline_col_{c}"])}</th>' for c in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row.lane)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:5])
        + "</tr>"
        for row in timeline_rows(items, today=today, voice=voice, catalog=catalog)
    )
    return (
        f'<table class="soc-timeline"><caption>{escape(words["timeline_title"])}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )

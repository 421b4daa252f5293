"""Reports received as sheets and as DataFrames: the twelve checks of one, a column each of many.

pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from soclib.paper.sheets import Sheet, table_html
from soclib.received.inputs import COUNTED, OPEN
from soclib.received.tables import CHOICE, COUNT, DERIVED, RECEIVED, ReportCheck
from soclib.tables.rows import VOICES
from soclib.words import Words, fill, words_of

if TYPE_CHECKING:
    import pandas as pd

    from soclib.received.concluding import Received

BUYER = VOICES[1]
LAST = "conclusion"
LISTED = "; "

# --- one report -----------------------------------------------------------------------------------


def worksheet(one: Received) -> Sheet:
    """Return the conclusion on a report with its reasons, and all checks filled in."""
    words = words_of(one.catalog, BUYER)
    caption = _caption(one, words)
    parts = _said(one, words)
    lines = [caption, one.conclusion.meaning]
    html = f"<h3>{escape(caption)}</h3><p>{escape(one.conclusion.meaning)}</p>"
    for heading, texts in parts:
        items = "".join(f"<li>{escape(text)}</li>" for text in texts)
        html += f"<h4>{escape(heading)}</h4><ul>{items}</ul>"
        lines += [f"{heading}:", *(f"- {text}" for text in texts)]
    heads = [words[f"received_{name}"] for name in ("check", "look_for", "answers", "state")]
    checks = [_cells(one, check, words) for check in one.catalog.part(RECEIVED).checks.values()]
    rows = [
        [
            f"<b>{escape(number)} {escape(check)}</b><span>{escape(question)}</span>",
            escape(look_for),
            "".join(f"<p>{escape(answer)}</p>" for answer in found),
            f"<b>{escape(state)}</b>",
        ]
        for number, check, question, look_for, found, state in checks
    ]
    lines += [
        f"{number} {check}: {state}; {LISTED.join(found)}"
        for number, check, _question, _look, found, state in checks
    ]
    sheet = table_html(words["received_table"], heads, rows, "soc-received")
    return Sheet(f'<article class="soc-tale">{html}</article>{sheet}', "\n".join(lines))


def _caption(one: Received, words: Words) -> str:
    parts = {
        "report": one.name or words["received_unnamed"],
        "mark": one.conclusion.mark,
        "conclusion": one.conclusion.label,
    }
    return fill(words["received_caption"], parts)


def _said(one: Received, words: Words) -> list[tuple[str, list[str]]]:
    """Return what there is to say under each heading, headings without anything left out."""
    also = one.left_to_us if one.against else ()
    best = one.catalog.part(RECEIVED).conclusions[one.possible[0]].label
    missing = [found.find_out for found in one.missing]
    if missing:
        missing.append(fill(words["received_best"], {"conclusion": best}))
    besides = [] if one.against else [o.find_out for o in one.open_checks if o not in one.missing]
    better = one.what_would_change() if one.conclusion.settled and one.reasons else ()
    ranks = {key: found.rank for key, found in one.catalog.part(RECEIVED).conclusions.items()}
    said = [
        ("because", [ground.text for ground in one.reasons]),
        ("do", [ground.remedy for ground in one.reasons]),
        ("also", [ground.text for ground in also]),
        ("missing", missing),
        ("besides", besides),
        ("change", [t.change for t in better if ranks[t.conclusion_id] < one.conclusion.rank]),
    ]
    return [(words[f"received_{name}"], texts) for name, texts in said if texts]


def _cells(
    one: Received, check: ReportCheck, words: Words
) -> tuple[str, str, str, str, list[str], str]:
    """Return a check as number, name, question, where to look, what was found, and its state."""
    place = list(one.catalog.part(RECEIVED).checks).index(check.check_id) + 1
    return (
        str(place),
        check.check,
        check.question,
        check.look_for,
        _answers(one, check.check_id, words) or [words["received_nothing"]],
        _state(one, check.check_id, words),
    )


def _state(one: Received, check_id: str, words: Words) -> str:
    if check_id == LAST:
        return f"{one.conclusion.mark} {one.conclusion.label}"
    return words[f"received_state_{one.state(check_id)}"]


def _answers(one: Received, check_id: str, words: Words) -> list[str]:
    """Return what was filled in under a check, each with its label."""
    tables = one.catalog.part(RECEIVED)
    found = []
    for input_id, asked in tables.inputs.items():
        given = one.found.given.get(input_id, "")
        if asked.check_id != check_id or (asked.kind == COUNT and not given.isdecimal()):
            continue
        said = asked.choices[given].label if asked.kind in {CHOICE, DERIVED} and given else given
        if said:
            found.append(f"{asked.label}: {said}")
    return found + _fitted(one, check_id, words)


def _fitted(one: Received, check_id: str, words: Words) -> list[str]:
    """Return how the period and the year meet, under the check on the period."""
    fit = one.found.fit
    if fit is None or check_id != one.catalog.part(RECEIVED).inputs["period_end"].check_id:
        return []
    days = [("column_overlap_days", fit.overlap_days), ("column_gap_days", fit.gap_days)]
    return [f"{words[name]}: {count}" for name, count in days] if fit.start else []


def worksheet_table(one: Received) -> pd.DataFrame:
    """Return the checks on one report as a DataFrame, one row each, indexed by ``check_id``.

    Columns: ``check``, ``question``, ``look_for``, ``why``, ``found``, ``state`` (words) and
    ``to_do``.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    words = words_of(one.catalog, BUYER)
    rows = []
    for check in one.catalog.part(RECEIVED).checks.values():
        _place, name, question, look_for, found, state = _cells(one, check, words)
        rows.append(
            {
                "check_id": check.check_id,
                "check": name,
                "question": question,
                "look_for": look_for,
                "why": check.why,
                "found": LISTED.join(found),
                "state": state,
                "to_do": LISTED.join(_to_do(one, check.check_id)),
            }
        )
    return pd.DataFrame(rows).set_index("check_id")


def _to_do(one: Received, check_id: str) -> list[str]:
    grounds = (*one.against, *one.left_to_us)
    remedies = [ground.remedy for ground in grounds if ground.check_id == check_id]
    return remedies + [found.find_out for found in one.open_checks if found.check_id == check_id]


# --- many reports ---------------------------------------------------------------------------------


def overview(reports: Iterable[Received]) -> pd.DataFrame:
    """Return reports as a DataFrame, one row each, indexed by ``report``.

    Columns: ``vendor``, ``report_and_type``, ``period_fit``, ``opinion``, ``exceptions``,
    ``cuecs`` and ``subservice`` (how many are open, in words), the same as whole numbers
    (``exceptions_open``, ``cuecs_open``, ``carve_outs_open``; missing where not known),
    ``conclusion``, ``because``, ``to_do``, ``still_open``; then one column per check with its state
    in words.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    rows = [_row(one) for one in reports]
    if not rows:
        return pd.DataFrame()
    numbers = dict.fromkeys([name + OPEN for name in COUNTED], "Int64")
    return pd.DataFrame(rows).astype(numbers).set_index("report")


def _row(one: Received) -> dict[str, Any]:
    words = words_of(one.catalog, BUYER)
    tables = one.catalog.part(RECEIVED)
    kind = [_label(one, name, words) for name in ("report_id", "type_id")]
    checks = [key for key in tables.checks if key != LAST]
    return {
        "report": one.name,
        "vendor": one.filled.vendor,
        "report_and_type": ", ".join(kind),
        "period_fit": _label(one, "period_reading", words),
        "opinion": _label(one, "opinion", words),
        **{tables.inputs[name].check_id: _count(one, name, words) for name in COUNTED},
        **{name + OPEN: _number(one, name) for name in COUNTED},
        "conclusion": f"{one.conclusion.mark} {one.conclusion.label}",
        "because": " ".join(ground.text for ground in one.reasons),
        "to_do": " ".join(ground.remedy for ground in one.reasons),
        "still_open": " ".join(found.find_out for found in one.missing),
        **{f"state_{key}": _state(one, key, words) for key in checks},
    }


def _label(one: Received, input_id: str, words: Words) -> str:
    given = one.found.given.get(input_id)
    choices = one.catalog.part(RECEIVED).inputs[input_id].choices
    return choices[given].label if given else words["received_not_known"]


def _count(one: Received, name: str, words: Words) -> str:
    """Return how many of something are open, of how many, or that such a report shows none."""
    check_id = one.catalog.part(RECEIVED).inputs[name].check_id
    total, left = one.filled.given.get(name), _number(one, name)
    if check_id in one.found.not_shown:
        return words["received_state_not_shown"]
    if left is None:
        return words["received_not_known"]
    form = "received_open_of" if total else "received_open"
    return fill(words[form], {"open": str(left), "total": total or ""})


def _number(one: Received, name: str) -> int | None:
    """Return how many of something are open, None where that is not known or not shown."""
    given = one.filled.given
    left = given.get(name + OPEN, "0" if given.get(name) == "0" else None)
    hidden = one.catalog.part(RECEIVED).inputs[name].check_id in one.found.not_shown
    return None if left is None or hidden else int(left)


def _counted_checks(one: Received) -> list[str]:
    return [one.catalog.part(RECEIVED).inputs[name].check_id for name in COUNTED]


def overview_sheet(reports: Iterable[Received]) -> Sheet:
    """Return reports as a table to look at, the most telling columns only."""
    shown = list(reports)
    if not shown:
        return Sheet("", "")
    words = words_of(shown[0].catalog, BUYER)
    caption = fill(words["received_many_caption"], {"count": str(len(shown))})
    names = (LAST, "report_and_type", "period_fit", "opinion", *_counted_checks(shown[0]))
    heads = [words["column_report"], *(words[f"column_{name}"] for name in names)]
    cells = [[one.name, *(str(_row(one)[name]) for name in names)] for one in shown]
    html = table_html(caption, heads, [[*map(escape, row)] for row in cells], "soc-many")
    lines = [
        f"{row[0]}: {LISTED.join(f'{h}: {c}' for h, c in zip(heads[1:], row[1:], strict=True))}"
        for row in cells
    ]
    return Sheet(html, "\n".join([caption, *lines]))

"""Reports received as sheets and as DataFrames: the twelve checks of one, an overview of many.

pandas loads on first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from soclib.paper.sheets import Sheet, table_html
from soclib.received.inputs import COUNTED, OPEN
from soclib.received.tables import BUYER, CHOICE, COUNT, DERIVED, RECEIVED, ReportCheck
from soclib.words import Words, fill, words_of

if TYPE_CHECKING:
    import pandas as pd

    from soclib.received.concluding import Received

LAST = "conclusion"
LISTED = "; "

# --- one report -----------------------------------------------------------------------------------


def worksheet(report: Received) -> Sheet:
    """Return the conclusion on a report with its reasons, and all checks filled in."""
    words = words_of(report.catalog, BUYER)
    caption = _caption(report, words)
    parts = _parts(report, words)
    lines = [caption, report.conclusion.meaning]
    html = f"<h3>{escape(caption)}</h3><p>{escape(report.conclusion.meaning)}</p>"
    for heading, texts in parts:
        items = "".join(f"<li>{escape(text)}</li>" for text in texts)
        html += f"<h4>{escape(heading)}</h4><ul>{items}</ul>"
        lines += [f"{heading}:", *(f"- {text}" for text in texts)]
    heads = [words[f"received_{name}"] for name in ("check", "look_for", "answers", "state")]
    checks = [
        _cells(report, check, words) for check in report.catalog.part(RECEIVED).checks.values()
    ]
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


def _caption(report: Received, words: Words) -> str:
    parts = {
        "report": report.name or words["received_unnamed"],
        "mark": report.conclusion.mark,
        "conclusion": report.conclusion.label,
    }
    return fill(words["received_caption"], parts)


def _parts(report: Received, words: Words) -> list[tuple[str, list[str]]]:
    """Return the texts under each heading, leaving out headings that have none."""
    also = report.left_to_us if report.against else ()
    best = report.catalog.part(RECEIVED).conclusions[report.possible[0]].label
    missing = [gap.find_out for gap in report.missing]
    if missing:
        missing.append(fill(words["received_best"], {"conclusion": best}))
    others = [gap.find_out for gap in report.open_checks if gap not in report.missing]
    better = report.what_would_change() if report.conclusion.settled and report.reasons else ()
    conclusions = report.catalog.part(RECEIVED).conclusions
    ranks = {key: conclusion.rank for key, conclusion in conclusions.items()}
    parts = [
        ("because", [finding.text for finding in report.reasons]),
        ("do", [finding.remedy for finding in report.reasons]),
        ("also", [finding.text for finding in also]),
        ("missing", missing),
        ("besides", [] if report.against else others),
        ("change", [t.change for t in better if ranks[t.conclusion_id] < report.conclusion.rank]),
    ]
    return [(words[f"received_{name}"], texts) for name, texts in parts if texts]


def _cells(
    report: Received, check: ReportCheck, words: Words
) -> tuple[str, str, str, str, list[str], str]:
    """Return a check as number, name, question, where to look, what was found, and its state."""
    place = list(report.catalog.part(RECEIVED).checks).index(check.check_id) + 1
    return (
        str(place),
        check.check,
        check.question,
        check.look_for,
        _answers(report, check.check_id, words) or [words["received_nothing"]],
        _state(report, check.check_id, words),
    )


def _state(report: Received, check_id: str, words: Words) -> str:
    if check_id == LAST:
        return f"{report.conclusion.mark} {report.conclusion.label}"
    return words[f"received_state_{report.state(check_id)}"]


def _answers(report: Received, check_id: str, words: Words) -> list[str]:
    """Return what was filled in under a check, each with its label."""
    tables = report.catalog.part(RECEIVED)
    answers = []
    for input_id, asked in tables.inputs.items():
        given = report.facts.given.get(input_id, "")
        if asked.check_id != check_id or (asked.kind == COUNT and not given.isdecimal()):
            continue
        answer = asked.choices[given].label if asked.kind in {CHOICE, DERIVED} and given else given
        if answer:
            answers.append(f"{asked.label}: {answer}")
    return answers + _fit_lines(report, check_id, words)


def _fit_lines(report: Received, check_id: str, words: Words) -> list[str]:
    """Return by how many days the period and the year overlap, under the check on the period."""
    fit = report.facts.fit
    if fit is None or check_id != report.catalog.part(RECEIVED).inputs["period_end"].check_id:
        return []
    days = [("column_overlap_days", fit.overlap_days), ("column_gap_days", fit.gap_days)]
    return [f"{words[name]}: {count}" for name, count in days] if fit.start else []


def worksheet_table(report: Received) -> pd.DataFrame:
    """Return the checks on one report as a DataFrame, one row each, indexed by ``check_id``.

    Columns: ``check``, ``question``, ``look_for``, ``why``, ``found``, ``state`` (words) and
    ``to_do``.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    words = words_of(report.catalog, BUYER)
    rows = []
    for check in report.catalog.part(RECEIVED).checks.values():
        _place, name, question, look_for, found, state = _cells(report, check, words)
        rows.append(
            {
                "check_id": check.check_id,
                "check": name,
                "question": question,
                "look_for": look_for,
                "why": check.why,
                "found": LISTED.join(found),
                "state": state,
                "to_do": LISTED.join(_to_do(report, check.check_id)),
            }
        )
    return pd.DataFrame(rows).set_index("check_id")


def _to_do(report: Received, check_id: str) -> list[str]:
    findings = (*report.against, *report.left_to_us)
    remedies = [finding.remedy for finding in findings if finding.check_id == check_id]
    return remedies + [gap.find_out for gap in report.open_checks if gap.check_id == check_id]


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

    rows = [_row(report) for report in reports]
    if not rows:
        return pd.DataFrame()
    numbers = dict.fromkeys([name + OPEN for name in COUNTED], "Int64")
    return pd.DataFrame(rows).astype(numbers).set_index("report")


def _row(report: Received) -> dict[str, Any]:
    words = words_of(report.catalog, BUYER)
    tables = report.catalog.part(RECEIVED)
    kind = [_label(report, name, words) for name in ("report_id", "type_id")]
    checks = [key for key in tables.checks if key != LAST]
    return {
        "report": report.name,
        "vendor": report.filled.vendor,
        "report_and_type": ", ".join(kind),
        "period_fit": _label(report, "period_reading", words),
        "opinion": _label(report, "opinion", words),
        **{tables.inputs[name].check_id: _count(report, name, words) for name in COUNTED},
        **{name + OPEN: _number(report, name) for name in COUNTED},
        "conclusion": f"{report.conclusion.mark} {report.conclusion.label}",
        "because": " ".join(finding.text for finding in report.reasons),
        "to_do": " ".join(finding.remedy for finding in report.reasons),
        "still_open": " ".join(gap.find_out for gap in report.missing),
        **{f"state_{key}": _state(report, key, words) for key in checks},
    }


def _label(report: Received, input_id: str, words: Words) -> str:
    given = report.facts.given.get(input_id)
    choices = report.catalog.part(RECEIVED).inputs[input_id].choices
    return choices[given].label if given else words["received_not_known"]


def _count(report: Received, name: str, words: Words) -> str:
    """Return how many of a thing are open, and of how many; or that such a report shows none."""
    check_id = report.catalog.part(RECEIVED).inputs[name].check_id
    total, count = report.filled.given.get(name), _number(report, name)
    if check_id in report.facts.not_shown:
        return words["received_state_not_shown"]
    if count is None:
        return words["received_not_known"]
    form = "received_open_of" if total else "received_open"
    return fill(words[form], {"open": str(count), "total": total or ""})


def _number(report: Received, name: str) -> int | None:
    """Return how many of a thing are open; None where that is not known or not shown."""
    given = report.filled.given
    count = given.get(name + OPEN, "0" if given.get(name) == "0" else None)
    hidden = report.catalog.part(RECEIVED).inputs[name].check_id in report.facts.not_shown
    return None if count is None or hidden else int(count)


def _counted_checks(report: Received) -> list[str]:
    return [report.catalog.part(RECEIVED).inputs[name].check_id for name in COUNTED]


def overview_sheet(reports: Iterable[Received]) -> Sheet:
    """Return reports as a table to look at, with the most important columns only."""
    listed = list(reports)
    if not listed:
        return Sheet("", "")
    words = words_of(listed[0].catalog, BUYER)
    caption = fill(words["received_many_caption"], {"count": str(len(listed))})
    names = (LAST, "report_and_type", "period_fit", "opinion", *_counted_checks(listed[0]))
    heads = [words["column_report"], *(words[f"column_{name}"] for name in names)]
    cells = [[report.name, *(str(_row(report)[name]) for name in names)] for report in listed]
    html = table_html(caption, heads, [[*map(escape, row)] for row in cells], "soc-many")
    lines = [
        f"{row[0]}: {LISTED.join(f'{h}: {c}' for h, c in zip(heads[1:], row[1:], strict=True))}"
        for row in cells
    ]
    return Sheet(html, "\n".join([caption, *lines]))

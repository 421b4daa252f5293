"""A decision, described as plain values, as escaped HTML and as text.

``soclib/verdict/verdict.js`` writes the same HTML in the browser; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from soclib.catalog import Catalog
from soclib.comparison.tables import COMPARISON
from soclib.paper.sheets import Plain, source_list_html
from soclib.paper.styles import verdict_css
from soclib.tables.rows import ANSWERS, NO, UNKNOWN, YES
from soclib.verdict.tables import VERDICT
from soclib.words import Words, fill, words_of


def decision_html(plain: Plain, catalog: Catalog) -> str:
    """Return a described decision as one styled, self-contained fragment."""
    return f"<style>{verdict_css()}</style>{verdict_html(plain, catalog)}"


def verdict_html(plain: Plain, catalog: Catalog) -> str:
    """Return a described decision as HTML without its style sheet."""
    words = words_of(catalog, plain["voice"])
    parts = [
        f'<h3 class="soc-headline">{escape(plain["headline"])}</h3>',
        strip_html(plain["cards"]),
        next_html(plain, words),
        square_html(plain, words, catalog),
        *(card_html(card, words) for card in plain["cards"]),
        _list_html("routes", plain["beside"], words),
        _not_sure_html(plain, words),
        _set_aside_html(plain, words),
        matrix_html(catalog, words),
        f'<p class="soc-fine">{escape(words["not_advice"])} {escape(plain["version"])}.</p>',
    ]
    label = escape(words["verdict"])
    return f'<section class="soc-verdict" aria-label="{label}">{"".join(parts)}</section>'


def strip_html(cards: list[Plain]) -> str:
    """Return every report with its status, in one line."""
    items = "".join(
        f'<li class="soc-is-{card["status_id"]}">{escape(card["title"])} {_status_html(card)}</li>'
        for card in cards
    )
    return f'<ul class="soc-strip">{items}</ul>'


def _status_html(card: Plain) -> str:
    return (
        f'<span class="soc-status"><span aria-hidden="true">{escape(card["mark"])}</span> '
        f"{escape(card['label'])}</span>"
    )


def next_html(plain: Plain, words: Words) -> str:
    """Return the best next question and why it is the best."""
    question = plain["next"]
    if question is None:
        return f'<p class="soc-next">{escape(words["nothing_left"])}</p>'
    return (
        f'<p class="soc-next"><b>{escape(words["next_question"])}</b> '
        f'<span class="soc-jump" data-jump="{question["criterion_id"]}">'
        f"{escape(question['question'])}</span> "
        f'<span class="soc-muted">{escape(question["why"])}</span></p>'
    )


def card_html(card: Plain, words: Words) -> str:
    """Return one report: status, why, what would change it, what it rests on, the way there.

    A report that nothing leads to says so in one sentence and folds the rest away.
    """
    first = f'<p class="soc-words">{escape(card["words"])}</p>' if card["words"] else ""
    rest = [
        _why_html(card, words),
        _changes_html(card["changes"], words),
        _assumptions_html(card["assumptions"], words),
        _path_html(card["path"], words),
        _list_html("categories", card["categories"], words),
        _out_html(card["categories_out"], words),
        _readers_html(card["readers"], words),
        _rows_html(card["rows"], words),
        _sources_html(card["sources"], words),
    ]
    lets = f'<p class="soc-lets">{escape(card["lets"])}</p>' if card["lets"] else ""
    body = lets + "".join(rest)
    if card["folded"]:
        summary = escape(words["why_and_change"])
        body = f'<details class="soc-fold"><summary>{summary}</summary>{body}</details>'
    return (
        f'<article class="soc-card soc-is-{card["status_id"]}" '
        f'aria-label="{escape(card["title"])}: {escape(card["label"])}">'
        f"<header><h4>{escape(card['title'])}</h4>{_status_html(card)}</header>"
        f"{first}{body}</article>"
    )


def _why_html(card: Plain, words: Words) -> str:
    rows = []
    if card["conflicts"]:
        items = "".join(f"<li>{escape(text)}</li>" for text in card["conflicts"])
        heading = escape(words["topic_contradiction"])
        rows.append(f'<dt class="soc-conflict">{heading}</dt><dd><ul>{items}</ul></dd>')
    for topic in ("subject", "demand"):
        state = "open" if card[topic] == UNKNOWN else card[topic]
        reasons = [reason for reason in card["reasons"] if reason["topic"] == topic]
        items = "".join(f"<li>{_reason_html(reason, words)}</li>" for reason in reasons)
        heading = f"{escape(words[f'topic_{topic}'])}: <b>{escape(words[f'state_{state}'])}</b>"
        rows.append(f"<dt>{heading}</dt><dd>{f'<ul>{items}</ul>' if items else ''}</dd>")
    return f'<dl class="soc-why">{"".join(rows)}</dl>'


def _reason_html(reason: Plain, words: Words) -> str:
    note = reason_note(reason, words)
    tail = f' <span class="soc-muted">({escape(note)})</span>' if note else ""
    return f"{escape(reason['text'])}{tail}"


def reason_note(reason: Plain, words: Words) -> str:
    """Return the note on a reason: that it is assumed, or how sure its rule is; often blank.

    A demand, or a condition that is not met, comes from the user's answers: it has no evidence.
    """
    if reason["assumed"]:
        return words["assumed"]
    if reason["topic"] == "subject" and reason["value"] == YES:
        return "" if reason["evidence"] == "confirmed" else words[f"evidence_{reason['evidence']}"]
    return ""


def _changes_html(changes: list[Plain], words: Words) -> str:
    if not changes:
        return ""
    rows = []
    for change in changes:
        texts = "".join(f"<li>{escape(words['if'])} {escape(t)}</li>" for t in change["texts"])
        rows.append(
            f'<li><b class="soc-is-{change["status_id"]}"><span aria-hidden="true">'
            f"{escape(change['mark'])}</span> {escape(change['label'])}</b><ul>{texts}</ul></li>"
        )
    title = escape(words["would_change"])
    return f'<div class="soc-change"><h5>{title}</h5><ul>{"".join(rows)}</ul></div>'


def _assumptions_html(assumptions: list[Plain], words: Words) -> str:
    if not assumptions:
        return ""
    chips = "".join(
        f'<li><span class="soc-chip soc-jump" data-jump="{a["criterion_id"]}">'
        f"{escape(a['text'])} · {escape(words['assumed'])}</span></li>"
        for a in assumptions
    )
    title = escape(words["rests_on"])
    return f'<div class="soc-rests"><h5>{title}</h5><ul class="soc-chips">{chips}</ul></div>'


def _path_html(path: list[Plain], words: Words) -> str:
    taken_or_open = [step for step in path if step["state"] != NO]
    if not taken_or_open:
        return ""
    items = "".join(
        f'<li class="soc-step-{step["state"]}"><b>{escape(step["title"])}</b>'
        + ("" if step["state"] == "yes" else f" ({escape(words['step_open'])})")
        + f"{_texts_html(step['texts'])}</li>"
        for step in taken_or_open
    )
    return f'<div class="soc-path"><h5>{escape(words["path"])}</h5><ol>{items}</ol></div>'


def _list_html(name: str, outcomes: list[Plain], words: Words) -> str:
    if not outcomes:
        return ""
    items = "".join(
        f"<li><b>{escape(outcome['title'])}</b>"
        + ("" if outcome["state"] == "yes" else f" ({escape(words['step_open'])})")
        + f"{_texts_html(outcome['texts'])}</li>"
        for outcome in outcomes
    )
    return f'<div class="soc-{name}"><h5>{escape(words[name])}</h5><ul>{items}</ul></div>'


def _out_html(titles: list[str], words: Words) -> str:
    if not titles:
        return ""
    text = fill(words["categories_out"], {"titles": ", ".join(titles)})
    return f'<p class="soc-muted">{escape(text)}</p>'


def _texts_html(texts: list[str]) -> str:
    return f' <span class="soc-muted">{escape(" ".join(texts))}</span>' if texts else ""


def _rows_html(rows: list[Plain], words: Words) -> str:
    if not rows:
        return ""
    items = "".join(
        f"<dt>{escape(row['dimension'])}</dt><dd>{escape(row['text'])}</dd>" for row in rows
    )
    summary = f"{escape(words['comparison_rows'])} ({len(rows)})"
    return (
        f'<details class="soc-rows"><summary>{summary}</summary>'
        f'<dl class="soc-why">{items}</dl></details>'
    )


def _readers_html(readers: list[Plain], words: Words) -> str:
    if not readers:
        return ""
    head = "".join(
        f'<th scope="col">{escape(words[key])}</th>'
        for key in ("reader", "allowed", "condition", "reader_why")
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(row["reader"])}</th><td>{escape(row["allowed"])}</td>'
        f"<td>{escape(row['condition'])}</td><td>{escape(row['why'])}</td></tr>"
        for row in readers
    )
    title = escape(words["readers"])
    return (
        f'<details class="soc-readers"><summary>{title}</summary><table>'
        f'<caption class="soc-hidden">{title}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def matrix_html(catalog: Catalog, words: Words) -> str:
    """Return which reader may have which report, as a small table that unfolds."""
    head = "".join(f'<th scope="col">{escape(r.title)}</th>' for r in catalog.part(VERDICT).reports)
    rows = "".join(
        f'<tr><th scope="row">{escape(reader)}</th>'
        + "".join(f"<td>{escape(words[f'allowed_{a}'])}</td>" for a in allowed)
        + "</tr>"
        for reader, allowed in allowed_by_reader(catalog)
    )
    title = escape(words["may_send"])
    return (
        f'<details class="soc-readers soc-matrix"><summary>{title}</summary><table>'
        f'<caption class="soc-hidden">{title}</caption>'
        f'<thead><tr><th scope="col">{escape(words["reader"])}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def allowed_by_reader(catalog: Catalog) -> list[tuple[str, list[str]]]:
    """Return each reader with what holds for each report."""
    cells = {
        (row.reader_id, row.report_id): row.allowed for row in catalog.part(COMPARISON).readers
    }
    readers = {row.reader_id: row.reader for row in catalog.part(COMPARISON).readers}
    return [
        (reader, [cells[reader_id, report.report_id] for report in catalog.part(VERDICT).reports])
        for reader_id, reader in readers.items()
    ]


def _sources_html(sources: list[Plain], words: Words) -> str:
    return source_list_html(f"{words['sources']} ({len(sources)})", sources)


def square_html(plain: Plain, words: Words, catalog: Catalog) -> str:
    """Return the subject-demand square, and in it the reports that it is the square of."""
    squares = {
        report.report_id: _statuses(report.square) for report in catalog.part(VERDICT).reports
    }
    first = next(iter(squares.values()))
    sharing = [key for key, square in squares.items() if square == first]
    cards = {card["report_id"]: card for card in plain["cards"] if card["report_id"] in sharing}
    head = "".join(f'<th scope="col">{escape(words[f"demand_{d}"])}</th>' for d in ANSWERS)
    rows = []
    for subject in ANSWERS:
        cells = "".join(
            _place_html(
                catalog.part(VERDICT).statuses[first[subject, demand]].label,
                first[subject, demand],
                [c for c in cards.values() if (c["subject"], c["demand"]) == (subject, demand)],
            )
            for demand in ANSWERS
        )
        rows.append(f'<tr><th scope="row">{escape(words[f"subject_{subject}"])}</th>{cells}</tr>')
    return (
        f'<div class="soc-square"><table><caption><b>{escape(words["square_title"])}</b> '
        f"<span>{escape(words['square_caption'])}</span></caption>"
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _statuses(square: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401 - a report's square
    return {(cell.subject, cell.demand): cell.status_id for cell in square.values()}


def _place_html(label: str, status_id: str, cards: list[Plain]) -> str:
    if not cards:
        return f"<td>{escape(label)}</td>"
    names = "".join(
        f'<b><span aria-hidden="true">{escape(card["mark"])}</span> {escape(card["title"])}</b>'
        for card in cards
    )
    return f'<td class="soc-here soc-is-{status_id}">{names}<span>{escape(label)}</span></td>'


def _not_sure_html(plain: Plain, words: Words) -> str:
    rows = [
        f"<li>{escape(item['question'])} <b>{escape(item['who_knows'])}</b>. "
        f"{escape(item['find_out'])}.</li>"
        for item in plain["not_sure"]
    ]
    if not rows:
        return ""
    title = escape(words["not_sure_title"])
    return f'<div class="soc-unsure"><h5>{title}</h5><ul>{"".join(rows)}</ul></div>'


def _set_aside_html(plain: Plain, words: Words) -> str:
    if not plain["set_aside"]:
        return ""
    rows = "".join(f"<li>{escape(item['question'])}</li>" for item in plain["set_aside"])
    return f'<div class="soc-aside"><h5>{escape(words["set_aside"])}</h5><ul>{rows}</ul></div>'


# --- as text --------------------------------------------------------------------------------------


def decision_text(plain: Plain, catalog: Catalog) -> str:
    """Return a described decision as text that says all that the HTML says."""
    words = words_of(catalog, plain["voice"])
    lines = [plain["headline"]]
    for card in plain["cards"]:
        lines += ["", *_card_lines(card, words)]
    lines += [""]
    lines += [_outcome_line(words["routes"], outcome) for outcome in plain["beside"]]
    if plain["next"]:
        lines.append(
            f"{words['next_question']}: {plain['next']['question']} {plain['next']['why']}"
        )
    else:
        lines.append(words["nothing_left"])
    lines += [
        f"{words['not_sure_title']}: {item['question']} {item['who_knows']}. {item['find_out']}."
        for item in plain["not_sure"]
    ]
    lines += [f"{words['set_aside']}: {item['question']}" for item in plain["set_aside"]]
    titles = [report.title for report in catalog.part(VERDICT).reports]
    for reader, allowed in allowed_by_reader(catalog):
        pairs = zip(titles, allowed, strict=True)
        texts = ", ".join(f"{title} {words[f'allowed_{answer}']}" for title, answer in pairs)
        lines.append(f"{words['may_send']} {reader}: {texts}")
    lines.append(f"{words['not_advice']} {plain['version']}.")
    return "\n".join(lines)


def _card_lines(card: Plain, words: Words) -> list[str]:
    lines = [f"{card['title']}: {card['label']}", *([card["words"]] if card["words"] else [])]
    lines += [
        f"  {words['topic_' + r['topic']]} ({words['state_' + r['value']]}): {r['text']}"
        + (f" ({note})" if (note := reason_note(r, words)) else "")
        for r in card["reasons"]
    ]
    lines += [f"  {words['topic_contradiction']}: {text}" for text in card["conflicts"]]
    lines += [
        f"  {words['would_change']} {change['label']} {words['if']} {text}"
        for change in card["changes"]
        for text in change["texts"]
    ]
    lines += [f"  {words['rests_on']}: {a['text']}" for a in card["assumptions"]]
    lines += [
        f"  {words['path']}: {step['title']} ({step['state']})"
        + (f" {' '.join(step['texts'])}" if step["texts"] else "")
        for step in card["path"]
        if step["state"] != "no"
    ]
    lines += [f"  {_outcome_line(words['categories'], outcome)}" for outcome in card["categories"]]
    if card["categories_out"]:
        titles = ", ".join(card["categories_out"])
        lines.append(f"  {words['categories_out'].replace('{titles}', titles)}")
    lines += [f"  {card['lets']}"] if card["lets"] else []
    lines += [
        f"  {words['readers']} {row['reader']}: {row['allowed']}. {row['condition']}".rstrip()
        for row in card["readers"]
    ]
    lines += [f"  {row['dimension']}: {row['text']}" for row in card["rows"]]
    sources = [f"{source['title']} ({source['publisher']})" for source in card["sources"]]
    return [*lines, f"  {words['sources']}: {'; '.join(sources)}"]


def _outcome_line(name: str, outcome: Plain) -> str:
    return f"{name}: {outcome['title']} ({outcome['state']}) {' '.join(outcome['texts'])}"


def switch_text(switch: Plain, options: Iterable[str], words: Words) -> str:
    """Return one question of a panel as a line: question, options, state."""
    if switch["answer"]:
        state = words[f"answer_{switch['answer']}"]
    elif switch["assumed"]:
        state = fill(words["assumed_is"], {"answer": words[f"answer_{switch['assumed']}"]})
    else:
        state = words["nothing_assumed"]
    return f"{switch['question']} [{' | '.join(options)}] {state}"

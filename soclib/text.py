"""A described decision as text that says all that its HTML says."""

from __future__ import annotations

from collections.abc import Iterable

from soclib.model import Catalog
from soclib.render import Plain, Words, allowed_by_reader, reason_note, words_of


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
    titles = [report.title for report in catalog.reports]
    for reader, allowed in allowed_by_reader(catalog):
        pairs = zip(titles, allowed, strict=True)
        said = ", ".join(f"{title} {words[f'allowed_{answer}']}" for title, answer in pairs)
        lines.append(f"{words['may_send']} {reader}: {said}")
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
    """Return one switch of a panel as a line: question, options on offer, state."""
    if switch["answer"]:
        state = words[f"answer_{switch['answer']}"]
    elif switch["assumed"]:
        state = words["assumed_is"].replace("{answer}", words[f"answer_{switch['assumed']}"])
    else:
        state = words["nothing_assumed"]
    return f"{switch['question']} [{' | '.join(options)}] {state}"

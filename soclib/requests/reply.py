"""A draft reply to a request, and where what was asked for differs from what is needed.

Every sentence is a row of ``replies.csv`` and is used where its conditions hold; this module works
those out and fills in the words in braces. What the text does not say stays a bracketed prompt.
"""

from __future__ import annotations

from collections.abc import Iterator

from soclib.catalog import Catalog
from soclib.paper.blocks import Block, block, markdown
from soclib.requests.asked import DEADLINE, AskedFor, spelled
from soclib.requests.tables import REQUESTS, ReplyLine
from soclib.tables.rows import UNKNOWN, YES
from soclib.verdict.decision import Decision
from soclib.verdict.tables import VERDICT, Report
from soclib.words import fill, words_of

QUESTION = "question"
ANY = "soc"  # a SOC report, without saying which
MOST_QUESTIONS = 2  # in one reply


def conditions(asked: AskedFor, decision: Decision) -> frozenset[str]:
    """Return every condition that holds for a request, named as in the column ``applies``."""
    statuses = decision.case.catalog.part(VERDICT).statuses
    holds = {f"voice_{decision.voice}"}
    holds |= {f"asked_{report_id}" for report_id in asked.reports} or {"asked_nothing"}
    for report_id, status_id in decision.reports.items():
        holds.add(f"{report_id}_{status_id}")
        if statuses[status_id].leads_on:
            holds.add(f"{report_id}_fits")
    holds |= {f"named_{report_id}" for report_id in asked.named} | set(asked.types)
    holds |= {f"standard_{standard}" for standard in asked.standards}
    holds |= {f"route_{route}" for route in decision.routes}
    holds |= {f"signs_{sign}" for sign in asked.signs}
    facts = {
        "deadline": asked.deadlines or asked.hurry,
        "due": _clear(asked, DEADLINE),
        "unclear_date": _unclear(asked),
        "year_end": asked.year_ends,
        "contradiction": decision.contradictions,
        "questions": questions(asked, decision),
    }
    return frozenset(holds | {name for name, fact in facts.items() if fact})


def questions(asked: AskedFor, decision: Decision) -> tuple[str, ...]:
    """Return the criteria to ask about in a reply: what decides next, then who asks for it."""
    catalog = decision.case.catalog
    wanted: list[str] = []
    for report in catalog.part(VERDICT).reports:
        meant = {report.report_id, ANY} & set(asked.reports)
        if meant and decision.subject[report.report_id] == UNKNOWN:
            wanted += _open(report, decision)[:1]
    following = decision.next_question()
    if following and any(decision.subject[key] == UNKNOWN for key in following.report_ids):
        wanted.append(following.criterion_id)
    for report in catalog.part(VERDICT).reports:
        verdict = (decision.subject[report.report_id], decision.demand[report.report_id])
        if verdict == (YES, UNKNOWN):
            wanted += _demands(report, catalog)[:1]
    known = {line.reply_id for line in catalog.part(REQUESTS).replies}
    askable = dict.fromkeys(key for key in wanted if f"ask_{key}" in known)
    return tuple(askable)[:MOST_QUESTIONS]


def _open(report: Report, decision: Decision) -> list[str]:
    """Return the unanswered criteria that the subject of a report depends on."""
    case = decision.case
    open_masks = [rule.yes & ~(case.yes | case.no) for rule in report.subject.rules]
    return [
        c.criterion_id
        for c in case.catalog.part(VERDICT).criteria
        if any(c.bit & mask for mask in open_masks)
    ]


def _demands(report: Report, catalog: Catalog) -> list[str]:
    """Return the criteria that say whether somebody asks for a report."""
    masks = [rule.yes for rule in report.demand.rules]
    return [c.criterion_id for c in catalog.part(VERDICT).criteria if c.bit in masks]


def holding(part: str, asked: AskedFor, decision: Decision) -> Iterator[ReplyLine]:
    """Yield the sentences of one part that hold, in the order of the table."""
    holds = conditions(asked, decision)
    for line in decision.case.catalog.part(REQUESTS).replies:
        if line.part == part and all(_is_met(condition, holds) for condition in line.applies):
            yield line


def _is_met(condition: str, holds: frozenset[str]) -> bool:
    """Return whether a condition holds; ``a|b`` needs one of them, ``not a`` the opposite."""
    names = condition.removeprefix("not ")
    return any(name in holds for name in names.split("|")) is (names == condition)


def differs(asked: AskedFor, decision: Decision) -> tuple[str, ...]:
    """Return where what was asked for differs from what is needed, with reasons, as sentences."""
    facts = _facts(asked, decision)
    return tuple(fill(line.text, facts) for line in holding("differs", asked, decision))


def reply(asked: AskedFor, decision: Decision) -> str:
    """Return a draft reply as Markdown: what is confirmed, or the questions that decide."""
    return markdown(_blocks(asked, decision))


def reply_text(asked: AskedFor, decision: Decision) -> str:
    """Return the same draft as plain text, to copy into an e-mail."""
    lines: list[str] = []
    before = ""
    for paragraph in _blocks(asked, decision):
        if before and not before == paragraph.kind == "item":
            lines.append("")
        lines.append(("- " if paragraph.kind == "item" else "") + paragraph.text)
        before = paragraph.kind
    return "\n".join(lines)


def _blocks(asked: AskedFor, decision: Decision) -> Iterator[Block]:
    facts = _facts(asked, decision)
    lines = {line.reply_id: line.text for line in decision.case.catalog.part(REQUESTS).replies}
    for line in holding("reply", asked, decision):
        if line.kind == QUESTION:
            for criterion_id in questions(asked, decision):
                yield block("item", _question(criterion_id, lines, decision))
        else:
            yield block(line.kind, fill(line.text, facts))


def _question(criterion_id: str, lines: dict[str, str], decision: Decision) -> str:
    """Return a question to the asker; a buyer asks the questions of the panel."""
    catalog: Catalog = decision.case.catalog
    asked = catalog.part(VERDICT).criterion(criterion_id).questions
    if decision.voice == "buyer" and decision.voice in asked:
        return asked[decision.voice].question
    return lines[f"ask_{criterion_id}"]


def _facts(asked: AskedFor, decision: Decision) -> dict[str, str]:
    """Return what is filled in for the words in braces, blank where there is nothing to say."""
    catalog = decision.case.catalog
    titles = {outcome.outcome_id: outcome.title for outcome in catalog.part(VERDICT).outcomes}
    words = words_of(catalog, decision.voice)
    return {
        "type": "".join(f" {words[f'request_{type_id}']}" for type_id in asked.types),
        "deadline": ", ".join(map(spelled, _clear(asked, DEADLINE))),
        "unclear_date": ", ".join(_unclear(asked)),
        "year_end": ", ".join(map(spelled, asked.year_ends)),
        "routes": ", ".join(titles[route] for route in decision.routes),
        "headline": decision.to_dict()["headline"],
    }


def _clear(asked: AskedFor, kind: str) -> list[str]:
    return [day.value for day in asked.dates if day.kind == kind and day.value]


def _unclear(asked: AskedFor) -> list[str]:
    """Return the dates that are not clear, in the words of the text."""
    return [day.words for day in asked.dates if day.why_not]

"""A draft reply to a request, and where what was asked for differs from what is needed.

Every sentence is a row of ``replies.csv`` and stands where its conditions hold; here they are
worked out and the gaps filled in. What nobody said stays a bracketed prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soclib.catalog import Catalog
from soclib.paper.blocks import Block, block, markdown
from soclib.requests.asked import DEADLINE, AskedFor, spelled
from soclib.requests.tables import REQUESTS, ReplyLine
from soclib.tables.rows import UNKNOWN, YES
from soclib.verdict.decision import Decision
from soclib.verdict.tables import VERDICT, Report
from soclib.words import words_of

FIELD = re.compile(r"\{([a-z_0-9]+)\}")
QUESTION = "question"
ANY = "soc"  # a SOC report, without saying which
MOST = 2  # questions of one reply


def conditions(asked: AskedFor, decision: Decision) -> frozenset[str]:
    """Return everything that holds of a request, as the words that ``applies`` may use."""
    found = {f"voice_{decision.voice}"}
    found |= {f"asked_{one}" for one in asked.reports} or {"asked_nothing"}
    for report_id, status in decision.reports.items():
        found.add(f"{report_id}_{status}")
        if status in ("needed", "likely"):
            found.add(f"{report_id}_fits")
    found |= {f"named_{one}" for one in asked.named} | set(asked.types)
    found |= {f"standard_{one}" for one in asked.standards}
    found |= {f"route_{one}" for one in decision.routes}
    found |= {f"signs_{one}" for one in asked.signs}
    pairs = {
        "deadline": asked.deadlines or asked.hurry,
        "due": _clear(asked, DEADLINE),
        "unclear_date": _unclear(asked),
        "year_end": asked.year_ends,
        "contradiction": decision.contradictions,
        "questions": questions(asked, decision),
    }
    return frozenset(found | {name for name, holds in pairs.items() if holds})


def questions(asked: AskedFor, decision: Decision) -> tuple[str, ...]:
    """Return the criteria to ask about in a reply: what decides next, then a missing demand."""
    catalog = decision.case.catalog
    wanted: list[str] = []
    for report in catalog.part(VERDICT).reports:
        meant = {report.report_id, ANY} & set(asked.reports)
        if meant and decision.subject[report.report_id] == UNKNOWN:
            wanted += _open(report, decision)[:1]
    following = decision.next_question()
    if following and any(decision.subject[one] == UNKNOWN for one in following.report_ids):
        wanted.append(following.criterion_id)
    for report in catalog.part(VERDICT).reports:
        places = (decision.subject[report.report_id], decision.demand[report.report_id])
        if places == (YES, UNKNOWN):
            wanted += _demands(report, catalog)[:1]
    known = {line.reply_id for line in catalog.part(REQUESTS).replies}
    found = dict.fromkeys(one for one in wanted if f"ask_{one}" in known)
    return tuple(found)[:MOST]


def _open(report: Report, decision: Decision) -> list[str]:
    """Return the criteria on which the subject of a report hangs, none of them answered."""
    case = decision.case
    wanted = [rule.yes & ~(case.yes | case.no) for rule in report.subject.rules]
    return [
        c.criterion_id
        for c in case.catalog.part(VERDICT).criteria
        if any(c.bit & one for one in wanted)
    ]


def _demands(report: Report, catalog: Catalog) -> list[str]:
    """Return the criteria that say whether somebody asks for a report."""
    masks = [rule.yes for rule in report.demand.rules]
    return [c.criterion_id for c in catalog.part(VERDICT).criteria if c.bit in masks]


def holding(part: str, asked: AskedFor, decision: Decision) -> Iterator[ReplyLine]:
    """Yield the sentences of one part that hold, in the order of the table."""
    holds = conditions(asked, decision)
    for line in decision.case.catalog.part(REQUESTS).replies:
        if line.part == part and all(_meets(one, holds) for one in line.applies):
            yield line


def _meets(condition: str, holds: frozenset[str]) -> bool:
    """Return whether a condition holds; ``a|b`` needs one of them, ``not a`` the opposite."""
    name = condition.removeprefix("not ")
    return any(one in holds for one in name.split("|")) is (name == condition)


def differs(asked: AskedFor, decision: Decision) -> tuple[str, ...]:
    """Return where what was asked for differs from what is needed, with reasons, as sentences."""
    facts = _facts(asked, decision)
    return tuple(_filled(line.text, facts) for line in holding("differs", asked, decision))


def reply(asked: AskedFor, decision: Decision) -> str:
    """Return a draft reply as Markdown: what is confirmed, or the questions that decide."""
    return markdown(_blocks(asked, decision))


def reply_text(asked: AskedFor, decision: Decision) -> str:
    """Return the same draft as plain text, to copy into an e-mail."""
    lines: list[str] = []
    before = ""
    for one in _blocks(asked, decision):
        if before and not before == one.kind == "item":
            lines.append("")
        lines.append(("- " if one.kind == "item" else "") + one.text)
        before = one.kind
    return "\n".join(lines)


def _blocks(asked: AskedFor, decision: Decision) -> Iterator[Block]:
    facts = _facts(asked, decision)
    lines = {line.reply_id: line.text for line in decision.case.catalog.part(REQUESTS).replies}
    for line in holding("reply", asked, decision):
        if line.kind == QUESTION:
            for one in questions(asked, decision):
                yield block("item", _question(one, lines, decision))
        else:
            yield block(line.kind, _filled(line.text, facts))


def _question(criterion_id: str, lines: dict[str, str], decision: Decision) -> str:
    """Return a question to the asker; the buyer's own questions are those of the panel."""
    catalog: Catalog = decision.case.catalog
    asked = catalog.part(VERDICT).criterion(criterion_id).questions
    if decision.voice == "buyer" and decision.voice in asked:
        return asked[decision.voice].question
    return lines[f"ask_{criterion_id}"]


def _facts(asked: AskedFor, decision: Decision) -> dict[str, str]:
    """Return the words that fill the gaps of a sentence, blank where there are none."""
    catalog = decision.case.catalog
    titles = {outcome.outcome_id: outcome.title for outcome in catalog.part(VERDICT).outcomes}
    wanted = {one: words_of(catalog, decision.voice)[f"request_{one}"] for one in asked.types}
    return {
        "type": "".join(f" {one}" for one in wanted.values()),
        "deadline": ", ".join(map(spelled, _clear(asked, DEADLINE))),
        "unclear_date": ", ".join(_unclear(asked)),
        "year_end": ", ".join(map(spelled, asked.year_ends)),
        "routes": ", ".join(titles[one] for one in decision.routes),
        "headline": decision.to_dict()["headline"],
    }


def _clear(asked: AskedFor, kind: str) -> list[str]:
    return [one.value for one in asked.dates if one.kind == kind and one.value]


def _unclear(asked: AskedFor) -> list[str]:
    """Return the dates that matter and cannot be told, in the words of the text."""
    return [one.words for one in asked.dates if one.why_not]


def _filled(text: str, facts: dict[str, str]) -> str:
    return FIELD.sub(lambda match: facts.get(match[1], match[0]), text)

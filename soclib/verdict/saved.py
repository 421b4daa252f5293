"""A saved decision: read, run again on today's tables, and what changed and why.

It is a JSON object with ``answers`` and ``voice``; whatever else it holds is compared or ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError
from soclib.tables.rows import VOICES, YES
from soclib.verdict.decision import FORMAT, Answer, Decision, decide


def read_record(source: str | Path | Mapping[str, Any]) -> tuple[dict[str, Answer], str]:
    """Return the answers and the voice of a record: a file, or its content as a mapping.

    A plain object of answers is taken too, in the vendor's voice. Raises ``AnswerError`` that
    names the file when it is no such JSON, and ``OSError`` when it cannot be opened.
    """
    content = record_content(source)
    answers = content.get("answers", content)
    if not isinstance(answers, Mapping):
        raise AnswerError(_wrong("the record", "its answers are no JSON object"))
    return dict(answers), content.get("voice", VOICES[0])


def record_content(source: str | Path | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return all that a record says; raises as ``read_record`` does."""
    return source if isinstance(source, Mapping) else _parsed(Path(source))


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no JSON, no text, or too much of it
        raise AnswerError(_wrong(path.name, str(error))) from error
    if not isinstance(content, Mapping):
        raise AnswerError(_wrong(path.name, "it holds no JSON object"))
    if (saved_as := content.get("format", FORMAT)) != FORMAT:
        why = f"its format is {saved_as!r:.40}, and {FORMAT} is what is read here"
        raise AnswerError(_wrong(path.name, why))
    return content


def _wrong(name: str, why: str) -> str:
    example = '{"answers": {"holds_customer_data": "yes"}, "voice": "vendor"}'
    return f"{name} is not a saved decision: {why}; a JSON object such as {example} is needed"


# --- run again on today's tables ------------------------------------------------------------------


FIELDS = (
    *("reports", "subject", "demand", "path", "categories", "open_categories", "routes"),
    *("open_routes", "contradictions"),
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a saved decision; ``changes`` says each difference in one line."""

    decision: Decision
    then_version: str
    now_version: str
    changes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Return whether all that was decided still holds; how it is worded is not compared."""
        return not self.changes

    def __str__(self) -> str:
        """Return the result as text, one change a line."""
        tables = f"tables then {self.then_version or 'not recorded'}, now {self.now_version}"
        verdict = "The decision still holds" if self.holds else "The decision has changed"
        return "\n".join(map(_printable, [f"{verdict} ({tables}).", *self.changes]))


def _printable(text: str) -> str:
    """Return a text of a record without control characters, which could steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def verify(
    record: str | Path | Mapping[str, Any], *, catalog: Catalog | None = None
) -> Verification:
    """Return how a saved decision compares with what today's tables say to the same answers.

    ``record`` is a file or its content, as the panel saves it. Raises ``AnswerError`` for what is
    no record, or for answers that today's tables do not know.
    """
    catalog = catalog or load_catalog()
    content = record_content(record)
    answers, voice = read_record(content)
    if "reports" not in content:
        message = "the record holds answers only; there is no verdict to compare with"
        raise AnswerError(message)
    decision = decide(answers, voice, catalog=catalog)
    now = json.loads(json.dumps(decision.to_dict()))
    changes = [
        f"{field}: was {json.dumps(content[field])}, is {json.dumps(now[field])}"
        for field in FIELDS
        if field in content and content[field] != now[field]
    ]
    try:
        changes += _cards(content.get("cards", []), now["cards"])
    except (AttributeError, KeyError, TypeError) as error:
        message = f"the cards of the record are not those of a saved decision: {error!r:.80}"
        raise AnswerError(message) from error
    then_version = str(content.get("version", ""))
    return Verification(decision, then_version, catalog.version, tuple(changes))


def _cards(then: list[Any], now: list[Any]) -> list[str]:
    """Return each status that a card no longer shows, and each rule that came or went."""
    cards = {card["report_id"]: card for card in now}
    changes = []
    for card in then:
        title, today = card["title"], cards.get(card["report_id"], {"reasons": []})
        if (was := card["status_id"]) != (status := today.get("status_id")):
            changes.append(f"{title}: its card says {was}, the status is {status}")
        before, after = _fired(card), _fired(today)
        changes += [f"{title}: {rule_id} no longer applies" for rule_id in sorted(before - after)]
        changes += [f"{title}: {rule_id} applies now" for rule_id in sorted(after - before)]
    return changes


def _fired(card: Mapping[str, Any]) -> set[str]:
    return {r["rule_id"] for r in card["reasons"] if r["value"] == YES and r["rule_id"]}

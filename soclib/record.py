"""A saved decision: a JSON object with ``answers`` and ``voice``, and whatever else was said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soclib.decision import FORMAT, Answer, AnswerError
from soclib.model import VOICES


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

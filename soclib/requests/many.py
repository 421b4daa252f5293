"""Many requests at once: one row each, and what all of them are really asking for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from soclib.catalog import Catalog, load_catalog
from soclib.errors import DataError, Fault
from soclib.requests.asked import VAGUE, spelled
from soclib.requests.request import Request, RequestError, checked, read
from soclib.tables.files import own_rows
from soclib.tables.rows import VOICES, Row
from soclib.verdict.tables import VERDICT, Report
from soclib.words import fill, words_of

if TYPE_CHECKING:
    import pandas as pd

REQUIRED, OPTIONAL = ("text",), ("request_id", "from", "value")
SUFFIXES = (".txt", ".eml")
GIVEN = "given texts"
Source = str | Path | Sequence[str]


def read_many(
    source: Source, voice: str = VOICES[0], *, catalog: Catalog | None = None
) -> pd.DataFrame:
    """Return many requests as a DataFrame, one row each; loads pandas.

    ``source`` is a CSV table with a column ``text`` (and ``request_id``, ``from``, ``value`` where
    there are any), a folder of .txt and .eml files, or a list of texts. Columns: ``request_id``,
    ``from``, ``value``, ``request``, ``asked_for``, one per report with its status, ``differs``,
    ``next_question``, ``signs``, ``deadline`` and ``answers``. Raises ``DataError`` that lists
    every request that cannot be read.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    rows = _rows(source)
    if faults := [*(fault for row in rows for fault in _faults(row)), *_repeated_ids(rows)]:
        raise DataError(faults)
    lines = [_line(row, read(row.cells["text"], voice, catalog=catalog)) for row in rows]
    frame = pd.DataFrame(lines).set_index("request_id")
    frame.attrs["voice"] = voice
    return frame


def _rows(source: Source) -> list[Row]:
    """Return the requests of a source; those without an id are numbered."""
    if not isinstance(source, str | Path):
        rows = [
            Row(GIVEN, number, {"text": text, **dict.fromkeys(OPTIONAL, "")})
            for number, text in enumerate(source, start=1)
        ]
    elif "\n" not in str(source) and Path(source).is_dir():
        rows = list(_folder(Path(source)))
    else:
        rows = own_rows(source, REQUIRED, OPTIONAL)
    if not rows:
        kinds = " or ".join(SUFFIXES)
        fault = Fault(
            str(source)[:80], 0, "-", "", f"nothing to read; add a {kinds} file or a text"
        )
        raise DataError([fault])
    for number, row in enumerate(rows, start=1):
        row.cells["request_id"] = row.cells["request_id"] or f"{number:02d}"
    return rows


def _folder(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            content = path.read_bytes()
            mail = path.suffix.lower() == ".eml"
            sender, text = _mail(content) if mail else ("", content.decode("utf-8-sig", "replace"))
            cells = {"request_id": path.stem, "from": sender, "value": "", "text": text}
            yield Row(path.name, 0, cells)


def _mail(content: bytes) -> tuple[str, str]:
    """Return the sender of an e-mail, and its subject and plain text."""
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    try:
        text = str(body.get_content()) if body else ""
    except (LookupError, UnicodeError, KeyError):  # an unknown character set
        text = str(body.get_payload()) if body else ""
    subject = str(message["subject"] or "").strip()
    return str(message["from"] or ""), f"{subject}\n\n{text}" if text.strip() else text


def _faults(row: Row) -> Iterator[Fault]:
    try:
        checked(row.cells["text"])
    except RequestError as error:
        yield Fault(row.file, row.line, "text", str(row.cells["text"])[:40], str(error))


def _repeated_ids(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a fault for every row whose id an earlier row has."""
    seen: dict[str, int] = {}
    for row in rows:
        request_id = row.cells["request_id"]
        if request_id in seen:
            yield row.fault("request_id", f"is already on line {seen[request_id]}; use another id")
        seen.setdefault(request_id, row.line)


def _line(row: Row, request: Request) -> Mapping[str, object]:
    asked, decision = request.asked_for, request.decision
    words = words_of(request.catalog, decision.voice)
    following = decision.next_question()
    return {
        "request_id": row.cells["request_id"],
        "from": row.cells["from"],
        "value": row.cells["value"],
        "request": " ".join(row.cells["text"].split()),
        "asked_for": _in_words(asked.reports, words),
        **decision.reports,
        "differs": " ".join(request.differs),
        "next_question": following.question if following else "",
        "signs": _in_words(asked.signs, words),
        "deadline": ", ".join(map(spelled, asked.deadlines)),
        "answers": len(decision.answers),
        "by_name": ";".join(report for report in asked.reports if report not in VAGUE),
    }


def _in_words(values: Sequence[str], words: Mapping[str, str]) -> str:
    return ", ".join(words[f"request_value_{value}"] for value in values)


# --- what they are really asking -----------------------------------------------------------------


def summary(frame: pd.DataFrame, *, catalog: Catalog | None = None) -> pd.DataFrame:
    """Return what the requests of ``read_many`` are really asking for, as counts.

    Each row says in words ``what`` is counted, and how many ``requests`` there are. The last row
    is the next question to ask that most of them share.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    catalog = catalog or load_catalog()
    words = words_of(catalog, frame.attrs.get("voice", VOICES[0]))
    lines = [(words["request_sum_all"], len(frame))]
    for report in catalog.part(VERDICT).reports:
        lines += _of_report(frame, report, catalog, words)
    lines.append((words["request_sum_no_name"], int((frame["by_name"] == "").sum())))
    lines.append((words["request_sum_differs"], int((frame["differs"] != "").sum())))
    lines += _most_asked(frame, words)
    return pd.DataFrame(lines, columns=["what", "requests"]).set_index("what")


def _of_report(
    frame: pd.DataFrame, report: Report, catalog: Catalog, words: Mapping[str, str]
) -> Iterator[tuple[str, int]]:
    """Yield how many name a report, the status of it for those, and how many others need it."""
    blanks = {"report": report.title}
    named = (";" + frame["by_name"] + ";").str.contains(f";{report.report_id};", regex=False)
    status = frame[report.report_id]
    yield fill(words["request_sum_named"], blanks), int(named.sum())
    statuses = catalog.part(VERDICT).statuses
    for status_id, known in statuses.items():
        if count := int((named & (status == status_id)).sum()):
            yield fill(words["request_sum_of"], {"status": known.label}), count
    leading = [status_id for status_id, known in statuses.items() if known.leads_on]
    yield fill(words["request_sum_unnamed"], blanks), int((~named & status.isin(leading)).sum())


def _most_asked(frame: pd.DataFrame, words: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the next question that most requests share, and how many do."""
    counts = Counter(question for question in frame["next_question"] if question)
    return [
        (fill(words["request_sum_question"], {"question": question}), count)
        for question, count in counts.most_common(1)
    ]

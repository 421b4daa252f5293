"""What a text literally asks for and names: reports, types, standards, readers, and dates.

A date is read only where it can mean one day; where it can mean two, or lacks its year, its words
are kept together with the reason. Which words make it a deadline or a year-end is data.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from soclib.catalog import Catalog
from soclib.dates import MONTHS, MonthDay, PeriodError, read_day, read_year_end
from soclib.requests.patterns import words_expression
from soclib.requests.spans import PLAIN, PhraseSpan, reader_of
from soclib.requests.tables import REQUESTS
from soclib.requests.words import STOPS, TextWords, words_in

NEAR = 9  # how many words before a date may name its kind
YEAR_END, DEADLINE, DAY, YEAR = "year_end", "deadline", "day", "year"
NAMES = "|".join(sorted({*MONTHS, *(name[:3] for name in MONTHS), "sept"}, key=len, reverse=True))
DATES = re.compile(
    rf"(?<!\w)(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{NAMES})\b\.?(?:,? [0-9]{{4}})?"
    rf"|(?:{NAMES})\b\.? [0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9])(?:,? [0-9]{{4}})?"
    rf"|[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][0-9]{{4}}"
    rf"|FY ?'?(?:20)?[0-9]{{2}}(?![0-9])"
    rf"|(?:19|20)[0-9]{{2}})(?![\w-])",
    re.IGNORECASE,
)
VAGUE = ("soc", "report")  # a SOC report without saying which, and any proof
YEAR_TEXT = re.compile(r"(?:FY ?'?)?((?:19|20)?[0-9]{2})", re.IGNORECASE)
FIELDS: Mapping[str, str] = {
    "reports": "asks",
    "named": "names",
    "types": "type",
    "categories": "category",
    "standards": "standard",
    "signs": "signs",
    "hurry": "date",
}


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date in a text: ``kind`` is deadline, year_end, day or year.

    ``value`` is the date as 2026-12-31, as --12-31 where it recurs every year, or a year; it is
    blank where the date is not clear, and ``why_not`` says why.
    """

    start: int
    end: int
    kind: str
    words: str
    value: str
    why_not: str


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a text literally asks for, and what else it names, in the order of the text.

    ``reports`` are asked for (``soc``: a SOC report without saying which, ``report``: some proof);
    ``named`` are only named. ``signs`` says who asks or will read, ``dates`` holds every date.
    """

    reports: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    hurry: tuple[str, ...] = ()
    dates: tuple[DateRead, ...] = ()

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years that are named."""
        return self._of(YEAR)

    @property
    def deadlines(self) -> tuple[str, ...]:
        """Return the deadlines, in the text's own words where the date is not clear."""
        return self._of(DEADLINE)

    @property
    def year_ends(self) -> tuple[str, ...]:
        """Return the fiscal year-ends, in the text's own words where the date is not clear."""
        return self._of(YEAR_END)

    def _of(self, kind: str) -> tuple[str, ...]:
        days = [day for day in self.dates if day.kind == kind]
        return tuple(dict.fromkeys(day.value or day.words for day in days))


def asked_for(text: str, spans: Sequence[PhraseSpan], catalog: Catalog) -> AskedFor:
    """Return what the words that count ask for and name."""
    values: dict[str, dict[str, None]] = {}
    for span in spans:
        for statement in span.says if span.state == PLAIN else ():
            kind, _colon, value = statement.partition(":")
            values.setdefault(kind, {})[value] = None
    fields = {field: tuple(values.get(kind, ())) for field, kind in FIELDS.items()}
    fields["reports"] = _most_precise(fields["reports"])
    return AskedFor(**fields, dates=tuple(_dates(text, catalog)))


def _most_precise(reports: tuple[str, ...]) -> tuple[str, ...]:
    """Return the reports that are asked for by name; without a name, the vaguer words for them."""
    named = tuple(sorted(report for report in reports if report not in VAGUE))
    any_soc, any_proof = VAGUE
    if any(report.startswith(any_soc) for report in named):
        return named
    return tuple(report for report in reports if report != any_proof or any_soc not in reports)


def spelled(value: str) -> str:
    """Return a date as people write it: 31 December 2026, or 31 December for every year."""
    parts = value.removeprefix("--").split("-")
    year = parts.pop(0) if value[:2] != "--" and len(parts) > len("md") else ""
    if len(parts) != len("md") or not all(part.isdigit() for part in parts):
        return value
    return f"{int(parts[1])} {MONTHS[int(parts[0]) - 1].title()} {year}".strip()


def _dates(text: str, catalog: Catalog) -> Iterator[DateRead]:
    """Yield every date of a text with its kind."""
    matches = list(DATES.finditer(text))
    if not matches:
        return
    words = words_in(text, reader_of(catalog).numbered)
    starts = [start for start, _end in words.places]
    signs = {
        kind: words_expression(
            [w for group in catalog.part(REQUESTS).of(kind) for w in group.words]
        )
        for kind in (YEAR_END, DEADLINE)
    }
    for match in matches:
        kind = _kind(words, bisect_left(starts, match.start()), signs)
        yield _read(match, kind)


def _kind(words: TextWords, place: int, signs: Mapping[str, str]) -> str:
    """Return the kind of a date, which the nearest words before it in its sentence tell."""
    first = place
    while first > max(0, place - NEAR) and words.words[first - 1] not in STOPS:
        first -= 1
    line = "".join(f" {word}" for word in words.words[first:place]) + " "
    nearest = {
        kind: max((m.end() for m in re.finditer(f"{sign}(?= )", line)), default=-1)
        for kind, sign in signs.items()
    }
    best = max(nearest, key=lambda kind: nearest[kind])
    return best if nearest[best] >= 0 else DAY


def _read(match: re.Match[str], kind: str) -> DateRead:
    words = match[0]
    place = (match.start(), match.end())
    if year := YEAR_TEXT.fullmatch(words):
        value = year[1] if len(year[1]) > len("26") else f"20{year[1]}"
        return DateRead(*place, YEAR, words, value, "")
    plain = re.sub(r" of ", " ", " ".join(words.split()))
    try:
        day = read_year_end(plain) if kind == YEAR_END else read_day(plain)
    except PeriodError as error:
        return DateRead(*place, kind, words, "", str(error))
    return DateRead(*place, kind, words, _written(day), "")


def _written(day: date | MonthDay) -> str:
    if isinstance(day, MonthDay):
        return f"--{day.month:02d}-{day.day:02d}"
    return day.isoformat()

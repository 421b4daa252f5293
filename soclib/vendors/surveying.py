"""A vendor list at a glance: who needs what, what is open, which one question to send.

The library of the frame, which may run on a cluster, groups vendors with the same answers; what
remains is one row per set of answers and segment, and is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import narwhals as nw

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.tables.rows import NO, VOICES, YES
from soclib.vendors.classifying import classify
from soclib.vendors.column_matching import chosen_columns
from soclib.vendors.verdicts import JOINT
from soclib.verdict.tables import VERDICT, Report

COUNT, STAKE, GROUP = "__soc_count", "__soc_stake", "__soc_group"


class Need(NamedTuple):
    """How many vendors of a segment have which status for a report, and what is at stake there."""

    report_id: str
    segment: str
    status_id: str
    vendors: int
    stake: float


class Inquiry(NamedTuple):
    """One question, sent to every vendor for which it is open.

    ``if_yes`` and ``if_no`` say for how many vendors nothing stays open after that answer,
    ``settled`` how many these are on average, given how likely a yes is, and ``stake`` what is at
    stake with the vendors asked.
    """

    criterion_id: str
    vendors: int
    stake: float
    if_yes: int
    if_no: int
    settled: float


@dataclass(frozen=True, slots=True)
class Survey:
    """What a list of vendors amounts to.

    ``needs`` are in the order of reports, segments and statuses; of ``inquiries`` the one that
    settles most comes first; ``contradicted`` counts vendors whose answers cannot all be true, by
    contradiction; ``settled`` counts those for whom no question is open.
    """

    catalog: Catalog
    voice: str
    vendors: int
    stake: float
    stake_name: str
    segments: tuple[str, ...]
    needs: tuple[Need, ...]
    settled: int
    inquiries: tuple[Inquiry, ...]
    contradicted: dict[str, int]

    def parts(self, report_id: str) -> tuple[str, ...]:
        """Return the segments to show for a report: all, or one blank where they do not differ."""
        return self.segments if len(self.counts(report_id)) > 1 else ("",)

    def counts(self, report_id: str, segment: str | None = None) -> dict[str, int]:
        """Return how many vendors have which status for a report, in one segment or in all."""
        counts: dict[str, int] = {}
        for need in self.needs:
            if need.report_id == report_id and segment in (None, "", need.segment):
                counts[need.status_id] = counts.get(need.status_id, 0) + need.vendors
        return counts


def survey(  # noqa: PLR0913 - one keyword for each choice
    frame: Any,  # noqa: ANN401 - any data frame
    columns: Mapping[str, str] | None = None,
    *,
    segment: str | None = None,
    stake: str | None = None,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> Survey:
    """Return what a list of vendors amounts to; ``frame`` and ``columns`` as in ``classify``.

    ``segment`` names a column to divide the vendors by, ``stake`` one of numbers, such as revenue
    or a measure of risk. Raises what ``classify`` raises, and ``AnswerError`` for an unknown column
    and for a stake that is no number.
    """
    catalog = catalog or load_catalog()
    narwhal_frame = nw.from_native(frame)
    names = narwhal_frame.collect_schema().names()
    for column in (segment, stake):
        if column is not None and column not in names:
            raise AnswerError(did_you_mean("column", column, names))
    if stake is not None and not narwhal_frame.collect_schema()[stake].is_numeric():
        message = f"column {stake!r} holds no numbers; turn it into numbers first"
        raise AnswerError(message)
    chosen = chosen_columns(columns, names, "frame", catalog)
    if isinstance(narwhal_frame, nw.DataFrame):
        classify(frame, chosen, voice=voice, catalog=catalog)  # names the rows that cannot be read
    grouped = _grouped(narwhal_frame, chosen, segment, stake)
    answers = {key: key for key in chosen}
    classified = nw.from_native(
        classify(grouped.to_native(), answers, voice=voice, catalog=catalog)
    )
    needs = tuple(
        need
        for report in catalog.part(VERDICT).reports
        for need in _needs(classified, report, catalog)
    )
    first = [need for need in needs if need.report_id == needs[0].report_id]
    return Survey(
        catalog=catalog,
        voice=voice,
        vendors=sum(need.vendors for need in first),
        stake=sum(need.stake for need in first),
        stake_name=stake or "",
        segments=tuple(dict.fromkeys(need.segment for need in needs)),
        needs=needs,
        settled=_without_open_question(classified),
        inquiries=_inquiries(classified, answers, voice, catalog),
        contradicted=_vendors_by_id(
            classified, "contradictions", [o.outcome_id for o in catalog.part(VERDICT).outcomes]
        ),
    )


def _grouped(
    narwhal_frame: Any,  # noqa: ANN401 - a Narwhals frame
    columns: Mapping[str, str],
    segment: str | None,
    stake: str | None,
) -> nw.DataFrame[Any]:
    """Return one row per set of answers and segment, with its vendors and what is at stake."""
    group = nw.col(segment).cast(nw.String).fill_null("") if segment else nw.lit("")
    worth = nw.col(stake).cast(nw.Float64).fill_null(0) if stake else nw.lit(0.0)
    answers = {key: nw.col(column) for key, column in columns.items()}
    rows = narwhal_frame.select(
        *(cell.alias(key) for key, cell in answers.items()),
        *(group.alias(GROUP), worth.alias(STAKE), nw.lit(1).alias(COUNT)),
    )
    sums = rows.group_by(*answers, GROUP).agg(nw.col(COUNT).sum(), nw.col(STAKE).sum())
    grouped: nw.DataFrame[Any] = sums.collect() if isinstance(sums, nw.LazyFrame) else sums
    if not len(grouped):
        message = "the frame has no rows; there is nothing to survey"
        raise AnswerError(message)
    return grouped


def _needs(classified: nw.DataFrame[Any], report: Report, catalog: Catalog) -> list[Need]:
    key = report.report_id
    texts = classified.select(nw.col(key).cast(nw.String), GROUP, STAKE, COUNT)
    sums = texts.group_by(key, GROUP).agg(nw.col(COUNT).sum(), nw.col(STAKE).sum())
    rows = {(row[GROUP], row[key]): row for row in sums.rows(named=True)}
    groups = sorted({group for group, _status in rows})
    return [
        Need(key, group, status_id, int(row[COUNT]), float(row[STAKE]))
        for group, status_id in product(groups, catalog.part(VERDICT).statuses)
        if (row := rows.get((group, status_id)))
    ]


# --- which question ----------------------------------------------------------------------------


def _lists(column: str, key: str) -> nw.Expr:
    """Return where a column of joined ids has an id among them."""
    text = nw.concat_str(nw.lit(JOINT), nw.col(column).cast(nw.String), nw.lit(JOINT))
    return text.str.contains(f"{JOINT}{key}{JOINT}", literal=True)


def _vendors_by_id(
    classified: nw.DataFrame[Any], column: str, keys: Iterable[str]
) -> dict[str, int]:
    """Return how many vendors have each id in a column of joined ids; ids that none has are out."""
    counts = {key: _vendors(classified.filter(_lists(column, key))) for key in keys}
    return {key: count for key, count in counts.items() if count}


def _vendors(rows: nw.DataFrame[Any]) -> int:
    return int(rows[COUNT].sum()) if len(rows) else 0


def _without_open_question(classified: nw.DataFrame[Any]) -> int:
    """Return for how many vendors no question is open."""
    return _vendors(classified.filter(nw.col("open_questions").cast(nw.String) == ""))


def _inquiries(
    classified: nw.DataFrame[Any], answers: Mapping[str, str], voice: str, catalog: Catalog
) -> tuple[Inquiry, ...]:
    ids = [criterion.criterion_id for criterion in catalog.part(VERDICT).criteria]
    inquiries = []
    for key, vendors in _vendors_by_id(classified, "open_questions", ids).items():
        asked = classified.filter(_lists("open_questions", key))
        kept = asked.select(*answers, COUNT)
        yes, no = (_settled_by_answer(kept, answers, key, a, voice, catalog) for a in (YES, NO))
        prior = catalog.part(VERDICT).criterion(key).prior_yes
        expected = prior * yes + (1 - prior) * no
        inquiries.append(Inquiry(key, vendors, float(asked[STAKE].sum()), yes, no, expected))
    inquiries.sort(key=lambda i: (-i.settled, -i.stake, ids.index(i.criterion_id)))
    return tuple(inquiries)


def _settled_by_answer(  # noqa: PLR0913, PLR0917 - one what-if
    rows: nw.DataFrame[Any],
    answers: Mapping[str, str],
    criterion_id: str,
    answer: str,
    voice: str,
    catalog: Catalog,
) -> int:
    """Return for how many vendors nothing stays open once a question has this answer."""
    column = f"{COUNT}_answer"
    asked = rows.with_columns(nw.lit(answer).alias(column)).to_native()
    now = {**answers, criterion_id: column}
    return _without_open_question(
        nw.from_native(classify(asked, now, voice=voice, catalog=catalog))
    )

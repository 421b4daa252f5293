"""Several answers for one vendor: where the verdicts differ, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from soclib.catalog import Catalog, load_catalog
from soclib.errors import AnswerError, did_you_mean
from soclib.people.splits import Disagreement, disagreement
from soclib.tables.rows import VOICES
from soclib.vendors.answers import plain_value
from soclib.vendors.classifying import classify
from soclib.vendors.column_matching import chosen_columns
from soclib.vendors.tables import BLANK, VENDORS
from soclib.vendors.verdicts import JOINT
from soclib.verdict.tables import VERDICT

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("vendor", "report_id", "statuses", "facts", "settled_by", "who_knows")


def disagreements(  # noqa: PLR0913 - one keyword for each choice
    frame: Any,  # noqa: ANN401 - a data frame in memory
    vendor: str,
    stakeholder: str,
    columns: Mapping[str, str] | None = None,
    *,
    voice: str = VOICES[0],
    catalog: Catalog | None = None,
) -> pd.DataFrame:
    """Return a row per vendor and report on which stakeholders come to different verdicts.

    ``frame`` has a row per vendor and stakeholder, who are named in these two columns. ``facts``
    are the criteria on which they differ, ``settled_by`` the smallest sets of them that would end
    the split (joined by `` or ``), ``who_knows`` who owns each. Raises what ``classify`` raises,
    and ``AnswerError`` for an unknown column and for a stakeholder who answers twice.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    narwhal_frame = nw.from_native(frame, eager_only=True)
    for column in (vendor, stakeholder):
        if column not in narwhal_frame.columns:
            raise AnswerError(did_you_mean("column", column, narwhal_frame.columns))
    chosen = chosen_columns(columns, narwhal_frame.columns, "frame", catalog)
    native = classify(frame, chosen, voice=voice, catalog=catalog)
    classified = nw.from_native(native, eager_only=True)
    report_ids = [report.report_id for report in catalog.part(VERDICT).reports]
    rows: list[dict[str, str]] = []
    for name, vendor_rows in _divided_vendors(classified, vendor, report_ids):
        answers = _answers_by_stakeholder(vendor_rows, stakeholder, chosen, name, catalog)
        rows += _rows(name, answers, voice, catalog)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _divided_vendors(
    classified: nw.DataFrame[Any], vendor: str, report_ids: Sequence[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of every vendor that has more than one verdict."""
    by_vendor: dict[str, list[dict[str, Any]]] = {}
    for row in classified.rows(named=True):
        by_vendor.setdefault(str(row[vendor]), []).append(row)
    for name, rows in by_vendor.items():
        if len({tuple(str(row[key]) for key in report_ids) for row in rows}) > 1:
            yield name, rows


def _answers_by_stakeholder(
    rows: Sequence[Mapping[str, Any]],
    stakeholder: str,
    columns: Mapping[str, str],
    vendor: str,
    catalog: Catalog,
) -> dict[str, dict[str, str]]:
    spellings = catalog.part(VENDORS).spellings
    by_stakeholder: dict[str, dict[str, str]] = {}
    for row in rows:
        who = str(row[stakeholder])
        if who in by_stakeholder:
            message = f"{who} answers twice for {vendor}; keep one row for each stakeholder"
            raise AnswerError(message)
        cells = {key: plain_value(row[column]) or "" for key, column in columns.items()}
        answers = {key: spellings[cell] for key, cell in cells.items()}
        by_stakeholder[who] = {key: answer for key, answer in answers.items() if answer != BLANK}
    return by_stakeholder


def _rows(
    vendor: str, answers: Mapping[str, Mapping[str, str]], voice: str, catalog: Catalog
) -> Iterator[dict[str, str]]:
    differing: Disagreement = disagreement(answers, voice, catalog=catalog)
    who_knows = {fact.criterion_id: fact.who_knows for fact in differing.differences}
    masks = {report.report_id: report.mask for report in catalog.part(VERDICT).reports}
    for split in differing.splits:
        mask = masks[split.report_id]
        facts = [key for key in who_knows if catalog.part(VERDICT).criterion(key).bit & mask]
        needed = list(dict.fromkeys(key for chosen in split.settled_by for key in chosen))
        yield {
            "vendor": vendor,
            "report_id": split.report_id,
            "statuses": f"{JOINT} ".join(
                f"{who}: {status}" for who, status in split.statuses.items()
            ),
            "facts": JOINT.join(facts),
            "settled_by": " or ".join(" and ".join(chosen) for chosen in split.settled_by),
            "who_knows": f"{JOINT} ".join(dict.fromkeys(who_knows[key] for key in needed)),
        }

"""Several answers for one vendor: the vendors whose verdict splits, and what would settle it."""

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
from soclib.vendors.headers import chosen_columns
from soclib.vendors.tables import BLANK, VENDORS
from soclib.vendors.verdicts import JOINT
from soclib.verdict.tables import VERDICT

if TYPE_CHECKING:
    import pandas as pd

HEADS = ("vendor", "report_id", "statuses", "facts", "settled_by", "who_knows")


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

    ``frame`` has a row per vendor and stakeholder, named in these two columns. ``facts`` are those
    on which they differ, ``settled_by`` the smallest sets that would end the split (parted by
    `` or ``), ``who_knows`` the owner of each. Raises what ``classify`` raises, and ``AnswerError``
    for a column that is not there and for a stakeholder who answers twice.
    """
    import pandas as pd  # noqa: PLC0415 - pandas costs half a second to import

    catalog = catalog or load_catalog()
    held = nw.from_native(frame, eager_only=True)
    for column in (vendor, stakeholder):
        if column not in held.columns:
            raise AnswerError(did_you_mean("column", column, held.columns))
    chosen = chosen_columns(columns, held.columns, "frame", catalog)
    found = nw.from_native(classify(frame, chosen, voice=voice, catalog=catalog), eager_only=True)
    rows = [
        row
        for name, mine in _split(
            found, vendor, [report.report_id for report in catalog.part(VERDICT).reports]
        )
        for row in _rows(name, _answers(mine, stakeholder, chosen, name, catalog), voice, catalog)
    ]
    return pd.DataFrame(rows, columns=list(HEADS))


def _split(
    found: nw.DataFrame[Any], vendor: str, report_ids: Sequence[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of every vendor that has more than one verdict."""
    by_vendor: dict[str, list[dict[str, Any]]] = {}
    for row in found.rows(named=True):
        by_vendor.setdefault(str(row[vendor]), []).append(row)
    for name, rows in by_vendor.items():
        if len({tuple(str(row[key]) for key in report_ids) for row in rows}) > 1:
            yield name, rows


def _answers(
    rows: Sequence[Mapping[str, Any]],
    stakeholder: str,
    columns: Mapping[str, str],
    vendor: str,
    catalog: Catalog,
) -> dict[str, dict[str, str]]:
    spellings = catalog.part(VENDORS).spellings
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        who = str(row[stakeholder])
        if who in found:
            message = f"{who} answers twice for {vendor}; keep one row for each stakeholder"
            raise AnswerError(message)
        said = {key: spellings[plain_value(row[column]) or ""] for key, column in columns.items()}
        found[who] = {key: answer for key, answer in said.items() if answer != BLANK}
    return found


def _rows(
    vendor: str, answers: Mapping[str, Mapping[str, str]], voice: str, catalog: Catalog
) -> Iterator[dict[str, str]]:
    found: Disagreement = disagreement(answers, voice, catalog=catalog)
    knows = {one.criterion_id: one.who_knows for one in found.differences}
    masks = {report.report_id: report.mask for report in catalog.part(VERDICT).reports}
    for split in found.splits:
        mask = masks[split.report_id]
        facts = [key for key in knows if catalog.part(VERDICT).criterion(key).bit & mask]
        needed = list(dict.fromkeys(key for chosen in split.settled_by for key in chosen))
        yield {
            "vendor": vendor,
            "report_id": split.report_id,
            "statuses": f"{JOINT} ".join(f"{who}: {at}" for who, at in split.statuses.items()),
            "facts": JOINT.join(facts),
            "settled_by": " or ".join(" and ".join(chosen) for chosen in split.settled_by),
            "who_knows": f"{JOINT} ".join(dict.fromkeys(knows[key] for key in needed)),
        }

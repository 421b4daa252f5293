"""Where stakeholders answer differently: which verdicts split, and which fact would settle them.

Everybody is decided on their own answers. A fact settles a split when it alone, answered alike by
all, makes everybody's verdict the same, whichever way it is answered; where no single fact does,
the smallest sets that do are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import NamedTuple

from soclib.catalog import Catalog, load_catalog
from soclib.tables.rows import NO, UNKNOWN, VOICES, YES
from soclib.verdict.decision import Answer, Decision, decide
from soclib.verdict.logic import standing
from soclib.verdict.tables import VERDICT, Report

MOST = 4  # facts that are tried together
Answers = Mapping[str, Mapping[str, Answer]]  # by stakeholder, then by criterion


class Difference(NamedTuple):
    """A fact on which stakeholders differ: what each of them says, and who would know.

    ``answers`` holds yes, no or unknown by stakeholder; what is only assumed is in ``assumed``.
    """

    criterion_id: str
    answers: dict[str, str]
    assumed: tuple[str, ...]
    who_knows: str


class Split(NamedTuple):
    """A report that stakeholders see differently.

    ``statuses`` by stakeholder; ``settled_by`` the smallest sets of facts that, answered alike by
    all, end the split whichever way they are answered; empty where no four facts do. ``first`` is
    the fact to begin with, and ``left`` how many different verdicts are left by its answer.
    """

    report_id: str
    statuses: dict[str, str]
    settled_by: tuple[tuple[str, ...], ...]
    first: str
    left: dict[str, int]


class Disagreement(NamedTuple):
    """What stakeholders agree on and what not."""

    decisions: dict[str, Decision]
    differences: tuple[Difference, ...]
    splits: tuple[Split, ...]

    @property
    def agreed(self) -> dict[str, str]:
        """Return the status of every report that all see alike."""
        apart = {split.report_id for split in self.splits}
        first = next(iter(self.decisions.values()))
        return {key: status for key, status in first.reports.items() if key not in apart}


def disagreement(
    answers: Answers, voice: str = VOICES[0], *, catalog: Catalog | None = None
) -> Disagreement:
    """Return where the verdicts of some stakeholders split, and which fact would settle it.

    ``answers`` maps the name of a stakeholder to answers as ``decide`` takes them. Raises
    ``AnswerError`` as ``decide`` does, and ``ValueError`` where nobody answers.
    """
    catalog = catalog or load_catalog()
    if not answers:
        message = "nobody answers; give the answers of at least one stakeholder"
        raise ValueError(message)
    decisions = {who: decide(given, voice, catalog=catalog) for who, given in answers.items()}
    differences = tuple(_differences(decisions, voice, catalog))
    return Disagreement(decisions, differences, tuple(_splits(decisions, differences, catalog)))


def _known(decision: Decision, bit: int) -> str:
    case = decision.case
    return YES if bit & case.yes else NO if bit & case.no else UNKNOWN


def _differences(
    decisions: Mapping[str, Decision], voice: str, catalog: Catalog
) -> Iterator[Difference]:
    for criterion in catalog.part(VERDICT).criteria:
        found = {who: _known(one, criterion.bit) for who, one in decisions.items()}
        if voice in criterion.questions and len(set(found.values())) > 1:
            taken = tuple(w for w, one in decisions.items() if criterion.bit & one.case.assumed)
            yield Difference(
                criterion.criterion_id, found, taken, criterion.questions[voice].who_knows
            )


def _splits(
    decisions: Mapping[str, Decision], differences: tuple[Difference, ...], catalog: Catalog
) -> Iterator[Split]:
    for report in catalog.part(VERDICT).reports:
        statuses = {who: one.reports[report.report_id] for who, one in decisions.items()}
        if len(set(statuses.values())) > 1:
            named = [d.criterion_id for d in differences]
            bits = {key: catalog.part(VERDICT).criterion(key).bit for key in named}
            mine = {key: bit for key, bit in bits.items() if bit & report.mask}
            found = tuple(_settling(report, mine, decisions))
            left = {key: _left(report, bit, decisions) for key, bit in mine.items()}
            first = min(left, key=lambda key: sum(left[key].values()))
            yield Split(report.report_id, statuses, found, first, left[first])


def _settling(
    report: Report, bits: Mapping[str, int], decisions: Mapping[str, Decision]
) -> list[tuple[str, ...]]:
    """Return the smallest sets of facts that end a split, whichever way they are answered."""
    for size in range(1, MOST + 1):
        found = [
            chosen
            for chosen in combinations(bits, size)
            if all(
                _agree(report, [bits[key] for key in chosen], signs, decisions)
                for signs in product((True, False), repeat=size)
            )
        ]
        if found:
            return found
    return []


def _left(report: Report, bit: int, decisions: Mapping[str, Decision]) -> dict[str, int]:
    """Return how many different verdicts are left once all answer one fact alike."""
    return {
        YES: len({_status(report, one, bit, 0) for one in decisions.values()}),
        NO: len({_status(report, one, 0, bit) for one in decisions.values()}),
    }


def _agree(
    report: Report, bits: list[int], signs: tuple[bool, ...], decisions: Mapping[str, Decision]
) -> bool:
    yes = sum(bit for bit, sign in zip(bits, signs, strict=True) if sign)
    no = sum(bits) - yes
    return len({_status(report, one, yes, no) for one in decisions.values()}) == 1


def _status(report: Report, decision: Decision, yes: int, no: int) -> str:
    case = decision.case
    return standing(report, case.yes & ~no | yes, case.no & ~yes | no).status_id

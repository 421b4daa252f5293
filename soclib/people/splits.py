"""Where stakeholders answer differently: which verdicts split, and which fact would settle them.

Each stakeholder gets the verdict of their own answers. A fact settles a split if all come to the
same verdict once they answer it alike, whichever way they answer; if no single fact does that, the
smallest sets of facts that do are named.
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

MOST_FACTS = 4  # that are tried together
AnswersByStakeholder = Mapping[str, Mapping[str, Answer]]


class Difference(NamedTuple):
    """A fact on which stakeholders differ: what each of them answers, and who would know.

    ``answers`` holds yes, no or unknown by stakeholder; ``assumed`` names the stakeholders who
    did not answer, so that their answer is only assumed.
    """

    criterion_id: str
    answers: dict[str, str]
    assumed: tuple[str, ...]
    who_knows: str


class Split(NamedTuple):
    """A report of which stakeholders come to different verdicts.

    ``statuses`` holds the verdict of each stakeholder. ``settled_by`` holds the smallest sets of
    facts that end the split when all answer them alike, whichever way; it is empty where no four
    facts do. ``first_fact`` is the fact to settle first, and ``verdicts_left`` says how many
    different verdicts remain after each answer to it.
    """

    report_id: str
    statuses: dict[str, str]
    settled_by: tuple[tuple[str, ...], ...]
    first_fact: str
    verdicts_left: dict[str, int]


class Disagreement(NamedTuple):
    """Each stakeholder's decision, the facts on which they differ, and the reports that split."""

    decisions: dict[str, Decision]
    differences: tuple[Difference, ...]
    splits: tuple[Split, ...]

    @property
    def agreed(self) -> dict[str, str]:
        """Return the status of every report on which all verdicts agree."""
        split_reports = {split.report_id for split in self.splits}
        first = next(iter(self.decisions.values()))
        return {key: status for key, status in first.reports.items() if key not in split_reports}


def disagreement(
    answers: AnswersByStakeholder, voice: str = VOICES[0], *, catalog: Catalog | None = None
) -> Disagreement:
    """Return where the verdicts of some stakeholders split, and which fact would settle it.

    ``answers`` maps the name of a stakeholder to answers as ``decide`` takes them. Raises
    ``AnswerError`` as ``decide`` does, and ``ValueError`` where ``answers`` is empty.
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
        answers = {who: _known(decision, criterion.bit) for who, decision in decisions.items()}
        if voice in criterion.questions and len(set(answers.values())) > 1:
            assumed = tuple(
                who for who, decision in decisions.items() if criterion.bit & decision.case.assumed
            )
            yield Difference(
                criterion.criterion_id, answers, assumed, criterion.questions[voice].who_knows
            )


def _splits(
    decisions: Mapping[str, Decision], differences: tuple[Difference, ...], catalog: Catalog
) -> Iterator[Split]:
    for report in catalog.part(VERDICT).reports:
        statuses = {who: decision.reports[report.report_id] for who, decision in decisions.items()}
        if len(set(statuses.values())) > 1:
            criterion_ids = [difference.criterion_id for difference in differences]
            bits = {key: catalog.part(VERDICT).criterion(key).bit for key in criterion_ids}
            bits_of_report = {key: bit for key, bit in bits.items() if bit & report.mask}
            settled_by = tuple(_settled_by(report, bits_of_report, decisions))
            verdicts_left = {
                key: _verdicts_left(report, bit, decisions) for key, bit in bits_of_report.items()
            }
            first_fact = min(verdicts_left, key=lambda key: sum(verdicts_left[key].values()))
            yield Split(
                report.report_id, statuses, settled_by, first_fact, verdicts_left[first_fact]
            )


def _settled_by(
    report: Report, bits: Mapping[str, int], decisions: Mapping[str, Decision]
) -> list[tuple[str, ...]]:
    """Return the smallest sets of facts that end a split, whichever way they are answered."""
    for size in range(1, MOST_FACTS + 1):
        settling = [
            fact_ids
            for fact_ids in combinations(bits, size)
            if all(
                _all_agree(report, [bits[key] for key in fact_ids], answers, decisions)
                for answers in product((True, False), repeat=size)
            )
        ]
        if settling:
            return settling
    return []


def _verdicts_left(report: Report, bit: int, decisions: Mapping[str, Decision]) -> dict[str, int]:
    """Return how many different verdicts are left once all answer a fact alike."""
    return {
        YES: len({_status(report, decision, bit, 0) for decision in decisions.values()}),
        NO: len({_status(report, decision, 0, bit) for decision in decisions.values()}),
    }


def _all_agree(
    report: Report, bits: list[int], answers: tuple[bool, ...], decisions: Mapping[str, Decision]
) -> bool:
    yes = sum(bit for bit, answer in zip(bits, answers, strict=True) if answer)
    no = sum(bits) - yes
    return len({_status(report, decision, yes, no) for decision in decisions.values()}) == 1


def _status(report: Report, decision: Decision, yes: int, no: int) -> str:
    case = decision.case
    return standing(report, case.yes & ~no | yes, case.no & ~yes | no).status_id

"""The columns of ``classify`` as formulas of nullable Booleans, written by hand.

This is what ``classify`` is measured against: the AND and OR of a library, which are Kleene's
already; criteria without a column are constants, which drop out; what is read twice is named once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from vendors_libraries import LIBRARIES, Part, Value, constant

from soclib.catalog import Catalog
from soclib.tables.rows import NO, YES
from soclib.vendors.verdicts import OPEN
from soclib.verdict.logic import bits
from soclib.verdict.next_question import status_differs
from soclib.verdict.tables import VERDICT, Outcome, Report, Rule

TRUTH = {YES: True, NO: False, None: None}
SIGNS = (1, 0, -1)


class Formulas:
    """The rule table as formulas of one library, over the columns of a frame that bear ids."""

    def __init__(self, library: Any, catalog: Catalog, voice: str, columns: Iterable[str]) -> None:  # noqa: ANN401
        self.library, self.catalog, self.voice = library, catalog, voice
        self._seen: dict[tuple[int, int], tuple[Value, Value]] = {}
        held = set(columns)
        self.answers: dict[int, Value] = {}
        self.blank: dict[int, Value] = {}
        for c in catalog.part(VERDICT).criteria:
            if voice not in c.questions:
                self.answers[c.bit] = TRUTH[c.when_not_asked]
            elif c.criterion_id not in held:
                self.answers[c.bit] = TRUTH[c.assumed]
                self.blank[c.bit] = c.assumed is not None
            else:
                column = library.column(c.criterion_id)
                known = TRUTH[c.assumed]
                self.answers[c.bit] = column if known is None else library.filled(column, known)
                self.blank[c.bit] = False if known is None else library.null(column)
        self.answers = self._named("answer", self.answers)
        self.blank = self._named("blank", self.blank)
        outcomes = [
            o
            for o in catalog.part(VERDICT).outcomes
            if voice in o.voices or o.kind == "contradiction"
        ]
        rules = {(r.yes, r.no): r for o in outcomes for r in o.rules}
        self.rules = self._named("rule", {k: self.cells(r) for k, r in rules.items()})
        self.outcomes = self._named("outcome", {o.outcome_id: self.value(o) for o in outcomes})
        doubts = self._named(
            "doubt", {r.report_id: self.doubt(r) for r in catalog.part(VERDICT).reports}
        )
        self.subjects = self._named(
            "subject",
            {
                r.report_id: self.unless(doubts[r.report_id], self.outcomes[r.subject.outcome_id])
                for r in catalog.part(VERDICT).reports
            },
        )
        self.statuses = {
            r.report_id: self.square(r, self.subjects[r.report_id], self.demand(r))
            for r in catalog.part(VERDICT).reports
        }
        self.lead = self._named(
            "lead",
            {
                report_id: self.any(
                    where for key, where in parts if catalog.part(VERDICT).statuses[key].leads_on
                )
                for report_id, parts in self.statuses.items()
            },
        )

    def _named(self, what: str, values: Mapping[Any, Value]) -> dict[Any, Value]:
        names = {f"_{what}_{place}": key for place, key in enumerate(values)}
        made = self.library.named({name: values[key] for name, key in names.items()})
        return {key: made[name] for name, key in names.items()}

    # --- Kleene, constants folded away ---------------------------------------------------------

    def inverted(self, value: Value) -> Value:
        """Return NOT."""
        if constant(value):
            return None if value is None else not value
        return self.library.inverted(value)

    def all(self, values: Iterable[Value]) -> Value:
        """Return AND, constants folded away."""
        return self._folded(values, self.library.and_, neutral=True)

    def any(self, values: Iterable[Value]) -> Value:
        """Return OR, constants folded away."""
        return self._folded(values, self.library.or_, neutral=False)

    def _folded(self, values: Iterable[Value], join: Any, *, neutral: bool) -> Value:  # noqa: ANN401
        kept = list(values)
        if any(value is (not neutral) for value in kept):
            return not neutral
        open_ = any(value is None for value in kept)
        kept = [value for value in kept if not constant(value)]
        if open_ and kept:
            message = "constant unknowns beside columns are not needed for these tables"
            raise NotImplementedError(message)
        if not kept:
            return None if open_ else neutral
        return reduce(join, kept)

    def at(self, value: Value, sign: int) -> Value:
        """Return where a value is yes (1), no (-1) or not known (0): never null."""
        if constant(value):
            return value is {1: True, -1: False, 0: None}[sign]
        if (id(value), sign) not in self._seen:
            library = self.library
            if sign == 0:
                made = library.null(value)
            else:
                made = library.filled(value if sign == 1 else library.inverted(value), False)  # noqa: FBT003
            self._seen[id(value), sign] = (made, value)
        return self._seen[id(value), sign][0]

    def unless(self, doubt: Value, value: Value) -> Value:
        """Return a value, unknown where there is doubt."""
        if constant(doubt):
            return None if doubt else value
        return self.library.unless(doubt, value)

    # --- rules ---------------------------------------------------------------------------------

    def cells(
        self, rule: Rule, answers: Mapping[int, Value] | None = None, within: int = -1
    ) -> Value:
        """Return the AND of the cells of a rule, all of them or those of a mask."""
        answers = self.answers if answers is None else answers
        yes = [answers[bit] for bit in bits(rule.yes & within)]
        return self.all([*yes, *(self.inverted(answers[b]) for b in bits(rule.no & within))])

    def value(self, outcome: Outcome, turned: int = 0, answers: Any = None) -> Value:  # noqa: ANN401
        """Return an outcome; the rules that read the criterion ``turned`` with other answers."""
        return self.any(
            self.cells(r, answers) if (r.yes | r.no) & turned else self.rules[r.yes, r.no]
            for r in outcome.rules
        )

    def doubt(self, report: Report, turned: int = 0, answers: Any = None) -> Value:  # noqa: ANN401
        """Return where the answers contradict themselves about a report."""
        against = report.contradictions
        return self.any(self.at(self.value(o, turned, answers), 1) for o in against)

    def demand(self, report: Report) -> Value:
        """Return whether a report is asked for."""
        return self.outcomes[report.demand.outcome_id]

    def square(self, report: Report, subject: Value, demand: Value) -> list[Part]:
        """Return where a report has which status."""
        found: dict[str, dict[int, list[int]]] = {}
        for (about, wanted), cell in report.square.items():
            found.setdefault(cell.status_id, {}).setdefault(about, []).append(wanted)
        parts = [
            (
                key,
                self.any(
                    self.all([self.at(subject, about), self.among(demand, wanted)])
                    for about, wanted in places.items()
                ),
            )
            for key, places in found.items()
        ]
        return [(key, where) for key, where in parts if where is not False]

    def among(self, value: Value, signs: list[int]) -> Value:
        """Return where a value is one of some signs."""
        left = [sign for sign in SIGNS if sign not in signs]
        if len(left) == 1:
            return self.inverted(self.at(value, left[0]))
        return True if not left else self.any(self.at(value, sign) for sign in signs)

    # --- lists ---------------------------------------------------------------------------------

    def lists(self) -> dict[str, list[Part]]:
        """Return where which id stands in each list."""
        catalog, voice = self.catalog, self.voice
        against = [o for o in catalog.part(VERDICT).of_kind("contradiction") if voice in o.voices]
        behind = [o for r in catalog.part(VERDICT).reports for o in (r.subject, r.demand)]
        found = {
            "path": self.path(against),
            "categories": self.kind("category", self.lead),
            "routes": self.kind("route", {"": True}),
            "contradictions": [
                (o.outcome_id, self.at(self.outcomes[o.outcome_id], 1)) for o in against
            ],
            "open_questions": [(c.criterion_id, self.still_open(c.bit)) for c in self.asked()],
            "rule_ids": [
                (r.rule_id, self.at(self.rules[r.yes, r.no], 1))
                for o in (*behind, *against)
                for r in o.rules
            ],
            "assumed": [(c.criterion_id, self.turns(c.bit)) for c in self.asked()],
        }
        return {k: [part for part in v if part[1] is not False] for k, v in found.items()}

    def asked(self) -> list[Any]:
        """Return the criteria that the voice is asked."""
        return [c for c in self.catalog.part(VERDICT).criteria if self.voice in c.questions]

    def marked(self, key: str, value: Value, where: Value) -> list[Part]:
        """Return where an id stands, and where it stands as open."""
        yes, still = (self.all([where, self.at(value, sign)]) for sign in (1, 0))
        return [(key, yes), (key + OPEN, still)]

    def path(self, against: list[Outcome]) -> list[Part]:
        """Return the steps of the reports that lead on."""
        found = []
        for report in self.catalog.part(VERDICT).reports:
            for step in report.steps:
                if self.voice in step.voices:
                    touching = [o for o in against if step.outcome_id in o.touches]
                    doubt = self.any(self.at(self.outcomes[o.outcome_id], 1) for o in touching)
                    value = self.unless(doubt, self.outcomes[step.outcome_id])
                    key = f"{report.report_id}_{step.step_id}"
                    found += self.marked(key, value, self.lead[report.report_id])
        return found

    def kind(self, kind: str, where: Mapping[str, Value]) -> list[Part]:
        """Return the outcomes of a kind, by where their report leads on."""
        found = []
        for o in self.catalog.part(VERDICT).of_kind(kind):
            if o.report_id in where and self.voice in o.voices:
                found += self.marked(o.outcome_id, self.outcomes[o.outcome_id], where[o.report_id])
        return found

    def still_open(self, bit: int) -> Value:
        """Return where an unknown answer could still change a status."""
        unknown = self.at(self.answers[bit], 0)
        if unknown is False or self.blank.get(bit, False) is not False:
            return False
        found = []
        for report in self.catalog.part(VERDICT).reports:
            subject = self.outcomes[report.subject.outcome_id]
            for outcome, other in (
                (report.subject, self.demand(report)),
                (report.demand, subject),
            ):
                if outcome.mask & bit:
                    may = self.any(
                        self.inverted(self.at(other, -sign))
                        for sign in (1, -1)
                        if status_differs(report, sign, of_subject=outcome is report.subject)
                    )
                    found.append(self.all([may, self.matters(outcome, bit)]))
        return self.all([unknown, self.any(found)])

    def matters(self, outcome: Outcome, bit: int) -> Value:
        """Return where a rule with this unknown cell is open, and no other is met without it."""
        others = [r for r in outcome.rules if not (r.yes | r.no) & bit]
        alive = []
        for rule in outcome.rules:
            mask = rule.yes | rule.no
            if mask & bit:
                instead = self.any(self.at(self.cells(r, within=~mask), 1) for r in others)
                still = self.at(self.rules[rule.yes, rule.no], 0)
                alive.append(self.all([still, self.inverted(instead)]))
        return self.any(alive)

    def turns(self, bit: int) -> Value:
        """Return where the opposite of an assumed answer would change a status."""
        [assumed] = [TRUTH[c.assumed] for c in self.catalog.part(VERDICT).criteria if c.bit == bit]
        blank = self.blank.get(bit, False)
        if blank is False or assumed is None:
            return False
        answers = {**self.answers, bit: not assumed}
        found = []
        for report in self.catalog.part(VERDICT).reports:
            if report.mask & bit:
                doubt = self.doubt(report, bit, answers)
                subject = self.unless(doubt, self.value(report.subject, bit, answers))
                found.append(self.changed(report, subject, bit, answers))
        return self.all([blank, self.any(found)])

    def changed(self, report: Report, after: Value, bit: int, answers: Any) -> Value:  # noqa: ANN401
        """Return where a report has another status with another subject, or another demand."""
        before = self.subjects[report.report_id]
        if report.demand.mask & bit:
            demand = self.value(report.demand, bit, answers)
            then = dict(self.square(report, after, demand))
            now = self.statuses[report.report_id]
            kept = (self.all([where, then[key]]) for key, where in now if key in then)
            return self.inverted(self.any(kept))
        found: dict[tuple[int, int], list[int]] = {}
        for one in SIGNS:
            for two in SIGNS:
                for d in SIGNS:
                    if report.square[one, d].status_id != report.square[two, d].status_id:
                        found.setdefault((one, two), []).append(d)
        if all(
            len(found.get((one, two), [])) == len(SIGNS)
            for one in SIGNS
            for two in SIGNS
            if one != two
        ):
            both = constant(before) and constant(after)
            return (before is not after) if both else self.library.differ(before, after)
        return self.any(
            self.all(
                [self.at(before, one), self.at(after, two), self.among(self.demand(report), d)]
            )
            for (one, two), d in found.items()
        )


def native(name: str, frame: Any, catalog: Catalog, voice: str, ending: str = "plain") -> Any:  # noqa: ANN401
    """Return a frame of one library with the columns of ``classify``, by its own expressions."""
    library = LIBRARIES[name](frame)
    columns = frame.column_names if name == "pyarrow" else frame.columns
    formulas = Formulas(library, catalog, voice, columns)
    return getattr(library, ending)(formulas.statuses, formulas.lists())

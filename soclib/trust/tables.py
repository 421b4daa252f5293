"""Criteria, control objectives, the controls that somebody else runs, and the cross-map.

A criterion of the trust services criteria and a control objective of a SOC 1 are both a *basis*:
what a control and its evidence are there for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import Provenance, Row, Tables, listed
from soclib.tables.schema import Part, Records, table

TSC: Final = "tsc"
ISO: Final = "iso"
SIDES = (TSC, ISO)
RELATIONS = ("equal", "subset", "superset", "intersects", "related")
STRENGTHS = ("strong", "partial", "weak")
MIRRORED = {"subset": "superset", "superset": "subset"}  # a relation read from the other side
PAIR_STATUSES = ("proposed", "verified")
ASSERTIONS = (
    *("existence", "completeness", "accuracy", "valuation", "rights", "cutoff", "presentation"),
    "all_through_it",
)
# By relation: whether the ISO requirement asks for more, and whether the criterion does.
ASKS_FOR_MORE = {
    "equal": (False, False),
    "subset": (True, False),
    "superset": (False, True),
    "intersects": (True, True),
    "related": (False, False),
}
SIDE_TABLES = {TSC: ("trust_criteria", "tsc_id"), ISO: ("iso_requirements", "iso_id")}
PROMPTS_PER_BASIS = (2, 4)  # the least and the most


@table("series")
class Series:
    """A numbered group of criteria, such as CC6; there are twenty, `CC1` to `P8`."""

    series_id: str = column.ident("number of the series")
    title: str = column.text("what it is called")
    gist: str = column.text("what it is about")
    provenance: Provenance = column.origin()


@table("trust_criteria")
class TrustCriterion:
    """One of the trust services criteria, in our own words.

    There are 61: 33 common ones (`CC`), 3 of `A1`, 5 of `PI1`, 2 of `C1` and 18 of `P1` to `P8`.
    All wording is ours; the text of the criteria is the AICPA's, and so are the ids. A criterion of
    a SOC 2 and a control objective of a SOC 1 are both a *basis*: prompts and complementary
    controls name it by its id.
    """

    tsc_id: str = column.ident("number of the criterion", dotted=True)
    series_id: str = column.ref("the series that it belongs to", "series")
    category_id: str = column.ref(
        "the category that it belongs to; the common criteria apply to every other as well",
        "outcomes",
        where=("kind", "category"),
    )
    coso_principle: int | None = column.whole(
        "which of the 17 COSO principles it carries, each of them once; blank for none",
        *(1, 17),
        blank=True,
    )
    gist: str = column.text("what it asks")
    keywords: tuple[str, ...] = column.texts("further words by which the search finds it")
    provenance: Provenance = column.origin()


@table("services")
class Service:
    """A kind of service for which SOC 1 reports are usual; which applies is the user's choice."""

    service_id: str = column.ident("name of the service")
    title: str = column.text("what it is called")
    what_it_does: str = column.text("what such a service does for its customers")
    provenance: Provenance = column.origin()


@table("control_objectives")
class ControlObjective:
    """A template of a SOC 1 control objective."""

    objective_id: str = column.ident("name of the objective")
    service_id: str = column.ref("the kind of service that it is for", "services")
    objective: str = column.text("the objective")
    risk: str = column.text("what goes wrong in a customer's books when it is missed")
    assertions: tuple[str, ...] = column.some_of(
        "which assertions of the financial statements that touches; `all_through_it` is for general"
        " IT controls, on which all of them rely",
        *ASSERTIONS,
    )
    keywords: tuple[str, ...] = column.texts("further words by which the search finds it")
    provenance: Provenance = column.origin()


@table("control_prompts")
class ControlPrompt:
    """A question that asks for one control, with what one would show an auditor."""

    prompt_id: str = column.ident("frozen name")
    basis_id: str = column.ref(
        "what the control is for; every criterion and every objective has two to four prompts",
        "trust_criteria",
        "control_objectives",
    )
    prompt: str = column.text("a question that leads to one control, never a requirement")
    typical_evidence: tuple[str, ...] = column.texts("what one would show an auditor")
    cadence_id: str = column.ref("how often such a control runs", "cadences")
    owner: str = column.text("the role that it usually belongs to")
    provenance: Provenance = column.origin()


@table("complementary_controls")
class ComplementaryControl:
    """A control that somebody else runs, and without which a basis is not met.

    Every control objective depends on at least one of them.
    """

    complementary_id: str = column.ident("frozen name")
    kind: str = column.one_of(
        "who runs it: `cuec` the user entity, `csoc` a carved-out subservice organization",
        *("cuec", "csoc"),
    )
    hangs_on: tuple[str, ...] = column.refs(
        "the criteria or control objectives that are not met without it",
        *("trust_criteria", "control_objectives"),
    )
    report_ids: tuple[str, ...] = column.refs(
        "the reports to which these belong: `soc2` for criteria, `soc1` for control objectives",
        "reports",
        column="report_id",
    )
    control: str = column.text("what has to run there")
    why: str = column.text("why nobody else can do it")
    owner: str = column.text("the role that it usually belongs to, at whoever runs it")
    cadence_id: str = column.ref("how often such a control runs", "cadences")
    typical_evidence: tuple[str, ...] = column.texts("what one would show an auditor")
    provenance: Provenance = column.origin()


@table("iso_requirements")
class IsoRequirement:
    """A control of Annex A or a clause of ISO/IEC 27001:2022, in our own words.

    There are 93 controls, `A.5.1` to `A.8.34` (37, 8, 14 and 34), and the clauses of chapters 4 to
    10.
    """

    iso_id: str = column.ident("number of the control or clause", dotted=True)
    kind: str = column.one_of("which of the two it is", "control", "clause")
    theme: str = column.text(
        "`organizational`, `people`, `physical` or `technological`; of a clause `management system`"
    )
    gist: str = column.text("what it asks")
    keywords: tuple[str, ...] = column.texts("further words by which the search finds it")
    provenance: Provenance = column.origin()


@table("crosswalk", key=("tsc_id", "iso_id"))
class CrosswalkPair:
    """How a criterion and an ISO requirement relate, and why; each pair has one row.

    Overlap helps to use evidence twice. Neither report replaces the other, and a count of pairs is
    not a measure of overlap, so there is no percentage anywhere.

    Read from the ISO side, `subset` and `superset` swap, and so do the two `beyond_...` columns.
    `trust.gaps` lists, with the rows of `crosswalk_gaps.csv`, what pairs leave over: nothing where
    one pair asks for all of a requirement (`equal`; `subset` from its own side), else what lies
    beyond each pair.
    """

    tsc_id: str = column.ref("the criterion", "trust_criteria")
    iso_id: str = column.ref("the ISO requirement", "iso_requirements")
    relation: str = column.one_of(
        "how what the criterion asks for relates to what the ISO requirement asks for: `equal` (the"
        " same), `subset` (part of it), `superset` (all of it and more), `intersects` (a core in"
        " common, more on both sides), `related` (shared evidence, no duty in common)",
        *RELATIONS,
    )
    strength: str = column.one_of(
        "how far what shows one shows the other; `equal` is strong, `related` never is", *STRENGTHS
    )
    reason: str = column.text("what both share, seen in practice; a text of its own for every pair")
    beyond_criterion: str = column.text(
        "what the ISO requirement asks for and the criterion does not; only for `subset` and"
        " `intersects`",
        blank=True,
    )
    beyond_control: str = column.text(
        "what the criterion asks for and the ISO requirement does not; only for `superset` and"
        " `intersects`",
        blank=True,
    )
    status: str = column.one_of(
        "whether the pair was judged again: `proposed` is one reader's judgement; for `verified` a"
        " second reader judged relation and reason again and agreed",
        *PAIR_STATUSES,
    )
    sources_agreeing: int = column.whole(
        "how many of the public mappings that were looked at have this pair; they are uneven, so"
        " this says how common a pair is and never that it is right",
        *(0, 99),
    )
    provenance: Provenance = column.origin()


@table("crosswalk_gaps")
class CrosswalkGap:
    """A requirement that the other side does not ask for.

    Every requirement of either side is in a pair or here, never in both.
    """

    gap_id: str = column.ident("name of the gap")
    side: str = column.one_of("whose requirement it is", *SIDES)
    requirement_id: str = column.text(
        "the requirement, an id of `trust_criteria.csv` or `iso_requirements.csv`"
    )
    why: str = column.text("why the other side does not ask for it")
    look_instead: str = column.text("where one finds evidence of it")
    provenance: Provenance = column.origin()


@dataclass(frozen=True, slots=True, eq=False)
class TrustTables:
    """All tables on criteria, control objectives and the cross-map, in the order of their rows.

    Each is by id, but for ``prompts`` by basis, ``gaps`` by requirement, and ``pairs``.
    """

    series: Mapping[str, Series]
    criteria: Mapping[str, TrustCriterion]
    services: Mapping[str, Service]
    objectives: Mapping[str, ControlObjective]
    prompts: Mapping[str, tuple[ControlPrompt, ...]]
    complementary: Mapping[str, ComplementaryControl]
    iso: Mapping[str, IsoRequirement]
    pairs: tuple[CrosswalkPair, ...]
    gaps: Mapping[str, CrosswalkGap]

    @property
    def common(self) -> str:
        """Return the category whose criteria apply to every other: it has the COSO principles."""
        return next(row.category_id for row in self.criteria.values() if row.coso_principle)

    @property
    def bases(self) -> Mapping[str, str]:
        """Return what every criterion and every control objective asks for, by its id."""
        gists = {key: criterion.gist for key, criterion in self.criteria.items()}
        return gists | {key: row.objective for key, row in self.objectives.items()}


def _trust(records: Records) -> TrustTables:
    prompts: dict[str, tuple[ControlPrompt, ...]] = {}
    for prompt in records.all(ControlPrompt):
        prompts[prompt.basis_id] = (*prompts.get(prompt.basis_id, ()), prompt)
    return TrustTables(
        series=records.by_id(Series),
        criteria=records.by_id(TrustCriterion),
        services=records.by_id(Service),
        objectives=records.by_id(ControlObjective),
        prompts=prompts,
        complementary=records.by_id(ComplementaryControl),
        iso=records.by_id(IsoRequirement),
        pairs=records.all(CrosswalkPair),
        gaps={gap.requirement_id: gap for gap in records.all(CrosswalkGap)},
    )


def check_trust(tables: Tables) -> Iterator[Fault]:
    """Yield bases without prompts or complementary controls, and faults of the cross-map."""
    yield from _check_prompts(tables)
    yield from _check_complementary(tables)
    for row in tables["crosswalk"]:
        yield from _check_relation(row)
    yield from _check_gaps(tables)


def _check_prompts(tables: Tables) -> Iterator[Fault]:
    least, most = PROMPTS_PER_BASIS
    prompts = Counter(row.cells["basis_id"] for row in tables["control_prompts"])
    for name, key in (("trust_criteria", "tsc_id"), ("control_objectives", "objective_id")):
        for row in tables[name]:
            count = prompts[row.cells[key]]
            if not least <= count <= most:
                remedy = f"has {count} rows in control_prompts.csv; give it {least} to {most}"
                yield row.fault(key, remedy)


def _check_complementary(tables: Tables) -> Iterator[Fault]:
    """Yield controls with a wrong report, and control objectives without a complementary one."""
    criteria = set(tables.ids("trust_criteria"))
    with_control: set[str] = set()
    for row in tables["complementary_controls"]:
        hangs_on = listed(row.cells["hangs_on"])
        with_control |= set(hangs_on)
        needed = {"soc2" if basis_id in criteria else "soc1" for basis_id in hangs_on}
        if needed != set(listed(row.cells["report_id"])):
            report_ids = ";".join(sorted(needed))
            yield row.fault("report_id", f"what depends on it belongs to {report_ids}; use that")
    for row in tables["control_objectives"]:
        if row.cells["objective_id"] not in with_control:
            yield row.fault("objective_id", "has no row in complementary_controls.csv; add one")


def _check_relation(row: Row) -> Iterator[Fault]:
    """Yield what contradicts the relation of a pair."""
    cells = row.cells
    relation, strength = cells["relation"], cells["strength"]
    beyond = ("beyond_criterion", "beyond_control")
    for name, wanted in zip(beyond, ASKS_FOR_MORE.get(relation, ()), strict=False):
        if wanted != bool(cells[name].strip()):
            remedy = "say what it is" if wanted else "leave it blank, or fix the relation"
            yield row.fault(name, f"the relation is {relation}: {remedy}")
    if (relation, strength) == ("related", "strong") or (
        relation == "equal" and strength != "strong"
    ):
        yield row.fault("strength", f"does not go with the relation {relation}")


def _check_gaps(tables: Tables) -> Iterator[Fault]:
    """Yield requirements that are in a pair and a gap, or in neither, and gaps of unknown ids."""
    gaps = {
        (row.cells["side"], row.cells["requirement_id"]): row for row in tables["crosswalk_gaps"]
    }
    for side, (name, key) in SIDE_TABLES.items():
        paired = tables.ids(f"crosswalk.{key}")
        for row in tables[name]:
            is_gap = (side, row.cells[key]) in gaps
            if is_gap == (row.cells[key] in paired):
                both = "is in crosswalk.csv and in crosswalk_gaps.csv; keep one"
                neither = "is in neither crosswalk.csv nor crosswalk_gaps.csv; add it to one"
                yield row.fault(key, both if is_gap else neither)
    known = {(side, key) for side, (name, _key) in SIDE_TABLES.items() for key in tables.ids(name)}
    files = ", of ".join(f"{name}.csv for {side}" for side, (name, _key) in SIDE_TABLES.items())
    for side_and_id, row in gaps.items():
        if side_and_id not in known:
            yield row.fault("requirement_id", f"its side has no such id; use an id of {files}")


TRUST = Part(
    (
        *(Series, TrustCriterion, Service, ControlObjective, ControlPrompt, ComplementaryControl),
        *(IsoRequirement, CrosswalkPair, CrosswalkGap),
    ),
    _trust,
    (check_trust,),
)

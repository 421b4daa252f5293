"""The kinds of question beside a case: order, match, true or false with a reason, mark a mistake.

All of them are made from tables that serve other pages too, so that they cannot drift from them.
"""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog
from soclib.periods.tables import PERIODS, WorkedPeriod
from soclib.practice.asking import LETTERS, VOICE, Field, Ground, Option, shuffled, word
from soclib.practice.tables import PRACTICE
from soclib.tables.rows import YES
from soclib.trust.tables import TRUST
from soclib.verdict.decision import decide
from soclib.verdict.explain import joined
from soclib.verdict.tables import VERDICT, Outcome, Rule
from soclib.words import words_of

PAIRS: Final = 4  # to match at a time
REASONS: Final = 2  # wrong ones beside the right one
BOTH: Final = ("soc1", "soc2")
ELSEWHERE: Final = ("elsewhere_1", "elsewhere_2")
OFTEN: Final = 0.7  # what rules say is true as often as all that is misheard is false


class Asked(NamedTuple):
    """A question without its id: what it is about, and what to answer."""

    prompt: str
    passage: tuple[str, ...]
    fields: tuple[Field, ...]
    numbered: bool = False


# --- order -------------------------------------------------------------------------------------


def order(catalog: Catalog, rng: Random) -> Asked:
    """Return a question that asks for an order: of steps, or of periods by what they are worth."""
    return rng.choice([_path, _periods, _periods])(catalog, rng)


def _path(catalog: Catalog, rng: Random) -> Asked:
    report = rng.choice([one for one in catalog.part(VERDICT).reports if one.steps])
    steps = [Option(o.step_id, o.title) for o in report.steps if VOICE in o.voices]
    ground = Ground(
        rule_id=";".join(o.outcome_id for o in report.steps),
        reason=" → ".join(option.label for option in steps) + ".",
        hint=word(catalog, "hint_order_path"),
    )
    prompt = word(catalog, "prompt_order_path", report=report.title)
    return _ordered(catalog, rng, prompt, steps, ground)


def _periods(catalog: Catalog, rng: Random) -> Asked:
    """Return periods to order, no two of which are worth the same."""
    by_rank: dict[int, list[WorkedPeriod]] = {}
    for worked in catalog.part(PERIODS).worked:
        rank = catalog.part(PERIODS).readings[worked.reading_id].rank
        by_rank.setdefault(rank, []).append(worked)
    chosen = [rng.choice(by_rank[rank]) for rank in sorted(by_rank)]
    steps = [Option(one.case_id, _period(catalog, one)) for one in chosen]
    lines = [
        word(
            catalog,
            "period_why",
            period=_period(catalog, one),
            reading=catalog.part(PERIODS).readings[one.reading_id].label,
            overlap=str(one.overlap_days),
            gap=str(one.gap_days),
        )
        for one in chosen
    ]
    ids = ";".join(one.reading_id for one in chosen)
    ground = Ground(ids, " ".join(lines), word(catalog, "hint_order_periods"))
    return _ordered(catalog, rng, word(catalog, "prompt_order_periods"), steps, ground)


def _period(catalog: Catalog, one: WorkedPeriod) -> str:
    days = {
        "from": one.fiscal_year_start,
        "to": one.fiscal_year_end,
        "start": one.period_start,
        "end": one.period_end,
    }
    return word(catalog, "period", **{name: day.isoformat() for name, day in days.items()})


def _ordered(
    catalog: Catalog, rng: Random, prompt: str, steps: list[Option], ground: Ground
) -> Asked:
    mixed = shuffled(rng, steps)
    places = tuple(
        Field(
            field_id=f"place_{number}",
            label=word(catalog, "place", number=str(number)),
            options=mixed,
            right=(step.option_id,),
            ground=ground,
        )
        for number, step in enumerate(steps, start=1)
    )
    return Asked(prompt, (), places)


# --- match -------------------------------------------------------------------------------------


def match(catalog: Catalog, rng: Random) -> Asked:
    """Return a question that asks for pairs: a series, a word or a control, and what it means."""
    return rng.choice([_series, _terms, _controls])(catalog, rng)


def _series(catalog: Catalog, rng: Random) -> Asked:
    chosen = rng.sample(list(catalog.part(TRUST).series.values()), PAIRS)
    pairs = [(Option(one.series_id, one.series_id), one.title) for one in chosen]
    return _matched(catalog, rng, "prompt_match_series", pairs)


def _terms(catalog: Catalog, rng: Random) -> Asked:
    """Return the words of the verdict or of a period's reading, and what they mean."""
    statuses = [
        (Option(s.status_id, s.label), s.meaning) for s in catalog.part(VERDICT).statuses.values()
    ]
    readings = [
        (Option(r.reading_id, r.label), r.meaning[VOICE])
        for r in catalog.part(PERIODS).readings.values()
    ]
    pairs = rng.sample(rng.choice([statuses, readings]), PAIRS)
    return _matched(catalog, rng, "prompt_match_terms", pairs)


def _controls(catalog: Catalog, rng: Random) -> Asked:
    """Return questions on controls of different criteria, and the gist of each criterion."""
    chosen = rng.sample(list(catalog.part(TRUST).criteria.values()), PAIRS)
    prompts = {
        one.tsc_id: rng.choice(catalog.part(TRUST).prompts[one.tsc_id]).prompt for one in chosen
    }
    pairs = [
        (Option(one.tsc_id, prompts[one.tsc_id]), f"{one.tsc_id}: {one.gist}") for one in chosen
    ]
    return _matched(catalog, rng, "prompt_match_controls", pairs)


def _matched(
    catalog: Catalog, rng: Random, prompt_id: str, pairs: list[tuple[Option, str]]
) -> Asked:
    options = shuffled(rng, [Option(left.option_id, meaning) for left, meaning in pairs])
    # The id of an option may not give its place away, so options are named by their letter.
    named = tuple(Option(LETTERS[place], option.label) for place, option in enumerate(options))
    letters = {option.option_id: LETTERS[place] for place, option in enumerate(options)}
    fields = tuple(
        Field(
            field_id=f"pair_{number}",
            label=left.label,
            options=named,
            right=(letters[left.option_id],),
            ground=Ground(left.option_id, meaning, word(catalog, "hint_match")),
        )
        for number, (left, meaning) in enumerate(pairs, start=1)
    )
    return Asked(word(catalog, prompt_id), (), fields)


# --- true or false -----------------------------------------------------------------------------


class _Statement(NamedTuple):
    """Something to judge; ``others`` are reasons that do not fit it."""

    text: str
    holds: bool
    rule_id: str
    reason: str
    others: tuple[str, ...]


def true_false(catalog: Catalog, rng: Random) -> Asked:
    """Return a statement to judge, with the reason why."""
    made = rng.choice([_rule, _rule, _route, _planted, _type])(catalog, rng)
    reasons = [made.reason, *rng.sample(made.others, REASONS)]
    mixed = shuffled(rng, [Option(str(place), text) for place, text in enumerate(reasons)])
    right = next(LETTERS[n] for n, one in enumerate(mixed) if one.label == made.reason)
    named = tuple(Option(LETTERS[place], one.label) for place, one in enumerate(mixed))
    truth = tuple(Option(key, word(catalog, key)) for key in ("true", "false"))
    holds = "true" if made.holds else "false"
    said = f"{word(catalog, holds)}. {made.reason}"
    return Asked(
        prompt=word(catalog, "prompt_true_false"),
        passage=(made.text,),
        fields=(
            Field(
                *("truth", word(catalog, "ask_truth"), truth, (holds,)),
                Ground(made.rule_id, said, word(catalog, "hint_truth")),
            ),
            Field(
                *("why", word(catalog, "ask_why"), named, (right,)),
                Ground(made.rule_id, made.reason, word(catalog, "hint_why")),
            ),
        ),
    )


def _rule(catalog: Catalog, rng: Random) -> _Statement:
    """Return what a rule says, or what it would say of the other report; ``decide`` judges."""
    reports = [one for one in catalog.part(VERDICT).reports if one.report_id in BOTH]
    of, other = rng.sample(reports, len(reports))
    told = of if rng.random() < OFTEN else other
    rule = rng.choice(of.subject.rules)
    answers = dict.fromkeys(_facts(catalog, of.subject, rule), YES)
    decision = decide(answers, catalog=catalog)
    clauses = [catalog.part(VERDICT).criterion(key).questions[VOICE].if_yes for key in answers]
    parts = {"clauses": joined(decision.case, clauses), "report": told.title}
    text = word(catalog, "rule_subject", **parts)
    if decision.subject[told.report_id] == YES:
        texts = sorted({r.because[VOICE] for one in reports for r in one.subject.rules})
        others = tuple(one for one in texts if one != rule.because[VOICE])
        return _Statement(
            text, holds=True, rule_id=rule.rule_id, reason=rule.because[VOICE], others=others
        )
    parts = {"report": of.title, "other": told.title}
    reason, *others_ = (word(catalog, k, **parts) for k in ("rule_elsewhere", *ELSEWHERE))
    return _Statement(text, holds=False, rule_id=rule.rule_id, reason=reason, others=tuple(others_))


def _route(catalog: Catalog, rng: Random) -> _Statement:
    """Return where an answer leads beside the reports, or another route; ``decide`` judges."""
    routes = [one for one in catalog.part(VERDICT).of_kind("route") if VOICE in one.voices]
    of = rng.choice(routes)
    rule = rng.choice([rule for rule in of.rules if rule.yes])
    bits = {one.bit: one.criterion_id for one in catalog.part(VERDICT).criteria}
    answers = {key: YES for bit, key in bits.items() if bit & rule.yes}
    decision = decide(answers, catalog=catalog)
    led = [one for one in routes if one.outcome_id in decision.routes]
    told = of if rng.random() < OFTEN else rng.choice([one for one in routes if one not in led])
    clauses = [catalog.part(VERDICT).criterion(key).questions[VOICE].if_yes for key in answers]
    text = word(catalog, "rule_route", clauses=joined(decision.case, clauses), route=told.title)
    if told in led:
        texts = sorted({r.because[VOICE] for one in routes if one is not of for r in one.rules})
        return _Statement(
            text, holds=True, rule_id=rule.rule_id, reason=rule.because[VOICE], others=tuple(texts)
        )
    parts = {"route": joined(decision.case, [one.title for one in led]), "other": told.title}
    reason, *others = (word(catalog, f"route_{k}", **parts) for k in ("elsewhere", "1", "2"))
    return _Statement(text, holds=False, rule_id=rule.rule_id, reason=reason, others=tuple(others))


def _facts(catalog: Catalog, subject: Outcome, rule: Rule) -> list[str]:
    """Return what sets a rule apart from the others of its outcome: the gates are left out."""
    common = rule.yes
    for other in subject.rules:
        common &= other.yes
    bits = {one.bit: one.criterion_id for one in catalog.part(VERDICT).criteria}
    return [key for bit, key in bits.items() if bit & rule.yes & ~common]


def _planted(catalog: Catalog, rng: Random) -> _Statement:
    rows = list(catalog.part(PRACTICE).planted.values())
    one = rng.choice(rows)
    others = tuple(row.correct for row in rows if row.correct != one.correct)
    return _Statement(
        one.heard, holds=False, rule_id=one.planted_id, reason=one.correct, others=others
    )


def _type(catalog: Catalog, rng: Random) -> _Statement:
    """Return what is misheard about types."""
    rows = catalog.part(PERIODS).misconceptions
    one = rng.choice(rows)
    others = tuple(row.correct for row in rows if row is not one)
    return _Statement(
        one.heard, holds=False, rule_id=one.misconception_id, reason=one.correct, others=others
    )


# --- mark the mistake --------------------------------------------------------------------------


def mark(catalog: Catalog, rng: Random) -> Asked:
    """Return an extract from a sample report in which one line is wrong."""
    lines = catalog.part(PRACTICE).lines
    extract = rng.choice(list(dict.fromkeys(key for one in lines for key in one.extracts)))
    mine = [one for one in lines if extract in one.extracts]
    wrong = rng.choice([one for one in mine if not one.right])
    shown = []
    for part in dict.fromkeys(one.part for one in mine):
        sound = [one for one in mine if one.part == part and one.right]
        shown.append(wrong if part == wrong.part else rng.choice(sound))
    place = LETTERS[shown.index(wrong)]
    options = tuple(
        Option(LETTERS[n], word(catalog, "line", letter=LETTERS[n])) for n in range(len(shown))
    )
    ground = Ground(wrong.line_id, wrong.why, word(catalog, "hint_mark"))
    field = Field("line", word(catalog, "ask_line"), options, (place,), ground)
    passage = tuple(one.text for one in shown)
    return Asked(_extract(catalog, extract), passage, (field,), numbered=True)


def _extract(catalog: Catalog, extract: str) -> str:
    """Return the prompt for an extract such as soc1_type_2, or soc3, which has no type."""
    report_id, _, type_id = extract.partition("_")
    if not type_id:
        return word(catalog, "prompt_mark_soc3")
    titles = {one.report_id: one.title for one in catalog.part(VERDICT).reports}
    named = words_of(catalog, VOICE)[f"first_{type_id}"]
    return word(catalog, "prompt_mark", report=titles[report_id], type=named)

"""Questions that need no case: order, match, true or false with a reason, mark a mistake.

All are made from tables that other pages show too, so that they agree with those pages.
"""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

from soclib.catalog import Catalog
from soclib.periods.tables import PERIODS, WorkedPeriod
from soclib.practice.cases import BOTH
from soclib.practice.items import (
    LETTERS,
    VOICE,
    Explanation,
    ItemField,
    Option,
    practice_text,
    shuffled,
)
from soclib.practice.tables import PRACTICE
from soclib.tables.rows import YES
from soclib.trust.tables import TRUST
from soclib.verdict.decision import decide
from soclib.verdict.explain import joined
from soclib.verdict.tables import VERDICT, Outcome, Rule
from soclib.words import words_of

PAIRS: Final = 4  # to match at a time
REASONS: Final = 2  # wrong ones next to the right one
ELSEWHERE: Final = ("elsewhere_1", "elsewhere_2")
OFTEN: Final = 0.7  # of statements from rules are true, as all from misconceptions are false


class ItemContent(NamedTuple):
    """A question without its id: what it is about, and what to answer."""

    prompt: str
    passage: tuple[str, ...]
    fields: tuple[ItemField, ...]
    numbered: bool = False


# --- order -------------------------------------------------------------------------------------


def order(catalog: Catalog, rng: Random) -> ItemContent:
    """Return a question that asks for an order: of steps, or of periods by their worth."""
    return rng.choice([_path, _periods, _periods])(catalog, rng)


def _path(catalog: Catalog, rng: Random) -> ItemContent:
    report = rng.choice([report for report in catalog.part(VERDICT).reports if report.steps])
    steps = [Option(o.step_id, o.title) for o in report.steps if VOICE in o.voices]
    explanation = Explanation(
        rule_id=";".join(o.outcome_id for o in report.steps),
        reason=" → ".join(option.label for option in steps) + ".",
        hint=practice_text(catalog, "hint_order_path"),
    )
    prompt = practice_text(catalog, "prompt_order_path", report=report.title)
    return _ordered(catalog, rng, prompt, steps, explanation)


def _periods(catalog: Catalog, rng: Random) -> ItemContent:
    """Return periods to put in order, each of another worth."""
    by_rank: dict[int, list[WorkedPeriod]] = {}
    for worked in catalog.part(PERIODS).worked:
        rank = catalog.part(PERIODS).readings[worked.reading_id].rank
        by_rank.setdefault(rank, []).append(worked)
    chosen = [rng.choice(by_rank[rank]) for rank in sorted(by_rank)]
    steps = [Option(period.case_id, _period(catalog, period)) for period in chosen]
    lines = [
        practice_text(
            catalog,
            "period_why",
            period=_period(catalog, period),
            reading=catalog.part(PERIODS).readings[period.reading_id].label,
            overlap=str(period.overlap_days),
            gap=str(period.gap_days),
        )
        for period in chosen
    ]
    ids = ";".join(period.reading_id for period in chosen)
    explanation = Explanation(ids, " ".join(lines), practice_text(catalog, "hint_order_periods"))
    return _ordered(
        catalog, rng, practice_text(catalog, "prompt_order_periods"), steps, explanation
    )


def _period(catalog: Catalog, worked: WorkedPeriod) -> str:
    days = {
        "from": worked.fiscal_year_start,
        "to": worked.fiscal_year_end,
        "start": worked.period_start,
        "end": worked.period_end,
    }
    return practice_text(catalog, "period", **{name: day.isoformat() for name, day in days.items()})


def _ordered(
    catalog: Catalog, rng: Random, prompt: str, steps: list[Option], explanation: Explanation
) -> ItemContent:
    options = shuffled(rng, steps)
    places = tuple(
        ItemField(
            field_id=f"place_{number}",
            label=practice_text(catalog, "place", number=str(number)),
            options=options,
            right=(step.option_id,),
            explanation=explanation,
        )
        for number, step in enumerate(steps, start=1)
    )
    return ItemContent(prompt, (), places)


# --- match -------------------------------------------------------------------------------------


def match(catalog: Catalog, rng: Random) -> ItemContent:
    """Return a question that asks for pairs: series, terms or controls, each with what it means."""
    return rng.choice([_series, _terms, _controls])(catalog, rng)


def _series(catalog: Catalog, rng: Random) -> ItemContent:
    chosen = rng.sample(list(catalog.part(TRUST).series.values()), PAIRS)
    pairs = [(Option(series.series_id, series.series_id), series.title) for series in chosen]
    return _matched(catalog, rng, "prompt_match_series", pairs)


def _terms(catalog: Catalog, rng: Random) -> ItemContent:
    """Return statuses of a verdict or readings of a period, and what each means."""
    statuses = [
        (Option(s.status_id, s.label), s.meaning) for s in catalog.part(VERDICT).statuses.values()
    ]
    readings = [
        (Option(r.reading_id, r.label), r.meaning[VOICE])
        for r in catalog.part(PERIODS).readings.values()
    ]
    pairs = rng.sample(rng.choice([statuses, readings]), PAIRS)
    return _matched(catalog, rng, "prompt_match_terms", pairs)


def _controls(catalog: Catalog, rng: Random) -> ItemContent:
    """Return questions on controls of different criteria, and the gist of each criterion."""
    chosen = rng.sample(list(catalog.part(TRUST).criteria.values()), PAIRS)
    prompts = {
        criterion.tsc_id: rng.choice(catalog.part(TRUST).prompts[criterion.tsc_id]).prompt
        for criterion in chosen
    }
    pairs = [
        (
            Option(criterion.tsc_id, prompts[criterion.tsc_id]),
            f"{criterion.tsc_id}: {criterion.gist}",
        )
        for criterion in chosen
    ]
    return _matched(catalog, rng, "prompt_match_controls", pairs)


def _matched(
    catalog: Catalog, rng: Random, prompt_id: str, pairs: list[tuple[Option, str]]
) -> ItemContent:
    options = shuffled(rng, [Option(left.option_id, meaning) for left, meaning in pairs])
    # The id of an option would give its place away, so options are named by their letter.
    lettered = tuple(Option(LETTERS[place], option.label) for place, option in enumerate(options))
    letters = {option.option_id: LETTERS[place] for place, option in enumerate(options)}
    fields = tuple(
        ItemField(
            field_id=f"pair_{number}",
            label=left.label,
            options=lettered,
            right=(letters[left.option_id],),
            explanation=Explanation(left.option_id, meaning, practice_text(catalog, "hint_match")),
        )
        for number, (left, meaning) in enumerate(pairs, start=1)
    )
    return ItemContent(practice_text(catalog, prompt_id), (), fields)


# --- true or false -----------------------------------------------------------------------------


class _Statement(NamedTuple):
    """Something to call true or false; ``others`` are reasons that do not fit it."""

    text: str
    holds: bool
    rule_id: str
    reason: str
    others: tuple[str, ...]


def true_false(catalog: Catalog, rng: Random) -> ItemContent:
    """Return a statement to call true or false, and reasons to choose from."""
    statement = rng.choice([_rule, _rule, _route, _planted, _type])(catalog, rng)
    reasons = [statement.reason, *rng.sample(statement.others, REASONS)]
    in_order = shuffled(rng, [Option(str(place), text) for place, text in enumerate(reasons)])
    right = next(
        LETTERS[n] for n, option in enumerate(in_order) if option.label == statement.reason
    )
    lettered = tuple(Option(LETTERS[place], option.label) for place, option in enumerate(in_order))
    truth = tuple(Option(key, practice_text(catalog, key)) for key in ("true", "false"))
    holds = "true" if statement.holds else "false"
    verdict = f"{practice_text(catalog, holds)}. {statement.reason}"
    return ItemContent(
        prompt=practice_text(catalog, "prompt_true_false"),
        passage=(statement.text,),
        fields=(
            ItemField(
                *("truth", practice_text(catalog, "ask_truth"), truth, (holds,)),
                Explanation(statement.rule_id, verdict, practice_text(catalog, "hint_truth")),
            ),
            ItemField(
                *("why", practice_text(catalog, "ask_why"), lettered, (right,)),
                Explanation(
                    statement.rule_id, statement.reason, practice_text(catalog, "hint_why")
                ),
            ),
        ),
    )


def _rule(catalog: Catalog, rng: Random) -> _Statement:
    """Return what a rule says of its report, or of the other one; ``decide`` tells which holds."""
    reports = [report for report in catalog.part(VERDICT).reports if report.report_id in BOTH]
    report_of_rule, other = rng.sample(reports, len(reports))
    report_named = report_of_rule if rng.random() < OFTEN else other
    rule = rng.choice(report_of_rule.subject.rules)
    answers = dict.fromkeys(_facts(catalog, report_of_rule.subject, rule), YES)
    decision = decide(answers, catalog=catalog)
    clauses = [catalog.part(VERDICT).criterion(key).questions[VOICE].if_yes for key in answers]
    parts = {"clauses": joined(decision.case, clauses), "report": report_named.title}
    text = practice_text(catalog, "rule_subject", **parts)
    if decision.subject[report_named.report_id] == YES:
        texts = sorted({r.because[VOICE] for report in reports for r in report.subject.rules})
        others = tuple(reason for reason in texts if reason != rule.because[VOICE])
        return _Statement(
            text, holds=True, rule_id=rule.rule_id, reason=rule.because[VOICE], others=others
        )
    parts = {"report": report_of_rule.title, "other": report_named.title}
    reason, *others_ = (practice_text(catalog, k, **parts) for k in ("rule_elsewhere", *ELSEWHERE))
    return _Statement(text, holds=False, rule_id=rule.rule_id, reason=reason, others=tuple(others_))


def _route(catalog: Catalog, rng: Random) -> _Statement:
    """Return the route to which an answer leads, or another; ``decide`` tells which holds."""
    routes = [route for route in catalog.part(VERDICT).of_kind("route") if VOICE in route.voices]
    route_of_rule = rng.choice(routes)
    rule = rng.choice([rule for rule in route_of_rule.rules if rule.yes])
    bits = {criterion.bit: criterion.criterion_id for criterion in catalog.part(VERDICT).criteria}
    answers = {key: YES for bit, key in bits.items() if bit & rule.yes}
    decision = decide(answers, catalog=catalog)
    routes_led_to = [route for route in routes if route.outcome_id in decision.routes]
    route_named = (
        route_of_rule
        if rng.random() < OFTEN
        else rng.choice([route for route in routes if route not in routes_led_to])
    )
    clauses = [catalog.part(VERDICT).criterion(key).questions[VOICE].if_yes for key in answers]
    text = practice_text(
        catalog, "rule_route", clauses=joined(decision.case, clauses), route=route_named.title
    )
    if route_named in routes_led_to:
        texts = sorted(
            {
                r.because[VOICE]
                for route in routes
                if route is not route_of_rule
                for r in route.rules
            }
        )
        return _Statement(
            text, holds=True, rule_id=rule.rule_id, reason=rule.because[VOICE], others=tuple(texts)
        )
    parts = {
        "route": joined(decision.case, [route.title for route in routes_led_to]),
        "other": route_named.title,
    }
    reason, *others = (
        practice_text(catalog, f"route_{k}", **parts) for k in ("elsewhere", "1", "2")
    )
    return _Statement(text, holds=False, rule_id=rule.rule_id, reason=reason, others=tuple(others))


def _facts(catalog: Catalog, subject: Outcome, rule: Rule) -> list[str]:
    """Return the facts that tell a rule from the others of its outcome, without the gates."""
    common = rule.yes
    for other in subject.rules:
        common &= other.yes
    bits = {criterion.bit: criterion.criterion_id for criterion in catalog.part(VERDICT).criteria}
    return [key for bit, key in bits.items() if bit & rule.yes & ~common]


def _planted(catalog: Catalog, rng: Random) -> _Statement:
    rows = list(catalog.part(PRACTICE).planted.values())
    misconception = rng.choice(rows)
    others = tuple(row.correct for row in rows if row.correct != misconception.correct)
    return _Statement(
        misconception.heard,
        holds=False,
        rule_id=misconception.planted_id,
        reason=misconception.correct,
        others=others,
    )


def _type(catalog: Catalog, rng: Random) -> _Statement:
    """Return a misconception about types of report."""
    rows = catalog.part(PERIODS).misconceptions
    misconception = rng.choice(rows)
    others = tuple(row.correct for row in rows if row is not misconception)
    return _Statement(
        misconception.heard,
        holds=False,
        rule_id=misconception.misconception_id,
        reason=misconception.correct,
        others=others,
    )


# --- mark the mistake --------------------------------------------------------------------------


def mark(catalog: Catalog, rng: Random) -> ItemContent:
    """Return an extract from a sample report in which one line is wrong."""
    lines = catalog.part(PRACTICE).lines
    extract = rng.choice(list(dict.fromkeys(key for line in lines for key in line.extracts)))
    lines_of_extract = [line for line in lines if extract in line.extracts]
    wrong = rng.choice([line for line in lines_of_extract if not line.right])
    chosen = []
    for part in dict.fromkeys(line.part for line in lines_of_extract):
        right_lines = [line for line in lines_of_extract if line.part == part and line.right]
        chosen.append(wrong if part == wrong.part else rng.choice(right_lines))
    place = LETTERS[chosen.index(wrong)]
    options = tuple(
        Option(LETTERS[n], practice_text(catalog, "line", letter=LETTERS[n]))
        for n in range(len(chosen))
    )
    explanation = Explanation(wrong.line_id, wrong.why, practice_text(catalog, "hint_mark"))
    field = ItemField("line", practice_text(catalog, "ask_line"), options, (place,), explanation)
    passage = tuple(line.text for line in chosen)
    return ItemContent(_extract(catalog, extract), passage, (field,), numbered=True)


def _extract(catalog: Catalog, extract: str) -> str:
    """Return the prompt for an extract such as soc1_type_2, or soc3, which has no type."""
    report_id, _, type_id = extract.partition("_")
    if not type_id:
        return practice_text(catalog, "prompt_mark_soc3")
    titles = {report.report_id: report.title for report in catalog.part(VERDICT).reports}
    type_title = words_of(catalog, VOICE)[f"first_{type_id}"]
    return practice_text(catalog, "prompt_mark", report=titles[report_id], type=type_title)

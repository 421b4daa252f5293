"""Generated cases: keys are the engine's, and the text says what the answers say, no more, no less.

The proofs run over 1,500 seeds, difficulties and topics in turn; the long ones over 10,000.
"""

from __future__ import annotations

import re
from itertools import chain, cycle, islice, product

import pytest

import soclib
from soclib.practice.cases import DIFFICULTIES, PracticeError, outcome, scenario
from soclib.practice.tables import PRACTICE
from soclib.tables.rows import NO, UNKNOWN, YES
from soclib.verdict.tables import VERDICT

CATALOG = soclib.load_catalog()
TABLES = CATALOG.part(PRACTICE)
SEEDS, MANY = 1_500, 10_000
WAYS = list(product(DIFFICULTIES, (None, *TABLES.topics)))
SLOT = re.compile(r"\{\w+\}")


def drawn(first, last):
    """Yield the cases of some seeds, in every way to ask for one in turn."""
    for seed, (difficulty, topic) in zip(range(last), cycle(WAYS), strict=False):
        if seed >= first:
            yield scenario(seed, difficulty, topic)


@pytest.fixture(scope="module", params=[SEEDS, pytest.param(MANY, marks=pytest.mark.thorough)])
def cases(request):
    return list(drawn(0, request.param))


def marker(text):
    """Return the longest stretch of a sentence in which nothing is filled in."""
    return max((piece.strip() for piece in SLOT.split(text)), key=len)


MARKERS = {one.fragment_id: marker(one.text) for one in TABLES.fragments}
PLANTED = {one.planted_id: marker(one.text) for one in TABLES.planted.values()}


# --- the key -----------------------------------------------------------------------------------


def test_every_key_is_what_decide_gives_for_the_answers(cases):
    assert len(cases) >= SEEDS
    for one in cases:
        assert one.key == soclib.decide(one.answers).reports, one.seed


def test_the_same_seed_gives_the_same_case(cases):
    some = islice(zip(cases, cycle(WAYS), strict=False), len(cases) // 10)
    for one, (difficulty, topic) in some:
        again = scenario(one.seed, difficulty, topic)
        assert (again.text, again.answers) == (one.text, one.answers)


def test_another_seed_difficulty_or_topic_gives_another_case():
    texts = [
        scenario(seed, difficulty, topic).text for seed in range(10) for difficulty, topic in WAYS
    ]
    assert len(set(texts)) == len(texts)


# --- the text ----------------------------------------------------------------------------------


def test_no_two_sentences_could_be_taken_for_each_other():
    marks = [*MARKERS.items(), *PLANTED.items()]
    for (first, text), (second, other) in product(marks, marks):
        assert first == second or text not in other, (first, second)


def words(text):
    return re.findall(r"\w+", text)


def runs(text):
    """Return every three words that follow each other: a quick look before an exact one."""
    found = words(text)
    return set(zip(found, found[1:], found[2:], strict=False))


def test_the_text_tells_every_answer_and_nothing_that_is_hidden(cases):
    by_run = {}
    for one in TABLES.fragments:
        run = tuple(words(MARKERS[one.fragment_id])[1:4])
        by_run.setdefault(run, []).append(one)
    for case in cases:
        near = [one for run in runs(case.text) for one in by_run.get(run, ())]
        found = [one for one in near if MARKERS[one.fragment_id] in case.text]
        told = [(one.criterion_id, one.answer) for one in found]
        assert sorted(told) == sorted(case.answers.items()), case.seed
        assert not {key for key, _ in told} & set(case.hidden), case.seed


def test_the_text_is_made_of_these_sentences_and_the_planted_ones_alone(cases):
    for case in cases:
        parts = list(chain.from_iterable(case.paragraphs))
        assert case.text.replace("\n\n", " ") == " ".join(part.text for part in parts)
        assert len(parts) == len(case.answers) + len(case.misconceptions)
        assert [key for key, text in PLANTED.items() if text in case.text] == sorted(
            case.misconceptions, key=list(PLANTED).index
        )


def test_no_slot_is_left_open_and_no_sentence_is_broken(cases):
    for case in cases:
        assert not set("{}|") & set(case.text), case.text
        assert not re.search(r",,|\.\.|,\.|\s,|  |\bthe the\b| ,", case.text), case.text
        for part in chain.from_iterable(case.paragraphs):
            assert part.text[0].isupper() or part.text[0] == "“", part.text
            assert part.text[-1] in ".?”", part.text


def test_what_a_trade_gives_away_is_told_and_never_hidden(cases):
    for case in cases:
        given_away = TABLES.industries[case.industry].always_told
        assert all(case.answers[key] in (YES, NO) for key in given_away)


def test_the_first_sentence_says_only_what_it_answers(cases):
    for case in cases:
        first = case.paragraphs[0][0]
        assert first.criterion_id == "provides_service"
        assert case.answers["provides_service"] == first.answer


# --- difficulty and topic ----------------------------------------------------------------------


def test_an_easy_case_tells_all_that_decides_and_nobody_errs(cases):
    for case in cases:
        if case.difficulty == 1:
            assert not (case.hidden)
            assert not (case.blurred)
            assert not (case.misconceptions)
            for report_id in ("soc1", "soc2"):
                assert UNKNOWN not in (
                    case.decision.subject[report_id],
                    case.decision.demand[report_id],
                )


@pytest.mark.parametrize("difficulty", [2, 3])
def test_a_harder_case_keeps_facts_back_and_somebody_errs(cases, difficulty):
    for case in cases:
        if case.difficulty == difficulty:
            assert len(case.hidden) + len(case.blurred) == difficulty - 1
            assert len(set(case.misconceptions)) == difficulty - 1


def test_whatever_is_kept_back_would_change_the_outcome(cases):
    for case in islice((one for one in cases if one.difficulty > 1), 2000):
        for key in (*case.hidden, *case.blurred):
            others = {
                str(outcome(soclib.decide({**case.answers, key: answer}))) for answer in (YES, NO)
            }
            assert len({*others, str(outcome(case.decision))}) > 1, (case.seed, key)


def test_nothing_is_hidden_of_which_an_answer_is_assumed(cases):
    for case in cases:
        assert all(CATALOG.part(VERDICT).criterion(key).assumed is None for key in case.hidden)


def test_the_hardest_cases_close_a_gate_or_contradict_themselves(cases):
    seen = set()
    for case in cases:
        if case.difficulty == 3:
            twist = next(one for one in TABLES.twists if one.twist_id == case.twist)
            assert set(twist.answers) <= case.answers.items()
            seen.add(twist.twist_id)
    assert seen == {one.twist_id for one in TABLES.twists}


def test_only_cases_that_are_meant_to_contradict_themselves(cases):
    kinds = {one.twist_id: one.kind for one in TABLES.twists}
    for case in cases:
        meant = kinds.get(case.twist) == "contradiction"
        assert bool(case.decision.contradictions) == meant, case.seed


def test_a_misconception_changes_no_answer(cases):
    for case in cases:
        assert all(not part.criterion_id for part in case.paragraphs[-1]) == (case.difficulty > 1)


def test_every_way_to_ask_has_a_case_in_many_industries(cases):
    for topic in TABLES.topics:
        industries = {case.industry for case in cases if case.topic == topic}
        assert len(industries) >= 6, (topic, industries)
    assert {case.industry for case in cases} == set(TABLES.industries)
    assert len(TABLES.industries) >= 12


def test_every_fragment_and_every_misconception_comes_up(cases):
    """Rare ones may take more seeds than the other proofs, and as many as the long ones."""
    missing = {**MARKERS, **PLANTED}
    for case in chain(cases, drawn(len(cases), MANY)):
        missing = {key: one for key, one in missing.items() if one not in case.text}
        if not missing:
            break
    assert not missing


# --- variety -----------------------------------------------------------------------------------


def stripped(case):
    """Return a case without names and numbers: which sentences stand in which order."""
    return tuple(part.fragment_id for part in chain.from_iterable(case.paragraphs))


def test_no_two_of_a_thousand_cases_are_alike_without_names_and_numbers(cases):
    assert len({stripped(case) for case in cases[:1000]}) == 1000


@pytest.mark.thorough
def test_no_two_of_a_thousand_cases_of_one_difficulty_are_alike():
    thousand = [scenario(seed) for seed in range(1000)]
    assert len({stripped(case) for case in thousand}) == len(thousand)


# --- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"difficulty": 4}, "unknown difficulty: 4. Valid: 1, 2, 3"),
        ({"difficulty": True}, "unknown difficulty"),
        ({"topic": "rout"}, "did you mean 'routes'?"),
        ({"topic": ""}, "unknown topic: ''"),
    ],
)
def test_what_cannot_be_asked_for_is_named_with_what_can(asked, says):
    with pytest.raises(PracticeError, match=re.escape(says)):
        scenario(1, **asked)

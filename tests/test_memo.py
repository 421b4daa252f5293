"""The memo: everything that somebody else needs to check a decision."""

from __future__ import annotations

import pytest

import soclib
from soclib.memo import plain_md

CATALOG = soclib.load_catalog()


@pytest.mark.parametrize("example", CATALOG.examples, ids=lambda example: example.example_id)
def test_the_memo_says_what_the_verdict_says(example):
    decision = soclib.decide(example.answers, example.voice)
    text = decision.to_markdown()
    plain = decision.to_dict()
    assert text.startswith(f"# {plain_md(plain['headline'])}")
    for card in plain["cards"]:
        assert f"## {card['title']}: {card['label']}" in text
        for reason in card["reasons"]:
            assert plain_md(reason["text"]) in text
        for assumption in card["assumptions"]:
            assert plain_md(assumption["text"]) in text
        for source in card["sources"]:
            assert plain_md(source["title"]) in text
    assert plain["version"] in text


def test_the_memo_lists_every_answer_in_the_words_of_its_side():
    answers = {"holds_customer_data": "yes", "asked_by_security_team": "unknown"}
    text = soclib.decide(answers, "buyer").to_markdown()
    for criterion_id in answers:
        question = CATALOG.criterion(criterion_id).questions["buyer"].question
        assert question in text
    assert "**Not sure**" in text


def test_no_text_turns_into_markup():
    assert plain_md("<b>*x*</b> [a](b) `c` | #") == r"\<b\>\*x\*\</b\> \[a\](b) \`c\` \| \#"

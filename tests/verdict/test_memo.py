"""The memo: one page with all that somebody else needs, the same words in Markdown and in .docx."""

from __future__ import annotations

import html
import io
import json
import re
import sys
import time
from itertools import pairwise
from pathlib import Path

import docx
import mistune
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render import hostile_catalog

import soclib
from soclib.claims.tables import CLAIMS
from soclib.comparison.tables import COMPARISON
from soclib.paper.blocks import Span, block, markdown, plain_md
from soclib.paper.docx import STYLES, docx_bytes, line_count, page_filled
from soclib.paper.saving import STAMP
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.explain import clause
from soclib.verdict.memo import FULL_PAGE, MemoContext, memo, rows_by_relevance
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

CATALOG = soclib.load_catalog()
IDS = [criterion.criterion_id for criterion in CATALOG.part(VERDICT).criteria]
KINDS = {style.name: kind for kind, style in STYLES.items()} | {"Body Text": "text"}
PARSE = mistune.create_markdown(
    renderer="ast", plugins=["strikethrough", "table", "url", "math", "footnotes", "task_lists"]
)
CONTRADICTING = {"affects_client_financials": "no", "processes_transactions": "yes"}
NASTY = (
    "<img src=x onerror=alert(1)> & &lt;b&gt; **b** _i_ __u__ [l](javascript:1) `c` | # ~~s~~ $x$ "
    r"\(y\) \begin{z} http://a.example www.b.example [^1] [ ] a_b"
    "\n\n# heading\n- item\n1. one"
)


def decision_of(example, voice):
    return soclib.decide(example.answers, voice)


each_example = pytest.mark.parametrize("voice", VOICES)
EXAMPLES = pytest.mark.parametrize(
    "example", CATALOG.part(VERDICT).examples, ids=lambda e: e.example_id
)
answers_of_any_kind = st.dictionaries(st.sampled_from(IDS), st.sampled_from(ANSWERS))
any_answers = st.one_of(answers_of_any_kind, answers_of_any_kind.map(lambda a: a | CONTRADICTING))

# A document takes as long as twenty of the usual examples, a memo as long as five.
DOCUMENTS = settings(max_examples=settings().max_examples // 10)
MEMOS = settings(max_examples=settings().max_examples // 5)


# --- reading back ------------------------------------------------------------------------------


def read_markdown(text):
    """Return the blocks of a Markdown text as kind and spans; fails on any other markup."""
    found = []
    for token in PARSE(text):
        if token["type"] == "heading":
            kind = {1: "title", 2: "heading"}[token["attrs"]["level"]]
            found.append((kind, spans_of(token["children"])))
        elif token["type"] == "list":
            for item in token["children"]:
                (inner,) = item["children"]
                assert inner["type"] == "block_text"
                found.append(("item", spans_of(inner["children"])))
        elif token["type"] != "blank_line":
            assert token["type"] == "paragraph"
            found.append(("text", spans_of(token["children"])))
    return found


def spans_of(tokens):
    for token in tokens:
        assert token["type"] in {"text", "strong"}, token
        children = token.get("children", [token])
        assert [child["type"] for child in children] == ["text"] * len(children), token
    runs = [
        ("".join(child["raw"] for child in t.get("children", [t])), t["type"] == "strong")
        for t in tokens
    ]
    return merged([(html.unescape(text), strong) for text, strong in runs])


def read_docx(content):
    """Return the blocks of a .docx as kind and spans."""
    return [
        (KINDS[p.style.name], merged([(run.text, bool(run.bold)) for run in p.runs]))
        for p in docx.Document(io.BytesIO(content)).paragraphs
    ]


def merged(runs):
    """Return the words of runs by weight; the blank between two weights belongs to neither."""
    found = []
    for text, strong in runs:
        if found and (found[-1][1] == strong or not text.strip()):
            found[-1] = (found[-1][0] + text, found[-1][1])
        else:
            found.append((text, strong))
    return [(text.strip(), strong) for text, strong in found if text.strip()]


def told(blocks):
    """Return blocks as they should be read back."""
    kinds = {"fine": "text"}
    return [
        (kinds.get(b.kind, b.kind), merged([(f"{s.text} ", s.strong) for s in b.spans]))
        for b in blocks
    ]


# --- one memo, two writers ---------------------------------------------------------------------


@each_example
@EXAMPLES
def test_markdown_and_docx_say_the_same_words(example, voice, tmp_path):
    decision = decision_of(example, voice)
    path = decision.to_docx(tmp_path / "memo.docx")
    assert read_docx(path.read_bytes()) == read_markdown(decision.to_markdown())


@DOCUMENTS
@given(any_answers, st.sampled_from(VOICES))
def test_both_say_what_the_blocks_say_whatever_was_answered(answers, voice):
    blocks = memo(soclib.decide(answers, voice))
    assert read_markdown(markdown(blocks)) == told(blocks)
    assert read_docx(docx_bytes(blocks, "memo.docx")) == told(blocks)


def test_no_text_of_a_users_own_tables_turns_into_markup(tmp_path):
    catalog = hostile_catalog(tmp_path, NASTY)
    decision = soclib.decide({"affects_client_financials": "yes"}, catalog=catalog)
    blocks = memo(decision)
    one_line = " ".join(NASTY.split())
    assert any(one_line in one.text for one in blocks)
    assert read_markdown(decision.to_markdown()) == told(blocks)
    assert read_docx(docx_bytes(blocks, "memo.docx")) == told(blocks)


letters = st.one_of(
    st.text(), st.text(alphabet="\\`*_{}[]()<>#+-.!|~$&;:/@=^\"' \t\n\r1ab"), st.just(NASTY)
)


@settings(max_examples=2 * settings().max_examples)
@given(st.sampled_from(list(STYLES)), st.lists(st.tuples(letters, st.booleans()), max_size=3))
def test_any_text_reads_back_as_it_is(kind, parts):
    one = block(kind, Span("x"), *(Span(text, strong) for text, strong in parts))
    assert read_markdown(markdown([one])) == told([one])


@given(letters)
def test_any_text_may_start_a_block(text):
    one = block("text", text)
    assert read_markdown(markdown([one])) == told([one] if one.spans else [])


@pytest.mark.parametrize("text", ["- x", "+ x", "1. x", "23) x", "---", "= x", "# x", "> x", "| x"])
def test_what_would_start_a_list_or_a_heading_is_text(text):
    one = block("text", text)
    assert read_markdown(markdown([one])) == [("text", [(text, False)])]


def test_no_sign_inside_a_line_turns_into_markup():
    assert plain_md("<b>*x*</b> [a](b) `c` | #") == r"\<b\>\*x\*\</b\> \[a\](b) \`c\` \| \#"


@given(letters)
def test_no_text_opens_a_formula_in_jupyterlab(text):
    written = plain_md(text)
    assert not re.search(r"\\\\[()\[\]]|\\(?:begin|end)\{|(?<!\\)\$", written)


def test_an_id_with_underscores_stays_readable():
    assert plain_md("both_purposes") == "both_purposes"


def test_what_is_no_text_is_replaced_in_both_writers_alike():
    one = block("title", "a\x00b\ud800")
    assert one.text == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    assert read_docx(docx_bytes([one], "memo.docx")) == told([one])


# --- what it says ------------------------------------------------------------------------------


def text_of(decision):
    return "\n".join(one.text for one in memo(decision))


@each_example
@EXAMPLES
def test_the_memo_says_what_the_verdict_says(example, voice):
    decision = decision_of(example, voice)
    plain, text = decision.to_dict(), text_of(decision)
    assert text.startswith(plain["headline"])
    assert plain["version"] in text
    for card in plain["cards"]:
        assert card["words"] in text
        if card["folded"]:
            continue
        assert f"{card['title']}: {card['label']}" in text
        assert card["lets"] in text
        for reason in card["reasons"]:
            assert reason["text"] in text
            assert reason["rule_id"] in text
        for assumption in card["assumptions"]:
            assert assumption["text"] in text


@each_example
@EXAMPLES
def test_every_answer_stands_in_the_memo(example, voice):
    decision = decision_of(example, voice)
    text = text_of(decision).lower()
    for criterion_id, answer in decision.answers.items():
        criterion = CATALOG.part(VERDICT).criterion(criterion_id)
        if voice in criterion.questions:
            said = "yes" if answer == "unknown" else answer
            assert clause(decision.case, criterion, said).lower() in text


def test_an_answer_that_is_not_used_is_named_as_such():
    decision = soclib.decide({"holds_customer_data": "yes", "controls_documented": "no"}, "buyer")
    assert decision.set_aside == ("controls_documented",)
    assert words_of(CATALOG, "buyer")["set_aside"] in text_of(decision)


@MEMOS
@given(any_answers, st.sampled_from(VOICES))
def test_changes_that_are_not_told_are_counted(answers, voice):
    decision = soclib.decide(answers, voice)
    text = text_of(decision)
    for card in decision.to_dict()["cards"]:
        if card["folded"]:
            continue
        changes = decision.what_would_change(card["report_id"])
        more = "more in the panel"
        section = text.split(f"\n{card['title']}: {card['label']}\n")[1].split("\nSOC ")[0]
        would = [line for line in section.splitlines() if line.startswith("It would become:")]
        assert len(would) == bool(changes)
        if changes:
            shown = sum(change.text in would[0] for change in changes)
            left = (
                int(would[0].split(" more in the panel")[0].split()[-1]) if more in would[0] else 0
            )
            assert shown + left == len(changes)


@MEMOS
@given(any_answers, st.sampled_from(VOICES))
def test_every_row_route_and_contradiction_is_named(answers, voice):
    decision = soclib.decide(answers, voice)
    plain, text = decision.to_dict(), text_of(decision)
    for row in (row for card in plain["cards"] for row in card["rows"]):
        assert f"{row['dimension']} ({row['dimension_id']})" in text
    for route in plain["beside"]:
        assert route["title"] in text
    for contradiction in plain["contradictions"]:
        assert contradiction["text"] in text
    assert (words_of(CATALOG, voice)["topic_contradiction"] in text.splitlines()) == bool(
        plain["contradictions"]
    )


@MEMOS
@given(any_answers, st.sampled_from(VOICES))
def test_every_step_and_category_is_either_taken_or_rejected_with_its_reason(answers, voice):
    decision = soclib.decide(answers, voice)
    text = text_of(decision)
    outcomes = {o.outcome_id: o for o in CATALOG.part(VERDICT).outcomes}
    reports = {report.report_id: report for report in CATALOG.part(VERDICT).reports}
    for report_id, steps in decision.path.items():
        for step in steps:
            (outcome,) = [o for o in reports[report_id].steps if o.step_id == step.step_id]
            assert outcome.title in text or step.step_id == "soc3"
    if decision.categories:
        for outcome in outcomes.values():
            assert outcome.kind != "category" or outcome.title in text


def test_two_purposes_are_two_reports_and_an_add_on_is_no_purpose():
    reason = words_of(CATALOG, "vendor")["one_report_why"]
    assert reason in text_of(soclib.example("payroll"))
    public = soclib.decide({"holds_customer_data": "yes", "wants_public_proof": "yes"})
    assert {"soc2": "likely", "soc3": "needed"}.items() <= public.reports.items()
    assert reason not in text_of(public)


def test_what_rejects_a_report_is_not_said_again_of_its_step():
    decision = soclib.example("payroll")
    text = "Nobody wants a report that the general public may read."
    assert text in decision.texts("soc3")
    assert text_of(decision).count(text) == 1


def test_a_step_that_contradicting_answers_leave_open_gives_no_reason():
    answers = {"holds_customer_data": "yes", "controls_documented": "no"}
    title = "Readiness assessment (not a SOC report)"
    assert f"{title}: Controls in scope are not documented" in text_of(soclib.decide(answers))
    decision = soclib.decide({**answers, "controls_operating": "yes"})
    assert f"{title} (open). " in text_of(decision)


def test_a_rejected_report_says_why():
    text = text_of(soclib.example("saas-review"))
    rejected = text.split(words_of(CATALOG, "vendor")["rejected"])[1]
    assert "SOC 1: " in rejected
    assert "customers' books" in rejected.splitlines()[1]


@each_example
@EXAMPLES
def test_a_source_stands_once_and_those_of_every_rule_that_holds_are_there(example, voice):
    decision = decision_of(example, voice)
    text = next(b.text for b in reversed(memo(decision)) if b.text.startswith("Sources:"))
    reasons = [r for key in decision.reports for r in decision.reasons(key) if r.value == "yes"]
    for source_id in {source_id for reason in reasons for source_id in reason.source_ids}:
        source = CATALOG.part(CLAIMS).sources[source_id]
        assert text.count(f"{source.title} ({source.publisher})") == 1
        assert source.as_of in text


def test_the_best_next_question_comes_with_who_would_know():
    decision = soclib.example("payroll")
    found = decision.next_question()
    assert f"{found.question} " in text_of(decision)
    assert f": {found.who_knows}." in text_of(decision)


def test_the_sections_stand_in_the_order_of_reading():
    decision = soclib.decide(
        {**soclib.example("payroll").answers, "affects_client_financials": "no", "card_data": "yes"}
    )
    words, text = words_of(CATALOG, "vendor"), text_of(decision)
    names = ["answers_title", "topic_contradiction", "rejected", "comparison_rows", "routes"]
    starts = [words[name] for name in [*names, "next_question", "sources", "not_advice"]]
    places = [text.index(f"\n{start}") for start in starts]
    assert all(before < after for before, after in pairwise(places))


def test_the_first_row_is_the_one_on_which_most_answers_bear():
    decision = soclib.example("payroll")
    context = MemoContext(decision, decision.to_dict(), words_of(CATALOG, "vendor"), None)
    weights = [len(decision.answers.keys() & {*row.criteria}) for row in rows_by_relevance(context)]
    assert weights == sorted(weights, reverse=True)


# --- one page ----------------------------------------------------------------------------------


@each_example
@EXAMPLES
def test_every_worked_example_fits_one_page(example, voice):
    assert page_filled(memo(decision_of(example, voice))) <= FULL_PAGE


@EXAMPLES
def test_the_row_that_tells_most_stands_in_full_in_every_worked_example(example):
    decision = decision_of(example, example.voice)
    context = MemoContext(decision, decision.to_dict(), words_of(CATALOG, example.voice), None)
    row, text = rows_by_relevance(context)[0], text_of(decision)
    told_of = [row.by_report[report.report_id] for report, _ in context.named]
    assert all(words in text for words in told_of) or row.why_it_matters in text


def test_a_short_memo_tells_more_rows_in_full_than_a_long_one():
    def told_in_full(decision):
        labels = {one.spans[0].text for one in memo(decision) if one.kind == "item"}
        return sum(
            f"{row.dimension} ({row.dimension_id}):" in labels
            for row in CATALOG.part(COMPARISON).dimensions
        )

    assert told_in_full(soclib.example("licensed-software")) == 2
    assert told_in_full(soclib.example("payroll")) == 1


words_only = st.text("abcdefghijklmnopqrstuvwxyzMW ", min_size=1, max_size=400)


@given(words_only, words_only)
def test_more_words_never_fill_fewer_lines(first, second):
    start, whole = block("item", first), block("item", f"{first} {second}")
    assert 1 <= line_count(start) <= line_count(whole)


def test_a_line_breaks_where_the_widths_of_arial_say():
    # 17 cm are 481.9 points; an n of 9.5 points is 5.282 points wide: 91 of them fit, 92 do not.
    assert line_count(block("text", "n" * 91)) == 1
    assert line_count(block("text", f"{'n' * 45} {'n' * 46}")) == 2
    assert line_count(block("text", "n" * 92)) == 2


# --- the document ------------------------------------------------------------------------------


@pytest.fixture
def document(tmp_path):
    return docx.Document(str(soclib.example("payroll").to_docx(tmp_path / "memo.docx")))


def test_the_document_is_a4_with_two_centimetres_around(document):
    (page,) = document.sections
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    margins = (page.left_margin, page.right_margin, page.top_margin, page.bottom_margin)
    assert [margin.mm for margin in margins] == pytest.approx([20] * 4, abs=0.1)


def test_screen_readers_find_a_title_a_language_headings_and_lists(document):
    about = document.core_properties
    assert about.title == soclib.example("payroll").to_dict()["headline"]
    assert about.language == "en-GB"
    assert {lang.get(docx.oxml.ns.qn("w:val")) for lang in languages(document)} == {"en-GB"}
    names = [paragraph.style.name for paragraph in document.paragraphs]
    assert names[0] == "Heading 1"
    assert names.count("Heading 1") == 1
    assert {"Heading 2", "List Bullet"} <= set(names)


def languages(document):
    return list(document.styles.element.iter(docx.oxml.ns.qn("w:lang")))


def test_no_font_of_the_template_wins_over_the_fonts_of_the_memo(document):
    for look in STYLES.values():
        style = document.styles[look.name]
        assert (style.font.name, style.font.size.pt) == ("Arial", look.size)
        assert not [name for name in style.element.rPr.rFonts.attrib if name.endswith("Theme")]


def test_the_document_tells_neither_when_nor_by_whom_it_was_written(document):
    about = document.core_properties
    assert {stamp.replace(tzinfo=None) for stamp in (about.created, about.modified)} == {STAMP}
    assert (about.author, about.last_modified_by, about.comments) == ("soclib", "soclib", "")


def test_the_same_decision_is_the_same_bytes_at_another_time(monkeypatch):
    blocks = memo(soclib.example("payroll"))
    before = docx_bytes(blocks, "memo.docx")
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2**30))
    assert docx_bytes(blocks, "memo.docx") == before


# --- saving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".json", ".md", ".docx", ".MD"])
def test_save_writes_by_suffix_and_makes_missing_folders(tmp_path, suffix):
    decision = soclib.example("payroll")
    path = tmp_path / "new" / "folder" / f"decision{suffix}"
    assert decision.save(path) == path
    again = {
        ".json": lambda: (
            json.loads(path.read_text(encoding="utf-8"))["answers"] == decision.answers
        ),
        ".md": lambda: path.read_text(encoding="utf-8") == decision.to_markdown(),
        ".docx": lambda: read_docx(path.read_bytes()) == told(memo(decision)),
    }
    assert again[suffix.lower()]()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_record_is_what_the_button_of_the_panel_saves(tmp_path):
    decision = soclib.example("payroll")
    record = json.loads(decision.save(tmp_path / "decision.json").read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(decision.to_dict()))
    assert record == {"format": "soc-decision/1", **plain}
    script = Path(soclib.__file__).parent / "verdict" / "panel.js"
    assert '{ format: "soc-decision/1", ...plain }' in script.read_text(encoding="utf-8")


@each_example
@EXAMPLES
def test_a_saved_record_is_verified_again(example, voice, tmp_path):
    decision = decision_of(example, voice)
    result = soclib.verify(decision.save(tmp_path / "decision.json"))
    assert result.holds
    assert result.decision.to_dict() == decision.to_dict()


@pytest.mark.parametrize("name", ["decision.pdf", "decision", "decision.docx.txt"])
def test_an_unknown_suffix_is_one_sentence_that_names_the_valid_ones(tmp_path, name):
    with pytest.raises(soclib.SaveError) as caught:
        soclib.example("payroll").save(tmp_path / name)
    assert str(caught.value) == (
        f"{name}: unknown suffix {Path(name).suffix!r}; use one of .json, .md, .docx"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_docx_has_the_suffix_of_one(tmp_path):
    with pytest.raises(soclib.SaveError, match=r"use one of \.docx"):
        soclib.example("payroll").to_docx(tmp_path / "memo.md")


def test_without_python_docx_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(soclib.SaveError) as caught:
        soclib.example("payroll").save(tmp_path / "memo.docx")
    assert str(caught.value) == (
        'memo.docx: needs python-docx; install it with: pip install "soclib[office]"'
    )
    assert list(tmp_path.iterdir()) == []


def fail(*_args, **_kwargs):
    message = "disk full"
    raise OSError(message)


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
@pytest.mark.parametrize("suffix", [".json", ".md", ".docx"])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, suffix, step):
    path = tmp_path / f"decision{suffix}"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(OSError, match="disk full"):
        soclib.example("payroll").save(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_saving_again_replaces_the_file_and_keeps_its_mode_and_its_link(tmp_path):
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.write_text("old", encoding="utf-8")
    real.chmod(0o600)
    link.symlink_to(real)
    decision = soclib.example("payroll")
    decision.save(link)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == decision.to_markdown()
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert soclib.example("payroll").save("~/memo.md") == tmp_path / "memo.md"
    assert (tmp_path / "memo.md").is_file()

"""Whatever a document says and a question matches, a message keeps Telegram's limits."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import texts_in
from bot.views.markup import COPY_UNITS, escape
from bot.views.quotation import quotation
from bot.views.render import ANSWER_COLUMNS, Page, answer_view, copied_citations, nearest_view
from bot.views.source import source_view
from corpus.language.lengths import columns
from index.answer import Answer, Hit, Refusal, SamePassage, Within
from tests.bot.telegram.emulator import load_emulator
from tests.bot.telegram.markup import Markup, utf16
from tests.bot.views.samples import checked, hit_of, hits, source_of, texts
from tests.examples import examples

EN = texts_in("en")
KEY = "k" * 12


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(hits(), min_size=1, max_size=10), st.booleans())
def test_every_answer_fits(found: list[Hit], more: bool) -> None:
    """Any ten passages make one message within 4096 units and 100 entities."""
    answer = Answer("q", tuple(found), 1.0, more=more)
    for page in (Page(KEY, 10), Page(KEY, 10, 20)):
        text = checked(answer_view(answer, EN, page))
        assert text.count("K7Q2M3PD-4") >= len(found)
    refused = Answer("q", tuple(found), 1.0, Refusal("unsure", ("<b>",) * 200))
    assert "<b>" in checked(answer_view(refused, EN, Page(KEY, 3)))
    checked(nearest_view(refused, EN, Page(KEY, 3)))


@pytest.mark.slow
@pytest.mark.shared
def test_the_server_counts_as_we_do(shared: Path) -> None:
    """Telegram's own count of entities, its links among them, stays within the limit too."""
    botapi = load_emulator(shared)

    @settings(deadline=None, max_examples=examples(40))
    @given(st.lists(hits(), min_size=1, max_size=10))
    def every_answer(found: list[Hit]) -> None:
        html = answer_view(Answer("q", tuple(found), 1.0), EN, Page(KEY, 3)).html
        text, entities = botapi.parse_html(html)
        notes: list[str] = []
        text, entities = botapi.finish_text(text, entities, False, notes)
        assert not notes
        assert botapi.u16len(text) <= 4096
        assert len(entities) + len(botapi.detect_entities(text, entities)) <= 100

    every_answer()


def test_the_quotation_is_verbatim() -> None:
    """A passage that fits stands there character for character, its matches in bold."""
    text = "丙方 <應> 於 10 日內 & 書面通知。"
    html = quotation(text, [(0, 2), (9, 14)], room=400, entities=20)
    assert Markup(html).text == text
    assert re.findall("<b>(.*?)</b>", html) == ["丙方", "10 日內"]
    assert html.startswith("<blockquote><b>丙方</b> &lt;應&gt;")


@given(texts, st.data())
def test_bold_is_what_matched(text: str, data: st.DataObject) -> None:
    """Every bold span lies within a highlight, or joins two over a single space."""
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20, unique=True)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    html = quotation(text, spans, room=4000, entities=60)
    marked = "".join(re.findall("<b>(.*?)</b>", html, re.DOTALL))
    lit = "".join(str(escape(text[start:end])) for start, end in spans)
    assert set(marked) <= set(lit) | {" "}
    assert len(marked) <= len(lit) + len(spans)


def test_long_passages_end_with_a_sentence() -> None:
    """What does not fit is cut where a sentence ends, and says so."""
    text = "First there was a lease. " * 40 + "Then the roof leaked. " + "Then nothing. " * 40
    at = text.index("roof")
    shown_text = Markup(quotation(text, [(at, at + 4)], room=300, entities=20)).text
    assert utf16(shown_text) <= 300
    assert shown_text.startswith("…")
    assert shown_text.endswith(".…")
    assert "roof" in shown_text


def test_only_long_passages_are_folded() -> None:
    """Short quotations stand open, long ones can be expanded, and an opened source stands open."""
    short, long = "The rent is due. ", "The rent is due. " * 60
    assert quotation(short, (), room=4000, entities=9).startswith("<blockquote>")
    assert quotation(long, (), room=4000, entities=9).startswith("<blockquote expandable>")
    assert quotation(long, (), room=4000, entities=9, folds=False).startswith("<blockquote>")


@pytest.mark.parametrize("trap", ["main.py", "README.md", "@somebody", "/forgetme", "docs/a.md"])
def test_nothing_to_tap_by_mistake(trap: str) -> None:
    """File names are no links, and a document can neither mention people nor offer commands."""
    html = quotation(f"See {trap}, and then.", [(4, 4 + len(trap))], room=400, entities=20)
    assert f"See <code>{trap}</code>, and" in html
    (hit,) = [hit_of("x", title=trap)]
    assert f"<code>{trap}</code>" in answer_view(Answer("q", (hit,), 1.0), EN, Page(KEY, 3)).html


def test_ordinary_words_are_left_alone() -> None:
    """Slashes and dots inside words are no commands and no files."""
    text = "the buyer/seller, 買方/Buyer, v1.2, Art.36, and/or, e.g. https://example.org/README.md"
    assert "<code>" not in quotation(text, (), room=400, entities=20)


def test_bidi_and_control_characters_are_harmless() -> None:
    """An override can neither turn the text around nor hide in a title or a copied citation."""
    hit = hit_of("pay \u202e100\u2066 EUR\x07", title="Deed\u202e\n of gift")
    view = answer_view(Answer("q", (hit,), 1.0), EN, Page(KEY, 3))
    content = view.html + "".join(button.copy for row in view.rows for button in row)
    assert not set(content) & set("\u202e\u2066\x07")
    assert "Deed� of gift" in content.replace("  ", " ")


def test_citations_to_copy_name_every_passage() -> None:
    """However long the titles, each passage keeps its pin and id within the 256 units."""
    hits = [hit_of("x", title="A very long title " * 20, rank=rank) for rank in range(1, 6)]
    copied = copied_citations(hits)
    assert utf16(copied) <= COPY_UNITS
    lines = copied.splitlines()
    assert len(lines) == 5
    assert all(line.endswith("¶ 4 [K7Q2M3PD-4]") for line in lines)


def test_a_limited_answer_says_so_and_offers_to_look_everywhere() -> None:
    """Its title is escaped, the button asks without the limit, and its pages stay without it."""
    within = Within((("K7Q2M3PD", "<b>Lease</b>"),), ("lease",))
    answer = Answer("q", (hit_of("x"),), 1.0, more=True, within=within)
    view = answer_view(answer, EN, Page(KEY, 3))
    assert "&lt;b&gt;Lease" in view.html
    assert f"all:{KEY}:0" in [button.data for row in view.rows for button in row]
    unlimited = answer_view(replace(answer, within=None), EN, Page(KEY, 3, limited=False))
    assert f"all:{KEY}:3" in [button.data for row in unlimited.rows for button in row]


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.8, ("sure", "确定", "確定")),
        (0.79, ("probable", "很可能", "很可能")),
        (0.4, ("probable", "很可能", "很可能")),
        (0.39, ("nearest found", "最接近", "最接近")),
    ],
)
def test_confidence_is_told_in_a_word(confidence: float, words: tuple[str, str, str]) -> None:
    """Sure, probable, or the nearest that was found, in the reader's language, of the first."""
    answer = Answer("q", (replace(hit_of("x"), confidence=confidence), hit_of("y")), 1.0)
    for language, word in zip(("en", "zh-Hans", "zh-Hant"), words, strict=True):
        text = Markup(answer_view(answer, texts_in(language), Page(KEY, 3)).html).text
        assert text.count(f" · {word}") == 1


def test_the_answering_sentence_comes_first() -> None:
    """Line one is the sentence, then its source; the passage is folded with the sentence marked."""
    text = "Rent\n\nThe tenant pays. Rent is £5 a week & due on Friday. " + "More is said. " * 60
    start = text.index("Rent is")
    end, value = text.index(" More"), text.index("£5")
    hit = hit_of(text, answer=(start, end), value=(value, value + 2))
    other = hit_of("Nobody lives here. It is empty.", rank=2, answer=(0, 18))
    view = answer_view(Answer("q", (hit, other), 1.0), EN, Page(KEY, 3))
    sentence = "<b>Rent is <u>£5</u> a week &amp; due on Friday.</b>"
    lines = view.html.split("\n")
    assert lines[0] == sentence
    assert Markup(lines[1]).text == "1 · t · 2019 · ¶ 4 · K7Q2M3PD-4 · sure"
    assert lines[2].startswith("<blockquote expandable>Rent")
    assert view.html.count(sentence) == 2
    assert Markup(lines[-1]).text == "2 · Nobody lives here. — t · ¶ 4 · K7Q2M3PD-4"


def test_a_passage_of_one_sentence_stands_once() -> None:
    """There is nothing to unfold where the sentence is the whole passage."""
    hit = hit_of("Rent is due.", answer=(0, 12))
    assert "<blockquote" not in answer_view(Answer("q", (hit,), 1.0), EN, Page(KEY, 3)).html


def test_a_long_sentence_is_cut_at_a_clause_that_holds_the_value() -> None:
    """Five lines of a phone at most, verbatim, with an ellipsis on each side that goes on."""
    text = (
        "，".join(["甲方应当按照约定供货并且通知乙方"] * 20)
        + "，共计九百元，"
        + "其余另议" * 40
        + "。"
    )
    at = text.index("九百元")
    hit = hit_of(text, answer=(0, len(text)), value=(at, at + 3))
    first = Markup(answer_view(Answer("q", (hit,), 1.0), EN, Page(KEY, 3)).html).text.split("\n")[0]
    assert "九百元" in first
    assert first[0] == first[-1] == "…"
    assert first.strip("…") in text
    assert columns(first) <= ANSWER_COLUMNS + 4


def test_an_opened_passage_keeps_its_mark() -> None:
    """The button carries the span of the sentence, and the opened passage shows it in bold."""
    hit = hit_of("Roof. Rent is due.", answer=(6, 18))
    (button,), *_ = answer_view(Answer("q", (hit,), 1.0), EN, Page(KEY, 3)).rows
    assert button.data == "open:K7Q2M3PD-4:6:18"
    source = source_of(hit.text, "t")
    assert "<b>Rent is due.</b>" in source_view(source, EN, answer=(6, 18)).html
    assert "<blockquote>Roof. Rent is due.</blockquote>" in source_view(source, EN).html
    checked(source_view(source, EN, answer=(9_999_999, 99)))


def test_a_refusal_quotes_what_was_looked_for() -> None:
    """In the words of the person, between quotation marks."""
    refusal = Refusal("no_evidence", ("hi", "there"))
    html = answer_view(Answer("hi there", (), 1.0, refusal), EN, Page(KEY, 3)).html
    assert html == "None of the documents mentions “hi”, “there”."


def test_a_hit_tells_where_else_the_same_stands() -> None:
    """By the other documents' titles; by its pin within the same document."""
    same = (
        SamePassage("K7Q2M3PD-5", "Second lease", "¶ 5"),
        SamePassage("K7Q2M3PD-6", "First lease", "¶ 9"),
    )
    hit = replace(hit_of("The deposit is due."), title="First lease", also=same)
    answer = Answer("when is the deposit due?", (hit,), 1.0)
    assert "also in Second lease, ¶ 9" in checked(answer_view(answer, EN, Page(KEY, 3)))

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.lengths import MAX_WEIGHT, columns, trim, weight
from corpus.language.sentences import cut, pack

TEXT = st.text(st.sampled_from("ab法院。，.;! \n“”v１😀é\u0301"), max_size=200)


@given(st.text(max_size=200))
def test_weight_and_width_are_counted_by_character(text: str) -> None:
    """The sum over the characters, one by one; wide ones weigh 5 and are 2 wide."""
    wide = sum(weight(character) == 5 for character in text)
    assert weight(text) == 5 * wide + 2 * (len(text) - wide)
    assert columns(text) == wide + len(text)


def test_as_many_han_as_the_rule_says() -> None:
    """400 Han characters and 1,000 Latin ones fill a passage."""
    assert weight("法" * 400) == weight("a" * 1000) == MAX_WEIGHT
    assert len(cut("法" * 400, 0, 400)) == len(cut("a" * 1000, 0, 1000)) == 1
    assert len(cut("法" * 401, 0, 401)) == len(cut("a" * 1001, 0, 1001)) == 2


@given(TEXT, st.integers(20, 200))
def test_nothing_is_lost_and_nothing_too_heavy(text: str, limit: int) -> None:
    """Spans in order hold every character but white space, each within the limit."""
    spans = cut(text, 0, len(text), limit)
    assert re.sub(r"\s", "", "".join(text[a:b] for a, b in spans)) == re.sub(r"\s", "", text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop
        assert trim(text, start, stop) == (start, stop)
        assert weight(text[start:stop]) <= limit or len(regex.findall(r"\X", text[start:stop])) == 1
        end = stop


@pytest.mark.parametrize(
    "sentences",
    [
        ["法院认为通知不合格。", "因此改判！", "“为什么？”", "理由有四……", "其一；"],
        ["The court held so.", "Why?", "It said: “No.”", "See No. 3 of Beijing v. Ali, p. 4."],
        ["It cost RMB 1,000.50 in all.", "Mr. Lee of Tech Co., Ltd. agreed.", "Done!"],
    ],
)
def test_cuts_are_at_sentence_ends(sentences: list[str]) -> None:
    """Whatever the limit, as long as each sentence fits; abbreviations end none."""
    space = " " if sentences[0].isascii() else ""
    text = space.join(sentences)
    longest = max(weight(sentence + space) for sentence in sentences)
    for limit in range(longest, weight(text) + 1, 7):
        for start, end in cut(text, 0, len(text), limit):
            assert any(text.startswith(sentence, start) for sentence in sentences)
            assert any(text.endswith(sentence, 0, end) for sentence in sentences)


def test_clusters_stay_whole() -> None:
    """What people see as one character is not cut, even where there is no mark at all."""
    family = "👨‍👩‍👧"
    text = family * 30
    for start, end in cut(text, 0, len(text), 40):
        assert set(regex.findall(r"\X", text[start:end])) == {family}


@given(st.lists(st.integers(1, 100), max_size=40), st.integers(1, 120))
def test_packing_keeps_order_and_limit(sizes: list[int], limit: int) -> None:
    """Runs follow one another, none heavier than the limit but what is so by itself."""
    runs = pack(sizes, limit)
    assert [size for first, last in runs for size in sizes[first:last]] == sizes
    assert all(sum(sizes[a:b]) <= limit or b - a == 1 for a, b in runs)


def test_parts_are_of_about_equal_weight() -> None:
    """The last part of a long paragraph is no crumb."""
    sentence = "本院认为云服务器租赁服务提供者不承担侵权责任。"
    text = sentence * 40
    weights = [weight(text[a:b]) for a, b in cut(text, 0, len(text))]
    assert max(weights) - min(weights) <= 2 * weight(sentence)

"""What holds of every text, however odd, once it is split into passages."""

from __future__ import annotations

import sys
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.language import sentences
from corpus.language.lengths import MIN_WEIGHT, weight
from corpus.language.sentences import cut
from corpus.models import Heading
from corpus.splitting import grouping
from corpus.splitting.headings import HEAVIEST, LONGEST_CHAIN
from corpus.splitting.passages import split
from tests.examples import examples

if TYPE_CHECKING:
    from types import FrameType

LINES = st.sampled_from(
    [
        "",
        "   ",
        "\u3000",
        "短句。",
        "伺服器被運營遊戲",
        "## 標題",
        "Chapter 2 Notices",
        "第一章 總則",
        "第一條 本法所稱資料，指下列各款：",
        "第二條　不在此限。",
        "第三條",
        "Article 5. A host shall forward the notice.",
        "一、甲方應於收到通知後轉知承租人。",
        "（一）以電子郵件；",
        "1. Do nothing.",
        "   (a) by courier;",
        "• 標題行",
        "    內文在下一行，而且比標題行要長得多，這樣才看得出標題行是標題行。",
        "2021-02-08 人民網",
        "法院認為：",
        "Q: Which one?",
        "| a | b |",
        "(責編:某甲)",
        "See Smith v. Jones Co., Ltd., No. 12, and Art. 36 of the Act, which is 3.5 pages long.",
        "該案是國內第一件涉及伺服器業者責任的案件，受到各界注意。" * 9,
        "A company that rents out servers need not look into them. " * 20,
        "無標點" * 300,
        "e\u0301" * 40,
        "👩\u200d👩\u200d👧🇹🇼👍🏽" * 70,
        "\u200b",
        "\x00\x1f",
    ]
)
TEXTS = st.one_of(
    st.lists(LINES, max_size=25).map("\n".join),
    st.lists(LINES, max_size=8).map("\r\n\r\n".join),
    st.text(max_size=300),
    st.text(alphabet="甲。，a. \n#第一条•:", max_size=400),
)


def _offsets(text: str, fractions: list[float]) -> list[int]:
    return sorted({int(fraction * len(text)) for fraction in fractions})


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, tuple[Heading, ...], tuple[int, ...]]:
    """A text with some of its lines marked as headings, and with pages."""
    text = draw(TEXTS)
    at, headings = 0, []
    for line in text.split("\n"):
        if line.strip() and draw(st.integers(0, 9)) == 0:
            headings.append(Heading(at, at + len(line), draw(st.integers(1, 6))))
        at += len(line) + 1
    cuts = draw(st.lists(st.floats(0, 1, exclude_max=True), max_size=4))
    return text, tuple(headings), tuple(_offsets(text, cuts))


@settings(max_examples=examples(300), deadline=None)
@given(documents())
def test_passages_are_verbatim_ordered_disjoint_and_never_blank(
    document: tuple[str, tuple[Heading, ...], tuple[int, ...]],
) -> None:
    """Each is the span that it says, numbered from 1, after the one before it."""
    text, headings, pages = document
    last = 0
    for ordinal, passage in enumerate(split(text, headings=headings, page_starts=pages), start=1):
        assert passage.ordinal == ordinal
        assert passage.text == text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
        assert last <= passage.start
        assert passage.pin
        last = passage.end


@settings(max_examples=examples(300), deadline=None)
@given(documents())
def test_every_word_lies_in_a_passage(
    document: tuple[str, tuple[Heading, ...], tuple[int, ...]],
) -> None:
    """Between passages there is only white space, marks of headings, and tables of contents."""
    text, headings, pages = document
    at = 0
    for passage in split(text, headings=headings, page_starts=pages):
        # What a table of contents says, the text says again.
        for line in text[at : passage.start].strip().strip("# \t").splitlines():
            assert line.strip() in text[passage.start :]
        at = passage.end
    assert not text[at:].strip()


@settings(max_examples=examples(300), deadline=None)
@given(documents())
@example(("a\n" + "\n" * 5000 + "b", (), ()))
@example(("# a" + "\n" * 5000 + "b", (), ()))
def test_no_passage_is_too_long(
    document: tuple[str, tuple[Heading, ...], tuple[int, ...]],
) -> None:
    """The most a passage may weigh, with a short neighbour and with its headings, is fixed."""
    text, headings, pages = document
    above = LONGEST_CHAIN * (HEAVIEST + 5 * 200)  # with the white space between headings
    for passage in split(text, headings=headings, page_starts=pages):
        assert _slow_weight(passage.text) <= grouping.LARGEST + MIN_WEIGHT + above


def _slow_weight(text: str) -> int:
    """5 for what the Unicode data call wide, 2 for the rest, but never more than the real one."""
    wide = (unicodedata.east_asian_width(character) == "W" for character in text)
    return sum(
        5 if is_wide and character < "\U0001f000" else 2
        for is_wide, character in zip(wide, text, strict=True)
    )


@pytest.mark.parametrize(
    ("sentence", "longest"),
    [
        ("該案受到業界廣泛關注，因為它是第一件。", 400),
        ("Nobody had asked a court this before. ", 1000),
    ],
)
def test_long_prose_is_cut_within_bounds_at_sentence_ends(sentence: str, longest: int) -> None:
    """A long paragraph becomes passages of 60 to 400 Han characters or 150 to 1,000 Latin ones."""
    passages = split(sentence * 200)
    assert len(passages) > 1
    for passage in passages:
        assert longest * 0.15 <= len(passage.text) <= longest
        assert passage.text.endswith(sentence.strip())
    assert [p.pin for p in passages] == [
        f"¶ 1 ({part}/{len(passages)})" for part in range(1, len(passages) + 1)
    ]


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["e\u0301", "👩\u200d👩\u200d👧", "👍🏽", "🇹🇼", "한", "甲", "x", "न\u093f"]
        ),
        min_size=30,
        max_size=120,
    ),
    st.integers(40, 120),
)
def test_hard_cuts_keep_what_is_seen_as_one_character_whole(
    characters: list[str], limit: int
) -> None:
    """Text without any mark is cut only between grapheme clusters."""
    text = "".join(characters)
    edges = {0}
    for character in characters:
        edges.add(max(edges) + len(character))
    for start, end in cut(text, 0, len(text), limit):
        assert {start, end} <= edges
        assert weight(text[start:end]) <= limit


@given(st.text(alphabet="甲乙a1 ，.\u3000가ｆｆ", max_size=80))
def test_weight_is_5_for_wide_characters_and_2_for_others(text: str) -> None:
    """The fast sum over the whole text is the plain sum over its characters."""
    plain = sum(5 if unicodedata.east_asian_width(c) in "WF" else 2 for c in text)
    assert weight(text) == plain


@given(TEXTS)
def test_pins_name_one_place_each(text: str) -> None:
    """Without pages, and without a statute's articles begun anew, no two passages share a pin."""
    pins = Counter(passage.pin for passage in split(text) if passage.pin.startswith("¶"))
    assert not [pin for pin, count in pins.items() if count > 1]


SHAPES = {
    "one line of Han": "甲" * 500,
    "one line of clauses": "甲乙，" * 170,
    "one line of sentences": "他走了。" * 125,
    "one line of words": "word " * 100,
    "one cluster": "e" + "\u0301" * 500,
    "emoji": "👩\u200d👩\u200d👧" * 100,
    "short lines": "甲。\n" * 170,
    "bullets": "- a\n" * 125,
    "lead-ins": "a:\n" * 170,
    "headings": "# a\n" * 125,
    "articles": "第一條 甲\n第二條 乙\n" * 40,
    "items of one article": "第一條 甲\n" + "（一）乙\n" * 150,
    "items of one list": "(a) (1) 甲\n1. 2 乙\n" * 30,
    "blank lines": "\n" * 500,
    "abbreviations": "v. " * 170,
    "hanging lines": "- a\n" + "   b\n" * 100,
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_text_and_not_with_its_square(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight times the text takes about eight times the calls and the characters weighed."""
    small, large = (_work(SHAPES[shape] * times, monkeypatch) for times in (8, 64))
    assert large <= 12 * small


def _work(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Function calls made plus characters weighed while the text is split."""
    done = 0
    weigh = weight

    def counted(words: str) -> int:
        nonlocal done
        done += len(words)
        return weigh(words)

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal done
        done += event in ("call", "c_call")

    for module in (sentences, grouping):
        monkeypatch.setattr(module, "weight", counted)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        split(text)
    finally:
        sys.setprofile(before)
        monkeypatch.undo()
    return done

from __future__ import annotations

import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.scripts import HAN_RUN
from index.text.normalize import fold, fold_term

MIXED = st.text(
    st.one_of(
        st.sampled_from("網際網路伺服器智慧財產權隨身碟記憶體軟體資料庫法院上訴"),
        st.sampled_from("ＡＢｃé\u0301ﬁ㈱\u200b\u202e １２。,"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@given(MIXED)
def test_every_folded_character_comes_from_a_span_of_the_original_in_order(text: str) -> None:
    """Spans are non-empty, inside the text, and never go back."""
    folded = fold(text)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(MIXED, st.integers(0, 500))
def test_folding_without_offsets_gives_the_same_text(text: str, length: int) -> None:
    """The short way and the long way agree, in runs longer than are converted at once as well."""
    for some in (text, text + "智慧財產權" * (length // 5) + text):
        assert fold_term(some) == fold(some).text


@given(MIXED)
def test_folding_twice_folds_no_further(text: str) -> None:
    """A folded Latin or Simplified text is its own folded form, so both sides meet in it."""
    once = fold(text).text
    latin = HAN_RUN.sub("", once)
    assert fold(latin).text == latin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("網際網路", "互联网"),
        ("智慧財產權", "知识产权"),
        ("伺服器", "服务器"),
        ("ＰＤＦ１２３", "pdf123"),
        ("Cafe\u0301", "café"),
        ("RÉSUMÉ", "resume"),
        ("a\u200bb", "ab"),
        ("ﬁne", "FINE"),
    ],
)
def test_ways_of_writing_the_same_meet(one: str, other: str) -> None:
    """Script, wording, width, case, accents and invisible characters make no difference."""
    assert fold(one).text == fold(other).text


@given(st.text(st.sampled_from("在網際網路上用伺服器和隨身碟的智慧財產權資料庫a。"), max_size=40))
def test_words_are_converted_as_opencc_converts_them(text: str) -> None:
    """Run by run, the folded text is what OpenCC says."""
    converter = opencc.OpenCC("tw2sp")
    expected = HAN_RUN.sub(lambda run: converter.convert(run[0]).casefold(), text)
    assert fold(text).text == expected


def test_a_changed_word_stands_for_the_whole_word_and_leaves_its_neighbours_alone() -> None:
    """Each character of 互联网 comes from all of 網際網路; 上 and 在 only from themselves."""
    text = "在網際網路上"
    folded = fold(text)
    origins = [text[slice(*folded.span(at, at + 1))] for at in range(len(folded.text))]
    assert origins == ["在", "網際網路", "網際網路", "網際網路", "上"]


def test_kana_and_hangul_keep_their_marks() -> None:
    """Marks that make other letters are not accents."""
    text = "がぎぐ 한글"
    assert fold(text).text == unicodedata.normalize("NFC", text)

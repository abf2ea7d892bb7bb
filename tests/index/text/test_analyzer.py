from __future__ import annotations

from pathlib import Path

import jieba
import pytest
import snowballstemmer
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.language.scripts import HAN_RUN
from index.text.analyzer import BIGRAM, Token, analyze, stem, terms, words
from index.text.normalize import fold

TEXT = st.text(
    st.one_of(
        st.sampled_from("阿里雲公司因提供的伺服器被他人用來運營遊戲上訴法院ABc-12.3 ,。第條萬年"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)


@given(TEXT)
@example("0⻳㐀")
def test_tokens_lie_in_the_text_and_terms_are_those_of_the_tokens(text: str) -> None:
    """Offsets are inside, spans not empty, and the fast way gives the same terms."""
    tokens = analyze(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert terms(text) == [token.term for token in tokens]


@given(TEXT)
def test_every_letter_and_digit_is_in_some_token(text: str) -> None:
    """Nothing written in letters or digits is lost to search."""
    covered = {at for token in analyze(text) for at in range(token.start, token.end)}
    folded = fold(text)
    for at, character in enumerate(folded.text):
        if (character.isascii() and character.isalnum()) or HAN_RUN.fullmatch(character):
            start, end = folded.span(at, at + 1)
            assert covered & set(range(start, end))


def test_documents_and_questions_meet_across_scripts() -> None:
    """A Traditional Taiwan text and its Simplified mainland form have the same terms."""
    assert terms("伺服器提供商的智慧財產權侵權風險") == terms("服务器提供商的知识产权侵权风险")


def test_identifiers_are_found_whole_and_in_parts() -> None:
    """ABC-123 is one token, and its letters and number are tokens too."""
    assert {"abc-123", "abc", "123"} <= set(terms("見 ABC-123。"))
    assert {"www.example.com", "exampl"} <= set(terms("www.example.com"))


def test_han_next_to_digits_is_cut_into_words() -> None:
    """A number in front does not swallow the words behind it."""
    assert {"1991", "印度", "人口普查"} <= set(terms("1991年印度人口普查"))


def test_bigrams_have_terms_of_their_own() -> None:
    """A two-character word and the pair of its characters count separately."""
    assert analyze("法院") == [Token("法院", 0, 2), Token(f"{BIGRAM}法院", 0, 2)]


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=20))
def test_stems_are_those_of_the_published_algorithm(word: str) -> None:
    """PyStemmer agrees with the pure Python Snowball."""
    assert stem(word) == snowballstemmer.stemmer("english").stemWord(word)


@pytest.mark.shared
def test_words_are_jiebas_own(shared: Path) -> None:
    """On every Han run of the real report, the fast twin cuts as jieba does."""
    text = next((shared / "seeds").glob("*.txt")).read_text("utf-8")
    for run in HAN_RUN.findall(fold(text).text):
        expected = list(jieba.tokenize(run, mode="search"))
        assert words(run) == expected

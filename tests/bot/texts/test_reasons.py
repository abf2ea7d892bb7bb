"""Why a file was refused, or not read whole, is said in three languages, facts and all."""

from __future__ import annotations

import re

import pytest

from bot.texts import LANGUAGES
from bot.texts.reasons import EN, reason_in
from corpus.errors import UnreadableFile
from corpus.reading.read import read
from tests.bot.texts.given_reasons import UNKNOWN, given_reasons

GIVEN = sorted(given_reasons())
CHINESE = ("zh-Hans", "zh-Hant")


def said(language: str, reason: str) -> str:
    return reason_in(LANGUAGES[language].documents.reasons, reason)


@pytest.mark.parametrize("reason", GIVEN)
def test_every_reason_speaks_chinese(reason: str) -> None:
    """Whatever the layers below can say; English keeps the words, and no language loses a fact."""
    assert said("en", reason) == reason
    for language in CHINESE:
        chinese = said(language, reason)
        assert not re.search(r"\b(?:the|it|its|is|and|not|an?) ", chinese)
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert chinese.count(UNKNOWN) == reason.count(UNKNOWN)


def test_reasons_are_found_in_the_source() -> None:
    """Those that files really meet are among those found, so the test above leaves none out."""
    for content, name in (
        (b"", "a.txt"),
        (b" \n", "a.txt"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "a.png"),
        (b"\x1f\x8b" + b"x" * 40, "a.gz"),
        (b"%PDF-1.4\n%%EOF", "a.pdf"),
        (b"PK\x03\x04 cut", "a.zip"),
    ):
        with pytest.raises(UnreadableFile) as refused:
            read(content, name)
        assert str(refused.value) in GIVEN


def test_every_one_is_given_somewhere() -> None:
    """No entry waits for words that nobody says any more."""
    for template in EN:
        without = {english: said for english, said in EN.items() if english != template}
        chinese = LANGUAGES["zh-Hant"].documents.reasons
        fewer = {english: chinese[english] for english in without}
        assert any(reason_in(fewer, each) != reason_in(chinese, each) for each in GIVEN), template


@pytest.mark.parametrize("language", CHINESE)
def test_facts_stay(language: str) -> None:
    """Numbers and limits are kept, and what a fact names is translated as well."""
    pages = "3 of its 12 pages are scanned (page 2, 5, 7) and were not read: add a copy that "
    chinese = said(language, f"{pages}holds their text")
    assert all(fact in chinese for fact in ("3", "12", "2, 5, 7"))
    rest = said(language, "it and 4 more were not read: files are read to 3 levels inside a file")
    assert "4" in rest
    assert said(language, "files are read to 3 levels inside a file") in rest


def test_the_unknown_is_shown_as_it_is() -> None:
    """A reason that nobody translated is better than none."""
    assert said("zh-Hans", "it is odd") == "it is odd"

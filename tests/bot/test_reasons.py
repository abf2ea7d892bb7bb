"""Refusals of files in Chinese are those that readers really give."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.texts.reasons import REASONS, reason_in
from corpus.errors import UnreadableFile
from corpus.reading.read import read

SOURCES = Path(__file__).resolve().parents[2] / "corpus"


def reason(content: bytes, name: str) -> str:
    """Why a file is refused."""
    with pytest.raises(UnreadableFile) as refused:
        read(content, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "name", "hant"),
    [
        (b"", "a.txt", "檔案是空的"),
        (b" \n", "a.txt", "其中沒有文字"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "a.png", "是圖片，不是文件"),
        (b"\x7fELF" + b"x" * 40, "a", "不是文件"),
        (b"\x1f\x8b" + b"x" * 40, "a.gz", "是壓縮檔：請解壓縮後傳送其中的檔案"),
        (b"%PDF-1.4\n%%EOF", "a.pdf", "PDF"),
    ],
)
def test_what_readers_say(content: bytes, name: str, hant: str) -> None:
    """A real refusal is known, and said in the language asked for."""
    english = reason(content, name)
    assert reason_in("zh-Hant", english).startswith(hant)
    assert reason_in("zh-Hans", english) not in (english, reason_in("zh-Hant", english), "")
    assert reason_in("en", english) == english


def test_every_one_is_given_somewhere() -> None:
    """No entry waits for words that no reader says any more."""
    written = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    words = {part: part.removesuffix(", not a document").split(": ")[0] for part in REASONS}
    lost = [part for part, begins in words.items() if begins not in written]
    assert not lost


def test_the_unknown_is_shown_as_it_is() -> None:
    """A reason that nobody translated is better than none."""
    assert reason_in("zh-Hans", "it is odd") == "it is odd"

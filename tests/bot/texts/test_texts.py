"""Three languages say the same things."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Iterator
from typing import Any

import pytest

from bot.texts import LANGUAGES, language_of
from bot.views.markup import fill
from tests.bot.telegram.markup import Markup

HAN = range(0x3400, 0xA000)


def said(texts: Any) -> Iterator[tuple[str, str, bool]]:
    """Every text with its name, and whether it is shown as it is."""
    for each in dataclasses.fields(texts):
        value = getattr(texts, each.name)
        plain = bool(each.metadata.get("plain"))
        if dataclasses.is_dataclass(value):
            yield from ((f"{each.name}.{name}", text, p) for name, text, p in said(value))
        elif isinstance(value, str):
            yield each.name, value, plain
        else:
            yield from ((f"{each.name} {key}", text, plain) for key, text in value.items())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(language: str) -> None:
    """Each language has every text of English, with the same placeholders, and none is empty."""
    english = {name: text for name, text, _ in said(LANGUAGES["en"])}
    others = {name: text for name, text, _ in said(LANGUAGES[language])}
    assert others.keys() == english.keys()
    for name, text in others.items():
        assert text.strip(), name
        assert placeholders(text) == placeholders(english[name]), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_is_whole(language: str) -> None:
    """What may hold markup holds only what Telegram knows; what is shown as it is holds none."""
    for name, text, plain in said(LANGUAGES[language]):
        filled = fill(text, **dict.fromkeys(placeholders(text), "1 < 2 & 3"))
        assert plain or Markup(filled).text, name
        assert not plain or not set(text) & set("<>&"), name


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_chinese_is_chinese(language: str) -> None:
    """No text was left in English, and none in the other script."""
    other_script = {"zh-Hans": "訊個說問題檔關請與會", "zh-Hant": "讯个说问题档关请与会"}[language]
    for name, text, _ in said(LANGUAGES[language]):
        if name in (
            "page",
            "copy_plain_label",
            "documents_count",
            "documents.reasons several",
            "looked_for",
        ):
            continue
        assert any(ord(character) in HAN for character in text), name
        assert not set(text) & set(other_script), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_fit(language: str) -> None:
    """Descriptions of commands and toasts keep Telegram's limits."""
    texts = LANGUAGES[language]
    assert all(len(text) <= 256 for text in texts.commands.values())
    assert all(len(text) <= 200 for _, text, plain in said(texts) if plain)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("fr", "zh-Hant"),
        (None, "zh-Hant"),
        ("", "zh-Hant"),
    ],
)
def test_language_codes(code: str | None, language: str) -> None:
    """Telegram's language codes lead to one of the three, all others to the operator's choice."""
    assert language_of(code, default="zh-Hant") == language

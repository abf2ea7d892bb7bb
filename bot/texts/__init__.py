"""Every text that people read in Telegram, once in each language.

A text may hold Telegram's HTML and named placeholders, which `bot.views.markup.fill` fills. Button
labels, toasts and descriptions of commands are plain: Telegram shows their markup as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.texts import en, zh_hans, zh_hant

if TYPE_CHECKING:
    from bot.texts.words import Texts

LANGUAGES: Final[dict[str, Texts]] = {
    "en": en.TEXTS,
    "zh-Hans": zh_hans.TEXTS,
    "zh-Hant": zh_hant.TEXTS,
}

_TRADITIONAL = ("hant", "tw", "hk", "mo")


def language_of(code: str | None, default: str) -> str:
    """The interface language for an IETF tag such as `en-GB`, `zh-TW` or `zh-hans`."""
    parts = (code or "").replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        return "zh-Hant" if any(part in _TRADITIONAL for part in parts[1:]) else "zh-Hans"
    return "en" if parts[0] == "en" else default


def texts_in(language: str) -> Texts:
    """The texts of an interface language. A language that no longer exists gives English."""
    return LANGUAGES.get(language, en.TEXTS)

"""Every word that people read in Telegram, once in each language.

A text may hold Telegram's HTML and named placeholders, filled by `bot.views.markup.fill`. Labels of
buttons, toasts and descriptions of commands are plain: Telegram shows them as they are.
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
    """The texts of an interface language; English for one that is not kept any more."""
    return LANGUAGES.get(language, en.TEXTS)

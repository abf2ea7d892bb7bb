"""Which characters are Han, wide, or written without spaces?  In which script is a text?

The language is told by counting characters.

Chinese is Simplified where it uses characters that only GB 2312 has, Traditional where it uses
those that only Big5 has; the two national standards drew the line between the scripts.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from opencc import OpenCC

# Bodies of character classes: `re.compile(f"[{HAN}]+")`.
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000333af〇々"
"""Han characters: the unified and compatibility ideographs of all blocks, and the two that act
like them."""

HAN_RUN = re.compile(f"[{HAN}]+")

UNSPACED = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
"""Characters of scripts without spaces between words: a line break between two is no space.
Hangul is not among them."""

WIDE = (
    r"\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
    r"\U00020000-\U0003ffff"
)
"""Characters that are two columns wide (East Asian Width W and F), Hangul included."""

_SAMPLE = 20_000
_CLEARLY = 4  # to one: quotations in the other script do not change the document's
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_ENGLISH = frozenset(
    "the of and to in a is that for it was on with as be by at this or from an are not".split()
)
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z0-9]{2,8}))*")
_HANT = {"hant", "tw", "hk", "mo"}
_HANS = {"hans", "cn", "sg", "my"}


def language_of(text: str) -> str | None:
    """`zh-Hant`, `zh-Hans`, `en`, `ja` or `ko`; None when the characters leave it open."""
    sample = text[:_SAMPLE]
    han = [character for run in HAN_RUN.findall(sample) for character in run]
    kana = sum(1 for character in sample if "\u3041" <= character <= "\u30fa")
    hangul = sum(1 for character in sample if "\uac00" <= character <= "\ud7a3")
    words = [word.lower() for word in _LATIN_WORD.findall(sample)]
    # One Latin word says about as much as two Han characters.
    if max(len(han) + kana, hangul) < 2 * len(words):
        return _latin(words)
    if 10 * kana > len(han) + kana:
        return "ja"
    return "ko" if hangul > len(han) else _chinese(Counter(han))


def normal_tag(tag: str | None) -> str | None:
    """A declared tag in our form: `zh-TW` is `zh-Hant`, `en-US` is `en`; None when malformed."""
    match = _TAG.fullmatch((tag or "").strip())
    if not match:
        return None
    primary, *subtags = match[0].lower().replace("_", "-").split("-")
    if primary not in {"zh", "yue", "cmn"}:
        return primary
    if _HANT.intersection(subtags):
        return "zh-Hant"
    return "zh-Hans" if _HANS.intersection(subtags) else None


def _latin(words: list[str]) -> str | None:
    """English has these words at every turn, other languages only one or two of them."""
    common = [word for word in words if word in _ENGLISH]
    enough = len(set(common)) >= min(4, 1 + len(words) // 10)
    return "en" if common and enough and 16 * len(common) > len(words) else None


def _chinese(han: Counter[str]) -> str | None:
    simplified = sum(times for character, times in han.items() if _script(character) == "Hans")
    traditional = sum(times for character, times in han.items() if _script(character) == "Hant")
    if simplified > _CLEARLY * traditional:
        return "zh-Hans"
    return "zh-Hant" if traditional > _CLEARLY * simplified else None


@cache
def _script(character: str) -> str | None:
    in_gb, in_big5 = _has("gb2312", character), _has("big5", character)
    if not in_gb and not in_big5:
        # A variant such as 爲 is in neither, and Traditional if it has a Simplified form.
        return "Hant" if _simplifier().convert(character) != character else None
    if in_gb == in_big5:
        return None
    return "Hans" if in_gb else "Hant"


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _has(codec: str, character: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True

"""How likely is it that somebody wrote this text? Tells a right decoding from mojibake.

Costs are in nats a character, the lower the likelier: a unigram model by Zipf's law for the
common Han characters (`han_frequency`) and by kind of character for all others. Read in a wrong
encoding, Chinese becomes rare Han, stray kana, accented letters and private-use characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache

from opencc import OpenCC

from corpus.reading.han_frequency import COMMON_HAN

IMPOSSIBLE = 16.0
"""What a control character, an unassigned one or U+FFFD costs."""

_ZIPF_SHIFT = 10
_ZIPF_NORM = math.log(len(COMMON_HAN) / _ZIPF_SHIFT + 1)
_PUNCTUATION = "，。、：；？！（）「」『』《》〈〉【】“”‘’…—·　"
_WESTERN = "§©®°±×÷½¼¾²³¶·«»€£™–—•¿¡" + "éèêëàâäáãçíìîïñóòôöõúùûüßøåæœšžÉÈÀÁÇÖÜÄÑÅØ"
_COMMON_HANGUL = (
    "이다는의에을를가고하지은한로도서사그인나어자대아기리시들해과정부수있으것니여일스면보게만오마우라제상전주"
    "장성조원연안공동문구국비위신소모법용학관세무방치회건물생유행미선했었던적화말없터트까요습때계중심실당결개"
    "금발분경할반체내단민재판산권청력입"
)
_EXACT = (
    {han: math.log(_ZIPF_NORM * (rank + _ZIPF_SHIFT)) for rank, han in enumerate(COMMON_HAN)}
    | dict.fromkeys(_WESTERN, 8.5)
    | dict.fromkeys(_PUNCTUATION, 5.5)
    | dict.fromkeys("\n\r\t", 4.5)
    | dict.fromkeys(_COMMON_HANGUL, 5.5)
)
# First code point after the range, and what a character of the range costs.
_RANGES = (
    (0x00C0, 15.0),  # what is left of Latin-1's signs
    (0x0250, 13.0),  # accented letters
    (0x0400, 10.5),  # Greek
    (0x0430, 7.0),  # Cyrillic capitals
    (0x0450, 5.0),  # and small letters
    (0x0700, 10.5),  # Armenian, Hebrew, Arabic
    (0x2000, 12.0),
    (0x2070, 9.0),  # general punctuation
    (0x3000, 10.5),  # signs, arrows, enclosed numbers, box drawing
    (0x3040, 8.0),  # CJK punctuation
    (0x30A0, 7.0),  # hiragana
    (0x3100, 8.0),  # katakana
    (0x3400, 11.5),  # bopomofo, enclosed CJK
    (0x4E00, 15.0),  # extension A
    (0xA000, 12.5),  # Han that are not common
    (0xAC00, 15.0),
    (0xD7B0, 11.0),  # Hangul
    (0xFF00, 15.0),  # compatibility forms
    (0xFF5F, 8.0),  # full-width letters, digits and punctuation
    (0xFFA0, 15.0),  # half-width katakana
    (0x110000, 15.0),
)
_HAN = r"\u4e00-\u9fff"
_KIN = rf"{_HAN}\u3000-\u30ff"
# A Han character or Cyrillic letter in a Latin word, and accent upon accent, look like mojibake.
_STRANGERS = re.compile(
    rf"[A-Za-z][{_HAN}](?![{_KIN}])|(?<![{_KIN}])[{_HAN}](?=[A-Za-z])"
    r"|[A-Za-z](?=[\u0400-\u045f])|[\u0400-\u045f](?=[A-Za-z])"
)
_ACCENTS_TOGETHER = re.compile(r"[\u0080-\u00ff](?=[\u0080-\u00ff])")


def cost(text: str) -> float:
    """The whole text's cost in nats: minus the logarithm of its likelihood."""
    folded = _simplified(text)
    single = sum(_of(character) * times for character, times in Counter(folded).items())
    strangers, accents = _STRANGERS.findall(folded), _ACCENTS_TOGETHER.findall(folded)
    return single + 6.0 * len(strangers) + 3.0 * len(accents)


@cache
def _of(character: str) -> float:
    if character in _EXACT:
        return _EXACT[character]
    code = ord(character)
    if " " <= character <= "~":
        return 3.0 if character == " " or character.islower() else 4.5
    if character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"}:
        return IMPOSSIBLE
    return next(price for stop, price in _RANGES if code < stop)


def _simplified(text: str) -> str:
    return _converter().convert(text) if any("\u3400" <= c <= "\u9fff" for c in text) else text


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")

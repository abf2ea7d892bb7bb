"""Which number do these characters write?  Figures of every script, Chinese and Roman numerals.

Both scripts of Chinese and the forms of banks (壹 貳 參) are read alike, so callers need not fold.
"""

from __future__ import annotations

import re

HAN_DIGITS = {
    character: value
    for value, group in enumerate(
        ("〇零○◯", "一壹", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for character in group
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
# Bodies of character classes: `re.compile(f"[{HAN_ORDINAL}]+")`.
HAN_NUMERAL = "".join((*HAN_DIGITS, *_UNITS, *_MYRIADS, *_TENS))
"""Every character that a Chinese number may hold."""

HAN_ORDINAL = "〇零○一二三四五六七八九十百千廿卅"
"""Those that number articles, chapters and items; not 两, since `两、三人` opens no list."""

SCALES = _UNITS | _MYRIADS
"""What a unit after a number multiplies it by: 百 by 100, 万 and 萬 by 10,000."""

_PART = re.compile(r"\d+|.", re.DOTALL)
_TENS_SIGN = re.compile("[廿卅卌]")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def parse_number(text: str) -> int | None:
    """The value of a whole number in figures of any script, in Chinese or mixed; None if none.

    `26`, `２６`, 二十六, 廿六, 二六 and 2十6 are 26; 26万 and 二十六萬 are 260,000.
    """
    if text.isdecimal():
        return int(text)
    if text and all(character in HAN_DIGITS for character in text):
        return int("".join(str(HAN_DIGITS[character]) for character in text))
    total = section = digit = 0
    for part in _PART.findall(_TENS_SIGN.sub(lambda sign: _TENS[sign[0]], text)):
        if part.isdecimal():
            digit = int(part)
        elif part in HAN_DIGITS:
            digit = HAN_DIGITS[part]
        elif part in _UNITS:
            # 十六 has no digit before its unit.
            section, digit = section + (digit or 1) * _UNITS[part], 0
        elif part in _MYRIADS:
            total, section, digit = (total + section + digit) * _MYRIADS[part], 0, 0
        else:
            return None
    return total + section + digit if text else None


def parse_roman(text: str) -> int | None:
    """The value of a Roman numeral in either case, `IV` or `xii`; None if it is none."""
    values = [_ROMAN.get(letter, 0) for letter in text.lower()]
    if not values or not all(values):
        return None
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )

"""Is this the text of a law or a contract, and where do its articles begin?

Decided by structure: several lines in ascending order that open with an article's number. A
mention in running text (`第三十六條規定`, `Article 36 of the Law`) opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HAN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = "〇零一二三四五六七八九十百千两兩"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_OPENING = re.compile(
    rf"""[#*_\s]*(?P<label>
      第\s?(?P<han>[{_HAN}]+|[0-9０-９]+)(?:\s?[-－–]\s?(?P<dash>\d+))?\s?[條条](?:\s?之\s?(?P<of>[{_HAN}]+|\d+))?
        (?=[\s【（(［\[：:*_]|\Z|(?!(?:[的之所至到和及與与或、，,；;。）)第前中]|規定|规定|明[文定]|修正)))
      |(?:(?:Article|Section|Clause|Rule|ARTICLE|SECTION)\s|(?:Art|Sec)\.\s?|§\s?)
        (?P<latin>\d+|[IVXLC]+\b)(?:[-.](?P<part>\d+)|(?P<letter>[A-Za-z])\b)?
        (?=[.:—–-]?(?:\s*\Z|[.:—–\s*_-]+[^a-z\s,;)]))
    )""",
    re.VERBOSE,
)
_FEWEST = 3  # two lines may be chance; three in order are a text by articles
_WIDEST_GAP = 200  # excerpts leave articles out, but a leap further than this is a mention


def article_openings(text: str, line_spans: Iterable[tuple[int, int]]) -> dict[int, str]:
    """The offset of each line that opens an article, with the article's name as the text has it.

    Empty if the text is not arranged by articles.
    """
    found: dict[int, str] = {}
    last = (0, 0)
    restarts = 0
    for start, end in line_spans:
        match = _OPENING.match(text[start : min(end, start + 60)])
        if not match:
            continue
        number = _number(match)
        follows = last < number and (not found or number[0] - last[0] <= _WIDEST_GAP)
        if not follows and number[0] != 1:
            continue
        restarts += not follows
        found[start] = " ".join(match["label"].split())
        last = number
    # Lists that begin again and again at 1 are something else, such as a table of contents of many.
    return found if len(found) - 2 * restarts >= _FEWEST else {}


def _number(match: re.Match[str]) -> tuple[int, int]:
    main = match["han"] or match["latin"]
    sub = match["dash"] or match["of"] or match["part"]
    if match["letter"]:
        return _value(main), ord(match["letter"].lower()) - ord("a") + 1
    return _value(main), _value(sub) if sub else 0


def _value(numeral: str) -> int:
    """Read an Arabic, Roman or Chinese numeral: `36`, `XXXVI`, `三十六`, `三六`."""
    if numeral.isdecimal():
        return int(numeral)
    if numeral[0] in _ROMAN:
        values = [_ROMAN[letter] for letter in numeral]
        smaller = (a < b for a, b in zip(values, [*values[1:], 0], strict=True))
        return sum(-value if less else value for value, less in zip(values, smaller, strict=True))
    total = digit = 0
    for character in numeral:
        if unit := _HAN_UNITS.get(character):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = digit * 10 + _HAN_DIGITS[character]
    return total + digit

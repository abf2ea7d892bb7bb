"""Which day does this line name? Dates as documents write them, in ISO 8601 as far as known.

Western, Chinese (in figures and in characters), and of the Republic of China (year 1 is 1912).
What can be read two ways (08/02/2021) is read in none, and a docket number holds no date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = {"〇": 0, "○": 0, "零": 0, "Ｏ": 0} | {
    c: n for n, c in enumerate("一二三四五六七八九", 1)
}
_NUMERAL = "[〇○零Ｏ一二三四五六七八九十廿卅]"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_DAY_FIGURES = r"(?:\s*(?P<day>\d{1,2})\s*[日號号])?"
_DAY_NUMERALS = f"(?:(?P<day>{_NUMERAL}{{1,3}})[日號号])?"
_ROC = r"(?P<roc>(?:中[華华])?民[國国]\s*)?"
_BEFORE = r"(?<![\w./-])"
_AFTER = r"(?=T\d|[^\w./-]|\.?$|\.\s)"
_MARK = "(?P<mark>[-/.])"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_BEFORE}{_YEAR}{_MARK}(?P<month>1[0-2]|0?[1-9])(?P=mark){_DAY}{_AFTER}",
        rf"{_BEFORE}{_YEAR}-(?P<month>1[0-2]|0[1-9])(?![\w./-])",
        rf"{_ROC}(?<!\d)(?P<year>\d{{2,4}})\s*年\s*(?P<month>\d{{1,2}})\s*月{_DAY_FIGURES}",
        rf"{_ROC}(?P<year>{_NUMERAL}{{2,5}})年(?P<month>{_NUMERAL}{{1,2}})月{_DAY_NUMERALS}",
        rf"\b{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s*{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}\b",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
    )
)
_COMPACT = re.compile(r"(?:D:)?((?:1[89]|20)\d\d)(?:([01]\d)(?:([0-3]\d)(?:\d\d.*)?)?)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DateInLine:
    """A date and where it stands in its line."""

    start: int
    end: int
    iso: str


def dates_in(line: str) -> tuple[DateInLine, ...]:
    """Every date that a line names, in order. `line` should be short: it is searched whole."""
    found: list[DateInLine] = []
    for form in _FORMS:
        found += (date for date in _matches(form, line) if not _overlaps(date, found))
    return tuple(sorted(found, key=lambda date: date.start))


def iso_date(value: str | None) -> str | None:
    """The date that a metadata field gives (`2021-02-08T10:00:00+08:00`, `D:2021…`, `2021`)."""
    text = (value or "").strip()[:100]
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _iso(*(int(part) if part else None for part in compact.groups()))
    dates = dates_in(text)
    return dates[0].iso if dates else None


def _matches(form: re.Pattern[str], line: str) -> Iterator[DateInLine]:
    for match in form.finditer(line):
        parts = match.groupdict()
        year = _number(parts["year"])
        if parts.get("roc") or 90 <= year < 150:  # a year of three digits is the Republic's
            year += 1911
        day = _number(parts["day"]) if parts.get("day") else None
        iso = _iso(year, _month(parts["month"]), day)
        if iso:
            yield DateInLine(match.start(), match.end(), iso)


def _overlaps(date: DateInLine, others: list[DateInLine]) -> bool:
    return any(date.start < other.end and other.start < date.end for other in others)


def _month(text: str) -> int:
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else _number(text)


def _number(text: str) -> int:
    """A number in figures, or in characters: 二〇一九, 二十一, 廿一, 一一〇."""
    if text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, units = text.partition("十")
        return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(units, 0) if units else 0)
    return int("".join(str(_DIGITS[digit]) for digit in text))


def _iso(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    if year is None or not 1800 <= year < 2200:
        return None
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    parts = (f"{part:02d}" for part in (month, day) if part)
    return "-".join((f"{year:04d}", *parts))

"""Numbers, articles, dates and dockets in one form, however they are written.

第三十六条 = 第36条 = Article 36 = Art. 36 -> `art:36`;  26万 = 260,000 = 二十六万 -> `260000`;
2015年10月10日 = 10 October 2015 = 2015-10-10 -> `date:2015-10-10` (and its month, `date:2015-10`);
(2017)京73民终1194号 -> `docket:2017京73民终1194`.

All expect folded text (`normalize.fold`): half-width, lower case, Simplified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from corpus.language.scripts import HAN

_DIGITS = {c: n for n, group in enumerate(
    ("〇零○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for c in group}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8, "兆": 10**12}
HAN_NUMBER = f"[{''.join(_DIGITS)}{''.join(_UNITS)}{''.join(_MYRIADS)}]"
_MONTHS = {name: n for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
)}  # fmt: skip
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ENGLISH_UNITS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_ROC_EPOCH = 1911

Found = tuple[int, int, str]
"""Start and end in the folded text, and the canonical term."""

Need = tuple[str, ...]
"""Strings one of which a text must hold for a form to be in it; none: a digit of any script."""


def number(text: str) -> int | None:
    """The value of Chinese, Arabic or mixed numerals (二十六万, 26万, 二〇一五); None if none."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for part in re.findall(r"\d+|.", text):
        if part.isdigit() and part.isascii():
            digit = int(part)
        elif part in _DIGITS:
            digit = _DIGITS[part]
        elif part in _UNITS:
            # 十六 has no digit before its unit
            section, digit = section + (digit or 1) * _UNITS[part], 0
        elif part in _MYRIADS:
            total, section, digit = (total + section + digit) * _MYRIADS[part], 0, 0
        else:
            return None
    return total + section + digit


def canonical(text: str) -> Iterator[Found]:
    """Every number, article, date and docket of `text` in its canonical form."""
    digits = _DIGIT.search(text) is not None
    for needs, pattern, terms in _FORMS:
        # Most passages hold none; a character is found sooner than a pattern.
        if all(digits if one is _ANY_DIGIT else any(map(text.__contains__, one)) for one in needs):
            for match in pattern.finditer(text):
                for term in terms(match):
                    yield match.start(), match.end(), term


def _article(match: re.Match[str]) -> Iterator[str]:
    value = number(match["n"])
    if value:
        branch = number(match["branch"]) if match["branch"] else None
        yield f"art:{value}" + (f"-{branch}" if branch else "")


def _date(year: int | None, month: int | None, day: int | None) -> Iterator[str]:
    if month is not None and not 1 <= month <= 12:
        return
    if year is not None and month is not None:
        yield f"date:{year:04}-{month:02}"
    if month is not None and day is not None and 1 <= day <= 31:
        yield f"date:--{month:02}-{day:02}"
        if year is not None:
            yield f"date:{year:04}-{month:02}-{day:02}"


def _han_date(match: re.Match[str]) -> Iterator[str]:
    year = number(match["year"]) if match["year"] else None
    if year is not None:
        year += _ROC_EPOCH if match["roc"] else 0
        if not match["year"].isascii() or match["roc"]:
            yield str(year)
    yield from _date(year, number(match["month"]), number(match["day"]) if match["day"] else None)


def _han_year(match: re.Match[str]) -> Iterator[str]:
    year = number(match["year"])
    if year is not None:
        yield str(year + (_ROC_EPOCH if match["roc"] else 0))


def _numeric_date(match: re.Match[str]) -> Iterator[str]:
    yield from _date(int(match["year"]), int(match["month"]), int(match["day"]))


def _english_date(match: re.Match[str]) -> Iterator[str]:
    groups = match.groupdict()
    day = groups.get("day")
    year = groups.get("year")
    month = _MONTHS[match["month"][:3]]
    yield from _date(int(year) if year else None, month, int(day) if day else None)


def _amount(match: re.Match[str]) -> Iterator[str]:
    value = Decimal(match["n"].replace(",", ""))
    for unit in re.findall("[万亿百千]", match["units"] or ""):
        value *= _MYRIADS.get(unit) or _UNITS[unit]
    value *= _ENGLISH_UNITS.get(match["english"] or "", 1)
    yield _plain(value) + ("%" if match["percent"] else "")


def _han_amount(match: re.Match[str]) -> Iterator[str]:
    value = number(match["n"])
    if value is not None:
        yield f"{value}%" if match["percent"] else str(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _docket(match: re.Match[str]) -> Iterator[str]:
    yield "docket:" + re.sub(r"[()\[\]〔〕\s第号]", "", match[0])


def _compiled(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts))


_SMALL = rf"(?:\d{{1,2}}|{HAN_NUMBER}{{1,3}})"
_YEAR_DIGITS = f"[{''.join(_DIGITS)}]{{4}}"
_YEAR = r"(?P<year>[12]\d{3})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAMED_MONTH = f"(?P<month>{_MONTH})"
_HAN = f"[{HAN}]"

_DIGIT = re.compile(r"\d")
_ANY_DIGIT: Need = ()
_MONTH_NAMED: Need = tuple(_MONTHS)

_FORMS: tuple[
    tuple[tuple[Need, ...], re.Pattern[str], Callable[[re.Match[str]], Iterator[str]]], ...
] = (
    (
        (("第",), ("条",)),
        _compiled(
            rf"第\s?(?P<n>\d{{1,5}}|{HAN_NUMBER}{{1,8}})\s?条", rf"(?:之(?P<branch>{_SMALL}))?"
        ),
        _article,
    ),
    (
        (("art", "§"), _ANY_DIGIT),
        _compiled(
            r"(?:\b(?:articles?|arts?\.?)\s?|§{1,2}\s?)(?P<n>\d{1,5})(?:-(?P<branch>\d{1,2})\b)?"
        ),
        _article,
    ),
    (
        (("月",),),
        _compiled(
            rf"(?:(?P<roc>民国)?(?P<year>\d{{2,4}}|{_YEAR_DIGITS}|(?<=民国){HAN_NUMBER}{{1,5}})",
            rf"\s?年\s?)?(?P<month>{_SMALL})\s?月(?:\s?(?P<day>{_SMALL})\s?[日号])?",
        ),
        _han_date,
    ),
    (
        (("民国",), ("年",)),
        _compiled(rf"(?P<roc>民国)(?P<year>\d{{1,3}}|{HAN_NUMBER}{{1,5}})年"),
        _han_year,
    ),
    ((("年",),), _compiled(rf"(?P<roc>)(?P<year>{_YEAR_DIGITS})年"), _han_year),
    (
        (_ANY_DIGIT, ("-", "/", ".")),
        _compiled(
            rf"(?<![\d.]){_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
            r"(?![\d.]\d)",
        ),
        _numeric_date,
    ),
    (
        (_ANY_DIGIT, _MONTH_NAMED),
        _compiled(rf"\b{_DAY}\s(?:of\s)?{_NAMED_MONTH}(?:,?\s{_YEAR})?\b"),
        _english_date,
    ),
    (
        (_ANY_DIGIT, _MONTH_NAMED),
        _compiled(rf"\b{_NAMED_MONTH}\s{_DAY}(?:,?\s{_YEAR})?\b"),
        _english_date,
    ),
    ((_ANY_DIGIT, _MONTH_NAMED), _compiled(rf"\b{_NAMED_MONTH},?\s{_YEAR}\b"), _english_date),
    (
        (_ANY_DIGIT,),
        _compiled(
            r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d{1,6})?|\d{1,40}(?:\.\d{1,6})?)",
            r"(?:\s?(?P<units>[百千]?[万亿]+)|\s(?P<english>hundred|thousand|million|billion)\b",
            r"|\s?(?P<percent>%|percent\b|per cent\b))?",
        ),
        _amount,
    ),
    (
        (),
        _compiled(rf"(?P<percent>百分之)?(?P<n>{HAN_NUMBER}{{2,16}})"),
        _han_amount,
    ),
    (
        (_ANY_DIGIT, ("号",)),
        _compiled(
            r"[(\[〔]?\s?(?:[12]\d{3}|\d{2,3}年度?)\s?[)\]〕]?\s?",
            rf"{_HAN}{{1,3}}\d{{0,4}}{_HAN}{{0,5}}(?:\({_HAN}{{1,3}}\))?{_HAN}{{0,5}}",
            r"\s?第?\s?\d{1,7}(?:-\d{1,3})?\s?号",
        ),
        _docket,
    ),
)

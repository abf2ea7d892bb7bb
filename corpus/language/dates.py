"""Which day does a text name?  The one grammar of dates, for metadata and for the index.

Western dates, Chinese ones in figures and in characters, years of the Republic of China (year 1
is 1912) and of Japan's modern eras. Each is read as far as it goes: a day, a month, or a day
without its year. What can be read two ways (08/02/2021, 98年2月8日) gives no year, what is
impossible (2月31日) is text, and so is a lunar date, whose Gregorian day its text does not say.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from corpus.language.numerals import HAN_DIGITS, HAN_NUMERAL, parse_number

MONTHS = (
    "January February March April May June July August September October November December".split()
)
"""The English names, in order."""

MONTH_NAME = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
"""A pattern for a month's name or abbreviation in lower case, without its full stop."""

_FIRST_YEAR, _LAST_YEAR = 1000, 2199
# Only Taiwan writes years of three figures. Two (98年) could be 1998 or 民國 98, and stay unread.
_ROC_YEARS = range(100, 151)
# The year before an era's first, by the first character of its name.
_EPOCHS = {"中": 1911, "民": 1911, "明": 1867, "大": 1911, "昭": 1925, "平": 1988, "令": 2018}

_GAP = r"\s{0,4}"  # judges sign letter-spaced: 中　華　民　國　110　年　1　月
_ERA_YEAR = (
    rf"(?P<era>(?:中{_GAP}[華华]{_GAP})?民{_GAP}[國国]|明治|大正|昭和|平成|令和){_GAP}"
    rf"(?P<of_era>\d{{1,3}}|[{HAN_NUMERAL}]{{1,5}}|元){_GAP}年"
)
_HAN_DIGIT = "".join(HAN_DIGITS)
_OTHER_YEAR = (
    rf"(?P<year>(?<![\d.,])\d{{2,4}}"
    # 二OO八 and 二00八 are as common as 二〇〇八.
    rf"|(?<![{HAN_NUMERAL}])(?:[{_HAN_DIGIT}][{_HAN_DIGIT}o0]{{3}}|[{HAN_NUMERAL}]{{3,6}})){_GAP}年"
)
_SMALL = rf"(?:\d{{1,2}}|[{HAN_NUMERAL}]{{1,3}})"
# A number before 月 is rarer than the start of a year: looked for first, it makes this quicker.
_HAN_MONTH = re.compile(
    rf"(?<!\d)(?P<month>{_SMALL}){_GAP}月(?:{_GAP}(?P<day>{_SMALL}){_GAP}[日号號])?"
)
_YEAR_BEFORE = re.compile(rf"(?:{_ERA_YEAR}|{_OTHER_YEAR}){_GAP}\Z")
_LONGEST_YEAR = 40
_HAN_YEAR = re.compile(
    rf"{_ERA_YEAR}|(?<![{HAN_NUMERAL}])(?P<year>[{_HAN_DIGIT}][{_HAN_DIGIT}o0]{{3}})年"
)
_LUNAR = re.compile(r"(?:农历|農曆|阴历|陰曆|旧历|舊曆)\s?\Z")
_LUNAR_LENGTH = 3

_EDGE = r"(?=t\d|(?![\da-z_/-]|\.\d))"
_NUMERIC_DATE = re.compile(
    r"(?<![\da-z_./-])(?:(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"|(?P<year_of_month>[12]\d{3})-(?P<month_alone>\d\d)"
    r"|(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<last>[12]\d{3}))" + _EDGE
)

_DIGIT = re.compile(r"\d")
_MONTH_PREFIXES = tuple(name[:3].lower() for name in MONTHS)
_MONTH = re.compile(rf"\b(?:{MONTH_NAME})\b\.?")
_DAY_BEFORE = re.compile(
    r"(?<![\d.,/])(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s{1,3}(?:day\s)?(?:of\s)?|-)\Z"
)
_LONGEST_BEFORE = len("31st   day of ")
_YEAR_AFTER = r"(?:\s?,\s{0,3}|\s{1,3}|-)(?P<year>[12]\d{3})(?!\w)"
_YEAR = re.compile(_YEAR_AFTER)
_DAY_AFTER = re.compile(
    rf"\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)(?:{_YEAR_AFTER})?"
)
_COMPACT = re.compile(r"(?:d:)?((?:1[89]|20)\d\d)(?:([01]\d)(?:([0-3]\d)(?:\d\d.*)?)?)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date and its span in the text: a day, a month without its day, a day without its year."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    @property
    def iso(self) -> str:
        """ISO 8601: `2019-06-20`, `2019-06`, and `--06-20` (of 2000) without a year."""
        year = "-" if self.year is None else f"{self.year:04}"
        return f"{year}-{self.month:02}" + ("" if self.day is None else f"-{self.day:02}")


def find_dates(line: str) -> tuple[DateMention, ...]:
    """Every date with its year that a line names, in order. Any width and case will do."""
    return tuple(mention for mention in find_mentions(_narrow(line)) if mention.year is not None)


def find_mentions(text: str) -> list[DateMention]:
    """Every date and every day without a year, in order; they do not overlap.

    `text` is half-width and in lower case, as the analyzer's folding leaves it.
    """
    mentions = [*_han_dates(text)] if "月" in text else []
    if _DIGIT.search(text):
        # Most texts hold no date: a character is found sooner than a pattern.
        if any(map(text.__contains__, "-/.")):
            mentions += _numeric_dates(text)
        if any(map(text.__contains__, _MONTH_PREFIXES)):
            mentions += _named_dates(text)
    mentions.sort(key=lambda mention: (mention.start, -mention.end))
    ends = accumulate((mention.end for mention in mentions), max, initial=0)
    return [mention for mention, end in zip(mentions, ends, strict=False) if mention.start >= end]


def find_years(text: str) -> Iterator[tuple[int, int, int]]:
    """Span and value of each year that an era or Chinese characters write: 民國110年."""
    for match in _HAN_YEAR.finditer(text):
        year = _year(match)
        if year is not None:
            yield match.start(), match.end(), year


def iso_date(value: str | None) -> str | None:
    """The date that a metadata field gives (`2021-02-08T10:00:00+08:00`, `D:2021…`, `2021`)."""
    text = _narrow((value or "").strip()[:100])
    compact = _COMPACT.fullmatch(text)
    if compact:
        year, month, day = (int(part) if part else None for part in compact.groups())
        if year is None or month is None:
            return compact[1]
        mention = _mention((0, 0), year, month, day)
        return mention.iso if mention else None
    dates = find_dates(text)
    return dates[0].iso if dates else None


def _han_dates(text: str) -> Iterator[DateMention]:
    for match in _HAN_MONTH.finditer(text):
        year = _YEAR_BEFORE.search(text, max(0, match.start() - _LONGEST_YEAR), match.start())
        start = year.start() if year else match.start()
        if _LUNAR.search(text, max(0, start - _LUNAR_LENGTH), start):
            continue
        day = parse_number(match["day"]) if match["day"] else None
        span = start, match.end()
        mention = _mention(span, _year(year) if year else None, parse_number(match["month"]), day)
        if mention:
            yield mention


def _year(match: re.Match[str]) -> int | None:
    """The Gregorian year of an era's or another, None where it is not sure."""
    if match["era"]:
        of_era = 1 if match["of_era"] == "元" else parse_number(match["of_era"])
        return _EPOCHS[match["era"][0]] + of_era if of_era else None
    numeral = (match["year"] or "").replace("o", "〇")
    if not numeral.isdecimal():
        numeral = numeral.replace("0", "〇")
    year = parse_number(numeral)
    if year is None:
        return None
    if year in _ROC_YEARS:
        return _EPOCHS["民"] + year
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _numeric_dates(text: str) -> Iterator[DateMention]:
    for match in _NUMERIC_DATE.finditer(text):
        if match["first"]:
            mention = _day_and_month(match)
        elif match["day"]:
            mention = _mention(
                match.span(), *(int(match[part]) for part in ("year", "month", "day"))
            )
        else:
            mention = _mention(match.span(), int(match["year_of_month"]), int(match["month_alone"]))
        if mention:
            yield mention


def _day_and_month(match: re.Match[str]) -> DateMention | None:
    """`25/06/2019` has one reading; `08/02/2021` has two, and gives none."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["last"])
    readings = {
        mention
        for month, day in ((first, second), (second, first))
        if (mention := _mention(match.span(), year, month, day))
    }
    return readings.pop() if len(readings) == 1 else None


def _named_dates(text: str) -> Iterator[DateMention]:
    end = 0
    for name in _MONTH.finditer(text):
        mention = _named_date(text, name)
        # `2 May 3, 2019` holds one date: the first that is read takes what stands around it.
        if mention and mention.start >= end:
            end = mention.end
            yield mention


def _named_date(text: str, name: re.Match[str]) -> DateMention | None:
    """The date around a month's name; a form with its year counts before one without."""
    month = _MONTH_PREFIXES.index(name[0][:3]) + 1
    start, end = name.span()
    before = _DAY_BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    after, year = _DAY_AFTER.match(text, end), _YEAR.match(text, end)
    if before and (year or not (after and after["year"])):
        day, year_match = int(before["day"]), year
        span = before.start(), year.end() if year else end
    elif after:
        day, year_match = int(after["day"]), after if after["year"] else None
        span = start, after.end()
    elif year:
        return _mention((start, year.end()), int(year["year"]), month)
    else:
        return None
    return _mention(span, int(year_match["year"]) if year_match else None, month, day)


def _mention(
    span: tuple[int, int], year: int | None, month: int | None, day: int | None = None
) -> DateMention | None:
    """The date if the calendar has it and it says more than a month of no year."""
    if month is None or (year is None and day is None):
        return None
    try:
        dt.date(2000 if year is None else year, month, 1 if day is None else day)
    except ValueError:
        return None
    return DateMention(*span, year, month, day)


class _Narrowing(dict[int, str]):
    """A `str.translate` table to half width and lower case that keeps every length."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        narrow = unicodedata.normalize("NFKC", character).lower()
        self[code] = narrow if len(narrow) == 1 else character
        return self[code]


_NARROWING = _Narrowing()


def _narrow(text: str) -> str:
    return text.translate(_NARROWING)

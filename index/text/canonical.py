"""Numbers, articles, dates, dockets and laws in one form, however they are written.

第三十六条 = 第36条 = Article 36 = Art. 36 -> `art:36`;  26万 = 260,000 = 二十六万 -> `260000`;
2015年10月10日 = 10 October 2015 = 2015-10-10 -> `date:2015-10-10` (and its month, `date:2015-10`);
(2017)京73民终1194号 -> `docket:2017京73民终1194`;
《劳动合同法》第三十六条 -> `law:劳动合同法:36`, since a question that names a law and an
article asks for one passage, and its words alone would find other laws' articles of that number.

All expect folded text (`normalize.fold`): half-width, lower case, Simplified. What a number or a
date is stands in `corpus.language`, so that what a document's metadata says is found here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from corpus.language.dates import find_mentions, find_years
from corpus.language.numerals import HAN_NUMERAL, SCALES, parse_number
from corpus.language.scripts import HAN
from index.text.normalize import fold

HAN_NUMBER = f"[{HAN_NUMERAL}]"
_ENGLISH_UNITS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}

CanonicalTerm = tuple[int, int, str]
"""Start and end in the folded text, and the canonical term."""

Need = tuple[str, ...]
"""Strings one of which a text must hold for a form to be in it; none: a digit of any script."""


def canonical_terms(text: str) -> Iterator[CanonicalTerm]:
    """Every number, article, date and docket of `text` in its canonical form."""
    # Looked up once, since several of the forms need a digit.
    has_digit = _DIGIT.search(text) is not None
    for needs, find in _FORMS:
        # Most passages hold none; a character is found sooner than a pattern.
        if all(
            has_digit if need is _ANY_DIGIT else any(map(text.__contains__, need)) for need in needs
        ):
            yield from find(text)


def find_dockets(text: str) -> Iterator[CanonicalTerm]:
    """The docket numbers of a folded text, in canonical form."""
    for start, end, term in canonical_terms(text):
        if term.startswith("docket:"):
            yield start, end, term
    # Same length as the text, so that spans stay right.
    plain = re.sub(r"[\[\]()]", " ", text)
    for match in _FOREIGN_DOCKET.finditer(plain):
        yield match.start(), match.end(), match[0].replace(":", "-")


def _dates(text: str) -> Iterator[CanonicalTerm]:
    """A day, and what it is part of: its month, and the same day of any year."""
    for date in find_mentions(text):
        span = date.start, date.end
        if date.year is not None:
            year = f"{date.year:04}"
            # A year that is written in digits is found by the form for amounts already.
            if year not in text[date.start : date.end]:
                yield *span, year
            yield *span, f"date:{year}-{date.month:02}"
        if date.day is not None:
            yield *span, f"date:--{date.month:02}-{date.day:02}"
            if date.year is not None:
                yield *span, f"date:{date.iso}"


def _years(text: str) -> Iterator[CanonicalTerm]:
    for start, end, year in find_years(text):
        yield start, end, str(year)


def _article(match: re.Match[str]) -> Iterator[str]:
    value = parse_number(match["n"])
    if value:
        branch = parse_number(match["branch"]) if match["branch"] else None
        yield f"{ARTICLE}{value}" + (f"-{branch}" if branch else "")


def _amount(match: re.Match[str]) -> Iterator[str]:
    # Decimal: 0.07 * 100 as floats is 7.000000000000001, which would be another term.
    value = Decimal(match["n"].replace(",", ""))
    for unit in re.findall("[万亿百千]", match["units"] or ""):
        value *= SCALES[unit]
    value *= _ENGLISH_UNITS.get(match["english"] or "", 1)
    yield _plain(value) + ("%" if match["percent"] else "")


def _han_amount(match: re.Match[str]) -> Iterator[str]:
    value = parse_number(match["n"])
    if value is not None:
        yield f"{value}%" if match["percent"] else str(value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _docket(match: re.Match[str]) -> Iterator[str]:
    # Brackets, spaces and 第 differ from court to court; the rest of the number does not.
    yield "docket:" + re.sub(r"[()\[\]〔〕\s第号]", "", match[0])


_SMALL = rf"(?:\d{{1,2}}|{HAN_NUMBER}{{1,3}})"
_HAN = f"[{HAN}]"

_DIGIT = re.compile(r"\d")
_ANY_DIGIT: Need = ()
_Finder = Callable[[str], Iterator[CanonicalTerm]]


def _matching(terms: Callable[[re.Match[str]], Iterator[str]], *pattern: str) -> _Finder:
    """A finder of the terms of every match of a pattern."""
    compiled = re.compile("".join(pattern))

    def find(text: str) -> Iterator[CanonicalTerm]:
        for match in compiled.finditer(text):
            for term in terms(match):
                yield match.start(), match.end(), term

    return find


_FORMS: tuple[tuple[tuple[Need, ...], _Finder], ...] = (
    (
        # Bounds on all numbers: a run of a thousand digits must not cost quadratic time.
        (("第",), ("条",)),
        _matching(
            _article,
            rf"第\s?(?P<n>\d{{1,5}}|{HAN_NUMBER}{{1,8}})\s?条",
            rf"(?:之(?P<branch>{_SMALL}))?",
        ),
    ),
    (
        (("art", "§"), _ANY_DIGIT),
        _matching(
            _article,
            r"(?:\b(?:articles?|arts?\.?)\s?|§{1,2}\s?)(?P<n>\d{1,5})(?:-(?P<branch>\d{1,2})\b)?",
        ),
    ),
    ((), _dates),
    ((("年",),), _years),
    (
        (_ANY_DIGIT,),
        _matching(
            _amount,
            r"(?P<n>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d{1,6})?|\d{1,40}(?:\.\d{1,6})?)",
            r"(?:\s?(?P<units>[百千]?[万亿]+)|\s(?P<english>hundred|thousand|million|billion)\b",
            r"|\s?(?P<percent>%|percent\b|per cent\b))?",
        ),
    ),
    ((), _matching(_han_amount, rf"(?P<percent>百分之)?(?P<n>{HAN_NUMBER}{{2,16}})")),
    (
        # 民国 years have two or three digits, and 年度 stands after them.
        (_ANY_DIGIT, ("号",)),
        _matching(
            _docket,
            r"[(\[〔]?\s?(?:[12]\d{3}|\d{2,3}年度?)\s?[)\]〕]?\s?",
            rf"{_HAN}{{1,3}}\d{{0,4}}{_HAN}{{0,5}}(?:\({_HAN}{{1,3}}\))?{_HAN}{{0,5}}",
            r"\s?第?\s?\d{1,7}(?:-\d{1,3})?\s?号",
        ),
    ),
)

# A court of appeals' 22-1305, a district court's 17-cv-02989, and neutral ones: 2019 ukpc 12.
_FOREIGN_DOCKET = re.compile(r"\b\d{1,2}[-:]\d{3,6}(?:-[a-z]{2,4})?\b|\b\d{4} [a-z]{3,6} \d{1,5}\b")

CITED = "law:"
"""Prefix of the terms of articles that are cited with their law."""
ARTICLE = "art:"
"""Prefix of the terms of articles by their numbers."""

_KINDS = "法|典|条例|规定|规则|办法|细则|解释|决定|通则|纲要|修正案"
_LONGEST = 60
_EDITION = r"(?:\([^()]{1,20}\))?"
_CITED = re.compile(
    rf"(?:《(?P<quoted>[^《》\n]{{2,{_LONGEST}}})》|(?<![{HAN}])(?P<bare>[{HAN}]{{1,{_LONGEST}}}(?:{_KINDS})))"
    rf"{_EDITION}\s?第\s?(?P<n>\d{{1,5}}|{HAN_NUMBER}{{1,8}})\s?条"
    rf"(?:之(?P<branch>\d{{1,2}}|{HAN_NUMBER}{{1,3}}))?"
)
_LEADING_IN = re.compile(r"^.*(?:根据|依据|依照|按照|违反|参照|请问|什么是)(?=.{2})")
_ISSUER = re.compile(
    r"^(?:中华人民共和国|最高人民法院|最高人民检察院|国务院|我国|中国|现行|关于|[、和与])+(?=.{2})"
)
# A book of a code that is a document of its own is cited by the code's name.
_BOOK = rf"(?:·[{HAN}]{{1,10}})?"
_TITLE = re.compile(
    rf"[《]?(?P<name>[{HAN}]{{1,{_LONGEST}}}(?:{_KINDS})){_BOOK}(?:{_EDITION}){{0,2}}[》]?"
)


def cited(text: str) -> Iterator[CanonicalTerm]:
    """Each article cited with its law's name: its span and its term."""
    if "条" not in text:  # most passages cite none
        return
    for match in _CITED.finditer(text):
        value = parse_number(match["n"])
        if value:
            branch = parse_number(match["branch"]) if match["branch"] else None
            name = match["quoted"] or _LEADING_IN.sub("", match["bare"])
            suffix = f"-{branch}" if branch else ""
            yield match.start(), match.end(), f"{CITED}{_short(name)}:{value}{suffix}"


def titled(title: str, pin: str) -> str:
    """The citation that a passage itself is, folded: `pin` of the law that `title` names."""
    law = _TITLE.fullmatch(fold(title).text.strip())
    return f"《{law['name']}》{fold(pin).text}" if law else ""


def work(title: str) -> str:
    """The law whose article a title names, as people cite it; else the title."""
    for _, _, term in cited(fold(title).text):
        return term.removeprefix(CITED).rpartition(":")[0]
    return title


def _short(name: str) -> str:
    """A law's name without issuer, edition and signs, as people cite it."""
    return _ISSUER.sub("", re.sub(rf"\([^()]*\)|[^{HAN}]", "", name))

"""The figure, date or name that a question asks for, where a sentence holds exactly one.

Two of a kind would need to be understood to be told apart, so then nothing is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.language.dates import MONTH_NAME
from corpus.language.lengths import Span
from index.text.normalize import fold

_HAN = "[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
_DIGITS = r"\d[\d,]{0,30}(?:\.\d{1,12})?"
_NUMBER = (
    rf"(?:{_DIGITS}(?:\s?[万亿千百]\s?{_DIGITS}){{0,4}}(?:\s?[万亿千百])?"
    rf"|{_HAN}{{1,12}}(?:点{_HAN}{{1,12}})?)"
)
_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty"
    "|forty|forty-six|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
)
_LONG = rf"(?:(?:{_WORDS})(?:[ -](?:{_WORDS})){{0,8}}(?:\s?\(\d{{1,9}}\))?|\d{{1,12}})"
_YEAR = (
    r"(?:(?:民国)\s?)?"
    rf"(?:\d{{2,4}}|[〇零一二三四五六七八九]{{4}}|{_HAN}{{1,3}})\s?年(?!度?[以内]|[级龄来间])"
)
_DATE = re.compile(
    rf"{_YEAR}(?:\s?(?:\d{{1,2}}|{_HAN}{{1,3}})\s?月(?:\s?(?:\d{{1,2}}|{_HAN}{{1,3}})\s?[日号])?)?"
    rf"|(?:\d{{1,2}}|{_HAN}{{1,3}})\s?月\s?(?:\d{{1,2}}|{_HAN}{{1,3}})\s?[日号]"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:{MONTH_NAME})\b(?:,?\s\d{{4}})?"
    rf"|\b(?:{MONTH_NAME})\b(?:\s\d{{1,2}}(?:st|nd|rd|th)?)?(?:,?\s\d{{4}})?(?=\W|$)(?<=\d)"
    r"|\b[12]\d{3}[-/.]\d{1,2}[-/.]\d{1,2}\b|(?<![\d,.])(?:1[5-9]|20)\d\d(?![\d,.]*\d"
    r"|\s?[元万个名人户%])"
)
_PERIOD = re.compile(
    rf"{_NUMBER}\s?(?:个?半?月|周年|年|个?星期|周|个?(?:工作)?日|天|个?小时|分钟)(?![\d零〇])"
    rf"|\b{_LONG}[\s-](?:business |calendar |working |consecutive )?(?:years?|months?|weeks?|days?"
    rf"|hours?|minutes?)\b"
)
_MONEY = re.compile(
    rf"(?:人民币|新台币|新臺幣|港币|港元|美元|欧元)?\s?{_NUMBER}\s?(?:余|多)?\s?(?:美|港|欧"
    rf"|日)?(?:元|圆|英镑|倍)(?:\d{{1,4}}角)?(?:整)?"
    r"|(?:(?:us|hk|nt|s|a)?\$|[£€¥]|\b(?:usd|eur|gbp|rmb|cny|hkd|twd"
    r"|sgd)\s?)\s?\d[\d,]{0,30}(?:\.\d{1,12})?(?:\s(?:million|billion|thousand))?"
    r"|\b\d[\d,]{0,30}(?:\.\d{1,12})?\s(?:million |billion )?(?:dollars|pounds|euros|yuan|usd|eur"
    r"|gbp|rmb|cny|hkd|twd)\b"
)
_PERCENT = re.compile(
    rf"\d[\d.]{{0,15}}\s?[%‰]|百分之{_HAN}{{1,12}}(?:点{_HAN}{{1,12}})?"
    rf"|{_HAN}{{1,12}}分之{_HAN}{{1,12}}|\b\d[\d.]{{0,15}}\sper\s?cent\b"
)
_COUNT = re.compile(
    rf"(?<![a-z\d.,]){_DIGITS}(?:\s?[万亿千百])?\s?(?:余|多)?(?![\d.,]|\s?[年月日条款%])[一-鿿]?"
    rf"|{_HAN}{{1,12}}(?:余|多)?[个名人次条件位家项包岁票倍种张份间套辆台艘箱户块只队]"
    rf"|\b(?:{_WORDS})(?:[ -](?:{_WORDS})){{0,8}}\b"
)
_UNIT = re.compile(r"(?:多少|几多?)([一-鿿])")
_ARTICLE = re.compile(r"第\s?\S{1,8}\s?[条款项章节号届]")
_COUNSEL = re.compile(
    r"(?:代\s{0,8}理\s{0,8}人"
    r"|辩\s{0,8}护\s{0,8}人)(?:\([^()]{1,20}\))?\s{0,8}[:,]?\s{0,8}(?P<name>[一-鿿·]{2,4})(?=[,、。;\s律]|$)"
    r"|(?P<lawyer>[一-鿿]{2,4})律师(?!事务所)"
)
_JUDGE = re.compile(
    r"(?:审\s{0,8}判\s{0,8}[长员]|法\s{0,8}官"
    r"|书\s{0,8}记\s{0,8}[员官])\s{0,8}:?\s{0,8}(?P<name>[一-鿿](?:\s{0,2}[一-鿿]){1,3})"
    r"|(?P<judge>\b(?:mr |mrs |ms |lord |lady )?justice [a-z][a-z'-]+|\bjudge [a-z][a-z'-]+)"
)


@dataclass(frozen=True, slots=True)
class ValueKind:
    """A kind of value: how it is asked for, and how it is written. Both of folded text."""

    asked: re.Pattern[str]
    written: re.Pattern[str]


_KINDS = (
    ValueKind(
        re.compile(
            r"(?:谁|哪[一位个]|哪些|什么人|名字|叫什么|\bwho\b|\bname\b).{0,12}(?:律师|代理人"
            r"|辩护人|counsel|lawyer|attorney)"
            r"|(?:律师|代理人|辩护人|counsel|lawyers?|attorneys?).{0,8}(?:谁|哪[一位个]|名字"
            r"|叫什么|\bwho\b|$)|\bwho represent"
        ),
        _COUNSEL,
    ),
    ValueKind(
        re.compile(
            r"(?:谁|哪[一位个]|名字|\bwho\b|\bwhich\b).{0,10}(?:法官|审判长|审判员|书记员"
            r"|\bjudges?\b|\bjustice\b)"
            r"|(?:法官|审判长|审判员|书记员|\bjudges?\b).{0,6}(?:谁|哪[一位个]|名字|$)"
            r"|\bwho (?:decided|heard|wrote)\b"
        ),
        _JUDGE,
    ),
    ValueKind(
        re.compile(
            r"(?:多少|几多|几)(?:年|个月|天|日|小时|个?星期|周)|几[年天日]|多久|多长时间|几耐|期限"
            r"|时效|期间|冷静期|\bhow (?:long|soon)\b"
            r"|\bhow many (?:years|months|weeks|days|hours)\b|\b(?:deadline|time limit|limitation"
            r"|notice period|term)\b"
        ),
        _PERIOD,
    ),
    ValueKind(
        re.compile(
            r"何时|何年|何月|何日|什么时候|什么时间|几时|几[月号]|哪一?[年天月日]|边日|日期|年份"
            r"|几年(?:几月)?(?:开始|出生|成立)|\bwhen\b"
            r"|\b(?:what|which) (?:year|date|day)\b|\bdate of\b"
        ),
        _DATE,
    ),
    ValueKind(
        re.compile(
            r"百分之?几|百分比|比例|几成|利率|税率|\bpercent\w*|\bwhat (?:share|proportion|rate)\b"
        ),
        _PERCENT,
    ),
    ValueKind(
        re.compile(
            r"多少(?:钱|元|块)|几钱|金额|价[格钱]|费用|几倍"
            r"|[赔罚付收还欠骗退给花]了?\S{0,4}(?:多少|几多)|罚[款金]\S{0,4}(?:多少|几)"
            r"|(?:费|金|款|额|损失)\S{0,6}(?:多少|几多|几)|拿\S{0,2}多少|\bhow much\b|\bamount\b"
            r"|\bprice\b|\bfines?\b|\bpenalty\b|\bdamages\b|\bcap\b"
        ),
        _MONEY,
    ),
    ValueKind(
        re.compile(r"多少|几(?!乎)|人数|数量|\bhow (?:many|often|old)\b|\bnumber of\b"), _COUNT
    ),
)
"""The narrowest first: the first kind that a question asks for is the one that is looked for."""


@lru_cache(maxsize=256)
def asked_value(question: str) -> ValueKind | None:
    """The kind of value that a folded question asks for; None where it asks for none."""
    return next((kind for kind in _KINDS if kind.asked.search(question)), None)


def find_value(text: str, span: Span, core: Span, question: str) -> Span | None:
    """The one value of the kind that a folded question asks for in `text[span]`, if it is alone.

    `core`, within it, is looked at first, since the list around an item has other values. What
    the question itself says was not asked for. Returns a span of `text`.
    """
    kind = asked_value(question)
    if kind is None:
        return None
    for start, end in dict.fromkeys((core, span)):
        values = _of_unit(list(_values(text, start, end, kind, question)), question)
        if values:
            return values[0][:2] if len({value for _, _, value in values}) == 1 else None
    return None


def _of_unit(values: list[tuple[int, int, str]], question: str) -> list[tuple[int, int, str]]:
    """Of several values those with the unit that a question asks for: 多少户 -> 12户."""
    unit = _UNIT.search(question)
    return [value for value in values if unit and unit[1] in value[2]] or values


def _values(
    text: str, start: int, end: int, kind: ValueKind, question: str
) -> Iterator[tuple[int, int, str]]:
    """Each value's span in `text`, and how it is written when folded."""
    folded = fold(text[start:end])
    articles = [match.span() for match in _ARTICLE.finditer(folded.text)]
    for match in kind.written.finditer(folded.text):
        group = match.lastgroup or 0
        first, last = match.span(group)
        is_article = any(first < stop and begin < last for begin, stop in articles)
        bare = re.sub(r"\s", "", match[group])
        if first < last and not is_article and bare not in re.sub(r"\s", "", question):
            begin, stop = folded.span(first, last)
            yield start + begin, start + stop, bare

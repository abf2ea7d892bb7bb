"""What kind of answer a question expects, and whether a text shows one of that kind.

When -> dates, how much -> amounts, who -> people, why -> reasons, what is -> definitions, where ->
places. Words alone decide: a text that shows a date need not hold the one that was asked for.
Expects folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpus.language.dates import MONTHS


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A kind of answer: how it is asked for, and how it shows in a text."""

    name: str
    asked: re.Pattern[str]
    shown: re.Pattern[str]


def _kind(name: str, asked: str, shown: str) -> AnswerKind:
    return AnswerKind(name, re.compile(asked), re.compile(shown))


_DIGIT = "[一二两三四五六七八九十百千万亿]"
_MONTH = rf"\b(?:{'|'.join(MONTHS).lower()})\b"

ANSWER_KINDS: tuple[AnswerKind, ...] = (
    _kind(
        "date",
        r"何时|何年|何月|何日|什么时候|时间|几[年月日天点]|哪一?[年天月日]|日期|年份|多久|多长时间|期限|朝代"
        r"|\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|century)\b|\bhow long\b",
        rf"\d{{1,4}}\s?(?:年|月|日|世纪|天|小时)|[〇零]?{_DIGIT}+(?:年|月|日|世纪|天|小时)"
        rf"|\b(?:1\d|20)\d\d\b|{_MONTH}|\d+ (?:years?|months?|days?|hours?|weeks?)\b",
    ),
    _kind(
        "amount",
        r"多少|几(?!乎)|多[高大远长重快]|百分之几|比例|数量|人数|金额|面积|比数"
        r"|\bhow (?:much|many|old|far|tall|high|large|big|often|fast)\b"
        r"|\bwhat (?:percent\w*|number|amount|share|fraction|price|sum)\b",
        rf"\d|{_DIGIT}+(?:个|名|人|次|倍|元|分|成|种|位|家|座|米|公里|平方|万|亿)|半数"
        r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|half)\b",
    ),
    _kind(
        "person",
        r"谁|何人|哪一?位|什么人|哪个人|什么名字|\bwho\b|\bwhom\b|\bwhose\b",
        r"[一-鿿]·[一-鿿]|教授|律师|法官|院长|主任|总统|皇帝|国王|作家|先生|女士|博士|将军|主席|总理|原告|被告"
        r"|\b(?:mr|ms|mrs|dr|professor|judge|president|king|queen|emperor|lawyer|founder)\b",
    ),
    _kind(
        "reason",
        r"为什么|为何|原因|为啥|何以|理由|\bwhy\b|\bwhat (?:caused|reasons?)\b|\breasons?\b",
        r"因为|由于|因此|所以|原因|鉴于|导致|为了|理由|故而"
        r"|\b(?:because|due to|since|reasons?|therefore|so that|in order|caused?|hence)\b",
    ),
    _kind(
        "definition",
        r"什么是|是什么(?!时候|地方|人)|何谓|定义|是指|指什么|含义|意思"
        r"|\bwhat (?:is|are) (?:an?|the)\b|\bmean(?:s|ing)?\b|\bdefin",
        r"是指|指的是|称为|所称|又称|即为|是一|是[^。，]{0,25}的(?:合同|行为|权利)"
        r"|\brefers? to\b|\bis an?\b|\bdefined\b|\bknown as\b|\bmeans\b",
    ),
    _kind(
        "place",
        r"哪里|哪儿|何处|何地|在哪|哪边|什么地方|哪一?个?(?:国|省|市|城|州|地|县|区|洲|岛|河)"
        r"|\bwhere\b|\b(?:what|which) (?:city|country|state|place|river|region|island)\b",
        r"[位处座]于|省|市|县|州|国|岛|区|河|山|\b(?:located|city|country|state|river|island|north"
        r"|south|east|west)\b",
    ),
)


@lru_cache(maxsize=256)
def expected_kinds(question: str) -> tuple[bool, ...]:
    """Of which kinds, in the order of `ANSWER_KINDS`, a question expects its answer."""
    return tuple(kind.asked.search(question) is not None for kind in ANSWER_KINDS)

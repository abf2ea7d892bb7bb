"""Which words of a text are names? People by surname, Latin names by their capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import rjieba

from corpus.language.dates import MONTHS
from corpus.language.scripts import HAN, HAN_RUN
from index.query.asking import Span, find_asking
from index.text.stopwords import ENGLISH

_AFTER_NAME = re.compile(r"(?:案件?|诉|与|和|跟|判)$")
SURNAMES = frozenset(
    "丁万上东严丰乌乐乔乜习于云井仇从付仝代令仰仲任伊伍伏何余侯俞倪傅储元充党全公关养冀冉农冯"
    "冷凌凤刁刘利别劳勾包匡区华卓单卜卞卢卫印危厉厍双古台史叶司吉后向吕吴周和咸唐喻国堵夏夔奚"
    "姚姜姬娄孔孙孟季宁宇安宋宓宗宣宦宫宰家容宿寇富寿封尉尚尤尹居屈屠山岑岳崔嵇巢左巩巫巴师席"
    "常干平幸广庄应庞康庾廉廖弓弘张强彭徐怀惠慎慕戈戎成戚戴房扈扶支敖文方於施时昌明易昝晁晏景"
    "暨暴曲曹曾朱权李杜束杨杭松林柏查柯柳柴栾桂桑桓梁梅樊欧步武殳段殷毋毕毛水江池汤汪汲沃沈沙"
    "洪浦涂温游湛滑滕满潘濮焦熊燕牛牧狄王班璩甄甘田申白皮益盖盛相瞿石祁祖祝禄禹秋秦程穆空窦章"
    "童竺符简管籍米糜索红纪练终经缪罗羊羿翁翟耿聂肖胡胥能臧舒艾芮花苍苏苗范茅茹荀荆荣莘莫萧葛"
    "董蒋蒙蒯蒲蓝蓟蓬蔚蔡蔺薄薛虞融衡袁裘裴褚覃解訾詹计许诸谈谢谭谷贝贡贲费贺贾赖赵越路车辛边"
    "连逄通逯邓邢那邬邱邴邵邹郁郎郏郑郗郜郝郦郭都鄂酆金钟钭钮钱长闫闵闻阎阙阚阮阴陆陈陶隆隗雍"
    "雷霍靳鞠韦韩韶项须顾颜饶马骆高魏鱼鲁鲍麻黄黎齐龙龚"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,7}s?")
_NO_NAMES = frozenset(MONTHS) | frozenset(
    """
    Article Articles Art Section Sections Sec Clause Schedule Chapter Part Rule Act Law Code
    Agreement Contract Court Judge Plaintiff Defendant Claimant Respondent Appellant Appellee
    Tribunal English Chinese China Taiwan Taiwanese American British PRC ROC UK US USA EU I
    """.split()
)
"""Capitalised words that name no one: a scope that lacks them lacks nothing that was asked for."""


_BEFORE_CASE = re.compile(rf"[{''.join(sorted(SURNAMES))}][{HAN}]{{1,2}}(?=案|诉)")


def find_people(text: str, names: Iterable[Span] = ()) -> list[Span]:
    """Where a folded question names people by a Chinese name, apart from `names`."""
    # Words that ask are taken out first: in 陈立新判几年 the name would take 判 along.
    characters = list(text)
    for start, end in (*find_asking(text), *names):
        characters[start:end] = " " * (end - start)
    bare = "".join(characters)
    return [
        (run.start() + start, run.start() + end)
        for run in HAN_RUN.finditer(bare)
        for start, end in people_spans(run[0])
    ]


def people_spans(run: str) -> Iterator[Span]:
    """Where a Han run names people, as its parts of speech give them."""
    before_case = _BEFORE_CASE.match(run)
    if before_case and not rjieba.has_word(before_case[0]):
        yield before_case.span()
        for first, last in people_spans(run[before_case.end() :]):
            yield before_case.end() + first, before_case.end() + last
        return
    start = end = 0
    for word, tag in (*rjieba.tag(run), ("", "")):
        if tag.startswith("nr") and end - start + len(word) <= 4:
            end += len(word)
            continue
        bare = _AFTER_NAME.sub("", run[start:end])
        if 2 <= len(bare) <= 4 and bare[0] in SURNAMES:
            yield start, start + len(bare)
        if tag.startswith("nr"):
            start, end = end, end + len(word)
        else:
            start = end = end + len(word)


def find_capitalised(text: str) -> Iterator[Span]:
    """Where a question as written has Latin names: capitals inside a sentence, or an acronym.

    A question that is all capitals, or has a capital on every word, tells nothing by them.
    """
    words = re.findall(r"[A-Za-z]{2,}", text)
    if len(words) > 1 and all(word[0].isupper() for word in words):
        return
    for match in re.finditer(r"[A-Za-z][\w'’-]*\w", text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        first = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!:;"
        if not word[0].isupper() or word in _NO_NAMES or word.casefold() in ENGLISH:
            continue
        # The first word of a sentence is a capital anyway: only its form can tell.
        if _ACRONYM.fullmatch(word) or not first or re.search(r"[a-z][A-Z]", word):
            yield match.start(), match.start() + len(word)

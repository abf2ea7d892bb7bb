"""Which words of a text are names? People by surname and part of speech, Latin names by capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import rjieba

from corpus.language.dates import MONTHS
from corpus.language.scripts import HAN, HAN_RUN
from index.query.asking import Span, find_asking
from index.text.analyzer import stem
from index.text.stopwords import ENGLISH
from index.vocabulary.neighbours import shipped

_AFTER_NAME = re.compile(r"(?:案件?|诉|与|和|跟|判)$")
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单"
    "杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁"
    "仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍"
    "璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越"
    "夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公闫肖代付区岳覃涂练仝上司诸尉令钟宇长"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,7}s?")
_NO_NAMES = frozenset(
    {*MONTHS, *"Article Articles Art Section Sections Sec Clause Schedule Chapter Part Rule Act Law".split(),
     *"Code Agreement Contract Court Judge Plaintiff Defendant Claimant Respondent Appellant".split(),
     *"Appellee Tribunal English Chinese China Taiwan Taiwanese American British PRC ROC UK US USA EU".split(),
     *"I".split()}
)  # fmt: skip
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
        if _ACRONYM.fullmatch(word) or not (first and is_common_word(word.casefold())):
            yield match.start(), match.start() + len(word)


def is_common_word(word: str) -> bool:
    """Whether a small Latin word is one of the language, which a text may hold by accident."""
    return bool(shipped().within(stem(word)))

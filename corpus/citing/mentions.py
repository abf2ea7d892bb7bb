"""Which articles, clauses and paragraphs does a text mention?  前条, 本法第三条, clause 1.1, [46].

A mention is read as a path of numbers, as pins are: 第三十九条第二款 and `Article 39(2)` are both
39, 2. Whether the document has such a place is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from corpus.citing.schedules import find_schedules
from corpus.language.numerals import HAN_ORDINAL, parse_number, parse_roman
from corpus.language.scripts import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NumberPath: TypeAlias = tuple[str, ...]
Word: TypeAlias = Literal["article", "section", "clause", "rule", "paragraph", "schedule"]
"""What a place is called; Chinese 条 is an article, 附件 and Annex are schedules."""

_NUMBER: Final = rf"(?:[{HAN_ORDINAL}]+|\d+)"
_BELOW: Final = rf"(?:第\s?[（(]?{_NUMBER}[）)]?\s?[款项項目])"
_STEP: Final = re.compile(rf"第\s?[（(]?(?P<number>{_NUMBER})[）)]?\s?[款项項目]")
_ARTICLE: Final = re.compile(
    rf"第\s?(?P<number>{_NUMBER})(?:\s?[-－–]\s?(?P<dash>\d+))?\s?[条條](?![约約件款])"
    rf"(?:\s?之\s?(?P<of>{_NUMBER}))?(?P<below>{_BELOW}*)"
)
_RELATIVE: Final = re.compile(
    rf"(?P<which>前|本|同|次|下)(?P<count>[一二两兩三四五]|\d)?(?P<unit>[条條款项項])(?P<below>{_BELOW}*)"
    rf"(?![{HAN}]?[件约約款目项項])"
)
_BARE_BELOW: Final = re.compile(rf"(?<![条條款项項\d]){_BELOW}+")
_LAW: Final = (
    "法|法典|条例|條例|规则|規則|细则|細則|办法|辦法|解释|解釋|规定|規定|通则|通則"
    "|合同|协议|契約|協議|章程"
)
_LAW_BEFORE: Final = re.compile(
    rf"(?:《(?P<marked>[^《》\n]{{1,60}}(?:〈[^〈〉]{{0,60}}〉[^《》\n]{{0,30}})?)》(?:[（(][^（）()\n]{{0,30}}[）)])?"
    rf"|(?P<plain>[{HAN}]{{0,20}}(?:{_LAW})))\s?\Z"
)
_OWN_LAW: Final = re.compile(
    r"本(?:法典|法|条例|條例|规[则定]|規[則定]|细则|細則|办法|辦法|解释|解釋|合同|协议|契約|協議|章程)\Z"
)
_JOINED: Final = re.compile(
    r"(?:前段|[后後]段|但[书書]|各款|各[项項]|本文)?\s*(?:、|，|,|和|及|与|與|或|至|以及|或者|到|～|-|—)\s*"
)
_SAME_LAW: Final = re.compile(r"(?:同|[该該])法\Z")

_WORDS: Final[dict[str, Word]] = {"a": "article", "s": "section", "§": "section", "c": "clause",
                                  "r": "rule", "p": "paragraph"}  # fmt: skip
# 15-1 was inserted after 15, in laws of Taiwan; 6-7 is a range.
_FIGURE: Final = (
    r"\d{1,4}(?:-\d{1,3}(?![\d-]))?[A-Z]{0,2}(?:\.\d{1,3}[A-Z]?)*(?:\([A-Za-z0-9]{1,5}\))*"
)
_LATIN: Final = re.compile(
    r"(?<![\w’'.-])(?P<word>[Ss]ections?|SECTIONS?|ss?\.?|[Aa]rticles?|ARTICLES?|[Aa]rts?\.?|[Cc]lauses?|cll?\.?"
    rf"|[Rr]ules?|[Pp]aragraphs?|[Pp]aras?\.?|§§?)\s?(?P<list>(?:{_FIGURE}|[IVXLC]{{1,6}}\b)"
    rf"(?:(?:,|,? (?:and|or|to|through)|\s?[–-])\s?{_FIGURE})*)"
)
_ITEM: Final = re.compile(rf"{_FIGURE}|[IVXLC]{{1,6}}\b")
_NAMED_AFTER: Final = re.compile(
    r"\s(?:of|in|to|under)\s(?P<own>this|the (?:present|same))?\s?(?:the\s)?"
    r"(?P<name>(?:[A-Z][\w’'()-]*)(?:\s(?:[A-Z][\w’'()-]*|of|on|and|for|the|\d{4}))*)?"
)
_LAW_NAME: Final = re.compile(
    r"(?P<name>.*?\b(?:Act|Code|Law|Laws|Regulations?|Rules?|Directive|Ordinance|Constitution|Treaty"
    r"|Convention|Agreement|Statute|Decree|Order|Charter|Protocol)(?:\s(?:19|20)\d\d)?)\b"
)
_OWN_NAMES: Final = frozenset(
    "Agreement Act Law Code Regulation Regulations Contract Terms Policy Lease Addendum Deed Rules"
    " Constitution Ordinance Directive".split()
)
_HERE: Final = re.compile(
    r"\s(?:above|below|herein|of (?:this|the present|my) (?:judgment|award))\b"
)
_BRACKETED: Final = re.compile(
    r"(?:\b(?:[Ss]ee|[Ii]n|[Ff]rom|[Pp]aragraphs?|[Pp]aras?\.?)(?: also| at)?)\s"
    r"(?P<list>\[\d{1,4}\](?:(?:,|,? (?:and|to)|\s?[–-])\s?\[\d{1,4}\])*)"
)
# A pinpoint into another case follows its citation: A v B [2001] UKHL 1 at [46].
_OTHER_CASE: Final = re.compile(
    r"\[(?:18|19|20)\d\d\][^.;]{0,60}\Z|\bv\.? [A-Z][^.;]{0,80}\Z|\d [A-Z]{2,} \d+[^.;]{0,30}\Z"
)
_BEFORE: Final = 120


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a text mentions, as a span of it."""

    start: int
    end: int
    word: Word
    path: NumberPath
    """Its numbers, the outermost first; below the asking article where it is `relative`."""
    laws: tuple[str, ...] = ()
    """Names of its law, the likeliest first; none for the text's own document."""
    relative: str = ""
    """前条 is `article -1`, 本条 `article 0`, 前款 `below -1`; else empty."""


def find_mentions(text: str) -> list[Mention]:
    """Every mention in a text, in order; none overlap. Time grows linearly with the text."""
    mentions = [
        *_han_mentions(text),
        *_latin_mentions(text),
        *_bracketed_mentions(text),
        *_schedule_mentions(text),
    ]
    mentions.sort(key=lambda mention: (mention.start, -mention.end))
    apart: list[Mention] = []
    for mention in mentions:
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    return [*_continued(text, apart)]


def _continued(text: str, mentions: Iterable[Mention]) -> Iterator[Mention]:
    """A step that goes on a list belongs where the one before it does: 第一項第二款至第四款."""
    before: Mention | None = None
    for mention in mentions:
        if before and mention.relative == "article 0" and text[mention.start] == "第":
            units = text[before.end - 1] == text[mention.end - 1]
            if (
                units
                and len(mention.path) == 1
                and _JOINED.fullmatch(text[before.end : mention.start])
            ):
                path = (*before.path[:-1], *mention.path)
                before = replace(before, start=mention.start, end=mention.end, path=path)
                yield before
                continue
        before = mention
        yield mention


def _han_mentions(text: str) -> Iterator[Mention]:
    laws: tuple[str, ...] = ()
    last_named: tuple[str, ...] = ()
    end = -1
    for match in _ARTICLE.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        # A list goes on with the law that was named before its first article.
        joined = end >= 0 and _JOINED.fullmatch(text[end : match.start()])
        if not joined:
            laws = last_named if _SAME_LAW.search(before.rstrip()) else _laws_before(before)
        end, last_named = match.end(), laws or last_named
        number = match["dash"] or match["of"]
        first = _figure(match["number"]) + (f"-{_figure(number)}" if number else "")
        path = (first, *_steps(match["below"]))
        yield Mention(match.start(), end, "article", path, laws)
    for match in _RELATIVE.finditer(text):
        yield from _relative_mention(match)
    for match in _BARE_BELOW.finditer(text):
        path = tuple(_steps(match[0]))
        yield Mention(match.start(), match.end(), "article", path, relative="article 0")


def _relative_mention(match: re.Match[str]) -> Iterator[Mention]:
    direction, count = match["which"], _count(match["count"])
    if direction in "本同" and match["count"]:
        return
    step = {"前": -count, "次": 1, "下": 1}.get(direction, 0)
    level = "article" if match["unit"] in "条條" else "below"
    if level == "below" and not step:
        return  # 本款 and 本項 say little, and 本项目 is a project
    path = tuple(_steps(match["below"]))
    yield Mention(match.start(), match.end(), "article", path, relative=f"{level} {step}")


def _laws_before(before: str) -> tuple[str, ...]:
    """The names that stand directly before an article; none where the document means itself."""
    match = _LAW_BEFORE.search(before)
    if not match or _OWN_LAW.search(match[0].strip()):
        return ()
    if match["marked"]:
        return (match["marked"].replace("〈", "《").replace("〉", "》"),)
    name = match["plain"]
    # Where a name begins is not marked: 依照公司法 holds 公司法.
    return tuple(name[at:] for at in range(len(name) - 1))


def _latin_mentions(text: str) -> Iterator[Mention]:
    for match in _LATIN.finditer(text):
        word = _WORDS[match["word"][0].lower()]
        after = text[match.end() : match.end() + _BEFORE]
        # `para 53` is mostly one of a judgment that is discussed.
        is_other = word == "paragraph" and not _HERE.match(after)
        if _is_label(text, match) or is_other:
            continue
        laws = _laws_after(after)
        items = list(_ITEM.finditer(match["list"]))
        for at, item in enumerate(items):
            # The word belongs to the first number: `sections 9 and 10` are two links.
            start = match.start() if at == 0 else match.start("list") + item.start()
            end = match.start("list") + item.end()
            first, _, last = item[0].partition("-")
            if last.isdecimal() and first.isdecimal() and int(first) < int(last):
                middle = start + len(text[start:end]) - len(last)
                yield Mention(start, middle - 1, word, (first,), laws)
                yield Mention(middle, end, word, (last,), laws)
            else:
                yield Mention(start, end, word, number_path(item[0]), laws)


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Whether it opens its line as a heading does, and so names the place itself."""
    opens = not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" #*_\t")
    return opens and bool(re.match(r"\s*(?:[.:—–]|\n|\Z|[-–—]\s|[A-Z“\"])", text[match.end() :]))


def _laws_after(after: str) -> tuple[str, ...]:
    match = _NAMED_AFTER.match(after)
    if not match or match["own"] or not match["name"]:
        return ()
    if match["name"] in _OWN_NAMES:
        return ()
    named = _LAW_NAME.match(match["name"])
    return (named["name"] if named else match["name"],)


def _bracketed_mentions(text: str) -> Iterator[Mention]:
    for match in _BRACKETED.finditer(text):
        if _OTHER_CASE.search(text[max(0, match.start() - _BEFORE) : match.start()]):
            continue
        for item in re.finditer(r"\[(\d{1,4})\]", match["list"]):
            start = match.start("list") + item.start()
            yield Mention(start, start + len(item[0]), "paragraph", (item[1],))


def _schedule_mentions(text: str) -> Iterator[Mention]:
    for start, end, path in find_schedules(text):
        before, after = text[max(0, start - _BEFORE) : start], text[end : end + _BEFORE]
        # 按照合同附件一 names no other document, 《办法》附件一 does.
        laws = _laws_before(before) if before.rstrip().endswith("》") else _laws_after(after)
        yield Mention(start, end, "schedule", path, laws)


def number_path(figure: str) -> NumberPath:
    """`5.3(a)` -> 5, 3, a; `IV` -> 4."""
    if figure.isalpha() and figure.isupper():
        roman = parse_roman(figure.lower())
        return (str(roman),) if roman else (figure,)
    return tuple(re.findall(r"\d+(?:-\d+)?[A-Z]{0,2}|[A-Za-z]+", figure))


def _steps(steps: str) -> Iterable[str]:
    return [_figure(step["number"]) for step in _STEP.finditer(steps)]


def _figure(number: str) -> str:
    return str(parse_number(number))


def _count(number: str | None) -> int:
    return (parse_number(number) or 1) if number else 1


# -- pins ----------------------------------------------------------------------------------------

_PIN_WORD: Final = re.compile(
    r"(?P<part>.*?)(?P<word>Article|Section|Clause|Rule|Art\.|Sec\.|§§?)\s?(?P<figure>.+)"
)


def path_of_pin(pin: str) -> tuple[str, Word, NumberPath, NumberPath] | None:
    """The part of the document, the word, and the first and last path of a pin; None for others."""
    first, _, last = pin.partition("至")
    article = _ARTICLE.match(first)
    if article:
        start = _article_path(article)
        until = _ARTICLE.match(last)
        end = _article_path(until) if until else (*start[: -len(_steps_in(last))], *_steps_in(last))
        return "", "article", start, end if last else start
    if numbers := re.fullmatch(r"\[(\d+)\](?:–\[(\d+)\])?", pin):
        return "", "paragraph", (numbers[1],), (numbers[2] or numbers[1],)
    named = _PIN_WORD.fullmatch(pin)
    if not named:
        return None
    figure, _, until_figure = named["figure"].partition("–")
    start = number_path(re.sub(r"\s.*", "", figure))
    tail = number_path(until_figure.removeprefix("§").strip()) if until_figure else ()
    word = _WORDS[named["word"][0].lower()]
    return named["part"].strip(), word, start, (*start[: max(0, len(start) - len(tail))], *tail)


def _article_path(match: re.Match[str]) -> NumberPath:
    number = match["dash"] or match["of"]
    first = _figure(match["number"]) + (f"-{_figure(number)}" if number else "")
    return (first, *_steps(match["below"]))


def _steps_in(text: str) -> list[str]:
    return list(_steps(text))

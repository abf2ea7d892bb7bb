"""What do the lines above a text's body say?  Title, date, publisher and address of a report.

Nothing found is better than something wrong: only forms that leave no doubt are taken, and the
entries of a chronology are no dates of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.language.dates import find_dates
from corpus.language.numerals import HAN_ORDINAL
from corpus.language.scripts import HAN
from corpus.models import Metadata

# Characters and lines that are looked at: what stands further down is the text itself. Chronologies
# and contents would give false dates and titles there.
_TOP = 4_000
_HEADER_LINES = 12
_LONGEST_HEADER_LINE = 160
_LONGEST_TITLE = 120
_LONGEST_PUBLISHER = 40

# Labels as news sites and gazettes print them; "other" are labels whose value is not used, so that
# `记者：` is not taken for a title.
_LABELS = {
    "title": "标题|標題|题目|題目|题名|題名|title",
    "date": (
        "发布时间|發布時間|發佈時間|发布日期|發布日期|發佈日期|发表时间|發表時間|发表日期|發表日期|刊登日期"
        "|公布日期|成文日期|发文日期|發文日期|时间|時間|日期|date published|publication date"
        "|published|posted|issued|dated|date"
    ),
    "publisher": (
        "文章来源|文章來源|信息来源|資料來源|来源|來源|稿源|出处|出處|发布单位|發布單位|发布机构|發布機構"
        "|发文机关|發文機關|published by|publisher|source"
    ),
    "url": "原文链接|原文連結|原文网址|原文網址|网址|網址|链接|連結|source url|url|link",
    "other": (
        "原标题|原標題|作者|记者|記者|责任编辑|責任編輯|责编|責編|编辑|編輯|关键词|關鍵詞|阅读|浏览|点击|字号|字體"
        "|分类|分類|更新时间|更新時間|author|by|editor|updated|tags|keywords|category|from|to|cc|subject|re"
    ),
}
_LABEL = re.compile(
    r"(?:^|(?<=[\s|｜/,，(（【\[]))(?:"
    + "|".join(rf"(?P<{name}>{words})" for name, words in _LABELS.items())
    + r")\s?[:：]",
    re.IGNORECASE,
)
_DATED = re.compile(r"(?:published|posted|issued|dated|updated)(?: on)?\s+(?=\S)", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"'，。；、）)]{4,500}", re.IGNORECASE)
_TIME = re.compile(
    r"[T\s]{0,40}\b\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:Z|\s?[+-]\d\d:?\d\d)?"
    r"|[（(]?(?:星期|周|週)[一二三四五六日天][)）]?"
    r"|^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"[\s|｜·•/／]+")
_WIDE_GAP = re.compile(r"\s{2,}|[|｜]")
# Includes the ideographic space, no-break space, zero-width space and byte-order mark, which
# Chinese web pages use to indent.
_BLANK = " \t\r\f\v\u3000\u00a0\u200b\ufeff"
_EDGES = " \t\u3000\u00a0|｜·•/／,，-–—()（）[]【】"
_SENTENCE = re.compile(r"[。；，！？…!?;]|\.\s")
# A line that ends so goes on in the next one.
_OPEN_END = tuple("。；;，,、：:…-")
# Names of companies end in a full stop and may be titles.
_FULL_STOP = re.compile(r"(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)\.$")
_NO_TITLE = re.compile(
    r"[^\t]*\t|[-*•>#|·●■]|https?:|www\.|dear\b|尊敬的|\d{1,20}[.、)）]\s|[（(]?["
    + HAN_ORDINAL
    + r"]+[、)）]",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"by\s|文[/／]|(?:作者|记者|記者|通讯员)", re.IGNORECASE)
# `2021年1月1日 施行` is a law's history, not a day and a publisher.
_NO_PUBLISHER = re.compile(
    r"施行|实施|生效|公布|[发發][布佈]|通过|通過|修[正订訂]|批准|[\d:：]|^by\s|^文[/／]|作者|记者|記者|阅读|浏览",
    re.IGNORECASE,
)
_SMALL = frozenset({"of", "the", "and", "for", "in", "&"})
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line above the body: what its labels give, or the one date it names and what is beside."""

    text: str
    following: str
    """The next line, stripped; empty where a blank line or nothing follows."""
    fields: dict[str, str]
    dated: bool = False
    """It names a date without a label, as chronologies do, too."""


def first_lines(text: str) -> Metadata:
    """Title, date, publisher and address, as far as the lines above the body give them."""
    lines = list(_header(text))
    # Two dated lines are a list of events: neither is the date of the document.
    chronology = sum(line.dated for line in lines) > 1
    fields: dict[str, str] = {}
    for line in lines:
        if not (chronology and line.dated):
            fields = line.fields | fields
    title = fields.get("title") or _title(lines, text)
    return Metadata(title, fields.get("date"), fields.get("publisher"), fields.get("url"))


def _header(text: str) -> Iterator[_Line]:
    """The first lines, up to the body: a long line, or one that ends a sentence."""
    raw = [line.strip(_BLANK) for line in text[:_TOP].split("\n")]
    filled = [number for number, line in enumerate(raw) if line][:_HEADER_LINES]
    for number in filled:
        line = raw[number]
        if len(line) > _LONGEST_HEADER_LINE or (len(line) > 40 and line.endswith(("。", "."))):
            return
        following = raw[number + 1] if number + 1 < len(raw) else ""
        yield _labelled(line, following) or _dated(line, following) or _Line(line, following, {})


def _labelled(line: str, following: str) -> _Line | None:
    """`發布時間：2021-02-08 來源：人民網`; a date may stand before the first label."""
    labels = list(_LABEL.finditer(line))
    if not labels:
        return None
    # Text before the first label makes the line a sentence that only looks labelled.
    before = _dated(line[: labels[0].start()].strip(_EDGES), "")
    if line[: labels[0].start()].strip(_EDGES) and not before:
        return None
    fields = before.fields if before else {}
    ends = [label.start() for label in labels[1:]] + [len(line)]
    for label, end in zip(labels, ends, strict=True):
        fields = _value(label.lastgroup or "", line[label.end() : end].strip(_EDGES)) | fields
    return _Line(line, following, fields)


def _value(name: str, value: str) -> dict[str, str]:
    address = _URL.search(value)
    if name == "date":
        dates = find_dates(value)
        return {"date": dates[0].iso} if dates else {}
    if name in {"url", "publisher"} and address:
        return {"url": address[0]}
    if name == "publisher":
        # After a wide gap stands something else, such as a count of views.
        publisher = _WIDE_GAP.split(value)[0].strip(_EDGES)
        fits = (
            publisher and len(publisher) <= _LONGEST_PUBLISHER and not _SENTENCE.search(publisher)
        )
        return {"publisher": publisher} if fits else {}
    return {"title": value} if name == "title" and 0 < len(value) <= _LONGEST_TITLE else {}


def _dated(line: str, following: str) -> _Line | None:
    """A line that is a date, or a date beside a publisher or an author; or an address."""
    address = _URL.fullmatch(line)
    if address:
        return _Line(line, following, {"url": address[0]})
    plain = _TIME.sub(" ", _DATED.sub("", line, count=1)).strip(_EDGES)
    dates = find_dates(plain) if len(plain) <= 80 else ()
    # Two dates are a period or a history, and do not say which one is of publication.
    if len(dates) != 1:
        return None
    (date,) = dates
    before, after = plain[: date.start], plain[date.end :]
    if before and after:
        return None
    beside = (before or after).strip(_EDGES)
    fields = {"date": date.iso}
    if beside:
        apart = _GAP.search((after[:1]) or before[-1:])
        if not apart or not (_AUTHOR.match(beside) or _names_publisher(beside)):
            return None
        if _names_publisher(beside):
            fields["publisher"] = beside
    return _Line(line, following, fields, dated=not _DATED.match(line))


def _names_publisher(text: str) -> bool:
    """A name and no sentence: a few Han characters in one piece, or a few capitalised words."""
    if _SENTENCE.search(text) or _NO_PUBLISHER.search(text):
        return False
    if _HAN.search(text):
        return len(text) <= 16 and not re.search(r"[\s，、]", text)
    words = text.split()
    return len(words) <= 6 and all(word[0].isupper() or word in _SMALL for word in words)


def _title(lines: list[_Line], text: str) -> str | None:
    """The first line that is no label or date, when it stands like a title above what follows."""
    for number, line in enumerate(lines[:3]):
        if line.fields or _LABEL.match(line.text):
            continue
        below = lines[number + 1] if number + 1 < len(lines) else None
        credited = below is not None and bool(below.fields or _AUTHOR.match(below.text))
        apart = not line.following or credited
        more = text.strip(_BLANK) != line.text
        return line.text if more and _titular(line.text) and (apart or _over(line)) else None
    return None


def _titular(line: str) -> bool:
    letters = sum(character.isalnum() for character in line)
    # A Han character tells about as much as two Latin letters.
    longest = _LONGEST_TITLE // 2 if len(_HAN.findall(line)) > 10 else _LONGEST_TITLE
    return (
        letters >= 2
        and len(line) <= longest
        and not line.endswith(_OPEN_END)
        and not _FULL_STOP.search(line)
        and not _NO_TITLE.match(line)
    )


def _over(line: _Line) -> bool:
    """A short Chinese line without a comma, directly over one that is much longer."""
    short = bool(_HAN.search(line.text)) and len(line.text) <= 40
    return short and not re.search(r"[，,]", line.text) and len(line.following) > 2 * len(line.text)

"""Is this a memorandum, an opinion or a letter, on what, and from which day?

A memorandum has `To`, `From`, `Date` and `Re` on lines of their own; a letter greets its reader and
bears a day at its head, in Chinese at its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.models import DocumentFacts, Metadata
from corpus.reading.captions import spell_name
from corpus.reading.opening import Opening, first_day, whole_date

_TITLE_LINES = 8
_HEAD_LINES = 45
# One label alone is found in forms and in e-mails quoted by other documents.
_FEWEST_LABELS = 2
_LONGEST_SUBJECT = 200
_MEMORANDUM = re.compile(
    r"(?:[\w ,&]{0,40}\b)?(?:memorandum|memo|legal opinion|opinion letter|advice)(?: (?:of"
    r"|to) .{1,60})?"
    r"|.{0,30}(?:备忘录|備忘錄|法律意见书|法律意見書|意见书|意見書|签呈|簽呈)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<to>to|attention|致|收件人|受文者)|(?P<from>from|自|由|发件人|發件人|发自)|(?P<date>date|日期|时间)"
    r"|(?P<subject>re|subject|regarding|主题|主題|主旨|事由|关于|關於|标题)|(?P<cc>cc|抄送|client|matter|file)",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"(?:{_LABEL.pattern})\s?[:：]\s?(?P<value>.*)", re.IGNORECASE)
_GREETING = re.compile(
    r"dear\b.{0,80}|to whom it may concern\b.*|(?:ladies and )?gentlemen[:,]?|尊敬的.{0,40}"
    r"|敬启者.{0,10}|敬啟者.{0,10}|.{1,20}(?:先生|女士)台[鉴鑒].*",
    re.IGNORECASE,
)
_OPINION = re.compile("法律意见书|法律意見書")
_LONGEST_HEADLINE = 100
_SENTENCE = re.compile(
    r"[.。；;,，:：!?]\Z|\A\(?\d{1,2}[.)]|\A(?:we|i|further|thank|please|as)\b", re.IGNORECASE
)
_MINUTES = re.compile(
    r"(?:draft )?(?:minutes of|notes of|(?:written )?resolutions? of|minutes"
    r"|unanimous written consent)\b.*",
    re.IGNORECASE,
)
_CHINESE_MINUTES = re.compile(
    r".{0,40}?(?:股东(?:大)?会|董事会|监事会|合伙人会议|股東(?:臨時|常)?會|董事會|债权人会议)?"
    r"(?:决议|決議|会议纪要|會議紀錄|会议记录|議事錄)"
)
_HELD = re.compile(r"\b(?:held|dated|on|date)\b.*", re.IGNORECASE)
_WHEN = re.compile(r"(?:会议)?(?:时间|時間|日期|date)\s?[:：]", re.IGNORECASE)
_MEETING_ENDS = re.compile(r",? (?:held|duly convened)\b.*", re.IGNORECASE)
_CHINESE_LETTER = re.compile(
    r".{0,40}(?:律师函|律師函|催告函|催款函|告知函|通知函|公函|复函|函告|存證信函)"
)


def correspondence(opening: Opening) -> Metadata | None:
    """Subject and day of a memorandum or a letter; None for other texts."""
    return _memorandum(opening) or _letter(opening) or _minutes(opening)


def _minutes(opening: Opening) -> Metadata | None:
    """What a meeting was, of whom and when; the company stands above or below it."""
    top = opening.head[:_TITLE_LINES]
    at = next(
        (
            at
            for at, line in enumerate(top)
            if _MINUTES.fullmatch(line) or _CHINESE_MINUTES.fullmatch(line)
        ),
        None,
    )
    if at is None:
        return None
    title, above = top[at], [line for line in top[:at] if not line.startswith(("(", "（"))]
    days = (first_day(line) for line in opening.head if _WHEN.match(line) or _HELD.search(line))
    day = first_day(title) or next(filter(None, days), None) or _lone_day(opening)
    if not day:
        return None
    title = _MEETING_ENDS.sub("", title)
    company = spell_name(above[-1]) if above and above[-1] not in title else ""
    if _CHINESE_MINUTES.fullmatch(title):
        return Metadata(title=company + title, date=day)
    return Metadata(title=f"{company}: {title}" if company else title, date=day)


def _memorandum(opening: Opening) -> Metadata | None:
    called = next(
        (line for line in opening.head[:_TITLE_LINES] if _MEMORANDUM.fullmatch(line)), None
    )
    labels = _labels(opening)
    opinion = called is not None and _OPINION.search(called) is not None
    if not called or len(labels) < (1 if opinion else _FEWEST_LABELS):
        return None
    subject = labels.get("subject") or (_whole_opinion(opening, called) if opinion else called)
    day = first_day(labels.get("date", "")) or _lone_day(opening)
    return Metadata(title=subject, date=day, facts=DocumentFacts("memorandum"))


def _whole_opinion(opening: Opening, called: str) -> str:
    """关于…的法律意见书 is set on several lines, who gives it above them."""
    above = opening.head[: opening.head.index(called)]
    first = next((at for at, line in enumerate(above) if line.startswith(("关于", "關於"))), None)
    return "".join(above[first:]) + called if first is not None else called


def _letter(opening: Opening) -> Metadata | None:
    head = opening.head[:_HEAD_LINES]
    called = next((line for line in head[:_TITLE_LINES] if _CHINESE_LETTER.fullmatch(line)), None)
    if not called and not any(map(_GREETING.fullmatch, head)):
        return None
    labels = _labels(opening)
    day = first_day(labels.get("date", "")) or _lone_day(opening)
    title = labels.get("subject") or called or _below_greeting(head)
    return Metadata(title=title, date=day, facts=DocumentFacts("letter"))


def _below_greeting(head: Sequence[str]) -> str | None:
    """`Dear Sirs`, then what it is about: British letters set one or two lines in bold there."""
    at = next((at for at, line in enumerate(head) if _GREETING.fullmatch(line)), None)
    subject: list[str] = []
    for line in head[at + 1 : at + 3] if at is not None else ():
        if len(line) > _LONGEST_HEADLINE or _SENTENCE.search(line):
            break
        subject.append(line)
    return ": ".join(subject) or None


def _labels(opening: Opening) -> dict[str, str]:
    """The values of `To:`, `From:`, `Date:`, `Re:`, each as first given."""
    values: dict[str, str] = {}
    for line in opening.head[:_HEAD_LINES]:
        match = _LABELLED.fullmatch(line)
        if match and match["value"].strip():
            name = next(name for name in ("to", "from", "date", "subject", "cc") if match[name])
            values.setdefault(name, match["value"].strip()[:_LONGEST_SUBJECT])
    return values


def _lone_day(opening: Opening) -> str | None:
    """A line that is a day, at the head before it is one at the end."""
    # English letters have the day at the head, Chinese ones at the very end.
    lines = (*opening.head[:_HEAD_LINES], *reversed(opening.tail))
    return next((day for line in lines if (day := whole_date(line))), None)

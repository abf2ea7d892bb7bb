"""Is this a contract or terms, and between whom, from when?

The title calls it an agreement, and the text speaks of itself as one or has its parties as 甲方 and
乙方. The day is the one on which it is dated or takes effect, else the last one beside the
signatures.
"""

from __future__ import annotations

import re

from corpus.language.scripts import HAN
from corpus.models import DocumentFacts, Metadata
from corpus.reading.opening import Opening, first_day, whole_date

# Above the title may stand a number, a logo's text or a date.
_TITLE_LINES = 12
_MOST_PARTIES = 12
# Characters in which the parties and the day stand; further down are other days and names.
_PREAMBLE = 4_000
_MOST_WORDS = 14
_TITLE = re.compile(
    r"(?:.{0,200}\b)?(?:agreements?|contracts?|deeds?|lease|addendum|undertaking|guarant(?:ee|y)"
    r"|polic(?:y|ies)|privacy (?:notice|statement)|statement of work|order form"
    r"|letter of intent"
    r"|memorandum of understanding|promissory note|power of attorney|terms|conditions)\b"
    r"(?: (?:of|for|and|to|between|no\.?|\d)\b.{0,200})?(?: \([^()]{0,200}\))?",
    re.IGNORECASE,
)
_CHINESE_TITLE = re.compile(
    rf"[{HAN}A-Za-z0-9（）()《》、·\-—/]{{0,60}}?(?:合同|协议|協議|合約|契約|契约|意向书|意向書"
    r"|承诺书|承諾書|租约|租約|条款|條款"
    r"|隐私政策|隱私權?政策|隐私声明|个人信息保护政策)"
    r"(?:书|書)?(?:[（(][^（）()]{1,30}[）)])?"
)
_SPEAKS_OF_ITSELF = re.compile(
    r"\b(?:this|these|the following)\s[“\"]?(?:\w+\s){0,4}?(?:agreement|contract|deed|lease|terms"
    r"|addendum|policy|notice|statement)\b|\b(?:we|us)[”\"’]|我们|我們"
    r"|\bthis (?-i:[A-Z]{2,4})\b",  # this DPA, this NDA
    re.IGNORECASE,
)
_CHINESE_ROLE = (
    r"(?:[甲乙丙丁]方|出租方|承租方|出租人|承租人|买方|卖方|買方|賣方|出卖人|买受人|委托方|受托方|委託人|受託人|发包人|承包人|發包人"
    r"|借款人|贷款人|貸款人|出借人|转让方|受让方|许可方|被许可方|保证人|雇主|雇员|用人单位|劳动者|立約人|立合約人|立契約書人)"
)
_CHINESE_PARTY = re.compile(
    rf"{_CHINESE_ROLE}(?:[（(][^）)]{{1,20}}[）)])?\s?[：:]\s?(?P<name>[^\s，,；;：:（(]{{2,60}})"
)
_ROLE = re.compile(_CHINESE_ROLE)
_NAME = (
    r"[A-Z][^,(\n“\"]{1,100}?"
    r"(?:, (?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|N\.A|L\.P|LP|LLP|S\.A|GmbH)\b\.?)?"
)
# What says more of a party stands between its name and the next one's.
_OF_PARTY = r"(?:[,(“\"]|\s(?:whose|of \d|incorporated|registered|a company|acting)\b).{0,500}?"
_BETWEEN = re.compile(
    rf"\b(?i:between|among)\b[:\s]+(?:\(?[1a]\)\s*)?(?P<first>{_NAME})\s*(?:{_OF_PARTY})?"
    rf"\b(?i:and)\b[:\s]+(?:\(?[2b]\)\s*)?(?P<second>{_NAME})\s*(?:{_OF_PARTY}|[.\n]|\Z)",
    re.DOTALL,
)
_DATED = re.compile(
    r"(?:\bdated(?: as)?(?: of)?\b|\b(?:made|entered)(?: and entered)?(?: into)? (?:on|as of"
    r"|this|the)\b"
    r"|\beffective (?:date|as of|on)\b|\bas of\b|[签簽]订日期|簽訂日期|签订时间|签署日期|簽署日期"
    r"|签约日期|簽約日期|订立日期|訂立日期|生效日期)(?P<day>[^\n]{0,80})",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"(?:\blast (?:updated|revised|modified)\b|更新日期|发布日期|發布日期|修订日期|最后更新)"
    r"(?P<day>[^\n]{0,80})",
    re.IGNORECASE,
)
_BARE_TITLE = re.compile(
    r"(?:agreement|deed|contract|lease|share purchase agreement)", re.IGNORECASE
)
_GOES_ON = re.compile(r"(?:for|relating to|of|in respect of|regarding|to)\b.{3,160}")
_CUT_TITLE = re.compile(r"\b(?:of|in|for|the|by|to|and|between)\Z", re.IGNORECASE)
_SIGNED = re.compile(r"(?:date|dated|日期|签署日|簽署日)\s?[:：]?\s?(?P<day>.+)", re.IGNORECASE)


def agreement(opening: Opening) -> Metadata | None:
    """Name, date and parties of a contract; None for other texts."""
    title = next((line for line in _titles(opening) if _is_title(line)), None)
    title = _whole_title(opening, title) if title else None
    preamble = opening.text[:_PREAMBLE]
    roles = [match for line in opening.head if (match := _CHINESE_PARTY.match(line))]
    # Judgments have 合同 in their titles, too; only a contract speaks of itself.
    if not title or not (roles or _SPEAKS_OF_ITSELF.search(preamble)):
        return None
    names = (match["name"] for match in roles if not _ROLE.match(match["name"]))
    parties = tuple(dict.fromkeys(names)) or _between(preamble)
    facts = DocumentFacts("contract", parties=parties[:_MOST_PARTIES])
    return Metadata(title=title, date=_day(opening, preamble), facts=facts)


def _whole_title(opening: Opening, title: str) -> str:
    """`AGREEMENT`, and below it what for: a cover page sets it on several lines."""
    if not _BARE_TITLE.fullmatch(title) or title not in opening.head:
        return title
    lines = [title]
    for line in opening.head[opening.head.index(title) + 1 :][:3]:
        if not (_GOES_ON.fullmatch(line) if len(lines) == 1 else _CUT_TITLE.search(lines[-1])):
            break
        lines.append(line)
    return " ".join(lines)


def _titles(opening: Opening) -> tuple[str, ...]:
    named = (opening.named,) if opening.named else ()
    return (*named, *opening.head[:_TITLE_LINES])


def _is_title(line: str) -> bool:
    if _CHINESE_TITLE.fullmatch(line):
        return True
    return len(line.split()) <= _MOST_WORDS and bool(_TITLE.fullmatch(line.rstrip(":")))


def _between(preamble: str) -> tuple[str, ...]:
    """`by and between A, a company, and B`; nothing where one side is not a name."""
    match = _BETWEEN.search(preamble)
    if not match:
        return ()
    return tuple(" ".join(match[side].split()) for side in ("first", "second"))


def _day(opening: Opening, preamble: str) -> str | None:
    """Dated or effective on, as the preamble says; else the last day beside the signatures."""
    for label in (_DATED, _UPDATED):
        for match in label.finditer(preamble):
            day = first_day(match["day"])
            if day:
                return day
    # A line that is nothing but a day, as letters of intent have it above the text.
    lone = [day for line in opening.head[:12] if (day := whole_date(line))]
    labelled = (_SIGNED.search(line) for line in opening.tail)
    signed = [day for match in labelled if match and (day := first_day(match["day"]))]
    signed += [day for line in opening.tail if (day := whole_date(line))]
    return lone[0] if lone else max(signed, default=None)

"""Is this a decision of a Chinese-speaking court, and which?

Mainland: court, kind of decision and docket number on lines of their own, the date in characters
at the end. Taiwan: court, kind and docket on one line, or the docket on the next; parties in a
column below; the date in years of the Republic where the judges sign. Reports of cases are named
after their parties.
"""

from __future__ import annotations

import re

from corpus.language.numerals import HAN_ORDINAL
from corpus.language.scripts import HAN
from corpus.models import DocumentFacts, Metadata
from corpus.reading.opening import Opening, first_day, whole_date

_TOP_LINES = 14
_LAST_LINES = 40
_KIND = (
    rf"[{HAN}]{{0,14}}?(?:判决书|判決書|裁定书|裁定書|调解书|調解書|决定书|決定書|裁决书|支付令|支付命令"
    r"|(?:宣示)?判決(?:筆錄)?|裁定)"
)
# The panels 大法庭 of the supreme courts are no courts, 花蓮簡易庭 is one.
_COURT_NAME = (
    rf"(?:憲法法庭|[{HAN}]{{2,30}}?(?:法院|憲法法庭)"
    rf"(?:(?![{HAN}]{{0,4}}大法庭)[{HAN}]{{1,6}}(?:分院|法庭|簡易庭))?)"
)
_DOCKET = (
    rf"(?:[（(〔\[](?:19|20)\d\d[)）〕\]][{HAN}（）()\d]{{1,30}}?第?\d{{1,7}}(?:[-之]\d{{1,4}})?[号號](?:之[{HAN_ORDINAL}\d]{{1,3}})?"
    rf"|\d{{2,3}}年(?:度)?[{HAN}]{{1,12}}字第\d{{1,7}}[号號](?:之\d{{1,3}})?)"
)
_HEAD = re.compile(
    rf"(?:审理法院[：:])?(?P<court>{_COURT_NAME})(?P<kind>{_KIND})?(?:公报)?(?P<docket>{_DOCKET})?"
)
_KIND_ALONE = re.compile(_KIND)
_DOCKET_ALONE = re.compile(rf"(?:案号[：:])?(?P<docket>{_DOCKET})")
_GAPS = re.compile(r"[\s\u3000]+")
_AUTHORITY = re.compile(rf"[{HAN}]{{2,40}}(?:局|委员会|委員會|部|厅|廳|府|院|署|处|處|会|會)")
_DECISION = re.compile(
    rf"[{HAN}]{{0,20}}(?:处罚|處罰|复议|行政|处理|訴願|仲裁|强制|赔偿)[{HAN}]{{0,6}}(?:决定书|決定書)"
    r"|(?:仲裁)?(?:裁决书|裁決書|裁决|調解書)|訴願決定書"
)
_ISSUED_AS = re.compile(
    rf"(?:发文字号[：:])?(?P<docket>[{HAN}]{{1,20}}[〔\[（(](?:19|20)\d\d[〕\]）)]第?\d{{1,6}}[号號]"
    rf"|[〔\[（(](?:19|20)\d\d[〕\]）)][{HAN}]{{1,14}}第?\d{{1,6}}[号號])"
)
_PROSECUTION = re.compile(
    rf"(?P<office>[{HAN}]{{2,24}}(?:检察院|檢察院|檢察署))(?:檢察官|检察官)?(?P<paper>[{HAN}]{{2,14}})?\Z"
)
_PROSECUTION_PAPER = re.compile(
    rf"(?:檢察官)?[{HAN}]{{0,8}}?(?:起诉书|起訴書|抗诉书|上訴書|不起诉决定书|不起訴處分書|處分書|量刑建议书|聲請簡易判決處刑書|補充理由書)"
)
_PLEADING = re.compile(
    rf"[{HAN}（）()]{{0,12}}?(?:起诉状|起訴狀|答辩状|答辯狀|上诉状|上訴狀|反诉状|反訴狀|申请书|聲請狀|聲請書|再审申请书|準備書?狀"
    r"|準備書狀|陳報狀|代理词|辩护词|質證意見|质证意见|辯護意旨狀|言詞辯論意旨狀|抗告狀|自诉状|自訴狀)"
    r"(?:[（(][^（）()]{1,12}[）)])?"
)
_ADDRESSED = re.compile("此\\s*致|公\\s*鑒|谨呈|具[状狀]人")
_SIGNED_BY = re.compile(r"审判长|審判長|审判员|審判員|法官|书记员|書記官|仲裁员")
_ROLES = (
    r"(?:再审|再審)?(?:上诉人|被上诉人|上訴人|被上訴人|申请人|被申请人|聲請人|相對人|抗告人|原告|被告人?|原审原告|原审被告"
    r"|自诉人|自訴人|公诉机关|公訴人|第三人|赔偿请求人|当事人|申请执行人|被执行人|債權人|債務人|附带民事诉讼原告人)"
)
# In a column the name stands apart: 原　　　告　張三; in running text a colon or a comma ends it.
_PARTY = re.compile(
    rf"(?P<role>{_ROLES})(?:[（(][^）)]{{1,20}}[）)])?[：:]?"
    rf"(?P<name>[{HAN}A-Za-z×Ｘ○\d·（）().＆& ]{{2,60}}?)"
    r"(?:[，,。；;（(]|$)"
)
_DAY = re.compile(r"[日号號]\Z")
_CERTIFIED = re.compile("正本|原本|書記官")
_CLERK_LINES = 4
_BODY_BEGINS = re.compile(r"上列|主文|判决如下|判決如下|指控|一案|本院(?!认定的)|诉称")
_MOST_PARTIES = 12
_IN_COLUMN = re.compile(r"[人告]\s\S{2,}\Z")
_MORE_NAMES = re.compile(
    rf"[{HAN}]{{2,4}}|[{HAN}（）()]{{3,40}}(?:公司|商號|合作社|協會|委員會)|[{HAN}]{{2,8}}即[{HAN}]{{2,20}}"
)
_CASE_REPORT = re.compile(
    rf"(?P<first>[{HAN}·×\d（）()、]{{2,60}}?)[诉訴](?P<second>[{HAN}·×\d（）()、]{{2,100}}案)"
)
# Where a body's name ends and the cause begins; a natural person's name shows no such end.
_BODY_NAME = re.compile(r".+(?:公司|局|委员会|政府|银行|厂|医院|学校|大学|中心|店|社)")
_REPORT_LINES = 4
_ISSUED = re.compile(r"讨论通过[，,\s]{0,20}(?P<day>[\d年月日 ]{1,40})[发發][布佈]")
_OF_REPORTS = re.compile(r"基本案情|裁判要点|裁判要旨|案情简介|案情回顾|裁判结果|典型意义")


def chinese_judgment(opening: Opening) -> Metadata | None:
    """Name, date, court, docket and parties of a decision; None for other texts."""
    return (
        _prosecution(opening)
        or _judgment(opening)
        or _authority(opening)
        or _case_report(opening)
        or _pleading(opening)
    )


def _prosecution(opening: Opening) -> Metadata | None:
    """A paper of the prosecution: which office, what, under which number."""
    lines = [_GAPS.sub("", line) for line in opening.head[:_TOP_LINES]]
    match = next((match for line in lines[:4] if (match := _PROSECUTION.match(line))), None)
    papers = (match["paper"] if match else None, *lines[:6])
    paper = next((line for line in papers if line and _PROSECUTION_PAPER.fullmatch(line)), None)
    numbers = (_ISSUED_AS.fullmatch(line) or _DOCKET_ALONE.fullmatch(line) for line in lines)
    number = next((number["docket"] for number in numbers if number), None)
    if not match or not paper or not number:
        return None
    return Metadata(
        title=f"{match['office']}{number}{paper}",
        date=_signed(opening.text),
        publisher=match["office"],
        facts=DocumentFacts(
            "decision" if "不起" in paper else "filing",
            match["office"],
            number,
            parties=_parties(opening),
        ),
    )


def _pleading(opening: Opening) -> Metadata | None:
    """A party's own paper: 民事起诉状, 答辯狀, 代理词, with the day on which it is signed."""
    paper = next(
        (line for raw in opening.head[:4] if _PLEADING.fullmatch(line := _GAPS.sub("", raw))), None
    )
    # A form that explains how to write one has no parties.
    parties = _parties(opening)
    if not paper or not (parties or _ADDRESSED.search(opening.text)):
        return None
    return Metadata(
        title=paper,
        date=_signed(opening.text),
        facts=DocumentFacts("filing", parties=parties),
    )


def _judgment(opening: Opening) -> Metadata | None:
    lines = [_GAPS.sub("", line) for line in opening.head[:_TOP_LINES]]
    heads = [match for line in lines if (match := _HEAD.fullmatch(line))]
    dockets = [match["docket"] for line in lines if (match := _DOCKET_ALONE.fullmatch(line))]
    dockets = [head["docket"] for head in heads if head["docket"]] + dockets
    if not heads or not dockets:
        return None
    court, docket = heads[0]["court"], dockets[0]
    kind = heads[0]["kind"] or next((line for line in lines if _KIND_ALONE.fullmatch(line)), "")
    return Metadata(
        title=f"{court}{docket}{kind}",
        date=_signed(opening.text),
        publisher=court,
        facts=DocumentFacts("judgment", court, docket, parties=_parties(opening)),
    )


def _authority(opening: Opening) -> Metadata | None:
    """The decision of an authority or an arbitral body: who, what and under which number."""
    lines = [_GAPS.sub("", line) for line in opening.head[:_TOP_LINES]]
    kind = next((line for line in lines if _DECISION.fullmatch(line)), None)
    body = next((line for line in lines if _AUTHORITY.fullmatch(line)), None)
    number = next(
        (match["docket"] for line in lines if (match := _ISSUED_AS.fullmatch(line))), None
    )
    if not kind or not body or not number:
        return None
    kind = kind.removeprefix(body)  # some repeat who decides
    return Metadata(
        title=f"{body}{number}{kind}",
        date=_signed(opening.text),
        publisher=body,
        facts=DocumentFacts("decision", body, number, parties=_parties(opening)),
    )


def _signed(text: str) -> str | None:
    """The day on which it was signed: a line that is a date, beside the judges or the clerk.

    Tables and statutes may follow the signatures, so that the whole text is searched.
    """
    lines = [line for raw in text.splitlines() if (line := _GAPS.sub("", raw))]
    copied = None
    for number in range(len(lines) - 1, -1, -1):
        day = whole_date(lines[number]) if _DAY.search(lines[number]) else None
        around = "".join(lines[max(0, number - 2) : number + 3])
        if day and (len(lines) - number <= _LAST_LINES or _SIGNED_BY.search(around)):
            # Below the judges the clerk certifies the copy, on a later day.
            if not _CERTIFIED.search("".join(lines[max(0, number - _CLERK_LINES) : number])):
                return day
            copied = copied or day
    return copied


def _parties(opening: Opening) -> tuple[str, ...]:
    """The names that follow the word for a party at the head, each once, in order."""
    names: dict[str, None] = {}
    column = False
    for line in opening.head:
        plain = _GAPS.sub("", line)
        match = _PARTY.match(plain)
        # In a column the second of two names stands alone below the first.
        if column and _MORE_NAMES.fullmatch(plain):
            names.setdefault(plain)
            continue
        column = bool(match and "，" not in line and _IN_COLUMN.search(line))
        if match and not _BODY_BEGINS.search(plain[: match.end()]):
            names.setdefault(match["name"])
        elif names and _BODY_BEGINS.search(plain):
            break
    return tuple(names)[:_MOST_PARTIES]


def _case_report(opening: Opening) -> Metadata | None:
    """`甲公司诉乙公司买卖合同纠纷案`, a heading above the facts and the result."""
    for line in opening.head[:_REPORT_LINES]:
        match = _CASE_REPORT.fullmatch(line)
        if match and any(_OF_REPORTS.search(below) for below in opening.head):
            second = _BODY_NAME.match(match["second"])
            parties = (match["first"], *((second[0],) if second else ()))
            issued = (match["day"] for text in opening.head if (match := _ISSUED.search(text)))
            day = next((day for words in issued if (day := first_day(words))), None)
            return Metadata(title=line, date=day, facts=DocumentFacts("judgment", parties=parties))
    return None

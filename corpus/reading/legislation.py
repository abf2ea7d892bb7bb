"""Is this the text of a law, or an interpretation of one, and which edition?

Mainland laws list their history below the title (`… 通过`, `… 第二次修正`) or in brackets. Those of
Taiwan give `修正日期：民國 110 年 1 月 20 日`, in English `Amended Date: 2021-01-20`. The last
amendment makes the edition; the final article often says from which day it is in force.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from corpus.language.dates import find_dates
from corpus.language.scripts import HAN
from corpus.models import DocumentFacts, DocumentKind, Edition, Metadata
from corpus.reading.opening import Opening, first_day, whole_date, with_next

_TITLE_LINES = 4
_LONGEST_TITLE = 120
_LONGEST_HISTORY = 6_000
_LONGEST_STEP = 160
_BRACKET = r"(?:\s?[（(][^（）()]{1,30}[）)])*"
_CHINESE_TITLE = re.compile(
    rf"(?P<name>[{HAN}A-Za-z0-9（）()《》〈〉、·“”—\s]{{1,110}}?"
    r"(?:法|法典|條例|条例|規則|规则|辦法|办法|細則|细则|規定|规定|解释|解釋|决定|決定|宪法|憲法|修正案|章程|通則|通则"
    r"|標準|准则|準則|要點|规程|規程|批复|批復|答复|纪要|意见|公约|公約|總綱|通知|公告|决议|決議|方案))"
    rf"(?P<brackets>{_BRACKET})"
)
_ENGLISH_TITLE = re.compile(
    r"(?P<name>(?:the\s)?[A-Z][\w’'&,()/\- ]{1,110}?\b(?:Act|Code|Law|Regulations?|Rules|Ordinance"
    r"|Constitution|Statute|Order|Directive|Decree|Convention|Treaty))(?P<year>,?\s\d{4})?"
    r"(?P<brackets>\s?\([^()]{1,30}\))?",
    re.IGNORECASE,
)
_ASSENT = re.compile(r"\[(?P<day>[^\[\]]{8,30})\]")  # An Act to …  [8th November 2006]
_BOOK = re.compile(rf"(?:第[{HAN}]{{1,3}}编\s?)?(?P<book>[{HAN}]{{1,8}}编|总则|分则|附则)")
_FIRST_ARTICLE = re.compile(
    r"^[#\s*]{0,60}(?:第\s?[一壹1]\s?[条條章编編]|(?:article|section|chapter|part)\s[1IⅠ]\b|1\.\s)",
    re.IGNORECASE | re.MULTILINE,
)
_VERBS = re.compile(
    r"(?P<amended>修[正订訂]|修改(?=[）)。；，\s]|\Z)|amended)"
    r"|(?P<in_force>施行|生效|in force|effective)"
    r"|(?P<enacted>通过|通過|公[布佈]|[发發][布佈]|批准|制定|adopted|promulgated|announced|enacted|approved)",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"《[^》]*(?:》|\Z)"
)  # the names of amending decisions hold verbs of their own
_PASSED = ("通过", "通過")
_PUBLISHED = ("公布", "公佈", "发布", "發布", "發佈")
_LABEL = re.compile(
    r"(?P<amended>修正日期|修订日期|修訂日期|amended date|last amended)"
    r"|(?P<enacted>公[布佈]日期|公?發[布佈]日期?|公[布佈]日(?=[：:])|发布日期|制定日期"
    r"|announced date|promulgated"
    r"|date of enactment|\Amade\b)"
    r"|(?P<in_force>施行日期|生效日期|实施日期|effective date|coming into force|commencement)",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(
    r"(?:法規名稱|法规名称|名\s?稱|標題|标题|title)\s?[:：]\s?", re.IGNORECASE
)
_NUMBER = re.compile(
    rf"(?:[{HAN}]{{1,8}}(?:释|发|令|规|函|办))?[〔\[［（(](?:19|20)\d\d[〕\]］）)]第?\d{{1,4}}号"
    rf"|[{HAN}]{{2,20}}令第?[{HAN}\d]{{1,8}}[号號]"
)
_STARTS = re.compile(r"自\s?(?P<day>[^自，。；]{6,30}?)\s?(?:起)?(?:施行|生效|实施)")
_FROM_PROMULGATION = re.compile(r"自(?:公布|發布|发布)之?日(?:起)?施行")
_TITLE_EDITION = re.compile(r"[（(](?P<year>(?:19|20)\d\d)\s?年?(?P<verb>修[正订訂])[本版]?[）)]")
# What the supreme courts issue for all cases interprets the law, whatever it is called.
_ISSUER = re.compile(
    rf"[{HAN}、\s]{{2,60}}(?:院|部|局|委|委员会|委員會|会|會|厅|廳|政府|办公室|总署|署)"
)
# 国务院令 第721号, 《…》已经…通过，现予公布，自…起施行。
_ORDERED = re.compile(
    r"《(?P<name>[^《》]{2,80}(?:〈[^〉]*〉[^《》]*)?)》.{0,120}?(?:通过|通過|批准|修订|修正|同意).{0,40}?"
    r"(?:予以?|予以)(?:公[布佈]|[发發][布佈])"
)
_ORDER = re.compile(rf"[{HAN}、\s]{{2,40}}(?:令|公告)")
_ORDER_NUMBER = re.compile(
    r"第\s?(?P<number>[\d〇零一二三四五六七八九十百]{1,6})\s?号|(?:19|20)\d\d年第\s?\d{1,4}\s?号"
)
_ORDER_LINES = 12
_SUPREME = re.compile(r"最高人民(?:法院|检察院)|司法院(?:大法官)?釋字")


@dataclass(frozen=True, slots=True)
class _HistoryStep:
    """One event of a law's history."""

    event: str
    """`enacted`, `amended` or `in_force`."""
    day: str
    verb: str
    republic: bool = False
    """Dated in years of the Republic of China."""


def legislation(opening: Opening) -> Metadata | None:
    """Name with its edition, date, and history of a law; None for other texts."""
    return _ordered(opening) or _law(opening)


def _ordered(opening: Opening) -> Metadata | None:
    """A regulation that stands below the order that promulgates it: its name, number and days."""
    head = [line.replace(" ", "") for line in opening.head[:_ORDER_LINES]]
    if not head or not _ORDER.fullmatch(head[0]):
        return None
    sentence = next((match for line in head if (match := _ORDERED.match(line))), None)
    number = next((line for line in head[1:4] if _ORDER_NUMBER.fullmatch(line)), None)
    if not sentence or not number:
        return None
    name, days = sentence["name"], [day for line in head if (day := whole_date(line))]
    body = opening.text.find(name, opening.text.find("》"))
    law = _law(Opening(opening.text[body:])) if body >= 0 else None
    edition = (law.facts.edition if law else None) or Edition("")
    start = next((day for line in head if (day := _starts(line))), None)
    edition = replace(
        edition,
        enacted=edition.enacted or (days[0] if days else None),
        in_force=edition.in_force or start,
    )
    facts = DocumentFacts(
        kind=_kind(head[0] + name), docket=f"{head[0]}{number}", work=name, edition=edition
    )
    title = law.title if law and law.title else name
    return Metadata(title=title, date=edition.date, facts=facts)


def _starts(line: str) -> str | None:
    """From which day a sentence says that the law applies."""
    return next((day for match in _STARTS.finditer(line) if (day := first_day(match["day"]))), None)


def _law(opening: Opening) -> Metadata | None:
    history = _history(opening)
    articles = _FIRST_ARTICLE.search(opening.text[:_LONGEST_HISTORY]) is not None
    named = _named(opening) or (_by_history(opening, history) if articles else None)
    if not named:
        return None
    name, brackets = named
    if brackets and not _TITLE_EDITION.fullmatch(brackets):
        name, brackets = name + brackets, ""  # （一） is part of the name
    if not history and not articles:
        return None
    chinese = re.search(f"[{HAN}]", name) is not None
    if not chinese and not (articles and history):
        return None  # `Cookie Rules`, `Purchase Order`: English titles of this kind are no rarity
    edition = _edition(opening, name, brackets, history)
    title = name + brackets
    if edition and edition.label and edition.label[:4] not in brackets:
        title += f"（{edition.label}）" if chinese else f" ({edition.label})"
    facts = DocumentFacts(
        kind=_kind(name), docket=_number(opening), work=_with_book(opening, name), edition=edition
    )
    title = title if not _book(opening) else title.replace(name, facts.work or name, 1)
    day = edition.date if edition else _issued(opening) if chinese else None
    return Metadata(title=title, date=day, facts=facts)


def _issued(opening: Opening) -> str | None:
    """The day below the signature of a notice, at the text's end or above what it encloses."""
    lines = (*reversed(opening.tail), *opening.head)
    return next((day for line in lines if (day := whole_date(line))), None)


def _named(opening: Opening) -> tuple[str, str] | None:
    """The law's name and the brackets after it, from a line that is nothing else."""
    for line in _title_lines(opening):
        if len(line) > _LONGEST_TITLE:
            return None
        match = _CHINESE_TITLE.fullmatch(line)
        if match:
            return _unspaced(match["name"]), _unspaced(match["brackets"])
        match = _ENGLISH_TITLE.fullmatch(line)
        if match:
            return match["name"] + (match["year"] or ""), match["brackets"] or ""
    return None


def _title_lines(opening: Opening) -> list[str]:
    """The first lines; who issues a law may stand above `关于…的规定` on a line of its own."""
    lines = [_TITLE_LABEL.sub("", line) for line in opening.head[:_TITLE_LINES]]
    for at, (line, below) in enumerate(with_next(lines)):
        if below.startswith(("关于", "關於")) and _ISSUER.fullmatch(line):
            return [*lines[:at], line + below, *lines[at + 2 :]]
    return lines


def _unspaced(name: str) -> str:
    """Without the spaces of letter-spacing, with those between two issuers."""
    parts = name.split()
    spaced_out = sum(len(part) == 1 for part in parts) > len(parts) // 2
    return ("" if spaced_out else " ").join(parts)


def _by_history(opening: Opening, history: list[_HistoryStep]) -> tuple[str, str] | None:
    """A first line of any words is a law's name where its history stands directly below it."""
    head = opening.head[:2]
    has_origin = any(step.event in {"enacted", "amended"} for step in history)
    if (
        len(head) < 2
        or not has_origin
        or not _events(head[1])
        or not re.search(f"[{HAN}]", head[0])
    ):
        return None
    return (head[0], "") if len(head[0]) <= _LONGEST_TITLE and not find_dates(head[0]) else None


def _kind(name: str) -> DocumentKind:
    return "interpretation" if _SUPREME.match(name) else "statute"


def _history(opening: Opening) -> list[_HistoryStep]:
    """The events above the first article: each date and the verb that follows it.

    They end with the first line that names none, for the preamble may tell of other laws.
    """
    text = opening.text[:_LONGEST_HISTORY]
    body = _FIRST_ARTICLE.search(text)
    steps: list[_HistoryStep] = []
    unfinished = ""
    for line in (text[: body.start()] if body else text).splitlines():
        if not line.strip():
            continue
        events = _events(line if _LABEL.search(line[:40]) else unfinished + line)
        if events:
            steps += events
            unfinished = ""
        elif find_dates(line) and len(line) <= _LONGEST_STEP:
            unfinished = line  # the name of the amending decision may take two lines
        elif steps:
            break
    return steps


def _events(line: str) -> list[_HistoryStep]:
    """What a line of the history tells, by its label or by the verb after each date."""
    republic = "民國" in line or "民国" in line
    dates = [date for date in find_dates(line) if date.day]
    label = _LABEL.search(line[:40])
    if label and dates:
        return [_HistoryStep(label.lastgroup or "", dates[0].iso, label[0].strip(), republic)]
    assent = _ASSENT.search(line)
    if assent and (day := first_day(assent["day"])):
        return [_HistoryStep("enacted", day, "")]
    steps: list[_HistoryStep] = []
    ends = [*(date.start for date in dates[1:]), len(line)]
    for date, end in zip(dates, ends, strict=False):
        event, verb = _event(line[date.end : min(end, date.end + _LONGEST_STEP)])
        if event:
            steps.append(_HistoryStep(event, date.iso, verb, republic))
    return steps


def _event(words: str) -> tuple[str, str]:
    """`…会议修订通过` is an amendment, `公布施行` an enactment: the more telling verb counts."""
    if "修正案》" in words:
        return "amended", "修正"
    verbs = {match.lastgroup: match[0] for match in _VERBS.finditer(_QUOTED.sub("", words))}
    event = next((name for name in ("amended", "enacted", "in_force") if name in verbs), "")
    return event, verbs.get(event, "")


def _edition(
    opening: Opening, name: str, brackets: str, history: list[_HistoryStep]
) -> Edition | None:
    """The last amendment is the edition; without one the first text is."""
    enacted = [step for step in history if step.event == "enacted"]
    last = None if "修正案" in name else _last_amendment(history)
    named = _TITLE_EDITION.search(brackets)
    first = min((step.day for step in enacted), default=None)
    edition = Edition(
        label=_label(last) if last else f"{named['year']}{named['verb']}" if named else "",
        enacted=_promulgated(first, enacted),
        amended=_promulgated(last.day, enacted) if last else named["year"] if named else None,
    )
    in_force = _in_force(opening, edition, history)
    return replace(edition, in_force=in_force) if in_force or edition.date else None


def _last_amendment(history: list[_HistoryStep]) -> _HistoryStep | None:
    """The last step that amends; an interpretation that is passed again years later is amended."""
    passed = sorted(step.day for step in history if step.verb in _PASSED)
    amendments = [
        step
        for step in history
        if step.event == "amended" or (step.verb in _PASSED and _years(passed[0], step.day) >= 1)
    ]
    return max(amendments, key=lambda step: step.day, default=None)


def _promulgated(day: str | None, enacted: list[_HistoryStep]) -> str | None:
    """The day of promulgation that follows a decision within the year, by which laws are cited."""
    published = (
        step.day
        for step in enacted
        if day and step.verb in _PUBLISHED and step.day >= day and _years(day, step.day) < 1
    )
    return min(published, default=day)


def _years(earlier: str, later: str) -> float:
    return (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days / 365


def _label(step: _HistoryStep) -> str:
    """`2023修订`; in Taiwan's laws the day, which tells their editions: `110年1月20日修正`."""
    year, month, day = step.day.split("-")
    if step.verb.isascii():
        return f"amended {year}"
    verb = next((verb for verb in ("修订", "修訂") if step.verb.startswith(verb)), "修正")
    # Taiwan counts years from 1912, the year 1.
    if step.republic:
        return f"民國{int(year) - 1911}年{int(month)}月{int(day)}日{verb}"
    return year + verb


def _in_force(opening: Opening, edition: Edition, history: list[_HistoryStep]) -> str | None:
    """From which day, as the history or the last articles say.

    Amendments often leave the last article as it was: a day before the edition's own is the first
    edition's.
    """
    days = [step.day for step in history if step.event == "in_force"]
    closing = "".join(opening.tail[-12:])
    days += [day for match in _STARTS.finditer(closing) if (day := first_day(match["day"]))]
    # ISO dates compare as strings, also where a month or day is missing.
    start = edition.date or ""
    later = [day for day in days if day >= start]
    if later:
        return later[-1]
    if not edition.amended and _FROM_PROMULGATION.search(closing):
        return edition.enacted
    return None


def _number(opening: Opening) -> str | None:
    """The number under which it was issued: 法释〔2020〕26号, 国务院令第588号."""
    for line in opening.head[:8]:
        match = _NUMBER.fullmatch(line.strip("（）() "))
        if match:
            return match[0]
    return None


def _book(opening: Opening) -> str:
    """The book of a code that a text holds alone: its second heading."""
    match = _BOOK.fullmatch(opening.head[1]) if len(opening.head) > 1 else None
    return match["book"] if match else ""


def _with_book(opening: Opening, name: str) -> str:
    book = _book(opening)
    return f"{name}·{book}" if book else name

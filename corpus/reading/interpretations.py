"""Is this an interpretation of the constitution or of a law by an authority of Taiwan?

The Judicial Yuan's interpretations are called by their number, 司法院釋字第748號解釋. Ministries
interpret by letters, which their collections list by office, number and day: 發文單位、發文字號、
發文日期, with the gist beside the letter's own 主旨 and 說明.
"""

from __future__ import annotations

import re

from corpus.language.scripts import HAN
from corpus.models import DocumentFacts, Metadata
from corpus.reading.opening import Opening, first_day

_HEAD_LINES = 30
_NUMBERED = re.compile(
    r"(?:解釋字號[：:])?(?:司法院)?(?:大法官)?(?:會議)?釋字第(?P<number>\d{1,4})號(?:解釋)?.{0,30}"
)
_DAY = re.compile(r"(?:解釋公布院令|解釋日期|公布日期|解釋公布日期|院令).{0,3}[：:]?.*")
_LABELS = {
    "office": re.compile(
        rf"(?:發文單位|發文機關|机关|發布機關)[：:](?P<value>[{HAN}()（）]{{2,40}})"
    ),
    "number": re.compile(
        rf"(?:發文)?字號[：:](?P<value>[{HAN}()（）]{{1,30}}?字?第[\dA-Z]{{4,14}}號)(?:函|令|書函)?"
    ),
    "day": re.compile(r"(?:發文)?日期[：:](?P<value>.{6,40})"),
    "gist": re.compile(r"(?:主旨|要旨)[：:]?(?P<value>.*)"),
}
_OF_COLLECTION = re.compile(r"要旨[：:]|相關法條[：:]|資料來源[：:]")
_LETTERHEAD = re.compile(rf"(?P<office>[{HAN}()（）]{{2,30}}?)(?:書函|函|令)(?:稿|\(稿\))?")


def interpretation(opening: Opening) -> Metadata | None:
    """Name and day of an interpretation, or of an authority's letter; None for other texts."""
    head = ["".join(line.split()) for line in opening.head[:_HEAD_LINES]]
    return _of_the_judicial_yuan(head) or _of_an_authority(head)


def _of_the_judicial_yuan(head: list[str]) -> Metadata | None:
    match = next((match for line in head[:4] if (match := _NUMBERED.fullmatch(line))), None)
    if not match or not any(
        line.startswith(("解釋文", "理由書", "解釋爭點", "爭點")) for line in head
    ):
        return None
    name = f"司法院釋字第{match['number']}號解釋"
    dated = (first_day(line) for line in head if _DAY.match(line))
    facts = DocumentFacts("interpretation", "司法院", f"釋字第{match['number']}號", work=name)
    return Metadata(
        title=name, date=next(filter(None, dated), None), publisher="司法院", facts=facts
    )


def _of_an_authority(head: list[str]) -> Metadata | None:
    values = {
        name: match["value"]
        for name, form in _LABELS.items()
        for line in reversed(head)
        if (match := form.match(line))
    }
    letterhead = _LETTERHEAD.fullmatch(head[0]) if head else None
    office = values.get("office") or (letterhead["office"] if letterhead else None)
    day = first_day(values.get("day", ""))
    number = values.get("number")
    if not office or not number or not day or "gist" not in values:
        return None
    year, month, of_month = map(int, day.split("-"))
    # Taiwan counts years from 1912, the year 1.
    dated = f"{year - 1911}年{month}月{of_month}日"
    number = number.removeprefix(office)
    interprets = any(map(_OF_COLLECTION.match, head))
    facts = DocumentFacts("interpretation" if interprets else "letter", docket=number)
    return Metadata(title=f"{office}{dated}{number}函", date=day, publisher=office, facts=facts)

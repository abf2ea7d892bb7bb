"""Is this an act of the European Union, a British instrument, or a part of an American code?

The Union names number, day and subject in the title, over several lines. A British statutory
instrument stands below its number, and says when it was made. An American section or part opens
with its place in the code, and closes with the acts that made and amended it.
"""

from __future__ import annotations

import re

from corpus.language.dates import find_dates
from corpus.models import DocumentFacts, Edition, Metadata
from corpus.reading.captions import spell_name
from corpus.reading.opening import Opening, first_day

_EUROPEAN_ACT = re.compile(
    r"(?P<name>(?:COMMISSION |COUNCIL )?(?:IMPLEMENTING |DELEGATED )?(?:REGULATION|DIRECTIVE"
    r"|DECISION)"
    r" (?:\((?:EU|EC|EEC|Euratom)[^)]*\) )?(?:No )?\d{2,4}/\d{1,4}(?:/(?:EU|EC"
    r"|EEC))?)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_EUROPEAN_LINES = 12
_LONGEST_EUROPEAN = 300
_SUBJECT = re.compile(
    r"\d{4}\s(?P<subject>(?:on|concerning|laying|amending|establishing|relating|implementing"
    r"|as regards)\b.+?)"
    r"(?:\s\(|\sTHE\b|\sArticle\b|\Z)"
)
_INSTRUMENT_LINES = 14
_INSTRUMENT_NUMBER = re.compile(
    r"(?P<year>(?:19|20)\d\d) no\. (?P<number>\d{1,5})\b.*", re.IGNORECASE
)
_INSTRUMENT_TITLE = re.compile(
    r"the .{3,160} (?:Regulations|Order|Rules|Scheme)(?: \([^()]{1,40}\))* (?:19|20)\d\d",
    re.IGNORECASE,
)
_MADE = re.compile(r"made\b[\s.:–—-]*(?P<day>\d.*)", re.IGNORECASE)
_COMING_INTO_FORCE = re.compile(
    r"coming into force\b[\s.:–—-]*(?:on )?(?P<day>\d.*)", re.IGNORECASE
)
_OF_CODE = re.compile(
    r"(?:\d{1,2} (?:U\.?\s?S\.?\s?(?:C\.?|Code)|C\.?\s?F\.?\s?R\.?)\s"
    r"(?:§+\s?|Part\s|Chapter\s|Subpart\s)[\w.-]+"
    r"|(?:[A-Z][A-Za-z.]{1,12}\s){1,5}(?:Code|Law|Stat\.?|Rev\.\sStat\.|Laws)\s(?:Ann\.\s)?"
    r"§\s?[\w.:-]+|§\s?\d[\w.:-]*)(?P<name>[\s.:–—-]+\S.*)?"
)
_LONGEST_TITLE = 200
_CREDIT = re.compile(
    r"\bPub\. ?L\.|\bStat\. \d|\b\d+ F\.?R\.? \d|\bL\. ?\d{4}\b|\bStats\. \d{4}"
    r"|^\(?(?:Added|Amended|Enacted)\b"
)
# Every amendment but repeals and transfers gives a section its present words.
_EDITORIAL = re.compile(r"\bunless otherwise noted|editorial", re.IGNORECASE)


def english_legislation(opening: Opening) -> Metadata | None:
    """Name, date and edition of an act; None for other texts."""
    return _european(opening) or _instrument(opening) or _of_code(opening)


def _european(opening: Opening) -> Metadata | None:
    """`REGULATION (EU) 2016/679 … of 27 April 2016 on …`, over as many lines as it takes."""
    match = _EUROPEAN_ACT.search(" ".join(opening.head[:_EUROPEAN_LINES]))
    day = first_day(match["rest"][:400]) if match else None
    if not match or not day:
        return None
    name = spell_name(match["name"])
    subject = _SUBJECT.search(match["rest"])
    title = f"{name} {subject['subject'].strip()}"[:_LONGEST_EUROPEAN] if subject else name
    facts = DocumentFacts("statute", work=name, edition=Edition("", enacted=day))
    return Metadata(title=title, date=day, facts=facts)


def _instrument(opening: Opening) -> Metadata | None:
    """A statutory instrument: its number, its title with the year, the day on which it was made."""
    head = opening.head[: 2 * _INSTRUMENT_LINES]
    top = head[:_INSTRUMENT_LINES]
    number = next((match for line in top if (match := _INSTRUMENT_NUMBER.fullmatch(line))), None)
    title = next((line for line in top if _INSTRUMENT_TITLE.fullmatch(line)), None)
    made = next(
        (day for line in head if (match := _MADE.match(line)) and (day := first_day(match["day"]))),
        None,
    )
    if not number or not title or not made:
        return None
    starts = (first_day(match["day"]) for line in head if (match := _COMING_INTO_FORCE.match(line)))
    facts = DocumentFacts(
        "statute",
        docket=f"SI {number['year']}/{number['number']}",
        work=title,
        edition=Edition("", enacted=made, in_force=next(filter(None, starts), None)),
    )
    return Metadata(title=title, date=made, facts=facts)


def _of_code(opening: Opening) -> Metadata | None:
    """A section or a part of an American code, with the day of its last amendment."""
    title = opening.head[0] if opening.head else ""
    match = _OF_CODE.fullmatch(title)
    notes = [
        line
        for line in (*opening.head, *opening.tail)
        if _CREDIT.search(line) and not _EDITORIAL.search(line)
    ]
    if not match or len(title) > _LONGEST_TITLE or not notes:
        return None
    days = sorted(date.iso for line in notes for date in find_dates(line) if date.day)
    if not days:
        return None
    enacted, amended = days[0], days[-1] if days[-1] > days[0] else None
    edition = Edition(f"amended {amended[:4]}" if amended else "", enacted, amended)
    facts = DocumentFacts("statute", work=title, edition=edition)
    return Metadata(title=title, date=edition.date, facts=facts)

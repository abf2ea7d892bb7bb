"""Is this a party's or a witness's paper in an English-speaking court outside America?

The head names the court and the claim's number, then the parties after `BETWEEN`; below them the
paper is called by its name: a witness statement, an expert's report, particulars of claim, a
defence, an order. Its day is the one with which it is signed.
"""

from __future__ import annotations

import re

from corpus.models import DocumentFacts, Metadata
from corpus.reading.captions import case_name, read_caption, spell_name
from corpus.reading.opening import Opening, first_day, whole_date

_HEAD_LINES = 45
_MOST_WORDS = 16
_COURT = re.compile(
    r"(?:in the|in the matter of)?\s?"
    r"(?P<court>.{0,60}\b(?:court|tribunal|division)\b[^.;:\d]{0,60}?)"
    r"(?:\s+(?:claim|case|action|no)\b.*)?",
    re.IGNORECASE,
)
_CLAIM_NUMBER = re.compile(
    r"(?:\b(?:claim|case|action|appeal|petition|suit)\s(?:no|number|ref)s?|\ANo)\b\.?\s?:?\s?"
    r"(?P<docket>[A-Z0-9][\w/.-]*\d[\w/.-]*(?: of (?:19|20)\d\d)?)",
    re.IGNORECASE,
)
_ORDER = re.compile(r"(?:.*\b)?(?:order|judgment|ruling)\b.*", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:.*\b)?(?:witness statement|expert(?:[’']s)? report|report of|particulars of claim|defence"
    r"|counter-?claim|reply|skeleton argument|statement of (?:claim|case|defence|facts)|affidavit"
    r"|affirmation|application notice|claim form|petition|originating summons|writ of summons"
    r"|notice of (?:appeal|application|motion|discontinuance)|respondent[’']?s notice"
    r"|grounds of (?:appeal|resistance|claim)|written submissions?|submissions|costs budget"
    r"|statutory declaration|schedule of loss|list of (?:issues|documents)|order)\b.*",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:signed|dated?|sworn|affirmed)\b(?: this| the| at .*? on)*\s?:?\s?(?P<day>.*)",
    re.IGNORECASE,
)


def court_paper(opening: Opening) -> Metadata | None:
    """Name, day, court and parties of a court paper; None for other texts."""
    head = opening.head[:_HEAD_LINES]
    court = next((match for line in head[:12] if (match := _COURT.fullmatch(line))), None)
    caption = read_caption(head)
    paper = next((line for line in head if _is_paper(line)), None)
    numbers = (_CLAIM_NUMBER.search(line) for line in head)
    number = next((match["docket"] for match in numbers if match), None)
    if not court or not caption or not caption.second or not paper or not number:
        return None
    name = case_name(caption, "v")
    ordered = bool(_ORDER.fullmatch(paper)) and "draft" not in paper.lower()
    day = next((day for line in (*head, *opening.tail) if (day := _dated(line))), None)
    facts = DocumentFacts(
        "judgment" if ordered else "filing",
        spell_name(court["court"].strip(" ,")),
        number,
        parties=caption.parties,
    )
    title = f"{spell_name(paper.strip(' ,;:'))}, {name}"
    return Metadata(title=title, date=day, facts=facts)


def _is_paper(line: str) -> bool:
    return (
        len(line.split()) <= _MOST_WORDS
        and not line.endswith((".", ";", ","))
        and bool(_PAPER.fullmatch(line))
        and (line.isupper() or line[:1].isupper())
        and ":" not in line
    )


def _dated(line: str) -> str | None:
    match = _DATED.fullmatch(line)
    return (first_day(match["day"][:60]) if match else None) or whole_date(line)

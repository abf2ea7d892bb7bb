"""Is this an American court's opinion or order, a paper filed with one, or a letter in a case?

A caption names the court, the parties and the docket number, often in a box drawn with brackets.
The stamp of the courts' filing system (`Case: 21-50498 Document: … Date Filed: …`) is surer than
all of it where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.models import DocumentFacts, DocumentKind, Metadata
from corpus.reading.captions import case_name, read_caption, spell_name
from corpus.reading.opening import Opening, first_day, whole_date, with_next

_HEAD_LINES = 60
_LONGEST_COURT = 100
_AMERICAN_COURT = re.compile(
    r"(?:in the |before the )?(?P<court>"
    r"(?:united states|u\.?s\.?) (?:court of appeals|district court|bankruptcy court"
    r"|tax court|court of .+)(?: .*)?"
    r"|supreme court of the united states"
    r"|(?:the )?[a-z. ]{0,30}?(?:supreme|superior|circuit|district|county|chancery|appellate) court"
    r" (?:of|for|in) (?:the )?(?:state|county|commonwealth|district|city|territory)[a-z ,.]*"
    r"|[a-z. ]{3,20} (?:court of (?:civil |criminal )?appeals?|supreme court)"
    r"|court of (?:chancery|appeals?|common pleas|claims)[a-z ,.]*)",
    re.IGNORECASE,
)
_OF_COURT = re.compile(
    r"(?:for the .+ (?:circuit|district.*)|(?:northern|southern|eastern|western|central"
    r"|middle)? ?district of .+"
    r"|for the .+|(?:eastern|western|northern|southern) district|.* division|.* county, .*)",
    re.IGNORECASE,
)
_NOT_OF_CAPTION = re.compile(r"\bclerk\b|courthouse|appeal from|\bUSDC\b|certiorari", re.IGNORECASE)
_STAMP = re.compile(
    r"(?:Case|Appeal|USCA Case|USCA\d* (?:Case"
    r"|Appeal))s?:? #?(?P<docket>\d[\w:.-]*\d\w*(?:-[A-Z]{2,4})*),?\s"
    r"[^\n]{0,70}?(?:(?:Date )?Filed:? )?(?P<month>[01]?\d)/(?P<day>[0-3]?\d)/(?P<year>(?:20"
    r"|19)?\d\d)\b",
    re.IGNORECASE,
)
_DOCKET = re.compile(
    r"(?:(?:case|civil action|criminal|docket|appeal|index|cause|misc\.?)\s){0,4}(?:nos?\."
    r"|numbers?:?|#:?|nos?:)\s?:?\s?"
    r"(?P<docket>(?:MDL |CV |CR |Civ\. )?"
    r"[A-Z0-9][A-Z0-9:–./-]{0,60}\d[A-Z0-9:–-]{0,60}(?:\([A-Z]{1,20}\))?)",
    re.IGNORECASE,
)
_OTHER_DOCKET = re.compile(
    r"originating|district case|\bDC\b|\bUSDC\b|\bD\.C\.|below", re.IGNORECASE
)
_FILED = re.compile(
    r"(?:filed|decided|dated?|issued|entered)(?: and entered| on)?\s?:?\s?(?P<day>.*)",
    re.IGNORECASE,
)
# PADOVA, J.    April 3, 2031
_JUDGE_AND_DAY = re.compile(
    r"[A-Z][\w.'’ -]{1,40}, (?:[A-Z][\w.]{0,12},? ){0,3}?(?:J|JJ|Judge|Magistrate Judge)\.?,?"
    r"\s(?P<day>[A-Z][a-z]+\.? \d{1,2}, (?:19|20)\d\d)"
)
_SIGNED = re.compile(
    r"^[ \t]{0,80}(?:it is )?(?:so ordered[.,]?\s)?(?:dated|entered|signed)\b[:,]? (?:this )?"
    r"(?P<day>.{6,40})",
    re.IGNORECASE | re.MULTILINE,
)
# An opinion names the day of its submission, too: it counts where there is no other.
_SUBMITTED = re.compile(r"submitted(?: on)?\s?:?\s?(?P<day>.*)", re.IGNORECASE)
_PAPER = re.compile(
    r"(?:.*\b)?(?:motion|brief|complaint|petition|answer|notice|declaration|affidavit|appearance|stipulation|application"
    r"|reply|objections?|memorandum (?:of law|of points|in (?:support|opposition))|response"
    r"|subpoena|indictment)\b.*",
    re.IGNORECASE,
)
_RULING = re.compile(
    r"(?:(?:memorandum )?(?:opinion|order|decision|judgment|ruling)s?\b.*|o r d e r"
    r"|per curiam.*|\(?slip opinion.*|syllabus"
    r"|.*\b(?:circuit|district|chief|associate) (?:judges?|justices?)\.?|.* order"
    r"|.*, (?:P\.)?J\.,.*"
    r"|by the court:?|(?:approved )?judgment.*)",
    re.IGNORECASE,
)
# `ORDER GRANTING MOTION TO DISMISS` names a party's paper, but is the court's.
_ORDER_ON_PAPER = re.compile(
    r"(?<!proposed )(?<!proposed\] )\b(?:order|opinion|ruling|judgment)s? (?:\w+ ){0,3}?"
    r"(?:granting|denying|re|regarding|on|adopting|resolving|for|and)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"dear\b|via (?:ecf|e-?mail|fax|hand)|(?:very truly|sincerely)\b", re.IGNORECASE
)
_BOX_EDGE = re.compile(r"\s{1,60}[-–—=_]{5,}\s?[xX+]?\Z")
_LONGEST_PAPER = 8  # words; a longer line is a sentence unless it is in capitals
_PAGE_NUMBER = re.compile(r"^\d+\s+")


def american_paper(opening: Opening) -> Metadata | None:
    """Name, date, court, docket and parties of a court paper; None for other texts."""
    head = opening.head[:_HEAD_LINES]
    stamp = _STAMP.search(opening.text[:6_000]) or _STAMP.search(opening.text[-1_000:])
    court = _american_court(head)
    # The stamp's number is the case's own; the head may name that of the court below, too.
    docket = stamp["docket"] if stamp else _american_docket(head) if court else None
    if not docket:
        return None
    kind, paper = _american_kind(opening)
    caption = read_caption(head)
    name = case_name(caption, "v.")
    title = f"{name}, {_numbered(docket)}" if name else None
    if paper:
        title = f"{paper}, {title}" if title else paper
    facts = DocumentFacts(kind, court, docket, parties=caption.parties if caption else ())
    return Metadata(
        title=title,
        date=_stamped(stamp) if stamp else _american_day(opening),
        publisher=court if kind == "judgment" else None,  # parties publish their papers, not courts
        facts=facts,
    )


def _numbered(docket: str) -> str:
    return docket if docket.startswith("No") else f"No. {docket}"


def _american_court(head: Sequence[str]) -> str | None:
    """`United States Court of Appeals for the Ninth Circuit`, from one line or two."""
    for line, below in with_next(head):
        match = _AMERICAN_COURT.fullmatch(line)
        if not match or len(line) > _LONGEST_COURT:
            continue
        court = _titled(match["court"])
        district = _BOX_EDGE.sub("", below)
        if _OF_COURT.fullmatch(district) and not _NOT_OF_CAPTION.search(district):
            place = _titled(district)
            of_court = place[:4].lower() == "for "
            court += f" for {place[4:]}" if of_court else f", {place}"
        return court
    return None


def _titled(court: str) -> str:
    """A court's name in capitals only where names have them."""
    small = {"of", "for", "the", "and", "in"}
    words = [word.lower() if word.lower() in small else word.capitalize() for word in court.split()]
    return (" ".join(words) if court.isupper() else " ".join(court.split())).rstrip(".")


def _american_docket(head: Sequence[str]) -> str | None:
    for line in head:
        match = _DOCKET.search(line)
        if match and not _OTHER_DOCKET.search(line[: match.start() + 1]):
            return match["docket"]
    return None


def _american_kind(opening: Opening) -> tuple[DocumentKind | None, str | None]:
    """Is it the court's own, a party's paper, or a letter?  A paper's title, too."""
    if any(map(_LETTER.match, (*opening.head[:_HEAD_LINES], *opening.tail))):
        return "letter", None
    for line in opening.head[:_HEAD_LINES]:
        titled = line.isupper() or len(line.split()) <= _LONGEST_PAPER
        if _ORDER_ON_PAPER.search(line) and titled:
            return "judgment", None
        if _PAPER.fullmatch(line) and titled and not line.endswith("."):
            return "filing", spell_name(_PAGE_NUMBER.sub("", line).strip(" ,;:"))
        if _RULING.fullmatch(line) and len(line) <= _LONGEST_COURT:
            return "judgment", None
    return None, None


def _stamped(stamp: re.Match[str]) -> str:
    """The day of filing. American courts write the month first, so that it is no riddle here."""
    year = int(stamp["year"]) + (2000 if len(stamp["year"]) == 2 else 0)
    return f"{year:04}-{int(stamp['month']):02}-{int(stamp['day']):02}"


def _american_day(opening: Opening) -> str | None:
    for label in (_FILED, _SUBMITTED):
        for line, below in (*with_next(opening.head[:_HEAD_LINES]), *with_next(opening.tail)):
            match = label.search(line)
            if match and (
                day := first_day(match["day"][:60])
                or (whole_date(below) if not match["day"] else None)
            ):
                return day
    judged = (_JUDGE_AND_DAY.fullmatch(line) for line in opening.head[:_HEAD_LINES])
    if day := next((whole_date(match["day"]) for match in judged if match), None):
        return day
    # Exhibits may follow the signature.
    signed = _SIGNED.search(opening.text)
    if signed and (day := first_day(signed["day"])):
        return day
    lone = (whole_date(line) for line in (*opening.head[:_HEAD_LINES], *opening.tail))
    return next((day for day in lone if day), None)

"""What is a citation made of?  A document's names and numbers, in the form that its kind takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from corpus.citing.case_names import american_court, american_name, chinese_case, common_law_name
from corpus.citing.pin_styles import bare_pin, statute_pin
from corpus.language.scripts import HAN_RUN

if TYPE_CHECKING:
    from corpus.models import DocumentRecord

# Where a file's name stands in for a title that was not found.
_FILE_SUFFIX = re.compile(
    r"(?<=\w)\.(?:pdf|docx?|rtf|odt|txt|text|md|markdown|html?|mht|eml|msg)\Z", re.IGNORECASE
)
# Articles of a code are numbered through its books, so that a citation names the code alone.
_BOOK = re.compile(r"(?<=法典)·\w{1,8}(?:编|編|则|則)\Z")
# A title that was printed over two lines may have been read as far as the first.
_CUT_TITLE = re.compile(r"\s{1,20}(?:and|or|of|to|for|the|in|&)\Z", re.IGNORECASE)
# An agreement's parties are quoted from its text; what reads like a sentence is no name.
_NO_PARTY = re.compile(r"\b(?:is|are|that|which|shall|will|not|its|their|has|have)\b|[:;]")
_LONGEST_PARTY = 60

Form: TypeAlias = Literal[
    "neutral",
    "european",
    "american",
    "unreported",
    "chinese",
    "case report",
    "filing",
    "law",
    "contract",
    "letter",
    "text",
]
"""Which form of citation a document takes: how its kind, its court and its numbers are known."""


@dataclass(frozen=True, slots=True)
class CitationParts:
    """What a citation is made of; the empty string where the document does not say."""

    form: Form
    title: str
    """What is cited: a case by its name, a law without its edition, else the document's title."""
    publisher: str
    date: str
    pin: str
    url: str
    citation: str
    """Empty where the document is cited as a whole."""
    court: str
    docket: str
    neutral: str
    edition: str
    paper: str
    """What was filed in a case, such as a motion; what kind of message a letter is."""
    chinese: bool
    traditional: bool
    online: bool
    """It has a URL, even where that is left out for want of room."""


_SECTION_NAMED = re.compile(r"\s§\s?(\d[\w.:-]*)\Z")


def cited_title(document: DocumentRecord) -> str:
    """The name under which a document is cited: a case by its parties, a law without edition."""
    return citation_parts(document, "", "").title


def citation_parts(document: DocumentRecord, pin: str, citation: str) -> CitationParts:
    """The parts of a document's citation at a pin; empty pin and id for all of the document."""
    facts, form = document.facts, _form(document)
    title = _FILE_SUFFIX.sub("", _line(document.title))
    court, docket = _line(facts.court), _line(facts.docket)
    paper = ""
    if form == "filing":
        paper, title = _paper_and_case(title, facts.parties)
        paper = paper or ("Letter" if facts.kind == "letter" else "")
    elif form == "letter" and facts.kind != "memorandum":
        paper = "Email" if document.media_type == "message/rfc822" else "Letter"
    pin, named = bare_pin(pin), _cited_title(form, title, document)
    # The section of a code that is a document by itself names the place already.
    section = _SECTION_NAMED.search(named) if form == "law" else None
    if section and re.fullmatch(rf"§\s?{re.escape(section[1])}(?:\(.*)?", pin):
        named, pin = f"{named[: section.start()]} {pin}", ""
    return CitationParts(
        form=form,
        title=named,
        publisher=_line(document.publisher),
        date=_line(document.date),
        pin=statute_pin(pin) if form in {"law", "contract"} else pin,
        url=_line(document.url),
        citation=citation,
        court=court,
        docket=re.sub(r"\A(?:Case )?No\.?\s", "", docket),
        neutral=_line(facts.neutral_citation),
        edition=_line(facts.edition.label) if facts.edition else "",
        paper=paper,
        chinese=_is_chinese(document),
        traditional=(document.language or "").startswith("zh-Hant"),
        online=bool(document.url),
    )


def _form(document: DocumentRecord) -> Form:
    """Which form of citation a document takes. What is not known is cited as any text."""
    facts = document.facts
    if facts.kind in {"judgment", "decision"}:
        return _form_of_case(document)
    # A letter in a case, from its court or to it, is on the docket as well.
    if facts.kind in {"filing", "letter"} and facts.court and facts.docket:
        return "text" if _is_chinese(document) else "filing"
    if facts.kind in {"statute", "interpretation"}:
        return "law"
    if facts.kind == "contract":
        return "contract"
    if facts.kind in {"letter", "memorandum"} or document.media_type == "message/rfc822":
        return "letter"
    return "text"


def _form_of_case(document: DocumentRecord) -> Form:
    facts = document.facts
    if facts.neutral_citation:
        return "european" if facts.neutral_citation.startswith("ECLI") else "neutral"
    if _is_chinese(document):
        return "chinese" if facts.docket else "case report"
    if american_court(facts.court) is not None and facts.docket:
        return "american"
    return "unreported" if facts.docket else "text"


def _cited_title(form: Form, title: str, document: DocumentRecord) -> str:
    """The name under which a document is cited in its form."""
    facts = document.facts
    if form == "chinese":
        return chinese_case(title, facts.court, _line(facts.docket))
    if form in {"neutral", "european", "unreported"}:
        return common_law_name(title, facts.neutral_citation, facts.docket)
    if form in {"american", "filing"}:
        return american_name(title, facts.court)
    if form == "law":
        return _BOOK.sub("", _line(facts.work) or title)
    if form == "contract":
        parties = facts.parties
        named = len(parties) == 2 and not any(
            len(party) > _LONGEST_PARTY or _NO_PARTY.search(party) for party in parties
        )
        if named and not _is_chinese(document) and parties[0] not in title:
            return f"{title} between {parties[0]} and {parties[1]}"
    return title


def _paper_and_case(title: str, parties: tuple[str, ...]) -> tuple[str, str]:
    """`Motion to Stay, A v. B, No. 3` -> `Motion to Stay` and `A v. B`; no case where none is."""
    at = title.find(parties[0]) if parties else -1
    if at >= 0:
        return title[:at].rstrip(" ,;:"), title[at:]
    return _CUT_TITLE.sub("", title), ""


def _line(text: str | None) -> str:
    """On one line, without white space at the ends."""
    return " ".join((text or "").split())


def _is_chinese(document: DocumentRecord) -> bool:
    if document.language:
        return document.language.startswith("zh")
    return bool(HAN_RUN.search(document.title))

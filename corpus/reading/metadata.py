"""What is a document called, when is it from, and what kind is it?

A court's, a legislature's or a party's own words at the head and end of the text come first: they
say what a document is. Then what a person wrote beside it (front matter, mail headers, a page's
head), then the lines above the body, as reports have them. A file's properties are the last: they
are often a template's, so that only a title is taken from them, and never a person or a day, for
those are of whoever typed or saved the file.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.language.scripts import language_of, normal_tag
from corpus.models import DocumentFacts, Extract, Metadata
from corpus.reading.agreements import agreement
from corpus.reading.correspondence import correspondence
from corpus.reading.court_papers import court_paper
from corpus.reading.first_lines import first_lines
from corpus.reading.interpretations import interpretation
from corpus.reading.judgments_american import american_paper
from corpus.reading.judgments_chinese import chinese_judgment
from corpus.reading.judgments_english import english_judgment
from corpus.reading.judgments_european import european_judgment
from corpus.reading.legislation import legislation
from corpus.reading.legislation_english import english_legislation
from corpus.reading.opening import Opening

_TOP = 4_000
_LONGEST_TITLE = 120
_BYLINE = re.compile(r"By (?:[A-Z][\w.'’-]+ ?){2,4}(?:(?:and|,) (?:[A-Z][\w.'’-]+ ?){2,4})?")
_BYLINE_LINES = 6
_NO_FACTS = DocumentFacts()

# The first that recognises the text decides: from the most particular form to the least.
_RECOGNISERS = (
    interpretation,
    chinese_judgment,
    english_judgment,
    european_judgment,
    american_paper,
    court_paper,
    english_legislation,
    legislation,
    agreement,
    correspondence,
)


def complete(extract: Extract) -> Metadata:
    """An extract's metadata with what its text adds, and its language and script."""
    text, beside = extract.text, extract.metadata
    opening = Opening(text, beside.title)
    document = next(filter(None, (recognise(opening) for recognise in _RECOGNISERS)), Metadata())
    report = first_lines(text)
    if extract.media_type == "message/rfc822":
        document = Metadata(facts=DocumentFacts("letter"))
    elif (
        document.facts == _NO_FACTS
        and report.date
        and (report.publisher or any(map(_BYLINE.fullmatch, opening.head[:_BYLINE_LINES])))
    ):
        report = replace(report, facts=DocumentFacts("news"))
    if extract.media_type == "text/html":  # its head speaks for the site
        merged = _or(document, _or(beside, report))
    elif extract.media_type.startswith("text/") or extract.media_type == "message/rfc822":
        merged = _or(beside, _or(document, _without_weak(report, document)))
    else:
        merged = _or(document, _with_properties(_without_weak(report, document), beside, text))
    return replace(
        merged,
        title=merged.title or _top_heading(extract),
        language=language_of(text) or normal_tag(beside.language),
    )


def _without_weak(report: Metadata, document: Metadata) -> Metadata:
    """What the first lines say beside a recognised document: nothing but an address.

    `2021年1月1日 施行` is not a day and a publisher, the day of a hearing is not the judgment's,
    and the first line of a court's paper is a letterhead or a stamp.
    """
    return Metadata(url=report.url) if document.facts != _NO_FACTS else report


def _with_properties(report: Metadata, properties: Metadata, text: str) -> Metadata:
    """A property that the text repeats is better than a guess; another fills a gap alone."""
    repeated = properties.title and _plain(properties.title) in _plain(text[:_TOP])
    title = properties.title if repeated else report.title or properties.title
    return replace(report, title=title)


def _top_heading(extract: Extract) -> str | None:
    """The heading with which the text begins, when its format marks one."""
    for heading in extract.headings[:1]:
        title = " ".join(extract.text[heading.start : heading.end].split())
        above = extract.text[: heading.start].strip(" \t\n#")
        if title and not above and len(title) <= _LONGEST_TITLE:
            return title
    return None


def _or(first: Metadata, second: Metadata) -> Metadata:
    """What the first says, else the second."""
    return Metadata(
        first.title or second.title,
        first.date or second.date,
        first.publisher or second.publisher,
        first.url or second.url,
        first.language or second.language,
        second.facts if first.facts == _NO_FACTS else first.facts,
    )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()

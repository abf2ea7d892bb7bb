"""Which edition is a law, where only its file's name says so, and which one is in force?

Downloads are called `公司法(2018-10-26).docx`, `公司法_20231229.docx`, `公司法（2018修正）.pdf`.
The name counts where the text tells nothing of its history. It is a scope's own, as titles that a
name stands in for are, so that it is read when a document is looked up and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from corpus.language.dates import iso_date
from corpus.models import DocumentFacts, Edition

_DAY = re.compile(
    r"[（(_ ](?P<year>(?:19|20)\d\d)[-._年]?(?P<month>\d{1,2})[-._月]?(?P<day>\d{1,2})日?[）)]?"
    r"(?=\.\w+\Z|\Z)"
)
_YEAR = re.compile(
    r"[（(](?P<year>(?:19|20)\d\d)年?(?P<verb>修[正订訂])?[本版]?[）)](?=\.\w+\Z|\Z)"
)
_LAWS = ("statute", "interpretation")


def with_edition_of_name(facts: DocumentFacts, name: str) -> DocumentFacts:
    """The facts of a law without history, with the edition that its file's name gives."""
    if facts.kind not in _LAWS or facts.edition:
        return facts
    edition = edition_in_name(name)
    return replace(facts, edition=edition) if edition else facts


def edition_in_name(name: str) -> Edition | None:
    """The edition that the end of a file's name gives, by its day or its year."""
    day = _DAY.search(name)
    iso = iso_date(f"{day['year']}-{day['month']}-{day['day']}") if day else None
    if iso:
        return Edition("", enacted=iso)
    year = _YEAR.search(name)
    if not year:
        return None
    if year["verb"]:
        return Edition(year["year"] + year["verb"], amended=year["year"])
    return Edition("", enacted=year["year"])


def editions_in_force(facts: Mapping[str, DocumentFacts], day: str) -> dict[str, str]:
    """The document that is in force on a day (ISO 8601), for each law that is held.

    facts: document id -> its facts
    Returns work -> document id. An edition counts from the day on which it says it applies, else
    from the day on which it was made; the last one before or on the day is in force.
    """
    # In order of their starts, so that a later edition replaces an earlier one.
    starts = sorted(_starts(facts))
    return {work: document_id for start, work, document_id in starts if start <= day}


def _starts(facts: Mapping[str, DocumentFacts]) -> Iterator[tuple[str, str, str]]:
    for document_id, fact in facts.items():
        start = fact.edition and (fact.edition.in_force or fact.edition.date)
        if fact.work and start:
            yield start, fact.work, document_id

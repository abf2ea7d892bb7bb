"""How long may be what a file says about itself?

A title is searched with every passage, and so is a heading: one of 19,000 characters made a small
file cost half a minute and two gigabytes. What is longer than these limits is cut, and nothing of
the text itself is lost by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from corpus.errors import UnreadableFile
from corpus.models import DocumentFacts, Edition, Metadata, Passage, Reading
from corpus.reasons import Reason

LONGEST_TITLE: Final = 300
LONGEST_NAME: Final = 200
"""Of a publisher, a court, a docket, a party, a date or a pin."""
LONGEST_HEADING: Final = 480
"""Of all headings above a passage together."""
LONGEST_URL: Final = 2000
MOST_PARTIES: Final = 50
MOST_PASSAGES: Final = 250_000
"""Twice those of 5,000 pages."""
MOST_CHARACTERS: Final = 100_000_000


def capped(reading: Reading) -> Reading:
    """The same reading with every field within its limit.

    Raises UnreadableFile for more passages or characters than a document may have.
    """
    if len(reading.passages) > MOST_PASSAGES:
        raise UnreadableFile(Reason("too_many_passages", {"limit": MOST_PASSAGES}))
    if len(reading.text) > MOST_CHARACTERS:
        raise UnreadableFile(Reason("too_much_text", {"limit": MOST_CHARACTERS}))
    return replace(
        reading,
        metadata=capped_metadata(reading.metadata),
        passages=tuple(map(_capped_passage, reading.passages)),
    )


def capped_metadata(metadata: Metadata) -> Metadata:
    """The same metadata with every field within its limit."""
    return Metadata(
        cut(metadata.title, LONGEST_TITLE),
        cut(metadata.date, LONGEST_NAME),
        cut(metadata.publisher, LONGEST_NAME),
        # A part of an address opens something else.
        metadata.url if len(metadata.url or "") <= LONGEST_URL else None,
        cut(metadata.language, LONGEST_NAME),
        capped_facts(metadata.facts),
    )


def capped_facts(facts: DocumentFacts) -> DocumentFacts:
    """The same facts with every field within its limit."""
    edition = facts.edition and Edition(
        cut(facts.edition.label, LONGEST_NAME) or "",
        cut(facts.edition.enacted, LONGEST_NAME),
        cut(facts.edition.amended, LONGEST_NAME),
        cut(facts.edition.in_force, LONGEST_NAME),
    )
    return DocumentFacts(
        facts.kind,
        cut(facts.court, LONGEST_NAME),
        cut(facts.docket, LONGEST_NAME),
        cut(facts.neutral_citation, LONGEST_NAME),
        tuple(cut(party, LONGEST_NAME) or "" for party in facts.parties[:MOST_PARTIES]),
        cut(facts.work, LONGEST_TITLE),
        edition,
    )


def cut(text: str | None, longest: int) -> str | None:
    """A text of at most so many characters, with a mark where it was longer."""
    return text if text is None or len(text) <= longest else f"{text[: longest - 1]}…"


def _capped_passage(passage: Passage) -> Passage:
    if len(passage.pin) <= LONGEST_NAME and len(passage.heading) <= LONGEST_HEADING:
        return passage
    pin, heading = cut(passage.pin, LONGEST_NAME), cut(passage.heading, LONGEST_HEADING)
    return replace(passage, pin=pin or "", heading=heading or "")

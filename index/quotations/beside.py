"""What does the citation beside a quotation name, and is it where the quotation was found?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from corpus.citing.ids import parse_citation
from corpus.errors import MalformedCitation
from corpus.language.lengths import Span
from corpus.language.numerals import parse_number
from index.naming.choice import article_numbers, find_cited
from index.naming.directory import DocumentDirectory
from index.text.canonical import HAN_NUMBER
from index.text.normalize import fold

AFTER, BEFORE = 160, 90
"""Characters behind a quotation, and before it, in which its citation stands."""
_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{8,51}-[0-9OoIiLl]{1,6}(?![0-9A-Za-z-])")
_NEUTRAL = re.compile(
    r"[\[(]\d{4}[\])]\s?[A-Z][A-Za-z]{1,9}(?:\s(?:[A-Z][a-z]{2,4}|Civ|Crim))?\s\d{1,5}(?:\s\([A-Z][A-Za-z]{1,6}\))?"
)
_DOCKET = re.compile(r"[(（〔\[]\d{4}[)）〕\]][^\s()（）]{1,12}?\d{1,6}号")
# A place in a document that numbers its paragraphs or clauses.
_PARAGRAPH = re.compile(
    r"(?:\bat\s|\bparas?\.?\s?|\bparagraphs?\s|,\s?|¶{1,2}\s?)\[?(?P<n>\d{1,4})\]?(?![\d/])"
    rf"|\[(?P<bracket>\d{{1,4}})\]|第\s?(?P<han>\d{{1,4}}|{HAN_NUMBER}{{1,6}})\s?段"
)
_CLAUSE = re.compile(
    r"(?:§\s?|\bclauses?\s|\bsections?\s|\bs\.\s?)(?P<n>\d{1,3}(?:\.\d{1,3})+)", re.IGNORECASE
)
_PIN_NUMBERS = re.compile(r"\d{1,4}")
_PIN_RANGE = re.compile(r"\[?(\d{1,4})\]?\s?[–-]\s?\[?(\d{1,4})\]?")


@dataclass(frozen=True, slots=True)
class CitationBeside:
    """A citation that stands beside a quotation, as the text has it at `[start, end)`.

    `document` says whether it names the document where the quotation was found, `pin` whether it
    names that place; None where it says nothing of it, or the quotation was not found.
    """

    text: str
    start: int
    end: int
    document: bool | None
    pin: bool | None

    @property
    def agrees(self) -> bool | None:
        """Whether the quotation stands where the citation says; None where that is unknown."""
        if self.document is None and self.pin is None:
            return None
        return self.document is not False and self.pin is not False


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """What a citation names: documents by id, and articles, paragraphs or a passage in them.

    `documents` is None where it names none; empty where the scope has none of that name.
    """

    start: int
    end: int
    documents: frozenset[str] | None
    articles: frozenset[str] = frozenset()
    paragraph: int | None = None
    clause: str = ""
    ordinal: int | None = None


def place_beside(
    text: str, span: Span, neighbours: Sequence[Span], directory: DocumentDirectory
) -> NamedPlace | None:
    """The citation nearest to a quotation: behind it, else before it, on the same paragraph.

    `neighbours`: the other quotations of the text, which have citations of their own.
    """
    start, end = span
    stop = min([end + AFTER, len(text), *(first for first, _ in neighbours if first >= end)])
    behind = _line(text[end:stop])
    places = list(find_places(behind, directory))
    if places and places[0].start <= len(behind) * 2 // 3:
        return _moved(_merged(places), end)
    begin = max([start - BEFORE, 0, *(last for _, last in neighbours if last <= start)])
    before = text[begin:start]
    cut = before.rfind("\n\n") + 1
    places = list(find_places(before[cut:], directory))
    return _moved(_merged(places[-2:]), begin + cut) if places else None


def find_places(text: str, directory: DocumentDirectory) -> Iterator[NamedPlace]:
    """The citations of a short text, in order."""
    places = [*_by_id(text), *_by_name(text, directory)]
    occupied = [(place.start, place.end) for place in places]
    # The `[2024]` of a neutral citation is no paragraph.
    places += (
        place
        for place in _numbered(text)
        if not any(start <= place.start < end for start, end in occupied)
    )
    yield from sorted(places, key=lambda place: place.start)


def compare_place(
    place: NamedPlace, text: str, document_id: str | None, pins: Collection[tuple[int, str]]
) -> CitationBeside:
    """Whether a citation names the document, and the passages, `(ordinal, pin)`, of a quotation."""
    document: bool | None = None
    pin: bool | None = None
    if document_id is not None and place.documents is not None:
        document = document_id in place.documents
    if document_id is not None and document is not False:
        pin = _is_pinned(place, pins)
    return CitationBeside(text[place.start : place.end], place.start, place.end, document, pin)


def _is_pinned(place: NamedPlace, pins: Collection[tuple[int, str]]) -> bool | None:
    """Whether one of the pins is the one named; None where none is named, or none has a number."""
    if place.ordinal is not None:
        return any(ordinal == place.ordinal for ordinal, _ in pins)
    if place.articles:
        numbers = [article_numbers(pin) for _, pin in pins]
        return any(map(place.articles.intersection, numbers)) if any(numbers) else None
    if place.clause:
        return any(re.search(rf"(?<![\d.]){re.escape(place.clause)}(?!\d)", pin) for _, pin in pins)
    if place.paragraph is not None:
        # A paragraph as the document numbers it; one that is counted by us is none.
        numbered = [pin for _, pin in pins if "[" in pin or "段" in pin]
        return any(_holds(pin, place.paragraph) for pin in numbered) if numbered else None
    return None


def _holds(pin: str, number: int) -> bool:
    if span := _PIN_RANGE.search(pin):
        return int(span[1]) <= number <= int(span[2])
    return str(number) in _PIN_NUMBERS.findall(pin)


def _by_id(text: str) -> Iterator[NamedPlace]:
    for match in _ID.finditer(text):
        try:
            citation = parse_citation(match[0])
        except MalformedCitation:
            continue
        documents = frozenset({citation.document_id})
        yield NamedPlace(*match.span(), documents, ordinal=citation.ordinal)


def _by_name(text: str, directory: DocumentDirectory) -> Iterator[NamedPlace]:
    folded = fold(text)
    spans: list[Span] = []
    for article in find_cited(folded.text, directory):
        law = article.law
        first, last = min(law.start, article.span[0]), max(law.end, article.span[1])
        spans.append(folded.span(first, last))
        documents = directory.engine_ids(law.documents)
        yield NamedPlace(*spans[-1], documents, frozenset({article.number}))
    for name in directory.find_names(folded.text):
        span = folded.span(name.start, name.end)
        # A party or a common word names no document by itself.
        if name.weight >= 1 and not name.is_party and not _overlaps(span, spans):
            spans.append(span)
            yield NamedPlace(*span, directory.engine_ids(name.documents))
    for pattern in (_NEUTRAL, _DOCKET):
        for match in pattern.finditer(text):
            # A case that the scope does not have: the quotation cannot be from it.
            if not _overlaps(match.span(), spans):
                yield NamedPlace(*match.span(), frozenset())


def _numbered(text: str) -> Iterator[NamedPlace]:
    for match in _CLAUSE.finditer(text):
        yield NamedPlace(*match.span(), None, clause=match["n"])
    folded = fold(text)
    for match in re.finditer(
        rf"第\s?(?:\d{{1,4}}|{HAN_NUMBER}{{1,8}})\s?条(?:之(?:\d{{1,2}}|{HAN_NUMBER}{{1,3}}))?"
        r"|\b(?:articles?|arts?\.)\s\d{1,4}",
        folded.text,
    ):
        numbers = article_numbers(match[0])
        if numbers:
            yield NamedPlace(*folded.span(*match.span()), None, numbers)
    for match in _PARAGRAPH.finditer(text):
        number = parse_number(match["n"] or match["bracket"] or match["han"])
        if number:
            yield NamedPlace(*match.span(), None, paragraph=number)


def _merged(places: Sequence[NamedPlace]) -> NamedPlace:
    """A document and the place in it that follows: `[2024] UKSC 14, [46]` is one citation."""
    first = places[0]
    if len(places) < 2 or first.documents is None or first.articles or first.ordinal is not None:
        return first
    second = places[1]
    if second.documents is not None or second.start - first.end > 12:
        return first
    return NamedPlace(
        first.start, second.end, first.documents, second.articles, second.paragraph, second.clause
    )


def _moved(place: NamedPlace, by: int) -> NamedPlace:
    return NamedPlace(
        place.start + by, place.end + by, place.documents, place.articles, place.paragraph,
        place.clause, place.ordinal,
    )  # fmt: skip


def _line(text: str) -> str:
    """What stands behind a quotation on its paragraph; a citation may follow on the next line."""
    head, _, below = text.partition("\n\n")
    return (
        head if head.strip(' \t.,;:。，；：”」』"»') else head + "\n\n" + below.partition("\n\n")[0]
    )


def _overlaps(span: Span, spans: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in spans)

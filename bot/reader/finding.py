"""Search inside one document, by the analyzer of the index: Traditional finds Simplified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from index.answering.sentence import find_highlights
from index.text.analyzer import BIGRAM
from index.text.analyzer import terms as terms_of
from index.text.normalize import fold, fold_term

if TYPE_CHECKING:
    from collections.abc import Collection

    from corpus.language.lengths import Span
    from corpus.models import PassageRecord

MOST_FOUND: Final = 100


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that holds what was searched for."""

    citation: str
    pin: str
    text: str
    highlights: tuple[Span, ...]


class ReadDocument:
    """A document's passages. They never change, so that they may be remembered."""

    def __init__(self, passages: tuple[PassageRecord, ...]) -> None:
        self.passages = passages

    @cached_property
    def folded(self) -> list[tuple[str, frozenset[str]]]:
        """The folded text and the terms of each passage; worked out for the first search."""
        return [
            (fold_term(passage.text), frozenset(terms_of(passage.text)))
            for passage in self.passages
        ]


def find_words(words: str, document: ReadDocument) -> list[FoundPassage]:
    """The passages that say the words as they stand or all of their terms; else most of these."""
    looked_for = fold_term(words).strip()
    terms = frozenset(terms_of(words))
    if not looked_for:
        return []
    # A pair of Han characters matches by accident: words count where there are any.
    telling = frozenset(t for t in terms if not t.startswith(BIGRAM)) or terms
    shared = [
        len(telling) + 1 if looked_for in text else len(telling & own)
        for text, own in document.folded
    ]
    least = min(len(telling), max(shared, default=0))
    if not least or 2 * least < len(telling):
        return []
    return [
        FoundPassage(passage.citation, passage.pin, passage.text, spans)
        for passage, count in zip(document.passages, shared, strict=True)
        if count >= least
        and (spans := _spans(passage.text, looked_for, terms, whole=count > len(telling)))
    ]


def _spans(text: str, looked_for: str, terms: Collection[str], *, whole: bool) -> tuple[Span, ...]:
    """What of a text is marked: the words as they stand, else each by itself."""
    if not whole:
        return find_highlights(text, terms)
    folded = fold(text)
    places = re.finditer(re.escape(looked_for), folded.text)
    spans = (folded.span(*place.span()) for place in places)
    return tuple(span for span in spans if text[slice(*span)].strip())

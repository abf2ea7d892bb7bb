"""Search inside one document, by the analyzer of the index: Traditional finds Simplified.

The index says which passages may hold the words, and only these are analyzed: the passages of a
document of a thousand pages would take the analyzer many seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from index.answering.sentence import find_highlights
from index.quotations.canonical import fold_script
from index.text.analyzer import BIGRAM
from index.text.analyzer import terms as terms_of
from index.text.normalize import fold, fold_characters, fold_term

if TYPE_CHECKING:
    from corpus.language.lengths import Span
    from corpus.models import PassageRecord

MOST_FOUND: Final = 100
MOST_ANALYZED: Final = 200
"""Passages that are analyzed for one search: about a tenth of a second."""
INDEXED_FROM: Final = 200
"""Passages from which a document is searched by the index. A shorter one is analyzed whole once."""
LONGEST_ANALYZED: Final = 1000
"""Passages up to which an earlier version is analyzed whole: the index holds live ones alone."""

TermIndex: TypeAlias = Callable[[Sequence[str]], Mapping[int, frozenset[str]]]
"""Which of the terms a passage may hold, by its key, the best passages first."""


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
    def written(self) -> list[str]:
        """What each passage says, in one script; worked out for the first search."""
        return [_written(passage.text) for passage in self.passages]

    @cached_property
    def terms(self) -> list[frozenset[str]]:
        """The terms of each passage; worked out for the first search that needs all of them."""
        return [frozenset(terms_of(passage.text)) for passage in self.passages]


def find_words(words: str, document: ReadDocument, index: TermIndex | None) -> list[FoundPassage]:
    """The first passages that say the words as they stand or all of their terms; else most.

    index: None for a document that is in no index, as an earlier version is
    """
    looked_for = fold_term(words).strip()
    if not looked_for:
        return []
    terms = frozenset(terms_of(words))
    # A pair of Han characters matches by accident: words count where there are any.
    telling = frozenset(t for t in terms if not t.startswith(BIGRAM)) or terms
    shared = _shared(telling, document, index)
    as_written = _written(words.strip())
    for at, text in enumerate(document.written):
        if as_written in text:
            shared[at] = len(telling) + 1
    least = min(len(telling), max(shared.values(), default=0))
    if not least or 2 * least < len(telling):
        return []
    places = (at for at in sorted(shared) if shared[at] >= least)
    marked = (
        (document.passages[at], _spans(document.passages[at].text, looked_for, terms))
        for at in places
    )
    found_passages = (
        FoundPassage(passage.citation, passage.pin, passage.text, spans)
        for passage, spans in marked
        if spans
    )
    return list(islice(found_passages, MOST_FOUND))


def _shared(
    telling: frozenset[str], document: ReadDocument, index: TermIndex | None
) -> dict[int, int]:
    """How many of the terms the passages hold, by their place in the document."""
    count = len(document.passages)
    if count < INDEXED_FROM or (index is None and count <= LONGEST_ANALYZED):
        return {at: len(telling & own) for at, own in enumerate(document.terms)}
    held = index(sorted(telling)) if index else {}
    places = {passage.key: at for at, passage in enumerate(document.passages)}
    likely = [(places[key], terms) for key, terms in held.items() if key in places]
    likely.sort(key=lambda pair: -len(pair[1]))
    # An index holds the words of titles and headings too: what a passage itself says is asked.
    return {
        at: len(telling.intersection(terms_of(document.passages[at].text)))
        for at, _ in likely[:MOST_ANALYZED]
    }


def _written(text: str) -> str:
    """Folded character by character, which is fast enough for every passage."""
    return fold_script(fold_characters(text))


def _spans(text: str, looked_for: str, terms: Collection[str]) -> tuple[Span, ...]:
    """What of a text is marked: the words as they stand, else each by itself."""
    whole = tuple(span for span in _whole(text, looked_for) if text[slice(*span)].strip())
    return whole or find_highlights(text, terms)


def _whole(text: str, looked_for: str) -> Iterable[Span]:
    folded = fold(text)
    places = re.finditer(re.escape(looked_for), folded.text)
    return (folded.span(*place.span()) for place in places)

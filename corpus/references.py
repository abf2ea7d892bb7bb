"""Where do the references inside a passage lead?  To the same document, or to a law in scope.

`ReferenceFinder` belongs to one document and one scope, so that a page which shows all of its
passages reads its pins once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from corpus.citing.mentions import Mention, NumberPath, Word, find_mentions, path_of_pin
from corpus.citing.schedules import opened_schedules
from corpus.editions import editions_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.library import Library
    from corpus.models import DocumentRecord, PassageRecord, Scope, Source

_PREFIX: Final = "中华人民共和国"
_FEWEST: Final = 2
_COMPATIBLE: Final[dict[Word, tuple[Word, ...]]] = {
    # Contracts number by § what they call clauses, sections and articles in their text.
    "article": ("article", "section"),
    "section": ("section", "article"),
    "clause": ("clause", "section", "article"),
    "rule": ("rule", "section"),
    "paragraph": ("paragraph",),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference inside a passage: a span counted from the passage's own start."""

    start: int
    end: int
    citation: str | None
    """What it leads to; None where that is not among the documents in scope."""


def references_in(library: Library, source: Source, scope: Scope) -> list[Reference]:
    """The references inside one passage, in order; see `ReferenceFinder`. Blocks."""
    return ReferenceFinder(library, source.document, scope).references(source.passage)


def places(passage: PassageRecord, references: Iterable[Reference]) -> list[tuple[str, str]]:
    """The other passages that a passage refers to, each once: the words it uses, the citation."""
    by_citation: dict[str, str] = {}
    for reference in references:
        if reference.citation and reference.citation != passage.citation:
            words = " ".join(passage.text[reference.start : reference.end].split())
            by_citation.setdefault(reference.citation, words)
    return [(words, citation) for citation, words in by_citation.items()]


class PinIndex:
    """The places of one document by their numbers."""

    def __init__(self, pins: Sequence[str]) -> None:
        self._ordinals: dict[tuple[str, Word, NumberPath], int] = {}
        self._articles: list[NumberPath] = []
        self._paths: list[tuple[int, list[NumberPath]]] = []
        self.words: set[Word] = set()
        for ordinal, pin in enumerate(pins, start=1):
            parsed = path_of_pin(pin)
            paths = _between(*parsed[2:]) if parsed else []
            self._paths.append((ordinal, paths))
            if parsed is None:
                continue
            part, word = parsed[:2]
            self.words.add(word)
            for path in paths:
                if not self._articles or self._articles[-1] != path[:1]:
                    self._articles.append(path[:1])
                for depth in range(1, len(path) + 1):
                    self._ordinals.setdefault((part, word, path[:depth]), ordinal)

    def find(self, word: Word, path: NumberPath, part: str = "") -> int | None:
        """The ordinal of the passage at a path, or at the nearest place above it; else None.

        part: the part of the document that is asked first, such as an annex that counts anew
        """
        for candidate in _COMPATIBLE[word]:
            if candidate not in self.words:
                continue
            for where in dict.fromkeys((part, "")):
                for depth in range(len(path), 0, -1):
                    ordinal = self._ordinals.get((where, candidate, path[:depth]))
                    if ordinal:
                        return ordinal
            return None
        return None

    def within(self, path: NumberPath, first: int, end: int | None) -> int | None:
        """The passage of a path from one ordinal on and before another; None where none is."""
        for ordinal, paths in self._paths[first - 1 : end - 1 if end else None]:
            if path in paths:
                return ordinal
        return None

    def step(self, article: NumberPath, by: int) -> NumberPath | None:
        """The article that stands `by` places after this one, or before it."""
        try:
            at = self._articles.index(article) + by
        except ValueError:
            return None
        return self._articles[at] if 0 <= at < len(self._articles) else None


class ReferenceFinder:
    """Finds where the references inside the passages of one document lead, within a scope."""

    def __init__(self, library: Library, document: DocumentRecord, scope: Scope) -> None:
        self._library = library
        self._document_id = document.id
        self._work = document.facts.work
        self._language = document.language or ""
        self._scope = scope
        self._index: dict[str, PinIndex] = {}
        self._laws: dict[tuple[str, ...], str | None] = {}
        self._schedules: dict[str, dict[tuple[str, ...], int]] = {}

    def references(self, passage: PassageRecord) -> list[Reference]:
        """The references inside a passage, in order. Blocks on the database."""
        references = []
        for mention in find_mentions(passage.text):
            reference = self._resolve(passage, mention)
            if reference and not _is_own_label(passage, reference):
                references.append(reference)
        return references

    def _resolve(self, passage: PassageRecord, mention: Mention) -> Reference | None:
        if mention.laws:
            document_id = self._law(mention.laws)
            if mention.word == "schedule":
                return self._schedule(document_id or "", mention)
            ordinal = self._pins(document_id).find(mention.word, mention.path) if document_id else 0
            citation = f"{document_id}-{ordinal}" if document_id and ordinal else None
            return Reference(mention.start, mention.end, citation)
        if mention.word == "schedule":
            return self._schedule(self._document_id, mention)
        index = self._pins(self._document_id)
        own = path_of_pin(passage.pin)
        path: NumberPath | None = mention.path
        if mention.relative:
            path = _relative_path(mention, own[2], index) if own else None
            if path is None:
                return None
        # Without numbers of that kind it is a place of something else, or no reference at all.
        if mention.word == "paragraph" and "paragraph" not in index.words:
            return None
        ordinal = index.find(mention.word, path or (), own[0] if own else "")
        citation = f"{self._document_id}-{ordinal}" if ordinal else None
        return Reference(mention.start, mention.end, citation)

    def _pins(self, document_id: str) -> PinIndex:
        if document_id not in self._index:
            pins = [pin for _, _, pin in self._library.pins([document_id])]
            self._index[document_id] = PinIndex(pins)
        return self._index[document_id]

    def _schedule(self, document_id: str, mention: Mention) -> Reference | None:
        """Where a schedule of a document begins, or the article in it that is mentioned."""
        kind, number, *below = mention.path
        places = self._schedules_of(document_id) if document_id else {}
        opened = places.get((kind, number))
        if opened is None:
            # `the Schedule` and 见附件 are mostly no reference where nothing is called so.
            return Reference(mention.start, mention.end, None) if number else None
        ordinal = opened
        if below:
            end = min((start for start in places.values() if start > opened), default=None)
            ordinal = self._pins(document_id).within(tuple(below), opened, end) or opened
        return Reference(mention.start, mention.end, f"{document_id}-{ordinal}")

    def _schedules_of(self, document_id: str) -> dict[tuple[str, ...], int]:
        """The ordinals of the passages in which the schedules of a document begin."""
        if document_id not in self._schedules:
            # Contents name each schedule before it begins: the last one counts.
            self._schedules[document_id] = {
                path: passage.ordinal
                for passage in self._library.document_passages([document_id])
                for path in opened_schedules(passage.text)
            }
        return self._schedules[document_id]

    def _law(self, names: tuple[str, ...]) -> str | None:
        """The edition in force of the law that has one of these names; None where there is none."""
        if names not in self._laws:
            self._laws[names] = self._find_law(names)
        return self._laws[names]

    def _find_law(self, names: tuple[str, ...]) -> str | None:
        candidates = list(self._spelled(names))
        # A law that names itself means its own edition.
        if self._work in candidates:
            return self._document_id
        facts = self._library.laws_named(candidates, self._scope)
        by_work: dict[str, list[str]] = {}
        for document_id, fact in facts.items():
            by_work.setdefault(fact.work or "", []).append(document_id)
        in_force = editions_in_force(facts, datetime.now(UTC).date().isoformat())
        for name in candidates:
            if name in by_work:
                return in_force.get(name) or min(by_work[name])
        return None

    def _spelled(self, names: Iterable[str]) -> Iterable[str]:
        """The full names first where the mainland's laws are cited by their short ones."""
        for name in names:
            if len(name) < _FEWEST:
                continue
            if not self._language.startswith("zh-Hant") and not name.startswith(_PREFIX):
                yield f"{_PREFIX}{name}"
            yield name


def _relative_path(mention: Mention, own: NumberPath, index: PinIndex) -> NumberPath | None:
    level, step = mention.relative.split()
    by = int(step)
    if level == "article":
        article = index.step(own[:1], by) if by else own[:1]
        return (*article, *mention.path) if article else None
    if len(own) > 1 and own[1].isdecimal() and int(own[1]) + by >= 1:
        return (own[0], str(int(own[1]) + by), *mention.path)
    # The article is one passage: what stands above it in the article is in there too.
    return own[:1]


def _is_own_label(passage: PassageRecord, reference: Reference) -> bool:
    """Whether it only says the number of the place that it stands in, at the head of a line."""
    if reference.citation not in (passage.citation, None):
        return False
    line = passage.text[passage.text.rfind("\n", 0, reference.start) + 1 : reference.start]
    opens = not line.strip(" #*_\t\u3000")
    return opens and not re.match(r"前|本|同|次", passage.text[reference.start :])


def _between(first: NumberPath, last: NumberPath) -> list[NumberPath]:
    """The paths from first to last, where they differ in one number; else these two."""
    if first == last:
        return [first]
    at = next((i for i, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), 0)
    start, end = first[at], last[at]
    if not (start.isdecimal() and end.isdecimal() and 0 < int(end) - int(start) <= 200):
        return [first, last]
    middle = [(*first[:at], str(number)) for number in range(int(start) + 1, int(end))]
    return [first, *middle, last]

"""Which passages may a quotation be from?  Found by the index within a scope, by pieces of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.library import Library
from corpus.models import PassageRecord, Scope
from index.engine.protocol import Alternative, Clause, Documents, Engine, Query
from index.engine.terms import is_pair
from index.quotations.canonical import canonical_text, fold_script
from index.text.analyzer import analyze, stem
from index.text.stopwords import ENGLISH

PROBE = 240
"""Characters of a quotation that are searched for at a time. A long quotation spans passages, and
each of its pieces finds its own."""
PROBES = 4
CLAUSES = 40
"""Terms of a search. They are spread evenly: wherever it was altered, the rest is found."""
CANDIDATES = 48
"""Passages looked at for a piece. A short quotation of common words is in many passages, and the
one that has the words in their order may rank low among them."""
GRAM = 4

_COMMON = ENGLISH | frozenset(map(stem, ENGLISH))


@dataclass(frozen=True, slots=True)
class CandidatePassage:
    """A passage that shares pieces with a quotation. `shared`: how many of its grams it holds."""

    passage: PassageRecord
    shared: int
    text: str
    """Its canonical text, in one script."""


def find_candidates(
    engine: Engine,
    library: Library,
    parts: Sequence[str],
    scope: Scope,
    within: Documents | None = None,
) -> list[CandidatePassage]:
    """The passages that share most with the parts of a quotation, best first."""
    keys: dict[int, None] = {}
    for probe in _probes(parts):
        query = _query(probe)
        if query:
            ranking = engine.search(query, scope=scope, k=CANDIDATES, within=within)
            keys |= dict.fromkeys(candidate.key for candidate in ranking.candidates)
    grams = {gram for part in parts for gram in _grams(folded_text(part))}
    records = library.passages_by_key(list(keys), scope)
    candidates = []
    for record in records.values():
        text = folded_text(record.text)
        shared = len(grams.intersection(_grams(text)))
        if shared:
            candidates.append(CandidatePassage(record, shared, text))
    # The order of the index settles what is equal.
    return sorted(candidates, key=lambda candidate: -candidate.shared)


def folded_text(text: str) -> str:
    """A text as it is compared, in one script."""
    return fold_script(canonical_text(text))


def _grams(text: str) -> Iterator[str]:
    return (text[at : at + GRAM] for at in range(max(1, len(text) - GRAM + 1)))


def _probes(parts: Sequence[str]) -> Iterator[str]:
    """Pieces of the longest parts: the beginning, the middle and the end of a long one."""
    longest = sorted(parts, key=len, reverse=True)[:PROBES]
    for part in longest:
        if len(part) <= PROBE or len(longest) > 1:
            yield part[:PROBE]
            continue
        last = len(part) - PROBE // 2
        for start in (0, last // 2, last):
            yield part[start : start + PROBE // 2]


def _query(text: str) -> Query:
    """Words and pairs of characters, at most CLAUSES, spread evenly over the text."""
    tokens = sorted(analyze(text), key=lambda token: token.start)
    terms = list(dict.fromkeys(token.term for token in tokens if _is_telling(token.term)))
    if len(terms) < 3:  # nothing but common words
        terms = list(dict.fromkeys(token.term for token in tokens))
    step = max(1.0, len(terms) / CLAUSES)
    chosen = [terms[int(at * step)] for at in range(min(len(terms), CLAUSES))]
    return Query(tuple(Clause(term, (Alternative(term),)) for term in chosen))


def _is_telling(term: str) -> bool:
    """Pairs of Han characters, and words of other scripts that are not in every passage."""
    return is_pair(term) or (term.isascii() and term not in _COMMON)

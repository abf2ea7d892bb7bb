"""Saved queries, matched the other way round: by which of them may a new passage be found?

The queries' terms are indexed once; each new passage is analyzed once and looked up in them, so the
work grows with what arrives and not with the number of queries (inverted matching: Yan and
Garcia-Molina, TODS 1994). A match may answer; whether it does, a search says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from corpus.models import PassageRecord, Scope
from index.answer import Hit
from index.engine.protocol import Query
from index.engine.sync import passage_terms
from index.search import Searcher

MIN_MATCHED_SHARE: Final = 0.25
"""The share of a query's weight that a passage has to match before it is worth a search."""
MIN_CONFIDENCE: Final = 0.5
"""The confidence from which a passage that is not the best one is told of, too."""
SEARCH_DEPTH: Final = 50
"""How far down the ranking a new document is looked for."""


class SavedQueries:
    """The terms of saved queries, by the key of each."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self._weights: dict[int, list[float]] = {}
        self._totals: dict[int, float] = {}
        self._clauses: dict[str, list[tuple[int, int]]] = {}
        for key, query in queries.items():
            self._weights[key] = [clause.weight for clause in query.clauses]
            self._totals[key] = sum(self._weights[key])
            for place, clause in enumerate(query.clauses):
                # A set: a term that stands twice in a clause must not count twice.
                for term in {alternative.term for alternative in clause.alternatives}:
                    self._clauses.setdefault(term, []).append((key, place))

    def matched_by(self, passage: PassageRecord) -> set[int]:
        """The keys of the queries that a passage may answer."""
        matched: dict[int, set[int]] = {}
        for term in set(passage_terms(passage)):
            for key, place in self._clauses.get(term, ()):
                matched.setdefault(key, set()).add(place)
        return {
            key for key, places in matched.items() if self._share(key, places) >= MIN_MATCHED_SHARE
        }

    def _share(self, key: int, places: Iterable[int]) -> float:
        weights = self._weights[key]
        return sum(weights[place] for place in places) / self._totals[key]


def documents_answering(
    searcher: Searcher, question: str, document_ids: frozenset[str], scope: Scope
) -> dict[str, Hit]:
    """Those of the documents that answer a question within the scope, each by its best passage.

    Judged as an answer is: nothing answers what would be refused; what is not the best passage of
    all has to be more likely an answer than not.
    """
    # Asked with the asker's scope, so that a watch tells nothing that a question would not.
    answer = searcher.answer(question, scope=scope, k=SEARCH_DEPTH)
    best: dict[str, Hit] = {}
    for hit in () if answer.refusal else answer.hits:
        is_new = hit.document_id in document_ids
        if is_new and (hit.rank == 1 or hit.confidence >= MIN_CONFIDENCE):
            best.setdefault(hit.document_id, hit)
    return best

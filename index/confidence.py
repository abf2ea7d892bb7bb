"""How much of what was asked a passage covers: the share of the question's weight that it earns.

A first, plain form: 1.0 when every word of the question is there, 0 when none is.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.bm25 import BM25
from index.engine import Ranking
from index.query import Clause


def covered_share(clauses: Sequence[Clause], ranking: Ranking, evidence: Sequence[float]) -> float:
    """The part, in [0, 1], of the clauses' summed idf that `evidence`, expected tf, answers to.

    A clause that no passage holds weighs as one that a single passage holds; evidence beyond one
    occurrence counts no more.
    """
    model = BM25(ranking.size, ranking.mean_length)
    total = covered = 0.0
    for clause, frequency, tf in zip(clauses, ranking.frequencies, evidence, strict=True):
        weight = clause.weight * model.inverse_document_frequency(max(1.0, frequency))
        total += weight
        covered += weight * min(1.0, tf)
    return covered / total if total else 0.0

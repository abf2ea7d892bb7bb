"""How much of what was asked a passage covers: the share of the question's weight that it earns.

A first, plain form: 1.0 when every word of the question is there, 0 when none is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.bm25 import BM25
from index.query import Clause


def covered_share(
    clauses: Sequence[Clause], frequencies: Sequence[float], size: int, held: Collection[str]
) -> float:
    """The part, in [0, 1], of the clauses' summed idf whose alternatives are among `held` terms.

    A clause that no passage holds weighs as one that a single passage holds.
    """
    model = BM25(size, 1.0)
    total = covered = 0.0
    for clause, frequency in zip(clauses, frequencies, strict=True):
        weight = clause.weight * model.inverse_document_frequency(max(1.0, frequency))
        total += weight
        covered += weight * max(
            (one.p for one in clause.alternatives if one.term in held), default=0.0
        )
    return covered / total if total else 0.0

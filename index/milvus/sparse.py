"""Passages and questions as sparse vectors, whose inner product is nearly the score.

A passage's weight for a term is what BM25 makes of its frequency and of the passage's length, with
a mean length that is fixed for the index. A question's weight is `weight * idf * share(p)`. For a
clause of several alternatives the sum is too high where a passage holds more than one of them, so
the product only chooses candidates; `exact` scores these as every other engine does, for a weight
and a length give the frequency back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from index.engine.protocol import BM25, K1, Candidate, Clause
from index.engine.terms import Array, term_hash

NUMBERS: Final = 2**32 - 2
"""Of five million terms one in nine hundred shares its number with another."""

WORDLESS: Final = NUMBERS
"""Stands alone in a passage without terms, for an empty vector is refused; the largest allowed."""

Weights: TypeAlias = dict[int, float]


@dataclass(frozen=True, slots=True)
class SparseRow:
    """A passage as the index keeps it, in the cell of its document; `length` in tokens.

    `number` is what its vectors are kept under.
    """

    key: int
    document_id: str
    cell: int
    length: int
    weights: Weights
    number: int = 0


def term_number(term: str) -> int:
    """The index that stands for a term."""
    return term_hash(term) % NUMBERS


def passage_weights(terms: Sequence[str], model: BM25) -> Weights:
    """The weights of a passage, `model` being one of the index's fixed mean length."""
    # Two terms with one number add up; `NUMBERS` says how rare that is.
    counts = Counter(map(term_number, terms)) or Counter({WORDLESS: 1})
    tf = np.fromiter(counts.values(), np.float64, len(counts))
    weights = model.saturation(tf, model.length_factor(np.array([len(terms)])))
    return dict(zip(counts, weights.tolist(), strict=True))


def frequencies(weights: Array, lengths: Array, model: BM25) -> Array:
    """The term frequencies that weights stand for: `passage_weights` undone, to whole numbers."""
    factors = model.length_factor(lengths)
    # Milvus stores float32: rounding to a whole number undoes its error.
    whole: Array = np.rint(weights * factors / np.maximum(model.k1 + 1 - weights, 1e-6))
    return whole


def share(p: float) -> float:
    """What an alternative of probability `p` earns of a whole one's weight.

    Exact for one occurrence in a passage of mean length, where `length_factor` is k1.
    """
    return p * (1 + K1) / (p + K1)


def question_weights(clauses: Sequence[Clause], df: Sequence[float], model: BM25) -> Weights:
    """The weights of a question; `df[i]` is the expected document frequency of clause i."""
    weights: Weights = {}
    for clause, frequency in zip(clauses, df, strict=True):
        earned = clause.weight * model.inverse_document_frequency(min(frequency, model.corpus_size))
        for alternative in clause.alternatives:
            number = term_number(alternative.term)
            weights[number] = weights.get(number, 0.0) + earned * share(alternative.p)
    # A term in every passage has no weight and cannot choose candidates.
    return {number: weight for number, weight in weights.items() if weight > 0}


def expected(clauses: Sequence[Clause], df: Mapping[int, int]) -> tuple[float, ...]:
    """Each clause's expected document frequency: its alternatives', by their probability."""
    return tuple(
        float(
            sum(
                alternative.p * df.get(term_number(alternative.term), 0)
                for alternative in clause.alternatives
            )
        )
        for clause in clauses
    )


def exact(
    clauses: Sequence[Clause],
    df: Sequence[float],
    rows: Sequence[SparseRow],
    model: BM25,
    stored: BM25,
) -> list[Candidate]:
    """The rows, scored: best first, ties by number; those that hold no term last, with 0.

    `model` has the statistics of the scope, `stored` the mean length of the stored weights.
    """
    if not rows or not clauses:
        return []
    lengths = np.array([row.length for row in rows])
    tf = _expected_tf(clauses, rows, lengths, stored)
    idf = [model.inverse_document_frequency(min(frequency, model.corpus_size)) for frequency in df]
    earned = np.array([clause.weight for clause in clauses]) * np.array(idf)
    by_clause = earned * model.saturation(tf, model.length_factor(lengths)[:, None])
    # Clause by clause, as every engine adds up, so that ties are ties everywhere.
    scores = np.cumsum(by_clause, axis=1)[:, -1]
    candidates = [
        Candidate(row.key, row.document_id, float(score), row.length, tuple(evidence), row.number)
        for row, score, evidence in zip(rows, scores, tf.tolist(), strict=True)
    ]
    return sorted(
        candidates, key=lambda candidate: (-candidate.score, candidate.number, candidate.key)
    )


def _expected_tf(
    clauses: Sequence[Clause], rows: Sequence[SparseRow], lengths: Array, stored: BM25
) -> Array:
    """The expected frequency of each clause in each row: (rows, clauses)."""
    probabilities = _probabilities(clauses)
    at, of, weights, p = [], [], [], []
    for number, row in enumerate(rows):
        for term in probabilities.keys() & row.weights.keys():
            for clause, probability in probabilities[term]:
                at.append(number)
                of.append(clause)
                weights.append(row.weights[term])
                p.append(probability)
    expected_tf = np.zeros((len(rows), len(clauses)))
    tf = frequencies(np.array(weights), lengths[at], stored) if at else np.zeros(0)
    np.add.at(expected_tf, (at, of), np.array(p) * tf)
    return expected_tf


def _probabilities(clauses: Iterable[Clause]) -> dict[int, list[tuple[int, float]]]:
    """By term: the clauses that ask for it, and with what probability."""
    by_term: dict[int, list[tuple[int, float]]] = {}
    for number, clause in enumerate(clauses):
        for alternative in clause.alternatives:
            occurrences = by_term.setdefault(term_number(alternative.term), [])
            occurrences.append((number, alternative.p))
    return by_term

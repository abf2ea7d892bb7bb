"""Learn how sure an answer is: from questions with their own passage there, and without it.

Logistic regression by Newton's method, with an L2 penalty (J. Platt, 'Probabilistic Outputs for
Support Vector Machines', 1999, for the idea of calibrating a ranking's score).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from index.answering.confidence import SIGNALS, TRANSLATED, ConfidenceModel, confidence_signals
from index.engine.bm25 import Floats
from index.evaluation.collection import Collection
from index.reranking.features.registry import FEATURE_NAMES, RELATIVE_TO_BEST
from tools.learning import Asked

PENALTY = 1e-2
KEPT_OWN, KEPT_ACROSS = 0.98, 0.985
"""The shares of the answerable questions that are let through, in every collection: in their own
words, and across languages, where the pipeline's rule for a single word found takes some more."""
ENOUGH = 100
"""So many questions of a collection must be answered in its own words, or across languages, to
tell how sure such answers are at the least."""
SMALL = (1, 4, 16)
"""Passages in small libraries, in which nothing is rare."""
_LIBRARIES = 24
_ROUNDS = 40


def examples(asked: Sequence[Asked], weights: Floats) -> tuple[Floats, Floats]:
    """The signs of the best passage for each question, with its own there and taken away."""
    there = [_signs(one.rows, weights) for one in asked if one.judged]
    taken = (one.rows[one.relevant == 0] for one in asked)
    away = [_signs(rows, weights) for rows in taken if len(rows)]
    width = (0, len(SIGNALS))
    return np.array(there).reshape(-1, width[1]), np.array(away).reshape(-1, width[1])


def _signs(rows: Floats, weights: Floats) -> Floats:
    """The signs of the first after reranking; scores count beside the best one's."""
    rows = rows.copy()
    best = rows[:, 0].max()
    rows[:, [FEATURE_NAMES.index(name) for name in RELATIVE_TO_BEST]] /= best
    scores = rows[:, 0] + rows @ weights
    order = np.argsort(-scores, kind="stable")
    return confidence_signals(rows[order], scores[order])


def small_libraries(collection: Collection) -> Iterator[Collection]:
    """Libraries of a few passages, with their own questions and as many of others."""
    by_hash = sorted(collection.passages, key=lambda one: _hash(one.id))
    questions = sorted(collection.queries, key=_hash)
    for size in SMALL:
        for number in range(min(_LIBRARIES, len(by_hash) // size)):
            some = tuple(by_hash[number * size : (number + 1) * size])
            ids = {one.id for one in some}
            own = [q for q in questions if ids & collection.qrels.get(q, {}).keys()][: 2 * size + 2]
            start = number * len(own) * 7 % max(1, len(questions) - len(own))
            other = [q for q in questions[start:] if q not in own][: len(own)]
            asked = {q: collection.queries[q] for q in (*own, *other)}
            qrels = {q: {p: n for p, n in collection.qrels[q].items() if p in ids} for q in own}
            yield Collection(f"{collection.name} {size}", some, asked, qrels)


def fit(pairs: Sequence[tuple[Floats, Floats]]) -> ConfidenceModel:
    """The model that tells the first of each pair from the second; every pair weighs the same."""
    rows = np.concatenate([part for pair in pairs for part in pair])
    answers = np.concatenate([np.full(len(part), n) for pair in pairs for n, part in
                              ((1.0, pair[0]), (0.0, pair[1]))])  # fmt: skip
    share = np.concatenate([np.full(len(part), 1 / len(part)) for pair in pairs for part in pair
                            if len(part)])  # fmt: skip
    share /= share.sum()
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    weights = np.zeros(standard.shape[1])
    penalty = np.append(np.full(len(weights) - 1, 2 * PENALTY), 0.0)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ (share * (chance - answers)) + penalty * weights
        curve = (standard * (share * chance * (1 - chance))[:, None]).T @ standard
        weights -= np.linalg.solve(curve + np.diag(penalty + 1e-9), slope)
    raw = weights[:-1] / spread
    return ConfidenceModel(raw, float(weights[-1] - mean @ raw))


def least(model: ConfidenceModel, answered: Sequence[Floats]) -> ConfidenceModel:
    """The model with the least that keeps enough of every collection's answerable questions."""

    def kept(share: float, across: bool) -> float:
        groups = (rows[(rows[:, TRANSLATED] >= 0.5) == across] for rows in answered)
        found = [
            float(np.quantile(chances(model, some), 1 - share))
            for some in groups
            if len(some) >= ENOUGH
        ]
        return round(min(found, default=0.0), 3)

    return replace(model, own=kept(KEPT_OWN, False), across=kept(KEPT_ACROSS, True))


def chances(model: ConfidenceModel, rows: Floats) -> Floats:
    """The probability of each row of signs."""
    found: Floats = 1 / (1 + np.exp(-(rows @ model.weights + model.intercept)))
    return found


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()

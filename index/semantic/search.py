"""Search by meaning beside search by words: how near the first candidates come to the question.

Only passages that hold a term of the question are looked at, so that meaning alone never makes a
hit, and only those in scope, so that nothing outside it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.engine.protocol import Candidate
from index.semantic.embedder import Embedder, Floats
from index.semantic.fusion import standard
from index.semantic.store import Embedding, Store

CANDIDATES = 200
"""How many passages, the best by their words, meaning may move; the others stay below them."""


@dataclass(frozen=True, slots=True)
class Near:
    """What a passage means beside a question: its cosine, None while it has no vector.

    `deviations`: how many standard deviations that is above the mean of the candidates; one that
    has no vector yet counts as an average one, 0.
    """

    cosine: float | None
    deviations: float


class Meaning:
    """How near passages come to a question in meaning. Safe to share between threads.

    `numbers` gives the numbers (`naming`) under which `vectors` keeps the passages of an engine's
    keys; `embedding` fills it, where that is anybody's task.
    """

    def __init__(
        self,
        vectors: Store,
        embedder: Embedder,
        numbers: Callable[[Sequence[int]], Sequence[int]],
        embedding: Embedding | None = None,
    ) -> None:
        self.vectors = vectors
        self.embedder = embedder
        self.embedding = embedding
        self._numbers = numbers

    def cosines(self, question: str, keys: Sequence[int]) -> Floats:
        """The cosine of each passage with the question; NaN for one that has no vector yet."""
        return self.vectors.scores(self.embedder.question(question), self._numbers(keys))

    def near(self, question: str, candidates: Sequence[Candidate]) -> Mapping[int, Near]:
        """By key, how near the first `CANDIDATES` come."""
        keys = [one.key for one in candidates[:CANDIDATES]]
        if not keys:
            return {}
        # rounded, so that what is equal is equal wherever it was added up
        cosines = self.cosines(question, keys).astype(np.float64).round(5)
        above = np.nan_to_num(standard(cosines)).tolist()
        return {
            key: Near(None if np.isnan(cosine) else float(cosine), deviations)
            for key, cosine, deviations in zip(keys, cosines, above, strict=True)
        }

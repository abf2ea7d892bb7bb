"""Search by meaning beside search by words: how near the first candidates come to the question.

Only passages that hold a term of the question are compared, so that meaning alone never makes a
hit, and only those in scope, so that nothing outside it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.engine.protocol import Candidate
from index.semantic.embedder import Embedder, Floats

Progress = Callable[[int, int], None]
"""Called with the passages done and those there were to do."""


class VectorStore(Protocol):
    """Vectors of passages by `passage_number`. Safe to share between threads."""

    def scores(self, question: Floats, numbers: npt.ArrayLike) -> Floats:
        """The cosine of each passage with the question; NaN for one that has no vector yet."""
        ...


class Embedding(Protocol):
    """The work of giving every live passage of a library its vector, once."""

    def pending(self) -> int:
        """The live passages that have no vector yet."""
        ...

    def catch_up(
        self,
        *,
        most: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
        progress: Progress | None = None,
    ) -> None:
        """Embed what has no vector yet, of that `most` passages, and save it, until `stopped()`.

        Raises OSError, EngineUnavailable: the vectors cannot be kept.
        """
        ...


def standard(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Values as standard deviations above their mean, NaN left out of both; 0 where all agree."""
    known = values[~np.isnan(values)]
    if not len(known) or not (spread := float(known.std())):
        return np.where(np.isnan(values), np.nan, 0.0)
    scores: npt.NDArray[np.float64] = (values - known.mean()) / spread
    return scores


CANDIDATES = 200
"""How many passages, the best by their words, meaning may move; the others stay below them."""


@dataclass(frozen=True, slots=True)
class SemanticScore:
    """What a passage means beside a question: its cosine, None while it has no vector.

    `deviations`: how many standard deviations that is above the mean of the candidates; one that
    has no vector yet counts as an average one, 0.
    """

    cosine: float | None
    deviations: float


class Meaning:
    """How near passages come to a question in meaning. Safe to share between threads.

    `numbers` turns an engine's keys into the passage numbers under which `vectors` keeps them.
    `embedding` fills `vectors`; None where this process does not.
    """

    def __init__(
        self,
        vectors: VectorStore,
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

    def near(self, question: str, candidates: Sequence[Candidate]) -> Mapping[int, SemanticScore]:
        """By key, how near the first `CANDIDATES` come."""
        keys = [one.key for one in candidates[:CANDIDATES]]
        if not keys:
            return {}
        # rounded, so that what is equal is equal wherever it was added up
        cosines = self.cosines(question, keys).astype(np.float64).round(5)
        above = np.nan_to_num(standard(cosines)).tolist()
        return {
            key: SemanticScore(None if np.isnan(cosine) else float(cosine), deviations)
            for key, cosine, deviations in zip(keys, cosines, above, strict=True)
        }
